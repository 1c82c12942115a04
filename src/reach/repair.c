/*
 * What would mend a blocker. Least privilege: this peer, this protocol, these ports; a
 * route for the peer VPC's CIDR, as AWS's own peering guide writes it, and for one
 * address only where the way leads to the internet.
 */
#include "reach/change.h"
#include "reach/route_table.h"

#include <string.h>

static bool index_of(const struct vw_world *world, const struct vw_object *object,
                     uint32_t *ret_index)
{
    return object && vw_world_find(world, object->kind, object->id, ret_index);
}

/* ---- filters ---- */

/* Every prefix of a range, at most this many rules a blocker. */
#define REPAIR_PREFIXES_MAX 8

static size_t split_range(struct vw_address_range range,
                          struct vw_prefix prefixes[REPAIR_PREFIXES_MAX])
{
    size_t count = 0;
    bool more = true;

    /* Stretches of the internet: a rule for all of it is what was asked for. */
    if (vw_address_is_public(range.first) && vw_address_is_public(range.last)) {
        struct vw_address_range rest = range;
        if (vw_range_take_prefix(&rest, &prefixes[0])) {
            prefixes[0] = vw_prefix_of(range.first, 0);
            return 1;
        }
    }
    while (more && count < REPAIR_PREFIXES_MAX)
        more = vw_range_take_prefix(&range, &prefixes[count++]);
    return more ? 0 : count;
}

static void rule_fields(const struct vw_box *box, int *ret_protocol, int32_t *ret_from,
                        int32_t *ret_to)
{
    *ret_protocol = box->protocol;
    *ret_from = -1;
    *ret_to = -1;
    if (vw_protocol_is_icmp(box->protocol)) {
        if (box->source_ports.first == box->source_ports.last)
            *ret_from = box->source_ports.first;
        if (*ret_from >= 0 && box->ports.first == box->ports.last)
            *ret_to = box->ports.first;
    } else if (vw_protocol_has_ports(box->protocol)) {
        *ret_from = box->ports.first;
        *ret_to = box->ports.last;
    }
}

