/* Snappy's raw format (google/snappy, format_description.txt). */
#ifndef VW_LOGS_SNAPPY_H
#define VW_LOGS_SNAPPY_H

#include <stdbool.h>
#include <stddef.h>

/* Unpacks `in_size` bytes that give exactly `out_size`; false where they do not. */
bool vw_snappy(const unsigned char *in, size_t in_size, unsigned char *out,
               size_t out_size);

#endif
