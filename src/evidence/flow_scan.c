/*
 * The sink of the log scan that fills a table of flows. Each worker has its own gathering
 * of flows, its own counts and its own coverages, which are added up at the end; workers
 * meet in the table's shards only.
 */
#include "evidence/flow_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "evidence/table.h"

/* What was wrong with a record, in words. */
#define FAULT_TEXT 192
/* Longer texts are passed over where somebody watches. */
#define TEXT_MAX 128

struct layout {
    struct vw_flow_columns columns;
    const char *path;
    uint32_t file;
    enum vw_flow_traffic traffic; /* of the file's path */
};

struct worker {
    struct vw_flow_worker flows;
    struct vw_flow_coverages coverages;
    uint64_t no_data, skip_data;
    const struct vw_log_layout *of; /* what `layout` was found for */
    struct layout layout;
    struct file_records VW_ARRAY(uint64_t) records; /* by number of the file */
};

struct file_end {
    uint32_t file;
    bool is_cut;
    uint64_t damaged;
};

struct sink {
    const struct vw_flow_scan *scan;
    pthread_mutex_t lock; /* of layouts and files */
    struct vw_arena arena;
    struct layouts VW_ARRAY(struct layout *) layouts; /* by number */
    struct file_ends VW_ARRAY(struct file_end) ends;  /* of files with damage */
    bool failed;                                      /* memory was out for one */
    struct vw_flow_scanned *ret;
    struct worker *workers;
    unsigned worker_count;
};

bool vw_flow_in_window(int64_t since, int64_t until, int64_t first, int64_t last)
{
    if (first == VW_TIME_UNKNOWN)
        first = last;
    if (last == VW_TIME_UNKNOWN)
        last = first;
    return last == VW_TIME_UNKNOWN || (last >= since && first <= until);
}

/* ---- layouts ---- */

static int keep_file(struct vw_flow_scanned *ret, const struct vw_log_file *file)
{
    const struct vw_flow_file empty = {NULL, 0};
    size_t size = strlen(file->path) + 1;

    while (ret->files.count <= file->number)
        if (vw_array_push(&ret->files, empty))
            return VW_ERROR_NO_MEMORY;
    if (ret->files.items[file->number].path)
        return 0;
    ret->files.items[file->number].path = vw_calloc(size, 1);
    if (!ret->files.items[file->number].path)
        return VW_ERROR_NO_MEMORY;
    memcpy(ret->files.items[file->number].path, file->path, size);
    return 0;
}

static int keep_layout(struct sink *sink, const struct vw_log_layout *layout,
                       bool *wanted)
{
    struct layout *kept = vw_arena_alloc(&sink->arena, sizeof *kept);

    if (!kept)
        return VW_ERROR_NO_MEMORY;
    vw_flow_columns_find(layout, wanted, &kept->columns);
    kept->path = vw_arena_string(&sink->arena, layout->file->path);
    kept->file = layout->file->number;
    kept->traffic = vw_flow_path_traffic(layout->file->path);
    while (sink->layouts.count <= layout->number)
        if (vw_array_push(&sink->layouts, NULL))
            return VW_ERROR_NO_MEMORY;
    sink->layouts.items[layout->number] = kept;
    return keep_file(sink->ret, layout->file);
}

static int begin(void *context, const struct vw_log_layout *layout, bool *wanted)
{
    struct sink *sink = context;
    int error;

    if ((uint64_t)sink->scan->first_file + layout->file->number >= VW_FLOW_FILES_MAX)
        return VW_ERROR_LIMIT;
    pthread_mutex_lock(&sink->lock);
    error = keep_layout(sink, layout, wanted);
    pthread_mutex_unlock(&sink->lock);
    return error;
}

static void find_layout(struct sink *sink, struct worker *worker,
                        const struct vw_log_layout *layout)
{
    if (worker->of == layout)
        return;
    pthread_mutex_lock(&sink->lock);
    worker->layout = *sink->layouts.items[layout->number];
    pthread_mutex_unlock(&sink->lock);
    worker->of = layout;
}

/* ---- records ---- */

static int cover(struct sink *sink, struct worker *worker, struct vw_slice vantage,
                 uint64_t line, struct vw_flow_coverage **ret)
{
    uint32_t number;
    int error = vw_flow_names_text(&sink->scan->table->names, &worker->flows.recent,
                                   vantage, &number);

    if (error)
        return error;
    *ret = vw_flow_coverages_get(&worker->coverages, worker->layout.file, number, line);
    return *ret ? 0 : VW_ERROR_NO_MEMORY;
}

