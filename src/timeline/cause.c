/*
 * Which of the differences between two snapshots explain that the verdict is another one.
 * Nothing is inferred: differences are applied to the snapshot before, and the packet is
 * walked again. All together they must give the verdict of the snapshot after; then as
 * many as possible are left out (the "ddmin" of delta debugging: Zeller and Hildebrandt,
 * 2002), until none can be spared. Those are one cause. What is left is searched for
 * another that does it alone: a route that went away and a rule that did both explain.
 *
 *     {route removed, rule removed, tag added}: blocked
 *       {route removed} alone: blocked      the first cause
 *       {rule removed} alone: blocked       the second
 *       {tag added}: reachable              no third
 */
#include "timeline/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "reach/question.h"

#include <vpcwhy/error.h>

/* Most differences of one step that are tried one by one: each is a walk. */
#define UNITS_MAX 20000

struct search {
    struct vw_timeline *timeline;
    const struct vw_snapshot *before, *after;
    const struct vw_differences *differences;
    uint32_t *unit; /* of each difference: what is applied together */
    bool *applied;  /* by difference */
    struct vw_answer answer;
    enum vw_verdict wanted;
};

struct units VW_ARRAY(uint32_t);

/* ---- units ---- */

/* What a difference that follows from another is about, or NULL. */
static const char *subject_of(const struct vw_difference *difference)
{
    const void *element =
        difference->is ? difference->element_after : difference->element_before;

    if (!element)
        return NULL;
    switch (difference->field->shape->element) {
    case VW_ELEMENT_ROUTE:
        return ((const struct vw_route *)element)->target_id;
    case VW_ELEMENT_GROUP_RULE:
        return ((const struct vw_group_rule *)element)->peering_id;
    case VW_ELEMENT_PLAIN:
    case VW_ELEMENT_ACL_ENTRY:
    case VW_ELEMENT_TRANSIT_ROUTE:
        return NULL;
    }
    return NULL;
}

static const char *object_of(const struct search *search,
                             const struct vw_difference *difference)
{
    if (difference->kind == VW_OBJECT_KINDS)
        return NULL;
    if (difference->before != VW_NONE)
        return vw_world_object(search->before->world,
                               (enum vw_object_kind)difference->kind, difference->before)
            ->id;
    return difference->after == VW_NONE
               ? NULL
               : vw_world_object(search->after->world,
                                 (enum vw_object_kind)difference->kind, difference->after)
                     ->id;
}

/* A route is a blackhole because its target went away: both are one unit. */
static void join_followers(struct search *search)
{
    const struct vw_differences *all = search->differences;

    for (size_t i = 0; i < all->count; i++) {
        const char *subject = all->items[i].follows ? subject_of(&all->items[i]) : NULL;

        search->unit[i] = (uint32_t)i;
        for (size_t j = 0; subject && j < all->count; j++) {
            const char *id = object_of(search, &all->items[j]);

            if (!all->items[j].follows && id && strcmp(id, subject) == 0) {
                search->unit[i] = (uint32_t)j;
                break;
            }
        }
    }
}

/* ---- walks ---- */

/* Whether the snapshot before with these units applied gives the wanted verdict. */
static int holds(struct search *search, const struct units *units, bool *ret_holds,
                 enum vw_verdict *ret_verdict)
{
    struct vw_world *world = NULL;
    int error;

    for (size_t i = 0; i < search->differences->count; i++)
        search->applied[i] = false;
    for (size_t i = 0; i < units->count; i++)
        search->applied[units->items[i]] = true;
    /* Those that go with them. */
    for (size_t i = 0; i < search->differences->count; i++)
        search->applied[i] = search->applied[search->unit[i]];
    error = vw_world_mix(search->before->world, search->after->world, search->differences,
                         search->applied, &world);
    if (error)
        return error;
    error = vw_answer_question(world, &search->timeline->question, NULL, &search->answer);
    vw_world_free(world);
    if (error == VW_ERROR_QUESTION) {
        /* An end of the question is not there. */
        search->answer.verdict = VW_VERDICT_UNKNOWN;
        error = 0;
    }
    *ret_holds = !error && search->answer.verdict == search->wanted;
    if (ret_verdict)
        *ret_verdict = search->answer.verdict;
    return error;
}

