/*
 * From groups to findings. Groups that differ in protocol and port only become one, with
 * the ports that most flows used; what decided is explained by looking at the earliest
 * flow once more, this time keeping the mark.
 */
#include "crosscheck/replay.h"

#include <stdlib.h>
#include <string.h>

#include "crosscheck/cross.h"
#include "reach/explain.h"
#include "reach/predict.h"

struct teller {
    struct vw_replayer *replayer;
    struct vw_arena *arena;
    struct vw_replay_finding *findings;
    size_t count;
};

/* ---- groups that are one finding ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_deciders(const struct vw_decider *a, const struct vw_decider *b)
{
    int order = (int)a->reading - (int)b->reading;

    if (!order)
        order = (int)a->direction - (int)b->direction;
    if (!order)
        order = (int)a->reason - (int)b->reason;
    if (!order)
        order = compare_numbers((uintptr_t)a->object, (uintptr_t)b->object);
    if (!order)
        order = compare_numbers((uintptr_t)a->rule, (uintptr_t)b->rule);
    return order ? order : a->missing - b->missing;
}

/* By decider; those of most flows first. */
static int compare_groups(const void *left, const void *right)
{
    const struct vw_group *a = *(const struct vw_group *const *)left;
    const struct vw_group *b = *(const struct vw_group *const *)right;
    int order = compare_deciders(&a->key.decider, &b->key.decider);

    if (!order)
        order = compare_numbers(b->flows, a->flows);
    if (!order)
        order = a->key.protocol - b->key.protocol;
    return order ? order : a->key.port - b->key.port;
}

static void add_service(struct vw_replay_finding *finding, const struct vw_group *group)
{
    if (finding->service_count < VW_REPLAY_SERVICES)
        finding->services[finding->service_count++] = (struct vw_replay_service){
            group->key.protocol, group->key.port, group->flows};
    finding->services_all++;
}

/* ---- rules that changed ---- */

/* What was recorded as exported of the same rule and the same service, or NULL. */
static const struct vw_group *agreeing(const struct vw_replay_groups *groups,
                                       const struct vw_group *group)
{
    struct vw_group_key key = group->key;

    key.decider.reading = VW_READING_AS_EXPORTED;
    return vw_replay_groups_get(groups, &key);
}

/* Readings that say what the rule, as exported, would not have done. */
static bool can_change(enum vw_reading reading)
{
    return reading == VW_READING_ACCEPTED || reading == VW_READING_REJECTED ||
           reading == VW_READING_CHANGED;
}

/* Contradictions that all end before the records begin to agree are of a rule that
 * changed: the export shows the state after it. */
static void settle_changes(struct vw_replay_groups *groups, struct vw_replay *replay)
{
    size_t i;

    for (i = 0; i < groups->items.count; i++) {
        struct vw_group *group = &groups->items.items[i];
        const struct vw_group *later;

        if (!can_change(group->key.decider.reading) || group->last == VW_TIME_UNKNOWN)
            continue;
        later = agreeing(groups, group);
        if (!later || later->first == VW_TIME_UNKNOWN || group->first >= later->first ||
            group->last > later->first + VW_FLOW_LOG_SLACK)
            continue;
        group->key.decider.reading = VW_READING_CHANGED;
        replay->flows_by_result[VW_REPLAY_CONTRADICTS] -= group->flows;
        replay->flows_by_result[VW_REPLAY_EXPLAINED] += group->flows;
        replay->records_by_result[VW_REPLAY_CONTRADICTS] -= group->records;
        replay->records_by_result[VW_REPLAY_EXPLAINED] += group->records;
    }
}

static void add_agreeing(struct vw_replay_finding *finding, const struct vw_group *other)
{
    if (!other)
        return;
    finding->agreeing += other->flows;
    if (finding->agreeing_first == VW_TIME_UNKNOWN ||
        (other->first != VW_TIME_UNKNOWN && other->first < finding->agreeing_first))
        finding->agreeing_first = other->first;
    if (other->last > finding->agreeing_last) /* VW_TIME_UNKNOWN is the lowest */
        finding->agreeing_last = other->last;
}

