/* Records in lines of text: headers, prefixes, columns, pieces. */
#include "logs/scanned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The two records as scanned.h tells them, with the numbers of their lines. */
#define CELLS_1                                                                          \
    "version=2 account-id=123456789012 interface-id=eni-1 srcaddr=10.0.0.1 "             \
    "dstaddr=10.0.0.2 srcport=40000 dstport=443 protocol=6 packets=5 bytes=500 "         \
    "start=1700000000 end=1700000060 action=ACCEPT log-status=OK\n"
#define CELLS_2                                                                          \
    "version=2 account-id=123456789012 interface-id=eni-2 srcaddr=10.0.0.3 "             \
    "dstaddr=10.0.0.2 srcport=40001 dstport=22 protocol=6 packets=1 bytes=40 "           \
    "start=1700000000 end=1700000060 action=REJECT log-status=OK\n"

#define ASSUMED                                                                          \
    "a:0 flow-log-format: has no header line and no format was given: its records are "  \
    "read as the default format, which they fit\n"

static void every_spelling_of_lines(void **state)
{
    static const struct {
        const char *text;
        const char *records;
    } rows[] = {
        {DEFAULT_HEADER "\n" RECORD_1 "\n" RECORD_2 "\n",
         "a:2||||" CELLS_1 "a:3||||" CELLS_2},
        {DEFAULT_HEADER "\n" RECORD_1 "\n" RECORD_2, "a:2||||" CELLS_1 "a:3||||" CELLS_2},
        {DEFAULT_HEADER "\r\n" RECORD_1 "\r\n" RECORD_2 "\r\n",
         "a:2||||" CELLS_1 "a:3||||" CELLS_2},
        {"\xef\xbb\xbf" DEFAULT_HEADER "\n" RECORD_1 "\n", "a:2||||" CELLS_1},
        {"\n\n" DEFAULT_HEADER "\n\n" RECORD_1 "\n\n", "a:5||||" CELLS_1},
        {DEFAULT_HEADER "\n" RECORD_1 "\n" DEFAULT_HEADER "\n" RECORD_2 "\n",
         "a:2||||" CELLS_1 "a:4||||" CELLS_2},
        {DEFAULT_HEADER "\n  2 123456789012  eni-1 10.0.0.1 10.0.0.2 40000 443\t6 5 500 "
                        "1700000000 1700000060 ACCEPT OK \n",
         "a:2||||" CELLS_1},
        {DEFAULT_HEADER "\n" RECORD_1 "\nsrcaddr bytes\n10.9.9.9 7\n",
         "a:2||||" CELLS_1 "a:4||||srcaddr=10.9.9.9 bytes=7\n"},
    };
    struct scanned *scanned = *state;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        scan_text(scanned, "a", rows[i].text);
        assert_int_equal(scanned->error, 0);
        assert_string_equal(scanned->said, "");
        assert_string_equal(scanned->records, rows[i].records);
        assert_int_equal(scanned->totals.damaged, 0);
    }
}

static void what_stands_before_a_record(void **state)
{
    static const struct {
        const char *prefix;
        const char *told;
    } rows[] = {
        {"", "a:1||||"},
        {"2023-11-14T22:13:20.000Z ", "a:1|1700000000000|||"},
        {"2023-11-14T22:13:20+00:00 eni-1-all ", "a:1|1700000000000|eni-1-all||"},
        {"2023-11-14T22:13:20.250000+00:00 tgw-attach-1-accept ",
         "a:1|1700000000250|tgw-attach-1-accept||"},
        {"2023-11-14T22:13:20 ", "a:1|1700000000000|||"},
        {"2023-11-14 22:13:20.000 ", "a:1|1700000000000|||"},
        {"1700000000000\t", "a:1|1700000000000|||"},
    };
    struct scanned *scanned = *state;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512], expected[1024];

        snprintf(text, sizeof text, "%s%s\n", rows[i].prefix, RECORD_1);
        snprintf(expected, sizeof expected, "%s%s", rows[i].told, CELLS_1);
        scan_text(scanned, "a", text);
        assert_int_equal(scanned->error, 0);
        assert_string_equal(scanned->said, ASSUMED);
        assert_string_equal(scanned->records, expected);
    }
}

/* One line a page, as --query 'events[].message' --output text prints it. */
static void tabs_between_records(void **state)
{
    struct scanned *scanned = *state;

    scan_text(scanned, "a", RECORD_1 "\t" RECORD_2 "\n" RECORD_1 "\t" RECORD_2 "\tx\n");
    assert_int_equal(scanned->error, 0);
    assert_string_equal(scanned->records, "a:1||||" CELLS_1 "a:2||||" CELLS_2
                                          "a:3||||" CELLS_1 "a:4||||" CELLS_2);
    assert_string_equal(
        scanned->said,
        "a:0 damaged-line: event 5: expected 14 columns (the default format), found "
        "1\n" ASSUMED);
    /* Columns may have tabs between them. */
    scan_text(scanned, "a", "bytes\tsrcaddr packets\tend\n7\t10.0.0.1\t8\t9\n");
    assert_string_equal(scanned->records,
                        "a:2||||bytes=7 srcaddr=10.0.0.1 packets=8 end=9\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_spelling_of_lines, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(tabs_between_records, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(what_stands_before_a_record, scanned_setup,
                                        scanned_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
