/* Tables of objects, kinds of target, and what only the whole of an export tells. */
#include "world/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint32_t made(struct vw_world *world, enum vw_object_kind kind, const char *id)
{
    uint32_t index;

    assert_int_equal(vw_world_refer(world, kind, id, &index), 0);
    return index;
}

static void objects_are_made_once(void **state)
{
    struct vw_world *world = vw_world_create();
    uint32_t i, index = 77;
    char id[24];

    (void)state;
    for (i = 0; i < 1000; i++) {
        snprintf(id, sizeof id, "subnet-%u", i);
        assert_int_equal(made(world, VW_OBJECT_SUBNET, id), i);
    }
    assert_int_equal(made(world, VW_OBJECT_SUBNET, "subnet-7"), 7);
    assert_int_equal(vw_world_count(world, VW_OBJECT_SUBNET), 1000);
    assert_false(vw_world_find(world, VW_OBJECT_VPC, "subnet-7", &index));
    assert_int_equal(index, 77);
    assert_true(vw_world_find(world, VW_OBJECT_SUBNET, "subnet-999", &index));
    assert_int_equal(index, 999);
    assert_string_equal(vw_world_subnet(world, 999)->object.id, "subnet-999");
    assert_false(vw_world_subnet(world, 999)->object.exported);
    /* A new object refers to nothing: 0 would be the first of a table. */
    assert_int_equal(vw_world_subnet(world, 999)->vpc, VW_NONE);
    assert_int_equal(vw_world_subnet(world, 999)->route_table, VW_NONE);
    assert_int_equal(vw_world_subnet(world, 999)->network_acl, VW_NONE);
    vw_world_free(world);
}

static void targets_by_their_ids(void **state)
{
    static const struct {
        const char *id;
        enum vw_target_kind kind;
    } rows[] = {
        {"local", VW_TARGET_LOCAL},
        {"igw-1", VW_TARGET_INTERNET_GATEWAY},
        {"eigw-1", VW_TARGET_EGRESS_ONLY_GATEWAY},
        {"pcx-1", VW_TARGET_PEERING},
        {"nat-1", VW_TARGET_NAT_GATEWAY},
        {"tgw-1", VW_TARGET_TRANSIT_GATEWAY},
        {"vgw-1", VW_TARGET_VPN_GATEWAY},
        {"vpce-1", VW_TARGET_ENDPOINT},
        {"eni-1", VW_TARGET_INTERFACE},
        {"i-1", VW_TARGET_INSTANCE},
        {"cagw-1", VW_TARGET_CARRIER_GATEWAY},
        {"lgw-1", VW_TARGET_LOCAL_GATEWAY},
        {"arn:aws:networkmanager::1:core-network/x", VW_TARGET_CORE_NETWORK},
        {"moon-1", VW_TARGET_OTHER},
        {"locality", VW_TARGET_OTHER},
        {"", VW_TARGET_OTHER},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(vw_target_kind_of(rows[i].id), rows[i].kind);
}

static void what_objects_say_of_each_other(void **state)
{
    struct vw_world *world = vw_world_create();
    uint32_t vpc = made(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t other = made(world, VW_OBJECT_VPC, "vpc-2");
    uint32_t table = made(world, VW_OBJECT_ROUTE_TABLE, "rtb-1");
    uint32_t side = made(world, VW_OBJECT_ROUTE_TABLE, "rtb-2");
    uint32_t gateway = made(world, VW_OBJECT_INTERNET_GATEWAY, "igw-1");
    uint32_t subnet = made(world, VW_OBJECT_SUBNET, "subnet-1");
    uint32_t second = made(world, VW_OBJECT_INTERFACE, "eni-second");
    uint32_t first = made(world, VW_OBJECT_INTERFACE, "eni-first");
    uint32_t instance = made(world, VW_OBJECT_INSTANCE, "i-1");

    (void)state;
    vw_world_edit_route_table(world, table)->vpc = vpc;
    vw_world_edit_route_table(world, table)->main = true;
    vw_world_edit_route_table(world, side)->vpc = vpc;
    vw_world_edit_internet_gateway(world, gateway)->vpc = vpc;
    vw_world_edit_subnet(world, subnet)->vpc = vpc;
    vw_world_edit_subnet(world, subnet)->zone = "us-west-2-lax-1a";
    vw_world_edit_interface(world, first)->subnet = subnet;
    vw_world_edit_interface(world, first)->device_index = 0;
    vw_world_edit_interface(world, first)->instance = instance;
    vw_world_edit_interface(world, second)->device_index = 1;
    vw_world_edit_interface(world, second)->instance = instance;
    assert_int_equal(vw_world_finish(world), 0);
    assert_int_equal(vw_world_vpc(world, vpc)->main_route_table, table);
    assert_int_equal(vw_world_vpc(world, vpc)->internet_gateway, gateway);
    assert_int_equal(vw_world_vpc(world, vpc)->egress_only_gateway, VW_NONE);
    assert_int_equal(vw_world_vpc(world, other)->main_route_table, VW_NONE);
    assert_string_equal(vw_world_vpc(world, vpc)->object.region, "us-west-2");
    assert_int_equal(vw_world_interface(world, first)->vpc, vpc);
    assert_int_equal(vw_world_instance(world, instance)->interface_count, 2);
    assert_int_equal(vw_world_instance(world, instance)->interfaces[0], first);
    assert_int_equal(vw_world_instance(world, instance)->interfaces[1], second);
    vw_world_free(world);
}

static void entries_by_number(void **state)
{
    struct vw_world *world = vw_world_create();
    uint32_t acl = made(world, VW_OBJECT_NETWORK_ACL, "acl-1");
    struct vw_acl_entry entries[] = {{.number = 32767}, {.number = 2}, {.number = 10}};

    (void)state;
    vw_world_edit_network_acl(world, acl)->ingress = (struct vw_acl_entries){entries, 3};
    assert_int_equal(vw_world_finish(world), 0);
    assert_int_equal(entries[0].number, 2);
    assert_int_equal(entries[1].number, 10);
    assert_int_equal(entries[2].number, 32767);
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_made_once),
        cmocka_unit_test(targets_by_their_ids),
        cmocka_unit_test(what_objects_say_of_each_other),
        cmocka_unit_test(entries_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
