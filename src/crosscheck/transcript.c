/*
 * Transcripts, run at A, against the round trip that is predicted. An answer needs no
 * coverage: it came. A refused connection is an answer: the path is good both ways; one
 * that timed out proves neither way. A transcript whose target, source or protocol is not
 * this flow's says so and decides nothing.
 */
#include "crosscheck/cross.h"

#include <string.h>

#include "crosscheck/blockers.h"
#include "crosscheck/match.h"
#include "crosscheck/reply.h"

struct transcript {
    const struct vw_coverage *of;
    const struct vw_observation *other; /* a row about another flow, or NULL */
    struct vw_sight request, reply;
};

/* The prediction of what comes back to A. */
static const struct vw_prediction *round_trip(const struct vw_trace *trace)
{
    const struct vw_prediction *found = NULL;

    for (size_t i = 0; i < trace->prediction_count; i++) {
        const struct vw_prediction *item = &trace->predictions[i];

        if (item->vantage == VW_EVIDENCE_PING)
            return item;
        if (item->vantage == VW_EVIDENCE_CAPTURE && item->end == VW_END_A &&
            item->flow == VW_RETURN)
            found = item;
    }
    return found;
}

static bool is_request(const struct vw_observation *row)
{
    if (row->protocol == 1)
        return row->icmp_type == 8 || row->icmp_type == VW_UNRECORDED;
    if (row->protocol == 58)
        return row->icmp_type == 128 || row->icmp_type == VW_UNRECORDED;
    return row->tcp_flags == VW_UNRECORDED || (row->tcp_flags & 16) == 0;
}

static void gather(const struct vw_cross *cross, struct transcript *it)
{
    size_t count = vw_evidence_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_observation *row = vw_evidence_get(cross->evidence, i);

        if (row->kind != it->of->kind || strcmp(row->file, it->of->file) != 0)
            continue;
        if (vw_match_transcript(cross, VW_FORWARD, row))
            vw_sight_add(&it->request, row);
        else if (vw_match_transcript(cross, VW_RETURN, row))
            vw_sight_add(&it->reply, row);
        else if (it->other == NULL && is_request(row))
            it->other = row;
    }
}

static void judge_other(struct vw_cross *cross, const struct transcript *it,
                        struct vw_finding *finding)
{
    char from[VW_ADDRESS_TEXT] = "A", to[VW_ADDRESS_TEXT], name[16];

    finding->result = VW_FINDING_UNKNOWN;
    finding->observed = "another flow";
    if (it->other == NULL) {
        finding->observed = "nothing";
        finding->sentence = "nothing in it can be used";
        return;
    }
    if (it->other->source.family != VW_FAMILY_NONE)
        vw_address_format(it->other->source, from);
    vw_address_format(it->other->destination, to);
    finding->sentence =
        vw_cross_say(cross, "it is about another flow: %s -> %s, %s", from, to,
                     vw_protocol_format(it->other->protocol, name));
    vw_cross_diagnose(cross, vw_cross_say(cross, "%s says nothing here: %s.",
                                          it->of->file, finding->sentence));
}

static void judge_answered(struct vw_cross *cross, const struct vw_prediction *prediction,
                           const struct transcript *it, struct vw_finding *finding)
{
    const struct vw_blocker *blocker;
    unsigned long long count = (unsigned long long)vw_sight_count(&it->reply);
    const char *answers =
        vw_cross_say(cross, "%llu answer%s from B", count, count == 1 ? "" : "s");

    finding->observed = "seen";
    finding->line = it->reply.row->line;
    finding->records = it->reply.records;
    finding->first = it->reply.first;
    finding->last = it->reply.last;
    if (it->reply.row->protocol == 6 && it->reply.tcp_flags != VW_UNRECORDED &&
        (it->reply.tcp_flags & 4) != 0)
        answers = "B refused the connection (RST: port closed, and the path is good)";
    if (prediction->expect != VW_EXPECT_ABSENT) {
        finding->result = VW_FINDING_AGREES;
        finding->sentence =
            vw_cross_say(cross, "%s: the round trip works, as predicted", answers);
        return;
    }
    blocker = vw_blocker_behind(cross, prediction);
    finding->result = VW_FINDING_CONTRADICTS;
    finding->sentence = vw_cross_say(
        cross,
        "%s: the network passed a round trip that the export stops: %s was not in force",
        answers, blocker == NULL ? "what it shows" : vw_blocker_words(cross, blocker));
}

static void judge_unanswered(struct vw_cross *cross,
                             const struct vw_prediction *prediction,
                             const struct transcript *it, struct vw_finding *finding)
{
    uint64_t requests = vw_sight_count(&it->request);

    finding->observed = "nothing";
    finding->line = it->request.row->line;
    finding->records = it->request.records;
    finding->first = it->request.first;
    finding->last = it->request.last;
    if (prediction->expect == VW_EXPECT_ABSENT) {
        finding->result = requests != 0 ? VW_FINDING_AGREES : VW_FINDING_UNKNOWN;
        finding->sentence =
            requests != 0
                ? vw_cross_say(cross, "%llu request%s and no answer, as predicted",
                               (unsigned long long)requests, requests == 1 ? "" : "s")
                : "no request is known to have been sent";
        return;
    }
    /* nmap asks again by itself before it calls a port filtered. */
    if (it->of->kind == VW_EVIDENCE_NMAP && requests != 0)
        requests = requests < VW_REQUESTS_ENOUGH ? VW_REQUESTS_ENOUGH : requests;
    vw_reply_missing(cross, VW_END_A, requests, finding);
}

static void judge(struct vw_cross *cross, const struct vw_prediction *prediction,
                  const struct vw_coverage *of)
{
    struct transcript it = {.of = of};
    struct vw_finding finding = {
        .kind = of->kind,
        .vantage = of->vantage,
        .file = of->file,
        .flow = VW_RETURN,
        .predicted = prediction->expect == VW_EXPECT_ABSENT ? "not seen" : "seen",
        .first = VW_TIME_UNKNOWN,
        .last = VW_TIME_UNKNOWN};

    gather(cross, &it);
    if (of->kind == VW_EVIDENCE_ROUTE &&
        vw_cross_route_trace(cross, prediction, of, &finding)) {
        vw_cross_find(cross, finding);
        return;
    }
    if (it.reply.row != NULL)
        judge_answered(cross, prediction, &it, &finding);
    else if (it.request.row != NULL)
        judge_unanswered(cross, prediction, &it, &finding);
    else
        judge_other(cross, &it, &finding);
    vw_cross_find(cross, finding);
}

void vw_cross_transcripts(struct vw_cross *cross)
{
    const struct vw_prediction *prediction = round_trip(cross->trace);
    size_t count = vw_evidence_coverage_count(cross->evidence);

    for (size_t i = 0; i < count && prediction != NULL; i++) {
        const struct vw_coverage *of = vw_evidence_coverage_get(cross->evidence, i);

        if (vw_evidence_is_transcript(of->kind))
            judge(cross, prediction, of);
    }
}
