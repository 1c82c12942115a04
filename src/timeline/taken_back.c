/*
 * Changes that no snapshot shows: what a call took away and another put back in between.
 * Both snapshots around such an outage pass. What the first call names is taken from the
 * snapshot before it, and what the second one names from the snapshot after it; where the
 * packet is then blocked, each call is proved to have done it.
 *
 *     09:00 passes   09:20 DeleteRoute R   09:31 CreateRoute R   09:40 passes
 *     09:00 without R: blocked             09:40 without R: blocked
 */
#include "timeline/calls.h"

#include <string.h>

#include "base/memory.h"
#include "reach/question.h"

#include <vpcwhy/error.h>

/* The snapshot that is not the outage's: before it stopped, or after it passed again. */
static const struct vw_snapshot *base_of(const struct vw_timeline *timeline,
                                         const struct vw_timeline_turn *turn)
{
    const struct vw_snapshot *base = NULL;

    for (size_t i = 0; i < timeline->snapshots.count; i++) {
        const struct vw_snapshot *snapshot = timeline->snapshots.items[i];

        if (turn->to == VW_FLOW_STATE_FAILS && snapshot->shown.time <= turn->latest)
            base = snapshot;
        if (turn->to == VW_FLOW_STATE_PASSES && !base &&
            snapshot->shown.time >= turn->earliest)
            base = snapshot;
    }
    return base && base->shown.trace->verdict == VW_VERDICT_REACHABLE ? base : NULL;
}

/* ---- what a call names ---- */

struct list {
    const unsigned char *items;
    size_t count;
};

static struct list list_at(const struct vw_member *field, const void *holder)
{
    struct list list;

    memcpy(&list.items, (const unsigned char *)holder + field->offset, sizeof list.items);
    memcpy(&list.count, (const unsigned char *)holder + field->count_offset,
           sizeof list.count);
    return list;
}

/* The elements of one list that the call added, or took away. */
static int collect_list(struct vw_wanted wanted, struct vw_difference difference,
                        const void *holder, const struct vw_trail_event *event,
                        struct vw_differences *ret)
{
    struct list list = list_at(difference.field, holder);
    const struct vw_shape *shape = difference.field->shape;

