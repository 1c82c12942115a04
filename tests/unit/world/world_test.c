/* Objects by id, what vw_world_finish resolves, and changed copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "reach/small_world.h"
#include "world/edit.h"
#include "world/index.h"

static void objects_are_found_by_id(void **state)
{
    struct vw_world *world = vw_world_create();
    uint32_t index, again, i;
    char id[32];

    (void)state;
    assert_non_null(world);
    for (i = 0; i < 1000; i++) {
        snprintf(id, sizeof id, "eni-%u", i);
        assert_int_equal(vw_world_refer(world, VW_OBJECT_INTERFACE, id, &index), 0);
        assert_int_equal(index, i);
    }
    assert_int_equal(vw_world_refer(world, VW_OBJECT_INTERFACE, "eni-7", &again), 0);
    assert_int_equal(again, 7);
    assert_int_equal(vw_world_count(world, VW_OBJECT_INTERFACE), 1000);
    assert_false(vw_world_find(world, VW_OBJECT_SUBNET, "eni-7", &again));
    assert_string_equal(vw_world_interface(world, 999)->object.id, "eni-999");
    assert_false(vw_world_interface(world, 7)->object.exported);
    assert_true(vw_world_interface(world, 7)->vpc == VW_NONE &&
                vw_world_interface(world, 7)->subnet == VW_NONE &&
                vw_world_interface(world, 7)->instance == VW_NONE);
    assert_true(vw_world_interface(world, 7)->source_dest_check);
    vw_world_free(world);
    vw_world_free(NULL);
}

struct target_row {
    const char *id;
    enum vw_target_kind kind;
};

static void targets_by_prefix(void **state)
{
    static const struct target_row rows[] = {
        {"local", VW_TARGET_LOCAL},
        {"igw-1", VW_TARGET_INTERNET_GATEWAY},
        {"pcx-1", VW_TARGET_PEERING},
        {"eigw-1", VW_TARGET_EGRESS_ONLY_GATEWAY},
        {"nat-1", VW_TARGET_NAT_GATEWAY},
        {"tgw-1", VW_TARGET_TRANSIT_GATEWAY},
        {"vgw-1", VW_TARGET_VPN_GATEWAY},
        {"vpce-1", VW_TARGET_ENDPOINT},
        {"eni-1", VW_TARGET_INTERFACE},
        {"i-1", VW_TARGET_INSTANCE},
        {"lgw-1", VW_TARGET_LOCAL_GATEWAY},
        {"cagw-1", VW_TARGET_CARRIER_GATEWAY},
        {"local-1", VW_TARGET_OTHER},
        {"", VW_TARGET_OTHER},
        {"arn:aws:networkmanager::1:core-network/c", VW_TARGET_CORE_NETWORK},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        if (vw_target_kind_of(rows[i].id) != rows[i].kind)
            fail_msg("%s is a %s", rows[i].id,
                     vw_target_noun(vw_target_kind_of(rows[i].id)));
}

struct zone_row {
    const char *zone, *region;
};

/* describe-vpcs prints no Region. */
static void regions_come_from_zones(void **state)
{
    static const struct zone_row rows[] = {{"ap-south-1a", "ap-south-1"},
                                           {"us-west-2-lax-1a", "us-west-2"},
                                           {"us-gov-west-1b", "us-gov-west-1"},
                                           {"nonsense", NULL},
                                           {NULL, NULL}};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_world *world = small_base();
        uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-2");
        uint32_t pcx = small_find(world, VW_OBJECT_PEERING, "pcx-1");
        const char *region;

        vw_world_edit_peering(world, pcx)->accepter.region = NULL;
        vw_world_edit_vpc(world, vpc)->object.region = NULL;
        vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-2a"))
            ->zone = rows[i].zone;
        assert_int_equal(vw_world_finish(world), 0);
        region = vw_world_vpc(world, vpc)->object.region;
        if (rows[i].region)
            assert_string_equal(region, rows[i].region);
        else
            assert_null(region);
        vw_world_free(world);
    }
}

