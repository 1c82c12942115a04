/*
 * What AWS says (VPC User Guide, "Route tables", "Route priority"): the most specific
 * route that matches wins. For equal prefixes the local route is preferred, then static
 * routes, then prefix lists, then propagated routes; a propagated route never beats the
 * local route, even when it is more specific. A subnet without an explicit association
 * uses the main table. A route in state blackhole drops.
 *
 * What we do: find the best route for the destinations and narrow the packet to what it
 * covers, so that less specific routes get the rest. A prefix list without its entries,
 * or two lists that tie, make the answer unknown.
 */
#include "reach/route_table.h"

#include "reach/customer_network.h"
#include "reach/explain.h"
#include "reach/hop.h"

#include <string.h>

/* A packet that passes more components than this goes round in circles. */
#define HOPS_MAX 24

const struct vw_route_table *vw_route_table_of(const struct vw_world *world,
                                               uint32_t subnet, uint32_t vpc)
{
    uint32_t index = VW_NONE;

    if (subnet != VW_NONE)
        index = vw_world_subnet(world, subnet)->route_table;
    if (index == VW_NONE && vpc != VW_NONE)
        index = vw_world_vpc(world, vpc)->main_route_table;
    if (index == VW_NONE || !vw_world_route_table(world, index)->object.exported)
        return NULL;
    return vw_world_route_table(world, index);
}

static int explain_no_route(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s has no route for %s", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               vw_explain_destination(explainer, mark));
}

static int explain_local_only(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_route_explain_fields(explainer, mark->rule);

    if (error)
        return error;
    return vw_explain_sentence(explainer,
                               "the local route of %s reaches the CIDRs of %s only, and "
                               "%s is in none of them",
                               mark->object->id, mark->other->id,
                               vw_explain_destination(explainer, mark));
}

static int explain_no_table(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "the route table of %s is not in the export",
                               mark->object->id);
}

static int explain_implicit_local(struct vw_explainer *explainer,
                                  const struct vw_mark *mark)
{
    int error = vw_explain_assumption(explainer,
                                      "the route tables of %s are not exported: the "
                                      "local route that every table has is "
                                      "taken to be unchanged",
                                      mark->object->id);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s is inside %s: the implicit local route",
                               vw_explain_destination(explainer, mark), mark->object->id);
}

static int explain_unsupported(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_route *route = mark->rule;

    return vw_explain_sentence(explainer,
                               "the way leads through %s %s, which this version does not "
                               "model",
                               vw_target_noun(route->target_kind), route->target_id);
}

static int mark_route(struct vw_walk *walk, struct vw_packet *packet,
                      enum vw_decision decision, enum vw_reason reason,
                      const struct vw_object *object, const void *rule,
                      int (*explain)(struct vw_explainer *, const struct vw_mark *),
                      struct vw_mark **ret_mark)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_ROUTE_TABLE, decision,
                                        reason, object, explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = rule;
    if (ret_mark)
        *ret_mark = mark;
    return 0;
}

static int drop(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_route_table *table, const struct vw_route *route,
                enum vw_reason reason)
{
    int error = mark_route(walk, packet, VW_DECISION_DROP, reason, &table->object, route,
                           route ? vw_route_explain : explain_no_route, NULL);

    if (!error && !route)
        error = vw_peering_disconnected(walk, packet);
    if (!error && route && vw_route_waits_for_peering(walk->world, route))
        return vw_peering_cross(walk, packet, route);
    return error ? error : vw_walk_jump(walk, packet);
}

/* Narrows to the first CIDR of the VPC that holds destinations and goes on inside;
 * *ret_entered is false where there is none. `object`, `route` and `explain` are those of
 * the mark. */
static int enter_vpc(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_object *object, const struct vw_route *route,
                     int (*explain)(struct vw_explainer *, const struct vw_mark *),
                     bool *ret_entered)
{
    const struct vw_vpc *vpc = vw_world_vpc(walk->world, packet->vpc);
    size_t i;
    int error = 0;

    for (i = 0; i < vpc->cidr_count; i++)
        if (vw_range_overlaps(vw_prefix_range(vpc->cidrs[i]), packet->wire.destination))
            break;
    *ret_entered = i < vpc->cidr_count;
    if (!*ret_entered)
        return 0;
    error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(vpc->cidrs[i]));
    packet->stage = VW_STAGE_DELIVER;
    return error ? error
                 : mark_route(walk, packet, VW_DECISION_FORWARD, VW_REASON_NONE, object,
                              route, explain, NULL);
}

/* Into the VPC itself; what no CIDR of the VPC covers is dropped. */
static int take_local(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_route_table *table, const struct vw_route *route)
{
    const struct vw_vpc *vpc = vw_world_vpc(walk->world, packet->vpc);
    struct vw_mark *mark;
    bool entered;
    int error =
        enter_vpc(walk, packet, &table->object, route, vw_route_explain, &entered);

    if (error || entered)
        return error;
    if (!vpc->object.exported) {
        packet->stage = VW_STAGE_DELIVER;
        return mark_route(walk, packet, VW_DECISION_FORWARD, VW_REASON_NONE,
                          &table->object, route, vw_route_explain, NULL);
    }
    error = mark_route(walk, packet, VW_DECISION_DROP,
                       VW_REASON_VPC_LOCAL_ROUTE_CIDR_RESTRICTION, &table->object, route,
                       explain_local_only, &mark);
    if (error)
        return error;
    mark->other = &vpc->object;
    return vw_walk_jump(walk, packet);
}

