/*
 * What AWS says (VPC Peering Guide, "VPC peering basics and limitations"): a peering
 * carries traffic between the addresses of its two VPCs once it is active; it is not
 * transitive, and the peer's gateways cannot be used through it. Both VPCs need routes.
 * Security groups of the peer can be referenced within one Region.
 *
 * What we do: the destination must lie in the CIDRs of the VPC at the other end; the
 * packet is then delivered there, with the sender's identity if both are in one Region.
 */
#include "reach/explain.h"
#include "reach/route_table.h"

#include <string.h>

static int explain_crossed(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_rule(explainer, "to %s%s", mark->other->id,
                                vw_explain_name(explainer, mark->other));

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s carries it to %s%s", mark->object->id,
                               vw_explain_name(explainer, mark->object), mark->other->id,
                               vw_explain_name(explainer, mark->other));
}

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_peering *peering = (const struct vw_peering *)mark->object;
    int error = vw_explain_fact(explainer, "status", peering->state);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s is %s, not active", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               peering->state ? peering->state : "in an unknown state");
}

static int explain_elsewhere(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s does not belong to %s", mark->object->id,
                               mark->other->id);
}

static int explain_outside(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "%s carries only what is addressed to the CIDRs of %s, and %s is not",
        mark->object->id, mark->other->id, vw_explain_destination(explainer, mark));
}

static int stop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_peering *peering, enum vw_decision decision,
                enum vw_reason reason, const struct vw_object *other,
                int (*explain)(struct vw_explainer *, const struct vw_mark *))
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_PEERING, decision, reason,
                                        &peering->object, explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = other;
    if (decision == VW_DECISION_UNKNOWN)
        mark->missing = VW_OBJECT_PEERING;
    return vw_walk_jump(walk, packet);
}

/* The CIDRs of the far VPC: its own if it is exported, else what the peering says. */
static void far_cidrs(const struct vw_world *world, const struct vw_peering_side *far,
                      const struct vw_prefix **ret_cidrs, size_t *ret_count)
{
    const struct vw_vpc *vpc = vw_world_vpc(world, far->vpc);
    bool exported = vpc->object.exported && vpc->cidr_count > 0;

    *ret_cidrs = exported ? vpc->cidrs : far->cidrs;
    *ret_count = exported ? vpc->cidr_count : far->cidr_count;
}

static int deliver(struct vw_walk *walk, struct vw_packet *packet,
                   const struct vw_peering *peering, const struct vw_peering_side *near,
                   const struct vw_peering_side *far)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_PEERING, VW_DECISION_FORWARD, VW_REASON_NONE,
                     &peering->object, explain_crossed);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_vpc(walk->world, far->vpc)->object;
    if (near->region && far->region && strcmp(near->region, far->region) != 0)
        packet->identity = false;
    if (packet->direction == VW_FORWARD)
        packet->request_exit.kind = packet->request_entry.kind = VW_TARGET_PEERING;
    packet->vpc = far->vpc;
    packet->subnet = VW_NONE;
    packet->stage = VW_STAGE_DELIVER;
    return 0;
}

static int explain_transit(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s carries only what comes from the CIDRs of %s, and %s "
                               "does not: a peering is no way through",
                               mark->object->id, mark->other->id,
                               vw_explain_source(explainer, mark));
}

/* Whether the packet is another network's that would pass through. A load balancer may
 * show its targets in a peered VPC the client's address. */
static bool is_transit(const struct vw_world *world, const struct vw_packet *packet)
{
    const struct vw_vpc *vpc = vw_world_vpc(world, packet->vpc);

    if (!vpc->object.exported || vpc->cidr_count == 0 || packet->unsure_source ||
        (packet->sender != VW_NONE &&
         vw_world_interface(world, packet->sender)->role == VW_ROLE_LOAD_BALANCER))
        return false;
    return !vw_vpc_contains(vpc, packet->wire.source.first, NULL);
}

