/* One packet, to the flow or series that it belongs to; see understand.h. */
#include "packets/understand.h"

#include "base/address.h"
#include "packets/tcp_connect.h"

#include <vpcwhy/error.h>

/* What a fragment's entry remembers of its packet: a flow or an echo series. */
#define ROW_ECHO (UINT32_C(1) << 31)

static void widen(struct vw_flow *flow, int64_t time)
{
    if (time == VW_TIME_UNKNOWN)
        return;
    if (flow->last == VW_TIME_UNKNOWN) {
        vw_flow_rest(flow)->first = flow->last = time;
    } else if (time > flow->last) {
        flow->last = time;
    } else if (time < vw_flow_rest(flow)->first) {
        vw_flow_rest(flow)->first = time;
    }
}

/* ---- fragments ---- */

/* The payload of the packet, as far as this fragment tells. */
static uint32_t fragment_end(const struct vw_packet *packet)
{
    return (uint32_t)packet->fragment_offset * 8 + (uint32_t)packet->payload_size;
}

static void lengthen(struct vw_capture *capture, uint32_t row, uint64_t bytes,
                     uint32_t end)
{
    struct vw_flow *flow;

    if (row & ROW_ECHO) {
        vw_echo_lengthen(capture->echoes.series.items[(row & ~ROW_ECHO) - 1],
                         end > 8 ? end - 8 : 0);
        return;
    }
    flow = vw_packet_flows_at(&capture->flows, row);
    flow->bytes[flow->packets[VW_ORIGINATOR] == 0] += bytes;
}

/* A fragment but the first: its bytes belong to a packet that may not be known yet. */
static void see_later_fragment(struct vw_capture *capture, const struct vw_packet *packet,
                               int64_t time)
{
    struct vw_recent_fragments *entry =
        vw_recent_fragments(&capture->fragments, packet, time);
    uint32_t end = fragment_end(packet);

    if (entry->row) {
        lengthen(capture, entry->row, packet->length, end);
        return;
    }
    entry->waiting_records++;
    entry->waiting_bytes += packet->length;
    entry->waiting_end = end > entry->waiting_end ? end : entry->waiting_end;
}

/* The first fragment: it gets what came before it, and the others will find its row. */
static void see_first_fragment(struct vw_capture *capture, const struct vw_packet *packet,
                               int64_t time, uint32_t row)
{
    struct vw_recent_fragments *entry =
        vw_recent_fragments(&capture->fragments, packet, time);

    if (entry->waiting_records)
        lengthen(capture, row, entry->waiting_bytes, entry->waiting_end);
    entry->waiting_records = entry->waiting_bytes = 0;
    entry->row = row;
}

/* ---- flows ---- */

/* Whether who sends the first packet seen is to be taken for the one who answers. */
static bool is_reversed(const struct vw_pending *packet)
{
    const struct vw_tuple *tuple = &packet->tuple;

    if (tuple->protocol == VW_PROTOCOL_TCP)
        return packet->has_flags && vw_tcp_state_is_reversed(packet);
    if (tuple->protocol == VW_PROTOCOL_UDP)
        return vw_is_server_port(VW_PROTOCOL_UDP, tuple->port[VW_SOURCE]) &&
               !vw_is_server_port(VW_PROTOCOL_UDP, tuple->port[VW_DESTINATION]);
    return false;
}

static int make_flow(struct vw_capture *capture, const struct vw_pending *pending,
                     uint32_t *ret_place, int *ret_side)
{
    /* Nobody answers from the broadcast address. */
    bool flip =
        is_reversed(pending) && (pending->tuple.family != VW_FAMILY_IPV4 ||
                                 pending->tuple.address[VW_DESTINATION] != UINT32_MAX);
    int error = vw_packet_flows_add(&capture->flows, &pending->tuple, flip, ret_place);
    struct vw_flow *flow;

    if (error)
        return error;
    *ret_side = flip ? VW_RESPONDER : VW_ORIGINATOR;
    flow = vw_packet_flows_at(&capture->flows, *ret_place);
    vw_flow_rest(flow)->number = pending->number;
    vw_flow_rest(flow)->first = flow->last = pending->time;
    return flip ? vw_flow_history(&capture->flows, flow, '^') : 0;
}

