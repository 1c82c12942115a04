/*
 * The filter pattern of metric filters: "[version, account, eni, ..., action=REJECT, status]"
 * names the words of a record by their places and sets conditions on some. It becomes
 * commands of the language: a filter that the words are there, `parse`, and a filter with
 * the conditions; what stands behind its "]" goes on from there.
 *
 * What AWS says (FilterAndPatternSyntax, "space-delimited"): a pattern has as many fields as
 * an event has words, but for one "...", which stands for any number; = and != take text
 * with * in it, or %regex%; numbers may be compared; && and || join conditions of a field.
 */
#include "query/parser.h"

#include <string.h>

#include <vpcwhy/error.h>

/* Longest condition's text; fields of a pattern. */
enum { TEXT_MAX = 256, FIELDS_MAX = 256 };

struct pattern {
    struct vw_parser *parser;
    size_t at; /* in the text */
    struct vw_names fields;
    bool has_gap; /* "..." */
    struct VW_ARRAY(char) regex;
    struct vw_expression *conditions; /* NULL: none */
};

static struct vw_slice rest_of(const struct pattern *pattern)
{
    struct vw_slice text = pattern->parser->syntax->text;

    return (struct vw_slice){text.data + pattern->at, text.size - pattern->at};
}

static bool same(struct vw_slice a, struct vw_slice b)
{
    return a.size == b.size && memcmp(a.data, b.data, a.size) == 0;
}

static void skip_blanks(struct pattern *pattern)
{
    struct vw_slice rest = rest_of(pattern);

    while (rest.size > 0 && strchr(" \t\r\n", *rest.data)) {
        rest.data++;
        rest.size--;
        pattern->at++;
    }
}

static bool starts_with(const struct pattern *pattern, const char *sign)
{
    struct vw_slice rest = rest_of(pattern);
    size_t size = strlen(sign);

    return rest.size >= size && memcmp(rest.data, sign, size) == 0;
}

static bool take(struct pattern *pattern, const char *sign)
{
    skip_blanks(pattern);
    if (!starts_with(pattern, sign))
        return false;
    pattern->at += strlen(sign);
    pattern->parser->last_end = pattern->at;
    return true;
}

static void fail_here(struct pattern *pattern, const char *expected)
{
    struct vw_slice rest;

    skip_blanks(pattern);
    rest = rest_of(pattern);
    if (rest.size == 0)
        vw_parser_fail(pattern->parser, (struct vw_span){pattern->at, 0},
                       "expected %s, found the end of the pattern", expected);
    else
        vw_parser_fail(pattern->parser, (struct vw_span){pattern->at, 1},
                       "expected %s, found \"%.*s\"", expected,
                       (int)(rest.size < 16 ? rest.size : 16), rest.data);
}

/* Up to one of `ends`. */
static struct vw_slice take_until(struct pattern *pattern, const char *ends)
{
    struct vw_slice rest;
    size_t size = 0;

    skip_blanks(pattern);
    rest = rest_of(pattern);
    while (size < rest.size && rest.data[size] && !strchr(ends, rest.data[size]))
        size++;
    pattern->at += size;
    pattern->parser->last_end = pattern->at;
    return (struct vw_slice){rest.data, size};
}

static void add_regex(struct pattern *pattern, const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (vw_array_push(&pattern->regex, text[i]))
            pattern->parser->error = VW_ERROR_NO_MEMORY;
}

/* ---- conditions ---- */

/* "REJ*" as a regular expression of the whole word. */
static struct vw_regex *compile_glob(struct vw_parser *parser, struct vw_slice glob,
                                     struct vw_span span)
{
    char text[TEXT_MAX * 2 + 8];
    size_t size = 0, i;

