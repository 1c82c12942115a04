/*
 * Addresses. Text is compared with a table; arithmetic on prefixes and ranges with a naive
 * model that looks at single bits, over random values of a fixed seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/address.h"

static struct vw_address address_of(const char *text)
{
    struct vw_address address = {0};

    if (!vw_address_parse(text, strlen(text), &address))
        fail_msg("%s is not taken as an address", text);
    return address;
}

static struct vw_prefix prefix_of(const char *text)
{
    struct vw_prefix prefix = {0};

    if (!vw_prefix_parse(text, strlen(text), &prefix, NULL))
        fail_msg("%s is not taken as a prefix", text);
    return prefix;
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Few distinct values, so that neighbours and equals are common. */
static struct vw_address random_address(uint64_t *seed)
{
    static const uint64_t words[] = {0, 1, 255, 256, UINT64_MAX, UINT64_C(1) << 63};
    struct vw_address address = {0};

    address.family = next_random(seed) % 2 ? VW_FAMILY_IPV4 : VW_FAMILY_IPV6;
    address.low = words[next_random(seed) % 6] + next_random(seed) % 3;
    if (next_random(seed) % 2)
        address.low ^= next_random(seed);
    if (address.family == VW_FAMILY_IPV6)
        address.high = words[next_random(seed) % 6] ^ (next_random(seed) % 2);
    else
        address.low &= UINT32_MAX;
    return address;
}

/* Bit `index` from the top of the family's bits. */
static unsigned bit_of(struct vw_address address, unsigned index)
{
    if (address.family == VW_FAMILY_IPV4)
        return (unsigned)(address.low >> (31 - index) & 1);
    return (unsigned)((index < 64 ? address.high >> (63 - index)
                                  : address.low >> (127 - index)) &
                      1);
}

static bool naive_contains(struct vw_prefix prefix, struct vw_address address)
{
    unsigned i;

    if (prefix.address.family != address.family)
        return false;
    for (i = 0; i < prefix.length; i++)
        if (bit_of(prefix.address, i) != bit_of(address, i))
            return false;
    return true;
}

static int naive_compare(struct vw_address a, struct vw_address b)
{
    unsigned i;

    if (a.family != b.family)
        return a.family < b.family ? -1 : 1;
    for (i = 0; i < vw_family_bits(a.family); i++)
        if (bit_of(a, i) != bit_of(b, i))
            return bit_of(a, i) < bit_of(b, i) ? -1 : 1;
    return 0;
}

static void good_addresses_round_trip(void **state)
{
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {"0.0.0.0", "0.0.0.0"},
        {"10.1.10.14", "10.1.10.14"},
        {"255.255.255.255", "255.255.255.255"},
        {"::", "::"},
        {"::1", "::1"},
        {"2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
        {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
        {"fe80:0000:0000:0000:0000:0000:0000:0001", "fe80::1"},
        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    char buffer[VW_ADDRESS_TEXT];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(vw_address_format(address_of(cases[i].text), buffer),
                            cases[i].canonical);
    assert_string_equal(vw_address_format((struct vw_address){0}, buffer), "-");
    assert_true(address_of("10.1.10.14").low == 0x0a010a0e);
    assert_true(address_of("2001:db8::5").high == UINT64_C(0x20010db800000000));
}

static void bad_addresses_are_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "1",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4/32",
        "1.2.3.",
        "0x1.2.3.4",
        "-1.2.3.4",
        ":",
        ":::",
        "1::2::3",
        "fe80::1%eth0",
        "12345::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "g::",
        "1.2.3.4\n",
        "[::1]",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    };
    struct vw_address address = {1, 2, VW_FAMILY_NONE};
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        if (vw_address_parse(cases[i], strlen(cases[i]), &address))
            fail_msg("\"%s\" was taken", cases[i]);
    assert_false(vw_address_parse("1.2.3.4\0x", 9, &address));
    assert_true(address.high == 1 && address.low == 2);
    /* The text ends where its size says. */
    assert_true(vw_address_parse("10.0.0.123", 8, &address));
    assert_true(vw_address_equal(address, vw_address_ipv4(0x0a000001)));
}

