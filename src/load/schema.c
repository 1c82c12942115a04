/* The walker of field tables; see schema.h. */
#include "load/schema.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "load/config_items.h"
#include "load/values.h"

enum { STEPS_MAX = 4, STEP_MAX = 48, MESSAGE_MAX = 512 };

int vw_schema_warn(struct vw_reading *reading, const char *code,
                   const struct vw_json *json, const char *format, ...)
{
    const char *pointer = vw_json_pointer(json, reading->scratch);
    char message[MESSAGE_MAX];
    va_list arguments;

    if (!pointer)
        return VW_ERROR_NO_MEMORY;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    vw_diagnose(reading->diagnostics, VW_SEVERITY_WARNING, code,
                (struct vw_place){.file = reading->file, .pointer = pointer}, "%s",
                message);
    return 0;
}

/* A fault that costs more than the field: says what it costs. */
static int warn_incomplete(struct vw_reading *reading, const char *code,
                           const struct vw_json *json, const char *what)
{
    if (!reading->id)
        return vw_schema_warn(reading, code, json, "%s; this %s is passed over", what,
                              reading->noun);
    reading->is_incomplete = true;
    return vw_schema_warn(reading, code, json, "%s; %s \"%s\" counts as not exported",
                          what, reading->noun, reading->id);
}

/* Follows "Status.Code" from `json`; the steps stand in `steps`, the last one is
 * returned. What is no object on the way is returned as it is, with *ret_rest not "".
 * AWS Config writes some texts as {"value": ...}, and some objects as their only text. */
static const struct vw_json *follow(const struct vw_json *json, const char *path,
                                    bool is_config, struct vw_json steps[STEPS_MAX],
                                    char names[STEPS_MAX][STEP_MAX],
                                    const char **ret_rest)
{
    const struct vw_json *at = json;
    size_t i;

    *ret_rest = path;
    for (i = 0; i < STEPS_MAX && **ret_rest; i++) {
        size_t size = strcspn(*ret_rest, ".");

        if (is_config && vw_json_type(at) == VW_JSON_STRING)
            *ret_rest = "";
        if (vw_json_type(at) != VW_JSON_OBJECT || size >= sizeof names[i])
            return at;
        memcpy(names[i], *ret_rest, size);
        names[i][size] = '\0';
        if (is_config)
            vw_config_key(at, names[i], sizeof names[i]);
        steps[i] = vw_json_member(at, names[i]);
        at = &steps[i];
        *ret_rest += size;
        if (**ret_rest == '.')
            ++*ret_rest;
    }
    if (is_config && i < STEPS_MAX && vw_json_type(at) == VW_JSON_OBJECT) {
        steps[i] = vw_json_member(at, "value");
        if (vw_json_type(&steps[i]) != VW_JSON_ABSENT)
            at = &steps[i];
    }
    return at;
}

/* The next element of a list, or member of an object; false at the end. */
static bool next_element(const struct vw_json *json, size_t *index, void **iterator,
                         struct vw_json *ret)
{
    if (vw_json_type(json) == VW_JSON_OBJECT)
        return vw_json_each(json, iterator, ret);
    if (*index == vw_json_count(json))
        return false;
    *ret = vw_json_element(json, (*index)++);
    return true;
}

static int read_list(struct vw_reading *reading, const struct vw_field *field,
                     const struct vw_json *json, struct vw_list *ret)
{
    const struct vw_schema *schema = field->schema;
    size_t count = vw_json_count(json), i = 0;
    struct vw_json element;
    void *iterator = NULL;
    unsigned char *items;

    if (count == 0)
        return 1;
    items = vw_arena_array(reading->scratch, count, schema->size);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    ret->count = 0;
    while (next_element(json, &i, &iterator, &element)) {
        unsigned char *item = items + ret->count * schema->size;
        int status;

        memset(item, 0, schema->size);
        status = vw_schema_read(reading, schema, &element, item);
        if (status < 0)
            return status;
        if (status == 1)
            ret->count++;
        else
            ret->has_gap = true;
    }
    ret->items = items;
    return 1;
}

static bool is_list(const struct vw_field *field)
{
    return field->type == VW_FIELD_LIST || field->type == VW_FIELD_MEMBERS;
}

/* Says what is wrong with a value. Returns as vw_schema_read does. */
static int refuse(struct vw_reading *reading, const struct vw_field *field,
                  const struct vw_json *json, bool is_step)
{
    char expected[VW_FOUND_TEXT], found[VW_FOUND_TEXT], message[MESSAGE_MAX];
    bool is_type = is_step || vw_json_type(json) == VW_JSON_LIST ||
                   vw_json_type(json) == VW_JSON_OBJECT || is_list(field);
    const char *code = is_type ? "wrong-type" : "bad-value";
    int error;

    snprintf(message, sizeof message, "expected %s, found %s",
             is_step ? "an object" : vw_value_expected(field, expected),
             vw_value_found(json, found));
    if (field->need == VW_NEED_MINOR)
        error = vw_schema_warn(reading, code, json, "%s; read without it", message);
    else
        error = warn_incomplete(reading, code, json, message);
    return error ? error : field->need == VW_NEED_MINOR;
}

