/* Observations of flow logs to rows of the flow table, and back. */
#ifndef VW_EVIDENCE_FLOW_PACK_H
#define VW_EVIDENCE_FLOW_PACK_H

#include "evidence/flow_table.h"

/* Writes into `ret` all but the hash. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_flow_pack(struct vw_flow_names *names, struct vw_flow_recent *recent,
                 const struct vw_observation *row, const struct vw_flow_words *words,
                 uint64_t witness, struct vw_flow_gathered *ret);

struct vw_address vw_flow_address(const struct vw_flow_names *names,
                                  const struct vw_flow_key *key, unsigned which);

#endif
