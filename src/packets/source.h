/* The bytes of a capture file, unpacked, with a window of them in memory. */
#ifndef VW_PACKETS_SOURCE_H
#define VW_PACKETS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diagnostic.h"

struct vw_input;

/* The window grows to a piece of this size, no more. */
enum { VW_SOURCE_MAX = 16 << 20 };

struct vw_source {
    struct vw_input *input;
    uint8_t *buffer;
    size_t capacity, start, end;
    bool at_end;
    int error; /* of the input, kept: 0 or negative */
};

int vw_source_open(struct vw_source *source, const char *path,
                   struct vw_diagnostics *diagnostics);
void vw_source_close(struct vw_source *source);

/* At least `size` bytes from *ret_bytes on, as long as the file has them: how many there
 * are, at most `size`, or a negative error. They stay until the next call. */
int64_t vw_source_fill(struct vw_source *source, size_t size, const uint8_t **ret_bytes);

static inline int64_t vw_source_peek(struct vw_source *source, size_t size,
                                     const uint8_t **ret_bytes)
{
    if (source->end - source->start < size || size > VW_SOURCE_MAX)
        return vw_source_fill(source, size, ret_bytes);
    *ret_bytes = source->buffer + source->start;
    return (int64_t)size;
}

/* Steps over `size` bytes that were peeked at. */
static inline void vw_source_skip(struct vw_source *source, size_t size)
{
    source->start += size;
}

/* As read(2): up to `size` bytes, 0 at the end, or a negative error. */
int64_t vw_source_read(struct vw_source *source, void *buffer, size_t size);

#endif
