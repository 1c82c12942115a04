/* Growing arrays, of small and of large elements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdint.h>

#include "base/array.h"

struct bytes VW_ARRAY(unsigned char);
struct large {
    uint64_t words[9];
};
struct larges VW_ARRAY(struct large);

static void pushed_elements_stay_in_order(void **state)
{
    struct bytes bytes = {0};
    struct larges larges = {0};
    unsigned i;

    (void)state;
    for (i = 0; i < 5000; i++) {
        struct large large = {{i, 0, 0, 0, 0, 0, 0, 0, ~(uint64_t)i}};
        assert_int_equal(vw_array_push(&bytes, (unsigned char)(i * 7)), 0);
        assert_int_equal(vw_array_push(&larges, large), 0);
        assert_true(bytes.count <= bytes.capacity && larges.count <= larges.capacity);
    }
    assert_int_equal(bytes.count, 5000);
    for (i = 0; i < 5000; i++) {
        assert_int_equal(bytes.items[i], (unsigned char)(i * 7));
        assert_int_equal(larges.items[i].words[0], i);
        assert_true(larges.items[i].words[8] == ~(uint64_t)i);
    }
    vw_array_free(&bytes);
    vw_array_free(&larges);
    assert_null(bytes.items);
    assert_int_equal(bytes.count + bytes.capacity, 0);
    vw_array_free(&bytes);
}

/* Growth is by a factor: pushing n elements moves the array a few times only. */
static void growth_is_geometric(void **state)
{
    struct bytes bytes = {0};
    size_t last = 0;
    unsigned i, moves = 0;

    (void)state;
    for (i = 0; i < 100000; i++) {
        assert_int_equal(vw_array_push(&bytes, 1), 0);
        moves += bytes.capacity != last;
        last = bytes.capacity;
    }
    assert_true(moves < 40);
    vw_array_free(&bytes);
}

static void too_large_is_refused(void **state)
{
    struct larges larges = {0};

    (void)state;
    larges.count = larges.capacity = SIZE_MAX / sizeof(struct large);
    assert_int_equal(vw_array_room(&larges, sizeof(struct large)), VW_ERROR_NO_MEMORY);
    assert_true(larges.count == SIZE_MAX / sizeof(struct large));
    assert_null(larges.items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushed_elements_stay_in_order),
        cmocka_unit_test(growth_is_geometric),
        cmocka_unit_test(too_large_is_refused),
    };

    return cmocka_run_group_tests_name("array", tests, NULL, NULL);
}
