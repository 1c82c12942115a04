/*
 * The answer told: steps, blockers, unknowns, pieces, assumptions and predictions of a
 * walked question, as plain data that belongs to the trace. Everything is read from the
 * marks; nothing computes "why" a second time.
 */
#include "base/map.h"
#include "base/memory.h"
#include "reach/explain.h"
#include "reach/fix.h"
#include "reach/predict.h"
#include "reach/question.h"
#include "reach/trace_question.h"

#include <string.h>

struct blockers VW_ARRAY(struct vw_blocker);
struct unknowns VW_ARRAY(struct vw_unknown);
struct texts VW_ARRAY(const char *);

/* What a user gets, and behind it what it is made of. */
struct full_trace {
    struct vw_trace trace; /* first: vw_trace_free gets its address back */
    struct vw_arena arena;
};

struct teller {
    const struct vw_world *world;
    const struct vw_answer *answer;
    struct vw_trace *trace;
    struct vw_arena *arena;
    /* Each blocker and unknown once, however many pieces it stops. */
    struct blockers blockers;
    struct unknowns unknowns;
    struct vw_arena key_arena;
    struct vw_map blocker_keys, unknown_keys;
    struct texts assumptions;
};

void vw_trace_free(struct vw_trace *trace)
{
    struct full_trace *full = (struct full_trace *)(void *)trace;

    if (!full)
        return;
    vw_arena_free(&full->arena);
    vw_free(full);
}

static const char *mark_component(const struct vw_mark *mark)
{
    const char *id = mark->object ? mark->object->id : mark->id;

    return id ? id : "";
}

/* The same rule, or the same object without one, in the same direction. */
static const char *key_of(struct teller *teller, const struct vw_mark *mark)
{
    return vw_arena_printf(&teller->key_arena, "%d %d %s %p", (int)mark->direction,
                           (int)mark->reason, mark_component(mark), mark->rule);
}

static int add_assumption(struct teller *teller, const char *text)
{
    size_t i;

    for (i = 0; i < teller->assumptions.count; i++)
        if (strcmp(teller->assumptions.items[i], text) == 0)
            return 0;
    return vw_array_push(&teller->assumptions, text);
}

static int keep_step(struct teller *teller, const struct vw_mark *mark,
                     const struct vw_step **ret_step)
{
    struct vw_step *step = vw_arena_alloc(teller->arena, sizeof *step);
    const char *assumption;

    if (!step)
        return VW_ERROR_NO_MEMORY;
    *ret_step = step;
    return vw_explain_mark(teller->world, teller->arena, mark, step, &assumption);
}

static int add_blocker(struct teller *teller, const struct vw_mark *mark,
                       uint32_t *ret_index)
{
    const char *key = key_of(teller, mark);
    struct vw_blocker blocker;
    const struct vw_step *step;
    int error;

    if (!key)
        return VW_ERROR_NO_MEMORY;
    if (vw_map_get(&teller->blocker_keys, key, ret_index))
        return 0;
    error = keep_step(teller, mark, &step);
    if (error)
        return error;
    blocker = (struct vw_blocker){mark->direction, mark->reason, step->component,
                                  step->sentence,  step->source, step};
    *ret_index = (uint32_t)teller->blockers.count;
    if (vw_map_put(&teller->blocker_keys, key, *ret_index) ||
        vw_array_push(&teller->blockers, blocker))
        return VW_ERROR_NO_MEMORY;
    return 0;
}

static int add_unknown(struct teller *teller, const struct vw_mark *mark,
                       uint32_t *ret_index)
{
    const char *key = key_of(teller, mark);
    struct vw_unknown unknown;
    const struct vw_step *step;
    int error;

    if (!key)
        return VW_ERROR_NO_MEMORY;
    if (vw_map_get(&teller->unknown_keys, key, ret_index))
        return 0;
    error = keep_step(teller, mark, &step);
    if (error)
        return error;
    unknown = (struct vw_unknown){mark->direction, mark->reason, step->component,
                                  step->sentence,  NULL,         step};
    unknown.missing = step->missing;
    *ret_index = (uint32_t)teller->unknowns.count;
    if (vw_map_put(&teller->unknown_keys, key, *ret_index) ||
        vw_array_push(&teller->unknowns, unknown))
        return VW_ERROR_NO_MEMORY;
    return 0;
}

