/*
 * What AWS says (Transit Gateway guide, "How transit gateways work", "Network ACLs",
 * "Appliance scenario", "Security group referencing"): a VPC is attached with one subnet in
 * each Availability Zone it uses; a host reaches the gateway only if its own zone has one.
 * That subnet's network ACL is met inbound by what enters the gateway and outbound by what
 * leaves it. Traffic is kept in its zone where the receiving attachment has a subnet
 * there. The receiving VPC routes by the table of the attachment's subnet. Security
 * groups of the sender are known to the receiver only if the gateway and both attachments
 * are set so, and never across a peering.
 *
 * What we do: in through the subnet of the sender's zone, then transit_route.c, then out
 * through the attachment that the route names. Where the zone of the way out is open and
 * the subnets have different ACLs or route tables, every one is walked (see fork.c).
 */
#include "reach/customer_network.h"
#include "reach/explain.h"
#include "reach/fork.h"
#include "reach/hop.h"
#include "reach/route_table.h"

#include <string.h>

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_transit_gateway *gateway =
        (const struct vw_transit_gateway *)mark->object;

    return vw_explain_sentence(explainer, "%s%s is %s, not available", mark->object->id,
                               vw_explain_name(explainer, mark->object), gateway->state);
}

static int explain_attachment_state(struct vw_explainer *explainer,
                                    const struct vw_mark *mark)
{
    const struct vw_transit_attachment *attachment =
        (const struct vw_transit_attachment *)mark->object;

    return vw_explain_sentence(explainer, "the attachment %s%s is %s, not available",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               attachment->state ? attachment->state
                                                 : "in an unknown state");
}

static int explain_unattached(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s is not attached to %s", mark->other->id,
                               vw_explain_name(explainer, mark->other), mark->object->id);
}

static int explain_attachment_unknown(struct vw_explainer *explainer,
                                      const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "whether and how %s is attached to %s is not in the "
                               "export",
                               mark->other->id, mark->object->id);
}

static int explain_subnets_unknown(struct vw_explainer *explainer,
                                   const struct vw_mark *mark)
{
    explainer->step.missing = "aws ec2 describe-transit-gateway-vpc-attachments";
    return vw_explain_sentence(explainer,
                               "the subnets of the attachment %s are not in the export "
                               "(describe-transit-gateway-vpc-attachments)",
                               mark->object->id);
}

static int explain_zone(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_subnet *subnet = (const struct vw_subnet *)mark->other;

    return vw_explain_sentence(explainer,
                               "the attachment %s%s has no subnet in the Availability "
                               "Zone %s of %s: what comes from there does not reach the "
                               "gateway",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               subnet->zone ? subnet->zone : "", mark->other->id);
}

static int explain_zone_unknown(struct vw_explainer *explainer,
                                const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "whether the attachment %s has a subnet in the "
                               "Availability Zone of %s is not in the export",
                               mark->object->id, mark->other->id);
}

static int explain_ipv6(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "IPv6 is off at the attachment %s%s",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_entered(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_rule(explainer, "from %s%s by %s", mark->other->id,
                                vw_explain_name(explainer, mark->other), mark->id);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s takes it in from %s", mark->object->id,
                               vw_explain_name(explainer, mark->object), mark->other->id);
}

static int explain_left(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_rule(explainer, "to %s%s", mark->other->id,
                                vw_explain_name(explainer, mark->other));

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s carries it to %s%s", mark->object->id,
                               vw_explain_name(explainer, mark->object), mark->other->id,
                               vw_explain_name(explainer, mark->other));
}

static int explain_peer_unknown(struct vw_explainer *explainer,
                                const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the transit gateway at the other side of %s is not in "
                               "the export",
                               mark->object->id);
}

static int explain_unsupported(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_transit_attachment *attachment =
        (const struct vw_transit_attachment *)mark->object;

    return vw_explain_sentence(
        explainer,
        "the way leads through the attachment %s of type %s, which this "
        "version does not model",
        mark->object->id,
        attachment->resource_type ? attachment->resource_type : "unknown");
}

static int drop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_transit_attachment *attachment, enum vw_reason reason,
                const struct vw_object *other, vw_explain_function *explain)
{
    struct vw_stop stop = {VW_STEP_TRANSIT_ATTACHMENT, reason, &attachment->object, other,
                           explain};

    return vw_walk_drop(walk, packet, &stop);
}

