/* Calls: the functions of the language and the aggregates of stats, with what each may be
 * given. */
#include "query/parser.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "query/aggregate.h"
#include "query/evaluate.h"
#include "query/names.h"

struct vw_expression *vw_parser_make(struct vw_parser *parser,
                                     enum vw_expression_kind kind, size_t offset)
{
    struct vw_expression *made;

    if (parser->error)
        return &parser->nowhere;
    if (++parser->nodes > VW_QUERY_NODES_MAX) {
        vw_parser_fail(parser, (struct vw_span){offset, 0},
                       "the query has more than %d parts", VW_QUERY_NODES_MAX);
        return &parser->nowhere;
    }
    made = vw_arena_alloc(&parser->syntax->arena, sizeof *made);
    if (!made) {
        parser->error = VW_ERROR_NO_MEMORY;
        return &parser->nowhere;
    }
    made->kind = kind;
    made->span = (struct vw_span){offset, parser->last_end - offset};
    return made;
}

struct vw_expression *vw_parser_pair(struct vw_parser *parser,
                                     enum vw_expression_kind kind,
                                     struct vw_expression *left,
                                     struct vw_expression *right)
{
    struct vw_expression *made = vw_parser_make(parser, kind, left->span.offset);

    if (made != &parser->nowhere) {
        made->left = left;
        made->right = right;
    }
    return made;
}

/* Takes `arguments` as those of `node`. */
void vw_parser_keep_arguments(struct vw_parser *parser, struct vw_expression *node,
                              struct vw_expressions *arguments)
{
    if (node != &parser->nowhere && arguments->count) {
        node->arguments = vw_arena_array(&parser->syntax->arena, arguments->count,
                                         sizeof *node->arguments);
        if (node->arguments) {
            memcpy(node->arguments, arguments->items,
                   arguments->count * sizeof *node->arguments);
            node->argument_count = arguments->count;
        } else {
            parser->error = VW_ERROR_NO_MEMORY;
        }
    }
    vw_array_free(arguments);
}

void vw_parser_add_argument(struct vw_parser *parser, struct vw_expressions *arguments,
                            struct vw_expression *argument)
{
    if (arguments->count == VW_QUERY_ARGUMENTS_MAX)
        vw_parser_fail(parser, argument->span, "there are more than %d arguments",
                       VW_QUERY_ARGUMENTS_MAX);
    else if (!parser->error && vw_array_push(arguments, argument))
        parser->error = VW_ERROR_NO_MEMORY;
}

/* ---- calls ---- */

static void unknown_function(struct vw_parser *parser, struct vw_name name)
{
    struct vw_nearest nearest = vw_nearest_to(name.text);
    const struct vw_aggregator *aggregator;
    const struct vw_function *function;
    size_t i;

    for (i = 0; (function = vw_function_at(i)); i++)
        vw_nearest_offer(&nearest, vw_slice_of(function->name));
    for (i = 0; (aggregator = vw_aggregator_at(i)); i++)
        vw_nearest_offer(&nearest, vw_slice_of(aggregator->name));
    if (nearest.best.size)
        vw_parser_fail(parser, name.span, "there is no function %.*s; is %.*s meant?",
                       (int)name.text.size, name.text.data, (int)nearest.best.size,
                       nearest.best.data);
    else
        vw_parser_fail(parser, name.span, "there is no function %.*s",
                       (int)name.text.size, name.text.data);
}

static struct vw_expression *parse_argument(struct vw_parser *parser)
{
    size_t offset = parser->token.span.offset;
    struct vw_period period;

    if (vw_parser_take_sign(parser, "*"))
        return vw_parser_make(parser, VW_EXPRESSION_STAR, offset);
    if (parser->token.kind == VW_TOKEN_PERIOD) {
        struct vw_expression *made;

        if (!vw_parser_period(parser, &period)) {
            vw_parser_fail(
                parser, parser->token.span,
                "this is no period such as 30s, 5m, 1h, 1d, 1w, 1mo, 1q or 1y");
            return &parser->nowhere;
        }
        made = vw_parser_make(parser, VW_EXPRESSION_PERIOD, offset);
        if (made != &parser->nowhere)
            made->period = period;
        return made;
    }
    if (vw_parser_at_sign(parser, "/")) {
        struct vw_expression *made;
        struct vw_regex *regex = vw_parser_regex(parser);

        made = vw_parser_make(parser, VW_EXPRESSION_MATCH, offset);
        if (made != &parser->nowhere)
            made->regex = regex;
        return made;
    }
    return vw_parser_expression(parser);
}

