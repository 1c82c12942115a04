/* Route tables of internet gateways and virtual private gateways; see naive.h. */
#include <string.h>

#include "reach/naive.h"

/* The route of the gateway's table for what comes in for `address`, if it leads to an
 * appliance; NULL where there is no such table or route. */
static const struct vw_route *look_up(const struct naive *s, const char *gateway,
                                      struct vw_address address)
{
    struct naive inbound = *s;
    const struct vw_route *route = NULL;
    uint32_t i;
    bool tie;

    inbound.packet.destination = address;
    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_ROUTE_TABLE); i++) {
        const struct vw_route_table *table = vw_world_route_table(s->world, i);
        if (!table->gateway_id || strcmp(table->gateway_id, gateway) != 0)
            continue;
        inbound.table = i;
        route = naive_route(&inbound, &tie);
    }
    return route && (route->target_kind == VW_TARGET_INTERFACE ||
                     route->target_kind == VW_TARGET_ENDPOINT)
               ? route
               : NULL;
}

/* What is addressed to the appliance itself is delivered. */
bool naive_is_redirected(const struct naive *s, const char *gateway)
{
    const struct vw_route *route = look_up(s, gateway, s->packet.destination);

    return route &&
           !(route->target_kind == VW_TARGET_INTERFACE &&
             naive_owner(s, s->vpc, s->packet.destination, NULL) == route->target);
}

static bool is_public(const struct vw_interface *interface)
{
    size_t i;

    for (i = 0; i < interface->address_count; i++)
        if (interface->addresses[i].public_address.family != VW_FAMILY_NONE ||
            (interface->addresses[i].prefix.address.family == VW_FAMILY_IPV6 &&
             vw_address_is_public(interface->addresses[i].prefix.address)))
            return true;
    return false;
}

unsigned naive_redirect(struct naive s, const struct vw_object *gateway)
{
    const struct vw_route *route = look_up(&s, gateway->id, s.packet.destination);

    s.subnet = s.table = VW_NONE;
    if (route->state == VW_ROUTE_BLACKHOLE)
        return NAIVE_BLOCKED;
    if (route->target_kind == VW_TARGET_ENDPOINT)
        return naive_endpoint(s, route->target);
    if (gateway->kind == VW_OBJECT_INTERNET_GATEWAY &&
        !is_public(naive_interface(&s, route->target)))
        return NAIVE_BLOCKED;
    return naive_box(s, route->target);
}

/* What comes back for the source would go to an appliance that has not sent this. */
bool naive_goes_round(const struct naive *s, const char *gateway)
{
    const struct vw_route *route = look_up(s, gateway, s->packet.source);

    if (!route)
        return false;
    if (route->target_kind == VW_TARGET_INTERFACE)
        return route->target != s->sender;
    return route->target != s->sent_by_endpoint;
}
