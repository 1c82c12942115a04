/*
 * What the packets of one capture say: each adds to the row of its direction of a flow.
 * Beside the table of rows, memory is kept for the echo series (bounded by their number),
 * for recent packets (to count one that was recorded twice only once) and for packets in
 * fragments; nothing grows with the number of packets.
 */
#ifndef VW_EVIDENCE_CAPTURE_FLOW_H
#define VW_EVIDENCE_CAPTURE_FLOW_H

#include "packets/packet.h"
#include "evidence/table.h"

struct vw_capture_flows;

/* Packets seen at `vantage` (text, may be NULL) in `file`; both must outlive it. NULL
 * when out of memory. */
struct vw_capture_flows *vw_capture_flows_create(struct vw_evidence *evidence,
                                                 const char *file, const char *vantage);
void vw_capture_flows_free(struct vw_capture_flows *flows);

/* Takes in frame `number`, a packet of VW_PACKET_IP. 0 or negative. */
int vw_capture_flows_see(struct vw_capture_flows *flows, const struct vw_packet *seen,
                         uint64_t number, int64_t time);

/* After the last packet; `end` is the time at which the capture is known to have still
 * run. A request of the last second is neither answered nor missing. */
void vw_capture_flows_settle(struct vw_capture_flows *flows, int64_t end);

/* Packets recorded more than once, and fragments whose first one was not recorded. */
uint64_t vw_capture_flows_repeated(const struct vw_capture_flows *flows);
uint64_t vw_capture_flows_orphans(const struct vw_capture_flows *flows);

#endif