/* Says how a value that was read was understood. */
static int accept(struct vw_reading *reading, const struct vw_field *field,
                  const struct vw_json *json, enum vw_value_result result,
                  const void *destination)
{
    char expected[VW_FOUND_TEXT], found[VW_FOUND_TEXT], network[VW_PREFIX_TEXT];
    const char *text = vw_value_found(json, found);
    int error = 0;

    if (result == VW_VALUE_HOST_BITS)
        error = vw_schema_warn(
            reading, "host-bits", json, "%s has bits behind its length, read as \"%s\"",
            text, vw_prefix_format(*(const struct vw_prefix *)destination, network));
    else if (result == VW_VALUE_BENT)
        error = vw_schema_warn(reading, "wrong-type", json,
                               "expected %s, found %s; read as if it were one",
                               vw_value_expected(field, expected), text);
    return error ? error : 1;
}

static int missing(struct vw_reading *reading, const struct vw_schema *schema,
                   const struct vw_field *field, const struct vw_json *json)
{
    char message[MESSAGE_MAX];

    if (field->need != VW_NEED_REQUIRED)
        return 1;
    if (field->key[0])
        snprintf(message, sizeof message, "%s without %s", schema->noun, field->key);
    else
        snprintf(message, sizeof message, "empty %s", schema->noun);
    return warn_incomplete(reading, "missing-field", json, message);
}

static int read_field(struct vw_reading *reading, const struct vw_schema *schema,
                      const struct vw_field *field, const struct vw_json *json,
                      void *record)
{
    void *destination = (unsigned char *)record + field->offset;
    struct vw_json steps[STEPS_MAX];
    char names[STEPS_MAX][STEP_MAX];
    const char *rest;
    const struct vw_json *value =
        follow(json, field->key, reading->is_config, steps, names, &rest);
    enum vw_value_result result;

    if (vw_json_type(value) == VW_JSON_ABSENT)
        return missing(reading, schema, field, json);
    if (*rest)
        return refuse(reading, field, value, true);
    if (is_list(field)) {
        if (vw_json_type(value) !=
            (field->type == VW_FIELD_LIST ? VW_JSON_LIST : VW_JSON_OBJECT)) {
            ((struct vw_list *)destination)->has_gap = true;
            return refuse(reading, field, value, false);
        }
        return read_list(reading, field, value, destination);
    }
    result = vw_value_read(reading, field, value, destination);
    switch (result) {
    case VW_VALUE_READ:
        return 1;
    case VW_VALUE_BENT:
    case VW_VALUE_HOST_BITS:
        return accept(reading, field, value, result, destination);
    case VW_VALUE_ABSENT:
        return missing(reading, schema, field, json);
    case VW_VALUE_WRONG:
        return refuse(reading, field, value, false);
    case VW_VALUE_NO_MEMORY:
        return VW_ERROR_NO_MEMORY;
    }
    return VW_ERROR_NO_MEMORY;
}

/* The first row of a top-level schema is its id. */
static void note_id(struct vw_reading *reading, const struct vw_field *field,
                    const void *record)
{
    if (!reading->id && field->type == VW_FIELD_TEXT && field->need == VW_NEED_REQUIRED)
        memcpy(&reading->id, (const unsigned char *)record + field->offset,
               sizeof reading->id);
}

/* AWS Config writes some objects as the only text in them. */
static bool is_bare(const struct vw_reading *reading, const struct vw_schema *schema,
                    const struct vw_json *json)
{
    return reading->is_config && schema->field_count == 1 &&
           vw_json_type(json) == VW_JSON_STRING;
}

int vw_schema_read(struct vw_reading *reading, const struct vw_schema *schema,
                   const struct vw_json *json, void *record)
{
    const char *pointer = vw_json_pointer(json, reading->arena);
    bool is_usable = true;
    const char *complaint;
    size_t i;

    if (!pointer)
        return VW_ERROR_NO_MEMORY;
    memcpy(record, &pointer, sizeof pointer);
    if (vw_json_type(json) != VW_JSON_OBJECT && schema->fields[0].key[0] &&
        !is_bare(reading, schema, json)) {
        char found[VW_FOUND_TEXT], message[MESSAGE_MAX];

        snprintf(message, sizeof message, "expected an object (%s), found %s",
                 schema->noun, vw_value_found(json, found));
        return warn_incomplete(reading, "wrong-type", json, message);
    }
    for (i = 0; i < schema->field_count; i++) {
        int status = read_field(reading, schema, &schema->fields[i], json, record);

        if (status < 0)
            return status;
        if (status == 0)
            is_usable = false;
        else if (i == 0)
            note_id(reading, &schema->fields[0], record);
        if (!is_usable && i == 0)
            return 0;
    }
    complaint = is_usable && schema->complaint ? schema->complaint(record) : NULL;
    if (complaint)
        return warn_incomplete(reading, "bad-value", json, complaint);
    return is_usable;
}

const char *vw_schema_account(const struct vw_schema *schema, const void *record)
{
    size_t i;

    for (i = 0; i < schema->field_count; i++)
        if (schema->fields[i].type == VW_FIELD_TEXT &&
            strcmp(schema->fields[i].key, "OwnerId") == 0)
            return *(const char *const *)(const void *)((const char *)record +
                                                        schema->fields[i].offset);
    return NULL;
}
