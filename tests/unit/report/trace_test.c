/* The two writers of a trace: order of what they tell, escaping, layout. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "report/sample.h"

/* Each of `wanted` behind the one before it; ends with NULL. */
static void assert_in_order(const char *text, const char *const *wanted)
{
    const char *at = text;

    for (; *wanted; wanted++) {
        const char *found = strstr(at, *wanted);

        if (!found)
            fail_msg("\"%s\" is not, or not there, in:\n%s", *wanted, text);
        at = found + strlen(*wanted);
    }
}

static void text_tells_verdict_hops_reasons_fix(void **state)
{
    static const char *const wanted[] = {
        "BLOCKED  10.1.10.14 (instance-1, eni-08a2435a5f43c260e) -> 10.2.2.61  "
        "icmp echo request\n",
        "\nRequest: blocked\n",
        "      ok  instance          i-0a1b2c3d4e5f60718 (instance-1)   the instance is "
        "running\n",
        "      ok  route table       rtb-0a1b2c3d4e5f60718 (public-1)   0.0.0.0/0 -> "
        "igw-",
        " >> DROP  internet gateway  igw-0f3b2c1d0e9f8a7b6\n          the internet "
        "gateway "
        "drops",
        "          IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS\n"
        "          internet-gateways.json: /InternetGateways/0\n",
        "\nReply: blocked, if the request had arrived\n",
        "\nWhy\n  1. 10.2.2.61 is in no route",
        "route-tables.json: /RouteTables/0/Routes/1\n  2. no route of vpc-2",
        "NO_ROUTE_TO_DESTINATION  rtb-0b1b2c3d4e5f60718  (reply)\n",
        "\nAssumed\n  - the host firewalls",
        "\nFix\n  peer vpc-1 with vpc-2",
        "    aws ec2 create-vpc-peering-connection",
        "    aws ec2 create-route --route-table-id rtb-0a1b2c3d4e5f60718 \\\n        "
        "--destination-cidr-block",
        "  proved: applied to a copy of the network, the packet then passes there and "
        "back\n",
        NULL};
    struct vw_trace trace = sample_trace();
    char *text = written_trace_text(&trace, false);
    const char *line;

    (void)state;
    assert_in_order(text, wanted);
    for (line = text; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 100);
    free(text);
}

static void set_is_told_part_by_part(void **state)
{
    static const char *const wanted[] = {
        "PARTIAL  ",
        "\nWhich part fares how\n",
        "  1. reachable  to 10.2.2.61\n",
        "  2. blocked    to 10.2.0.0-10.2.2.60\n",
        "why 1 IGW_",
        ", 2 NO_ROUTE",
        "  3. unknown    to 10.3.0.0/16\n                why ?1 UNKNOWN_RESOURCE\n",
        "What one packet of part 2 meets:\n",
        "to decide, add: aws ec2 describe-transit",
        NULL};
    struct vw_trace trace = sample_set();
    char *text = written_trace_text(&trace, false);

    (void)state;
    assert_in_order(text, wanted);
    free(text);
}

static void json_is_the_contract(void **state)
{
    static const char *const keys[] = {"schema", "question",    "verdict",     "forward",
                                       "return", "pieces",      "blockers",    "unknowns",
                                       "fixes",  "assumptions", "predictions", "inputs"};
    struct vw_trace trace = sample_set();
    char *text = written_trace_json(&trace);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    const char *key;
    json_t *value;
    size_t count = 0;

    (void)state;
    assert_non_null(json);
    json_object_foreach(json, key, value) assert_string_equal(key, keys[count++]);
    assert_int_equal(count, sizeof keys / sizeof *keys);
    value = json_array_get(json_object_get(json, "pieces"), 1);
    assert_int_equal(json_array_size(json_object_get(value, "blockers")), 2);
    assert_int_equal(json_array_size(json_object_get(value, "to")), 6);
    value = json_object_get(json_object_get(json, "forward"), "steps");
    value = json_object_get(json_array_get(value, 3), "rule");
    assert_int_equal(json_integer_value(json_object_get(value, "entry")), 1);
    assert_int_equal(text[strlen(text) - 1], '\n');
    json_decref(json);
    free(text);
}

/* A wanted packet that fares one way has no pieces; a way not walked has no verdict. */
static void json_leaves_nothing_undefined(void **state)
{
    struct vw_trace trace = sample_trace();
    json_t *json, *reply, *steps;
    char *text;

    (void)state;
    trace.reply = (struct vw_leg){0};
    text = written_trace_json(&trace);
    json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    assert_null(json_object_get(json, "pieces"));
    reply = json_object_get(json, "return");
    assert_true(json_is_null(json_object_get(reply, "verdict")));
    assert_int_equal(json_array_size(json_object_get(reply, "steps")), 0);
    steps = json_object_get(json_object_get(json, "forward"), "steps");
    assert_true(json_is_null(json_object_get(json_array_get(steps, 0), "source")));
    assert_true(json_is_null(json_object_get(json_array_get(steps, 0), "code")));
    json_decref(json);
    free(text);
}

