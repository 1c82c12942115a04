/* TCP connections as the one who connects lives them: answered, refused, stalled. */
#ifndef VW_PACKETS_TCP_CONNECT_H
#define VW_PACKETS_TCP_CONNECT_H

#include "packets/tcp_state.h"

/* Takes in a segment that `side` sent, after vw_tcp_state_see has. 0 or
 * VW_ERROR_NO_MEMORY. */
int vw_tcp_connect_see(struct vw_packet_flows *flows, struct vw_flow *flow,
                       const struct vw_pending *packet, int side,
                       const struct vw_tcp_step *step);

/* SYNs that were answered from another address find the answer. 0 or
 * VW_ERROR_NO_MEMORY. */
int vw_tcp_connect_settle(struct vw_packet_flows *flows);

/* What an outcome depends on beside the segments. */
struct vw_talk_context {
    int64_t end;      /* of the capture, or VW_TIME_UNKNOWN */
    bool is_rejected; /* an ICMP error says that it cannot be reached */
};

enum vw_talk vw_tcp_talk(struct vw_flow *flow, struct vw_talk_context context);

/* The side whose data is sent again and not acknowledged, or VW_UNRECORDED. */
int vw_tcp_stalled(const struct vw_tcp *tcp);

#endif
