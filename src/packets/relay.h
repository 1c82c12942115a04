/* Batches of packets on their way from the thread that reads to the one that judges, which
 * takes them in order. Some may wait, and who has to wait does so for some: to be woken takes
 * as long as many packets. */
#ifndef VW_PACKETS_RELAY_H
#define VW_PACKETS_RELAY_H

#include <stddef.h>

#include "packets/pending.h"

enum { VW_BATCH_PACKETS = 256, VW_RELAY_BATCHES = 8 };

struct vw_batch {
    size_t count;
    struct vw_pending
        *items; /* VW_BATCH_PACKETS, each where a line of the cache begins */
};

struct vw_relay;

/* What a batch is for: called for one batch after the other; nonzero is kept, and ends it. */
typedef int vw_batch_taker(void *context, struct vw_batch *batch);

/* NULL when out of memory. On one processor, or where there is no second thread to be had,
 * batches are taken by who hands them over. */
struct vw_relay *vw_relay_create(vw_batch_taker *take, void *context);

/* An empty batch to be filled; the same one until it is handed over. */
struct vw_batch *vw_relay_batch(struct vw_relay *relay);

/* Hands that batch over, waiting for room. 0, or what taking one of them came to. */
int vw_relay_hand_over(struct vw_relay *relay);

/* Waits until all that was handed over is taken. 0, or what taking one of them came to. */
int vw_relay_finish(struct vw_relay *relay);

/* Accepts NULL. */
void vw_relay_free(struct vw_relay *relay);

#endif
