/*
 * The records of log files, whatever shape they come in: S3 text, Parquet, CloudWatch
 * exports and events, console lines, Insights results, Firehose and subscription streams,
 * plain or compressed. Files are cut into pieces that are read on all processors; a sink
 * gets the records of each piece as batches of columns. Nothing here knows what a column
 * means beyond its name.
 */
#ifndef VW_LOGS_SCAN_H
#define VW_LOGS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/diagnostic.h"
#include "base/input.h"
#include "base/slice.h"
#include "base/time.h"
#include "logs/format.h"

struct vw_log_worker; /* the scan's own */

/* One file of the scan. */
struct vw_log_file {
    const char *path;
    uint32_t number; /* its place among the files of the scan, in byte order of paths */
};

/* Which column of a file's records holds what; one for each header line and format met.
 * Lives as long as the scan. */
struct vw_log_layout {
    const struct vw_log_file *file;
    uint32_t number;                  /* from 0, unique in the scan */
    size_t count;                     /* of columns */
    const char *const *names;         /* as the file spells them: "srcaddr", "count(*)" */
    const enum vw_flow_field *fields; /* VW_FLOW_FIELD_COUNT: none of a flow log's */
    bool is_gateway;                  /* a transit gateway's flow log */
};

/* What a record carries beside its columns. */
struct vw_log_origin {
    uint64_t line;           /* in the file, from 1; row in Parquet; event in JSON */
    int64_t time;            /* ns: of the event, or VW_TIME_NONE */
    int64_t ingestion;       /* ns: ingestionTime, or VW_TIME_NONE */
    struct vw_slice stream;  /* name of the log stream; size 0: not told */
    struct vw_slice group;   /* of the log group */
    struct vw_slice message; /* the record as text; size 0 where it never was text */
};

/* Records of one piece of a file, in the file's order. Slices are valid during the call
 * only. */
struct vw_log_batch {
    const struct vw_log_layout *layout;
    size_t count;
    /* [record * layout->count + column]; data NULL: not there. "-" stays as it is. What
     * stands in columns that are not wanted is not to be looked at. */
    const struct vw_slice *cells;
    const struct vw_log_origin *origins; /* [record] */
    struct vw_log_worker *worker;        /* the scan's own: for vw_log_damage */
};

struct vw_log_sink {
    void *context;
    /* A layout comes up: marks the columns of which batches must hold the cells (all
     * false at first). Never two calls at a time. */
    int (*begin)(void *context, const struct vw_log_layout *layout, bool *wanted);
    /* `worker` is below `workers` of the options: no two calls with the same one at a
     * time. Batches come in any order; (file number, line) orders records. Nonzero ends
     * the scan with that error. */
    int (*take)(void *context, unsigned worker, const struct vw_log_batch *batch);
};

struct vw_log_options {
    const char *const *paths; /* files, trees, "-" */
    size_t path_count;
    const char *format; /* LogFormat of files without a header, or NULL */
    /* Looks a format up for a file without a header where `format` is NULL (log formats
     * of an export's describe-flow-logs); may be NULL, may return NULL. */
    const char *(*format_of)(void *context, const struct vw_log_file *file,
                             struct vw_slice stream, struct vw_slice group);
    void *format_context;
    unsigned workers; /* 0: one a processor */
    /* Called now and then by one thread; `total` counts stored bytes; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *progress_context;
    /* A file was read to its end: how many of its records could not be used, told by the
     * sink or not, and whether it ends in the middle. Never two calls at a time; may be
     * NULL. */
    void (*file_read)(void *context, const struct vw_log_file *file, uint64_t damaged,
                      bool is_cut);
    void *file_context;
};

/* What was read. */
struct vw_log_totals {
    uint64_t files, records, damaged, repeated, bytes; /* bytes: as stored */
};

/* How many workers a scan of these options has: for a sink that keeps one state a worker. */
unsigned vw_log_workers(const struct vw_log_options *options);

/* Reads all of it. 0 where anything could be read; VW_ERROR_INPUT where nothing could,
 * with the reason in `diagnostics`; damaged lines are counted, the first few of each file
 * shown as diagnostics. An event that was delivered twice (same event id), and an S3
 * object that stands there twice (same name), count once. */
int vw_log_scan(const struct vw_log_options *options, const struct vw_log_sink *sink,
                struct vw_diagnostics *diagnostics, struct vw_log_totals *ret_totals);

/* A sink that could not use a record says so here, while it takes the batch: counted and
 * shown like a damaged line. */
void vw_log_damage(const struct vw_log_batch *batch, size_t record, const char *what);

#endif
