/* Virtual private gateways and the networks behind them; see naive.h. */
#include <string.h>

#include "reach/naive.h"

/* ---- declared networks ---- */

const struct vw_customer_network *naive_network(const struct naive *s,
                                                struct vw_address address)
{
    const struct vw_customer_network *best = NULL;
    unsigned length = 0;
    size_t i, j;

    for (i = 0; i < s->world->network_count; i++) {
        const struct vw_customer_network *network = &s->world->networks[i];
        for (j = 0; j < network->prefix_count; j++) {
            if (!vw_prefix_contains(network->prefixes[j], address) ||
                (best && network->prefixes[j].length <= length))
                continue;
            best = network;
            length = network->prefixes[j].length;
        }
    }
    return best;
}

static const struct vw_vpn_connection *connection_of(const struct naive *s,
                                                     uint32_t gateway)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_VPN_CONNECTION); i++)
        if (vw_world_vpn_connection(s->world, i)->vpn_gateway == gateway)
            return vw_world_vpn_connection(s->world, i);
    return NULL;
}

static bool is_named(const char *via, const char *one, const char *other)
{
    return strcmp(via, one) == 0 || (other && strcmp(via, other) == 0);
}

static bool leads_to(const struct naive *s, uint32_t gateway,
                     const struct vw_customer_network *network)
{
    return strcmp(network->via, vw_world_vpn_gateway(s->world, gateway)->object.id) ==
               0 ||
           strcmp(network->via, connection_of(s, gateway)->object.id) == 0;
}

static bool is_behind(const struct vw_transit_attachment *attachment,
                      const struct vw_customer_network *network)
{
    return is_named(network->via, attachment->object.id, attachment->resource_id);
}

uint32_t naive_way_of(const struct naive *s, const struct vw_customer_network *network,
                      enum naive_way *ret)
{
    uint32_t i = 0;

    *ret = NAIVE_VPN;
    for (; i < vw_world_count(s->world, VW_OBJECT_VPN_GATEWAY); i++)
        if (leads_to(s, i, network))
            return i;
    *ret = NAIVE_ATTACHMENT;
    for (i = 0; !is_behind(vw_world_transit_attachment(s->world, i), network); i++) {
    }
    return i;
}

/* ---- virtual private gateways ---- */

static bool is_up(const struct vw_vpn_connection *connection)
{
    size_t i;

    if (strcmp(connection->state, "available") != 0)
        return false;
    for (i = 0; i < connection->tunnel_count; i++)
        if (strcmp(connection->tunnels[i].status, "UP") == 0)
            return true;
    return false;
}

/* What is learnt by BGP is in no export: such a connection may carry anything. */
static bool carries(const struct vw_vpn_connection *connection, struct vw_address address)
{
    size_t i;

    for (i = 0; i < connection->route_count; i++)
        if (vw_prefix_contains(connection->routes[i], address))
            return true;
    return !connection->static_only;
}

unsigned naive_leave_by_vpn(struct naive s, uint32_t index)
{
    const struct vw_vpn_gateway *gateway = vw_world_vpn_gateway(s.world, index);
    const struct vw_vpn_connection *connection = connection_of(&s, index);
    const struct vw_customer_network *network = naive_network(&s, s.packet.destination);

    if (strcmp(gateway->state, "available") != 0 || gateway->vpc != s.vpc ||
        naive_owner(&s, s.vpc, s.packet.source, NULL) == VW_NONE || !is_up(connection) ||
        !carries(connection, s.packet.destination))
        return NAIVE_BLOCKED;
    /* Only a request of the internet can be lost for certain that way. */
    if (s.reply && s.came_by == VW_NONE && s.a == VW_NONE)
        return NAIVE_BLOCKED;
    if (!network || !leads_to(&s, index, network) ||
        (s.reply && (s.came_by != index || s.came_how != NAIVE_VPN)) ||
        naive_goes_round(&s, gateway->object.id))
        return NAIVE_UNKNOWN;
    s.left_by = NAIVE_VPN;
    s.left_index = index;
    s.identity = false;
    return naive_hand_outside(s);
}

unsigned naive_enter_by_vpn(struct naive s, uint32_t index)
{
    const struct vw_vpn_gateway *gateway = vw_world_vpn_gateway(s.world, index);

    if (!s.reply && (strcmp(gateway->state, "available") != 0 ||
                     gateway->vpc == VW_NONE || !is_up(connection_of(&s, index))))
        return NAIVE_BLOCKED;
    if (!s.reply) {
        s.came_by = index;
        s.came_how = NAIVE_VPN;
    }
    s.vpc = gateway->vpc;
    s.subnet = s.table = VW_NONE;
    s.identity = s.from_internet = false;
    if (!naive_in_vpc(&s, s.vpc, s.packet.destination))
        return NAIVE_BLOCKED;
    if (naive_is_redirected(&s, gateway->object.id))
        return naive_redirect(s, &gateway->object);
    return naive_deliver(s, false);
}

/* ---- attachments of transit gateways ---- */

/* The VPN connection or Direct Connect gateway behind the attachment works. */
static bool is_working(const struct naive *s,
                       const struct vw_transit_attachment *attachment)
{
    uint32_t i;

    if (attachment->attachment_kind == VW_ATTACHMENT_DIRECT_CONNECT)
        return strcmp(vw_world_direct_connect_gateway(s->world, 0)->state, "available") ==
               0;
    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_VPN_CONNECTION); i++)
        if (strcmp(vw_world_vpn_connection(s->world, i)->object.id,
                   attachment->resource_id) == 0)
            return is_up(vw_world_vpn_connection(s->world, i));
    return false;
}

unsigned naive_leave_by_attachment(struct naive s, uint32_t index)
{
    const struct vw_transit_attachment *attachment =
        vw_world_transit_attachment(s.world, index);
    const struct vw_customer_network *network = naive_network(&s, s.packet.destination);
    bool way_back = s.came_by == index && s.came_how == NAIVE_ATTACHMENT;

    if (!is_working(&s, attachment) ||
        (s.reply && s.came_by == VW_NONE && s.a == VW_NONE))
        return NAIVE_BLOCKED;
    if (!network || !is_behind(attachment, network) || (s.reply && !way_back))
        return NAIVE_UNKNOWN;
    s.left_by = NAIVE_ATTACHMENT;
    s.left_index = index;
    s.identity = false;
    return naive_hand_outside(s);
}

unsigned naive_enter_by_attachment(struct naive s, uint32_t index)
{
    const struct vw_transit_attachment *attachment =
        vw_world_transit_attachment(s.world, index);

    if (!s.reply &&
        (strcmp(attachment->state, "available") != 0 || !is_working(&s, attachment)))
        return NAIVE_BLOCKED;
    if (!s.reply) {
        s.came_by = index;
        s.came_how = NAIVE_ATTACHMENT;
    }
    s.vpc = s.subnet = s.table = s.zone_of = VW_NONE;
    s.identity = s.from_internet = false;
    return naive_transit_pass(s, index);
}
