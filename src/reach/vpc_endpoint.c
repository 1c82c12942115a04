/*
 * What AWS says (AWS PrivateLink Guide, "Gateway endpoints", "Gateway endpoints for
 * Amazon S3": considerations; Reachability Analyzer, VPCE_GATEWAY_PROTOCOL_RESTRICTION): a
 * gateway endpoint carries TCP and ICMP echo from its own VPC to the addresses of one
 * service; no public address is needed, and the reply comes straight back. What comes from
 * the other side of a peering, a transit gateway or a VPN cannot use it. "Access an AWS
 * service using an interface VPC endpoint": an interface endpoint is an interface of the
 * VPC whose security groups apply, and takes what its service serves.
 *
 * What we do: the same. Beyond a gateway endpoint nothing is known: that is listed as an
 * assumption. Pings of an interface endpoint and tcp/22 of one that serves something else
 * are never answered, as measured; which further ports are served is in no export, so
 * that is unknown beyond what endpoint_service.c knows.
 */
#include "reach/endpoint_service.h"
#include "reach/explain.h"
#include "reach/hop.h"

#include <strings.h>

static const struct vw_vpc_endpoint *endpoint_of(const struct vw_mark *mark)
{
    return (const struct vw_vpc_endpoint *)mark->object;
}

static const char *service_of(const struct vw_mark *mark)
{
    const char *name = endpoint_of(mark)->service_name;

    return name ? name : "its service";
}

/* ---- state ---- */

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const char *state = endpoint_of(mark)->state;
    int error = vw_explain_fact(explainer, "state", state);

    if (error)
        return error;
    if (!state)
        return vw_explain_sentence(explainer,
                                   "the state of VPC endpoint %s is not in the export",
                                   mark->object->id);
    return vw_explain_sentence(explainer, "VPC endpoint %s%s is %s, not available",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               state);
}

static bool is_available(const struct vw_vpc_endpoint *endpoint)
{
    return endpoint->state && strcasecmp(endpoint->state, "available") == 0;
}

static int stop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_vpc_endpoint *endpoint, enum vw_reason reason,
                const struct vw_object *other, vw_explain_function *explain)
{
    struct vw_stop what = {VW_STEP_VPC_ENDPOINT, reason, &endpoint->object, other,
                           explain};

    return vw_walk_drop(walk, packet, &what);
}

static int stop_unknown(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_vpc_endpoint *endpoint, enum vw_reason reason,
                        int missing, vw_explain_function *explain)
{
    struct vw_stop what = {VW_STEP_VPC_ENDPOINT, reason, &endpoint->object, NULL,
                           explain};

    return vw_walk_unknown(walk, packet, &what, missing);
}

/* ---- gateway endpoints ---- */

static int explain_gateway(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_assumption(
        explainer, "%s is beyond %s: what %s itself answers or filters was not checked",
        vw_explain_destination(explainer, mark), mark->object->id, service_of(mark));

    if (error)
        return error;
    return vw_explain_sentence(explainer, "gateway endpoint %s%s hands it to %s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               service_of(mark));
}

static int explain_protocol(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];

    return vw_explain_sentence(
        explainer, "gateway endpoint %s%s carries only TCP and ICMP echo, and this is %s",
        mark->object->id, vw_explain_name(explainer, mark->object),
        vw_box_traffic(&mark->box, traffic));
}

static int explain_echo_v6(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "whether gateway endpoint %s carries ICMPv6 is not documented",
        mark->object->id);
}

static int explain_elsewhere(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s is no VPC endpoint of %s", mark->object->id,
                               mark->other->id);
}

static int explain_source(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    if (mark->decision == VW_DECISION_UNKNOWN)
        return vw_explain_sentence(
            explainer,
            "gateway endpoint %s serves only addresses of its own VPC; whether %s is "
            "translated to one before it is in no export",
            mark->object->id, vw_explain_source(explainer, mark));
    return vw_explain_sentence(
        explainer,
        "gateway endpoint %s%s serves only what its own VPC %s sends, and %s is "
        "not of it",
        mark->object->id, vw_explain_name(explainer, mark->object), mark->other->id,
        vw_explain_source(explainer, mark));
}

static int explain_reply(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "the route sends the reply to gateway endpoint %s%s, which "
        "the request did not pass",
        mark->object->id, vw_explain_name(explainer, mark->object));
}

