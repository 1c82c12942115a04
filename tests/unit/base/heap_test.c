/* The first so many in order, against sorting all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"

enum { COUNT = 500 };

static int compare(const void *context, const void *a, const void *b)
{
    int sign = *(const int *)context;
    int one = *(const int *)a, other = *(const int *)b;

    return one < other ? -sign : one > other ? sign : 0;
}

static int ascending(const void *a, const void *b)
{
    const int sign = 1;

    return compare(&sign, a, b);
}

static void first_ones_come_out_in_order(void **state)
{
    static const size_t wanted[] = {0, 1, 2, 7, 499, 500};
    const int sign = 1;
    size_t round, i;

    (void)state;
    srand(20260301);
    for (round = 0; round < sizeof wanted / sizeof *wanted; round++) {
        int items[COUNT], sorted[COUNT];

        for (i = 0; i < COUNT; i++)
            items[i] = sorted[i] = rand() % 300; /* some are equal */
        qsort(sorted, COUNT, sizeof *sorted, ascending);
        vw_heap_select(items, COUNT, sizeof *items, wanted[round], compare, &sign);
        for (i = 0; i < wanted[round]; i++)
            assert_int_equal(items[COUNT - 1 - i], sorted[i]);
        qsort(items, COUNT, sizeof *items, ascending);
        assert_memory_equal(items, sorted, sizeof items); /* none was lost */
    }
}

static void few_are_no_trouble(void **state)
{
    const int sign = -1;
    int items[] = {3, 9};

    (void)state;
    vw_heap_select(items, 0, sizeof *items, 0, compare, &sign);
    vw_heap_select(items, 1, sizeof *items, 1, compare, &sign);
    assert_int_equal(items[0], 3);
    vw_heap_select(items, 2, sizeof *items, 2, compare, &sign);
    assert_int_equal(items[1], 9);
    assert_int_equal(items[0], 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_ones_come_out_in_order),
        cmocka_unit_test(few_are_no_trouble),
    };

    return cmocka_run_group_tests_name("heap", tests, NULL, NULL);
}
