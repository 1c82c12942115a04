/* What one file of flow logs says about each of its interfaces. */
#ifndef VW_EVIDENCE_FLOW_LOG_VANTAGE_H
#define VW_EVIDENCE_FLOW_LOG_VANTAGE_H

#include "base/array.h"
#include "evidence/flow_log_record.h"

struct vw_flow_vantage {
    struct vw_coverage *coverage;
    size_t name_size;
    unsigned traffics; /* enum vw_flow_traffic of its streams, or-ed */
    /* The addresses that all IPv4 records so far have as source or destination. */
    struct vw_address own[2];
    unsigned own_count;
    bool own_started;
};

struct vw_flow_vantage_items VW_ARRAY(struct vw_flow_vantage);

/* Zero-initialised is empty and ready. */
struct vw_flow_vantages {
    struct vw_flow_vantage_items items;
    uint32_t *slots; /* open addressing over item numbers plus one */
    size_t capacity;
    size_t recent; /* the item found last */
};

void vw_flow_vantages_free(struct vw_flow_vantages *vantages);

/* Forgets all: the next file begins. */
void vw_flow_vantages_clear(struct vw_flow_vantages *vantages);

/* The vantage `name` (size 0: none told) in `file`, made at first use; valid until the
 * next call. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_flow_vantages_get(struct vw_flow_vantages *vantages, struct vw_evidence *evidence,
                         const char *file, struct vw_slice name,
                         struct vw_flow_vantage **ret);

/* Takes in the addresses of one more record. */
void vw_flow_vantage_narrow(struct vw_flow_vantage *vantage,
                            const struct vw_observation *row);

/* Gives a direction to the rows from number `first_row` on that have none, where the
 * interface's own address could be told. 0 or VW_ERROR_NO_MEMORY. */
int vw_flow_vantages_decide(struct vw_flow_vantages *vantages,
                            struct vw_evidence *evidence, size_t first_row);

#endif
