/*
 * What AWS says (CWL_QuerySyntax-Sort): sort uses the natural order. Ascending, all
 * non-numbers come before all numbers; numbers by value; of non-numbers, chunks of digits
 * and of other characters are compared one by one, digits by length and then by value,
 * others by Unicode. Descending is the reverse.
 *
 * What we do: that, with null before everything. Numbers are those that the language counts
 * with, so "1.5" and "-3" are some. Values that differ in text alone ("1" and "01") are kept
 * apart by it, so that the order never depends on which came first.
 */
#include "query/value.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits_at(struct vw_slice text, size_t at)
{
    size_t end = at;

    while (end < text.size && is_digit(text.data[end]))
        end++;
    return end - at;
}

/* UTF-8 sorts by bytes as Unicode does by code points. */
static int order_chunks(struct vw_slice a, struct vw_slice b)
{
    size_t i = 0, j = 0;

    while (i < a.size && j < b.size) {
        size_t left = digits_at(a, i), right = digits_at(b, j);
        int order;

        if (left && right) {
            if (left != right)
                return left < right ? -1 : 1;
            order = memcmp(a.data + i, b.data + j, left);
            i += left;
            j += right;
        } else {
            order = (int)(unsigned char)a.data[i++] - (int)(unsigned char)b.data[j++];
        }
        if (order)
            return order;
    }
    return (i < a.size) - (j < b.size);
}

static int rank(const struct vw_value *value, struct vw_number *ret_number)
{
    if (value->kind == VW_VALUE_NULL)
        return 0;
    return vw_value_number(value, ret_number) ? 2 : 1;
}

/* Numbers of one value, as texts: "01" before "1". */
static int order_texts(const struct vw_value *a, const struct vw_value *b)
{
    char left[VW_VALUE_TEXT_SIZE], right[VW_VALUE_TEXT_SIZE];
    struct vw_slice x = vw_value_print(a, left), y = vw_value_print(b, right);
    size_t size = x.size < y.size ? x.size : y.size;
    int order = size ? memcmp(x.data, y.data, size) : 0;

    return order ? order : (x.size > y.size) - (x.size < y.size);
}

int vw_value_order(const struct vw_value *a, const struct vw_value *b)
{
    struct vw_number x, y;
    int left, right, order;

    if (a->kind == VW_VALUE_INTEGER && b->kind == VW_VALUE_INTEGER)
        return (a->integer > b->integer) - (a->integer < b->integer);
    left = rank(a, &x);
    right = rank(b, &y);
    if (left != right)
        return left - right;
    if (left == 0)
        return 0;
    if (left == 1)
        return order_chunks(a->text, b->text);
    order = vw_number_compare(x, y);
    return order ? order : order_texts(a, b);
}