static int take_fault(struct sink *sink, struct worker *worker,
                      const struct vw_log_batch *batch, size_t i, struct vw_slice vantage,
                      const struct vw_flow_fault *fault)
{
    size_t quoted =
        fault->found.size < VW_FLOW_QUOTED_MAX ? fault->found.size : VW_FLOW_QUOTED_MAX;
    struct vw_flow_coverage *coverage;
    char text[FAULT_TEXT];
    int error;

    snprintf(text, sizeof text, "%s: expected %s, found \"%.*s\"", fault->field,
             fault->expected, (int)quoted, fault->found.data);
    vw_log_damage(batch, i, text);
    if (!sink->scan->wants_coverage)
        return 0;
    error = cover(sink, worker, vantage, batch->origins[i].line, &coverage);
    if (!error)
        coverage->sum.damaged++;
    return error;
}

static int count_coverage(struct sink *sink, struct worker *worker,
                          const struct vw_log_origin *origin,
                          const struct vw_flow_record *record, bool in_window)
{
    enum vw_flow_traffic traffic = vw_flow_stream_traffic(origin->stream);
    struct vw_flow_coverage *coverage;
    int error = cover(sink, worker, record->words.vantage, origin->line, &coverage);

    if (!error)
        vw_flow_coverage_count(coverage, record,
                               traffic == VW_FLOW_TRAFFIC_UNKNOWN ? worker->layout.traffic
                                                                  : traffic,
                               in_window);
    return error;
}

/* The text of `word` in `buffer`; NULL for none. */
static const char *text_of(struct vw_slice word, char buffer[TEXT_MAX])
{
    if (word.size == 0 || word.size >= TEXT_MAX)
        return NULL;
    memcpy(buffer, word.data, word.size);
    buffer[word.size] = '\0';
    return buffer;
}

/* To who watches, as a row of its own. */
static int show(const struct sink *sink, const struct worker *worker,
                const struct vw_log_origin *origin, const struct vw_flow_record *record)
{
    char vantage[TEXT_MAX], reason[TEXT_MAX], hop[TEXT_MAX];
    struct vw_observation row = record->row;

    row.file = worker->layout.path;
    row.line = origin->line;
    row.vantage = text_of(record->words.vantage, vantage);
    row.reject_reason = text_of(record->words.reject_reason, reason);
    row.next_hop = text_of(record->words.next_hop, hop);
    return vw_evidence_notice(sink->scan->watched, &row);
}

static int take_flow(struct sink *sink, struct worker *worker,
                     const struct vw_log_origin *origin,
                     const struct vw_flow_record *record)
{
    switch (record->status) {
    case VW_FLOW_STATUS_NODATA:
        worker->no_data++;
        return 0;
    case VW_FLOW_STATUS_SKIPDATA:
        worker->skip_data++;
        return 0;
    case VW_FLOW_STATUS_OK:
        break;
    }
    if (record->row.source.family == VW_FAMILY_NONE &&
        record->row.destination.family == VW_FAMILY_NONE)
        return 0;
    while (worker->records.count <= worker->layout.file)
        if (vw_array_push(&worker->records, 0))
            return VW_ERROR_NO_MEMORY;
    worker->records.items[worker->layout.file]++;
    if (sink->scan->watched) {
        int error = show(sink, worker, origin, record);
        if (error)
            return error;
    }
    return vw_flow_table_add(
        sink->scan->table, &worker->flows, &record->row, &record->words,
        VW_FLOW_WITNESS(sink->scan->first_file + worker->layout.file, origin->line));
}

static int take_record(struct sink *sink, struct worker *worker,
                       const struct vw_log_batch *batch, size_t i)
{
    const struct vw_log_origin *origin = &batch->origins[i];
    struct vw_flow_fault fault = {0};
    struct vw_flow_record record;
    bool in_window;
    int error = 0;

    if (!vw_flow_record_read(&worker->layout.columns,
                             batch->cells + i * batch->layout->count, &record, &fault))
        return take_fault(sink, worker, batch, i, record.words.vantage, &fault);
    if (record.row.first == VW_TIME_UNKNOWN)
        record.row.first = record.row.last = origin->time;
    in_window = vw_flow_in_window(sink->scan->since, sink->scan->until, record.row.first,
                                  record.row.last);
    if (sink->scan->wants_coverage)
        error = count_coverage(sink, worker, origin, &record, in_window);
    if (!error && in_window)
        error = take_flow(sink, worker, origin, &record);
    return error;
}

