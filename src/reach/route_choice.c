/*
 * Which route of a table decides: see route_table.c for the rules. Tables of subnets and
 * of gateways are read alike.
 */
#include "reach/route_table.h"

#include "reach/explain.h"

#include <string.h>

/* A propagated route inside a local one is never used. */
static bool is_shadowed_by_local(const struct vw_route_table *table,
                                 const struct vw_route *route)
{
    size_t i;

    if (route->origin != VW_ORIGIN_PROPAGATED)
        return false;
    for (i = 0; i < table->route_count; i++)
        if (table->routes[i].target_kind == VW_TARGET_LOCAL &&
            table->routes[i].destination.address.family != VW_FAMILY_NONE &&
            vw_prefix_covers(table->routes[i].destination, route->destination))
            return true;
    return false;
}

static void offer(struct vw_route_choice *best, const struct vw_route *route,
                  struct vw_prefix prefix, struct vw_address_range destination)
{
    if (!vw_prefix_overlaps(prefix, destination))
        return;
    if (best->route && prefix.length < best->prefix.length)
        return;
    if (best->route && prefix.length == best->prefix.length) {
        if (!vw_address_equal(prefix.address, best->prefix.address) ||
            route->origin > best->route->origin)
            return;
        if (route->origin == best->route->origin) {
            if (route->origin == VW_ORIGIN_PREFIX_LIST &&
                strcmp(route->target_id, best->route->target_id) != 0)
                best->tie = route;
            return;
        }
    }
    best->route = route;
    best->prefix = prefix;
    best->tie = NULL;
}

/* Gateway endpoints' lists hold public addresses of AWS services only. `destination` is
 * all public or all special. */
static bool may_cover(const struct vw_route *route, struct vw_address_range destination)
{
    return route->target_kind != VW_TARGET_ENDPOINT ||
           vw_address_is_public(destination.first);
}

void vw_route_choose(const struct vw_world *world, const struct vw_route_table *table,
                     struct vw_address_range destination, struct vw_route_choice *best)
{
    size_t i, j;

    for (i = 0; i < table->route_count; i++) {
        const struct vw_route *route = &table->routes[i];
        const struct vw_prefix_list *list;

        if (route->state == VW_ROUTE_FILTERED || is_shadowed_by_local(table, route))
            continue;
        if (route->prefix_list == VW_NONE) {
            offer(best, route, route->destination, destination);
            continue;
        }
        list = vw_world_prefix_list(world, route->prefix_list);
        if (!list->entries_known && may_cover(route, destination))
            best->unlisted = route;
        for (j = 0; j < list->prefix_count; j++)
            offer(best, route, list->prefixes[j], destination);
    }
}

int vw_route_explain_fields(struct vw_explainer *explainer, const struct vw_route *route)
{
    static const char *const states[] = {"active", "blackhole", "filtered"};
    static const char *const origins[] = {"local", "static", "prefix list", "propagated"};
    char prefix[VW_PREFIX_TEXT];
    const char *to = prefix;
    int error;

    if (route->prefix_list != VW_NONE)
        to = vw_world_prefix_list(explainer->world, route->prefix_list)->object.id;
    else
        vw_prefix_format(route->destination, prefix);
    explainer->step.source.file = route->source.file;
    explainer->step.source.pointer = route->source.pointer;
    error = vw_explain_rule(explainer, "%s -> %s%s", to, route->target_id,
                            route->state == VW_ROUTE_BLACKHOLE ? " (blackhole)" : "");
    if (!error)
        error = vw_explain_fact(explainer, "destination", to);
    if (!error)
        error = vw_explain_fact(explainer, "target", route->target_id);
    if (!error)
        error = vw_explain_fact(explainer, "state", states[route->state]);
    if (!error)
        error = vw_explain_fact(explainer, "origin", origins[route->origin]);
    return error;
}

bool vw_route_waits_for_peering(const struct vw_world *world,
                                const struct vw_route *route)
{
    const char *state;

    if (route->target_kind != VW_TARGET_PEERING || route->target == VW_NONE)
        return false;
    state = vw_world_peering(world, route->target)->state;
    return state && strcmp(state, "pending-acceptance") == 0;
}

int vw_route_explain(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_route *route = mark->rule;
    int error = vw_route_explain_fields(explainer, route);

    if (error)
        return error;
    if (mark->decision == VW_DECISION_DROP)
        return vw_explain_sentence(
            explainer, "the route of %s%s for %s is a blackhole: %s %s", mark->object->id,
            vw_explain_name(explainer, mark->object),
            vw_explain_destination(explainer, mark), route->target_id,
            vw_route_waits_for_peering(explainer->world, route) ? "waits to be accepted"
                                                                : "is gone");
    return vw_explain_sentence(
        explainer, "%s%s sends %s to %s", mark->object->id,
        vw_explain_name(explainer, mark->object), vw_explain_destination(explainer, mark),
        route->target_kind == VW_TARGET_LOCAL ? "the VPC itself" : route->target_id);
}

static int explain_tie(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_route_explain_fields(explainer, mark->rule);

    if (error)
        return error;
    return vw_explain_sentence(
        explainer, "two prefix lists in %s cover %s alike and lead to different targets",
        mark->object->id, vw_explain_destination(explainer, mark));
}

static int explain_unlisted(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_route *route = mark->rule;

    return vw_explain_sentence(
        explainer,
        "a route leads to %s for prefix list %s, whose entries are "
        "not exported: it may or may not cover %s",
        route->target_id, mark->object->id, vw_explain_destination(explainer, mark));
}

int vw_route_undecided(struct vw_walk *walk, struct vw_packet *packet,
                       const struct vw_route_table *table,
                       const struct vw_route_choice *choice)
{
    const struct vw_route *unlisted = choice->unlisted;
    const struct vw_object *object =
        unlisted ? &vw_world_prefix_list(walk->world, unlisted->prefix_list)->object
                 : &table->object;
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_ROUTE_TABLE, VW_DECISION_UNKNOWN,
                     unlisted ? VW_REASON_UNKNOWN_RESOURCE : VW_REASON_VW_ROUTES_TIE,
                     object, unlisted ? explain_unlisted : explain_tie);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = unlisted ? unlisted : choice->tie;
    if (unlisted)
        mark->missing = VW_OBJECT_PREFIX_LIST;
    packet->unsure_source = true;
    return vw_walk_jump(walk, packet);
}
