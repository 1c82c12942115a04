/* Predictions and records to findings: a table of situations, each with its witnesses and
 * with one of them swapped for one that says otherwise. */
#include "crosscheck/flow_fixture.h"

#include <stdio.h>
#include <string.h>

#define LOG VW_EVIDENCE_FLOW_LOG
#define CAP VW_EVIDENCE_CAPTURE
#define PING VW_EVIDENCE_PING
#define NMAP VW_EVIDENCE_NMAP
#define F VW_FORWARD
#define R VW_RETURN
#define SEEN VW_FLOW_ACTION_SEEN
#define ACC VW_FLOW_ACTION_ACCEPT
#define REJ VW_FLOW_ACTION_REJECT
#define ICMP 1
#define TCP 6

/* What one finding must be. */
struct wanted {
    enum vw_evidence_kind kind;
    const char *vantage;
    enum vw_direction flow;
    const char *result;
};

struct check {
    const char *name;
    enum situation situation;
    int protocol;
    struct seen_row rows[8];
    struct seen_span spans[6];
    const char *conclusion;
    struct wanted wanted[6];
    const char *says; /* words of the diagnosis */
};

static const struct check checks[] = {
    {"ping answered, as predicted",
     REACHABLE,
     ICMP,
     {{PING, NULL, F, SEEN, 5, 0, 0, 0, 1, 0}, {PING, NULL, R, SEEN, 5, 0, 0, 0, 1, 0}},
     {{PING, NULL, 0, 1, 5, 0, 0, false, false}},
     "consistent",
     {{PING, NULL, R, "agrees"}},
     "the round trip works"},
    {"ping unanswered, where it should be answered",
     REACHABLE,
     ICMP,
     {{PING, NULL, F, SEEN, 5, 0, 0, 0, 1, 0}},
     {{PING, NULL, 0, 1, 5, 0, 0, false, false}},
     "contradicted",
     {{PING, NULL, R, "contradicts"}},
     "Take a capture at B"},
    {"two requests unanswered are too few",
     REACHABLE,
     ICMP,
     {{PING, NULL, F, SEEN, 2, 0, 0, 0, 1, 0}},
     {{PING, NULL, 0, 1, 2, 0, 0, false, false}},
     "inconclusive",
     {{PING, NULL, R, "unknown"}},
     "too few"},
    {"ping unanswered, as predicted",
     NO_PEERING,
     ICMP,
     {{PING, NULL, F, SEEN, 5, 0, 0, 0, 1, 0}},
     {{PING, NULL, 0, 1, 5, 0, 0, false, false}},
     "consistent",
     {{PING, NULL, R, "agrees"}},
     "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS at igw-1"},
    {"ping answered, where it should not be",
     NO_PEERING,
     ICMP,
     {{PING, NULL, F, SEEN, 5, 0, 0, 0, 1, 0}, {PING, NULL, R, SEEN, 5, 0, 0, 0, 1, 0}},
     {{PING, NULL, 0, 1, 5, 0, 0, false, false}},
     "contradicted",
     {{PING, NULL, R, "contradicts"}},
     "the export is not of that time"},
    {"request accepted at A, NODATA at B",
     NO_PEERING,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
      {LOG, "eni-b", 1000, 1060, 0, 1, 0, false, false}},
     "consistent",
     {{LOG, "eni-a", F, "agrees"},
      {LOG, "eni-b", F, "agrees"},
      {LOG, "eni-b", R, "agrees"},
      {LOG, "eni-a", R, "agrees"}},
     "did not reach B"},
    {"request accepted at B, where it should not arrive",
     NO_PEERING,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0},
      {LOG, "eni-b", F, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
      {LOG, "eni-b", 1000, 1060, 1, 0, 0, false, false}},
     "contradicted",
     {{LOG, "eni-b", F, "contradicts"}},
     "The network brought a request to B"},
    {"request rejected at B, where it should not even arrive",
     NO_PEERING,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0},
      {LOG, "eni-b", F, REJ, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
      {LOG, "eni-b", 1000, 1060, 1, 0, 0, false, false}},
     "contradicted",
     {{LOG, "eni-b", F, "contradicts"}},
     "The network brought a request to B"},
    {"SKIPDATA at B proves nothing",
     NO_PEERING,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
      {LOG, "eni-b", 1000, 1060, 0, 0, 1, false, false}},
     "consistent",
     {{LOG, "eni-a", F, "agrees"}, {LOG, "eni-b", F, "unknown"}},
     "SKIPDATA"},
    {"B's log of another hour proves nothing",
     REACHABLE,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
      {LOG, "eni-b", 9000, 9060, 3, 0, 0, false, false}},
     "contradicted", /* by the missing reply at A */
     {{LOG, "eni-b", F, "unknown"}, {LOG, "eni-a", R, "contradicts"}},
     "does not reach the time"},
    {"B's interface is in no file",
     REACHABLE,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0},
      {LOG, "eni-a", R, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 2, 0, 0, false, false}},
     "consistent",
     {{LOG, "eni-a", F, "agrees"},
      {LOG, "eni-b", F, "unknown"},
      {LOG, "eni-a", R, "agrees"}},
     "no line of eni-b"},
    {"a log of ACCEPT shows no REJECT",
     GROUP_CLOSED,
     ICMP,
     {{LOG, "eni-a", F, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 1, 0, 0, false, false},
      {LOG, "eni-b", 1000, 1060, 1, 0, 0, false, true}},
     "consistent",
     {{LOG, "eni-b", F, "unknown"}},
     "ACCEPT records only"},
    {"rejected at B, as predicted",
     GROUP_CLOSED,
     ICMP,
     {{LOG, "eni-b", F, REJ, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-b", 1000, 1060, 1, 0, 0, false, false}},
     "consistent",
     {{LOG, "eni-b", F, "agrees"}},
     "ENI_SG_RULES_MISMATCH at eni-b"},
    {"a tracked ping may outlive the rule",
     GROUP_CLOSED,
     ICMP,
     {{LOG, "eni-b", F, ACC, 5, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-b", 900, 1060, 1, 0, 0, false, false}},
     "inconclusive",
     {{LOG, "eni-b", F, "unknown"}},
     NULL},
    {"a ping that began long after the log is no old one",
     GROUP_CLOSED,
     ICMP,
     {{LOG, "eni-b", F, ACC, 5, 9000, 9005, 0, 0, 0}},
     {{LOG, "eni-b", 900, 9060, 9, 0, 0, false, false}},
     "contradicted",
     {{LOG, "eni-b", F, "contradicts"}},
     "ENI_SG_RULES_MISMATCH"},
    {"a SYN accepted contradicts a closed group",
     GROUP_CLOSED,
     TCP,
     {{LOG, "eni-b", F, ACC, 5, 1000, 1005, 2, 0, 0}},
     {{LOG, "eni-b", 900, 1060, 1, 0, 0, false, false}},
     "contradicted",
     {{LOG, "eni-b", F, "contradicts"}},
     NULL},
    {"packets without a SYN do not",
     GROUP_CLOSED,
     TCP,
     {{LOG, "eni-b", F, ACC, 5, 1000, 1005, 1, 0, 0}},
     {{LOG, "eni-b", 900, 1060, 1, 0, 0, false, false}},
     "inconclusive",
     {{LOG, "eni-b", F, "unknown"}},
     NULL},
    {"a SYN rejected contradicts an open group",
     REACHABLE,
     TCP,
     {{LOG, "eni-b", F, REJ, 1, 1000, 1005, 2, 0, 0}},
     {{LOG, "eni-b", 900, 1060, 1, 0, 0, false, false}},
     "contradicted",
     {{LOG, "eni-b", F, "contradicts"}},
     "eni-b rejected the request"},
    {"a REJECT after the close does not",
     REACHABLE,
     TCP,
     {{LOG, "eni-b", F, REJ, 3, 1000, 1005, 4, 0, 0}},
     {{LOG, "eni-b", 900, 1060, 1, 0, 0, false, false}},
     "inconclusive",
     {{LOG, "eni-b", F, "unknown"}},
     NULL},
    {"one REJECT without flags does not, several do",
     REACHABLE,
     TCP,
     {{LOG, "eni-b", F, REJ, 1, 1000, 1005, 0, 0, 0}},
     {{LOG, "eni-b", 900, 1060, 1, 0, 0, false, false}},
     "inconclusive",
     {{LOG, "eni-b", F, "unknown"}},
     NULL},
    {"ACCEPT, then REJECT: the export is of before",
     REACHABLE,
     ICMP,
     {{LOG, "eni-b", F, ACC, 5, 1000, 1100, 0, 0, 0},
      {LOG, "eni-b", F, REJ, 5, 1200, 1300, 0, 0, 0}},
     {{LOG, "eni-b", 900, 1400, 2, 0, 0, false, false}},
     "contradicted",
     {{LOG, "eni-b", F, "contradicts"}},
     "the export shows the state before it"},
    {"REJECT, then ACCEPT: the export is of after",
     REACHABLE,
     ICMP,
     {{LOG, "eni-b", F, REJ, 5, 1000, 1100, 0, 0, 0},
      {LOG, "eni-b", F, ACC, 5, 1200, 1300, 0, 0, 0}},
     {{LOG, "eni-b", 900, 1400, 2, 0, 0, false, false}},
     "consistent",
     {{LOG, "eni-b", F, "agrees"}},
     "the export shows the state after it"},
    {"ACCEPT and REJECT in one window have no order",
     REACHABLE,
     ICMP,
     {{LOG, "eni-b", F, REJ, 5, 1000, 1100, 0, 0, 0},
      {LOG, "eni-b", F, ACC, 5, 1000, 1100, 0, 0, 0}},
     {{LOG, "eni-b", 900, 1400, 2, 0, 0, false, false}},
     "inconclusive",
     {{LOG, "eni-b", F, "unknown"}},
     "do not say which way"},
    {"the documented ping: ACCEPT in, REJECT out",
     ACL_CLOSED,
     ICMP,
     {{LOG, "eni-b", F, ACC, 5, 1000, 1100, 0, 0, 0},
      {LOG, "eni-b", R, REJ, 5, 1000, 1100, 0, 0, 0}},
     {{LOG, "eni-b", 900, 1400, 2, 0, 0, false, false}},
     "consistent",
     {{LOG, "eni-b", F, "agrees"}, {LOG, "eni-b", R, "agrees"}},
     "SUBNET_ACL_RESTRICTION at acl-b"},
    {"captures at both ends, reply lost as predicted",
     NO_WAY_BACK,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "right", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "right", R, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, false, false},
      {CAP, "right", 1000, 1004, 10, 0, 0, false, false}},
     "consistent",
     {{CAP, "left", F, "agrees"},
      {CAP, "right", F, "agrees"},
      {CAP, "right", R, "agrees"},
      {CAP, "left", R, "agrees"}},
     "lost on the way back, as the export explains"},
    {"reply left B and is missing at A, unexplained",
     REACHABLE,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "right", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "right", R, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, false, false},
      {CAP, "right", 1000, 1004, 10, 0, 0, false, false}},
     "contradicted",
     {{CAP, "right", R, "agrees"}, {CAP, "left", R, "contradicts"}},
     "B's outbound network ACL and route back"},
    {"request arrived, host sent no reply",
     REACHABLE,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "right", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {PING, NULL, F, SEEN, 5, 0, 0, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, false, false},
      {CAP, "right", 1000, 1004, 5, 0, 0, false, false},
      {PING, NULL, 0, 1, 5, 0, 0, false, false}},
     "consistent",
     {{CAP, "right", F, "agrees"},
      {CAP, "right", R, "unknown"},
      {CAP, "left", R, "unknown"},
      {PING, NULL, R, "unknown"}},
     "the host's own doing"},
    {"request arrived against the export, and the host sent no reply",
     NO_PEERING,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "right", F, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, false, false},
      {CAP, "right", 1000, 1004, 5, 0, 0, false, false}},
     "contradicted",
     {{CAP, "right", F, "contradicts"}, {CAP, "right", R, "agrees"}},
     "the host's own doing"},
    {"request left A and B's capture has other packets only",
     REACHABLE,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, false, false},
      {CAP, "right", 990, 1010, 7, 0, 0, false, false}},
     "contradicted",
     {{CAP, "left", F, "agrees"},
      {CAP, "right", F, "contradicts"},
      {CAP, "right", R, "silent"},
      {CAP, "left", R, "contradicts"}},
     "look at A's outbound rules"},
    {"B's capture is empty: nothing proved",
     NO_PEERING,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, false, false},
      {CAP, "right", 0, 1, 0, 0, 0, false, false}},
     "consistent",
     {{CAP, "right", F, "unknown"}, {CAP, "left", R, "agrees"}},
     "empty"},
    {"A's capture is cut: no reply proves nothing",
     NO_PEERING,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 5, 0, 0, true, false}},
     "consistent",
     {{CAP, "left", F, "agrees"}, {CAP, "left", R, "unknown"}},
     "cut or damaged"},
    {"a reply at A that should be lost",
     NO_WAY_BACK,
     ICMP,
     {{CAP, "left", F, SEEN, 5, 1000, 1004, 0, 1, 0},
      {CAP, "left", R, SEEN, 5, 1000, 1004, 0, 1, 0}},
     {{CAP, "left", 1000, 1004, 10, 0, 0, false, false}},
     "contradicted",
     {{CAP, "left", R, "contradicts"}},
     "NO_ROUTE_TO_DESTINATION at rtb-b"},
    {"a last request is undecided",
     NO_WAY_BACK,
     ICMP,
     {{CAP, "left", F, SEEN, 1, 1000, 1000, 0, 1, 0}},
     {{CAP, "left", 1, 1000, 9, 0, 0, false, false}},
     "consistent",
     {{CAP, "left", R, "unknown"}},
     "undecided"},
    {"nmap refused is a round trip",
     REACHABLE,
     TCP,
     {{NMAP, NULL, F, SEEN, 1, 0, 0, 0, 0, 0}, {NMAP, NULL, R, SEEN, 1, 0, 0, 4, 0, 0}},
     {{NMAP, NULL, 0, 1, 2, 0, 0, false, false}},
     "consistent",
     {{NMAP, NULL, R, "agrees"}},
     NULL},
    {"nmap filtered, where the port is open",
     REACHABLE,
     TCP,
     {{NMAP, NULL, F, SEEN, 1, 0, 0, 0, 0, 0}},
     {{NMAP, NULL, 0, 1, 2, 0, 0, false, false}},
     "contradicted",
     {{NMAP, NULL, R, "contradicts"}},
     NULL},
    {"nothing was tried",
     REACHABLE,
     ICMP,
     {{LOG, NULL, F, SEEN, 0, 0, 0, 0, 0, 0}},
     {{LOG, "eni-a", 1000, 1060, 4, 0, 0, false, false}},
     "inconclusive",
     {{LOG, "eni-a", F, "silent"}},
     "Nothing recorded decides"},
    {"the first reply is sequence 459",
     REACHABLE,
     ICMP,
     {{PING, NULL, F, SEEN, 463, 0, 0, 0, 1, 0},
      {PING, NULL, R, SEEN, 5, 0, 0, 0, 459, 458}},
     {{PING, NULL, 0, 1, 5, 0, 0, true, false}},
     "consistent",
     {{PING, NULL, R, "agrees"}},
     "the first reply is sequence 459; the 458 requests before it got no answer that was "
     "printed"},
    {"a transcript that begins in the middle claims less",
     REACHABLE,
     ICMP,
     {{PING, NULL, F, SEEN, 463, 0, 0, 0, 1, 0},
      {PING, NULL, R, SEEN, 5, 0, 0, 0, 459, 0}},
     {{PING, NULL, 0, 1, 5, 0, 0, true, false}},
     "consistent",
     {{PING, NULL, R, "agrees"}},
     "does not stand in it"},
    {"nothing is predicted",
     TO_NOBODY,
     ICMP,
     {{PING, NULL, F, SEEN, 5, 0, 0, 0, 1, 0}},
     {{PING, NULL, 0, 1, 5, 0, 0, false, false}},
     "inconclusive",
     {{0}},
     "predicts nothing"},
};

