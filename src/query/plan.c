/* From commands to phases; see plan.h. */
#include "query/planner.h"

#include <stdarg.h>
#include <stdio.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

void vw_planner_fail(struct vw_planner *planner, struct vw_span span, const char *format,
                     ...)
{
    char message[512];
    va_list arguments;

    if (planner->error)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    planner->error = VW_ERROR_QUESTION;
    vw_diagnose(planner->diagnostics, VW_SEVERITY_ERROR, "query-meaning",
                vw_syntax_place(planner->syntax->text, span.offset), "%s", message);
}

void vw_planner_warn(struct vw_planner *planner, struct vw_span span, const char *format,
                     ...)
{
    char message[512];
    va_list arguments;

    if (planner->error)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    vw_diagnose(planner->diagnostics, VW_SEVERITY_WARNING, "query-meaning",
                vw_syntax_place(planner->syntax->text, span.offset), "%s", message);
}

static void free_phase(struct vw_phase *phase)
{
    size_t i;

    for (i = 0; i < phase->steps.count; i++)
        vw_lookup_index_free(phase->steps.items[i].index);
    vw_array_free(&phase->steps);
    vw_array_free(&phase->sort);
    vw_array_free(&phase->distinct);
    vw_array_free(&phase->groups);
    vw_array_free(&phase->measures);
    vw_array_free(&phase->fill_slots);
    vw_array_free(&phase->kept);
}

void vw_planner_end_phase(struct vw_planner *planner, enum vw_ending ending)
{
    planner->phase.ending = ending;
    if (planner->error)
        return;
    if (vw_array_push(&planner->plan->phases, planner->phase)) {
        planner->error = VW_ERROR_NO_MEMORY;
        return;
    }
    planner->phase = (struct vw_phase){0};
}

static void push_slot(struct vw_planner *planner, struct vw_slots *slots, uint32_t slot)
{
    if (!planner->error && vw_array_push(slots, slot))
        planner->error = VW_ERROR_NO_MEMORY;
}

/* The last sort counts first; equal rows stay as an earlier one put them. */
static void plan_sort(struct vw_planner *planner, const struct vw_command *command)
{
    struct vw_keys keys = {0};
    size_t i;

    for (i = 0; i < command->items.count && !planner->error; i++) {
        struct vw_item *item = &command->items.items[i];
        struct vw_key key = {0, item->descending};

        vw_planner_resolve(planner, item->expression, planner->scope);
        key.slot = vw_planner_compute(planner, item->expression);
        if (!planner->error && vw_array_push(&keys, key))
            planner->error = VW_ERROR_NO_MEMORY;
    }
    for (i = 0; i < planner->phase.sort.count && !planner->error; i++)
        if (vw_array_push(&keys, planner->phase.sort.items[i]))
            planner->error = VW_ERROR_NO_MEMORY;
    vw_array_free(&planner->phase.sort);
    planner->phase.sort = keys;
}

static void plan_dedup(struct vw_planner *planner, const struct vw_command *command)
{
    size_t i;

    for (i = 0; i < command->names.count && !planner->error; i++)
        push_slot(planner, &planner->phase.distinct,
                  vw_planner_slot(planner, command->names.items[i]));
    vw_planner_end_phase(planner, VW_ENDING_DEDUP);
}

static void plan_accum(struct vw_planner *planner, const struct vw_command *command)
{
    const struct vw_item *item = &command->items.items[0];
    struct vw_slice name = item->alias.size ? item->alias : item->source;
    uint32_t slot;

    vw_planner_resolve(planner, item->expression, planner->scope);
    push_slot(planner, &planner->phase.distinct,
              vw_planner_compute(planner, item->expression));
    slot = vw_planner_new_slot(planner);
    push_slot(planner, &planner->phase.distinct, slot);
    vw_planner_define(planner, name, slot);
    if (!planner->displayed)
        vw_planner_show(planner, name, slot);
    planner->selected = true;
    vw_planner_end_phase(planner, VW_ENDING_ACCUM);
}

