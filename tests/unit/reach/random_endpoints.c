/* VPC endpoints, a firewall, gateway route tables, VPN connections and networks behind them
 * for random worlds; see random_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "base/address.h"
#include "reach/random_maker.h"
#include "reach/small_service.h"

static const char *in_vpc(struct maker *maker, unsigned v, unsigned last, unsigned length)
{
    char text[32];

    snprintf(text, sizeof text, "10.0.%u.%u/%u", maker->third[v], last, length);
    return keep(maker, text);
}

static uint32_t some_table(struct maker *maker, unsigned v)
{
    return maker->tables[v][random_below(maker->random, 2)];
}

static uint32_t make_endpoint(struct maker *maker, unsigned v, unsigned number,
                              enum vw_endpoint_type type, const char *service)
{
    unsigned owner = one_in(maker, 12) ? 0 : v;
    uint32_t index = small_endpoint(maker->world, name(maker, "vpce", v, number),
                                    name(maker, "vpc", owner, 0), type, service);

    if (one_in(maker, 12))
        vw_world_edit_vpc_endpoint(maker->world, index)->state = "deleting";
    return index;
}

/* ---- endpoints ---- */

static void make_gateway_endpoint(struct maker *maker, unsigned v)
{
    uint32_t index =
        make_endpoint(maker, v, 0, VW_ENDPOINT_GATEWAY, "com.amazonaws.us-east-1.s3");
    const char *id = vw_world_vpc_endpoint(maker->world, index)->object.id;

    small_route(maker->world, some_table(maker, v), "pl-s3", id);
    if (one_in(maker, 2))
        small_route(maker->world, some_table(maker, v), "pl-s3", id);
}

static void make_interface_endpoint(struct maker *maker, unsigned v)
{
    static const char *const services[] = {
        "com.amazonaws.us-east-1.ec2", "com.amazonaws.us-east-1.s3",
        "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"};
    uint32_t index = make_endpoint(maker, v, 1, VW_ENDPOINT_INTERFACE,
                                   services[random_below(maker->random, 3)]);
    unsigned s = random_below(maker->random, 2);
    char address[32];

    snprintf(address, sizeof address, "10.0.%u.%u", maker->third[v], s * 128 + 50);
    small_endpoint_interface(
        maker->world, index,
        small_requested(maker->world, name(maker, "eni-vpce", v, 0), maker->subnets[v][s],
                        keep(maker, address), "vpc_endpoint",
                        maker->groups[v][random_below(maker->random, 2)]));
}

static void make_firewall(struct maker *maker, const char *endpoint)
{
    static const enum vw_firewall_action actions[] = {VW_FIREWALL_DROP, VW_FIREWALL_PASS,
                                                      VW_FIREWALL_FORWARD};
    uint32_t rules = random_below(maker->random, 4), i;
    struct vw_firewall_policy *policy;

    small_firewall(maker->world, endpoint);
    for (i = 0; i < rules; i++)
        small_firewall_rule(maker->world,
                            (int)(10 + random_below(maker->random, 5) * 10 + i),
                            actions[random_below(maker->random, 3)],
                            one_in(maker, 2) ? NULL : in_vpc(maker, 0, 0, 24),
                            one_in(maker, 2) ? NULL : in_vpc(maker, 1, 128, 25),
                            one_in(maker, 2) ? -1 : 6, one_in(maker, 2) ? 0 : 22);
    policy = vw_world_edit_firewall_policy(
        maker->world, small_find(maker->world, VW_OBJECT_FIREWALL_POLICY, "policy-1"));
    if (one_in(maker, 5))
        policy->default_action = VW_FIREWALL_DROP;
}

static void make_inspection(struct maker *maker, unsigned v, bool *firewall)
{
    uint32_t index = make_endpoint(maker, v, 2, VW_ENDPOINT_GATEWAY_LOAD_BALANCER,
                                   "com.amazonaws.vpce.us-east-1.vpce-svc-2");
    const char *id = vw_world_vpc_endpoint(maker->world, index)->object.id;
    unsigned s = random_below(maker->random, 2);

    small_endpoint_subnet(maker->world, index, maker->subnets[v][s]);
    small_route(maker->world, some_table(maker, v),
                in_vpc(maker, v, 128 * random_below(maker->random, 2), 25), id);
    if (one_in(maker, 2))
        small_route(maker->world, some_table(maker, v),
                    one_in(maker, 2) ? "52.0.0.0/16" : "10.0.0.0/22", id);
    if (!*firewall)
        make_firewall(maker, id);
    *firewall = true;
}

/* ---- gateway route tables ---- */

