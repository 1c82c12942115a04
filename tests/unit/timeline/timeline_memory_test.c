/* A timeline with each allocation failing in turn: it says so, and gives back what it took
 * (ASan looks). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include <vpcwhy/error.h>
#include <vpcwhy/timeline.h>

#include "failing_memory.h"

#define FOLDER "fixtures/timeline-route-deleted/"
#define SECOND INT64_C(1000000000)
#define FIRST (INT64_C(1737190800) * SECOND) /* 2025-01-18T09:00:00Z */

enum { TRIES_MAX = 20000, STEP = 7 };

static struct vw_world *load(const char *path)
{
    struct vw_world *world = NULL;

    assert_int_equal(vw_world_load(&path, 1, NULL, &world), 0);
    return world;
}

static int read_all(struct vw_timeline *timeline, struct vw_evidence *evidence)
{
    int error = vw_timeline_watch(timeline, evidence);

    if (!error)
        error =
            vw_evidence_read_flow_logs(evidence, FOLDER "evidence/flow-logs", NULL, NULL);
    if (!error)
        error = vw_evidence_read_transcript(evidence, FOLDER "evidence/ping.txt", NULL);
    if (!error)
        error = vw_timeline_read_events(timeline, FOLDER "evidence/cloudtrail");
    return error;
}

static int tell(struct vw_world *const worlds[3])
{
    static const char *const names[3] = {"first", "second", "third"};
    const struct vw_question question = {.from = "10.1.10.14",
                                         .to = "10.2.7.89",
                                         .protocol = -1,
                                         .icmp_type = -1,
                                         .icmp_code = -1};
    struct vw_timeline *timeline = vw_timeline_create(&question, NULL);
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    const struct vw_timeline_account *account = NULL;
    int error = timeline && evidence ? 0 : VW_ERROR_NO_MEMORY;

    for (int i = 0; i < 3 && !error; i++)
        error = vw_timeline_add_snapshot(timeline, worlds[i], names[i],
                                         FIRST + i * 1500 * SECOND);
    if (!error)
        error = read_all(timeline, evidence);
    if (!error)
        error = vw_timeline_tell(timeline, &account);
    if (!error)
        assert_int_equal(account->turn_count, 2);
    vw_timeline_free(timeline);
    vw_evidence_free(evidence);
    return error;
}

static void every_allocation_may_fail(void **state)
{
    struct vw_world *worlds[3] = {load(FOLDER "exports"), load(FOLDER "exports-0925"),
                                  load(FOLDER "exports-0940")};
    int error = VW_ERROR_NO_MEMORY;
    size_t i;

    (void)state;
    for (i = 1; error != 0 && i < TRIES_MAX; i += i < 200 ? 1 : STEP) {
        failing_memory_start(i, false);
        error = tell(worlds);
        if (error != 0)
            assert_int_equal(error, VW_ERROR_NO_MEMORY);
        if (error == 0 && failing_memory.count >= i)
            error = VW_ERROR_NO_MEMORY; /* what failed could be done without */
    }
    assert_int_equal(error, 0);
    assert_true(i > 400); /* there was something to fail */
    failing_memory_start(0, false);
    for (i = 0; i < 3; i++)
        vw_world_free(worlds[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};

    return cmocka_run_group_tests_name("timeline_memory", tests, NULL, NULL);
}
