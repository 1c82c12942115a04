/*
 * Worlds made of two: over the exports of all fixtures, a world with no difference applied
 * answers as the one before, and with all of them as the one after. That holds only where
 * no field is forgotten in the tables of shapes.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "reach/question.h"
#include "world/difference.h"

enum { ENDS = 7, QUESTIONS = 2 * ENDS * ENDS };

static struct vw_world *load(const char *path)
{
    struct vw_world *world = NULL;

    assert_int_equal(vw_world_load(&path, 1, NULL, &world), 0);
    return world;
}

static int ask(const struct vw_world *world, const char *from, const char *to, bool tcp)
{
    struct vw_question question = {.from = from,
                                   .to = to,
                                   .protocol = tcp ? 6 : -1,
                                   .has_ports = tcp,
                                   .ports = {443, 443},
                                   .icmp_type = -1,
                                   .icmp_code = -1};
    struct vw_answer answer = {0};
    int error = vw_answer_question(world, &question, NULL, &answer);
    int result = error ? error : (int)answer.verdict;

    vw_answer_free(&answer);
    return result;
}

/* Ends of the world: interfaces here and there, and the internet. */
static void ask_all(const struct vw_world *world, const struct vw_world *ends,
                    int answers[QUESTIONS])
{
    uint32_t count = vw_world_count(ends, VW_OBJECT_INTERFACE);
    const char *names[ENDS] = {"internet", "203.0.113.9", "10.1.10.14"};
    size_t used = 3, at = 0;

    for (uint32_t i = 0; i < count && used < ENDS; i += 1 + count / (ENDS - 3))
        names[used++] = vw_world_interface(ends, i)->object.id;
    memset(answers, 0, QUESTIONS * sizeof *answers);
    for (size_t i = 0; i < used; i++) {
        for (size_t j = 0; j < used; j++) {
            answers[at++] = ask(world, names[i], names[j], false);
            answers[at++] = ask(world, names[i], names[j], true);
        }
    }
}

static void compare(const char *what, const char *name, const struct vw_world *world,
                    const struct vw_world *like)
{
    int wanted[QUESTIONS], got[QUESTIONS];

    ask_all(like, like, wanted);
    ask_all(world, like, got);
    for (size_t i = 0; i < QUESTIONS; i++) {
        if (wanted[i] != got[i])
            print_error("%s %s: question %zu: %d, not %d\n", name, what, i, got[i],
                        wanted[i]);
        assert_int_equal(wanted[i], got[i]);
    }
}

static void mix_and_compare(const char *name, const struct vw_world *before,
                            const struct vw_world *after)
{
    struct vw_differences differences = {0};
    struct vw_world *mixed = NULL;
    bool *applied;

    assert_int_equal(vw_world_differences(before, after, &differences), 0);
    applied = vw_calloc(differences.count + 1, sizeof *applied);
    assert_non_null(applied);
    assert_int_equal(vw_world_mix(before, after, &differences, applied, &mixed), 0);
    compare("with none", name, mixed, before);
    vw_world_free(mixed);
    memset(applied, 1, differences.count);
    assert_int_equal(vw_world_mix(before, after, &differences, applied, &mixed), 0);
    compare("with all", name, mixed, after);
    vw_world_free(mixed);
    vw_free(applied);
    vw_array_free(&differences);
}

static void no_difference(void **state)
{
    glob_t found;

    (void)state;
    assert_int_equal(glob("fixtures/*/exports", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct vw_world *a = load(found.gl_pathv[i]), *b = load(found.gl_pathv[i]);
        struct vw_differences differences = {0};

        assert_int_equal(vw_world_differences(a, b, &differences), 0);
        assert_int_equal(differences.count, 0);
        mix_and_compare(found.gl_pathv[i], a, b);
        vw_world_free(a);
        vw_world_free(b);
    }
    globfree(&found);
}

static void each_with_the_next(void **state)
{
    struct vw_world *before = NULL;
    glob_t found;

    (void)state;
    assert_int_equal(glob("fixtures/*/exports", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct vw_world *after = load(found.gl_pathv[i]);

        if (before)
            mix_and_compare(found.gl_pathv[i], before, after);
        vw_world_free(before);
        before = after;
    }
    vw_world_free(before);
    globfree(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_difference),
        cmocka_unit_test(each_with_the_next),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