/* The sum of `count` groups of one decider, which goes to `sums` for a moment. */
static int sum_up(const struct teller *teller, const struct vw_replay_groups *groups,
                  const struct vw_group *const *parts, size_t count,
                  struct vw_replay_groups *sums, struct vw_replay_finding *finding)
{
    const struct vw_decider *decider = &parts[0]->key.decider;
    const struct vw_group *sum;
    size_t i;
    int error = 0;

    *finding = (struct vw_replay_finding){.reading = decider->reading,
                                          .direction = decider->direction,
                                          .agreeing_first = VW_TIME_UNKNOWN,
                                          .agreeing_last = VW_TIME_UNKNOWN};
    for (i = 0; i < count && !error; i++) {
        struct vw_group one = *parts[i];
        struct vw_replay_groups other = {.items = {&one, 1, 1}};

        add_service(finding, &one);
        if (can_change(decider->reading))
            add_agreeing(finding, agreeing(groups, &one));
        one.key.protocol = one.key.port = 0;
        error = vw_replay_groups_merge(sums, &other);
    }
    if (error)
        return error;
    sum = &sums->items.items[sums->items.count - 1];
    finding->eni = sum->eni;
    finding->flows = sum->flows;
    finding->records = sum->records;
    finding->packets = sum->packets;
    finding->first = sum->first;
    finding->last = sum->last;
    finding->example_count = sum->example_count;
    for (i = 0; i < sum->example_count; i++)
        finding->examples[i] =
            vw_evidence_get(teller->replayer->facts->evidence, sum->examples[i]);
    return 0;
}

/* ---- the mark again ---- */

static bool is_mark(const struct teller *teller, const struct vw_mark *mark,
                    const struct vw_decider *decider)
{
    const struct vw_world *world = teller->replayer->facts->world;
    const struct vw_object *object = mark->object;
    uint32_t index;

    if (mark->rule != decider->rule || mark->reason != decider->reason || !object)
        return false;
    if (object == decider->object)
        return true;
    return object->kind == VW_OBJECT_INTERFACE &&
           vw_world_find(world, VW_OBJECT_INTERFACE, object->id, &index) &&
           &vw_world_interface(world, teller->replayer->facts->group_sets[index])
                   ->object == decider->object;
}

static const struct vw_mark *mark_in(const struct teller *teller,
                                     const struct vw_packets *packets,
                                     const struct vw_decider *decider)
{
    const struct vw_mark *mark;
    size_t i;

    for (i = 0; i < packets->count; i++)
        for (mark = packets->items[i].last; mark; mark = mark->previous)
            if (is_mark(teller, mark, decider))
                return mark;
    return NULL;
}

/* The same packet at the same interface, and then from its sender, as a request and as a
 * reply. */
static int find_mark(struct teller *teller, const struct vw_observation *row,
                     const struct vw_decider *decider, const struct vw_mark **ret_mark)
{
    struct vw_replayer *replayer = teller->replayer;
    struct vw_sighting sighting = {.number = 0};
    struct vw_passing passing;
    int error = 0, way;

    *ret_mark = NULL;
    if (!row)
        return 0;
    sighting.row = *row;
    vw_sighting_see(replayer, &sighting);
    if (sighting.interface == VW_NONE || sighting.direction == VW_FLOW_DIRECTION_UNKNOWN)
        return 0;
    vw_arena_reset(&replayer->filter_arena);
    for (way = 0; way < 2 && !error && !*ret_mark; way++) {
        passing = vw_replay_passing(&sighting, way == 1);
        error = vw_vantage_filter(&replayer->filter, &passing);
        if (!error)
            *ret_mark = mark_in(teller, &replayer->filter.done, decider);
    }
    for (way = 0; way < 2 && !error && !*ret_mark; way++) {
        const struct vw_mark *lost;

        error = vw_replay_walk(replayer, &sighting, way == 1, &lost);
        if (!error)
            *ret_mark = mark_in(teller, &replayer->answer.walk.done, decider);
    }
    return error;
}