static size_t count_marks(const struct vw_packet *packet)
{
    const struct vw_mark *mark;
    size_t count = 0;

    for (mark = packet->last; mark; mark = mark->previous)
        count++;
    return count;
}

/* The marks of a packet in the order of its way. */
static int order_marks(struct vw_arena *arena, const struct vw_packet *packet,
                       const struct vw_mark ***ret_marks, size_t *ret_count)
{
    size_t count = count_marks(packet), i = count;
    const struct vw_mark **marks = vw_arena_array(arena, count, sizeof *marks);
    const struct vw_mark *mark;

    if (!marks)
        return VW_ERROR_NO_MEMORY;
    for (mark = packet->last; mark; mark = mark->previous)
        marks[--i] = mark;
    *ret_marks = marks;
    *ret_count = count;
    return 0;
}

static int tell_leg(struct teller *teller, const struct vw_mark **marks, size_t count,
                    enum vw_direction direction, struct vw_leg *ret_leg)
{
    struct vw_step *steps = vw_arena_array(teller->arena, count, sizeof *steps);
    struct vw_leg leg = {.verdict = VW_VERDICT_REACHABLE, .steps = steps};
    bool stopped = false;
    size_t i;

    if (!steps)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const char *assumption;
        int error;

        if (marks[i]->direction != direction)
            continue;
        error = vw_explain_mark(teller->world, teller->arena, marks[i],
                                &steps[leg.step_count++], &assumption);
        if (!error && assumption)
            error = add_assumption(teller, assumption);
        if (error)
            return error;
        if (direction == VW_RETURN && !leg.walked)
            leg.hypothetical = marks[i]->hypothetical;
        leg.walked = true;
        stopped = stopped || vw_mark_stops(marks[i]);
        if (vw_mark_unknown(marks[i]))
            leg.verdict = VW_VERDICT_UNKNOWN;
    }
    if (stopped)
        leg.verdict = VW_VERDICT_BLOCKED;
    *ret_leg = leg;
    return 0;
}

/* The blockers and unknowns of a piece, by index until their lists stand still. */
struct reasons {
    uint32_t *blockers, *unknowns;
    size_t blocker_count, unknown_count;
};

static int collect_reasons(struct teller *teller, const struct vw_mark **marks,
                           size_t count, struct reasons *ret)
{
    struct reasons reasons = {vw_arena_array(teller->arena, count, sizeof(uint32_t)),
                              vw_arena_array(teller->arena, count, sizeof(uint32_t)), 0,
                              0};
    size_t i;
    int error = 0;

    if (!reasons.blockers || !reasons.unknowns)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !error; i++) {
        if (vw_mark_stops(marks[i]))
            error =
                add_blocker(teller, marks[i], &reasons.blockers[reasons.blocker_count++]);
        else if (vw_mark_unknown(marks[i]))
            error =
                add_unknown(teller, marks[i], &reasons.unknowns[reasons.unknown_count++]);
    }
    *ret = reasons;
    return error;
}

static int tell_prefixes(struct teller *teller, const struct vw_address_set *set,
                         struct vw_prefix_set *ret)
{
    struct vw_prefix *items;
    size_t i, pass, count = 0;

    for (pass = 0, items = NULL; pass < 2; pass++) {
        count = 0;
        for (i = 0; i < set->count; i++) {
            struct vw_address_range rest = set->items[i];
            struct vw_prefix prefix;
            bool more;
            do {
                more = vw_range_take_prefix(&rest, &prefix);
                if (items)
                    items[count] = prefix;
                count++;
            } while (more);
        }
        if (!items)
            items = vw_arena_array(teller->arena, count, sizeof *items);
        if (!items)
            return VW_ERROR_NO_MEMORY;
    }
    *ret = (struct vw_prefix_set){items, count};
    return 0;
}

