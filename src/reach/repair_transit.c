/*
 * What would mend a transit gateway: a propagation or a route in its route table, an
 * association, a subnet of the attachment in the sender's zone, IPv6 at the attachment.
 */
#include "reach/repair.h"

#include <string.h>

static bool is_live(const struct vw_transit_attachment *attachment)
{
    return attachment->object.exported && attachment->state &&
           strcmp(attachment->state, "available") == 0;
}

/* The attachment of the VPC to the gateway, or VW_NONE. */
static uint32_t attachment_of(const struct vw_world *world, uint32_t gateway,
                              uint32_t vpc)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        const struct vw_transit_attachment *attachment =
            vw_world_transit_attachment(world, i);
        if (is_live(attachment) && attachment->attachment_kind == VW_ATTACHMENT_VPC &&
            attachment->gateway == gateway && attachment->vpc == vpc)
            return i;
    }
    return VW_NONE;
}

/* The attachment of `gateway` that leads to the VPC: its own, or a peering's. */
static uint32_t way_to(const struct vw_world *world, uint32_t gateway, uint32_t vpc)
{
    uint32_t direct = attachment_of(world, gateway, vpc), i;

    if (direct != VW_NONE)
        return direct;
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        const struct vw_transit_attachment *attachment =
            vw_world_transit_attachment(world, i);
        if (is_live(attachment) && attachment->attachment_kind == VW_ATTACHMENT_PEERING &&
            attachment->gateway == gateway && attachment->peer_gateway != VW_NONE &&
            attachment_of(world, attachment->peer_gateway, vpc) != VW_NONE)
            return i;
    }
    return VW_NONE;
}

uint32_t vw_repair_find_transit(const struct vw_world *world, uint32_t here,
                                uint32_t there)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        const struct vw_transit_attachment *attachment =
            vw_world_transit_attachment(world, i);
        if (is_live(attachment) && attachment->attachment_kind == VW_ATTACHMENT_VPC &&
            attachment->vpc == here && attachment->gateway != VW_NONE &&
            way_to(world, attachment->gateway, there) != VW_NONE)
            return attachment->gateway;
    }
    return VW_NONE;
}

/* The VPC that the packet is to reach, and its CIDR of that address. */
static uint32_t goal_of(const struct vw_world *world, const struct vw_packet *packet,
                        const struct vw_mark *mark, struct vw_prefix *ret_cidr)
{
    struct vw_address address = mark->box.destination.first;
    uint32_t interface = mark->direction == VW_FORWARD ? packet->b : packet->a;

    if (interface != VW_NONE) {
        uint32_t vpc = vw_world_interface(world, interface)->vpc;
        if (vw_vpc_contains(vw_world_vpc(world, vpc), address, ret_cidr))
            return vpc;
    }
    return vw_vpc_of_address(world, address, ret_cidr);
}

static bool has_same_route(const struct vw_transit_table *table,
                           struct vw_prefix destination)
{
    size_t i;

    for (i = 0; i < table->route_count; i++)
        if (table->routes[i].prefix_list == VW_NONE && !table->routes[i].propagated &&
            vw_prefix_equal(table->routes[i].destination, destination))
            return true;
    return false;
}

/* The route that dropped the packet, where it is more specific than the CIDR. */
static void sharpen(const struct vw_mark *mark, struct vw_prefix *cidr)
{
    const struct vw_transit_route *route = mark->rule;

    if (route && route->prefix_list == VW_NONE &&
        vw_prefix_covers(*cidr, route->destination))
        *cidr = route->destination;
}

static int repair_table(const struct vw_world *world, const struct vw_packet *packet,
                        const struct vw_mark *mark, struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_TRANSIT_ROUTE};
    const struct vw_transit_table *table;
    uint32_t goal;

    if (!vw_repair_index(world, mark->object, &change.object))
        return 0;
    table = vw_world_transit_table(world, change.object);
    goal = goal_of(world, packet, mark, &change.route.destination);
    if (goal == VW_NONE || table->gateway == VW_NONE)
        return 0;
    change.other = way_to(world, table->gateway, goal);
    if (change.other == VW_NONE)
        return 0;
    if (mark->reason == VW_REASON_TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT &&
        vw_world_transit_attachment(world, change.other)->attachment_kind ==
            VW_ATTACHMENT_VPC)
        change.kind = VW_CHANGE_TRANSIT_PROPAGATION;
    sharpen(mark, &change.route.destination);
    change.replaces = has_same_route(table, change.route.destination);
    return vw_array_push(changes, change);
}

/* The table of the same gateway that most attachments use would do, if it has a way. */
static int repair_association(const struct vw_world *world, const struct vw_mark *mark,
                              struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_TRANSIT_ASSOCIATION};
    const struct vw_transit_attachment *attachment;
    uint32_t i;

    if (!vw_repair_index(world, mark->object, &change.object))
        return 0;
    attachment = vw_world_transit_attachment(world, change.object);
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_TABLE); i++) {
        const struct vw_transit_table *table = vw_world_transit_table(world, i);
        if (!table->object.exported || table->gateway != attachment->gateway ||
            !table->routes_exported)
            continue;
        change.other = i;
        return vw_array_push(changes, change);
    }
    return 0;
}

/* The sender's own subnet is in its zone. */
static int repair_zone(const struct vw_world *world, const struct vw_mark *mark,
                       struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ATTACHMENT_SUBNET};

    if (!vw_repair_index(world, mark->object, &change.object) ||
        !vw_repair_index(world, mark->other, &change.other))
        return 0;
    return vw_array_push(changes, change);
}

static int repair_ipv6(const struct vw_world *world, const struct vw_mark *mark,
                       struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ATTACHMENT_IPV6};

    if (!vw_repair_index(world, mark->object, &change.object))
        return 0;
    return vw_array_push(changes, change);
}

int vw_repair_transit(const struct vw_world *world, const struct vw_packet *packet,
                      const struct vw_mark *mark, struct vw_changes *changes)
{
    if (mark->reason == VW_REASON_TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION)
        return repair_association(world, mark, changes);
    if (mark->reason == VW_REASON_TGW_ROUTE_AZ_RESTRICTION)
        return repair_zone(world, mark, changes);
    if (mark->reason == VW_REASON_VW_ATTACHMENT_WITHOUT_IPV6)
        return repair_ipv6(world, mark, changes);
    return repair_table(world, packet, mark, changes);
}
