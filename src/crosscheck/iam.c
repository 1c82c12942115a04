/*
 * What AWS says (IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements"): a
 * call is allowed where some statement that fits says Allow and none that fits says Deny.
 * A statement fits where principal, action, resource and every condition do; of a
 * condition's values one must fit. Actions ignore case, '*' and '?' are wildcards.
 *
 * What we do: three values. A condition operator or key that is not known here, a policy
 * variable, and an end of an ARN that is not known may fit. What may deny makes the answer
 * MAYBE, never YES.
 */
#include "crosscheck/iam.h"

#include <string.h>
#include <strings.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool same(char a, char b, bool ignores_case)
{
    return a == b || (ignores_case && lower(a) == lower(b));
}

/* '*' and '?'; the last star is gone back to, so that the time is bounded by the product
 * of both lengths. */
static bool glob(const char *pattern, const char *text, size_t size, bool ignores_case)
{
    const char *star = NULL;
    size_t i = 0, back = 0;

    while (i < size) {
        if (*pattern == '*') {
            star = pattern++;
            back = i;
        } else if (*pattern &&
                   (*pattern == '?' || same(*pattern, text[i], ignores_case))) {
            pattern++;
            i++;
        } else if (star) {
            pattern = star + 1;
            i = ++back;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* Whether some text that begins with `text` fits. */
static bool may_fit(const char *pattern, const char *text, bool ignores_case)
{
    size_t i;

    for (i = 0; text[i]; i++) {
        if (pattern[i] == '*')
            return true;
        if (!pattern[i] ||
            (pattern[i] != '?' && !same(pattern[i], text[i], ignores_case)))
            return false;
    }
    return true;
}

enum vw_iam_answer vw_iam_match(const char *pattern, struct vw_iam_value value,
                                bool ignores_case)
{
    size_t size = strlen(pattern);

    if (strstr(pattern, "${"))
        return VW_IAM_MAYBE;
    if (!value.is_open)
        return glob(pattern, value.text, strlen(value.text), ignores_case) ? VW_IAM_YES
                                                                           : VW_IAM_NO;
    /* A star at the end takes every end; what stands before it must take the rest. */
    if (size > 0 && pattern[size - 1] == '*' &&
        glob(pattern, value.text, strlen(value.text), ignores_case))
        return VW_IAM_YES;
    return may_fit(pattern, value.text, ignores_case) ? VW_IAM_MAYBE : VW_IAM_NO;
}

static enum vw_iam_answer better(enum vw_iam_answer a, enum vw_iam_answer b)
{
    return a > b ? a : b;
}

static enum vw_iam_answer turned(enum vw_iam_answer answer, bool is_turned)
{
    if (!is_turned || answer == VW_IAM_MAYBE)
        return answer;
    return answer == VW_IAM_YES ? VW_IAM_NO : VW_IAM_YES;
}

static enum vw_iam_answer any(const struct vw_iam_texts *patterns,
                              struct vw_iam_value value, bool ignores_case)
{
    enum vw_iam_answer answer = VW_IAM_NO;
    size_t i;

    for (i = 0; i < patterns->count; i++)
        answer = better(answer, vw_iam_match(patterns->items[i], value, ignores_case));
    return answer;
}

/* ---- conditions ---- */

enum test_kind { TEST_UNKNOWN, TEST_EQUALS, TEST_LIKE };

struct test {
    const char *name;
    enum test_kind kind;
    bool is_not, ignores_case;
};

static const struct test tests[] = {
    {"StringEquals", TEST_EQUALS, false, false},
    {"StringNotEquals", TEST_EQUALS, true, false},
    {"StringEqualsIgnoreCase", TEST_EQUALS, false, true},
    {"StringNotEqualsIgnoreCase", TEST_EQUALS, true, true},
    {"StringLike", TEST_LIKE, false, false},
    {"StringNotLike", TEST_LIKE, true, false},
    {"ArnEquals", TEST_LIKE, false, false},
    {"ArnNotEquals", TEST_LIKE, true, false},
    {"ArnLike", TEST_LIKE, false, false},
    {"ArnNotLike", TEST_LIKE, true, false},
    {"Bool", TEST_EQUALS, false, true},
};

/* "StringLikeIfExists" is StringLike for a key that is there. */
static struct test test_of(const char *name)
{
    static const char if_exists[] = "IfExists";
    size_t size = strlen(name), end = sizeof if_exists - 1, i;

    if (size > end && strcmp(name + size - end, if_exists) == 0)
        size -= end;
    for (i = 0; i < sizeof tests / sizeof *tests; i++)
        if (strlen(tests[i].name) == size && strncasecmp(tests[i].name, name, size) == 0)
            return tests[i];
    return (struct test){name, TEST_UNKNOWN, false, false};
}

static enum vw_iam_answer equals(const char *wanted, struct vw_iam_value value,
                                 bool ignores_case)
{
    size_t size = strlen(value.text);

    if (strstr(wanted, "${"))
        return VW_IAM_MAYBE;
    if (value.is_open)
        return strncmp(wanted, value.text, size) == 0 ? VW_IAM_MAYBE : VW_IAM_NO;
    if (ignores_case ? strcasecmp(wanted, value.text) == 0
                     : strcmp(wanted, value.text) == 0)
        return VW_IAM_YES;
    return VW_IAM_NO;
}

static enum vw_iam_answer ask_condition(const struct vw_iam_condition *condition,
                                        const struct vw_iam_call *call)
{
    struct test test = test_of(condition->test);
    const struct vw_iam_fact *fact = NULL;
    enum vw_iam_answer answer = VW_IAM_NO;
    size_t i;

    for (i = 0; i < call->fact_count && !fact; i++)
        if (strcasecmp(call->facts[i].key, condition->key) == 0)
            fact = &call->facts[i];
    if (!fact || test.kind == TEST_UNKNOWN)
        return VW_IAM_MAYBE;
    if (test.kind == TEST_LIKE)
        answer = any(&condition->values, fact->value, test.ignores_case);
    for (i = 0; i < condition->values.count && test.kind == TEST_EQUALS; i++)
        answer = better(
            answer, equals(condition->values.items[i], fact->value, test.ignores_case));
    return turned(answer, test.is_not);
}

/* The worst of all; *ret_condition is the first that does not fit. */
static enum vw_iam_answer ask_conditions(const struct vw_iam_statement *statement,
                                         const struct vw_iam_call *call,
                                         const struct vw_iam_condition **ret_condition)
{
    enum vw_iam_answer answer = VW_IAM_YES;
    size_t i;

    for (i = 0; i < statement->condition_count; i++) {
        enum vw_iam_answer one = ask_condition(&statement->conditions[i], call);

        if (one < answer) {
            answer = one;
            *ret_condition = &statement->conditions[i];
        }
    }
    return answer;
}

/* ---- statements ---- */

static enum vw_iam_answer ask_principals(const struct vw_iam_statement *statement,
                                         const struct vw_iam_call *call)
{
    enum vw_iam_answer answer = VW_IAM_NO;
    size_t i, j;

    if (!call->service)
        return VW_IAM_YES;
    for (i = 0; i < statement->principal_count; i++) {
        const struct vw_iam_principals *item = &statement->principals[i];
        bool is_service = strcmp(item->type, "Service") == 0;

        if (strcmp(item->type, "*") == 0)
            answer = VW_IAM_YES;
        for (j = 0; j < item->values.count; j++)
            if (strcmp(item->values.items[j], "*") == 0 ||
                (is_service && strcasecmp(item->values.items[j], call->service) == 0))
                answer = VW_IAM_YES;
    }
    return turned(answer, statement->not_principals);
}

static enum vw_iam_answer ask_resources(const struct vw_iam_statement *statement,
                                        const struct vw_iam_call *call)
{
    enum vw_iam_answer answer = VW_IAM_NO;
    size_t i;

    /* A trust policy has none: it is about its role. */
    if (!statement->has_resources)
        return VW_IAM_YES;
    for (i = 0; i < call->resource_count; i++)
        answer = better(answer, any(&statement->resources, call->resources[i], false));
    return turned(answer, statement->not_resources);
}

/* How well the statement fits, and what of it fits least. */
static enum vw_iam_answer ask_statement(const struct vw_iam_statement *statement,
                                        const struct vw_iam_call *call,
                                        struct vw_iam_near *near)
{
    struct vw_iam_value action = {call->action, false};
    enum vw_iam_answer parts[4], answer = VW_IAM_YES;
    int i;

    *near = (struct vw_iam_near){.statement = statement};
    parts[VW_IAM_ACTION] =
        turned(any(&statement->actions, action, true), statement->not_actions);
    parts[VW_IAM_PRINCIPAL] = ask_principals(statement, call);
    parts[VW_IAM_RESOURCE] = ask_resources(statement, call);
    parts[VW_IAM_CONDITION] = ask_conditions(statement, call, &near->condition);
    for (i = 3; i >= 0; i--) {
        if (parts[i] <= answer && parts[i] != VW_IAM_YES) {
            answer = parts[i];
            near->part = (enum vw_iam_part)i;
        }
    }
    if (near->part != VW_IAM_CONDITION)
        near->condition = NULL;
    return answer == VW_IAM_YES && statement->is_damaged ? VW_IAM_MAYBE : answer;
}

/* Whether `a` fails later than `b`; of two that fail alike the first one stays. */
static bool is_nearer(const struct vw_iam_near *a, const struct vw_iam_near *b)
{
    return !b->statement || a->part > b->part;
}

enum vw_iam_answer vw_iam_ask(const struct vw_iam_policy *policy,
                              const struct vw_iam_call *call, struct vw_iam_near *near)
{
    enum vw_iam_answer allowed = policy->is_damaged ? VW_IAM_MAYBE : VW_IAM_NO;
    bool may_deny = false;
    size_t i;

    for (i = 0; i < policy->count; i++) {
        const struct vw_iam_statement *statement = &policy->statements[i];
        struct vw_iam_near here;
        enum vw_iam_answer answer = ask_statement(statement, call, &here);

        if (statement->allows) {
            allowed = better(allowed, answer);
            if (near && answer != VW_IAM_YES && is_nearer(&here, near))
                *near = here;
        } else if (answer == VW_IAM_YES) {
            if (near)
                *near = here;
            return VW_IAM_DENIED;
        } else if (answer == VW_IAM_MAYBE) {
            may_deny = true;
        }
    }
    return allowed == VW_IAM_YES && may_deny ? VW_IAM_MAYBE : allowed;
}