/* The flow of the packet; TCP begins a new one where a SYN says so. */
static int flow_of(struct vw_capture *capture, const struct vw_pending *pending,
                   uint32_t *ret_place, int *ret_side)
{
    *ret_place = vw_packet_flows_find(&capture->flows, &pending->tuple, ret_side);
    if (*ret_place &&
        (pending->tuple.protocol != VW_PROTOCOL_TCP || !pending->has_flags ||
         !vw_tcp_state_is_new(vw_packet_flows_at(&capture->flows, *ret_place), pending,
                              *ret_side)))
        return 0;
    return make_flow(capture, pending, ret_place, ret_side);
}

static int see_tcp(struct vw_capture *capture, struct vw_flow *flow,
                   const struct vw_pending *packet, int side)
{
    struct vw_tcp_step step = {0};
    int error;

    if (!packet->has_flags) {
        flow->seen |= VW_SEEN_CUT;
        return 0;
    }
    error = vw_tcp_state_see(&capture->flows, flow, packet, side, &step);
    if (error || packet->repeat != VW_REPEAT_NONE)
        return error;
    if (step.was_flipped)
        side = !side;
    if (packet->data_length > UINT16_MAX ||
        (vw_flow_tcp(flow)->end[!side].mss &&
         packet->data_length > vw_flow_tcp(flow)->end[!side].mss))
        capture->facts.oversized++;
    return vw_tcp_connect_see(&capture->flows, flow, packet, side, &step);
}

/* Zeek's letters for datagrams: each side once. */
static int see_udp(struct vw_capture *capture, struct vw_flow *flow, int side)
{
    if (flow->packets[side])
        return 0;
    return vw_flow_history(&capture->flows, flow, side == VW_ORIGINATOR ? 'D' : 'd');
}

static int see_flow(struct vw_capture *capture, const struct vw_pending *packet,
                    const struct vw_packet *whole)
{
    bool is_first = packet->repeat == VW_REPEAT_NONE;
    uint8_t protocol = packet->tuple.protocol;
    struct vw_flow *flow;
    uint32_t place;
    int side, error = flow_of(capture, packet, &place, &side);

    if (error)
        return error;
    flow = vw_packet_flows_at(&capture->flows, place);
    if (protocol == VW_PROTOCOL_UDP)
        error = see_udp(capture, flow, side);
    if (is_first) {
        widen(flow, packet->time);
        flow->packets[side]++;
        flow->bytes[side] += packet->length;
        if (protocol != VW_PROTOCOL_TCP)
            flow->data[side] += packet->data_length;
    } else {
        vw_flow_rest(flow)->copies += packet->repeat == VW_REPEAT_COPY;
        vw_flow_rest(flow)->views += packet->repeat != VW_REPEAT_COPY;
    }
    if (!error && protocol == VW_PROTOCOL_TCP)
        error = see_tcp(capture, flow, packet, side);
    if (!error && packet->fragment && is_first)
        see_first_fragment(capture, whole, packet->time, place);
    return error;
}

static int see_echo(struct vw_capture *capture, const struct vw_pending *packet,
                    const struct vw_packet *whole)
{
    size_t number;
    int error = vw_echoes_see(&capture->echoes, packet);

    if (!error && packet->fragment && !packet->is_reply &&
        packet->repeat == VW_REPEAT_NONE &&
        vw_echoes_find(&capture->echoes, whole->source, whole->destination,
                       whole->echo_id, &number))
        see_first_fragment(capture, whole, packet->time,
                           (uint32_t)(number + 1) | ROW_ECHO);
    return error;
}

int vw_capture_take(struct vw_capture *capture, const struct vw_pending *pending,
                    const struct vw_packet *whole)
{
    bool is_first = pending->repeat == VW_REPEAT_NONE;

    switch ((enum vw_pending_kind)pending->kind) {
    case VW_PENDING_FLOW:
        return see_flow(capture, pending, whole);
    case VW_PENDING_ECHO:
        return see_echo(capture, pending, whole);
    case VW_PENDING_LATER:
        if (is_first)
            see_later_fragment(capture, whole, pending->time);
        return 0;
    case VW_PENDING_ERROR:
        break;
    }
    return is_first ? vw_errors_see(&capture->errors, whole, pending->number,
                                    pending->time, &capture->flows, &capture->echoes)
                    : 0;
}
