/*
 * Outcomes follow RFC 9293: a reset in answer to a SYN counts only where it acknowledges
 * that SYN, so a blind one changes nothing; and a connection is established for us when
 * both halves of the handshake were seen. See tcp_connect.h.
 */
#include "packets/tcp_connect.h"

#include <vpcwhy/error.h>

/* So many times sent again without progress is a stall. */
enum { STALL = 2 };

static int note_time(struct vw_packet_flows *flows, struct vw_tcp_rest *rest,
                     int64_t time)
{
    struct vw_times none = {0}, *times;

    if (!rest->times) {
        if (vw_array_push(&flows->times, none))
            return VW_ERROR_NO_MEMORY;
        rest->times = (uint32_t)flows->times.count;
    }
    times = &flows->times.items[rest->times - 1];
    if (times->count < VW_TIMES_INLINE)
        times->items[times->count] = time;
    times->count++;
    return 0;
}

static void count_16(uint16_t *count)
{
    *count = (uint16_t)(*count + (*count < UINT16_MAX));
}

/* ---- the handshake ---- */

/* Whether it acknowledges what the originator has sent since its SYN, and no less. */
static bool answers_syn(struct vw_flow *flow, const struct vw_pending *packet)
{
    const struct vw_tcp_end *end = &vw_flow_tcp(flow)->end[VW_ORIGINATOR];
    uint32_t relative = packet->tcp_acknowledged - end->start;

    return (packet->tcp_flags & VW_TCP_ACK) && relative >= 1 &&
           vw_sequence_delta(packet->tcp_acknowledged, end->last) <= 0;
}

static int see_syn(struct vw_packet_flows *flows, struct vw_flow *flow,
                   const struct vw_pending *packet, int64_t time)
{
    struct vw_tcp_rest *rest = vw_flow_tcp_rest(flow);
    bool is_again = flow->seen & VW_SEEN_SYN;

    if (packet->mss)
        vw_flow_tcp(flow)->end[VW_ORIGINATOR].mss = packet->mss;
    count_16(&rest->syns);
    flow->seen |= VW_SEEN_SYN;
    if (!(flow->seen & VW_SEEN_SYN_ACK))
        rest->syn = time;
    return is_again ? note_time(flows, rest, time) : 0;
}

static int see_syn_ack(struct vw_packet_flows *flows, struct vw_flow *flow,
                       const struct vw_pending *packet, int64_t time)
{
    struct vw_tcp_rest *rest = vw_flow_tcp_rest(flow);
    bool is_again = flow->seen & VW_SEEN_SYN_ACK;

    /* A SYN of both sides at once has no ACK. */
    if ((packet->tcp_flags & VW_TCP_ACK) && (flow->seen & VW_SEEN_SYN) &&
        !answers_syn(flow, packet))
        return 0;
    if (packet->mss)
        vw_flow_tcp(flow)->end[VW_RESPONDER].mss = packet->mss;
    count_16(&rest->syn_acks);
    if (!is_again)
        rest->syn_ack = time;
    flow->seen |= VW_SEEN_SYN_ACK;
    return is_again ? note_time(flows, rest, time) : 0;
}

static void see_reset(struct vw_flow *flow, const struct vw_pending *packet, int side)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);

    if ((tcp->end[0].has_fin && tcp->end[1].has_fin) ||
        (flow->seen & (VW_SEEN_REFUSAL | VW_SEEN_RESET | VW_SEEN_ABORT)))
        return;
    if ((flow->seen & VW_SEEN_CONFIRMED) || !(flow->seen & VW_SEEN_SYN) ||
        (side == VW_RESPONDER && (flow->seen & VW_SEEN_SYN_ACK))) {
        flow->seen |= VW_SEEN_RESET;
    } else if (side == VW_ORIGINATOR) {
        flow->seen |= VW_SEEN_ABORT;
    } else if (answers_syn(flow, packet)) {
        flow->seen |= VW_SEEN_REFUSAL;
    } else {
        flow->seen |= VW_SEEN_IGNORED_RESET;
        return;
    }
    flow->reset_by = (uint8_t)(side + 1);
    flow->reset_ttl = packet->ttl;
}

/* ---- the stream ---- */

static uint16_t at_most_16(uint32_t size)
{
    return (uint16_t)(size < UINT16_MAX ? size : UINT16_MAX);
}

static int see_again(struct vw_packet_flows *flows, struct vw_flow *flow, int side,
                     uint32_t size, int64_t time)
{
    struct vw_tcp_end *end = &vw_flow_tcp(flow)->end[side];
    struct vw_tcp_rest *rest = vw_flow_tcp_rest(flow);

    rest->end[side].resent++;
    end->again_since = (uint8_t)(end->again_since + (end->again_since < UINT8_MAX));
    if (end->again_since == 1 || size < rest->end[side].again_least)
        rest->end[side].again_least = size;
    return note_time(flows, rest, time);
}

static void see_sent(struct vw_tcp_end *end, const struct vw_pending *packet)
{
    uint16_t size = at_most_16(packet->data_length);

    if (size > end->largest)
        end->largest = size;
    if (size > end->waiting) {
        end->waiting = size;
        end->waiting_end = packet->tcp_sequence + packet->data_length;
    }
}

