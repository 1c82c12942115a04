/* A table of flows, its partial table and their sum with each allocation failing in turn: an
 * error, and what was taken is given back (ASan looks). */
#include "evidence/flow_log_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/flows.h>

#include "failing_memory.h"

enum { TRIES_MAX = 3000 };

static const struct vw_flows_options options = {
    .since = VW_TIME_UNKNOWN, .until = VW_TIME_UNKNOWN, .workers = 1, .remembers = true};

static void write_log(struct temporary *temporary)
{
    char text[20000];
    size_t size = 0;
    unsigned i;

    size += (size_t)snprintf(text, sizeof text,
                             "interface-id srcaddr dstaddr packets reject-reason\n");
    for (i = 0; i < 200; i++)
        size += (size_t)snprintf(text + size, sizeof text - size,
                                 "eni-%u 2001:db8::%x 2001:db8::%x 1 %s\n", i % 70, i,
                                 i + 1, i % 3 ? "-" : "BPA");
    temporary_text(temporary, "a.log", text);
}

static int read_and_write(const char *path, FILE *out)
{
    struct vw_flows *flows = vw_flows_create(&options);
    int error = VW_ERROR_NO_MEMORY;

    if (flows) {
        error = vw_flows_read(flows, &path, 1, NULL, NULL);
        if (!error)
            error = vw_flows_finish(flows, 0);
        if (!error)
            error = vw_flows_write_partial(flows, out);
    }
    vw_flows_free(flows);
    return error;
}

static int merge(const char *path)
{
    struct vw_flows *flows = vw_flows_create(&options);
    int error = VW_ERROR_NO_MEMORY;

    if (flows) {
        error = vw_flows_merge(flows, path, NULL);
        if (!error)
            error = vw_flows_finish(flows, 0);
    }
    vw_flows_free(flows);
    return error;
}

static void every_allocation_may_fail(void **state)
{
    struct fixture *fixture = *state;
    char log[512], partial[512];
    size_t i, merges;

    write_log(&fixture->temporary);
    snprintf(log, sizeof log, "%s/a.log", fixture->temporary.folder);
    snprintf(partial, sizeof partial, "%s/partial", fixture->temporary.folder);
    for (i = 1; i < TRIES_MAX; i++) {
        FILE *out = fopen(partial, "wb");
        bool all_worked;
        int error;

        failing_memory_start(i, false);
        error = read_and_write(log, out);
        all_worked = failing_memory.count < i;
        failing_memory_start(0, false);
        fclose(out);
        if (all_worked) {
            assert_int_equal(error, 0);
            break;
        }
        /* Without a part of its memory the scan may still do. */
        assert_true(error == 0 || error == VW_ERROR_NO_MEMORY);
    }
    assert_in_range(i, 50, TRIES_MAX - 1);
    failing_memory_start(0, false);
    assert_int_equal(merge(partial), 0);
    merges = failing_memory.count;
    assert_true(merges > 20);
    for (i = 1; i <= merges; i++) {
        failing_memory_start(i, i % 2);
        assert_int_equal(merge(partial), VW_ERROR_NO_MEMORY);
    }
    failing_memory_start(0, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, flow_log_setup,
                                        flow_log_teardown),
    };

    return cmocka_run_group_tests_name("flows_memory", tests, NULL, NULL);
}