static void check_count(struct vw_parser *parser, struct vw_name name, size_t count,
                        size_t least, size_t most)
{
    if (count >= least && count <= most)
        return;
    if (least == most)
        vw_parser_fail(parser, name.span, "%.*s takes %zu argument%s, not %zu",
                       (int)name.text.size, name.text.data, least, least == 1 ? "" : "s",
                       count);
    else if (most == VW_QUERY_ARGUMENTS_MAX)
        vw_parser_fail(parser, name.span, "%.*s takes %zu arguments or more, not %zu",
                       (int)name.text.size, name.text.data, least, count);
    else
        vw_parser_fail(parser, name.span, "%.*s takes %zu to %zu arguments, not %zu",
                       (int)name.text.size, name.text.data, least, most, count);
}

/* A star, a period and a pattern are no values: they stand where a function says so. */
static void check_plain(struct vw_parser *parser, const struct vw_expression *argument)
{
    if (argument->kind == VW_EXPRESSION_STAR)
        vw_parser_fail(parser, argument->span, "* is for count(*) alone");
    if (argument->kind == VW_EXPRESSION_PERIOD)
        vw_parser_fail(parser, argument->span, "no period is expected here");
    if (argument->kind == VW_EXPRESSION_MATCH && !argument->left)
        vw_parser_fail(parser, argument->span, "no regular expression is expected here");
}

static void need_period(struct vw_parser *parser, const struct vw_expression *argument)
{
    if (argument->kind != VW_EXPRESSION_PERIOD)
        vw_parser_fail(parser, argument->span,
                       "expected a period such as 30s, 5m, 1h or 1d");
}

static struct vw_expression *timestamp(struct vw_parser *parser, size_t offset)
{
    struct vw_expression *made = vw_parser_make(parser, VW_EXPRESSION_NAME, offset);

    if (made != &parser->nowhere) {
        made->text = vw_slice_of("@timestamp");
        made->span.size = 0;
    }
    return made;
}

static void check_shape(struct vw_parser *parser, const struct vw_function *function,
                        struct vw_expression *call)
{
    size_t i, shaped = function->shape == VW_FUNCTION_BIN ? 0 : 1;

    for (i = 0; i < call->argument_count; i++) {
        struct vw_expression *argument = call->arguments[i];

        if (i != shaped || function->shape == VW_FUNCTION_PLAIN) {
            check_plain(parser, argument);
        } else if (function->shape == VW_FUNCTION_REGEX) {
            if (argument->kind == VW_EXPRESSION_MATCH && !argument->left)
                call->regex = argument->regex;
            else if (argument->kind == VW_EXPRESSION_CONSTANT &&
                     argument->constant.kind == VW_VALUE_TEXT)
                call->regex =
                    vw_parser_compile(parser, argument->constant.text, argument->span);
            else
                vw_parser_fail(parser, argument->span,
                               "expected a regular expression in quotes or slashes");
        } else {
            need_period(parser, argument);
        }
    }
}

static struct vw_expression *finish_function(struct vw_parser *parser,
                                             const struct vw_function *function,
                                             struct vw_name name,
                                             struct vw_expressions *arguments)
{
    struct vw_expression *call =
        vw_parser_make(parser, VW_EXPRESSION_CALL, name.span.offset);

    check_count(parser, name, arguments->count, function->least, function->most);
    vw_parser_keep_arguments(parser, call, arguments);
    if (parser->error)
        return &parser->nowhere;
    call->function = function;
    check_shape(parser, function, call);
    if (function->shape == VW_FUNCTION_BIN && !parser->error) {
        call->period = vw_period_capped(call->arguments[0]->period);
        call->arguments[0] = timestamp(parser, name.span.offset);
    } else if (function->shape == VW_FUNCTION_PERIOD && !parser->error) {
        call->period = call->arguments[1]->period;
        call->argument_count = 1;
    } else if (function->shape == VW_FUNCTION_REGEX && !parser->error) {
        call->arguments[1] = call->arguments[0]; /* the pattern is no value */
    }
    return call;
}

static bool number_argument(const struct vw_expression *argument, double least,
                            double most, struct vw_number *ret)
{
    return argument->kind == VW_EXPRESSION_CONSTANT &&
           vw_value_number(&argument->constant, ret) && vw_number_real(*ret) >= least &&
           vw_number_real(*ret) <= most;
}

