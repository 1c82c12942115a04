/* Virtual private gateways, VPN connections, Direct Connect; networks behind them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reach/small_world.h"

static uint32_t make(struct vw_world *world, enum vw_object_kind kind, const char *id)
{
    uint32_t index;

    assert_int_equal(vw_world_refer(world, kind, id, &index), 0);
    return index;
}

static void declare(struct vw_world *world, const char *name, const char *cidr,
                    const char *via)
{
    struct vw_prefix prefix = small_prefix(cidr);
    const struct vw_customer_network network = {
        .name = name, .prefixes = &prefix, .prefix_count = 1, .via = via};

    assert_int_equal(vw_world_declare_networks(world, &network, 1), 0);
}

static struct vw_vpn_gateway *gateway(struct vw_world *world, const char *id,
                                      const char *vpc)
{
    struct vw_vpn_gateway *made =
        vw_world_edit_vpn_gateway(world, make(world, VW_OBJECT_VPN_GATEWAY, id));

    made->object.exported = true;
    made->state = "available";
    made->vpc = vpc ? small_find(world, VW_OBJECT_VPC, vpc) : VW_NONE;
    return made;
}

static struct vw_vpn_connection *connection(struct vw_world *world, const char *id,
                                            const char *on)
{
    static struct vw_vpn_tunnel up[2] = {{.status = "UP"}, {.status = "DOWN"}};
    struct vw_vpn_connection *made =
        vw_world_edit_vpn_connection(world, make(world, VW_OBJECT_VPN_CONNECTION, id));

    made->object.exported = true;
    made->state = "available";
    made->vpn_gateway = on ? small_find(world, VW_OBJECT_VPN_GATEWAY, on) : VW_NONE;
    made->transit_gateway = VW_NONE;
    made->tunnels = up;
    made->tunnel_count = 2;
    world->kind_exported[VW_OBJECT_VPN_CONNECTION] = true;
    world->kind_exported[VW_OBJECT_DIRECT_CONNECT_GATEWAY] = true;
    return made;
}

static uint32_t main_table(struct vw_world *world)
{
    return small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1");
}

/* vgw-1 at vpc-1, with vpn-1 (BGP); 192.168.0.0/16 leads there. */
static void undeclared(struct vw_world *world)
{
    gateway(world, "vgw-1", "vpc-1");
    connection(world, "vpn-1", "vgw-1");
    small_route(world, main_table(world), "192.168.0.0/16", "vgw-1");
}

/* And it is the office. */
static void office(struct vw_world *world)
{
    undeclared(world);
    declare(world, "office", "192.168.0.0/16", NULL);
}

static void office_is_small(struct vw_world *world)
{
    undeclared(world);
    declare(world, "office", "192.168.5.0/24", "vgw-1");
}

static struct vw_vpn_connection *vpn_1(struct vw_world *world)
{
    return vw_world_edit_vpn_connection(
        world, small_find(world, VW_OBJECT_VPN_CONNECTION, "vpn-1"));
}

static struct vw_vpn_gateway *vgw_1(struct vw_world *world)
{
    return vw_world_edit_vpn_gateway(world,
                                     small_find(world, VW_OBJECT_VPN_GATEWAY, "vgw-1"));
}

static void tunnels_down(struct vw_world *world)
{
    static struct vw_vpn_tunnel down[2] = {{.status = "DOWN"}, {.status = "DOWN"}};

    office(world);
    vpn_1(world)->tunnels = down;
}

static void connection_pending(struct vw_world *world)
{
    office(world);
    vpn_1(world)->state = "pending";
}

static void second_connection(struct vw_world *world)
{
    tunnels_down(world);
    connection(world, "vpn-2", "vgw-1");
}

static void second_connection_is_not_meant(struct vw_world *world)
{
    second_connection(world);
    world->network_count = 0;
    declare(world, "office", "192.168.0.0/16", "vpn-1");
}

