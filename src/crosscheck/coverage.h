/* How far silence can be trusted: whether a record was due, and where none was, why. */
#ifndef VW_CROSSCHECK_COVERAGE_H
#define VW_CROSSCHECK_COVERAGE_H

#include "crosscheck/cross.h"

/*
 * NULL where the absence of a record of the flow at the interface `eni` proves that
 * nothing was there to record; else why it does not. `accepts`, `rejects`: which actions
 * would have to show. *ret_no_data (may be NULL): the interface said it saw no traffic.
 */
const char *vw_coverage_of_interface(struct vw_cross *cross, const char *eni,
                                     bool accepts, bool rejects, bool *ret_no_data);

/* The same of a capture; `own_request` is what it saw of the flow's requests. */
const char *vw_coverage_of_capture(struct vw_cross *cross,
                                   const struct vw_coverage *capture,
                                   const struct vw_sight *own_request);

/* Whether the flow logs that were given have any line of `eni`. */
bool vw_coverage_appears(const struct vw_cross *cross, const char *eni);

/* The id of an exported, active flow log that covers `eni`, or NULL. */
const char *vw_coverage_flow_log(const struct vw_cross *cross, const char *eni);

#endif