static void finish_resolves_what_belongs_together(void **state)
{
    struct vw_world *world = small_base();
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t acl = small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1a");
    uint32_t instance = small_find(world, VW_OBJECT_INSTANCE, "i-1");
    uint32_t second = small_find(world, VW_OBJECT_INTERFACE, "eni-3");
    uint32_t first = small_find(world, VW_OBJECT_INTERFACE, "eni-1");
    const struct vw_acl_entries *entries;
    size_t i;

    (void)state;
    small_entry(world, acl, false, 7, true, -1, -1, -1, "0.0.0.0/0");
    vw_world_edit_interface(world, first)->device_index = 1;
    vw_world_edit_interface(world, second)->instance = instance;
    vw_world_edit_interface(world, second)->device_index = 0;
    assert_int_equal(vw_world_finish(world), 0);
    assert_int_equal(vw_world_vpc(world, vpc)->main_route_table,
                     small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1"));
    assert_int_equal(vw_world_vpc(world, vpc)->internet_gateway,
                     small_find(world, VW_OBJECT_INTERNET_GATEWAY, "igw-1"));
    assert_int_equal(vw_world_vpc(world, vpc)->egress_only_gateway, VW_NONE);
    assert_int_equal(vw_world_instance(world, instance)->interface_count, 2);
    assert_int_equal(vw_world_instance(world, instance)->interfaces[0], second);
    assert_int_equal(vw_world_instance(world, instance)->interfaces[1], first);
    entries = &vw_world_network_acl(world, acl)->ingress;
    assert_int_equal(entries->items[0].number, 7);
    for (i = 1; i < entries->count; i++)
        assert_true(entries->items[i - 1].number <= entries->items[i].number);
    vw_world_free(world);
}

/* Every edit shows in the clone and leaves the parent alone. */
static void edits_stay_in_the_clone(void **state)
{
    static const struct vw_question question = ASK_TCP("eni-3", "192.0.2.1", 443);
    struct vw_world *world = small_base(), *clone;
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1"), peering;
    uint32_t rtb = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1");
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-3");
    uint32_t igw = small_gateway(world, "igw-1", VW_NONE);
    struct vw_route route = {.destination = small_prefix("10.2.0.0/16"),
                             .prefix_list = VW_NONE,
                             .target_id = "igw-1",
                             .target_kind = VW_TARGET_INTERNET_GATEWAY,
                             .target = igw};
    char text[SMALL_TEXT];
    size_t routes;

    (void)state;
    assert_int_equal(vw_world_finish(world), 0);
    routes = vw_world_route_table(world, rtb)->route_count;
    clone = vw_world_clone(world);
    assert_non_null(clone);
    assert_int_equal(vw_edit_public_address(clone, eni, 0, small_address("52.0.0.3")), 0);
    assert_int_equal(vw_edit_attach_gateway(clone, igw, vpc), 0);
    assert_string_equal(small_answer(clone, &question, text), "reachable");
    assert_string_equal(small_answer(world, &question, text),
                        "blocked; forward BAD_STATE_ATTACHMENT igw-1; forward "
                        "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eni-3");
    /* In place of the route with that destination, then beside the others. */
    assert_int_equal(vw_edit_route(clone, rtb, &route), 0);
    assert_int_equal(vw_world_route_table(clone, rtb)->route_count, routes);
    route.destination = small_prefix("10.3.0.0/16");
    assert_int_equal(vw_edit_route(clone, rtb, &route), 0);
    assert_int_equal(vw_world_route_table(clone, rtb)->route_count, routes + 1);
    assert_int_equal(vw_world_route_table(world, rtb)->route_count, routes);
    assert_int_equal(vw_edit_new_peering(clone, "pcx-new", vpc, vpc + 1, &peering), 0);
    assert_string_equal(vw_world_peering(clone, peering)->state, "active");
    assert_int_equal(vw_world_count(clone, VW_OBJECT_PEERING), 2);
    assert_int_equal(vw_world_count(world, VW_OBJECT_PEERING), 1);
    vw_world_free(clone);
    vw_world_free(world);
}

static void edited_entries_stay_sorted(void **state)
{
    static const int numbers[] = {150, 1, 40000, 100};
    struct vw_world *world = small_base(), *clone;
    uint32_t acl = small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1a");
    const struct vw_acl_entries *entries;
    size_t i;

    (void)state;
    assert_int_equal(vw_world_finish(world), 0);
    clone = vw_world_clone(world);
    assert_non_null(clone);
    for (i = 0; i < 4; i++) {
        struct vw_acl_entry entry = {.number = numbers[i],
                                     .protocol = -1,
                                     .from = -1,
                                     .to = -1,
                                     .prefix = small_prefix("0.0.0.0/0")};
        assert_int_equal(vw_edit_acl_entry(clone, acl, true, &entry), 0);
    }
    entries = &vw_world_network_acl(clone, acl)->egress;
    /* Number 100 is there already: that entry is replaced. */
    assert_int_equal(entries->count, 7);
    for (i = 1; i < entries->count; i++)
        assert_true(entries->items[i - 1].number < entries->items[i].number);
    assert_int_equal(vw_world_network_acl(world, acl)->egress.count, 4);
    vw_world_free(clone);
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_found_by_id),
        cmocka_unit_test(targets_by_prefix),
        cmocka_unit_test(regions_come_from_zones),
        cmocka_unit_test(finish_resolves_what_belongs_together),
        cmocka_unit_test(edits_stay_in_the_clone),
        cmocka_unit_test(edited_entries_stay_sorted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