int vw_peering_cross(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_route *route)
{
    const struct vw_peering *peering = vw_world_peering(walk->world, route->target);
    const struct vw_peering_side *near = &peering->requester, *far = &peering->accepter;
    const struct vw_object *here = &vw_world_vpc(walk->world, packet->vpc)->object;
    const struct vw_prefix *cidrs;
    size_t i, count;
    int error;

    if (!peering->object.exported)
        return stop(walk, packet, peering, VW_DECISION_UNKNOWN,
                    VW_REASON_UNKNOWN_RESOURCE, here, vw_explain_missing);
    if (!peering->state || strcmp(peering->state, "active") != 0)
        return stop(walk, packet, peering, VW_DECISION_DROP, VW_REASON_BAD_STATE, here,
                    explain_state);
    if (far->vpc == packet->vpc) {
        near = &peering->accepter;
        far = &peering->requester;
    }
    if (near->vpc != packet->vpc || far->vpc == VW_NONE)
        return stop(walk, packet, peering, VW_DECISION_DROP,
                    VW_REASON_BAD_STATE_ATTACHMENT, here, explain_elsewhere);
    if (is_transit(walk->world, packet))
        return stop(walk, packet, peering, VW_DECISION_DROP,
                    VW_REASON_PCX_REQUIRES_ADDRESS_IN_VPC_CIDR, here, explain_transit);
    far_cidrs(walk->world, far, &cidrs, &count);
    for (i = 0; i < count; i++) {
        struct vw_address_range range = vw_prefix_range(cidrs[i]);
        if (!vw_range_overlaps(range, packet->wire.destination))
            continue;
        error = vw_walk_narrow_destination(walk, packet, range);
        return error ? error : deliver(walk, packet, peering, near, far);
    }
    return stop(walk, packet, peering, VW_DECISION_DROP,
                VW_REASON_PCX_REQUIRES_ADDRESS_IN_VPC_CIDR,
                &vw_world_vpc(walk->world, far->vpc)->object, explain_outside);
}

/* ---- two VPCs that nothing joins ---- */

static int explain_disconnected(struct vw_explainer *explainer,
                                const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "no peering connection in the export joins %s%s and %s%s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               mark->other->id, vw_explain_name(explainer, mark->other));
}

static bool are_peered(const struct vw_world *world, uint32_t a, uint32_t b)
{
    size_t i, count;
    const struct vw_peering_pair *pairs = vw_peerings_between(world, a, b, &count);

    for (i = 0; i < count; i++) {
        const struct vw_peering *peering = vw_world_peering(world, pairs[i].peering);

        if (peering->object.exported && peering->state &&
            (strcmp(peering->state, "active") == 0 ||
             strcmp(peering->state, "pending-acceptance") == 0 ||
             strcmp(peering->state, "provisioning") == 0))
            return true;
    }
    return false;
}

static bool is_connector(const char *key)
{
    static const char transit[] = "AWS::EC2::TransitGateway",
                      wan[] = "AWS::NetworkManager::";

    return strcmp(key, "CoreNetworks") == 0 ||
           strncmp(key, transit, sizeof transit - 1) == 0 ||
           strncmp(key, wan, sizeof wan - 1) == 0;
}

/* Something else may join any two VPCs. */
static bool has_other_connectors(const struct vw_world *world)
{
    size_t i;

    for (i = 0; i < world->other_count; i++)
        if (world->others[i].count > 0 && is_connector(world->others[i].key))
            return true;
    return vw_world_count(world, VW_OBJECT_TRANSIT_GATEWAY) > 0 ||
           vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT) > 0 ||
           vw_world_count(world, VW_OBJECT_VPN_CONNECTION) > 0;
}

int vw_peering_disconnected(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_world *world = walk->world;
    struct vw_prefix cidr;
    struct vw_mark *mark;
    uint32_t other;

    if (packet->direction == VW_RETURN || packet->vpc == VW_NONE ||
        !world->kind_exported[VW_OBJECT_PEERING])
        return 0;
    if (walk->goal.vpc != VW_NONE) {
        other = walk->goal.vpc;
    } else {
        other = vw_vpc_of_address(world, packet->wire.destination.first, &cidr);
        if (other != VW_NONE && !vw_prefix_contains(cidr, packet->wire.destination.last))
            return 0;
    }
    if (other == VW_NONE || other == packet->vpc || has_other_connectors(world) ||
        are_peered(world, packet->vpc, other))
        return 0;
    mark = vw_walk_mark(walk, packet, VW_STEP_VPC, VW_DECISION_DROP,
                        VW_REASON_DISCONNECTED_VPCS,
                        &vw_world_vpc(world, packet->vpc)->object, explain_disconnected);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_vpc(world, other)->object;
    return 0;
}
