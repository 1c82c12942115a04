/*
 * What AWS says (Site-to-Site VPN User Guide, "How Site-to-Site VPN works"; VPC User
 * Guide, "Gateway route tables"; Reachability Analyzer's codes): a virtual private gateway
 * joins the VPC it is attached to with VPN connections and Direct Connect. It takes only
 * what comes from an address of an interface of its VPC
 * (VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS), and delivers only to such addresses
 * (..._FOR_INGRESS): nothing crosses the VPC from edge to edge. What comes in follows the
 * gateway's route table, if it has one. A transit gateway has attachments for VPN
 * connections and Direct Connect gateways instead.
 *
 * What we do: the same; see vpn_connection.c for which connection carries it, and
 * customer_network.c for where it goes. A Direct Connect virtual interface may end at the
 * gateway itself, which no call that is read tells: that there is none is an assumption.
 */
#include "reach/customer_network.h"
#include "reach/explain.h"
#include "reach/route_table.h"

#include <string.h>

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_vpn_gateway *gateway = (const struct vw_vpn_gateway *)mark->object;

    return vw_explain_sentence(explainer, "%s%s is %s, not available", mark->object->id,
                               vw_explain_name(explainer, mark->object), gateway->state);
}

static int explain_detached(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s is not attached to %s", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               mark->other ? mark->other->id : "any VPC");
}

static int explain_source(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is no address of an interface of %s, and %s takes "
                               "nothing else",
                               vw_explain_source(explainer, mark), mark->other->id,
                               mark->object->id);
}

static int explain_destination(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is in no CIDR of %s, and %s delivers to addresses of "
                               "its VPC only",
                               vw_explain_destination(explainer, mark), mark->other->id,
                               mark->object->id);
}

static int explain_down(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_vpn_connection *vpn = (const struct vw_vpn_connection *)mark->object;
    bool available = !vpn->state || strcmp(vpn->state, "available") == 0;

    return vw_explain_sentence(explainer, "the VPN connection %s%s %s", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               available ? "has no tunnel that is up"
                                         : "is not available");
}

static int explain_limited(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "no static route of the VPN connection %s%s covers %s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               vw_explain_destination(explainer, mark));
}

static int explain_nowhere(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_assumption(explainer,
                                      "no Direct Connect virtual interface ends at %s "
                                      "itself",
                                      mark->object->id);

    if (error)
        return error;
    return vw_explain_sentence(explainer,
                               "%s%s has neither a VPN connection nor a Direct Connect "
                               "gateway: it leads nowhere",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_connections_unknown(struct vw_explainer *explainer,
                                       const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the VPN connections and Direct Connect gateways of %s "
                               "are not all in the export",
                               mark->object->id);
}

static int explain_carried(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_prefix *route = mark->rule;
    char prefix[VW_PREFIX_TEXT];
    int error = 0;

    if (route)
        error = vw_explain_rule(explainer, "static route %s",
                                vw_prefix_format(*route, prefix));
    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s%s carries it", mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_passed(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    if (!mark->other)
        return vw_explain_sentence(explainer, "%s%s takes it out of the VPC",
                                   mark->object->id,
                                   vw_explain_name(explainer, mark->object));
    return vw_explain_sentence(explainer, "%s%s takes it in to %s", mark->object->id,
                               vw_explain_name(explainer, mark->object), mark->other->id);
}

static const struct vw_object *vpc_object(const struct vw_walk *walk, uint32_t vpc)
{
    return vpc == VW_NONE ? NULL : &vw_world_vpc(walk->world, vpc)->object;
}

static int drop(struct vw_walk *walk, struct vw_packet *packet, enum vw_step_kind kind,
                enum vw_reason reason, const struct vw_object *object,
                const struct vw_object *other, vw_explain_function *explain)
{
    struct vw_stop stop = {kind, reason, object, other, explain};

    return vw_walk_drop(walk, packet, &stop);
}

static bool is_available(const char *state)
{
    return !state || strcmp(state, "available") == 0;
}

/* ---- out of a VPC ---- */

/* A propagated route shows that something behind the gateway announces it. */
static bool has_propagated_route(const struct vw_world *world, uint32_t gateway)
{
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_ROUTE_TABLE); i++) {
        const struct vw_route_table *table = vw_world_route_table(world, i);

        for (j = 0; j < table->route_count; j++)
            if (table->routes[j].origin == VW_ORIGIN_PROPAGATED &&
                table->routes[j].target_kind == VW_TARGET_VPN_GATEWAY &&
                table->routes[j].target == gateway)
                return true;
    }
    return false;
}