static int unknown(struct vw_walk *walk, struct vw_packet *packet,
                   const struct vw_object *object, const struct vw_object *other,
                   vw_explain_function *explain)
{
    struct vw_stop stop = {VW_STEP_TRANSIT_ATTACHMENT, VW_REASON_UNKNOWN_RESOURCE, object,
                           other, explain};

    return vw_walk_unknown(walk, packet, &stop, VW_OBJECT_TRANSIT_ATTACHMENT);
}

static bool is_available(const struct vw_transit_attachment *attachment)
{
    return attachment->state && strcmp(attachment->state, "available") == 0;
}

/* ---- in ---- */

/* The attachment of the VPC; a dead one only if there is no other. */
static uint32_t find_attachment(const struct vw_world *world, uint32_t gateway,
                                uint32_t vpc, bool *ret_complete)
{
    uint32_t i, found = VW_NONE;

    *ret_complete = false;
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        const struct vw_transit_attachment *attachment =
            vw_world_transit_attachment(world, i);
        if (!attachment->object.exported || attachment->gateway != gateway)
            continue;
        *ret_complete = true;
        if (attachment->attachment_kind == VW_ATTACHMENT_VPC && attachment->vpc == vpc &&
            (found == VW_NONE || is_available(attachment)))
            found = i;
    }
    return found;
}

static bool zones_known(const struct vw_subnet *a, const struct vw_subnet *b)
{
    return (a->zone_id && b->zone_id) || (a->zone && b->zone);
}

static bool same_zone(const struct vw_subnet *a, const struct vw_subnet *b)
{
    if (a->zone_id && b->zone_id)
        return strcmp(a->zone_id, b->zone_id) == 0;
    return a->zone && b->zone && strcmp(a->zone, b->zone) == 0;
}

/* The attachment's subnet in the zone of `subnet`, or VW_NONE; *ret_certain is false where
 * a zone is not known. */
static uint32_t subnet_in_zone(const struct vw_world *world,
                               const struct vw_transit_attachment *attachment,
                               uint32_t subnet, bool *ret_certain)
{
    const struct vw_subnet *from = vw_world_subnet(world, subnet);
    size_t i;

    *ret_certain = true;
    for (i = 0; i < attachment->subnet_count; i++) {
        const struct vw_subnet *to = vw_world_subnet(world, attachment->subnets[i]);
        if (attachment->subnets[i] == subnet || same_zone(from, to))
            return attachment->subnets[i];
        if (!zones_known(from, to))
            *ret_certain = false;
    }
    return VW_NONE;
}

/* Into the gateway by `attachment`, from the subnet that the packet is in. */
static int take_in(struct vw_walk *walk, struct vw_packet *packet, uint32_t index)
{
    const struct vw_transit_attachment *attachment =
        vw_world_transit_attachment(walk->world, index);
    struct vw_hop hop = {VW_HOP_TRANSIT, index, false};
    const struct vw_object *from;
    uint32_t subnet;
    bool certain;

    if (!is_available(attachment))
        return drop(walk, packet, attachment, VW_REASON_BAD_STATE_ATTACHMENT, NULL,
                    explain_attachment_state);
    if (!attachment->subnets_known || packet->subnet == VW_NONE)
        return unknown(walk, packet, &attachment->object, NULL, explain_subnets_unknown);
    if (packet->wire.source.first.family == VW_FAMILY_IPV6 && !attachment->ipv6)
        return drop(walk, packet, attachment, VW_REASON_VW_ATTACHMENT_WITHOUT_IPV6, NULL,
                    explain_ipv6);
    from = &vw_world_subnet(walk->world, packet->subnet)->object;
    subnet = subnet_in_zone(walk->world, attachment, packet->subnet, &certain);
    if (subnet == VW_NONE && !certain)
        return unknown(walk, packet, &attachment->object, from, explain_zone_unknown);
    if (subnet == VW_NONE)
        return drop(walk, packet, attachment, VW_REASON_TGW_ROUTE_AZ_RESTRICTION, from,
                    explain_zone);
    packet->zone_of = subnet;
    vw_hop_enter(packet, hop, VW_NONE, subnet);
    return 0;
}

