/*
 * Captures against predictions. A capture taken on a host sees a packet before the
 * network's filters on its way out, and after them on its way in: a request that arrived
 * at B passed all of AWS, and only the host can have kept the answer.
 */
#include "crosscheck/cross.h"

#include <string.h>

#include "crosscheck/blockers.h"
#include "crosscheck/coverage.h"
#include "crosscheck/match.h"
#include "crosscheck/reply.h"

#define TCP 6
#define TCP_SYN 2

/* What the packets are called: "request", "reply". */
static const char *noun(enum vw_direction flow)
{
    return flow == VW_FORWARD ? "request" : "reply";
}

/* Whether the capture holds the start of what passed: groups let go on what they were
 * tracking when a rule went away, so the middle of a flow proves less. */
static bool saw_the_start(const struct vw_sight *sight)
{
    if (sight->row->protocol == TCP)
        return sight->tcp_flags == VW_UNRECORDED || (sight->tcp_flags & TCP_SYN) != 0;
    return sight->row->first_sequence == VW_UNRECORDED || sight->row->first_sequence <= 1;
}

static void judge_seen(struct vw_cross *cross, const struct vw_prediction *prediction,
                       const struct vw_sight *sight, struct vw_finding *finding)
{
    const struct vw_blocker *blocker;
    const char *packets = vw_cross_say(
        cross, "%llu %s packet%s %s", (unsigned long long)vw_sight_count(sight),
        noun(prediction->flow), vw_sight_count(sight) == 1 ? "" : "s",
        vw_cross_flow(cross, prediction->end, prediction->flow));

    finding->observed = "seen";
    finding->line = sight->row->line;
    finding->records = sight->records;
    finding->first = sight->first;
    finding->last = sight->last;
    if (prediction->expect != VW_EXPECT_ABSENT) {
        finding->result = VW_FINDING_AGREES;
        finding->sentence = vw_cross_say(cross, "%s seen, as predicted", packets);
        return;
    }
    blocker = vw_blocker_behind(cross, prediction);
    if (blocker != NULL && vw_blocker_is_group(blocker) && !saw_the_start(sight)) {
        cross->seen.doubt = true;
        finding->result = VW_FINDING_UNKNOWN;
        finding->sentence = vw_cross_say(
            cross,
            "%s seen, where the export has %s: a connection that was tracked before "
            "the rule went away would still pass, so this is no proof",
            packets, vw_blocker_words(cross, blocker));
        return;
    }
    finding->result = VW_FINDING_CONTRADICTS;
    finding->sentence = vw_cross_say(
        cross, "%s seen, which the export keeps away: %s was not in force", packets,
        blocker == NULL ? "what it shows" : vw_blocker_words(cross, blocker));
}

/* Why the absence of a reply is undecided, or NULL. */
static const char *too_late(const struct vw_sight *request, const struct vw_coverage *of)
{
    if (request->row != NULL && request->first != VW_TIME_UNKNOWN &&
        of->last != VW_TIME_UNKNOWN && request->first > of->last - VW_REPLY_WAIT)
        return "the capture ends right behind the request: whether a reply came is "
               "undecided";
    return NULL;
}

static void judge_unseen(struct vw_cross *cross, const struct vw_prediction *prediction,
                         const struct vw_coverage *of, struct vw_finding *finding)
{
    struct vw_sight request = vw_match_sum(cross, VW_EVIDENCE_CAPTURE, prediction->end,
                                           VW_FORWARD, of, VW_FLOW_ACTION_SEEN);
    const char *why = vw_coverage_of_capture(cross, of, &request);
    const char *flow = vw_cross_flow(cross, prediction->end, prediction->flow);

    if (why == NULL && prediction->flow == VW_RETURN)
        why = too_late(&request, of);
    finding->observed = "nothing";
    if (why != NULL) {
        bool untried = cross->seen.request_at_a.row == NULL &&
                       cross->seen.request_at_b.row == NULL && of->records != 0;

        finding->result = untried ? VW_FINDING_SILENT : VW_FINDING_UNKNOWN;
        finding->sentence = why;
        return;
    }
    if (prediction->end == VW_END_B && prediction->flow == VW_FORWARD)
        cross->seen.request_missing_at_b = true;
    if (prediction->end == VW_END_B && prediction->flow == VW_RETURN &&
        cross->seen.request_at_b.row != NULL)
        cross->seen.reply_missing_at_b = true;
    if (prediction->expect == VW_EXPECT_ABSENT) {
        finding->result = VW_FINDING_AGREES;
        finding->sentence = vw_cross_say(cross, "no %s %s seen, as predicted",
                                         noun(prediction->flow), flow);
    } else if (prediction->flow == VW_RETURN) {
        vw_reply_missing(cross, prediction->end, vw_sight_count(&request), finding);
    } else {
        finding->result = VW_FINDING_CONTRADICTS;
        finding->sentence = vw_cross_say(
            cross, "no request %s seen, where the export brings it there", flow);
    }
}

static void judge(struct vw_cross *cross, const struct vw_prediction *prediction,
                  const struct vw_coverage *of)
{
    struct vw_sight sight = vw_match_sum(cross, VW_EVIDENCE_CAPTURE, prediction->end,
                                         prediction->flow, of, VW_FLOW_ACTION_SEEN);
    struct vw_finding finding = {
        .kind = VW_EVIDENCE_CAPTURE,
        .vantage = of->vantage,
        .file = of->file,
        .flow = prediction->flow,
        .predicted = prediction->expect == VW_EXPECT_ABSENT ? "not seen" : "seen",
        .first = VW_TIME_UNKNOWN,
        .last = VW_TIME_UNKNOWN};

    if (sight.row != NULL)
        judge_seen(cross, prediction, &sight, &finding);
    else
        judge_unseen(cross, prediction, of, &finding);
    vw_cross_find(cross, finding);
}

void vw_cross_captures(struct vw_cross *cross, const struct vw_prediction *prediction)
{
    size_t count = vw_evidence_coverage_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_coverage *of = vw_evidence_coverage_get(cross->evidence, i);

        if (of->kind == VW_EVIDENCE_CAPTURE &&
            vw_match_end(cross, prediction->end, of->vantage))
            judge(cross, prediction, of);
    }
}
