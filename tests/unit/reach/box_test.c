/* Splitting boxes, against a naive model: every packet of a small space looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "reach/box.h"

enum { SPACE = 4, SPLITS = 20000, SEED = 20250117 };

static uint32_t state_of_random;

static unsigned random_below(unsigned limit)
{
    state_of_random = state_of_random * 1664525u + 1013904223u;
    return (state_of_random >> 16) % limit;
}

static void random_pair(unsigned *ret_first, unsigned *ret_last)
{
    *ret_first = random_below(SPACE);
    *ret_last = *ret_first + random_below(SPACE - *ret_first);
}

/* At the low end, in the middle, and at the high end of each space. */
static struct vw_box random_box(uint32_t address_base, uint16_t port_base)
{
    struct vw_box box = {.protocol = VW_TCP};
    unsigned first, last;

    random_pair(&first, &last);
    box.source = (struct vw_address_range){vw_address_ipv4(address_base + first),
                                           vw_address_ipv4(address_base + last)};
    random_pair(&first, &last);
    box.destination = (struct vw_address_range){vw_address_ipv4(address_base + first),
                                                vw_address_ipv4(address_base + last)};
    random_pair(&first, &last);
    box.source_ports = (struct vw_port_range){(uint16_t)(port_base + first),
                                              (uint16_t)(port_base + last)};
    random_pair(&first, &last);
    box.ports = (struct vw_port_range){(uint16_t)(port_base + first),
                                       (uint16_t)(port_base + last)};
    return box;
}

static bool holds(const struct vw_box *box, const struct vw_box *packet)
{
    return vw_box_overlaps(box, packet);
}

static struct vw_box packet_of(unsigned number, uint32_t address_base, uint16_t port_base)
{
    struct vw_box packet = {.protocol = VW_TCP};
    uint16_t port;

    packet.source = vw_range_single(vw_address_ipv4(address_base + number % SPACE));
    number /= SPACE;
    packet.destination = vw_range_single(vw_address_ipv4(address_base + number % SPACE));
    number /= SPACE;
    port = (uint16_t)(port_base + number % SPACE);
    packet.source_ports = (struct vw_port_range){port, port};
    port = (uint16_t)(port_base + number / SPACE);
    packet.ports = (struct vw_port_range){port, port};
    return packet;
}

static void check_split(uint32_t address_base, uint16_t port_base)
{
    struct vw_box whole = random_box(address_base, port_base);
    struct vw_box region = random_box(address_base, port_base);
    struct vw_box inside = whole, parts[VW_BOX_PARTS];
    size_t i, count;
    unsigned number;

    if (!vw_box_overlaps(&whole, &region))
        return;
    count = vw_box_split(&inside, &region, parts);
    assert_true(count <= VW_BOX_PARTS);
    for (number = 0; number < SPACE * SPACE * SPACE * SPACE; number++) {
        struct vw_box packet = packet_of(number, address_base, port_base);
        bool in_whole = holds(&whole, &packet), in_region = holds(&region, &packet);
        size_t owners = 0;

        assert_int_equal(holds(&inside, &packet), in_whole && in_region);
        for (i = 0; i < count; i++)
            owners += holds(&parts[i], &packet);
        assert_int_equal(owners, in_whole && !in_region);
    }
}

static void split_parts_are_disjoint_and_complete(void **state)
{
    static const uint32_t addresses[] = {0, 0x0a000000, UINT32_MAX - SPACE + 1};
    static const uint16_t ports[] = {0, 1022, UINT16_MAX - SPACE + 1};
    unsigned i;

    (void)state;
    state_of_random = SEED;
    for (i = 0; i < SPLITS; i++)
        check_split(addresses[i % 3], ports[i / 3 % 3]);
}

