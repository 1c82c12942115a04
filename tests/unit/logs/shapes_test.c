/* The shapes in which log events and query results come, each told by its content. */
#include "logs/scanned.h"

#include <stdio.h>
#include <string.h>

#define FORMAT "${interface-id} ${srcaddr} ${bytes}"
#define ONE "eni-1 10.0.0.1 500"
#define TWO "eni-2 10.0.0.2 40"
#define CELLS_ONE "interface-id=eni-1 srcaddr=10.0.0.1 bytes=500\n"
#define CELLS_TWO "interface-id=eni-2 srcaddr=10.0.0.2 bytes=40\n"

#define EVENT(id, message)                                                               \
    "{\"logStreamName\":\"eni-1-all\",\"timestamp\":1700000000000,\"message\":"          \
    "\"" message "\",\"ingestionTime\":1700000360000,\"eventId\":\"" id "\"}"
#define TOLD(line, stream, group) "a:" line "|1700000000000|" stream "|" group "|"

static const struct shape {
    const char *text;
    const char *records; /* as scanned.h tells them */
    const char *said;
} shapes[] = {
    /* filter-log-events: pages one after the other, and in a list. */
    {"{\"events\":[" EVENT("1", ONE) "," EVENT("2", TWO) "],\"searchedLogStreams\":[]}",
     TOLD("1", "eni-1-all", "") CELLS_ONE TOLD("2", "eni-1-all", "") CELLS_TWO, ""},
    {"{\"events\":[" EVENT("1", ONE) "],\"nextToken\":\"x\"}{\"events\":[" EVENT(
         "2", TWO) "]}\n",
     TOLD("1", "eni-1-all", "") CELLS_ONE TOLD("2", "eni-1-all", "") CELLS_TWO, ""},
    {"{\"events\":[" EVENT("1", ONE) "],\"nextToken\":\"x\"}",
     TOLD("1", "eni-1-all", "") CELLS_ONE,
     "a:0 page-missing: its last page says that there are more events (nextToken)\n"},
    {"[{\"events\":[" EVENT("1", ONE) "]},\n {\"events\":[]}, {\"events\":[" EVENT(
         "2", TWO) "]}]",
     TOLD("1", "eni-1-all", "") CELLS_ONE TOLD("2", "eni-1-all", "") CELLS_TWO, ""},
    {"{\"events\":[" EVENT("1", ONE) "," EVENT("1", ONE) "]}",
     TOLD("1", "eni-1-all", "") CELLS_ONE,
     "a:0 repeated-records: events that were delivered twice and are counted once: 1\n"},
    /* get-log-events has no ids: the same line may be another event. */
    {"{\"events\":[{\"timestamp\":1700000000000,\"message\":\"" ONE
     "\",\"ingestionTime\":1700000000001},{\"timestamp\":1700000000000,\"message\":\"" ONE
     "\"}],\"nextForwardToken\":\"f/1\"}",
     TOLD("1", "", "") CELLS_ONE TOLD("2", "", "") CELLS_ONE, ""},
    /* What --query makes of it. */
    {"[\"" ONE "\", \"" TWO "\"]", "a:1||||" CELLS_ONE "a:2||||" CELLS_TWO, ""},
    {"[[1700000000000, \"" ONE "\"]]", TOLD("1", "", "") CELLS_ONE, ""},
    {EVENT("1", ONE) "\n" EVENT("2", TWO) "\n",
     TOLD("1", "eni-1-all", "") CELLS_ONE TOLD("2", "eni-1-all", "") CELLS_TWO, ""},
    /* --output text. */
    {"f/351\tb/351\nEVENTS\t1700000360000\t" ONE "\t1700000000000\n",
     TOLD("2", "", "") CELLS_ONE, ""},
    {"EVENTS\t1\t1700000360000\teni-1-all\t" ONE "\t1700000000000\n"
     "EVENTS\t1\t1700000360000\teni-1-all\t" ONE "\t1700000000000\n"
     "SEARCHEDLOGSTREAMS\teni-1-all\tTrue\n",
     TOLD("1", "eni-1-all", "") CELLS_ONE,
     "a:0 repeated-records: events that were delivered twice and are counted once: 1\n"},
    {"EVENTS\t1\t2\n", "",
     "a:1 damaged-line: expected EVENTS and 3 or 5 members of an event between tabs, "
     "found 2\na:0 no-records: holds no flow log record\n"},
    /* Subscriptions, with what only tests the way. */
    {"{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":\"CloudwatchLogs\",\"logGroup\":"
     "\"\","
     "\"logStream\":\"\",\"subscriptionFilters\":[],\"logEvents\":[{\"id\":\"\","
     "\"timestamp\":1,\"message\":\"CWL CONTROL MESSAGE: Checking health\"}]}"
     "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":"
     "\"eni-1-all\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[{\"id\":\"7\","
     "\"timestamp\":1700000000000,\"message\":\"" ONE "\"}]}",
     TOLD("1", "eni-1-all", "g") CELLS_ONE, ""},
    {"{\"logEvents\":[{\"id\":\"7\",\"timestamp\":1700000000000,\"message\":\"" ONE
     "\"}],\"logStream\":\"eni-1-all\",\"logGroup\":\"g\"}",
     TOLD("1", "eni-1-all", "g") CELLS_ONE, ""},
    /* Firehose. */
    {"{\"message\":\"" ONE "\"}\n{\"message\":\"" TWO "\"}\n",
     "a:1||||" CELLS_ONE "a:2||||" CELLS_TWO, ""},
    {"{\"message\":\"" ONE "\"}{\"message\":\"" TWO "\\n\"}",
     "a:1||||" CELLS_ONE "a:2||||" CELLS_TWO, ""},
    {ONE "\n" TWO "\n", "a:1||||" CELLS_ONE "a:2||||" CELLS_TWO, ""},
    /* Insights: JSON. */
    {"{\"results\":[[{\"field\":\"@timestamp\",\"value\":\"2023-11-14 22:13:20.000\"},"
     "{\"field\":\"srcAddr\",\"value\":\"10.0.0.1\"},{\"field\":\"count(*)\",\"value\":"
     "\"7\"}],[{\"field\":\"srcAddr\",\"value\":\"10.0.0.2\"}]],\"statistics\":{},"
     "\"status\":\"Complete\"}",
     "a:1|1700000000000|||@timestamp=2023-11-14 22:13:20.000 srcAddr=10.0.0.1 "
     "count(*)=7\na:2|||| srcAddr=10.0.0.2\n",
     ""},
    {"{\"results\":[[{\"field\":\"x\",\"value\":\"1\"},{\"field\":\"@ptr\",\"value\":"
     "\"p\"}],[{\"field\":\"x\",\"value\":\"1\"},{\"field\":\"@ptr\",\"value\":\"p\"}]],"
     "\"status\":\"Running\"}",
     "a:1||||x=1 @ptr=p\n",
     "a:0 query-not-complete: the status of the query is Running: its results are not "
     "all there\n"
     "a:0 repeated-records: events that were delivered twice and are counted once: 1\n"},
    {"{\"results\":[[{\"field\":\"@message\",\"value\":\"" ONE
     "\"},{\"field\":\"@logStream"
     "\",\"value\":\"eni-1-all\"},{\"field\":\"@log\",\"value\":\"123456789012:g\"}]]}",
     "a:1||eni-1-all|g|" CELLS_ONE, ""},
    /* Insights and the console: CSV. */
    {"@timestamp,@message,@log\n2023-11-14 22:13:20.000," ONE ",123456789012:g\n",
     "a:2|1700000000000||g|" CELLS_ONE, ""},
    {"timestamp,message\r\n1700000000000,\"" ONE "\n\"\r\n1700000000000," TWO "\r\n",
     "a:2|1700000000000|||" CELLS_ONE "a:4|1700000000000|||" CELLS_TWO, ""},
    {"srcAddr,\"count(*)\",bin(1h)\n10.0.0.1,5,\"a \"\"q\"\", b\"\n10.0.0.2,,x\n",
     "a:2||||srcAddr=10.0.0.1 count(*)=5 bin(1h)=a \"q\", b\n"
     "a:3||||srcAddr=10.0.0.2 bin(1h)=x\n",
     ""},
    {"\xef\xbb\xbf\"@message\"\n\"" ONE "\"\n\"@message\"\n" TWO,
     "a:2||||" CELLS_ONE "a:4||||" CELLS_TWO, ""},
    {"srcAddr,bytes\n10.0.0.1,\"5\n10.0.0.2,7\n10.0.0.3\n",
     "a:3||||srcAddr=10.0.0.2 bytes=7\n",
     "a:2 damaged-line: a quoted field does not end\n"
     "a:4 damaged-line: expected 2 columns (as the header line says), found 1\n"},
    {"srcAddr,\"bytes\n10.0.0.1,7\"\n1,2\n", "",
     "a:1 flow-log-format: a name in the header line does not end\n"},
    /* Beside logs in a bucket. */
    {"Permission Check Successful", "", ""},
};

