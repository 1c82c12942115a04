/*
 * The changes of state of the flow: what several witnesses saw at the same time is one
 * change, and it lies where all their times overlap. The change of verdict between two
 * snapshots is the last such change between them, for its state is what the later
 * snapshot shows.
 */
#include "timeline/track.h"

#include <stdlib.h>

#include <vpcwhy/error.h>

/* Changes that may be one: the same way, at times that overlap. */
struct group {
    enum vw_flow_state from, to;
    int64_t earliest, latest;
    struct vw_witnesses witnesses;
    bool taken; /* by a change of verdict */
};
struct groups VW_ARRAY(struct group);

static int compare_changes(const void *a, const void *b)
{
    const struct vw_seen_change *x = a, *y = b;

    return x->witness.earliest < y->witness.earliest
               ? -1
               : x->witness.earliest > y->witness.earliest;
}

static bool saw(const struct group *group, const struct vw_timeline_witness *witness)
{
    for (size_t i = 0; i < group->witnesses.count; i++) {
        const struct vw_timeline_witness *other = &group->witnesses.items[i];

        if (other->kind == witness->kind && other->vantage == witness->vantage &&
            other->before.file == witness->before.file)
            return true;
    }
    return false;
}

/* A witness is in a group once: its second change is another one. */
static int add_to_groups(struct groups *groups, const struct vw_seen_change *change)
{
    const struct vw_timeline_witness *witness = &change->witness;
    struct group new = {change->from,    change->to, witness->earliest,
                        witness->latest, {0},        false};

    for (size_t i = 0; i < groups->count; i++) {
        struct group *group = &groups->items[i];

        if (group->to != change->to || group->latest < witness->earliest ||
            witness->latest < group->earliest || saw(group, witness))
            continue;
        if (witness->earliest > group->earliest)
            group->earliest = witness->earliest;
        if (witness->latest < group->latest)
            group->latest = witness->latest;
        return vw_array_push(&group->witnesses, *witness);
    }
    if (vw_array_push(&new.witnesses, *witness) || vw_array_push(groups, new)) {
        vw_array_free(&new.witnesses);
        return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

static int collect(struct vw_timeline *timeline, struct groups *groups)
{
    struct vw_seen_changes changes = {0};
    int error = 0;

    for (size_t i = 0; i < timeline->tracks.count && !error; i++) {
        vw_track_settle(timeline->tracks.items[i]);
        error = vw_track_changes(timeline->tracks.items[i], &changes);
    }
    if (changes.count > 1)
        qsort(changes.items, changes.count, sizeof *changes.items, compare_changes);
    for (size_t i = 0; i < changes.count && !error; i++)
        error = add_to_groups(groups, &changes.items[i]);
    vw_array_free(&changes);
    return error;
}

static int keep_witnesses(struct vw_timeline *timeline, const struct group *group,
                          struct vw_timeline_turn *turn)
{
    struct vw_timeline_witness *copy =
        vw_arena_array(&timeline->arena, group->witnesses.count, sizeof *turn->witnesses);

    if (!copy)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < group->witnesses.count; i++)
        copy[i] = group->witnesses.items[i];
    turn->witnesses = copy;
    turn->witness_count = group->witnesses.count;
    return 0;
}

/* When the last change of a cause was made that events tell of: before then the cause was
 * not complete. VW_TIME_UNKNOWN where they tell of none. */
static int64_t made_at(const struct vw_timeline_cause *cause)
{
    int64_t time = VW_TIME_UNKNOWN;

    for (size_t i = 0; i < cause->change_count; i++) {
        const struct vw_timeline_change *change = cause->changes[i];

        if (change->event_count > 0 &&
            change->events[change->event_count - 1]->time > time)
            time = change->events[change->event_count - 1]->time;
    }
    return time;
}

/* When the first of the causes was there, each of which is enough. */
static int64_t first_made(const struct vw_timeline_turn *turn)
{
    int64_t first = VW_TIME_UNKNOWN;

    for (size_t i = 0; i < turn->cause_count; i++) {
        int64_t time = made_at(&turn->causes[i]);

        if (time == VW_TIME_UNKNOWN)
            return VW_TIME_UNKNOWN;
        first = first == VW_TIME_UNKNOWN || time < first ? time : first;
    }
    return first;
}

static bool fits(const struct vw_timeline_turn *turn, const struct group *group)
{
    return !group->taken && group->to == turn->to && group->latest >= turn->earliest &&
           group->earliest <= turn->latest;
}

/* The group that is the change of verdict: the one at the time of the events that made
 * it, else the last one. */
static struct group *choose(const struct vw_timeline_turn *turn, struct groups *groups)
{
    struct group *chosen = NULL;
    int64_t made = first_made(turn);

    for (size_t i = 0; i < groups->count; i++) {
        struct group *group = &groups->items[i];

        if (!fits(turn, group))
            continue;
        if (made != VW_TIME_UNKNOWN && group->earliest <= made + VW_SECOND &&
            group->latest >= made - VW_SECOND)
            return group;
        if (!chosen || group->latest > chosen->latest)
            chosen = group;
    }
    return chosen;
}

/* CloudTrail's times are whole seconds of when a call was done: it takes effect then or
 * a little later, not before. */
static void narrow(struct vw_timeline_turn *turn)
{
    int64_t made = first_made(turn);

    if (made != VW_TIME_UNKNOWN && made - VW_SECOND > turn->earliest &&
        made - VW_SECOND <= turn->latest)
        turn->earliest = made - VW_SECOND;
}

static int join(struct vw_timeline *timeline, struct vw_timeline_turn *turn,
                struct groups *groups)
{
    struct group *group = choose(turn, groups);

    if (group) {
        group->taken = true;
        turn->earliest =
            group->earliest > turn->earliest ? group->earliest : turn->earliest;
        turn->latest = group->latest < turn->latest ? group->latest : turn->latest;
    }
    narrow(turn);
    return group ? keep_witnesses(timeline, group, turn) : 0;
}

/* Why a change that witnesses saw has no cause. */
static const char *without_cause(struct vw_timeline *timeline,
                                 const struct vw_timeline_turn *turn)
{
    const struct vw_snapshot *before = NULL, *after = NULL;

    if (timeline->bare)
        return NULL;
    for (size_t i = 0; i < timeline->snapshots.count; i++) {
        const struct vw_snapshot *snapshot = timeline->snapshots.items[i];

        if (snapshot->shown.time <= turn->earliest)
            before = snapshot;
        if (!after && snapshot->shown.time >= turn->latest)
            after = snapshot;
    }
    if (!before || !after)
        return vw_timeline_say(
            timeline,
            "no snapshot was taken %s it: what changed in the network cannot be said",
            before ? "after" : "before");
    return vw_timeline_say(timeline,
                           "the snapshots around it, %s and %s, have the same verdict "
                           "(%s): something that they do not show (a host, an "
                           "application, a change that was taken back) made it",
                           before->shown.name, after->shown.name,
                           vw_verdict_slug(before->shown.trace->verdict));
}

static int add_turn(struct vw_timeline *timeline, const struct group *group)
{
    struct vw_timeline_turn turn = {
        .from = group->from,
        .to = group->to,
        .earliest = group->earliest,
        .latest = group->latest,
    };

    if (keep_witnesses(timeline, group, &turn))
        return VW_ERROR_NO_MEMORY;
    turn.sentence = without_cause(timeline, &turn);
    if (vw_timeline_explain_by_calls(timeline, &turn))
        return VW_ERROR_NO_MEMORY;
    if (turn.cause_count > 0)
        narrow(&turn);
    return vw_array_push(&timeline->turns, turn);
}

static int compare_turns(const void *a, const void *b)
{
    const struct vw_timeline_turn *x = a, *y = b;

    if (x->earliest != y->earliest)
        return x->earliest < y->earliest ? -1 : 1;
    return x->latest < y->latest ? -1 : x->latest > y->latest;
}

int vw_timeline_find_turns(struct vw_timeline *timeline)
{
    struct groups groups = {0};
    int error = collect(timeline, &groups);

    for (size_t i = 0; i < timeline->turns.count && !error; i++)
        error = join(timeline, &timeline->turns.items[i], &groups);
    for (size_t i = 0; i < groups.count; i++) {
        if (!error && !groups.items[i].taken)
            error = add_turn(timeline, &groups.items[i]);
        vw_array_free(&groups.items[i].witnesses);
    }
    vw_array_free(&groups);
    if (timeline->turns.count > 1)
        qsort(timeline->turns.items, timeline->turns.count, sizeof *timeline->turns.items,
              compare_turns);
    return error;
}
