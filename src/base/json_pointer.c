/* JSON pointers (RFC 6901), written from the last step to the first; see json.h. */
#include "base/json.h"

#include <string.h>

/* The step from its parent, written in front of `end`; returns its size. With `end` NULL
 * only counts. */
static size_t write_step(const struct vw_json *json, char *end)
{
    size_t index = json->index, size = 0, i;

    if (!json->key) {
        do {
            size++;
            if (end)
                end[-(ptrdiff_t)size] = (char)('0' + index % 10);
            index /= 10;
        } while (index > 0);
    }
    for (i = json->key ? strlen(json->key) : 0; i > 0; i--) {
        char byte = json->key[i - 1];
        bool is_escaped = byte == '~' || byte == '/';

        size++;
        if (end)
            end[-(ptrdiff_t)size] = byte == '~' ? '0' : byte == '/' ? '1' : byte;
        if (is_escaped && end)
            end[-(ptrdiff_t)size - 1] = '~';
        size += is_escaped;
    }
    size++;
    if (end)
        end[-(ptrdiff_t)size] = '/';
    return size;
}

const char *vw_json_pointer(const struct vw_json *json, struct vw_arena *arena)
{
    const struct vw_json *at;
    size_t size = 0;
    char *text, *end;

    for (at = json; at->parent; at = at->parent)
        size += write_step(at, NULL);
    text = vw_arena_text(arena, size);
    if (!text)
        return NULL;
    end = text + size;
    for (at = json; at->parent; at = at->parent)
        end -= write_step(at, end);
    return text;
}
