/* Results built by hand; see sample.h. */
#include "report/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct vw_fact route_facts[] = {
    {"destination", "0.0.0.0/0", false},
    {"target", "igw-0f3b2c1d0e9f8a7b6", false},
    {"entry", "1", true},
};

static const struct vw_step forward_steps[] = {
    {.kind = VW_STEP_INSTANCE,
     .decision = VW_DECISION_FORWARD,
     .component = "i-0a1b2c3d4e5f60718",
     .component_name = "instance-1",
     .sentence = "the instance is running"},
    {.kind = VW_STEP_SECURITY_GROUP,
     .decision = VW_DECISION_ALLOW,
     .component = "sg-0a1b2c3d4e5f60718",
     .component_name = "instance-1",
     .rule_text = "out: all traffic to 0.0.0.0/0",
     .source = {"security-groups.json", "/SecurityGroups/0/IpPermissionsEgress/0"},
     .sentence = "a rule lets all traffic out"},
    {.kind = VW_STEP_NETWORK_ACL,
     .decision = VW_DECISION_ALLOW,
     .component = "acl-0a1b2c3d4e5f60718",
     .rule_text = "out: rule 100 allows all traffic to 0.0.0.0/0",
     .sentence = "rule 100 admits it"},
    {.kind = VW_STEP_ROUTE_TABLE,
     .decision = VW_DECISION_FORWARD,
     .component = "rtb-0a1b2c3d4e5f60718",
     .component_name = "public-1",
     .rule_text = "0.0.0.0/0 -> igw-0f3b2c1d0e9f8a7b6",
     .facts = route_facts,
     .fact_count = COUNT(route_facts),
     .source = {"route-tables.json", "/RouteTables/0/Routes/1"},
     .sentence = "the default route catches 10.2.2.61"},
    {.kind = VW_STEP_INTERNET_GATEWAY,
     .decision = VW_DECISION_DROP,
     .reason = VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS,
     .component = "igw-0f3b2c1d0e9f8a7b6",
     .source = {"internet-gateways.json", "/InternetGateways/0"},
     .sentence = "the internet gateway drops packets to private addresses, and 10.2.2.61 "
                 "is one (10.0.0.0/8)"},
};

static const struct vw_step reply_steps[] = {
    {.kind = VW_STEP_ROUTE_TABLE,
     .decision = VW_DECISION_DROP,
     .reason = VW_REASON_NO_ROUTE_TO_DESTINATION,
     .component = "rtb-0b1b2c3d4e5f60718",
     .source = {"route-tables.json", "/RouteTables/1"},
     .sentence = "no route leads to 10.1.10.14"},
};

static const struct vw_step unknown_step = {
    .kind = VW_STEP_TRANSIT_GATEWAY,
    .decision = VW_DECISION_UNKNOWN,
    .reason = VW_REASON_UNKNOWN_RESOURCE,
    .component = "tgw-0a1b2c3d4e5f60718",
    .sentence = "the transit gateway is not in the export",
};

static const struct vw_blocker blockers[] = {
    {VW_FORWARD,
     VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS,
     "rtb-0a1b2c3d4e5f60718",
     "10.2.2.61 is in no route but the default route to the internet gateway, which "
     "drops packets to private addresses",
     {"route-tables.json", "/RouteTables/0/Routes/1"},
     &forward_steps[4]},
    {VW_RETURN,
     VW_REASON_NO_ROUTE_TO_DESTINATION,
     "rtb-0b1b2c3d4e5f60718",
     "no route of vpc-2 leads to 10.1.10.14",
     {"route-tables.json", "/RouteTables/1"},
     &reply_steps[0]},
};

static const struct vw_unknown unknowns[] = {
    {VW_FORWARD, VW_REASON_UNKNOWN_RESOURCE, "tgw-0a1b2c3d4e5f60718",
     "the transit gateway is not in the export", "aws ec2 describe-transit-gateways",
     &unknown_step},
};

static const struct vw_blocker *const blocker_list[] = {&blockers[0], &blockers[1]};
static const struct vw_unknown *const unknown_list[] = {&unknowns[0]};

