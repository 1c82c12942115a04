/* A tree of all shapes with each allocation failing in turn: the scan says so or does
 * without, and gives back what it took (ASan looks). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "failing_memory.h"
#include "logs/scan.h"
#include "temporary.h"

enum { TRIES_MAX = 4000, RECORDS = 9 };

#define RECORD "eni-1 10.0.0.1 500"
#define EVENT(id)                                                                        \
    "{\"logStreamName\":\"s\",\"timestamp\":1,\"message\":\"" RECORD                     \
    "\",\"eventId\":\"" id "\"}"

static void write_files(struct temporary *temporary)
{
    temporary_text(temporary, "a", "interface-id srcaddr bytes\n" RECORD "\n");
    temporary_gzip(temporary, "b", RECORD "\ndamaged line\nbytes\n7\n", 0);
    temporary_text(temporary, "c",
                   "{\"events\":[" EVENT("1") "," EVENT("2") "," EVENT(
                       "1") "]}{\"events\":[" EVENT("3") "\n]}");
    temporary_text(temporary, "d", "@timestamp,@message\n1700000000000,\"" RECORD "\"\n");
    temporary_text(temporary, "e",
                   "{\"results\":[[{\"field\":\"srcAddr\",\"value\":\"10.0.0.1\"}]]}");
    temporary_text(temporary, "f", "EVENTS\t9\t1\ts\t" RECORD "\t1\n");
    temporary_text(temporary, "x/1_vpcflowlogs_r_fl-1_20180620T1620Z_ab.log", "bytes\n");
    temporary_text(temporary, "y/1_vpcflowlogs_r_fl-1_20180620T1620Z_ab.log", "bytes\n");
}

static int begin(void *context, const struct vw_log_layout *layout, bool *wanted)
{
    (void)context;
    (void)layout;
    wanted[0] = true;
    return 0;
}

static int take(void *context, unsigned worker, const struct vw_log_batch *batch)
{
    size_t *records = context;

    (void)worker;
    *records += batch->count;
    return 0;
}

static bool try_scan(const struct temporary *temporary, size_t fails_at, bool for_good)
{
    const char *path = temporary->folder;
    size_t records = 0;
    struct vw_log_sink sink = {&records, begin, take};
    struct vw_log_options options = {.paths = &path,
                                     .path_count = 1,
                                     .workers = 1,
                                     .format = "${interface-id} ${srcaddr} ${bytes}"};
    struct vw_diagnostics *diagnostics;
    struct vw_log_totals totals;
    int error;

    failing_memory_start(fails_at, for_good);
    diagnostics = vw_diagnostics_create();
    error = vw_log_scan(&options, &sink, diagnostics, &totals);
    if (error == 0)
        assert_int_equal(records, RECORDS);
    else
        assert_int_equal(error, VW_ERROR_NO_MEMORY);
    vw_diagnostics_free(diagnostics);
    return failing_memory.count < fails_at;
}

static void every_allocation_may_fail(void **state)
{
    struct temporary temporary;
    bool for_good = false, all_worked;
    size_t i;

    (void)state;
    temporary_open(&temporary);
    write_files(&temporary);
    do {
        for (i = 1, all_worked = false; !all_worked && i < TRIES_MAX; i++)
            all_worked = try_scan(&temporary, i, for_good);
        assert_true(all_worked);
        assert_true(i > 50); /* there was something to fail */
        for_good = !for_good;
    } while (for_good);
    failing_memory_start(0, false);
    temporary_close(&temporary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests_name("scan_memory", tests, NULL, NULL);
}
