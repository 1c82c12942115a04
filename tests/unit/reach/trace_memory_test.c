/* A trace in which any one allocation fails, or all from one on: no crash, no leak, no
 * half an answer. */
#include "failing_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/diagnostic.h"
#include "reach/question.h"
#include "reach/small_world.h"

static void before_peering(struct vw_world *world)
{
    uint32_t table = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1");

    vw_world_edit_route_table(world, table)->route_count = 2;
    table = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-2");
    vw_world_edit_route_table(world, table)->route_count = 1;
    small_clear_group(world, small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-4"), false);
    small_clear_acl(world, small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1a"), false);
}

static void unknown_hop(struct vw_world *world)
{
    uint32_t table = small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1");

    small_route(world, table, "10.2.1.0/24", "tgw-1");
}

static void no_public_address(struct vw_world *world)
{
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-1");

    vw_world_edit_interface(world, eni)->addresses[0].public_address.family =
        VW_FAMILY_NONE;
}

static const struct {
    void (*change)(struct vw_world *);
    struct vw_question question;
} asked[] = {
    {NULL, ASK_PING("eni-1", "10.2.1.40")},
    {before_peering, ASK_TCP("eni-1", "10.2.1.40", 22)},
    {unknown_hop, ASK_PING("eni-1", "10.2.1.40")},
    {NULL, ASK_PORT("subnet-1a", "10.2.0.0/16", 6, 0, 1000)},
    {no_public_address, ASK_PING("eni-1", "52.0.0.4")},
    {NULL, ASK_PING("eni-1", "10.2.1.41")},
    {NULL, ASK_TCP("internet", "vpc-1/10.1.0.0/16", 443)},
};

/* The whole text of a trace that must not depend on the memory. */
static void check_same(const struct vw_trace *trace, const struct vw_trace *expected)
{
    size_t i;

    assert_int_equal(trace->verdict, expected->verdict);
    assert_int_equal(trace->blocker_count, expected->blocker_count);
    assert_int_equal(trace->fix_count, expected->fix_count);
    assert_int_equal(trace->piece_count, expected->piece_count);
    for (i = 0; i < trace->blocker_count; i++)
        assert_string_equal(trace->blockers[i].sentence, expected->blockers[i].sentence);
    for (i = 0; i < trace->fix_count; i++)
        assert_string_equal(trace->fixes[i].sentence, expected->fixes[i].sentence);
    for (i = 0; i < trace->forward.step_count; i++)
        assert_string_equal(trace->forward.steps[i].sentence,
                            expected->forward.steps[i].sentence);
}

static void fail_each(const struct vw_world *world, const struct vw_question *question,
                      bool for_good)
{
    struct vw_trace *expected = NULL, *trace = NULL;
    size_t number, total;

    failing_memory_start(0, false);
    assert_int_equal(vw_trace_run(world, question, NULL, &expected), 0);
    total = failing_memory.count;
    assert_true(total > 5);
    for (number = 1; number <= total; number++) {
        int error;

        trace = NULL;
        failing_memory_start(number, for_good);
        error = vw_trace_run(world, question, NULL, &trace);
        failing_memory_start(0, false);
        if (error == 0)
            check_same(trace, expected);
        else
            assert_null(trace);
        if (error != VW_ERROR_NO_MEMORY)
            fail_msg("allocation %zu of %zu: error %d", number, total, error);
        vw_trace_free(trace);
    }
    vw_trace_free(expected);
}

static void every_allocation_may_fail(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct vw_world *world;

        failing_memory_start(0, false);
        world = small_base();
        if (asked[i].change)
            asked[i].change(world);
        assert_int_equal(vw_world_finish(world), 0);
        fail_each(world, &asked[i].question, false);
        fail_each(world, &asked[i].question, true);
        vw_world_free(world);
    }
}

/* Diagnostics may be lost, the error may not. */
static void refusals_survive(void **state)
{
    struct vw_question question = ASK_PING("eni-1", "nobody");
    struct vw_world *world;
    size_t number;

    (void)state;
    failing_memory_start(0, false);
    world = small_base();
    assert_int_equal(vw_world_finish(world), 0);
    for (number = 1; number < 40; number++) {
        struct vw_diagnostics *diagnostics = vw_diagnostics_create();
        struct vw_trace *trace = NULL;
        int error;

        failing_memory_start(number, true);
        error = vw_trace_run(world, &question, diagnostics, &trace);
        failing_memory_start(0, false);
        assert_true(error == VW_ERROR_NO_MEMORY || error == VW_ERROR_QUESTION);
        assert_null(trace);
        vw_diagnostics_free(diagnostics);
    }
    vw_world_free(world);
}

/* The walk asks for nothing once its memory has grown: not for a packet, not for a set. */
static void walks_allocate_nothing(void **state)
{
    struct vw_answer answer = {.verdict = VW_VERDICT_UNKNOWN};
    struct vw_world *world;
    size_t i, round;

    (void)state;
    failing_memory_start(0, false);
    world = small_base();
    assert_int_equal(vw_world_finish(world), 0);
    for (round = 0; round < 3; round++) {
        failing_memory_start(0, false);
        for (i = 0; i < sizeof asked / sizeof *asked; i++)
            assert_int_equal(vw_answer_question(world, &asked[i].question, NULL, &answer),
                             0);
    }
    assert_int_equal(failing_memory.count, 0);
    vw_answer_free(&answer);
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(refusals_survive),
        cmocka_unit_test(walks_allocate_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
