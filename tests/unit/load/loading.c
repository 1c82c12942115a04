/* See loading.h. */
#include "load/loading.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void loading_open(struct loading *loading)
{
    memset(loading, 0, sizeof *loading);
    temporary_open(&loading->temporary);
    loading->diagnostics = vw_diagnostics_create();
    assert_non_null(loading->diagnostics);
}

void loading_close(struct loading *loading)
{
    vw_world_free(loading->world);
    vw_diagnostics_free(loading->diagnostics);
    temporary_close(&loading->temporary);
}

void loading_file(struct loading *loading, const char *name, const char *text)
{
    char *copy = vw_arena_string(&loading->temporary.arena, text), *at;

    assert_non_null(copy);
    for (at = copy; *at; at++)
        if (*at == '\'')
            *at = '"';
    temporary_text(&loading->temporary, name, copy);
}

void loading_load(struct loading *loading)
{
    const char *path = loading->temporary.folder;

    loading->error = vw_world_load(&path, 1, loading->diagnostics, &loading->world);
}

void loading_text(struct loading *loading, const char *text)
{
    loading_open(loading);
    loading_file(loading, "export.json", text);
    loading_load(loading);
}

static void print_all(const struct loading *loading)
{
    size_t i;

    for (i = 0; i < vw_diagnostics_count(loading->diagnostics); i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(loading->diagnostics, i);
        print_message("# %s %s: %s\n", entry->code, entry->pointer ? entry->pointer : "",
                      entry->message);
    }
}

void loading_says(const struct loading *loading, const char *code, const char *pointer,
                  const char *part)
{
    size_t i;

    for (i = 0; i < vw_diagnostics_count(loading->diagnostics); i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(loading->diagnostics, i);

        if (strcmp(entry->code, code) == 0 && strstr(entry->message, part) &&
            (!pointer || (entry->pointer && strcmp(entry->pointer, pointer) == 0)))
            return;
    }
    print_all(loading);
    fail_msg("nothing says %s %s \"%s\"", code, pointer ? pointer : "", part);
}

void loading_is_quiet(const struct loading *loading)
{
    size_t i;

    for (i = 0; i < vw_diagnostics_count(loading->diagnostics); i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(loading->diagnostics, i);

        if (entry->severity != VW_SEVERITY_NOTE &&
            strcmp(entry->code, "missing-export") != 0) {
            print_all(loading);
            fail_msg("%s was said", entry->code);
        }
    }
}

size_t loading_count(const struct loading *loading, const char *code)
{
    size_t count = 0, i;

    for (i = 0; i < vw_diagnostics_count(loading->diagnostics); i++)
        count += strcmp(vw_diagnostics_get(loading->diagnostics, i)->code, code) == 0;
    return count;
}

uint32_t loading_find(const struct loading *loading, enum vw_object_kind kind,
                      const char *id)
{
    uint32_t index;

    assert_non_null(loading->world);
    assert_true(vw_world_find(loading->world, kind, id, &index));
    return index;
}