static void static_routes(struct vw_world *world)
{
    static struct vw_prefix route;

    office(world);
    route = small_prefix("192.168.5.0/24");
    vpn_1(world)->static_only = true;
    vpn_1(world)->routes = &route;
    vpn_1(world)->route_count = 1;
}

static void no_connection(struct vw_world *world)
{
    office(world);
    vpn_1(world)->state = "deleted";
}

static void connections_not_exported(struct vw_world *world)
{
    no_connection(world);
    world->kind_exported[VW_OBJECT_VPN_CONNECTION] = false;
}

static void no_connection_but_routes(struct vw_world *world)
{
    no_connection(world);
    small_route(world, main_table(world), "172.16.0.0/12", "vgw-1")->origin =
        VW_ORIGIN_PROPAGATED;
}

static void detached(struct vw_world *world)
{
    office(world);
    vgw_1(world)->vpc = VW_NONE;
}

static void gateway_pending(struct vw_world *world)
{
    office(world);
    vgw_1(world)->state = "pending";
}

static void gateway_not_exported(struct vw_world *world)
{
    office(world);
    vgw_1(world)->object.exported = false;
}

static void direct_connect(struct vw_world *world)
{
    static struct vw_direct_connect_association association = {.gateway_id = "vgw-1",
                                                               .state = "associated"};
    struct vw_direct_connect_gateway *made;

    no_connection(world);
    made = vw_world_edit_direct_connect_gateway(
        world, make(world, VW_OBJECT_DIRECT_CONNECT_GATEWAY, "dx-1"));
    made->object.exported = true;
    made->associations = &association;
    made->association_count = 1;
}

static void no_route_back(struct vw_world *world)
{
    office(world);
    vw_world_edit_route_table(world, main_table(world))->route_count--;
}

static void two_gateways(struct vw_world *world)
{
    office(world);
    gateway(world, "vgw-2", "vpc-2");
    connection(world, "vpn-2", "vgw-2");
}

/* Both VPCs have the office's way to eni-1's address. */
static void two_gateways_alike(struct vw_world *world)
{
    two_gateways(world);
    small_vpc_cidr(world, small_find(world, VW_OBJECT_VPC, "vpc-2"), "10.1.0.0/16");
}

static void two_gateways_settled(struct vw_world *world)
{
    two_gateways_alike(world);
    world->network_count = 0;
    declare(world, "office", "192.168.0.0/16", "vpn-1");
}

static void way_not_exported(struct vw_world *world)
{
    office(world);
    world->network_count = 0;
    declare(world, "office", "192.168.0.0/16", "vgw-9");
}

static void declared_elsewhere(struct vw_world *world)
{
    two_gateways(world);
    world->network_count = 0;
    declare(world, "office", "192.168.0.0/16", "vpn-2");
}

static void edge_of_gateway(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t edge = small_table(world, "rtb-edge", vpc, false);
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1a");
    uint32_t table = small_table(world, "rtb-1a", vpc, false);
    uint32_t box = small_find(world, VW_OBJECT_INTERFACE, "eni-2");

    office(world);
    vw_world_edit_route_table(world, edge)->gateway_id = "vgw-1";
    small_route(world, edge, "10.1.0.0/16", "local");
    small_route(world, edge, "10.1.1.0/24", "eni-2");
    small_route(world, table, "10.1.0.0/16", "local");
    small_route(world, table, "192.168.0.0/16", "eni-2");
    vw_world_edit_subnet(world, subnet)->route_table = table;
    vw_world_edit_interface(world, box)->source_dest_check = false;
    vw_world_edit_interface(world, box)->addresses[0].public_address =
        (struct vw_address){.family = VW_FAMILY_NONE};
}

static void edge_one_way(struct vw_world *world)
{
    edge_of_gateway(world);
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1a"))
        ->route_table = VW_NONE;
}

