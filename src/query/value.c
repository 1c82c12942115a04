/* Values as numbers, text and truth; see value.h. */
#include "query/value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/calendar.h"

/* Integers beyond are not told apart by a double. */
#define DOUBLE_WHOLE_MAX 9007199254740992.0
/* More digits than this overflow 128 bits. */
#define INTEGER_DIGITS_MAX 38
/* A longer text of a number is not looked at. */
#define NUMBER_TEXT_MAX 64

struct vw_value vw_value_double(double number)
{
    if (!isfinite(number))
        return vw_value_null();
    if (fabs(number) < DOUBLE_WHOLE_MAX && number == trunc(number))
        return vw_value_integer((vw_wide)number);
    return (struct vw_value){.kind = VW_VALUE_DOUBLE, .number = number};
}

struct vw_value vw_value_of(struct vw_number number)
{
    return number.is_integer ? vw_value_integer(number.integer)
                             : vw_value_double(number.real);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(struct vw_slice text, size_t at)
{
    while (at < text.size && is_digit(text.data[at]))
        at++;
    return at;
}

/* A sign, digits, a point, an exponent: everything but blanks, "inf" and hexadecimals,
 * which strtod takes too. */
static bool is_decimal(struct vw_slice text)
{
    size_t at = text.size > 0 && (text.data[0] == '-' || text.data[0] == '+'), from = at;
    size_t digits;

    at = skip_digits(text, at);
    digits = at - from;
    if (at < text.size && text.data[at] == '.') {
        from = ++at;
        at = skip_digits(text, at);
        digits += at - from;
    }
    if (digits == 0)
        return false;
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        if (at < text.size && (text.data[at] == '-' || text.data[at] == '+'))
            at++;
        from = at;
        at = skip_digits(text, at);
        if (at == from)
            return false;
    }
    return at == text.size;
}

static bool parse_real(struct vw_slice text, struct vw_number *ret)
{
    char buffer[NUMBER_TEXT_MAX + 1];

    if (text.size > NUMBER_TEXT_MAX || !is_decimal(text))
        return false;
    memcpy(buffer, text.data, text.size);
    buffer[text.size] = '\0';
    ret->real = strtod(buffer, NULL);
    ret->is_integer = false;
    if (!isfinite(ret->real))
        return false;
    if (fabs(ret->real) < DOUBLE_WHOLE_MAX && ret->real == trunc(ret->real)) {
        ret->integer = (vw_wide)ret->real;
        ret->is_integer = true;
    }
    return true;
}

static bool parse_long(struct vw_slice text, bool minus, struct vw_number *ret)
{
    vw_wide integer = 0;
    size_t i;

    for (i = minus; i < text.size; i++) {
        if (!is_digit(text.data[i]) || i - minus == INTEGER_DIGITS_MAX)
            return parse_real(text, ret);
        integer = integer * 10 + (text.data[i] - '0');
    }
    *ret = (struct vw_number){minus ? -integer : integer, 0, true};
    return true;
}

bool vw_number_parse(struct vw_slice text, struct vw_number *ret)
{
    bool minus = text.size > 1 && text.data[0] == '-';
    struct vw_slice digits = {text.data + minus, text.size - minus};
    uint64_t number;

    if (!vw_number_short(digits, &number))
        return text.size > 0 && parse_long(text, minus, ret);
    ret->integer = minus ? -(vw_wide)number : (vw_wide)number;
    ret->is_integer = true;
    return true;
}

bool vw_value_number(const struct vw_value *value, struct vw_number *ret)
{
    switch (value->kind) {
    case VW_VALUE_TEXT:
        return vw_number_parse(value->text, ret);
    case VW_VALUE_INTEGER:
    case VW_VALUE_TIME:
        *ret = (struct vw_number){value->integer, 0, true};
        return true;
    case VW_VALUE_DOUBLE:
        *ret = (struct vw_number){0, value->number, false};
        return true;
    case VW_VALUE_NULL:
    case VW_VALUE_JSON:
        break;
    }
    return false;
}

int vw_number_compare(struct vw_number a, struct vw_number b)
{
    double x, y;

    if (a.is_integer && b.is_integer)
        return (a.integer > b.integer) - (a.integer < b.integer);
    x = vw_number_real(a);
    y = vw_number_real(b);
    return (x > y) - (x < y);
}

static struct vw_slice print_integer(vw_wide integer, char buffer[VW_VALUE_TEXT_SIZE])
{
    size_t at = VW_VALUE_TEXT_SIZE;
    bool minus = integer < 0;

    do {
        int digit = (int)(integer % 10);

        buffer[--at] = (char)('0' + (digit < 0 ? -digit : digit));
        integer /= 10;
    } while (integer != 0);
    if (minus)
        buffer[--at] = '-';
    return (struct vw_slice){&buffer[at], VW_VALUE_TEXT_SIZE - at};
}

/* The shortest text that reads back as the same number. */
static struct vw_slice print_double(double number, char buffer[VW_VALUE_TEXT_SIZE])
{
    int precision, size = 0;

    for (precision = 15; precision <= 17; precision++) {
        size = snprintf(buffer, VW_VALUE_TEXT_SIZE, "%.*g", precision, number);
        if (strtod(buffer, NULL) == number)
            break;
    }
    return (struct vw_slice){buffer, (size_t)size};
}

struct vw_slice vw_value_print(const struct vw_value *value,
                               char buffer[VW_VALUE_TEXT_SIZE])
{
    switch (value->kind) {
    case VW_VALUE_NULL:
        return (struct vw_slice){"", 0};
    case VW_VALUE_TEXT:
    case VW_VALUE_JSON:
        return value->text;
    case VW_VALUE_INTEGER:
        return print_integer(value->integer, buffer);
    case VW_VALUE_DOUBLE:
        return print_double(value->number, buffer);
    case VW_VALUE_TIME:
        return vw_time_print((int64_t)value->integer, buffer);
    }
    return (struct vw_slice){"", 0};
}

struct vw_slice vw_value_string(const struct vw_value *value, struct vw_arena *arena)
{
    char buffer[VW_VALUE_TEXT_SIZE];
    struct vw_slice text = vw_value_print(value, buffer);
    char *copy;

    if (value->kind == VW_VALUE_TEXT || value->kind == VW_VALUE_JSON)
        return text;
    copy = vw_arena_copy(arena, text.data, text.size);
    return (struct vw_slice){copy ? copy : "", copy ? text.size : 0};
}

bool vw_value_is_true(const struct vw_value *value)
{
    struct vw_number number;

    if (value->kind == VW_VALUE_NULL)
        return false;
    if (vw_value_number(value, &number))
        return number.is_integer ? number.integer != 0 : number.real != 0;
    return value->text.size > 0 && !vw_slice_is(value->text, "false");
}

static int compare_text(struct vw_slice a, struct vw_slice b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size ? memcmp(a.data, b.data, size) : 0;

    return order ? order : (a.size > b.size) - (a.size < b.size);
}

bool vw_value_compare(const struct vw_value *a, const struct vw_value *b, int *ret)
{
    char left[VW_VALUE_TEXT_SIZE], right[VW_VALUE_TEXT_SIZE];
    struct vw_number x, y;

    if (a->kind == VW_VALUE_NULL || b->kind == VW_VALUE_NULL)
        return false;
    if (vw_value_number(a, &x) && vw_value_number(b, &y))
        *ret = vw_number_compare(x, y);
    else
        *ret = compare_text(vw_value_print(a, left), vw_value_print(b, right));
    return true;
}