static bool one_holds(const struct check *check)
{
    struct flow flow;
    bool good = true;

    flow_open(&flow, check->situation, check->protocol);
    flow_see(&flow, check->rows, sizeof check->rows / sizeof *check->rows);
    flow_cover(&flow, check->spans, sizeof check->spans / sizeof *check->spans);
    flow_run(&flow);
    if (strcmp(vw_conclusion_slug(flow.result->conclusion), check->conclusion) != 0) {
        print_error("%s: %s\n", check->name, vw_conclusion_slug(flow.result->conclusion));
        good = false;
    }
    for (size_t i = 0; i < 6 && check->wanted[i].result != NULL; i++) {
        const struct wanted *wanted = &check->wanted[i];
        const char *found =
            flow_finding(&flow, wanted->kind, wanted->vantage, wanted->flow);

        if (strcmp(found, wanted->result) != 0) {
            print_error("%s: finding %zu is %s\n", check->name, i, found);
            good = false;
        }
    }
    if (check->says != NULL && !flow_says(&flow, check->says)) {
        print_error("%s: the diagnosis lacks \"%s\"\n", check->name, check->says);
        for (size_t i = 0; i < flow.result->diagnosis_count; i++)
            print_error("  %s\n", flow.result->diagnosis[i]);
        good = false;
    }
    flow_close(&flow);
    return good;
}

