/*
 * A reply that the network would pass and nobody saw. Silence alone does not tell the
 * network from the host: B's own firewall, echo switched off, or no listener look the
 * same from A. What the other witnesses showed decides (the table of what each end can
 * prove): a reply that left B and is missing at A was lost on the way back; a request
 * that arrived and was not answered is the host's doing; where nobody stood at B, enough
 * requests without an answer contradict "reachable" as a whole, and the sentence names
 * both possibilities.
 */
#include "crosscheck/reply.h"

static void missing_at_b(struct vw_cross *cross, struct vw_finding *finding)
{
    const struct vw_seen *seen = &cross->seen;

    finding->result = VW_FINDING_UNKNOWN;
    if (seen->reply_at_a.row != NULL) {
        finding->result = VW_FINDING_CONTRADICTS;
        finding->sentence = vw_cross_say(
            cross,
            "no reply left B here, yet the %s shows one at A: this witness missed "
            "it, or stands at another interface, or is of another time",
            vw_evidence_kind_noun(seen->reply_at_a.row->kind));
        return;
    }
    if (seen->request_at_b.row == NULL) {
        finding->result = VW_FINDING_SILENT;
        finding->sentence = "no request arrived at B, so there was nothing to answer";
        return;
    }
    finding->sentence =
        "the request arrived and no reply left B: that is the host's doing "
        "(own firewall, echo disabled, no listener), not the network's";
}

static void missing_at_a(struct vw_cross *cross, uint64_t requests,
                         struct vw_finding *finding)
{
    const struct vw_seen *seen = &cross->seen;

    cross->seen.reply_missing_at_a = true;
    finding->result = VW_FINDING_CONTRADICTS;
    if (seen->reply_at_b.row != NULL) {
        finding->sentence = vw_cross_say(
            cross,
            "no reply reached A, yet the %s at B shows that B's host answered: the "
            "reply was lost on the way back, or the witnesses are of other times",
            vw_evidence_kind_noun(seen->reply_at_b.row->kind));
    } else if (seen->reply_at_a.row != NULL) {
        finding->sentence = vw_cross_say(
            cross,
            "no reply here, yet the %s shows one at A: the witnesses are of other "
            "times, or this one missed it",
            vw_evidence_kind_noun(seen->reply_at_a.row->kind));
    } else if (seen->request_at_b.row != NULL) {
        finding->result = VW_FINDING_UNKNOWN;
        finding->sentence = "the request arrived at B and nothing shows that B's host "
                            "answered: no reply is the host's doing as far as anyone saw";
    } else if (seen->request_missing_at_b) {
        finding->sentence = "no reply, where the export lets the round trip pass: the "
                            "request did not reach B";
    } else if (requests >= VW_REQUESTS_ENOUGH) {
        finding->sentence = vw_cross_say(
            cross,
            "%llu requests and no reply, where the export lets the round trip pass: "
            "the export is not what was in force, or B's host does not answer",
            (unsigned long long)requests);
    } else {
        finding->result = VW_FINDING_UNKNOWN;
        finding->sentence = vw_cross_say(
            cross,
            "no reply to %llu request%s: too few to tell a lost packet from a path "
            "that is blocked",
            (unsigned long long)requests, requests == 1 ? "" : "s");
    }
}

void vw_reply_missing(struct vw_cross *cross, enum vw_end end, uint64_t requests,
                      struct vw_finding *finding)
{
    if (end == VW_END_B)
        missing_at_b(cross, finding);
    else
        missing_at_a(cross, requests, finding);
}