static void every_shape(void **state)
{
    struct scanned *scanned = *state;
    size_t i;

    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        unsigned workers;

        for (workers = 1; workers <= 3; workers++) {
            scanned->options.format = FORMAT;
            scanned->options.workers = workers;
            scan_text(scanned, "a", shapes[i].text);
            assert_string_equal(scanned->records, shapes[i].records);
            assert_string_equal(scanned->said, shapes[i].said);
        }
    }
}

/* The service gives no more rows than that. */
static void a_result_that_was_cut(void **state)
{
    struct scanned *scanned = *state;
    static char text[20 * 10001];
    size_t size = (size_t)snprintf(text, sizeof text, "srcAddr,\"count(*)\"\n");
    unsigned i;

    for (i = 0; i < 10000; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "10.0.0.1,%u\n", i);
    scan_text(scanned, "a", text);
    assert_int_equal(scanned->totals.records, 10000);
    assert_string_equal(scanned->said,
                        "a:0 query-limit: holds 10000 rows, as many as a query gives "
                        "without a limit of its own: there may be more\n");
    snprintf(text + size, sizeof text - size, "10.0.0.1,7\n");
    scan_text(scanned, "a", text);
    assert_string_equal(scanned->said, "");
}

/* Whatever becomes of a byte: nothing is lost of which nothing is said. */
static void every_shape_changed(void **state)
{
    static const char others[] = " \n\t\"{}[],\\-x0\x80\r";
    struct scanned *scanned = *state;
    char text[2048];
    size_t i, at;

    scanned->options.format = FORMAT;
    scanned->options.workers = 1;
    for (i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t size = strlen(shapes[i].text);
        uint64_t seen;

        assert_in_range(size, 1, sizeof text);
        scan_text(scanned, "a", shapes[i].text);
        seen = scanned->totals.records + scanned->totals.repeated;
        for (at = i % 3; at < size; at += 3) {
            memcpy(text, shapes[i].text, size);
            text[at] = others[at % (sizeof others - 1)];
            scan_bytes(scanned, "a", text, size);
            if (scanned->totals.records + scanned->totals.repeated < seen)
                assert_string_not_equal(scanned->said, "");
            scan_bytes(scanned, "a", text, at);
        }
    }
}

