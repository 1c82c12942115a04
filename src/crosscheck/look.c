/* What all witnesses together showed of the flow, before anything is judged: whether it
 * was tried and when, whether it arrived, whether the host at B answered. */
#include "crosscheck/cross.h"

#include "crosscheck/match.h"

/* Attempts closer together than this are one. */
#define ATTEMPT_GAP (10 * VW_SECOND)

static void note_attempt(struct vw_seen *seen, const struct vw_observation *row)
{
    struct vw_span span = {row->first, row->last};
    struct vw_span *last =
        seen->attempt_count == 0 ? NULL : &seen->attempts[seen->attempt_count - 1];

    if (row->first == VW_TIME_UNKNOWN)
        return;
    for (size_t i = 0; i < seen->attempt_count; i++) {
        struct vw_span wide = seen->attempts[i];

        wide.first -= ATTEMPT_GAP;
        wide.last += ATTEMPT_GAP;
        if (vw_span_overlaps(wide, span))
            last = &seen->attempts[i];
        else if (seen->attempt_count < VW_ATTEMPTS_MAX)
            continue;
        if (span.first < last->first)
            last->first = span.first;
        if (span.last > last->last)
            last->last = span.last;
        return;
    }
    seen->attempts[seen->attempt_count++] = span;
}

static void look_at_a(struct vw_cross *cross, const struct vw_observation *row)
{
    if (vw_match_row(cross, VW_END_A, VW_FORWARD, row)) {
        vw_sight_add(&cross->seen.request_at_a, row);
        note_attempt(&cross->seen, row);
    } else if (vw_match_row(cross, VW_END_A, VW_RETURN, row)) {
        vw_sight_add(&cross->seen.reply_at_a, row);
    }
}

static void look_at_b(struct vw_cross *cross, const struct vw_observation *row)
{
    bool request = vw_match_row(cross, VW_END_B, VW_FORWARD, row);

    if (request && row->action != VW_FLOW_ACTION_REJECT)
        vw_sight_add(&cross->seen.request_at_b, row);
    if (request)
        note_attempt(&cross->seen, row);
    else if (vw_match_row(cross, VW_END_B, VW_RETURN, row))
        vw_sight_add(&cross->seen.reply_at_b, row);
}

/* Whether a row of a flow log is of the flow at all: very many are not, and those need not
 * be kept. */
static bool is_of_flow(const struct vw_cross *cross, const struct vw_observation *row)
{
    return row->kind != VW_EVIDENCE_FLOW_LOG ||
           vw_match_row(cross, VW_END_A, VW_FORWARD, row) ||
           vw_match_row(cross, VW_END_A, VW_RETURN, row) ||
           vw_match_row(cross, VW_END_B, VW_FORWARD, row) ||
           vw_match_row(cross, VW_END_B, VW_RETURN, row);
}

void vw_cross_look(struct vw_cross *cross)
{
    size_t count = vw_evidence_count(cross->evidence);

    for (size_t i = 0; i < count; i++) {
        const struct vw_observation *row;
        struct vw_observation copy;

        vw_evidence_copy(cross->evidence, i, &copy);
        if (!is_of_flow(cross, &copy))
            continue;
        row = vw_evidence_get(cross->evidence, i);
        if (row->kind == VW_EVIDENCE_FLOW_LOG || row->kind == VW_EVIDENCE_CAPTURE) {
            look_at_a(cross, row);
            look_at_b(cross, row);
        } else if (vw_match_transcript(cross, VW_FORWARD, row)) {
            vw_sight_add(&cross->seen.request_at_a, row);
            note_attempt(&cross->seen, row);
        } else if (vw_match_transcript(cross, VW_RETURN, row)) {
            vw_sight_add(&cross->seen.reply_at_a, row);
        }
    }
}
