/*
 * What we do: take the first blocker of a piece, make the change that would mend it in a
 * copy of the world, walk the same question again, and go on until nothing is blocked or
 * nothing more can be mended. Then leave out every change without which the walk passes
 * too. What is proposed has been proved by that last walk.
 */
#include "reach/fix.h"

#include "reach/change.h"
#include "world/edit.h"

/* The most rounds of walking and mending. */
#define FIX_ROUNDS_MAX 24

struct search {
    const struct vw_world *world;
    const struct vw_question *question;
    struct vw_changes changes;
};

/* Addresses of nobody stay so, whatever is changed. */
static bool passes(const struct vw_answer *answer)
{
    bool any = false;
    size_t i;

    for (i = 0; i < answer->alikes.count; i++) {
        const struct vw_packet *packet = answer->alikes.items[i].example;
        enum vw_verdict verdict = vw_packet_verdict(packet);
        if (verdict == VW_VERDICT_REACHABLE)
            any = true;
        else if (verdict == VW_VERDICT_UNKNOWN || !vw_packet_has_no_host(packet))
            return false;
    }
    return any;
}

/* The first blocker on the way of the first piece that has one. */
static const struct vw_mark *first_blocker(const struct vw_answer *answer,
                                           const struct vw_packet **ret_packet)
{
    const struct vw_mark *mark, *first = NULL;
    size_t i;

    for (i = 0; i < answer->alikes.count && !first; i++) {
        const struct vw_packet *packet = answer->alikes.items[i].example;
        if (vw_packet_verdict(packet) != VW_VERDICT_BLOCKED ||
            vw_packet_has_no_host(packet))
            continue;
        for (mark = packet->last; mark; mark = mark->previous)
            if (vw_mark_stops(mark))
                first = mark;
        *ret_packet = packet;
    }
    return first;
}

/* A clone with all changes but number `skip`. */
static int apply_changes(const struct search *search, size_t skip,
                         struct vw_world **ret_clone)
{
    struct vw_world *clone = vw_world_clone(search->world);
    int error = clone ? 0 : VW_ERROR_NO_MEMORY;
    size_t i;

    for (i = 0; i < search->changes.count && !error; i++)
        if (i != skip)
            error = vw_change_apply(clone, &search->changes.items[i]);
    if (error) {
        vw_world_free(clone);
        return error;
    }
    *ret_clone = clone;
    return 0;
}

/* One round: walk, and mend the first blocker. *ret_done when it passes or when nothing
 * more can be done; *ret_passes tells which. */
static int mend_once(struct search *search, bool *ret_done, bool *ret_passes)
{
    size_t before = search->changes.count;
    const struct vw_packet *packet;
    const struct vw_mark *mark;
    struct vw_world *clone;
    struct vw_answer answer = {.verdict = VW_VERDICT_UNKNOWN};
    int error = apply_changes(search, SIZE_MAX, &clone);

    if (error)
        return error;
    error = vw_answer_question(clone, search->question, NULL, &answer);
    if (!error) {
        *ret_passes = passes(&answer);
        mark = *ret_passes ? NULL : first_blocker(&answer, &packet);
        if (mark)
            error = vw_repair(clone, packet, mark, &search->changes);
        *ret_done = search->changes.count == before;
    }
    vw_answer_free(&answer);
    vw_world_free(clone);
    return error;
}

static bool needs_order(const struct vw_change *change)
{
    return change->kind == VW_CHANGE_NEW_PEERING;
}

/* Leaves out what is not needed. */
static int minimise(struct search *search)
{
    size_t i = 0, j;

    while (i < search->changes.count) {
        struct vw_world *clone;
        struct vw_answer answer = {.verdict = VW_VERDICT_UNKNOWN};
        bool needed = true;
        int error;

        if (search->changes.count == 1 || needs_order(&search->changes.items[i])) {
            i++;
            continue;
        }
        error = apply_changes(search, i, &clone);
        if (error)
            return error;
        error = vw_answer_question(clone, search->question, NULL, &answer);
        if (!error)
            needed = !passes(&answer);
        vw_answer_free(&answer);
        vw_world_free(clone);
        if (error)
            return error;
        if (needed) {
            i++;
            continue;
        }
        for (j = i + 1; j < search->changes.count; j++)
            search->changes.items[j - 1] = search->changes.items[j];
        search->changes.count--;
    }
    return 0;
}

static const char *join_sentences(const struct vw_world *world, struct vw_arena *arena,
                                  const struct vw_changes *changes)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < changes->count && text; i++) {
        const char *one = vw_change_sentence(world, arena, &changes->items[i]);
        const char *before = i == 0 ? "" : (i + 1 < changes->count ? "; " : "; and ");
        text = one ? vw_arena_printf(arena, "%s%s%s", text, before, one) : NULL;
    }
    return text;
}

static int tell(const struct search *search, struct vw_arena *arena, struct vw_fix *fix)
{
    const char **commands =
        vw_arena_array(arena, search->changes.count * VW_CHANGE_COMMANDS, sizeof(char *));
    struct vw_world *clone;
    size_t i, count;
    int error = commands ? apply_changes(search, SIZE_MAX, &clone) : VW_ERROR_NO_MEMORY;

    if (error)
        return error;
    fix->commands = commands;
    for (i = 0; i < search->changes.count && !error; i++) {
        error = vw_change_commands(clone, arena, &search->changes.items[i],
                                   commands + fix->command_count, &count);
        fix->command_count += error ? 0 : count;
    }
    fix->sentence = join_sentences(clone, arena, &search->changes);
    vw_world_free(clone);
    return error || fix->sentence ? error : VW_ERROR_NO_MEMORY;
}

static int find(struct search *search, bool *ret_found)
{
    bool done = false, passing = false;
    int error = 0, round;

    for (round = 0; round < FIX_ROUNDS_MAX && !done && !error; round++)
        error = mend_once(search, &done, &passing);
    *ret_found = !error && passing;
    return error || !passing ? error : minimise(search);
}

int vw_fix_find(const struct vw_world *world, const struct vw_question *question,
                const struct vw_answer *answer, struct vw_arena *arena,
                const struct vw_fix **ret_fixes, size_t *ret_count)
{
    struct search search = {.world = world, .question = question};
    struct vw_fix *fix;
    bool found;
    int error;

    *ret_fixes = NULL;
    *ret_count = 0;
    if (passes(answer) || answer->verdict == VW_VERDICT_UNKNOWN)
        return 0;
    error = find(&search, &found);
    if (!error && found) {
        fix = vw_arena_alloc(arena, sizeof *fix);
        error = fix ? tell(&search, arena, fix) : VW_ERROR_NO_MEMORY;
        if (!error) {
            fix->proved = true;
            *ret_fixes = fix;
            *ret_count = 1;
        }
    }
    vw_array_free(&search.changes);
    return error;
}
