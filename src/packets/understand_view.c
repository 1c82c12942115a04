/* Results, one at a time; see vpcwhy/capture.h. */
#include "packets/understand.h"

#include <string.h>

#include "base/address.h"
#include "packets/tcp_connect.h"

const char *vw_talk_slug(enum vw_talk outcome)
{
    static const char *const slugs[] = {
#define VW_X(name, slug, sentence) slug,
        VW_TALK_LIST(VW_X)
#undef VW_X
    };

    return slugs[outcome];
}

const char *vw_talk_sentence(enum vw_talk outcome)
{
    static const char *const sentences[] = {
#define VW_X(name, slug, sentence) sentence,
        VW_TALK_LIST(VW_X)
#undef VW_X
    };

    return sentences[outcome];
}

const struct vw_capture_facts *vw_capture_facts(const struct vw_capture *capture)
{
    return &capture->facts;
}

bool vw_capture_silence_proves(const struct vw_capture_facts *facts)
{
    return !facts->is_damaged && !facts->too_many_flows && facts->dropped == 0 &&
           facts->cut == 0 && facts->malformed == 0 && facts->unread == 0 &&
           facts->orphans == 0 && facts->filtered == 0 && facts->end != VW_TIME_UNKNOWN;
}

void vw_capture_get_place(const struct vw_capture *capture, size_t index,
                          struct vw_capture_place *ret)
{
    *ret = capture->places.items[index];
}

size_t vw_capture_echo_count(const struct vw_capture *capture)
{
    return capture->echoes.series.count;
}

void vw_capture_get_echo(const struct vw_capture *capture, size_t index,
                         struct vw_echo_series *ret)
{
    vw_echo_describe(&capture->echoes, index, capture->facts.end, ret);
}

size_t vw_capture_error_count(const struct vw_capture *capture)
{
    return capture->errors.entries.count;
}

void vw_capture_get_error(const struct vw_capture *capture, size_t index,
                          struct vw_icmp_error *ret)
{
    vw_error_describe(&capture->errors.entries.items[index], ret);
    if (ret->about == VW_ABOUT_CONVERSATION)
        ret->index = vw_packet_flows_number(&capture->flows, (uint32_t)ret->index);
}

size_t vw_capture_conversation_count(const struct vw_capture *capture)
{
    return capture->flows.places.count;
}

/* ---- conversations ---- */

/* Of what is no connection: whether both sides were heard. */
static enum vw_talk exchange_outcome(struct vw_flow *flow, struct vw_talk_context context)
{
    if (flow->packets[VW_ORIGINATOR] && flow->packets[VW_RESPONDER])
        return VW_TALK_ANSWERED;
    if (!flow->packets[VW_ORIGINATOR] || flow->is_one_way)
        return VW_TALK_ONE_SIDED;
    if (context.is_rejected)
        return VW_TALK_REJECTED;
    return vw_flow_rest(flow)->first == VW_TIME_UNKNOWN ||
                   context.end - vw_flow_rest(flow)->first < VW_ANSWER_WAIT
               ? VW_TALK_UNDECIDED
               : VW_TALK_NO_ANSWER;
}

static const char *exchange_state(const struct vw_flow *flow)
{
    if (flow->protocol == VW_PROTOCOL_ICMP || flow->protocol == VW_PROTOCOL_ICMPV6)
        return "OTH";
    if (flow->protocol != VW_PROTOCOL_UDP)
        return NULL;
    if (flow->packets[VW_ORIGINATOR])
        return flow->packets[VW_RESPONDER] ? "SF" : "S0";
    return flow->packets[VW_RESPONDER] ? "SHR" : "OTH";
}

static void describe_end(struct vw_flow *flow, int side, struct vw_conversation *ret)
{
    const struct vw_tcp_end *end = &vw_flow_tcp(flow)->end[side];
    const struct vw_tcp_end_rest *rest = &vw_flow_tcp_rest(flow)->end[side];
    uint64_t confirmed =
        ((uint64_t)rest->acknowledged_laps << 32 | end->acknowledged) - end->start;

    ret->mss[side] = end->mss;
    ret->ttl[side] = flow->ttl[side];
    ret->stream[side] = vw_tcp_stream(flow, side);
    confirmed -= confirmed > 0;
    ret->confirmed[side] = confirmed < ret->stream[side] ? confirmed : ret->stream[side];
    ret->retransmissions[side] = rest->resent;
    ret->zero_windows[side] = rest->zero_windows;
    ret->largest[side] = end->largest;
    ret->largest_confirmed[side] = end->largest_confirmed;
}

