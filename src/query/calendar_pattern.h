/*
 * Patterns of dates, taken apart. AWS's pages call formatDate and strftime one function: a
 * pattern with '%' is read as strftime's, any other as Java's (yyyy-MM-dd'T'HH:mm:ss.SSSZ).
 */
#ifndef VW_QUERY_CALENDAR_PATTERN_H
#define VW_QUERY_CALENDAR_PATTERN_H

#include <stdbool.h>

#include "base/slice.h"

extern const char *const vw_month_names[12];
extern const char *const vw_weekday_names[7]; /* from Monday */

enum vw_piece_kind {
    VW_PIECE_LITERAL,
    VW_PIECE_YEAR,
    VW_PIECE_YEAR_OF_CENTURY,
    VW_PIECE_MONTH,
    VW_PIECE_MONTH_NAME,
    VW_PIECE_MONTH_SHORT,
    VW_PIECE_DAY,
    VW_PIECE_DAY_OF_YEAR,
    VW_PIECE_WEEKDAY_NAME,
    VW_PIECE_WEEKDAY_SHORT,
    VW_PIECE_WEEKDAY, /* 1 is Monday */
    VW_PIECE_HOUR,
    VW_PIECE_HOUR_12,
    VW_PIECE_HALF, /* AM or PM */
    VW_PIECE_MINUTE,
    VW_PIECE_SECOND,
    VW_PIECE_FRACTION,
    VW_PIECE_ZONE,       /* +0000 */
    VW_PIECE_ZONE_COLON, /* +00:00 */
    VW_PIECE_ZONE_Z,     /* Z, or +00:00 */
    VW_PIECE_EPOCH,      /* seconds since 1970 */
    VW_PIECE_EPOCH_MILLIS
};

struct vw_piece {
    enum vw_piece_kind kind;
    int width; /* digits, at least */
    struct vw_slice literal;
};

/* Takes the next piece off the front of *pattern; false at its end. */
bool vw_piece_take(struct vw_slice *pattern, bool percent, struct vw_piece *ret);

/* What %F and %T stand for; NULL where the pattern begins with none of them. */
const char *vw_piece_expanded(struct vw_slice pattern);

#endif
