/* The table of observations that every reader fills; what users read is in
 * vpcwhy/evidence.h. */
#ifndef VW_EVIDENCE_TABLE_H
#define VW_EVIDENCE_TABLE_H

#include <vpcwhy/evidence.h>

#include "base/arena.h"
#include "evidence/flow_rows.h"

/* Most rows and coverages held at once: about 1 GB and 100 MB. */
#define VW_EVIDENCE_ROWS_MAX 3000000
#define VW_COVERAGES_MAX 1000000

/* A row of one record with every other field "not recorded", for a reader to fill in. */
struct vw_observation vw_observation_empty(enum vw_evidence_kind kind);

/* Rows are the same where all is that is not summed up; texts by their pointers. */
uint64_t vw_observation_hash(const struct vw_observation *row);
bool vw_observation_same(const struct vw_observation *a, const struct vw_observation *b);
void vw_observation_sum(struct vw_observation *have, const struct vw_observation *row);

/* Adds what `row` says, which is of no flow log: to the row of the same key if there is one (counts add up, times
 * and sequence numbers widen, flags are or-ed), else as a new row. Text is copied. A row
 * outside the evidence's time window is passed over. *ret_index (may be NULL) is where it
 * went, SIZE_MAX if nowhere. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_evidence_add(struct vw_evidence *evidence, const struct vw_observation *row,
                    size_t *ret_index);

/* Who helps to read flow logs; each may be NULL. */
struct vw_evidence_helpers {
    vw_evidence_progress *progress;
    void *progress_data;
    vw_evidence_format_finder *format;
    void *format_data;
};
const struct vw_evidence_helpers *vw_evidence_helpers_of(
    const struct vw_evidence *evidence);

bool vw_evidence_is_watched(const struct vw_evidence *evidence);

/* Shows a record, which lies in the window, to who watches. */
int vw_evidence_notice(struct vw_evidence *evidence, const struct vw_observation *record);

/* The row at *ret_index of vw_evidence_add, to be corrected in fields that are not part of the key (sequence
 * numbers, above all: sum of missing ones is only a guess here). */
struct vw_observation *vw_evidence_row(struct vw_evidence *evidence, size_t index);

/* The flows of flow logs, which are not among the rows. */
struct vw_flow_rows *vw_evidence_flows(struct vw_evidence *evidence);

/* The one copy of `text` that the evidence keeps; *ret NULL for NULL. 0,
 * VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_evidence_text(struct vw_evidence *evidence, const char *text, const char **ret);

/* The time window that was asked for: INT64_MIN and INT64_MAX for open ends. */
void vw_evidence_window(const struct vw_evidence *evidence, int64_t *ret_since,
                        int64_t *ret_until);

/* The coverage of `vantage` (may be NULL) in `file`, made at first use, with no time known
 * and every count 0; valid as long as the evidence. NULL when out of memory, or when
 * VW_COVERAGES_MAX is reached. */
struct vw_coverage *vw_evidence_coverage(struct vw_evidence *evidence,
                                         enum vw_evidence_kind kind, const char *file,
                                         const char *vantage);

/* Makes the coverage's span reach over [first, last]; either may be VW_TIME_UNKNOWN. */
void vw_coverage_widen(struct vw_coverage *coverage, int64_t first, int64_t last);

/* Whether a record of [first, last] touches the window that was asked for. */
bool vw_evidence_in_window(const struct vw_evidence *evidence, int64_t first,
                           int64_t last);

#endif
