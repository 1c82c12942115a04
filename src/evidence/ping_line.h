/*
 * One line of ping's output, taken apart. Nothing here knows what stood before the line;
 * ping.c puts the lines together.
 */
#ifndef VW_EVIDENCE_PING_LINE_H
#define VW_EVIDENCE_PING_LINE_H

#include <vpcwhy/address.h>

#include "base/slice.h"

enum vw_ping_line_kind {
    VW_PING_OTHER,      /* not ping's, or nothing that matters */
    VW_PING_HEADER,     /* "PING 10.2.2.61 (10.2.2.61) 56(84) bytes of data." */
    VW_PING_REPLY,      /* "64 bytes from 10.2.2.61: icmp_seq=1 ttl=63 time=0.2 ms" */
    VW_PING_ERROR,      /* "From 10.1.10.1 icmp_seq=1 Destination Host Unreachable" */
    VW_PING_NO_ANSWER,  /* "no answer yet for icmp_seq=1", "Request timeout for ..." */
    VW_PING_LOCAL,      /* "ping: sendmsg: ...": a request that never left */
    VW_PING_TITLE,      /* "--- 10.2.2.61 ping statistics ---" */
    VW_PING_STATISTICS, /* "5 packets transmitted, 5 received, ..." */
    VW_PING_REMARK,     /* of ping, and nothing to be taken from it */
    VW_PING_UNREADABLE  /* begins as one of these and does not go on as one */
};

/* What counts its sequence numbers from what: iputils from 1, the others from 0. */
enum vw_ping_origin { VW_PING_FROM_UNKNOWN, VW_PING_FROM_0, VW_PING_FROM_1 };

/* Only the fields of its kind are set. */
struct vw_ping_line {
    enum vw_ping_line_kind kind;
    int64_t time;              /* of a "[1795416691.580011]" in front */
    struct vw_address address; /* target, replier or reporter; NONE: a name only */
    struct vw_address source;  /* header: "from 10.1.10.14"; or NONE */
    enum vw_ping_origin origin;
    bool has_sequence;
    bool is_unnumbered; /* Windows: a line a request, in order, and no numbers */
    bool duplicate;
    uint16_t sequence;
    int icmp_type, icmp_code; /* error */
    uint64_t transmitted, received;
};

void vw_ping_line_read(struct vw_slice text, struct vw_ping_line *ret_line);

/* A line of Windows' ping; false where it is none. */
bool vw_ping_windows_read(struct vw_slice text, struct vw_ping_line *line);

/* "Destination Host Unreachable" and its kin, as each ping words them. False where `text`
 * starts with none that is known of `family`. */
bool vw_ping_error_read(struct vw_slice text, enum vw_family family, int *ret_type,
                        int *ret_code);

#endif
