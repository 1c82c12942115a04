/*
 * A second, naive evaluator: one IPv4 packet, plain loops over the whole world, no boxes,
 * no indexes, and no code of src/reach. It stops at the first thing that drops the packet.
 * It knows instances, groups, ACLs, local routes, peerings and internet gateways.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include <stdbool.h>
#include <string.h>

#include "base/address.h"
#include "world/world.h"

struct naive {
    struct vw_address source, destination;
    int protocol;
    uint16_t source_port, port; /* ICMP: type and code */
    uint32_t sender, receiver;  /* interfaces, VW_NONE outside */
    bool reply;
    bool keeps_identity;
    bool came_by_gateway; /* the request entered B's VPC from the internet */
};

static const struct vw_interface *naive_interface(const struct vw_world *world,
                                                  uint32_t index)
{
    return vw_world_interface(world, index);
}

static bool naive_alive(const struct vw_world *world, uint32_t index)
{
    const struct vw_interface *interface = naive_interface(world, index);

    return strcmp(vw_world_instance(world, interface->instance)->state, "running") == 0 &&
           strcmp(interface->attachment, "attached") == 0;
}

/* Who has `address`, privately in `vpc`, or publicly (VW_NONE as `vpc`). */
static uint32_t naive_owner(const struct vw_world *world, uint32_t vpc,
                            struct vw_address address)
{
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = naive_interface(world, i);
        for (j = 0; j < interface->address_count; j++) {
            const struct vw_interface_address *entry = &interface->addresses[j];
            if (vpc == VW_NONE && vw_address_equal(entry->public_address, address))
                return i;
            if (interface->vpc == vpc && vw_address_equal(entry->prefix.address, address))
                return i;
        }
    }
    return VW_NONE;
}

static bool naive_ports(const struct naive *packet, int protocol, int from, int to)
{
    if (protocol == -1)
        return true;
    if (protocol != packet->protocol)
        return false;
    if (protocol == 1)
        return from == -1 ||
               (from == packet->source_port && (to == -1 || to == packet->port));
    return from == -1 || (packet->port >= from && packet->port <= to);
}

static bool naive_member(const struct vw_world *world, uint32_t interface, uint32_t group)
{
    size_t i;

    for (i = 0; i < naive_interface(world, interface)->group_count; i++)
        if (naive_interface(world, interface)->groups[i] == group)
            return true;
    return false;
}

static bool naive_same_region_peers(const struct vw_world *world, uint32_t a, uint32_t b)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_PEERING); i++) {
        const struct vw_peering *peering = vw_world_peering(world, i);
        uint32_t x = peering->requester.vpc, y = peering->accepter.vpc;
        if (((x == a && y == b) || (x == b && y == a)) &&
            strcmp(peering->state, "active") == 0 &&
            strcmp(peering->requester.region, peering->accepter.region) == 0)
            return true;
    }
    return false;
}

/* Whether the other end of the packet belongs to a group, as the rule's own VPC sees it. */
static bool naive_group_peer(const struct vw_world *world, const struct naive *packet,
                             uint32_t here, uint32_t group, bool egress)
{
    uint32_t vpc = naive_interface(world, here)->vpc, i;

    if (!egress)
        return packet->sender != VW_NONE && packet->keeps_identity &&
               naive_member(world, packet->sender, group);
    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC); i++) {
        uint32_t owner = naive_owner(world, i, packet->destination);
        if (owner != VW_NONE && naive_member(world, owner, group) &&
            (i == vpc || naive_same_region_peers(world, i, vpc)))
            return true;
    }
    return false;
}

static bool naive_rule(const struct vw_world *world, const struct naive *packet,
                       uint32_t here, const struct vw_group_rule *rule, bool egress)
{
    struct vw_address peer = egress ? packet->destination : packet->source;
    const struct vw_prefix_list *list;
    size_t i;

    if (!naive_ports(packet, rule->protocol, rule->from, rule->to))
        return false;
    if (rule->peer_kind == VW_PEER_PREFIX)
        return vw_prefix_contains(rule->prefix, peer);
    if (rule->peer_kind == VW_PEER_GROUP)
        return naive_group_peer(world, packet, here, rule->group, egress);
    list = vw_world_prefix_list(world, rule->prefix_list);
    for (i = 0; i < list->prefix_count; i++)
        if (vw_prefix_contains(list->prefixes[i], peer))
            return true;
    return false;
}

static bool naive_groups(const struct vw_world *world, const struct naive *packet,
                         uint32_t here, bool egress)
{
    const struct vw_interface *interface = naive_interface(world, here);
    size_t i, j;

    if (packet->reply)
        return true;
    for (i = 0; i < interface->group_count; i++) {
        const struct vw_security_group *group =
            vw_world_security_group(world, interface->groups[i]);
        const struct vw_group_rules *rules = egress ? &group->egress : &group->ingress;
        for (j = 0; j < rules->count; j++)
            if (naive_rule(world, packet, here, &rules->items[j], egress))
                return true;
    }
    return false;
}

