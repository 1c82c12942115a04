/* A replay, and a look at flow logs, with each allocation failing in turn: it says so, and
 * gives back what it took (ASan looks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/error.h>
#include <vpcwhy/logging.h>
#include <vpcwhy/replay.h>

#include "failing_memory.h"
#include "reach/small_world.h"
#include "temporary.h"

enum { TRIES_MAX = 4000 };

static const char log_text[] =
    "interface-id srcaddr dstaddr srcport dstport protocol action tcp-flags start end\n"
    "eni-1 10.1.1.10 10.1.2.20 40000 443 6 ACCEPT 2 1737122420 1737122476\n"
    "eni-2 10.1.1.10 10.1.2.20 40000 443 6 REJECT 2 1737122420 1737122476\n"
    "eni-2 10.1.2.20 10.1.1.10 443 40000 6 ACCEPT 18 1737122420 1737122476\n"
    "eni-4 10.1.1.10 10.2.1.40 0 0 1 ACCEPT - 1737122420 1737122476\n"
    "eni-9 10.1.1.10 10.2.1.40 0 0 1 ACCEPT - 1737122420 1737122476\n";

static struct vw_world *make_world(void)
{
    struct vw_world *world = small_base();
    uint32_t index = small_refer(world, VW_OBJECT_FLOW_LOG, "fl-1");
    struct vw_flow_log *log = vw_world_edit_flow_log(world, index);

    log->object.exported = true;
    log->resource_id = "subnet-1a";
    log->traffic_type = "ACCEPT";
    log->destination_type = "cloud-watch-logs";
    log->role = "arn:aws:iam::111122223333:role/flows";
    small_before_peering(world);
    assert_int_equal(vw_world_finish(world), 0);
    return world;
}

static void every_allocation_of_a_replay_may_fail(void **state)
{
    struct vw_world *world = make_world();
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_replay *replay = NULL;
    struct temporary temporary;
    int error = VW_ERROR_NO_MEMORY;
    size_t i;

    (void)state;
    temporary_open(&temporary);
    assert_int_equal(
        vw_evidence_read_flow_logs(evidence, temporary_text(&temporary, "log", log_text),
                                   NULL, NULL),
        0);
    for (i = 1; error != 0 && i < TRIES_MAX; i++) {
        failing_memory_start(i, false);
        error = vw_replay_run(world, evidence, &replay);
        if (error != 0) {
            assert_int_equal(error, VW_ERROR_NO_MEMORY);
            assert_null(replay);
        }
    }
    failing_memory_start(0, false);
    assert_int_equal(error, 0);
    assert_true(i > 4); /* there was something to fail */
    assert_int_equal(replay->flows, 5);
    vw_replay_free(replay);
    vw_evidence_free(evidence);
    vw_world_free(world);
    temporary_close(&temporary);
}

static void every_allocation_of_a_look_may_fail(void **state)
{
    struct vw_world *world = make_world();
    struct vw_logging *logging = NULL;
    int error = VW_ERROR_NO_MEMORY;
    size_t i;

    (void)state;
    for (i = 1; error != 0 && i < TRIES_MAX; i++) {
        failing_memory_start(i, false);
        error = vw_logging_run(world, &logging);
        if (error != 0) {
            assert_int_equal(error, VW_ERROR_NO_MEMORY);
            assert_null(logging);
        }
    }
    failing_memory_start(0, false);
    assert_int_equal(error, 0);
    assert_true(i > 4);
    assert_int_equal(logging->delivery_count, 1);
    vw_logging_free(logging);
    vw_world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_a_replay_may_fail),
        cmocka_unit_test(every_allocation_of_a_look_may_fail)};

    return cmocka_run_group_tests_name("replay_memory", tests, NULL, NULL);
}
