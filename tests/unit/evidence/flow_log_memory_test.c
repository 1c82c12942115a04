/* Reading a tree of flow logs with each allocation failing in turn: the reader says so or
 * does without, and gives back what it took (ASan looks). */
#include "evidence/flow_log_fixture.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "failing_memory.h"

enum { TRIES_MAX = 2000 };

/* Enough rows, interfaces and files for each list to grow. */
static void write_files(struct temporary *temporary)
{
    char text[16384];
    size_t size = 0;
    unsigned i;

    size += (size_t)snprintf(text, sizeof text, "%s", HEADER);
    for (i = 0; i < 100; i++)
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "2 1 eni-%u 10.0.0.%u 10.0.1.%u 1 2 6 5 500 %u %u "
                                 "ACCEPT OK\n",
                                 i % 70, i % 70, i, i, i + 60);
    temporary_text(temporary, "a.log", text);
    temporary_gzip(temporary, "b.log.gz", HEADER "damaged line\n" SAMPLE "\n", 0);
    temporary_text(temporary, "c.log", "colour srcaddr\n1 10.0.0.1\n");
}

static void try_reading(const struct temporary *temporary, size_t fails_at, bool for_good,
                        bool *ret_all_worked)
{
    struct vw_diagnostics *diagnostics;
    struct vw_evidence *evidence;
    int error;

    failing_memory_start(fails_at, for_good);
    diagnostics = vw_diagnostics_create();
    evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    if (evidence) {
        error =
            vw_evidence_read_flow_logs(evidence, temporary->folder, NULL, diagnostics);
        /* Without a fault everything is there; with one, all or a clear answer. */
        if (error == 0)
            assert_int_equal(vw_evidence_count(evidence), 102);
        else
            assert_int_equal(error, VW_ERROR_NO_MEMORY);
    }
    *ret_all_worked = failing_memory.count < fails_at;
    vw_evidence_free(evidence);
    vw_diagnostics_free(diagnostics);
}

static void every_allocation_may_fail(void **state)
{
    struct fixture *fixture = *state;
    bool for_good = false, all_worked;
    size_t i;

    write_files(&fixture->temporary);
    do {
        for (i = 1, all_worked = false; !all_worked && i < TRIES_MAX; i++)
            try_reading(&fixture->temporary, i, for_good, &all_worked);
        assert_true(all_worked);
        assert_true(i > 50); /* there was something to fail */
        for_good = !for_good;
    } while (for_good);
    failing_memory_start(0, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, flow_log_setup,
                                        flow_log_teardown),
    };

    return cmocka_run_group_tests_name("flow_log_memory", tests, NULL, NULL);
}
