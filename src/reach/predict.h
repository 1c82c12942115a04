/* What every witness of a flow must show, read from its marks. */
#ifndef VW_REACH_PREDICT_H
#define VW_REACH_PREDICT_H

#include "reach/walk.h"

#define VW_PREDICTIONS_MAX 16

/* Writes at most VW_PREDICTIONS_MAX predictions and returns how many. Their sentences are
 * static. */
size_t vw_predict(const struct vw_world *world, const struct vw_packet *packet,
                  bool one_way, struct vw_prediction predictions[VW_PREDICTIONS_MAX]);

#endif
