/* Parquet files to batches. */
#ifndef VW_LOGS_ROWS_H
#define VW_LOGS_ROWS_H

#include "logs/reader.h"

/* Rows of one piece. */
#define VW_LOG_ROWS ((uint64_t)1 << 17)

/* Opens a source that holds Parquet, the first `size` bytes of which are in `head`: its
 * columns and rows are known then. What cannot be read was said: *ret_rows 0. */
int vw_log_rows_open(struct vw_log_source *source, struct vw_slice head,
                     uint64_t *ret_rows);

/* The rows of the piece that begins with `row` of the file. */
int vw_log_rows_read(struct vw_log_worker *worker, uint64_t row);

/* The first row of the piece behind the one that begins with `row`. */
uint64_t vw_log_rows_next(const struct vw_log_source *source, uint64_t row);

struct vw_log_table;

/* Accepts NULL. */
void vw_log_rows_close(struct vw_log_table *table);

#endif
