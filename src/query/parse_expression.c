/*
 * Expressions, by precedence: or, and, not, comparison, sum, product, power, sign. AWS's pages
 * do not state it; this is the usual one, and every published sample reads right with it.
 */
#include "query/parser.h"

#include "query/names.h"

static struct vw_expression *parse_or(struct vw_parser *parser);
static struct vw_expression *parse_sum(struct vw_parser *parser);
static struct vw_expression *parse_power(struct vw_parser *parser);

/* Recursion is bounded here: every nested part passes it. */
static bool enter(struct vw_parser *parser)
{
    if (parser->depth == VW_QUERY_DEPTH_MAX) {
        vw_parser_fail(parser, parser->token.span,
                       "expressions are nested deeper than %d levels",
                       VW_QUERY_DEPTH_MAX);
        return false;
    }
    parser->depth++;
    return !parser->error;
}

/* ---- primaries ---- */

/* ".`a b`", "[1]" and ".c" behind a name or a call: kept as they are written. */
static struct vw_expression *parse_tail(struct vw_parser *parser,
                                        struct vw_expression *base)
{
    size_t start = parser->last_end;
    struct vw_expression *made;

    while (vw_parser_at_sign(parser, "[") || vw_parser_at_sign(parser, ".")) {
        if (vw_parser_take_sign(parser, "[")) {
            if (parser->token.kind != VW_TOKEN_NUMBER)
                vw_parser_unexpected(parser, "an index such as [0]");
            vw_parser_advance(parser);
            vw_parser_need_sign(parser, "]");
        } else {
            vw_parser_advance(parser);
            if (parser->token.kind == VW_TOKEN_NUMBER)
                vw_parser_advance(parser);
            else
                vw_parser_name(parser, "a name behind the point");
        }
    }
    if (parser->error || parser->last_end == start)
        return base;
    made = vw_parser_make(parser, VW_EXPRESSION_PATH, base->span.offset);
    if (made != &parser->nowhere) {
        made->left = base;
        made->text = (struct vw_slice){parser->syntax->text.data + start,
                                       parser->last_end - start};
    }
    return made;
}

static struct vw_expression *parse_name(struct vw_parser *parser)
{
    bool quoted = parser->token.kind == VW_TOKEN_QUOTED;
    struct vw_name name = vw_parser_name(parser, "a value");
    struct vw_expression *made;

    if (!quoted && vw_parser_at_sign(parser, "("))
        return parse_tail(parser, vw_parser_call(parser, name));
    made = vw_parser_make(parser, VW_EXPRESSION_NAME, name.span.offset);
    if (made != &parser->nowhere)
        made->text = name.text;
    return parse_tail(parser, made);
}

static struct vw_expression *parse_constant(struct vw_parser *parser)
{
    struct vw_token token = parser->token;
    struct vw_expression *made;
    struct vw_number number;

    vw_parser_advance(parser);
    made = vw_parser_make(parser, VW_EXPRESSION_CONSTANT, token.span.offset);
    if (made == &parser->nowhere)
        return made;
    if (token.kind == VW_TOKEN_NUMBER && vw_number_parse(token.text, &number))
        made->constant = vw_value_of(number);
    else
        made->constant = vw_value_text(token.text.data, token.text.size);
    return made;
}

static struct vw_expression *parse_primary(struct vw_parser *parser)
{
    struct vw_expression *inner;

    if (parser->error)
        return &parser->nowhere;
    switch (parser->token.kind) {
    case VW_TOKEN_NUMBER:
    case VW_TOKEN_STRING:
        return parse_constant(parser);
    case VW_TOKEN_NAME:
    case VW_TOKEN_QUOTED:
        return parse_name(parser);
    case VW_TOKEN_SIGN:
        if (!vw_parser_take_sign(parser, "("))
            break;
        inner = vw_parser_expression(parser);
        vw_parser_need_sign(parser, ")");
        return inner;
    case VW_TOKEN_PERIOD:
        vw_parser_fail(parser, parser->token.span,
                       "a name begins with a letter (others stand in backticks), and a "
                       "period is for bin() and the like");
        return &parser->nowhere;
    case VW_TOKEN_END:
    case VW_TOKEN_BAD:
        break;
    }
    vw_parser_unexpected(parser, "a field, a value or a function");
    return &parser->nowhere;
}

static struct vw_expression *parse_unary(struct vw_parser *parser)
{
    size_t offset = parser->token.span.offset;
    struct vw_expression *made, *inner;