static void what_is_no_log_is_named(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *said;
    } rows[] = {
        {"\xff\xfev\0e\0r\0", 8,
         "a:0 unsupported-flow-log: holds UTF-16 text; expected UTF-8\n"},
        {"PK\x03\x04\0\0", 6,
         "a:0 unsupported-flow-log: is a zip archive; expected the files in it\n"},
        {"\x01\x02\x03", 3,
         "a:0 unsupported-flow-log: holds binary data; expected a flow log\n"},
        {"\xd4\xc3\xb2\xa1\0", 5,
         "a:0 unsupported-flow-log: is a packet capture; expected a flow log\n"},
        {"name,price\nx,1\n", 15,
         "a:0 unsupported-flow-log: is CSV of which no column is known; expected flow "
         "log "
         "fields, @timestamp or message\n"},
        {"{\"Vpcs\":[]}", 11,
         "a:0 damaged-line: event 1: (line 1 of the file) expected log events: "
         "\"events\", \"logEvents\", \"results\" or \"message\"\n"
         "a:0 flow-log-format: no record is of the default format, and there is no "
         "header "
         "line; give the flow log's LogFormat\n"},
        {"", 0, "a:0 no-records: holds no flow log record\n"},
    };
    struct scanned *scanned = *state;
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        scan_bytes(scanned, "a", rows[i].bytes, rows[i].size);
        assert_string_equal(scanned->said, rows[i].said);
        assert_int_equal(scanned->error, VW_ERROR_INPUT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_shape, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_result_that_was_cut, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(every_shape_changed, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(what_is_no_log_is_named, scanned_setup,
                                        scanned_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
