/* One line of a flow log to what it says. */
#ifndef VW_EVIDENCE_FLOW_LOG_RECORD_H
#define VW_EVIDENCE_FLOW_LOG_RECORD_H

#include <vpcwhy/evidence.h>

#include "logs/format.h"

/* name, text */
#define VW_FLOW_STATUS_LIST(X)                                                           \
    X(VW_FLOW_STATUS_OK, "OK")                                                           \
    X(VW_FLOW_STATUS_NODATA, "NODATA")                                                   \
    X(VW_FLOW_STATUS_SKIPDATA, "SKIPDATA")

enum vw_flow_status {
#define VW_X(name, text) name,
    VW_FLOW_STATUS_LIST(VW_X)
#undef VW_X
};

/* Longest id of an interface, and longest reject reason, with the closing NUL. */
#define VW_FLOW_VANTAGE_MAX 64
#define VW_FLOW_REASON_MAX 32

struct vw_flow_record {
    enum vw_flow_status status;
    struct vw_slice vantage;   /* points into the line; size 0: none */
    struct vw_observation row; /* but for file, line, vantage and reject_reason */
    char reject_reason[VW_FLOW_REASON_MAX]; /* "": none */
    bool has_window;                        /* both start and end stand in the line */
};

/* What was wrong with a line. */
struct vw_flow_fault {
    const char *field;    /* NULL: the number of columns */
    const char *expected; /* "an address" */
    struct vw_slice found;
    size_t columns; /* found, where that was wrong */
};

/* Reads `line` as `format` says. False, with *ret_fault, where it cannot be used; then
 * ret->vantage is what the line says of it, if its columns could be told. */
bool vw_flow_record_read(const struct vw_flow_format *format, struct vw_slice line,
                         struct vw_flow_record *ret, struct vw_flow_fault *ret_fault);

/* What the console, `aws logs tail` and an export task put in front of a record: a time,
 * and the name of the log stream ("eni-...-all"). Taken off *line; *ret_time is
 * VW_TIME_UNKNOWN and *ret_stream empty where there is none. */
void vw_flow_prefix_take(struct vw_slice *line, int64_t *ret_time,
                         struct vw_slice *ret_stream);

/* What a log stream's name says: the traffic type of its flow log. */
enum vw_flow_traffic {
    VW_FLOW_TRAFFIC_UNKNOWN = 0,
    VW_FLOW_TRAFFIC_ALL = 1,
    VW_FLOW_TRAFFIC_ACCEPT = 2,
    VW_FLOW_TRAFFIC_REJECT = 4
};
enum vw_flow_traffic vw_flow_stream_traffic(struct vw_slice stream);

#endif
