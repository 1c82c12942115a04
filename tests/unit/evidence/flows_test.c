/* The table of flows as programs use it: order, threads, partial tables and their damage, the
 * statements for databases. */
#include "evidence/flow_log_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/flows.h>
#include <vpcwhy/report.h>

static const struct vw_flows_options all = {
    .since = VW_TIME_UNKNOWN, .until = VW_TIME_UNKNOWN, .remembers = true};

/* Two thousand records of about three hundred flows. */
static void write_log(struct temporary *temporary, const char *name, unsigned seed)
{
    size_t size = 0, room = 400000;
    char *text = malloc(room);
    unsigned i;

    size += (size_t)snprintf(text, room, "%s", HEADER);
    for (i = 0; i < 2000; i++) {
        seed = seed * 1664525 + 1013904223;
        size += (size_t)snprintf(
            text + size, room - size,
            "2 1 eni-%u %s%u 10.1.0.%u 40000 443 %u 5 %u %u %u ACCEPT OK\n",
            seed >> 8 & 3, seed >> 10 & 7 ? "10.0.0." : "2001:db8::", seed >> 13 & 7,
            seed >> 16 & 3, seed >> 18 & 1 ? 6 : 17, seed >> 20, 1700000000 + (seed & 63),
            1700000100 + (seed & 63));
    }
    temporary_text(temporary, name, text);
    free(text);
}

static struct vw_flows *read_flows(const char *path, unsigned workers)
{
    struct vw_flows_options options = all;
    struct vw_flows *flows;

    options.workers = workers;
    flows = vw_flows_create(&options);
    assert_non_null(flows);
    assert_int_equal(vw_flows_read(flows, &path, 1, NULL, NULL), 0);
    return flows;
}

/* Everything as CSV; to be freed. */
static char *csv_of(struct vw_flows *flows, size_t limit)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(vw_flows_finish(flows, limit), 0);
    assert_int_equal(vw_report_flows_csv(flows, out), 0);
    fclose(out);
    return text;
}

static char *partial_of(const struct vw_flows *flows, size_t *ret_size)
{
    char *bytes = NULL;
    FILE *out = open_memstream(&bytes, ret_size);

    assert_int_equal(vw_flows_write_partial(flows, out), 0);
    fclose(out);
    return bytes;
}

static void threads_make_no_difference(void **state)
{
    struct fixture *fixture = *state;
    char *first = NULL;
    unsigned workers;

    write_log(&fixture->temporary, "a.log", 1);
    write_log(&fixture->temporary, "b.log", 2);
    write_log(&fixture->temporary, "c.log", 3);
    for (workers = 1; workers <= 8; workers++) {
        struct vw_flows *flows = read_flows(fixture->temporary.folder, workers);
        char *text = csv_of(flows, 0);

        if (first)
            assert_string_equal(text, first);
        else
            first = strdup(text);
        free(text);
        vw_flows_free(flows);
    }
    free(first);
}

static void busiest_come_first(void **state)
{
    struct fixture *fixture = *state;
    struct vw_flows *flows;
    struct vw_observation row, before;
    char *whole, *part;
    size_t i;

    write_log(&fixture->temporary, "a.log", 4);
    flows = read_flows(fixture->temporary.folder, 0);
    whole = csv_of(flows, 0);
    assert_int_equal(vw_flows_count(flows), vw_flows_totals(flows).flows);
    assert_int_equal(vw_flows_totals(flows).records, 2000);
    for (i = 0; i < vw_flows_count(flows); i++) {
        vw_flows_get(flows, i, &row);
        if (i > 0)
            assert_true(before.bytes >= row.bytes);
        before = row;
    }
    part = csv_of(flows, 10);
    assert_int_equal(vw_flows_count(flows), 10);
    assert_memory_equal(whole, part, strlen(part));
    free(part);
    free(whole);
    vw_flows_free(flows);
}

