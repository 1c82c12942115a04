/* Dates and periods; see calendar.h. Calendar arithmetic after H. Hinnant's "days from
 * civil". */
#include "query/calendar.h"

#include <stdio.h>

#include "query/value.h"

#define DAY_MS INT64_C(86400000)
/* Times are kept within these many years, so that no arithmetic overflows. */
#define YEAR_MAX INT64_C(200000)

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_divide(y, 400), year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
           day_of_year - 719468;
}

static void civil_from_days(int64_t days, struct vw_civil *ret)
{
    int64_t era = floor_divide(days + 719468, 146097);
    int64_t day_of_era = days + 719468 - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t mp = (5 * day_of_year + 2) / 153;

    ret->day = (int)(day_of_year - (153 * mp + 2) / 5 + 1);
    ret->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    ret->year = year_of_era + era * 400 + (ret->month <= 2);
    ret->day_of_year = (int)(days - days_from_civil(ret->year, 1, 1)) + 1;
    ret->weekday = (int)(((days + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

struct vw_civil vw_civil_of(int64_t milliseconds)
{
    struct vw_civil civil;
    int64_t days = floor_divide(milliseconds, DAY_MS);
    int clock = (int)(milliseconds - days * DAY_MS);

    civil_from_days(days, &civil);
    civil.hour = clock / 3600000;
    civil.minute = clock / 60000 % 60;
    civil.second = clock / 1000 % 60;
    civil.millisecond = clock % 1000;
    return civil;
}

int64_t vw_civil_time(const struct vw_civil *civil)
{
    int64_t year = civil->year;

    if (year > YEAR_MAX)
        year = YEAR_MAX;
    if (year < -YEAR_MAX)
        year = -YEAR_MAX;
    return days_from_civil(year, civil->month, civil->day) * DAY_MS +
           civil->hour * INT64_C(3600000) + civil->minute * INT64_C(60000) +
           civil->second * INT64_C(1000) + civil->millisecond;
}

struct vw_slice vw_time_print(int64_t milliseconds, char *buffer)
{
    struct vw_civil civil = vw_civil_of(milliseconds);
    int size =
        snprintf(buffer, VW_VALUE_TEXT_SIZE, "%04lld-%02d-%02d %02d:%02d:%02d.%03d",
                 (long long)civil.year, civil.month, civil.day, civil.hour, civil.minute,
                 civil.second, civil.millisecond);

    return (struct vw_slice){buffer, (size_t)size};
}

/* ---- periods ---- */

static const struct {
    int64_t milliseconds;
    int months;
} units[] = {
#define VW_X(name, milliseconds, months) {milliseconds, months},
    VW_PERIOD_UNIT_LIST(VW_X)
#undef VW_X
};

struct unit_word {
    const char *word;
    enum vw_period_unit unit;
};

static const struct unit_word unit_words[] = {
    {"ms", VW_PERIOD_MILLISECOND},
    {"msec", VW_PERIOD_MILLISECOND},
    {"msecs", VW_PERIOD_MILLISECOND},
    {"millisecond", VW_PERIOD_MILLISECOND},
    {"milliseconds", VW_PERIOD_MILLISECOND},
    {"s", VW_PERIOD_SECOND},
    {"sec", VW_PERIOD_SECOND},
    {"secs", VW_PERIOD_SECOND},
    {"second", VW_PERIOD_SECOND},
    {"seconds", VW_PERIOD_SECOND},
    {"m", VW_PERIOD_MINUTE},
    {"min", VW_PERIOD_MINUTE},
    {"mins", VW_PERIOD_MINUTE},
    {"minute", VW_PERIOD_MINUTE},
    {"minutes", VW_PERIOD_MINUTE},
    {"h", VW_PERIOD_HOUR},
    {"hr", VW_PERIOD_HOUR},
    {"hrs", VW_PERIOD_HOUR},
    {"hour", VW_PERIOD_HOUR},
    {"hours", VW_PERIOD_HOUR},
    {"d", VW_PERIOD_DAY},
    {"day", VW_PERIOD_DAY},
    {"days", VW_PERIOD_DAY},
    {"w", VW_PERIOD_WEEK},
    {"week", VW_PERIOD_WEEK},
    {"weeks", VW_PERIOD_WEEK},
    {"mo", VW_PERIOD_MONTH},
    {"mos", VW_PERIOD_MONTH},
    {"mon", VW_PERIOD_MONTH},
    {"mons", VW_PERIOD_MONTH},
    {"month", VW_PERIOD_MONTH},
    {"months", VW_PERIOD_MONTH},
    {"q", VW_PERIOD_QUARTER},
    {"qtr", VW_PERIOD_QUARTER},
    {"qtrs", VW_PERIOD_QUARTER},
    {"quarter", VW_PERIOD_QUARTER},
    {"quarters", VW_PERIOD_QUARTER},
    {"y", VW_PERIOD_YEAR},
    {"yr", VW_PERIOD_YEAR},
    {"yrs", VW_PERIOD_YEAR},
    {"year", VW_PERIOD_YEAR},
    {"years", VW_PERIOD_YEAR},
};

static bool is_word(struct vw_slice word, const char *name)
{
    size_t i;

    for (i = 0; i < word.size && name[i]; i++)
        if ((word.data[i] | 0x20) != name[i])
            return false;
    return i == word.size && !name[i];
}

bool vw_period_unit_of(struct vw_slice word, enum vw_period_unit *ret)
{
    size_t i;

    for (i = 0; i < sizeof unit_words / sizeof *unit_words; i++) {
        if (is_word(word, unit_words[i].word)) {
            *ret = unit_words[i].unit;
            return true;
        }
    }
    return false;
}

struct vw_period vw_period_capped(struct vw_period period)
{
    int64_t most = VW_PERIOD_COUNT_MAX;

    switch (period.unit) {
    case VW_PERIOD_MILLISECOND:
        most = 1000;
        break;
    case VW_PERIOD_SECOND:
    case VW_PERIOD_MINUTE:
        most = 60;
        break;
    case VW_PERIOD_HOUR:
        most = 24;
        break;
    case VW_PERIOD_DAY:
    case VW_PERIOD_WEEK:
    case VW_PERIOD_MONTH:
    case VW_PERIOD_QUARTER:
    case VW_PERIOD_YEAR:
        break;
    }
    if (period.count > most)
        period.count = most;
    return period;
}

int64_t vw_period_milliseconds(struct vw_period period)
{
    int64_t one = units[period.unit].milliseconds;

    if (one == 0)
        one = (int64_t)units[period.unit].months * 30 * DAY_MS;
    return one * period.count;
}

/* The first of the month that is `month` months after January of year 0. */
static int64_t month_start(int64_t month)
{
    int64_t year = floor_divide(month, 12);

    return days_from_civil(year, month - year * 12 + 1, 1) * DAY_MS;
}

/* Where counting of periods of a length begins: weeks on a Monday. */
static int64_t origin(struct vw_period period)
{
    return period.unit == VW_PERIOD_WEEK ? 4 * DAY_MS : 0;
}

int64_t vw_period_floor(int64_t time, struct vw_period period)
{
    int64_t months = units[period.unit].months * period.count, length;

    if (months) {
        struct vw_civil civil = vw_civil_of(time);

        return month_start(floor_divide(civil.year * 12 + civil.month - 1, months) *
                           months);
    }
    length = vw_period_milliseconds(period);
    return floor_divide(time - origin(period), length) * length + origin(period);
}

int64_t vw_period_next(int64_t start, struct vw_period period)
{
    int64_t months = units[period.unit].months * period.count;

    if (months) {
        struct vw_civil civil = vw_civil_of(start);

        return month_start(civil.year * 12 + civil.month - 1 + months);
    }
    return start + vw_period_milliseconds(period);
}

int64_t vw_period_ceiling(int64_t time, struct vw_period period)
{
    int64_t start = vw_period_floor(time, period);

    return start == time ? time : vw_period_next(start, period);
}
