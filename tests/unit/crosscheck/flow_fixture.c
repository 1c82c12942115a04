/* See flow_fixture.h. */
#include "crosscheck/flow_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/time.h"
#include "evidence/table.h"

#define A 0x0a000001
#define B 0x0a010001

static void predict(struct flow *flow, enum vw_evidence_kind kind, enum vw_end end,
                    enum vw_direction direction, enum vw_expectation expect)
{
    bool forward = direction == VW_FORWARD;
    bool seen = expect == VW_EXPECT_ACCEPT || expect == VW_EXPECT_PRESENT ||
                expect == VW_EXPECT_REJECT;

    flow->predictions[flow->trace.prediction_count++] = (struct vw_prediction){
        .vantage = kind,
        .end = end,
        .eni = end == VW_END_A ? "eni-a" : "eni-b",
        .direction = (end == VW_END_A) == forward ? VW_FLOW_DIRECTION_EGRESS
                                                  : VW_FLOW_DIRECTION_INGRESS,
        .flow = direction,
        .expect = expect,
        .needs_answer = !forward && seen,
        .source = vw_address_ipv4(forward ? A : B),
        .destination = vw_address_ipv4(forward ? B : A),
        .sentence = "as the fixture says"};
}

/* A flow log's record and what the host's capture then shows, at B and back at A. */
static void predict_all(struct flow *flow, enum vw_expectation b_in,
                        enum vw_expectation b_out, enum vw_expectation a_in)
{
    enum vw_expectation arrives =
        b_in == VW_EXPECT_ACCEPT ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT;
    enum vw_expectation answered =
        a_in == VW_EXPECT_ACCEPT ? VW_EXPECT_PRESENT : VW_EXPECT_ABSENT;

    predict(flow, VW_EVIDENCE_CAPTURE, VW_END_A, VW_FORWARD, VW_EXPECT_PRESENT);
    predict(flow, VW_EVIDENCE_FLOW_LOG, VW_END_A, VW_FORWARD, VW_EXPECT_ACCEPT);
    predict(flow, VW_EVIDENCE_FLOW_LOG, VW_END_B, VW_FORWARD, b_in);
    predict(flow, VW_EVIDENCE_CAPTURE, VW_END_B, VW_FORWARD, arrives);
    predict(flow, VW_EVIDENCE_CAPTURE, VW_END_B, VW_RETURN, arrives);
    predict(flow, VW_EVIDENCE_FLOW_LOG, VW_END_B, VW_RETURN, b_out);
    predict(flow, VW_EVIDENCE_FLOW_LOG, VW_END_A, VW_RETURN, a_in);
    predict(flow, VW_EVIDENCE_CAPTURE, VW_END_A, VW_RETURN, answered);
    predict(flow, VW_EVIDENCE_PING, VW_END_A, VW_RETURN, answered);
}

static void block(struct flow *flow, enum vw_direction direction, enum vw_reason reason,
                  const char *component)
{
    flow->blocker = (struct vw_blocker){.direction = direction,
                                        .reason = reason,
                                        .component = component,
                                        .sentence = "blocked by the fixture"};
    flow->trace.blockers = &flow->blocker;
    flow->trace.blocker_count = 1;
    flow->trace.verdict = VW_VERDICT_BLOCKED;
}

static void set_up(struct flow *flow, enum situation situation)
{
    const enum vw_expectation yes = VW_EXPECT_ACCEPT, none = VW_EXPECT_NONE,
                              no = VW_EXPECT_REJECT;

    switch (situation) {
    case REACHABLE:
        predict_all(flow, yes, yes, yes);
        break;
    case NO_PEERING:
        predict_all(flow, none, none, none);
        block(flow, VW_FORWARD, VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS,
              "igw-1");
        break;
    case NO_WAY_BACK:
        predict_all(flow, yes, yes, none);
        block(flow, VW_RETURN, VW_REASON_NO_ROUTE_TO_DESTINATION, "rtb-b");
        break;
    case GROUP_CLOSED:
        predict_all(flow, no, none, none);
        block(flow, VW_FORWARD, VW_REASON_ENI_SG_RULES_MISMATCH, "eni-b");
        break;
    case ACL_CLOSED:
        predict_all(flow, yes, no, none);
        block(flow, VW_RETURN, VW_REASON_SUBNET_ACL_RESTRICTION, "acl-b");
        break;
    case NO_SITUATION:
    case TO_NOBODY:
        flow->trace.verdict = VW_VERDICT_UNKNOWN;
        break;
    }
}