static const char *const commands[] = {
    "aws ec2 create-vpc-peering-connection --vpc-id vpc-1 --peer-vpc-id vpc-2",
    "aws ec2 create-route --route-table-id rtb-0a1b2c3d4e5f60718 "
    "--destination-cidr-block 10.2.0.0/16 --vpc-peering-connection-id pcx-NEW",
};
static const struct vw_fix fixes[] = {
    {"peer vpc-1 with vpc-2 and route between them", commands, COUNT(commands), true},
};
static const char *const assumptions[] = {"the host firewalls let echo requests pass"};
static const struct vw_trace_input inputs[] = {{"route-tables.json", "e3b0c442"}};

static const struct vw_prediction predictions[] = {
    {.vantage = VW_EVIDENCE_FLOW_LOG,
     .end = VW_END_A,
     .eni = "eni-08a2435a5f43c260e",
     .direction = VW_FLOW_DIRECTION_EGRESS,
     .flow = VW_FORWARD,
     .expect = VW_EXPECT_ACCEPT,
     .source = {0, 0x0a010a0e, VW_FAMILY_IPV4},
     .destination = {0, 0x0a02023d, VW_FAMILY_IPV4},
     .sentence = "the group and the ACL let it out"},
    {.vantage = VW_EVIDENCE_PING,
     .end = VW_END_A,
     .flow = VW_RETURN,
     .expect = VW_EXPECT_ABSENT,
     .needs_answer = true,
     .sentence = "no reply comes back"},
};

/* 10.2.2.61 alone, all of 10.2.0.0/16 around it, and another network. */
static struct vw_prefix one[] = {{{0, 0x0a02023d, VW_FAMILY_IPV4}, 32}};
static struct vw_prefix around[15];
static struct vw_prefix other[] = {{{0, 0x0a030000, VW_FAMILY_IPV4}, 16}};
static const struct vw_prefix from[] = {{{0, 0x0a010a0e, VW_FAMILY_IPV4}, 32}};

struct vw_trace sample_trace(void)
{
    static const struct vw_piece piece = {
        .from = {from, 1}, .to = {one, 1}, .verdict = VW_VERDICT_BLOCKED};
    struct vw_trace trace = {
        .from = {.asked = "instance-1",
                 .address = "10.1.10.14",
                 .eni = "eni-08a2435a5f43c260e",
                 .instance = "i-0a1b2c3d4e5f60718",
                 .name = "instance-1",
                 .vpc = "vpc-1"},
        .to = {.asked = "10.2.2.61", .address = "10.2.2.61"},
        .protocol = 1,
        .icmp_type = 8,
        .icmp_code = 0,
        .verdict = VW_VERDICT_BLOCKED,
        .forward = {VW_VERDICT_BLOCKED, true, false, forward_steps, COUNT(forward_steps)},
        .reply = {VW_VERDICT_BLOCKED, true, true, reply_steps, COUNT(reply_steps)},
        .pieces = &piece,
        .piece_count = 1,
        .blockers = blockers,
        .blocker_count = COUNT(blockers),
        .fixes = fixes,
        .fix_count = COUNT(fixes),
        .assumptions = assumptions,
        .assumption_count = COUNT(assumptions),
        .predictions = predictions,
        .prediction_count = COUNT(predictions),
        .inputs = inputs,
        .input_count = COUNT(inputs),
    };

    return trace;
}

struct vw_trace sample_set(void)
{
    static struct vw_piece pieces[3];
    struct vw_trace trace = sample_trace();
    struct vw_address_range below = {vw_address_ipv4(0x0a020000),
                                     vw_address_ipv4(0x0a02023c)};
    size_t count = 0;

    while (vw_range_take_prefix(&below, &around[count++]))
        ;
    pieces[0] = (struct vw_piece){
        .from = {from, 1}, .to = {one, 1}, .verdict = VW_VERDICT_REACHABLE};
    pieces[1] = (struct vw_piece){.from = {from, 1},
                                  .to = {around, count},
                                  .verdict = VW_VERDICT_BLOCKED,
                                  .blockers = blocker_list,
                                  .blocker_count = COUNT(blocker_list),
                                  .forward = trace.forward};
    pieces[2] = (struct vw_piece){.from = {from, 1},
                                  .to = {other, 1},
                                  .verdict = VW_VERDICT_UNKNOWN,
                                  .unknowns = unknown_list,
                                  .unknown_count = 1};
    trace.pieces = pieces;
    trace.piece_count = COUNT(pieces);
    trace.is_set = true;
    trace.verdict = VW_VERDICT_PARTIAL;
    trace.to.asked = trace.to.address = "10.2.0.0/15";
    trace.unknowns = unknowns;
    trace.unknown_count = COUNT(unknowns);
    trace.prediction_count = 0;
    return trace;
}

