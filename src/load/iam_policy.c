/* Policy documents of IAM (IAM User Guide, "Grammar of the IAM JSON policy language"). */
#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "load/iam.h"
#include "load/values.h"

int vw_iam_read_text(struct vw_document *document, const struct vw_json *value,
                     const char **ret)
{
    *ret = NULL;
    if (vw_json_type(value) != VW_JSON_STRING)
        return 0;
    *ret = vw_arena_string(&document->loader->world->arena, vw_json_string(value));
    return *ret ? 0 : VW_ERROR_NO_MEMORY;
}

/* The text of a value of a condition, which may be written without quotes. */
static const char *text_of(struct vw_arena *arena, const struct vw_json *value)
{
    switch (vw_json_type(value)) {
    case VW_JSON_STRING:
        return vw_arena_string(arena, vw_json_string(value));
    case VW_JSON_BOOLEAN:
        return vw_json_boolean(value) ? "true" : "false";
    case VW_JSON_INTEGER:
        return vw_arena_printf(arena, "%lld", (long long)vw_json_integer(value));
    case VW_JSON_REAL:
    case VW_JSON_ABSENT:
    case VW_JSON_LIST:
    case VW_JSON_OBJECT:
        break;
    }
    return "";
}

int vw_iam_read_texts(struct vw_document *document, const struct vw_json *value,
                      struct vw_iam_texts *ret, bool *ret_damaged)
{
    struct vw_arena *arena = &document->loader->world->arena;
    bool is_list = vw_json_type(value) == VW_JSON_LIST;
    size_t count = is_list ? vw_json_count(value) : 1, i;

    ret->items = vw_arena_array(arena, count, sizeof *ret->items);
    if (!ret->items)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        struct vw_json element = is_list ? vw_json_element(value, i) : *value;
        const char *text = text_of(arena, &element);

        if (!text)
            return VW_ERROR_NO_MEMORY;
        if (*text)
            ret->items[ret->count++] = text;
        else
            *ret_damaged = true;
    }
    return 0;
}

/* "*", or {"Service": ..., "AWS": ...}. */
static int read_principals(struct vw_document *document, const struct vw_json *value,
                           struct vw_iam_statement *statement)
{
    struct vw_arena *arena = &document->loader->world->arena;
    size_t count = vw_json_type(value) == VW_JSON_OBJECT ? vw_json_count(value) : 1;
    struct vw_json member;
    void *iterator = NULL;
    int error = 0;

    statement->principals = vw_arena_array(arena, count, sizeof *statement->principals);
    if (!statement->principals)
        return VW_ERROR_NO_MEMORY;
    if (vw_json_type(value) == VW_JSON_STRING) {
        statement->principals[statement->principal_count++].type = "*";
        statement->is_damaged = strcmp(vw_json_string(value), "*") != 0;
        return 0;
    }
    if (vw_json_type(value) != VW_JSON_OBJECT) {
        statement->is_damaged = true;
        return 0;
    }
    while (!error && vw_json_each(value, &iterator, &member)) {
        struct vw_iam_principals *principals =
            &statement->principals[statement->principal_count++];

        principals->type = vw_arena_string(arena, member.key);
        error = principals->type
                    ? vw_iam_read_texts(document, &member, &principals->values,
                                        &statement->is_damaged)
                    : VW_ERROR_NO_MEMORY;
    }
    return error;
}

/* One test's keys: {"aws:SourceAccount": ...}. */
static int read_test(struct vw_document *document, const struct vw_json *test,
                     struct vw_iam_statement *statement)
{
    struct vw_arena *arena = &document->loader->world->arena;
    struct vw_json member;
    void *iterator = NULL;
    int error = 0;

    while (!error && vw_json_each(test, &iterator, &member)) {
        struct vw_iam_condition *condition =
            &statement->conditions[statement->condition_count++];

        condition->test = vw_arena_string(arena, test->key);
        condition->key = vw_arena_string(arena, member.key);
        error = condition->test && condition->key
                    ? vw_iam_read_texts(document, &member, &condition->values,
                                        &statement->is_damaged)
                    : VW_ERROR_NO_MEMORY;
    }
    return error;
}

static int read_conditions(struct vw_document *document, const struct vw_json *value,
                           struct vw_iam_statement *statement)
{
    size_t count = 0;
    struct vw_json test;
    void *iterator = NULL;
    int error = 0;

    if (vw_json_type(value) != VW_JSON_OBJECT) {
        statement->is_damaged =
            statement->is_damaged || vw_json_type(value) != VW_JSON_ABSENT;
        return 0;
    }
    while (vw_json_each(value, &iterator, &test)) {
        count += vw_json_count(&test);
        if (vw_json_type(&test) != VW_JSON_OBJECT)
            statement->is_damaged = true;
    }
    statement->conditions = vw_arena_array(&document->loader->world->arena, count,
                                           sizeof *statement->conditions);
    if (!statement->conditions)
        return VW_ERROR_NO_MEMORY;
    iterator = NULL;
    while (!error && vw_json_each(value, &iterator, &test))
        if (vw_json_type(&test) == VW_JSON_OBJECT)
            error = read_test(document, &test, statement);
    return error;
}

/* `key`, or `not_key` in its stead. */
static struct vw_json either(const struct vw_json *statement, const char *key,
                             const char *not_key, bool *ret_not)
{
    struct vw_json value = vw_json_member(statement, key);

    *ret_not = vw_json_type(&value) == VW_JSON_ABSENT;
    if (*ret_not)
        value = vw_json_member(statement, not_key);
    if (vw_json_type(&value) == VW_JSON_ABSENT)
        *ret_not = false;
    return value;
}