static bool naive_acl(const struct vw_world *world, const struct naive *packet,
                      uint32_t here, bool egress)
{
    const struct vw_subnet *subnet =
        vw_world_subnet(world, naive_interface(world, here)->subnet);
    const struct vw_network_acl *acl = vw_world_network_acl(world, subnet->network_acl);
    const struct vw_acl_entries *entries = egress ? &acl->egress : &acl->ingress;
    const struct vw_acl_entry *best = NULL;
    size_t i;

    for (i = 0; i < entries->count; i++) {
        const struct vw_acl_entry *entry = &entries->items[i];
        if (naive_ports(packet, entry->protocol, entry->from, entry->to) &&
            vw_prefix_contains(entry->prefix,
                               egress ? packet->destination : packet->source) &&
            (!best || entry->number < best->number))
            best = entry;
    }
    return best && best->allow;
}

/* How good a route is for the packet: prefix length first, then origin; -1 no match. */
static int naive_rank(const struct vw_world *world, const struct vw_route_table *table,
                      const struct vw_route *route, struct vw_address destination)
{
    const struct vw_prefix_list *list;
    int length = -1;
    size_t i;

    if (route->state == VW_ROUTE_FILTERED)
        return -1;
    if (route->prefix_list != VW_NONE) {
        list = vw_world_prefix_list(world, route->prefix_list);
        for (i = 0; i < list->prefix_count; i++)
            if (vw_prefix_contains(list->prefixes[i], destination) &&
                (int)list->prefixes[i].length > length)
                length = (int)list->prefixes[i].length;
    } else if (vw_prefix_contains(route->destination, destination)) {
        length = (int)route->destination.length;
    }
    for (i = 0; route->origin == VW_ORIGIN_PROPAGATED && i < table->route_count; i++)
        if (table->routes[i].origin == VW_ORIGIN_LOCAL &&
            vw_prefix_contains(table->routes[i].destination, destination) &&
            vw_prefix_covers(table->routes[i].destination, route->destination))
            return -1;
    return length < 0 ? -1 : length * 10 + (VW_ORIGIN_PROPAGATED - (int)route->origin);
}

/* NULL: no route. *ret_tie: two lists as good as each other to different targets. */
static const struct vw_route *naive_route(const struct vw_world *world, uint32_t from,
                                          struct vw_address destination, bool *ret_tie)
{
    const struct vw_interface *interface = naive_interface(world, from);
    uint32_t index = vw_world_subnet(world, interface->subnet)->route_table, i;
    const struct vw_route_table *table;
    const struct vw_route *best = NULL;
    int rank, best_rank = -1;
    size_t j;

    for (i = 0; index == VW_NONE && i < vw_world_count(world, VW_OBJECT_ROUTE_TABLE); i++)
        if (vw_world_route_table(world, i)->main &&
            vw_world_route_table(world, i)->vpc == interface->vpc)
            index = i;
    table = vw_world_route_table(world, index);
    for (j = 0; j < table->route_count; j++) {
        rank = naive_rank(world, table, &table->routes[j], destination);
        if (rank >= 0 && rank == best_rank && best->origin == VW_ORIGIN_PREFIX_LIST &&
            strcmp(best->target_id, table->routes[j].target_id) != 0)
            *ret_tie = true;
        if (rank > best_rank) {
            best = &table->routes[j];
            best_rank = rank;
            *ret_tie = false;
        }
    }
    return best;
}

static bool naive_in_vpc(const struct vw_world *world, uint32_t vpc,
                         struct vw_address address)
{
    const struct vw_vpc *object = vw_world_vpc(world, vpc);
    size_t i;

    for (i = 0; i < object->cidr_count; i++)
        if (vw_prefix_contains(object->cidrs[i], address))
            return true;
    return false;
}

static bool naive_peering(const struct vw_world *world, struct naive *packet,
                          uint32_t index, uint32_t *ret_vpc)
{
    const struct vw_peering *peering = vw_world_peering(world, index);
    uint32_t here = naive_interface(world, packet->sender)->vpc;

    if (strcmp(peering->state, "active") != 0)
        return false;
    if (peering->requester.vpc == here)
        *ret_vpc = peering->accepter.vpc;
    else if (peering->accepter.vpc == here)
        *ret_vpc = peering->requester.vpc;
    else
        return false;
    if (strcmp(peering->requester.region, peering->accepter.region) != 0)
        packet->keeps_identity = false;
    return naive_in_vpc(world, *ret_vpc, packet->destination);
}

static bool naive_internet_off(const struct vw_world *world, uint32_t vpc)
{
    return vw_world_vpc(world, vpc)->block_public_access > VW_BLOCK_OFF;
}

/* The attached gateway of a VPC. */
static uint32_t naive_gateway(const struct vw_world *world, uint32_t vpc)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERNET_GATEWAY); i++)
        if (vw_world_internet_gateway(world, i)->vpc == vpc)
            return i;
    return VW_NONE;
}