static void records_come_to_findings(void **state)
{
    size_t bad = 0;

    (void)state;
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        bad += !one_holds(&checks[i]);
    assert_int_equal(bad, 0);
}

/* A transcript of another host is said to be one, and decides nothing. */
static void other_flows_decide_nothing(void **state)
{
    const struct seen_row row = {PING, NULL, R, SEEN, 5, 0, 0, 0, 1, 0};
    struct flow flow;

    (void)state;
    flow_open(&flow, REACHABLE, ICMP);
    flow.trace.protocol = 17; /* the row is of UDP, the question of ICMP */
    flow_see(&flow, &row, 1);
    flow.trace.protocol = ICMP;
    flow_cover(&flow, &(struct seen_span){PING, NULL, 0, 1, 5, 0, 0, false, false}, 1);
    flow_run(&flow);
    assert_int_equal(flow.result->conclusion, VW_CONCLUSION_INCONCLUSIVE);
    assert_true(flow_says(&flow, "another flow"));
    flow_close(&flow);
}

static void captures_elsewhere_are_named(void **state)
{
    struct flow flow;

    (void)state;
    flow_open(&flow, REACHABLE, ICMP);
    flow_cover(&flow, &(struct seen_span){CAP, "middle", 1, 9, 5, 0, 0, false, false}, 1);
    flow_run(&flow);
    assert_int_equal(flow.result->finding_count, 0);
    assert_int_equal(vw_diagnostics_count(flow.diagnostics), 1);
    assert_string_equal(vw_diagnostics_get(flow.diagnostics, 0)->code,
                        "capture-elsewhere");
    flow_close(&flow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_to_findings),
        cmocka_unit_test(other_flows_decide_nothing),
        cmocka_unit_test(captures_elsewhere_are_named),
    };

    return cmocka_run_group_tests_name("crosscheck", tests, NULL, NULL);
}
