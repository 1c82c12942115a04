/*
 * What AWS says: see internet_gateway.c for the gateway. The internet itself is no
 * component of AWS.
 *
 * What we do: between two gateways, find whether the public destination belongs to an
 * interface of the export, and if so enter its VPC; else the packet has left the model,
 * and "nothing beyond the gateway was checked" is listed as an assumption. A packet from
 * outside begins here. An address that is private is read as the host's public one, since
 * nobody on the internet can send to it.
 */
#include "reach/explain.h"
#include "reach/hop.h"
#include "reach/route_table.h"

static int explain_outside(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_assumption(
        explainer, "%s is outside the export: nothing beyond the gateway was checked",
        vw_explain_destination(explainer, mark));

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s is reached through the internet",
                               vw_explain_destination(explainer, mark));
}

static int explain_enter(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char address[VW_ADDRESS_TEXT];
    int error = 0;

    if (vw_address_is_private(mark->box.destination.first) && !mark->hypothetical)
        error = vw_explain_assumption(explainer,
                                      "%s is addressed from the internet by its public "
                                      "address",
                                      vw_explain_destination(explainer, mark));
    if (error)
        return error;
    vw_address_format(mark->address, address);
    if (mark->decision == VW_DECISION_TRANSLATE)
        error = vw_explain_rule(explainer, "%s becomes %s",
                                vw_explain_destination(explainer, mark), address);
    if (error)
        return error;
    if (mark->decision != VW_DECISION_TRANSLATE)
        return vw_explain_sentence(explainer, "%s takes it in to %s", mark->object->id,
                                   mark->other->id);
    return vw_explain_sentence(explainer, "%s%s translates %s to %s of %s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               vw_explain_destination(explainer, mark), address,
                               mark->other->id);
}

static int explain_no_gateway(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s has no internet gateway attached",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_unassociated(struct vw_explainer *explainer,
                                const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is an Elastic IP address that no interface has: "
                               "nobody receives it",
                               vw_explain_destination(explainer, mark));
}

static int explain_no_public(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s has no public address for %s: nothing on the internet "
                               "can send to it",
                               mark->object->id, vw_explain_destination(explainer, mark));
}

static int explain_private_source(struct vw_explainer *explainer,
                                  const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "%s is not an address of the internet: the gateway %s drops "
        "what comes from it",
        vw_explain_source(explainer, mark), mark->object->id);
}

int vw_internet_find_entry(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_vpc *vpc, const struct vw_object **ret_gateway)
{
    const struct vw_world *world = walk->world;
    bool known =
        world->kind_exported[VW_OBJECT_INTERNET_GATEWAY] && !vpc->gateways_missing;
    struct vw_mark *mark;

    if (packet->direction == VW_RETURN &&
        packet->request_exit.kind == VW_TARGET_EGRESS_ONLY_GATEWAY &&
        packet->request_exit.index != VW_NONE) {
        *ret_gateway =
            &vw_world_egress_only_gateway(world, packet->request_exit.index)->object;
        return 0;
    }
    if (vpc->internet_gateway != VW_NONE) {
        *ret_gateway = &vw_world_internet_gateway(world, vpc->internet_gateway)->object;
        return 0;
    }
    *ret_gateway = &vpc->object;
    mark =
        vw_walk_mark(walk, packet, VW_STEP_INTERNET_GATEWAY,
                     known ? VW_DECISION_DROP : VW_DECISION_UNKNOWN,
                     known ? VW_REASON_BAD_STATE_ATTACHMENT : VW_REASON_UNKNOWN_RESOURCE,
                     &vpc->object, explain_no_gateway);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    if (!known)
        mark->missing = VW_OBJECT_INTERNET_GATEWAY;
    return 0;
}

