/* Log events as `aws logs ... --output text` prints them. */
#ifndef VW_LOGS_EVENTS_TEXT_H
#define VW_LOGS_EVENTS_TEXT_H

#include "logs/reader.h"

/* Whether one of the lines of a file's beginning is such a row. */
bool vw_log_is_events_text(struct vw_slice head);

/* Reads the worker's source, the first `size` bytes of which are in its buffer. */
int vw_log_events_text_read(struct vw_log_worker *worker, size_t size);

#endif