static void plan_fillmissing(struct vw_planner *planner, const struct vw_command *command)
{
    const struct vw_phases *phases = &planner->plan->phases;
    const struct vw_phase *last =
        phases->count ? &phases->items[phases->count - 1] : NULL;
    size_t i, bins = 0;

    for (i = 0; last && i < last->groups.count; i++)
        bins += last->groups.items[i].is_bin;
    if (bins != 1 || last->ending != VW_ENDING_STATS) {
        vw_planner_fail(planner, command->span,
                        "fillmissing stands right behind stats ... by bin(...)");
        return;
    }
    for (i = 0; i < command->items.count && !planner->error; i++) {
        struct vw_name name = {command->items.items[i].alias,
                               command->items.items[i].span};

        push_slot(planner, &planner->phase.fill_slots, vw_planner_slot(planner, name));
    }
    planner->phase.fill = command;
    vw_planner_end_phase(planner, VW_ENDING_FILLMISSING);
}

static void plan_filldown(struct vw_planner *planner, const struct vw_command *command)
{
    size_t i;

    for (i = 0; i < command->names.count && !planner->error; i++)
        push_slot(planner, &planner->phase.distinct,
                  vw_planner_slot(planner, command->names.items[i]));
    for (i = 0; !command->names.count && i < planner->plan->columns.count; i++)
        push_slot(planner, &planner->phase.distinct,
                  planner->plan->columns.items[i].slot);
    vw_planner_end_phase(planner, VW_ENDING_FILLDOWN);
}

static void plan_command(struct vw_planner *planner, const struct vw_command *command)
{
    switch (command->kind) {
    case VW_COMMAND_STATS:
        vw_planner_stats(planner, command);
        break;
    case VW_COMMAND_SORT:
        plan_sort(planner, command);
        break;
    case VW_COMMAND_LIMIT:
        planner->phase.limit = command->limit;
        planner->limited = true;
        vw_planner_end_phase(planner, VW_ENDING_ROWS);
        break;
    case VW_COMMAND_DEDUP:
        plan_dedup(planner, command);
        break;
    case VW_COMMAND_ACCUM:
        plan_accum(planner, command);
        break;
    case VW_COMMAND_FILLMISSING:
        plan_fillmissing(planner, command);
        break;
    case VW_COMMAND_FILLDOWN:
        plan_filldown(planner, command);
        break;
    case VW_COMMAND_SOURCE:
        vw_planner_warn(planner, command->span,
                        "SOURCE is passed over: the files on the command line are read");
        break;
    case VW_COMMAND_FIELDS:
    case VW_COMMAND_DISPLAY:
    case VW_COMMAND_FILTER:
    case VW_COMMAND_PARSE_GLOB:
    case VW_COMMAND_PARSE_REGEX:
    case VW_COMMAND_PARSE_LOGFMT:
    case VW_COMMAND_PARSE_CSV:
    case VW_COMMAND_JSON:
    case VW_COMMAND_UNNEST:
    case VW_COMMAND_LOOKUP:
    case VW_COMMAND_CIDRLOOKUP:
        vw_planner_row_command(planner, command);
        break;
    }
}

/* ---- which slots outlive a phase ---- */

static void mark(bool *used, const struct vw_expression *expression)
{
    size_t i;

    if (!expression)
        return;
    if (expression->kind == VW_EXPRESSION_SLOT)
        used[expression->slot] = true;
    mark(used, expression->left);
    mark(used, expression->right);
    for (i = 0; i < expression->argument_count; i++)
        mark(used, expression->arguments[i]);
}

static void mark_phase(bool *used, const struct vw_phase *phase)
{
    size_t i, j;

    for (i = 0; i < phase->sort.count; i++)
        used[phase->sort.items[i].slot] = true;
    for (i = 0; i < phase->distinct.count; i++)
        used[phase->distinct.items[i]] = true;
    for (i = 0; i < phase->fill_slots.count; i++)
        used[phase->fill_slots.items[i]] = true;
    for (i = 0; i < phase->groups.count; i++)
        mark(used, phase->groups.items[i].expression);
    for (i = 0; i < phase->measures.count; i++)
        for (j = 0; j < phase->measures.items[i].call->argument_count; j++)
            mark(used, phase->measures.items[i].call->arguments[j]);
    for (i = 0; i < phase->steps.count; i++) {
        const struct vw_step *step = &phase->steps.items[i];

        mark(used, step->expression);
        for (j = 0; step->old && j < step->slot_count; j++)
            mark(used, step->old[j]);
    }
}