/* Marks a source that the gateway does not let in. */
static int check_source(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_object *gateway)
{
    struct vw_address source = packet->wire.source.first;
    enum vw_reason reason = VW_REASON_VW_DESTINATION_NOT_PUBLIC;

    if (packet->unsure_source || vw_address_is_public(source))
        return 0;
    if (vw_address_is_private(source))
        reason = VW_REASON_IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS;
    else if (vw_address_is_shared(source))
        reason = VW_REASON_IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS;
    return vw_walk_mark(walk, packet, VW_STEP_INTERNET_GATEWAY, VW_DECISION_DROP, reason,
                        gateway, explain_private_source)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

/* In through the gateway of the owner's VPC, to the address `inside`. */
static int enter(struct vw_walk *walk, struct vw_packet *packet,
                 const struct vw_owner *owner, struct vw_address_range inside)
{
    const struct vw_world *world = walk->world;
    const struct vw_interface *interface = vw_world_interface(world, owner->interface);
    const struct vw_vpc *vpc = vw_world_vpc(world, owner->vpc);
    bool translated = !vw_range_equal(inside, packet->wire.destination), taken = false;
    const struct vw_object *gateway;
    struct vw_mark *mark;
    int error;

    packet->vpc = owner->vpc;
    packet->receiver = owner->interface;
    packet->hop = vw_hop_at(world, owner->interface);
    packet->identity = false;
    packet->route_table = VW_NONE;
    packet->same_subnet = false;
    packet->stage = VW_STAGE_ACL_IN;
    if (packet->direction == VW_FORWARD)
        packet->request_entry =
            (struct vw_passage){VW_TARGET_INTERNET_GATEWAY, vpc->internet_gateway};
    error = vw_internet_find_entry(walk, packet, vpc, &gateway);
    if (!error)
        error = check_source(walk, packet, gateway);
    packet->subnet = vw_edge_table_subnet(world, gateway, inside, interface->subnet);
    if (!error)
        error = vw_block_public_access(walk, packet,
                                       gateway->kind == VW_OBJECT_EGRESS_ONLY_GATEWAY);
    if (error)
        return error;
    packet->subnet = interface->subnet;
    mark = vw_walk_mark(walk, packet,
                        gateway->kind == VW_OBJECT_EGRESS_ONLY_GATEWAY
                            ? VW_STEP_EGRESS_ONLY_GATEWAY
                            : VW_STEP_INTERNET_GATEWAY,
                        translated ? VW_DECISION_TRANSLATE : VW_DECISION_FORWARD,
                        VW_REASON_NONE, gateway, explain_enter);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->address = inside.first;
    mark->other = &interface->object;
    if (translated) {
        packet->wire.destination = inside;
        packet->is_single = false;
        packet->translated.destination = true;
    }
    error = vw_edge_table_route(walk, packet, gateway, &taken);
    return error || taken ? error : vw_delivery_check_goal(walk, packet, interface);
}

static int leave_the_model(struct vw_walk *walk, struct vw_packet *packet)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_INTERNET, VW_DECISION_DELIVER, VW_REASON_NONE,
                     NULL, explain_outside);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = "internet";
    packet->outside = true;
    packet->stage = VW_STAGE_ARRIVED;
    return 0;
}

/* An Elastic IP address in the export that no interface has. */
static int drop_unassociated(struct vw_walk *walk, struct vw_packet *packet,
                             bool *ret_dropped)
{
    const struct vw_elastic_address *address =
        vw_loose_address(walk->world, packet->wire.destination);
    int error;

    if (!address)
        return 0;
    error = vw_walk_narrow_destination(walk, packet, vw_range_single(address->address));
    if (error)
        return error;
    if (!vw_walk_mark(walk, packet, VW_STEP_INTERNET, VW_DECISION_DROP,
                      VW_REASON_VW_NO_SUCH_HOST, &address->object, explain_unassociated))
        return VW_ERROR_NO_MEMORY;
    packet->outside = true;
    packet->stage = VW_STAGE_DONE;
    *ret_dropped = true;
    return 0;
}

static int explain_service(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is or was an address of %s, and what that answers is "
                               "not modelled",
                               vw_explain_destination(explainer, mark), mark->id);
}