static int tell_ports(struct teller *teller, const struct vw_number_set *set,
                      struct vw_port_set *ret)
{
    struct vw_port_range *items =
        vw_arena_array(teller->arena, set->count, sizeof *items);

    if (!items)
        return VW_ERROR_NO_MEMORY;
    memcpy(items, set->items, set->count * sizeof *items);
    *ret = (struct vw_port_set){items, set->count};
    return 0;
}

static int tell_piece(struct teller *teller, const struct vw_alike *alike,
                      struct vw_piece *piece, struct reasons *ret_reasons)
{
    const struct vw_mark **marks;
    size_t count;
    int error = order_marks(teller->arena, alike->example, &marks, &count);

    piece->verdict = vw_packet_verdict(alike->example);
    if (!error)
        error = tell_prefixes(teller, &alike->from, &piece->from);
    if (!error)
        error = tell_prefixes(teller, &alike->to, &piece->to);
    if (!error && teller->trace->has_ports)
        error = tell_ports(teller, &alike->ports, &piece->ports);
    if (!error && teller->trace->has_ports)
        error = tell_ports(teller, &alike->source_ports, &piece->source_ports);
    if (!error)
        error = tell_leg(teller, marks, count, VW_FORWARD, &piece->forward);
    if (!error)
        error = tell_leg(teller, marks, count, VW_RETURN, &piece->reply);
    return error ? error : collect_reasons(teller, marks, count, ret_reasons);
}

/* Pieces point into the lists of blockers and unknowns, which are complete by now. */
static int link_reasons(struct teller *teller, struct vw_piece *piece,
                        const struct reasons *reasons)
{
    const struct vw_blocker **blockers =
        vw_arena_array(teller->arena, reasons->blocker_count, sizeof(void *));
    const struct vw_unknown **unknowns =
        vw_arena_array(teller->arena, reasons->unknown_count, sizeof(void *));
    size_t i;

    if (!blockers || !unknowns)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < reasons->blocker_count; i++)
        blockers[i] = &teller->trace->blockers[reasons->blockers[i]];
    for (i = 0; i < reasons->unknown_count; i++)
        unknowns[i] = &teller->trace->unknowns[reasons->unknowns[i]];
    piece->blockers = blockers;
    piece->blocker_count = reasons->blocker_count;
    piece->unknowns = unknowns;
    piece->unknown_count = reasons->unknown_count;
    return 0;
}

static int keep(struct teller *teller, const void *items, size_t count, size_t size,
                const void **ret)
{
    void *copy = vw_arena_array(teller->arena, count, size);

    if (!copy)
        return VW_ERROR_NO_MEMORY;
    if (count > 0)
        memcpy(copy, items, count * size);
    *ret = copy;
    return 0;
}

static int keep_lists(struct teller *teller)
{
    struct vw_trace *trace = teller->trace;
    const void *blockers, *unknowns, *assumptions;
    int error = keep(teller, teller->blockers.items, teller->blockers.count,
                     sizeof *teller->blockers.items, &blockers);

    if (!error)
        error = keep(teller, teller->unknowns.items, teller->unknowns.count,
                     sizeof *teller->unknowns.items, &unknowns);
    if (!error)
        error = keep(teller, teller->assumptions.items, teller->assumptions.count,
                     sizeof *teller->assumptions.items, &assumptions);
    if (error)
        return error;
    trace->blockers = blockers;
    trace->blocker_count = teller->blockers.count;
    trace->unknowns = unknowns;
    trace->unknown_count = teller->unknowns.count;
    trace->assumptions = assumptions;
    trace->assumption_count = teller->assumptions.count;
    return 0;
}