static void prefixes_are_parsed(void **state)
{
    static const struct {
        const char *text, *canonical;
        bool host_bits;
    } cases[] = {
        {"10.1.0.0/16", "10.1.0.0/16", false},
        {"10.1.2.3/16", "10.1.0.0/16", true},
        {"0.0.0.0/0", "0.0.0.0/0", false},
        {"255.255.255.255/0", "0.0.0.0/0", true},
        {"10.0.0.1", "10.0.0.1/32", false},
        {"::/0", "::/0", false},
        {"2001:db8::1", "2001:db8::1/128", false},
        {"2001:db8::ffff:0:0:1/64", "2001:db8::/64", true},
        {"2001:db8:ffff::/33", "2001:db8:8000::/33", true},
        {"::1/65", "::/65", true},
    };
    static const char *const bad[] = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "::/129",
        "10.0.0.0/-1",
        "10.0.0.0/ 8",
        "10.0.0.0/8 ",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "10.0.0.0/0x8",
        "10.0.0.0/00008",
        "10.0.0.0/+8",
    };
    struct vw_prefix prefix = {{7, 7, VW_FAMILY_NONE}, 7};
    char buffer[VW_PREFIX_TEXT];
    bool host_bits;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof bad / sizeof *bad; i++)
        if (vw_prefix_parse(bad[i], strlen(bad[i]), &prefix, &host_bits))
            fail_msg("\"%s\" was taken", bad[i]);
    assert_true(prefix.length == 7 && prefix.address.low == 7);
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(
            vw_prefix_parse(cases[i].text, strlen(cases[i].text), &prefix, &host_bits));
        assert_string_equal(vw_prefix_format(prefix, buffer), cases[i].canonical);
        assert_int_equal(host_bits, cases[i].host_bits);
    }
}

static void order_and_neighbours_agree_with_bits(void **state)
{
    uint64_t seed = 20260301;
    unsigned i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        struct vw_address a = random_address(&seed), b = random_address(&seed), next;
        bool has_next = vw_address_next(a, &next);
        unsigned j, ones = 0;

        assert_int_equal(vw_address_compare(a, b), naive_compare(a, b));
        assert_int_equal(vw_address_equal(a, b), naive_compare(a, b) == 0);
        for (j = 0; j < vw_family_bits(a.family); j++)
            ones += bit_of(a, j);
        assert_int_equal(has_next, ones < vw_family_bits(a.family));
        if (has_next) {
            struct vw_address back;
            assert_true(naive_compare(a, next) < 0);
            assert_true(vw_address_previous(next, &back));
            assert_true(vw_address_equal(back, a));
            assert_true(vw_address_equal(vw_address_add(a, 1), next));
        }
        assert_int_equal(vw_address_previous(a, &next), ones > 0);
    }
}

static void adding_wraps_around(void **state)
{
    struct vw_address top = address_of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

    (void)state;
    assert_true(vw_address_equal(vw_address_add(address_of("255.255.255.255"), 2),
                                 address_of("0.0.0.1")));
    assert_true(vw_address_equal(vw_address_add(top, 1), address_of("::")));
    assert_true(vw_address_equal(vw_address_add(address_of("::ffff:ffff:ffff:ffff"), 5),
                                 address_of("0:0:0:1::4")));
    assert_true(vw_address_equal(vw_address_add(address_of("10.0.0.0"), 65536),
                                 address_of("10.1.0.0")));
}

static void prefixes_agree_with_bits(void **state)
{
    uint64_t seed = 4711;
    unsigned i;

    (void)state;
    for (i = 0; i < 20000; i++) {
        struct vw_address a = random_address(&seed), b = random_address(&seed);
        unsigned length = (unsigned)(next_random(&seed) % (vw_family_bits(a.family) + 1));
        struct vw_prefix prefix = vw_prefix_of(a, length);
        struct vw_address_range range = vw_prefix_range(prefix);
        struct vw_prefix inner = vw_prefix_of(
            b, (unsigned)(next_random(&seed) % (vw_family_bits(b.family) + 1)));
        unsigned j;

        for (j = 0; j < vw_family_bits(a.family); j++) {
            assert_int_equal(bit_of(prefix.address, j), j < length && bit_of(a, j));
            assert_int_equal(bit_of(range.first, j), j < length && bit_of(a, j));
            assert_int_equal(bit_of(range.last, j), j >= length || bit_of(a, j));
        }
        assert_true(vw_prefix_contains(prefix, a));
        assert_int_equal(vw_prefix_contains(prefix, b), naive_contains(prefix, b));
        assert_int_equal(vw_range_contains(range, b), naive_contains(prefix, b));
        assert_int_equal(vw_prefix_covers(prefix, inner),
                         inner.length >= length && naive_contains(prefix, inner.address));
        assert_int_equal(vw_prefix_covers(prefix, inner),
                         vw_range_covers(range, vw_prefix_range(inner)));
        assert_int_equal(vw_range_overlaps(range, vw_prefix_range(inner)),
                         vw_prefix_covers(prefix, inner) ||
                             vw_prefix_covers(inner, prefix));
        assert_int_equal(vw_range_is_single(range), length == vw_family_bits(a.family));
    }
}

