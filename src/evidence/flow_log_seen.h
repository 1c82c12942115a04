/* Which records were read before: files delivered twice must not count twice. */
#ifndef VW_EVIDENCE_FLOW_LOG_SEEN_H
#define VW_EVIDENCE_FLOW_LOG_SEEN_H

#include "base/slice.h"

/* After so many distinct records no further ones are remembered (128 MB). */
#define VW_FLOW_SEEN_MAX (UINT32_C(12) << 20)

/* Zero-initialised is empty and ready. Records are kept as 64-bit hashes. */
struct vw_flow_seen {
    uint64_t *slots; /* open addressing; 0 is free */
    size_t capacity;
    size_t count;
};

/* 1 where `line` is new, or where no more can be remembered; 0 where it was there
 * before; VW_ERROR_NO_MEMORY. */
int vw_flow_seen_add(struct vw_flow_seen *seen, struct vw_slice line);

void vw_flow_seen_free(struct vw_flow_seen *seen);

#endif
