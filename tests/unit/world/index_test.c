/* Who owns an address: against a plain search through all interfaces, on random worlds. */
#include "world/index.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/address.h"

enum { WORLDS = 60, INTERFACES = 40, QUESTIONS = 400, SPACE = 256 };

static uint32_t seed;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static struct vw_address_range drawn_range(void)
{
    uint32_t a = draw(SPACE), b = draw(4) ? a : draw(SPACE);

    return (struct vw_address_range){vw_address_ipv4(0x0a000000 + (a < b ? a : b)),
                                     vw_address_ipv4(0x0a000000 + (a < b ? b : a))};
}

static bool is_taken(const struct vw_world *world, uint32_t vpc, struct vw_prefix prefix)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);

        if (interface->vpc == vpc && interface->address_count > 0 &&
            vw_range_overlaps(vw_prefix_range(interface->addresses[0].prefix),
                              vw_prefix_range(prefix)))
            return true;
    }
    return false;
}

/* Interfaces of one address or a delegated /28 each; some dead, some with a public one. */
static struct vw_world *drawn_world(void)
{
    struct vw_world *world = vw_world_create();
    uint32_t vpcs[2], i, instance;

    assert_non_null(world);
    assert_int_equal(vw_world_refer(world, VW_OBJECT_VPC, "vpc-1", &vpcs[0]), 0);
    assert_int_equal(vw_world_refer(world, VW_OBJECT_VPC, "vpc-2", &vpcs[1]), 0);
    assert_int_equal(vw_world_refer(world, VW_OBJECT_INSTANCE, "i-dead", &instance), 0);
    vw_world_edit_instance(world, instance)->state = "terminated";
    for (i = 0; i < INTERFACES; i++) {
        struct vw_prefix prefix =
            vw_prefix_of(vw_address_ipv4(0x0a000000 + draw(SPACE)), draw(6) ? 32 : 28);
        uint32_t vpc = vpcs[draw(2)], index;
        struct vw_interface *interface;
        char id[16];

        if (is_taken(world, vpc, prefix))
            continue;
        snprintf(id, sizeof id, "eni-%u", i);
        assert_int_equal(vw_world_refer(world, VW_OBJECT_INTERFACE, id, &index), 0);
        interface = vw_world_edit_interface(world, index);
        interface->object.exported = draw(8) > 0;
        interface->vpc = vpc;
        interface->instance = draw(8) ? VW_NONE : instance;
        interface->addresses =
            vw_arena_array(&world->arena, 1, sizeof *interface->addresses);
        assert_non_null(interface->addresses);
        interface->addresses[0].prefix = prefix;
        interface->addresses[0].primary = true;
        if (draw(2))
            interface->addresses[0].public_address = vw_address_ipv4(0x0a000000 + i);
        interface->address_count = 1;
    }
    assert_int_equal(vw_world_finish(world), 0);
    return world;
}

/* The lowest-addressed live interface that overlaps `range`; VW_NONE in `vpc` is any. */
static uint32_t plain_search(const struct vw_world *world, uint32_t vpc, bool is_public,
                             struct vw_address_range range)
{
    struct vw_address_range best = {0};
    uint32_t found = VW_NONE, i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);
        struct vw_address_range mine = vw_prefix_range(interface->addresses[0].prefix);
        struct vw_address outer = interface->addresses[0].public_address;

        if (is_public && outer.family == VW_FAMILY_NONE)
            continue;
        if (is_public)
            mine = vw_range_single(outer);
        if (!interface->object.exported || interface->instance != VW_NONE ||
            (vpc != VW_NONE && interface->vpc != vpc) || !vw_range_overlaps(mine, range))
            continue;
        if (found == VW_NONE || vw_address_compare(mine.first, best.first) < 0) {
            found = i;
            best = mine;
        }
    }
    return found;
}

static void owners_as_by_plain_search(void **state)
{
    unsigned world_number, question;
    size_t hits = 0, misses = 0;

    (void)state;
    seed = 20250117;
    for (world_number = 0; world_number < WORLDS; world_number++) {
        struct vw_world *world = drawn_world();

        for (question = 0; question < QUESTIONS; question++) {
            struct vw_address_range range = drawn_range();
            uint32_t vpc = draw(2);
            const struct vw_owner *owner = vw_owner_in_vpc(world, vpc, range);

            assert_int_equal(owner ? owner->interface : VW_NONE,
                             plain_search(world, vpc, false, range));
            owner ? hits++ : misses++;
            owner = vw_owner_of_public(world, range);
            assert_int_equal(owner ? owner->interface : VW_NONE,
                             plain_search(world, VW_NONE, true, range));
        }
        vw_world_free(world);
    }
    /* Both answers were given often enough to mean something. */
    assert_true(hits > 1000);
    assert_true(misses > 1000);
}

/* The same address in two VPCs: both owners are found, side by side. */
static void an_address_in_two_vpcs(void **state)
{
    struct vw_world *world = vw_world_create();
    struct vw_address address = vw_address_ipv4(0x0a000005);
    const struct vw_owner *owner, *end;
    unsigned i, count = 0;

    (void)state;
    for (i = 0; i < 2; i++) {
        struct vw_interface *interface;
        uint32_t vpc, index;

        assert_int_equal(
            vw_world_refer(world, VW_OBJECT_VPC, i ? "vpc-2" : "vpc-1", &vpc), 0);
        assert_int_equal(
            vw_world_refer(world, VW_OBJECT_INTERFACE, i ? "eni-2" : "eni-1", &index), 0);
        interface = vw_world_edit_interface(world, index);
        interface->object.exported = true;
        interface->vpc = vpc;
        interface->addresses =
            vw_arena_array(&world->arena, 1, sizeof *interface->addresses);
        interface->addresses[0].prefix = vw_prefix_of(address, 32);
        interface->address_count = 1;
    }
    assert_int_equal(vw_world_finish(world), 0);
    owner = vw_owner_anywhere(world, vw_range_single(address), &end);
    for (; owner && owner < end && vw_range_contains(owner->range, address); owner++)
        assert_int_equal(owner->vpc, count++);
    assert_int_equal(count, 2);
    assert_null(
        vw_owner_anywhere(world, vw_range_single(vw_address_ipv4(0x0a000006)), &end));
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_as_by_plain_search),
        cmocka_unit_test(an_address_in_two_vpcs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
