/* Several files: trees, copies, formats of files without a header, what cannot be read. */
#include "logs/scanned.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define OBJECT "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456"

static void a_tree_in_the_order_of_paths(void **state)
{
    struct scanned *scanned = *state;
    const char *paths[3] = {
        temporary_text(&scanned->temporary, "t/b/2.log", "bytes\n2\n"),
        NULL,
        temporary_text(&scanned->temporary, "t/a/1.log", "bytes\n1\n"),
    };

    temporary_gzip(&scanned->temporary, "t/b/3.log.gz", "bytes\n3\n", 0);
    temporary_text(&scanned->temporary, "t/aws-logs-write-test",
                   "Permission Check Successful");
    paths[1] =
        vw_arena_printf(&scanned->temporary.arena, "%s/t", scanned->temporary.folder);
    scan_paths(scanned, paths, 3);
    assert_int_equal(scanned->error, 0);
    assert_string_equal(scanned->said, "");
    assert_string_equal(
        scanned->records,
        "1.log:2||||bytes=1\n2.log:2||||bytes=2\n3.log.gz:2||||bytes=3\n");
    assert_int_equal(scanned->totals.files, 4);
    assert_int_equal(scanned->totals.records, 3);
}

static void objects_count_once(void **state)
{
    struct scanned *scanned = *state;
    const char *path = scanned->temporary.folder;

    temporary_text(&scanned->temporary, "a/" OBJECT ".log", "bytes\n1\n");
    temporary_gzip(&scanned->temporary, "b/" OBJECT ".log.gz", "bytes\n1\n", 0);
    temporary_text(&scanned->temporary, "b/other.log", "bytes\n1\n");
    temporary_text(&scanned->temporary, "c/other.log", "bytes\n1\n");
    scan_paths(scanned, &path, 1);
    assert_int_equal(scanned->totals.records, 3);
    assert_non_null(strstr(scanned->said,
                           OBJECT ".log.gz:0 repeated-file: is the object of S3 that was "
                                  "read as "));
}

static void what_cannot_be_read_is_said(void **state)
{
    struct scanned *scanned = *state;
    const char *paths[3] = {
        "/no/such/file",
        temporary_gzip(&scanned->temporary, "cut.gz", "bytes\n1\n2\n3\n4444444444\n", 28),
        temporary_text(&scanned->temporary, "z", "bytes\n9\n"),
    };

    scan_paths(scanned, paths, 3);
    assert_int_equal(scanned->error, 0);
    assert_non_null(strstr(scanned->said, "file:0 unreadable-file: "));
    assert_non_null(strstr(scanned->said, "cut.gz:0 unreadable-file: "));
    assert_non_null(strstr(scanned->records, "z:2||||bytes=9\n"));
    scan_paths(scanned, paths, 1);
    assert_int_equal(scanned->error, VW_ERROR_INPUT);
    mkdir(
        vw_arena_printf(&scanned->temporary.arena, "%s/empty", scanned->temporary.folder),
        0700);
    paths[0] =
        vw_arena_printf(&scanned->temporary.arena, "%s/empty", scanned->temporary.folder);
    scan_paths(scanned, paths, 1);
    assert_int_equal(scanned->error, VW_ERROR_INPUT);
    assert_string_equal(scanned->said, "empty:0 no-records: holds no file\n");
}

/* ---- columns of files without a header ---- */

static void formats_that_are_given(void **state)
{
    static const struct {
        const char *format;
        int error;
        const char *records;
        const char *said;
    } rows[] = {
        {"${srcaddr} ${bytes}", 0, "a:1||||srcaddr=10.0.0.1 bytes=7\n", ""},
        {"srcaddr bytes", 0, "a:1||||srcaddr=10.0.0.1 bytes=7\n", ""},
        {"${srcaddr} ${new-field}", 0, "a:1||||srcaddr=10.0.0.1 new-field=7\n",
         "a:0 unknown-flow-log-field: column 2: \"new-field\" is no field of flow logs "
         "that "
         "is known here\n"},
        {"${srcaddr}", VW_ERROR_INPUT, "",
         "a:1 damaged-line: expected 1 columns (the given format), found 2\n"
         "a:0 no-records: holds no flow log record\n"},
        {"nothing known", VW_ERROR_INPUT, "",
         ":0 flow-log-format: expected names of flow log fields such as ${srcaddr}, "
         "found "
         "none\n"},
        {NULL, VW_ERROR_INPUT, "",
         "a:1 damaged-line: expected 14 columns (the default format), found 2\n"
         "a:0 flow-log-format: no record is of the default format, and there is no "
         "header "
         "line; give the flow log's LogFormat\n"},
    };
    struct scanned *scanned = *state;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        scanned->options.format = rows[i].format;
        scan_text(scanned, "a", "10.0.0.1 7\n");
        assert_int_equal(scanned->error, rows[i].error);
        assert_string_equal(scanned->records, rows[i].records);
        assert_string_equal(scanned->said, rows[i].said);
    }
}

