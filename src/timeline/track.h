/* The changes of state in what one witness saw. */
#ifndef VW_TIMELINE_TRACK_H
#define VW_TIMELINE_TRACK_H

#include "timeline/timeline.h"

struct vw_seen_change {
    enum vw_flow_state from, to;
    struct vw_timeline_witness witness;
};
struct vw_seen_changes VW_ARRAY(struct vw_seen_change);

/* Puts the sightings in order and decides what became of the tries. */
void vw_track_settle(struct vw_track *track);

/* Adds the track's changes to `ret`, in the order of time. 0 or VW_ERROR_NO_MEMORY. */
int vw_track_changes(const struct vw_track *track, struct vw_seen_changes *ret);

#endif
