/* Flow logs into the evidence: the flows into its table, and how far each interface's
 * silence can be trusted. */
#include <string.h>

#include "evidence/flow_rows.h"
#include "evidence/flow_scan.h"
#include "evidence/table.h"

/* Paths of the scan's files, kept by the evidence, behind those of scans before. */
static int keep_files(struct vw_evidence *evidence, struct vw_flow_rows *rows,
                      const struct vw_flow_scanned *scanned)
{
    size_t i;

    for (i = 0; i < scanned->files.count; i++) {
        const char *path = NULL;
        int error = 0;

        if (scanned->files.items[i].path)
            error = vw_evidence_text(evidence, scanned->files.items[i].path, &path);
        if (!error)
            error = vw_array_push(&rows->files, path);
        if (error)
            return error;
    }
    return 0;
}

static int keep_coverage(struct vw_evidence *evidence, const struct vw_flow_rows *rows,
                         const struct vw_flow_coverage *item, size_t first_file)
{
    struct vw_coverage *kept = vw_evidence_coverage(
        evidence, VW_EVIDENCE_FLOW_LOG, rows->files.items[first_file + item->file],
        vw_flow_names_text_of(&rows->table->names, item->vantage));

    if (!kept)
        return vw_evidence_coverage_count(evidence) >= VW_COVERAGES_MAX
                   ? VW_ERROR_LIMIT
                   : VW_ERROR_NO_MEMORY;
    vw_coverage_widen(kept, item->sum.first, item->sum.last);
    kept->records += item->sum.records;
    kept->no_data += item->sum.no_data;
    kept->skip_data += item->sum.skip_data;
    kept->damaged += item->sum.damaged;
    kept->cut |= item->sum.cut;
    kept->accept_only = item->traffics == VW_FLOW_TRAFFIC_ACCEPT;
    kept->reject_only = item->traffics == VW_FLOW_TRAFFIC_REJECT;
    if (item->sum.interval > kept->interval)
        kept->interval = item->sum.interval;
    return 0;
}

static int keep_all(struct vw_evidence *evidence, struct vw_flow_rows *rows,
                    const struct vw_flow_scanned *scanned)
{
    size_t first_file = rows->files.count, i;
    int error = keep_files(evidence, rows, scanned);

    for (i = 0; i < scanned->coverages.count && !error; i++)
        error = keep_coverage(evidence, rows, &scanned->coverages.items[i], first_file);
    return error;
}

int vw_evidence_read_flow_logs(struct vw_evidence *evidence, const char *path,
                               const char *format, struct vw_diagnostics *diagnostics)
{
    const struct vw_evidence_helpers *helpers = vw_evidence_helpers_of(evidence);
    struct vw_flow_rows *rows = vw_evidence_flows(evidence);
    struct vw_flow_formats formats = {helpers->format, helpers->format_data};
    struct vw_flow_scanned scanned = {0};
    struct vw_flow_scan scan = {
        .options = {.paths = &path,
                    .path_count = 1,
                    .format = format,
                    .format_of = vw_flow_format_of,
                    .format_context = &formats,
                    .progress = helpers->progress,
                    .progress_context = helpers->progress_data},
        .first_file = (uint32_t)rows->files.count,
        .wants_coverage = true,
        .table = vw_flow_rows_table(rows),
        .diagnostics = diagnostics,
    };
    int error, kept;

    if (!scan.table)
        return VW_ERROR_NO_MEMORY;
    if (vw_evidence_is_watched(evidence)) {
        scan.watched = evidence;
        scan.options.workers = 1; /* in their order */
    }
    vw_evidence_window(evidence, &scan.since, &scan.until);
    error = vw_flow_scan_run(&scan, &scanned);
    kept = keep_all(evidence, rows, &scanned);
    vw_flow_scanned_free(&scanned);
    if (!kept)
        kept = vw_flow_rows_finish(rows);
    return error ? error : kept;
}