    if (!vw_parser_at_sign(parser, "-") && !vw_parser_at_sign(parser, "!"))
        return parse_primary(parser);
    if (!enter(parser))
        return &parser->nowhere;
    if (vw_parser_take_sign(parser, "!")) { /* !f(x) within a comparison */
        inner = parse_unary(parser);
        made = vw_parser_make(parser, VW_EXPRESSION_NOT, offset);
    } else {
        vw_parser_advance(parser);
        inner = parse_power(parser);
        made = vw_parser_make(parser, VW_EXPRESSION_NEGATE, offset);
    }
    if (made != &parser->nowhere)
        made->left = inner;
    parser->depth--;
    return made;
}

static struct vw_expression *parse_power(struct vw_parser *parser)
{
    struct vw_expression *left = parse_unary(parser);

    if (!vw_parser_at_sign(parser, "^") || !enter(parser))
        return left;
    vw_parser_advance(parser);
    left = vw_parser_pair(parser, VW_EXPRESSION_POWER, left, parse_power(parser));
    parser->depth--;
    return left;
}

static struct vw_expression *parse_term(struct vw_parser *parser)
{
    struct vw_expression *left = parse_power(parser);

    for (;;) {
        enum vw_expression_kind kind;

        if (vw_parser_take_sign(parser, "*"))
            kind = VW_EXPRESSION_MULTIPLY;
        else if (vw_parser_take_sign(parser, "/"))
            kind = VW_EXPRESSION_DIVIDE;
        else if (vw_parser_take_sign(parser, "%"))
            kind = VW_EXPRESSION_REMAINDER;
        else
            return left;
        left = vw_parser_pair(parser, kind, left, parse_power(parser));
    }
}

/* `log-status` reads as log minus status: where the two are a field's name, that is what
 * was meant. */
static void check_hyphen(struct vw_parser *parser, const struct vw_expression *left,
                         const struct vw_expression *right)
{
    const char *field;

    if (parser->error || left->kind != VW_EXPRESSION_NAME ||
        right->kind != VW_EXPRESSION_NAME || vw_field_known(left->text))
        return;
    field = vw_field_hyphenated(left->text, right->text);
    if (field)
        vw_parser_fail(parser, left->span,
                       "%.*s-%.*s is %.*s minus %.*s here: write %s, or the name in "
                       "backticks",
                       (int)left->text.size, left->text.data, (int)right->text.size,
                       right->text.data, (int)left->text.size, left->text.data,
                       (int)right->text.size, right->text.data, field);
}

static struct vw_expression *parse_sum(struct vw_parser *parser)
{
    struct vw_expression *left = parse_term(parser), *right;

    for (;;) {
        if (vw_parser_take_sign(parser, "+")) {
            left = vw_parser_pair(parser, VW_EXPRESSION_ADD, left, parse_term(parser));
        } else if (vw_parser_take_sign(parser, "-")) {
            right = parse_term(parser);
            check_hyphen(parser, left, right);
            left = vw_parser_pair(parser, VW_EXPRESSION_SUBTRACT, left, right);
        } else {
            return left;
        }
    }
}

/* ---- comparisons ---- */

static struct vw_expression *negated(struct vw_parser *parser, bool negate,
                                     struct vw_expression *inner)
{
    struct vw_expression *made;

    if (!negate)
        return inner;
    made = vw_parser_make(parser, VW_EXPRESSION_NOT, inner->span.offset);
    if (made != &parser->nowhere)
        made->left = inner;
    return made;
}

static struct vw_expression *parse_match(struct vw_parser *parser,
                                         struct vw_expression *left, bool regex_only)
{
    struct vw_expression *made;

    if (vw_parser_at_sign(parser, "/")) {
        struct vw_regex *regex = vw_parser_regex(parser);

        made = vw_parser_pair(parser, VW_EXPRESSION_MATCH, left, NULL);
        if (made != &parser->nowhere)
            made->regex = regex;
        return made;
    }
    if (regex_only && parser->token.kind == VW_TOKEN_STRING) {
        struct vw_token token = parser->token;

        vw_parser_advance(parser);
        made = vw_parser_pair(parser, VW_EXPRESSION_MATCH, left, NULL);
        if (made != &parser->nowhere)
            made->regex = vw_parser_compile(parser, token.text, token.span);
        return made;
    }
    if (regex_only)
        vw_parser_unexpected(parser, "a regular expression: /.../");
    return vw_parser_pair(parser, VW_EXPRESSION_LIKE, left, parse_sum(parser));
}

static void refuse_subquery(struct vw_parser *parser)
{
    static const char *const commands[] = {"fields", "filter", "where",   "source",
                                           "stats",  "parse",  "display", "filterindex"};
    size_t i;

    for (i = 0; i < sizeof commands / sizeof *commands; i++)
        if (vw_parser_at_word(parser, commands[i]))
            vw_parser_fail(parser, parser->token.span,
                           "subqueries are not supported: run the inner query first and "
                           "give its values as a list in [...]");
}

