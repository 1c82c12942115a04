/*
 * What Zeek says: an end's state changes with flags alone, the history notes which kinds of
 * segments came. Neither times nor windows count. See tcp_state.h.
 *
 * We do not forget connections as Zeek does (5 s after an attempt, 5 s after the end, after
 * 5 minutes of silence): a SYN that is sent again after 5 s is the same attempt.
 */
#include "packets/tcp_state.h"

#include "packets/tcp_stream.h"

/* Beyond it a sequence number of a SYN or RST is not trusted. */
#define TOO_FAR 1048576

/* Letters that are noted once, by who sent them. */
enum {
    ONCE_SYN = 1,
    ONCE_FIN = 2,
    ONCE_RST = 4,
    ONCE_DATA = 8,
    ONCE_ACK = 16,
    ONCE_INCONSISTENT = 32,
    ONCE_MULTIPLE = 64,
    FIRST_ORIGINATOR = 1,
    FIRST_RESPONDER = 2
};

struct segment {
    struct vw_packet_flows *flows;
    struct vw_flow *flow;
    struct vw_tcp *tcp;
    struct vw_tcp_rest *rest;
    const struct vw_pending *packet;
    struct vw_tcp_end *end, *peer;
    int side;
    uint8_t flags;
    int error;
};

/* ---- history ---- */

static void note(struct segment *segment, char letter)
{
    if (segment->side == VW_RESPONDER)
        letter = (char)(letter | 32);
    if (!segment->error)
        segment->error = vw_flow_history(segment->flows, segment->flow, letter);
}

/* Whether the letter was there already; notes it where not. */
static bool noted_once(struct segment *segment, unsigned bit, char letter)
{
    uint32_t mask = bit << (segment->side == VW_RESPONDER ? 16 : 0);

    if (segment->flow->once & mask)
        return true;
    segment->flow->once |= mask;
    note(segment, letter);
    return false;
}

/* The 1st, 10th, 100th ... time. */
static bool is_power_of_ten(uint32_t count)
{
    while (count >= 10 && count % 10 == 0)
        count /= 10;
    return count == 1;
}

static void note_scaled(struct segment *segment, uint32_t count, char letter)
{
    if (is_power_of_ten(count))
        note(segment, letter);
}

/* SYN, FIN and RST again where their number is another. */
static void note_flag(struct segment *segment, unsigned bit, char letter, uint32_t number,
                      uint32_t *last)
{
    if (noted_once(segment, bit, letter) && number != *last)
        note(segment, letter);
    *last = number;
}

static void note_flags(struct segment *segment, uint32_t relative)
{
    struct vw_tcp_end_rest *end = &segment->rest->end[segment->side];
    uint32_t size = segment->packet->data_length;
    bool syn = segment->flags & VW_TCP_SYN, fin = segment->flags & VW_TCP_FIN,
         rst = segment->flags & VW_TCP_RST, ack = segment->flags & VW_TCP_ACK;

    if (fin && rst)
        noted_once(segment, ONCE_INCONSISTENT, 'I');
    else if (syn + fin + rst > 1)
        noted_once(segment, ONCE_MULTIPLE, 'Q');
    else if (syn)
        note_flag(segment, ONCE_SYN, ack ? 'H' : 'S', relative, &end->last_syn);
    else if (fin)
        note_flag(segment, ONCE_FIN, 'F', relative + size, &end->last_fin);
    else if (rst)
        note_flag(segment, ONCE_RST, 'R', relative, &end->last_rst);
    else if (size)
        noted_once(segment, ONCE_DATA, 'D');
    else if (ack)
        noted_once(segment, ONCE_ACK, 'A');
}

/* ---- sequence numbers ---- */

static void start_at(struct vw_tcp_end *end, uint32_t start, uint32_t last)
{
    end->start = end->acknowledged = start;
    end->last = last;
}

