/*
 * What AWS says (VPC User Guide, "Middlebox routing", "NAT instances"; EC2 User Guide,
 * "Elastic network interfaces"): a route may lead to an interface of an instance that
 * forwards. Its source/destination check must be off; its security groups and its
 * subnet's network ACL apply to what passes as to its own traffic, and its subnet's route
 * table sends it on.
 *
 * What we do: the same, and list as an assumption that the instance forwards. A box with
 * several interfaces may send on by another one: unknown. The groups of the box remember
 * what passed it; a reply that comes through a box which the request did not pass meets
 * them as new traffic. That a box translates addresses is in no export: see
 * internet_gateway.c for where that decides.
 */
#include "reach/explain.h"
#include "reach/hop.h"

static int explain_check(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the source/destination check of %s%s is on: it drops "
                               "what is neither from nor to its own addresses",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_several(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the way leads through %s of %s, which has several "
                               "network interfaces: by which it sends on is not in the "
                               "export",
                               mark->object->id, mark->other->id);
}

static int explain_elsewhere(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s is no interface of %s", mark->object->id,
                               mark->other->id);
}

static int explain_loop(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the route sends the packet back to %s%s, which has sent "
                               "it: a routing loop",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_forwarded(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error =
        vw_explain_assumption(explainer, "%s%s forwards what it is handed, unchanged",
                              mark->object->id, vw_explain_name(explainer, mark->object));

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s forwards it", mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int drop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_interface *interface, enum vw_reason reason,
                const struct vw_object *other, vw_explain_function *explain)
{
    struct vw_stop stop = {VW_STEP_MIDDLEBOX, reason, &interface->object, other, explain};

    return vw_walk_drop(walk, packet, &stop);
}

static bool is_looping(const struct vw_packet *packet, uint32_t interface)
{
    return packet->sender == interface || (packet->direction == VW_FORWARD &&
                                           vw_crossing_has_interface(packet, interface));
}

int vw_middlebox_take(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_route *route)
{
    const struct vw_interface *interface = vw_world_interface(walk->world, route->target);
    struct vw_hop hop = {VW_HOP_MIDDLEBOX, route->target, false};

    if (!interface->object.exported)
        return vw_walk_missing(walk, packet, VW_STEP_MIDDLEBOX, &interface->object);
    if (interface->vpc != packet->vpc)
        return drop(walk, packet, interface, VW_REASON_BAD_STATE_ATTACHMENT,
                    &vw_world_vpc(walk->world, packet->vpc)->object, explain_elsewhere);
    if (is_looping(packet, route->target))
        return drop(walk, packet, interface, VW_REASON_VW_ROUTING_LOOP, NULL,
                    explain_loop);
    vw_hop_enter(packet, hop, route->target, interface->subnet);
    return 0;
}

/* A box of several interfaces, or one whose instance the export does not tell. */
static const struct vw_object *several_of(const struct vw_world *world,
                                          const struct vw_interface *interface)
{
    const struct vw_instance *instance;

    if (interface->instance == VW_NONE)
        return NULL;
    instance = vw_world_instance(world, interface->instance);
    return instance->interface_count > 1 ? &instance->object : NULL;
}

int vw_middlebox_pass(struct vw_walk *walk, struct vw_packet *packet)
{
    uint32_t index = packet->hop.index;
    const struct vw_interface *interface = vw_world_interface(walk->world, index);
    const struct vw_object *several = several_of(walk->world, interface);
    struct vw_stop stop = {VW_STEP_MIDDLEBOX, VW_REASON_UNSUPPORTED_COMPONENT,
                           &interface->object, several, explain_several};
    struct vw_crossing *crossing;

    if (interface->source_dest_check)
        return drop(walk, packet, interface, VW_REASON_ENI_SOURCE_DEST_CHECK_RESTRICTION,
                    NULL, explain_check);
    if (several)
        return vw_walk_unknown(walk, packet, &stop, -1);
    if (!vw_walk_mark(walk, packet, VW_STEP_MIDDLEBOX, VW_DECISION_FORWARD,
                      VW_REASON_NONE, &interface->object, explain_forwarded))
        return VW_ERROR_NO_MEMORY;
    if (packet->direction == VW_FORWARD) {
        int error = vw_crossing_add(walk, packet, index, &crossing);
        if (error)
            return error;
    }
    packet->identity = false;
    packet->forwarded = true;
    vw_hop_leave(packet, index, VW_STAGE_GROUP_OUT);
    return 0;
}