/* vpc-2 would use vpc-1's gateway across the peering: from edge to edge. */
static void edge_to_edge(struct vw_world *world)
{
    office(world);
    small_route(world, small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-2"),
                "192.168.0.0/16", "pcx-1");
}

/* ---- behind a transit gateway ---- */

static struct vw_transit_attachment *attachment(struct vw_world *world, const char *id,
                                                enum vw_attachment_kind kind,
                                                uint32_t table)
{
    struct vw_transit_attachment *made = vw_world_edit_transit_attachment(
        world, make(world, VW_OBJECT_TRANSIT_ATTACHMENT, id));

    made->object.exported = true;
    made->gateway = small_find(world, VW_OBJECT_TRANSIT_GATEWAY, "tgw-1");
    made->attachment_kind = kind;
    made->state = "available";
    made->table = table;
    made->association_known = true;
    made->vpc = made->peer = made->peer_gateway = VW_NONE;
    return made;
}

/* tgw-1 with vpc-1, and vpn-3 behind tgw-attach-3. */
static void transit(struct vw_world *world)
{
    static struct vw_transit_route routes[2];
    static uint32_t subnets[1], to_vpc[1], to_vpn[1];
    struct vw_transit_attachment *vpc;
    struct vw_transit_table *table;
    uint32_t index = make(world, VW_OBJECT_TRANSIT_GATEWAY, "tgw-1");
    uint32_t rtb = make(world, VW_OBJECT_TRANSIT_TABLE, "tgw-rtb-1");

    vw_world_edit_transit_gateway(world, index)->object.exported = true;
    vw_world_edit_transit_gateway(world, index)->state = "available";
    connection(world, "vpn-3", NULL);
    attachment(world, "tgw-attach-3", VW_ATTACHMENT_VPN, rtb)->resource_id = "vpn-3";
    vpc = attachment(world, "tgw-attach-1", VW_ATTACHMENT_VPC, rtb);
    subnets[0] = small_find(world, VW_OBJECT_SUBNET, "subnet-1a");
    vpc->vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    vpc->subnets = subnets;
    vpc->subnet_count = 1;
    vpc->subnets_known = true;
    to_vpc[0] = small_find(world, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-1");
    to_vpn[0] = small_find(world, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-3");
    routes[0] = (struct vw_transit_route){.destination = small_prefix("10.1.0.0/16"),
                                          .prefix_list = VW_NONE,
                                          .attachments = to_vpc,
                                          .attachment_count = 1};
    routes[1] = (struct vw_transit_route){.destination = small_prefix("172.20.0.0/16"),
                                          .prefix_list = VW_NONE,
                                          .attachments = to_vpn,
                                          .attachment_count = 1};
    table = vw_world_edit_transit_table(world, rtb);
    table->object.exported = true;
    table->routes = routes;
    table->route_count = 2;
    table->routes_exported = true;
    table->gateway = index;
    small_route(world, main_table(world), "172.20.0.0/16", "tgw-1");
}

static void branch(struct vw_world *world)
{
    transit(world);
    declare(world, "branch", "172.20.0.0/16", NULL);
}

static void branch_down(struct vw_world *world)
{
    branch(world);
    vw_world_edit_vpn_connection(world,
                                 small_find(world, VW_OBJECT_VPN_CONNECTION, "vpn-3"))
        ->state = "deleted";
}

static void branch_by_direct_connect(struct vw_world *world)
{
    struct vw_transit_attachment *made;

    branch(world);
    made = vw_world_edit_transit_attachment(
        world, small_find(world, VW_OBJECT_TRANSIT_ATTACHMENT, "tgw-attach-3"));
    made->attachment_kind = VW_ATTACHMENT_DIRECT_CONNECT;
    made->resource_id = "7c9f4c1e-0000-0000-0000-000000000001";
}

static void branch_without_connection(struct vw_world *world)
{
    branch(world);
    vw_world_edit_vpn_connection(world,
                                 small_find(world, VW_OBJECT_VPN_CONNECTION, "vpn-3"))
        ->object.exported = false;
}

/* The branch's packets come by the transit gateway, the replies go to vgw-1. */
static void branch_other_way_back(struct vw_world *world)
{
    branch(world);
    undeclared(world);
    vw_world_edit_route_table(world, main_table(world))->route_count -= 2;
    small_route(world, main_table(world), "172.20.0.0/16", "vgw-1");
    world->network_count = 0;
    declare(world, "branch", "172.20.0.0/16", "tgw-attach-3");
}

static const struct small_case cases[] = {
    /* out by a virtual private gateway */
    {"out to the office", office, ASK_TCP("eni-1", "192.168.7.7", 443), "reachable"},
    {"not declared", undeclared, ASK_TCP("eni-1", "192.168.7.7", 443),
     "unknown; ?forward UNKNOWN_DESTINATION vgw-1"},
    {"tunnels are down", tunnels_down, ASK_TCP("eni-1", "192.168.7.7", 443),
     "blocked; forward BAD_STATE_VPN vpn-1"},
    {"connection pending", connection_pending, ASK_TCP("eni-1", "192.168.7.7", 443),
     "blocked; forward BAD_STATE_VPN vpn-1"},
    {"another connection", second_connection, ASK_TCP("eni-1", "192.168.7.7", 443),
     "reachable"},
    {"which does not lead there", second_connection_is_not_meant,
     ASK_TCP("eni-1", "192.168.7.7", 443), "blocked; forward BAD_STATE_VPN vpn-1"},
    {"static route", static_routes, ASK_TCP("eni-1", "192.168.5.7", 443), "reachable"},
    {"no static route", static_routes, ASK_TCP("eni-1", "192.168.7.7", 443),
     "blocked; forward CANNOT_ROUTE vpn-1"},
    {"part of a set", static_routes, ASK_TCP("eni-1", "192.168.4.0/23", 443),
     "partial; forward CANNOT_ROUTE vpn-1"},
    {"no connection", no_connection, ASK_TCP("eni-1", "192.168.7.7", 443),
     "blocked; forward NO_POSSIBLE_DESTINATION vgw-1"},
    {"connections not exported", connections_not_exported,
     ASK_TCP("eni-1", "192.168.7.7", 443), "unknown; ?forward UNKNOWN_RESOURCE vgw-1"},
    {"something announces routes", no_connection_but_routes,
     ASK_TCP("eni-1", "192.168.7.7", 443), "unknown; ?forward UNKNOWN_RESOURCE vgw-1"},
    {"Direct Connect", direct_connect, ASK_TCP("eni-1", "192.168.7.7", 443), "reachable"},
    {"detached", detached, ASK_TCP("eni-1", "192.168.7.7", 443),
     "blocked; forward BAD_STATE_ATTACHMENT vgw-1"},
    {"pending", gateway_pending, ASK_TCP("eni-1", "192.168.7.7", 443),
     "blocked; forward BAD_STATE vgw-1"},
    {"not exported", gateway_not_exported, ASK_TCP("eni-1", "192.168.7.7", 443),
     "unknown; ?forward UNKNOWN_RESOURCE vgw-1"},
    {"declared behind another", declared_elsewhere, ASK_TCP("eni-1", "192.168.7.7", 443),
     "unknown; ?forward UNKNOWN_DESTINATION vgw-1"},
    /* in */
    {"in from the office", office, ASK_TCP("192.168.7.7", "10.1.1.30", 443), "reachable"},
    {"by its name", office, ASK_TCP("office", "10.1.1.30", 443), "reachable"},
    {"to its name", office, ASK_TCP("eni-3", "office", 443), "reachable"},
    {"a part of it", office, ASK_TCP("192.168.7.0/24", "eni-3", 443), "reachable"},
    /* 192.169.0.0/16 is of the internet. */
    {"more than it", office, ASK_TCP("192.168.0.0/15", "eni-1", 443), "reachable"},
    {"more of it than there is", office_is_small, ASK_TCP("192.168.4.0/22", "eni-3", 443),
     "partial; forward VW_NO_SUCH_HOST source"},
    {"nobody there", office, ASK_TCP("192.168.7.7", "10.1.1.31", 443),
     "blocked; forward VW_NO_SUCH_HOST vpc-1"},
    {"in, not declared", undeclared, ASK_TCP("192.168.7.7", "10.1.1.30", 443),
     "error unknown-source"},
    {"in, tunnels are down", tunnels_down, ASK_TCP("192.168.7.7", "10.1.1.30", 443),
     "blocked; forward BAD_STATE_VPN vpn-1; return BAD_STATE_VPN vpn-1"},
    {"in, no route back", no_route_back, ASK_TCP("192.168.7.7", "10.1.1.30", 443),
     "blocked; return IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-1"},
    {"in to another VPC", office, ASK_TCP("192.168.7.7", "10.2.1.40", 443),
     "blocked; forward VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS vgw-1; return "
     "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-2"},
    {"out of another VPC", edge_to_edge, ASK_TCP("eni-4", "192.168.7.7", 443),
     "blocked; forward PCX_REQUIRES_ADDRESS_IN_VPC_CIDR pcx-1"},
    {"the gateway of the destination's VPC", two_gateways,
     ASK_TCP("192.168.7.7", "10.1.1.30", 443), "reachable"},
    {"two ways", two_gateways_alike, ASK_TCP("192.168.7.7", "vpc-1/10.1.1.30", 443),
     "unknown; ?forward UNKNOWN_RESOURCE office"},
    {"via settles it", two_gateways_settled,
     ASK_TCP("192.168.7.7", "vpc-1/10.1.1.30", 443), "reachable"},
    {"via is not exported", way_not_exported, ASK_TCP("192.168.7.7", "10.1.1.30", 443),
     "unknown; ?forward UNKNOWN_RESOURCE office; ?return UNKNOWN_DESTINATION vgw-1"},
    /* the gateway's own route table */
    {"in through an appliance", edge_of_gateway, ASK_TCP("office", "10.1.1.30", 443),
     "reachable"},
    {"out through it", edge_of_gateway, ASK_TCP("eni-3", "192.168.7.7", 443),
     "reachable"},
    {"back without it", edge_one_way, ASK_TCP("192.168.7.7", "10.1.1.30", 443),
     "unknown; ?return INGRESS_RTB_TRAFFIC_REDIRECTION rtb-1"},
    /* transit gateways */
    {"out to the branch", branch, ASK_TCP("eni-1", "172.20.1.1", 443), "reachable"},
    {"in from the branch", branch, ASK_TCP("172.20.1.1", "10.1.1.30", 443), "reachable"},
    {"the branch is not declared", transit, ASK_TCP("eni-1", "172.20.1.1", 443),
     "unknown; ?forward UNKNOWN_DESTINATION tgw-attach-3"},
    {"the branch's VPN is gone", branch_down, ASK_TCP("eni-1", "172.20.1.1", 443),
     "blocked; forward TGW_BAD_STATE_VPN vpn-3"},
    {"the branch's VPN is not exported", branch_without_connection,
     ASK_TCP("eni-1", "172.20.1.1", 443),
     "unknown; ?forward UNKNOWN_RESOURCE tgw-attach-3"},
    {"the branch by Direct Connect", branch_by_direct_connect,
     ASK_TCP("172.20.1.1", "10.1.1.30", 443), "reachable"},
    {"back by another way", branch_other_way_back,
     ASK_TCP("172.20.1.1", "10.1.1.30", 443),
     "unknown; ?return VW_REPLY_LEFT_BY_OTHER_PATH vpn-1"},
};

static void gateways_and_networks(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gateways_and_networks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
