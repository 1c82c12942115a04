/*
 * Route traces, run at A. What they prove of the flow: the target's answer to a probe
 * proves a way there and back for packets like the probe, and for no others; an error that
 * names a reason is a refusal. What they do not: a router that answers shows that the probe
 * came that far, not that it would be passed on; and the silence of a router is none of a
 * filter: those of a VPC never answer.
 */
#include "crosscheck/cross.h"

#include <string.h>

#include "base/address.h"
#include "crosscheck/match.h"
#include "crosscheck/reply.h"

struct trace_rows {
    struct vw_sight probes, answers; /* packets of the flow, and B's answers */
    struct vw_sight other_probes, other_answers; /* of other protocols or ports */
    const struct vw_observation *error;          /* unreachable, by whomever */
    const struct vw_observation *router;         /* the last one that answered */
};

static bool is_time_exceeded(const struct vw_observation *row)
{
    return (row->protocol == 1 && row->icmp_type == 11) ||
           (row->protocol == 58 && row->icmp_type == 3);
}

static bool is_unreachable(const struct vw_observation *row)
{
    return (row->protocol == 1 && row->icmp_type == 3) ||
           (row->protocol == 58 && row->icmp_type == 1);
}

/* What a closed UDP port answers: that is B's answer, not a refusal on the way. */
static bool is_port_unreachable(const struct vw_observation *row)
{
    return (row->protocol == 1 && row->icmp_type == 3 && row->icmp_code == 3) ||
           (row->protocol == 58 && row->icmp_type == 1 && row->icmp_code == 4);
}

static void take_answer(const struct vw_cross *cross, const struct vw_observation *row,
                        struct trace_rows *ret)
{
    struct vw_address b = cross->view[VW_END_A].b;

    if (vw_address_equal(row->source, b) && !is_time_exceeded(row) &&
        (!is_unreachable(row) || is_port_unreachable(row))) {
        vw_sight_add(vw_match_transcript(cross, VW_RETURN, row) ? &ret->answers
                                                                : &ret->other_answers,
                     row);
        return;
    }
    if (row->packet_destination.family == VW_FAMILY_NONE ||
        !vw_address_equal(row->packet_destination, b))
        return;
    if (is_unreachable(row))
        ret->error = row;
    else
        ret->router = row;
}

static struct trace_rows gather(const struct vw_cross *cross,
                                const struct vw_coverage *of)
{
    size_t count = vw_evidence_count(cross->evidence);
    struct trace_rows rows = {.error = NULL};

    for (size_t i = 0; i < count; i++) {
        const struct vw_observation *row = vw_evidence_get(cross->evidence, i);

        if (row->kind != of->kind || strcmp(row->file, of->file) != 0)
            continue;
        if (row->direction == VW_FLOW_DIRECTION_INGRESS)
            take_answer(cross, row, &rows);
        else if (vw_match_transcript(cross, VW_FORWARD, row))
            vw_sight_add(&rows.probes, row);
        else if (vw_address_equal(row->destination, cross->view[VW_END_A].b))
            vw_sight_add(&rows.other_probes, row);
    }
    return rows;
}

/* "udp port 33434", "icmp" */
static const char *probe_words(struct vw_cross *cross, const struct vw_observation *row)
{
    char name[16];

    if (row->protocol == VW_UNRECORDED)
        return "a protocol that the output does not tell";
    vw_protocol_format(row->protocol, name);
    if (row->destination_port == VW_UNRECORDED)
        return vw_cross_say(cross, "%s", name);
    return vw_cross_say(cross, "%s port %d", name, (int)row->destination_port);
}

static const char *router_words(struct vw_cross *cross, const struct trace_rows *rows)
{
    char address[VW_ADDRESS_TEXT];

    if (rows->router == NULL)
        return "no router answered, which says nothing: those of a VPC do not";
    return vw_cross_say(cross,
                        "the last router that answered is %s: the probes came that far, "
                        "which does not prove that it passes them on",
                        vw_address_format(rows->router->source, address));
}

static void show(struct vw_finding *finding, const char *observed,
                 const struct vw_sight *sight)
{
    finding->observed = observed;
    finding->line = sight->row->line;
    finding->records = sight->records;
}

