/*
 * What AWS says (VPC User Guide, "Gateway route tables"): a route table may be associated
 * with an internet gateway or a virtual private gateway; traffic that enters by the
 * gateway follows it. Its routes lead to the VPC itself, to a network interface or to a
 * Gateway Load Balancer endpoint. Such an interface must be of a running instance and, for
 * what an internet gateway carries, have a public address (Reachability Analyzer:
 * INGRESS_RTB_NO_PUBLIC_IP). "The return traffic from the destination subnet must be
 * routed through the same appliance. Asymmetric routing is not supported": the subnets
 * concerned "can't use a direct route to the internet gateway even when the subnet route
 * table provides one" (INGRESS_RTB_TRAFFIC_REDIRECTION).
 *
 * What we do: look the private destination up as any table is, and hand the packet to the
 * interface, from whose subnet it goes on. What is addressed to that interface itself has
 * arrived. What leaves by an internet gateway is looked up the other way round: if what
 * comes back would go to an interface that did not send this on, it is dropped, as AWS's
 * analyzer has it. For a virtual private gateway, of which the analyzer says nothing, the
 * answer is open.
 */
#include "reach/explain.h"
#include "reach/hop.h"
#include "reach/route_table.h"

#include <string.h>

static int explain_no_public(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the route table of the gateway leads to %s%s, which has "
                               "no public address: it receives nothing from the internet",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_other(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_route *route = mark->rule;
    int error = vw_route_explain_fields(explainer, route);

    if (error)
        return error;
    return vw_explain_sentence(
        explainer,
        "inbound traffic of %s follows route table %s to %s, which "
        "this version does not model",
        mark->other->id, mark->object->id, route->target_id);
}

static int explain_redirected(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_route *route = mark->rule;
    int error = vw_route_explain_fields(explainer, route);

    if (error)
        return error;
    return vw_explain_sentence(
        explainer,
        "%s sends %s straight to the gateway, whose own route table %s sends "
        "what "
        "comes in for it to %s: AWS does not support such asymmetric routing",
        mark->object->id, vw_explain_source(explainer, mark), mark->other->id,
        route->target_id);
}

/* The route table of the gateway itself, or NULL. */
static const struct vw_route_table *table_of(const struct vw_world *world,
                                             const struct vw_object *gateway)
{
    size_t i;

    for (i = 0; i < world->edge_table_count; i++) {
        const struct vw_route_table *table =
            vw_world_route_table(world, world->edge_tables[i]);

        if (table->object.exported && strcmp(table->gateway_id, gateway->id) == 0)
            return table;
    }
    return NULL;
}

static bool has_public_address(const struct vw_interface *interface)
{
    size_t i;

    for (i = 0; i < interface->address_count; i++) {
        const struct vw_interface_address *address = &interface->addresses[i];

        if (address->public_address.family != VW_FAMILY_NONE ||
            (address->prefix.address.family == VW_FAMILY_IPV6 &&
             vw_address_is_public(address->prefix.address)))
            return true;
    }
    return false;
}

static bool is_addressed(const struct vw_world *world, const struct vw_packet *packet,
                         uint32_t interface)
{
    const struct vw_owner *owner =
        vw_owner_in_vpc(world, packet->vpc, packet->wire.destination);

    return owner && owner->interface == interface;
}

/* The evaluator of Gateway Load Balancer endpoints is to take the packet over here; until
 * then whether it arrives is unknown. */
static int take_other(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_route_table *table, const struct vw_route *route,
                      const struct vw_object *gateway)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_ROUTE_TABLE, VW_DECISION_UNKNOWN,
                     VW_REASON_UNSUPPORTED_COMPONENT, &table->object, explain_other);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = route;
    mark->other = gateway;
    return 0;
}

