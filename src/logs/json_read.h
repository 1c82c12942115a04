/* JSON documents to records. */
#ifndef VW_LOGS_JSON_READ_H
#define VW_LOGS_JSON_READ_H

#include "logs/json_cut.h"
#include "logs/reader.h"

/* Reads the documents of a run in the turn of `ticket`. */
int vw_log_json_read(struct vw_log_worker *worker, const struct vw_log_run *run,
                     uint64_t ticket);

#endif
