/*
 * The account in the order of time: snapshots, changes of state, and the calls on the
 * path that no difference between snapshots shows (taken back, or failed).
 */
#include "timeline/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/diagnostic.h"

#include <vpcwhy/error.h>

static int list_snapshots(struct vw_timeline *timeline)
{
    size_t count = timeline->snapshots.count;
    struct vw_timeline_snapshot *list =
        vw_arena_array(&timeline->arena, count, sizeof *list);

    if (!list)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        list[i] = timeline->snapshots.items[i]->shown;
    timeline->account.snapshots = list;
    timeline->account.snapshot_count = count;
    return 0;
}

/* ---- calls that no difference shows ---- */

static bool is_named(const struct vw_timeline_step *step,
                     const struct vw_timeline_event *event)
{
    for (size_t i = 0; i < step->change_count; i++) {
        for (size_t j = 0; j < step->changes[i].event_count; j++) {
            if (step->changes[i].events[j] == event)
                return true;
        }
    }
    return false;
}

static bool names(const struct vw_trail_event *event, const char *id)
{
    char buffer[VW_FACT_TEXT];

    return id && vw_trail_has(event, vw_fact_id(id, buffer));
}

static bool is_on_leg(const struct vw_leg *leg, const struct vw_trail_event *event)
{
    for (size_t i = 0; i < leg->step_count; i++) {
        const struct vw_step *step = &leg->steps[i];

        if (names(event, step->component))
            return true;
        for (size_t j = 0; j < step->group_count; j++) {
            if (names(event, step->groups[j]))
                return true;
        }
    }
    return false;
}

/* Whether the event names what the packet meets in any snapshot. */
static bool is_on_path(const struct vw_timeline *timeline,
                       const struct vw_trail_event *event)
{
    if (timeline->bare) /* what is on the path is not known */
        return true;
    for (size_t i = 0; i < timeline->snapshots.count; i++) {
        const struct vw_trace *trace = timeline->snapshots.items[i]->shown.trace;

        if (is_on_leg(&trace->forward, event) || is_on_leg(&trace->reply, event))
            return true;
    }
    return false;
}

static bool is_shown(const struct vw_timeline *timeline,
                     const struct vw_trail_event *event)
{
    const struct vw_timeline_account *account = &timeline->account;

    for (size_t i = 0; i < account->step_count; i++) {
        if (is_named(&account->steps[i], &event->shown))
            return true;
    }
    for (size_t i = 0; i < timeline->turns.count; i++) {
        const struct vw_timeline_turn *turn = &timeline->turns.items[i];

        for (size_t j = 0; j < turn->cause_count; j++) {
            const struct vw_timeline_change *change = turn->causes[j].changes[0];

            if (change->event_count > 0 && change->events[0] == &event->shown)
                return true;
        }
    }
    return false;
}

/* ---- entries ---- */

static int add_entry(struct vw_timeline *timeline, struct vw_timeline_entry entry)
{
    return vw_array_push(&timeline->entries, entry);
}

static int compare_entries(const void *a, const void *b)
{
    const struct vw_timeline_entry *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->turn != NULL) - (y->turn != NULL);
}

static int list_events(struct vw_timeline *timeline)
{
    size_t count = timeline->trail.events.count;
    const struct vw_timeline_event **list =
        vw_arena_array(&timeline->arena, count, sizeof(void *));
    int error = list ? 0 : VW_ERROR_NO_MEMORY;

    for (size_t i = 0; i < count && !error; i++) {
        const struct vw_trail_event *event = timeline->trail.events.items[i];

        list[i] = &event->shown;
        if (is_on_path(timeline, event) && !is_shown(timeline, event))
            error = add_entry(timeline, (struct vw_timeline_entry){event->shown.time,
                                                                   NULL, NULL, list[i]});
    }
    timeline->account.events = list;
    timeline->account.event_count = error ? 0 : count;
    return error;
}

static int list_entries(struct vw_timeline *timeline)
{
    struct vw_timeline_account *account = &timeline->account;
    int error = list_events(timeline);

    for (size_t i = 0; i < account->snapshot_count && !error; i++) {
        const struct vw_timeline_snapshot *snapshot = &account->snapshots[i];

        error = add_entry(
            timeline, (struct vw_timeline_entry){snapshot->time, snapshot, NULL, NULL});
    }
    for (size_t i = 0; i < account->turn_count && !error; i++) {
        const struct vw_timeline_turn *turn = &account->turns[i];

        error = add_entry(timeline,
                          (struct vw_timeline_entry){turn->earliest, NULL, turn, NULL});
    }
    if (timeline->entries.count > 1)
        qsort(timeline->entries.items, timeline->entries.count,
              sizeof *timeline->entries.items, compare_entries);
    account->entries = timeline->entries.items;
    account->entry_count = timeline->entries.count;
    return error;
}

/* ---- what is missing ---- */

static const char *track_name(const struct vw_track *track)
{
    return track->vantage ? track->vantage : track->file ? track->file : "";
}