/* Two ranges within 64 addresses, compared address by address. */
static void ranges_agree_with_counting(void **state)
{
    const struct vw_address base = address_of("10.0.0.224");
    uint64_t seed = 99;
    unsigned i;

    (void)state;
    for (i = 0; i < 5000; i++) {
        uint64_t n[4];
        struct vw_address_range a, b;
        unsigned j, both = 0, size_a, size_b;

        for (j = 0; j < 4; j++)
            n[j] = next_random(&seed) % 64;
        size_a = (unsigned)(n[1] > n[0] ? n[1] - n[0] : 0);
        size_b = (unsigned)(n[3] > n[2] ? n[3] - n[2] : 0);
        a = (struct vw_address_range){vw_address_add(base, n[0]),
                                      vw_address_add(base, n[0] + size_a)};
        b = (struct vw_address_range){vw_address_add(base, n[2]),
                                      vw_address_add(base, n[2] + size_b)};
        for (j = 0; j < 128; j++)
            both += j >= n[0] && j <= n[0] + size_a && j >= n[2] && j <= n[2] + size_b;
        assert_int_equal(vw_range_overlaps(a, b), both > 0);
        assert_int_equal(vw_range_covers(a, b), both == size_b + 1);
        assert_int_equal(vw_range_equal(a, b), both == size_a + 1 && both == size_b + 1);
    }
}

/* The prefixes follow each other without a gap, none could be wider, and they end where
 * the range ends. */
static void ranges_split_into_fewest_prefixes(void **state)
{
    uint64_t seed = 5;
    unsigned i;

    (void)state;
    for (i = 0; i < 3000; i++) {
        struct vw_address a = random_address(&seed), b = random_address(&seed), at;
        struct vw_address_range rest;
        struct vw_prefix prefix;
        unsigned pieces = 0;
        bool more;

        if (a.family != b.family)
            continue;
        rest = vw_address_compare(a, b) <= 0 ? (struct vw_address_range){a, b}
                                             : (struct vw_address_range){b, a};
        b = rest.last;
        at = rest.first;
        do {
            struct vw_address_range taken;
            more = vw_range_take_prefix(&rest, &prefix);
            taken = vw_prefix_range(prefix);
            assert_true(vw_address_equal(taken.first, at));
            assert_true(vw_address_compare(taken.last, b) <= 0);
            if (prefix.length > 0) {
                struct vw_address_range wider =
                    vw_prefix_range(vw_prefix_of(at, prefix.length - 1));
                assert_true(!vw_address_equal(wider.first, at) ||
                            vw_address_compare(wider.last, b) > 0);
            }
            assert_int_equal(more, !vw_address_equal(taken.last, b));
            if (more)
                assert_true(vw_address_next(taken.last, &at));
            assert_true(++pieces <= 256);
        } while (more);
    }
}

static void ranges_are_written(void **state)
{
    struct vw_address_range range = vw_range_single(address_of("10.0.0.1"));
    char buffer[VW_RANGE_TEXT];

    (void)state;
    assert_string_equal(vw_range_format(range, buffer), "10.0.0.1");
    range.last = address_of("10.0.0.9");
    assert_string_equal(vw_range_format(range, buffer), "10.0.0.1-10.0.0.9");
    assert_string_equal(
        vw_range_format(vw_prefix_range(prefix_of("10.0.0.0/24")), buffer),
        "10.0.0.0/24");
    assert_string_equal(vw_range_format(vw_prefix_range(prefix_of("::/0")), buffer),
                        "::/0");
}

