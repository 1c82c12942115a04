/*
 * String functions (CWL_QuerySyntax-operations-functions). Arguments are taken as text,
 * numbers too; null gives null, but for isempty, isblank and concat. Lengths and places count
 * code points.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memmem */
#endif
#include "query/evaluate.h"

#include <string.h>
#include <strings.h>

#include "query/structure.h"

static struct vw_value text_of(struct vw_slice text)
{
    return vw_value_text(text.data, text.size);
}

static struct vw_slice as_text(struct vw_evaluation *evaluation,
                               const struct vw_value *argument)
{
    return vw_value_string(argument, evaluation->arena);
}

static bool any_null(const struct vw_expression *call, const struct vw_value *arguments)
{
    size_t i;

    for (i = 0; i < call->argument_count; i++)
        if (arguments[i].kind == VW_VALUE_NULL)
            return true;
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct vw_value run_isempty(struct vw_evaluation *evaluation,
                                   const struct vw_expression *call,
                                   const struct vw_value *arguments)
{
    (void)call;
    return vw_value_truth(as_text(evaluation, arguments).size == 0);
}

static struct vw_value run_isblank(struct vw_evaluation *evaluation,
                                   const struct vw_expression *call,
                                   const struct vw_value *arguments)
{
    struct vw_slice text = as_text(evaluation, arguments);
    size_t i = 0;

    (void)call;
    while (i < text.size && is_blank(text.data[i]))
        i++;
    return vw_value_truth(i == text.size);
}

static struct vw_value run_concat(struct vw_evaluation *evaluation,
                                  const struct vw_expression *call,
                                  const struct vw_value *arguments)
{
    struct vw_structure_text joined = {.arena = evaluation->arena};
    size_t i;

    for (i = 0; i < call->argument_count; i++) {
        struct vw_slice text = as_text(evaluation, &arguments[i]);

        vw_structure_add(&joined, text.data, text.size);
    }
    return vw_value_text(joined.data ? joined.data : "", joined.size);
}

/* ---- trimming: the second argument is a set of characters ---- */

static bool in_set(char c, const struct vw_slice *set)
{
    return set ? set->size > 0 && memchr(set->data, c, set->size) != NULL : is_blank(c);
}

static struct vw_value trim(struct vw_evaluation *evaluation,
                            const struct vw_expression *call,
                            const struct vw_value *arguments, bool left, bool right)
{
    struct vw_slice text, given, *set = NULL;

    if (any_null(call, arguments))
        return vw_value_null();
    text = as_text(evaluation, &arguments[0]);
    if (call->argument_count > 1) {
        given = as_text(evaluation, &arguments[1]);
        set = &given;
    }
    while (left && text.size && in_set(text.data[0], set)) {
        text.data++;
        text.size--;
    }
    while (right && text.size && in_set(text.data[text.size - 1], set))
        text.size--;
    return text_of(text);
}

static struct vw_value run_ltrim(struct vw_evaluation *evaluation,
                                 const struct vw_expression *call,
                                 const struct vw_value *arguments)
{
    return trim(evaluation, call, arguments, true, false);
}

static struct vw_value run_rtrim(struct vw_evaluation *evaluation,
                                 const struct vw_expression *call,
                                 const struct vw_value *arguments)
{
    return trim(evaluation, call, arguments, false, true);
}

static struct vw_value run_trim(struct vw_evaluation *evaluation,
                                const struct vw_expression *call,
                                const struct vw_value *arguments)
{
    return trim(evaluation, call, arguments, true, true);
}

/* ---- code points ---- */

static bool is_start(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static size_t count_points(struct vw_slice text)
{
    size_t count = 0, i;

    for (i = 0; i < text.size; i++)
        count += is_start(text.data[i]);
    return count;
}

/* Without its first `count` code points. */
static struct vw_slice skip_points(struct vw_slice text, vw_wide count)
{
    size_t at = 0;

    for (; at < text.size && count > 0; count--)
        for (at++; at < text.size && !is_start(text.data[at]);)
            at++;
    return (struct vw_slice){text.data + at, text.size - at};
}

static struct vw_value run_strlen(struct vw_evaluation *evaluation,
                                  const struct vw_expression *call,
                                  const struct vw_value *arguments)
{
    if (any_null(call, arguments))
        return vw_value_null();
    return vw_value_integer((vw_wide)count_points(as_text(evaluation, arguments)));
}

/* substr(text, start[, length]), from 0. */
static struct vw_value run_substr(struct vw_evaluation *evaluation,
                                  const struct vw_expression *call,
                                  const struct vw_value *arguments)
{
    struct vw_number start, length;
    struct vw_slice text, rest;

    if (arguments[0].kind == VW_VALUE_NULL || !vw_value_number(&arguments[1], &start) ||
        !start.is_integer || start.integer < 0)
        return vw_value_null();
    text = skip_points(as_text(evaluation, arguments), start.integer);
    if (call->argument_count == 2)
        return text_of(text);
    if (!vw_value_number(&arguments[2], &length) || !length.is_integer ||
        length.integer < 0)
        return vw_value_null();
    rest = skip_points(text, length.integer);
    text.size -= rest.size;
    return text_of(text);
}

static struct vw_value change_case(struct vw_evaluation *evaluation,
                                   const struct vw_expression *call,
                                   const struct vw_value *arguments, char first,
                                   char last)
{
    struct vw_slice text;
    size_t i;
    char *out;

    if (any_null(call, arguments))
        return vw_value_null();
    text = as_text(evaluation, arguments);
    out = vw_arena_copy(evaluation->arena, text.data, text.size);
    if (!out)
        return vw_value_null();
    for (i = 0; i < text.size; i++)
        if (out[i] >= first && out[i] <= last)
            out[i] = (char)(out[i] ^ 0x20);
    return vw_value_text(out, text.size);
}

static struct vw_value run_toupper(struct vw_evaluation *evaluation,
                                   const struct vw_expression *call,
                                   const struct vw_value *arguments)
{
    return change_case(evaluation, call, arguments, 'a', 'z');
}

static struct vw_value run_tolower(struct vw_evaluation *evaluation,
                                   const struct vw_expression *call,
                                   const struct vw_value *arguments)
{
    return change_case(evaluation, call, arguments, 'A', 'Z');
}

/* ---- searching and replacing ---- */

/* Where `part` stands in text from `at` on; SIZE_MAX: nowhere. */
static size_t find(struct vw_slice text, struct vw_slice part, size_t at)
{
    const char *found;

    if (part.size == 0)
        return at <= text.size ? at : SIZE_MAX;
    if (at >= text.size)
        return SIZE_MAX;
    found = memmem(text.data + at, text.size - at, part.data, part.size);
    return found ? (size_t)(found - text.data) : SIZE_MAX;
}

static struct vw_value run_replace(struct vw_evaluation *evaluation,
                                   const struct vw_expression *call,
                                   const struct vw_value *arguments)
{
    struct vw_structure_text joined = {.arena = evaluation->arena};
    struct vw_slice text, from, to;
    size_t at = 0, next;

    if (any_null(call, arguments))
        return vw_value_null();
    text = as_text(evaluation, &arguments[0]);
    from = as_text(evaluation, &arguments[1]);
    to = as_text(evaluation, &arguments[2]);
    if (from.size == 0)
        return text_of(text);
    for (; (next = find(text, from, at)) != SIZE_MAX; at = next + from.size) {
        vw_structure_add(&joined, text.data + at, next - at);
        vw_structure_add(&joined, to.data, to.size);
    }
    vw_structure_add(&joined, text.data + at, text.size - at);
    return vw_value_text(joined.data ? joined.data : "", joined.size);
}

static struct vw_value run_regex_replace(struct vw_evaluation *evaluation,
                                         const struct vw_expression *call,
                                         const struct vw_value *arguments)
{
    struct vw_slice replaced;

    if (any_null(call, arguments) || !vw_regex_replace(evaluation->matcher, call->regex,
                                                       as_text(evaluation, &arguments[0]),
                                                       as_text(evaluation, &arguments[2]),
                                                       evaluation->arena, &replaced))
        return vw_value_null();
    return text_of(replaced);
}

static bool contains_folded(struct vw_slice text, struct vw_slice part)
{
    size_t i;

    for (i = 0; part.size <= text.size && i <= text.size - part.size; i++)
        if (strncasecmp(text.data + i, part.data, part.size) == 0)
            return true;
    return false;
}

/* strcontains(text, part[, ignoring case]) */
static struct vw_value run_strcontains(struct vw_evaluation *evaluation,
                                       const struct vw_expression *call,
                                       const struct vw_value *arguments)
{
    struct vw_slice text, part;

    if (any_null(call, arguments))
        return vw_value_truth(false);
    text = as_text(evaluation, &arguments[0]);
    part = as_text(evaluation, &arguments[1]);
    if (call->argument_count > 2 && vw_value_is_true(&arguments[2]))
        return vw_value_truth(contains_folded(text, part));
    return vw_value_truth(find(text, part, 0) != SIZE_MAX);
}

static struct vw_value run_starts(struct vw_evaluation *evaluation,
                                  const struct vw_expression *call,
                                  const struct vw_value *arguments)
{
    struct vw_slice text, part;

    if (any_null(call, arguments))
        return vw_value_truth(false);
    text = as_text(evaluation, &arguments[0]);
    part = as_text(evaluation, &arguments[1]);
    return vw_value_truth(part.size <= text.size &&
                          (!part.size || memcmp(text.data, part.data, part.size) == 0));
}

static struct vw_value run_ends(struct vw_evaluation *evaluation,
                                const struct vw_expression *call,
                                const struct vw_value *arguments)
{
    struct vw_slice text, part;

    if (any_null(call, arguments))
        return vw_value_truth(false);
    text = as_text(evaluation, &arguments[0]);
    part = as_text(evaluation, &arguments[1]);
    return vw_value_truth(part.size <= text.size &&
                          (!part.size || memcmp(text.data + text.size - part.size,
                                                part.data, part.size) == 0));
}

/* split(text, separator): a list of the parts. */
static struct vw_value run_split(struct vw_evaluation *evaluation,
                                 const struct vw_expression *call,
                                 const struct vw_value *arguments)
{
    struct vw_structure_text list = {.arena = evaluation->arena};
    struct vw_slice text, separator;
    size_t at = 0, next;

    if (any_null(call, arguments))
        return vw_value_null();
    text = as_text(evaluation, &arguments[0]);
    separator = as_text(evaluation, &arguments[1]);
    vw_structure_add(&list, "[", 1);
    do {
        struct vw_value part;

        next = separator.size ? find(text, separator, at) : SIZE_MAX;
        part = vw_value_text(text.data + at, (next == SIZE_MAX ? text.size : next) - at);
        if (at)
            vw_structure_add(&list, ",", 1);
        vw_structure_add_value(&list, &part);
        at = next + separator.size;
    } while (next != SIZE_MAX);
    vw_structure_add(&list, "]", 1);
    return vw_structure_finish(&list);
}

const struct vw_function vw_text_functions[] = {
    {"isempty", 1, 1, VW_FUNCTION_PLAIN, run_isempty},
    {"isblank", 1, 1, VW_FUNCTION_PLAIN, run_isblank},
    {"concat", 1, VW_QUERY_ARGUMENTS_MAX, VW_FUNCTION_PLAIN, run_concat},
    {"ltrim", 1, 2, VW_FUNCTION_PLAIN, run_ltrim},
    {"rtrim", 1, 2, VW_FUNCTION_PLAIN, run_rtrim},
    {"trim", 1, 2, VW_FUNCTION_PLAIN, run_trim},
    {"strlen", 1, 1, VW_FUNCTION_PLAIN, run_strlen},
    {"toupper", 1, 1, VW_FUNCTION_PLAIN, run_toupper},
    {"tolower", 1, 1, VW_FUNCTION_PLAIN, run_tolower},
    {"substr", 2, 3, VW_FUNCTION_PLAIN, run_substr},
    {"replace", 3, 3, VW_FUNCTION_PLAIN, run_replace},
    {"regexReplace", 3, 3, VW_FUNCTION_REGEX, run_regex_replace},
    {"strcontains", 2, 3, VW_FUNCTION_PLAIN, run_strcontains},
    {"startsWith", 2, 2, VW_FUNCTION_PLAIN, run_starts},
    {"endsWith", 2, 2, VW_FUNCTION_PLAIN, run_ends},
    {"split", 2, 2, VW_FUNCTION_PLAIN, run_split},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};
