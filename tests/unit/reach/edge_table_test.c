/* Route tables of gateways: inbound traffic led to an appliance, and back by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reach/small_world.h"

static struct vw_interface *box(struct vw_world *world)
{
    return vw_world_edit_interface(world,
                                   small_find(world, VW_OBJECT_INTERFACE, "eni-2"));
}

/* What comes in by igw-1 for subnet-1a goes through eni-2, which is in subnet-1b. */
static uint32_t inbound(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t edge = small_table(world, "rtb-edge", vpc, false);

    vw_world_edit_route_table(world, edge)->gateway_id = "igw-1";
    small_route(world, edge, "10.1.0.0/16", "local");
    small_route(world, edge, "10.1.1.0/24", "eni-2");
    box(world)->source_dest_check = false;
    return edge;
}

static void one_way(struct vw_world *world)
{
    inbound(world);
}

/* And what leaves subnet-1a goes through it too. */
static void both_ways(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1a");
    uint32_t table = small_table(world, "rtb-1a", vpc, false);

    inbound(world);
    small_route(world, table, "10.1.0.0/16", "local");
    small_route(world, table, "0.0.0.0/0", "eni-2");
    vw_world_edit_subnet(world, subnet)->route_table = table;
}

static void without_public_address(struct vw_world *world)
{
    both_ways(world);
    box(world)->addresses[0].public_address = (struct vw_address){.high = 0};
}

static void with_check(struct vw_world *world)
{
    both_ways(world);
    box(world)->source_dest_check = true;
}

static void box_stopped(struct vw_world *world)
{
    both_ways(world);
    vw_world_edit_instance(world, small_find(world, VW_OBJECT_INSTANCE, "i-2"))->state =
        "stopped";
}

static void box_closed(struct vw_world *world)
{
    both_ways(world);
    small_clear_group(world, small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2"), false);
}

static void whole_vpc(struct vw_world *world)
{
    uint32_t edge;

    both_ways(world);
    edge = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-edge");
    vw_world_edit_route_table(world, edge)->route_count = 0;
    small_route(world, edge, "10.1.0.0/16", "eni-2");
}

static void gone(struct vw_world *world)
{
    uint32_t edge;

    both_ways(world);
    edge = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-edge");
    vw_world_edit_route_table(world, edge)->routes[1].state = VW_ROUTE_BLACKHOLE;
}

static void endpoint(struct vw_world *world)
{
    uint32_t edge;

    both_ways(world);
    edge = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-edge");
    vw_world_edit_route_table(world, edge)->route_count = 1;
    small_route(world, edge, "10.1.1.0/24", "vpce-1");
}

/* Block Public Access asks for the subnet next to the gateway: the appliance's. */
static void block_but_of_box(struct vw_world *world)
{
    both_ways(world);
    vw_world_edit_vpc(world, small_find(world, VW_OBJECT_VPC, "vpc-1"))
        ->block_public_access = VW_BLOCK_BIDIRECTIONAL;
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1b"))
        ->block_public_access = VW_BLOCK_OFF;
}

static const struct small_case cases[] = {
    {"in through the appliance and back by it", both_ways,
     ASK_TCP("192.0.2.1", "52.0.0.1", 443), "reachable"},
    {"out through it and back by it", both_ways, ASK_TCP("eni-1", "192.0.2.1", 443),
     "reachable"},
    {"back by the gateway directly", one_way, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; return INGRESS_RTB_TRAFFIC_REDIRECTION rtb-1"},
    {"out directly", one_way, ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward INGRESS_RTB_TRAFFIC_REDIRECTION rtb-1"},
    {"another subnet is not concerned", both_ways, ASK_TCP("192.0.2.1", "52.0.0.2", 443),
     "reachable"},
    {"nor what comes from inside", one_way, ASK_TCP("eni-4", "10.1.1.10", 443),
     "reachable"},
    {"no public address", without_public_address, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; forward INGRESS_RTB_NO_PUBLIC_IP eni-2"},
    {"its source/destination check is on", with_check,
     ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; forward ENI_SOURCE_DEST_CHECK_RESTRICTION eni-2; return "
     "ENI_SOURCE_DEST_CHECK_RESTRICTION eni-2"},
    {"it is stopped", box_stopped, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; forward BAD_STATE i-2; return BAD_STATE i-2"},
    {"its groups", box_closed, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; forward SG_HAS_NO_RULES eni-2"},
    {"all of the VPC", whole_vpc, ASK_TCP("192.0.2.1", "52.0.0.1", 443), "reachable"},
    {"to the appliance itself", whole_vpc, ASK_TCP("192.0.2.1", "52.0.0.2", 443),
     "reachable"},
    {"the interface is gone", gone, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; forward BAD_STATE_ROUTE rtb-edge"},
    {"a Gateway Load Balancer endpoint", endpoint, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "unknown; ?forward UNKNOWN_RESOURCE vpce-1"},
    {"Block Public Access", block_but_of_box, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "reachable"},
};

static void tables_of_gateways(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_of_gateways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
