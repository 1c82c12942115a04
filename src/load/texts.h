/*
 * An export of many elements says the same few ids, zones and states over and over. The
 * texts met last are remembered, so that the arena holds most of them once.
 */
#ifndef VW_LOAD_TEXTS_H
#define VW_LOAD_TEXTS_H

#include "base/arena.h"

enum { VW_TEXTS_SLOTS = 4096 };

/* Zero-initialised is empty; of one arena. */
struct vw_texts {
    const char *slots[VW_TEXTS_SLOTS];
};

/* A copy of `text` in `arena`, which may be one that was made before; with `texts` NULL
 * always a new one. NULL: out of memory. */
const char *vw_texts_copy(struct vw_texts *texts, struct vw_arena *arena,
                          const char *text);

#endif
