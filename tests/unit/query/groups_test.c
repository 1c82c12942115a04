/* Groups by key against counting without a hash, and many groups over several workers. */
#include "query/asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/groups.h"

enum { KEYS = 5000, ROUNDS = 40000, PAGED_KEYS = 2000 };

static uint64_t seed = 88172645463325252u;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/* Keys of lengths around those that are treated apart. */
static size_t make_key(unsigned number, char key[64])
{
    size_t size = number % 41;
    int written = snprintf(key, 64, "%u.", number);

    memset(key + written, 'x', 64 - (size_t)written);
    return size > (size_t)written ? size : (size_t)written;
}

static void counting(void **state)
{
    struct vw_groups groups = {.state_size = sizeof(uint64_t)};
    static uint64_t expected[KEYS];
    uint64_t total = 0;
    char key[64];
    struct vw_group *group;
    size_t seen = 0, at = 0;
    unsigned i;

    (void)state;
    for (i = 0; i < ROUNDS; i++) {
        unsigned number = (unsigned)(next_random() % KEYS);
        size_t size = make_key(number, key);
        bool is_new = false;

        group = vw_groups_take(&groups, vw_group_hash((struct vw_slice){key, size}),
                               (struct vw_slice){key, size}, &is_new);
        assert_non_null(group);
        assert_int_equal(is_new, expected[number] == 0);
        ++*(uint64_t *)vw_group_state(group);
        expected[number]++;
    }
    while ((group = vw_groups_next(&groups, &at))) {
        unsigned number = (unsigned)strtoul(vw_group_key(&groups, group).data, NULL, 10);

        assert_int_equal(*(uint64_t *)vw_group_state(group), expected[number]);
        total += *(uint64_t *)vw_group_state(group);
        seen++;
    }
    assert_int_equal(seen, groups.count);
    assert_int_equal(total, ROUNDS);
    vw_groups_free(&groups);
}

static void long_keys(void **state)
{
    struct vw_groups groups = {.state_size = 8};
    size_t size = VW_GROUP_KEY_MAX + 1;
    char *key = calloc(size, 1);
    bool is_new = false;

    (void)state;
    assert_non_null(key);
    assert_null(vw_groups_take(&groups, vw_group_hash((struct vw_slice){key, size}),
                               (struct vw_slice){key, size}, &is_new));
    size--;
    assert_non_null(vw_groups_take(&groups, vw_group_hash((struct vw_slice){key, size}),
                                   (struct vw_slice){key, size}, &is_new));
    assert_true(is_new);
    assert_non_null(vw_groups_take(&groups, vw_group_hash((struct vw_slice){key, size}),
                                   (struct vw_slice){key, size}, &is_new));
    assert_false(is_new);
    vw_groups_free(&groups);
    free(key);
}

/* Keys of many sizes, some larger than a part of large pages, in tables that share these. */
static void shared_pages(void **state)
{
    struct vw_pages pages;
    struct vw_groups tables[2];
    char *key = calloc(VW_GROUP_KEY_MAX, 1);
    size_t number, i;

    (void)state;
    assert_non_null(key);
    assert_int_equal(vw_pages_start(&pages), 0);
    for (i = 0; i < 2; i++)
        tables[i] = (struct vw_groups){.state_size = 8, .pages = &pages};
    for (number = 0; number < PAGED_KEYS; number++) {
        struct vw_slice one = {key, 16 + number % 7 * number % 60000};
        bool is_new = false;

        if (number % 200 == 0)
            one.size = VW_PAGES_PART + number * 100;
        memcpy(key, &number, sizeof number);
        for (i = 0; i < 2; i++) {
            uint64_t *state_of =
                (uint64_t *)vw_groups_take(&tables[i], vw_group_hash(one), one, &is_new);

            assert_non_null(state_of);
            assert_true(is_new);
            *state_of = number;
        }
    }
    vw_groups_free(&tables[0]);
    for (i = 0, number = 0; vw_groups_next(&tables[1], &i); number++)
        ;
    assert_int_equal(number, PAGED_KEYS);
    vw_groups_free(&tables[1]);
    vw_pages_end(&pages);
    free(key);
}

/* Some thousand groups in files large enough for several pieces. */
static void many_groups(void **state)
{
    static const char query[] =
        "stats sum(bytes) as b, count(*) as c, max(srcPort) as m, "
        "countDistinct(dstAddr), "
        "latest(bytes) by srcAddr, protocol | sort b desc | limit 50";
    struct asked *of = *state;
    char *text = vw_arena_text(&of->arena, 2000000);
    const char *one, *many;
    size_t size;
    unsigned i, file;

    assert_non_null(text);
    for (file = 0; file < 3; file++) {
        char name[16];

        size = (size_t)snprintf(text, 2000000, "%s", ASKED_HEADER);
        for (i = 0; i < 6000; i++)
            size += (size_t)snprintf(
                text + size, 2000000 - size,
                "2 1 eni-a 10.%u.%u.%u 10.1.0.%u %u 443 %u 10 %u %u %u ACCEPT OK\n",
                (unsigned)(next_random() % 3), (unsigned)(next_random() % 30),
                (unsigned)(next_random() % 40), (unsigned)(next_random() % 9),
                (unsigned)(next_random() % 60000), next_random() % 2 ? 6u : 17u,
                (unsigned)(next_random() % 5000), 1000 + i % 500, 1060 + i % 500);
        snprintf(name, sizeof name, "%u.log", file);
        temporary_text(&of->temporary, name, text);
    }
    of->workers = 1;
    one = asked(of, query);
    of->workers = 4;
    many = asked(of, query);
    assert_string_equal(one, many);
    assert_string_equal(asked_row(of, "stats count(*) as c by srcAddr, protocol | stats "
                                      "sum(c), count(*) > 2000"),
                        "18000|1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counting),
        cmocka_unit_test(long_keys),
        cmocka_unit_test(shared_pages),
        cmocka_unit_test_setup_teardown(many_groups, asked_setup, asked_teardown),
    };

    return cmocka_run_group_tests_name("query groups", tests, NULL, NULL);
}
