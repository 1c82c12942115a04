/* Files for tests: a folder of its own that goes with all that is in it. */
#ifndef TEMPORARY_H
#define TEMPORARY_H

#include <stddef.h>

#include "base/arena.h"

struct temporary {
    char folder[64];
    struct vw_arena arena; /* of the paths handed out */
};

/* A failure to do what is asked ends the test. */
void temporary_open(struct temporary *temporary);
void temporary_close(struct temporary *temporary);

/* Writes `name`, which may contain folders, and returns its path. */
const char *temporary_bytes(struct temporary *temporary, const char *name,
                            const void *bytes, size_t size);
const char *temporary_text(struct temporary *temporary, const char *name,
                           const char *text);

/* The same as gzip; `keep` > 0 keeps that many bytes of the file only. */
const char *temporary_gzip(struct temporary *temporary, const char *name,
                           const char *text, size_t keep);

#endif
