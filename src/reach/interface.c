/*
 * What AWS says (EC2 User Guide, "Elastic network interfaces", "Instance lifecycle"):
 * only a running instance and an attached interface send and receive. Interfaces that
 * AWS services own (NAT gateways, load balancers, endpoints) follow rules of their own.
 *
 * AWS Lambda, "FAQs": inbound connections of a function are blocked, and outbound ones use
 * TCP and UDP only.
 *
 * What we do: the state of the instance and of the interface at both ends. An instance
 * that is not in the export is taken as running, and the assumption is listed. What the
 * guest's own firewall does is outside the export and is never claimed.
 */
#include "reach/explain.h"
#include "reach/walk.h"

#include <string.h>

static int explain_stopped(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_instance *instance = (const struct vw_instance *)mark->object;
    int error = vw_explain_fact(explainer, "state", instance->state);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "instance %s%s is %s", mark->object->id,
                               vw_explain_name(explainer, mark->object), instance->state);
}

static int explain_detached(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_interface *interface = (const struct vw_interface *)mark->object;

    return vw_explain_sentence(explainer, "interface %s is %s, attachment %s",
                               mark->object->id,
                               interface->status ? interface->status : "unknown",
                               interface->attachment ? interface->attachment : "none");
}

static int explain_ready(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_interface *interface = (const struct vw_interface *)mark->object;
    const struct vw_instance *instance = NULL;
    int error = 0;

    if (interface->instance != VW_NONE)
        instance = vw_world_instance(explainer->world, interface->instance);
    if (instance && !instance->state)
        error = vw_explain_assumption(explainer,
                                      "instance %s is not in the export and taken as "
                                      "running",
                                      instance->object.id);
    if (error)
        return error;
    if (instance)
        error = vw_explain_rule(explainer, "of %s%s%s", instance->object.id,
                                vw_explain_name(explainer, &instance->object),
                                instance->state ? ", running" : "");
    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s %s",
                               mark->decision == VW_DECISION_DELIVER ? "delivered to"
                                                                     : "leaves",
                               mark->object->id);
}

static int explain_service(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_interface *interface = (const struct vw_interface *)mark->object;

    return vw_explain_sentence(
        explainer,
        "%s belongs to an AWS service (%s), whose behaviour this version does not model",
        mark->object->id,
        interface->description && *interface->description
            ? interface->description
            : (interface->type ? interface->type : "type unknown"));
}

static int explain_outbound(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    if (mark->reason == VW_REASON_PROTOCOL_RESTRICTION)
        return vw_explain_sentence(
            explainer, "%s belongs to a Lambda function, which sends TCP and UDP only",
            mark->object->id);
    return vw_explain_sentence(
        explainer, "%s belongs to a Lambda function, which takes no connections",
        mark->object->id);
}

/* A service that the walk knows takes the packet over, once it has arrived. */
static bool is_modelled(const struct vw_packet *packet,
                        const struct vw_interface *interface)
{
    return interface->role == VW_ROLE_HOST || interface->role == VW_ROLE_OUTBOUND_ONLY ||
           packet->hop.kind != VW_HOP_NONE;
}

/* What an interface that only begins connections does not do. */
static enum vw_reason outbound_reason(const struct vw_packet *packet,
                                      const struct vw_interface *interface,
                                      enum vw_decision passed)
{
    if (interface->role != VW_ROLE_OUTBOUND_ONLY)
        return VW_REASON_NONE;
    if (passed == VW_DECISION_DELIVER)
        return VW_REASON_VW_NO_INBOUND;
    return vw_protocol_has_ports(packet->wire.protocol) ? VW_REASON_NONE
                                                        : VW_REASON_PROTOCOL_RESTRICTION;
}

static int check(struct vw_walk *walk, struct vw_packet *packet, uint32_t index,
                 enum vw_decision passed)
{
    const struct vw_interface *interface = vw_world_interface(walk->world, index);
    enum vw_decision decision = passed;
    enum vw_reason reason = VW_REASON_NONE;
    const struct vw_object *object = &interface->object;
    int (*explain)(struct vw_explainer *, const struct vw_mark *) = explain_ready;
    enum vw_step_kind kind = VW_STEP_INTERFACE;

    if (!interface->is_up && interface->instance != VW_NONE) {
        const struct vw_instance *instance =
            vw_world_instance(walk->world, interface->instance);
        if (instance->state && strcmp(instance->state, "running") != 0) {
            kind = VW_STEP_INSTANCE;
            decision = VW_DECISION_DROP;
            reason = VW_REASON_BAD_STATE;
            object = &instance->object;
            explain = explain_stopped;
        }
    }
    if (!reason && !interface->is_up && !vw_interface_is_attached(interface)) {
        decision = VW_DECISION_DROP;
        reason = VW_REASON_BAD_STATE;
        explain = explain_detached;
    } else if (!reason && !is_modelled(packet, interface)) {
        decision = VW_DECISION_UNKNOWN;
        reason = VW_REASON_UNSUPPORTED_COMPONENT;
        explain = explain_service;
    } else if (!reason && outbound_reason(packet, interface, passed)) {
        decision = VW_DECISION_DROP;
        reason = outbound_reason(packet, interface, passed);
        explain = explain_outbound;
    }
    return vw_walk_mark(walk, packet, kind, decision, reason, object, explain)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

int vw_interface_leave(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->stage = VW_STAGE_SAME_HOST;
    return check(walk, packet, packet->sender, VW_DECISION_FORWARD);
}

int vw_interface_arrive(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->stage = packet->hop.kind == VW_HOP_NONE ? VW_STAGE_ARRIVED : VW_STAGE_HOP;
    return packet->direction == VW_RETURN && packet->receiver == packet->a
               ? (vw_walk_mark(walk, packet, VW_STEP_INTERFACE, VW_DECISION_DELIVER,
                               VW_REASON_NONE,
                               &vw_world_interface(walk->world, packet->receiver)->object,
                               explain_ready)
                      ? 0
                      : VW_ERROR_NO_MEMORY)
               : check(walk, packet, packet->receiver, VW_DECISION_DELIVER);
}
