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
    struct vw_replay_groups sums; /* by decider, protocol and port 0 */
    struct VW_ARRAY(struct vw_replay_finding) findings; /* of the sums */
};

/* ---- groups that are one finding ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Most flows first. */
static int compare_services(const struct vw_replay_service *a,
                            const struct vw_replay_service *b)
{
    int order = compare_numbers(b->flows, a->flows);

    if (!order)
        order = a->protocol - b->protocol;
    return order ? order : a->port - b->port;
}

/* Keeps those of most flows, in order. */
static void add_service(struct vw_replay_finding *finding, const struct vw_group *group)
{
    struct vw_replay_service service = {group->key.protocol, group->key.port,
                                        group->flows};
    size_t i = finding->service_count;

    finding->services_all++;
    if (i == VW_REPLAY_SERVICES) {
        if (compare_services(&service, &finding->services[--i]) >= 0)
            return;
    } else {
        finding->service_count++;
    }
    for (; i > 0 && compare_services(&service, &finding->services[i - 1]) < 0; i--)
        finding->services[i] = finding->services[i - 1];
    finding->services[i] = service;
}

/* ---- rules that changed ---- */

/* The key of what was recorded as exported of the same rule and the same service. */
static struct vw_group_key agreeing_key(const struct vw_group *group)
{
    struct vw_group_key key = group->key;

    key.decider.reading = VW_READING_AS_EXPORTED;
    return key;
}

/* Readings that say what the rule, as exported, would not have done. */
static bool can_change(enum vw_reading reading)
{
    return reading == VW_READING_ACCEPTED || reading == VW_READING_REJECTED ||
           reading == VW_READING_CHANGED;
}

/* A contradiction that ends before the records begin to agree is of a rule that changed:
 * the export shows the state after it. */
static void settle_change(struct vw_group *group, const struct vw_group *later,
                          struct vw_replay *replay)
{
    if (group->last == VW_TIME_UNKNOWN || !later || later->first == VW_TIME_UNKNOWN ||
        group->first >= later->first || group->last > later->first + VW_FLOW_LOG_SLACK)
        return;
    group->key.decider.reading = VW_READING_CHANGED;
    replay->flows_by_result[VW_REPLAY_CONTRADICTS] -= group->flows;
    replay->flows_by_result[VW_REPLAY_EXPLAINED] += group->flows;
    replay->records_by_result[VW_REPLAY_CONTRADICTS] -= group->records;
    replay->records_by_result[VW_REPLAY_EXPLAINED] += group->records;
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

/* Adds a group to the finding of its decider: the sums stand in the order of the findings. */
static int add_group(struct teller *teller, const struct vw_group *group,
                     const struct vw_group *later)
{
    struct vw_group one = *group;
    struct vw_replay_finding *finding;
    size_t number;
    int error;

    one.key.protocol = one.key.port = 0;
    error = vw_replay_groups_put(&teller->sums, &one, &number);
    if (!error && number == teller->findings.count)
        error = vw_array_push(
            &teller->findings,
            ((struct vw_replay_finding){
                .reading = (enum vw_reading)one.key.decider.reading,
                .direction = (enum vw_flow_direction)one.key.decider.direction,
                .agreeing_first = VW_TIME_UNKNOWN,
                .agreeing_last = VW_TIME_UNKNOWN,
            }));
    if (error)
        return error;
    finding = &teller->findings.items[number];
    add_service(finding, group);
    add_agreeing(finding, later);
    return 0;
}

/* How many groups ahead those that agree are sent for. */
enum { SLOTS_AHEAD = 16, GROUPS_AHEAD = 8 };

/* The key of what may agree with a group; false where that makes no difference. */
static bool looks_for(const struct vw_replay_groups *groups, size_t number,
                      struct vw_group_key *ret)
{
    if (number >= groups->count ||
        !can_change(vw_replay_group(groups, number)->key.decider.reading))
        return false;
    *ret = agreeing_key(vw_replay_group(groups, number));
    return true;
}

static void expect_agreeing(const struct vw_tally *tally,
                            const struct vw_replay_groups *groups, size_t number)
{
    struct vw_group_key key;

    if (looks_for(groups, number + SLOTS_AHEAD, &key))
        vw_tally_expect_slot(tally, &key);
    if (looks_for(groups, number + GROUPS_AHEAD, &key))
        vw_tally_expect(tally, &key);
}

/* All groups that are no agreement, each with what agrees where the rule may have changed. */
static int add_groups(struct teller *teller, const struct vw_tally *tally,
                      struct vw_replay_groups *groups, struct vw_replay *replay)
{
    size_t i;
    int error = 0;

    for (i = 0; i < groups->count && !error; i++) {
        struct vw_group *group = vw_replay_group(groups, i);
        const struct vw_group *later = NULL;
        struct vw_group_key key;

        expect_agreeing(tally, groups, i);
        if (group->key.decider.reading == VW_READING_AS_EXPORTED)
            continue;
        if (looks_for(groups, i, &key)) {
            later = vw_tally_get(tally, &key);
            settle_change(group, later, replay);
        }
        error = add_group(teller, group, later);
    }
    return error;
}

static void sum_up(const struct teller *teller, size_t number)
{
    const struct vw_group *sum = vw_replay_group(&teller->sums, number);
    struct vw_replay_finding *finding = &teller->findings.items[number];
    size_t i;

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
    if (vw_sighting_know(replayer, &sighting))
        return VW_ERROR_NO_MEMORY;
    vw_sighting_place(replayer, &sighting);
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

static int tell_all(struct teller *teller, struct vw_tally *tally,
                    struct vw_replay *replay)
{
    size_t i;
    int error = 0;

    for (i = 0; i < VW_TALLY_PARTS && !error; i++)
        error = add_groups(teller, tally, &tally->parts[i].groups, replay);
    for (i = 0; i < teller->findings.count && !error; i++) {
        sum_up(teller, i);
        error = explain(teller, &vw_replay_group(&teller->sums, i)->key.decider,
                        &teller->findings.items[i]);
    }
    if (!error && teller->findings.count > 0)
        qsort(teller->findings.items, teller->findings.count,
              sizeof *teller->findings.items, compare_findings);
    return error;
}

/* The findings are the arena's from now on. */
static int hand_over(const struct teller *teller, struct vw_replay *replay)
{
    size_t count = teller->findings.count;
    struct vw_replay_finding *findings =
        vw_arena_array(teller->arena, count, sizeof *findings);

    if (!findings)
        return VW_ERROR_NO_MEMORY;
    if (count > 0)
        memcpy(findings, teller->findings.items, count * sizeof *findings);
    replay->findings = findings;
    replay->finding_count = count;
    return 0;
}

int vw_replay_tell(struct vw_replayer *replayer, struct vw_tally *tally,
                   struct vw_arena *arena, struct vw_replay *replay)
{
    struct teller teller = {
        .replayer = replayer, .arena = arena, .sums = {.pages = &tally->pages}};
    int error = tell_all(&teller, tally, replay);

    if (!error)
        error = hand_over(&teller, replay);
    vw_replay_groups_free(&teller.sums);
    vw_array_free(&teller.findings);
    return error;
}
