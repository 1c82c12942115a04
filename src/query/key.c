/* One byte of kind, then the value; see key.h. */
#include "query/key.h"

#include <vpcwhy/error.h>

#include "base/memory.h"

enum key_kind {
    KEY_NULL,
    KEY_ADDRESS = VW_KEY_ADDRESS,
    KEY_LONG,
    KEY_SHORT,
    KEY_TEXT,
    KEY_TIME,
    KEY_JSON
};

/* Room for all but texts. */
#define KEY_SMALL 16

/* Of the numbers that have a short key: nothing overflows. */
#define NUMBER_DIGITS 9

static bool make_room(struct vw_key_text *key, size_t size)
{
    size_t room = (key->size + size) * 2 + VW_KEY_SHORT;
    char *data;

    if (key->size + size <= key->room)
        return true;
    data = vw_realloc(key->data, room, 1);
    if (!data)
        return false;
    key->data = data;
    key->room = room;
    return true;
}

static void put(struct vw_key_text *key, enum key_kind kind, const void *data,
                size_t size)
{
    key->data[key->size] = (char)kind;
    if (size)
        memcpy(key->data + key->size + 1, data, size);
    key->size += 1 + size;
}

static int put_text(struct vw_key_text *key, enum key_kind kind, struct vw_slice text)
{
    uint32_t size = (uint32_t)text.size;

    if (!make_room(key, text.size + KEY_SMALL))
        return VW_ERROR_NO_MEMORY;
    put(key, kind, &size, sizeof size);
    if (text.size)
        memcpy(key->data + key->size, text.data, text.size);
    key->size += text.size;
    return 0;
}

static void put_number(struct vw_key_text *key, uint32_t number)
{
    uint16_t few = (uint16_t)number;

    if (number == few)
        put(key, KEY_SHORT, &few, sizeof few);
    else
        put(key, KEY_LONG, &number, sizeof number);
}

/* A number below 10^9 without a sign, spelled as it would be printed. */
static bool read_number(struct vw_slice text, uint32_t *ret)
{
    uint64_t number;

    if (text.size > NUMBER_DIGITS || !vw_digits_parse(text.data, text.size, &number) ||
        (text.data[0] == '0' && text.size > 1))
        return false;
    *ret = (uint32_t)number;
    return true;
}

int vw_key_add_any_text(struct vw_key_text *key, struct vw_slice text)
{
    uint32_t number;

    if (!make_room(key, KEY_SMALL))
        return VW_ERROR_NO_MEMORY;
    if (vw_ipv4_parse(text.data, text.size, &number))
        put(key, KEY_ADDRESS, &number, sizeof number);
    else if (read_number(text, &number))
        put_number(key, number);
    else
        return put_text(key, KEY_TEXT, text);
    return 0;
}

int vw_key_add_null(struct vw_key_text *key)
{
    if (!make_room(key, KEY_SMALL))
        return VW_ERROR_NO_MEMORY;
    put(key, KEY_NULL, NULL, 0);
    return 0;
}

int vw_key_add(struct vw_key_text *key, const struct vw_value *value)
{
    char buffer[VW_VALUE_TEXT_SIZE];
    int64_t time;

    if (!make_room(key, KEY_SMALL))
        return VW_ERROR_NO_MEMORY;
    switch (value->kind) {
    case VW_VALUE_NULL:
        return vw_key_add_null(key);
    case VW_VALUE_TEXT:
        return vw_key_add_text(key, value->text);
    case VW_VALUE_INTEGER:
        if (value->integer >= 0 && value->integer < 1000000000) {
            put_number(key, (uint32_t)value->integer);
            return 0;
        }
        break;
    case VW_VALUE_DOUBLE:
        break;
    case VW_VALUE_TIME:
        time = (int64_t)value->integer;
        put(key, KEY_TIME, &time, sizeof time);
        return 0;
    case VW_VALUE_JSON:
        return put_text(key, KEY_JSON, value->text);
    }
    return put_text(key, KEY_TEXT, vw_value_print(value, buffer));
}

void vw_key_free(struct vw_key_text *key)
{
    vw_free(key->data);
    *key = (struct vw_key_text){0};
}

/* ---- back to values ---- */

static size_t put_part(char *out, unsigned part)
{
    size_t size = 0;

    if (part >= 100)
        out[size++] = (char)('0' + part / 100);
    if (part >= 10)
        out[size++] = (char)('0' + part / 10 % 10);
    out[size++] = (char)('0' + part % 10);
    return size;
}

static struct vw_value take_address(uint32_t address, struct vw_arena *arena)
{
    char *out = vw_arena_text(arena, 16);
    size_t size = 0;
    int shift;

    if (!out)
        return vw_value_null();
    for (shift = 24; shift >= 0; shift -= 8) {
        size += put_part(out + size, address >> shift & 255);
        if (shift)
            out[size++] = '.';
    }
    return vw_value_text(out, size);
}

static void get(struct vw_slice *key, void *ret, size_t size)
{
    memcpy(ret, key->data, size);
    key->data += size;
    key->size -= size;
}

struct vw_value vw_key_take(struct vw_slice *key, struct vw_arena *arena)
{
    struct vw_value value = vw_value_null();
    uint32_t number;
    uint16_t few;
    int64_t time;
    char kind;

    get(key, &kind, 1);
    switch ((enum key_kind)kind) {
    case KEY_NULL:
        break;
    case KEY_ADDRESS:
        get(key, &number, sizeof number);
        return take_address(number, arena);
    case KEY_LONG:
        get(key, &number, sizeof number);
        return vw_value_integer(number);
    case KEY_SHORT:
        get(key, &few, sizeof few);
        return vw_value_integer(few);
    case KEY_TIME:
        get(key, &time, sizeof time);
        return vw_value_time(time);
    case KEY_TEXT:
    case KEY_JSON:
        get(key, &number, sizeof number);
        value.kind = kind == KEY_TEXT ? VW_VALUE_TEXT : VW_VALUE_JSON;
        value.text = (struct vw_slice){key->data, number};
        key->data += number;
        key->size -= number;
        break;
    }
    return value;
}