/* Whether a blocker of `trace` is not one of `other`. */
static const struct vw_blocker *blocker_missing(const struct vw_trace *trace,
                                                const struct vw_trace *other)
{
    for (size_t i = 0; i < trace->blocker_count; i++) {
        const struct vw_blocker *blocker = &trace->blockers[i];
        bool found = false;

        for (size_t j = 0; j < other->blocker_count && !found; j++)
            found = other->blockers[j].reason == blocker->reason &&
                    other->blockers[j].direction == blocker->direction &&
                    (blocker->component == NULL || other->blockers[j].component == NULL ||
                     strcmp(other->blockers[j].component, blocker->component) == 0);
        if (!found)
            return blocker;
    }
    return NULL;
}

static void note_blocker(struct vw_timeline *timeline,
                         const struct vw_timeline_step *step,
                         const struct vw_blocker *blocker, const char *words)
{
    if (blocker)
        vw_timeline_note(
            timeline,
            vw_timeline_say(timeline, "%s and %s are both blocked; %s: %s at %s",
                            step->before->name, step->after->name, words,
                            vw_reason_code(blocker->reason),
                            blocker->component ? blocker->component : "the path"));
}

/* Blocked as before, but not by the same: the verdict does not show it. */
static void note_blockers(struct vw_timeline *timeline)
{
    for (size_t i = 0; i < timeline->account.step_count; i++) {
        const struct vw_timeline_step *step = &timeline->account.steps[i];
        const struct vw_trace *before = step->before->trace, *after = step->after->trace;

        if (before->verdict != VW_VERDICT_BLOCKED || after->verdict != VW_VERDICT_BLOCKED)
            continue;
        note_blocker(timeline, step, blocker_missing(before, after),
                     "this is no longer there");
        note_blocker(timeline, step, blocker_missing(after, before), "this came to it");
    }
}

static void note_missing(struct vw_timeline *timeline)
{
    for (size_t i = 0; i < timeline->tracks.count; i++) {
        const struct vw_track *track = timeline->tracks.items[i];

        if (track->lost > 0)
            vw_timeline_note(
                timeline, vw_timeline_say(
                              timeline,
                              "%s %s: %llu request%s without an answer, fewer than %d in "
                              "a row: not taken for a change",
                              vw_evidence_kind_noun(track->kind), track_name(track),
                              (unsigned long long)track->lost,
                              track->lost == 1 ? "" : "s", VW_REQUESTS_ENOUGH));
        if (track->untimed > 0)
            vw_timeline_note(
                timeline,
                vw_timeline_say(timeline,
                                "%s %s: %llu records of the flow carry no time and stand "
                                "nowhere here%s",
                                vw_evidence_kind_noun(track->kind), track_name(track),
                                (unsigned long long)track->untimed,
                                track->kind == VW_EVIDENCE_PING ? " (ping -D stamps them)"
                                                                : ""));
    }
    if (timeline->evidence && !timeline->bare && timeline->tracks.count == 0 &&
        vw_evidence_count(timeline->evidence) > 0)
        vw_timeline_note(
            timeline, "no record is of this flow: the times are those of the snapshots "
                      "and of the calls");
    if (timeline->sighting_count > VW_SIGHTINGS_MAX)
        vw_timeline_note(timeline,
                         vw_timeline_say(timeline,
                                         "only the first %d of %llu records of the flow "
                                         "are used; narrow it with a time window",
                                         VW_SIGHTINGS_MAX,
                                         (unsigned long long)timeline->sighting_count));
}

static void warn_of_clocks(struct vw_timeline *timeline)
{
    for (size_t i = 0; i < timeline->clocks.count; i++) {
        if (!timeline->clocks.items[i].used)
            vw_diagnose(timeline->diagnostics, VW_SEVERITY_WARNING, "offset-unused",
                        (struct vw_place){.file = timeline->clocks.items[i].witness},
                        "an offset is given for it, and no record of the flow is from "
                        "it");
    }
}

int vw_timeline_list(struct vw_timeline *timeline)
{
    struct vw_timeline_account *account = &timeline->account;
    int error = list_snapshots(timeline);

    account->turns = timeline->turns.items;
    account->turn_count = timeline->turns.count;
    if (!error)
        error = list_entries(timeline);
    note_blockers(timeline);
    note_missing(timeline);
    warn_of_clocks(timeline);
    return error;
}

enum vw_timeline_conclusion vw_timeline_conclude(const struct vw_timeline *timeline)
{
    enum vw_timeline_conclusion conclusion = VW_TIMELINE_EXPLAINED;

    if (timeline->contradicted)
        return VW_TIMELINE_CONTRADICTED;
    if (timeline->bare)
        return VW_TIMELINE_UNDECIDED;
    for (size_t i = 0; i < timeline->turns.count; i++) {
        const struct vw_timeline_turn *turn = &timeline->turns.items[i];

        if (turn->cause_count == 0)
            return VW_TIMELINE_UNEXPLAINED;
        if (turn->from == VW_FLOW_STATE_UNKNOWN || turn->to == VW_FLOW_STATE_UNKNOWN)
            conclusion = VW_TIMELINE_UNDECIDED;
    }
    if (timeline->turns.count > 0)
        return conclusion;
    for (size_t i = 0; i < timeline->snapshots.count; i++) {
        if (vw_flow_state_of(timeline->snapshots.items[i]->shown.trace->verdict) ==
            VW_FLOW_STATE_UNKNOWN)
            return VW_TIMELINE_UNDECIDED;
    }
    return timeline->snapshots.count > 1 ? VW_TIMELINE_STEADY : VW_TIMELINE_UNDECIDED;
}