/* Settles where the numbers of an end begin, as though a SYN had been there. */
static void begin_end(struct segment *segment, uint32_t behind)
{
    struct vw_tcp_end *end = segment->end;
    uint32_t number = segment->packet->tcp_sequence;
    bool syn = segment->flags & VW_TCP_SYN;

    switch ((enum vw_end_state)end->state) {
    case VW_END_INACTIVE:
        if (syn)
            start_at(end, number, behind);
        else
            start_at(end, number - 1, number);
        break;
    case VW_END_SYN_SENT:
    case VW_END_SYN_ACK_SENT:
        if (syn && number != end->start)
            start_at(end, number, behind);
        break;
    case VW_END_PARTIAL:
    case VW_END_ESTABLISHED:
        if (syn)
            start_at(end, number, behind);
        break;
    case VW_END_RESET:
        if (syn && end->previous == VW_END_INACTIVE)
            start_at(end, number, behind);
        break;
    case VW_END_CLOSED:
        break;
    }
}

/* Whether `number` lies before the end's first, as far as can be told: `last` and `laps`
 * say how far the numbers have come. */
static bool is_before(const struct vw_tcp_end *end, uint32_t number, uint32_t last,
                      const uint16_t *laps)
{
    int32_t delta = vw_sequence_delta(number, last);

    if (vw_sequence_delta(number, end->start) >= 0)
        return false;
    if (delta < 0 && number > last)
        return *laps <= 1;
    return *laps == 0 && !(delta > 0 && number < last);
}

static void see_zero_window(struct segment *segment)
{
    if (segment->packet->window == 0 && !(segment->flags & VW_TCP_RST) &&
        segment->peer->state != VW_END_CLOSED && segment->end->state != VW_END_RESET)
        note_scaled(segment, ++segment->rest->end[segment->side].zero_windows, 'W');
}

/* How far the peer's stream was received. True with *ret_relative where the number makes
 * sense. */
static bool see_acknowledged(struct segment *segment, uint32_t *ret_relative)
{
    struct vw_tcp_end *peer = segment->peer;
    uint16_t *laps = &segment->rest->end[!segment->side].acknowledged_laps;
    uint32_t number = segment->packet->tcp_acknowledged;
    int32_t delta;

    if (peer->state == VW_END_INACTIVE) {
        start_at(peer, number - 1, number - 1);
        *ret_relative = 1;
        return true;
    }
    if (is_before(peer, number, peer->acknowledged, laps)) {
        *ret_relative = 0;
        return false;
    }
    *ret_relative = number - peer->start;
    delta = vw_sequence_delta(number, peer->acknowledged);
    if (!(segment->flags & VW_TCP_RST) && delta > 0 &&
        !(number == 0 && delta > TOO_FAR)) {
        if (number < peer->acknowledged)
            ++*laps;
        peer->acknowledged = number;
    }
    return true;
}

static void move_last(struct segment *segment, uint32_t number)
{
    if (number < segment->end->last)
        segment->rest->end[segment->side].last_laps++;
    segment->end->last = number;
}

/* True where the data had been sent before. */
static bool see_last(struct segment *segment, uint32_t behind)
{
    struct vw_tcp_end *end = segment->end;
    int32_t delta = vw_sequence_delta(behind, end->last);

    if ((segment->flags & (VW_TCP_SYN | VW_TCP_RST)) &&
        (delta > TOO_FAR || delta < -TOO_FAR))
        return false;
    /* Of a stream of more than 2 GiB nothing but SYN and FIN may have been seen. */
    if (((segment->flags & VW_TCP_FIN) && end->last == end->start + 1) ||
        (end->state != VW_END_RESET && delta > 0)) {
        move_last(segment, behind);
        return false;
    }
    if (end->state == VW_END_RESET || segment->packet->data_length == 0)
        return false;
    note_scaled(segment, ++segment->rest->end[segment->side].again, 'T');
    return true;
}

/* ---- states ---- */

static void set_state(struct vw_tcp_end *end, enum vw_end_state state)
{
    if (end->state == state)
        return;
    end->previous = end->state;
    end->state = (uint8_t)state;
}

