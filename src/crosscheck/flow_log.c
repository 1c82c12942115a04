/*
 * Flow-log records against predictions. ACCEPT and REJECT are what the groups and the
 * network ACL of this one interface decided, nothing about routes or the other end. What
 * a record cannot prove is kept apart: an ACCEPT may belong to a connection that was
 * tracked before a group's rule went away, a REJECT to a packet that came after a close.
 */
#include "crosscheck/cross.h"

#include <string.h>

#include "crosscheck/blockers.h"
#include "crosscheck/coverage.h"
#include "crosscheck/match.h"
#include "crosscheck/reply.h"

#define TCP 6
#define UDP 17
#define TCP_SYN 2

static bool is_icmp(const struct vw_cross *cross)
{
    return cross->trace->protocol == 1 || cross->trace->protocol == 58;
}

struct case_of {
    const struct vw_prediction *prediction;
    struct vw_finding finding;
    struct vw_sight accepted, rejected;
    const char *flow; /* "10.1.10.14 -> 10.2.2.61" */
};

static const char *expected_text(enum vw_expectation expect)
{
    switch (expect) {
    case VW_EXPECT_ACCEPT:
        return "ACCEPT";
    case VW_EXPECT_REJECT:
        return "REJECT";
    case VW_EXPECT_NONE:
    case VW_EXPECT_ABSENT:
    case VW_EXPECT_PRESENT:
        break;
    }
    return "no record";
}

/* How long the groups' tracking outlives silence (security-group-connection-tracking). */
static int64_t tracking_time(int protocol)
{
    return (protocol == TCP ? 432000 : protocol == UDP ? 180 : 600) * VW_SECOND;
}

/* Whether the log reached back further than tracking does before the flow first shows: it
 * is then no old connection. */
static bool began_in_log(const struct vw_cross *cross, const struct vw_sight *sight)
{
    size_t count = vw_evidence_coverage_count(cross->evidence);
    int64_t since = tracking_time(cross->trace->protocol) + VW_FLOW_LOG_SLACK;

    for (size_t i = 0; i < count && sight->first != VW_TIME_UNKNOWN; i++) {
        const struct vw_coverage *item = vw_evidence_coverage_get(cross->evidence, i);

        if (item->kind == VW_EVIDENCE_FLOW_LOG && item->vantage != NULL &&
            sight->row->vantage != NULL &&
            strcmp(item->vantage, sight->row->vantage) == 0 &&
            item->first != VW_TIME_UNKNOWN && item->skip_data == 0 &&
            sight->first - since > item->first)
            return true;
    }
    return false;
}

/* Whether packets that passed show that a rule of a group let them: a SYN opened a new
 * connection, or the flow began while the log was being written. */
static bool is_new(const struct vw_cross *cross, const struct vw_sight *sight)
{
    if (cross->trace->protocol == TCP && sight->tcp_flags != VW_UNRECORDED)
        return (sight->tcp_flags & TCP_SYN) != 0;
    return began_in_log(cross, sight);
}

/* Whether the REJECTs are of the flow itself, and not of packets after its close. */
static bool rejects_count(const struct vw_cross *cross, const struct vw_sight *sight)
{
    if (sight->row == NULL)
        return false;
    if (cross->trace->protocol != TCP)
        return true;
    if (sight->tcp_flags != VW_UNRECORDED)
        return (sight->tcp_flags & TCP_SYN) != 0;
    return vw_sight_count(sight) >= 2;
}

static void fill(struct case_of *it, const struct vw_sight *sight, const char *observed)
{
    it->finding.observed = observed;
    it->finding.file = sight->row->file;
    it->finding.line = sight->row->line;
    it->finding.records = sight->records;
    it->finding.first = sight->first;
    it->finding.last = sight->last;
}

static void judge_as_predicted(struct vw_cross *cross, struct case_of *it)
{
    it->finding.result = VW_FINDING_AGREES;
    it->finding.sentence =
        vw_cross_say(cross, "%s recorded at %s for %s, as predicted",
                     it->finding.observed, it->prediction->eni, it->flow);
}

