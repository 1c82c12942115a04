/*
 * Transit gateways: the other side of a peering, and the routes that follow from
 * propagations. A VPC attachment propagates the CIDRs of its VPC, a VPN connection with
 * static routing its routes; what BGP tells is in no export but
 * search-transit-gateway-routes (Transit Gateway guide, "Route propagation").
 */
#include "world/finish.h"

#include <string.h>

#include "base/address.h"
#include "base/array.h"

/* ---- heads and peers ---- */

static void give_head(const struct vw_world *world, struct vw_object *object,
                      uint32_t gateway)
{
    const struct vw_object *owner;

    if (gateway == VW_NONE)
        return;
    owner = &vw_world_transit_gateway(world, gateway)->object;
    if (!object->region)
        object->region = owner->region;
    if (!object->account)
        object->account = owner->account;
}

static void resolve_heads(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        struct vw_transit_attachment *attachment =
            vw_world_edit_transit_attachment(world, i);
        give_head(world, &attachment->object, attachment->gateway);
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_TABLE); i++) {
        struct vw_transit_table *table = vw_world_edit_transit_table(world, i);
        give_head(world, &table->object, table->gateway);
    }
}

/* The accepter's side may have an id of its own: the only peering between the two. */
static uint32_t only_peering(const struct vw_world *world,
                             const struct vw_transit_attachment *attachment)
{
    uint32_t found = VW_NONE, i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        const struct vw_transit_attachment *other = vw_world_transit_attachment(world, i);

        if (other->attachment_kind != VW_ATTACHMENT_PEERING ||
            other->gateway != attachment->peer_gateway ||
            other->peer_gateway != attachment->gateway)
            continue;
        if (found != VW_NONE)
            return VW_NONE;
        found = i;
    }
    return found;
}

static int resolve_peers(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        struct vw_transit_attachment *attachment =
            vw_world_edit_transit_attachment(world, i);
        const char *key;

        if (attachment->attachment_kind != VW_ATTACHMENT_PEERING ||
            attachment->peer_gateway == VW_NONE)
            continue;
        key = vw_arena_printf(
            &world->arena, "%s@%s", attachment->object.id,
            vw_world_transit_gateway(world, attachment->peer_gateway)->object.id);
        if (!key)
            return VW_ERROR_NO_MEMORY;
        if (!vw_world_find(world, VW_OBJECT_TRANSIT_ATTACHMENT, key, &attachment->peer))
            attachment->peer = only_peering(world, attachment);
    }
    return 0;
}

/* ---- propagated routes ---- */

struct prefixes {
    const struct vw_prefix *items;
    size_t count;
    bool ipv6; /* those too */
};

/* What an attachment propagates; false where no export tells. */
static bool propagated(const struct vw_world *world,
                       const struct vw_transit_attachment *attachment,
                       struct prefixes *ret)
{
    const struct vw_vpn_connection *vpn;
    const struct vw_vpc *vpc;
    uint32_t index;

    memset(ret, 0, sizeof *ret);
    if (!attachment->object.exported)
        return false;
    if (attachment->attachment_kind == VW_ATTACHMENT_VPC) {
        if (attachment->vpc == VW_NONE)
            return false;
        vpc = vw_world_vpc(world, attachment->vpc);
        *ret = (struct prefixes){vpc->cidrs, vpc->cidr_count, attachment->ipv6};
        return vpc->object.exported;
    }
    if (attachment->attachment_kind != VW_ATTACHMENT_VPN || !attachment->resource_id ||
        !vw_world_find(world, VW_OBJECT_VPN_CONNECTION, attachment->resource_id, &index))
        return false;
    vpn = vw_world_vpn_connection(world, index);
    *ret = (struct prefixes){vpn->routes, vpn->route_count, true};
    return vpn->object.exported && vpn->static_only;
}

static bool leads_to(const struct vw_transit_route *route, uint32_t attachment)
{
    size_t i;

    for (i = 0; i < route->attachment_count; i++)
        if (route->attachments[i] == attachment)
            return true;
    return false;
}

/* Whether the export lists a propagated route of the attachment, to `prefix` where that
 * is not NULL. */
static bool is_listed(const struct vw_transit_table *table, uint32_t attachment,
                      const struct vw_prefix *prefix)
{
    size_t i;

    for (i = 0; i < table->route_count; i++) {
        const struct vw_transit_route *route = &table->routes[i];

        if (route->propagated && leads_to(route, attachment) &&
            (!prefix || vw_prefix_equal(route->destination, *prefix)))
            return true;
    }
    return false;
}

struct routes VW_ARRAY(struct vw_transit_route);

static int derive(struct vw_world *world, const struct vw_transit_table *table,
                  uint32_t index, const struct prefixes *prefixes, struct routes *routes)
{
    const struct vw_object *object = &vw_world_transit_attachment(world, index)->object;
    size_t i;

    for (i = 0; i < prefixes->count; i++) {
        struct vw_transit_route route = {.destination = prefixes->items[i],
                                         .prefix_list = VW_NONE,
                                         .propagated = true,
                                         .derived = true,
                                         .attachment_count = 1,
                                         .source = object->source};

        if ((route.destination.address.family == VW_FAMILY_IPV6 && !prefixes->ipv6) ||
            is_listed(table, index, &route.destination))
            continue;
        route.attachments = vw_arena_array(&world->arena, 1, sizeof *route.attachments);
        if (!route.attachments)
            return VW_ERROR_NO_MEMORY;
        route.attachments[0] = index;
        if (vw_array_push(routes, route))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

static int append(struct vw_world *world, struct vw_transit_table *table,
                  const struct routes *derived)
{
    size_t count = table->route_count + derived->count;
    struct vw_transit_route *routes;

    if (derived->count == 0)
        return 0;
    routes = vw_arena_array(&world->arena, count, sizeof *routes);
    if (!routes)
        return VW_ERROR_NO_MEMORY;
    if (table->route_count > 0)
        memcpy(routes, table->routes, table->route_count * sizeof *routes);
    memcpy(routes + table->route_count, derived->items, derived->count * sizeof *routes);
    table->routes = routes;
    table->route_count = count;
    return 0;
}

static int propagate(struct vw_world *world, struct vw_transit_table *table)
{
    struct routes derived = {0};
    size_t i;
    int error = 0;

    if (table->static_only && !table->propagations_exported)
        table->has_unknown_propagation = true;
    for (i = 0; i < table->propagation_count && !error; i++) {
        uint32_t index = table->propagations[i];
        struct prefixes prefixes;

        if (propagated(world, vw_world_transit_attachment(world, index), &prefixes))
            error = derive(world, table, index, &prefixes, &derived);
        else if (!is_listed(table, index, NULL))
            table->has_unknown_propagation = true;
    }
    if (!error)
        error = append(world, table, &derived);
    vw_array_free(&derived);
    return error;
}

int vw_finish_transit(struct vw_world *world)
{
    uint32_t i;
    int error;

    resolve_heads(world);
    error = resolve_peers(world);
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_TABLE) && !error; i++)
        error = propagate(world, vw_world_edit_transit_table(world, i));
    return error;
}