/* No connection carries the packet. */
static int without_carrier(struct vw_walk *walk, struct vw_packet *packet, uint32_t index,
                           const struct vw_vpn_choice *choice)
{
    const struct vw_world *world = walk->world;
    const struct vw_object *gateway = &vw_world_vpn_gateway(world, index)->object;
    struct vw_stop stop = {VW_STEP_VPN_GATEWAY, VW_REASON_UNKNOWN_RESOURCE, gateway, NULL,
                           explain_connections_unknown};

    if (choice->limited)
        return drop(walk, packet, VW_STEP_VPN_CONNECTION, VW_REASON_CANNOT_ROUTE,
                    choice->limited, gateway, explain_limited);
    if (choice->down)
        return drop(walk, packet, VW_STEP_VPN_CONNECTION, VW_REASON_BAD_STATE_VPN,
                    choice->down, gateway, explain_down);
    if (choice->count > 0 || !world->kind_exported[VW_OBJECT_VPN_CONNECTION] ||
        !world->kind_exported[VW_OBJECT_DIRECT_CONNECT_GATEWAY] ||
        has_propagated_route(world, index))
        return vw_walk_unknown(walk, packet, &stop,
                               world->kind_exported[VW_OBJECT_VPN_CONNECTION]
                                   ? VW_OBJECT_DIRECT_CONNECT_GATEWAY
                                   : VW_OBJECT_VPN_CONNECTION);
    return drop(walk, packet, VW_STEP_VPN_GATEWAY, VW_REASON_NO_POSSIBLE_DESTINATION,
                gateway, NULL, explain_nowhere);
}

static int mark_carrier(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_object *carrier, struct vw_prefix prefix)
{
    enum vw_step_kind kind = carrier->kind == VW_OBJECT_VPN_CONNECTION
                                 ? VW_STEP_VPN_CONNECTION
                                 : VW_STEP_DIRECT_CONNECT_GATEWAY;
    struct vw_mark *mark = vw_walk_mark(walk, packet, kind, VW_DECISION_FORWARD,
                                        VW_REASON_NONE, carrier, explain_carried);
    struct vw_prefix *route;

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    if (prefix.address.family == VW_FAMILY_NONE)
        return 0;
    route = vw_arena_alloc(walk->arena, sizeof *route);
    if (!route)
        return VW_ERROR_NO_MEMORY;
    *route = prefix;
    mark->rule = route;
    return 0;
}

/* Out of the gateway, by one of its connections. */
static int carry_out(struct vw_walk *walk, struct vw_packet *packet, uint32_t index)
{
    struct vw_passage way = {VW_TARGET_VPN_GATEWAY, index};
    struct vw_prefix prefix;
    const struct vw_customer_network *network =
        vw_customer_network_of(walk->world, packet->wire.destination, &prefix);
    const char *via = network ? network->via : NULL;
    struct vw_vpn_choice choice;
    int error = 0;

    if (network)
        error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(prefix));
    if (error)
        return error;
    vw_vpn_choose(walk->world, index, via, packet->wire.destination, &choice);
    if (!choice.carrier && !choice.down && !choice.limited && via) {
        /* Another way was declared: what is behind this one is not known. */
        network = NULL;
        vw_vpn_choose(walk->world, index, NULL, packet->wire.destination, &choice);
    }
    if (!choice.carrier)
        return without_carrier(walk, packet, index, &choice);
    if (choice.prefix.address.family != VW_FAMILY_NONE)
        error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(choice.prefix));
    if (!error)
        error = mark_carrier(walk, packet, choice.carrier, choice.prefix);
    return error ? error
                 : vw_customer_network_arrive(walk, packet, way, choice.carrier, network);
}

/* Whether an interface of the VPC has the source, as far as the export says. */
static bool is_from_interface(const struct vw_walk *walk, const struct vw_packet *packet)
{
    const struct vw_vpc *vpc = vw_world_vpc(walk->world, packet->vpc);

    if (vw_owner_in_vpc(walk->world, packet->vpc, packet->wire.source) ||
        packet->unsure_source || !vpc->object.exported)
        return true;
    return !vpc->interfaces_exported &&
           vw_vpc_contains(vpc, packet->wire.source.first, NULL);
}

