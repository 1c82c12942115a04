/*
 * PCRE2 behind regex.h. What AWS says of the dialect is little: samples use named groups, lazy
 * quantifiers, classes and (?i), which all are PCRE2's. Bytes that are no UTF-8 never match.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "query/regex.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* Steps of one match; a pattern that needs more is given up for that text. */
#define MATCH_LIMIT 200000
#define DEPTH_LIMIT 20000
#define HEAP_LIMIT 8192 /* KiB */
#define GROUPS_MAX 255
#define JIT_STACK_MIN ((size_t)32 * 1024)
#define JIT_STACK_MAX ((size_t)512 * 1024)

struct vw_regex {
    pcre2_code *code;
    uint32_t groups;
};

struct vw_regex_matcher {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    size_t gave_up;
};

static void *allocate(size_t size, void *unused)
{
    (void)unused;
    return vw_calloc(1, size);
}

static void release(void *block, void *unused)
{
    (void)unused;
    vw_free(block);
}

static int fail(int number, size_t at, char ret_message[VW_REGEX_MESSAGE],
                size_t *ret_offset)
{
    if (number == PCRE2_ERROR_NOMEMORY || number == 121)
        return VW_ERROR_NO_MEMORY;
    *ret_offset = at;
    if (pcre2_get_error_message(number, (PCRE2_UCHAR *)ret_message, VW_REGEX_MESSAGE) < 0)
        snprintf(ret_message, VW_REGEX_MESSAGE, "does not compile");
    return VW_ERROR_QUESTION;
}

int vw_regex_compile(struct vw_slice pattern, struct vw_regex **ret_regex,
                     char ret_message[VW_REGEX_MESSAGE], size_t *ret_offset)
{
    pcre2_general_context *memory = pcre2_general_context_create(allocate, release, NULL);
    pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
    struct vw_regex *regex = context ? vw_calloc(1, sizeof *regex) : NULL;
    int number = PCRE2_ERROR_NOMEMORY, error = 0;
    size_t at = 0;

    if (regex)
        regex->code =
            pcre2_compile((PCRE2_SPTR)pattern.data, pattern.size,
                          PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &number, &at, context);
    pcre2_compile_context_free(context);
    pcre2_general_context_free(memory);
    if (!regex || !regex->code) {
        vw_free(regex);
        return fail(number, at, ret_message, ret_offset);
    }
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->groups);
    if (regex->groups > GROUPS_MAX) {
        snprintf(ret_message, VW_REGEX_MESSAGE, "has more than %d groups", GROUPS_MAX);
        *ret_offset = 0;
        error = VW_ERROR_QUESTION;
        vw_regex_free(regex);
        return error;
    }
    /* Where there is no compiler for this machine, the interpreter does. */
    (void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
    *ret_regex = regex;
    return 0;
}

void vw_regex_free(struct vw_regex *regex)
{
    if (regex)
        pcre2_code_free(regex->code);
    vw_free(regex);
}

size_t vw_regex_group_count(const struct vw_regex *regex)
{
    return regex->groups;
}

struct vw_slice vw_regex_group_name(const struct vw_regex *regex, size_t index)
{
    uint32_t count = 0, size = 0, i;
    PCRE2_SPTR table = NULL;

    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
    for (i = 0; i < count; i++) {
        PCRE2_SPTR entry = table + (size_t)i * size;

        if ((size_t)(entry[0] << 8 | entry[1]) == index)
            return vw_slice_of((const char *)entry + 2);
    }
    return (struct vw_slice){NULL, 0};
}

struct vw_regex_matcher *vw_regex_matcher_create(void)
{
    struct vw_regex_matcher *matcher = vw_calloc(1, sizeof *matcher);

    if (!matcher)
        return NULL;
    matcher->context = pcre2_match_context_create(NULL);
    matcher->data = pcre2_match_data_create(GROUPS_MAX + 1, NULL);
    matcher->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
    if (!matcher->context || !matcher->data) {
        vw_regex_matcher_free(matcher);
        return NULL;
    }
    pcre2_set_match_limit(matcher->context, MATCH_LIMIT);
    pcre2_set_depth_limit(matcher->context, DEPTH_LIMIT);
    pcre2_set_heap_limit(matcher->context, HEAP_LIMIT);
    if (matcher->stack)
        pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void vw_regex_matcher_free(struct vw_regex_matcher *matcher)
{
    if (!matcher)
        return;
    pcre2_match_context_free(matcher->context);
    pcre2_match_data_free(matcher->data);
    pcre2_jit_stack_free(matcher->stack);
    vw_free(matcher);
}

size_t vw_regex_gave_up(const struct vw_regex_matcher *matcher)
{
    return matcher->gave_up;
}

bool vw_regex_match(struct vw_regex_matcher *matcher, const struct vw_regex *regex,
                    struct vw_slice text, size_t start)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.data ? text.data : "");
    int found = pcre2_match(regex->code, subject, text.size, start, 0, matcher->data,
                            matcher->context);

    if (found < 0 && found != PCRE2_ERROR_NOMATCH)
        matcher->gave_up++;
    return found > 0;
}

bool vw_regex_group(const struct vw_regex_matcher *matcher, struct vw_slice text,
                    size_t index, struct vw_slice *ret)
{
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(matcher->data);
    PCRE2_SIZE first = ends[2 * index], last = ends[2 * index + 1];

    if (first == PCRE2_UNSET || last < first || last > text.size)
        return false;
    *ret = (struct vw_slice){text.data + first, last - first};
    return true;
}

/* "\1" to "${1}": both spellings are met in samples. */
static char *dollars(struct vw_slice text, struct vw_arena *arena, size_t *ret_size)
{
    char *out = vw_arena_text(arena, text.size * 2 + 1);
    size_t i, at = 0;

    for (i = 0; out && i < text.size; i++) {
        bool escape = text.data[i] == '\\' && i + 1 < text.size;

        if (escape && text.data[i + 1] >= '0' && text.data[i + 1] <= '9') {
            out[at++] = '$';
        } else {
            out[at++] = text.data[i];
        }
    }
    *ret_size = at;
    return out;
}

bool vw_regex_replace(struct vw_regex_matcher *matcher, const struct vw_regex *regex,
                      struct vw_slice text, struct vw_slice replacement,
                      struct vw_arena *arena, struct vw_slice *ret)
{
    uint32_t options = PCRE2_SUBSTITUTE_GLOBAL | PCRE2_SUBSTITUTE_UNSET_EMPTY |
                       PCRE2_SUBSTITUTE_UNKNOWN_UNSET | PCRE2_SUBSTITUTE_OVERFLOW_LENGTH;
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.data ? text.data : "");
    size_t size = text.size * 2 + 64, replacement_size = 0;
    char *with = dollars(replacement, arena, &replacement_size);
    int found = PCRE2_ERROR_NOMEMORY, attempt;

    for (attempt = 0; attempt < 2 && found == PCRE2_ERROR_NOMEMORY; attempt++) {
        char *out = vw_arena_text(arena, size + 1);
        PCRE2_SIZE written = size + 1;

        if (!with || !out)
            return false;
        found = pcre2_substitute(regex->code, subject, text.size, 0, options,
                                 matcher->data, matcher->context, (PCRE2_SPTR)with,
                                 replacement_size, (PCRE2_UCHAR *)out, &written);
        *ret = (struct vw_slice){out, written};
        size = written;
    }
    if (found < 0)
        matcher->gave_up++;
    return found >= 0;
}
