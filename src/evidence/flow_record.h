/* One record of a flow log, or one row of a table that was added up elsewhere, to what it
 * says. */
#ifndef VW_EVIDENCE_FLOW_RECORD_H
#define VW_EVIDENCE_FLOW_RECORD_H

#include <vpcwhy/evidence.h>

#include "evidence/flow_table.h"
#include "logs/scan.h"

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

/* The columns that are read: name, what it is called (case, '-' and '_' make no
 * difference), another name or NULL. VANTAGE and RECORDS are of a table that was added up
 * (`vpcwhy flows --format csv`, or what --sql prints): both stand in its header. */
#define VW_FLOW_COLUMN_LIST(X)                                                           \
    X(VW_FLOW_COLUMN_VANTAGE, "vantage", NULL)                                           \
    X(VW_FLOW_COLUMN_RECORDS, "records", NULL)                                           \
    X(VW_FLOW_COLUMN_INTERFACE, "interface-id", NULL)                                    \
    X(VW_FLOW_COLUMN_RESOURCE, "resource-id", NULL)                                      \
    X(VW_FLOW_COLUMN_ATTACHMENT, "tgw-attachment-id", NULL)                              \
    X(VW_FLOW_COLUMN_STATUS, "log-status", NULL)                                         \
    X(VW_FLOW_COLUMN_VERSION, "version", NULL)                                           \
    X(VW_FLOW_COLUMN_START, "start", "first")                                            \
    X(VW_FLOW_COLUMN_END, "end", "last")                                                 \
    X(VW_FLOW_COLUMN_SRCADDR, "srcaddr", NULL)                                           \
    X(VW_FLOW_COLUMN_DSTADDR, "dstaddr", NULL)                                           \
    X(VW_FLOW_COLUMN_PKT_SRCADDR, "pkt-srcaddr", NULL)                                   \
    X(VW_FLOW_COLUMN_PKT_DSTADDR, "pkt-dstaddr", NULL)                                   \
    X(VW_FLOW_COLUMN_PROTOCOL, "protocol", NULL)                                         \
    X(VW_FLOW_COLUMN_SRCPORT, "srcport", NULL)                                           \
    X(VW_FLOW_COLUMN_DSTPORT, "dstport", NULL)                                           \
    X(VW_FLOW_COLUMN_TCP_FLAGS, "tcp-flags", NULL)                                       \
    X(VW_FLOW_COLUMN_ACTION, "action", NULL)                                             \
    X(VW_FLOW_COLUMN_DIRECTION, "flow-direction", "direction")                           \
    X(VW_FLOW_COLUMN_PACKETS, "packets", NULL)                                           \
    X(VW_FLOW_COLUMN_BYTES, "bytes", NULL)                                               \
    X(VW_FLOW_COLUMN_REJECT_REASON, "reject-reason", NULL)                               \
    X(VW_FLOW_COLUMN_TRAFFIC_PATH, "traffic-path", NULL)                                 \
    X(VW_FLOW_COLUMN_NEXT_HOP, "next-hop-interface-id", "next-hop")                      \
    X(VW_FLOW_COLUMN_LOST_NO_ROUTE, "packets-lost-no-route", NULL)                       \
    X(VW_FLOW_COLUMN_LOST_BLACKHOLE, "packets-lost-blackhole", NULL)                     \
    X(VW_FLOW_COLUMN_LOST_MTU_EXCEEDED, "packets-lost-mtu-exceeded", NULL)               \
    X(VW_FLOW_COLUMN_LOST_TTL_EXPIRED, "packets-lost-ttl-expired", NULL)

enum vw_flow_column {
#define VW_X(name, text, other) name,
    VW_FLOW_COLUMN_LIST(VW_X)
#undef VW_X
        VW_FLOW_COLUMN_COUNT
};

/* Where the columns of a layout stand. */
struct vw_flow_columns {
    size_t count;
    size_t of[VW_FLOW_COLUMN_COUNT]; /* SIZE_MAX: not there */
    bool is_sum;                     /* rows of a table that was added up, not records */
};

struct vw_flow_record {
    enum vw_flow_status status;
    struct vw_flow_words words; /* point into the cells */
    struct vw_observation row;  /* but for file, line and texts */
    bool has_window;            /* both start and end stand in the record */
};

/* What was wrong with a record. */
struct vw_flow_fault {
    const char *field;
    const char *expected; /* "an address" */
    struct vw_slice found;
};

/* Finds the columns, and marks in `wanted` (may be NULL) those that are read. */
void vw_flow_columns_find(const struct vw_log_layout *layout, bool *wanted,
                          struct vw_flow_columns *ret);

/* Whether they can be of a flow at all: an address, or a table's columns. */
bool vw_flow_columns_any(const struct vw_flow_columns *columns);

/* Reads the record whose cells are given. False, with *ret_fault, where it cannot be used;
 * then ret->words.vantage is what it says of that, if it could be told. */
bool vw_flow_record_read(const struct vw_flow_columns *columns,
                         const struct vw_slice *cells, struct vw_flow_record *ret,
                         struct vw_flow_fault *ret_fault);

/* What a log stream's name says ("eni-...-reject"): the traffic type of its flow log. */
enum vw_flow_traffic {
    VW_FLOW_TRAFFIC_UNKNOWN = 0,
    VW_FLOW_TRAFFIC_ALL = 1,
    VW_FLOW_TRAFFIC_ACCEPT = 2,
    VW_FLOW_TRAFFIC_REJECT = 4
};
enum vw_flow_traffic vw_flow_stream_traffic(struct vw_slice stream);

/* The same of a file's path, for an export task puts each log stream into a folder:
 * "/.../eni-1-accept/000000.gz". */
enum vw_flow_traffic vw_flow_path_traffic(const char *path);

#endif
