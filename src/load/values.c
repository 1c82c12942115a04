/* The readers of single values; see values.h. */
#include "load/values.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "load/texts.h"

/* Protocols by name, as consoles and other tools write them; AWS prints these four. */
static const struct {
    const char *name;
    int number;
} protocols[] = {{"all", -1}, {"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"icmpv6", 58}};

const char *vw_value_found(const struct vw_json *json, char buffer[VW_FOUND_TEXT])
{
    switch (vw_json_type(json)) {
    case VW_JSON_ABSENT:
        return "nothing";
    case VW_JSON_BOOLEAN:
        return vw_json_boolean(json) ? "true" : "false";
    case VW_JSON_INTEGER:
        snprintf(buffer, VW_FOUND_TEXT, "%" PRId64, vw_json_integer(json));
        return buffer;
    case VW_JSON_REAL:
        snprintf(buffer, VW_FOUND_TEXT, "%g", vw_json_real(json));
        return buffer;
    case VW_JSON_STRING:
        if (strlen(vw_json_string(json)) > VW_FOUND_TEXT - 8)
            return "a long text";
        snprintf(buffer, VW_FOUND_TEXT, "\"%s\"", vw_json_string(json));
        return buffer;
    case VW_JSON_LIST:
        return "a list";
    case VW_JSON_OBJECT:
        return "an object";
    }
    return "nothing";
}

static const char *expected_words(const struct vw_field *field,
                                  char buffer[VW_FOUND_TEXT])
{
    size_t used = 0, i;

    for (i = 0; field->words[i] && used < VW_FOUND_TEXT; i++) {
        const char *joint = i == 0 ? "" : field->words[i + 1] ? ", " : " or ";
        int size = snprintf(buffer + used, VW_FOUND_TEXT - used, "%s\"%s\"", joint,
                            field->words[i]);
        used += size > 0 ? (size_t)size : 0;
    }
    return buffer;
}

const char *vw_value_expected(const struct vw_field *field, char buffer[VW_FOUND_TEXT])
{
    switch (field->type) {
    case VW_FIELD_TEXT:
        return "a text";
    case VW_FIELD_NAME:
        return "a list of tags";
    case VW_FIELD_FLAG:
        return "true or false";
    case VW_FIELD_NUMBER:
        snprintf(buffer, VW_FOUND_TEXT, "a number from %" PRId64 " to %" PRId64,
                 field->minimum, field->maximum);
        return buffer;
    case VW_FIELD_WORD:
        return expected_words(field, buffer);
    case VW_FIELD_PROTOCOL:
        return "a protocol: \"-1\", a number up to 255, tcp, udp, icmp or icmpv6";
    case VW_FIELD_ADDRESS:
        return "an IP address";
    case VW_FIELD_PREFIX:
        return "a CIDR such as \"10.0.0.0/16\"";
    case VW_FIELD_PRESENT:
        return "anything";
    case VW_FIELD_LIST:
        return "a list";
    case VW_FIELD_MEMBERS:
        return "an object";
    }
    return "something else";
}

static enum vw_value_result read_text(const struct vw_reading *reading,
                                      const struct vw_json *json, const char **ret)
{
    enum vw_json_type type = vw_json_type(json);
    const char *text;

    if (type == VW_JSON_INTEGER) {
        text = vw_arena_printf(reading->arena, "%" PRId64, vw_json_integer(json));
    } else if (type == VW_JSON_STRING) {
        if (!vw_json_string(json)[0])
            return VW_VALUE_ABSENT;
        text = vw_texts_copy(reading->texts, reading->arena, vw_json_string(json));
    } else {
        return VW_VALUE_WRONG;
    }
    if (!text)
        return VW_VALUE_NO_MEMORY;
    *ret = text;
    return type == VW_JSON_STRING ? VW_VALUE_READ : VW_VALUE_BENT;
}

/* The value of the tag Name in [{"Key": ..., "Value": ...}, ...]. */
static enum vw_value_result read_name(const struct vw_reading *reading,
                                      const struct vw_json *json, const char **ret)
{
    size_t count = vw_json_count(json), i;

    if (vw_json_type(json) != VW_JSON_LIST)
        return VW_VALUE_WRONG;
    for (i = 0; i < count; i++) {
        struct vw_json tag = vw_json_element(json, i);
        struct vw_json key = vw_json_member(&tag, "Key");
        struct vw_json value = vw_json_member(&tag, "Value");

        if (vw_json_type(&key) == VW_JSON_STRING &&
            strcmp(vw_json_string(&key), "Name") == 0 &&
            vw_json_type(&value) != VW_JSON_ABSENT)
            return read_text(reading, &value, ret);
    }
    return VW_VALUE_ABSENT;
}

static enum vw_value_result read_flag(const struct vw_json *json, enum vw_flag *ret)
{
    const char *text;

    if (vw_json_type(json) == VW_JSON_BOOLEAN) {
        *ret = vw_json_boolean(json) ? VW_FLAG_YES : VW_FLAG_NO;
        return VW_VALUE_READ;
    }
    if (vw_json_type(json) != VW_JSON_STRING)
        return VW_VALUE_WRONG;
    text = vw_json_string(json);
    if (strcmp(text, "true") == 0)
        *ret = VW_FLAG_YES;
    else if (strcmp(text, "false") == 0)
        *ret = VW_FLAG_NO;
    else
        return text[0] ? VW_VALUE_WRONG : VW_VALUE_ABSENT;
    return VW_VALUE_BENT;
}

static enum vw_value_result read_number(const struct vw_field *field,
                                        const struct vw_json *json, struct vw_number *ret)
{
    enum vw_json_type type = vw_json_type(json);
    int64_t value;

    if (type == VW_JSON_INTEGER) {
        value = vw_json_integer(json);
    } else if (type == VW_JSON_REAL) {
        double real = vw_json_real(json);

        if (!(real >= -1e9 && real <= 1e9) || real != (double)(int64_t)real)
            return VW_VALUE_WRONG;
        value = (int64_t)real;
    } else if (type == VW_JSON_STRING) {
        if (!vw_json_string(json)[0])
            return VW_VALUE_ABSENT;
        if (!vw_slice_i64(vw_slice_of(vw_json_string(json)), &value))
            return VW_VALUE_WRONG;
    } else {
        return VW_VALUE_WRONG;
    }
    if (value < field->minimum || value > field->maximum)
        return VW_VALUE_WRONG;
    ret->value = value;
    ret->is_known = true;
    return type == VW_JSON_INTEGER ? VW_VALUE_READ : VW_VALUE_BENT;
}

static enum vw_value_result read_word(const struct vw_field *field,
                                      const struct vw_json *json, int *ret)
{
    int i;

    if (vw_json_type(json) != VW_JSON_STRING)
        return VW_VALUE_WRONG;
    if (!vw_json_string(json)[0])
        return VW_VALUE_ABSENT;
    for (i = 0; field->words[i]; i++) {
        if (strcmp(vw_json_string(json), field->words[i]) == 0) {
            *ret = i + 1;
            return VW_VALUE_READ;
        }
    }
    return VW_VALUE_WRONG;
}

static enum vw_value_result read_protocol(const struct vw_json *json,
                                          struct vw_number *ret)
{
    static const struct vw_field range = {.minimum = -1, .maximum = 255};
    enum vw_json_type type = vw_json_type(json);
    enum vw_value_result result;
    size_t i;

    for (i = 0; type == VW_JSON_STRING && i < sizeof protocols / sizeof *protocols; i++) {
        if (strcmp(vw_json_string(json), protocols[i].name) == 0) {
            ret->value = protocols[i].number;
            ret->is_known = true;
            return VW_VALUE_READ;
        }
    }
    result = read_number(&range, json, ret);
    if (result == VW_VALUE_BENT && type == VW_JSON_STRING)
        return VW_VALUE_READ; /* AWS prints protocol numbers as texts */
    return result == VW_VALUE_READ ? VW_VALUE_BENT : result;
}

static enum vw_value_result read_network(const struct vw_field *field,
                                         const struct vw_json *json, void *destination)
{
    struct vw_address *address = destination;
    struct vw_prefix *prefix = destination;
    bool has_host_bits = false;
    const char *text;

    if (vw_json_type(json) != VW_JSON_STRING)
        return VW_VALUE_WRONG;
    text = vw_json_string(json);
    if (!text[0])
        return VW_VALUE_ABSENT;
    if (field->type == VW_FIELD_ADDRESS)
        return vw_address_parse(text, strlen(text), address) ? VW_VALUE_READ
                                                             : VW_VALUE_WRONG;
    if (!vw_prefix_parse(text, strlen(text), prefix, &has_host_bits))
        return VW_VALUE_WRONG;
    return has_host_bits ? VW_VALUE_HOST_BITS : VW_VALUE_READ;
}

enum vw_value_result vw_value_read(const struct vw_reading *reading,
                                   const struct vw_field *field,
                                   const struct vw_json *json, void *destination)
{
    if (vw_json_type(json) == VW_JSON_ABSENT)
        return VW_VALUE_ABSENT;
    switch (field->type) {
    case VW_FIELD_TEXT:
        return read_text(reading, json, destination);
    case VW_FIELD_NAME:
        return read_name(reading, json, destination);
    case VW_FIELD_FLAG:
        return read_flag(json, destination);
    case VW_FIELD_NUMBER:
        return read_number(field, json, destination);
    case VW_FIELD_WORD:
        return read_word(field, json, destination);
    case VW_FIELD_PROTOCOL:
        return read_protocol(json, destination);
    case VW_FIELD_ADDRESS:
    case VW_FIELD_PREFIX:
        return read_network(field, json, destination);
    case VW_FIELD_PRESENT:
        *(enum vw_flag *)destination = VW_FLAG_YES;
        return VW_VALUE_READ;
    case VW_FIELD_LIST:
    case VW_FIELD_MEMBERS:
        break;
    }
    return VW_VALUE_WRONG;
}
