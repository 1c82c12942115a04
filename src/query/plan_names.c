/*
 * Names. What AWS says: aliases are seen by the commands behind them; after stats only its
 * outputs are. Names are case-sensitive.
 *
 * What we do: an alias is found as it is written; a field of the records also in other
 * spellings (names.h). A name that only fits in another case is not taken, and said.
 */
#include "query/planner.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "query/names.h"

uint32_t vw_planner_new_slot(struct vw_planner *planner)
{
    return (uint32_t)planner->plan->slot_count++;
}

void vw_planner_define(struct vw_planner *planner, struct vw_slice name, uint32_t slot)
{
    struct vw_scope_name defined = {name, slot};

    if (!planner->error && vw_array_push(&planner->names, defined))
        planner->error = VW_ERROR_NO_MEMORY;
    planner->scope.end = planner->names.count;
}

static bool same_text(struct vw_slice a, struct vw_slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool vw_planner_find(const struct vw_planner *planner, struct vw_scope scope,
                     struct vw_slice name, uint32_t *ret_slot)
{
    size_t i;

    for (i = scope.end; i > scope.start; i--) {
        if (same_text(planner->names.items[i - 1].name, name)) {
            *ret_slot = planner->names.items[i - 1].slot;
            return true;
        }
    }
    return false;
}

static enum vw_origin origin_of(struct vw_slice name)
{
    static const struct {
        const char *name;
        enum vw_origin origin;
    } origins[] = {
        {"@timestamp", VW_ORIGIN_TIMESTAMP},
        {"@message", VW_ORIGIN_MESSAGE},
        {"@logStream", VW_ORIGIN_STREAM},
        {"logStream", VW_ORIGIN_STREAM},
        {"@log", VW_ORIGIN_LOG},
        {"@ingestionTime", VW_ORIGIN_INGESTION},
        {"@ptr", VW_ORIGIN_POINTER},
        {"@entity", VW_ORIGIN_NOTHING},
    };
    size_t i;

    for (i = 0; i < sizeof origins / sizeof *origins; i++)
        if (vw_name_same(name, vw_slice_of(origins[i].name)))
            return origins[i].origin;
    return VW_ORIGIN_COLUMN;
}

/* The slot of a field of the records. */
static uint32_t input_slot(struct vw_planner *planner, struct vw_slice name,
                           struct vw_span span)
{
    struct vw_input_field input = {.name = name, .span = span, .origin = origin_of(name)};
    size_t i;

    for (i = 0; i < planner->plan->inputs.count; i++) {
        const struct vw_input_field *known = &planner->plan->inputs.items[i];

        if (known->origin == input.origin &&
            (input.origin != VW_ORIGIN_COLUMN || vw_field_same(known->name, name)))
            return known->slot;
    }
    input.slot = vw_planner_new_slot(planner);
    if (!planner->error && vw_array_push(&planner->plan->inputs, input))
        planner->error = VW_ERROR_NO_MEMORY;
    return input.slot;
}

/* "event.name", where event is an alias: a path into its value. */
static bool resolve_path(struct vw_planner *planner, struct vw_expression *expression,
                         struct vw_scope scope)
{
    struct vw_slice name = expression->text;
    struct vw_expression *base;
    uint32_t slot;
    size_t at;

    for (at = name.size; at-- > 1;) {
        if (name.data[at] != '.' ||
            !vw_planner_find(planner, scope, (struct vw_slice){name.data, at}, &slot))
            continue;
        base = vw_arena_alloc(&planner->plan->arena, sizeof *base);
        if (!base) {
            planner->error = VW_ERROR_NO_MEMORY;
            return true;
        }
        base->kind = VW_EXPRESSION_SLOT;
        base->slot = slot;
        base->span = expression->span;
        expression->kind = VW_EXPRESSION_PATH;
        expression->left = base;
        expression->text = (struct vw_slice){name.data + at, name.size - at};
        return true;
    }
    return false;
}

/* Nothing is seen under that name: null, and said so. */
static void resolve_unseen(struct vw_planner *planner, struct vw_expression *expression,
                           struct vw_scope scope)
{
    struct vw_nearest nearest = vw_nearest_to(expression->text);
    size_t i;

    for (i = scope.start; i < scope.end; i++)
        vw_nearest_offer(&nearest, planner->names.items[i].name);
    if (nearest.best.size)
        vw_planner_warn(
            planner, expression->span,
            "no %.*s comes out of the stats before: it is empty; is %.*s meant?",
            (int)expression->text.size, expression->text.data, (int)nearest.best.size,
            nearest.best.data);
    else
        vw_planner_warn(planner, expression->span,
                        "no %.*s comes out of the stats before: it is empty",
                        (int)expression->text.size, expression->text.data);
    expression->kind = VW_EXPRESSION_CONSTANT;
    expression->constant = vw_value_null();
}

/* An alias in another case, where the name is no field of the records. */
static void check_case(struct vw_planner *planner, const struct vw_expression *expression,
                       struct vw_scope scope)
{
    size_t i;

    if (vw_field_known(expression->text))
        return;
    for (i = scope.start; i < scope.end; i++) {
        struct vw_slice name = planner->names.items[i].name;

        if (vw_name_same(name, expression->text))
            vw_planner_warn(planner, expression->span,
                            "names are case-sensitive: %.*s is not %.*s",
                            (int)expression->text.size, expression->text.data,
                            (int)name.size, name.data);
    }
}

static void resolve_name(struct vw_planner *planner, struct vw_expression *expression,
                         struct vw_scope scope)
{
    uint32_t slot;

    if (vw_planner_find(planner, scope, expression->text, &slot)) {
        expression->kind = VW_EXPRESSION_SLOT;
        expression->slot = slot;
        return;
    }
    if (expression->aggregator) {
        vw_planner_fail(planner, expression->span,
                        "%s() adds up records: it is for stats, not for this command",
                        expression->aggregator->name);
        return;
    }
    if (resolve_path(planner, expression, scope))
        return;
    if (!scope.open) {
        resolve_unseen(planner, expression, scope);
        return;
    }
    check_case(planner, expression, scope);
    slot = input_slot(planner, expression->text, expression->span);
    expression->kind = VW_EXPRESSION_SLOT;
    expression->slot = slot;
}

void vw_planner_resolve(struct vw_planner *planner, struct vw_expression *expression,
                        struct vw_scope scope)
{
    size_t i;

    if (!expression || planner->error)
        return;
    if (expression->kind == VW_EXPRESSION_CALL && !scope.open) {
        /* `sort bin(5m)` behind `stats ... by bin(5m)` means that column. */
        struct vw_slice source = {planner->syntax->text.data + expression->span.offset,
                                  expression->span.size};

        if (vw_planner_find(planner, scope, source, &expression->slot)) {
            expression->kind = VW_EXPRESSION_SLOT;
            return;
        }
    }
    if (expression->kind == VW_EXPRESSION_NAME) {
        resolve_name(planner, expression, scope);
        return;
    }
    vw_planner_resolve(planner, expression->left, scope);
    vw_planner_resolve(planner, expression->right, scope);
    for (i = 0; i < expression->argument_count; i++)
        vw_planner_resolve(planner, expression->arguments[i], scope);
}

uint32_t vw_planner_slot(struct vw_planner *planner, struct vw_name name)
{
    struct vw_expression *expression =
        vw_arena_alloc(&planner->plan->arena, sizeof *expression);

    if (!expression) {
        planner->error = VW_ERROR_NO_MEMORY;
        return 0;
    }
    expression->kind = VW_EXPRESSION_NAME;
    expression->text = name.text;
    expression->span = name.span;
    vw_planner_resolve(planner, expression, planner->scope);
    return vw_planner_compute(planner, expression);
}

void vw_planner_show(struct vw_planner *planner, struct vw_slice name, uint32_t slot)
{
    struct vw_column column = {name, slot};
    struct vw_columns *columns = &planner->plan->columns;
    size_t i;

    for (i = 0; i < columns->count; i++) {
        if (same_text(columns->items[i].name, name)) {
            columns->items[i].slot = slot;
            return;
        }
    }
    if (!planner->error && vw_array_push(columns, column))
        planner->error = VW_ERROR_NO_MEMORY;
}
