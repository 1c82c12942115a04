/* The table of observations that every reader fills; what users read is in
 * vpcwhy/evidence.h. */
#ifndef VW_EVIDENCE_TABLE_H
#define VW_EVIDENCE_TABLE_H

#include <vpcwhy/evidence.h>

#include "base/arena.h"

/* A row with every field "not recorded", for a reader to fill in. */
struct vw_observation vw_observation_empty(enum vw_evidence_kind kind);

/* Adds what `row` says: to the row of the same key if there is one (counts add up, times
 * and sequence numbers widen, flags are or-ed), else as a new row. Text is copied. A row
 * outside the evidence's time window is passed over. *ret_index (may be NULL) is where it
 * went, SIZE_MAX if nowhere. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_evidence_add(struct vw_evidence *evidence, const struct vw_observation *row,
                    size_t *ret_index);

/* The row at `index`, to be corrected in fields that are not part of the key. */
struct vw_observation *vw_evidence_row(struct vw_evidence *evidence, size_t index);

/* The coverage of `vantage` (may be NULL) in `file`, made at first use; valid until the
 * next call. NULL when out of memory. */
struct vw_coverage *vw_evidence_coverage(struct vw_evidence *evidence,
                                         enum vw_evidence_kind kind, const char *file,
                                         const char *vantage);

/* Whether a record of [first, last] touches the window that was asked for. */
bool vw_evidence_in_window(const struct vw_evidence *evidence, int64_t first,
                           int64_t last);

#endif
