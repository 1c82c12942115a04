/*
 * Milliseconds since 1970 and the calendar: the points of time of queries, their text, and
 * periods such as 5m. All in UTC, but for a zone given as an offset.
 */
#ifndef VW_QUERY_CALENDAR_H
#define VW_QUERY_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/slice.h"

struct vw_civil {
    int64_t year;
    int month, day;                        /* from 1 */
    int hour, minute, second, millisecond; /* from 0 */
    int weekday;                           /* 0 is Monday */
    int day_of_year;                       /* from 1 */
};

/* Units of periods: name, milliseconds (0: whole months), months. */
#define VW_PERIOD_UNIT_LIST(X)                                                           \
    X(VW_PERIOD_MILLISECOND, 1, 0)                                                       \
    X(VW_PERIOD_SECOND, 1000, 0)                                                         \
    X(VW_PERIOD_MINUTE, 60000, 0)                                                        \
    X(VW_PERIOD_HOUR, 3600000, 0)                                                        \
    X(VW_PERIOD_DAY, 86400000, 0)                                                        \
    X(VW_PERIOD_WEEK, 604800000, 0)                                                      \
    X(VW_PERIOD_MONTH, 0, 1)                                                             \
    X(VW_PERIOD_QUARTER, 0, 3)                                                           \
    X(VW_PERIOD_YEAR, 0, 12)

enum vw_period_unit {
#define VW_X(name, milliseconds, months) name,
    VW_PERIOD_UNIT_LIST(VW_X)
#undef VW_X
};

struct vw_period {
    int64_t count; /* at least 1 */
    enum vw_period_unit unit;
};

#define VW_PERIOD_COUNT_MAX 1000000

struct vw_civil vw_civil_of(int64_t milliseconds);

/* Fields out of their range carry over; only the date's are read as they stand. */
int64_t vw_civil_time(const struct vw_civil *civil);

/* "2019-10-30 11:01:03.000", as query results show it. */
struct vw_slice vw_time_print(int64_t milliseconds, char *buffer);

/* "5m", "1 hour": the word's unit. */
bool vw_period_unit_of(struct vw_slice word, enum vw_period_unit *ret);

/* As `bin` has it: ms up to 1000, s and m up to 60, h up to 24; more acts as that many. */
struct vw_period vw_period_capped(struct vw_period period);

/* Its length; of months that of 30 days each. */
int64_t vw_period_milliseconds(struct vw_period period);

/* The start of the period that `time` is in; weeks begin on Mondays. */
int64_t vw_period_floor(int64_t time, struct vw_period period);

/* The same, `time` where one begins there, else the start of the next. */
int64_t vw_period_ceiling(int64_t time, struct vw_period period);

/* The start of the period after that which begins at `start`. */
int64_t vw_period_next(int64_t start, struct vw_period period);

/* "UTC", "Z", "GMT", "+05:30", "-0800": minutes east of Greenwich. */
bool vw_zone_offset(struct vw_slice zone, int *ret_minutes);

/* A pattern with '%' is one of strftime, else of Java ("yyyy-MM-dd HH:mm:ss"). */
struct vw_slice vw_time_write(int64_t time, struct vw_slice pattern, int zone_minutes,
                              struct vw_arena *arena);
bool vw_time_read(struct vw_slice text, struct vw_slice pattern, int zone_minutes,
                  int64_t *ret_time);

#endif
