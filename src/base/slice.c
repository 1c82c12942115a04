/* Pieces of text and strict numbers; see slice.h. */
#include "base/slice.h"

#include <string.h>

struct vw_slice vw_slice_of(const char *text)
{
    return (struct vw_slice){text, strlen(text)};
}

bool vw_slice_is(struct vw_slice slice, const char *text)
{
    return strlen(text) == slice.size &&
           (slice.size == 0 || memcmp(slice.data, text, slice.size) == 0);
}

bool vw_slice_starts(struct vw_slice slice, const char *text)
{
    size_t size = strlen(text);

    return size <= slice.size && (size == 0 || memcmp(slice.data, text, size) == 0);
}

bool vw_slice_find(struct vw_slice slice, const char *text, size_t *ret_offset)
{
    size_t size = strlen(text);
    size_t i;

    for (i = 0; size <= slice.size && i <= slice.size - size; i++) {
        if (size == 0 || memcmp(slice.data + i, text, size) == 0) {
            *ret_offset = i;
            return true;
        }
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct vw_slice vw_slice_trim(struct vw_slice slice)
{
    while (slice.size > 0 &&
           (is_blank(slice.data[0]) || slice.data[0] == '\r' || slice.data[0] == '\n')) {
        slice.data++;
        slice.size--;
    }
    while (slice.size > 0) {
        char c = slice.data[slice.size - 1];
        if (!is_blank(c) && c != '\r' && c != '\n')
            break;
        slice.size--;
    }
    return slice;
}

bool vw_slice_word(struct vw_slice *slice, struct vw_slice *ret_word)
{
    size_t start = 0, end;

    while (start < slice->size && is_blank(slice->data[start]))
        start++;
    for (end = start; end < slice->size && !is_blank(slice->data[end]);)
        end++;
    if (end == start)
        return false;
    *ret_word = (struct vw_slice){slice->data + start, end - start};
    slice->data += end;
    slice->size -= end;
    return true;
}

bool vw_slice_u64(struct vw_slice slice, uint64_t maximum, uint64_t *ret)
{
    uint64_t value = 0;
    size_t i;

    if (slice.size == 0)
        return false;
    for (i = 0; i < slice.size; i++) {
        uint64_t digit = (uint64_t)(unsigned char)slice.data[i] - '0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    if (value > maximum)
        return false;
    *ret = value;
    return true;
}

bool vw_slice_i64(struct vw_slice slice, int64_t *ret)
{
    bool minus = slice.size > 0 && slice.data[0] == '-';
    uint64_t value;

    if (minus) {
        slice.data++;
        slice.size--;
    }
    if (!vw_slice_u64(slice, INT64_MAX, &value))
        return false;
    *ret = minus ? -(int64_t)value : (int64_t)value;
    return true;
}

bool vw_slice_seconds(struct vw_slice slice, int64_t *ret_nanoseconds)
{
    struct vw_slice whole = slice, part = {NULL, 0};
    uint64_t seconds, nanoseconds = 0;
    size_t point, i;

    if (vw_slice_find(slice, ".", &point)) {
        whole.size = point;
        part = (struct vw_slice){slice.data + point + 1, slice.size - point - 1};
        if (part.size > 9 || !vw_slice_u64(part, UINT64_MAX, &nanoseconds))
            return false;
        for (i = part.size; i < 9; i++)
            nanoseconds *= 10;
    }
    if (!vw_slice_u64(whole, INT64_MAX / 1000000000 - 1, &seconds))
        return false;
    *ret_nanoseconds = (int64_t)(seconds * 1000000000 + nanoseconds);
    return true;
}
