/* The files of a scan, in their order, and what was said of them. */
#include "logs/scan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "base/memory.h"
#include "logs/reader.h"

unsigned vw_log_workers(const struct vw_log_options *options)
{
    unsigned most = VW_POOL_THREADS_MAX + 1;

    if (options->workers == 0)
        return vw_pool_threads() + 1;
    return options->workers < most ? options->workers : most;
}

void vw_log_progress(struct vw_log_scan *scan, uint64_t bytes)
{
    scan->bytes_done += bytes;
    if (scan->bytes_done > scan->bytes_total)
        scan->bytes_done = scan->bytes_total;
    if (scan->options->progress)
        scan->options->progress(scan->options->progress_context, scan->bytes_done,
                                scan->bytes_total);
}

/* ---- the files ---- */

static int compare(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;

    return strcmp(*x, *y);
}

/* "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz": names
 * that AWS gives once. Its length without what was put behind the hash, or 0. */
static size_t object_name_size(const char *name)
{
    const char *at = strstr(name, "_vpcflowlogs_"), *end;

    if (!at || !strstr(at, "_fl-"))
        return 0;
    end = strchr(at, '.');
    at = end ? strstr(at, "Z_") : NULL;
    return at && at + 2 < end ? (size_t)(end - name) : 0;
}

/* Whether the object of that path was met before: *ret_other is its path then. */
static int is_repeated(struct vw_log_scan *scan, struct vw_map *names, const char *path,
                       uint32_t number, uint32_t *ret_other, bool *ret)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t size = object_name_size(name);
    const char *key;

    *ret = false;
    if (size == 0)
        return 0;
    key = vw_arena_copy(&scan->path_arena, name, size);
    if (!key)
        return VW_ERROR_NO_MEMORY;
    *ret = vw_map_get(names, key, ret_other);
    return *ret ? 0 : vw_map_put(names, key, number);
}

static int drop_repeated(struct vw_log_scan *scan, const struct vw_paths *paths,
                         struct vw_diagnostics *diagnostics)
{
    struct vw_map names = {0};
    int error = 0;
    size_t i;

    for (i = 0; !error && i < paths->count; i++) {
        const char *path = paths->items[i];
        uint32_t other = 0;
        bool repeated;

        if (i > 0 && strcmp(path, paths->items[i - 1]) == 0)
            continue;
        error = is_repeated(scan, &names, path, scan->file_count, &other, &repeated);
        if (!error && repeated)
            vw_diagnose(diagnostics, VW_SEVERITY_NOTE, "repeated-file",
                        (struct vw_place){.file = path},
                        "is the object of S3 that was read as %s: counts once",
                        scan->files[other].path);
        else if (!error)
            scan->files[scan->file_count] = (struct vw_log_file){path, scan->file_count};
        scan->file_count += !error && !repeated;
    }
    vw_map_free(&names);
    return error;
}

static int find_files(struct vw_log_scan *scan, struct vw_diagnostics *diagnostics)
{
    struct vw_paths paths = {0};
    int error = 0;
    size_t i;

    for (i = 0; !error && i < scan->options->path_count; i++) {
        size_t before = paths.count;

        error = vw_tree_files(scan->options->paths[i], &scan->path_arena, diagnostics,
                              &paths);
        if (!error && paths.count == before)
            vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "no-records",
                        (struct vw_place){.file = scan->options->paths[i]},
                        "holds no file");
        if (error == VW_ERROR_INPUT)
            error = 0;
    }
    if (!error && paths.count > 0) {
        qsort(paths.items, paths.count, sizeof *paths.items, compare);
        scan->files = vw_calloc(paths.count, sizeof *scan->files);
        scan->said = vw_calloc(paths.count, sizeof *scan->said);
        error = scan->files && scan->said ? 0 : VW_ERROR_NO_MEMORY;
    }
    if (!error)
        error = drop_repeated(scan, &paths, diagnostics);
    vw_array_free(&paths);
    return error;
}