static int repair_groups(const struct vw_world *world, const struct vw_mark *mark,
                         struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_GROUP_RULE, .object = VW_NONE};
    struct vw_group_rule *rule = &change.group_rule;
    struct vw_prefix prefixes[REPAIR_PREFIXES_MAX];
    const struct vw_interface *interface;
    uint32_t index;
    size_t i, count;

    if (!index_of(world, mark->object, &index))
        return 0;
    interface = vw_world_interface(world, index);
    for (i = 0; i < interface->group_count && change.object == VW_NONE; i++)
        if (vw_world_security_group(world, interface->groups[i])->object.exported)
            change.object = interface->groups[i];
    if (change.object == VW_NONE)
        return 0;
    change.egress = mark->stage == VW_STAGE_GROUP_OUT;
    rule->peer_kind = VW_PEER_PREFIX;
    rule->prefix_list = rule->group = VW_NONE;
    rule_fields(&mark->box, &rule->protocol, &rule->from, &rule->to);
    count =
        split_range(change.egress ? mark->box.destination : mark->box.source, prefixes);
    for (i = 0; i < count; i++) {
        rule->prefix = prefixes[i];
        if (vw_array_push(changes, change))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* A free number before the entry that decided: the highest one below it, or ten above the
 * last entry where it was the closing `*`. 0 where there is none. */
static int32_t free_number(const struct vw_acl_entries *entries,
                           const struct vw_acl_entry *decided, size_t skip)
{
    int32_t limit = decided ? decided->number : 32767;
    int32_t below = 0, number;
    size_t i;

    for (i = 0; i < entries->count; i++)
        if (entries->items[i].number < limit && entries->items[i].number > below)
            below = entries->items[i].number;
    if (limit >= 32767)
        number = (below / 10 + 1 + (int32_t)skip) * 10;
    else
        number = limit - 1 - (int32_t)skip;
    return number > below && number < limit ? number : 0;
}

static int repair_acl(const struct vw_world *world, const struct vw_mark *mark,
                      struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ACL_ENTRY};
    struct vw_acl_entry *entry = &change.acl_entry;
    struct vw_prefix prefixes[REPAIR_PREFIXES_MAX];
    const struct vw_network_acl *acl;
    size_t i, count;

    if (!index_of(world, mark->object, &change.object))
        return 0;
    acl = vw_world_network_acl(world, change.object);
    change.egress = mark->stage == VW_STAGE_ACL_OUT;
    entry->allow = true;
    rule_fields(&mark->box, &entry->protocol, &entry->from, &entry->to);
    count =
        split_range(change.egress ? mark->box.destination : mark->box.source, prefixes);
    for (i = 0; i < count; i++) {
        entry->prefix = prefixes[i];
        entry->number =
            free_number(change.egress ? &acl->egress : &acl->ingress, mark->rule, i);
        if (entry->number == 0)
            return 0;
        if (vw_array_push(changes, change))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* ---- routes and peerings ---- */

/* The table that sent the packet there: the last route table mark before `mark`. */
static bool table_before(const struct vw_world *world, const struct vw_mark *mark,
                         uint32_t *ret_table)
{
    for (; mark; mark = mark->previous)
        if (mark->kind == VW_STEP_ROUTE_TABLE && mark->object &&
            mark->object->kind == VW_OBJECT_ROUTE_TABLE)
            return index_of(world, mark->object, ret_table);
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

static int route_by_gateway(const struct vw_world *world, uint32_t table,
                            struct vw_address_range destination,
                            struct vw_changes *changes)
{
    uint32_t vpc = vw_world_route_table(world, table)->vpc, gateway;
    struct vw_prefix prefixes[REPAIR_PREFIXES_MAX];
    size_t i, count = split_range(destination, prefixes);
    enum vw_family family = destination.first.family;
    int error = 0;

    if (vpc == VW_NONE || !vw_address_is_public(destination.first))
        return 0;
    gateway = vw_world_vpc(world, vpc)->internet_gateway;
    if (gateway == VW_NONE)
        return 0;
    if (count == 0 || prefixes[0].length < 8) {
        prefixes[0] = (struct vw_prefix){{0, 0, family}, 0};
        count = 1;
    }
    for (i = 0; i < count && !error; i++)
        error = add_route(world, table, prefixes[i], VW_TARGET_INTERNET_GATEWAY,
                          vw_world_internet_gateway(world, gateway)->object.id, gateway,
                          changes);
    return error;
}

static int repair_route(const struct vw_world *world, const struct vw_packet *packet,
                        const struct vw_mark *mark, struct vw_changes *changes)
{
    uint32_t goal = mark->direction == VW_FORWARD ? packet->b : packet->a;
    struct vw_address destination = mark->box.destination.first;
    uint32_t table;

    if (mark->reason == VW_REASON_BAD_STATE_ROUTE &&
        vw_route_waits_for_peering(world, mark->rule)) {
        struct vw_change change = {.kind = VW_CHANGE_ACCEPT_PEERING};
        change.object = ((const struct vw_route *)mark->rule)->target;
        return vw_array_push(changes, change);
    }
    if (!table_before(world, mark, &table))
        return 0;
    if (goal != VW_NONE && !vw_address_is_public(destination))
        return route_by_peering(world, table, vw_world_interface(world, goal)->vpc, mark,
                                changes);
    /* Globally unique addresses of a peered VPC: IPv6, and public IPv4 used inside. */
    if (goal != VW_NONE) {
        uint32_t here = vw_world_route_table(world, table)->vpc;
        uint32_t there = vw_world_interface(world, goal)->vpc;
        if (find_peering(world, here, there, "active") != VW_NONE &&
            vw_vpc_contains(vw_world_vpc(world, there), destination, NULL))
            return route_by_peering(world, table, there, mark, changes);
    }
    return route_by_gateway(world, table, mark->box.destination, changes);
}

static int repair_peering(const struct vw_world *world, const struct vw_packet *packet,
                          const struct vw_mark *mark, struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ACCEPT_PEERING};
    const struct vw_peering *peering = (const struct vw_peering *)mark->object;

    if (peering->state && strcmp(peering->state, "pending-acceptance") == 0 &&
        index_of(world, mark->object, &change.object))
        return vw_array_push(changes, change);
    return repair_route(world, packet, mark, changes);
}

/* ---- hosts and gateways ---- */

static int repair_instance(const struct vw_world *world, const struct vw_mark *mark,
                           struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_START_INSTANCE};
    const struct vw_instance *instance = (const struct vw_instance *)mark->object;

    if (mark->kind != VW_STEP_INSTANCE || !instance->state ||
        strcmp(instance->state, "stopped") != 0 ||
        !index_of(world, mark->object, &change.object))
        return 0;
    return vw_array_push(changes, change);
}

/* Which Elastic IP address AWS would give cannot be known: one of the documentation
 * prefix 203.0.113.0/24 stands for it in the proof. */
static int repair_public_address(const struct vw_world *world, const struct vw_mark *mark,
                                 struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_PUBLIC_ADDRESS};
    struct vw_address private_address =
        mark->reason == VW_REASON_IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
            ? mark->box.source.first
            : mark->box.destination.first;
    const struct vw_interface *interface;
    uint32_t host = 1;

    if (private_address.family != VW_FAMILY_IPV4 ||
        !index_of(world, mark->object, &change.object))
        return 0;
    interface = vw_world_interface(world, change.object);
    for (; change.other < interface->address_count; change.other++)
        if (vw_address_equal(interface->addresses[change.other].prefix.address,
                             private_address))
            break;
    if (change.other == interface->address_count)
        return 0;
    do
        change.address = vw_address_ipv4(0xcb007100u + host++);
    while (host < 255 &&
           vw_owner_of_public(world, vw_range_single(change.address)) != NULL);
    return vw_array_push(changes, change);
}