/* An address of a NAT gateway or a VPN tunnel. */
static int meet_service(struct vw_walk *walk, struct vw_packet *packet, bool *ret_met)
{
    size_t i;

    for (i = 0; i < walk->world->service_count; i++) {
        const struct vw_service_address *service = &walk->world->services[i];
        struct vw_mark *mark;
        int error;

        if (!vw_range_contains(packet->wire.destination, service->address))
            continue;
        error =
            vw_walk_narrow_destination(walk, packet, vw_range_single(service->address));
        if (error)
            return error;
        mark = vw_walk_mark(walk, packet, VW_STEP_OTHER, VW_DECISION_UNKNOWN,
                            VW_REASON_UNSUPPORTED_COMPONENT, NULL, explain_service);
        if (!mark)
            return VW_ERROR_NO_MEMORY;
        mark->id = service->id;
        packet->outside = true;
        packet->stage = VW_STAGE_ARRIVED;
        *ret_met = true;
        return 0;
    }
    return 0;
}

static int explain_hidden(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "%s may be a public address of %s, whose interfaces are not exported",
        vw_explain_destination(explainer, mark), mark->object->id);
}

/* A public address may belong to an interface that was not exported, of a load balancer or
 * a NAT gateway. */
static int meet_hidden(struct vw_walk *walk, struct vw_packet *packet, bool *ret_met)
{
    const struct vw_world *world = walk->world;
    struct vw_mark *mark;
    uint32_t i = 0;

    if (!world->has_hidden_interfaces || packet->direction == VW_RETURN ||
        walk->goal.is_outside)
        return 0;
    while (!vw_world_vpc(world, i)->object.exported ||
           vw_world_vpc(world, i)->interfaces_exported)
        i++;
    mark = vw_walk_mark(walk, packet, VW_STEP_INTERNET, VW_DECISION_UNKNOWN,
                        VW_REASON_UNKNOWN_DESTINATION, &vw_world_vpc(world, i)->object,
                        explain_hidden);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->missing = VW_OBJECT_INTERFACE;
    packet->outside = true;
    packet->stage = VW_STAGE_ARRIVED;
    *ret_met = true;
    return 0;
}

/* The destinations below the first owner are outside; they are walked as such. */
static int split_off_outside(struct vw_walk *walk, struct vw_packet *packet,
                             const struct vw_owner *owner, bool *ret_outside)
{
    struct vw_address_range gap = packet->wire.destination;
    int error;

    *ret_outside = !owner || vw_address_compare(owner->range.first, gap.first) > 0;
    if (!*ret_outside)
        return vw_walk_narrow_destination(walk, packet, owner->range);
    if (owner) {
        vw_address_previous(owner->range.first, &gap.last);
        error = vw_walk_narrow_destination(walk, packet, gap);
        if (error)
            return error;
    }
    return 0;
}

/* A private address that somebody on the internet is to reach. */
static int enter_private(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_owner *owner)
{
    const struct vw_interface *interface =
        vw_world_interface(walk->world, owner->interface);

    if (interface->addresses[owner->entry].public_address.family == VW_FAMILY_NONE &&
        (owner->range.first.family == VW_FAMILY_IPV4 ||
         !vw_address_is_public(owner->range.first))) {
        packet->hypothetical = true;
        if (!vw_walk_mark(walk, packet, VW_STEP_INTERNET_GATEWAY, VW_DECISION_DROP,
                          VW_REASON_IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS,
                          &interface->object, explain_no_public))
            return VW_ERROR_NO_MEMORY;
    }
    return enter(walk, packet, owner, packet->wire.destination);
}

static int explain_nobody(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "no network interface of the export owns %s, and the "
                               "internet does not carry it",
                               vw_explain_destination(explainer, mark));
}

static int drop_private(struct vw_walk *walk, struct vw_packet *packet)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_INTERNET, VW_DECISION_DROP,
                                        VW_REASON_VW_NO_SUCH_HOST, NULL, explain_nobody);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = "internet";
    packet->outside = true;
    packet->stage = VW_STAGE_DONE;
    return 0;
}

