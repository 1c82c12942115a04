/*
 * The diagnosis: what the findings come to, where the packet was lost by the table of
 * what each end can prove, which side is wrong, and what to collect next. It says no more
 * than the witnesses do.
 */
#include "crosscheck/cross.h"

#include <string.h>

#include "crosscheck/blockers.h"
#include "crosscheck/coverage.h"
#include "crosscheck/match.h"

static bool witness_is_at(const struct vw_cross *cross, const struct vw_finding *finding,
                          enum vw_end end)
{
    if (vw_evidence_is_transcript(finding->kind))
        return end == VW_END_A;
    return vw_match_end(cross, end, finding->vantage);
}

/* The first finding that contradicts, of that flow at that end; `observed` NULL: any. */
static const struct vw_finding *contradiction(const struct vw_cross *cross,
                                              enum vw_end end, enum vw_direction flow,
                                              const char *observed)
{
    for (size_t i = 0; i < cross->findings.count; i++) {
        const struct vw_finding *finding = &cross->findings.items[i];

        if (finding->result == VW_FINDING_CONTRADICTS && finding->flow == flow &&
            (observed == NULL || strcmp(finding->observed, observed) == 0) &&
            witness_is_at(cross, finding, end))
            return finding;
    }
    return NULL;
}

/* The blockers of a direction in words, or NULL. */
static const char *blockers_of(struct vw_cross *cross, enum vw_direction direction)
{
    const char *words = NULL;

    for (size_t i = 0; i < cross->trace->blocker_count; i++) {
        const struct vw_blocker *blocker = &cross->trace->blockers[i];

        if (blocker->direction != direction)
            continue;
        if (words == NULL)
            words = vw_blocker_words(cross, blocker);
        else
            words =
                vw_cross_say(cross, "%s, %s", words, vw_blocker_words(cross, blocker));
    }
    return words;
}

static void say_no_prediction(struct vw_cross *cross)
{
    const struct vw_trace *trace = cross->trace;

    if (trace->is_set) {
        vw_cross_diagnose(cross, "More than one packet was asked for: witnesses can be "
                                 "compared with the flow of one address to one other.");
    } else if (trace->unknown_count != 0) {
        const struct vw_unknown *unknown = &trace->unknowns[0];

        vw_cross_diagnose(
            cross, vw_cross_say(cross, "The simulator predicts nothing here: %s%s%s.",
                                unknown->sentence,
                                unknown->missing == NULL ? "" : "; add the output of ",
                                unknown->missing == NULL ? "" : unknown->missing));
    } else {
        vw_cross_diagnose(cross, "The simulator predicts nothing for any witness of this "
                                 "flow.");
    }
}

/* Something passed that the export stops. */
static void say_passed(struct vw_cross *cross)
{
    static const struct {
        enum vw_end end;
        enum vw_direction flow;
    } order[] = {{VW_END_A, VW_RETURN},
                 {VW_END_B, VW_FORWARD},
                 {VW_END_B, VW_RETURN},
                 {VW_END_A, VW_FORWARD}};
    const char *forward = blockers_of(cross, VW_FORWARD);
    const char *back = blockers_of(cross, VW_RETURN);

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const struct vw_finding *finding =
            contradiction(cross, order[i].end, order[i].flow, NULL);

        if (finding == NULL || strcmp(finding->observed, "nothing") == 0 ||
            strcmp(finding->predicted, "ACCEPT") == 0 ||
            (forward == NULL && back == NULL))
            continue;
        vw_cross_diagnose(
            cross, vw_cross_say(
                       cross,
                       "The network brought a %s to %s%s that the export stops (%s%s%s): "
                       "the export is not of that time. Export again and compare.",
                       order[i].flow == VW_FORWARD ? "request" : "reply",
                       vw_cross_end(cross, order[i].end),
                       vw_cross_when(cross, finding->first, finding->last),
                       forward == NULL ? "" : forward,
                       forward == NULL || back == NULL ? "" : "; on the way back ",
                       back == NULL ? "" : back));
        return;
    }
}

