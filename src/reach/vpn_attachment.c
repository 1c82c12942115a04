/*
 * What AWS says (Transit Gateway guide, "Transit gateway VPN attachments", "Transit gateway
 * attachments to a Direct Connect gateway"): such an attachment is routed to and from like
 * any other; it passes as long as the VPN connection works (TGW_BAD_STATE_VPN), or the
 * Direct Connect gateway is available.
 *
 * What we do: the same. That a Direct Connect gateway which is not exported is available is
 * told by its attachment.
 */
#include "reach/customer_network.h"
#include "reach/explain.h"

#include <string.h>

static int explain_down(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_vpn_connection *vpn = (const struct vw_vpn_connection *)mark->object;
    bool available = !vpn->state || strcmp(vpn->state, "available") == 0;

    return vw_explain_sentence(
        explainer, "the VPN connection %s%s behind the attachment %s %s",
        mark->object->id, vw_explain_name(explainer, mark->object), mark->other->id,
        available ? "has no tunnel that is up" : "is not available");
}

static int explain_vpn_unknown(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "the VPN connection behind the attachment %s is not in the "
        "export",
        mark->object->id);
}

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "the Direct Connect gateway %s%s is not available", mark->object->id,
        vw_explain_name(explainer, mark->object));
}

static int explain_attachment_state(struct vw_explainer *explainer,
                                    const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "the attachment %s%s is not available",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_out(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_rule(explainer, "by %s", mark->other->id);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s carries it out of AWS", mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_in(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s takes it in to the transit gateway",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

/* The VPN connection or Direct Connect gateway behind the attachment: *ret_carrier, which
 * is the attachment itself where the gateway is not exported. *ret_stopped where it does
 * not pass. */
static int check_resource(struct vw_walk *walk, struct vw_packet *packet,
                          const struct vw_transit_attachment *attachment,
                          const struct vw_object **ret_carrier, bool *ret_stopped)
{
    bool vpn = attachment->attachment_kind == VW_ATTACHMENT_VPN;
    enum vw_object_kind kind =
        vpn ? VW_OBJECT_VPN_CONNECTION : VW_OBJECT_DIRECT_CONNECT_GATEWAY;
    const struct vw_object *object = NULL;
    struct vw_stop stop = {VW_STEP_TRANSIT_ATTACHMENT, VW_REASON_UNKNOWN_RESOURCE,
                           &attachment->object, NULL, explain_vpn_unknown};
    uint32_t index;

    *ret_stopped = true;
    if (attachment->resource_id &&
        vw_world_find(walk->world, kind, attachment->resource_id, &index) &&
        vw_world_object(walk->world, kind, index)->exported)
        object = vw_world_object(walk->world, kind, index);
    if (!object && vpn)
        return vw_walk_unknown(walk, packet, &stop, VW_OBJECT_VPN_CONNECTION);
    stop = (struct vw_stop){VW_STEP_VPN_CONNECTION, VW_REASON_TGW_BAD_STATE_VPN, object,
                            &attachment->object, explain_down};
    if (vpn && !vw_vpn_works((const struct vw_vpn_connection *)object))
        return vw_walk_drop(walk, packet, &stop);
    if (!vpn && object) {
        const char *state = ((const struct vw_direct_connect_gateway *)object)->state;
        stop = (struct vw_stop){VW_STEP_DIRECT_CONNECT_GATEWAY, VW_REASON_BAD_STATE,
                                object, NULL, explain_state};
        if (state && strcmp(state, "available") != 0)
            return vw_walk_drop(walk, packet, &stop);
    }
    *ret_carrier = object ? object : &attachment->object;
    *ret_stopped = false;
    return 0;
}

/* Whether what is declared is behind this attachment. */
static bool is_via(const struct vw_customer_network *network,
                   const struct vw_transit_attachment *attachment)
{
    return !network->via || strcmp(network->via, attachment->object.id) == 0 ||
           (attachment->resource_id &&
            strcmp(network->via, attachment->resource_id) == 0);
}

int vw_vpn_attachment_leave(struct vw_walk *walk, struct vw_packet *packet, uint32_t by)
{
    const struct vw_transit_attachment *to = vw_world_transit_attachment(walk->world, by);
    struct vw_passage way = {VW_TARGET_TRANSIT_GATEWAY, by};
    const struct vw_customer_network *network;
    const struct vw_object *carrier;
    struct vw_prefix prefix;
    struct vw_mark *mark;
    bool stopped;
    int error = check_resource(walk, packet, to, &carrier, &stopped);

    if (error || stopped)
        return error;
    network = vw_customer_network_of(walk->world, packet->wire.destination, &prefix);
    if (network)
        error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(prefix));
    if (error)
        return error;
    if (network && !is_via(network, to))
        network = NULL;
    mark = vw_walk_mark(walk, packet, VW_STEP_TRANSIT_ATTACHMENT, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &to->object, explain_out);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = carrier;
    return vw_customer_network_arrive(walk, packet, way, carrier, network);
}

int vw_vpn_attachment_enter(struct vw_walk *walk, struct vw_packet *packet, uint32_t by)
{
    const struct vw_transit_attachment *from =
        vw_world_transit_attachment(walk->world, by);
    struct vw_stop stop = {VW_STEP_TRANSIT_ATTACHMENT, VW_REASON_BAD_STATE_ATTACHMENT,
                           &from->object, NULL, explain_attachment_state};
    const struct vw_object *carrier;
    bool stopped = false;
    int error = 0;

    if (!from->object.exported)
        return vw_walk_missing(walk, packet, VW_STEP_TRANSIT_ATTACHMENT, &from->object);
    if (packet->direction == VW_FORWARD) {
        if (!from->state || strcmp(from->state, "available") != 0)
            return vw_walk_drop(walk, packet, &stop);
        error = check_resource(walk, packet, from, &carrier, &stopped);
    }
    if (error || stopped)
        return error;
    packet->attachment = by;
    packet->zone_of = VW_NONE;
    packet->stage = VW_STAGE_TRANSIT;
    return vw_walk_mark(walk, packet, VW_STEP_TRANSIT_ATTACHMENT, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &from->object, explain_in)
               ? 0
               : VW_ERROR_NO_MEMORY;
}