/* Narrows to sources of the endpoint's VPC; *ret_own is false where there are none. */
static int check_source(struct vw_walk *walk, struct vw_packet *packet, bool *ret_own)
{
    const struct vw_vpc *vpc = vw_world_vpc(walk->world, packet->vpc);
    struct vw_box region = packet->wire;
    size_t i;

    *ret_own = true;
    if (packet->unsure_source || packet->hops == 0)
        return 0;
    for (i = 0; i < vpc->cidr_count; i++) {
        region.source = vw_prefix_range(vpc->cidrs[i]);
        if (vw_range_overlaps(region.source, packet->wire.source))
            return vw_walk_narrow(walk, packet, &region);
    }
    *ret_own = false;
    return 0;
}

/* A middlebox may, and a regional NAT gateway does translate to an address that is not of
 * the VPC's CIDRs. */
static bool may_be_translated(const struct vw_packet *packet)
{
    return packet->forwarded ||
           (packet->crossings && packet->crossings->hop.kind == VW_HOP_NAT_GATEWAY);
}

static int refuse_source(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_vpc_endpoint *endpoint)
{
    if (may_be_translated(packet) ||
        !vw_world_vpc(walk->world, packet->vpc)->object.exported)
        return stop_unknown(walk, packet, endpoint, VW_REASON_UNSUPPORTED_COMPONENT, -1,
                            explain_source);
    return stop(walk, packet, endpoint, VW_REASON_VW_ENDPOINT_OF_ANOTHER_VPC,
                &vw_world_vpc(walk->world, packet->vpc)->object, explain_source);
}

/* Narrows to what the endpoint carries, where that is part of the packet. */
static int check_protocol(struct vw_walk *walk, struct vw_packet *packet,
                          bool *ret_carried)
{
    bool v6 = packet->wire.protocol == VW_ICMPV6;
    struct vw_box region = packet->wire;

    *ret_carried = packet->wire.protocol == VW_TCP;
    if (!vw_protocol_is_icmp(packet->wire.protocol))
        return 0;
    region.source_ports.first = region.source_ports.last = v6 ? 128 : 8;
    if (!vw_box_overlaps(&packet->wire, &region))
        return 0;
    *ret_carried = true;
    return vw_walk_narrow(walk, packet, &region);
}

static int take_gateway(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_vpc_endpoint *endpoint, uint32_t index)
{
    bool carried, own;
    int error = check_protocol(walk, packet, &carried);

    if (error)
        return error;
    if (packet->direction == VW_RETURN)
        return stop(walk, packet, endpoint, VW_REASON_VW_REPLY_LEFT_BY_OTHER_PATH, NULL,
                    explain_reply);
    if (!carried)
        return stop(walk, packet, endpoint, VW_REASON_VPCE_GATEWAY_PROTOCOL_RESTRICTION,
                    NULL, explain_protocol);
    error = check_source(walk, packet, &own);
    if (error)
        return error;
    if (!own)
        return refuse_source(walk, packet, endpoint);
    if (packet->wire.protocol == VW_ICMPV6)
        return stop_unknown(walk, packet, endpoint, VW_REASON_UNSUPPORTED_COMPONENT, -1,
                            explain_echo_v6);
    packet->request_exit = (struct vw_passage){VW_TARGET_ENDPOINT, index};
    packet->outside = true;
    packet->stage = VW_STAGE_ARRIVED;
    return vw_walk_mark(walk, packet, VW_STEP_VPC_ENDPOINT, VW_DECISION_DELIVER,
                        VW_REASON_NONE, &endpoint->object, explain_gateway)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

/* ---- by a route ---- */

static int explain_type(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const char *type = endpoint_of(mark)->type_name;

    return vw_explain_sentence(explainer,
                               "what VPC endpoint %s (%s) does with this is not modelled",
                               mark->object->id, type ? type : "type unknown");
}

int vw_vpc_endpoint_take(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_route *route)
{
    const struct vw_vpc_endpoint *endpoint =
        vw_world_vpc_endpoint(walk->world, route->target);

    if (!endpoint->object.exported)
        return vw_walk_missing(walk, packet, VW_STEP_VPC_ENDPOINT, &endpoint->object);
    if (endpoint->vpc != packet->vpc)
        return stop(walk, packet, endpoint, VW_REASON_BAD_STATE_ATTACHMENT,
                    &vw_world_vpc(walk->world, packet->vpc)->object, explain_elsewhere);
    if (!endpoint->state)
        return stop_unknown(walk, packet, endpoint, VW_REASON_UNKNOWN_RESOURCE,
                            VW_OBJECT_VPC_ENDPOINT, explain_state);
    if (!is_available(endpoint))
        return stop(walk, packet, endpoint, VW_REASON_BAD_STATE, NULL, explain_state);
    switch (endpoint->type) {
    case VW_ENDPOINT_GATEWAY:
        return take_gateway(walk, packet, endpoint, route->target);
    case VW_ENDPOINT_GATEWAY_LOAD_BALANCER:
        return vw_inspection_take(walk, packet, route->target);
    case VW_ENDPOINT_INTERFACE:
    case VW_ENDPOINT_OTHER:
        break;
    }
    return stop_unknown(walk, packet, endpoint, VW_REASON_UNSUPPORTED_COMPONENT, -1,
                        explain_type);
}

/* ---- interface endpoints ---- */

static int explain_served(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];
    int error = vw_explain_assumption(
        explainer, "what %s itself answers or refuses behind %s was not checked",
        service_of(mark), mark->object->id);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "interface endpoint %s%s serves %s for %s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               vw_box_traffic(&mark->box, traffic), service_of(mark));
}