/* The subnet's table is not exported: the implicit local route, else unknown. */
static int without_table(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_vpc *vpc = vw_world_vpc(walk->world, packet->vpc);
    struct vw_mark *mark;
    bool entered;
    int error =
        enter_vpc(walk, packet, &vpc->object, NULL, explain_implicit_local, &entered);

    if (error || entered)
        return error;
    error = mark_route(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNKNOWN_RESOURCE,
                       packet->subnet != VW_NONE
                           ? &vw_world_subnet(walk->world, packet->subnet)->object
                           : &vpc->object,
                       NULL, explain_no_table, &mark);
    if (error)
        return error;
    mark->missing = VW_OBJECT_ROUTE_TABLE;
    packet->unsure_source = true;
    return vw_walk_jump(walk, packet);
}

static int unsupported(struct vw_walk *walk, struct vw_packet *packet,
                       const struct vw_route *route)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_OTHER, VW_DECISION_UNKNOWN,
                     VW_REASON_UNSUPPORTED_COMPONENT, NULL, explain_unsupported);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->id = route->target_id;
    mark->rule = route;
    packet->unsure_source = true;
    return vw_walk_jump(walk, packet);
}

static int follow(struct vw_walk *walk, struct vw_packet *packet,
                  const struct vw_route_table *table, const struct vw_route *route)
{
    int error;

    if (route->target_kind == VW_TARGET_LOCAL)
        return take_local(walk, packet, table, route);
    error = mark_route(walk, packet, VW_DECISION_FORWARD, VW_REASON_NONE, &table->object,
                       route, vw_route_explain, NULL);
    if (error)
        return error;
    if (route->target == VW_NONE)
        return unsupported(walk, packet, route);
    switch (route->target_kind) {
    case VW_TARGET_INTERNET_GATEWAY:
        return vw_internet_gateway_leave(walk, packet, route);
    case VW_TARGET_EGRESS_ONLY_GATEWAY:
        return vw_egress_only_gateway_leave(walk, packet, route);
    case VW_TARGET_PEERING:
        return vw_peering_cross(walk, packet, route);
    case VW_TARGET_NAT_GATEWAY:
        return vw_nat_gateway_take(walk, packet, route);
    case VW_TARGET_TRANSIT_GATEWAY:
        return vw_transit_gateway_take(walk, packet, route);
    case VW_TARGET_INTERFACE:
        return vw_middlebox_take(walk, packet, route);
    case VW_TARGET_VPN_GATEWAY:
        return vw_vpn_gateway_take(walk, packet, route);
    case VW_TARGET_ENDPOINT:
        return vw_vpc_endpoint_take(walk, packet, route);
    case VW_TARGET_LOCAL:
    case VW_TARGET_INSTANCE:
    case VW_TARGET_CARRIER_GATEWAY:
    case VW_TARGET_LOCAL_GATEWAY:
    case VW_TARGET_CORE_NETWORK:
    case VW_TARGET_OTHER:
        break;
    }
    return unsupported(walk, packet, route);
}

/* What a service's list may cover is public: destinations on both sides of that border
 * are taken apart, as the answer may differ. */
static int split_for_unlisted(struct vw_walk *walk, struct vw_packet *packet,
                              const struct vw_route_table *table)
{
    bool special;
    size_t i;

    for (i = 0; i < table->route_count; i++) {
        const struct vw_route *route = &table->routes[i];
        if (route->target_kind == VW_TARGET_ENDPOINT && route->prefix_list != VW_NONE &&
            !vw_world_prefix_list(walk->world, route->prefix_list)->entries_known)
            return vw_internet_split_special(walk, packet, &special);
    }
    return 0;
}

static int explain_circle(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the packet has passed %u components and is sent on again "
                               "by %s: a routing loop",
                               mark->hops, mark->object->id);
}

/* The table that decides here; NULL where it is not in the export. */
static const struct vw_route_table *table_here(const struct vw_world *world,
                                               const struct vw_packet *packet)
{
    const struct vw_route_table *table;

    if (packet->route_table == VW_NONE)
        return vw_route_table_of(world, packet->subnet, packet->vpc);
    table = vw_world_route_table(world, packet->route_table);
    return table->object.exported ? table : NULL;
}

int vw_route_table_route(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_route_table *table = table_here(walk->world, packet);
    const struct vw_crossing *tracked = vw_load_balancer_of_reply(packet);
    struct vw_route_choice best = {.route = NULL};
    int error;

    if (tracked)
        return vw_load_balancer_track(walk, packet, tracked);
    packet->route_table = VW_NONE;
    if (packet->hops > HOPS_MAX && table) {
        struct vw_stop stop = {VW_STEP_ROUTE_TABLE, VW_REASON_VW_ROUTING_LOOP,
                               &table->object, NULL, explain_circle};
        return vw_walk_drop(walk, packet, &stop);
    }
    if (!table)
        return without_table(walk, packet);
    error = split_for_unlisted(walk, packet, table);
    if (error)
        return error;
    vw_route_choose(walk->world, table, packet->wire.destination, &best);
    if (best.route) {
        error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(best.prefix));
        if (error)
            return error;
    }
    if (best.unlisted || best.tie)
        return vw_route_undecided(walk, packet, table, &best);
    if (!best.route)
        return drop(walk, packet, table, NULL, VW_REASON_NO_ROUTE_TO_DESTINATION);
    if (best.route->state == VW_ROUTE_BLACKHOLE)
        return drop(walk, packet, table, best.route, VW_REASON_BAD_STATE_ROUTE);
    return follow(walk, packet, table, best.route);
}
