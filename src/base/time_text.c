/* The public face of base/time.h. */
#include <vpcwhy/time.h>

#include "base/time.h"

bool vw_time_from_text(const char *text, int64_t *ret_time)
{
    return vw_time_parse(vw_slice_of(text), ret_time);
}