static struct vw_expression *parse_in(struct vw_parser *parser,
                                      struct vw_expression *left)
{
    struct vw_expressions arguments = {0};
    bool round = vw_parser_at_sign(parser, "(");
    struct vw_expression *made;

    if (!round && !vw_parser_at_sign(parser, "["))
        vw_parser_unexpected(parser, "a list: [\"a\", \"b\"]");
    vw_parser_advance(parser);
    if (round)
        refuse_subquery(parser);
    do
        vw_parser_add_argument(parser, &arguments, parse_sum(parser));
    while (!parser->error && vw_parser_take_sign(parser, ","));
    vw_parser_need_sign(parser, round ? ")" : "]");
    made = vw_parser_pair(parser, VW_EXPRESSION_IN, left, NULL);
    vw_parser_keep_arguments(parser, made, &arguments);
    return made;
}

static bool comparison_sign(struct vw_parser *parser, enum vw_expression_kind *ret)
{
    static const struct {
        const char *sign;
        enum vw_expression_kind kind;
    } signs[] = {
        {"=", VW_EXPRESSION_EQUAL},    {"==", VW_EXPRESSION_EQUAL},
        {"!=", VW_EXPRESSION_UNEQUAL}, {"<=", VW_EXPRESSION_LESS_EQUAL},
        {"<", VW_EXPRESSION_LESS},     {">=", VW_EXPRESSION_GREATER_EQUAL},
        {">", VW_EXPRESSION_GREATER},
    };
    size_t i;

    for (i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (vw_parser_take_sign(parser, signs[i].sign)) {
            *ret = signs[i].kind;
            return true;
        }
    }
    return false;
}

/* http://... without quotes: one sample has it so. */
static void check_address(struct vw_parser *parser)
{
    struct vw_slice text = parser->syntax->text, rest;
    size_t at = parser->token.span.offset + parser->token.span.size;

    if (parser->error || parser->token.kind != VW_TOKEN_NAME || at > text.size)
        return;
    rest = (struct vw_slice){text.data + at, text.size - at};
    if (vw_slice_starts(rest, "://"))
        vw_parser_fail(parser, parser->token.span,
                       "text to compare with stands in quotes");
}

static struct vw_expression *parse_comparison(struct vw_parser *parser)
{
    struct vw_expression *left = parse_sum(parser);
    enum vw_expression_kind kind;
    bool negate;

    if (comparison_sign(parser, &kind)) {
        check_address(parser);
        return vw_parser_pair(parser, kind, left, parse_sum(parser));
    }
    if (vw_parser_take_sign(parser, "=~"))
        return parse_match(parser, left, true);
    negate = vw_parser_take_word(parser, "not");
    if (vw_parser_take_word(parser, "like"))
        return negated(parser, negate, parse_match(parser, left, false));
    if (vw_parser_take_word(parser, "in"))
        return negated(parser, negate, parse_in(parser, left));
    if (negate)
        vw_parser_unexpected(parser, "\"like\" or \"in\" behind \"not\"");
    return left;
}

static struct vw_expression *parse_not(struct vw_parser *parser)
{
    size_t offset = parser->token.span.offset;
    struct vw_expression *made, *inner;

    if (!vw_parser_at_word(parser, "not"))
        return parse_comparison(parser);
    if (!enter(parser))
        return &parser->nowhere;
    vw_parser_advance(parser);
    inner = parse_not(parser);
    made = vw_parser_make(parser, VW_EXPRESSION_NOT, offset);
    if (made != &parser->nowhere)
        made->left = inner;
    parser->depth--;
    return made;
}

static struct vw_expression *parse_and(struct vw_parser *parser)
{
    struct vw_expression *left = parse_not(parser);

    while (vw_parser_take_word(parser, "and"))
        left = vw_parser_pair(parser, VW_EXPRESSION_AND, left, parse_not(parser));
    return left;
}

static struct vw_expression *parse_or(struct vw_parser *parser)
{
    struct vw_expression *left = parse_and(parser);

    while (vw_parser_take_word(parser, "or"))
        left = vw_parser_pair(parser, VW_EXPRESSION_OR, left, parse_and(parser));
    return left;
}

struct vw_expression *vw_parser_expression(struct vw_parser *parser)
{
    struct vw_expression *made;

    if (!enter(parser))
        return &parser->nowhere;
    made = parse_or(parser);
    parser->depth--;
    return made;
}
