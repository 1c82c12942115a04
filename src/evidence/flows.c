/* The table of flows as programs use it; see vpcwhy/flows.h. */
#include <vpcwhy/flows.h>

#include <string.h>

#include <vpcwhy/error.h>

#include "base/heap.h"
#include "base/merge_sort.h"
#include "base/memory.h"
#include "evidence/flow_direction.h"
#include "evidence/flow_pack.h"
#include "evidence/flow_partial.h"
#include "evidence/flow_scan.h"

/* What flows are first sorted by stands beside the reference. */
struct sorted {
    int64_t bytes;
    uint32_t ref;
};

struct vw_flows {
    struct vw_flows_options options;
    struct vw_flow_table table;
    struct vw_flow_inputs inputs;
    uint64_t no_data, skip_data, damaged;
    bool has_window;      /* of partial tables: since and until are theirs */
    struct sorted *order; /* the first `count` of them from the end backwards */
    size_t total, count;
};

struct vw_flows *vw_flows_create(const struct vw_flows_options *options)
{
    struct vw_flows *flows = vw_calloc(1, sizeof *flows);

    if (!flows)
        return NULL;
    flows->options = *options;
    if (flows->options.until == VW_TIME_UNKNOWN)
        flows->options.until = INT64_MAX;
    vw_flow_table_init(&flows->table, 0);
    return flows;
}

void vw_flows_free(struct vw_flows *flows)
{
    if (!flows)
        return;
    vw_flow_table_free(&flows->table);
    vw_flow_inputs_free(&flows->inputs);
    vw_free(flows->order);
    vw_free(flows);
}

/* ---- reading ---- */

/* A file without flows changes nothing, and many are alike. */
static int remember(struct vw_flows *flows, const struct vw_flow_scanned *scanned,
                    struct vw_diagnostics *diagnostics)
{
    char digest[VW_SHA256_TEXT];
    size_t i;
    int error;

    for (i = 0; i < scanned->files.count; i++) {
        const struct vw_flow_file *file = &scanned->files.items[i];

        if (!file->path || file->records == 0)
            continue;
        vw_sha256_file(file->path, digest);
        error = vw_flow_inputs_add(&flows->inputs, file->path, digest, NULL, diagnostics);
        if (error)
            return error;
    }
    return 0;
}

int vw_flows_read(struct vw_flows *flows, const char *const *paths, size_t path_count,
                  const char *format, struct vw_diagnostics *diagnostics)
{
    struct vw_flow_formats formats = {flows->options.format_of,
                                      flows->options.format_data};
    struct vw_flow_scanned scanned = {0};
    const struct vw_flow_scan scan = {
        .options = {.paths = paths,
                    .path_count = path_count,
                    .format = format,
                    .format_of = vw_flow_format_of,
                    .format_context = &formats,
                    .workers = flows->options.workers,
                    .progress = flows->options.progress,
                    .progress_context = flows->options.progress_context},
        .since = flows->options.since,
        .until = flows->options.until,
        .table = &flows->table,
        .diagnostics = diagnostics,
    };
    int error = vw_flow_scan_run(&scan, &scanned);

    flows->no_data += scanned.no_data;
    flows->skip_data += scanned.skip_data;
    flows->damaged += scanned.totals.damaged;
    if (!error && flows->options.remembers)
        error = remember(flows, &scanned, diagnostics);
    vw_flow_scanned_free(&scanned);
    return error;
}

static void take_window(struct vw_flows *flows, const struct vw_flow_partial *partial,
                        const char *path, struct vw_diagnostics *diagnostics)
{
    if (flows->has_window && (partial->since != flows->options.since ||
                              partial->until != flows->options.until))
        vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "partial-window",
                    (struct vw_place){.file = path},
                    "was made with another --since or --until than the tables before it");
    if (!flows->has_window) {
        flows->options.since = partial->since;
        flows->options.until = partial->until;
        flows->has_window = true;
    }
}

int vw_flows_merge(struct vw_flows *flows, const char *path,
                   struct vw_diagnostics *diagnostics)
{
    struct vw_flow_partial partial;
    int error =
        vw_flow_partial_read(&flows->table, &flows->inputs, path, diagnostics, &partial);

    if (error)
        return error;
    flows->no_data += partial.no_data;
    flows->skip_data += partial.skip_data;
    flows->damaged += partial.damaged;
    take_window(flows, &partial, path, diagnostics);
    return 0;
}

int vw_flows_write_partial(const struct vw_flows *flows, FILE *out)
{
    const struct vw_flow_partial partial = {
        .since = flows->options.since,
        .until = flows->options.until,
        .no_data = flows->no_data,
        .skip_data = flows->skip_data,
        .damaged = flows->damaged,
    };

    return vw_flow_partial_write(&flows->table, &flows->inputs, &partial, out);
}

/* ---- order ---- */

static int compare_numbers(int64_t a, int64_t b)
{
    return a > b ? -1 : a < b;
}

static int compare_texts(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "");
}

