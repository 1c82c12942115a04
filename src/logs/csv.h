/* CSV of the console. */
#ifndef VW_LOGS_CSV_H
#define VW_LOGS_CSV_H

#include "logs/reader.h"

/* Behind the record that begins `data`, its line end included; 0 where that is not there. */
size_t vw_log_csv_end(const char *data, size_t size);

/* The values of a record, unquoted in place: keeps up to `room`, counts all; a value of size
 * 0 has no data. */
size_t vw_log_csv_cells(char *data, size_t size, struct vw_slice *cells, size_t room);

/* Reads the worker's source, the first `size` bytes of which are in its buffer. */
int vw_log_csv_read(struct vw_log_worker *worker, size_t size);

#endif
