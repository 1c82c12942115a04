/* One engine, over every fixture: see one_engine.h. tests/corpus does the same for the
 * labs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <glob.h>

#include "reach/one_engine.h"

enum { QUESTIONS = 60, SEED = 20250117 };

static void fixtures_fare_as_their_packets(void **state)
{
    struct engine_tally tally = {0};
    glob_t found;
    size_t i;

    (void)state;
    assert_int_equal(glob("fixtures/*/exports", 0, NULL, &found), 0);
    for (i = 0; i < found.gl_pathc; i++) {
        const char *path = found.gl_pathv[i];
        struct vw_world *world = NULL;

        assert_int_equal(vw_world_load(&path, 1, NULL, &world), 0);
        assert_int_equal(engine_compare(world, path, SEED, QUESTIONS, &tally), 0);
        vw_world_free(world);
    }
    globfree(&found);
    print_message("seed %d: %zu questions, %zu pieces, %zu packets compared, %zu "
                  "refused, %zu differ\n",
                  SEED, tally.questions, tally.pieces, tally.compared, tally.refused,
                  tally.differ);
    assert_int_equal(tally.differ, 0);
    assert_true(tally.compared > 1000 && tally.compared > tally.refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixtures_fare_as_their_packets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