/* The partial table of one log file; the path of a file that holds it. */
static const char *write_partial(struct fixture *fixture, const char *log,
                                 const char *name)
{
    char path[512];
    struct vw_flows *flows;
    const char *written;
    char *bytes;
    size_t size;

    snprintf(path, sizeof path, "%s/%s", fixture->temporary.folder, log);
    flows = read_flows(path, 0);
    bytes = partial_of(flows, &size);
    written = temporary_bytes(&fixture->temporary, name, bytes, size);
    free(bytes);
    vw_flows_free(flows);
    return written;
}

static void partial_tables_add_up(void **state)
{
    struct fixture *fixture = *state;
    struct vw_flows *whole, *sum = vw_flows_create(&all);
    const char *partials[2];
    char *expected, *found, folder[512];

    write_log(&fixture->temporary, "in/0.log", 10);
    write_log(&fixture->temporary, "in/1.log", 11);
    partials[0] = write_partial(fixture, "in/0.log", "part-0");
    partials[1] = write_partial(fixture, "in/1.log", "part-1");
    assert_int_equal(vw_flows_merge(sum, partials[1], fixture->diagnostics), 0);
    assert_int_equal(vw_flows_merge(sum, partials[0], fixture->diagnostics), 0);
    assert_nothing_told(fixture);
    snprintf(folder, sizeof folder, "%s/in", fixture->temporary.folder);
    whole = read_flows(folder, 0);
    expected = csv_of(whole, 0);
    found = csv_of(sum, 0);
    assert_string_equal(expected, found);
    assert_int_equal(vw_flows_merge(sum, partials[0], fixture->diagnostics),
                     VW_ERROR_INPUT);
    assert_told(fixture, 0, "input-twice", 0, "it would count twice");
    free(expected);
    free(found);
    vw_flows_free(whole);
    vw_flows_free(sum);
}

/* The delivered object is the same wherever it was copied to. */
static void objects_are_known_by_name(void **state)
{
    struct fixture *fixture = *state;
    struct vw_flows *flows = vw_flows_create(&all);
    static const char *const name = "1_vpcflowlogs_eu-west-1_fl-1_20231114T2215Z_abc.log";
    char path[128];
    const char *one, *other;

    snprintf(path, sizeof path, "a/%s", name);
    temporary_text(&fixture->temporary, path, HEADER SAMPLE "\n");
    one = write_partial(fixture, path, "part-0");
    snprintf(path, sizeof path, "b/%s", name);
    temporary_text(&fixture->temporary, path, HEADER SAMPLE "\n" SAMPLE "\n");
    other = write_partial(fixture, path, "part-1");
    assert_int_equal(vw_flows_merge(flows, one, fixture->diagnostics), 0);
    assert_int_equal(vw_flows_merge(flows, other, fixture->diagnostics), VW_ERROR_INPUT);
    assert_told(fixture, 0, "input-twice", 0, name);
    vw_flows_free(flows);
}

static int merge_bytes(struct fixture *fixture, const char *bytes, size_t size)
{
    struct vw_flows *flows = vw_flows_create(&all);
    const char *path = temporary_bytes(&fixture->temporary, "damaged", bytes, size);
    int error;

    vw_diagnostics_free(fixture->diagnostics);
    fixture->diagnostics = vw_diagnostics_create();
    error = vw_flows_merge(flows, path, fixture->diagnostics);
    vw_flows_free(flows);
    return error;
}

