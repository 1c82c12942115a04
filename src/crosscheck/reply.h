/* A reply that the network would pass and nobody saw: whose doing is it? */
#ifndef VW_CROSSCHECK_REPLY_H
#define VW_CROSSCHECK_REPLY_H

#include "crosscheck/cross.h"

/* Sets result and sentence of `finding`: a witness at `end` covered the flow and has no
 * reply in it, though one was predicted if B's host answered. `requests` is how many
 * requests that witness counted, 0 where it counted none. */
void vw_reply_missing(struct vw_cross *cross, enum vw_end end, uint64_t requests,
                      struct vw_finding *finding);

#endif
