/*
 * Times are nanoseconds since 1970-01-01T00:00:00Z in an int64_t (good for 1677 to 2262).
 * The library never asks for the time of day.
 */
#ifndef VW_BASE_TIME_H
#define VW_BASE_TIME_H

#include "base/slice.h"

#define VW_SECOND INT64_C(1000000000)
#define VW_TIME_TEXT 40

/* The end of 2261: what says a later time says none, so that a span added to any time does
 * not overflow. */
#define VW_TIME_SECONDS_MAX INT64_C(9214646399)
#define VW_TIME_MILLISECONDS_MAX (VW_TIME_SECONDS_MAX * 1000)

/* No time known. */
#define VW_TIME_NONE INT64_MIN

/* RFC 3339, as AWS prints it: "2025-01-17T14:00:20.000Z", "+00:00" and "+05:30" offsets,
 * 'T' or one blank in the middle, up to nine decimals; the offset may be absent and is
 * then Z. Also a plain number: seconds since 1970 (milliseconds where it has 13
 * digits). */
bool vw_time_parse(struct vw_slice text, int64_t *ret_time);

/* "2025-01-17T14:00:20Z", with three decimals where the time is not a whole second. */
const char *vw_time_format(int64_t time, char buffer[VW_TIME_TEXT]);

#endif
