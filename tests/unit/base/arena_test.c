/* Arenas: alignment, zeroes, copies, reuse after a reset, sizes that overflow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    struct vw_arena arena = {0};
    unsigned char *pieces[500];
    size_t i, j;

    (void)state;
    for (i = 0; i < 500; i++) {
        pieces[i] = vw_arena_alloc(&arena, i * 7);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
        for (j = 0; j < i * 7; j++)
            assert_int_equal(pieces[i][j], 0);
        memset(pieces[i], (int)(i & 0xff), i * 7);
    }
    for (i = 0; i < 500; i++)
        for (j = 0; j < i * 7; j++)
            assert_int_equal(pieces[i][j], i & 0xff);
    vw_arena_free(&arena);
    assert_null(arena.first);
}

static void large_pieces_get_a_block(void **state)
{
    struct vw_arena arena = {0};
    unsigned char *small = vw_arena_alloc(&arena, 10);
    unsigned char *large = vw_arena_alloc(&arena, 5 << 20);

    (void)state;
    assert_non_null(small);
    assert_non_null(large);
    large[0] = large[(5 << 20) - 1] = 1;
    assert_non_null(vw_arena_alloc(&arena, 10));
    vw_arena_free(&arena);
}

static void impossible_sizes_are_refused(void **state)
{
    struct vw_arena arena = {0};

    (void)state;
    assert_null(vw_arena_alloc(&arena, SIZE_MAX));
    assert_null(vw_arena_alloc(&arena, SIZE_MAX / 2 + 1));
    assert_null(vw_arena_array(&arena, SIZE_MAX / 8 + 1, 16));
    assert_null(vw_arena_copy(&arena, "", SIZE_MAX));
    assert_non_null(vw_arena_array(&arena, 0, 16));
    assert_non_null(vw_arena_array(&arena, 3, 0));
    vw_arena_free(&arena);
}

static void text_is_copied_with_its_end(void **state)
{
    struct vw_arena arena = {0};
    char source[] = "interface";
    char *copy = vw_arena_copy(&arena, source, 5), *all = vw_arena_string(&arena, source);
    char *made = vw_arena_printf(&arena, "%s-%d-%s", source, 42, "end");
    char *empty = vw_arena_copy(&arena, NULL, 0);

    (void)state;
    memset(source, 'x', sizeof source - 1);
    assert_string_equal(copy, "inter");
    assert_string_equal(all, "interface");
    assert_string_equal(made, "interface-42-end");
    assert_string_equal(empty, "");
    vw_arena_free(&arena);
}

static void reset_keeps_the_blocks(void **state)
{
    struct vw_arena arena = {0};
    struct vw_arena_block *first;
    unsigned round, i;

    (void)state;
    assert_non_null(vw_arena_alloc(&arena, 100));
    first = arena.first;
    for (round = 0; round < 5; round++) {
        vw_arena_reset(&arena);
        assert_ptr_equal(arena.first, first);
        assert_ptr_equal(arena.current, first);
        for (i = 0; i < 300; i++) {
            unsigned char *piece = vw_arena_alloc(&arena, 100);
            assert_non_null(piece);
            assert_int_equal(piece[99], 0);
            memset(piece, 0xff, 100);
        }
    }
    vw_arena_reset(&arena);
    vw_arena_free(&arena);
    vw_arena_free(&arena);
    vw_arena_reset(&arena);
}

static void adopted_blocks_stay(void **state)
{
    struct vw_arena arena = {0}, other = {0}, none = {0};
    char *mine, *theirs;

    (void)state;
    theirs = vw_arena_string(&other, "theirs");
    vw_arena_adopt(&arena, &other);
    assert_null(other.first);
    mine = vw_arena_string(&arena, "mine");
    assert_non_null(vw_arena_alloc(&other, 100000));
    vw_arena_adopt(&arena, &other);
    vw_arena_adopt(&arena, &none);
    assert_string_equal(vw_arena_string(&arena, "more"), "more");
    assert_string_equal(mine, "mine");
    assert_string_equal(theirs, "theirs");
    vw_arena_free(&arena);
    vw_arena_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(large_pieces_get_a_block),
        cmocka_unit_test(impossible_sizes_are_refused),
        cmocka_unit_test(text_is_copied_with_its_end),
        cmocka_unit_test(reset_keeps_the_blocks),
        cmocka_unit_test(adopted_blocks_stay),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
