/* Rows of Logs Insights' results: [{"field": "srcAddr", "value": "10.0.0.1"}, ...]. */
#ifndef VW_LOGS_JSON_ROW_H
#define VW_LOGS_JSON_ROW_H

#include "logs/json_event.h"

bool vw_log_is_row(const struct vw_json *value);

/* The value of a row's field; size 0 where there is none. */
struct vw_slice vw_log_row_field(const struct vw_json *row, const char *name);

/* Puts the records of all rows among the events into the worker's batch. */
int vw_log_rows_emit(struct vw_log_events *events);

#endif
