/* PLAIN values as text; see parquet_page.h. */
#include <endian.h>
#include <string.h>

#include "logs/parquet_page.h"
#include "logs/parquet_text.h"

/* Bytes of a value in the file; 0: it says so itself, or is less than a byte. */
static size_t size_of(enum vw_parquet_type type)
{
    switch (type) {
    case VW_PARQUET_INT32:
    case VW_PARQUET_FLOAT:
        return 4;
    case VW_PARQUET_INT64:
    case VW_PARQUET_DOUBLE:
        return 8;
    case VW_PARQUET_BOOLEAN:
    case VW_PARQUET_BYTE_ARRAY:
    case VW_PARQUET_INT96:
    case VW_PARQUET_FIXED:
    case VW_PARQUET_TYPE_COUNT:
        break;
    }
    return 0;
}

size_t vw_parquet_plain_digits(enum vw_parquet_type type, size_t count)
{
    return size_of(type) > 0 ? count * VW_PARQUET_TEXT_MAX : 0;
}

static uint32_t four_bytes(const unsigned char *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof value);
    return le32toh(value);
}

static uint64_t eight_bytes(const unsigned char *bytes)
{
    uint64_t value;

    memcpy(&value, bytes, sizeof value);
    return le64toh(value);
}

static bool take_byte_arrays(struct vw_parquet_plain *plain, struct vw_slice *to,
                             size_t stride, size_t count)
{
    const unsigned char *at = plain->at;
    size_t i;

    for (i = 0; i < count; i++) {
        size_t left = (size_t)(plain->end - at);
        uint32_t size;
        if (left < sizeof size)
            return false;
        size = four_bytes(at);
        if (size > left - sizeof size)
            return false;
        to[i * stride] = (struct vw_slice){(const char *)at + sizeof size, size};
        at += sizeof size + size;
    }
    plain->at = at;
    return true;
}

static bool take_booleans(struct vw_parquet_plain *plain, struct vw_slice *to,
                          size_t stride, size_t count)
{
    size_t i;

    if ((size_t)(plain->end - plain->at) < (plain->bit + count + 7) / 8)
        return false;
    for (i = 0; i < count; i++) {
        to[i * stride] = vw_slice_of(*plain->at >> plain->bit & 1 ? "true" : "false");
        plain->at += plain->bit == 7;
        plain->bit = (plain->bit + 1) % 8;
    }
    return true;
}

static size_t write_integer32(const unsigned char *at, bool is_unsigned, char *text)
{
    uint32_t value = four_bytes(at);

    return is_unsigned ? vw_parquet_unsigned(value, text)
                       : vw_parquet_signed((int32_t)value, text);
}

static size_t write_integer64(const unsigned char *at, bool is_unsigned, char *text)
{
    uint64_t value = eight_bytes(at);

    return is_unsigned ? vw_parquet_unsigned(value, text)
                       : vw_parquet_signed((int64_t)value, text);
}

static size_t write_real(const unsigned char *at, enum vw_parquet_type type, char *text)
{
    uint32_t single = four_bytes(at);
    uint64_t bits;
    double value;
    float narrow;

    if (type == VW_PARQUET_FLOAT) {
        memcpy(&narrow, &single, sizeof narrow);
        return vw_parquet_single(narrow, text);
    }
    bits = eight_bytes(at);
    memcpy(&value, &bits, sizeof value);
    return vw_parquet_real(value, text);
}

static bool take_numbers(struct vw_parquet_plain *plain, struct vw_slice *to,
                         size_t stride, size_t count, char *digits)
{
    size_t size = size_of(plain->type);
    const unsigned char *at = plain->at;
    size_t i, written;

    if ((size_t)(plain->end - at) / size < count)
        return false;
    for (i = 0; i < count; i++) {
        if (plain->type == VW_PARQUET_INT64)
            written = write_integer64(at, plain->is_unsigned, digits);
        else if (plain->type == VW_PARQUET_INT32)
            written = write_integer32(at, plain->is_unsigned, digits);
        else
            written = write_real(at, plain->type, digits);
        to[i * stride] = (struct vw_slice){digits, written};
        digits += written;
        at += size;
    }
    plain->at = at;
    return true;
}

bool vw_parquet_plain_take(struct vw_parquet_plain *plain, struct vw_slice *to,
                           size_t stride, size_t count, char *digits)
{
    switch (plain->type) {
    case VW_PARQUET_BYTE_ARRAY:
        return take_byte_arrays(plain, to, stride, count);
    case VW_PARQUET_BOOLEAN:
        return take_booleans(plain, to, stride, count);
    case VW_PARQUET_INT32:
    case VW_PARQUET_INT64:
    case VW_PARQUET_FLOAT:
    case VW_PARQUET_DOUBLE:
        return take_numbers(plain, to, stride, count, digits);
    case VW_PARQUET_INT96:
    case VW_PARQUET_FIXED:
    case VW_PARQUET_TYPE_COUNT:
        break;
    }
    return false;
}
