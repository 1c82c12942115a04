/* A sink that keeps everything; see scanned.h. */
#include "logs/scanned.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

struct line {
    uint32_t file;
    uint64_t number;
    const char *text;
};

struct keeper {
    struct arenas {
        struct vw_arena arena;
        struct lines VW_ARRAY(struct line) lines;
    } of[VW_POOL_THREADS_MAX + 1];
    uint32_t layouts;
};

static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;

    return slash ? slash + 1 : path ? path : "";
}

static int begin(void *context, const struct vw_log_layout *layout, bool *wanted)
{
    struct keeper *keeper = context;
    size_t i;

    assert_int_equal(layout->number, keeper->layouts++);
    assert_in_range(layout->count, 1, VW_FLOW_COLUMNS_MAX);
    for (i = 0; i < layout->count; i++) {
        assert_false(wanted[i]);
        wanted[i] = true;
    }
    return 0;
}

/* VW_TIME_NONE is told as nothing. */
static const char *time_text(struct vw_arena *arena, int64_t time)
{
    return time == VW_TIME_NONE
               ? ""
               : vw_arena_printf(arena, "%lld", (long long)time / 1000000);
}

static int take(void *context, unsigned worker, const struct vw_log_batch *batch)
{
    struct keeper *keeper = context;
    struct vw_arena *arena = &keeper->of[worker].arena;
    const struct vw_log_layout *layout = batch->layout;
    size_t i, column;

    for (i = 0; i < batch->count; i++) {
        const struct vw_log_origin *origin = &batch->origins[i];
        const char *text = vw_arena_printf(
            arena, "%s:%llu|%s|%.*s|%.*s|", base_name(layout->file->path),
            (unsigned long long)origin->line, time_text(arena, origin->time),
            (int)origin->stream.size, origin->stream.data ? origin->stream.data : "",
            (int)origin->group.size, origin->group.data ? origin->group.data : "");

        for (column = 0; column < layout->count; column++) {
            struct vw_slice cell = batch->cells[i * layout->count + column];

            if (cell.data)
                text = vw_arena_printf(arena, "%s%s%s=%.*s", text, column ? " " : "",
                                       layout->names[column], (int)cell.size, cell.data);
        }
        assert_int_equal(
            vw_array_push(&keeper->of[worker].lines,
                          ((struct line){layout->file->number, origin->line, text})),
            0);
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    const struct line *x = a;
    const struct line *y = b;

    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static const char *join(struct vw_arena *arena, const struct lines *lines)
{
    size_t size = 0, at = 0, i;
    char *text;

    for (i = 0; i < lines->count; i++)
        size += strlen(lines->items[i].text) + 1;
    text = vw_arena_text(arena, size);
    for (i = 0; i < lines->count; i++) {
        size_t length = strlen(lines->items[i].text);

        memcpy(text + at, lines->items[i].text, length);
        text[at + length] = '\n';
        at += length + 1;
    }
    return text;
}

/* All workers' lines in one order. */
static void keep_records(struct scanned *scanned, struct keeper *keeper)
{
    struct lines all = {0};
    size_t i, j;

    for (i = 0; i <= VW_POOL_THREADS_MAX; i++)
        for (j = 0; j < keeper->of[i].lines.count; j++)
            assert_int_equal(vw_array_push(&all, keeper->of[i].lines.items[j]), 0);
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, compare);
    scanned->records = join(&scanned->arena, &all);
    vw_array_free(&all);
}

static void keep_said(struct scanned *scanned, const struct vw_diagnostics *diagnostics)
{
    struct lines all = {0};
    size_t i;

    for (i = 0; i < vw_diagnostics_count(diagnostics); i++) {
        const struct vw_diagnostic *entry = vw_diagnostics_get(diagnostics, i);
        const char *text =
            vw_arena_printf(&scanned->arena, "%s:%llu %s: %s", base_name(entry->file),
                            (unsigned long long)entry->line, entry->code, entry->message);

        assert_int_equal(vw_array_push(&all, ((struct line){0, i, text})), 0);
    }
    scanned->said = join(&scanned->arena, &all);
    vw_array_free(&all);
}

void scan_paths(struct scanned *scanned, const char *const *paths, size_t count)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct keeper *keeper = calloc(1, sizeof *keeper);
    struct vw_log_sink sink = {keeper, begin, take};
    size_t i;

    assert_non_null(keeper);
    vw_arena_reset(&scanned->arena);
    scanned->options.paths = paths;
    scanned->options.path_count = count;
    memset(&scanned->totals, 0, sizeof scanned->totals);
    scanned->error = vw_log_scan(&scanned->options, &sink, diagnostics, &scanned->totals);
    keep_records(scanned, keeper);
    keep_said(scanned, diagnostics);
    for (i = 0; i <= VW_POOL_THREADS_MAX; i++) {
        vw_arena_free(&keeper->of[i].arena);
        vw_array_free(&keeper->of[i].lines);
    }
    free(keeper);
    vw_diagnostics_free(diagnostics);
}

void scan_bytes(struct scanned *scanned, const char *name, const void *bytes, size_t size)
{
    const char *path = temporary_bytes(&scanned->temporary, name, bytes, size);

    scan_paths(scanned, &path, 1);
}

void scan_text(struct scanned *scanned, const char *name, const char *text)
{
    scan_bytes(scanned, name, text, strlen(text));
}

int scanned_setup(void **state)
{
    struct scanned *scanned = calloc(1, sizeof *scanned);

    assert_non_null(scanned);
    temporary_open(&scanned->temporary);
    *state = scanned;
    return 0;
}

int scanned_teardown(void **state)
{
    struct scanned *scanned = *state;

    temporary_close(&scanned->temporary);
    vw_arena_free(&scanned->arena);
    free(scanned);
    return 0;
}