void flow_open(struct flow *flow, enum situation situation, int protocol)
{
    *flow =
        (struct flow){.world = vw_world_create(),
                      .evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN),
                      .diagnostics = vw_diagnostics_create()};
    assert_non_null(flow->world);
    assert_non_null(flow->evidence);
    assert_int_equal(vw_world_finish(flow->world), 0);
    flow->trace =
        (struct vw_trace){.from = {.address = "10.0.0.1", .eni = "eni-a", .name = "left"},
                          .to = {.address = "10.1.0.1", .eni = "eni-b", .name = "right"},
                          .protocol = protocol,
                          .ports = {443, 443},
                          .source_ports = {32768, 60999},
                          .has_ports = protocol != 1,
                          .icmp_type = protocol == 1 ? 8 : -1,
                          .icmp_code = -1,
                          .verdict = VW_VERDICT_REACHABLE,
                          .predictions = flow->predictions};
    set_up(flow, situation);
}

static const char *file_of(enum vw_evidence_kind kind, const char *vantage)
{
    switch (kind) {
    case VW_EVIDENCE_FLOW_LOG:
        return "log";
    case VW_EVIDENCE_CAPTURE:
        return strcmp(vantage, "left") == 0 ? "capture-left" : "capture-right";
    case VW_EVIDENCE_PING:
        return "ping";
    case VW_EVIDENCE_NMAP:
        return "nmap";
    case VW_EVIDENCE_ROUTE:
        return "route.txt";
    case VW_EVIDENCE_CONNECT:
        return "connect.txt";
    }
    return NULL;
}

static int64_t seconds(int time)
{
    return time == 0 ? VW_TIME_UNKNOWN : time * VW_SECOND;
}

static struct vw_observation row_of(const struct flow *flow, const struct seen_row *seen)
{
    struct vw_observation row = vw_observation_empty(seen->kind);
    bool forward = seen->flow == VW_FORWARD;

    row.file = file_of(seen->kind, seen->vantage);
    row.line = 1;
    row.vantage = seen->vantage;
    row.source = vw_address_ipv4(forward ? A : B);
    row.destination = vw_address_ipv4(forward ? B : A);
    row.protocol = flow->trace.protocol;
    if (row.protocol != 1) {
        row.source_port = forward ? 50000 : 443;
        row.destination_port = forward ? 443 : 50000;
    } else if (seen->kind != VW_EVIDENCE_FLOW_LOG) {
        row.icmp_type = forward ? 8 : 0;
    }
    row.action = seen->action;
    row.packets = seen->packets;
    row.first = seconds(seen->first);
    row.last = seconds(seen->last);
    if (seen->flags != 0)
        row.tcp_flags = seen->flags;
    if (seen->first_sequence != 0)
        row.first_sequence = row.last_sequence = seen->first_sequence;
    if (seen->missing != 0)
        row.missing_sequences = seen->missing;
    return row;
}

void flow_see(struct flow *flow, const struct seen_row *rows, size_t count)
{
    for (size_t i = 0; i < count && rows[i].packets != 0; i++) {
        struct vw_observation row = row_of(flow, &rows[i]);

        assert_int_equal(vw_evidence_add(flow->evidence, &row, NULL), 0);
    }
}

void flow_cover(struct flow *flow, const struct seen_span *spans, size_t count)
{
    for (size_t i = 0; i < count && spans[i].last != 0; i++) {
        const struct seen_span *span = &spans[i];
        struct vw_coverage *coverage =
            vw_evidence_coverage(flow->evidence, span->kind,
                                 file_of(span->kind, span->vantage), span->vantage);

        assert_non_null(coverage);
        vw_coverage_widen(coverage, seconds(span->first), seconds(span->last));
        coverage->records = (uint64_t)span->records;
        coverage->no_data = (uint64_t)span->no_data;
        coverage->skip_data = (uint64_t)span->skip_data;
        coverage->cut = span->cut;
        coverage->accept_only = span->accept_only;
    }
}

void flow_run(struct flow *flow)
{
    assert_int_equal(vw_crosscheck_run(flow->world, &flow->trace, flow->evidence,
                                       flow->diagnostics, &flow->result),
                     0);
}

void flow_close(struct flow *flow)
{
    vw_crosscheck_free(flow->result);
    vw_evidence_free(flow->evidence);
    vw_diagnostics_free(flow->diagnostics);
    vw_world_free(flow->world);
}

const char *flow_finding(const struct flow *flow, enum vw_evidence_kind kind,
                         const char *vantage, enum vw_direction direction)
{
    for (size_t i = 0; i < flow->result->finding_count; i++) {
        const struct vw_finding *finding = &flow->result->findings[i];

        assert_non_null(finding->sentence);
        if (finding->kind == kind && finding->flow == direction &&
            (vantage == NULL || strcmp(finding->vantage, vantage) == 0))
            return vw_finding_slug(finding->result);
    }
    return "none";
}

bool flow_says(const struct flow *flow, const char *words)
{
    for (size_t i = 0; i < flow->result->diagnosis_count; i++) {
        if (strstr(flow->result->diagnosis[i], words) != NULL)
            return true;
    }
    return false;
}
