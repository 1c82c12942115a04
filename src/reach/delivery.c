/*
 * What AWS says (VPC User Guide, "Subnet CIDR blocks", "VPC networking components"): the
 * subnet delivers to the interface that owns the address; an address that no interface
 * owns is delivered to nobody. Between two interfaces of one subnet neither network ACLs
 * nor routes are consulted. The first four addresses of a subnet and its last are
 * reserved; see aws_service.c for what AWS itself answers.
 *
 * What we do: split the destinations by owner. Addresses of nobody are a piece of their
 * own: blocked where the export lists the interfaces, unknown where it does not. What an
 * instance sends to its own private addresses never leaves it.
 */
#include "reach/aws_service.h"
#include "reach/explain.h"
#include "reach/hop.h"
#include "reach/walk.h"

static int explain_same_host(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is an address of the sender's own host: no security "
                               "group, network ACL or route is consulted",
                               vw_explain_destination(explainer, mark));
}

static int explain_same_subnet(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "both ends are in %s%s: neither network ACLs nor routes "
                               "are consulted",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int enter_same_subnet(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->same_subnet = true;
    packet->stage = VW_STAGE_DELIVER;
    return vw_walk_mark(walk, packet, VW_STEP_SUBNET, VW_DECISION_SKIP, VW_REASON_NONE,
                        &vw_world_subnet(walk->world, packet->subnet)->object,
                        explain_same_subnet)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

int vw_delivery_same_subnet(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_crossing *tracked = vw_load_balancer_of_reply(packet);
    const struct vw_subnet *subnet;
    const struct vw_owner *owner;
    size_t i;
    int error;

    packet->stage = VW_STAGE_ACL_OUT;
    if (tracked && tracked->subnet == packet->subnet)
        return vw_load_balancer_track(walk, packet, tracked);
    if (packet->subnet == VW_NONE || tracked)
        return 0;
    subnet = vw_world_subnet(walk->world, packet->subnet);
    for (i = 0; i < subnet->cidr_count; i++) {
        struct vw_address_range range = vw_prefix_range(subnet->cidrs[i]);
        if (!vw_range_overlaps(range, packet->wire.destination))
            continue;
        packet->stage = VW_STAGE_SAME_SUBNET;
        error = vw_walk_narrow_destination(walk, packet, range);
        return error ? error : enter_same_subnet(walk, packet);
    }
    if (subnet->object.exported)
        return 0;
    /* Without the subnet's CIDR, the interfaces still tell which subnet they are in. */
    owner = vw_owner_in_vpc(walk->world, packet->vpc, packet->wire.destination);
    if (!owner ||
        vw_world_interface(walk->world, owner->interface)->subnet != packet->subnet)
        return 0;
    packet->stage = VW_STAGE_SAME_SUBNET;
    error = vw_walk_narrow_destination(walk, packet, owner->range);
    return error ? error : enter_same_subnet(walk, packet);
}

/* The hosts of the subnet where one address was asked for and nobody has it: a wrong
 * digit, or an address that a replaced instance had. */
static const char *neighbours(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_vpc *vpc = (const struct vw_vpc *)mark->object;
    const struct vw_world *world = explainer->world;
    const char *text = "";
    uint32_t i;
    size_t j, count = 0;

    for (i = 0; vw_range_is_single(mark->box.destination) && i < world->by_vpc.count;
         i++) {
        const struct vw_owner *owner = &world->by_vpc.items[i];
        const struct vw_interface *interface =
            vw_world_interface(world, owner->interface);
        const struct vw_subnet *subnet;
        char address[VW_ADDRESS_TEXT];

        if (vw_world_vpc(world, owner->vpc) != vpc || interface->subnet == VW_NONE)
            continue;
        subnet = vw_world_subnet(world, interface->subnet);
        for (j = 0; j < subnet->cidr_count; j++)
            if (vw_prefix_contains(subnet->cidrs[j], mark->box.destination.first))
                break;
        if (j == subnet->cidr_count || ++count > 3)
            continue;
        text = vw_arena_printf(explainer->arena, "%s%s %s", text,
                               count == 1 ? "; its subnet has" : ",",
                               vw_address_format(owner->range.first, address));
        if (!text)
            return "";
    }
    return count > 3 ? vw_arena_printf(explainer->arena, "%s, ...", text) : text;
}

static int explain_nobody(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    if (mark->decision == VW_DECISION_UNKNOWN)
        return vw_explain_sentence(
            explainer,
            "who owns %s in %s cannot be said: its network interfaces are not exported",
            vw_explain_destination(explainer, mark), mark->object->id);
    return vw_explain_sentence(explainer, "no network interface of %s%s owns %s%s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               vw_range_is_single(mark->box.destination)
                                   ? vw_explain_destination(explainer, mark)
                                   : "these addresses",
                               neighbours(explainer, mark));
}

static int explain_other(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s leads to %s in %s, which is not the one that was "
                               "meant",
                               vw_explain_destination(explainer, mark), mark->object->id,
                               mark->other->id);
}

static int nobody(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_vpc *vpc = vw_world_vpc(walk->world, packet->vpc);
    bool resolver, known;
    struct vw_mark *mark;
    int error = vw_aws_service_split_resolver(walk, packet, &resolver);

    if (error)
        return error;
    known = vpc->interfaces_exported && !resolver;
    mark = vw_walk_mark(
        walk, packet, VW_STEP_VPC, known ? VW_DECISION_DROP : VW_DECISION_UNKNOWN,
        known ? VW_REASON_VW_NO_SUCH_HOST
              : (resolver ? VW_REASON_UNSUPPORTED_COMPONENT
                          : VW_REASON_UNKNOWN_DESTINATION),
        &vpc->object, resolver ? vw_aws_service_explain_resolver : explain_nobody);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    if (!known && !resolver)
        mark->missing = VW_OBJECT_INTERFACE;
    packet->stage = VW_STAGE_DONE;
    return 0;
}

/* The part of the destinations below the first owner, or all of them. */
static int split_off_nobody(struct vw_walk *walk, struct vw_packet *packet,
                            const struct vw_owner *owner)
{
    struct vw_address_range gap = packet->wire.destination;
    int error = 0;

    if (owner && vw_address_compare(owner->range.first, gap.first) <= 0)
        return 0;
    if (owner) {
        vw_address_previous(owner->range.first, &gap.last);
        error = vw_walk_narrow_destination(walk, packet, gap);
    }
    return error ? error : nobody(walk, packet);
}

/* Whether the packet came to the interface that was meant: the one that the question
 * names, or for a reply the one that sent the request. */
static bool is_meant(const struct vw_walk *walk, const struct vw_packet *packet,
                     const struct vw_interface *interface)
{
    if (packet->direction == VW_RETURN)
        return packet->receiver == packet->a ||
               vw_crossing_has_interface(packet, packet->receiver);
    if (packet->goal_met)
        return true;
    if (walk->goal.vpc != VW_NONE && walk->goal.vpc != interface->vpc)
        return false;
    return walk->goal.interface == VW_NONE || walk->goal.interface == packet->receiver;
}

int vw_delivery_check_goal(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_interface *interface)
{
    bool reply = packet->direction == VW_RETURN;
    struct vw_mark *mark;

    if (is_meant(walk, packet, interface))
        return 0;
    mark = vw_walk_mark(walk, packet, VW_STEP_INTERFACE, VW_DECISION_DROP,
                        reply ? VW_REASON_VW_REPLY_LEFT_BY_OTHER_PATH
                              : VW_REASON_VW_OTHER_DESTINATION,
                        &interface->object, explain_other);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_vpc(walk->world, interface->vpc)->object;
    packet->outside = true;
    packet->stage = VW_STAGE_DONE;
    return 0;
}

/* The reply of the host to itself is not walked: nothing could stop it. */
static int stay_inside(struct vw_walk *walk, struct vw_packet *packet, uint32_t interface)
{
    const struct vw_interface *to = vw_world_interface(walk->world, interface);
    const struct vw_object *object = &to->object;

    if (to->instance != VW_NONE)
        object = &vw_world_instance(walk->world, to->instance)->object;
    packet->receiver = interface;
    packet->same_host = true;
    packet->stage = VW_STAGE_ARRIVED;
    if (!vw_walk_mark(walk, packet, VW_STEP_HOST, VW_DECISION_DELIVER, VW_REASON_NONE,
                      object, explain_same_host))
        return VW_ERROR_NO_MEMORY;
    return vw_delivery_check_goal(walk, packet, to);
}

static int inside_interface(struct vw_walk *walk, struct vw_packet *packet,
                            uint32_t index, bool *ret_inside)
{
    const struct vw_interface *interface = vw_world_interface(walk->world, index);
    size_t i;

    for (i = 0; i < interface->address_count; i++) {
        struct vw_address_range range = vw_prefix_range(interface->addresses[i].prefix);
        int error;

        if (!vw_range_overlaps(range, packet->wire.destination))
            continue;
        *ret_inside = true;
        error = vw_walk_narrow_destination(walk, packet, range);
        return error ? error : stay_inside(walk, packet, index);
    }
    return 0;
}

/* Looks through all addresses of the sender's host. */
static int inside_host(struct vw_walk *walk, struct vw_packet *packet, bool *ret_inside)
{
    uint32_t host = vw_world_interface(walk->world, packet->sender)->instance;
    const struct vw_instance *instance;
    size_t i;
    int error = 0;

    if (host == VW_NONE)
        return inside_interface(walk, packet, packet->sender, ret_inside);
    instance = vw_world_instance(walk->world, host);
    for (i = 0; i < instance->interface_count && !error && !*ret_inside; i++)
        error = inside_interface(walk, packet, instance->interfaces[i], ret_inside);
    return error;
}

/* Whether one destination may be an address of the sender's host: who owns it is at hand,
 * and the host's addresses are not. The owners of dead interfaces are not indexed. */
static bool may_be_inside(const struct vw_world *world, const struct vw_packet *packet)
{
    const struct vw_interface *sender = vw_world_interface(world, packet->sender);
    struct vw_address_range range = packet->wire.destination;
    const struct vw_owner *owner, *end;

    if (!sender->is_up || !vw_range_is_single(range))
        return true;
    for (owner = vw_owner_anywhere(world, range, &end);
         owner && owner < end && vw_range_overlaps(owner->range, range); owner++)
        if (owner->interface == packet->sender ||
            (sender->instance != VW_NONE &&
             vw_world_interface(world, owner->interface)->instance == sender->instance))
            return true;
    return false;
}

int vw_delivery_same_host(struct vw_walk *walk, struct vw_packet *packet)
{
    bool inside = false;
    int error = 0;

    if (packet->direction == VW_FORWARD && may_be_inside(walk->world, packet))
        error = inside_host(walk, packet, &inside);
    if (!error && !inside)
        error = vw_aws_service_meet(walk, packet, &inside);
    if (!error && !inside)
        packet->stage = VW_STAGE_GROUP_OUT;
    return error;
}

int vw_delivery_deliver(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_owner *owner =
        vw_owner_in_vpc(walk->world, packet->vpc, packet->wire.destination);
    const struct vw_interface *interface;
    int error = split_off_nobody(walk, packet, owner);

    if (error || packet->stage == VW_STAGE_DONE)
        return error;
    error = vw_walk_narrow_destination(walk, packet, owner->range);
    if (error)
        return error;
    interface = vw_world_interface(walk->world, owner->interface);
    packet->receiver = owner->interface;
    packet->hop = vw_hop_at(walk->world, owner->interface);
    packet->subnet = interface->subnet;
    packet->stage = VW_STAGE_ACL_IN;
    if (packet->same_subnet)
        packet->stage =
            vw_hop_has_groups(packet->hop.kind) ? VW_STAGE_GROUP_IN : VW_STAGE_HOP;
    return vw_delivery_check_goal(walk, packet, interface);
}