/* Bytes of a regular file; UINT64_MAX of anything else. */
static uint64_t size_of(const char *path)
{
    struct stat status;

    if (strcmp(path, "-") == 0 || stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return UINT64_MAX;
    return (uint64_t)status.st_size;
}

static void sum_sizes(struct vw_log_scan *scan)
{
    uint32_t i;

    for (i = 0; scan->options->progress && i < scan->file_count; i++) {
        uint64_t size = size_of(scan->files[i].path);

        scan->bytes_total += size != UINT64_MAX ? size : 0;
    }
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t *x = a;
    const uint32_t *y = b;

    return *x < *y ? -1 : *x > *y;
}

/* Files with events that may be copies of others', in their order. */
static int read_put_off(struct vw_log_scan *scan, struct vw_log_pieces *pieces)
{
    int error = 0;
    size_t i;

    if (scan->put_off.count > 0)
        qsort(scan->put_off.items, scan->put_off.count, sizeof *scan->put_off.items,
              compare_numbers);
    for (i = 0; !error && i < scan->put_off.count && !vw_log_failed(scan); i++)
        error = vw_log_pieces_cut_file(pieces, scan->put_off.items[i], false);
    return error;
}

static int read_files(struct vw_log_scan *scan, struct vw_log_pieces *pieces)
{
    int error = 0;
    uint32_t i;

    sum_sizes(scan);
    for (i = 0; !error && i < scan->file_count && !vw_log_failed(scan); i++) {
        uint64_t size = size_of(scan->files[i].path);

        if (size <= VW_LOG_SMALL_FILE) {
            error = vw_log_pieces_add_file(pieces, i);
            vw_log_progress(scan, size);
        } else {
            error = vw_log_pieces_cut_file(pieces, i, size != UINT64_MAX);
        }
    }
    vw_pool_wait(scan->pool);
    if (!error)
        error = read_put_off(scan, pieces);
    vw_pool_wait(scan->pool);
    return error ? error : scan->error;
}

/* ---- the scan ---- */

static int check_format(const char *format, struct vw_diagnostics *diagnostics)
{
    struct vw_slice text, name;
    size_t known = 0, count = 0;

    if (!format)
        return 0;
    text = vw_slice_of(format);
    for (; vw_flow_format_next(&text, &name); count++)
        known += vw_flow_field_find(name) != VW_FLOW_FIELD_COUNT;
    if (known > 0 && count <= VW_FLOW_COLUMNS_MAX)
        return 0;
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "flow-log-format", (struct vw_place){0},
                "expected names of flow log fields such as ${srcaddr}, %s",
                known == 0 ? "found none" : "found more than 256");
    return VW_ERROR_INPUT;
}

static int start(struct vw_log_scan *scan)
{
    int error = 0;
    unsigned i;

    pthread_mutex_init(&scan->lock, NULL);
    pthread_mutex_init(&scan->layout_lock, NULL);
    pthread_cond_init(&scan->turn_passed, NULL);
    scan->worker_count = vw_log_workers(scan->options);
    scan->pool = vw_pool_create(scan->worker_count - 1);
    scan->workers = vw_calloc(scan->worker_count, sizeof *scan->workers);
    if (!scan->pool || !scan->workers)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; !error && i < scan->worker_count; i++)
        error = vw_log_worker_start(&scan->workers[i], scan, i);
    return error;
}

static void finish(struct vw_log_scan *scan, struct vw_diagnostics *diagnostics)
{
    unsigned i;

    for (i = 0; i < scan->file_count; i++) {
        vw_diagnostics_append(diagnostics, scan->said[i]);
        vw_diagnostics_free(scan->said[i]);
    }
    vw_pool_free(scan->pool);
    for (i = 0; scan->workers && i < scan->worker_count; i++)
        vw_log_worker_free(&scan->workers[i]);
    vw_free(scan->workers);
    vw_free(scan->said);
    vw_free(scan->files);
    vw_array_free(&scan->put_off);
    vw_log_ids_free(&scan->ids);
    vw_arena_free(&scan->arena);
    vw_arena_free(&scan->path_arena);
    pthread_cond_destroy(&scan->turn_passed);
    pthread_mutex_destroy(&scan->layout_lock);
    pthread_mutex_destroy(&scan->lock);
}

int vw_log_scan(const struct vw_log_options *options, const struct vw_log_sink *sink,
                struct vw_diagnostics *diagnostics, struct vw_log_totals *ret_totals)
{
    struct vw_log_scan scan = {.options = options, .sink = sink};
    struct vw_log_pieces *pieces = NULL;
    int error = check_format(options->format, diagnostics);

    if (error)
        return error;
    error = start(&scan);
    if (!error)
        error = vw_log_pieces_create(&scan, &pieces);
    if (!error)
        error = find_files(&scan, diagnostics);
    if (!error)
        error = read_files(&scan, pieces);
    if (!error && !scan.read_some)
        error = VW_ERROR_INPUT;
    *ret_totals = scan.totals;
    finish(&scan, diagnostics);
    vw_log_pieces_free(pieces);
    return error;
}
