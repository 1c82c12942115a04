/* Queries with each allocation failing in turn: an answer that is whole, or none; and all
 * memory is given back (ASan looks). */
#include "query/asked.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "failing_memory.h"

enum { TRIES_MAX = 6000 };

#define SUMS                                                                             \
    "filter bytes > 5 and srcAddr like /^10/ | parse @message '* * *' as a, b, c | "     \
    "stats sum(bytes) as s, values(dstPort), latest(a), topk(2, dstPort), "              \
    "pct(bytes, 50) by srcAddr, bin(5m) | fields concat(srcAddr, s) as x | sort s desc " \
    "| limit 3"
#define DEDUP "fields bytes, srcAddr | sort bytes desc | dedup srcAddr | limit 5"
#define LISTS                                                                            \
    "fields regexReplace(@message, 'a', 'b') as m, split(srcAddr, '.') as l | unnest l " \
    "into e"

static const char *const queries[] = {SUMS, DEDUP, LISTS};

static void write_file(struct temporary *temporary)
{
    char text[8192];
    size_t size = (size_t)snprintf(text, sizeof text, "%s", ASKED_HEADER);
    unsigned i;

    for (i = 0; i < 60; i++)
        size += (size_t)snprintf(
            text + size, sizeof text - size,
            "2 1 eni-%u 10.0.0.%u 10.0.1.1 1 %u 6 5 %u %u %u ACCEPT OK\n", i % 7, i % 25,
            i % 40, i * 10, 1000 + i, 1060 + i);
    temporary_text(temporary, "a.log", text);
}

/* 0, or the error; *ret_rows is how many rows came. */
static int run(const struct temporary *temporary, const char *text, size_t *ret_rows)
{
    const char *paths[] = {temporary->folder};
    struct vw_query_options options = {.paths = paths,
                                       .path_count = 1,
                                       .since = VW_QUERY_ANY_TIME,
                                       .until = VW_QUERY_ANY_TIME,
                                       .workers = 1};
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_query *query = vw_query_create();
    struct vw_query_result *result = NULL;
    int error = query ? vw_query_compile(query, text, diagnostics) : VW_ERROR_NO_MEMORY;

    if (!error)
        error = vw_query_run(query, &options, diagnostics, &result);
    *ret_rows = result ? result->row_count : 0;
    vw_query_result_free(result);
    vw_query_free(query);
    vw_diagnostics_free(diagnostics);
    return error;
}

static void every_allocation_may_fail(void **state)
{
    struct asked *of = *state;
    size_t i, fails_at, expected, rows;

    write_file(&of->temporary);
    for (i = 0; i < sizeof queries / sizeof *queries; i++) {
        failing_memory_start(0, false);
        assert_int_equal(run(&of->temporary, queries[i], &expected), 0);
        assert_true(expected > 0);
        for (fails_at = 1; fails_at < TRIES_MAX; fails_at++) {
            int error;

            failing_memory_start(fails_at, fails_at % 2 == 0);
            error = run(&of->temporary, queries[i], &rows);
            if (error == 0)
                assert_int_equal(rows, expected);
            else
                assert_true(error == VW_ERROR_NO_MEMORY || error == VW_ERROR_INPUT);
            if (failing_memory.count < fails_at)
                break;
        }
        failing_memory_start(0, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, asked_setup,
                                        asked_teardown),
    };

    return cmocka_run_group_tests_name("query memory", tests, NULL, NULL);
}
