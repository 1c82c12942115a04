/* Route tables of subnets and gateways; see naive.h. */
#include <string.h>

#include "reach/naive.h"

static const struct vw_route_table *table_of(const struct naive *s)
{
    uint32_t index = s->table, i;

    if (index == VW_NONE && s->subnet != VW_NONE)
        index = vw_world_subnet(s->world, s->subnet)->route_table;
    for (i = 0; index == VW_NONE && i < vw_world_count(s->world, VW_OBJECT_ROUTE_TABLE);
         i++)
        if (vw_world_route_table(s->world, i)->main &&
            vw_world_route_table(s->world, i)->vpc == s->vpc)
            index = i;
    return vw_world_route_table(s->world, index);
}

static int prefix_length(const struct naive *s, const struct vw_route *route)
{
    struct vw_address destination = s->packet.destination;
    const struct vw_prefix_list *list;
    int length = -1;
    size_t i;

    if (route->prefix_list == VW_NONE)
        return vw_prefix_contains(route->destination, destination)
                   ? (int)route->destination.length
                   : -1;
    list = vw_world_prefix_list(s->world, route->prefix_list);
    for (i = 0; i < list->prefix_count; i++)
        if (vw_prefix_contains(list->prefixes[i], destination) &&
            (int)list->prefixes[i].length > length)
            length = (int)list->prefixes[i].length;
    return length;
}

/* How good a route is for the packet: prefix length first, then origin; -1 no match. A
 * propagated route never beats `local`. */
static int rank_of(const struct naive *s, const struct vw_route_table *table,
                   const struct vw_route *route)
{
    int length = prefix_length(s, route);
    size_t i;

    if (route->state == VW_ROUTE_FILTERED || length < 0)
        return -1;
    for (i = 0; route->origin == VW_ORIGIN_PROPAGATED && i < table->route_count; i++)
        if (table->routes[i].origin == VW_ORIGIN_LOCAL &&
            vw_prefix_contains(table->routes[i].destination, s->packet.destination) &&
            vw_prefix_covers(table->routes[i].destination, route->destination))
            return -1;
    return length * 10 + (VW_ORIGIN_PROPAGATED - (int)route->origin);
}

const struct vw_route *naive_route(const struct naive *s, bool *ret_tie)
{
    const struct vw_route_table *table = table_of(s);
    const struct vw_route *best = NULL;
    int best_rank = -1;
    size_t i;

    *ret_tie = false;
    for (i = 0; i < table->route_count; i++) {
        const struct vw_route *route = &table->routes[i];
        int rank = rank_of(s, table, route);

        if (rank >= 0 && rank == best_rank && best->origin == VW_ORIGIN_PREFIX_LIST &&
            strcmp(best->target_id, route->target_id) != 0)
            *ret_tie = true;
        if (rank > best_rank) {
            best = route;
            best_rank = rank;
            *ret_tie = false;
        }
    }
    return best;
}
