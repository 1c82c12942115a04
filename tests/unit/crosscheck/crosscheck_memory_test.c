/* A cross-check with each allocation failing in turn: it says so, and gives back what it
 * took (ASan looks). */
#include "crosscheck/flow_fixture.h"

#include <vpcwhy/error.h>

#include "failing_memory.h"

enum { TRIES_MAX = 2000 };

static void every_allocation_may_fail(void **state)
{
    const struct seen_row rows[] = {
        {VW_EVIDENCE_FLOW_LOG, "eni-a", VW_FORWARD, VW_FLOW_ACTION_ACCEPT, 5, 1000, 1005,
         0, 0, 0},
        {VW_EVIDENCE_PING, NULL, VW_FORWARD, VW_FLOW_ACTION_SEEN, 9, 0, 0, 0, 1, 0},
        {VW_EVIDENCE_PING, NULL, VW_RETURN, VW_FLOW_ACTION_SEEN, 4, 0, 0, 0, 6, 5}};
    const struct seen_span spans[] = {
        {VW_EVIDENCE_FLOW_LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
        {VW_EVIDENCE_PING, NULL, 0, 1, 5, 0, 0, false, false}};
    struct flow flow;
    int error = VW_ERROR_NO_MEMORY;
    size_t i;

    (void)state;
    flow_open(&flow, NO_PEERING, 1);
    flow_see(&flow, rows, 3);
    flow_cover(&flow, spans, 2);
    for (i = 1; error != 0 && i < TRIES_MAX; i++) {
        failing_memory_start(i, false);
        error = vw_crosscheck_run(flow.world, &flow.trace, flow.evidence, NULL,
                                  flow.diagnostics, &flow.result);
        if (error != 0) {
            assert_int_equal(error, VW_ERROR_NO_MEMORY);
            assert_null(flow.result);
        }
    }
    assert_int_equal(error, 0);
    assert_true(i > 4); /* there was something to fail */
    failing_memory_start(0, false);
    flow_close(&flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("crosscheck_memory", tests, NULL, NULL);
}