/* To the VPC's middlebox or its Gateway Load Balancer endpoint, where there is one. */
static void make_edge(struct maker *maker, unsigned v, unsigned number,
                      const char *gateway)
{
    const char *box = name(maker, "eni-box", v, 0), *endpoint = name(maker, "vpce", v, 2);
    uint32_t index, table;
    const char *to = one_in(maker, 2) ? box : endpoint;

    if (!vw_world_find(maker->world,
                       to == box ? VW_OBJECT_INTERFACE : VW_OBJECT_VPC_ENDPOINT, to,
                       &index))
        return;
    table = small_table(maker->world, name(maker, "rtb-edge", v, number), maker->vpcs[v],
                        false);
    vw_world_edit_route_table(maker->world, table)->gateway_id = gateway;
    small_route(maker->world, table, in_vpc(maker, v, 0, 24), "local");
    small_route(maker->world, table,
                in_vpc(maker, v, 128 * random_below(maker->random, 2), 25), to)
        ->state = one_in(maker, 10) ? VW_ROUTE_BLACKHOLE : VW_ROUTE_ACTIVE;
    if (to == box && !one_in(maker, 4))
        vw_world_edit_interface(maker->world, index)->addresses[0].public_address =
            vw_address_ipv4(0x34000008 + 10 * v);
    /* What leaves goes through it too, most of the time. */
    if (!one_in(maker, 3))
        small_route(maker->world, some_table(maker, v),
                    one_in(maker, 2) ? "8.0.0.0/8" : "192.168.0.0/17", to);
}

/* ---- VPN ---- */

static const char *make_vpn(struct maker *maker, unsigned v)
{
    static struct vw_vpn_tunnel up[] = {{.status = "DOWN"}, {.status = "UP"}};
    static struct vw_vpn_tunnel down[] = {{.status = "DOWN"}, {.status = "DOWN"}};
    const char *id = name(maker, "vgw", v, 0), *vpn = name(maker, "vpn", v, 0);
    uint32_t index = small_refer(maker->world, VW_OBJECT_VPN_GATEWAY, id), i;
    struct vw_vpn_gateway *gateway = vw_world_edit_vpn_gateway(maker->world, index);
    struct vw_vpn_connection *connection;

    gateway->object.exported = true;
    gateway->state = one_in(maker, 12) ? "pending" : "available";
    gateway->vpc = maker->vpcs[one_in(maker, 12) ? 0 : v];
    connection = vw_world_edit_vpn_connection(
        maker->world, small_refer(maker->world, VW_OBJECT_VPN_CONNECTION, vpn));
    connection->object.exported = true;
    connection->state = one_in(maker, 12) ? "pending" : "available";
    connection->vpn_gateway = index;
    connection->transit_gateway = VW_NONE;
    connection->tunnels = one_in(maker, 12) ? down : up;
    connection->tunnel_count = 2;
    connection->static_only = one_in(maker, 3);
    connection->routes =
        vw_arena_array(&maker->world->arena, 1, sizeof(struct vw_prefix));
    assert_non_null(connection->routes);
    connection->routes[0] =
        small_prefix(one_in(maker, 3) ? "192.168.0.0/17" : "192.168.0.0/16");
    connection->route_count = connection->static_only;
    for (i = 0; i < 2; i++)
        if (!one_in(maker, 3))
            small_route(maker->world, maker->tables[v][i], "192.168.0.0/16", id)->origin =
                one_in(maker, 2) ? VW_ORIGIN_PROPAGATED : VW_ORIGIN_STATIC;
    if (one_in(maker, 4))
        make_edge(maker, v, 1, id);
    return one_in(maker, 2) ? id : vpn;
}

static void add_vpn(struct maker *maker)
{
    static const char *const prefixes[] = {"192.168.0.0/16", "192.168.1.0/24",
                                           "192.168.2.0/24"};
    struct vw_customer_network networks[4];
    struct vw_prefix cidrs[4];
    size_t count = 0;
    unsigned v;

    for (v = 0; v < maker->count; v++) {
        if (one_in(maker, 2))
            continue;
        cidrs[count] = small_prefix(prefixes[v]);
        networks[count] =
            (struct vw_customer_network){.name = name(maker, "office", v, 0),
                                         .prefixes = &cidrs[count],
                                         .prefix_count = 1,
                                         .via = make_vpn(maker, v)};
        count += !one_in(maker, 6);
    }
    if (maker->branch_via && !one_in(maker, 8)) {
        cidrs[count] = small_prefix("192.168.3.0/24");
        networks[count] = (struct vw_customer_network){.name = "branch",
                                                       .prefixes = &cidrs[count],
                                                       .prefix_count = 1,
                                                       .via = maker->branch_via};
        count++;
    }
    maker->world->kind_exported[VW_OBJECT_VPN_CONNECTION] = true;
    maker->world->kind_exported[VW_OBJECT_DIRECT_CONNECT_GATEWAY] = true;
    if (count > 0)
        assert_int_equal(vw_world_declare_networks(maker->world, networks, count), 0);
}

void add_endpoints(struct maker *maker)
{
    uint32_t list = small_list(maker->world, "pl-s3", true);
    bool firewall = false;
    unsigned v;

    small_list_prefix(maker->world, list, "52.1.0.0/16");
    for (v = 0; v < maker->count; v++) {
        if (one_in(maker, 2))
            make_gateway_endpoint(maker, v);
        if (one_in(maker, 2))
            make_interface_endpoint(maker, v);
        if (one_in(maker, 2))
            make_inspection(maker, v, &firewall);
        if (one_in(maker, 3))
            make_edge(maker, v, 0, name(maker, "igw", v, 0));
    }
    add_vpn(maker);
}