struct vw_crosscheck sample_crosscheck(const struct vw_trace *trace,
                                       const struct vw_evidence *evidence)
{
    static const struct vw_finding findings[] = {
        {VW_FINDING_CONTRADICTS, VW_EVIDENCE_PING, NULL, "evidence/ping.txt", 12,
         VW_RETURN, "no reply", "answered", 3, INT64_C(1737122420000000000),
         INT64_C(1737122476000000000), "the first answer is icmp_seq 459"},
        {VW_FINDING_UNKNOWN, VW_EVIDENCE_FLOW_LOG, "eni-08a2435a5f43c260e", NULL, 0,
         VW_FORWARD, "ACCEPT", "nothing", 0, VW_TIME_UNKNOWN, VW_TIME_UNKNOWN,
         "the log does not cover the time of the ping"},
    };
    static const char *const diagnosis[] = {"the export is older than the ping"};
    struct vw_crosscheck crosscheck = {.trace = trace,
                                       .evidence = evidence,
                                       .findings = findings,
                                       .finding_count = COUNT(findings),
                                       .conclusion = VW_CONCLUSION_CONTRADICTED,
                                       .diagnosis = diagnosis,
                                       .diagnosis_count = 1};

    return crosscheck;
}

struct vw_check sample_check(const struct vw_trace *trace)
{
    static struct vw_check_result results[4];
    struct vw_check check = {results, COUNT(results), 1, 1, 1, 1};
    size_t i;

    for (i = 0; i < COUNT(results); i++)
        results[i] = (struct vw_check_result){.id = "ping-peer",
                                              .file = "rules/a.yaml",
                                              .line = 4,
                                              .from = "instance-1",
                                              .to = "10.2.2.61",
                                              .expected = VW_VERDICT_REACHABLE,
                                              .outcome = (enum vw_outcome)i,
                                              .sentence = "what was found"};
    results[VW_OUTCOME_FAILS].trace = trace;
    results[VW_OUTCOME_FAILS].why = "monitoring pings it";
    results[VW_OUTCOME_FAILS].protocol = "tcp";
    results[VW_OUTCOME_FAILS].has_ports = true;
    results[VW_OUTCOME_FAILS].ports = (struct vw_port_range){80, 90};
    return check;
}

#define WRITTEN(call)                                                                    \
    char *text = NULL;                                                                   \
    size_t size = 0;                                                                     \
    FILE *out = open_memstream(&text, &size);                                            \
                                                                                         \
    assert_non_null(out);                                                                \
    assert_int_equal(call, 0);                                                           \
    assert_int_equal(fclose(out), 0);                                                    \
    return text

static const struct vw_report_style plain = {false, false};

char *written_trace_text(const struct vw_trace *trace, bool colour)
{
    struct vw_report_style style = {colour, false};

    WRITTEN(vw_report_trace_text(trace, style, out));
}

char *written_trace_json(const struct vw_trace *trace)
{
    WRITTEN(vw_report_trace_json(trace, out));
}

char *written_trace_aws(const struct vw_trace *trace)
{
    WRITTEN(vw_report_trace_aws(trace, out));
}

char *written_crosscheck_text(const struct vw_crosscheck *crosscheck)
{
    WRITTEN(vw_report_crosscheck_text(crosscheck, plain, out));
}

char *written_crosscheck_json(const struct vw_crosscheck *crosscheck)
{
    WRITTEN(vw_report_crosscheck_json(crosscheck, out));
}

char *written_check_text(const struct vw_check *check)
{
    WRITTEN(vw_report_check_text(check, plain, out));
}

char *written_check_json(const struct vw_check *check)
{
    WRITTEN(vw_report_check_json(check, out));
}
