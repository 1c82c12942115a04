/* Which way a flow went, where its records do not tell. */
#ifndef VW_EVIDENCE_FLOW_DIRECTION_H
#define VW_EVIDENCE_FLOW_DIRECTION_H

#include "evidence/flow_table.h"

/* Sets the direction of the `count` rows at `refs`, which are all of the table: as told,
 * or as the interface's own address says. 0 or VW_ERROR_NO_MEMORY. */
int vw_flow_directions_decide(struct vw_flow_table *table, const uint32_t *refs,
                              size_t count);

#endif
