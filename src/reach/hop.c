/*
 * Components between two ends: how a packet is handed to one and sent on by it. What each
 * of them does with the packet is in the file of its name.
 *
 * A component that translates, or that filters by state, remembers the request: see struct
 * vw_crossing. Its reply is given back the addresses that the request had.
 */
#include "reach/hop.h"

#include "reach/walk.h"

int vw_hop_pass(struct vw_walk *walk, struct vw_packet *packet)
{
    switch (packet->hop.kind) {
    case VW_HOP_NONE:
        break;
    case VW_HOP_NAT_GATEWAY:
        return vw_nat_gateway_pass(walk, packet);
    case VW_HOP_TRANSIT:
        return vw_transit_gateway_enter(walk, packet);
    case VW_HOP_MIDDLEBOX:
        return vw_middlebox_pass(walk, packet);
    case VW_HOP_LOAD_BALANCER:
        return vw_load_balancer_pass(walk, packet);
    case VW_HOP_INTERFACE_ENDPOINT:
        return vw_vpc_endpoint_serve(walk, packet);
    case VW_HOP_INSPECTION:
        return vw_inspection_pass(walk, packet);
    }
    packet->stage = VW_STAGE_ARRIVED;
    return 0;
}

bool vw_hop_has_groups(enum vw_hop_kind kind)
{
    return kind != VW_HOP_NAT_GATEWAY && kind != VW_HOP_TRANSIT &&
           kind != VW_HOP_INSPECTION;
}

void vw_hop_enter(struct vw_packet *packet, struct vw_hop hop, uint32_t interface,
                  uint32_t subnet)
{
    bool stays = packet->subnet == subnet && hop.kind != VW_HOP_TRANSIT;

    packet->hop = hop;
    packet->receiver = interface;
    packet->subnet = subnet;
    packet->stage = VW_STAGE_ACL_IN;
    if (stays)
        packet->stage = vw_hop_has_groups(hop.kind) ? VW_STAGE_GROUP_IN : VW_STAGE_HOP;
}

void vw_hop_leave(struct vw_packet *packet, uint32_t sender, enum vw_stage stage)
{
    packet->hop = (struct vw_hop){VW_HOP_NONE, VW_NONE, false};
    packet->hops++;
    packet->sender = sender;
    packet->receiver = VW_NONE;
    packet->same_subnet = false;
    packet->stage = stage;
}

struct vw_hop vw_hop_at(const struct vw_world *world, uint32_t interface)
{
    const struct vw_interface *object = vw_world_interface(world, interface);
    struct vw_hop hop = {VW_HOP_NONE, object->service, true};

    switch (object->role) {
    case VW_ROLE_NAT_GATEWAY:
        hop.kind = VW_HOP_NAT_GATEWAY;
        break;
    case VW_ROLE_LOAD_BALANCER:
        hop.kind = VW_HOP_LOAD_BALANCER;
        break;
    case VW_ROLE_VPC_ENDPOINT:
        hop.kind = VW_HOP_INTERFACE_ENDPOINT;
        break;
    case VW_ROLE_HOST:
    case VW_ROLE_TRANSIT_GATEWAY:
    case VW_ROLE_OUTBOUND_ONLY:
    case VW_ROLE_OTHER:
        break;
    }
    if (object->service == VW_NONE)
        hop.kind = VW_HOP_NONE;
    return hop;
}

int vw_crossing_add(struct vw_walk *walk, struct vw_packet *packet, uint32_t interface,
                    struct vw_crossing **ret_crossing)
{
    struct vw_crossing *crossing = vw_arena_alloc(walk->arena, sizeof *crossing);

    if (!crossing)
        return VW_ERROR_NO_MEMORY;
    *crossing = (struct vw_crossing){.before = packet->crossings,
                                     .hop = packet->hop,
                                     .interface = interface,
                                     .vpc = packet->vpc,
                                     .subnet = packet->subnet,
                                     .wire = packet->wire,
                                     .translated = packet->translated,
                                     .request_entry = packet->request_entry};
    packet->crossings = crossing;
    *ret_crossing = crossing;
    return 0;
}

const struct vw_crossing *vw_crossing_of(const struct vw_packet *packet,
                                         enum vw_hop_kind kind, uint32_t index)
{
    const struct vw_crossing *crossing = packet->crossings;

    while (crossing && (crossing->hop.kind != kind || crossing->hop.index != index))
        crossing = crossing->before;
    return crossing;
}

bool vw_crossing_has_interface(const struct vw_packet *packet, uint32_t interface)
{
    const struct vw_crossing *crossing = packet->crossings;

    while (crossing && crossing->interface != interface)
        crossing = crossing->before;
    return crossing != NULL;
}

/* One crossing back. Protocols without ports keep theirs: an ICMP type is no port. */
static void undo_one(struct vw_packet *packet, const struct vw_crossing *crossing)
{
    struct vw_box *wire = &packet->wire;
    bool ports = vw_protocol_has_ports(wire->protocol);

    packet->is_single = false;
    if (crossing->changes_source) {
        wire->destination = crossing->wire.source;
        packet->translated.destination = crossing->translated.source;
        if (ports)
            wire->ports = crossing->wire.source_ports;
        packet->translated.ports = crossing->translated.source_ports;
    }
    if (crossing->changes_destination) {
        wire->source = crossing->wire.destination;
        packet->translated.source = crossing->translated.destination;
        if (ports)
            wire->source_ports = crossing->wire.ports;
        packet->translated.source_ports = crossing->translated.ports;
        packet->request_entry = crossing->request_entry;
    }
}

void vw_crossing_undo(struct vw_packet *packet, const struct vw_crossing *crossing)
{
    const struct vw_crossing *end = crossing->before;

    for (; packet->crossings != end; packet->crossings = packet->crossings->before)
        undo_one(packet, packet->crossings);
}