static int take(void *context, unsigned number, const struct vw_log_batch *batch)
{
    struct sink *sink = context;
    struct worker *worker = &sink->workers[number];
    size_t i;
    int error = 0;

    find_layout(sink, worker, batch->layout);
    for (i = 0; i < batch->count && !error; i++)
        error = take_record(sink, worker, batch, i);
    return error;
}

/* ---- the end ---- */

/* Damage that no interface could be told of is that of the file. */
static void end_file(void *context, const struct vw_log_file *file, uint64_t damaged,
                     bool is_cut)
{
    struct sink *sink = context;
    const struct file_end end = {file->number, is_cut, damaged};

    if (damaged == 0 && !is_cut)
        return;
    pthread_mutex_lock(&sink->lock);
    if (vw_array_push(&sink->ends, end) || keep_file(sink->ret, file))
        sink->failed = true;
    pthread_mutex_unlock(&sink->lock);
}

static int compare_coverages(const void *a, const void *b)
{
    const struct vw_flow_coverage *one = a, *other = b;

    if (one->file != other->file)
        return one->file < other->file ? -1 : 1;
    if (one->vantage != other->vantage)
        return one->vantage < other->vantage ? -1 : 1;
    return one->line < other->line ? -1 : one->line > other->line;
}

/* By file, and within it where each begins. */
static int compare_places(const void *a, const void *b)
{
    const struct vw_flow_coverage *one = a, *other = b;

    if (one->file != other->file)
        return one->file < other->file ? -1 : 1;
    return one->line < other->line ? -1 : one->line > other->line;
}

static void add_coverage(struct vw_flow_coverage *have, const struct vw_flow_coverage *it)
{
    have->traffics |= it->traffics;
    vw_coverage_widen(&have->sum, it->sum.first, it->sum.last);
    have->sum.records += it->sum.records;
    have->sum.no_data += it->sum.no_data;
    have->sum.skip_data += it->sum.skip_data;
    have->sum.damaged += it->sum.damaged;
    if (it->sum.interval > have->sum.interval)
        have->sum.interval = it->sum.interval;
}

static int add_coverages(struct vw_flow_scanned *ret,
                         const struct vw_flow_coverages *coverages)
{
    size_t i;

    for (i = 0; i < coverages->items.count; i++)
        if (vw_array_push(&ret->coverages, coverages->items.items[i]))
            return VW_ERROR_NO_MEMORY;
    return 0;
}

static void unite_coverages(struct vw_flow_scanned *ret)
{
    struct vw_flow_coverage *items = ret->coverages.items;
    size_t kept = 0, i;

    if (ret->coverages.count == 0)
        return;
    qsort(items, ret->coverages.count, sizeof *items, compare_coverages);
    for (i = 1; i < ret->coverages.count; i++) {
        if (items[kept].file == items[i].file && items[kept].vantage == items[i].vantage)
            add_coverage(&items[kept], &items[i]);
        else
            items[++kept] = items[i];
    }
    ret->coverages.count = kept + 1;
    qsort(items, ret->coverages.count, sizeof *items, compare_places);
}

/* The damage of a file of which no interface knows, and the end of all of them. */
static int end_coverages(struct vw_flow_scanned *ret, const struct file_end *end)
{
    struct vw_flow_coverage whole = {
        .file = end->file,
        .line = UINT64_MAX,
        .sum = {.first = VW_TIME_UNKNOWN, .last = VW_TIME_UNKNOWN}};
    bool any = false;
    size_t i;

    whole.sum.damaged = end->damaged;
    for (i = 0; i < ret->coverages.count; i++) {
        struct vw_flow_coverage *item = &ret->coverages.items[i];

        if (item->file != end->file)
            continue;
        any = true;
        item->sum.cut |= end->is_cut;
        whole.sum.damaged -= item->sum.damaged;
    }
    whole.sum.cut = end->is_cut;
    if (any && whole.sum.damaged == 0)
        return 0;
    return vw_array_push(&ret->coverages, whole) ? VW_ERROR_NO_MEMORY : 0;
}

