/*
 * What would mend a route table: a route to the peer VPC's CIDR, as AWS's own guides write
 * it, by what joins the two VPCs already, else by a new peering; a route for one address
 * only where the way leads to the internet.
 */
#include "reach/repair.h"

#include "reach/route_table.h"

#include <string.h>

/* The table that sent the packet there: the last route table mark before `mark`. */
static bool table_before(const struct vw_world *world, const struct vw_mark *mark,
                         uint32_t *ret_table)
{
    for (; mark; mark = mark->previous)
        if (mark->kind == VW_STEP_ROUTE_TABLE && mark->object &&
            mark->object->kind == VW_OBJECT_ROUTE_TABLE)
            return vw_repair_index(world, mark->object, ret_table);
    return false;
}

static bool has_same_route(const struct vw_world *world, uint32_t table,
                           struct vw_prefix destination)
{
    const struct vw_route_table *object = vw_world_route_table(world, table);
    size_t i;

    for (i = 0; i < object->route_count; i++)
        if (object->routes[i].prefix_list == VW_NONE &&
            vw_prefix_equal(object->routes[i].destination, destination))
            return true;
    return false;
}

static int add_route(const struct vw_world *world, uint32_t table,
                     struct vw_prefix destination, enum vw_target_kind kind,
                     const char *target_id, uint32_t target, struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ROUTE, .object = table};

    change.replaces = has_same_route(world, table, destination);
    change.route = (struct vw_route){.destination = destination,
                                     .prefix_list = VW_NONE,
                                     .target_kind = kind,
                                     .target_id = target_id,
                                     .target = target,
                                     .state = VW_ROUTE_ACTIVE,
                                     .origin = VW_ORIGIN_STATIC};
    return vw_array_push(changes, change);
}

static bool joins(const struct vw_peering *peering, uint32_t a, uint32_t b)
{
    return peering->object.exported &&
           ((peering->requester.vpc == a && peering->accepter.vpc == b) ||
            (peering->requester.vpc == b && peering->accepter.vpc == a));
}

/* An active peering of the two VPCs, else one that waits to be accepted. */
static uint32_t find_peering(const struct vw_world *world, uint32_t a, uint32_t b,
                             const char *state)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_PEERING); i++) {
        const struct vw_peering *peering = vw_world_peering(world, i);
        if (joins(peering, a, b) && peering->state && strcmp(peering->state, state) == 0)
            return i;
    }
    return VW_NONE;
}

static bool cidrs_overlap(const struct vw_vpc *a, const struct vw_vpc *b)
{
    size_t i, j;

    for (i = 0; i < a->cidr_count; i++)
        for (j = 0; j < b->cidr_count; j++)
            if (vw_prefix_covers(a->cidrs[i], b->cidrs[j]) ||
                vw_prefix_covers(b->cidrs[j], a->cidrs[i]))
                return true;
    return false;
}

/* A peering that joins the two VPCs, made or accepted if need be. VW_NONE where there can
 * be none: AWS does not peer VPCs whose CIDRs overlap. */
static int ensure_peering(const struct vw_world *world, uint32_t a, uint32_t b,
                          struct vw_changes *changes, uint32_t *ret_peering,
                          const char **ret_id)
{
    struct vw_change change = {.kind = VW_CHANGE_ACCEPT_PEERING};

    *ret_peering = find_peering(world, a, b, "active");
    if (*ret_peering == VW_NONE) {
        *ret_peering = find_peering(world, a, b, "pending-acceptance");
        change.object = *ret_peering;
        if (*ret_peering != VW_NONE && vw_array_push(changes, change))
            return VW_ERROR_NO_MEMORY;
    }
    if (*ret_peering != VW_NONE) {
        *ret_id = vw_world_peering(world, *ret_peering)->object.id;
        return 0;
    }
    if (cidrs_overlap(vw_world_vpc(world, a), vw_world_vpc(world, b)))
        return 0;
    change = (struct vw_change){.kind = VW_CHANGE_NEW_PEERING, .object = a, .other = b};
    *ret_peering = vw_world_count(world, VW_OBJECT_PEERING);
    *ret_id = VW_NEW_PEERING_ID;
    return vw_array_push(changes, change);
}

/* A route more specific than the VPC's CIDR decided: it would beat a new one, so it is
 * the one to replace. */
static void sharpen(const struct vw_mark *mark, struct vw_prefix *cidr)
{
    const struct vw_route *route;

    while (mark && mark->kind != VW_STEP_ROUTE_TABLE)
        mark = mark->previous;
    route = mark ? mark->rule : NULL;
    if (route && route->prefix_list == VW_NONE && route->target_kind != VW_TARGET_LOCAL &&
        vw_prefix_covers(*cidr, route->destination))
        *cidr = route->destination;
}

static int route_by_peering(const struct vw_world *world, uint32_t table, uint32_t there,
                            const struct vw_mark *mark, struct vw_changes *changes)
{
    struct vw_address destination = mark->box.destination.first;
    uint32_t here = vw_world_route_table(world, table)->vpc, peering;
    struct vw_prefix cidr;
    const char *id;
    int error;

    if (here == VW_NONE || here == there ||
        !vw_vpc_contains(vw_world_vpc(world, there), destination, &cidr))
        return 0;
    sharpen(mark, &cidr);
    error = ensure_peering(world, here, there, changes, &peering, &id);
    if (error || peering == VW_NONE)
        return error;
    return add_route(world, table, cidr, VW_TARGET_PEERING, id, peering, changes);
}