static void say_rejected(struct vw_cross *cross)
{
    for (size_t i = 0; i < cross->findings.count; i++) {
        const struct vw_finding *finding = &cross->findings.items[i];

        if (finding->result != VW_FINDING_CONTRADICTS ||
            strcmp(finding->observed, "REJECT") != 0 ||
            strcmp(finding->predicted, "ACCEPT") != 0)
            continue;
        vw_cross_diagnose(
            cross,
            vw_cross_say(cross,
                         "%s rejected the %s%s, which the export lets pass: its %s "
                         "changed between the record and the export, or the export "
                         "is of another time. Export them again and compare.",
                         finding->vantage,
                         finding->flow == VW_FORWARD ? "request" : "reply",
                         vw_cross_when(cross, finding->first, finding->last),
                         finding->flow == VW_FORWARD ? "security groups or network ACL"
                                                     : "network ACL"));
    }
}

/* The request left A, and a witness of B that covers the time has nothing. */
static void say_lost_forward(struct vw_cross *cross)
{
    const char *blockers = blockers_of(cross, VW_FORWARD);

    if (!cross->seen.request_missing_at_b || cross->seen.request_at_b.row != NULL)
        return;
    if (blockers != NULL)
        vw_cross_diagnose(
            cross, vw_cross_say(cross,
                                "The request left A and did not reach B: it was lost "
                                "on the way, as the export explains (%s).",
                                blockers));
    else
        vw_cross_diagnose(
            cross, "The request left A and did not reach B: it was lost on the way, "
                   "and the export shows nothing that would stop it. What was in "
                   "force then is not what was exported: look at A's outbound rules, "
                   "its routes, the peering or gateway, and B's inbound rules.");
}

/* B answered, and the answer did not come to A. */
static void say_lost_back(struct vw_cross *cross)
{
    const char *blockers = blockers_of(cross, VW_RETURN);

    if (cross->seen.reply_at_b.row == NULL || cross->seen.reply_at_a.row != NULL)
        return;
    if (blockers != NULL)
        vw_cross_diagnose(
            cross, vw_cross_say(cross,
                                "B's host answered and no reply reached A: it was "
                                "lost on the way back, as the export explains (%s).",
                                blockers));
    else if (cross->seen.reply_missing_at_a)
        vw_cross_diagnose(
            cross, "B's host answered and no reply reached A: it was lost on the way "
                   "back, and the export shows nothing that would stop it. Look at "
                   "B's outbound network ACL and route back to A, and A's inbound "
                   "network ACL, as they were then.");
}

/* No answer, and no sign that B sent one. */
static void say_no_answer(struct vw_cross *cross)
{
    const struct vw_seen *seen = &cross->seen;

    if (seen->reply_at_b.row != NULL || seen->reply_at_a.row != NULL ||
        (seen->request_missing_at_b && seen->request_at_b.row == NULL))
        return;
    if (seen->reply_missing_at_b)
        vw_cross_diagnose(
            cross, "The request arrived at B and B sent no reply: the host's own "
                   "doing (firewall in the guest, echo disabled, no listener), not a "
                   "security group's or network ACL's, which act before it. Look at "
                   "the host.");
    else if (seen->reply_missing_at_a && seen->request_at_b.row == NULL)
        vw_cross_diagnose(
            cross, "No reply came back, and nothing was recorded at B: either the "
                   "network dropped the packets, and the export is not of that time, "
                   "or B's host does not answer (own firewall, echo disabled, no "
                   "listener). Take a capture at B, or add the flow log of its "
                   "interface: a request that arrives there clears the network.");
}

static bool any(const struct vw_cross *cross, enum vw_finding_result result)
{
    for (size_t i = 0; i < cross->findings.count; i++) {
        if (cross->findings.items[i].result == result)
            return true;
    }
    return false;
}