    text[size++] = '^';
    for (i = 0; i < glob.size; i++) {
        if (glob.data[i] == '*')
            text[size++] = '.';
        else if (strchr("\\^$.|?+()[]{}", glob.data[i]))
            text[size++] = '\\';
        text[size++] = glob.data[i];
    }
    text[size++] = '$';
    return vw_parser_compile(parser, (struct vw_slice){text, size}, span);
}

static struct vw_expression *negate_if(struct vw_parser *parser, bool negate,
                                       struct vw_expression *of)
{
    return negate ? vw_parser_pair(parser, VW_EXPRESSION_NOT, of, NULL) : of;
}

static struct vw_expression *field(struct vw_parser *parser, struct vw_name name)
{
    struct vw_expression *made =
        vw_parser_make(parser, VW_EXPRESSION_NAME, name.span.offset);

    if (!parser->error) {
        made->text = name.text;
        made->span = name.span;
    }
    return made;
}

static struct vw_expression *matches(struct vw_parser *parser, struct vw_name name,
                                     struct vw_regex *regex)
{
    struct vw_expression *made =
        vw_parser_pair(parser, VW_EXPRESSION_MATCH, field(parser, name), NULL);

    if (!parser->error)
        made->regex = regex;
    return made;
}

static struct vw_expression *compares(struct vw_parser *parser, struct vw_name name,
                                      enum vw_expression_kind kind, struct vw_value value)
{
    struct vw_expression *constant =
        vw_parser_make(parser, VW_EXPRESSION_CONSTANT, name.span.offset);

    if (!parser->error)
        constant->constant = value;
    return vw_parser_pair(parser, kind, field(parser, name), constant);
}

/* What a field is compared with. */
struct operand {
    struct vw_slice text;
    struct vw_span span;
    bool is_quoted, is_regex;
};

static struct operand take_operand(struct pattern *pattern)
{
    struct operand operand = {.is_quoted = take(pattern, "\"")};
    const char *close = operand.is_quoted ? "\"" : NULL;

    if (!close && take(pattern, "%")) {
        operand.is_regex = true;
        close = "%";
    }
    operand.span.offset = pattern->at;
    operand.text = take_until(pattern, close ? close : " \t\r\n,]&|()");
    operand.span.size = operand.text.size;
    if (close && !take(pattern, close))
        fail_here(pattern, operand.is_regex ? "the % that ends the regular expression"
                                            : "the \" that ends the text");
    else if (!close && operand.text.size == 0)
        fail_here(pattern, "what the field is compared with: text, a number, %regex%");
    else if (operand.text.size > TEXT_MAX)
        vw_parser_fail(pattern->parser, operand.span, "this is longer than %d bytes",
                       TEXT_MAX);
    return operand;
}

/* Text is compared as it stands, a number that stands in no quotes as a number. */
static struct vw_expression *equality(struct vw_parser *parser, struct vw_name name,
                                      bool is_equal, const struct operand *operand)
{
    struct vw_number number;
    struct vw_regex *regex;

    if (!operand->is_quoted && !operand->is_regex &&
        vw_number_parse(operand->text, &number))
        return compares(parser, name,
                        is_equal ? VW_EXPRESSION_EQUAL : VW_EXPRESSION_UNEQUAL,
                        vw_value_of(number));
    regex = operand->is_regex
                ? vw_parser_compile(parser, operand->text,
                                    (struct vw_span){operand->span.offset - 1, 0})
                : compile_glob(parser, operand->text, operand->span);
    return negate_if(parser, !is_equal, matches(parser, name, regex));
}

static struct vw_expression *order(struct vw_parser *parser, struct vw_name name,
                                   enum vw_expression_kind kind,
                                   const struct operand *operand)
{
    struct vw_number number = {.is_integer = true};

    if (operand->is_regex || !vw_number_parse(operand->text, &number))
        vw_parser_fail(parser, operand->span,
                       "only numbers are less or greater; text may be = or !=");
    return compares(parser, name, kind, vw_value_of(number));
}