/* Every byte changed, and every place to cut: refused, by name and place. */
static void damaged_partials_are_refused(void **state)
{
    struct fixture *fixture = *state;
    char path[512], *bytes;
    struct vw_flows *flows;
    size_t size, i;

    temporary_text(&fixture->temporary, "a.log",
                   HEADER SAMPLE "\n2 1 eni-2 2001:db8::1 2001:db8::2 1 2 17 5 500 0 60 "
                                 "REJECT OK\n");
    snprintf(path, sizeof path, "%s/a.log", fixture->temporary.folder);
    flows = read_flows(path, 0);
    bytes = partial_of(flows, &size);
    vw_flows_free(flows);
    assert_int_equal(merge_bytes(fixture, bytes, size), 0);
    for (i = 0; i < size; i++) {
        const struct vw_diagnostic *told;
        char kept = bytes[i];

        assert_int_equal(merge_bytes(fixture, bytes, i), VW_ERROR_INPUT);
        bytes[i] = (char)(kept ^ (i % 2 ? 1 : 0x80));
        assert_int_equal(merge_bytes(fixture, bytes, size), VW_ERROR_INPUT);
        bytes[i] = kept;
        assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 1);
        told = vw_diagnostics_get(fixture->diagnostics, 0);
        assert_non_null(strstr(told->file, "damaged"));
        if (i < 8)
            assert_string_equal(told->code, "not-partial");
        else if (i < 12)
            assert_string_equal(told->code, "partial-version");
        else
            assert_string_equal(told->code, "damaged-partial");
    }
    bytes = realloc(bytes, size + 1);
    bytes[size] = '!';
    assert_int_equal(merge_bytes(fixture, bytes, size + 1), VW_ERROR_INPUT);
    assert_told(fixture, 0, "damaged-partial", 0, "the end of the file");
    free(bytes);
}

static void other_windows_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct vw_flows_options options = all;
    struct vw_flows *flows, *sum = vw_flows_create(&all);
    const char *paths[2];
    size_t i, size;

    for (i = 0; i < 2; i++) {
        char name[16], *bytes;
        const char *log;

        snprintf(name, sizeof name, "%zu.log", i);
        log = temporary_text(&fixture->temporary, name,
                             i ? HEADER SAMPLE "\n" : HEADER SAMPLE "\n" SAMPLE "\n");
        options.since = (int64_t)i;
        flows = vw_flows_create(&options);
        assert_int_equal(vw_flows_read(flows, &log, 1, NULL, NULL), 0);
        bytes = partial_of(flows, &size);
        snprintf(name, sizeof name, "part-%zu", i);
        paths[i] = temporary_bytes(&fixture->temporary, name, bytes, size);
        free(bytes);
        vw_flows_free(flows);
        assert_int_equal(vw_flows_merge(sum, paths[i], fixture->diagnostics), 0);
    }
    assert_told(fixture, 0, "partial-window", 0, "--since");
    vw_flows_free(sum);
}

/* What databases write: quotes, and nothing said in each one's way. */
static void results_of_databases_are_read(void **state)
{
    struct fixture *fixture = *state;
    static const char *const results[] = {
        "vantage,srcaddr,dstaddr,protocol,srcport,start,end,records,bytes,traffic_path\n"
        "eni-1,10.0.0.1,10.0.0.2,6,,100,200,7,,7;8\n",
        "\"vantage\",\"srcaddr\",\"dstaddr\",\"protocol\",\"srcport\",\"start\",\"end\","
        "\"records\",\"bytes\",\"traffic_path\"\n"
        "\"eni-1\",\"10.0.0.1\",\"10.0.0.2\",\"6\",,\"100\",\"200\",\"7\",,\"7;8\"\n",
        "\"vantage\",\"srcaddr\",\"dstaddr\",\"protocol\",\"srcport\",\"start\",\"end\","
        "\"records\",\"bytes\",\"traffic_path\"\n"
        "\"eni-1\",\"10.0.0.1\",\"10.0.0.2\",6,\\N,100,200,7,-,\"7;8\"\n",
    };
    size_t i;

    for (i = 0; i < sizeof results / sizeof *results; i++) {
        struct vw_flows *flows =
            read_flows(temporary_text(&fixture->temporary, "result.csv", results[i]), 0);
        struct vw_observation row;

        assert_int_equal(vw_flows_finish(flows, 0), 0);
        assert_int_equal(vw_flows_count(flows), 1);
        vw_flows_get(flows, 0, &row);
        assert_string_equal(row.vantage, "eni-1");
        assert_int_equal(row.records, 7);
        assert_int_equal(row.bytes, VW_UNRECORDED);
        assert_int_equal(row.source_port, VW_UNRECORDED);
        assert_int_equal(row.traffic_paths, 1U << 7 | 1U << 8);
        assert_true(row.first == 100 * SECOND && row.last == 200 * SECOND);
        vw_flows_free(flows);
    }
}

