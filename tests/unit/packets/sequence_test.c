/* Sequence numbers against a plain model: every number that was ever seen, kept whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "packets/sequence.h"

enum { NUMBERS = 200000, STEPS = 100000 };

static unsigned next_number(uint64_t *seed, unsigned below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (unsigned)(*seed % below);
}

struct model {
    unsigned char seen[2][NUMBERS];
};

static void compare(const struct model *model, const struct vw_sequences *sequences,
                    int64_t last)
{
    uint64_t unanswered = 0, count[2] = {0, 0};
    int64_t lowest[2] = {-1, -1}, highest[2] = {-1, -1}, i;
    int side;

    for (i = 0; i < NUMBERS; i++) {
        for (side = 0; side < 2; side++) {
            if (!model->seen[side][i])
                continue;
            count[side]++;
            lowest[side] = lowest[side] < 0 ? i : lowest[side];
            highest[side] = i;
        }
        unanswered += i <= last && model->seen[VW_ECHO_REQUEST][i] &&
                      !model->seen[VW_ECHO_REPLY][i];
    }
    assert_int_equal(vw_sequences_unanswered(sequences, last), unanswered);
    for (side = 0; side < 2; side++) {
        assert_int_equal(sequences->side[side].count, count[side]);
        if (count[side] == 0)
            continue;
        assert_int_equal(sequences->side[side].lowest, lowest[side]);
        assert_int_equal(sequences->side[side].highest, highest[side]);
        assert_int_equal(vw_sequences_gaps(sequences, (enum vw_echo_side)side),
                         (uint64_t)(highest[side] - lowest[side]) + 1 - count[side]);
    }
}

/* Requests run on with gaps, over the wrap and past the window; replies come late, early,
 * twice or never. */
static void the_window_agrees_with_the_model(void **state)
{
    struct model *model = calloc(1, sizeof *model);
    struct vw_sequences sequences = {0};
    uint64_t seed = 42;
    int64_t number = 60000, step;

    (void)state;
    assert_non_null(model);
    for (step = 0; step < STEPS; step++) {
        int64_t place = number;
        enum vw_echo_side side = VW_ECHO_REQUEST;
        bool is_new;

        if (next_number(&seed, 2)) {
            side = VW_ECHO_REPLY;
            place -= next_number(&seed, 300);
        } else {
            number += next_number(&seed, 10) == 0 ? next_number(&seed, 20) : 1;
            place = number;
        }
        assert_int_equal(vw_sequences_see(&sequences, side, (uint16_t)place, &is_new), 0);
        assert_int_equal(is_new, !model->seen[side][place]);
        assert_true(vw_sequences_has(&sequences, side, place));
        model->seen[side][place] = 1;
        if (step % 10000 == 0)
            compare(model, &sequences, number - 100);
    }
    assert_true(number > 60000 + 65536); /* the window has slid */
    compare(model, &sequences, INT64_MAX);
    assert_true(sequences.capacity <= 1024);
    vw_sequences_free(&sequences);
    free(model);
}

static void a_series_may_run_backwards(void **state)
{
    struct vw_sequences sequences = {0};
    int number;

    (void)state;
    for (number = 500; number >= -500; number--)
        assert_int_equal(
            vw_sequences_see(&sequences, VW_ECHO_REQUEST, (uint16_t)number, NULL), 0);
    assert_int_equal(sequences.side[VW_ECHO_REQUEST].lowest, -500);
    assert_int_equal(sequences.side[VW_ECHO_REQUEST].highest, 500);
    assert_int_equal(sequences.side[VW_ECHO_REQUEST].count, 1001);
    assert_int_equal(vw_sequences_unanswered(&sequences, -1), 500);
    assert_int_equal(vw_sequences_unanswered(&sequences, INT64_MAX), 1001);
    assert_int_equal(vw_sequences_unanswered(&sequences, INT64_MIN), 0);
    vw_sequences_free(&sequences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_agrees_with_the_model),
        cmocka_unit_test(a_series_may_run_backwards),
    };

    return cmocka_run_group_tests_name("sequence", tests, NULL, NULL);
}
