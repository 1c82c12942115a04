/*
 * count, sum, avg, variance, stddev. Whole numbers are added exactly. Others are
 * added as multiples of 2^-60, which loses nothing of a double above 2^-8 and little below:
 * so the sum does not depend on the order of the records, whoever reads them.
 */
#include "query/aggregate.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* What a sum holds beside whole numbers that come to 64 bits. */
struct more {
    vw_wide whole;
    vw_wide parts; /* of 2^-60, less than one */
    double huge;   /* of numbers that 96 bits do not hold */
};

struct sum {
    int64_t whole;
    union {
        uintptr_t state; /* UNSEEN, PLAIN, or else: */
        struct more *more;
    };
};

/* No number at all; none but whole ones that come to 64 bits. */
enum { UNSEEN, PLAIN };

static bool has_more(const struct sum *sum)
{
    return sum->state > PLAIN;
}

#define FRACTION_BITS 60
/* Beyond, a number is counted as huge. */
#define WHOLE_MAX 0x1p93

static bool fits(vw_wide whole)
{
    vw_wide most = (vw_wide)1 << 94;

    return whole < most && whole > -most;
}

/* NULL when out of memory. */
static struct more *more_of(struct sum *sum, struct vw_arena *arena)
{
    if (!has_more(sum)) {
        struct more *more = vw_arena_alloc(arena, sizeof *more);

        if (more)
            sum->more = more;
        return more;
    }
    return sum->more;
}

static int add_huge(struct sum *sum, double number, struct vw_arena *arena)
{
    struct more *more = more_of(sum, arena);

    if (!more)
        return VW_ERROR_NO_MEMORY;
    more->huge += number;
    return 0;
}

/* A number that fits: 2^32 of them come to less than 128 bits hold. */
static int add_wide(struct sum *sum, vw_wide number, struct vw_arena *arena)
{
    struct more *more = more_of(sum, arena);

    if (!more)
        return VW_ERROR_NO_MEMORY;
    more->whole += number;
    return 0;
}

static inline int add_few(struct sum *sum, int64_t number, struct vw_arena *arena)
{
    int64_t whole;

    if (__builtin_add_overflow(sum->whole, number, &whole))
        return add_wide(sum, number, arena);
    sum->whole = whole;
    if (sum->state == UNSEEN)
        sum->state = PLAIN;
    return 0;
}

static int add_whole(struct sum *sum, vw_wide number, struct vw_arena *arena)
{
    if ((int64_t)number == number)
        return add_few(sum, (int64_t)number, arena);
    return fits(number) ? add_wide(sum, number, arena)
                        : add_huge(sum, (double)number, arena);
}

static int add_parts(struct sum *sum, vw_wide parts, struct vw_arena *arena)
{
    struct more *more = more_of(sum, arena);
    vw_wide one = (vw_wide)1 << FRACTION_BITS, whole;

    if (!more)
        return VW_ERROR_NO_MEMORY;
    more->parts += parts;
    whole = more->parts / one;
    more->parts -= whole * one;
    return add_whole(sum, whole, arena);
}

static int add_number(struct sum *sum, struct vw_number number, struct vw_arena *arena)
{
    if (number.is_integer)
        return add_whole(sum, number.integer, arena);
    if (fabs(number.real) >= WHOLE_MAX)
        return add_huge(sum, number.real, arena);
    if (fabs(number.real) >= 0x1p53)
        return add_whole(sum, (vw_wide)number.real, arena);
    return add_parts(sum, (vw_wide)ldexp(number.real, FRACTION_BITS), arena);
}

static int sum_update(void *state, const struct vw_value *value,
                      const struct vw_moment *moment, struct vw_arena *arena)
{
    struct vw_number number;

    (void)moment;
    if (value->kind == VW_VALUE_INTEGER)
        return add_whole(state, value->integer, arena);
    return vw_value_number(value, &number) ? add_number(state, number, arena) : 0;
}

static int sum_add(void *state, int64_t integer, struct vw_arena *arena)
{
    return add_few(state, integer, arena);
}

static vw_wide whole_of(const struct sum *sum)
{
    return has_more(sum) ? sum->whole + sum->more->whole : sum->whole;
}

static long double real_sum(const struct sum *sum)
{
    long double real = (long double)whole_of(sum);

    if (has_more(sum))
        real += ldexpl((long double)sum->more->parts, -FRACTION_BITS) +
                (long double)sum->more->huge;
    return real;
}

static bool is_whole(const struct sum *sum)
{
    return !has_more(sum) || (sum->more->parts == 0 && sum->more->huge == 0 &&
                              fits(sum->whole + sum->more->whole));
}

static struct vw_value sum_finish(const void *state, const struct vw_expression *call,
                                  struct vw_arena *arena)
{
    const struct sum *sum = state;