static int explain_not_served(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];

    return vw_explain_sentence(
        explainer,
        "interface endpoint %s%s of %s does not serve %s, whatever its groups "
        "say",
        mark->object->id, vw_explain_name(explainer, mark->object), service_of(mark),
        vw_box_traffic(&mark->box, traffic));
}

static int explain_ports(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];

    return vw_explain_sentence(
        explainer, "whether %s serves %s behind interface endpoint %s%s is in no export",
        service_of(mark), vw_box_traffic(&mark->box, traffic), mark->object->id,
        vw_explain_name(explainer, mark->object));
}

static int end(struct vw_walk *walk, struct vw_packet *packet,
               const struct vw_vpc_endpoint *endpoint, enum vw_decision decision,
               enum vw_reason reason, vw_explain_function *explain)
{
    packet->stage = decision == VW_DECISION_DELIVER ? VW_STAGE_ARRIVED : VW_STAGE_DONE;
    return vw_walk_mark(walk, packet, VW_STEP_VPC_ENDPOINT, decision, reason,
                        &endpoint->object, explain)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

static int serve_tcp(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_vpc_endpoint *endpoint)
{
    struct vw_box region = packet->wire;
    enum vw_served served =
        vw_service_serves(endpoint->service_name, region.ports, &region.ports);
    int error = vw_walk_narrow(walk, packet, &region);

    if (error)
        return error;
    switch (served) {
    case VW_SERVED:
        return end(walk, packet, endpoint, VW_DECISION_DELIVER, VW_REASON_NONE,
                   explain_served);
    case VW_NOT_SERVED:
        return end(walk, packet, endpoint, VW_DECISION_DROP, VW_REASON_VW_PORT_NOT_SERVED,
                   explain_not_served);
    case VW_SERVED_UNKNOWN:
        break;
    }
    return end(walk, packet, endpoint, VW_DECISION_UNKNOWN,
               VW_REASON_UNSUPPORTED_COMPONENT, explain_ports);
}

int vw_vpc_endpoint_serve(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_vpc_endpoint *endpoint =
        vw_world_vpc_endpoint(walk->world, packet->hop.index);

    packet->stage = VW_STAGE_ARRIVED;
    if (packet->direction == VW_RETURN)
        return 0;
    if (!endpoint->state)
        return end(walk, packet, endpoint, VW_DECISION_UNKNOWN,
                   VW_REASON_UNKNOWN_RESOURCE, explain_state);
    if (!is_available(endpoint))
        return end(walk, packet, endpoint, VW_DECISION_DROP, VW_REASON_BAD_STATE,
                   explain_state);
    if (endpoint->type != VW_ENDPOINT_INTERFACE)
        return end(walk, packet, endpoint, VW_DECISION_UNKNOWN,
                   VW_REASON_UNSUPPORTED_COMPONENT, explain_type);
    if (!vw_protocol_has_ports(packet->wire.protocol))
        return end(walk, packet, endpoint, VW_DECISION_DROP,
                   VW_REASON_PROTOCOL_RESTRICTION, explain_not_served);
    if (packet->wire.protocol == VW_UDP)
        return end(walk, packet, endpoint, VW_DECISION_UNKNOWN,
                   VW_REASON_UNSUPPORTED_COMPONENT, explain_ports);
    return serve_tcp(walk, packet, endpoint);
}
