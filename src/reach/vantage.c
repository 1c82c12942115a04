/* The filters of one interface, entered in the middle of the walk; see vantage.h. */
#include "reach/vantage.h"

#define BIT(stage) (1u << (stage))

enum {
    OUT_STAGES =
        BIT(VW_STAGE_GROUP_OUT) | BIT(VW_STAGE_SAME_SUBNET) | BIT(VW_STAGE_ACL_OUT),
    IN_STAGES = BIT(VW_STAGE_ACL_IN) | BIT(VW_STAGE_GROUP_IN)
};

/* What comes from the interface's own subnet meets no network ACL. */
static bool is_neighbour(const struct vw_world *world, const struct vw_interface *at,
                         struct vw_address address)
{
    const struct vw_subnet *subnet;
    size_t i;

    if (at->subnet == VW_NONE)
        return false;
    subnet = vw_world_subnet(world, at->subnet);
    for (i = 0; i < subnet->cidr_count; i++)
        if (vw_prefix_contains(subnet->cidrs[i], address))
            return true;
    return false;
}

int vw_vantage_filter(struct vw_walk *walk, const struct vw_passing *passing)
{
    const struct vw_world *world = walk->world;
    const struct vw_interface *at = vw_world_interface(world, passing->interface);
    struct vw_packet packet = {.asked = passing->box,
                               .wire = passing->box,
                               .direction = passing->is_reply ? VW_RETURN : VW_FORWARD,
                               .sender =
                                   passing->egress ? passing->interface : passing->peer,
                               .receiver = passing->egress ? VW_NONE : passing->interface,
                               .vpc = at->vpc,
                               .subnet = at->subnet,
                               .zone_of = VW_NONE,
                               .attachment = VW_NONE,
                               .route_table = VW_NONE,
                               .identity_lost = VW_REASON_SG_REFERENCES_NOT_PRESERVED,
                               .a = passing->is_reply ? passing->interface : VW_NONE,
                               .b = VW_NONE};

    walk->waiting.count = walk->done.count = 0;
    if (passing->egress) {
        packet.stage = VW_STAGE_GROUP_OUT;
    } else {
        packet.stage = is_neighbour(world, at, passing->box.source.first)
                           ? VW_STAGE_GROUP_IN
                           : VW_STAGE_ACL_IN;
        packet.identity =
            passing->peer != VW_NONE &&
            vw_identity_survives(world, vw_world_interface(world, passing->peer)->vpc,
                                 at->vpc);
    }
    return vw_walk_run_within(walk, &packet, passing->egress ? OUT_STAGES : IN_STAGES);
}

struct vw_filters vw_vantage_filters(const struct vw_packet *piece)
{
    struct vw_filters filters = {NULL, NULL};
    const struct vw_mark *mark;

    for (mark = piece->last; mark; mark = mark->previous) {
        if (mark->stage == VW_STAGE_GROUP_OUT || mark->stage == VW_STAGE_GROUP_IN)
            filters.group = mark;
        else if (mark->stage == VW_STAGE_ACL_OUT || mark->stage == VW_STAGE_ACL_IN)
            filters.acl = mark;
    }
    return filters;
}
