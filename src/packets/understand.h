/* A capture, understood: what vw_capture_read makes and its views read. */
#ifndef VW_PACKETS_UNDERSTAND_H
#define VW_PACKETS_UNDERSTAND_H

#include "base/arena.h"
#include "packets/capture_file.h"
#include "packets/echo.h"
#include "packets/errors.h"
#include "packets/flow.h"

struct vw_places VW_ARRAY(struct vw_capture_place);

struct vw_capture {
    struct vw_arena arena; /* of texts */
    struct vw_capture_facts facts;
    struct vw_places places;
    struct vw_packet_flows flows;
    struct vw_echoes echoes;
    struct vw_errors errors;
    struct vw_fragments fragments;
    bool tunnels[VW_TUNNEL_COUNT]; /* which were met */
};

/* Takes in one packet of which the flow can be told; `whole` is it where the pending one
 * says so. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_capture_take(struct vw_capture *capture, const struct vw_pending *pending,
                    const struct vw_packet *whole);

#endif
