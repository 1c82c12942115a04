/* Each allocation of the base layer failing in turn: it is said, and nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/input.h"
#include "base/map.h"
#include "failing_memory.h"
#include "temporary.h"

struct numbers VW_ARRAY(uint64_t);

static void arena_goes_on_after_a_failure(void **state)
{
    struct vw_arena arena = {0};
    char *before;

    (void)state;
    failing_memory_start(2, false);
    before = vw_arena_string(&arena, "before");
    assert_null(vw_arena_alloc(&arena, 100000));
    assert_string_equal(before, "before");
    assert_non_null(vw_arena_alloc(&arena, 100000));
    failing_memory_start(1, true);
    assert_null(vw_arena_printf(&arena, "%0500000d", 1));
    vw_arena_free(&arena);
}

static void array_stays_as_it_was(void **state)
{
    struct numbers numbers = {0};
    uint64_t i;

    (void)state;
    failing_memory_start(0, false);
    for (i = 0; i < 8; i++)
        assert_int_equal(vw_array_push(&numbers, i), 0);
    failing_memory_start(1, false);
    assert_int_equal(vw_array_push(&numbers, 99), VW_ERROR_NO_MEMORY);
    assert_int_equal(numbers.count, 8);
    for (i = 0; i < 8; i++)
        assert_int_equal(numbers.items[i], i);
    assert_int_equal(vw_array_push(&numbers, 99), 0);
    vw_array_free(&numbers);
}

static void map_stays_as_it_was(void **state)
{
    static const char *const keys[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};
    struct vw_map map = {0};
    uint32_t value, i;

    (void)state;
    failing_memory_start(0, false);
    for (i = 0; i < 8; i++)
        assert_int_equal(vw_map_put(&map, keys[i], i), 0);
    failing_memory_start(1, false);
    assert_int_equal(vw_map_put(&map, keys[8], 8), VW_ERROR_NO_MEMORY);
    assert_false(vw_map_get(&map, keys[8], &value));
    for (i = 0; i < 8; i++)
        assert_true(vw_map_get(&map, keys[i], &value) && value == i);
    assert_int_equal(vw_map_put(&map, keys[8], 8), 0);
    vw_map_free(&map);
}

static void lost_diagnostics_are_counted(void **state)
{
    size_t fails_at;

    (void)state;
    for (fails_at = 2; fails_at < 12; fails_at++) {
        struct vw_diagnostics *diagnostics;
        unsigned i;
        failing_memory_start(fails_at, true);
        diagnostics = vw_diagnostics_create();
        assert_non_null(diagnostics);
        for (i = 0; i < 50; i++)
            vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "a",
                        (struct vw_place){"file", "/pointer", 1, 1}, "%0900d", 1);
        assert_true(vw_diagnostics_has_error(diagnostics));
        assert_int_equal(
            vw_diagnostics_count(diagnostics) + vw_diagnostics_left_out(diagnostics), 50);
        vw_diagnostics_free(diagnostics);
    }
    failing_memory_start(1, false);
    assert_null(vw_diagnostics_create());
}

static void inputs_say_so(void **state)
{
    struct temporary temporary;
    const char *path;
    size_t fails_at;

    (void)state;
    failing_memory_start(0, false);
    temporary_open(&temporary);
    path = temporary_text(&temporary, "folder/a", "text\n");
    for (fails_at = 1; fails_at < 8; fails_at++) {
        struct vw_input *input = NULL;
        struct vw_arena arena = {0};
        struct vw_paths paths = {0};
        int error;
        failing_memory_start(fails_at, false);
        error = vw_input_open(path, NULL, &input);
        assert_int_equal(error, fails_at <= 2 ? VW_ERROR_NO_MEMORY : 0);
        if (!error) {
            struct vw_slice line;
            uint64_t number;

            error = vw_input_line(input, &line, &number, NULL);
            assert_int_equal(error, fails_at <= 3 ? VW_ERROR_NO_MEMORY : 1);
        }
        vw_input_close(input);
        failing_memory_start(fails_at, false);
        error = vw_tree_files(temporary.folder, &arena, NULL, &paths);
        assert_int_equal(error, fails_at <= 2 ? VW_ERROR_NO_MEMORY : 0);
        vw_array_free(&paths);
        vw_arena_free(&arena);
    }
    failing_memory_start(0, false);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_goes_on_after_a_failure),
        cmocka_unit_test(array_stays_as_it_was),
        cmocka_unit_test(map_stays_as_it_was),
        cmocka_unit_test(lost_diagnostics_are_counted),
        cmocka_unit_test(inputs_say_so),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
