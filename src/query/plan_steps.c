/* Commands that look at one row at a time: steps of a phase. */
#include "query/planner.h"

#include <vpcwhy/error.h>

#include "query/names.h"

struct vw_step *vw_planner_step(struct vw_planner *planner, enum vw_step_kind kind,
                                struct vw_expression *expression, size_t slots)
{
    struct vw_step step = {.kind = kind, .expression = expression, .slot_count = slots};

    if (planner->error)
        return NULL;
    step.slots = vw_arena_array(&planner->plan->arena, slots, sizeof *step.slots);
    if (!step.slots || vw_array_push(&planner->phase.steps, step)) {
        planner->error = VW_ERROR_NO_MEMORY;
        return NULL;
    }
    return &planner->phase.steps.items[planner->phase.steps.count - 1];
}

uint32_t vw_planner_compute(struct vw_planner *planner, struct vw_expression *expression)
{
    struct vw_step *step;

    if (expression->kind == VW_EXPRESSION_SLOT)
        return expression->slot;
    step = vw_planner_step(planner, VW_STEP_COMPUTE, expression, 1);
    if (!step)
        return 0;
    step->slots[0] = vw_planner_new_slot(planner);
    return step->slots[0];
}

static void plan_items(struct vw_planner *planner, const struct vw_command *command)
{
    bool display = command->kind == VW_COMMAND_DISPLAY;
    size_t i;

    if (display)
        planner->plan->columns.count = 0;
    for (i = 0; i < command->items.count && !planner->error; i++) {
        const struct vw_item *item = &command->items.items[i];
        struct vw_slice name = item->alias.size ? item->alias : item->source;
        uint32_t slot;

        if (item->expression->kind == VW_EXPRESSION_NAME && !item->alias.size)
            name = item->expression->text; /* without backticks */
        vw_planner_resolve(planner, item->expression, planner->scope);
        slot = vw_planner_compute(planner, item->expression);
        if (item->alias.size || item->expression->kind != VW_EXPRESSION_SLOT)
            vw_planner_define(planner, name, slot);
        if (display || !planner->displayed)
            vw_planner_show(planner, name, slot);
    }
    planner->displayed = planner->displayed || display;
    planner->selected = true;
}

/* ---- filter ---- */

/* Whether every name in it is one of the records' that stats did not hand on. */
static bool only_records(const struct vw_planner *planner,
                         const struct vw_expression *expression, size_t *names)
{
    uint32_t slot;
    size_t i;

    if (!expression)
        return true;
    if (expression->kind == VW_EXPRESSION_NAME) {
        ++*names;
        return !expression->aggregator &&
               !vw_planner_find(planner, planner->scope, expression->text, &slot) &&
               (vw_field_known(expression->text) ||
                vw_planner_find(planner, planner->before, expression->text, &slot));
    }
    for (i = 0; i < expression->argument_count; i++)
        if (!only_records(planner, expression->arguments[i], names))
            return false;
    return only_records(planner, expression->left, names) &&
           only_records(planner, expression->right, names);
}

/* AWS's pages say that such a field is not seen any more; a sample of theirs filters by one
 * all the same. */
static bool plan_filter_before(struct vw_planner *planner,
                               const struct vw_command *command)
{
    struct vw_phases *phases = &planner->plan->phases;
    struct vw_step step = {.kind = VW_STEP_FILTER, .expression = command->expression};
    size_t names = 0;

    if (planner->scope.open || planner->stats_done != 1 || phases->count != 1 ||
        !only_records(planner, command->expression, &names) || names == 0)
        return false;
    vw_planner_warn(
        planner, command->span,
        "this filters fields that stats does not hand on: it is taken as if it "
        "stood before stats");
    vw_planner_resolve(planner, command->expression, planner->before);
    if (!planner->error && vw_array_push(&phases->items[0].steps, step))
        planner->error = VW_ERROR_NO_MEMORY;
    return true;
}

static void plan_filter(struct vw_planner *planner, const struct vw_command *command)
{
    if (plan_filter_before(planner, command))
        return;
    vw_planner_resolve(planner, command->expression, planner->scope);
    vw_planner_step(planner, VW_STEP_FILTER, command->expression, 0);
}

/* ---- parse and its kin ---- */

static void plan_made(struct vw_planner *planner, const struct vw_command *command,
                      enum vw_step_kind kind)
{
    struct vw_step *step;
    size_t i;

    vw_planner_resolve(planner, command->expression, planner->scope);
    step = vw_planner_step(planner, kind, command->expression, command->names.count);
    if (!step)
        return;
    step->command = command;
    for (i = 0; i < command->names.count; i++) {
        struct vw_slice name = command->names.items[i].text;

        step->slots[i] = vw_planner_new_slot(planner);
        if (!name.size)
            continue; /* a group without a name */
        vw_planner_define(planner, name, step->slots[i]);
        if (!planner->displayed)
            vw_planner_show(planner, name, step->slots[i]);
    }
    planner->selected = true;
}

/* ---- lookups ---- */