/* The SYN of a SYN and SYN-ACK that were recorded in the wrong order. */
static void turn_round(struct segment *segment)
{
    struct vw_tcp *tcp = segment->tcp;
    uint8_t seen = segment->flow->first_seen;

    vw_flow_flip(segment->flow);
    segment->flow->first_seen =
        (uint8_t)((seen & FIRST_ORIGINATOR ? FIRST_RESPONDER : 0) |
                  (seen & FIRST_RESPONDER ? FIRST_ORIGINATOR : 0));
    segment->flow->is_partial = false;
    segment->side = !segment->side;
    segment->end = &tcp->end[segment->side];
    segment->peer = &tcp->end[!segment->side];
    if (!segment->error)
        segment->error = vw_flow_history(segment->flows, segment->flow, '^');
    set_state(segment->peer, VW_END_ESTABLISHED);
    segment->flow->first_seen |= FIRST_ORIGINATOR;
}

static void first_syn(struct segment *segment)
{
    bool ack = segment->flags & VW_TCP_ACK;

    if (segment->side == VW_ORIGINATOR) {
        set_state(segment->end, ack ? VW_END_SYN_ACK_SENT : VW_END_SYN_SENT);
        return;
    }
    if (!ack && segment->peer->state == VW_END_SYN_ACK_SENT &&
        segment->packet->tcp_sequence == segment->end->start)
        turn_round(segment);
    if (segment->peer->state == VW_END_SYN_SENT)
        set_state(segment->peer, VW_END_ESTABLISHED);
    set_state(segment->end, VW_END_ESTABLISHED);
}

/* The first segment of an end, without a flag that tells its state. */
static void first_plain(struct segment *segment)
{
    if (segment->side == VW_RESPONDER && segment->packet->data_length == 0 &&
        segment->peer->state == VW_END_SYN_SENT)
        return; /* some acknowledge a SYN before they answer it */
    if ((segment->flags & VW_TCP_ACK) && segment->peer->state == VW_END_ESTABLISHED) {
        set_state(segment->end, VW_END_ESTABLISHED);
        segment->flow->is_partial = false;
        segment->flow->first_seen |=
            segment->side == VW_ORIGINATOR ? FIRST_ORIGINATOR : FIRST_RESPONDER;
        return;
    }
    set_state(segment->end, VW_END_PARTIAL);
}

static void when_inactive(struct segment *segment)
{
    if (segment->flags & VW_TCP_SYN)
        first_syn(segment);
    if (segment->flags & VW_TCP_FIN)
        set_state(segment->end, VW_END_CLOSED);
    if (segment->flags & VW_TCP_RST)
        set_state(segment->end, VW_END_RESET);
    if (segment->end->state == VW_END_INACTIVE)
        first_plain(segment);
}

static void when_established(struct segment *segment)
{
    struct vw_tcp_end *end = segment->end, *peer = segment->peer;
    bool rst = segment->flags & VW_TCP_RST;

    if ((segment->flags & VW_TCP_SYN) && end->state == VW_END_PARTIAL &&
        peer->state == VW_END_INACTIVE && !(segment->flags & VW_TCP_ACK))
        set_state(end, VW_END_SYN_SENT);
    if ((segment->flags & VW_TCP_FIN) && !rst) {
        set_state(end, VW_END_CLOSED);
        /* A FIN and then a RST is how some end. */
        if (peer->state == VW_END_RESET && peer->previous == VW_END_CLOSED)
            set_state(peer, VW_END_CLOSED);
    }
    if (rst)
        set_state(end, VW_END_RESET);
}

static void change_state(struct segment *segment)
{
    struct vw_tcp_end *end = segment->end;

    switch ((enum vw_end_state)end->state) {
    case VW_END_INACTIVE:
        when_inactive(segment);
        break;
    case VW_END_SYN_SENT:
    case VW_END_SYN_ACK_SENT:
        if (segment->flags & VW_TCP_FIN)
            set_state(end, VW_END_CLOSED);
        if (segment->flags & VW_TCP_RST)
            set_state(end, VW_END_RESET);
        break;
    case VW_END_ESTABLISHED:
    case VW_END_PARTIAL:
        when_established(segment);
        break;
    case VW_END_CLOSED:
        if ((segment->flags & VW_TCP_RST) && segment->peer->state != VW_END_CLOSED)
            set_state(end, VW_END_RESET);
        break;
    case VW_END_RESET:
        break;
    }
}