    (void)call;
    (void)arena;
    if (sum->state == UNSEEN)
        return vw_value_null();
    return is_whole(sum) ? vw_value_integer(whole_of(sum))
                         : vw_value_double((double)real_sum(sum));
}

/* ---- count ---- */

static int count_update(void *state, const struct vw_value *value,
                        const struct vw_moment *moment, struct vw_arena *arena)
{
    uint64_t *count = state;

    (void)value;
    (void)moment;
    (void)arena;
    ++*count;
    return 0;
}

static int count_add(void *state, int64_t integer, struct vw_arena *arena)
{
    uint64_t *count = state;

    (void)integer;
    (void)arena;
    ++*count;
    return 0;
}

static struct vw_value count_finish(const void *state, const struct vw_expression *call,
                                    struct vw_arena *arena)
{
    const uint64_t *count = state;

    (void)call;
    (void)arena;
    return vw_value_integer(*count);
}

/* ---- avg ---- */

struct average {
    struct sum sum;
    uint64_t count;
};

static int average_update(void *state, const struct vw_value *value,
                          const struct vw_moment *moment, struct vw_arena *arena)
{
    struct average *average = state;
    struct vw_number number;

    (void)moment;
    if (!vw_value_number(value, &number))
        return 0;
    average->count++;
    return add_number(&average->sum, number, arena);
}

static int average_add(void *state, int64_t integer, struct vw_arena *arena)
{
    struct average *average = state;

    average->count++;
    return add_few(&average->sum, integer, arena);
}

static struct vw_value average_finish(const void *state, const struct vw_expression *call,
                                      struct vw_arena *arena)
{
    const struct average *average = state;

    (void)call;
    (void)arena;
    if (average->count == 0)
        return vw_value_null();
    return vw_value_double((double)(real_sum(&average->sum) / average->count));
}

/* ---- variance and stddev, of the whole population ---- */

/* 113 bits: the square of a double is exact, and what rounding loses does not show. */
#if LDBL_MANT_DIG >= 113
typedef long double quad;
#else
__extension__ typedef __float128 quad;
#endif

struct spread {
    uint64_t count;
    unsigned char sum[sizeof(quad)], squares[sizeof(quad)]; /* states are aligned to 8 */
};

static void add_quad(unsigned char *place, quad number)
{
    quad sum;

    memcpy(&sum, place, sizeof sum);
    sum += number;
    memcpy(place, &sum, sizeof sum);
}

static quad get_quad(const unsigned char *place)
{
    quad number;

    memcpy(&number, place, sizeof number);
    return number;
}

static int spread_update(void *state, const struct vw_value *value,
                         const struct vw_moment *moment, struct vw_arena *arena)
{
    struct spread *spread = state;
    struct vw_number number;
    quad real;

    (void)moment;
    (void)arena;
    if (!vw_value_number(value, &number))
        return 0;
    real = number.is_integer ? (quad)number.integer : (quad)number.real;
    spread->count++;
    add_quad(spread->sum, real);
    add_quad(spread->squares, real * real);
    return 0;
}

static double variance(const struct spread *spread)
{
    quad count = (quad)spread->count, mean = get_quad(spread->sum) / count;
    quad value = get_quad(spread->squares) / count - mean * mean;

    return value > 0 ? (double)value : 0;
}

static struct vw_value variance_finish(const void *state,
                                       const struct vw_expression *call,
                                       struct vw_arena *arena)
{
    const struct spread *spread = state;

    (void)call;
    (void)arena;
    return spread->count ? vw_value_double(variance(spread)) : vw_value_null();
}

static struct vw_value deviation_finish(const void *state,
                                        const struct vw_expression *call,
                                        struct vw_arena *arena)
{
    const struct spread *spread = state;

    (void)call;
    (void)arena;
    return spread->count ? vw_value_double(sqrt(variance(spread))) : vw_value_null();
}

#define NUMBERS(name, state, update, add, finish)                                        \
    {                                                                                    \
        name, VW_AGGREGATOR_ONE, sizeof(state), false, true, update, finish, NULL, add   \
    }
#define COUNT(name)                                                                      \
    {                                                                                    \
        name, VW_AGGREGATOR_COUNT, sizeof(uint64_t), false, false, count_update,         \
            count_finish, NULL, count_add                                                \
    }

const struct vw_aggregator vw_sum_aggregators[] = {
    COUNT("count"),
    COUNT("countOverTime"),
    NUMBERS("sum", struct sum, sum_update, sum_add, sum_finish),
    NUMBERS("sumOverTime", struct sum, sum_update, sum_add, sum_finish),
    NUMBERS("avg", struct average, average_update, average_add, average_finish),
    NUMBERS("variance", struct spread, spread_update, NULL, variance_finish),
    NUMBERS("stddev", struct spread, spread_update, NULL, deviation_finish),
    {NULL, VW_AGGREGATOR_ONE, 0, false, false, NULL, NULL, NULL, NULL},
};
