/* Transit gateways for random worlds; see random_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "reach/random_maker.h"

/* One gateway, or two that are peered: the last VPC is at the second one then. */
struct transit {
    unsigned count;
    uint32_t gateways[2], tables[2][2], attachments[3], peers[2];
};

static unsigned gateway_of(const struct transit *transit, const struct maker *maker,
                           unsigned v)
{
    return transit->count == 2 && v + 1 == maker->count;
}

static void make_gateway(struct maker *maker, struct transit *transit, unsigned g)
{
    uint32_t index =
        small_refer(maker->world, VW_OBJECT_TRANSIT_GATEWAY, name(maker, "tgw", g, 0));
    struct vw_transit_gateway *gateway =
        vw_world_edit_transit_gateway(maker->world, index);
    unsigned t;

    transit->gateways[g] = index;
    gateway->object.exported = true;
    gateway->state = one_in(maker, 15) ? "deleting" : "available";
    gateway->security_group_referencing = !one_in(maker, 3);
    for (t = 0; t < 2; t++) {
        uint32_t at = small_refer(maker->world, VW_OBJECT_TRANSIT_TABLE,
                                  name(maker, "tgw-rtb", g, t));
        struct vw_transit_table *table = vw_world_edit_transit_table(maker->world, at);
        transit->tables[g][t] = at;
        table->object.exported = true;
        table->gateway = index;
        table->routes_exported = table->propagations_exported = true;
    }
}

static struct vw_transit_attachment *make_attachment(struct maker *maker,
                                                     struct transit *transit,
                                                     const char *key, unsigned g,
                                                     uint32_t *ret_index)
{
    uint32_t index = small_refer(maker->world, VW_OBJECT_TRANSIT_ATTACHMENT, key);
    struct vw_transit_attachment *attachment =
        vw_world_edit_transit_attachment(maker->world, index);

    *ret_index = index;
    attachment->object.exported = true;
    attachment->gateway = transit->gateways[g];
    attachment->state = one_in(maker, 15) ? "deleted" : "available";
    attachment->association_known = true;
    attachment->table =
        one_in(maker, 12) ? VW_NONE : transit->tables[g][random_below(maker->random, 2)];
    attachment->vpc = attachment->peer = attachment->peer_gateway = VW_NONE;
    return attachment;
}

static void attach_vpc(struct maker *maker, struct transit *transit, unsigned v)
{
    unsigned s, first = one_in(maker, 4) ? 1 : 0, last = one_in(maker, 4) ? 0 : 1;
    struct vw_transit_attachment *attachment;

    attachment = make_attachment(maker, transit, name(maker, "tgw-attach", v, 0),
                                 gateway_of(transit, maker, v), &transit->attachments[v]);
    attachment->attachment_kind = VW_ATTACHMENT_VPC;
    attachment->vpc = maker->vpcs[v];
    attachment->subnets =
        vw_arena_array(&maker->world->arena, 2, sizeof *attachment->subnets);
    assert_non_null(attachment->subnets);
    if (first > last)
        last = first;
    for (s = first; s <= last; s++)
        attachment->subnets[attachment->subnet_count++] = maker->subnets[v][s];
    attachment->subnets_known = true;
    attachment->appliance_mode = one_in(maker, 4);
    attachment->ipv6 = !one_in(maker, 4);
    attachment->security_group_referencing = !one_in(maker, 3);
}

static void peer_gateways(struct maker *maker, struct transit *transit)
{
    static const char *const keys[] = {"tgw-attach-p@tgw-00", "tgw-attach-p@tgw-10"};
    unsigned g;

    for (g = 0; g < 2; g++) {
        struct vw_transit_attachment *attachment =
            make_attachment(maker, transit, keys[g], g, &transit->peers[g]);
        attachment->object.id = "tgw-attach-p";
        attachment->attachment_kind = VW_ATTACHMENT_PEERING;
        attachment->peer_gateway = transit->gateways[1 - g];
    }
}

static void add_route(struct maker *maker, uint32_t index, const char *prefix,
                      uint32_t attachment)
{
    struct vw_transit_table *table = vw_world_edit_transit_table(maker->world, index);
    struct vw_transit_route route = {.destination = small_prefix(prefix),
                                     .prefix_list = VW_NONE,
                                     .blackhole = one_in(maker, 10)};

    route.attachments =
        vw_arena_array(&maker->world->arena, 1, sizeof *route.attachments);
    assert_non_null(route.attachments);
    route.attachments[0] = attachment;
    route.attachment_count = route.blackhole ? 0 : 1;
    table->routes = small_longer(maker->world, table->routes, table->route_count,
                                 sizeof *table->routes);
    table->routes[table->route_count++] = route;
}

static void propagate(struct maker *maker, uint32_t index, uint32_t attachment)
{
    struct vw_transit_table *table = vw_world_edit_transit_table(maker->world, index);

    table->propagations =
        small_longer(maker->world, table->propagations, table->propagation_count,
                     sizeof *table->propagations);
    table->propagations[table->propagation_count++] = attachment;
}

