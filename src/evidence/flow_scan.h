/* Log files into a table of flows, on all processors. */
#ifndef VW_EVIDENCE_FLOW_SCAN_H
#define VW_EVIDENCE_FLOW_SCAN_H

#include "evidence/flow_coverage.h"

/* One file that gave records. */
struct vw_flow_file {
    char *path;
    uint64_t records; /* that the table took */
};

/* What is beside the flows; zero-initialised is empty. */
struct vw_flow_scanned {
    struct vw_flow_files VW_ARRAY(
        struct vw_flow_file) files; /* by number; path NULL: none */
    struct vw_flow_scanned_items VW_ARRAY(struct vw_flow_coverage) coverages;
    uint64_t no_data, skip_data; /* records within the window */
    struct vw_log_totals totals;
};

struct vw_flow_scan {
    struct vw_log_options options;
    int64_t since, until; /* INT64_MIN and INT64_MAX for open ends */
    uint32_t first_file;  /* number of the first file among the witnesses */
    bool wants_coverage;
    struct vw_evidence *watched; /* who watches it sees each record; NULL: nobody */
    struct vw_flow_table *table;
    struct vw_diagnostics *diagnostics;
};

/* Who knows the formats of files without a header, as the log scan asks for them. */
struct vw_flow_formats {
    vw_evidence_format_finder *find; /* or NULL */
    void *data;
};

/* `context` is a struct vw_flow_formats. */
const char *vw_flow_format_of(void *context, const struct vw_log_file *file,
                              struct vw_slice stream, struct vw_slice group);

/* Reads all of it. 0 where anything could be read; VW_ERROR_INPUT, with a diagnostic, where
 * nothing could; VW_ERROR_LIMIT, with a diagnostic, VW_ERROR_NO_MEMORY. Coverages are in
 * the order of files and lines, and each (file, vantage) is there once. */
int vw_flow_scan_run(const struct vw_flow_scan *scan, struct vw_flow_scanned *ret);

void vw_flow_scanned_free(struct vw_flow_scanned *scanned);

/* Whether a record of [first, last] touches the window. */
bool vw_flow_in_window(int64_t since, int64_t until, int64_t first, int64_t last);

#endif