/* To the internet, by the NAT gateway `nat` or, for VW_NONE, the internet gateway. */
static int route_by_gateway(const struct vw_world *world, uint32_t table,
                            struct vw_address_range destination, uint32_t nat,
                            struct vw_changes *changes)
{
    uint32_t vpc = vw_world_route_table(world, table)->vpc, target = nat;
    enum vw_target_kind kind = VW_TARGET_NAT_GATEWAY;
    struct vw_prefix prefixes[VW_REPAIR_PREFIXES];
    size_t i, count = vw_repair_split(destination, prefixes);
    enum vw_family family = destination.first.family;
    const char *id;
    int error = 0;

    if (vpc == VW_NONE || !vw_address_is_public(destination.first))
        return 0;
    if (nat == VW_NONE) {
        target = vw_world_vpc(world, vpc)->internet_gateway;
        kind = VW_TARGET_INTERNET_GATEWAY;
    }
    if (target == VW_NONE)
        return 0;
    id = nat == VW_NONE ? vw_world_internet_gateway(world, target)->object.id
                        : vw_world_nat_gateway(world, target)->object.id;
    if (count == 0 || prefixes[0].length < 8) {
        prefixes[0] = (struct vw_prefix){{0, 0, family}, 0};
        count = 1;
    }
    for (i = 0; i < count && !error; i++)
        error = add_route(world, table, prefixes[i], kind, id, target, changes);
    return error;
}

/* By the transit gateway that joins the two VPCs already. */
static int route_by_transit(const struct vw_world *world, uint32_t table, uint32_t there,
                            uint32_t gateway, const struct vw_mark *mark,
                            struct vw_changes *changes)
{
    struct vw_prefix cidr;

    if (!vw_vpc_contains(vw_world_vpc(world, there), mark->box.destination.first, &cidr))
        return 0;
    sharpen(mark, &cidr);
    return add_route(world, table, cidr, VW_TARGET_TRANSIT_GATEWAY,
                     vw_world_transit_gateway(world, gateway)->object.id, gateway,
                     changes);
}

/* To the goal's VPC by what joins the two: a peering, a transit gateway, or else a
 * peering that is made. */
static int route_to_vpc(const struct vw_world *world, uint32_t table, uint32_t there,
                        const struct vw_mark *mark, struct vw_changes *changes)
{
    uint32_t here = vw_world_route_table(world, table)->vpc;
    uint32_t gateway = VW_NONE;

    if (here != VW_NONE && here != there &&
        find_peering(world, here, there, "active") == VW_NONE)
        gateway = vw_repair_find_transit(world, here, there);
    if (gateway != VW_NONE)
        return route_by_transit(world, table, there, gateway, mark, changes);
    return route_by_peering(world, table, there, mark, changes);
}

/* A public NAT gateway of the VPC that a host without a public address may use. */
static uint32_t find_nat(const struct vw_world *world, const struct vw_packet *packet,
                         const struct vw_mark *mark, uint32_t vpc)
{
    const struct vw_owner *owner = vw_owner_in_vpc(world, vpc, mark->box.source);
    uint32_t i, subnet = VW_NONE;

    if (mark->direction == VW_RETURN || packet->a == VW_NONE ||
        mark->box.destination.first.family != VW_FAMILY_IPV4)
        return VW_NONE;
    if (owner) {
        const struct vw_interface *interface =
            vw_world_interface(world, owner->interface);
        subnet = interface->subnet;
        if (interface->addresses[owner->entry].public_address.family != VW_FAMILY_NONE)
            return VW_NONE;
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_NAT_GATEWAY); i++) {
        const struct vw_nat_gateway *gateway = vw_world_nat_gateway(world, i);
        if (gateway->object.exported && gateway->vpc == vpc && !gateway->is_private &&
            gateway->state && strcmp(gateway->state, "available") == 0 &&
            gateway->subnet != subnet)
            return i;
    }
    return VW_NONE;
}

int vw_repair_route(const struct vw_world *world, const struct vw_packet *packet,
                    const struct vw_mark *mark, struct vw_changes *changes)
{
    uint32_t goal = mark->direction == VW_FORWARD ? packet->b : packet->a;
    struct vw_address destination = mark->box.destination.first;
    uint32_t table, nat;

    if (mark->reason == VW_REASON_BAD_STATE_ROUTE &&
        vw_route_waits_for_peering(world, mark->rule)) {
        struct vw_change change = {.kind = VW_CHANGE_ACCEPT_PEERING};
        change.object = ((const struct vw_route *)mark->rule)->target;
        return vw_array_push(changes, change);
    }
    if (!table_before(world, mark, &table))
        return 0;
    if (goal != VW_NONE && !vw_address_is_public(destination))
        return route_to_vpc(world, table, vw_world_interface(world, goal)->vpc, mark,
                            changes);
    /* Globally unique addresses of a peered VPC: IPv6, and public IPv4 used inside. */
    if (goal != VW_NONE) {
        uint32_t here = vw_world_route_table(world, table)->vpc;
        uint32_t there = vw_world_interface(world, goal)->vpc;
        if (find_peering(world, here, there, "active") != VW_NONE &&
            vw_vpc_contains(vw_world_vpc(world, there), destination, NULL))
            return route_by_peering(world, table, there, mark, changes);
    }
    nat = find_nat(world, packet, mark, vw_world_route_table(world, table)->vpc);
    return route_by_gateway(world, table, mark->box.destination, nat, changes);
}

int vw_repair_peering(const struct vw_world *world, const struct vw_packet *packet,
                      const struct vw_mark *mark, struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ACCEPT_PEERING};
    const struct vw_peering *peering = (const struct vw_peering *)mark->object;

    if (peering->state && strcmp(peering->state, "pending-acceptance") == 0 &&
        vw_repair_index(world, mark->object, &change.object))
        return vw_array_push(changes, change);
    return vw_repair_route(world, packet, mark, changes);
}
