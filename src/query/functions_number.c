/*
 * Numeric functions (CWL_QuerySyntax-operations-functions). What is no number gives null;
 * greatest and least pass over it.
 */
#include "query/evaluate.h"

#include <math.h>

/* Mean radius of the earth, in kilometres. */
#define EARTH_RADIUS 6371.0
#define DEGREE (3.14159265358979323846 / 180)
#define ROUND_DIGITS_MAX 15

static struct vw_value run_abs(struct vw_evaluation *evaluation,
                               const struct vw_expression *call,
                               const struct vw_value *arguments)
{
    struct vw_number number;

    (void)evaluation;
    (void)call;
    if (!vw_value_number(arguments, &number))
        return vw_value_null();
    if (number.is_integer)
        return vw_value_integer(number.integer < 0 ? -number.integer : number.integer);
    return vw_value_double(fabs(number.real));
}

static struct vw_value real_function(const struct vw_value *argument,
                                     double (*function)(double), bool whole)
{
    struct vw_number number;

    if (!vw_value_number(argument, &number))
        return vw_value_null();
    if (whole && number.is_integer)
        return vw_value_integer(number.integer);
    return vw_value_double(function(vw_number_real(number)));
}

#define REAL_FUNCTION(name, function, whole)                                             \
    static struct vw_value name(struct vw_evaluation *evaluation,                        \
                                const struct vw_expression *call,                        \
                                const struct vw_value *arguments)                        \
    {                                                                                    \
        (void)evaluation;                                                                \
        (void)call;                                                                      \
        return real_function(arguments, function, whole);                                \
    }

REAL_FUNCTION(run_ceil, ceil, true)
REAL_FUNCTION(run_floor, floor, true)
REAL_FUNCTION(run_log, log, false)
REAL_FUNCTION(run_sqrt, sqrt, false)
REAL_FUNCTION(run_to_integer, trunc, true)

static struct vw_value run_number(struct vw_evaluation *evaluation,
                                  const struct vw_expression *call,
                                  const struct vw_value *arguments)
{
    struct vw_number number;

    (void)evaluation;
    (void)call;
    return vw_value_number(arguments, &number) ? vw_value_of(number) : vw_value_null();
}

static struct vw_value extreme(const struct vw_expression *call,
                               const struct vw_value *arguments, int sign)
{
    struct vw_value best = vw_value_null();
    struct vw_number least = {0}, number;
    size_t i;

    for (i = 0; i < call->argument_count; i++) {
        if (!vw_value_number(&arguments[i], &number))
            continue;
        if (best.kind == VW_VALUE_NULL || vw_number_compare(number, least) * sign > 0) {
            least = number;
            best =
                arguments[i].kind == VW_VALUE_TIME ? arguments[i] : vw_value_of(number);
        }
    }
    return best;
}

static struct vw_value run_greatest(struct vw_evaluation *evaluation,
                                    const struct vw_expression *call,
                                    const struct vw_value *arguments)
{
    (void)evaluation;
    return extreme(call, arguments, 1);
}

static struct vw_value run_least(struct vw_evaluation *evaluation,
                                 const struct vw_expression *call,
                                 const struct vw_value *arguments)
{
    (void)evaluation;
    return extreme(call, arguments, -1);
}

/* round(a) or round(a, digits); halves go away from zero. */
static struct vw_value run_round(struct vw_evaluation *evaluation,
                                 const struct vw_expression *call,
                                 const struct vw_value *arguments)
{
    struct vw_number number, digits = {0, 0, true};
    double scale;

    (void)evaluation;
    if (!vw_value_number(arguments, &number) ||
        (call->argument_count > 1 && !vw_value_number(&arguments[1], &digits)) ||
        !digits.is_integer || digits.integer > ROUND_DIGITS_MAX ||
        digits.integer < -ROUND_DIGITS_MAX)
        return vw_value_null();
    if (number.is_integer && digits.integer >= 0)
        return vw_value_integer(number.integer);
    scale = pow(10, (double)(digits.integer < 0 ? -digits.integer : digits.integer));
    if (digits.integer < 0)
        return vw_value_double(round(vw_number_real(number) / scale) * scale);
    return vw_value_double(round(number.real * scale) / scale);
}

/* Kilometres between two points: haversine(lat1, lon1, lat2, lon2), in degrees. */
static struct vw_value run_haversine(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    double degrees[4], half_latitude, half_longitude, chord;
    struct vw_number number;
    size_t i;

    (void)evaluation;
    (void)call;
    for (i = 0; i < 4; i++) {
        if (!vw_value_number(&arguments[i], &number))
            return vw_value_null();
        degrees[i] = vw_number_real(number) * DEGREE;
    }
    half_latitude = sin((degrees[2] - degrees[0]) / 2);
    half_longitude = sin((degrees[3] - degrees[1]) / 2);
    chord = half_latitude * half_latitude +
            cos(degrees[0]) * cos(degrees[2]) * half_longitude * half_longitude;
    return vw_value_double(2 * EARTH_RADIUS * asin(sqrt(fmin(chord, 1))));
}

const struct vw_function vw_number_functions[] = {
    {"abs", 1, 1, VW_FUNCTION_PLAIN, run_abs},
    {"ceil", 1, 1, VW_FUNCTION_PLAIN, run_ceil},
    {"floor", 1, 1, VW_FUNCTION_PLAIN, run_floor},
    {"greatest", 1, VW_QUERY_ARGUMENTS_MAX, VW_FUNCTION_PLAIN, run_greatest},
    {"least", 1, VW_QUERY_ARGUMENTS_MAX, VW_FUNCTION_PLAIN, run_least},
    {"log", 1, 1, VW_FUNCTION_PLAIN, run_log},
    {"round", 1, 2, VW_FUNCTION_PLAIN, run_round},
    {"sqrt", 1, 1, VW_FUNCTION_PLAIN, run_sqrt},
    {"haversine", 4, 4, VW_FUNCTION_PLAIN, run_haversine},
    {"toNumber", 1, 1, VW_FUNCTION_PLAIN, run_number},
    {"toInt", 1, 1, VW_FUNCTION_PLAIN, run_to_integer},
    {"toLong", 1, 1, VW_FUNCTION_PLAIN, run_to_integer},
    {"toDouble", 1, 1, VW_FUNCTION_PLAIN, run_number},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};
