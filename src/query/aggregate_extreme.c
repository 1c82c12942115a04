/*
 * max, min, sortsFirst, sortsLast, earliest, latest, rate. max and min are of numbers, as long
 * as there are any ("-" in a record is none); without, of texts in natural order.
 */
#include "query/aggregate.h"

#include <string.h>

#include <vpcwhy/error.h>

/* A value that a state keeps; states are aligned to 8 bytes, values to 16, so it is copied
 * in and out. */
struct kept {
    unsigned char value[sizeof(struct vw_value)];
    char *text; /* the arena's; room for more than one text after the other */
    size_t room;
    uint64_t seen;
};

static struct vw_value get(const struct kept *kept)
{
    struct vw_value value;

    memcpy(&value, kept->value, sizeof value);
    return value;
}

static int keep(struct kept *kept, struct vw_value value, struct vw_arena *arena)
{
    if (value.kind == VW_VALUE_TEXT || value.kind == VW_VALUE_JSON) {
        if (value.text.size > kept->room || !kept->text) {
            size_t room = value.text.size * 2 + 16;
            char *text = vw_arena_text(arena, room);

            if (!text)
                return VW_ERROR_NO_MEMORY;
            kept->text = text;
            kept->room = room;
        }
        if (value.text.size)
            memcpy(kept->text, value.text.data, value.text.size);
        value.text.data = kept->text;
    }
    memcpy(kept->value, &value, sizeof value);
    kept->seen = 1;
    return 0;
}

static struct vw_value kept_finish(const void *state, const struct vw_expression *call,
                                   struct vw_arena *arena)
{
    const struct kept *kept = state;

    (void)call;
    (void)arena;
    return kept->seen ? get(kept) : vw_value_null();
}

/* Whether `value` is to stand in the place of what is kept: first in `sign` times the natural
 * order. */
static bool sorts_before(const struct kept *kept, const struct vw_value *value, int sign)
{
    struct vw_value held;

    if (!kept->seen)
        return true;
    held = get(kept);
    return vw_value_order(value, &held) * sign < 0;
}

/* Numbers go before all texts, whichever end is sought. */
static bool is_better(const struct kept *kept, const struct vw_value *value, int sign)
{
    struct vw_number number, held_number;
    struct vw_value held;
    bool is_number, held_is_number;

    if (!kept->seen)
        return true;
    held = get(kept);
    is_number = vw_value_number(value, &number);
    held_is_number = vw_value_number(&held, &held_number);
    if (is_number != held_is_number)
        return is_number;
    return vw_value_order(value, &held) * sign < 0;
}

#define ORDERED(name, better, sign)                                                      \
    static int name##_update(void *state, const struct vw_value *value,                  \
                             const struct vw_moment *moment, struct vw_arena *arena)     \
    {                                                                                    \
        (void)moment;                                                                    \
        if (!better(state, value, sign))                                                 \
            return 0;                                                                    \
        return keep(state, *value, arena);                                               \
    }

ORDERED(minimum, is_better, 1)
ORDERED(maximum, is_better, -1)
ORDERED(first, sorts_before, 1)
ORDERED(last, sorts_before, -1)

/* A number shows as one: max of "007" is 7. */
static struct vw_value extreme_finish(const void *state, const struct vw_expression *call,
                                      struct vw_arena *arena)
{
    struct vw_value value = kept_finish(state, call, arena);
    struct vw_number number;

    if (value.kind == VW_VALUE_TEXT && vw_value_number(&value, &number))
        return vw_value_of(number);
    return value;
}

/* ---- by time ---- */

struct timed {
    struct kept kept;
    struct vw_moment moment;
};

static int timed_update(struct timed *timed, const struct vw_value *value,
                        const struct vw_moment *moment, struct vw_arena *arena, int sign)
{
    if (timed->kept.seen && vw_moment_compare(moment, &timed->moment) * sign >= 0)
        return 0;
    timed->moment = *moment;
    return keep(&timed->kept, *value, arena);
}

static int earliest_update(void *state, const struct vw_value *value,
                           const struct vw_moment *moment, struct vw_arena *arena)
{
    return timed_update(state, value, moment, arena, 1);
}

static int latest_update(void *state, const struct vw_value *value,
                         const struct vw_moment *moment, struct vw_arena *arena)
{
    return timed_update(state, value, moment, arena, -1);
}

/* ---- rate: how fast a counter grew, from its earliest to its latest value ---- */

struct rate {
    struct timed earliest, latest;
};

static int rate_update(void *state, const struct vw_value *value,
                       const struct vw_moment *moment, struct vw_arena *arena)
{
    struct rate *rate = state;
    struct vw_number number;
    int error;

    if (!vw_value_number(value, &number) || moment->time == INT64_MIN)
        return 0;
    error = timed_update(&rate->earliest, value, moment, arena, 1);
    return error ? error : timed_update(&rate->latest, value, moment, arena, -1);
}

static struct vw_value rate_finish(const void *state, const struct vw_expression *call,
                                   struct vw_arena *arena)
{
    const struct rate *rate = state;
    struct vw_value first, last;
    struct vw_number from, to;
    double elapsed;

    (void)arena;
    if (!rate->earliest.kept.seen)
        return vw_value_null();
    first = get(&rate->earliest.kept);
    last = get(&rate->latest.kept);
    elapsed = (double)(rate->latest.moment.time - rate->earliest.moment.time) / 1e6;
    if (!vw_value_number(&first, &from) || !vw_value_number(&last, &to) || elapsed <= 0)
        return vw_value_null();
    return vw_value_double((vw_number_real(to) - vw_number_real(from)) / elapsed *
                           (double)vw_period_milliseconds(call->arguments[1]->period));
}

#define KEPT(name, update, finish)                                                       \
    {                                                                                    \
        name, VW_AGGREGATOR_ONE, sizeof(struct kept), false, false, update, finish,      \
            NULL, NULL                                                                   \
    }
#define TIMED(name, update)                                                              \
    {                                                                                    \
        name, VW_AGGREGATOR_ONE, sizeof(struct timed), true, false, update, kept_finish, \
            NULL, NULL                                                                   \
    }

const struct vw_aggregator vw_extreme_aggregators[] = {
    KEPT("max", maximum_update, extreme_finish),
    KEPT("min", minimum_update, extreme_finish),
    KEPT("sortsFirst", first_update, kept_finish),
    KEPT("sortsLast", last_update, kept_finish),
    TIMED("earliest", earliest_update),
    TIMED("latest", latest_update),
    {"rate", VW_AGGREGATOR_PERIOD, sizeof(struct rate), true, false, rate_update,
     rate_finish, NULL, NULL},
    {NULL, VW_AGGREGATOR_ONE, 0, false, false, NULL, NULL, NULL, NULL},
};