/* The operator behind a name, and what it compares with. */
static struct vw_expression *condition(struct pattern *pattern, struct vw_name name)
{
    static const struct {
        const char *sign;
        enum vw_expression_kind kind;
    } signs[] = {
        {"!=", VW_EXPRESSION_UNEQUAL},       {"<=", VW_EXPRESSION_LESS_EQUAL},
        {">=", VW_EXPRESSION_GREATER_EQUAL}, {"=", VW_EXPRESSION_EQUAL},
        {"<", VW_EXPRESSION_LESS},           {">", VW_EXPRESSION_GREATER},
    };
    struct vw_parser *parser = pattern->parser;
    struct operand operand;
    size_t i;

    for (i = 0; i < sizeof signs / sizeof *signs; i++)
        if (take(pattern, signs[i].sign))
            break;
    if (i == sizeof signs / sizeof *signs) {
        fail_here(pattern, "an operator: = != < <= > >=");
        return &parser->nowhere;
    }
    operand = take_operand(pattern);
    if (parser->error)
        return &parser->nowhere;
    if (signs[i].kind == VW_EXPRESSION_EQUAL || signs[i].kind == VW_EXPRESSION_UNEQUAL)
        return equality(parser, name, signs[i].kind == VW_EXPRESSION_EQUAL, &operand);
    return order(parser, name, signs[i].kind, &operand);
}

/* ---- fields ---- */

static struct vw_name take_name(struct pattern *pattern)
{
    struct vw_name name;

    skip_blanks(pattern);
    name.span.offset = pattern->at;
    name.text = take_until(pattern, " \t\r\n,]=!<>&|()\"%");
    name.span.size = name.text.size;
    if (name.text.size == 0)
        fail_here(pattern, "the name of a field, or ...");
    return name;
}

static void add_field(struct pattern *pattern, struct vw_name name)
{
    size_t i;

    for (i = 0; i < pattern->fields.count; i++)
        if (same(pattern->fields.items[i].text, name.text))
            vw_parser_fail(pattern->parser, name.span,
                           "another field of the pattern has the name %.*s",
                           (int)name.text.size, name.text.data);
    if (pattern->fields.count == FIELDS_MAX)
        vw_parser_fail(pattern->parser, name.span, "there are more than %d fields",
                       FIELDS_MAX);
    if (!pattern->parser->error && vw_array_push(&pattern->fields, name))
        pattern->parser->error = VW_ERROR_NO_MEMORY;
}

/* name, or name op value && name op value || ... : && binds more. */
static struct vw_expression *take_conditions(struct pattern *pattern, struct vw_name name)
{
    struct vw_parser *parser = pattern->parser;
    struct vw_expression *any = NULL, *all = condition(pattern, name);

    while (!parser->error) {
        bool is_or = take(pattern, "||");
        struct vw_name again;

        if (!is_or && !take(pattern, "&&"))
            break;
        again = take_name(pattern);
        if (!parser->error && !same(again.text, name.text))
            vw_parser_fail(parser, again.span,
                           "conditions of the field %.*s stand here; those of another "
                           "stand in its own place",
                           (int)name.text.size, name.text.data);
        if (is_or) {
            any = any ? vw_parser_pair(parser, VW_EXPRESSION_OR, any, all) : all;
            all = condition(pattern, again);
        } else {
            all =
                vw_parser_pair(parser, VW_EXPRESSION_AND, all, condition(pattern, again));
        }
    }
    return any ? vw_parser_pair(parser, VW_EXPRESSION_OR, any, all) : all;
}

static void take_field(struct pattern *pattern)
{
    struct vw_parser *parser = pattern->parser;
    struct vw_name name = take_name(pattern);
    struct vw_expression *found;

    add_field(pattern, name);
    if (parser->error || (skip_blanks(pattern), starts_with(pattern, ",")) ||
        starts_with(pattern, "]"))
        return;
    found = take_conditions(pattern, name);
    pattern->conditions = pattern->conditions ? vw_parser_pair(parser, VW_EXPRESSION_AND,
                                                               pattern->conditions, found)
                                              : found;
}

