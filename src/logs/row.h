/* Rows of Logs Insights, whether from JSON or CSV. */
#ifndef VW_LOGS_ROW_H
#define VW_LOGS_ROW_H

#include "logs/reader.h"

/* The names of a result's columns. */
struct vw_log_row_names {
    struct vw_slice items[VW_FLOW_COLUMNS_MAX];
    size_t count;
    struct vw_log_columns *columns; /* of vw_log_row_begin; NULL: only messages */
};

/* The place of `name`, which is added where it is new; `hint` is where it may stand.
 * SIZE_MAX where there are too many. */
size_t vw_log_row_name(struct vw_log_row_names *names, size_t hint, struct vw_slice name);

/* Before the rows with these names: whether they are columns of records, or no more than
 * messages that hold records. */
int vw_log_row_begin(struct vw_log_worker *worker, struct vw_log_row_names *names);

/* A row: one value a name, NULL where it has none. */
int vw_log_row_take(struct vw_log_worker *worker, const struct vw_log_row_names *names,
                    const struct vw_slice *values, uint64_t number);

#endif
