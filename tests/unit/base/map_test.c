/* Text to number, against a plain list; and that the hash uses every bit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"

enum { KEYS = 3000 };

static void keys_are_found_and_replaced(void **state)
{
    static char keys[KEYS][24];
    struct vw_map map = {0};
    uint32_t value = 77;
    unsigned i, j;

    (void)state;
    assert_false(vw_map_get(&map, "nothing", &value));
    assert_int_equal(value, 77);
    for (i = 0; i < KEYS; i++) {
        snprintf(keys[i], sizeof keys[i], "eni-%017x", i * 2654435761u);
        assert_int_equal(vw_map_put(&map, keys[i], i), 0);
        assert_int_equal(map.count, i + 1);
        assert_true(map.count * 2 <= map.capacity);
    }
    for (i = 0; i < KEYS; i += 3)
        assert_int_equal(vw_map_put(&map, keys[i], i + 1000000), 0);
    assert_int_equal(map.count, KEYS);
    for (i = 0; i < KEYS; i++) {
        char copy[24]; /* found by its text, not by its place */
        memcpy(copy, keys[i], sizeof copy);
        assert_true(vw_map_get(&map, copy, &value));
        assert_int_equal(value, i % 3 == 0 ? i + 1000000 : i);
        for (j = 0; copy[j]; j++)
            ;
        copy[j - 1] = 'z';
        assert_false(vw_map_get(&map, copy, &value));
    }
    vw_map_free(&map);
    assert_int_equal(map.count, 0);
    assert_false(vw_map_get(&map, keys[0], &value));
}

static void empty_key_is_a_key(void **state)
{
    struct vw_map map = {0};
    uint32_t value = 0;

    (void)state;
    assert_int_equal(vw_map_put(&map, "", 5), 0);
    assert_true(vw_map_get(&map, "", &value));
    assert_int_equal(value, 5);
    assert_false(vw_map_get(&map, "a", &value));
    vw_map_free(&map);
}

/* One bit of 16 bytes changed: the low bits, which a table looks at, change too. */
static void every_bit_counts(void **state)
{
    unsigned char data[16] = {10, 0, 0, 1};
    uint64_t hash = vw_hash(data, sizeof data), low = 0;
    unsigned bit, same = 0;

    (void)state;
    for (bit = 0; bit < 128; bit++) {
        uint64_t other;
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        other = vw_hash(data, sizeof data);
        data[bit / 8] ^= (unsigned char)(1u << bit % 8);
        assert_true(other != hash);
        same += ((other ^ hash) & 0xfff) == 0;
        low |= other ^ hash;
    }
    assert_true(same < 4);
    assert_true((low & 0xffff) == 0xffff);
    assert_true(vw_hash("a", 1) != vw_hash("a\0", 2));
    assert_true(vw_hash("", 0) == vw_hash(NULL, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found_and_replaced),
        cmocka_unit_test(empty_key_is_a_key),
        cmocka_unit_test(every_bit_counts),
    };

    return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