static void judge_reject(struct vw_cross *cross, struct case_of *it)
{
    const char *reason = it->rejected.row->reject_reason;
    const char *who = it->prediction->flow == VW_RETURN
                          ? "the network ACL, for groups let replies pass"
                          : "its groups or its network ACL";

    if (!rejects_count(cross, &it->rejected)) {
        it->finding.result = VW_FINDING_UNKNOWN;
        it->finding.sentence = vw_cross_say(
            cross,
            "REJECT at %s without a SYN: packets that came after a connection was "
            "closed are rejected too",
            it->prediction->eni);
        return;
    }
    if (reason != NULL)
        who = vw_cross_say(cross, "what its reject-reason names, %s", reason);
    it->finding.result = VW_FINDING_CONTRADICTS;
    it->finding.sentence = vw_cross_say(
        cross,
        "%s rejected %s, where the export lets it pass: %s were not what the export "
        "shows",
        it->prediction->eni, it->flow, who);
}

/* Something passed, or arrived, that the export stops at `blocker`. */
static void judge_passed(struct vw_cross *cross, struct case_of *it,
                         const struct vw_sight *sight)
{
    const struct vw_blocker *blocker = vw_blocker_behind(cross, it->prediction);
    const char *words =
        blocker == NULL ? "what the export shows" : vw_blocker_words(cross, blocker);

    if (blocker != NULL && vw_blocker_is_group(blocker) && !is_new(cross, sight)) {
        cross->seen.doubt = true;
        it->finding.result = VW_FINDING_UNKNOWN;
        it->finding.sentence = vw_cross_say(
            cross,
            "%s at %s, where the export has %s: a connection that was tracked "
            "before the rule went away would still pass, so this is no proof",
            it->finding.observed, it->prediction->eni, words);
        return;
    }
    it->finding.result = VW_FINDING_CONTRADICTS;
    if (it->prediction->expect == VW_EXPECT_REJECT)
        it->finding.sentence = vw_cross_say(
            cross, "%s accepted %s, which the export rejects: %s was not in force",
            it->prediction->eni, it->flow, words);
    else
        it->finding.sentence = vw_cross_say(
            cross,
            "%s arrived at %s (%s), which the export keeps away: %s was not in force%s",
            it->flow, it->prediction->eni, it->finding.observed, words,
            it->prediction->flow == VW_RETURN && is_icmp(cross)
                ? " (ICMP records carry no type: a request that B sent looks the same)"
                : "");
}

/* -1: all ACCEPTs before the REJECTs, 1: after them, 0: cannot be put in order. */
static int order(const struct case_of *it)
{
    const struct vw_sight *a = &it->accepted, *r = &it->rejected;

    if (a->first == VW_TIME_UNKNOWN || r->first == VW_TIME_UNKNOWN)
        return 0;
    if (a->first < r->first && a->last < r->last)
        return -1;
    return a->first > r->first && a->last > r->last ? 1 : 0;
}

/* ACCEPT and REJECT of one record: the rules changed in between. */
static void judge_change(struct vw_cross *cross, struct case_of *it)
{
    int sequence = order(it);
    bool accept_last = sequence > 0;
    const struct vw_sight *before = accept_last ? &it->rejected : &it->accepted;
    const struct vw_sight *after = accept_last ? &it->accepted : &it->rejected;
    bool wanted = accept_last == (it->prediction->expect == VW_EXPECT_ACCEPT);

    fill(it, accept_last ? &it->accepted : &it->rejected, "ACCEPT and REJECT");
    it->finding.records = it->accepted.records + it->rejected.records;
    if (sequence == 0) {
        it->finding.result = VW_FINDING_UNKNOWN;
        it->finding.sentence = vw_cross_say(
            cross,
            "%s both accepted and rejected %s, in windows that overlap: the rules "
            "changed in between, and the records do not say which way",
            it->prediction->eni, it->flow);
    } else {
        it->finding.result = wanted ? VW_FINDING_AGREES : VW_FINDING_CONTRADICTS;
        it->finding.sentence = vw_cross_say(
            cross,
            "%s: %s until %s, then %s from %s (give or take 61 s): the rules changed "
            "in between, and the export shows the state %s",
            it->flow, accept_last ? "REJECT" : "ACCEPT",
            vw_cross_time(cross, before->last), accept_last ? "ACCEPT" : "REJECT",
            vw_cross_time(cross, after->first), wanted ? "after it" : "before it");
    }
    vw_cross_diagnose(cross, vw_cross_say(cross, "At %s %s.", it->prediction->eni,
                                          it->finding.sentence));
}

