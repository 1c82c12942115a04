/* Which route wins: one row a rule of route priority, walked end to end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reach/small_world.h"

static uint32_t table_1(const struct vw_world *world)
{
    return small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1");
}

static struct vw_route *blackhole(struct vw_world *world, const char *destination,
                                  const char *target)
{
    struct vw_route *route = small_route(world, table_1(world), destination, target);

    route->state = VW_ROUTE_BLACKHOLE;
    return route;
}

static void longer_beats_shorter(struct vw_world *world)
{
    blackhole(world, "10.2.1.0/24", "pcx-1");
}

static void shorter_behind_longer(struct vw_world *world)
{
    blackhole(world, "10.0.0.0/8", "pcx-1");
}

static void more_specific_than_local(struct vw_world *world)
{
    blackhole(world, "10.1.2.0/24", "eni-9");
}

static void propagated_inside_local(struct vw_world *world)
{
    blackhole(world, "10.1.2.0/24", "vgw-1")->origin = VW_ORIGIN_PROPAGATED;
}

static void propagated_outside_local(struct vw_world *world)
{
    blackhole(world, "10.2.1.0/24", "vgw-1")->origin = VW_ORIGIN_PROPAGATED;
}

/* First in the table, so that order in the export cannot be what decides. */
static void put_first(struct vw_world *world)
{
    struct vw_route_table *table = vw_world_edit_route_table(world, table_1(world));
    struct vw_route last = table->routes[table->route_count - 1];
    size_t i;

    for (i = table->route_count - 1; i > 0; i--)
        table->routes[i] = table->routes[i - 1];
    table->routes[0] = last;
}

static void propagated_ties_with_static(struct vw_world *world)
{
    blackhole(world, "10.2.0.0/16", "vgw-1")->origin = VW_ORIGIN_PROPAGATED;
    put_first(world);
}

static void list_ties_with_static(struct vw_world *world)
{
    small_list_prefix(world, small_list(world, "pl-1", true), "10.2.0.0/16");
    blackhole(world, "pl-1", "tgw-1");
    put_first(world);
}

static void list_ties_with_local(struct vw_world *world)
{
    small_list_prefix(world, small_list(world, "pl-1", true), "10.1.0.0/16");
    blackhole(world, "pl-1", "tgw-1");
    put_first(world);
}

static void list_beats_propagated(struct vw_world *world)
{
    small_list_prefix(world, small_list(world, "pl-1", true), "10.2.1.0/24");
    blackhole(world, "10.2.1.0/24", "vgw-1")->origin = VW_ORIGIN_PROPAGATED;
    small_route(world, table_1(world), "pl-1", "pcx-1");
}

static void longer_in_list(struct vw_world *world)
{
    uint32_t list = small_list(world, "pl-1", true);

    small_list_prefix(world, list, "192.0.2.0/24");
    small_list_prefix(world, list, "10.2.1.40/32");
    blackhole(world, "pl-1", "tgw-1");
}

static void filtered(struct vw_world *world)
{
    small_route(world, table_1(world), "10.2.1.0/24", "vgw-1")->state = VW_ROUTE_FILTERED;
}

static void unlisted(struct vw_world *world)
{
    small_list(world, "pl-1", false);
    small_route(world, table_1(world), "pl-1", "tgw-1");
}

static void unlisted_endpoint(struct vw_world *world)
{
    small_list(world, "pl-1", false);
    small_route(world, table_1(world), "pl-1", "vpce-1");
}

static void add_list_route(struct vw_world *world, const char *list, const char *target)
{
    small_list_prefix(world, small_list(world, list, true), "10.2.1.0/24");
    small_route(world, table_1(world), list, target);
}

static void lists_tie(struct vw_world *world)
{
    add_list_route(world, "pl-1", "pcx-1");
    add_list_route(world, "pl-2", "tgw-1");
}

static void lists_tie_among_three(struct vw_world *world)
{
    lists_tie(world);
    add_list_route(world, "pl-3", "pcx-1");
}

static void lists_agree(struct vw_world *world)
{
    add_list_route(world, "pl-1", "pcx-1");
    add_list_route(world, "pl-2", "pcx-1");
}

static void tie_below_a_longer_route(struct vw_world *world)
{
    lists_tie(world);
    small_route(world, table_1(world), "10.2.1.40/32", "pcx-1");
}

static void explicit_table(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t table = small_table(world, "rtb-x", vpc, false);
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1a");

    small_route(world, table, "10.1.0.0/16", "local");
    vw_world_edit_subnet(world, subnet)->route_table = table;
}

static void main_moved(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t table = small_table(world, "rtb-x", vpc, true);

    vw_world_edit_route_table(world, table_1(world))->main = false;
    small_route(world, table, "10.1.0.0/16", "local");
}

static void table_not_exported(struct vw_world *world)
{
    vw_world_edit_route_table(world, table_1(world))->object.exported = false;
}

static void no_default(struct vw_world *world)
{
    struct vw_route_table *table = vw_world_edit_route_table(world, table_1(world));

    table->route_count = 2; /* the local ones */
}