/* The other side's data was received up to there. */
static void see_progress(struct vw_tcp_end *end)
{
    end->again_since = 0;
    if (end->waiting == 0 || vw_sequence_delta(end->acknowledged, end->waiting_end) < 0)
        return;
    if (end->waiting > end->largest_confirmed)
        end->largest_confirmed = end->waiting;
    end->waiting = 0;
}

int vw_tcp_connect_see(struct vw_packet_flows *flows, struct vw_flow *flow,
                       const struct vw_pending *packet, int side,
                       const struct vw_tcp_step *step)
{
    struct vw_tcp *tcp = vw_flow_tcp(flow);
    int64_t time = packet->time;
    uint8_t flags = packet->tcp_flags;

    if (flags & VW_TCP_RST) {
        see_reset(flow, packet, side);
        return 0;
    }
    if (flow->ttl[side] == 0)
        flow->ttl[side] = packet->ttl;
    if (step->is_progress)
        see_progress(&tcp->end[!side]);
    if (flags & VW_TCP_SYN) {
        bool is_first = side == VW_ORIGINATOR && !(flags & VW_TCP_ACK);

        return is_first ? see_syn(flows, flow, packet, time)
                        : see_syn_ack(flows, flow, packet, time);
    }
    /* The originator's acknowledgement ends the handshake; so does anything of the
     * responder's behind its SYN-ACK but that SYN-ACK's own company. */
    if ((flags & VW_TCP_ACK) && (side == VW_ORIGINATOR || (flow->seen & VW_SEEN_SYN_ACK)))
        flow->seen |= VW_SEEN_CONFIRMED;
    if (packet->data_length == 0)
        return 0;
    see_sent(&tcp->end[side], packet);
    return step->is_again ? see_again(flows, flow, side, packet->data_length, time) : 0;
}

/* ---- the outcome ---- */

static bool is_waiting(const struct vw_tcp_end *end)
{
    return end->again_since >= STALL &&
           vw_sequence_delta(end->last, end->acknowledged) > (end->has_fin ? 1 : 0);
}

int vw_tcp_stalled(const struct vw_tcp *tcp)
{
    if (is_waiting(&tcp->end[VW_ORIGINATOR]))
        return VW_ORIGINATOR;
    return is_waiting(&tcp->end[VW_RESPONDER]) ? VW_RESPONDER : VW_UNRECORDED;
}

static bool is_too_soon(int64_t since, int64_t end)
{
    return since == VW_TIME_UNKNOWN || end == VW_TIME_UNKNOWN || end < since ||
           end - since < VW_ANSWER_WAIT;
}

static enum vw_talk established(struct vw_flow *flow)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);

    if (vw_tcp_stalled(tcp) != VW_UNRECORDED)
        return VW_TALK_STALLED;
    if (flow->seen & VW_SEEN_RESET)
        return VW_TALK_RESET;
    if (tcp->end[0].has_fin && tcp->end[1].has_fin)
        return VW_TALK_CLOSED;
    return tcp->end[0].has_fin || tcp->end[1].has_fin ? VW_TALK_HALF_CLOSED
                                                      : VW_TALK_OPEN;
}

static enum vw_talk unconfirmed(struct vw_flow *flow, int64_t end)
{
    if (flow->seen & VW_SEEN_ABORT)
        return VW_TALK_ABORTED;
    if (flow->seen & VW_SEEN_RESET)
        return VW_TALK_RESET;
    return is_too_soon(vw_flow_tcp_rest(flow)->syn_ack, end) ? VW_TALK_UNDECIDED
                                                             : VW_TALK_NO_CONFIRMATION;
}

static enum vw_talk unanswered(struct vw_flow *flow, struct vw_talk_context context)
{
    if (flow->seen & VW_SEEN_REFUSAL)
        return VW_TALK_REFUSED;
    if (context.is_rejected)
        return VW_TALK_REJECTED;
    if (vw_flow_rest(flow)->other)
        return VW_TALK_ELSEWHERE;
    if (flow->seen & VW_SEEN_ABORT)
        return VW_TALK_ABORTED;
    /* One that went unanswered for long enough decides, whatever came behind it. */
    return is_too_soon(vw_flow_rest(flow)->first, context.end) ? VW_TALK_UNDECIDED
                                                               : VW_TALK_NO_ANSWER;
}

enum vw_talk vw_tcp_talk(struct vw_flow *flow, struct vw_talk_context context)
{
    bool is_both = flow->packets[0] && flow->packets[1];
    bool syn = flow->seen & VW_SEEN_SYN, syn_ack = flow->seen & VW_SEEN_SYN_ACK;
    bool confirmed = flow->seen & VW_SEEN_CONFIRMED;

    if (flow->seen & VW_SEEN_CUT)
        return VW_TALK_CUT;
    if (syn && syn_ack)
        return confirmed ? established(flow) : unconfirmed(flow, context.end);
    if (syn && confirmed)
        return is_both ? VW_TALK_MIDSTREAM : VW_TALK_ONE_SIDED;
    if (syn)
        return unanswered(flow, context);
    if (!is_both)
        return VW_TALK_ONE_SIDED;
    return syn_ack && confirmed ? established(flow) : VW_TALK_MIDSTREAM;
}