static void reply_not_walked_is_said(void **state)
{
    struct vw_trace trace = sample_trace();
    char *text;

    (void)state;
    trace.reply = (struct vw_leg){0};
    text = written_trace_text(&trace, false);
    assert_non_null(strstr(text, "\nReply: none is due\n"));
    free(text);
    trace.one_way = true;
    text = written_trace_text(&trace, false);
    assert_non_null(strstr(text, "\nReply: not asked about (--one-way)\n"));
    free(text);
}

static void traffic_is_named(void **state)
{
    static const struct {
        int protocol, type, code;
        bool ports;
        struct vw_port_range port;
        const char *wanted;
    } cases[] = {
        {1, 8, -1, false, {0, 0}, "  icmp echo request\n"},
        {1, 8, 0, false, {0, 0}, "  icmp echo request\n"},
        {1, 8, 8, false, {0, 0}, "  icmp type 8 code 8\n"},
        {1, 3, -1, false, {0, 0}, "  icmp type 3\n"},
        {1, -1, -1, false, {0, 0}, "  icmp, all types\n"},
        {58, 128, 0, false, {0, 0}, "  icmpv6 echo request\n"},
        {6, -1, -1, true, {443, 443}, "  tcp port 443, from ports 32768-60999\n"},
        {17, -1, -1, true, {53, 54}, "  udp ports 53-54, from ports 32768-60999\n"},
        {50, -1, -1, false, {0, 0}, "  protocol 50\n"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct vw_trace trace = sample_trace();
        char *text;

        trace.protocol = cases[i].protocol;
        trace.icmp_type = cases[i].type;
        trace.icmp_code = cases[i].code;
        trace.has_ports = cases[i].ports;
        trace.ports = cases[i].port;
        trace.source_ports = (struct vw_port_range){32768, 60999};
        text = written_trace_text(&trace, false);
        text[strcspn(text, "\n") + 1] = '\0';
        assert_string_equal(text + strlen(text) - strlen(cases[i].wanted),
                            cases[i].wanted);
        free(text);
    }
}

static void hostile_names_do_not_reach_the_terminal(void **state)
{
    struct vw_trace trace = sample_trace();
    struct vw_step step = trace.forward.steps[0];
    char *text;
    size_t i;

    (void)state;
    step.component = "\033]0;x\a";
    step.component_name = "a\nBLOCKED\x9b";
    step.sentence = "\xe2\x80\xaeq\r\xff";
    trace.forward.steps = &step;
    trace.forward.step_count = 1;
    trace.from.name = "\033[2J";
    text = written_trace_text(&trace, false);
    for (i = 0; text[i]; i++)
        assert_true(text[i] == '\n' || (text[i] >= 0x20 && text[i] < 0x7f));
    assert_non_null(strstr(text, "\\x1b]0;x\\x07 (a\\x0aBLOCKED\\x9b)"));
    assert_non_null(strstr(text, "\\u202eq\\x0d\\xff"));
    free(text);
}

/* Without its escape sequences the coloured text is the plain one. */
static void colour_only_adds(void **state)
{
    struct vw_trace trace = sample_set();
    char *plain = written_trace_text(&trace, false);
    char *coloured = written_trace_text(&trace, true);
    size_t from, to = 0;

    (void)state;
    assert_null(strchr(plain, '\033'));
    assert_non_null(strchr(coloured, '\033'));
    for (from = 0; coloured[from]; from++) {
        if (coloured[from] == '\033')
            from += strcspn(coloured + from, "m");
        else
            coloured[to++] = coloured[from];
    }
    coloured[to] = '\0';
    assert_string_equal(coloured, plain);
    free(plain);
    free(coloured);
}

static void full_disk_is_told(void **state)
{
    static const struct vw_report_style plain = {false, false};
    struct vw_trace trace = sample_trace();
    FILE *out = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(out);
    assert_int_equal(setvbuf(out, NULL, _IONBF, 0), 0);
    assert_int_equal(vw_report_trace_text(&trace, plain, out), VW_ERROR_OUTPUT);
    assert_int_equal(vw_report_trace_json(&trace, out), VW_ERROR_OUTPUT);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_tells_verdict_hops_reasons_fix),
        cmocka_unit_test(set_is_told_part_by_part),
        cmocka_unit_test(json_is_the_contract),
        cmocka_unit_test(json_leaves_nothing_undefined),
        cmocka_unit_test(reply_not_walked_is_said),
        cmocka_unit_test(traffic_is_named),
        cmocka_unit_test(hostile_names_do_not_reach_the_terminal),
        cmocka_unit_test(colour_only_adds),
        cmocka_unit_test(full_disk_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
