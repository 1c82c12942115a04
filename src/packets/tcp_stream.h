/* How much of a stream was recorded without a hole, as far as acknowledgements ask. */
#ifndef VW_PACKETS_TCP_STREAM_H
#define VW_PACKETS_TCP_STREAM_H

#include "packets/flow.h"

/* Data of `size` bytes that `side` sent, `relative` to its first sequence number. */
int vw_tcp_stream_add(struct vw_all_holes *holes, struct vw_flow *flow, int side,
                      uint32_t relative, uint32_t size);

/* What `side` sent was received all up to `relative`: how many holes in it were never
 * recorded. */
uint32_t vw_tcp_stream_confirm(struct vw_all_holes *holes, struct vw_flow *flow, int side,
                               uint32_t relative);

#endif
