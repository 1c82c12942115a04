/* Loading and running rules with each allocation failing in turn: they say so, and give
 * back what they took (ASan looks). libyaml's own allocations are not among them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/error.h>
#include <vpcwhy/policy.h>

#include "failing_memory.h"
#include "temporary.h"

enum { TRIES_MAX = 20000 };

static int load_and_run(const struct vw_world *world, const char *path)
{
    struct vw_rules *rules = NULL;
    struct vw_check *check = NULL;
    int error = vw_rules_load(&path, 1, NULL, &rules);

    if (error == 0) {
        error = vw_check_run(world, rules, NULL, &check);
        vw_rules_free(rules);
    }
    if (error == 0)
        vw_check_free(check);
    else
        assert_null(check);
    return error;
}

static void every_allocation_may_fail(void **state)
{
    const char *exports = "fixtures/ping-after-peering/exports";
    struct temporary temporary;
    struct vw_world *world = NULL;
    int error = VW_ERROR_NO_MEMORY;
    const char *path;
    size_t i;

    (void)state;
    failing_memory_start(0, false);
    temporary_open(&temporary);
    path = temporary_text(&temporary, "rules.yaml",
                          "expectations:\n"
                          "- {id: a, from: internet, to: instances, port: 22, "
                          "expect: blocked}\n"
                          "- {id: b, from: instance-1, to: nobody, expect: blocked}\n");
    assert_int_equal(vw_world_load(&exports, 1, NULL, &world), 0);
    for (i = 1; error != 0 && i < TRIES_MAX; i++) {
        failing_memory_start(i, false);
        error = load_and_run(world, path);
        if (error != 0)
            assert_int_equal(error, VW_ERROR_NO_MEMORY);
    }
    assert_int_equal(error, 0);
    assert_true(i > 20); /* there was something to fail */
    failing_memory_start(0, false);
    vw_world_free(world);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("policy_memory", tests, NULL, NULL);
}