static int explain_ambiguous(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "several VPCs own %s, %s among them: which one is meant "
                               "cannot be said (name it as vpc-.../ADDRESS)",
                               vw_explain_destination(explainer, mark), mark->object->id);
}

static int stop_ambiguous(struct vw_walk *walk, struct vw_packet *packet,
                          const struct vw_owner *owner)
{
    packet->outside = true;
    packet->stage = VW_STAGE_DONE;
    if (!vw_walk_mark(walk, packet, VW_STEP_VPC, VW_DECISION_UNKNOWN,
                      VW_REASON_UNKNOWN_DESTINATION,
                      &vw_world_vpc(walk->world, owner->vpc)->object, explain_ambiguous))
        return VW_ERROR_NO_MEMORY;
    return 0;
}

/* Addresses of an exported VPC that no interface owns: nobody receives them there. */
static int meet_vpc(struct vw_walk *walk, struct vw_packet *packet, bool *ret_outside)
{
    struct vw_address_range range = packet->wire.destination;
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(walk->world, VW_OBJECT_VPC) && *ret_outside; i++) {
        const struct vw_vpc *vpc = vw_world_vpc(walk->world, i);
        for (j = 0; j < vpc->cidr_count && *ret_outside; j++) {
            struct vw_address_range cidr = vw_prefix_range(vpc->cidrs[j]);
            if (vw_range_contains(cidr, range.first)) {
                *ret_outside = false;
                packet->vpc = i;
                packet->stage = VW_STAGE_DELIVER;
                range = cidr;
            } else if (vw_range_overlaps(cidr, range)) {
                vw_address_previous(cidr.first, &range.last);
            }
        }
    }
    return vw_walk_narrow_destination(walk, packet, range);
}

/* From outside, or IPv6: by the interface's own addresses. */
static int enter_by_own_address(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_owner *end = NULL;
    const struct vw_owner *owner =
        walk->goal.vpc != VW_NONE && packet->direction == VW_FORWARD
            ? vw_owner_in_vpc(walk->world, walk->goal.vpc, packet->wire.destination)
            : vw_owner_anywhere(walk->world, packet->wire.destination, &end);
    bool outside;
    int error = split_off_outside(walk, packet, owner, &outside);

    if (error)
        return error;
    if (!outside && walk->goal.vpc == VW_NONE && owner + 1 < end &&
        vw_range_overlaps(owner[1].range, packet->wire.destination))
        return stop_ambiguous(walk, packet, owner);
    if (!outside)
        return enter_private(walk, packet, owner);
    error = meet_vpc(walk, packet, &outside);
    if (error || !outside)
        return error;
    if (vw_address_is_public(packet->wire.destination.first))
        return leave_the_model(walk, packet);
    return drop_private(walk, packet);
}

int vw_internet_gateway_enter(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_owner *owner;
    bool outside, dropped = false;
    struct vw_address_range inside;
    int error;

    if (packet->sender == VW_NONE) {
        error = vw_internet_split_special(walk, packet, &outside);
        if (error)
            return error;
    }
    if (packet->wire.destination.first.family == VW_FAMILY_IPV6)
        return enter_by_own_address(walk, packet);
    if (packet->sender == VW_NONE &&
        !vw_address_is_public(packet->wire.destination.first))
        return enter_by_own_address(walk, packet);
    owner = vw_owner_of_public(walk->world, packet->wire.destination);
    error = split_off_outside(walk, packet, owner, &outside);
    if (error)
        return error;
    if (outside) {
        error = drop_unassociated(walk, packet, &dropped);
        if (!error && !dropped)
            error = vw_nat_gateway_meet_regional(walk, packet, &dropped);
        if (!error && !dropped)
            error = meet_service(walk, packet, &dropped);
        if (!error && !dropped)
            error = meet_hidden(walk, packet, &dropped);
        return error || dropped ? error : leave_the_model(walk, packet);
    }
    inside = vw_prefix_range(vw_world_interface(walk->world, owner->interface)
                                 ->addresses[owner->entry]
                                 .prefix);
    return enter(walk, packet, owner, inside);
}
