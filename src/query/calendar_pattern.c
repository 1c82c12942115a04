/* From a pattern to its pieces; see calendar_pattern.h. */
#include "query/calendar_pattern.h"

const char *const vw_month_names[12] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
const char *const vw_weekday_names[7] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};

struct piece_of {
    char letter;
    enum vw_piece_kind kind;
    int width;
};

static const struct piece_of percent_pieces[] = {
    {'Y', VW_PIECE_YEAR, 4},          {'y', VW_PIECE_YEAR_OF_CENTURY, 2},
    {'m', VW_PIECE_MONTH, 2},         {'B', VW_PIECE_MONTH_NAME, 0},
    {'b', VW_PIECE_MONTH_SHORT, 0},   {'h', VW_PIECE_MONTH_SHORT, 0},
    {'d', VW_PIECE_DAY, 2},           {'e', VW_PIECE_DAY, 1},
    {'j', VW_PIECE_DAY_OF_YEAR, 3},   {'A', VW_PIECE_WEEKDAY_NAME, 0},
    {'a', VW_PIECE_WEEKDAY_SHORT, 0}, {'u', VW_PIECE_WEEKDAY, 1},
    {'H', VW_PIECE_HOUR, 2},          {'I', VW_PIECE_HOUR_12, 2},
    {'p', VW_PIECE_HALF, 0},          {'M', VW_PIECE_MINUTE, 2},
    {'S', VW_PIECE_SECOND, 2},        {'f', VW_PIECE_FRACTION, 3},
    {'L', VW_PIECE_FRACTION, 3},      {'z', VW_PIECE_ZONE, 0},
    {'s', VW_PIECE_EPOCH, 1},         {'Q', VW_PIECE_EPOCH_MILLIS, 1},
};

static bool take_percent(struct vw_slice *pattern, struct vw_piece *ret)
{
    char letter = pattern->size > 1 ? pattern->data[1] : '%';
    size_t i;

    ret->kind = VW_PIECE_LITERAL;
    ret->literal = (struct vw_slice){pattern->data + (pattern->size > 1), 1};
    for (i = 0; i < sizeof percent_pieces / sizeof *percent_pieces; i++) {
        if (percent_pieces[i].letter == letter && pattern->size > 1) {
            ret->kind = percent_pieces[i].kind;
            ret->width = percent_pieces[i].width;
        }
    }
    letter = pattern->size > 1 ? 2 : 1;
    pattern->data += letter;
    pattern->size -= (size_t)letter;
    return true;
}

/* %F and %T are written out, as they are in strftime. */
const char *vw_piece_expanded(struct vw_slice pattern)
{
    if (pattern.size < 2 || pattern.data[0] != '%')
        return NULL;
    switch (pattern.data[1]) { /* a character, not an enum */
    case 'F':
        return "%Y-%m-%d";
    case 'T':
        return "%H:%M:%S";
    case 'R':
        return "%H:%M";
    case 'D':
        return "%m/%d/%y";
    default:
        return NULL;
    }
}

static enum vw_piece_kind java_kind(char letter, int run)
{
    switch (letter) { /* a character, not an enum */
    case 'y':
    case 'u':
        return run == 2 ? VW_PIECE_YEAR_OF_CENTURY : VW_PIECE_YEAR;
    case 'M':
    case 'L':
        return run > 3    ? VW_PIECE_MONTH_NAME
               : run == 3 ? VW_PIECE_MONTH_SHORT
                          : VW_PIECE_MONTH;
    case 'd':
        return VW_PIECE_DAY;
    case 'D':
        return VW_PIECE_DAY_OF_YEAR;
    case 'E':
        return run > 3 ? VW_PIECE_WEEKDAY_NAME : VW_PIECE_WEEKDAY_SHORT;
    case 'e':
        return VW_PIECE_WEEKDAY;
    case 'H':
        return VW_PIECE_HOUR;
    case 'h':
        return VW_PIECE_HOUR_12;
    case 'a':
        return VW_PIECE_HALF;
    case 'm':
        return VW_PIECE_MINUTE;
    case 's':
        return VW_PIECE_SECOND;
    case 'S':
        return VW_PIECE_FRACTION;
    case 'Z':
        return VW_PIECE_ZONE;
    case 'x':
        return run > 2 ? VW_PIECE_ZONE_COLON : VW_PIECE_ZONE;
    case 'X':
        return VW_PIECE_ZONE_Z;
    default:
        return VW_PIECE_LITERAL;
    }
}

static bool take_java(struct vw_slice *pattern, struct vw_piece *ret)
{
    char letter = pattern->data[0];
    size_t run = 1;

    if (letter == '\'') { /* 'text', and '' for a quote */
        while (run < pattern->size && pattern->data[run] != '\'')
            run++;
        ret->kind = VW_PIECE_LITERAL;
        ret->literal = (struct vw_slice){pattern->data + 1, run - 1};
        if (run == 1)
            ret->literal = (struct vw_slice){pattern->data, 1};
        run += run < pattern->size;
    } else {
        while (run < pattern->size && pattern->data[run] == letter)
            run++;
        ret->kind = java_kind(letter, (int)(run > 9 ? 9 : run));
        ret->width = (int)(run > 9 ? 9 : run);
        ret->literal = (struct vw_slice){pattern->data, run};
    }
    pattern->data += run;
    pattern->size -= run;
    return true;
}

bool vw_piece_take(struct vw_slice *pattern, bool percent, struct vw_piece *ret)
{
    *ret = (struct vw_piece){0};
    if (pattern->size == 0)
        return false;
    if (!percent)
        return take_java(pattern, ret);
    if (pattern->data[0] == '%')
        return take_percent(pattern, ret);
    ret->literal = (struct vw_slice){pattern->data, 1};
    pattern->data++;
    pattern->size--;
    return true;
}
