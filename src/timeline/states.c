/*
 * Records against snapshots: while a snapshot says that the flow is blocked nothing passes,
 * and while it passes requests are answered. Where a witness saw otherwise for a while
 * that a snapshot falls into, or that lies between two snapshots which agree, one of them
 * is wrong. Connections that a security group let in go on when its rule is gone: those
 * contradict nothing.
 */
#include "timeline/timeline.h"

#include <string.h>

#include "crosscheck/blockers.h"

/* So many failures are no accident. */
#define FAILURES_ENOUGH VW_REQUESTS_ENOUGH

/* Records of one state that follow each other. */
struct stretch {
    const struct vw_sighting *first, *last;
    size_t count;
};

/* What the snapshot says at a time, and the snapshots that it is told by. */
struct said {
    const struct vw_snapshot *by;
    enum vw_flow_state state;
};

static bool only_groups(const struct vw_trace *trace)
{
    for (size_t i = 0; i < trace->blocker_count; i++) {
        if (!vw_blocker_is_group(&trace->blockers[i]))
            return false;
    }
    return true;
}

/* The snapshots at or around the stretch, where they leave no doubt how the flow fared in
 * it; `by` NULL where they do not. */
static struct said said_of(const struct vw_timeline *timeline,
                           const struct vw_track *track, const struct stretch *stretch)
{
    int64_t first = stretch->first->first + track->slack;
    int64_t last = stretch->last->last - track->slack;
    const struct vw_snapshot *before = NULL, *after = NULL;

    for (size_t i = 0; i < timeline->snapshots.count; i++) {
        const struct vw_snapshot *snapshot = timeline->snapshots.items[i];
        int64_t time = snapshot->shown.time;

        if (time >= first && time <= last)
            return (struct said){snapshot,
                                 vw_flow_state_of(snapshot->shown.trace->verdict)};
        if (time < first)
            before = snapshot;
        if (!after && time > last)
            after = snapshot;
    }
    if (before && after && before->shown.trace->verdict == after->shown.trace->verdict)
        return (struct said){before, vw_flow_state_of(before->shown.trace->verdict)};
    return (struct said){NULL, VW_FLOW_STATE_UNKNOWN};
}

static const char *witness_words(struct vw_timeline *timeline,
                                 const struct vw_track *track)
{
    const char *name = track->vantage ? track->vantage : track->file;

    return vw_timeline_say(timeline, "%s%s%s", vw_evidence_kind_noun(track->kind),
                           name ? " " : "", name ? name : "");
}

static void contradict(struct vw_timeline *timeline, const struct vw_track *track,
                       const struct stretch *stretch, const struct said *said)
{
    const char *witness = witness_words(timeline, track);
    const char *from = vw_timeline_time(timeline, stretch->first->first);
    const char *to = vw_timeline_time(timeline, stretch->last->last);
    bool passed = stretch->first->kind == VW_SIGHTING_PASS;

    if (passed && said->by->shown.trace->protocol != 1 &&
        said->by->shown.trace->protocol != 58 && only_groups(said->by->shown.trace)) {
        vw_timeline_note(
            timeline, vw_timeline_say(
                          timeline,
                          "%s: traffic passed from %s to %s, where %s says blocked by a "
                          "security group: connections that began while the rule was "
                          "there go on, so this contradicts nothing",
                          witness, from, to, said->by->shown.name));
        return;
    }
    timeline->contradicted = true;
    vw_timeline_note(
        timeline,
        vw_timeline_say(timeline,
                        "%s: traffic %s from %s to %s (%s:%llu), and %s says %s: the "
                        "snapshot is not of that time, or %s",
                        witness, passed ? "passed" : "failed", from, to,
                        stretch->first->file, (unsigned long long)stretch->first->line,
                        said->by->shown.name,
                        vw_verdict_slug(said->by->shown.trace->verdict),
                        passed ? "the export lacks what let it pass"
                               : "something that no export shows (a host, an "
                                 "application) failed"));
}

static void judge(struct vw_timeline *timeline, const struct vw_track *track,
                  const struct stretch *stretch)
{
    struct said said = said_of(timeline, track, stretch);
    bool passed = stretch->first->kind == VW_SIGHTING_PASS;

    if (!said.by || said.state == VW_FLOW_STATE_UNKNOWN ||
        (said.state == VW_FLOW_STATE_PASSES) == passed ||
        (!passed && stretch->count < FAILURES_ENOUGH))
        return;
    contradict(timeline, track, stretch, &said);
}

/* What passed at B passed the way there only. */
static bool proves_round_trip(const struct vw_track *track,
                              const struct vw_sighting *sighting)
{
    return track->end == VW_END_A || sighting->kind == VW_SIGHTING_FAIL;
}

void vw_timeline_hold_states(struct vw_timeline *timeline)
{
    for (size_t i = 0; i < timeline->tracks.count; i++) {
        const struct vw_track *track = timeline->tracks.items[i];
        const struct vw_sighting *items = track->sightings.items;
        struct stretch stretch = {NULL, NULL, 0};

        for (size_t j = 0; j < track->sightings.count; j++) {
            if (stretch.first && stretch.first->kind == items[j].kind) {
                stretch.last = &items[j];
                stretch.count++;
                continue;
            }
            if (stretch.first && proves_round_trip(track, stretch.first))
                judge(timeline, track, &stretch);
            stretch = (struct stretch){&items[j], &items[j], 1};
        }
        if (stretch.first && proves_round_trip(track, stretch.first))
            judge(timeline, track, &stretch);
    }
}