/* "..." is any number of words: with the blanks behind them, or before where it is last. */
static void take_gap(struct pattern *pattern, bool is_first)
{
    bool is_last = (skip_blanks(pattern), starts_with(pattern, "]"));
    const char *regex = is_first && is_last ? "\\S+(?:\\s+\\S+)*" : "(?:\\S+\\s+)*";

    if (pattern->has_gap)
        vw_parser_fail(pattern->parser, (struct vw_span){pattern->at - 3, 3},
                       "only one \"...\" may stand in a pattern");
    if (!is_first && is_last)
        regex = "(?:\\s+\\S+)*";
    add_regex(pattern, regex, strlen(regex));
    pattern->has_gap = true;
}

static void take_fields(struct pattern *pattern)
{
    static const char blank[] = "\\s+", word[] = "(\\S+)";
    bool is_first = true, needs_blank = false;

    add_regex(pattern, "^\\s*", 4);
    while (!pattern->parser->error && !take(pattern, "]")) {
        if (!is_first && !take(pattern, ",")) {
            fail_here(pattern, "\",\" or \"]\"");
            return;
        }
        if (!is_first && take(pattern, "]"))
            break; /* [..., status,] */
        if (take(pattern, "...")) {
            bool is_last = (skip_blanks(pattern), starts_with(pattern, "]"));

            if (needs_blank && !is_last)
                add_regex(pattern, blank, sizeof blank - 1);
            take_gap(pattern, is_first);
            needs_blank = false;
        } else {
            if (needs_blank)
                add_regex(pattern, blank, sizeof blank - 1);
            add_regex(pattern, word, sizeof word - 1);
            take_field(pattern);
            needs_blank = true;
        }
        is_first = false;
    }
    if (!pattern->parser->error && is_first)
        vw_parser_fail(pattern->parser, (struct vw_span){pattern->at, 0},
                       "the pattern has no fields");
    add_regex(pattern, "\\s*$", 4);
}

/* ---- to commands ---- */

static void add_command(struct vw_parser *parser, struct vw_command command)
{
    if (!parser->error && vw_array_push(&parser->syntax->commands, command))
        parser->error = VW_ERROR_NO_MEMORY;
    if (parser->error)
        vw_command_free(&command);
}

static void add_commands(struct pattern *pattern, size_t offset)
{
    struct vw_parser *parser = pattern->parser;
    struct vw_span span = {offset, pattern->at - offset};
    struct vw_name message = {vw_slice_of("@message"), {offset, 0}};
    struct vw_regex *regex = vw_parser_compile(
        parser, (struct vw_slice){pattern->regex.items, pattern->regex.count}, span);

    add_command(parser,
                (struct vw_command){.kind = VW_COMMAND_FILTER,
                                    .span = span,
                                    .expression = matches(parser, message, regex)});
    if (pattern->fields.count > 0)
        add_command(parser, (struct vw_command){.kind = VW_COMMAND_PARSE_REGEX,
                                                .span = span,
                                                .expression = field(parser, message),
                                                .names = pattern->fields,
                                                .regex = regex});
    pattern->fields = (struct vw_names){0}; /* the command's */
    if (pattern->conditions)
        add_command(parser, (struct vw_command){.kind = VW_COMMAND_FILTER,
                                                .span = span,
                                                .expression = pattern->conditions});
}

void vw_parser_pattern(struct vw_parser *parser)
{
    size_t offset = parser->token.span.offset;
    struct pattern pattern = {.parser = parser, .at = offset};

    take(&pattern, "[");
    take_fields(&pattern);
    if (!parser->error)
        add_commands(&pattern, offset);
    vw_array_free(&pattern.fields);
    vw_array_free(&pattern.regex);
    parser->next = pattern.at;
    vw_parser_advance(parser);
}
