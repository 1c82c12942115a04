/*
 * Points of time (CWL_QuerySyntax-operations-functions): bin, datefloor, dateceil, fromMillis,
 * toMillis, now, parseDate, formatDate. A point of time is milliseconds since 1970 that show
 * as a date; now() is seconds.
 */
#include "query/evaluate.h"

/* Beyond, dates are not worked with: a hundred million days, as in JavaScript. */
#define TIME_MAX INT64_C(8640000000000000)

/* What an argument is as a point of time: one, milliseconds, or a date as it is shown. */
static bool take_time(const struct vw_value *value, int64_t *ret_time)
{
    struct vw_number number;
    double real;

    if (vw_value_number(value, &number)) {
        real = vw_number_real(number);
        if (real > (double)TIME_MAX || real < -(double)TIME_MAX)
            return false;
        *ret_time = number.is_integer ? (int64_t)number.integer : (int64_t)real;
        return true;
    }
    return value->kind == VW_VALUE_TEXT &&
           (vw_time_read(value->text, vw_slice_of("yyyy-MM-dd HH:mm:ss.SSS"), 0,
                         ret_time) ||
            vw_time_read(value->text, vw_slice_of("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"), 0,
                         ret_time) ||
            vw_time_read(value->text, vw_slice_of("yyyy-MM-dd'T'HH:mm:ssXXX"), 0,
                         ret_time));
}

static struct vw_value make_time(int64_t time)
{
    return time > TIME_MAX || time < -TIME_MAX ? vw_value_null() : vw_value_time(time);
}

/* `constant` of the call: what `offset` of stats adds. */
static struct vw_value run_bin(struct vw_evaluation *evaluation,
                               const struct vw_expression *call,
                               const struct vw_value *arguments)
{
    int64_t time;

    (void)evaluation;
    if (!take_time(arguments, &time))
        return vw_value_null();
    if (call->constant.kind == VW_VALUE_INTEGER)
        time += (int64_t)call->constant.integer;
    return make_time(vw_period_floor(time, call->period));
}

static struct vw_value run_dateceil(struct vw_evaluation *evaluation,
                                    const struct vw_expression *call,
                                    const struct vw_value *arguments)
{
    int64_t time;

    (void)evaluation;
    if (!take_time(arguments, &time))
        return vw_value_null();
    return make_time(vw_period_ceiling(time, call->period));
}

static struct vw_value run_from_millis(struct vw_evaluation *evaluation,
                                       const struct vw_expression *call,
                                       const struct vw_value *arguments)
{
    int64_t time;

    (void)evaluation;
    (void)call;
    return take_time(arguments, &time) ? make_time(time) : vw_value_null();
}

static struct vw_value run_to_millis(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    int64_t time;

    (void)evaluation;
    (void)call;
    return take_time(arguments, &time) ? vw_value_integer(time) : vw_value_null();
}

static struct vw_value run_now(struct vw_evaluation *evaluation,
                               const struct vw_expression *call,
                               const struct vw_value *arguments)
{
    (void)call;
    (void)arguments;
    return vw_value_integer(evaluation->now / 1000);
}

static bool take_zone(const struct vw_expression *call, const struct vw_value *arguments,
                      int *ret_minutes)
{
    *ret_minutes = 0;
    return call->argument_count < 3 || (arguments[2].kind == VW_VALUE_TEXT &&
                                        vw_zone_offset(arguments[2].text, ret_minutes));
}

static struct vw_value run_parse_date(struct vw_evaluation *evaluation,
                                      const struct vw_expression *call,
                                      const struct vw_value *arguments)
{
    struct vw_slice text = vw_value_string(&arguments[0], evaluation->arena);
    int64_t time;
    int zone;

    if (arguments[1].kind != VW_VALUE_TEXT || !take_zone(call, arguments, &zone) ||
        !vw_time_read(text, arguments[1].text, zone, &time))
        return vw_value_null();
    return make_time(time);
}

static struct vw_value run_format_date(struct vw_evaluation *evaluation,
                                       const struct vw_expression *call,
                                       const struct vw_value *arguments)
{
    struct vw_slice text;
    int64_t time;
    int zone;

    if (!take_time(&arguments[0], &time) || arguments[1].kind != VW_VALUE_TEXT ||
        !take_zone(call, arguments, &zone))
        return vw_value_null();
    text = vw_time_write(time, arguments[1].text, zone, evaluation->arena);
    return vw_value_text(text.data, text.size);
}

static struct vw_value open_time(int64_t time)
{
    return time == VW_QUERY_OPEN ? vw_value_null() : vw_value_integer(time);
}

static struct vw_value run_query_start(struct vw_evaluation *evaluation,
                                       const struct vw_expression *call,
                                       const struct vw_value *arguments)
{
    (void)call;
    (void)arguments;
    return open_time(evaluation->since);
}

static struct vw_value run_query_end(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    (void)call;
    (void)arguments;
    return open_time(evaluation->until);
}

static struct vw_value run_query_range(struct vw_evaluation *evaluation,
                                       const struct vw_expression *call,
                                       const struct vw_value *arguments)
{
    (void)call;
    (void)arguments;
    if (evaluation->since == VW_QUERY_OPEN || evaluation->until == VW_QUERY_OPEN)
        return vw_value_null();
    return vw_value_integer((vw_wide)evaluation->until - evaluation->since);
}

const struct vw_function vw_time_functions[] = {
    {"bin", 1, 1, VW_FUNCTION_BIN, run_bin},
    {"datefloor", 2, 2, VW_FUNCTION_PERIOD, run_bin},
    {"dateceil", 2, 2, VW_FUNCTION_PERIOD, run_dateceil},
    {"fromMillis", 1, 1, VW_FUNCTION_PLAIN, run_from_millis},
    {"toMillis", 1, 1, VW_FUNCTION_PLAIN, run_to_millis},
    {"now", 0, 0, VW_FUNCTION_PLAIN, run_now},
    {"parseDate", 2, 3, VW_FUNCTION_PLAIN, run_parse_date},
    {"formatDate", 2, 3, VW_FUNCTION_PLAIN, run_format_date},
    {"strftime", 2, 3, VW_FUNCTION_PLAIN, run_format_date},
    {"queryStartTime", 0, 0, VW_FUNCTION_PLAIN, run_query_start},
    {"queryEndTime", 0, 0, VW_FUNCTION_PLAIN, run_query_end},
    {"queryTimeRange", 0, 0, VW_FUNCTION_PLAIN, run_query_range},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};
