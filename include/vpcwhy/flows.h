/*
 * The table of distinct flows of any number of flow logs: what each interface or transit
 * gateway attachment recorded of each flow, summed over all records. Tables are mergeable:
 * a part of the logs makes a partial table in a file, partial tables add up to the one that
 * all logs make, whatever the parts and their order.
 */
#ifndef VPCWHY_FLOWS_H
#define VPCWHY_FLOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <vpcwhy/diagnostic.h>
#include <vpcwhy/evidence.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vw_flows_options {
    /* Only records that touch [since, until]; VW_TIME_UNKNOWN for an open end. */
    int64_t since, until;
    unsigned workers; /* threads that read; 0: one a processor */
    bool remembers;   /* takes the digest of each input, for a partial table */
    /* Called now and then by one thread; `total` counts stored bytes; may be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *progress_context;
    /* Asked for the LogFormat of files without a header where none is given; may be NULL. */
    vw_evidence_format_finder *format_of;
    void *format_data;
};

struct vw_flows_totals {
    uint64_t flows, records;     /* records of the flows alone */
    uint64_t no_data, skip_data; /* records that say so */
    uint64_t damaged;            /* records that could not be used */
    int64_t first, last;         /* of all flows; VW_TIME_UNKNOWN: none has a time */
};

struct vw_flows;

/* NULL when out of memory. */
struct vw_flows *vw_flows_create(const struct vw_flows_options *options);
void vw_flows_free(struct vw_flows *flows);

/* Adds what files and trees hold ("-": standard input): flow logs in every shape, and
 * tables as vw_report_flows_csv writes them or the statement of vw_flows_write_sql gives
 * them.
 * `format` is the LogFormat of files without a header, or NULL. 0 where anything could be
 * read; VW_ERROR_INPUT where nothing could, VW_ERROR_LIMIT, VW_ERROR_NO_MEMORY. */
int vw_flows_read(struct vw_flows *flows, const char *const *paths, size_t path_count,
                  const char *format, struct vw_diagnostics *diagnostics);

/* Adds a partial table. VW_ERROR_INPUT, with a diagnostic, where it is none or damaged, or
 * where an input of it is in the table already; the table is then of no use. */
int vw_flows_merge(struct vw_flows *flows, const char *path,
                   struct vw_diagnostics *diagnostics);

/* Writes the table as a partial one. 0 or VW_ERROR_OUTPUT. */
int vw_flows_write_partial(const struct vw_flows *flows, FILE *out);

/* Ends reading: decides directions and puts the busiest flows first; `limit` of them (0:
 * all) can be asked for then. Equal tables have equal orders. */
int vw_flows_finish(struct vw_flows *flows, size_t limit);

struct vw_flows_totals vw_flows_totals(const struct vw_flows *flows);

/* How many can be asked for; and one of them, without file and line. Texts belong to the
 * table. */
size_t vw_flows_count(const struct vw_flows *flows);
void vw_flows_get(const struct vw_flows *flows, size_t index, struct vw_observation *ret);

/* The engines that compute the table where the logs live: name, slug */
#define VW_SQL_LIST(X)                                                                   \
    X(VW_SQL_ATHENA, "athena")                                                           \
    X(VW_SQL_CLICKHOUSE, "clickhouse")                                                   \
    X(VW_SQL_DUCKDB, "duckdb")

enum vw_sql {
#define VW_X(name, slug) name,
    VW_SQL_LIST(VW_X)
#undef VW_X
};

struct vw_sql_options {
    enum vw_sql engine;
    /* A table's name, or for ClickHouse and DuckDB a file, a pattern of files or a URL:
     * text with a header line, or Parquet where the name ends so. */
    const char *table;
    /* The LogFormat of the logs; NULL: for Athena the columns of AWS's own CREATE TABLE,
     * for the others the default format. */
    const char *format;
    int64_t since, until; /* as in vw_flows_options */
};

/* Writes the statement whose result, as CSV, vw_flows_read reads as the same table. 0,
 * VW_ERROR_OUTPUT, or VW_ERROR_INPUT with a diagnostic for a format of no flow log. */
int vw_flows_write_sql(const struct vw_sql_options *options,
                       struct vw_diagnostics *diagnostics, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
