/*
 * What AWS says (AWS PrivateLink Guide, "Access an inspection system using a Gateway Load
 * Balancer endpoint"; Elastic Load Balancing, "Gateway Load Balancers": "Network ACLs",
 * "Asymmetric flows"; Network Firewall Guide, "How Network Firewall works"): a route may
 * lead to such an endpoint, which hands every packet to appliances behind it and sends on
 * what they return, with unchanged addresses, by the route table of its own subnet. It has
 * no security groups; the network ACL of its subnet applies, within that subnet too. Rules
 * that name the sender's security group do not match behind an appliance (VPC User Guide,
 * "Security group rules"). Appliances keep state: both directions should pass the same.
 *
 * What we do: the same; that the appliances let the packet pass is an assumption, as is a
 * direction that passes others than the other one. See network_firewall.c for the
 * stateless rules of AWS's own firewall.
 */
#include "reach/explain.h"
#include "reach/hop.h"

static int explain_loop(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the packet comes back to VPC endpoint %s%s, which has "
                               "sent it on already: a routing loop",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_no_subnet(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "in which subnet VPC endpoint %s stands is not in the "
                               "export",
                               mark->object->id);
}

static int explain_passed(struct vw_explainer *explainer, const struct vw_mark *mark);

/* Whether the way up to `last` passed the endpoint in that direction. */
static bool has_passed(const struct vw_mark *last, const struct vw_object *endpoint,
                       enum vw_direction direction)
{
    for (; last; last = last->previous)
        if (last->explain == explain_passed && last->object == endpoint &&
            last->direction == direction)
            return true;
    return false;
}

bool vw_inspection_has_sent(const struct vw_world *world, const struct vw_packet *packet,
                            uint32_t endpoint)
{
    const struct vw_object *object = &vw_world_vpc_endpoint(world, endpoint)->object;
    const struct vw_mark *mark = packet->last;

    while (mark &&
           (mark->kind == VW_STEP_NETWORK_ACL || mark->kind == VW_STEP_ROUTE_TABLE))
        mark = mark->previous;
    return mark && mark->explain == explain_passed && mark->object == object;
}

static int explain_passed(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    bool other_way = mark->direction == VW_RETURN && !mark->hypothetical &&
                     !has_passed(mark, mark->object, VW_FORWARD);
    int error = 0;

    if (other_way)
        error = vw_explain_assumption(
            explainer,
            "the reply passes %s, which the request did not: what keeps state behind it "
            "is taken to let it pass",
            mark->object->id);
    else if (!mark->other)
        error = vw_explain_assumption(
            explainer,
            "PATH_THROUGH_GWLB_NOT_CHECKED: what inspects traffic behind %s is taken to "
            "let it pass, unchanged",
            mark->object->id);
    if (error)
        return error;
    return vw_explain_sentence(
        explainer, "VPC endpoint %s%s hands it to %s and sends on what comes back",
        mark->object->id, vw_explain_name(explainer, mark->object),
        mark->other ? mark->other->name ? mark->other->name : mark->other->id
                    : "the appliances behind it");
}

static int explain_not_passed(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_assumption(explainer,
                                      "the reply does not pass %s, which the request "
                                      "passed: what keeps state behind it "
                                      "is taken to do without",
                                      mark->object->id);

    if (error)
        return error;
    return vw_explain_sentence(explainer,
                               "the request passed VPC endpoint %s%s and the reply does "
                               "not",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

/* The subnet of the endpoint and its interface there, or VW_NONE. */
static uint32_t subnet_of(const struct vw_world *world,
                          const struct vw_vpc_endpoint *endpoint)
{
    if (endpoint->subnet_count == 1)
        return endpoint->subnets[0];
    if (endpoint->subnet_count == 0 && endpoint->interface_count == 1)
        return vw_world_interface(world, endpoint->interfaces[0])->subnet;
    return VW_NONE;
}

int vw_inspection_take(struct vw_walk *walk, struct vw_packet *packet, uint32_t endpoint)
{
    const struct vw_vpc_endpoint *object = vw_world_vpc_endpoint(walk->world, endpoint);
    struct vw_hop hop = {VW_HOP_INSPECTION, endpoint, false};
    uint32_t subnet = subnet_of(walk->world, object);
    struct vw_stop loop = {VW_STEP_VPC_ENDPOINT, VW_REASON_VW_ROUTING_LOOP,
                           &object->object, NULL, explain_loop};
    struct vw_stop lacking = {VW_STEP_VPC_ENDPOINT, VW_REASON_UNKNOWN_RESOURCE,
                              &object->object, NULL, explain_no_subnet};

    if (has_passed(packet->last, &object->object, packet->direction))
        return vw_walk_drop(walk, packet, &loop);
    if (subnet == VW_NONE)
        return vw_walk_unknown(walk, packet, &lacking, VW_OBJECT_VPC_ENDPOINT);
    vw_hop_enter(packet, hop,
                 object->interface_count == 1 ? object->interfaces[0] : VW_NONE, subnet);
    packet->stage = VW_STAGE_ACL_IN;
    return 0;
}

int vw_inspection_pass(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_vpc_endpoint *endpoint =
        vw_world_vpc_endpoint(walk->world, packet->hop.index);
    const struct vw_firewall *firewall = NULL;
    struct vw_mark *mark;
    int error = 0;

    if (endpoint->firewall != VW_NONE)
        firewall = vw_world_firewall(walk->world, endpoint->firewall);
    if (firewall)
        error = vw_network_firewall_filter(walk, packet, firewall);
    if (error)
        return error;
    mark = vw_walk_mark(walk, packet, VW_STEP_VPC_ENDPOINT, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &endpoint->object, explain_passed);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = firewall ? &firewall->object : NULL;
    packet->identity = false;
    packet->identity_lost = VW_REASON_SG_REFERENCES_NOT_PRESERVED;
    vw_hop_leave(packet, packet->sender, VW_STAGE_SAME_SUBNET);
    return 0;
}

int vw_inspection_check_reply(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_mark *mark, *last = packet->last;

    if (packet->request_lost || packet->hypothetical)
        return 0;
    for (mark = last; mark; mark = mark->previous)
        if (mark->explain == explain_passed && mark->direction == VW_FORWARD &&
            !has_passed(last, mark->object, VW_RETURN))
            return vw_walk_mark(walk, packet, VW_STEP_VPC_ENDPOINT, VW_DECISION_SKIP,
                                VW_REASON_NONE, mark->object, explain_not_passed)
                       ? 0
                       : VW_ERROR_NO_MEMORY;
    return 0;
}
