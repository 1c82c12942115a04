/*
 * A SYN to one address and a SYN-ACK from another are two flows; the port and the number
 * that the SYN-ACK acknowledges tell that they are one attempt. See tcp_connect.h.
 */
#include "packets/mix.h"
#include "packets/tcp_connect.h"

#include <vpcwhy/error.h>

/* The side that connects, of a flow that has one half of a handshake; else -1. */
static int client_of(struct vw_flow *flow)
{
    const struct vw_tcp *tcp = vw_flow_tcp(flow);

    if (flow->protocol != VW_PROTOCOL_TCP)
        return -1;
    switch (flow->seen & (VW_SEEN_SYN | VW_SEEN_SYN_ACK)) {
    case VW_SEEN_SYN:
        return VW_ORIGINATOR;
    case VW_SEEN_SYN_ACK:
        return tcp->end[VW_ORIGINATOR].state == VW_END_SYN_ACK_SENT ? VW_RESPONDER
                                                                    : VW_ORIGINATOR;
    }
    return -1;
}

/* Address, port and first number of that side. */
static uint64_t hash_client(struct vw_flow *flow, int side)
{
    uint64_t numbers =
        (uint64_t)vw_flow_tcp(flow)->end[side].start << 16 | flow->port[side];

    return vw_mix_address(numbers, vw_packet_flow_address(flow, side));
}

static bool is_same_client(struct vw_flow *a, int a_side, struct vw_flow *b, int b_side)
{
    struct vw_address x = vw_packet_flow_address(a, a_side),
                      y = vw_packet_flow_address(b, b_side);

    return a->port[a_side] == b->port[b_side] && a->port[!a_side] == b->port[!b_side] &&
           vw_flow_tcp(a)->end[a_side].start == vw_flow_tcp(b)->end[b_side].start &&
           x.family == y.family && x.high == y.high && x.low == y.low;
}

static uint64_t hash_of(const void *owner, uint32_t place)
{
    return hash_client(vw_packet_flows_at(owner, place), VW_ORIGINATOR);
}

/* Flows with a SYN and no answer. */
static int index_asking(struct vw_packet_flows *flows, struct vw_index *asking)
{
    size_t i;

    for (i = 0; i < flows->places.count; i++) {
        struct vw_flow *flow = vw_packet_flows_get(flows, i);
        struct vw_index_slot *slot;
        uint64_t hash;

        if (client_of(flow) != VW_ORIGINATOR || !(flow->seen & VW_SEEN_SYN))
            continue;
        if (vw_index_room(asking, hash_of, flows))
            return VW_ERROR_NO_MEMORY;
        hash = hash_client(flow, VW_ORIGINATOR);
        slot = vw_index_first(asking, hash);
        while (slot->number)
            slot = vw_index_next(asking, slot);
        vw_index_put(asking, slot, hash, flows->places.items[i]);
    }
    return 0;
}

static void give_answer(struct vw_packet_flows *flows, const struct vw_index *asking,
                        size_t i)
{
    struct vw_flow *answer = vw_packet_flows_get(flows, i);
    int side = client_of(answer);
    uint64_t hash = hash_client(answer, side);
    struct vw_index_slot *slot = vw_index_first(asking, hash);

    for (; slot->number; slot = vw_index_next(asking, slot)) {
        struct vw_flow *flow;

        if (slot->tag != vw_index_tag(hash))
            continue;
        flow = vw_packet_flows_at(flows, slot->number);
        if (!is_same_client(flow, VW_ORIGINATOR, answer, side))
            continue;
        vw_flow_rest(flow)->other = flows->places.items[i];
        vw_flow_rest(answer)->other = slot->number;
        return;
    }
}

static bool is_answer_only(struct vw_flow *flow)
{
    return client_of(flow) >= 0 && !(flow->seen & VW_SEEN_SYN);
}

int vw_tcp_connect_settle(struct vw_packet_flows *flows)
{
    struct vw_index asking = {0};
    bool any = false;
    size_t i;
    int error;

    for (i = 0; i < flows->places.count && !any; i++)
        any = is_answer_only(vw_packet_flows_get(flows, i));
    error = any ? index_asking(flows, &asking) : 0;
    for (i = 0; i < flows->places.count && !error && asking.count > 0; i++)
        if (is_answer_only(vw_packet_flows_get(flows, i)))
            give_answer(flows, &asking, i);
    vw_index_free(&asking);
    return error;
}
