/*
 * What each record says of the flow. A record belongs to the flow where it does in any of
 * the snapshots: what translates addresses may have changed. At A a request is a try and
 * an answer proves the round trip; at B a request that arrived proves the way there.
 */
#include "timeline/timeline.h"

#include <string.h>

#include "base/memory.h"
#include "crosscheck/match.h"

#include <vpcwhy/error.h>

/* How far the clocks of hosts may be apart, and a ping's requests go out at even
 * intervals. */
#define HOST_SLACK VW_CAPTURE_SLACK

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static int64_t offset_of(struct vw_timeline *timeline,
                         const struct vw_observation *record)
{
    for (size_t i = 0; i < timeline->clocks.count; i++) {
        struct vw_clock *clock = &timeline->clocks.items[i];

        if (same_text(clock->witness, record->file) ||
            same_text(clock->witness, record->vantage)) {
            clock->used = true;
            return clock->offset;
        }
    }
    return 0;
}

static int64_t slack_of(enum vw_evidence_kind kind)
{
    return kind == VW_EVIDENCE_FLOW_LOG ? VW_FLOW_LOG_SLACK : HOST_SLACK;
}

/* The flow logs of an interface lie in many files: they are one witness. */
static int track_of(struct vw_timeline *timeline, const struct vw_observation *record,
                    enum vw_end end, struct vw_track **ret)
{
    bool by_vantage = record->kind == VW_EVIDENCE_FLOW_LOG;
    struct vw_track *track;

    for (size_t i = 0; i < timeline->tracks.count; i++) {
        track = timeline->tracks.items[i];
        if (track->kind == record->kind && track->end == end &&
            same_text(track->vantage, record->vantage) &&
            (by_vantage || same_text(track->file, record->file))) {
            *ret = track;
            return 0;
        }
    }
    track = vw_arena_alloc(&timeline->arena, sizeof *track);
    if (!track || vw_array_push(&timeline->tracks, track))
        return VW_ERROR_NO_MEMORY;
    *track = (struct vw_track){.kind = record->kind,
                               .vantage = record->vantage,
                               .file = by_vantage ? NULL : record->file,
                               .end = end,
                               .slack = slack_of(record->kind),
                               .offset = offset_of(timeline, record),
                               .sequence = VW_UNRECORDED};
    *ret = track;
    return 0;
}

static int see(struct vw_timeline *timeline, struct vw_track *track,
               const struct vw_observation *record, enum vw_sighting_kind kind,
               const char *words)
{
    struct vw_sighting sighting = {
        .first = record->first,
        .last = record->last,
        .file = record->file,
        .line = record->line,
        .words = words,
        .packets = record->packets > 0 ? record->packets : 1,
        .kind = kind,
        /* A capture or a log that reports a failure says REJECT. */
        .is_silence = record->action == VW_FLOW_ACTION_SEEN,
    };

    if (record->first == VW_TIME_UNKNOWN || record->last == VW_TIME_UNKNOWN) {
        track->untimed++;
        return 0;
    }
    if (timeline->sighting_count++ >= VW_SIGHTINGS_MAX)
        return 0;
    sighting.first += track->offset;
    sighting.last += track->offset;
    return vw_array_push(&track->sightings, sighting);
}

/* The requests between two answers that had none, at even intervals between them. */
static int see_gap(struct vw_timeline *timeline, struct vw_track *track,
                   const struct vw_observation *record)
{
    int64_t steps = record->first_sequence - track->sequence;
    struct vw_observation gap = *record;
    int64_t interval;

    if (track->sequence == VW_UNRECORDED || steps < 2 ||
        track->sequence_time == VW_TIME_UNKNOWN || record->first == VW_TIME_UNKNOWN ||
        record->first < track->sequence_time)
        return 0;
    interval = (record->first - track->sequence_time) / steps;
    gap.first = track->sequence_time + interval;
    gap.last = record->first - interval;
    gap.packets = steps - 1;
    return see(timeline, track, &gap, VW_SIGHTING_FAIL,
               steps == 2
                   ? vw_timeline_say(timeline, "no answer to request %lld",
                                     (long long)track->sequence + 1)
                   : vw_timeline_say(timeline, "no answer to requests %lld to %lld",
                                     (long long)track->sequence + 1,
                                     (long long)record->first_sequence - 1));
}

static int see_answer(struct vw_timeline *timeline, struct vw_track *track,
                      const struct vw_observation *record)
{
    bool numbered = record->kind == VW_EVIDENCE_PING &&
                    record->first_sequence != VW_UNRECORDED &&
                    record->first_sequence == record->last_sequence;
    int error = 0;

    if (record->packets == 0)
        return 0; /* a sum, or a duplicate */
    if (numbered)
        error = see_gap(timeline, track, record);
    if (numbered) {
        track->sequence = record->first_sequence;
        track->sequence_time = record->first;
    }
    return error ? error
                 : see(timeline, track, record, VW_SIGHTING_PASS,
                       record->kind == VW_EVIDENCE_FLOW_LOG ? "reply accepted"
                                                            : "reply seen");
}

