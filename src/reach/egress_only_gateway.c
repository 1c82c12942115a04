/*
 * What AWS says (VPC User Guide, "Enable outbound IPv6 traffic using an egress-only
 * internet gateway"): IPv6 only; it is stateful, lets out what instances begin and lets in
 * the replies, and nothing else.
 *
 * What we do: requests leave through it and their replies come back by it; the reply of a
 * connection that came in another way does not pass.
 */
#include "reach/explain.h"
#include "reach/route_table.h"

static int explain_passed(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s passes it on to the internet",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_detached(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s is not attached to %s", mark->object->id,
                               mark->other->id);
}

static int explain_reply(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "the reply would leave through %s, which carries only what "
        "was begun inside",
        mark->object->id);
}

static int explain_not_public(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s carries IPv6 to the internet, and %s is not "
                               "there",
                               mark->object->id, vw_explain_destination(explainer, mark));
}

static int explain_unique_local(struct vw_explainer *explainer,
                                const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is not an address of the internet: %s drops "
                               "what it sends",
                               vw_explain_source(explainer, mark), mark->object->id);
}

static int drop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_object *gateway, enum vw_reason reason,
                int (*explain)(struct vw_explainer *, const struct vw_mark *))
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_EGRESS_ONLY_GATEWAY,
                                        VW_DECISION_DROP, reason, gateway, explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = &vw_world_vpc(walk->world, packet->vpc)->object;
    return vw_walk_jump(walk, packet);
}

int vw_egress_only_gateway_leave(struct vw_walk *walk, struct vw_packet *packet,
                                 const struct vw_route *route)
{
    const struct vw_egress_only_gateway *gateway =
        vw_world_egress_only_gateway(walk->world, route->target);
    struct vw_address_range public_space;
    struct vw_mark *mark;
    int error;

    if (!gateway->object.exported) {
        mark = vw_walk_mark(walk, packet, VW_STEP_EGRESS_ONLY_GATEWAY,
                            VW_DECISION_UNKNOWN, VW_REASON_UNKNOWN_RESOURCE,
                            &gateway->object, vw_explain_missing);
        if (!mark)
            return VW_ERROR_NO_MEMORY;
        mark->missing = VW_OBJECT_EGRESS_ONLY_GATEWAY;
    } else if (gateway->vpc != packet->vpc) {
        return drop(walk, packet, &gateway->object, VW_REASON_BAD_STATE_ATTACHMENT,
                    explain_detached);
    }
    /* 2000::/3 is all of the internet's IPv6. */
    public_space = vw_prefix_range(vw_prefix_of(
        (struct vw_address){UINT64_C(0x2000000000000000), 0, VW_FAMILY_IPV6}, 3));
    if (!vw_range_overlaps(public_space, packet->wire.destination))
        return drop(walk, packet, &gateway->object, VW_REASON_VW_DESTINATION_NOT_PUBLIC,
                    explain_not_public);
    error = vw_walk_narrow_destination(walk, packet, public_space);
    if (!error)
        error = vw_block_public_access(walk, packet, true);
    if (error)
        return error;
    if (packet->direction == VW_RETURN)
        return drop(walk, packet, &gateway->object,
                    VW_REASON_VW_REPLY_LEFT_BY_EGRESS_ONLY_GATEWAY, explain_reply);
    if (!vw_address_is_public(packet->wire.source.first))
        return drop(walk, packet, &gateway->object,
                    VW_REASON_IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, explain_unique_local);
    packet->request_exit =
        (struct vw_passage){VW_TARGET_EGRESS_ONLY_GATEWAY, route->target};
    packet->identity = false;
    packet->stage = VW_STAGE_INTERNET;
    return vw_walk_mark(walk, packet, VW_STEP_EGRESS_ONLY_GATEWAY, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &gateway->object, explain_passed)
               ? 0
               : VW_ERROR_NO_MEMORY;
}