static int read_lists(struct vw_document *document, const struct vw_json *json,
                      struct vw_iam_statement *statement)
{
    struct vw_json principals =
        either(json, "Principal", "NotPrincipal", &statement->not_principals);
    struct vw_json actions = either(json, "Action", "NotAction", &statement->not_actions);
    struct vw_json resources =
        either(json, "Resource", "NotResource", &statement->not_resources);
    struct vw_json conditions = vw_json_member(json, "Condition");
    int error = 0;

    if (vw_json_type(&principals) != VW_JSON_ABSENT)
        error = read_principals(document, &principals, statement);
    if (!error && vw_json_type(&actions) != VW_JSON_ABSENT)
        error = vw_iam_read_texts(document, &actions, &statement->actions,
                                  &statement->is_damaged);
    else
        statement->is_damaged = true;
    statement->has_resources = vw_json_type(&resources) != VW_JSON_ABSENT;
    if (!error && statement->has_resources)
        error = vw_iam_read_texts(document, &resources, &statement->resources,
                                  &statement->is_damaged);
    return error ? error : read_conditions(document, &conditions, statement);
}

static int read_statement(struct vw_document *document, const struct vw_json *json,
                          struct vw_iam_statement *statement)
{
    struct vw_json effect = vw_json_member(json, "Effect");
    struct vw_json sid = vw_json_member(json, "Sid");
    bool is_text = vw_json_type(&effect) == VW_JSON_STRING;
    int error = vw_iam_read_text(document, &sid, &statement->sid);

    if (error)
        return error;
    statement->allows = is_text && strcmp(vw_json_string(&effect), "Allow") == 0;
    if (!statement->allows && (!is_text || strcmp(vw_json_string(&effect), "Deny") != 0))
        statement->is_damaged = true;
    return read_lists(document, json, statement);
}

static int read_statements(struct vw_document *document, const struct vw_json *value,
                           struct vw_iam_policy *policy)
{
    struct vw_json list = vw_json_member(value, "Statement");
    bool is_list = vw_json_type(&list) == VW_JSON_LIST;
    size_t count = is_list ? vw_json_count(&list) : 1, i;
    int error = 0;

    if (!is_list && vw_json_type(&list) != VW_JSON_OBJECT) {
        policy->is_damaged = true;
        return 0;
    }
    policy->statements = vw_arena_array(&document->loader->world->arena, count,
                                        sizeof *policy->statements);
    if (!policy->statements)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !error; i++) {
        struct vw_json element = is_list ? vw_json_element(&list, i) : list;
        struct vw_iam_statement *statement = &policy->statements[policy->count++];

        statement->source = policy->source;
        if (vw_json_type(&element) == VW_JSON_OBJECT)
            error = read_statement(document, &element, statement);
        else
            statement->is_damaged = true;
        policy->is_damaged = policy->is_damaged || statement->is_damaged;
    }
    return error;
}

static int digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | ('a' ^ 'A')) : NULL;

    return at ? (int)(at - digits) : -1;
}

/* "%7B" becomes "{" in a copy. */
static char *decode(struct vw_arena *arena, const char *text, size_t *ret_size)
{
    char *copy = vw_arena_text(arena, strlen(text)), *to = copy;

    for (; copy && *text; text++) {
        if (*text == '%' && digit(text[1]) >= 0 && digit(text[2]) >= 0) {
            *to++ = (char)(digit(text[1]) * 16 + digit(text[2]));
            text += 2;
        } else {
            *to++ = *text;
        }
    }
    *ret_size = copy ? (size_t)(to - copy) : 0;
    return copy;
}

/* A document in a string. */
static int read_text(struct vw_document *document, const char *text,
                     struct vw_iam_policy *policy)
{
    size_t size = strlen(text);
    struct vw_json inner;
    int error;

    if (*text == '%') {
        text = decode(&document->loader->scratch, text, &size);
        if (!text)
            return VW_ERROR_NO_MEMORY;
    }
    error = vw_json_parse(text, size, &inner);
    if (error == VW_ERROR_INPUT) {
        policy->is_damaged = true;
        return 0;
    }
    if (error)
        return error;
    error = read_statements(document, &inner, policy);
    vw_json_release(&inner);
    return error;
}

int vw_iam_read_policy(struct vw_document *document, const struct vw_json *value,
                       struct vw_iam_policy *ret)
{
    struct vw_reading reading = vw_element_start(document, &vw_iam_policy_schema);
    char found[VW_FOUND_TEXT];
    int error = 0;

    ret->source.file = reading.file;
    ret->source.pointer = vw_json_pointer(value, reading.arena);
    if (!ret->source.pointer)
        return VW_ERROR_NO_MEMORY;
    if (vw_json_type(value) == VW_JSON_STRING)
        error = read_text(document, vw_json_string(value), ret);
    else if (vw_json_type(value) == VW_JSON_OBJECT)
        error = read_statements(document, value, ret);
    else
        ret->is_damaged = true;
    if (!error && ret->is_damaged)
        error = vw_schema_warn(&reading, "bad-value", value,
                               "expected a policy document of IAM, found %s; what it "
                               "allows is unknown",
                               vw_json_type(value) == VW_JSON_OBJECT
                                   ? "statements that cannot be read"
                                   : vw_value_found(value, found));
    return error;
}