static void fill_table(struct maker *maker, struct transit *transit, unsigned g,
                       unsigned t)
{
    uint32_t table = transit->tables[g][t];
    char prefix[32];
    unsigned v;

    for (v = 0; v < maker->count; v++) {
        bool here = gateway_of(transit, maker, v) == g;
        if (here && !one_in(maker, 4))
            propagate(maker, table, transit->attachments[v]);
        if (here && !one_in(maker, 4))
            continue;
        snprintf(prefix, sizeof prefix, "10.0.%u.%u/%u", maker->third[v],
                 128 * random_below(maker->random, 2),
                 24 + random_below(maker->random, 2));
        add_route(maker, table, prefix,
                  here ? transit->attachments[v] : transit->peers[g]);
    }
    if (one_in(maker, 2))
        add_route(maker, table, "0.0.0.0/0",
                  transit->attachments[g == 0 ? 0 : maker->count - 1]);
}

/* Routes of subnets to the gateway; a peering of the same prefix stays. */
static void route_to(struct maker *maker, struct transit *transit, unsigned v)
{
    const char *id = name(maker, "tgw", gateway_of(transit, maker, v), 0);
    char prefix[48];
    unsigned t, other;

    for (t = 0; t < 2; t++) {
        for (other = 0; other < maker->count; other++) {
            if (other == v || one_in(maker, 3))
                continue;
            snprintf(prefix, sizeof prefix, "10.0.%u.%u/25", maker->third[other],
                     128 * random_below(maker->random, 2));
            small_route(maker->world, maker->tables[v][t], keep(maker, prefix), id);
            if (!one_in(maker, 3))
                continue;
            snprintf(prefix, sizeof prefix, "2600:%u:0:%u::/64", other + 1,
                     random_below(maker->random, 2));
            small_route(maker->world, maker->tables[v][t], keep(maker, prefix), id);
        }
        if (one_in(maker, 6))
            small_route(maker->world, maker->tables[v][t], "8.8.0.0/16", id);
    }
}

static struct vw_vpn_tunnel up[] = {{.status = "DOWN"}, {.status = "UP"}};
static struct vw_vpn_tunnel down[] = {{.status = "DOWN"}};

static void make_connection(struct maker *maker, const struct transit *transit,
                            const char *id)
{
    struct vw_vpn_connection *connection = vw_world_edit_vpn_connection(
        maker->world, small_refer(maker->world, VW_OBJECT_VPN_CONNECTION, id));

    connection->object.exported = true;
    connection->state = one_in(maker, 12) ? "pending" : "available";
    connection->vpn_gateway = VW_NONE;
    connection->transit_gateway = transit->gateways[0];
    connection->tunnels = one_in(maker, 12) ? down : up;
    connection->tunnel_count = connection->tunnels == up ? 2 : 1;
}

static void make_direct_connect(struct maker *maker, const char *id)
{
    struct vw_direct_connect_gateway *gateway = vw_world_edit_direct_connect_gateway(
        maker->world, small_refer(maker->world, VW_OBJECT_DIRECT_CONNECT_GATEWAY, id));

    gateway->object.exported = true;
    gateway->state = one_in(maker, 8) ? "deleting" : "available";
}

/* A VPN connection or a Direct Connect gateway at the first transit gateway. */
static void attach_branch(struct maker *maker, struct transit *transit)
{
    bool vpn = one_in(maker, 2);
    const char *id = vpn ? "vpn-branch" : "dx-branch";
    struct vw_transit_attachment *attachment;
    uint32_t index;
    unsigned t, v;

    attachment = make_attachment(maker, transit, "tgw-attach-branch", 0, &index);
    attachment->attachment_kind = vpn ? VW_ATTACHMENT_VPN : VW_ATTACHMENT_DIRECT_CONNECT;
    attachment->resource_id = id;
    maker->branch_via = one_in(maker, 2) ? id : "tgw-attach-branch";
    if (vpn)
        make_connection(maker, transit, id);
    else
        make_direct_connect(maker, id);
    for (t = 0; t < 2; t++)
        if (!one_in(maker, 4))
            add_route(maker, transit->tables[0][t],
                      one_in(maker, 2) ? "192.168.3.0/24" : "192.168.0.0/16", index);
    for (v = 0; v < maker->count; v++)
        for (t = 0; t < 2; t++)
            if (!one_in(maker, 4))
                small_route(maker->world, maker->tables[v][t], "192.168.3.0/24",
                            name(maker, "tgw", gateway_of(transit, maker, v), 0));
}

void add_transit(struct maker *maker)
{
    struct transit transit = {.count = one_in(maker, 3) ? 2 : 1};
    unsigned g, t, v;

    if (one_in(maker, 4))
        return;
    for (g = 0; g < transit.count; g++)
        make_gateway(maker, &transit, g);
    for (v = 0; v < maker->count; v++)
        attach_vpc(maker, &transit, v);
    if (transit.count == 2)
        peer_gateways(maker, &transit);
    for (g = 0; g < transit.count; g++)
        for (t = 0; t < 2; t++)
            fill_table(maker, &transit, g, t);
    for (v = 0; v < maker->count; v++)
        if (!one_in(maker, 5))
            route_to(maker, &transit, v);
    if (one_in(maker, 2))
        attach_branch(maker, &transit);
}
