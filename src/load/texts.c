/* See texts.h. Each text has one slot, in which a later one replaces it. */
#include "load/texts.h"

#include <string.h>

#include "base/map.h"

const char *vw_texts_copy(struct vw_texts *texts, struct vw_arena *arena,
                          const char *text)
{
    const char **slot;

    if (!texts)
        return vw_arena_string(arena, text);
    slot = &texts->slots[vw_hash(text, strlen(text)) % VW_TEXTS_SLOTS];
    if (!*slot || strcmp(*slot, text) != 0)
        *slot = vw_arena_string(arena, text);
    return *slot;
}
