/* Thrift's compact protocol; see thrift.h. */
#include "logs/thrift.h"

enum type {
    TYPE_STOP,
    TYPE_TRUE,
    TYPE_FALSE,
    TYPE_BYTE,
    TYPE_I16,
    TYPE_I32,
    TYPE_I64,
    TYPE_DOUBLE,
    TYPE_BINARY,
    TYPE_LIST,
    TYPE_SET,
    TYPE_MAP,
    TYPE_STRUCT,
    TYPE_UUID,
};

/* Structs within structs that are passed over. */
enum { DEPTH_MAX = 32 };

static void fail(struct vw_thrift *thrift)
{
    thrift->failed = true;
    thrift->left = 0;
}

static unsigned char byte(struct vw_thrift *thrift)
{
    if (thrift->left == 0) {
        fail(thrift);
        return 0;
    }
    thrift->left--;
    return *thrift->at++;
}

static void pass(struct vw_thrift *thrift, uint64_t size)
{
    if (size > thrift->left) {
        fail(thrift);
        return;
    }
    thrift->at += size;
    thrift->left -= (size_t)size;
}

static uint64_t varint(struct vw_thrift *thrift)
{
    uint64_t value = 0;
    unsigned shift;

    for (shift = 0; shift < 64; shift += 7) {
        unsigned char next = byte(thrift);
        value |= (uint64_t)(next & 0x7f) << shift;
        if (next < 0x80)
            return value;
    }
    fail(thrift);
    return 0;
}

static int64_t zigzag(struct vw_thrift *thrift)
{
    uint64_t value = varint(thrift);

    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

bool vw_thrift_next(struct vw_thrift *thrift, struct vw_thrift_field *field)
{
    unsigned char head = byte(thrift);
    int64_t id;

    if (head == TYPE_STOP)
        return false;
    id = head >> 4 ? field->id + (head >> 4) : zigzag(thrift);
    if (id < INT16_MIN || id > INT16_MAX)
        fail(thrift);
    field->id = (int32_t)id;
    field->type = head & 0x0f;
    return !thrift->failed;
}

int64_t vw_thrift_integer(struct vw_thrift *thrift, unsigned type)
{
    if (type == TYPE_I16 || type == TYPE_I32 || type == TYPE_I64)
        return zigzag(thrift);
    if (type == TYPE_BYTE)
        return (int8_t)byte(thrift);
    fail(thrift);
    return 0;
}

bool vw_thrift_boolean(struct vw_thrift *thrift, unsigned type)
{
    if (type != TYPE_TRUE && type != TYPE_FALSE)
        fail(thrift);
    return type == TYPE_TRUE;
}

struct vw_slice vw_thrift_binary(struct vw_thrift *thrift, unsigned type)
{
    uint64_t size = type == TYPE_BINARY ? varint(thrift) : UINT64_MAX;
    const unsigned char *at = thrift->at;

    pass(thrift, size);
    if (thrift->failed)
        return (struct vw_slice){"", 0};
    return (struct vw_slice){(const char *)at, (size_t)size};
}

void vw_thrift_struct(struct vw_thrift *thrift, unsigned type)
{
    if (type != TYPE_STRUCT)
        fail(thrift);
}

size_t vw_thrift_list(struct vw_thrift *thrift, unsigned type, unsigned *ret_element)
{
    unsigned char head;
    uint64_t count;

    *ret_element = TYPE_STOP;
    if (type != TYPE_LIST && type != TYPE_SET) {
        fail(thrift);
        return 0;
    }
    head = byte(thrift);
    count = head >> 4 == 15 ? varint(thrift) : head >> 4;
    if (count > thrift->left)
        fail(thrift);
    *ret_element = head & 0x0f;
    return thrift->failed ? 0 : (size_t)count;
}

static void skip(struct vw_thrift *thrift, unsigned type, unsigned depth);

/* Booleans of lists have a byte, those of fields have none. */
static void skip_element(struct vw_thrift *thrift, unsigned type, unsigned depth)
{
    if (type == TYPE_TRUE || type == TYPE_FALSE)
        pass(thrift, 1);
    else
        skip(thrift, type, depth);
}

static void skip_list(struct vw_thrift *thrift, unsigned type, unsigned depth)
{
    unsigned element;
    size_t count = vw_thrift_list(thrift, type, &element);

    while (count-- > 0 && !thrift->failed)
        skip_element(thrift, element, depth);
}

static void skip_map(struct vw_thrift *thrift, unsigned depth)
{
    uint64_t count = varint(thrift);
    unsigned types = count > 0 ? byte(thrift) : 0;

    while (count-- > 0 && !thrift->failed) {
        skip_element(thrift, types >> 4, depth);
        skip_element(thrift, types & 0x0f, depth);
    }
}

static void skip(struct vw_thrift *thrift, unsigned type, unsigned depth)
{
    struct vw_thrift_field field = {0};

    if (depth > DEPTH_MAX) {
        fail(thrift);
        return;
    }
    switch (type) {
    case TYPE_TRUE:
    case TYPE_FALSE:
        break;
    case TYPE_BYTE:
        pass(thrift, 1);
        break;
    case TYPE_I16:
    case TYPE_I32:
    case TYPE_I64:
        varint(thrift);
        break;
    case TYPE_DOUBLE:
        pass(thrift, 8);
        break;
    case TYPE_BINARY:
        pass(thrift, varint(thrift));
        break;
    case TYPE_LIST:
    case TYPE_SET:
        skip_list(thrift, type, depth + 1);
        break;
    case TYPE_MAP:
        skip_map(thrift, depth + 1);
        break;
    case TYPE_STRUCT:
        while (vw_thrift_next(thrift, &field))
            skip(thrift, field.type, depth + 1);
        break;
    case TYPE_UUID:
        pass(thrift, 16);
        break;
    default:
        fail(thrift);
    }
}

void vw_thrift_skip(struct vw_thrift *thrift, unsigned type)
{
    skip(thrift, type, 0);
}
