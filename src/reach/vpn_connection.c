/*
 * What AWS says (Site-to-Site VPN User Guide, "Site-to-Site VPN routing options"; Direct
 * Connect User Guide, "Virtual private gateway associations"): a virtual private gateway
 * sends what its static VPN routes cover, and what is learnt by BGP from a VPN connection
 * or a Direct Connect gateway. A VPN connection has two tunnels; one that is up suffices.
 *
 * What we do: a connection without telemetry is taken as up. What is learnt by BGP is in no
 * export: such a connection may carry anything.
 */
#include "reach/customer_network.h"

#include <string.h>

static bool is_gone(const char *state)
{
    return state && (strcmp(state, "deleted") == 0 || strcmp(state, "deleting") == 0 ||
                     strcmp(state, "disassociated") == 0);
}

bool vw_vpn_works(const struct vw_vpn_connection *connection)
{
    size_t i, down = 0;

    if (connection->state && strcmp(connection->state, "available") != 0)
        return false;
    for (i = 0; i < connection->tunnel_count; i++)
        down += connection->tunnels[i].status &&
                strcmp(connection->tunnels[i].status, "DOWN") == 0;
    return connection->tunnel_count == 0 || down < connection->tunnel_count;
}

static bool is_named(const char *via, const char *gateway, const char *connection)
{
    return !via || strcmp(via, gateway) == 0 || strcmp(via, connection) == 0;
}

/* Keeps the connection, unless a better one is there: one whose routes are not limited. */
static void offer_vpn(const struct vw_vpn_connection *vpn,
                      struct vw_address_range destination, struct vw_vpn_choice *choice)
{
    size_t i;

    if (!vw_vpn_works(vpn)) {
        choice->down = &vpn->object;
        return;
    }
    if (!vpn->static_only) {
        choice->carrier = &vpn->object;
        choice->prefix = (struct vw_prefix){.length = 0};
        return;
    }
    for (i = 0; i < vpn->route_count && !choice->carrier; i++) {
        if (!vw_range_overlaps(vw_prefix_range(vpn->routes[i]), destination))
            continue;
        choice->carrier = &vpn->object;
        choice->prefix = vpn->routes[i];
    }
    if (!choice->carrier)
        choice->limited = &vpn->object;
}

static void offer_direct_connect(const struct vw_direct_connect_gateway *direct,
                                 const char *gateway, const char *via,
                                 struct vw_vpn_choice *choice)
{
    size_t i;

    for (i = 0; i < direct->association_count; i++) {
        const struct vw_direct_connect_association *association =
            &direct->associations[i];

        if (!association->gateway_id || strcmp(association->gateway_id, gateway) != 0 ||
            is_gone(association->state))
            continue;
        choice->count++;
        if (!is_named(via, gateway, direct->object.id) ||
            (association->state && strcmp(association->state, "associated") != 0))
            continue;
        choice->carrier = &direct->object;
        choice->prefix = (struct vw_prefix){.length = 0};
    }
}

void vw_vpn_choose(const struct vw_world *world, uint32_t gateway, const char *via,
                   struct vw_address_range destination, struct vw_vpn_choice *choice)
{
    const char *id = vw_world_vpn_gateway(world, gateway)->object.id;
    uint32_t i;

    *choice = (struct vw_vpn_choice){.carrier = NULL};
    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPN_CONNECTION); i++) {
        const struct vw_vpn_connection *vpn = vw_world_vpn_connection(world, i);

        if (!vpn->object.exported || vpn->vpn_gateway != gateway || is_gone(vpn->state))
            continue;
        choice->count++;
        if (is_named(via, id, vpn->object.id))
            offer_vpn(vpn, destination, choice);
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_DIRECT_CONNECT_GATEWAY); i++)
        offer_direct_connect(vw_world_direct_connect_gateway(world, i), id, via, choice);
}

/* ---- ways to a customer network ---- */

static bool names_gateway(const struct vw_world *world, uint32_t index, const char *via)
{
    const struct vw_vpn_gateway *gateway = vw_world_vpn_gateway(world, index);
    const struct vw_direct_connect_gateway *direct;
    uint32_t other;
    size_t i;

    if (!via)
        return gateway->object.exported && gateway->vpc != VW_NONE &&
               !is_gone(gateway->state);
    if (strcmp(gateway->object.id, via) == 0)
        return true;
    if (vw_world_find(world, VW_OBJECT_VPN_CONNECTION, via, &other))
        return vw_world_vpn_connection(world, other)->vpn_gateway == index;
    if (!vw_world_find(world, VW_OBJECT_DIRECT_CONNECT_GATEWAY, via, &other))
        return false;
    direct = vw_world_direct_connect_gateway(world, other);
    for (i = 0; i < direct->association_count; i++)
        if (direct->associations[i].gateway_id &&
            strcmp(direct->associations[i].gateway_id, gateway->object.id) == 0 &&
            !is_gone(direct->associations[i].state))
            return true;
    return false;
}

static bool names_attachment(const struct vw_transit_attachment *attachment,
                             const char *via)
{
    if (attachment->attachment_kind != VW_ATTACHMENT_VPN &&
        attachment->attachment_kind != VW_ATTACHMENT_DIRECT_CONNECT)
        return false;
    if (!via)
        return attachment->object.exported && !is_gone(attachment->state);
    return strcmp(attachment->object.id, via) == 0 ||
           (attachment->resource_id && strcmp(attachment->resource_id, via) == 0);
}

bool vw_vpn_next_way(const struct vw_world *world, const char *via,
                     struct vw_passage *way)
{
    uint32_t i = way->kind == VW_TARGET_VPN_GATEWAY ? way->index + 1 : 0;

    if (way->kind != VW_TARGET_TRANSIT_GATEWAY) {
        for (; i < vw_world_count(world, VW_OBJECT_VPN_GATEWAY); i++) {
            *way = (struct vw_passage){VW_TARGET_VPN_GATEWAY, i};
            if (names_gateway(world, i, via))
                return true;
        }
    }
    i = way->kind == VW_TARGET_TRANSIT_GATEWAY ? way->index + 1 : 0;
    for (; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        *way = (struct vw_passage){VW_TARGET_TRANSIT_GATEWAY, i};
        if (names_attachment(vw_world_transit_attachment(world, i), via))
            return true;
    }
    return false;
}

const struct vw_object *vw_vpn_way_object(const struct vw_world *world,
                                          struct vw_passage way)
{
    return way.kind == VW_TARGET_VPN_GATEWAY
               ? &vw_world_vpn_gateway(world, way.index)->object
               : &vw_world_transit_attachment(world, way.index)->object;
}