static int mark_route(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_route_table *table, const struct vw_route *route)
{
    bool drops = route->state == VW_ROUTE_BLACKHOLE;
    struct vw_mark *mark = vw_walk_mark(
        walk, packet, VW_STEP_ROUTE_TABLE, drops ? VW_DECISION_DROP : VW_DECISION_FORWARD,
        drops ? VW_REASON_BAD_STATE_ROUTE : VW_REASON_NONE, &table->object,
        vw_route_explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = route;
    return 0;
}

/* From the gateway: from no subnet. */
static int take_appliance(struct vw_walk *walk, struct vw_packet *packet,
                          const struct vw_route *route, const struct vw_object *gateway)
{
    const struct vw_interface *interface;

    packet->receiver = packet->subnet = VW_NONE;
    packet->hop = (struct vw_hop){VW_HOP_NONE, VW_NONE, false};
    if (route->target_kind == VW_TARGET_ENDPOINT)
        return vw_vpc_endpoint_take(walk, packet, route);
    interface = vw_world_interface(walk->world, route->target);
    if (gateway->kind == VW_OBJECT_INTERNET_GATEWAY && interface->object.exported &&
        !has_public_address(interface)) {
        struct vw_stop stop = {VW_STEP_MIDDLEBOX, VW_REASON_INGRESS_RTB_NO_PUBLIC_IP,
                               &interface->object, NULL, explain_no_public};
        return vw_walk_drop(walk, packet, &stop);
    }
    return vw_middlebox_take(walk, packet, route);
}

/* What the gateway's table says of the packet's destinations; NULL: nothing that is not
 * said of the VPC itself. */
static const struct vw_route_table *choose(const struct vw_world *world,
                                           const struct vw_object *gateway,
                                           struct vw_address_range destination,
                                           struct vw_route_choice *choice)
{
    const struct vw_route_table *table = table_of(world, gateway);

    if (!table)
        return NULL;
    vw_route_choose(world, table, destination, choice);
    if (!choice->unlisted && !choice->tie &&
        (!choice->route || choice->route->target_kind == VW_TARGET_LOCAL))
        return NULL;
    return table;
}

/* To a network interface, or to a Gateway Load Balancer endpoint. */
static bool leads_to_appliance(const struct vw_route *route)
{
    return route && route->target != VW_NONE &&
           (route->target_kind == VW_TARGET_INTERFACE ||
            route->target_kind == VW_TARGET_ENDPOINT);
}

/* The subnet of what the route leads to, or VW_NONE. */
static uint32_t appliance_subnet(const struct vw_world *world,
                                 const struct vw_route *route)
{
    const struct vw_vpc_endpoint *endpoint;

    if (route->target_kind == VW_TARGET_INTERFACE)
        return vw_world_interface(world, route->target)->subnet;
    endpoint = vw_world_vpc_endpoint(world, route->target);
    return endpoint->subnet_count > 0 ? endpoint->subnets[0] : VW_NONE;
}

/* Whether it was the appliance of the route that sent the packet on. */
static bool comes_from(const struct vw_world *world, const struct vw_packet *packet,
                       const struct vw_route *route)
{
    if (route->target_kind == VW_TARGET_INTERFACE)
        return route->target == packet->sender;
    return vw_inspection_has_sent(world, packet, route->target);
}

uint32_t vw_edge_table_subnet(const struct vw_world *world,
                              const struct vw_object *gateway,
                              struct vw_address_range destination, uint32_t subnet)
{
    struct vw_route_choice choice = {.route = NULL};

    if (choose(world, gateway, destination, &choice) && leads_to_appliance(choice.route))
        return appliance_subnet(world, choice.route);
    return subnet;
}

int vw_edge_table_route(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_object *gateway, bool *ret_taken)
{
    struct vw_route_choice choice = {.route = NULL};
    const struct vw_route_table *table =
        choose(walk->world, gateway, packet->wire.destination, &choice);
    const struct vw_route *route = choice.route;
    int error;

    *ret_taken = false;
    if (!table)
        return 0;
    if (route) {
        error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(choice.prefix));
        if (error)
            return error;
    }
    if (choice.unlisted || choice.tie) {
        *ret_taken = true;
        return vw_route_undecided(walk, packet, table, &choice);
    }
    if (!leads_to_appliance(route))
        return take_other(walk, packet, table, route, gateway);
    if (route->target_kind == VW_TARGET_INTERFACE &&
        is_addressed(walk->world, packet, route->target))
        return 0;
    *ret_taken = true;
    error = mark_route(walk, packet, table, route);
    if (error)
        return error;
    return route->state == VW_ROUTE_BLACKHOLE
               ? vw_walk_jump(walk, packet)
               : take_appliance(walk, packet, route, gateway);
}

int vw_edge_table_check_leaving(struct vw_walk *walk, struct vw_packet *packet,
                                const struct vw_object *gateway)
{
    struct vw_route_choice choice = {.route = NULL};
    const struct vw_route_table *edge =
        choose(walk->world, gateway, packet->wire.source, &choice);
    const struct vw_route_table *table =
        vw_route_table_of(walk->world, packet->subnet, packet->vpc);
    struct vw_mark *mark;

    if (!edge || !leads_to_appliance(choice.route) ||
        comes_from(walk->world, packet, choice.route))
        return 0;
    mark = vw_walk_mark(walk, packet, VW_STEP_ROUTE_TABLE,
                        gateway->kind == VW_OBJECT_INTERNET_GATEWAY ? VW_DECISION_DROP
                                                                    : VW_DECISION_UNKNOWN,
                        VW_REASON_INGRESS_RTB_TRAFFIC_REDIRECTION,
                        table ? &table->object : &edge->object, explain_redirected);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = choice.route;
    mark->other = &edge->object;
    return 0;
}