/* Whether an answer is due to each request. */
static bool is_answered(const struct vw_trace *trace)
{
    return trace->protocol == 1 || trace->protocol == 58 || trace->protocol == 6;
}

static int see_at_a(struct vw_timeline *timeline, const struct vw_snapshot *snapshot,
                    struct vw_track *track, enum vw_direction flow,
                    const struct vw_observation *record)
{
    if (record->action == VW_FLOW_ACTION_REJECT)
        return see(timeline, track, record, VW_SIGHTING_FAIL,
                   flow == VW_FORWARD ? "request rejected" : "reply rejected");
    if (flow == VW_RETURN)
        return see_answer(timeline, track, record);
    if (record->kind == VW_EVIDENCE_PING && record->missing_sequences == 1 &&
        record->first_sequence == record->last_sequence)
        return see(timeline, track, record, VW_SIGHTING_FAIL,
                   vw_timeline_say(timeline, "no answer to request %lld",
                                   (long long)record->first_sequence));
    return is_answered(snapshot->shown.trace)
               ? see(timeline, track, record, VW_SIGHTING_TRY,
                     "request without an answer")
               : 0;
}

/* That B answers proves nothing of the way back, and that it does not nothing of the
 * network. */
static int see_at_b(struct vw_timeline *timeline, struct vw_track *track,
                    enum vw_direction flow, const struct vw_observation *record)
{
    if (record->action == VW_FLOW_ACTION_REJECT)
        return see(timeline, track, record, VW_SIGHTING_FAIL,
                   flow == VW_FORWARD ? "request rejected" : "reply rejected");
    if (flow == VW_RETURN)
        return 0;
    return see(timeline, track, record, VW_SIGHTING_PASS,
               record->kind == VW_EVIDENCE_FLOW_LOG ? "request accepted"
                                                    : "request seen");
}

/* Whether `record` is of the flow as the snapshot has it, and then where and which way. */
static bool find_place(const struct vw_snapshot *snapshot,
                       const struct vw_observation *record, enum vw_end *ret_end,
                       enum vw_direction *ret_flow)
{
    for (int flow = VW_FORWARD; flow <= VW_RETURN; flow++) {
        *ret_flow = (enum vw_direction)flow;
        *ret_end = VW_END_A;
        if (vw_evidence_is_transcript(record->kind)) {
            if (vw_match_transcript(&snapshot->cross, *ret_flow, record))
                return true;
            continue;
        }
        for (int end = VW_END_A; end <= VW_END_B; end++) {
            *ret_end = (enum vw_end)end;
            if (vw_match_row(&snapshot->cross, *ret_end, *ret_flow, record))
                return true;
        }
    }
    return false;
}

/* The timeline's own copy of a record's text, the same for the same text. */
static const char *keep(struct vw_timeline *timeline, const char *text)
{
    const char *copy;
    uint32_t number;

    if (!text)
        return NULL;
    if (vw_map_get(&timeline->texts, text, &number))
        return timeline->text_list.items[number];
    copy = vw_arena_string(&timeline->arena, text);
    if (!copy || vw_array_push(&timeline->text_list, copy) ||
        vw_map_put(&timeline->texts, copy, (uint32_t)timeline->text_list.count - 1))
        timeline->failed = true;
    return copy;
}

int vw_timeline_place(struct vw_timeline *timeline, const struct vw_snapshot *snapshot,
                      const struct vw_observation *record, enum vw_end end,
                      enum vw_direction flow)
{
    struct vw_observation copy = *record;
    struct vw_track *track;
    int error;

    copy.file = keep(timeline, record->file);
    copy.vantage = keep(timeline, record->vantage);
    error =
        timeline->failed ? VW_ERROR_NO_MEMORY : track_of(timeline, &copy, end, &track);
    if (error)
        return error;
    return end == VW_END_A ? see_at_a(timeline, snapshot, track, flow, &copy)
                           : see_at_b(timeline, track, flow, &copy);
}

int vw_timeline_see(void *data, const struct vw_observation *seen)
{
    struct vw_timeline *timeline = data;
    enum vw_direction flow;
    enum vw_end end;

    if (timeline->bare && seen->kind == VW_EVIDENCE_FLOW_LOG &&
        seen->direction == VW_FLOW_DIRECTION_UNKNOWN) {
        struct vw_observation copy = *seen;

        copy.file = keep(timeline, seen->file);
        copy.vantage = keep(timeline, seen->vantage);
        return timeline->failed ? VW_ERROR_NO_MEMORY
                                : vw_timeline_see_bare(timeline, &copy);
    }
    if (timeline->bare && find_place(timeline->bare, seen, &end, &flow))
        return vw_timeline_place(timeline, timeline->bare, seen, end, flow);
    for (size_t i = 0; i < timeline->snapshots.count; i++)
        if (find_place(timeline->snapshots.items[i], seen, &end, &flow))
            return vw_timeline_place(timeline, timeline->snapshots.items[i], seen, end,
                                     flow);
    return 0;
}