/* ---- a segment ---- */

static void set_partial(struct segment *segment)
{
    struct vw_flow *flow = segment->flow;
    bool syn = segment->flags & VW_TCP_SYN;

    if (segment->side == VW_ORIGINATOR) {
        if (!(flow->first_seen & FIRST_ORIGINATOR))
            flow->is_partial = !syn || (segment->flags & VW_TCP_ACK);
    } else if (!(flow->first_seen & FIRST_RESPONDER) && !flow->is_partial) {
        flow->is_partial = !syn;
    }
}

/* Gaps are noted of connections that are established, or closing cleanly. */
static bool is_clean(const struct vw_tcp_end *end)
{
    return end->state == VW_END_ESTABLISHED ||
           (end->state == VW_END_CLOSED && end->previous == VW_END_ESTABLISHED);
}

static void see_gaps(struct segment *segment, uint32_t relative)
{
    uint32_t gaps = vw_tcp_stream_confirm(&segment->flows->holes, segment->flow,
                                          !segment->side, relative);
    char letter = segment->side == VW_ORIGINATOR ? 'g' : 'G';

    for (; gaps > 0 && is_clean(segment->end) && is_clean(segment->peer); gaps--)
        if (is_power_of_ten(++segment->rest->end[!segment->side].gaps) && !segment->error)
            segment->error = vw_flow_history(segment->flows, segment->flow, letter);
}

static void see_data(struct segment *segment, uint32_t relative, bool is_before_start)
{
    const struct vw_pending *packet = segment->packet;

    if (packet->data_length == 0 || (segment->flags & VW_TCP_RST) || is_before_start ||
        packet->is_snapped || segment->error)
        return;
    segment->error = vw_tcp_stream_add(
        &segment->flows->holes, segment->flow, segment->side,
        relative + ((segment->flags & VW_TCP_SYN) != 0), packet->data_length);
}

int vw_tcp_state_see(struct vw_packet_flows *flows, struct vw_flow *flow,
                     const struct vw_pending *packet, int side,
                     struct vw_tcp_step *ret_step)
{
    struct vw_tcp *tcp = vw_flow_tcp(flow);
    struct segment segment = {.flows = flows,
                              .flow = flow,
                              .tcp = tcp,
                              .rest = vw_flow_tcp_rest(flow),
                              .packet = packet,
                              .end = &tcp->end[side],
                              .peer = &tcp->end[!side],
                              .side = side,
                              .flags = packet->tcp_flags};
    bool syn = packet->tcp_flags & VW_TCP_SYN, fin = packet->tcp_flags & VW_TCP_FIN;
    uint32_t size = (packet->tcp_flags & VW_TCP_RST ? 0 : packet->data_length) +
                    (uint32_t)syn + (uint32_t)fin;
    uint32_t behind = packet->tcp_sequence + size, relative, confirmed = 0, before;
    bool is_before_start;

    set_partial(&segment);
    begin_end(&segment, behind);
    relative = packet->tcp_sequence - segment.end->start;
    is_before_start = is_before(segment.end, packet->tcp_sequence, segment.end->last,
                                &segment.rest->end[side].last_laps);
    note_flags(&segment, relative);
    see_zero_window(&segment);
    if (fin) {
        segment.end->has_fin = true;
        segment.rest->end[side].fin = relative + size;
    }
    before = segment.peer->acknowledged;
    if (packet->tcp_flags & VW_TCP_ACK)
        see_acknowledged(&segment, &confirmed);
    ret_step->is_progress = segment.peer->acknowledged != before;
    ret_step->is_again = see_last(&segment, behind) && !syn;
    change_state(&segment);
    ret_step->was_flipped = segment.side != side;
    if (packet->tcp_flags & VW_TCP_ACK)
        see_gaps(&segment, confirmed);
    flow->first_seen |=
        segment.side == VW_ORIGINATOR ? FIRST_ORIGINATOR : FIRST_RESPONDER;
    see_data(&segment, relative, is_before_start);
    return segment.error;
}
