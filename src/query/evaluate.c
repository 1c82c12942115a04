/*
 * Expressions of one row. Truth has two values: a comparison with nothing is false, and `not`
 * of it true, so `x != 1` and `not (x = 1)` are the same. Arithmetic with what is no number,
 * and division by zero, give null.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include "query/evaluate.h"

#include <math.h>
#include <string.h>

#include "query/structure.h"

static struct vw_value add(struct vw_number a, struct vw_number b)
{
    vw_wide sum;

    if (a.is_integer && b.is_integer &&
        !__builtin_add_overflow(a.integer, b.integer, &sum))
        return vw_value_integer(sum);
    return vw_value_double(vw_number_real(a) + vw_number_real(b));
}

static struct vw_value subtract(struct vw_number a, struct vw_number b)
{
    vw_wide difference;

    if (a.is_integer && b.is_integer &&
        !__builtin_sub_overflow(a.integer, b.integer, &difference))
        return vw_value_integer(difference);
    return vw_value_double(vw_number_real(a) - vw_number_real(b));
}

static struct vw_value multiply(struct vw_number a, struct vw_number b)
{
    vw_wide product;

    if (a.is_integer && b.is_integer &&
        !__builtin_mul_overflow(a.integer, b.integer, &product))
        return vw_value_integer(product);
    return vw_value_double(vw_number_real(a) * vw_number_real(b));
}

static struct vw_value divide(struct vw_number a, struct vw_number b)
{
    if (a.is_integer && b.is_integer && b.integer != 0 && b.integer != -1 &&
        a.integer % b.integer == 0)
        return vw_value_integer(a.integer / b.integer);
    return vw_value_double(vw_number_real(a) / vw_number_real(b));
}

static struct vw_value remainder_of(struct vw_number a, struct vw_number b)
{
    if (a.is_integer && b.is_integer && b.integer != 0 && b.integer != -1)
        return vw_value_integer(a.integer % b.integer);
    return vw_value_double(fmod(vw_number_real(a), vw_number_real(b)));
}

/* Whole powers stay exact as long as they fit. */
static struct vw_value power(struct vw_number a, struct vw_number b)
{
    vw_wide result = 1;
    int i;

    if (!a.is_integer || !b.is_integer || b.integer < 0 || b.integer > 127)
        return vw_value_double(pow(vw_number_real(a), vw_number_real(b)));
    for (i = 0; i < (int)b.integer; i++)
        if (__builtin_mul_overflow(result, a.integer, &result))
            return vw_value_double(pow(vw_number_real(a), vw_number_real(b)));
    return vw_value_integer(result);
}

static struct vw_value arithmetic(struct vw_evaluation *evaluation,
                                  const struct vw_expression *expression,
                                  struct vw_value (*operation)(struct vw_number,
                                                               struct vw_number))
{
    struct vw_value left = vw_evaluate(evaluation, expression->left);
    struct vw_value right = vw_evaluate(evaluation, expression->right);
    struct vw_number a, b;

    if (!vw_value_number(&left, &a) || !vw_value_number(&right, &b))
        return vw_value_null();
    return operation(a, b);
}

static struct vw_value negate(struct vw_evaluation *evaluation,
                              const struct vw_expression *expression)
{
    struct vw_value value = vw_evaluate(evaluation, expression->left);
    struct vw_number number;

    if (!vw_value_number(&value, &number))
        return vw_value_null();
    return subtract((struct vw_number){0, 0, true}, number);
}

static bool is_true(struct vw_evaluation *evaluation,
                    const struct vw_expression *expression)
{
    struct vw_value value = vw_evaluate(evaluation, expression);

    return vw_value_is_true(&value);
}

/* <0, 0, >0, or 2 where one side is nothing. */
static int compare(struct vw_evaluation *evaluation,
                   const struct vw_expression *expression)
{
    struct vw_value left = vw_evaluate(evaluation, expression->left);
    struct vw_value right = vw_evaluate(evaluation, expression->right);
    int order;

    if (!vw_value_compare(&left, &right, &order))
        return 2;
    return (order > 0) - (order < 0);
}

static bool holds(struct vw_slice text, struct vw_slice part)
{
    return part.size == 0 ||
           (part.size <= text.size && memmem(text.data, text.size, part.data, part.size));
}

static bool like(struct vw_evaluation *evaluation, const struct vw_expression *expression)
{
    char left_text[VW_VALUE_TEXT_SIZE], right_text[VW_VALUE_TEXT_SIZE];
    struct vw_value left = vw_evaluate(evaluation, expression->left);
    struct vw_value right = vw_evaluate(evaluation, expression->right);

    if (left.kind == VW_VALUE_NULL || right.kind == VW_VALUE_NULL)
        return false;
    return holds(vw_value_print(&left, left_text), vw_value_print(&right, right_text));
}