/* From the internet to the owner of the public destination. */
static bool naive_enter(const struct vw_world *world, struct naive *packet)
{
    uint32_t owner = naive_owner(world, VW_NONE, packet->destination), i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_ELASTIC_ADDRESS); i++)
        if (vw_address_equal(vw_world_elastic_address(world, i)->address,
                             packet->destination))
            return false;
    packet->keeps_identity = false;
    packet->receiver = owner;
    if (owner == VW_NONE)
        return true;
    packet->came_by_gateway = packet->came_by_gateway || !packet->reply;
    packet->destination = naive_interface(world, owner)->addresses[0].prefix.address;
    return naive_gateway(world, naive_interface(world, owner)->vpc) != VW_NONE &&
           !naive_internet_off(world, naive_interface(world, owner)->vpc);
}

static bool naive_leave(const struct vw_world *world, struct naive *packet,
                        uint32_t gateway)
{
    const struct vw_interface *interface = naive_interface(world, packet->sender);

    if (vw_world_internet_gateway(world, gateway)->vpc != interface->vpc ||
        naive_internet_off(world, interface->vpc) ||
        !vw_address_is_public(packet->destination) ||
        interface->addresses[0].public_address.family == VW_FAMILY_NONE)
        return false;
    if (packet->reply && !packet->came_by_gateway)
        return false;
    packet->source = interface->addresses[0].public_address;
    return naive_enter(world, packet);
}

/* From the sender's interface to the receiver's; *ret_unknown where nobody can say. */
static bool naive_carry(const struct vw_world *world, struct naive *packet,
                        bool *ret_unknown)
{
    const struct vw_interface *interface = naive_interface(world, packet->sender);
    const struct vw_route *route;
    uint32_t vpc = interface->vpc;
    bool tie = false;

    if (vw_prefix_contains(vw_world_subnet(world, interface->subnet)->cidrs[0],
                           packet->destination)) {
        packet->receiver = naive_owner(world, vpc, packet->destination);
        return packet->receiver != VW_NONE;
    }
    if (!naive_acl(world, packet, packet->sender, true))
        return false;
    route = naive_route(world, packet->sender, packet->destination, &tie);
    *ret_unknown = tie;
    if (tie || !route || route->state == VW_ROUTE_BLACKHOLE)
        return false;
    if (route->target_kind == VW_TARGET_INTERNET_GATEWAY) {
        if (!naive_leave(world, packet, route->target))
            return false;
    } else {
        if (route->target_kind == VW_TARGET_PEERING &&
            !naive_peering(world, packet, route->target, &vpc))
            return false;
        if (!naive_in_vpc(world, vpc, packet->destination))
            return false;
        packet->receiver = naive_owner(world, vpc, packet->destination);
        if (packet->receiver == VW_NONE)
            return false;
    }
    return packet->receiver == VW_NONE ||
           naive_acl(world, packet, packet->receiver, false);
}

/* Turns the packet round; false where it would not be answered. */
static bool naive_turn(struct naive *packet)
{
    struct vw_address source = packet->source;
    uint16_t source_port = packet->source_port;
    uint32_t sender = packet->sender;

    packet->reply = true;
    packet->source = packet->destination;
    packet->destination = source;
    packet->sender = packet->receiver;
    packet->receiver = sender;
    if (packet->protocol == 1) {
        packet->source_port = 0;
        return source_port == 8;
    }
    packet->source_port = packet->port;
    packet->port = source_port;
    return true;
}

/* There and back from `a` (VW_NONE: from outside). *ret_unknown: no opinion. */
static bool naive_reaches(const struct vw_world *world, struct naive packet,
                          bool *ret_unknown)
{
    uint32_t a = packet.sender, owner;
    bool passes;

    *ret_unknown = false;
    packet.keeps_identity = true;
    if (a != VW_NONE) {
        if (!naive_alive(world, a))
            return false;
        owner = naive_owner(world, naive_interface(world, a)->vpc, packet.destination);
        if (owner == a)
            return true;
        passes = naive_groups(world, &packet, a, true) &&
                 naive_carry(world, &packet, ret_unknown);
    } else {
        passes = naive_enter(world, &packet) &&
                 (packet.receiver == VW_NONE ||
                  naive_acl(world, &packet, packet.receiver, false));
    }
    if (!passes)
        return false;
    if (packet.receiver != VW_NONE &&
        (!naive_groups(world, &packet, packet.receiver, false) ||
         !naive_alive(world, packet.receiver)))
        return false;
    if (!naive_turn(&packet))
        return true;
    if (packet.sender != VW_NONE)
        return naive_carry(world, &packet, ret_unknown) && packet.receiver == a;
    return naive_enter(world, &packet) &&
           (a == VW_NONE ||
            (packet.receiver == a && naive_acl(world, &packet, a, false)));
}

#endif
