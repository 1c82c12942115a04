/* Text as a point of time, by a pattern; and zones. */
#include "query/calendar.h"

#include <string.h>

#include "query/calendar_pattern.h"

struct reading {
    struct vw_civil civil;
    bool afternoon, has_half, has_epoch;
    int64_t epoch;
    int zone;
};

static bool read_number(struct vw_slice *text, size_t most, int64_t *ret)
{
    size_t size = 0;
    uint64_t number;

    while (size < text->size && size < most && text->data[size] >= '0' &&
           text->data[size] <= '9')
        size++;
    if (!vw_slice_u64((struct vw_slice){text->data, size}, INT64_MAX, &number))
        return false;
    text->data += size;
    text->size -= size;
    *ret = (int64_t)number;
    return true;
}

static bool starts_folded(struct vw_slice text, const char *name, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (i >= text.size || (text.data[i] | 0x20) != (name[i] | 0x20))
            return false;
    return true;
}

/* A name or its first three letters: 1 and on, 0 where it is none. */
static int read_word(struct vw_slice *text, const char *const *words, int count)
{
    int i;

    for (i = 0; i < count; i++) {
        size_t size = strlen(words[i]);

        if (!starts_folded(*text, words[i], size))
            size = 3;
        if (starts_folded(*text, words[i], size)) {
            text->data += size;
            text->size -= size;
            return i + 1;
        }
    }
    return 0;
}

static bool read_half(struct vw_slice *text, struct reading *reading)
{
    reading->has_half = true;
    reading->afternoon = starts_folded(*text, "pm", 2);
    if (!reading->afternoon && !starts_folded(*text, "am", 2))
        return false;
    text->data += 2;
    text->size -= 2;
    return true;
}

static bool read_zone(struct vw_slice *text, int *ret_minutes)
{
    size_t size = 0;

    while (size < text->size && size < 6 && text->data[size] != ' ')
        size++;
    for (; size > 0; size--) {
        if (vw_zone_offset((struct vw_slice){text->data, size}, ret_minutes)) {
            text->data += size;
            text->size -= size;
            return true;
        }
    }
    return false;
}

static bool read_fraction(struct vw_slice *text, int *ret_millisecond)
{
    size_t before = text->size;
    int64_t number = 0;

    if (!read_number(text, 9, &number))
        return false;
    for (before -= text->size; before < 3; before++)
        number *= 10;
    for (; before > 3; before--)
        number /= 10;
    *ret_millisecond = (int)number;
    return true;
}

static bool read_ranged(struct vw_slice *text, size_t digits, int64_t least, int64_t most,
                        int *ret)
{
    int64_t number;

    if (!read_number(text, digits, &number) || number < least || number > most)
        return false;
    *ret = (int)number;
    return true;
}

static bool read_year(struct vw_slice *text, const struct vw_piece *piece,
                      int64_t *ret_year)
{
    if (!read_number(text, piece->kind == VW_PIECE_YEAR_OF_CENTURY ? 2 : 4, ret_year))
        return false;
    if (piece->kind == VW_PIECE_YEAR_OF_CENTURY)
        *ret_year += *ret_year < 69 ? 2000 : 1900;
    return true;
}

static bool read_piece(struct vw_slice *text, const struct vw_piece *piece,
                       struct reading *reading)
{
    struct vw_civil *civil = &reading->civil;
    int ignored;

