/* General functions and those of JSON (CWL_QuerySyntax-operations-functions). */
#include "query/evaluate.h"

#include <string.h>

#include "query/structure.h"

static struct vw_value run_ispresent(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    (void)evaluation;
    (void)call;
    return vw_value_truth(arguments[0].kind != VW_VALUE_NULL);
}

static struct vw_value run_coalesce(struct vw_evaluation *evaluation,
                                    const struct vw_expression *call,
                                    const struct vw_value *arguments)
{
    size_t i;

    (void)evaluation;
    for (i = 0; i < call->argument_count; i++)
        if (arguments[i].kind != VW_VALUE_NULL)
            return arguments[i];
    return vw_value_null();
}

/* case(condition, value, ... [, otherwise]) */
static struct vw_value run_case(struct vw_evaluation *evaluation,
                                const struct vw_expression *call,
                                const struct vw_value *arguments)
{
    size_t i;

    (void)evaluation;
    for (i = 0; i + 1 < call->argument_count; i += 2)
        if (vw_value_is_true(&arguments[i]))
            return arguments[i + 1];
    return i < call->argument_count ? arguments[i] : vw_value_null();
}

static struct vw_value run_is_numeric(struct vw_evaluation *evaluation,
                                      const struct vw_expression *call,
                                      const struct vw_value *arguments)
{
    struct vw_number number;

    (void)evaluation;
    (void)call;
    return vw_value_truth(vw_value_number(arguments, &number));
}

/* Bytes of a text; messageSize(@message) is that of the record. */
static struct vw_value run_message_size(struct vw_evaluation *evaluation,
                                        const struct vw_expression *call,
                                        const struct vw_value *arguments)
{
    char buffer[VW_VALUE_TEXT_SIZE];

    (void)evaluation;
    (void)call;
    if (arguments[0].kind == VW_VALUE_NULL)
        return vw_value_null();
    return vw_value_integer((vw_wide)vw_value_print(arguments, buffer).size);
}

const struct vw_function vw_general_functions[] = {
    {"ispresent", 1, 1, VW_FUNCTION_PLAIN, run_ispresent},
    {"coalesce", 1, VW_QUERY_ARGUMENTS_MAX, VW_FUNCTION_PLAIN, run_coalesce},
    {"case", 2, VW_QUERY_ARGUMENTS_MAX, VW_FUNCTION_PLAIN, run_case},
    {"if", 2, 3, VW_FUNCTION_PLAIN, run_case},
    {"isNumeric", 1, 1, VW_FUNCTION_PLAIN, run_is_numeric},
    {"messageSize", 1, 1, VW_FUNCTION_PLAIN, run_message_size},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};

/* ---- JSON ---- */

static struct vw_value run_json_parse(struct vw_evaluation *evaluation,
                                      const struct vw_expression *call,
                                      const struct vw_value *arguments)
{
    (void)call;
    if (arguments[0].kind != VW_VALUE_TEXT)
        return arguments[0];
    return vw_structure_parse(arguments[0].text, evaluation->arena);
}

static struct vw_value run_json_stringify(struct vw_evaluation *evaluation,
                                          const struct vw_expression *call,
                                          const struct vw_value *arguments)
{
    struct vw_structure_text text = {.arena = evaluation->arena};
    struct vw_value made;

    (void)call;
    if (arguments[0].kind == VW_VALUE_NULL)
        return vw_value_null();
    vw_structure_add_value(&text, arguments);
    made = vw_structure_finish(&text);
    if (made.kind == VW_VALUE_JSON)
        made.kind = VW_VALUE_TEXT;
    return made;
}

/* A list, or its text. */
static bool take_list(struct vw_evaluation *evaluation, const struct vw_value *argument,
                      struct vw_slice *ret_list)
{
    struct vw_value list = *argument;

    if (list.kind == VW_VALUE_TEXT)
        list = vw_structure_parse(list.text, evaluation->arena);
    if (list.kind != VW_VALUE_JSON || list.text.data[0] != '[')
        return false;
    *ret_list = list.text;
    return true;
}

static struct vw_value run_array_size(struct vw_evaluation *evaluation,
                                      const struct vw_expression *call,
                                      const struct vw_value *arguments)
{
    struct vw_slice list;

    (void)call;
    if (!take_list(evaluation, arguments, &list))
        return vw_value_null();
    return vw_value_integer((vw_wide)vw_structure_count(list));
}

static struct vw_value run_array_contains(struct vw_evaluation *evaluation,
                                          const struct vw_expression *call,
                                          const struct vw_value *arguments)
{
    struct vw_slice list;
    struct vw_value value;
    size_t at = 0;
    int order;

    (void)call;
    if (!take_list(evaluation, arguments, &list))
        return vw_value_null();
    while (vw_structure_next(list, &at, evaluation->arena, NULL, &value))
        if (vw_value_compare(&value, &arguments[1], &order) && order == 0)
            return vw_value_truth(true);
    return vw_value_truth(false);
}

const struct vw_function vw_json_functions[] = {
    {"jsonParse", 1, 1, VW_FUNCTION_PLAIN, run_json_parse},
    {"jsonStringify", 1, 1, VW_FUNCTION_PLAIN, run_json_stringify},
    {"jsonArraySize", 1, 1, VW_FUNCTION_PLAIN, run_array_size},
    {"jsonArrayContains", 2, 2, VW_FUNCTION_PLAIN, run_array_contains},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};
