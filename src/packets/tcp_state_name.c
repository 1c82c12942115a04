/* Where a connection begins, who is its originator, and what Zeek calls its state; see
 * tcp_state.h. */
#include "packets/tcp_state.h"

#include <string.h>

/* ---- which connection ---- */

static bool is_closed(const struct vw_tcp_end *end)
{
    return end->state == VW_END_CLOSED || end->state == VW_END_RESET;
}

bool vw_tcp_state_is_new(struct vw_flow *flow, const struct vw_pending *packet, int side)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);
    const struct vw_tcp_end *end = &tcp->end[VW_ORIGINATOR];
    bool ack = packet->tcp_flags & VW_TCP_ACK;

    if (!(packet->tcp_flags & VW_TCP_SYN))
        return false;
    if (ack) {
        if (end->state != VW_END_INACTIVE)
            return false;
        end = &tcp->end[VW_RESPONDER];
    }
    if (is_closed(&tcp->end[0]) && is_closed(&tcp->end[1]))
        return true;
    if (packet->tcp_sequence == end->start)
        return false;
    /* Both opened at once: two connections for Zeek, one for everybody else. */
    if (!ack && side == VW_RESPONDER && end->state == VW_END_SYN_SENT &&
        tcp->end[VW_RESPONDER].state == VW_END_INACTIVE)
        return false;
    return ack || end->state != VW_END_SYN_ACK_SENT ||
           tcp->end[VW_RESPONDER].state != VW_END_INACTIVE ||
           packet->tcp_sequence != tcp->end[VW_RESPONDER].start;
}

bool vw_is_server_port(uint8_t protocol, uint16_t port)
{
    /* Those that Zeek's own scripts declare (likely_server_ports). */
    static const uint16_t tcp[] = {
        21,   22,   25,   53,   80,   81,   88,   102,  110,  135,  139,  143,  389,
        443,  445,  502,  563,  585,  587,  614,  631,  636,  989,  990,  992,  993,
        995,  1080, 1434, 1812, 2811, 3128, 3268, 3306, 3389, 5060, 5222, 5223, 5269,
        5432, 6379, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000};
    static const uint16_t udp[] = {53,   67,   88,   123,  137,  161,  162,
                                   389,  443,  514,  1812, 2123, 2152, 3544,
                                   4789, 5060, 5072, 5353, 5355, 6081, 20000};
    const uint16_t *ports = protocol == VW_PROTOCOL_TCP ? tcp : udp;
    size_t low = 0, high = protocol == VW_PROTOCOL_TCP ? sizeof tcp / sizeof *tcp
                                                       : sizeof udp / sizeof *udp;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (ports[middle] == port)
            return true;
        if (ports[middle] < port)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool vw_tcp_state_is_reversed(const struct vw_pending *packet)
{
    bool syn = packet->tcp_flags & VW_TCP_SYN, ack = packet->tcp_flags & VW_TCP_ACK;

    if ((syn && !ack) ||
        !vw_is_server_port(VW_PROTOCOL_TCP, packet->tuple.port[VW_SOURCE]))
        return false;
    if (vw_is_server_port(VW_PROTOCOL_TCP, packet->tuple.port[VW_DESTINATION]))
        return syn || packet->tuple.port[VW_SOURCE] < packet->tuple.port[VW_DESTINATION];
    return true;
}

/* ---- the name ---- */

uint64_t vw_tcp_stream(struct vw_flow *flow, int side)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);
    const struct vw_tcp_end *end = &tcp->end[side];
    const struct vw_tcp_end_rest *rest = &vw_flow_tcp_rest(flow)->end[side];
    uint64_t last = (uint64_t)rest->last_laps << 32 | end->last;
    uint64_t acknowledged = (uint64_t)rest->acknowledged_laps << 32 | end->acknowledged;
    uint64_t size = (last > acknowledged ? last : acknowledged) - end->start;

    /* A half-open connection was found and given up: its numbers mean nothing. */
    if (end->previous == VW_END_SYN_SENT && end->state == VW_END_RESET &&
        tcp->end[!side].state == VW_END_INACTIVE && end->acknowledged - end->start > 1)
        return 0;
    size -= size > 0;
    size -= end->has_fin && size > 0;
    return size;
}

/* "^?S[^HAFGIQ]*R.*" */
static bool is_syn_then_reset(const char *history)
{
    history += *history == '^';
    if (*history != 'S')
        return false;
    for (history++; *history; history++) {
        if (*history == 'R')
            return true;
        if (strchr("HAFGIQ", *history))
            return false;
    }
    return false;
}

static bool is_silent(unsigned state)
{
    return state == VW_END_INACTIVE || state == VW_END_PARTIAL;
}

static const char *name_of_reset(struct vw_flow *flow, unsigned originator)
{
    if (originator == VW_END_SYN_SENT || originator == VW_END_SYN_ACK_SENT ||
        (originator == VW_END_RESET && vw_tcp_stream(flow, VW_ORIGINATOR) == 0 &&
         vw_tcp_stream(flow, VW_RESPONDER) == 0))
        return "REJ";
    return is_silent(originator) ? "RSTRH" : "RSTR";
}

const char *vw_tcp_state_name(const struct vw_packet_flows *flows, struct vw_flow *flow)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);
    unsigned originator = tcp->end[VW_ORIGINATOR].state;
    unsigned responder = tcp->end[VW_RESPONDER].state;
    char buffer[VW_HISTORY_INLINE + 1];

    if (responder == VW_END_RESET)
        return name_of_reset(flow, originator);
    if (originator == VW_END_RESET && is_silent(responder))
        return is_syn_then_reset(vw_flow_history_text(flows, flow, buffer)) ? "RSTOS0"
                                                                            : "OTH";
    if (originator == VW_END_RESET)
        return "RSTO";
    if (originator == VW_END_CLOSED && responder == VW_END_CLOSED)
        return "SF";
    if (originator == VW_END_CLOSED)
        return is_silent(responder) ? "SH" : "S2";
    if (responder == VW_END_CLOSED)
        return is_silent(originator) ? "SHR" : "S3";
    if (originator == VW_END_SYN_SENT && responder == VW_END_INACTIVE)
        return "S0";
    if (originator == VW_END_ESTABLISHED && responder == VW_END_ESTABLISHED)
        return "S1";
    return "OTH";
}