static void judge_recorded(struct vw_cross *cross, struct case_of *it)
{
    bool accepted = it->accepted.row != NULL, rejected = it->rejected.row != NULL;
    const struct vw_sight *sight = accepted ? &it->accepted : &it->rejected;

    /* REJECTs behind the close of an accepted connection say nothing of the rules. */
    if (accepted && rejected && !rejects_count(cross, &it->rejected))
        rejected = false;
    if (accepted && rejected && it->prediction->expect != VW_EXPECT_NONE) {
        judge_change(cross, it);
        return;
    }
    fill(it, sight, accepted ? (rejected ? "ACCEPT and REJECT" : "ACCEPT") : "REJECT");
    switch (it->prediction->expect) {
    case VW_EXPECT_ACCEPT:
        if (accepted)
            judge_as_predicted(cross, it);
        else
            judge_reject(cross, it);
        break;
    case VW_EXPECT_REJECT:
        if (accepted)
            judge_passed(cross, it, sight);
        else
            judge_as_predicted(cross, it);
        break;
    case VW_EXPECT_NONE:
    case VW_EXPECT_PRESENT:
    case VW_EXPECT_ABSENT:
        judge_passed(cross, it, sight);
        break;
    }
}

static void judge_nothing(struct vw_cross *cross, struct case_of *it)
{
    const struct vw_prediction *prediction = it->prediction;
    bool none = prediction->expect == VW_EXPECT_NONE, no_data = false;
    const char *why = vw_coverage_of_interface(
        cross, prediction->eni, none || prediction->expect == VW_EXPECT_ACCEPT,
        none || prediction->expect == VW_EXPECT_REJECT, &no_data);
    struct vw_sight request = vw_match_sum(cross, VW_EVIDENCE_FLOW_LOG, prediction->end,
                                           VW_FORWARD, NULL, VW_FLOW_ACTION_ACCEPT);

    it->finding.observed = "nothing";
    if (why != NULL) {
        bool untried = cross->seen.request_at_a.row == NULL &&
                       cross->seen.request_at_b.row == NULL &&
                       vw_coverage_appears(cross, prediction->eni);

        it->finding.result = untried ? VW_FINDING_SILENT : VW_FINDING_UNKNOWN;
        it->finding.sentence = why;
        return;
    }
    it->finding.result = none ? VW_FINDING_AGREES : VW_FINDING_CONTRADICTS;
    if (none) {
        it->finding.sentence =
            vw_cross_say(cross, "no record of %s at %s%s, as predicted", it->flow,
                         prediction->eni, no_data ? ", which says NODATA" : "");
    } else if (prediction->flow == VW_RETURN) {
        vw_reply_missing(cross, prediction->end, vw_sight_count(&request), &it->finding);
    } else {
        it->finding.sentence = vw_cross_say(
            cross, "no record of %s at %s%s, where the export brings it there", it->flow,
            prediction->eni, no_data ? ", which says NODATA" : "");
    }
    if (prediction->end == VW_END_B && prediction->flow == VW_FORWARD)
        cross->seen.request_missing_at_b = true;
    if (prediction->end == VW_END_B && prediction->flow == VW_RETURN &&
        cross->seen.request_at_b.row != NULL)
        cross->seen.reply_missing_at_b = true;
}

static bool any_flow_log(const struct vw_cross *cross)
{
    size_t count = vw_evidence_coverage_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        if (vw_evidence_coverage_get(cross->evidence, i)->kind == VW_EVIDENCE_FLOW_LOG)
            return true;
    }
    return false;
}

void vw_cross_flow_logs(struct vw_cross *cross, const struct vw_prediction *prediction)
{
    struct case_of it = {.prediction = prediction};

    if (prediction->eni == NULL || !any_flow_log(cross))
        return;
    it.finding = (struct vw_finding){.kind = VW_EVIDENCE_FLOW_LOG,
                                     .vantage = prediction->eni,
                                     .flow = prediction->flow,
                                     .predicted = expected_text(prediction->expect),
                                     .first = VW_TIME_UNKNOWN,
                                     .last = VW_TIME_UNKNOWN};
    it.flow = vw_cross_flow(cross, prediction->end, prediction->flow);
    it.accepted = vw_match_sum(cross, VW_EVIDENCE_FLOW_LOG, prediction->end,
                               prediction->flow, NULL, VW_FLOW_ACTION_ACCEPT);
    it.rejected = vw_match_sum(cross, VW_EVIDENCE_FLOW_LOG, prediction->end,
                               prediction->flow, NULL, VW_FLOW_ACTION_REJECT);
    if (it.accepted.row != NULL || it.rejected.row != NULL)
        judge_recorded(cross, &it);
    else
        judge_nothing(cross, &it);
    vw_cross_find(cross, it.finding);
}
