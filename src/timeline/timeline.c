/* A timeline from snapshots and records to its account; see vpcwhy/timeline.h. */
#include "timeline/timeline.h"

#include <string.h>

#include "base/diagnostic.h"
#include "base/memory.h"
#include "crosscheck/match.h"

#include <vpcwhy/error.h>

const char *vw_timeline_conclusion_slug(enum vw_timeline_conclusion conclusion)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_TIMELINE_CONCLUSION_LIST(VW_X)
#undef VW_X
    };

    return slugs[conclusion];
}

const char *vw_flow_state_slug(enum vw_flow_state state)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) [name] = slug,
        VW_FLOW_STATE_LIST(VW_X)
#undef VW_X
    };

    return slugs[state];
}

enum vw_flow_state vw_flow_state_of(enum vw_verdict verdict)
{
    switch (verdict) {
    case VW_VERDICT_REACHABLE:
        return VW_FLOW_STATE_PASSES;
    case VW_VERDICT_BLOCKED:
        return VW_FLOW_STATE_FAILS;
    case VW_VERDICT_PARTIAL:
    case VW_VERDICT_UNKNOWN:
        break;
    }
    return VW_FLOW_STATE_UNKNOWN;
}

const char *vw_timeline_say(struct vw_timeline *timeline, const char *format, ...)
{
    va_list arguments;
    const char *text;

    va_start(arguments, format);
    text = vw_arena_vprintf(&timeline->arena, format, arguments);
    va_end(arguments);
    if (text == NULL) {
        timeline->failed = true;
        return "";
    }
    return text;
}

void vw_timeline_note(struct vw_timeline *timeline, const char *sentence)
{
    if (vw_array_push(&timeline->notes, sentence) != 0)
        timeline->failed = true;
}

const char *vw_timeline_time(struct vw_timeline *timeline, int64_t time)
{
    char buffer[VW_TIME_TEXT];

    return vw_timeline_say(timeline, "%s", vw_time_format(time, buffer));
}

/* ---- what goes in ---- */

struct vw_timeline *vw_timeline_create(const struct vw_question *question,
                                       struct vw_diagnostics *diagnostics)
{
    struct vw_timeline *timeline = vw_calloc(1, sizeof *timeline);

    if (!timeline)
        return NULL;
    timeline->question = *question;
    timeline->diagnostics = diagnostics;
    timeline->trail.arena = &timeline->arena;
    timeline->trail.diagnostics = diagnostics;
    return timeline;
}

void vw_timeline_free(struct vw_timeline *timeline)
{
    if (!timeline)
        return;
    if (timeline->evidence)
        vw_evidence_watch(timeline->evidence, NULL, NULL);
    for (size_t i = 0; i < timeline->snapshots.count; i++) {
        struct vw_trace *trace = timeline->snapshots.items[i]->trace;

        vw_trace_free(trace);
    }
    for (size_t i = 0; i < timeline->tracks.count; i++)
        vw_array_free(&timeline->tracks.items[i]->sightings);
    vw_array_free(&timeline->snapshots);
    vw_map_free(&timeline->own_numbers);
    vw_array_free(&timeline->owns);
    vw_array_free(&timeline->unplaced);
    vw_array_free(&timeline->clocks);
    vw_array_free(&timeline->tracks);
    vw_array_free(&timeline->turns);
    vw_array_free(&timeline->entries);
    vw_array_free(&timeline->notes);
    vw_array_free(&timeline->text_list);
    vw_map_free(&timeline->texts);
    vw_trail_free(&timeline->trail);
    vw_arena_free(&timeline->arena);
    vw_free(timeline);
}

/* Files the snapshot by its time; false where there is one of the same time. */
static bool insert(struct vw_timeline *timeline, struct vw_snapshot *snapshot)
{
    struct vw_snapshots *all = &timeline->snapshots;
    size_t at = all->count - 1; /* it was pushed to the end */

    while (at > 0 && all->items[at - 1]->shown.time > snapshot->shown.time) {
        all->items[at] = all->items[at - 1];
        at--;
    }
    all->items[at] = snapshot;
    return at == 0 || all->items[at - 1]->shown.time < snapshot->shown.time;
}

