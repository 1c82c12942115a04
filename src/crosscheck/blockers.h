/* Which blockers of the trace stand behind a prediction, and whether a flow that began
 * before they were there would pass them. */
#ifndef VW_CROSSCHECK_BLOCKERS_H
#define VW_CROSSCHECK_BLOCKERS_H

#include "crosscheck/cross.h"

/* The first blocker that the prediction of a rejection or of an absence rests on, one that
 * is no security group if there is one; NULL where there is none. */
const struct vw_blocker *vw_blocker_behind(const struct vw_cross *cross,
                                           const struct vw_prediction *prediction);

/* Whether `blocker` is a security group's rules: connections that were tracked when the
 * rule went away go on, so a packet that passes need not contradict. */
bool vw_blocker_is_group(const struct vw_blocker *blocker);

/* "CODE at COMPONENT: sentence". */
const char *vw_blocker_words(struct vw_cross *cross, const struct vw_blocker *blocker);

#endif
