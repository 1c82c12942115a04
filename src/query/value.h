/*
 * The values of a query: text as it stands in a record, exact integers, doubles, points of
 * time, and lists and maps, which are carried as their JSON text. A text that reads as a
 * number is one wherever a number is asked for: that is how the language treats the fields
 * it finds in records.
 */
#ifndef VW_QUERY_VALUE_H
#define VW_QUERY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digits.h"
#include "base/slice.h"

__extension__ typedef __int128 vw_wide;

enum vw_value_kind {
    VW_VALUE_NULL,
    VW_VALUE_TEXT,
    VW_VALUE_INTEGER,
    VW_VALUE_DOUBLE,
    VW_VALUE_TIME, /* `integer`: milliseconds since 1970 */
    VW_VALUE_JSON  /* `text`: a list or map */
};

struct vw_value {
    union {
        struct vw_slice text;
        vw_wide integer;
        double number;
    };
    enum vw_value_kind kind;
};

/* What a value is as a number. */
struct vw_number {
    vw_wide integer;
    double real; /* where it is no integer */
    bool is_integer;
};

/* Room for any number or time as text. */
#define VW_VALUE_TEXT_SIZE 64

static inline struct vw_value vw_value_null(void)
{
    return (struct vw_value){.kind = VW_VALUE_NULL};
}

static inline struct vw_value vw_value_text(const char *data, size_t size)
{
    return (struct vw_value){.kind = VW_VALUE_TEXT, .text = {data, size}};
}

static inline struct vw_value vw_value_integer(vw_wide integer)
{
    return (struct vw_value){.kind = VW_VALUE_INTEGER, .integer = integer};
}

static inline struct vw_value vw_value_time(int64_t milliseconds)
{
    return (struct vw_value){.kind = VW_VALUE_TIME, .integer = milliseconds};
}

static inline struct vw_value vw_value_truth(bool truth)
{
    return vw_value_integer(truth);
}

/* A double that is a whole number below 2^53 becomes an integer; what is no finite number
 * is null. */
struct vw_value vw_value_double(double number);

struct vw_value vw_value_of(struct vw_number number);

/* Up to 18 digits and nothing else: what nearly every number of a record is. */
static inline bool vw_number_short(struct vw_slice text, uint64_t *ret)
{
    return text.size <= 18 && vw_digits_parse(text.data, text.size, ret);
}

/* Digits with an optional sign, decimals and exponent; nothing else in `text`. */
bool vw_number_parse(struct vw_slice text, struct vw_number *ret);

/* False where the value is no number. */
bool vw_value_number(const struct vw_value *value, struct vw_number *ret);

static inline double vw_number_real(struct vw_number number)
{
    return number.is_integer ? (double)number.integer : number.real;
}

/* <0, 0, >0. */
int vw_number_compare(struct vw_number a, struct vw_number b);

/* The value as text, which may be its own, or written into `buffer`. Null is "". */
struct vw_slice vw_value_print(const struct vw_value *value,
                               char buffer[VW_VALUE_TEXT_SIZE]);

/* As above, where it outlives any buffer. */
struct vw_slice vw_value_string(const struct vw_value *value, struct vw_arena *arena);

/* Whether a filter lets it pass: not null, "", "false" or zero. */
bool vw_value_is_true(const struct vw_value *value);

/* Comparison of the language: as numbers where both are, else as text. False where one is
 * null. */
bool vw_value_compare(const struct vw_value *a, const struct vw_value *b, int *ret);

/* ---- order.c: the order of `sort` ---- */

/* Null first, then texts by chunks of digits and others, then numbers; never 0 for values
 * that print differently. */
int vw_value_order(const struct vw_value *a, const struct vw_value *b);

#endif