static void special_space_is_closed(void **state)
{
    static const struct {
        const char *text;
        const char *kind; /* private, shared, special, public */
    } cases[] = {
        {"10.0.0.0", "private"},        {"10.255.255.255", "private"},
        {"9.255.255.255", "public"},    {"11.0.0.0", "public"},
        {"172.15.255.255", "public"},   {"172.16.0.0", "private"},
        {"172.31.255.255", "private"},  {"172.32.0.0", "public"},
        {"192.167.255.255", "public"},  {"192.168.0.1", "private"},
        {"192.169.0.0", "public"},      {"100.63.255.255", "public"},
        {"100.64.0.0", "shared"},       {"100.127.255.255", "shared"},
        {"100.128.0.0", "public"},      {"0.0.0.0", "special"},
        {"127.0.0.1", "special"},       {"169.254.169.254", "special"},
        {"224.0.0.1", "special"},       {"240.0.0.1", "special"},
        {"255.255.255.255", "special"}, {"203.0.113.7", "public"},
        {"192.0.2.1", "public"},        {"::1", "special"},
        {"fe80::1", "special"},         {"fd00::1", "special"},
        {"ff02::1", "special"},         {"2001:db8::1", "public"},
        {"2600:1f18::1", "public"},     {"3fff:ffff::1", "public"},
        {"4000::", "special"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vw_address address = address_of(cases[i].text);
        struct vw_prefix prefix;
        const char *kind = vw_address_is_private(address)  ? "private"
                           : vw_address_is_shared(address) ? "shared"
                           : vw_address_is_public(address) ? "public"
                                                           : "special";
        if (strcmp(kind, cases[i].kind) != 0)
            fail_msg("%s is %s", cases[i].text, kind);
        assert_int_equal(vw_address_special(address, &prefix),
                         strcmp(kind, "public") != 0);
        if (vw_address_special(address, &prefix))
            assert_true(vw_prefix_contains(prefix, address));
    }
}

static void special_prefixes_ascend(void **state)
{
    static const enum vw_family families[] = {VW_FAMILY_IPV4, VW_FAMILY_IPV6};
    size_t f, i;

    (void)state;
    for (f = 0; f < 2; f++) {
        struct vw_prefix before, prefix;
        assert_true(vw_special_prefix(families[f], 0, &before));
        for (i = 1; vw_special_prefix(families[f], i, &prefix); i++) {
            assert_int_equal(prefix.address.family, families[f]);
            assert_true(vw_address_compare(vw_prefix_range(before).last, prefix.address) <
                        0);
            assert_true(
                vw_prefix_equal(prefix, vw_prefix_of(prefix.address, prefix.length)));
            before = prefix;
        }
        assert_true(i > 2);
    }
    assert_false(vw_special_prefix(VW_FAMILY_NONE, 0, NULL));
}

/* Texts near "10.0.255.9": digits, points and others in and out of place. */
static void random_text(uint64_t *seed, char text[16])
{
    static const char bytes[] = "0123456789..25 x/-";
    size_t size, i;

    snprintf(text, 16, "%u.%u.%u.%u", (unsigned)(next_random(seed) % 300),
             (unsigned)(next_random(seed) % 300), (unsigned)(next_random(seed) % 30),
             (unsigned)(next_random(seed) % 300));
    size = strlen(text);
    for (i = next_random(seed) % 3; i > 0; i--)
        text[next_random(seed) % size] = bytes[next_random(seed) % (sizeof bytes - 1)];
    if (next_random(seed) % 4 == 0)
        text[next_random(seed) % size] = '\0';
}

static void ipv4_is_read_as_inet_pton_reads_it(void **state)
{
    uint64_t seed = 20250117;
    unsigned i;

    (void)state;
    for (i = 0; i < 100000; i++) {
        struct vw_address address = {0};
        struct in_addr expected;
        char text[16];
        bool is_taken;

        random_text(&seed, text);
        is_taken = inet_pton(AF_INET, text, &expected) == 1;
        if (vw_address_parse(text, strlen(text), &address) != is_taken)
            fail_msg("\"%s\" is %s", text, is_taken ? "refused" : "taken");
        if (is_taken)
            assert_int_equal(address.low, ntohl(expected.s_addr));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_addresses_round_trip),
        cmocka_unit_test(bad_addresses_are_refused),
        cmocka_unit_test(prefixes_are_parsed),
        cmocka_unit_test(order_and_neighbours_agree_with_bits),
        cmocka_unit_test(adding_wraps_around),
        cmocka_unit_test(prefixes_agree_with_bits),
        cmocka_unit_test(ranges_agree_with_counting),
        cmocka_unit_test(ranges_split_into_fewest_prefixes),
        cmocka_unit_test(ranges_are_written),
        cmocka_unit_test(special_space_is_closed),
        cmocka_unit_test(special_prefixes_ascend),
        cmocka_unit_test(ipv4_is_read_as_inet_pton_reads_it),
    };

    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
