/* Times as text; see time.h. Calendar arithmetic after H. Hinnant's "days from civil". */
#include "base/time.h"

#include <stdio.h>

static int64_t days_from_civil(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

static int64_t days_in_month(int64_t year, int64_t month)
{
    return days_from_civil(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1,
                           1) -
           days_from_civil(year, month, 1);
}

/* Exactly `digits` digits off the front. */
static bool take_number(struct vw_slice *text, size_t digits, int64_t *ret)
{
    uint64_t value;

    if (text->size < digits ||
        !vw_slice_u64((struct vw_slice){text->data, digits}, 9999, &value))
        return false;
    text->data += digits;
    text->size -= digits;
    *ret = (int64_t)value;
    return true;
}

static bool take_char(struct vw_slice *text, char c)
{
    if (text->size == 0 || text->data[0] != c)
        return false;
    text->data++;
    text->size--;
    return true;
}

static bool take_date(struct vw_slice *text, int64_t *ret_days)
{
    int64_t year, month, day;

    if (!take_number(text, 4, &year) || !take_char(text, '-') ||
        !take_number(text, 2, &month) || !take_char(text, '-') ||
        !take_number(text, 2, &day))
        return false;
    if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    *ret_days = days_from_civil(year, month, day);
    return true;
}

static bool take_clock(struct vw_slice *text, int64_t *ret_nanoseconds)
{
    int64_t hour, minute, second, fraction = 0;
    size_t digits = 0;

    if (!take_number(text, 2, &hour) || !take_char(text, ':') ||
        !take_number(text, 2, &minute) || !take_char(text, ':') ||
        !take_number(text, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (take_char(text, '.')) {
        int64_t digit;
        for (; digits < 9 && take_number(text, 1, &digit); digits++)
            fraction = fraction * 10 + digit;
        if (digits == 0)
            return false;
        for (; digits < 9; digits++)
            fraction *= 10;
    }
    *ret_nanoseconds = ((hour * 60 + minute) * 60 + second) * VW_SECOND + fraction;
    return true;
}

/* "Z", "+05:30", "+0530" or nothing. */
static bool take_offset(struct vw_slice *text, int64_t *ret_seconds)
{
    int64_t sign, hours, minutes;

    *ret_seconds = 0;
    if (text->size == 0 || take_char(text, 'Z'))
        return true;
    if (take_char(text, '+'))
        sign = 1;
    else if (take_char(text, '-'))
        sign = -1;
    else
        return false;
    if (!take_number(text, 2, &hours) || (take_char(text, ':'), false) ||
        !take_number(text, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_seconds = sign * (hours * 60 + minutes) * 60;
    return true;
}

bool vw_time_parse(struct vw_slice text, int64_t *ret_time)
{
    int64_t days, clock, offset;
    uint64_t number;

    if (vw_slice_u64(text, 9999999999999, &number)) {
        int64_t unit = text.size == 13 ? VW_SECOND / 1000 : VW_SECOND;

        if (number > (uint64_t)(VW_TIME_SECONDS_MAX * (VW_SECOND / unit)))
            return false;
        *ret_time = (int64_t)number * unit;
        return true;
    }
    if (!take_date(&text, &days) || (!take_char(&text, 'T') && !take_char(&text, ' ')))
        return false;
    if (!take_clock(&text, &clock) || !take_offset(&text, &offset) || text.size != 0)
        return false;
    *ret_time = (days * 86400 - offset) * VW_SECOND + clock;
    return true;
}

const char *vw_time_format(int64_t time, char buffer[VW_TIME_TEXT])
{
    int64_t seconds = time / VW_SECOND - (time % VW_SECOND < 0);
    int64_t nanoseconds = time % VW_SECOND + (time % VW_SECOND < 0 ? VW_SECOND : 0);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int64_t clock = seconds - days * 86400;
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t mp = (5 * day_of_year + 2) / 153;
    int64_t day = day_of_year - (153 * mp + 2) / 5 + 1;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    int written = snprintf(buffer, VW_TIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d",
                           (int)year, (int)month, (int)day, (int)(clock / 3600),
                           (int)(clock / 60 % 60), (int)(clock % 60));

    if (nanoseconds)
        snprintf(buffer + written, VW_TIME_TEXT - (size_t)written, ".%03dZ",
                 (int)(nanoseconds / 1000000));
    else
        snprintf(buffer + written, VW_TIME_TEXT - (size_t)written, "Z");
    return buffer;
}
