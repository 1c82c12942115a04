/*
 * TCP connections as Zeek judges them: the states of both ends and the letters of the
 * history (base/protocols/conn/main.zeek, TCPSessionAdapter.cc, TCP_Reassembler.cc there).
 */
#ifndef VW_PACKETS_TCP_STATE_H
#define VW_PACKETS_TCP_STATE_H

#include "packets/flow.h"

/* What a segment did to the flow, for who judges it otherwise. */
struct vw_tcp_step {
    bool is_again;    /* data that had been sent, and not with a SYN */
    bool is_progress; /* acknowledges data for the first time */
    bool was_flipped; /* the ends have changed places: the side is the other one */
};

/* Takes in a segment that `side` sent. 0 or VW_ERROR_NO_MEMORY. */
int vw_tcp_state_see(struct vw_packet_flows *flows, struct vw_flow *flow,
                     const struct vw_pending *packet, int side,
                     struct vw_tcp_step *ret_step);

/* Whether a SYN that `side` sent begins a new connection on the ports of `flow`. */
bool vw_tcp_state_is_new(struct vw_flow *flow, const struct vw_pending *packet, int side);

/* Whether who sends the first packet seen is likely the server, whose role is that of the
 * responder. */
bool vw_tcp_state_is_reversed(const struct vw_pending *packet);
bool vw_is_server_port(uint8_t protocol, uint16_t port);

/* "S0", "SF", ... */
const char *vw_tcp_state_name(const struct vw_packet_flows *flows, struct vw_flow *flow);

/* Bytes of an end's stream, without SYN and FIN. */
uint64_t vw_tcp_stream(struct vw_flow *flow, int side);

static inline int32_t vw_sequence_delta(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

#endif
