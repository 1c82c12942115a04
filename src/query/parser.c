/* The parser's hands: taking tokens, and saying what is wrong; see parser.h. */
#include "query/parser.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

/* More of a query's text is not quoted in a message. */
#define QUOTED_MAX 40

struct vw_place vw_syntax_place(struct vw_slice text, size_t offset)
{
    struct vw_place place = {"query", NULL, 1, 1};
    size_t i;

    for (i = 0; i < offset && i < text.size; i++) {
        if (text.data[i] == '\n') {
            place.line++;
            place.column = 1;
        } else if (((unsigned char)text.data[i] & 0xC0) != 0x80) {
            place.column++;
        }
    }
    return place;
}

void vw_parser_fail(struct vw_parser *parser, struct vw_span span, const char *format,
                    ...)
{
    char message[512];
    va_list arguments;

    if (parser->error)
        return;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    parser->error = VW_ERROR_QUESTION;
    vw_diagnose(parser->diagnostics, VW_SEVERITY_ERROR, "query-syntax",
                vw_syntax_place(parser->syntax->text, span.offset), "%s", message);
}

void vw_parser_advance(struct vw_parser *parser)
{
    if (parser->error)
        return;
    parser->last_end = parser->token.span.offset + parser->token.span.size;
    parser->token = vw_lexer_read(parser->syntax->text, parser->next,
                                  &parser->syntax->arena, &parser->next);
    if (parser->token.kind == VW_TOKEN_BAD)
        vw_parser_fail(parser, parser->token.span, "%.*s", (int)parser->token.text.size,
                       parser->token.text.data);
}

bool vw_parser_at_sign(const struct vw_parser *parser, const char *sign)
{
    return !parser->error && parser->token.kind == VW_TOKEN_SIGN &&
           vw_slice_is(parser->token.text, sign);
}

static bool is_word(struct vw_slice text, const char *word)
{
    size_t i;

    for (i = 0; i < text.size && word[i]; i++) {
        char c = text.data[i];

        if ((c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c) != word[i])
            return false;
    }
    return i == text.size && !word[i];
}

bool vw_parser_at_word(const struct vw_parser *parser, const char *word)
{
    return !parser->error && parser->token.kind == VW_TOKEN_NAME &&
           is_word(parser->token.text, word);
}

bool vw_parser_take_sign(struct vw_parser *parser, const char *sign)
{
    if (!vw_parser_at_sign(parser, sign))
        return false;
    vw_parser_advance(parser);
    return true;
}

bool vw_parser_take_word(struct vw_parser *parser, const char *word)
{
    if (!vw_parser_at_word(parser, word))
        return false;
    vw_parser_advance(parser);
    return true;
}

void vw_parser_unexpected(struct vw_parser *parser, const char *expected)
{
    struct vw_token token = parser->token;
    struct vw_slice text = {parser->syntax->text.data + token.span.offset,
                            token.span.size};

    if (token.kind == VW_TOKEN_END)
        vw_parser_fail(parser, token.span, "expected %s, found the end of the query",
                       expected);
    else
        vw_parser_fail(parser, token.span, "expected %s, found %.*s", expected,
                       (int)(text.size > QUOTED_MAX ? QUOTED_MAX : text.size), text.data);
}

void vw_parser_need_sign(struct vw_parser *parser, const char *sign)
{
    char expected[16];

    snprintf(expected, sizeof expected, "\"%s\"", sign);
    if (!vw_parser_take_sign(parser, sign))
        vw_parser_unexpected(parser, expected);
}

void vw_parser_need_word(struct vw_parser *parser, const char *word)
{
    char expected[32];

    snprintf(expected, sizeof expected, "\"%s\"", word);
    if (!vw_parser_take_word(parser, word))
        vw_parser_unexpected(parser, expected);
}

struct vw_name vw_parser_name(struct vw_parser *parser, const char *what)
{
    struct vw_name name = {parser->token.text, parser->token.span};

    if (!parser->error &&
        (parser->token.kind == VW_TOKEN_NAME || parser->token.kind == VW_TOKEN_QUOTED)) {
        vw_parser_advance(parser);
        return name;
    }
    vw_parser_unexpected(parser, what);
    return (struct vw_name){{"", 0}, name.span};
}