/* Groups of a stats are what its phase hands on; the order of the next one needs them. */
static void mark_order(bool *used, const struct vw_plan *plan, size_t phase)
{
    const struct vw_phase *before = phase > 0 ? &plan->phases.items[phase - 1] : NULL;
    size_t i;

    if (before && before->ending == VW_ENDING_STATS)
        for (i = 0; i < before->groups.count; i++)
            used[before->groups.items[i].slot] = true;
}

static void find_kept(struct vw_planner *planner)
{
    struct vw_plan *plan = planner->plan;
    bool *used = vw_calloc(plan->slot_count + 1, sizeof *used);
    size_t i, slot;

    if (!used) {
        planner->error = VW_ERROR_NO_MEMORY;
        return;
    }
    for (i = 0; i < plan->columns.count; i++)
        used[plan->columns.items[i].slot] = true;
    for (i = plan->phases.count; i-- > 0 && !planner->error;) {
        struct vw_phase *phase = &plan->phases.items[i];
        size_t key;

        for (key = 0; key < phase->sort.count; key++)
            used[phase->sort.items[key].slot] = true;
        for (key = 0; key < phase->distinct.count; key++)
            used[phase->distinct.items[key]] = true;
        mark_order(used, plan, i);
        for (slot = 0; slot < plan->slot_count; slot++)
            if (used[slot])
                push_slot(planner, &phase->kept, (uint32_t)slot);
        mark_phase(used, phase);
    }
    vw_free(used);
}

static void find_moments(struct vw_plan *plan)
{
    size_t i, j;

    for (i = 0; i < plan->phases.count; i++) {
        struct vw_phase *phase = &plan->phases.items[i];

        phase->needs_moment = phase->ending != VW_ENDING_STATS;
        for (j = 0; j < phase->measures.count; j++)
            if (phase->measures.items[j].aggregator->needs_moment)
                phase->needs_moment = true;
    }
}

/* Nothing was selected: the two fields that the console shows. */
static void show_default(struct vw_planner *planner)
{
    static const char *const names[] = {"@timestamp", "@message"};
    size_t i;

    for (i = 0; i < 2; i++) {
        struct vw_name name = {vw_slice_of(names[i]), {0, 0}};

        vw_planner_show(planner, name.text, vw_planner_slot(planner, name));
    }
}

int vw_plan_make(const struct vw_syntax *syntax, const struct vw_lookups *tables,
                 struct vw_diagnostics *diagnostics, struct vw_plan *ret)
{
    struct vw_planner planner = {.syntax = syntax,
                                 .tables = tables,
                                 .diagnostics = diagnostics,
                                 .plan = ret,
                                 .scope = {0, 0, true}};
    size_t i;

    *ret = (struct vw_plan){.of_records = true};
    for (i = 0; i < syntax->commands.count && !planner.error; i++)
        plan_command(&planner, &syntax->commands.items[i]);
    if (!planner.selected && !planner.error)
        show_default(&planner);
    planner.phase.limit = planner.limited ? UINT64_MAX : VW_QUERY_LIMIT_DEFAULT;
    planner.phase.default_limit = !planner.limited;
    vw_planner_end_phase(&planner, VW_ENDING_ROWS);
    if (!planner.error) {
        find_kept(&planner);
        find_moments(ret);
    } else {
        free_phase(&planner.phase);
    }
    vw_array_free(&planner.names);
    if (!planner.error && ret->arena.failed)
        planner.error = VW_ERROR_NO_MEMORY;
    return planner.error;
}

void vw_plan_free(struct vw_plan *plan)
{
    size_t i;

    for (i = 0; i < plan->phases.count; i++)
        free_phase(&plan->phases.items[i]);
    vw_array_free(&plan->phases);
    vw_array_free(&plan->inputs);
    vw_array_free(&plan->columns);
    vw_arena_free(&plan->arena);
}