static int finish(struct sink *sink)
{
    struct vw_flow_scanned *ret = sink->ret;
    unsigned i;
    size_t j;
    int error;

    for (i = 0; i < sink->worker_count; i++) {
        struct worker *worker = &sink->workers[i];

        error = vw_flow_table_flush(sink->scan->table, &worker->flows);
        if (!error)
            error = add_coverages(ret, &worker->coverages);
        if (error)
            return error;
        ret->no_data += worker->no_data;
        ret->skip_data += worker->skip_data;
        for (j = 0; j < worker->records.count; j++)
            ret->files.items[j].records += worker->records.items[j];
    }
    unite_coverages(ret);
    for (j = 0; sink->scan->wants_coverage && j < sink->ends.count; j++)
        if (end_coverages(ret, &sink->ends.items[j]))
            return VW_ERROR_NO_MEMORY;
    unite_coverages(ret);
    return sink->failed ? VW_ERROR_NO_MEMORY : 0;
}

static void sink_free(struct sink *sink)
{
    unsigned i;

    for (i = 0; i < sink->worker_count; i++) {
        vw_flow_coverages_free(&sink->workers[i].coverages);
        vw_array_free(&sink->workers[i].records);
    }
    vw_free(sink->workers);
    vw_array_free(&sink->layouts);
    vw_array_free(&sink->ends);
    vw_arena_free(&sink->arena);
    pthread_mutex_destroy(&sink->lock);
}

static int compare_layouts(const void *a, const void *b)
{
    const struct layout *const *one = a, *const *other = b;
    uint32_t file = *one ? (*one)->file : 0, other_file = *other ? (*other)->file : 0;

    return file < other_file ? -1 : file > other_file;
}

/* In the order of the files, whoever came to which first. */
static void report_layouts(struct sink *sink)
{
    struct vw_diagnostics *diagnostics = sink->scan->diagnostics;
    size_t i;

    if (sink->layouts.count > 0)
        qsort(sink->layouts.items, sink->layouts.count, sizeof *sink->layouts.items,
              compare_layouts);
    for (i = 0; i < sink->layouts.count; i++) {
        const struct layout *layout = sink->layouts.items[i];

        if (layout && !vw_flow_columns_any(&layout->columns))
            vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "no-flows",
                        (struct vw_place){.file = layout->path},
                        "has no column srcaddr or dstaddr: there are no flows in it");
    }
}

static int scan_files(const struct vw_flow_scan *scan, struct sink *sink)
{
    const struct vw_log_sink calls = {sink, begin, take};
    struct vw_log_options options = scan->options;
    unsigned count = vw_log_workers(&scan->options);
    int error, finish_error;

    sink->workers = vw_calloc(count, sizeof *sink->workers);
    if (!sink->workers)
        return VW_ERROR_NO_MEMORY;
    sink->worker_count = count;
    options.file_read = end_file;
    options.file_context = sink;
    error = vw_log_scan(&options, &calls, scan->diagnostics, &sink->ret->totals);
    finish_error = finish(sink);
    report_layouts(sink);
    if (!error)
        error = finish_error;
    if (error == VW_ERROR_LIMIT)
        vw_diagnose(scan->diagnostics, VW_SEVERITY_ERROR, "limit", (struct vw_place){0},
                    "reading ends here: %zu different flows fill three quarters of this "
                    "machine's memory; narrow it with a time window, or add up where "
                    "the logs live (vpcwhy flows --sql)",
                    vw_flow_table_count(scan->table));
    return error;
}

int vw_flow_scan_run(const struct vw_flow_scan *scan, struct vw_flow_scanned *ret)
{
    struct sink sink = {.scan = scan, .ret = ret};
    int error;

    pthread_mutex_init(&sink.lock, NULL);
    error = scan_files(scan, &sink);
    sink_free(&sink);
    return error;
}

void vw_flow_scanned_free(struct vw_flow_scanned *scanned)
{
    size_t i;

    for (i = 0; i < scanned->files.count; i++)
        vw_free(scanned->files.items[i].path);
    vw_array_free(&scanned->files);
    vw_array_free(&scanned->coverages);
    *scanned = (struct vw_flow_scanned){0};
}
