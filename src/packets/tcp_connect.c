/*
 * Outcomes follow RFC 9293: a reset in answer to a SYN counts only where it acknowledges
 * that SYN, so a blind one changes nothing; and a connection is established for us when
 * both halves of the handshake were seen. See tcp_connect.h.
 */
#include "packets/tcp_connect.h"

#include <vpcwhy/error.h>

/* So many times sent again without progress is a stall. */
enum { STALL = 2 };

static int note_time(struct vw_packet_flows *flows, struct vw_tcp *tcp, int64_t time)
{
    struct vw_times none = {0}, *times;

    if (!tcp->times) {
        if (vw_array_push(&flows->times, none))
            return VW_ERROR_NO_MEMORY;
        tcp->times = (uint32_t)flows->times.count;
    }
    times = &flows->times.items[tcp->times - 1];
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
static bool answers_syn(const struct vw_tcp *tcp, const struct vw_packet *packet)
{
    const struct vw_tcp_end *end = &tcp->end[VW_ORIGINATOR];
    uint32_t relative = packet->tcp_acknowledged - end->start;

    return (packet->tcp_flags & VW_TCP_ACK) && relative >= 1 &&
           vw_sequence_delta(packet->tcp_acknowledged, end->last) <= 0;
}

static int see_syn(struct vw_packet_flows *flows, struct vw_tcp *tcp,
                   const struct vw_packet *packet, int64_t time)
{
    bool is_again = tcp->seen & VW_SEEN_SYN;

    if (packet->mss)
        tcp->end[VW_ORIGINATOR].mss = packet->mss;
    count_16(&tcp->syns);
    tcp->seen |= VW_SEEN_SYN;
    if (!(tcp->seen & VW_SEEN_SYN_ACK))
        tcp->syn = time;
    return is_again ? note_time(flows, tcp, time) : 0;
}

static int see_syn_ack(struct vw_packet_flows *flows, struct vw_tcp *tcp,
                       const struct vw_packet *packet, int64_t time)
{
    bool is_again = tcp->seen & VW_SEEN_SYN_ACK;

    /* A SYN of both sides at once has no ACK. */
    if ((packet->tcp_flags & VW_TCP_ACK) && (tcp->seen & VW_SEEN_SYN) &&
        !answers_syn(tcp, packet))
        return 0;
    if (packet->mss)
        tcp->end[VW_RESPONDER].mss = packet->mss;
    count_16(&tcp->syn_acks);
    if (!is_again)
        tcp->syn_ack = time;
    tcp->seen |= VW_SEEN_SYN_ACK;
    return is_again ? note_time(flows, tcp, time) : 0;
}

static void see_reset(struct vw_tcp *tcp, const struct vw_packet *packet, int side)
{
    bool has_fins = tcp->end[0].has_fin && tcp->end[1].has_fin;

    if (has_fins || (tcp->seen & (VW_SEEN_REFUSAL | VW_SEEN_RESET | VW_SEEN_ABORT)))
        return;
    if ((tcp->seen & VW_SEEN_CONFIRMED) || !(tcp->seen & VW_SEEN_SYN)) {
        tcp->seen |= VW_SEEN_RESET;
    } else if (side == VW_ORIGINATOR) {
        tcp->seen |= VW_SEEN_ABORT;
    } else if (tcp->seen & VW_SEEN_SYN_ACK) {
        tcp->seen |= VW_SEEN_RESET;
    } else if (answers_syn(tcp, packet)) {
        tcp->seen |= VW_SEEN_REFUSAL;
    } else {
        tcp->seen |= VW_SEEN_IGNORED_RESET;
        return;
    }
    tcp->reset_by = (uint8_t)(side + 1);
    tcp->reset_ttl = packet->ttl;
}

/* ---- the stream ---- */

static int see_sent(struct vw_packet_flows *flows, struct vw_tcp *tcp,
                    const struct vw_packet *packet, int side, int64_t time, bool is_again)
{
    struct vw_tcp_end *end = &tcp->end[side];
    uint32_t size = packet->data_length;

    if (size == 0)
        return 0;
    end->largest = size > end->largest ? size : end->largest;
    if (size > end->waiting) {
        end->waiting = size;
        end->waiting_end = packet->tcp_sequence + size;
    }
    if (!is_again)
        return 0;
    end->again_since = (uint8_t)(end->again_since + (end->again_since < UINT8_MAX));
    if (end->again_since == 1 || size < end->again_least)
        end->again_least = size;
    return note_time(flows, tcp, time);
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
                       const struct vw_packet *packet, int side, int64_t time,
                       const struct vw_tcp_step *step)
{
    struct vw_tcp *tcp = vw_flow_tcp(flow);
    uint8_t flags = packet->tcp_flags;

    if (flags & VW_TCP_RST) {
        see_reset(tcp, packet, side);
        return 0;
    }
    if (tcp->end[side].ttl == 0)
        tcp->end[side].ttl = packet->ttl;
    if (step->is_progress)
        see_progress(&tcp->end[!side]);
    if (flags & VW_TCP_SYN) {
        bool is_first = side == VW_ORIGINATOR && !(flags & VW_TCP_ACK);

        return is_first ? see_syn(flows, tcp, packet, time)
                        : see_syn_ack(flows, tcp, packet, time);
    }
    /* The originator's acknowledgement ends the handshake; so does anything of the
     * responder's behind its SYN-ACK but that SYN-ACK's own company. */
    if ((flags & VW_TCP_ACK) && (side == VW_ORIGINATOR || (tcp->seen & VW_SEEN_SYN_ACK)))
        tcp->seen |= VW_SEEN_CONFIRMED;
    return see_sent(flows, tcp, packet, side, time, step->is_again);
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

static enum vw_talk established(const struct vw_tcp *tcp)
{
    if (vw_tcp_stalled(tcp) != VW_UNRECORDED)
        return VW_TALK_STALLED;
    if (tcp->seen & VW_SEEN_RESET)
        return VW_TALK_RESET;
    if (tcp->end[0].has_fin && tcp->end[1].has_fin)
        return VW_TALK_CLOSED;
    return tcp->end[0].has_fin || tcp->end[1].has_fin ? VW_TALK_HALF_CLOSED
                                                      : VW_TALK_OPEN;
}

static enum vw_talk unconfirmed(const struct vw_tcp *tcp, int64_t end)
{
    if (tcp->seen & VW_SEEN_ABORT)
        return VW_TALK_ABORTED;
    if (tcp->seen & VW_SEEN_RESET)
        return VW_TALK_RESET;
    return is_too_soon(tcp->syn_ack, end) ? VW_TALK_UNDECIDED : VW_TALK_NO_CONFIRMATION;
}

static enum vw_talk unanswered(const struct vw_flow *flow, const struct vw_tcp *tcp,
                               struct vw_talk_context context)
{
    if (tcp->seen & VW_SEEN_REFUSAL)
        return VW_TALK_REFUSED;
    if (context.is_rejected)
        return VW_TALK_REJECTED;
    if (tcp->seen & VW_SEEN_ABORT)
        return VW_TALK_ABORTED;
    /* One that went unanswered for long enough decides, whatever came behind it. */
    return is_too_soon(flow->first, context.end) ? VW_TALK_UNDECIDED : VW_TALK_NO_ANSWER;
}

enum vw_talk vw_tcp_talk(const struct vw_flow *flow, const struct vw_tcp *tcp,
                         struct vw_talk_context context)
{
    bool is_both = flow->packets[0] && flow->packets[1];
    bool syn = tcp->seen & VW_SEEN_SYN, syn_ack = tcp->seen & VW_SEEN_SYN_ACK;
    bool confirmed = tcp->seen & VW_SEEN_CONFIRMED;

    if (tcp->seen & VW_SEEN_CUT)
        return VW_TALK_CUT;
    if (syn && syn_ack)
        return confirmed ? established(tcp) : unconfirmed(tcp, context.end);
    if (syn && confirmed)
        return is_both ? VW_TALK_MIDSTREAM : VW_TALK_ONE_SIDED;
    if (syn)
        return unanswered(flow, tcp, context);
    if (!is_both)
        return VW_TALK_ONE_SIDED;
    return syn_ack && confirmed ? established(tcp) : VW_TALK_MIDSTREAM;
}
