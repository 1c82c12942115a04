/*
 * Queries over flow logs in the language of CloudWatch Logs Insights: fields, filter, stats,
 * sort, limit, parse and the others, over files of every shape that is read.
 */
#ifndef VPCWHY_QUERY_H
#define VPCWHY_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/diagnostic.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vw_query;

/* NULL when out of memory. */
struct vw_query *vw_query_create(void);
void vw_query_free(struct vw_query *query);

/*
 * Tables for lookup and cidrlookup, before the text is compiled: a CSV file whose first row
 * names the columns, and rows from elsewhere, of which the first names the columns
 * (`cells` holds rows * columns texts, NULL for none; copied).
 */
int vw_query_add_table(struct vw_query *query, const char *name, const char *path,
                       struct vw_diagnostics *diagnostics);
int vw_query_add_rows(struct vw_query *query, const char *name, const char *const *cells,
                      size_t rows, size_t columns);

/*
 * Once. VW_ERROR_QUESTION where the text is no query: a diagnostic says what is wrong with it,
 * its file is "query", line and column (in code points) say where in the text.
 */
int vw_query_compile(struct vw_query *query, const char *text,
                     struct vw_diagnostics *diagnostics);

/* Times are in nanoseconds since 1970. */
struct vw_query_options {
    const char *const *paths; /* files, trees, "-" */
    size_t path_count;
    const char *format; /* LogFormat of files without a header line, or NULL */
    /* Looks one up for a file and its log stream (size 0: not known) where `format` is NULL;
     * may be NULL, may return NULL. One call at a time. */
    const char *(*format_of)(void *context, const char *path, const char *stream,
                             size_t stream_size);
    void *format_context;
    int64_t since, until; /* VW_QUERY_ANY_TIME: open */
    int64_t now;          /* what now() gives */
    unsigned workers;     /* 0: one a processor */
    /* Called now and then; `total` bytes of the files, `done` of them read. May be NULL. */
    void (*progress)(void *context, uint64_t done, uint64_t total);
    void *progress_context;
};

#define VW_QUERY_ANY_TIME INT64_MIN

/* A value as text; `data` NULL: there is none. Not NUL-terminated. */
struct vw_query_cell {
    const char *data;
    size_t size;
    bool is_number;
};

struct vw_query_result {
    size_t column_count;
    const char *const *columns;
    size_t row_count;
    const struct vw_query_cell *cells; /* [row * column_count + column] */
    const struct vw_query_cell
        *pointers; /* [row]: file and line of the record; NULL: rows
                                           * are no records */
    uint64_t records_matched, records_scanned, bytes_scanned;
    uint64_t damaged;
    uint64_t left_out; /* rows beyond the limit that nobody asked for */
};

/* VW_ERROR_INPUT where nothing could be read; damaged lines are diagnostics. The result is
 * freed by vw_query_result_free. */
int vw_query_run(const struct vw_query *query, const struct vw_query_options *options,
                 struct vw_diagnostics *diagnostics, struct vw_query_result **ret_result);
void vw_query_result_free(struct vw_query_result *result);

#ifdef __cplusplus
}
#endif
#endif
