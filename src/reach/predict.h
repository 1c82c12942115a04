/* What every witness of a flow must show, read from its marks. */
#ifndef VW_REACH_PREDICT_H
#define VW_REACH_PREDICT_H

#include "reach/walk.h"

#define VW_PREDICTIONS_MAX 16

/* What the marks say, in the order of the way: the first mark that decided so, or NULL. */
struct vw_story {
    const struct vw_mark *sender_down, *receiver_down;
    const struct vw_mark *out_rejected; /* A's group or ACL outbound */
    const struct vw_mark *out_open;     /* what they decide is unknown */
    const struct vw_mark *no_route;     /* in A's own table, or whether there is one is
                                         * unknown */
    const struct vw_mark *lost;         /* dropped between the two interfaces */
    const struct vw_mark *open;         /* something before B's interface is unknown */
    const struct vw_mark *in_rejected;  /* B's ACL or group inbound */
    const struct vw_mark *in_open;
    const struct vw_mark *reply_rejected; /* B's ACL outbound */
    const struct vw_mark *reply_lost, *reply_open;
    const struct vw_mark *reply_in_rejected, *reply_in_open;
};

struct vw_story vw_story_read(const struct vw_packet *packet);

/* Writes at most VW_PREDICTIONS_MAX predictions and returns how many. Their sentences are
 * static. */
size_t vw_predict(const struct vw_world *world, const struct vw_packet *packet,
                  bool one_way, struct vw_prediction predictions[VW_PREDICTIONS_MAX]);

#endif