    wanted.difference = &difference;
    for (size_t i = 0; i < list.count; i++) {
        difference.element_before = list.items + i * shape->size;
        if (vw_element_exported(shape, difference.element_before) &&
            vw_call_made(&wanted, event) && vw_array_push(ret, difference))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

static int collect_object(struct vw_wanted wanted, enum vw_object_kind kind,
                          uint32_t index, const struct vw_trail_event *event,
                          struct vw_differences *ret)
{
    const struct vw_shape *shape = vw_shape_of((int)kind);
    struct vw_difference difference = {.what = VW_DIFFERENCE_ELEMENT,
                                       .kind = (int)kind,
                                       .before = index,
                                       .after = index,
                                       .was = true};
    int error = 0;

    wanted.difference = &difference;
    if (!vw_call_names_object(&wanted, event))
        return 0;
    for (size_t i = 0; i < shape->count && !error; i++) {
        difference.field = &shape->fields[i];
        if (shape->fields[i].type == VW_MEMBER_LIST)
            error = collect_list(wanted, difference,
                                 vw_world_object(wanted.before->world, kind, index),
                                 event, ret);
    }
    return error;
}

static int collect(const struct vw_snapshot *base, unsigned effect,
                   const struct vw_trail_event *event, struct vw_differences *ret)
{
    const struct vw_wanted wanted = {base, base, NULL, effect};
    int error = 0;

    for (int kind = 0; kind < VW_OBJECT_KINDS && !error; kind++) {
        uint32_t count = vw_world_count(base->world, (enum vw_object_kind)kind);

        for (uint32_t i = 0; i < count && !error; i++)
            error = collect_object(wanted, (enum vw_object_kind)kind, i, event, ret);
    }
    return error;
}

/* ---- the proof ---- */

/* Whether the base is blocked without all of it. */
static int blocks(struct vw_timeline *timeline, const struct vw_snapshot *base,
                  const struct vw_differences *differences, bool *ret_blocks)
{
    bool *applied = vw_calloc(differences->count, sizeof *applied);
    struct vw_answer answer = {.is_set = false};
    struct vw_world *world = NULL;
    int error = applied ? 0 : VW_ERROR_NO_MEMORY;

    for (size_t i = 0; i < differences->count && !error; i++)
        applied[i] = true;
    if (!error)
        error = vw_world_mix(base->world, base->world, differences, applied, &world);
    if (!error)
        error = vw_answer_question(world, &timeline->question, NULL, &answer);
    *ret_blocks = !error && answer.verdict == VW_VERDICT_BLOCKED;
    vw_answer_free(&answer);
    vw_world_free(world);
    vw_free(applied);
    return error == VW_ERROR_QUESTION ? 0 : error;
}

static int fill_cause(struct vw_timeline *timeline, const struct vw_timeline_turn *turn,
                      const struct vw_snapshot *base,
                      const struct vw_differences *differences,
                      const struct vw_trail_event *event, struct vw_timeline_cause *ret)
{
    size_t count = differences->count;
    struct vw_timeline_change *changes =
        vw_arena_array(&timeline->arena, count, sizeof *changes);
    const struct vw_timeline_change **list =
        vw_arena_array(&timeline->arena, count, sizeof(void *));
    const struct vw_timeline_event **events =
        vw_arena_array(&timeline->arena, 1, sizeof(void *));
    bool stopped = turn->to == VW_FLOW_STATE_FAILS;

    if (!changes || !list || !events)
        return VW_ERROR_NO_MEMORY;
    events[0] = &event->shown;
    for (size_t i = 0; i < count; i++) {
        struct vw_difference difference = differences->items[i];

        if (!stopped) { /* it was added */
            difference.element_after = difference.element_before;
            difference.element_before = NULL;
            difference.was = false;
            difference.is = true;
        }
        if (vw_timeline_word_changes(timeline, base, base,
                                     &(struct vw_differences){&difference, 1, 1},
                                     &changes[i]))
            return VW_ERROR_NO_MEMORY;
        changes[i].events = events;
        changes[i].event_count = 1;
        list[i] = &changes[i];
    }
    *ret = (struct vw_timeline_cause){
        list, count,
        vw_timeline_say(timeline,
                        "proved: %s without what this call %s: the packet is blocked; no "
                        "other snapshot shows the change",
                        base->shown.name, stopped ? "took away" : "added")};
    return 0;
}

static int try_event(struct vw_timeline *timeline, struct vw_timeline_turn *turn,
                     const struct vw_snapshot *base, const struct vw_trail_event *event,
                     struct vw_timeline_cause *causes)
{
    unsigned effect = turn->to == VW_FLOW_STATE_FAILS ? VW_CALL_REMOVES : VW_CALL_ADDS;
    struct vw_differences differences = {NULL, 0, 0};
    bool proved = false;
    int error = collect(base, effect, event, &differences);

    if (!error && differences.count > 0)
        error = blocks(timeline, base, &differences, &proved);
    if (!error && proved)
        error = fill_cause(timeline, turn, base, &differences, event,
                           &causes[turn->cause_count]);
    if (!error && proved)
        turn->cause_count++;
    vw_array_free(&differences);
    return error;
}

int vw_timeline_explain_by_calls(struct vw_timeline *timeline,
                                 struct vw_timeline_turn *turn)
{
    const struct vw_snapshot *base = base_of(timeline, turn);
    struct vw_timeline_cause *causes;
    int error = 0;

    if (!base || timeline->trail.events.count == 0)
        return 0;
    causes = vw_arena_array(&timeline->arena, VW_CAUSES_MAX, sizeof *causes);
    if (!causes)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < timeline->trail.events.count && !error; i++) {
        const struct vw_trail_event *event = timeline->trail.events.items[i];

        if (!event->shown.error && event->shown.time >= turn->earliest - VW_SECOND &&
            event->shown.time <= turn->latest && turn->cause_count < VW_CAUSES_MAX)
            error = try_event(timeline, turn, base, event, causes);
    }
    turn->causes = causes;
    if (turn->cause_count > 0)
        turn->sentence = NULL;
    return error;
}
