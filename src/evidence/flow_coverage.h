/* What files of flow logs say about each of their interfaces beside the flows. */
#ifndef VW_EVIDENCE_FLOW_COVERAGE_H
#define VW_EVIDENCE_FLOW_COVERAGE_H

#include "base/array.h"
#include "evidence/flow_record.h"

struct vw_flow_coverage {
    uint32_t file;
    uint32_t vantage;       /* number of the text; 0: none told */
    uint64_t line;          /* of the first record or damaged line */
    unsigned traffics;      /* enum vw_flow_traffic of its streams, or-ed */
    struct vw_coverage sum; /* but for kind, file and vantage */
};

/* Of one thread. Zero-initialised is empty and ready. */
struct vw_flow_coverages {
    struct vw_flow_coverage_items VW_ARRAY(struct vw_flow_coverage) items;
    uint32_t *slots; /* open addressing over item numbers plus one */
    size_t capacity;
    size_t recent; /* the item found last */
};

void vw_flow_coverages_free(struct vw_flow_coverages *coverages);

/* The one of `vantage` in `file`, made at first use; valid until the next call. NULL when
 * out of memory. */
struct vw_flow_coverage *vw_flow_coverages_get(struct vw_flow_coverages *coverages,
                                               uint32_t file, uint32_t vantage,
                                               uint64_t line);

/* Counts a record. Of those outside the time window (`in_window` false) only the span is
 * taken: it tells how far silence can be trusted. */
void vw_flow_coverage_count(struct vw_flow_coverage *coverage,
                            const struct vw_flow_record *record,
                            enum vw_flow_traffic traffic, bool in_window);

#endif
