/*
 * What AWS says (CWL_QuerySyntax-Stats): stats computes aggregates, of all records or of those
 * that agree in what stands behind `by`; aggregates may be combined by arithmetic, and later
 * items may use the names of earlier ones. Behind it only its outputs are seen.
 *
 * What we do: each aggregate is a measure of the phase that ends here; arithmetic over them is
 * a step of the next phase.
 */
#include "query/planner.h"

#include <stdio.h>

#include <vpcwhy/error.h>

#include "query/evaluate.h"
#include "query/names.h"

/* `call` becomes the slot of a new measure. */
static void add_measure(struct vw_planner *planner, struct vw_expression *call)
{
    struct vw_expression *copy = vw_arena_alloc(&planner->plan->arena, sizeof *copy);
    struct vw_measure measure = {.aggregator = call->aggregator, .call = copy};

    if (!copy) {
        planner->error = VW_ERROR_NO_MEMORY;
        return;
    }
    *copy = *call;
    measure.slot = vw_planner_new_slot(planner);
    measure.offset = planner->phase.state_size;
    planner->phase.state_size += call->aggregator->size;
    call->kind = VW_EXPRESSION_SLOT;
    call->slot = measure.slot;
    call->argument_count = 0;
    if (vw_array_push(&planner->phase.measures, measure))
        planner->error = VW_ERROR_NO_MEMORY;
}

/* Aggregates see the rows that come in, everything around them what stats hands on. */
static void take_measures(struct vw_planner *planner, struct vw_expression *expression,
                          struct vw_scope in, struct vw_scope out)
{
    uint32_t slot;
    size_t i;

    if (!expression || planner->error)
        return;
    if (expression->kind == VW_EXPRESSION_AGGREGATE) {
        for (i = 0; i < expression->argument_count; i++)
            vw_planner_resolve(planner, expression->arguments[i], in);
        add_measure(planner, expression);
        return;
    }
    if (expression->kind == VW_EXPRESSION_NAME) {
        if (vw_planner_find(planner, out, expression->text, &slot)) {
            expression->kind = VW_EXPRESSION_SLOT;
            expression->slot = slot;
        } else {
            vw_planner_fail(
                planner, expression->span,
                "%.*s is neither within an aggregate nor behind \"by\": write "
                "latest(%.*s), or group by it",
                (int)expression->text.size, expression->text.data,
                (int)expression->text.size, expression->text.data);
        }
        return;
    }
    take_measures(planner, expression->left, in, out);
    take_measures(planner, expression->right, in, out);
    for (i = 0; i < expression->argument_count; i++)
        take_measures(planner, expression->arguments[i], in, out);
}

static bool is_bin(const struct vw_expression *expression)
{
    return expression->kind == VW_EXPRESSION_CALL &&
           (expression->function->shape == VW_FUNCTION_BIN ||
            expression->function->shape == VW_FUNCTION_PERIOD);
}

static struct vw_slice name_of(const struct vw_item *item)
{
    if (item->alias.size)
        return item->alias;
    if (item->expression->kind == VW_EXPRESSION_NAME)
        return item->expression->text;
    return item->source;
}

static void plan_groups(struct vw_planner *planner, const struct vw_command *command,
                        struct vw_scope in)
{
    bool shifted = false;
    size_t i;

    for (i = 0; i < command->by.count && !planner->error; i++) {
        const struct vw_item *item = &command->by.items[i];
        struct vw_slice name = name_of(item);
        struct vw_group_key key = {.expression = item->expression};

        vw_planner_resolve(planner, item->expression, in);
        key.is_bin = is_bin(item->expression);
        key.period = item->expression->period;
        key.slot = vw_planner_new_slot(planner);
        if (key.is_bin && command->has_offset) {
            shifted = true;
            item->expression->constant =
                vw_value_integer(vw_period_milliseconds(command->offset));
        }
        vw_planner_define(planner, name, key.slot);
        vw_planner_show(planner, name, key.slot);
        if (!planner->error && vw_array_push(&planner->phase.groups, key))
            planner->error = VW_ERROR_NO_MEMORY;
    }
    if (command->has_offset && !shifted)
        vw_planner_fail(planner, command->span,
                        "offset shifts the bins of \"by bin(...)\", and there are none");
}

static void check_stats(struct vw_planner *planner, const struct vw_command *command)
{
    if (planner->limited || planner->phase.sort.count)
        vw_planner_fail(planner, command->span,
                        "sort and limit stand behind the last stats, not before one");
    if (++planner->stats_done > VW_QUERY_STATS_MAX)
        vw_planner_fail(planner, command->span, "there are more than %d stats",
                        VW_QUERY_STATS_MAX);
}

/* Items that are more than one aggregate are computed in the phase that follows. */
static void compute_items(struct vw_planner *planner, const struct vw_command *command,
                          const uint32_t *slots)
{
    size_t i;

    for (i = 0; i < command->items.count && !planner->error; i++) {
        struct vw_expression *expression = command->items.items[i].expression;
        struct vw_step *step;

        if (expression->kind == VW_EXPRESSION_SLOT)
            continue;
        step = vw_planner_step(planner, VW_STEP_COMPUTE, expression, 1);
        if (step)
            step->slots[0] = slots[i];
    }
}

void vw_planner_stats(struct vw_planner *planner, const struct vw_command *command)
{
    struct vw_scope in = planner->scope, out;
    uint32_t *slots =
        vw_arena_array(&planner->plan->arena, command->items.count, sizeof *slots);
    size_t i;

    if (!slots) {
        planner->error = VW_ERROR_NO_MEMORY;
        return;
    }
    check_stats(planner, command);
    planner->plan->columns.count = 0;
    planner->displayed = false;
    out = (struct vw_scope){planner->names.count, planner->names.count, false};
    plan_groups(planner, command, in);
    for (i = 0; i < command->items.count && !planner->error; i++) {
        const struct vw_item *item = &command->items.items[i];
        struct vw_slice name = name_of(item);

        out.end = planner->names.count;
        take_measures(planner, item->expression, in, out);
        slots[i] = item->expression->kind == VW_EXPRESSION_SLOT
                       ? item->expression->slot
                       : vw_planner_new_slot(planner);
        vw_planner_define(planner, name, slots[i]);
        vw_planner_show(planner, name, slots[i]);
    }
    if (planner->error)
        return;
    if (planner->stats_done == 1)
        planner->before = in;
    planner->scope = (struct vw_scope){out.start, planner->names.count, false};
    planner->selected = true;
    planner->plan->of_records = false;
    vw_planner_end_phase(planner, VW_ENDING_STATS);
    compute_items(planner, command, slots);
}