int vw_vpn_gateway_take(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_route *route)
{
    const struct vw_vpn_gateway *gateway =
        vw_world_vpn_gateway(walk->world, route->target);
    const struct vw_object *object = &gateway->object;
    const struct vw_object *vpc = vpc_object(walk, packet->vpc);
    int error;

    if (!object->exported)
        return vw_walk_missing(walk, packet, VW_STEP_VPN_GATEWAY, object);
    if (!is_available(gateway->state))
        return drop(walk, packet, VW_STEP_VPN_GATEWAY, VW_REASON_BAD_STATE, object, NULL,
                    explain_state);
    if (gateway->vpc != packet->vpc)
        return drop(walk, packet, VW_STEP_VPN_GATEWAY, VW_REASON_BAD_STATE_ATTACHMENT,
                    object, vpc, explain_detached);
    if (!is_from_interface(walk, packet))
        return drop(walk, packet, VW_STEP_VPN_GATEWAY,
                    VW_REASON_VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS, object, vpc,
                    explain_source);
    error = vw_edge_table_check_leaving(walk, packet, object);
    if (error)
        return error;
    if (!vw_walk_mark(walk, packet, VW_STEP_VPN_GATEWAY, VW_DECISION_FORWARD,
                      VW_REASON_NONE, object, explain_passed))
        return VW_ERROR_NO_MEMORY;
    return carry_out(walk, packet, route->target);
}

/* ---- into a VPC ---- */

/* Narrows to what is in a CIDR of the VPC and goes on there; *ret_inside is false where
 * none of the destinations is. */
static int narrow_to_vpc(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_vpc *vpc, bool *ret_inside)
{
    size_t i;

    *ret_inside = true;
    for (i = 0; i < vpc->cidr_count; i++)
        if (vw_range_overlaps(vw_prefix_range(vpc->cidrs[i]), packet->wire.destination))
            return vw_walk_narrow_destination(walk, packet,
                                              vw_prefix_range(vpc->cidrs[i]));
    *ret_inside = !vpc->object.exported;
    return 0;
}

/* What the gateway and its connections are like; *ret_stopped where they do not pass. */
static int check_entry(struct vw_walk *walk, struct vw_packet *packet, uint32_t index,
                       bool *ret_stopped)
{
    const struct vw_vpn_gateway *gateway = vw_world_vpn_gateway(walk->world, index);
    const char *via = packet->network ? packet->network->via : NULL;
    struct vw_vpn_choice choice;

    *ret_stopped = true;
    if (!gateway->object.exported)
        return vw_walk_missing(walk, packet, VW_STEP_VPN_GATEWAY, &gateway->object);
    if (!is_available(gateway->state))
        return drop(walk, packet, VW_STEP_VPN_GATEWAY, VW_REASON_BAD_STATE,
                    &gateway->object, NULL, explain_state);
    if (gateway->vpc == VW_NONE)
        return drop(walk, packet, VW_STEP_VPN_GATEWAY, VW_REASON_BAD_STATE_ATTACHMENT,
                    &gateway->object, NULL, explain_detached);
    /* What comes in needs no static route: the sources stand for the destinations. */
    vw_vpn_choose(walk->world, index, via, packet->wire.source, &choice);
    if (!choice.carrier && !choice.limited)
        return without_carrier(walk, packet, index, &choice);
    *ret_stopped = false;
    return 0;
}

int vw_vpn_gateway_enter(struct vw_walk *walk, struct vw_packet *packet, uint32_t index)
{
    const struct vw_vpn_gateway *gateway = vw_world_vpn_gateway(walk->world, index);
    bool stopped = false, inside, taken;
    struct vw_mark *mark;
    int error = 0;

    if (packet->direction == VW_FORWARD)
        error = check_entry(walk, packet, index, &stopped);
    if (error || stopped)
        return error;
    packet->vpc = gateway->vpc;
    packet->subnet = packet->receiver = packet->route_table = VW_NONE;
    packet->same_subnet = false;
    if (packet->direction == VW_FORWARD)
        packet->request_entry = (struct vw_passage){VW_TARGET_VPN_GATEWAY, index};
    error = narrow_to_vpc(walk, packet, vw_world_vpc(walk->world, gateway->vpc), &inside);
    if (error)
        return error;
    if (!inside)
        return drop(walk, packet, VW_STEP_VPN_GATEWAY,
                    VW_REASON_VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, &gateway->object,
                    vpc_object(walk, gateway->vpc), explain_destination);
    packet->stage = VW_STAGE_DELIVER;
    mark = vw_walk_mark(walk, packet, VW_STEP_VPN_GATEWAY, VW_DECISION_FORWARD,
                        VW_REASON_NONE, &gateway->object, explain_passed);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = vpc_object(walk, gateway->vpc);
    return vw_edge_table_route(walk, packet, &gateway->object, &taken);
}
