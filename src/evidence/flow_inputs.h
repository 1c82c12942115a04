/* Which objects a table of flows was made from, so that none is added twice. */
#ifndef VW_EVIDENCE_FLOW_INPUTS_H
#define VW_EVIDENCE_FLOW_INPUTS_H

#include "base/arena.h"
#include "base/array.h"
#include "base/diagnostic.h"
#include "base/map.h"
#include "base/sha256.h"

struct vw_flow_input {
    const char *path;
    char digest[VW_SHA256_TEXT]; /* "": not known */
};

/* Zero-initialised is empty. */
struct vw_flow_inputs {
    struct vw_arena arena;
    struct vw_flow_input_items VW_ARRAY(struct vw_flow_input) items;
    struct vw_map known; /* digests, and names of S3 objects, to number of the item */
};

void vw_flow_inputs_free(struct vw_flow_inputs *inputs);

/* Adds one that stands in the partial table `partial` (NULL: a log file itself). 0;
 * VW_ERROR_INPUT, with a diagnostic, where it is there already: the same digest, or the
 * same name of an S3 object; VW_ERROR_NO_MEMORY. */
int vw_flow_inputs_add(struct vw_flow_inputs *inputs, const char *path,
                       const char *digest, const char *partial,
                       struct vw_diagnostics *diagnostics);

#endif