/* `units` without those of `left_out` (which may be the very same array's part). */
static int without(const struct units *units, const uint32_t *left_out, size_t count,
                   struct units *ret)
{
    ret->count = 0;
    for (size_t i = 0; i < units->count; i++) {
        bool out = false;

        for (size_t j = 0; j < count && !out; j++)
            out = left_out[j] == units->items[i];
        if (!out && vw_array_push(ret, units->items[i]))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* Leaves out pieces of `chunk` units where the verdict holds without them. */
static int leave_out(struct search *search, struct units *units, size_t chunk,
                     bool *ret_any)
{
    struct units fewer = {0};
    size_t at = 0;
    int error = 0;

    while (at < units->count && !error) {
        size_t size = units->count - at < chunk ? units->count - at : chunk;
        bool still = false;

        error = without(units, units->items + at, size, &fewer);
        if (!error)
            error = holds(search, &fewer, &still, NULL);
        if (!error && still) {
            struct units swapped = *units;

            *units = fewer;
            fewer = swapped;
            *ret_any = true;
        } else {
            at += size;
        }
    }
    vw_array_free(&fewer);
    return error;
}

/* `units` give the verdict; what is left of them does too, and none can be spared. */
static int minimise(struct search *search, struct units *units)
{
    size_t chunk = (units->count + 1) / 2;
    int error = 0;

    for (; chunk > 1 && !error; chunk = (chunk + 1) / 2) {
        bool any = false;

        error = leave_out(search, units, chunk, &any);
    }
    for (bool again = true; again && !error;) {
        again = false;
        error = leave_out(search, units, 1, &again);
    }
    return error;
}

/* ---- words ---- */

static const char *verdict_words(enum vw_verdict verdict)
{
    switch (verdict) {
    case VW_VERDICT_REACHABLE:
        return "the packet passes";
    case VW_VERDICT_BLOCKED:
        return "the packet is blocked";
    case VW_VERDICT_PARTIAL:
        return "only a part passes";
    case VW_VERDICT_UNKNOWN:
        return "the verdict is unknown";
    }
    return "";
}

/* `rest`: the verdict of the snapshot after without the cause. */
static const char *prove(struct search *search, const struct units *units, bool is_first,
                         enum vw_verdict rest)
{
    struct vw_timeline *timeline = search->timeline;
    const char *these = units->count == 1 ? "this change" : "these changes";
    const char *alone =
        vw_timeline_say(timeline, "proved: %s alone, made to %s: %s", these,
                        search->before->shown.name, verdict_words(search->wanted));

    if (!is_first || rest == search->wanted)
        return alone;
    return vw_timeline_say(timeline, "%s; without %s in %s: %s", alone,
                           units->count == 1 ? "it" : "them", search->after->shown.name,
                           verdict_words(rest));
}

static bool in_units(const struct search *search, const struct units *units, size_t index)
{
    for (size_t i = 0; i < units->count; i++) {
        if (units->items[i] == search->unit[index])
            return true;
    }
    return false;
}

/* The differences of the units, those that follow from others behind them. */
static int list_changes(struct search *search, const struct units *units,
                        const struct vw_timeline_change *changes,
                        struct vw_timeline_cause *ret)
{
    size_t count = 0, at = 0;
    const struct vw_timeline_change **list;

    for (size_t i = 0; i < search->differences->count; i++)
        count += in_units(search, units, i);
    list = vw_arena_array(&search->timeline->arena, count, sizeof(void *));
    if (!list)
        return VW_ERROR_NO_MEMORY;
    for (int follows = 0; follows < 2; follows++) {
        for (size_t i = 0; i < search->differences->count; i++) {
            bool is_follower = search->unit[i] != i;

            if (in_units(search, units, i) && is_follower == (follows == 1))
                list[at++] = &changes[i];
        }
    }
    ret->changes = list;
    ret->change_count = count;
    return 0;
}

/* ---- the search ---- */

static int all_units(const struct search *search, struct units *ret)
{
    for (size_t i = 0; i < search->differences->count; i++) {
        if (search->unit[i] == i && vw_array_push(ret, (uint32_t)i))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* One cause out of `left`, whose units are then no longer in it; *ret_found false where
 * `left` does not give the verdict. */
static int next_cause(struct search *search, struct units *left,
                      const struct vw_timeline_change *changes, bool is_first,
                      struct vw_timeline_cause *ret, bool *ret_found)
{
    struct units units = {0}, rest = {0};
    enum vw_verdict verdict = search->wanted;
    bool still;
    int error = holds(search, left, ret_found, NULL);

    if (!error && *ret_found)
        error = without(left, NULL, 0, &units);
    if (!error && *ret_found) {
        error = minimise(search, &units);
        if (!error)
            error = without(left, units.items, units.count, &rest);
        if (!error)
            error = holds(search, &rest, &still, &verdict);
        if (!error)
            error = list_changes(search, &units, changes, ret);
        if (!error)
            ret->proof = prove(search, &units, is_first, verdict);
    }
    vw_array_free(left);
    vw_array_free(&units);
    *left = rest;
    return error;
}

/* By where they stand in the export; pointers into one array. */
static int compare_causes(const void *a, const void *b)
{
    const struct vw_timeline_cause *x = a, *y = b;

    return x->changes[0] < y->changes[0] ? -1 : x->changes[0] > y->changes[0];
}

static int search_all(struct search *search, const struct vw_timeline_change *changes,
                      struct vw_timeline_turn *turn)
{
    struct vw_timeline_cause *causes =
        vw_arena_array(&search->timeline->arena, VW_CAUSES_MAX, sizeof *causes);
    struct units left = {0};
    bool found = true;
    int error = causes ? all_units(search, &left) : VW_ERROR_NO_MEMORY;

    while (!error && found && turn->cause_count < VW_CAUSES_MAX && left.count > 0) {
        error = next_cause(search, &left, changes, turn->cause_count == 0,
                           &causes[turn->cause_count], &found);
        /* Nothing at all gives the verdict: the snapshots differ in something else. */
        if (!error && found && causes[turn->cause_count].change_count == 0)
            found = false;
        if (!error && found)
            turn->cause_count++;
    }
    vw_array_free(&left);
    if (!error && turn->cause_count > 1)
        qsort(causes, turn->cause_count, sizeof *causes, compare_causes);
    turn->causes = causes;
    return error;
}

int vw_timeline_find_causes(struct vw_timeline *timeline,
                            const struct vw_snapshot *before,
                            const struct vw_snapshot *after,
                            const struct vw_differences *differences,
                            const struct vw_timeline_change *changes,
                            struct vw_timeline_turn *turn)
{
    struct search search = {
        .timeline = timeline,
        .before = before,
        .after = after,
        .differences = differences,
        .wanted = after->shown.trace->verdict,
        .unit = vw_calloc(differences->count + 1, sizeof *search.unit),
        .applied = vw_calloc(differences->count + 1, sizeof *search.applied),
    };
    int error = search.unit && search.applied ? 0 : VW_ERROR_NO_MEMORY;

    if (differences->count > UNITS_MAX) {
        turn->sentence = vw_timeline_say(
            timeline, "%zu differences between %s and %s: too many to be tried",
            differences->count, before->shown.name, after->shown.name);
    } else if (!error) {
        join_followers(&search);
        error = search_all(&search, changes, turn);
        if (!error && turn->cause_count == 0)
            turn->sentence = vw_timeline_say(
                timeline,
                "no difference that was found between %s and %s explains it: %s",
                before->shown.name, after->shown.name,
                differences->count == 0
                    ? "there is none in what is compared"
                    : "all of them together, made to the first, do not change the "
                      "verdict as the second has it");
    }
    vw_answer_free(&search.answer);
    vw_free(search.unit);
    vw_free(search.applied);
    return error;
}
