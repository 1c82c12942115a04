/*
 * What AWS says: a reply is a packet like any other to routes and network ACLs, with
 * addresses and ports swapped; only security groups remember the request. An echo request
 * (ICMP type 8, ICMPv6 128) is answered by an echo reply (0, 129).
 *
 * What we do: turn the packet round where the request arrived, and walk it back to the
 * interface that sent the request. Where the request did not arrive, the reply is walked
 * all the same, as a question of "what if", so that its blockers show too. Messages that
 * are never answered (ICMP errors, protocols without a known reply) are walked one way.
 */
#include "reach/hop.h"

static bool swap_icmp(struct vw_box *wire)
{
    bool v6 = wire->protocol == VW_ICMPV6;
    uint16_t request = v6 ? 128 : 8, reply = v6 ? 129 : 0;

    if (wire->source_ports.first != request || wire->source_ports.last != request)
        return false;
    wire->source_ports = (struct vw_port_range){reply, reply};
    return true;
}

/* The reply to `wire`, in place; false where none is due. */
static bool turn_round(struct vw_box *wire)
{
    struct vw_address_range source = wire->source;
    struct vw_port_range source_ports = wire->source_ports;

    if (vw_protocol_is_icmp(wire->protocol)) {
        if (!swap_icmp(wire))
            return false;
    } else {
        wire->source_ports = wire->ports;
        wire->ports = source_ports;
    }
    wire->source = wire->destination;
    wire->destination = source;
    return true;
}

static void end_request(struct vw_packet *packet)
{
    packet->b = packet->outside ? VW_NONE : packet->receiver;
}

/* Where the reply begins. It is addressed to whoever the request seemed to come from. */
static void place_reply(struct vw_packet *packet)
{
    const struct vw_translated *request = &packet->translated;

    packet->translated = (struct vw_translated){.source = request->destination,
                                                .destination = request->source,
                                                .source_ports = request->ports,
                                                .ports = request->source_ports};
    packet->direction = VW_RETURN;
    packet->request_lost = packet->hypothetical || packet->blocked;
    packet->hypothetical = false;
    packet->identity = packet->b != VW_NONE;
    packet->receiver = VW_NONE;
    packet->sender = packet->b;
    packet->same_subnet = false;
    packet->hops = 0;
    packet->hop = (struct vw_hop){VW_HOP_NONE, VW_NONE, false};
    packet->route_table = packet->zone_of = VW_NONE;
    packet->forwarded = false;
}

/* The reply of a host outside enters where the request left; a gateway endpoint hands it
 * straight to the subnet that it is addressed to. A request that never got out
 * has no public address to be answered at: its reply meets the sender's subnet at once. */
static void place_outside_reply(const struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_interface *a;

    packet->outside = false;
    if (!packet->request_lost && packet->request_exit.kind == VW_TARGET_ENDPOINT) {
        packet->subnet = VW_NONE;
        packet->stage = VW_STAGE_DELIVER;
        return;
    }
    if (!packet->request_lost) {
        bool customer = packet->request_exit.kind == VW_TARGET_VPN_GATEWAY ||
                        packet->request_exit.kind == VW_TARGET_TRANSIT_GATEWAY;
        packet->stage = customer ? VW_STAGE_CUSTOMER_NETWORK : VW_STAGE_INTERNET;
        return;
    }
    if (packet->a == VW_NONE) {
        packet->stage = VW_STAGE_DONE;
        return;
    }
    a = vw_world_interface(walk->world, packet->a);
    packet->receiver = packet->a;
    packet->vpc = a->vpc;
    packet->subnet = a->subnet;
    packet->stage = VW_STAGE_ACL_IN;
}

int vw_reply_begin(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->stage = VW_STAGE_DONE;
    if (packet->direction == VW_RETURN)
        return vw_inspection_check_reply(walk, packet);
    end_request(packet);
    if (walk->one_way || packet->same_host || !turn_round(&packet->wire))
        return 0;
    place_reply(packet);
    if (packet->b == VW_NONE)
        place_outside_reply(walk, packet);
    else
        packet->stage = VW_STAGE_GROUP_OUT;
    return 0;
}