/* Fourteen columns of another format are not taken for the default one. */
static void the_default_must_fit(void **state)
{
    struct scanned *scanned = *state;

    scan_text(scanned, "a",
              "vpc-1 eni-1 10.0.0.1 10.0.0.2 1 2 6 3 4 1700000000 1700000060 x y z\n");
    assert_int_equal(scanned->error, VW_ERROR_INPUT);
    assert_string_equal(scanned->records, "");
    assert_non_null(
        strstr(scanned->said, "a:1 damaged-line: expected the default format: "));
}

#define GATEWAY_RECORD                                                                   \
    "6 TransitGateway 1 tgw-1 tgw-attach-1 1 2 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 "     \
    "eni-2 use1-az1 use1-az2 tgw-attach-2 10.0.0.1 10.1.0.1 1024 443 6 3 300 "           \
    "1700000000 1700000060 OK IPv4 1 0 0 0 2 us-east-1 ingress - -\n"

static void gateways_have_a_default_too(void **state)
{
    struct scanned *scanned = *state;

    scan_text(scanned, "a", GATEWAY_RECORD RECORD_1 "\n");
    assert_int_equal(scanned->error, 0);
    assert_int_equal(scanned->totals.records, 2);
    assert_non_null(strstr(scanned->records, " tgw-id=tgw-1 "));
    assert_non_null(strstr(scanned->records, " packets-lost-no-route=1 "));
    assert_non_null(strstr(scanned->records, " action=ACCEPT "));
    assert_non_null(strstr(scanned->said, "a:0 flow-log-format: "));
}

static const char *format_of(void *context, const struct vw_log_file *file,
                             struct vw_slice stream, struct vw_slice group)
{
    (void)context;
    assert_non_null(strrchr(file->path, '/'));
    if (vw_slice_is(group, "g") && vw_slice_is(stream, "eni-1-all"))
        return "${srcaddr} ${bytes}";
    if (vw_slice_is(stream, "eni-2-all"))
        return "${bytes} ${packets} ${dstaddr}";
    return NULL;
}

static void formats_of_log_streams(void **state)
{
    struct scanned *scanned = *state;

    scanned->options.format_of = format_of;
    scan_text(
        scanned, "a",
        "{\"logGroup\":\"g\",\"logStream\":\"eni-1-all\",\"logEvents\":[{\"message\":"
        "\"10.0.0.1 7\"}]}"
        "{\"logGroup\":\"h\",\"logStream\":\"eni-2-all\",\"logEvents\":[{\"message\":"
        "\"1 2 10.0.0.9\"}]}");
    assert_string_equal(scanned->said, "");
    assert_string_equal(scanned->records,
                        "a:1||eni-1-all|g|srcaddr=10.0.0.1 bytes=7\n"
                        "a:2||eni-2-all|h|bytes=1 packets=2 dstaddr=10.0.0.9\n");
    scan_text(scanned, "a", "2023-11-14T22:13:20Z eni-2-all 1 2 10.0.0.9\n");
    assert_string_equal(scanned->said, "");
    assert_string_equal(scanned->records,
                        "a:1|1700000000000|eni-2-all||bytes=1 packets=2 "
                        "dstaddr=10.0.0.9\n");
    scan_text(scanned, "task/eni-2-all/a", "2023-11-14T22:13:20Z 1 2 10.0.0.9\n");
    assert_string_equal(scanned->said, "");
    assert_string_equal(scanned->records,
                        "a:1|1700000000000|eni-2-all||bytes=1 packets=2 "
                        "dstaddr=10.0.0.9\n");
}

/* ---- damage ---- */

static void the_first_damaged_lines_are_shown(void **state)
{
    struct scanned *scanned = *state;

    scan_text(scanned, "a", "bytes packets\nx\n1 2\n1 2 3\n\ny\nz\n");
    assert_int_equal(scanned->error, 0);
    assert_int_equal(scanned->totals.damaged, 4);
    assert_string_equal(scanned->records, "a:3||||bytes=1 packets=2\n");
    assert_string_equal(
        scanned->said,
        "a:2 damaged-line: expected 2 columns (as the header line says), found 1\n"
        "a:4 damaged-line: expected 2 columns (as the header line says), found 3\n"
        "a:6 damaged-line: expected 2 columns (as the header line says), found 1\n"
        "a:0 damaged-lines: 4 lines could not be used; the first 3 are shown\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scanned_setup, scanned_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_tree_in_the_order_of_paths), TEST(objects_count_once),
        TEST(what_cannot_be_read_is_said),  TEST(formats_that_are_given),
        TEST(the_default_must_fit),         TEST(gateways_have_a_default_too),
        TEST(formats_of_log_streams),       TEST(the_first_damaged_lines_are_shown),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