static void say_consistent(struct vw_cross *cross)
{
    const char *forward = blockers_of(cross, VW_FORWARD);
    const char *back = blockers_of(cross, VW_RETURN);

    if (cross->result.conclusion != VW_CONCLUSION_CONSISTENT)
        return;
    if (forward == NULL && back == NULL) {
        vw_cross_diagnose(cross, cross->seen.reply_at_a.row != NULL
                                     ? "The export and the records agree: the round trip "
                                       "works."
                                     : "The export and the records agree as far as the "
                                       "records go.");
        return;
    }
    vw_cross_diagnose(
        cross,
        vw_cross_say(cross,
                     "The export and the records agree: the flow is stopped "
                     "by %s%s%s.",
                     forward == NULL ? "" : forward,
                     forward == NULL || back == NULL ? ""
                                                     : "; a reply would be stopped by ",
                     back == NULL ? "" : back));
}

/* The answers of `file` begin late. */
static void say_late_start(struct vw_cross *cross, const struct vw_observation *request,
                           const struct vw_observation *reply)
{
    int64_t before = reply->first_sequence - request->first_sequence;

    if (before < VW_REQUESTS_ENOUGH)
        return;
    if (reply->missing_sequences < before) {
        vw_cross_diagnose(
            cross, vw_cross_say(cross,
                                "%s: the first reply it shows is sequence %lld; what "
                                "became of the %lld requests before it does not stand "
                                "in it.",
                                reply->file, (long long)reply->first_sequence,
                                (long long)before));
        return;
    }
    vw_cross_diagnose(
        cross,
        vw_cross_say(
            cross,
            "%s: the first reply is sequence %lld; the %lld requests before it got "
            "no answer that was printed. So the round trip began to work some %lld send "
            "intervals after the ping began (%lld s, if it sent one a second, "
            "ping's default). It does not prove which change made it work%s.",
            reply->file, (long long)reply->first_sequence, (long long)before,
            (long long)before, (long long)before,
            reply->first == VW_TIME_UNKNOWN
                ? ", nor at what time of day: the transcript has no stamps (ping -D)"
                : vw_cross_say(cross, "; its stamps run%s",
                               vw_cross_when(cross, reply->first, reply->last))));
}

static const struct vw_observation *reply_in(const struct vw_cross *cross,
                                             const struct vw_observation *request)
{
    size_t count = vw_evidence_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_observation *row = vw_evidence_get(cross->evidence, i);

        if (row->kind == VW_EVIDENCE_PING && row->first_sequence != VW_UNRECORDED &&
            strcmp(row->file, request->file) == 0 &&
            vw_match_transcript(cross, VW_RETURN, row))
            return row;
    }
    return NULL;
}

/* An ICMP error about the flow, with who sent it. */
static void say_error(struct vw_cross *cross, const struct vw_observation *row)
{
    char reporter[VW_ADDRESS_TEXT];
    bool about = row->packet_destination.family != VW_FAMILY_NONE &&
                 row->packet_destination.low == cross->view[VW_END_A].b.low &&
                 row->packet_destination.high == cross->view[VW_END_A].b.high;
    bool error = row->protocol == 1 ? row->icmp_type == 3 || row->icmp_type == 11
                                    : row->icmp_type >= 1 && row->icmp_type <= 4;

    if (!about || !error || row->source.family == VW_FAMILY_NONE)
        return;
    vw_cross_diagnose(
        cross, vw_cross_say(
                   cross,
                   "%s: %s answered with an ICMP error (type %d, code %d): a host or an "
                   "appliance did; routers, security groups and network ACLs of a VPC "
                   "drop without a word.",
                   row->file, vw_address_format(row->source, reporter), row->icmp_type,
                   row->icmp_code));
}

static void say_of_transcripts(struct vw_cross *cross)
{
    size_t count = vw_evidence_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_observation *row = vw_evidence_get(cross->evidence, i);
        const struct vw_observation *reply;

        if (row->kind == VW_EVIDENCE_FLOW_LOG)
            continue;
        if (row->protocol == 1 || row->protocol == 58)
            say_error(cross, row);
        if (row->kind != VW_EVIDENCE_PING || row->first_sequence == VW_UNRECORDED ||
            !vw_match_transcript(cross, VW_FORWARD, row))
            continue;
        reply = reply_in(cross, row);
        if (reply != NULL)
            say_late_start(cross, row, reply);
    }
}

