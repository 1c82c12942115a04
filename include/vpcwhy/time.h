/* Times are nanoseconds since 1970-01-01T00:00:00Z. */
#ifndef VPCWHY_TIME_H
#define VPCWHY_TIME_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RFC 3339 ("2025-01-17T14:00:20Z", offsets and decimals allowed) or seconds since 1970
 * (milliseconds where there are 13 digits). False, with *ret_time untouched, where `text`
 * is neither. */
bool vw_time_from_text(const char *text, int64_t *ret_time);

#ifdef __cplusplus
}
#endif
#endif
