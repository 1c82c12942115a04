/* A list of diagnostics, at most VW_DIAGNOSTICS_MAX of each code. */
#include "base/diagnostic.h"

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "base/memory.h"

#include <stdarg.h>

struct entries VW_ARRAY(struct vw_diagnostic);

struct vw_diagnostics {
    struct vw_arena arena;
    struct entries entries;
    struct vw_map counts; /* code to the number met, kept or not */
    size_t left_out;
    bool has_error;
};

struct vw_diagnostics *vw_diagnostics_create(void)
{
    return vw_calloc(1, sizeof(struct vw_diagnostics));
}

void vw_diagnostics_free(struct vw_diagnostics *diagnostics)
{
    if (!diagnostics)
        return;
    vw_arena_free(&diagnostics->arena);
    vw_array_free(&diagnostics->entries);
    vw_map_free(&diagnostics->counts);
    vw_free(diagnostics);
}

size_t vw_diagnostics_count(const struct vw_diagnostics *diagnostics)
{
    return diagnostics->entries.count;
}

size_t vw_diagnostics_left_out(const struct vw_diagnostics *diagnostics)
{
    return diagnostics->left_out;
}

const struct vw_diagnostic *vw_diagnostics_get(const struct vw_diagnostics *diagnostics,
                                               size_t index)
{
    return &diagnostics->entries.items[index];
}

bool vw_diagnostics_has_error(const struct vw_diagnostics *diagnostics)
{
    return diagnostics->has_error;
}

/* Whether one more of `code` may be kept. */
static bool count_code(struct vw_diagnostics *diagnostics, const char *code)
{
    uint32_t count = 0;

    vw_map_get(&diagnostics->counts, code, &count);
    if (count >= VW_DIAGNOSTICS_MAX)
        return false;
    return vw_map_put(&diagnostics->counts, code, count + 1) == 0;
}

static const char *copy_or_null(struct vw_arena *arena, const char *text)
{
    return text ? vw_arena_string(arena, text) : NULL;
}

void vw_diagnose(struct vw_diagnostics *diagnostics, enum vw_severity severity,
                 const char *code, struct vw_place place, const char *format, ...)
{
    struct vw_diagnostic entry = {severity,   code,         NULL, NULL,
                                  place.line, place.column, NULL};
    va_list arguments;

    if (!diagnostics)
        return;
    if (severity == VW_SEVERITY_ERROR)
        diagnostics->has_error = true;
    if (!count_code(diagnostics, code)) {
        diagnostics->left_out++;
        return;
    }
    entry.file = copy_or_null(&diagnostics->arena, place.file);
    entry.pointer = copy_or_null(&diagnostics->arena, place.pointer);
    va_start(arguments, format);
    entry.message = vw_arena_vprintf(&diagnostics->arena, format, arguments);
    va_end(arguments);
    if (!entry.message || (place.file && !entry.file) ||
        (place.pointer && !entry.pointer) || vw_array_push(&diagnostics->entries, entry))
        diagnostics->left_out++;
}

void vw_diagnostics_append(struct vw_diagnostics *diagnostics,
                           const struct vw_diagnostics *other)
{
    size_t i;

    if (!diagnostics || !other)
        return;
    for (i = 0; i < other->entries.count; i++) {
        const struct vw_diagnostic *entry = &other->entries.items[i];

        vw_diagnose(diagnostics, entry->severity, entry->code,
                    (struct vw_place){.file = entry->file,
                                      .pointer = entry->pointer,
                                      .line = entry->line,
                                      .column = entry->column},
                    "%s", entry->message);
    }
    diagnostics->left_out += other->left_out;
    diagnostics->has_error |= other->has_error;
}
