/* From text to words; see lexer.h. */
#include "query/lexer.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@' ||
           (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Blanks, line ends, and comments up to the end of their line. */
static size_t skip_blanks(struct vw_slice text, size_t at)
{
    while (at < text.size) {
        char c = text.data[at];

        if (c == '#') {
            while (at < text.size && text.data[at] != '\n')
                at++;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' ||
                   c == '\v') {
            at++;
        } else {
            break;
        }
    }
    return at;
}

static struct vw_token bad(size_t at, size_t size, const char *what)
{
    return (struct vw_token){VW_TOKEN_BAD, {at, size}, vw_slice_of(what)};
}

static char unescaped(char c)
{
    switch (c) { /* characters, not an enum */
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}

/* Where the `quote` that ends what begins at `at` stands; text.size where none does. */
static size_t find_end(struct vw_slice text, size_t at, char quote)
{
    size_t i;

    for (i = at + 1; i < text.size && text.data[i] != quote; i++)
        if (text.data[i] == '\\')
            i++;
    return i < text.size ? i : text.size;
}

/* "..." or '...'; a backslash keeps itself before what needs none, as in "\d". */
static struct vw_token read_string(struct vw_slice text, size_t at,
                                   struct vw_arena *arena, size_t *ret_next)
{
    size_t end = find_end(text, at, text.data[at]), size = 0, i;
    char *out;

    if (end == text.size)
        return bad(at, 1, "this quote is never closed");
    out = vw_arena_text(arena, end - at);
    for (i = at + 1; out && i < end; i++) {
        char c = text.data[i], next = text.data[i + 1];

        if (c == '\\' && next && strchr("\"'\\ntr", next)) {
            c = unescaped(next);
            i++;
        }
        out[size++] = c;
    }
    *ret_next = end + 1;
    return (struct vw_token){VW_TOKEN_STRING, {at, end + 1 - at}, {out ? out : "", size}};
}

/* `a b`, also behind an @ outside: @`aws.tag`. */
static struct vw_token read_quoted(struct vw_slice text, size_t at,
                                   struct vw_arena *arena, size_t *ret_next)
{
    size_t tick = at + (text.data[at] == '@');
    const char *end = memchr(text.data + tick + 1, '`', text.size - tick - 1);
    struct vw_slice name;

    if (!end)
        return bad(tick, 1, "this backtick is never closed");
    name =
        (struct vw_slice){text.data + tick + 1, (size_t)(end - (text.data + tick + 1))};
    *ret_next = (size_t)(end - text.data) + 1;
    if (tick != at) {
        char *out = vw_arena_text(arena, name.size + 1);

        if (out) {
            out[0] = '@';
            if (name.size)
                memcpy(out + 1, name.data, name.size);
            name = (struct vw_slice){out, name.size + 1};
        }
    }
    if (name.size == 0)
        return bad(at, *ret_next - at, "a name is missing between the backticks");
    return (struct vw_token){VW_TOKEN_QUOTED, {at, *ret_next - at}, name};
}

static struct vw_token read_name(struct vw_slice text, size_t at, size_t *ret_next)
{
    size_t end = at;

    while (end < text.size && (is_letter(text.data[end]) || is_digit(text.data[end]) ||
                               text.data[end] == '.'))
        end++;
    while (text.data[end - 1] == '.')
        end--;
    *ret_next = end;
    return (struct vw_token){VW_TOKEN_NAME, {at, end - at}, {text.data + at, end - at}};
}

/* 5, 0.5, 1e9, 5m. */
static struct vw_token read_number(struct vw_slice text, size_t at, size_t *ret_next)
{
    size_t end = at, letters;
    struct vw_number number;

    while (end < text.size && (is_digit(text.data[end]) || text.data[end] == '.'))
        end++;
    for (letters = end; letters < text.size && is_letter(text.data[letters]);)
        letters++;
    if (letters == end + 1 && (text.data[end] == 'e' || text.data[end] == 'E')) {
        size_t digits = end + 1;

        if (digits < text.size && (text.data[digits] == '-' || text.data[digits] == '+'))
            digits++;
        if (digits < text.size && is_digit(text.data[digits])) {
            while (digits < text.size && is_digit(text.data[digits]))
                digits++;
            end = letters = digits;
        }
    }
    *ret_next = letters;
    if (letters > end)
        return (struct vw_token){
            VW_TOKEN_PERIOD, {at, letters - at}, {text.data + at, letters - at}};
    if (!vw_number_parse((struct vw_slice){text.data + at, end - at}, &number))
        return bad(at, end - at, "this is no number; text stands in quotes");
    return (struct vw_token){VW_TOKEN_NUMBER, {at, end - at}, {text.data + at, end - at}};
}

static struct vw_token read_sign(struct vw_slice text, size_t at, size_t *ret_next)
{
    static const char *const signs[] = {"!=", "<=", ">=", "=~", "==", "|", ",", "(",
                                        ")",  "[",  "]",  "+",  "-",  "*", "/", "%",
                                        "^",  "=",  "<",  ">",  "!",  "."};
    struct vw_slice rest = {text.data + at, text.size - at};
    size_t i;

    for (i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (vw_slice_starts(rest, signs[i])) {
            size_t size = strlen(signs[i]);

            *ret_next = at + size;
            return (struct vw_token){VW_TOKEN_SIGN, {at, size}, {rest.data, size}};
        }
    }
    *ret_next = at + 1;
    return bad(at, 1, "this character has no place in a query outside of quotes");
}

struct vw_token vw_lexer_read(struct vw_slice text, size_t at, struct vw_arena *arena,
                              size_t *ret_next)
{
    char c;

    at = skip_blanks(text, at);
    *ret_next = at;
    if (at >= text.size)
        return (struct vw_token){VW_TOKEN_END, {text.size, 0}, {"", 0}};
    c = text.data[at];
    if (c == '"' || c == '\'')
        return read_string(text, at, arena, ret_next);
    if (c == '`' || (c == '@' && at + 1 < text.size && text.data[at + 1] == '`'))
        return read_quoted(text, at, arena, ret_next);
    if (is_letter(c))
        return read_name(text, at, ret_next);
    if (is_digit(c) || (c == '.' && at + 1 < text.size && is_digit(text.data[at + 1])))
        return read_number(text, at, ret_next);
    return read_sign(text, at, ret_next);
}

bool vw_lexer_regex(struct vw_slice text, size_t at, struct vw_arena *arena,
                    struct vw_slice *ret_pattern, size_t *ret_next)
{
    size_t end = find_end(text, at, '/'), size = 0, i;
    char *out;

    if (end == text.size)
        return false;
    out = vw_arena_text(arena, end - at);
    for (i = at + 1; out && i < end; i++) {
        if (text.data[i] == '\\') {
            if (text.data[i + 1] != '/')
                out[size++] = '\\';
            i++;
        }
        out[size++] = text.data[i];
    }
    *ret_pattern = (struct vw_slice){out ? out : "", size};
    *ret_next = end + 1;
    return true;
}
