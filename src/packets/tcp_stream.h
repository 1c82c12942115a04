/* How much of a stream was recorded without a hole, as far as acknowledgements ask. */
#ifndef VW_PACKETS_TCP_STREAM_H
#define VW_PACKETS_TCP_STREAM_H

#include "packets/flow.h"

/* Data of `size` bytes, `relative` to the end's first sequence number. */
int vw_tcp_stream_add(struct vw_all_holes *holes, struct vw_tcp_end *end,
                      uint32_t relative, uint32_t size);

/* The other side has it all up to `relative`: how many holes in it were never recorded. */
uint32_t vw_tcp_stream_confirm(struct vw_all_holes *holes, const struct vw_tcp *tcp,
                               struct vw_tcp_end *end, uint32_t relative);

#endif