static int repair_gateway(const struct vw_world *world, const struct vw_mark *mark,
                          struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ATTACH_GATEWAY};

    if (!mark->object || mark->object->kind != VW_OBJECT_INTERNET_GATEWAY ||
        !index_of(world, mark->object, &change.object) ||
        !index_of(world, mark->other, &change.other) ||
        vw_world_internet_gateway(world, change.object)->vpc != VW_NONE ||
        vw_world_vpc(world, change.other)->internet_gateway != VW_NONE)
        return 0;
    return vw_array_push(changes, change);
}

int vw_repair(const struct vw_world *world, const struct vw_packet *packet,
              const struct vw_mark *mark, struct vw_changes *changes)
{
    switch (mark->reason) {
    case VW_REASON_ENI_SG_RULES_MISMATCH:
    case VW_REASON_SG_HAS_NO_RULES:
    case VW_REASON_SG_REFERENCES_NOT_PRESERVED:
        return repair_groups(world, mark, changes);
    case VW_REASON_SUBNET_ACL_RESTRICTION:
        return repair_acl(world, mark, changes);
    case VW_REASON_NO_ROUTE_TO_DESTINATION:
    case VW_REASON_BAD_STATE_ROUTE:
    case VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS:
    case VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS:
    case VW_REASON_PCX_REQUIRES_ADDRESS_IN_VPC_CIDR:
    case VW_REASON_VPC_LOCAL_ROUTE_CIDR_RESTRICTION:
    case VW_REASON_VW_DESTINATION_NOT_PUBLIC:
    case VW_REASON_VW_REPLY_LEFT_BY_EGRESS_ONLY_GATEWAY:
    case VW_REASON_VW_REPLY_LEFT_BY_OTHER_PATH:
    case VW_REASON_DISCONNECTED_VPCS:
        return repair_route(world, packet, mark, changes);
    case VW_REASON_BAD_STATE:
        return mark->kind == VW_STEP_PEERING
                   ? repair_peering(world, packet, mark, changes)
                   : repair_instance(world, mark, changes);
    case VW_REASON_IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS:
    case VW_REASON_IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS:
        return repair_public_address(world, mark, changes);
    case VW_REASON_BAD_STATE_ATTACHMENT:
        return repair_gateway(world, mark, changes);
    case VW_REASON_NONE:
    case VW_REASON_ELBV2_LISTENERS_MISMATCH:
    case VW_REASON_ELBV2_LISTENER_HAS_NO_TG:
    case VW_REASON_ELBV2_NO_TARGETS_IN_AZ:
    case VW_REASON_ELBV2_SOURCE_ADDRESS_PRESERVATION:
    case VW_REASON_ELB_NOT_CROSSZONE:
    case VW_REASON_PROTOCOL_RESTRICTION:
    case VW_REASON_REGIONAL_NGW_ROUTE_AZ_RESTRICTION:
    case VW_REASON_SG_REFERENCING_SUPPORT:
    case VW_REASON_TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION:
    case VW_REASON_TGW_ROUTE_AZ_RESTRICTION:
    case VW_REASON_TGW_RTB_BAD_STATE_ROUTE:
    case VW_REASON_TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT:
    case VW_REASON_TGW_RTB_ROUTES_ARE_UNKNOWN:
    case VW_REASON_VW_ATTACHMENT_WITHOUT_IPV6:
    case VW_REASON_VW_NAT_UNSOLICITED:
    case VW_REASON_VW_REPLY_LEFT_BY_NAT:
    case VW_REASON_VW_ROUTING_LOOP:
    case VW_REASON_VW_ZONE_NOT_KNOWN:
    case VW_REASON_ENI_SOURCE_DEST_CHECK_RESTRICTION:
    case VW_REASON_IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS:
    case VW_REASON_IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS:
    case VW_REASON_UNKNOWN_DESTINATION:
    case VW_REASON_UNKNOWN_PEERED_SGS:
    case VW_REASON_UNKNOWN_RESOURCE:
    case VW_REASON_UNSUPPORTED_COMPONENT:
    case VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED:
    case VW_REASON_VW_NO_SUCH_HOST:
    case VW_REASON_VW_OTHER_DESTINATION:
    case VW_REASON_VW_ROUTES_TIE:
        break;
    }
    return 0;
}
