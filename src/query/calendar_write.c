/* Points of time as text, by a pattern. */
#include "query/calendar.h"

#include <stdio.h>
#include <string.h>

#include "query/calendar_pattern.h"

static int write_zone(char *out, size_t room, bool colon, int minutes)
{
    int distance = minutes < 0 ? -minutes : minutes;

    return snprintf(out, room, "%c%02d%s%02d", minutes < 0 ? '-' : '+', distance / 60,
                    colon ? ":" : "", distance % 60);
}

static int write_number(char *out, size_t room, const struct vw_piece *piece,
                        int64_t number)
{
    return snprintf(out, room, "%0*lld", piece->width, (long long)number);
}

static int write_fraction(char *out, size_t room, int width, int millisecond)
{
    static const int divisors[] = {100, 10, 1};

    if (width > 3)
        return snprintf(out, room, "%03d%0*d", millisecond, width - 3, 0);
    if (width < 1)
        width = 3;
    return snprintf(out, room, "%0*d", width, millisecond / divisors[width - 1]);
}

static int write_piece(char *out, size_t room, const struct vw_piece *piece,
                       const struct vw_civil *civil, int64_t time, int zone)
{
    switch (piece->kind) {
    case VW_PIECE_LITERAL:
        return 0;
    case VW_PIECE_YEAR:
        return write_number(out, room, piece, civil->year);
    case VW_PIECE_YEAR_OF_CENTURY:
        return write_number(out, room, piece, (civil->year % 100 + 100) % 100);
    case VW_PIECE_MONTH:
        return write_number(out, room, piece, civil->month);
    case VW_PIECE_MONTH_NAME:
        return snprintf(out, room, "%s", vw_month_names[civil->month - 1]);
    case VW_PIECE_MONTH_SHORT:
        return snprintf(out, room, "%.3s", vw_month_names[civil->month - 1]);
    case VW_PIECE_DAY:
        return write_number(out, room, piece, civil->day);
    case VW_PIECE_DAY_OF_YEAR:
        return write_number(out, room, piece, civil->day_of_year);
    case VW_PIECE_WEEKDAY_NAME:
        return snprintf(out, room, "%s", vw_weekday_names[civil->weekday]);
    case VW_PIECE_WEEKDAY_SHORT:
        return snprintf(out, room, "%.3s", vw_weekday_names[civil->weekday]);
    case VW_PIECE_WEEKDAY:
        return write_number(out, room, piece, civil->weekday + 1);
    case VW_PIECE_HOUR:
        return write_number(out, room, piece, civil->hour);
    case VW_PIECE_HOUR_12:
        return write_number(out, room, piece, (civil->hour + 11) % 12 + 1);
    case VW_PIECE_HALF:
        return snprintf(out, room, "%s", civil->hour < 12 ? "AM" : "PM");
    case VW_PIECE_MINUTE:
        return write_number(out, room, piece, civil->minute);
    case VW_PIECE_SECOND:
        return write_number(out, room, piece, civil->second);
    case VW_PIECE_FRACTION:
        return write_fraction(out, room, piece->width, civil->millisecond);
    case VW_PIECE_ZONE:
        return write_zone(out, room, false, zone);
    case VW_PIECE_ZONE_COLON:
        return write_zone(out, room, true, zone);
    case VW_PIECE_ZONE_Z:
        return zone == 0 ? snprintf(out, room, "Z") : write_zone(out, room, true, zone);
    case VW_PIECE_EPOCH:
        return write_number(out, room, piece, time / 1000);
    case VW_PIECE_EPOCH_MILLIS:
        return write_number(out, room, piece, time);
    }
    return 0;
}

/* Longest text that one piece becomes, but for a literal. */
#define PIECE_TEXT_MAX 24

static size_t write_all(int64_t time, struct vw_slice pattern, int zone, bool percent,
                        char *out)
{
    struct vw_civil civil = vw_civil_of(time + zone * INT64_C(60000));
    struct vw_piece piece;
    size_t size = 0;

    for (;;) {
        const char *longer = percent ? vw_piece_expanded(pattern) : NULL;

        if (longer) {
            size += write_all(time, vw_slice_of(longer), zone, true, out + size);
            pattern.data += 2;
            pattern.size -= 2;
            continue;
        }
        if (!vw_piece_take(&pattern, percent, &piece))
            return size;
        if (piece.kind != VW_PIECE_LITERAL) {
            size += (size_t)write_piece(out + size, PIECE_TEXT_MAX, &piece, &civil, time,
                                        zone);
        } else if (piece.literal.size) {
            memcpy(out + size, piece.literal.data, piece.literal.size);
            size += piece.literal.size;
        }
    }
}

struct vw_slice vw_time_write(int64_t time, struct vw_slice pattern, int zone_minutes,
                              struct vw_arena *arena)
{
    bool percent = pattern.size && memchr(pattern.data, '%', pattern.size);
    char *out = vw_arena_text(arena, (pattern.size + 1) * PIECE_TEXT_MAX);

    if (!out)
        return (struct vw_slice){"", 0};
    return (struct vw_slice){out, write_all(time, pattern, zone_minutes, percent, out)};
}