/* What stays open, and what would close it. */
static void say_open(struct vw_cross *cross)
{
    for (size_t i = 0; i < cross->findings.count; i++) {
        const struct vw_finding *finding = &cross->findings.items[i];

        if (finding->result == VW_FINDING_UNKNOWN &&
            strcmp(finding->observed, "another flow") != 0)
            vw_cross_diagnose(
                cross,
                vw_cross_say(cross, "Open: %s%s%s.",
                             finding->kind == VW_EVIDENCE_FLOW_LOG ? "" : finding->file,
                             finding->kind == VW_EVIDENCE_FLOW_LOG ? "" : ": ",
                             finding->sentence));
    }
    if (cross->findings.count == 0)
        vw_cross_diagnose(cross,
                          "Nothing that was given stands at an end of this flow: add "
                          "a capture or a ping taken at A, a capture taken at B, or "
                          "the flow logs of their interfaces.");
    else if (!any(cross, VW_FINDING_AGREES) && !any(cross, VW_FINDING_CONTRADICTS))
        vw_cross_diagnose(cross,
                          "Nothing recorded decides. Ping or connect again while "
                          "captures run at A and B, and keep the flow logs of that "
                          "time.");
}

/* A finding of the same flow at the same end that agrees, from another witness. */
static const struct vw_finding *opponent(const struct vw_cross *cross,
                                         const struct vw_finding *finding)
{
    enum vw_end end = witness_is_at(cross, finding, VW_END_A) ? VW_END_A : VW_END_B;

    for (size_t i = 0; i < cross->findings.count; i++) {
        const struct vw_finding *other = &cross->findings.items[i];
        if (other->result == VW_FINDING_AGREES && other->flow == finding->flow &&
            witness_is_at(cross, other, end))
            return other;
    }
    return NULL;
}

/* "flow log eni-1", or the file of a capture or transcript. */
static const char *name_of(struct vw_cross *cross, const struct vw_finding *finding)
{
    if (finding->kind == VW_EVIDENCE_FLOW_LOG || !finding->file)
        return vw_cross_say(cross, "%s %s", vw_evidence_kind_noun(finding->kind),
                            finding->vantage ? finding->vantage : "");
    return finding->file;
}

/* One witness against the export while another at the same place stands with it: the two
 * cannot be of the same time, or one of them is of something else. */
static void say_disagreeing(struct vw_cross *cross)
{
    for (size_t i = 0; i < cross->findings.count; i++) {
        const struct vw_finding *finding = &cross->findings.items[i];
        const struct vw_finding *other;

        if (finding->result != VW_FINDING_CONTRADICTS)
            continue;
        other = opponent(cross, finding);
        if (other)
            vw_cross_diagnose(
                cross, vw_cross_say(
                           cross,
                           "%s and %s stand at the same end and disagree about the %s: "
                           "they are of different times, or one of them is cut or of "
                           "another flow. Find out when each was taken; else ping again "
                           "and record both at once.",
                           name_of(cross, finding), name_of(cross, other),
                           finding->flow == VW_FORWARD ? "request" : "reply"));
    }
}

/* A contradiction never goes without a word on which side is wrong. */
static void say_unexplained(struct vw_cross *cross)
{
    for (size_t i = 0; i < cross->findings.count; i++) {
        const struct vw_finding *finding = &cross->findings.items[i];

        if (finding->result == VW_FINDING_CONTRADICTS)
            vw_cross_diagnose(
                cross,
                vw_cross_say(cross,
                             "%s: %s. Either the export is not of that time, or a host's "
                             "own firewall is at work: export again, and record at both "
                             "ends at once.",
                             name_of(cross, finding), finding->sentence));
    }
}

void vw_cross_conclude(struct vw_cross *cross)
{
    size_t before;

    if (cross->trace->prediction_count == 0) {
        say_no_prediction(cross);
        return;
    }
    say_consistent(cross);
    before = cross->diagnosis.count;
    say_passed(cross);
    say_rejected(cross);
    say_lost_forward(cross);
    say_lost_back(cross);
    say_no_answer(cross);
    say_disagreeing(cross);
    if (cross->diagnosis.count == before)
        say_unexplained(cross);
    say_of_transcripts(cross);
    say_open(cross);
}