int vw_transit_gateway_take(struct vw_walk *walk, struct vw_packet *packet,
                            const struct vw_route *route)
{
    const struct vw_transit_gateway *gateway =
        vw_world_transit_gateway(walk->world, route->target);
    const struct vw_object *vpc = &vw_world_vpc(walk->world, packet->vpc)->object;
    struct vw_stop stop = {VW_STEP_TRANSIT_GATEWAY, VW_REASON_BAD_STATE, &gateway->object,
                           vpc, explain_state};
    bool complete;
    uint32_t index = find_attachment(walk->world, route->target, packet->vpc, &complete);

    if (gateway->state && strcmp(gateway->state, "available") != 0 &&
        strcmp(gateway->state, "modifying") != 0)
        return vw_walk_drop(walk, packet, &stop);
    if (index != VW_NONE)
        return take_in(walk, packet, index);
    if (!complete || !gateway->object.exported)
        return unknown(walk, packet, &gateway->object, vpc, explain_attachment_unknown);
    stop.reason = VW_REASON_BAD_STATE_ATTACHMENT;
    stop.explain = explain_unattached;
    return vw_walk_drop(walk, packet, &stop);
}

int vw_transit_gateway_enter(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_transit_attachment *attachment =
        vw_world_transit_attachment(walk->world, packet->hop.index);
    struct vw_mark *mark = vw_walk_mark(
        walk, packet, VW_STEP_TRANSIT_GATEWAY, VW_DECISION_FORWARD, VW_REASON_NONE,
        &vw_world_transit_gateway(walk->world, attachment->gateway)->object,
        explain_entered);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_vpc(walk->world, attachment->vpc)->object;
    mark->id = attachment->object.id;
    packet->attachment = packet->hop.index;
    vw_hop_leave(packet, packet->sender, VW_STAGE_TRANSIT);
    return 0;
}

/* ---- out ---- */

/* Whether the receiver in the VPC of `to` knows the groups of a sender that came in by
 * `from`. */
static void carry_identity(const struct vw_world *world, struct vw_packet *packet,
                           const struct vw_transit_attachment *from,
                           const struct vw_transit_attachment *to)
{
    if (from->gateway != VW_NONE && from->gateway == to->gateway &&
        vw_world_transit_gateway(world, to->gateway)->security_group_referencing &&
        from->security_group_referencing && to->security_group_referencing)
        return;
    if (packet->identity)
        packet->identity_lost = VW_REASON_SG_REFERENCING_SUPPORT;
    packet->identity = false;
}

static bool same_rules(const struct vw_world *world, uint32_t a, uint32_t b, uint32_t vpc)
{
    return vw_world_subnet(world, a)->network_acl ==
               vw_world_subnet(world, b)->network_acl &&
           vw_route_table_of(world, a, vpc) == vw_route_table_of(world, b, vpc);
}

/* The subnets by which the packet may leave the gateway: those of one zone where it is
 * settled, else each that has rules of its own. At most `subnet_count` of them. */
static size_t choose_subnets(const struct vw_world *world, const struct vw_packet *packet,
                             const struct vw_transit_attachment *to, uint32_t *subnets)
{
    size_t i, j, count = 0;
    uint32_t same;
    bool certain;

    if (packet->zone_of != VW_NONE && !to->appliance_mode) {
        same = subnet_in_zone(world, to, packet->zone_of, &certain);
        if (same != VW_NONE) {
            subnets[0] = same;
            return 1;
        }
    }
    for (i = 0; i < to->subnet_count; i++) {
        for (j = 0; j < count; j++)
            if (same_rules(world, subnets[j], to->subnets[i], to->vpc))
                break;
        if (j == count)
            subnets[count++] = to->subnets[i];
    }
    return count;
}

/* Whether the packet has left by the attachment before, with the same addresses, more
 * often than there are ways to leave by it: then it goes round in circles. Without this
 * each round would double the ways that are open, and two gateways that send it to each
 * other would do so for ever. */
static bool is_looping(const struct vw_packet *packet,
                       const struct vw_transit_attachment *to)
{
    const struct vw_mark *mark = packet->last;
    size_t count = 0;

    for (; mark && mark->direction == packet->direction &&
           mark->decision != VW_DECISION_TRANSLATE;
         mark = mark->previous)
        count += mark->kind == VW_STEP_TRANSIT_ATTACHMENT &&
                 mark->decision == VW_DECISION_FORWARD && mark->object == &to->object;
    return count > (to->subnet_count > 0 ? to->subnet_count : 1);
}

static int explain_loop(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "the packet leaves by the attachment %s%s again and again: "
        "a routing loop",
        mark->object->id, vw_explain_name(explainer, mark->object));
}