/* All that is sent again is larger than what got through, and by far. */
static void describe_stall(struct vw_flow *flow, struct vw_conversation *ret)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);
    int side = vw_tcp_stalled(tcp);
    uint32_t size = vw_flow_tcp_rest(flow)->end[side].again_least;
    enum { LEAST = 400 };

    ret->stalled = side;
    ret->stalled_at = ret->confirmed[side];
    ret->stalled_size = size;
    ret->suspects_mtu = size >= LEAST && size > tcp->end[side].largest_confirmed;
}

/* Who answered, or, of the answer's flow, who was asked. */
static struct vw_address other_address(const struct vw_capture *capture,
                                       struct vw_flow *flow)
{
    struct vw_flow *other =
        vw_packet_flows_at(&capture->flows, vw_flow_rest(flow)->other);
    struct vw_address client =
        vw_packet_flow_address(flow->seen & VW_SEEN_SYN ? flow : other, VW_ORIGINATOR);
    struct vw_address address = vw_packet_flow_address(other, VW_RESPONDER);

    return vw_address_equal(address, client)
               ? vw_packet_flow_address(other, VW_ORIGINATOR)
               : address;
}

static void describe_tcp(const struct vw_capture *capture, struct vw_flow *flow,
                         struct vw_conversation *ret)
{
    const struct vw_tcp_rest *rest = vw_flow_tcp_rest(flow);
    int side;

    ret->conn_state = vw_tcp_state_name(&capture->flows, flow);
    ret->syn_count = rest->syns;
    ret->syn_ack_count = rest->syn_acks;
    ret->reset_ttl = flow->reset_ttl;
    ret->reset_by = flow->reset_by ? flow->reset_by - 1 : VW_UNRECORDED;
    ret->ignored_reset = flow->seen & VW_SEEN_IGNORED_RESET;
    if ((flow->seen & VW_SEEN_SYN) && (flow->seen & VW_SEEN_SYN_ACK) &&
        rest->syn != VW_TIME_UNKNOWN && rest->syn_ack != VW_TIME_UNKNOWN)
        ret->connect_time = rest->syn_ack > rest->syn ? rest->syn_ack - rest->syn : 0;
    for (side = 0; side < VW_SIDES; side++)
        describe_end(flow, side, ret);
    if (vw_flow_rest(flow)->other)
        ret->other = other_address(capture, flow);
    if (rest->times) {
        const struct vw_times *times = &capture->flows.times.items[rest->times - 1];

        ret->time_count = times->count < VW_TIMES_INLINE ? times->count : VW_TIMES_INLINE;
        memcpy(ret->times, times->items, ret->time_count * sizeof *ret->times);
    }
    if (ret->outcome == VW_TALK_STALLED)
        describe_stall(flow, ret);
}

void vw_capture_get_conversation(const struct vw_capture *capture, size_t index,
                                 struct vw_conversation *ret)
{
    struct vw_flow *flow = vw_packet_flows_get(&capture->flows, index);
    const struct vw_flow_rest *rest = vw_flow_rest(flow);
    struct vw_talk_context context = {.end = capture->facts.end};
    char buffer[VW_HISTORY_INLINE + 1];
    uint32_t mtu;
    int side;

    context.is_rejected = vw_errors_reject(&capture->errors, rest->errors, &mtu);
    *ret = (struct vw_conversation){
        .protocol = flow->protocol,
        .originator = vw_packet_flow_address(flow, VW_ORIGINATOR),
        .responder = vw_packet_flow_address(flow, VW_RESPONDER),
        .has_ports = flow->port[0] || flow->port[1],
        .number = rest->number,
        .first = rest->first,
        .last = flow->last,
        .copies = rest->copies,
        .views = rest->views,
        .error_count = rest->error_count,
        .connect_time = VW_UNRECORDED,
        .reset_by = VW_UNRECORDED,
        .stalled = VW_UNRECORDED,
        .reported_mtu = (uint16_t)(mtu < UINT16_MAX ? mtu : UINT16_MAX),
    };
    for (side = 0; side < VW_SIDES; side++) {
        ret->port[side] = flow->port[side];
        ret->packets[side] = flow->packets[side];
        ret->bytes[side] = flow->bytes[side];
        if (flow->protocol != VW_PROTOCOL_TCP)
            ret->data[side] = flow->data[side];
    }
    memcpy(ret->history, vw_flow_history_text(&capture->flows, flow, buffer),
           (size_t)flow->history_size + 1);
    if (flow->protocol == VW_PROTOCOL_TCP) {
        ret->outcome = vw_tcp_talk(flow, context);
        describe_tcp(capture, flow, ret);
        return;
    }
    ret->outcome = exchange_outcome(flow, context);
    ret->conn_state = exchange_state(flow);
}