static void split_keeps_protocol(void **state)
{
    struct vw_box box = {vw_range_all(VW_FAMILY_IPV6), vw_range_all(VW_FAMILY_IPV6),
                         vw_ports_all(), vw_ports_all(), VW_UDP};
    struct vw_box region = box, parts[VW_BOX_PARTS];
    size_t i, count;

    (void)state;
    region.ports = (struct vw_port_range){53, 53};
    region.source =
        vw_prefix_range(vw_prefix_of((struct vw_address){1, 0, VW_FAMILY_IPV6}, 64));
    count = vw_box_split(&box, &region, parts);
    assert_int_equal(count, 4);
    for (i = 0; i < count; i++)
        assert_int_equal(parts[i].protocol, VW_UDP);
    assert_true(vw_box_overlaps(&box, &region));
    assert_false(vw_box_is_single(&box));
}

struct match_row {
    int box_protocol;
    uint16_t type_or_any, first, last; /* source ports (ICMP type); ports (ICMP code) */
    int protocol, from, to;
    bool matches;
    uint16_t region_first, region_last; /* of the ports within the box */
};

static const struct match_row match_rows[] = {
    /* all protocols: ports mean nothing */
    {VW_TCP, 40000, 22, 22, -1, -1, -1, true, 22, 22},
    {VW_TCP, 40000, 22, 22, -1, 80, 80, true, 22, 22},
    {47, 0, 0, 0, -1, -1, -1, true, 0, 0},
    /* protocol */
    {VW_TCP, 40000, 22, 22, VW_UDP, -1, -1, false, 0, 0},
    {47, 0, 0, 0, 47, -1, -1, true, 0, 0},
    {47, 0, 0, 0, 47, 80, 80, true, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMPV6, -1, -1, false, 0, 0},
    /* ports */
    {VW_TCP, 40000, 22, 22, VW_TCP, 22, 22, true, 22, 22},
    {VW_TCP, 40000, 22, 22, VW_TCP, 23, 80, false, 0, 0},
    {VW_TCP, 40000, 20, 30, VW_TCP, 25, 80, true, 25, 30},
    {VW_TCP, 40000, 0, 65535, VW_TCP, 0, 0, true, 0, 0},
    {VW_TCP, 40000, 0, 65535, VW_TCP, -1, -1, true, 0, 65535},
    {VW_TCP, 40000, 22, 22, VW_TCP, 80, 20, false, 0, 0},
    {VW_TCP, 40000, 22, 22, VW_TCP, 0, 70000, false, 0, 0},
    /* ICMP: type and code */
    {VW_ICMP, 8, 0, 0, VW_ICMP, -1, -1, true, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMP, 8, -1, true, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMP, 8, 0, true, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMP, 8, 8, false, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMP, 0, -1, false, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMP, -1, 5, true, 0, 0},
    {VW_ICMP, 8, 0, 0, VW_ICMP, 70000, 0, false, 0, 0},
    {VW_ICMP, 3, 0, 255, VW_ICMP, 3, 4, true, 4, 4},
    {VW_ICMPV6, 128, 0, 0, VW_ICMPV6, 128, 0, true, 0, 0},
};

static void rules_match_protocols_and_ports(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof match_rows / sizeof *match_rows; i++) {
        const struct match_row *row = &match_rows[i];
        struct vw_box box = {vw_range_all(VW_FAMILY_IPV4),
                             vw_range_all(VW_FAMILY_IPV4),
                             {row->type_or_any, row->type_or_any},
                             {row->first, row->last},
                             row->box_protocol};
        struct vw_box region, parts[VW_BOX_PARTS];
        bool matches =
            vw_box_match_protocol(&box, row->protocol, row->from, row->to, &region);

        if (matches != row->matches)
            fail_msg("row %zu: match is %d", i, matches);
        if (!matches)
            continue;
        vw_box_split(&box, &region, parts);
        if (box.ports.first != row->region_first || box.ports.last != row->region_last)
            fail_msg("row %zu: ports %u-%u", i, box.ports.first, box.ports.last);
        assert_true(box.source_ports.first == row->type_or_any);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_parts_are_disjoint_and_complete),
        cmocka_unit_test(split_keeps_protocol),
        cmocka_unit_test(rules_match_protocols_and_ports),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