/* arguments[0]: what is aggregated, arguments[1]: the parameter. */
static void shape_aggregate(struct vw_parser *parser, struct vw_expression *call)
{
    struct vw_expression **arguments = call->arguments;
    struct vw_number number;
    struct vw_expression *first;

    switch (call->aggregator->shape) {
    case VW_AGGREGATOR_ONE:
        check_plain(parser, arguments[0]);
        break;
    case VW_AGGREGATOR_COUNT:
        if (call->argument_count == 1 && arguments[0]->kind == VW_EXPRESSION_STAR)
            call->argument_count = 0;
        else if (call->argument_count == 1)
            check_plain(parser, arguments[0]);
        break;
    case VW_AGGREGATOR_PERCENT:
        if (!number_argument(arguments[1], 0, 100, &number))
            vw_parser_fail(parser, arguments[1]->span,
                           "expected a percentile, a number from 0 to 100");
        break;
    case VW_AGGREGATOR_TOP:
        first = arguments[0];
        if (first->kind == VW_EXPRESSION_CONSTANT) {
            arguments[0] = arguments[1];
            arguments[1] = first;
        }
        if (!number_argument(arguments[1], 1, 10000, &number) || !number.is_integer)
            vw_parser_fail(parser, arguments[1]->span,
                           "expected how many, a whole number from 1 to 10000");
        break;
    case VW_AGGREGATOR_BUCKETS:
        if (!number_argument(arguments[1], 1, 10000, &number) || !number.is_integer)
            vw_parser_fail(parser, arguments[1]->span,
                           "expected a number of buckets from 1 to 10000");
        break;
    case VW_AGGREGATOR_PERIOD:
        need_period(parser, arguments[1]);
        break;
    }
}

static struct vw_expression *finish_aggregate(struct vw_parser *parser,
                                              const struct vw_aggregator *aggregator,
                                              struct vw_name name,
                                              struct vw_expressions *arguments)
{
    struct vw_expression *call =
        vw_parser_make(parser, VW_EXPRESSION_AGGREGATE, name.span.offset);
    size_t most =
        aggregator->shape == VW_AGGREGATOR_ONE || aggregator->shape == VW_AGGREGATOR_COUNT
            ? 1
            : 2;
    size_t least = aggregator->shape == VW_AGGREGATOR_COUNT ? 0 : most;

    check_count(parser, name, arguments->count, least, most);
    vw_parser_keep_arguments(parser, call, arguments);
    if (parser->error)
        return &parser->nowhere;
    call->aggregator = aggregator;
    if (!parser->in_stats) {
        /* May name a column that an earlier stats made; the planner knows. */
        call->kind = VW_EXPRESSION_NAME;
        call->text = (struct vw_slice){parser->syntax->text.data + call->span.offset,
                                       call->span.size};
        return call;
    }
    if (parser->in_aggregate)
        vw_parser_fail(parser, name.span,
                       "%.*s() is within another aggregate; use a second stats",
                       (int)name.text.size, name.text.data);
    shape_aggregate(parser, call);
    return call;
}

/* The next token is the "(" behind a name. */
struct vw_expression *vw_parser_call(struct vw_parser *parser, struct vw_name name)
{
    const struct vw_function *function = vw_function_find(name.text);
    const struct vw_aggregator *aggregator =
        function ? NULL : vw_aggregator_find(name.text);
    struct vw_expressions arguments = {0};
    bool outside = !parser->in_aggregate;

    if (!function && !aggregator)
        unknown_function(parser, name);
    vw_parser_advance(parser);
    /* An aggregate within another is found when the inner one ends. */
    parser->in_aggregate = parser->in_aggregate || aggregator;
    if (!vw_parser_at_sign(parser, ")")) {
        do
            vw_parser_add_argument(parser, &arguments, parse_argument(parser));
        while (!parser->error && vw_parser_take_sign(parser, ","));
    }
    if (outside)
        parser->in_aggregate = false;
    vw_parser_need_sign(parser, ")");
    if (parser->error || (!function && !aggregator)) {
        vw_array_free(&arguments);
        return &parser->nowhere;
    }
    return function ? finish_function(parser, function, name, &arguments)
                    : finish_aggregate(parser, aggregator, name, &arguments);
}