/* "sg-1, sg-2" where groups decided together, else the component. */
static const char *component_of(struct teller *teller, const struct vw_step *step)
{
    const char *text = step->component;
    size_t i;

    for (i = 0; i < step->group_count && text; i++)
        text = i == 0 ? step->groups[0]
                      : vw_arena_printf(teller->arena, "%s, %s", text, step->groups[i]);
    return text;
}

static int explain(struct teller *teller, const struct vw_decider *decider,
                   struct vw_replay_finding *finding)
{
    const struct vw_mark *mark;
    struct vw_step step;
    const char *assumption;
    int error;

    if (!decider->object || finding->example_count == 0)
        return 0;
    finding->component = decider->object->id;
    error = find_mark(teller, finding->examples[0], decider, &mark);
    if (!error && mark)
        error = vw_explain_mark(teller->replayer->facts->world, teller->arena, mark,
                                &step, &assumption);
    if (error || !mark)
        return error;
    finding->component = component_of(teller, &step);
    finding->rule = step.rule_text;
    finding->source = step.source;
    finding->missing = step.missing;
    finding->sentence = step.sentence;
    return finding->component ? 0 : VW_ERROR_NO_MEMORY;
}

/* ---- in order ---- */

static int compare_findings(const void *left, const void *right)
{
    const struct vw_replay_finding *a = left, *b = right;
    int order = (int)vw_reading_result(a->reading) - (int)vw_reading_result(b->reading);

    if (!order)
        order = compare_numbers(b->flows, a->flows);
    if (!order)
        order = (int)a->reading - (int)b->reading;
    if (!order)
        order = (int)a->direction - (int)b->direction;
    if (!order)
        order =
            strcmp(a->component ? a->component : "", b->component ? b->component : "");
    if (!order)
        order = strcmp(a->rule ? a->rule : "", b->rule ? b->rule : "");
    if (!order)
        order = strcmp(a->examples[0]->file, b->examples[0]->file);
    return order ? order : compare_numbers(a->examples[0]->line, b->examples[0]->line);
}

/* The groups that are no agreement, sorted. */
static const struct vw_group **sort_groups(const struct vw_replay_groups *groups,
                                           struct vw_arena *arena, size_t *ret_count)
{
    const struct vw_group **sorted =
        vw_arena_array(arena, groups->items.count, sizeof *sorted);
    size_t i, count = 0;

    if (!sorted)
        return NULL;
    for (i = 0; i < groups->items.count; i++)
        if (groups->items.items[i].key.decider.reading != VW_READING_AS_EXPORTED)
            sorted[count++] = &groups->items.items[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, compare_groups);
    *ret_count = count;
    return sorted;
}

static int tell_all(struct teller *teller, const struct vw_replay_groups *groups,
                    const struct vw_group **sorted, size_t count)
{
    struct vw_replay_groups sums = {.capacity = 0};
    size_t i, next;
    int error = 0;

    for (i = 0; i < count && !error; i = next) {
        const struct vw_decider *decider = &sorted[i]->key.decider;
        struct vw_replay_finding *finding = &teller->findings[teller->count++];

        for (next = i + 1; next < count; next++)
            if (compare_deciders(decider, &sorted[next]->key.decider) != 0)
                break;
        error = sum_up(teller, groups, &sorted[i], next - i, &sums, finding);
        if (!error)
            error = explain(teller, decider, finding);
    }
    vw_replay_groups_free(&sums);
    return error;
}

int vw_replay_tell(struct vw_replayer *replayer, struct vw_replay_groups *groups,
                   struct vw_arena *arena, struct vw_replay *replay)
{
    struct teller teller = {.replayer = replayer, .arena = arena};
    const struct vw_group **sorted;
    size_t count;
    int error;

    settle_changes(groups, replay);
    sorted = sort_groups(groups, arena, &count);
    if (!sorted)
        return VW_ERROR_NO_MEMORY;
    teller.findings = vw_arena_array(arena, count, sizeof *teller.findings);
    if (!teller.findings)
        return VW_ERROR_NO_MEMORY;
    error = tell_all(&teller, groups, sorted, count);
    if (!error && teller.count > 0)
        qsort(teller.findings, teller.count, sizeof *teller.findings, compare_findings);
    replay->findings = teller.findings;
    replay->finding_count = teller.count;
    return error;
}