static void second_cidr(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t subnet;

    small_vpc_cidr(world, vpc, "10.9.0.0/16");
    small_route(world, table_1(world), "10.9.0.0/16", "local");
    subnet = small_subnet(world, "subnet-9", vpc, "10.9.1.0/24", VW_NONE,
                          small_open_acl(world, "acl-9", vpc));
    small_host(world, "eni-9", subnet, "10.9.1.9", NULL,
               small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-1"));
}

static void local_beyond_the_vpc(struct vw_world *world)
{
    small_route(world, table_1(world), "10.2.1.0/24", "local");
}

static void by_nat(struct vw_world *world)
{
    small_route(world, table_1(world), "10.2.1.0/24", "nat-1");
}

static const struct small_case cases[] = {
    {"local", NULL, ASK_TCP("eni-1", "10.1.2.20", 22), "reachable"},
    {"peering", NULL, ASK_TCP("eni-1", "10.2.1.40", 22), "reachable"},
    {"second CIDR is local", second_cidr, ASK_PING("eni-1", "10.9.1.9"), "reachable"},
    {"longest prefix", longer_beats_shorter, ASK_TCP("eni-1", "10.2.1.40", 22),
     "blocked; forward BAD_STATE_ROUTE rtb-1"},
    {"shorter prefix loses", shorter_behind_longer, ASK_TCP("eni-1", "10.2.1.40", 22),
     "reachable"},
    {"shorter prefix takes the rest", shorter_behind_longer,
     ASK_PING("eni-1", "10.3.0.1"), "blocked; forward BAD_STATE_ROUTE rtb-1"},
    {"more specific than local", more_specific_than_local, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward BAD_STATE_ROUTE rtb-1"},
    {"propagated never beats local", propagated_inside_local,
     ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"propagated wins elsewhere", propagated_outside_local,
     ASK_PING("eni-1", "10.2.1.40"), "blocked; forward BAD_STATE_ROUTE rtb-1"},
    {"static before propagated", propagated_ties_with_static,
     ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"static before prefix list", list_ties_with_static, ASK_PING("eni-1", "10.2.1.40"),
     "reachable"},
    {"local before prefix list", list_ties_with_local, ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"prefix list before propagated", list_beats_propagated,
     ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"longest prefix in a list", longer_in_list, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward BAD_STATE_ROUTE rtb-1"},
    {"filtered is no route", filtered, ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"list without entries", unlisted, ASK_PING("eni-1", "10.2.1.40"),
     "unknown; ?forward UNKNOWN_RESOURCE pl-1"},
    {"a service's list holds no private address", unlisted_endpoint,
     ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"a service's list may hold a public one", unlisted_endpoint,
     ASK_TCP("eni-1", "192.0.2.1", 443), "unknown; ?forward UNKNOWN_RESOURCE pl-1"},
    {"lists tie", lists_tie, ASK_PING("eni-1", "10.2.1.40"),
     "unknown; ?forward VW_ROUTES_TIE rtb-1"},
    {"two of three lists agree", lists_tie_among_three, ASK_PING("eni-1", "10.2.1.40"),
     "unknown; ?forward VW_ROUTES_TIE rtb-1"},
    {"lists with one target", lists_agree, ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"a longer route ends the tie", tie_below_a_longer_route,
     ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"explicit association", explicit_table, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward NO_ROUTE_TO_DESTINATION rtb-x"},
    {"explicit association leaves the others", explicit_table,
     ASK_PING("eni-2", "10.2.1.40"), "reachable"},
    {"main table", main_moved, ASK_PING("eni-2", "10.2.1.40"),
     "blocked; forward NO_ROUTE_TO_DESTINATION rtb-x"},
    {"table not exported: local", table_not_exported, ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"table not exported: elsewhere", table_not_exported, ASK_PING("eni-1", "10.2.1.40"),
     "unknown; ?forward UNKNOWN_RESOURCE subnet-1a"},
    {"no route", no_default, ASK_PING("eni-1", "192.0.2.1"),
     "blocked; forward NO_ROUTE_TO_DESTINATION rtb-1"},
    {"no route back", no_default, ASK_PING("eni-4", "10.1.1.10"),
     "blocked; return NO_ROUTE_TO_DESTINATION rtb-1"},
    {"local reaches the VPC only", local_beyond_the_vpc, ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward VPC_LOCAL_ROUTE_CIDR_RESTRICTION rtb-1"},
    {"a NAT gateway is not modelled", by_nat, ASK_PING("eni-1", "10.2.1.40"),
     "unknown; ?forward UNSUPPORTED_COMPONENT nat-1"},
};

static void routes_by_priority(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

/* The parts of a set must fare as their packets do, one by one. */
static const struct small_case set_cases[] = {
    {"an unknown list hides in a set", unlisted_endpoint,
     ASK_TCP("eni-1", "0.0.0.0/0", 443), "unknown"},
};

static void sets_see_unknown_lists(void **state)
{
    struct vw_world *world = small_base();
    char text[SMALL_TEXT];

    (void)state;
    set_cases[0].change(world);
    assert_int_equal(vw_world_finish(world), 0);
    small_answer(world, &set_cases[0].question, text);
    text[7] = 0;
    assert_string_equal(text, set_cases[0].expected);
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(routes_by_priority),
        cmocka_unit_test(sets_see_unknown_lists),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