int vw_timeline_add_snapshot(struct vw_timeline *timeline, const struct vw_world *world,
                             const char *name, int64_t time)
{
    struct vw_snapshot *snapshot = vw_arena_alloc(&timeline->arena, sizeof *snapshot);
    int error;

    if (timeline->snapshots.count >= VW_SNAPSHOTS_MAX)
        return VW_ERROR_LIMIT;
    if (!snapshot)
        return VW_ERROR_NO_MEMORY;
    snapshot->world = world;
    error =
        vw_trace_run(world, &timeline->question, timeline->diagnostics, &snapshot->trace);
    if (error)
        return error;
    snapshot->shown = (struct vw_timeline_snapshot){name, time, snapshot->trace};
    snapshot->cross.world = world;
    snapshot->cross.trace = snapshot->trace;
    vw_match_views(&snapshot->cross);
    if (vw_array_push(&timeline->snapshots, snapshot)) {
        vw_trace_free(snapshot->trace);
        return VW_ERROR_NO_MEMORY;
    }
    if (!insert(timeline, snapshot)) {
        vw_diagnose(timeline->diagnostics, VW_SEVERITY_ERROR, "snapshot-time",
                    (struct vw_place){.file = name},
                    "another snapshot was taken at %s too: which one holds?",
                    vw_timeline_time(timeline, time));
        return VW_ERROR_QUESTION;
    }
    return 0;
}

int vw_timeline_add_offset(struct vw_timeline *timeline, const char *witness,
                           int64_t offset)
{
    struct vw_clock clock = {witness, offset, false};

    return vw_array_push(&timeline->clocks, clock);
}

int vw_timeline_watch(struct vw_timeline *timeline, struct vw_evidence *evidence)
{
    int error = timeline->snapshots.count == 0 ? vw_timeline_go_bare(timeline) : 0;

    if (error)
        return error;
    timeline->evidence = evidence;
    vw_evidence_watch(evidence, vw_timeline_see, timeline);
    return 0;
}

int vw_timeline_read_events(struct vw_timeline *timeline, const char *path)
{
    return vw_trail_read(&timeline->trail, path);
}

/* ---- from one snapshot to the next ---- */

static int take_step(struct vw_timeline *timeline, const struct vw_snapshot *before,
                     const struct vw_snapshot *after, struct vw_timeline_step *ret)
{
    struct vw_differences differences = {0};
    struct vw_timeline_change *changes = NULL;
    struct vw_timeline_turn turn = {
        .from = vw_flow_state_of(before->shown.trace->verdict),
        .to = vw_flow_state_of(after->shown.trace->verdict),
        .earliest = before->shown.time,
        .latest = after->shown.time,
        .before = &before->shown,
        .after = &after->shown,
    };
    int error = vw_world_differences(before->world, after->world, &differences);

    if (!error)
        changes = vw_arena_array(&timeline->arena, differences.count, sizeof *changes);
    if (!error && !changes)
        error = VW_ERROR_NO_MEMORY;
    if (!error)
        error = vw_timeline_word_changes(timeline, before, after, &differences, changes);
    *ret = (struct vw_timeline_step){&before->shown, &after->shown, changes,
                                     differences.count};
    if (!error)
        error = vw_timeline_match_events(timeline, before, after, &differences, changes);
    if (!error && before->shown.trace->verdict != after->shown.trace->verdict) {
        error = vw_timeline_find_causes(timeline, before, after, &differences, changes,
                                        &turn);
        if (!error)
            error = vw_array_push(&timeline->turns, turn);
    }
    vw_array_free(&differences);
    return error;
}

static int take_steps(struct vw_timeline *timeline)
{
    size_t count = timeline->snapshots.count;
    struct vw_timeline_step *steps =
        vw_arena_array(&timeline->arena, count, sizeof *steps);
    int error = steps ? 0 : VW_ERROR_NO_MEMORY;

    for (size_t i = 0; i + 1 < count && !error; i++)
        error = take_step(timeline, timeline->snapshots.items[i],
                          timeline->snapshots.items[i + 1], &steps[i]);
    timeline->account.steps = steps;
    timeline->account.step_count = count > 0 ? count - 1 : 0;
    return error;
}

int vw_timeline_tell(struct vw_timeline *timeline,
                     const struct vw_timeline_account **ret_account)
{
    struct vw_timeline_account *account = &timeline->account;
    int error;

    vw_trail_sort(&timeline->trail);
    error = vw_timeline_place_bare(timeline);
    if (!error)
        error = take_steps(timeline);
    if (!error)
        error = vw_timeline_find_turns(timeline);
    if (!error)
        vw_timeline_hold_states(timeline);
    if (!error)
        error = vw_timeline_list(timeline);
    if (error || timeline->failed)
        return error ? error : VW_ERROR_NO_MEMORY;
    account->conclusion = vw_timeline_conclude(timeline);
    account->asked = timeline->bare ? timeline->bare->shown.trace
                                    : timeline->snapshots.items[0]->shown.trace;
    account->notes = timeline->notes.items;
    account->note_count = timeline->notes.count;
    *ret_account = account;
    return 0;
}
