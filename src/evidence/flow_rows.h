/*
 * The flows of the evidence: a compact table, of which a row is written out as an
 * observation when it is asked for, and then kept.
 */
#ifndef VW_EVIDENCE_FLOW_ROWS_H
#define VW_EVIDENCE_FLOW_ROWS_H

#include "base/array.h"
#include "evidence/flow_table.h"

struct vw_flow_page;

/* Zero-initialised is empty. */
struct vw_flow_rows {
    struct vw_flow_table *table;                       /* NULL: no flow log was read */
    struct vw_flow_paths VW_ARRAY(const char *) files; /* by number in witnesses */
    uint32_t *refs;                                    /* in the order of the witnesses */
    size_t count;
    struct vw_flow_page *pages; /* of observations that were asked for */
    size_t page_count;
    struct vw_observation nothing; /* what is given in place of a row: */
    atomic_bool failed;            /* memory was out for one */
};

void vw_flow_rows_free(struct vw_flow_rows *rows);

/* The table, made at first use; NULL when out of memory. */
struct vw_flow_table *vw_flow_rows_table(struct vw_flow_rows *rows);

/* Takes in what was added to the table: decides directions and puts rows in order. What
 * vw_flow_rows_get gave before is no longer valid. */
int vw_flow_rows_finish(struct vw_flow_rows *rows);

/* Has the row fetched from memory, for vw_flow_rows_copy some rows later. */
void vw_flow_rows_prefetch(const struct vw_flow_rows *rows, size_t index);
void vw_flow_rows_copy(const struct vw_flow_rows *rows, size_t index,
                       struct vw_observation *ret);

/* Written out and kept; any thread may ask. When memory is out, a row of nothing, and
 * `failed` is set. */
const struct vw_observation *vw_flow_rows_get(struct vw_flow_rows *rows, size_t index);

#endif