static char *sql_of(struct fixture *fixture, const struct vw_sql_options *options,
                    int *ret_error)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    *ret_error = vw_flows_write_sql(options, fixture->diagnostics, out);
    fclose(out);
    return text;
}

static void statements_are_of_their_engine(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        struct vw_sql_options options;
        const char *part;
    } cases[] = {
        {{VW_SQL_ATHENA, "vpc_flow_logs", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "FROM vpc_flow_logs\n"},
        {{VW_SQL_ATHENA, "my-logs.a\"b", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "FROM \"my-logs\".\"a\"\"b\"\n"},
        {{VW_SQL_ATHENA, "t", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "bitwise_or_agg(flags)"},
        {{VW_SQL_ATHENA, "t", NULL, 5 * SECOND + 1, VW_TIME_UNKNOWN}, ">= 6\n"},
        {{VW_SQL_ATHENA, "t", NULL, VW_TIME_UNKNOWN, 5 * SECOND + 1}, "<= 5\n"},
        {{VW_SQL_DUCKDB, "it's/*.log.gz", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "read_csv('it''s/*.log.gz'"},
        {{VW_SQL_DUCKDB, "a/*.parquet", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "read_parquet('a/*.parquet'"},
        {{VW_SQL_DUCKDB, "logs", "${srcaddr} ${blue} ${srcaddr}", VW_TIME_UNKNOWN,
          VW_TIME_UNKNOWN},
         "WHERE (nullif(srcaddr, '-') IS NOT NULL)"},
        {{VW_SQL_DUCKDB, "a.log", "${srcaddr} ${blue} ${end}", VW_TIME_UNKNOWN,
          VW_TIME_UNKNOWN},
         "{srcaddr: 'VARCHAR', column_2: 'VARCHAR', \"end\": 'BIGINT'}"},
        {{VW_SQL_CLICKHOUSE, "s3://b/*.log.gz", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "FROM s3('s3://b/*.log.gz', 'CustomSeparatedWithNames'"},
        {{VW_SQL_CLICKHOUSE, "logs", NULL, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN},
         "decision\nFORMAT CSVWithNames;"},
    };
    size_t i;
    int error;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = sql_of(fixture, &cases[i].options, &error);

        assert_int_equal(error, 0);
        if (!strstr(text, cases[i].part))
            fail_msg("no \"%s\" in:\n%s", cases[i].part, text);
        free(text);
    }
}

static void formats_without_addresses_are_refused(void **state)
{
    struct fixture *fixture = *state;
    const struct vw_sql_options options = {VW_SQL_DUCKDB, "a.log", "${bytes}",
                                           VW_TIME_UNKNOWN, VW_TIME_UNKNOWN};
    int error;

    free(sql_of(fixture, &options, &error));
    assert_int_equal(error, VW_ERROR_INPUT);
    assert_told(fixture, 0, "flow-log-format", 0, "${srcaddr}");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, flow_log_setup, flow_log_teardown)
    const struct CMUnitTest tests[] = {
        TEST(threads_make_no_difference),
        TEST(busiest_come_first),
        TEST(partial_tables_add_up),
        TEST(objects_are_known_by_name),
        TEST(damaged_partials_are_refused),
        TEST(other_windows_are_told),
        TEST(results_of_databases_are_read),
        TEST(statements_are_of_their_engine),
        TEST(formats_without_addresses_are_refused),
    };

    return cmocka_run_group_tests_name("flows", tests, NULL, NULL);
}
