/* Groups that workers share: rows of every kind of value by several threads at a time, and
 * columns that go straight into groups against the same rows one by one. */
#include "query/asked.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/query.h"
#include "query/stats.h"

enum { THREADS = 4, ROWS = 30000, GROUPS = 700 };

/* ---- several threads ---- */

static struct vw_phase *phase_of(struct asked *of, const char *text)
{
    of->query = vw_query_create();
    of->diagnostics = vw_diagnostics_create();
    assert_non_null(of->query);
    assert_non_null(of->diagnostics);
    assert_int_equal(vw_query_compile(of->query, text, of->diagnostics), 0);
    return &of->query->plan.phases.items[0];
}

struct adder {
    pthread_t thread;
    struct vw_stats *stats;
    unsigned number;
    int error;
};

/* What row `number` measures: by turns a small number, one of more than 64 bits, a
 * fraction, a text that is none, nothing. */
static struct vw_value value_of(unsigned number)
{
    switch (number % 5) {
    case 0:
        return vw_value_integer(number);
    case 1:
        return vw_value_integer((vw_wide)number << 70);
    case 2:
        return vw_value_double(number + 0.5);
    case 3:
        return vw_value_text("ten", 3);
    default:
        return vw_value_null();
    }
}

static void *add(void *data)
{
    struct adder *adder = data;
    struct vw_stats_queue queue = {.stats = adder->stats};
    unsigned i;

    for (i = adder->number; i < ROWS && !adder->error; i += THREADS) {
        struct vw_value key = vw_value_integer(i % GROUPS);
        struct vw_value values[3] = {value_of(i), value_of(i), value_of(i)};

        adder->error = vw_key_add(&queue.key, &key);
        if (!adder->error)
            adder->error = vw_stats_add(&queue, values, NULL);
    }
    if (!adder->error)
        adder->error = vw_stats_settle(&queue);
    vw_stats_queue_free(&queue);
    return NULL;
}

/* Of group `key`: sum(x), count(x), countDistinct(x). */
static void check_group(const struct vw_value slots[3], unsigned key)
{
    vw_wide wide = 0;
    double rest = 0;
    unsigned count = 0, texts = 0, numbers = 0, i;

    for (i = key; i < ROWS; i += GROUPS) {
        struct vw_value value = value_of(i);

        count += value.kind != VW_VALUE_NULL;
        texts |= value.kind == VW_VALUE_TEXT;
        numbers += value.kind == VW_VALUE_INTEGER || value.kind == VW_VALUE_DOUBLE;
        if (value.kind == VW_VALUE_INTEGER)
            wide += value.integer;
        if (value.kind == VW_VALUE_DOUBLE)
            rest += value.number;
    }
    if (numbers == 0)
        assert_int_equal(slots[0].kind, VW_VALUE_NULL);
    else if (slots[0].kind == VW_VALUE_INTEGER)
        assert_true(slots[0].integer == wide + (vw_wide)rest);
    else
        assert_true(slots[0].number == (double)wide + rest);
    assert_true(slots[1].integer == count);
    assert_true(slots[2].integer == numbers + texts);
}

static void many_threads(void **state)
{
    struct asked *of = *state;
    struct vw_phase *phase = phase_of(
        of,
        "stats sum(bytes) as a, count(bytes) as b, countDistinct(bytes) as c by start");
    struct vw_stats *stats = vw_stats_create(phase);
    struct adder adders[THREADS];
    unsigned i, part, seen = 0;

    assert_non_null(stats);
    for (i = 0; i < THREADS; i++) {
        adders[i] = (struct adder){.stats = stats, .number = i};
        assert_int_equal(pthread_create(&adders[i].thread, NULL, add, &adders[i]), 0);
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(adders[i].thread, NULL);
        assert_int_equal(adders[i].error, 0);
    }
    assert_int_equal(vw_stats_count(stats), GROUPS);
    for (part = 0; part < VW_STATS_PARTS; part++) {
        struct vw_value slots[16] = {{.kind = VW_VALUE_NULL}};
        struct vw_group *group;
        size_t at = 0;

        while ((group = vw_stats_next(stats, part, &at))) {
            struct vw_value measures[3];

            vw_stats_finish(stats, group, slots, &of->arena);
            vw_stats_keys(stats, group, slots, &of->arena);
            for (i = 0; i < 3; i++)
                measures[i] = slots[phase->measures.items[i].slot];
            check_group(measures, (unsigned)slots[phase->groups.items[0].slot].integer);
            seen++;
        }
    }
    assert_int_equal(seen, GROUPS);
    vw_stats_free(stats);
}

/* ---- columns and rows ---- */

static void columns_as_rows(void **state)
{
    static const char *const stats[] = {
        "stats sum(bytes), count(*), avg(packets) by srcAddr, dstAddr",
        "stats count(bytes), max(bytes), min(srcAddr) by protocol",
        "stats sum(bytes), values(action) by noSuchField, action",
        "stats sum(noSuchField), count(noSuchField), count(*)",
        "stats pct(bytes, 50), topk(2, srcAddr), sortsLast(action) by dstPort",
        "stats sum(bytes) as b by srcAddr | sort b desc | limit 2",
        "stats sum(bytes) as b by srcAddr | sort b, srcAddr desc | limit 3",
        "stats count(*) as c by srcAddr | sort c desc | limit 0",
    };
    struct asked *of = *state;
    size_t i;

    temporary_text(
        &of->temporary, "a.log",
        ASKED_HEADER
        "2 1 eni-a 10.0.0.1 10.1.0.1 1 443 6 10 100 1 61 ACCEPT OK\n"
        "2 1 eni-a 10.0.0.1 10.1.0.1 1 443 6 010 1.5 1 61 ACCEPT OK\n"
        "2 1 eni-a 10.0.0.1 10.1.0.2 1 53 17 -1 -7 1 61 REJECT OK\n"
        "2 1 eni-a 10.0.0.01 10.1.0.2 1 053 17 - 18446744073709551616 1 61 - -\n"
        "2 1 eni-a - - - - - - - 1 61 - NODATA\n"
        "2 1 eni-a fd00::1 fd00::2 1 443 6 x 1e3 1 61 ACCEPT OK\n"
        "2 1 eni-a 10.0.0.1 10.1.0.1 1 443 6 3 007 1 61 ACCEPT OK\n");
    for (i = 0; i < sizeof stats / sizeof *stats; i++) {
        char rows[256];
        const char *columns = asked(of, stats[i]);

        assert_null(strstr(columns, "error"));
        snprintf(rows, sizeof rows, "filter 1 = 1 | %s", stats[i]);
        assert_string_equal(asked(of, rows), columns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_threads, asked_setup, asked_teardown),
        cmocka_unit_test_setup_teardown(columns_as_rows, asked_setup, asked_teardown),
    };

    return cmocka_run_group_tests_name("query stats", tests, NULL, NULL);
}