/* By what a row is of; no two rows of a table are equal here. */
static int compare_keys(const struct vw_flow_table *table, const struct vw_flow_row *a,
                        const struct vw_flow_row *b)
{
    const struct vw_flow_names *names = &table->names;
    int order = compare_texts(vw_flow_names_text_of(names, a->key.vantage),
                              vw_flow_names_text_of(names, b->key.vantage));
    unsigned i;

    if (order == 0)
        order = (int)a->direction - (int)b->direction;
    for (i = 0; i < 4 && order == 0; i++)
        order = vw_address_compare(vw_flow_address(names, &a->key, i),
                                   vw_flow_address(names, &b->key, i));
    if (order == 0)
        order = (int)a->key.protocol - (int)b->key.protocol;
    if (order == 0)
        order = (int)a->key.source_port - (int)b->key.source_port;
    if (order == 0)
        order = (int)a->key.destination_port - (int)b->key.destination_port;
    if (order == 0)
        order = (int)a->key.action - (int)b->key.action;
    return order == 0 ? (int)a->key.told - (int)b->key.told : order;
}

/* The busiest first. */
static int compare(const void *context, const void *a, const void *b)
{
    const struct vw_flow_table *table = context;
    const struct sorted *one = a, *other = b;
    const struct vw_flow_row *row, *other_row;
    int order = compare_numbers(one->bytes, other->bytes);

    if (order)
        return order;
    row = vw_flow_table_row(table, one->ref);
    other_row = vw_flow_table_row(table, other->ref);
    order = compare_numbers(row->packets, other_row->packets);
    if (order == 0 && row->records != other_row->records)
        order = row->records > other_row->records ? -1 : 1;
    return order ? order : compare_keys(table, row, other_row);
}

static int compare_last(const void *context, const void *a, const void *b)
{
    return compare(context, b, a);
}

static int decide_directions(struct vw_flows *flows, size_t count)
{
    uint32_t *refs = vw_calloc(count, sizeof *refs);
    int error = VW_ERROR_NO_MEMORY;

    if (refs) {
        vw_flow_table_refs(&flows->table, refs);
        error = vw_flow_directions_decide(&flows->table, refs, count);
    }
    vw_free(refs);
    return error;
}

static void fill_order(struct vw_flows *flows)
{
    uint32_t shard, i;
    size_t place = 0;

    for (shard = 0; shard < VW_FLOW_SHARDS; shard++) {
        for (i = 0; i < flows->table.shards[shard].count; i++) {
            uint32_t ref = VW_FLOW_REF(shard, i);

            flows->order[place++] =
                (struct sorted){vw_flow_table_row(&flows->table, ref)->bytes, ref};
        }
    }
}

/* The first ones stand at the end, the very first last. */
static int put_in_order(struct vw_flows *flows)
{
    if (flows->count == flows->total)
        return vw_merge_sort(flows->order, flows->total, sizeof *flows->order,
                             compare_last, &flows->table);
    vw_heap_select(flows->order, flows->total, sizeof *flows->order, flows->count,
                   compare, &flows->table);
    return 0;
}

int vw_flows_finish(struct vw_flows *flows, size_t limit)
{
    size_t count = vw_flow_table_count(&flows->table);
    int error;

    vw_free(flows->order);
    flows->order = NULL;
    flows->total = flows->count = 0;
    if (count == 0)
        return 0;
    error = decide_directions(flows, count);
    if (error)
        return error;
    flows->order = vw_calloc(count, sizeof *flows->order);
    if (!flows->order)
        return VW_ERROR_NO_MEMORY;
    flows->total = count;
    flows->count = limit && limit < count ? limit : count;
    fill_order(flows);
    return put_in_order(flows);
}

/* ---- what there is ---- */

struct vw_flows_totals vw_flows_totals(const struct vw_flows *flows)
{
    struct vw_flows_totals totals = {
        .flows = vw_flow_table_count(&flows->table),
        .no_data = flows->no_data,
        .skip_data = flows->skip_data,
        .damaged = flows->damaged,
        .first = VW_TIME_UNKNOWN,
        .last = VW_TIME_UNKNOWN,
    };
    uint32_t shard, i;

    for (shard = 0; shard < VW_FLOW_SHARDS; shard++) {
        for (i = 0; i < flows->table.shards[shard].count; i++) {
            const struct vw_flow_row *row =
                vw_flow_table_row(&flows->table, VW_FLOW_REF(shard, i));

            totals.records += row->records;
            if (row->first != VW_TIME_UNKNOWN &&
                (totals.first == VW_TIME_UNKNOWN || row->first < totals.first))
                totals.first = row->first;
            if (row->last > totals.last)
                totals.last = row->last;
        }
    }
    return totals;
}

size_t vw_flows_count(const struct vw_flows *flows)
{
    return flows->count;
}

void vw_flows_get(const struct vw_flows *flows, size_t index, struct vw_observation *ret)
{
    vw_flow_table_observe(&flows->table, flows->order[flows->total - 1 - index].ref, ret);
    ret->line = 0;
}
