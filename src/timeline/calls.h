/* Whether a call of AWS's API made a difference. */
#ifndef VW_TIMELINE_CALLS_H
#define VW_TIMELINE_CALLS_H

#include "timeline/timeline.h"

/* What a call does to an object or to an element of its list. */
enum { VW_CALL_ADDS = 1, VW_CALL_REMOVES = 2, VW_CALL_ALTERS = 4 };

/* A difference, and what a call must have done to make it. */
struct vw_wanted {
    const struct vw_snapshot *before, *after;
    const struct vw_difference *difference;
    unsigned effect;
};

bool vw_call_made(const struct vw_wanted *wanted, const struct vw_trail_event *event);

/* Whether the event names the object that the difference is of. */
bool vw_call_names_object(const struct vw_wanted *wanted,
                          const struct vw_trail_event *event);

#endif