bool vw_parser_period(struct vw_parser *parser, struct vw_period *ret)
{
    struct vw_slice text = parser->token.text;
    size_t digits = 0;
    uint64_t count;

    if (parser->error ||
        (parser->token.kind != VW_TOKEN_PERIOD && parser->token.kind != VW_TOKEN_NUMBER))
        return false;
    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    if (!vw_slice_u64((struct vw_slice){text.data, digits}, VW_PERIOD_COUNT_MAX,
                      &count) ||
        count == 0)
        return false;
    ret->count = (int64_t)count;
    if (!vw_period_unit_of((struct vw_slice){text.data + digits, text.size - digits},
                           &ret->unit))
        return false;
    vw_parser_advance(parser);
    return true;
}

struct vw_regex *vw_parser_compile(struct vw_parser *parser, struct vw_slice pattern,
                                   struct vw_span span)
{
    struct vw_regex *regex = NULL;
    char message[VW_REGEX_MESSAGE] = "";
    size_t at = 0;
    int error;

    if (parser->error)
        return NULL;
    error = vw_regex_compile(pattern, &regex, message, &at);
    if (error == VW_ERROR_QUESTION)
        vw_parser_fail(parser, (struct vw_span){span.offset + 1 + at, 1},
                       "regular expression: %s", message);
    else if (error || vw_array_push(&parser->syntax->regexes, regex)) {
        parser->error = VW_ERROR_NO_MEMORY;
        vw_regex_free(regex);
        regex = NULL;
    }
    return regex;
}

struct vw_regex *vw_parser_regex(struct vw_parser *parser)
{
    struct vw_span span = parser->token.span;
    struct vw_slice pattern;

    if (parser->error)
        return NULL;
    if (!vw_lexer_regex(parser->syntax->text, span.offset, &parser->syntax->arena,
                        &pattern, &parser->next)) {
        vw_parser_fail(parser, span,
                       "this regular expression is never closed: /.../ (write \\/ for a "
                       "slash in it)");
        return NULL;
    }
    parser->token.span.size = parser->next - span.offset;
    vw_parser_advance(parser);
    return vw_parser_compile(parser, pattern, span);
}

int vw_syntax_parse(struct vw_slice text, struct vw_diagnostics *diagnostics,
                    struct vw_syntax *ret)
{
    struct vw_parser parser = {.syntax = ret, .diagnostics = diagnostics};

    *ret = (struct vw_syntax){.text = text};
    if (text.size > VW_QUERY_TEXT_MAX) {
        vw_parser_fail(&parser, (struct vw_span){0, 0},
                       "the query is longer than %d bytes", VW_QUERY_TEXT_MAX);
        return parser.error;
    }
    vw_parser_advance(&parser);
    if (parser.token.kind == VW_TOKEN_END)
        vw_parser_fail(&parser, parser.token.span,
                       "the query is empty; try: fields @timestamp, srcAddr, dstAddr");
    while (!parser.error && vw_parser_take_sign(&parser, "|"))
        ; /* "# | filter ..." leaves a bar before the first command */
    while (!parser.error) {
        if (ret->commands.count == VW_QUERY_COMMANDS_MAX)
            vw_parser_fail(&parser, parser.token.span, "there are more than %d commands",
                           VW_QUERY_COMMANDS_MAX);
        if (ret->commands.count == 0 && vw_parser_at_sign(&parser, "["))
            vw_parser_pattern(&parser);
        else
            vw_parser_command(&parser);
        if (parser.error || parser.token.kind == VW_TOKEN_END)
            break;
        vw_parser_need_sign(&parser, "|");
        while (!parser.error && vw_parser_take_sign(&parser, "|"))
            ;
        if (!parser.error && parser.token.kind == VW_TOKEN_END)
            break;
    }
    if (!parser.error && ret->arena.failed)
        parser.error = VW_ERROR_NO_MEMORY;
    return parser.error;
}

void vw_command_free(struct vw_command *command)
{
    vw_array_free(&command->items);
    vw_array_free(&command->by);
    vw_array_free(&command->names);
}

void vw_syntax_free(struct vw_syntax *syntax)
{
    size_t i;

    for (i = 0; i < syntax->commands.count; i++)
        vw_command_free(&syntax->commands.items[i]);
    for (i = 0; i < syntax->regexes.count; i++)
        vw_regex_free(syntax->regexes.items[i]);
    vw_array_free(&syntax->regexes);
    vw_array_free(&syntax->commands);
    vw_arena_free(&syntax->arena);
}
