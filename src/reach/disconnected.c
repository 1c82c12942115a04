/*
 * What AWS says (VPC User Guide, "What is Amazon VPC?"): VPCs are isolated from each other
 * unless something joins them.
 *
 * What we do: where a router drops what is meant for another VPC of the export, say that
 * nothing joins the two, if the export holds nothing that could.
 */
#include "reach/explain.h"
#include "reach/route_table.h"

#include <string.h>

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
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_PEERING); i++) {
        const struct vw_peering *peering = vw_world_peering(world, i);
        bool dead = !peering->object.exported || !peering->state ||
                    (strcmp(peering->state, "active") != 0 &&
                     strcmp(peering->state, "pending-acceptance") != 0 &&
                     strcmp(peering->state, "provisioning") != 0);

        if (!dead && ((peering->requester.vpc == a && peering->accepter.vpc == b) ||
                      (peering->requester.vpc == b && peering->accepter.vpc == a)))
            return true;
    }
    return false;
}

/* Something that is not modelled may join any two VPCs. */
static bool has_other_connectors(const struct vw_world *world)
{
    static const char *const keys[] = {"TransitGatewayVpcAttachments",
                                       "TransitGatewayAttachments", "TransitGateways",
                                       "VpnConnections", "CoreNetworks"};
    size_t i, j;

    for (i = 0; i < world->other_count; i++)
        for (j = 0; j < sizeof keys / sizeof *keys; j++)
            if (world->others[i].count > 0 && strcmp(world->others[i].key, keys[j]) == 0)
                return true;
    return false;
}

int vw_route_table_disconnected(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_world *world = walk->world;
    struct vw_prefix cidr;
    struct vw_mark *mark;
    uint32_t other;

    if (packet->direction == VW_RETURN || packet->vpc == VW_NONE)
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