static int tell_pieces(struct teller *teller)
{
    const struct vw_alikes *alikes = &teller->answer->alikes;
    const struct vw_alike *best = vw_answer_example(teller->answer);
    struct vw_trace *trace = teller->trace;
    struct vw_piece *pieces =
        vw_arena_array(teller->arena, alikes->count, sizeof *pieces);
    struct reasons *reasons =
        vw_arena_array(teller->arena, alikes->count, sizeof *reasons);
    size_t i;
    int error = pieces && reasons ? 0 : VW_ERROR_NO_MEMORY;

    for (i = 0; i < alikes->count && !error; i++)
        error = tell_piece(teller, &alikes->items[i], &pieces[i], &reasons[i]);
    if (!error)
        error = keep_lists(teller);
    for (i = 0; i < alikes->count && !error; i++)
        error = link_reasons(teller, &pieces[i], &reasons[i]);
    if (error)
        return error;
    trace->pieces = pieces;
    trace->piece_count = alikes->count;
    trace->forward = pieces[best - alikes->items].forward;
    trace->reply = pieces[best - alikes->items].reply;
    return 0;
}

/* Only what all pieces predict alike is predicted of the question. */
static int tell_predictions(struct teller *teller)
{
    const struct vw_alikes *alikes = &teller->answer->alikes;
    struct vw_prediction kept[VW_PREDICTIONS_MAX], other[VW_PREDICTIONS_MAX];
    size_t i, j, k, count, others, left = 0;
    const void *copy;
    int error;

    if (teller->answer->from.is_set || teller->answer->to.is_set)
        return 0;
    count =
        vw_predict(teller->world, alikes->items[0].example, teller->trace->one_way, kept);
    for (i = 1; i < alikes->count; i++, count = left) {
        others = vw_predict(teller->world, alikes->items[i].example,
                            teller->trace->one_way, other);
        for (j = 0, left = 0; j < count; j++) {
            for (k = 0; k < others; k++)
                if (kept[j].vantage == other[k].vantage && kept[j].end == other[k].end &&
                    kept[j].flow == other[k].flow && kept[j].expect == other[k].expect)
                    break;
            if (k < others)
                kept[left++] = kept[j];
        }
    }
    error = keep(teller, kept, count, sizeof *kept, &copy);
    if (error)
        return error;
    teller->trace->predictions = copy;
    teller->trace->prediction_count = count;
    return 0;
}

static int tell_inputs(struct teller *teller)
{
    const struct vw_world *world = teller->world;
    struct vw_trace_input *inputs =
        vw_arena_array(teller->arena, world->file_count, sizeof *inputs);
    size_t i;

    if (!inputs)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < world->file_count; i++)
        inputs[i] = (struct vw_trace_input){world->files[i].path, world->files[i].sha256};
    teller->trace->inputs = inputs;
    teller->trace->input_count = world->file_count;
    return 0;
}

static int tell(struct teller *teller, const struct vw_question *question)
{
    int error = vw_trace_tell_question(teller->world, teller->arena, question,
                                       teller->answer, teller->trace);

    if (!error)
        error = tell_pieces(teller);
    if (!error)
        error = tell_predictions(teller);
    if (!error)
        error = tell_inputs(teller);
    if (!error)
        error = vw_fix_find(teller->world, question, teller->answer, teller->arena,
                            &teller->trace->fixes, &teller->trace->fix_count);
    return error;
}

int vw_trace_run(const struct vw_world *world, const struct vw_question *question,
                 struct vw_diagnostics *diagnostics, struct vw_trace **ret_trace)
{
    struct full_trace *full = vw_calloc(1, sizeof *full);
    struct teller teller = {.world = world};
    struct vw_answer answer = {.verdict = VW_VERDICT_UNKNOWN};
    int error;

    if (!full)
        return VW_ERROR_NO_MEMORY;
    teller.answer = &answer;
    teller.trace = &full->trace;
    teller.arena = &full->arena;
    error = vw_answer_question(world, question, diagnostics, &answer);
    if (!error)
        error = tell(&teller, question);
    vw_answer_free(&answer);
    vw_array_free(&teller.blockers);
    vw_array_free(&teller.unknowns);
    vw_array_free(&teller.assumptions);
    vw_map_free(&teller.blocker_keys);
    vw_map_free(&teller.unknown_keys);
    vw_arena_free(&teller.key_arena);
    if (error) {
        vw_trace_free(&full->trace);
        return error;
    }
    *ret_trace = &full->trace;
    return 0;
}