static void judge_reached(struct vw_cross *cross, bool predicted,
                          const struct trace_rows *rows, struct vw_finding *finding)
{
    uint64_t count = vw_sight_count(&rows->answers);

    show(finding, "seen", &rows->answers);
    finding->result = predicted ? VW_FINDING_AGREES : VW_FINDING_CONTRADICTS;
    finding->sentence = vw_cross_say(
        cross, "B answered %llu probe%s like the flow's packets: the round trip works%s",
        (unsigned long long)count, count == 1 ? "" : "s",
        predicted ? ", as predicted" : ", where the export stops it");
}

static void judge_refused(struct vw_cross *cross, bool predicted,
                          const struct trace_rows *rows, struct vw_finding *finding)
{
    const struct vw_observation *error = rows->error;
    const struct vw_sight *probes =
        rows->probes.row != NULL ? &rows->probes : &rows->other_probes;
    bool same = rows->probes.row != NULL && rows->other_probes.row == NULL;
    bool by_host = vw_address_equal(error->source, cross->view[VW_END_A].b);
    char address[VW_ADDRESS_TEXT];

    finding->observed = "refused";
    finding->line = error->line;
    finding->records = error->records;
    /* B's own refusal came there and back. */
    finding->result = !same                  ? VW_FINDING_UNKNOWN
                      : predicted == by_host ? VW_FINDING_AGREES
                                             : VW_FINDING_CONTRADICTS;
    finding->sentence = vw_cross_say(
        cross, "%s answered the probes (%s) with ICMP %d/%d, unreachable: %s%s",
        vw_address_format(error->source, address), probe_words(cross, probes->row),
        (int)error->icmp_type, (int)error->icmp_code,
        by_host ? "the path is good both ways, and B's host refuses"
                : "it is what stops them",
        same ? "" : "; other packets may fare otherwise");
}

static void judge_lost(struct vw_cross *cross, bool predicted,
                       const struct trace_rows *rows, struct vw_finding *finding)
{
    const char *router = router_words(cross, rows);
    uint64_t probes = vw_sight_count(&rows->probes);

    show(finding, "nothing", &rows->probes);
    if (!predicted) {
        finding->result = VW_FINDING_AGREES;
        finding->sentence =
            vw_cross_say(cross, "%llu probes and no answer from B, as predicted; %s",
                         (unsigned long long)probes, router);
        return;
    }
    finding->result = VW_FINDING_UNKNOWN;
    if (rows->probes.row->protocol == 17) {
        finding->sentence = vw_cross_say(
            cross, "no answer from B, which UDP does not owe: it proves nothing; %s",
            router);
        return;
    }
    vw_reply_missing(cross, VW_END_A, probes, finding);
    finding->sentence = vw_cross_say(cross, "%s; %s", finding->sentence, router);
}

/* Probes of other kinds only. */
static void judge_others(struct vw_cross *cross, const struct trace_rows *rows,
                         struct vw_finding *finding)
{
    const char *probes = probe_words(cross, rows->other_probes.row);

    finding->result = VW_FINDING_UNKNOWN;
    if (rows->other_answers.row != NULL) {
        show(finding, "seen", &rows->other_answers);
        finding->sentence = vw_cross_say(
            cross,
            "B answered probes of %s: a path leads there and back; of this flow's "
            "protocol and ports it proves nothing",
            probes);
        return;
    }
    show(finding, "nothing", &rows->other_probes);
    finding->sentence = vw_cross_say(
        cross, "no probe (%s) was answered by B, which proves nothing of this flow; %s",
        probes, router_words(cross, rows));
}

bool vw_cross_route_trace(struct vw_cross *cross, const struct vw_prediction *prediction,
                          const struct vw_coverage *of, struct vw_finding *finding)
{
    struct trace_rows rows = gather(cross, of);
    bool predicted = prediction->expect != VW_EXPECT_ABSENT;

    if (rows.answers.row != NULL)
        judge_reached(cross, predicted, &rows, finding);
    else if (rows.probes.row == NULL && rows.other_probes.row == NULL)
        return false;
    else if (rows.error != NULL)
        judge_refused(cross, predicted, &rows, finding);
    else if (rows.probes.row != NULL)
        judge_lost(cross, predicted, &rows, finding);
    else
        judge_others(cross, &rows, finding);
    return true;
}
