/*
 * The changes of state in what one witness saw. Its records are put in order; a try is a
 * failure unless an answer falls into its time. Records that overlap (a flow log gives an
 * accepted and a rejected one of the same window) are a change within that window.
 */
#include "timeline/track.h"

#include <stdlib.h>
#include <string.h>

/* An answer comes within it. */
#define ANSWER_WAIT VW_SECOND

static int compare_sightings(const void *a, const void *b)
{
    const struct vw_sighting *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->last != y->last)
        return x->last < y->last ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

/* Whether an answer falls into the time of a try: one that began before it and lasts into
 * it until `reach`, or the next one, which begins at `next`. */
static bool is_answered(const struct vw_track *track, const struct vw_sighting *try,
                        int64_t reach, int64_t next)
{
    int64_t wait = track->kind == VW_EVIDENCE_FLOW_LOG ? 0 : ANSWER_WAIT;

    if (reach > try->first || (reach == try->first && try->first == try->last))
        return true;
    return next == try->first || next < try->last + wait;
}

/* A request at the very end of a capture is undecided, not lost. */
static bool is_undecided(const struct vw_track *track, const struct vw_sighting *try,
                         int64_t end)
{
    return track->kind == VW_EVIDENCE_CAPTURE && try->last > end - ANSWER_WAIT;
}

static int64_t next_pass(const struct vw_track *track, size_t *at, size_t from)
{
    const struct vw_sighting *items = track->sightings.items;

    if (*at < from)
        *at = from;
    while (*at < track->sightings.count && items[*at].kind != VW_SIGHTING_PASS)
        (*at)++;
    return *at < track->sightings.count ? items[*at].first : INT64_MAX;
}

/* Takes out the tries that were answered; the others become failures. */
static void decide_tries(struct vw_track *track)
{
    struct vw_sighting *items = track->sightings.items;
    int64_t reach = INT64_MIN, end = INT64_MIN;
    size_t kept = 0, next = 0, count = track->sightings.count;

    for (size_t i = 0; i < count; i++)
        end = items[i].last > end ? items[i].last : end;
    for (size_t i = 0; i < count; i++) {
        struct vw_sighting sighting = items[i];

        if (sighting.kind == VW_SIGHTING_PASS && sighting.last > reach)
            reach = sighting.last;
        if (sighting.kind == VW_SIGHTING_TRY) {
            if (is_answered(track, &sighting, reach, next_pass(track, &next, i)) ||
                is_undecided(track, &sighting, end))
                continue;
            sighting.kind = VW_SIGHTING_FAIL;
            sighting.is_silence = true;
        }
        items[kept++] = sighting;
        /* Nothing is written where next_pass still looks: kept <= i < next. */
    }
    track->sightings.count = kept;
}

/* A few packets that are lost between others that are answered are no change of state: a
 * run of failures counts where somebody reported one, or enough went unanswered. */
static void drop_losses(struct vw_track *track)
{
    struct vw_sighting *items = track->sightings.items;
    size_t count = track->sightings.count, kept = 0, end;

    for (size_t i = 0; i < count; i = end) {
        bool counts = items[i].kind == VW_SIGHTING_PASS;
        int64_t packets = 0;

        for (end = i; end < count && items[end].kind == items[i].kind; end++) {
            counts |= !items[end].is_silence;
            if (packets < VW_REQUESTS_ENOUGH)
                packets += items[end].packets;
        }
        counts |= packets >= VW_REQUESTS_ENOUGH;
        track->lost += counts ? 0 : (uint64_t)packets;
        for (size_t j = i; counts && j < end; j++)
            items[kept++] = items[j];
    }
    track->sightings.count = kept;
}

void vw_track_settle(struct vw_track *track)
{
    if (track->sightings.count > 1)
        qsort(track->sightings.items, track->sightings.count,
              sizeof *track->sightings.items, compare_sightings);
    decide_tries(track);
    drop_losses(track);
}

static struct vw_timeline_sighting shown(const struct vw_sighting *sighting)
{
    return (struct vw_timeline_sighting){sighting->first, sighting->last, sighting->file,
                                         sighting->line, sighting->words};
}

static enum vw_flow_state state_of(enum vw_sighting_kind kind)
{
    return kind == VW_SIGHTING_PASS ? VW_FLOW_STATE_PASSES : VW_FLOW_STATE_FAILS;
}

static int add_change(const struct vw_track *track, const struct vw_sighting *before,
                      const struct vw_sighting *after, struct vw_seen_changes *ret)
{
    bool apart = before->last <= after->first;
    struct vw_seen_change change = {
        .from = state_of(before->kind),
        .to = state_of(after->kind),
        .witness = {.kind = track->kind,
                    .vantage = track->vantage,
                    .slack = track->slack,
                    .offset = track->offset,
                    .before = shown(before),
                    .after = shown(after)},
    };

    change.witness.earliest = (apart ? before->last : after->first) - track->slack;
    change.witness.latest = (apart ? after->first : before->last) + track->slack;
    return vw_array_push(ret, change);
}

/* One past the sightings that overlap with the one at `head`. */
static size_t cluster_end(const struct vw_track *track, size_t head)
{
    const struct vw_sighting *items = track->sightings.items;
    size_t end = head + 1;

    while (end < track->sightings.count &&
           (items[end].first < items[head].last || items[end].first == items[head].first))
        end++;
    return end;
}

/* The last of items[first..end) of that kind, or `than` where none lasts longer. */
static const struct vw_sighting *last_of(const struct vw_sighting *items, size_t first,
                                         size_t end, const struct vw_sighting *than)
{
    const struct vw_sighting *last = than;

    for (size_t i = first; i < end; i++)
        if (items[i].kind == than->kind && items[i].last >= last->last)
            last = &items[i];
    return last;
}

/* The first of items[first..end) of another kind, or NULL. */
static const struct vw_sighting *other_of(const struct vw_sighting *items, size_t first,
                                          size_t end, enum vw_sighting_kind kind)
{
    for (size_t i = first; i < end; i++)
        if (items[i].kind != kind)
            return &items[i];
    return NULL;
}

int vw_track_changes(const struct vw_track *track, struct vw_seen_changes *ret)
{
    const struct vw_sighting *items = track->sightings.items, *last = items;
    size_t end;
    int error = 0;

    for (size_t i = 0; i < track->sightings.count && !error; i = end) {
        const struct vw_sighting *other;

        end = cluster_end(track, i);
        last = last_of(items, i, end, last);
        other = other_of(items, i, end, last->kind);
        if (other) {
            error = add_change(track, last, other, ret);
            last = last_of(items, i, end, other);
        }
    }
    return error;
}
