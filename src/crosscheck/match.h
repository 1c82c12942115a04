/* Which rows belong to the flow, and which end a capture was taken at. */
#ifndef VW_CROSSCHECK_MATCH_H
#define VW_CROSSCHECK_MATCH_H

#include "crosscheck/cross.h"

/* Fills cross->view from the predictions and the trace's ends. */
void vw_match_views(struct vw_cross *cross);

/* Whether `row` is the record of `flow` at `end`, seen by a witness of that end. Without a
 * world it is the direction alone that tells where a flow log was recorded. */
bool vw_match_row(const struct vw_cross *cross, enum vw_end end, enum vw_direction flow,
                  const struct vw_observation *row);

/* Whether the addresses, protocol, ports and ICMP type are those of `flow` as `end` sees
 * it, whoever saw them. */
bool vw_match_packet(const struct vw_cross *cross, enum vw_end end,
                     enum vw_direction flow, const struct vw_observation *row);

/* Whether `text` (an address, "i-...", "eni-...", a name) names that end. */
bool vw_match_end(const struct vw_cross *cross, enum vw_end end, const char *text);

/* Adds up the rows of `kind` of that record at that end: of `file` and `vantage` only,
 * where `file` is not NULL, and of `action` only. */
struct vw_sight vw_match_sum(const struct vw_cross *cross, enum vw_evidence_kind kind,
                             enum vw_end end, enum vw_direction flow,
                             const struct vw_coverage *of, enum vw_flow_action action);

/* Whether `row` of a transcript is the request or the answer of the flow; the transcript
 * ran at A, whose address it may not tell. */
bool vw_match_transcript(const struct vw_cross *cross, enum vw_direction flow,
                         const struct vw_observation *row);

/* The ICMP type that answers `type`, or -1. */
int vw_match_answer_type(int protocol, int type);

#endif
