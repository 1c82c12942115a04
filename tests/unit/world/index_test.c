/* Who owns an address: the indexes against plain loops over all interfaces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "reach/random_world.h"
#include "world/index.h"

enum { WORLDS = 100, LOOKUPS = 100, SEED = 20250117 };

static bool is_alive(const struct vw_world *world, const struct vw_interface *interface)
{
    return interface->instance == VW_NONE ||
           strcmp(vw_world_instance(world, interface->instance)->state, "terminated") !=
               0;
}

/* The lowest owned address of `range`, private in `vpc` (VW_NONE: anywhere) or public. */
static bool lowest(const struct vw_world *world, uint32_t vpc, bool public_ones,
                   struct vw_address_range range, struct vw_address *ret)
{
    bool found = false;
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);
        for (j = 0; is_alive(world, interface) && j < interface->address_count; j++) {
            struct vw_address address = public_ones
                                            ? interface->addresses[j].public_address
                                            : interface->addresses[j].prefix.address;
            if ((vpc != VW_NONE && interface->vpc != vpc) ||
                address.family == VW_FAMILY_NONE || !vw_range_contains(range, address) ||
                (found && vw_address_compare(*ret, address) <= 0))
                continue;
            found = true;
            *ret = address;
        }
    }
    return found;
}

static void check(const struct vw_owner *owner, bool found, struct vw_address address)
{
    assert_int_equal(owner != NULL, found);
    if (found)
        assert_true(vw_address_equal(owner->range.first, address));
}

static struct vw_address_range random_range(struct random *random, uint32_t base)
{
    uint32_t first = base + random_below(random, 800);
    uint32_t last = first + (random_below(random, 2) ? 0 : random_below(random, 300));

    return (struct vw_address_range){vw_address_ipv4(first), vw_address_ipv4(last)};
}

static void look_up(struct random *random, const struct vw_world *world)
{
    uint32_t vpc = random_below(random, vw_world_count(world, VW_OBJECT_VPC));
    struct vw_address_range range = random_range(random, 0x0a000000);
    struct vw_address address = range.first;
    const struct vw_owner *end, *owner;
    bool found = lowest(world, vpc, false, range, &address);

    owner = vw_owner_in_vpc(world, vpc, range);
    check(owner, found, address);
    assert_true(!owner || owner->vpc == vpc);
    found = lowest(world, VW_NONE, false, range, &address);
    check(vw_owner_anywhere(world, range, &end), found, address);
    range = random_range(random, 0x34000000 - 20);
    found = lowest(world, VW_NONE, true, range, &address);
    check(vw_owner_of_public(world, range), found, address);
}

static void indexes_agree_with_loops(void **state)
{
    unsigned w, i;

    (void)state;
    for (w = 0; w < WORLDS; w++) {
        struct random random = {SEED + w};
        struct vw_world *world = random_world(&random, false);

        for (i = 0; i < LOOKUPS; i++)
            look_up(&random, world);
        vw_world_free(world);
    }
}

static void dead_instances_own_nothing(void **state)
{
    struct vw_world *world = small_base();
    uint32_t instance = small_find(world, VW_OBJECT_INSTANCE, "i-4");
    const struct vw_owner *end;

    (void)state;
    vw_world_edit_instance(world, instance)->state = "terminated";
    assert_int_equal(vw_world_finish(world), 0);
    assert_null(
        vw_owner_anywhere(world, vw_range_single(small_address("10.2.1.40")), &end));
    assert_null(vw_owner_of_public(world, vw_range_single(small_address("52.0.0.4"))));
    vw_world_free(world);
}

static void families_and_delegated_prefixes(void **state)
{
    struct vw_world *world = small_base();
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-3"), vpc;
    const struct vw_owner *owner, *end;

    (void)state;
    small_add_address(world, eni, "10.1.1.64/28", NULL);
    small_add_address(world, eni, "2600:1::1:0:0:0/80", NULL);
    vpc = vw_world_interface(world, eni)->vpc;
    assert_int_equal(vw_world_finish(world), 0);
    owner = vw_owner_in_vpc(world, vpc, vw_range_single(small_address("10.1.1.79")));
    assert_true(owner && owner->interface == eni && owner->entry == 1);
    assert_null(vw_owner_in_vpc(world, vpc, vw_range_single(small_address("10.1.1.80"))));
    owner = vw_owner_anywhere(
        world, vw_range_single(small_address("2600:1::1:0:ffff:ffff")), &end);
    assert_true(owner && owner->interface == eni && owner->entry == 2);
    assert_true(owner < end);
    assert_null(vw_owner_anywhere(
        world, vw_range_single(small_address("2600:1::2:0:0:0")), &end));
    vw_world_free(world);
}

/* A prefix delegated in one VPC, and hosts with some of its addresses in another. */
static void prefixes_over_addresses_of_another_vpc(void **state)
{
    struct vw_world *world = small_base();
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-3");
    uint32_t other = small_find(world, VW_OBJECT_INTERFACE, "eni-4");
    uint32_t i;

    (void)state;
    small_add_address(world, eni, "10.1.1.64/28", NULL);
    small_add_address(world, other, "10.1.1.66", NULL);
    small_add_address(world, other, "10.1.1.67", NULL);
    small_add_address(world, other, "10.1.1.68/30", NULL);
    small_add_address(world, other, "10.1.1.74", NULL);
    small_add_address(world, other, "10.1.1.90", NULL);
    assert_int_equal(vw_world_finish(world), 0);
    for (i = 64; i < 80; i++) {
        struct vw_address_range range = vw_range_single(vw_address_ipv4(0x0a010100 + i));
        const struct vw_owner *end, *owner = vw_owner_anywhere(world, range, &end);
        bool shared = (i >= 66 && i <= 71) || i == 74;

        if (!owner || owner->interface != eni)
            fail_msg("10.1.1.%u is not found", i);
        assert_int_equal(owner + 1 < end && vw_range_overlaps(owner[1].range, range),
                         shared);
    }
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indexes_agree_with_loops),
        cmocka_unit_test(dead_instances_own_nothing),
        cmocka_unit_test(families_and_delegated_prefixes),
        cmocka_unit_test(prefixes_over_addresses_of_another_vpc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