    switch (piece->kind) {
    case VW_PIECE_LITERAL:
        if (piece->literal.size > text->size ||
            memcmp(text->data, piece->literal.data, piece->literal.size) != 0)
            return false;
        text->data += piece->literal.size;
        text->size -= piece->literal.size;
        return true;
    case VW_PIECE_YEAR:
    case VW_PIECE_YEAR_OF_CENTURY:
        return read_year(text, piece, &civil->year);
    case VW_PIECE_MONTH:
        return read_ranged(text, 2, 1, 12, &civil->month);
    case VW_PIECE_MONTH_NAME:
    case VW_PIECE_MONTH_SHORT:
        civil->month = read_word(text, vw_month_names, 12);
        return civil->month > 0;
    case VW_PIECE_DAY:
        return read_ranged(text, 2, 1, 31, &civil->day);
    case VW_PIECE_DAY_OF_YEAR:
        civil->month = 1;
        return read_ranged(text, 3, 1, 366, &civil->day);
    case VW_PIECE_WEEKDAY_NAME:
    case VW_PIECE_WEEKDAY_SHORT:
        return read_word(text, vw_weekday_names, 7) > 0;
    case VW_PIECE_WEEKDAY:
        return read_ranged(text, 1, 1, 7, &ignored);
    case VW_PIECE_HOUR:
        return read_ranged(text, 2, 0, 23, &civil->hour);
    case VW_PIECE_HOUR_12:
        return read_ranged(text, 2, 1, 12, &civil->hour);
    case VW_PIECE_HALF:
        return read_half(text, reading);
    case VW_PIECE_MINUTE:
        return read_ranged(text, 2, 0, 59, &civil->minute);
    case VW_PIECE_SECOND:
        return read_ranged(text, 2, 0, 60, &civil->second);
    case VW_PIECE_FRACTION:
        return read_fraction(text, &civil->millisecond);
    case VW_PIECE_ZONE:
    case VW_PIECE_ZONE_COLON:
    case VW_PIECE_ZONE_Z:
        return read_zone(text, &reading->zone);
    case VW_PIECE_EPOCH:
    case VW_PIECE_EPOCH_MILLIS:
        reading->has_epoch = true;
        if (!read_number(text, 15, &reading->epoch))
            return false;
        reading->epoch *= piece->kind == VW_PIECE_EPOCH ? 1000 : 1;
        return true;
    }
    return false;
}

static bool read_all(struct vw_slice *text, struct vw_slice pattern, bool percent,
                     struct reading *reading)
{
    struct vw_piece piece;

    for (;;) {
        const char *longer = percent ? vw_piece_expanded(pattern) : NULL;

        if (longer) {
            if (!read_all(text, vw_slice_of(longer), true, reading))
                return false;
            pattern.data += 2;
            pattern.size -= 2;
        } else if (!vw_piece_take(&pattern, percent, &piece)) {
            return true;
        } else if (!read_piece(text, &piece, reading)) {
            return false;
        }
    }
}

bool vw_time_read(struct vw_slice text, struct vw_slice pattern, int zone_minutes,
                  int64_t *ret_time)
{
    struct reading reading = {.civil = {.year = 1970, .month = 1, .day = 1},
                              .zone = zone_minutes};
    bool percent = pattern.size && memchr(pattern.data, '%', pattern.size);

    if (!read_all(&text, pattern, percent, &reading) || text.size)
        return false;
    if (reading.has_half)
        reading.civil.hour = reading.civil.hour % 12 + (reading.afternoon ? 12 : 0);
    *ret_time = vw_civil_time(&reading.civil) - reading.zone * INT64_C(60000);
    if (reading.has_epoch)
        *ret_time = reading.epoch;
    return true;
}

bool vw_zone_offset(struct vw_slice zone, int *ret_minutes)
{
    uint64_t hours = 0, minutes = 0;
    size_t colon;

    if (vw_slice_is(zone, "UTC") || vw_slice_is(zone, "GMT") || vw_slice_is(zone, "Z")) {
        *ret_minutes = 0;
        return true;
    }
    if (zone.size < 3 || (zone.data[0] != '+' && zone.data[0] != '-'))
        return false;
    colon = zone.size == 6 && zone.data[3] == ':';
    if (zone.size != 3 && zone.size != 5 && !colon)
        return false;
    if (!vw_slice_u64((struct vw_slice){zone.data + 1, 2}, 23, &hours) ||
        (zone.size > 3 &&
         !vw_slice_u64((struct vw_slice){zone.data + 3 + colon, 2}, 59, &minutes)))
        return false;
    *ret_minutes = (int)(hours * 60 + minutes) * (zone.data[0] == '-' ? -1 : 1);
    return true;
}