static const struct vw_lookup *find_table(struct vw_planner *planner, struct vw_name name)
{
    struct vw_nearest nearest = vw_nearest_to(name.text);
    size_t i;

    for (i = 0; i < planner->tables->count; i++) {
        const struct vw_lookup *table = planner->tables->items[i];

        if (vw_name_same(table->name, name.text))
            return table;
        vw_nearest_offer(&nearest, table->name);
    }
    if (nearest.best.size)
        vw_planner_fail(planner, name.span, "there is no table %.*s; is %.*s meant?",
                        (int)name.text.size, name.text.data, (int)nearest.best.size,
                        nearest.best.data);
    else
        vw_planner_fail(planner, name.span,
                        "there is no table %.*s: give it with --table %.*s=FILE.csv",
                        (int)name.text.size, name.text.data, (int)name.text.size,
                        name.text.data);
    return NULL;
}

static size_t find_column(struct vw_planner *planner, const struct vw_lookup *table,
                          struct vw_slice name, struct vw_span span)
{
    struct vw_nearest nearest = vw_nearest_to(name);
    size_t column = 0, i;

    if (vw_lookup_column(table, name, &column))
        return column;
    for (i = 0; i < table->columns; i++)
        vw_nearest_offer(&nearest, table->cells.items[i]);
    if (nearest.best.size)
        vw_planner_fail(planner, span, "table %.*s has no column %.*s; is %.*s meant?",
                        (int)table->name.size, table->name.data, (int)name.size,
                        name.data, (int)nearest.best.size, nearest.best.data);
    else
        vw_planner_fail(planner, span, "table %.*s has no column %.*s",
                        (int)table->name.size, table->name.data, (int)name.size,
                        name.data);
    return 0;
}

static size_t key_column(struct vw_planner *planner, const struct vw_command *command,
                         const struct vw_lookup *table)
{
    size_t column = 0;

    if (command->column.text.size)
        return find_column(planner, table, command->column.text, command->column.span);
    if (!vw_lookup_cidr_column(table, &column))
        vw_planner_fail(planner, command->table.span,
                        "table %.*s has no column with CIDRs", (int)table->name.size,
                        table->name.data);
    return column;
}

static void plan_output(struct vw_planner *planner, const struct vw_command *command,
                        struct vw_step *step, size_t i)
{
    const struct vw_item *item = &command->items.items[i];
    struct vw_expression *old = vw_arena_alloc(&planner->plan->arena, sizeof *old);

    if (!old) {
        planner->error = VW_ERROR_NO_MEMORY;
        return;
    }
    old->kind = VW_EXPRESSION_CONSTANT;
    if (command->only_missing) {
        old->kind = VW_EXPRESSION_NAME;
        old->text = item->alias;
        old->span = item->span;
        vw_planner_resolve(planner, old, planner->scope);
    }
    step->old[i] = old;
    step->columns[i] = find_column(planner, step->table, item->source, item->span);
    step->slots[i] = vw_planner_new_slot(planner);
    vw_planner_define(planner, item->alias, step->slots[i]);
    if (!planner->displayed)
        vw_planner_show(planner, item->alias, step->slots[i]);
}

static void plan_lookup(struct vw_planner *planner, const struct vw_command *command)
{
    const struct vw_lookup *table = find_table(planner, command->table);
    size_t column, count = command->items.count, i;
    struct vw_step *step;

    if (!table)
        return;
    column = key_column(planner, command, table);
    vw_planner_resolve(planner, command->expression, planner->scope);
    step = vw_planner_step(planner, VW_STEP_LOOKUP, command->expression, count);
    if (!step)
        return;
    step->command = command;
    step->table = table;
    step->columns = vw_arena_array(&planner->plan->arena, count, sizeof *step->columns);
    step->old = vw_arena_array(&planner->plan->arena, count, sizeof(void *));
    step->index =
        vw_lookup_index_create(table, column, command->kind == VW_COMMAND_CIDRLOOKUP);
    if (!step->columns || !step->old || !step->index) {
        planner->error = VW_ERROR_NO_MEMORY;
        return;
    }
    for (i = 0; i < count && !planner->error; i++)
        plan_output(planner, command, step, i);
    planner->selected = true;
}

void vw_planner_row_command(struct vw_planner *planner, const struct vw_command *command)
{
    switch (command->kind) {
    case VW_COMMAND_FIELDS:
    case VW_COMMAND_DISPLAY:
        plan_items(planner, command);
        break;
    case VW_COMMAND_FILTER:
        plan_filter(planner, command);
        break;
    case VW_COMMAND_PARSE_GLOB:
        plan_made(planner, command, VW_STEP_PARSE_GLOB);
        break;
    case VW_COMMAND_PARSE_REGEX:
        plan_made(planner, command, VW_STEP_PARSE_REGEX);
        break;
    case VW_COMMAND_PARSE_LOGFMT:
        plan_made(planner, command, VW_STEP_PARSE_LOGFMT);
        break;
    case VW_COMMAND_PARSE_CSV:
        plan_made(planner, command, VW_STEP_PARSE_CSV);
        break;
    case VW_COMMAND_JSON:
        plan_made(planner, command, VW_STEP_JSON);
        break;
    case VW_COMMAND_UNNEST:
        plan_made(planner, command, VW_STEP_UNNEST);
        break;
    case VW_COMMAND_LOOKUP:
    case VW_COMMAND_CIDRLOOKUP:
        plan_lookup(planner, command);
        break;
    case VW_COMMAND_STATS:
    case VW_COMMAND_SORT:
    case VW_COMMAND_LIMIT:
    case VW_COMMAND_DEDUP:
    case VW_COMMAND_ACCUM:
    case VW_COMMAND_FILLMISSING:
    case VW_COMMAND_FILLDOWN:
    case VW_COMMAND_SOURCE:
        break;
    }
}
