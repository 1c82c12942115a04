/*
 * What AWS says (Transit Gateway guide, "Transit gateway route tables", "Route evaluation
 * order"): the table that is associated with the attachment by which the packet came in
 * decides. The most specific route wins; for the same destination a static route is
 * preferred to a propagated one; a blackhole route drops.
 *
 * What we do: find the best route for the destinations and narrow the packet to what it
 * covers. Routes that an attachment propagates by BGP are in the export only as
 * search-transit-gateway-routes prints them; where they are not, nobody can say whether
 * one of them is more specific.
 */
#include "reach/explain.h"
#include "reach/hop.h"

struct best {
    const struct vw_transit_route *route;
    struct vw_prefix prefix;
    bool is_open; /* a prefix list without its entries may cover the destination */
};

static int explain_fields(struct vw_explainer *explainer,
                          const struct vw_transit_route *route)
{
    const struct vw_world *world = explainer->world;
    char prefix[VW_PREFIX_TEXT];
    const char *to = prefix, *by = "blackhole";
    int error;

    if (route->prefix_list != VW_NONE)
        to = vw_world_prefix_list(world, route->prefix_list)->object.id;
    else
        vw_prefix_format(route->destination, prefix);
    if (!route->blackhole && route->attachment_count > 0)
        by = vw_world_transit_attachment(world, route->attachments[0])->object.id;
    explainer->step.source.file = route->source.file;
    explainer->step.source.pointer = route->source.pointer;
    error = vw_explain_rule(explainer, "%s -> %s%s", to, by,
                            route->propagated ? " (propagated)" : "");
    if (!error)
        error = vw_explain_fact(explainer, "destination", to);
    if (!error)
        error = vw_explain_fact(explainer, "target", by);
    if (!error)
        error = vw_explain_fact(explainer, "state",
                                route->blackhole ? "blackhole" : "active");
    if (!error)
        error = vw_explain_fact(explainer, "origin",
                                route->propagated ? "propagated" : "static");
    return error;
}

static int explain_route(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = explain_fields(explainer, mark->rule);

    if (error)
        return error;
    if (mark->decision == VW_DECISION_DROP)
        return vw_explain_sentence(explainer, "the route of %s%s for %s is a blackhole",
                                   mark->object->id,
                                   vw_explain_name(explainer, mark->object),
                                   vw_explain_destination(explainer, mark));
    return vw_explain_sentence(explainer, "%s%s sends %s on", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               vw_explain_destination(explainer, mark));
}

static int explain_no_route(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s%s has no route for %s", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               vw_explain_destination(explainer, mark));
}

static int explain_unassociated(struct vw_explainer *explainer,
                                const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the attachment %s%s is associated with no transit "
                               "gateway route table",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_association_unknown(struct vw_explainer *explainer,
                                       const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "with which transit gateway route table the attachment %s "
                               "is associated is not in the export",
                               mark->object->id);
}

static int explain_routes_unknown(struct vw_explainer *explainer,
                                  const struct vw_mark *mark)
{
    const struct vw_transit_table *table = (const struct vw_transit_table *)mark->object;

    explainer->step.missing = "aws ec2 search-transit-gateway-routes";
    if (table->routes_exported && !table->has_more)
        return vw_explain_sentence(explainer,
                                   "what is propagated into %s for %s is not in the "
                                   "export (search-transit-gateway-routes)",
                                   mark->object->id,
                                   vw_explain_destination(explainer, mark));
    return vw_explain_sentence(explainer,
                               "the routes of %s are not %sin the export "
                               "(search-transit-gateway-routes)",
                               mark->object->id, table->has_more ? "all " : "");
}

static void offer(struct best *best, const struct vw_transit_route *route,
                  struct vw_prefix prefix, struct vw_address_range destination)
{
    if (!vw_range_overlaps(vw_prefix_range(prefix), destination))
        return;
    if (best->route && prefix.length < best->prefix.length)
        return;
    if (best->route && prefix.length == best->prefix.length &&
        (!vw_address_equal(prefix.address, best->prefix.address) ||
         route->propagated >= best->route->propagated))
        return;
    best->route = route;
    best->prefix = prefix;
}

static struct best find_best(const struct vw_world *world,
                             const struct vw_transit_table *table,
                             struct vw_address_range destination)
{
    struct best best = {.route = NULL};
    size_t i, j;

    for (i = 0; i < table->route_count; i++) {
        const struct vw_transit_route *route = &table->routes[i];
        const struct vw_prefix_list *list;

        if (route->prefix_list == VW_NONE) {
            offer(&best, route, route->destination, destination);
            continue;
        }
        list = vw_world_prefix_list(world, route->prefix_list);
        best.is_open = best.is_open || !list->entries_known;
        for (j = 0; j < list->prefix_count; j++)
            offer(&best, route, list->prefixes[j], destination);
    }
    return best;
}

static int stop_at_attachment(struct vw_walk *walk, struct vw_packet *packet,
                              const struct vw_transit_attachment *attachment)
{
    struct vw_stop stop = {VW_STEP_TRANSIT_ATTACHMENT,
                           VW_REASON_TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION,
                           &attachment->object, NULL, explain_unassociated};

    if (attachment->association_known)
        return vw_walk_drop(walk, packet, &stop);
    stop.reason = VW_REASON_UNKNOWN_RESOURCE;
    stop.explain = explain_association_unknown;
    return vw_walk_unknown(walk, packet, &stop, VW_OBJECT_TRANSIT_ATTACHMENT);
}

static int routes_unknown(struct vw_walk *walk, struct vw_packet *packet,
                          const struct vw_transit_table *table)
{
    struct vw_stop stop = {VW_STEP_TRANSIT_TABLE, VW_REASON_TGW_RTB_ROUTES_ARE_UNKNOWN,
                           &table->object, NULL, explain_routes_unknown};

    return vw_walk_unknown(walk, packet, &stop, VW_OBJECT_TRANSIT_TABLE);
}

static int follow(struct vw_walk *walk, struct vw_packet *packet,
                  const struct vw_transit_table *table,
                  const struct vw_transit_route *route)
{
    bool drops = route->blackhole || route->attachment_count == 0;
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_TRANSIT_TABLE,
                     drops ? VW_DECISION_DROP : VW_DECISION_FORWARD,
                     drops ? VW_REASON_TGW_RTB_BAD_STATE_ROUTE : VW_REASON_NONE,
                     &table->object, explain_route);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = route;
    return drops ? vw_walk_jump(walk, packet)
                 : vw_transit_gateway_leave(walk, packet, route->attachments[0]);
}

int vw_transit_gateway_route(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_transit_attachment *attachment =
        vw_world_transit_attachment(walk->world, packet->attachment);
    const struct vw_transit_table *table;
    struct vw_stop stop = {VW_STEP_TRANSIT_TABLE,
                           VW_REASON_TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT, NULL, NULL,
                           explain_no_route};
    struct best best;
    int error;

    if (attachment->table == VW_NONE)
        return stop_at_attachment(walk, packet, attachment);
    table = vw_world_transit_table(walk->world, attachment->table);
    if (!table->routes_exported || table->has_more || table->has_unknown_propagation)
        return routes_unknown(walk, packet, table);
    best = find_best(walk->world, table, packet->wire.destination);
    if (best.is_open)
        return routes_unknown(walk, packet, table);
    stop.object = &table->object;
    if (!best.route)
        return vw_walk_drop(walk, packet, &stop);
    error = vw_walk_narrow_destination(walk, packet, vw_prefix_range(best.prefix));
    return error ? error : follow(walk, packet, table, best.route);
}
