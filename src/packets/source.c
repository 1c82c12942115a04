/* A window of a file's bytes; see source.h. */
#include "packets/source.h"

#include <string.h>

#include "base/input.h"
#include "base/memory.h"

#include <vpcwhy/error.h>

enum { WINDOW = 256 << 10 };

int vw_source_open(struct vw_source *source, const char *path,
                   struct vw_diagnostics *diagnostics)
{
    *source = (struct vw_source){0};
    return vw_input_open(path, diagnostics, &source->input);
}

void vw_source_close(struct vw_source *source)
{
    vw_input_close(source->input);
    vw_free(source->buffer);
    *source = (struct vw_source){0};
}

static int make_room(struct vw_source *source, size_t size)
{
    size_t capacity = source->capacity ? source->capacity : WINDOW;
    uint8_t *grown;

    if (source->start > 0 && source->start + size > source->capacity) {
        memmove(source->buffer, source->buffer + source->start,
                source->end - source->start);
        source->end -= source->start;
        source->start = 0;
    }
    while (capacity < size)
        capacity *= 2;
    if (capacity == source->capacity)
        return 0;
    grown = vw_realloc(source->buffer, capacity, 1);
    if (!grown)
        return VW_ERROR_NO_MEMORY;
    source->buffer = grown;
    source->capacity = capacity;
    return 0;
}

/* More bytes behind those of the window. */
static int fill(struct vw_source *source)
{
    size_t got = 0;
    int error = source->error;

    if (!error)
        error = vw_input_read(source->input, source->buffer + source->end,
                              source->capacity - source->end, &got);
    source->error = error;
    source->end += got;
    source->at_end = !error && got == 0;
    return error;
}

int64_t vw_source_fill(struct vw_source *source, size_t size, const uint8_t **ret_bytes)
{
    int error = 0;

    if (size > VW_SOURCE_MAX)
        return VW_ERROR_LIMIT;
    if (source->end - source->start < size)
        error = make_room(source, size);
    while (!error && source->end - source->start < size && !source->at_end)
        error = fill(source);
    if (error)
        return error;
    *ret_bytes = source->buffer + source->start;
    return (int64_t)(source->end - source->start < size ? source->end - source->start
                                                        : size);
}

int64_t vw_source_read(struct vw_source *source, void *buffer, size_t size)
{
    size_t have = source->end - source->start, got = 0;

    if (have > 0) {
        got = have < size ? have : size;
        memcpy(buffer, source->buffer + source->start, got);
        source->start += got;
        return (int64_t)got;
    }
    if (source->error || source->at_end)
        return source->error;
    source->error = vw_input_read(source->input, buffer, size, &got);
    return source->error ? source->error : (int64_t)got;
}