static int enter_vpc(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_transit_attachment *to)
{
    uint32_t *subnets = vw_arena_array(walk->arena, to->subnet_count, sizeof *subnets);
    size_t i, count;
    int error = 0;

    if (!subnets)
        return VW_ERROR_NO_MEMORY;
    count = choose_subnets(walk->world, packet, to, subnets);
    packet->vpc = to->vpc;
    if (packet->direction == VW_FORWARD)
        packet->request_entry =
            (struct vw_passage){VW_TARGET_TRANSIT_GATEWAY, to->gateway};
    vw_hop_leave(packet, packet->sender, VW_STAGE_SAME_SUBNET);
    packet->subnet = subnets[0];
    if (count > 1)
        vw_fork_begin(walk, packet, &to->object);
    for (i = 1; i < count && !error; i++) {
        struct vw_packet other = *packet;
        other.subnet = subnets[i];
        error = vw_fork_add(walk, &other);
    }
    return error;
}

static int leave_to_vpc(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_transit_attachment *from,
                        const struct vw_transit_attachment *to)
{
    struct vw_mark *mark;

    if (!to->subnets_known || to->subnet_count == 0)
        return unknown(walk, packet, &to->object, NULL, explain_subnets_unknown);
    if (packet->wire.source.first.family == VW_FAMILY_IPV6 && !to->ipv6)
        return drop(walk, packet, to, VW_REASON_VW_ATTACHMENT_WITHOUT_IPV6, NULL,
                    explain_ipv6);
    if (is_looping(packet, to))
        return drop(walk, packet, to, VW_REASON_VW_ROUTING_LOOP, NULL, explain_loop);
    carry_identity(walk->world, packet, from, to);
    mark = vw_walk_mark(walk, packet, VW_STEP_TRANSIT_ATTACHMENT, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &to->object, explain_left);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_vpc(walk->world, to->vpc)->object;
    return enter_vpc(walk, packet, to);
}

static int leave_to_peer(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_transit_attachment *to)
{
    const struct vw_transit_attachment *peer;
    struct vw_mark *mark;

    if (to->peer == VW_NONE)
        return unknown(walk, packet, &to->object, NULL, explain_peer_unknown);
    peer = vw_world_transit_attachment(walk->world, to->peer);
    if (!is_available(peer))
        return drop(walk, packet, peer, VW_REASON_BAD_STATE_ATTACHMENT, NULL,
                    explain_attachment_state);
    if (is_looping(packet, to))
        return drop(walk, packet, to, VW_REASON_VW_ROUTING_LOOP, NULL, explain_loop);
    mark = vw_walk_mark(walk, packet, VW_STEP_TRANSIT_ATTACHMENT, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &to->object, explain_left);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_transit_gateway(walk->world, peer->gateway)->object;
    if (packet->identity)
        packet->identity_lost = VW_REASON_SG_REFERENCES_NOT_PRESERVED;
    packet->identity = false;
    packet->zone_of = VW_NONE;
    packet->attachment = to->peer;
    vw_hop_leave(packet, packet->sender, VW_STAGE_TRANSIT);
    return 0;
}

int vw_transit_gateway_leave(struct vw_walk *walk, struct vw_packet *packet, uint32_t by)
{
    const struct vw_transit_attachment *from =
        vw_world_transit_attachment(walk->world, packet->attachment);
    const struct vw_transit_attachment *to = vw_world_transit_attachment(walk->world, by);
    struct vw_stop stop = {VW_STEP_TRANSIT_ATTACHMENT, VW_REASON_UNSUPPORTED_COMPONENT,
                           &to->object, NULL, explain_unsupported};

    if (!to->object.exported)
        return vw_walk_missing(walk, packet, VW_STEP_TRANSIT_ATTACHMENT, &to->object);
    if (!is_available(to))
        return drop(walk, packet, to, VW_REASON_BAD_STATE_ATTACHMENT, NULL,
                    explain_attachment_state);
    switch (to->attachment_kind) {
    case VW_ATTACHMENT_VPC:
        return leave_to_vpc(walk, packet, from, to);
    case VW_ATTACHMENT_PEERING:
        return leave_to_peer(walk, packet, to);
    case VW_ATTACHMENT_VPN:
    case VW_ATTACHMENT_DIRECT_CONNECT:
        return vw_vpn_attachment_leave(walk, packet, by);
    case VW_ATTACHMENT_OTHER:
        break;
    }
    return vw_walk_unknown(walk, packet, &stop, -1);
}