static bool match(struct vw_evaluation *evaluation,
                  const struct vw_expression *expression)
{
    char buffer[VW_VALUE_TEXT_SIZE];
    struct vw_value value = vw_evaluate(evaluation, expression->left);

    return value.kind != VW_VALUE_NULL &&
           vw_regex_match(evaluation->matcher, expression->regex,
                          vw_value_print(&value, buffer), 0);
}

static bool in_list(struct vw_evaluation *evaluation,
                    const struct vw_expression *expression)
{
    struct vw_value left = vw_evaluate(evaluation, expression->left);
    size_t i;

    for (i = 0; i < expression->argument_count; i++) {
        struct vw_value right = vw_evaluate(evaluation, expression->arguments[i]);
        int order;

        if (vw_value_compare(&left, &right, &order) && order == 0)
            return true;
    }
    return false;
}

static struct vw_value call(struct vw_evaluation *evaluation,
                            const struct vw_expression *expression)
{
    struct vw_value few[4], *arguments = few;
    size_t count = expression->argument_count, i;

    if (count > sizeof few / sizeof *few) {
        arguments = vw_arena_array(evaluation->arena, count, sizeof *arguments);
        if (!arguments)
            return vw_value_null();
    }
    for (i = 0; i < count; i++)
        arguments[i] = vw_evaluate(evaluation, expression->arguments[i]);
    return expression->function->run(evaluation, expression, arguments);
}

static struct vw_value path(struct vw_evaluation *evaluation,
                            const struct vw_expression *expression)
{
    struct vw_value base = vw_evaluate(evaluation, expression->left);

    return vw_structure_path(&base, expression->text, evaluation->arena);
}

struct vw_value vw_evaluate(struct vw_evaluation *evaluation,
                            const struct vw_expression *expression)
{
    int order;

    switch (expression->kind) {
    case VW_EXPRESSION_CONSTANT:
        return expression->constant;
    case VW_EXPRESSION_SLOT:
        return evaluation->slots[expression->slot];
    case VW_EXPRESSION_PATH:
        return path(evaluation, expression);
    case VW_EXPRESSION_CALL:
        return call(evaluation, expression);
    case VW_EXPRESSION_NEGATE:
        return negate(evaluation, expression);
    case VW_EXPRESSION_NOT:
        return vw_value_truth(!is_true(evaluation, expression->left));
    case VW_EXPRESSION_AND:
        return vw_value_truth(is_true(evaluation, expression->left) &&
                              is_true(evaluation, expression->right));
    case VW_EXPRESSION_OR:
        return vw_value_truth(is_true(evaluation, expression->left) ||
                              is_true(evaluation, expression->right));
    case VW_EXPRESSION_ADD:
        return arithmetic(evaluation, expression, add);
    case VW_EXPRESSION_SUBTRACT:
        return arithmetic(evaluation, expression, subtract);
    case VW_EXPRESSION_MULTIPLY:
        return arithmetic(evaluation, expression, multiply);
    case VW_EXPRESSION_DIVIDE:
        return arithmetic(evaluation, expression, divide);
    case VW_EXPRESSION_REMAINDER:
        return arithmetic(evaluation, expression, remainder_of);
    case VW_EXPRESSION_POWER:
        return arithmetic(evaluation, expression, power);
    case VW_EXPRESSION_EQUAL:
        return vw_value_truth(compare(evaluation, expression) == 0);
    case VW_EXPRESSION_UNEQUAL:
        return vw_value_truth(compare(evaluation, expression) != 0);
    case VW_EXPRESSION_LESS:
        return vw_value_truth(compare(evaluation, expression) < 0);
    case VW_EXPRESSION_LESS_EQUAL:
        return vw_value_truth(compare(evaluation, expression) <= 0);
    case VW_EXPRESSION_GREATER:
        return vw_value_truth(compare(evaluation, expression) == 1);
    case VW_EXPRESSION_GREATER_EQUAL:
        order = compare(evaluation, expression);
        return vw_value_truth(order == 0 || order == 1);
    case VW_EXPRESSION_LIKE:
        return vw_value_truth(like(evaluation, expression));
    case VW_EXPRESSION_MATCH:
        return vw_value_truth(match(evaluation, expression));
    case VW_EXPRESSION_IN:
        return vw_value_truth(in_list(evaluation, expression));
    case VW_EXPRESSION_NAME:
    case VW_EXPRESSION_STAR:
    case VW_EXPRESSION_PERIOD:
    case VW_EXPRESSION_AGGREGATE:
        break; /* the planner leaves none of these */
    }
    return vw_value_null();
}
