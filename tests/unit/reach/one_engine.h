/*
 * One engine: what the walk says of a set must be what it says of each packet in it. A
 * world is asked prefixes and port ranges; every piece of an answer is compared with
 * single packets drawn inside it and on its borders. It prints differences itself and
 * depends on no test framework, so that tests/corpus can use it too.
 */
#ifndef ONE_ENGINE_H
#define ONE_ENGINE_H

#include <stddef.h>
#include <stdint.h>

#include "world/world.h"

struct engine_tally {
    size_t questions, pieces;
    size_t compared; /* packets */
    size_t refused;  /* that are no question one by one: a source that nobody owns, an
                      * address of two VPCs */
    size_t differ;
};

/* Asks `questions` questions that follow from `seed`, and adds to *tally. 0 or a negative
 * enum vw_error. */
int engine_compare(const struct vw_world *world, const char *label, uint64_t seed,
                   size_t questions, struct engine_tally *tally);

#endif
