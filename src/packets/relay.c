/* A ring of batches; see relay.h. */
#include "packets/relay.h"

#include <pthread.h>

#include "base/memory.h"
#include "base/pool.h"

struct vw_relay {
    vw_batch_taker *take;
    void *context;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t is_filled, is_free;
    size_t handed, taken; /* batches, since the beginning */
    bool is_over;         /* none will follow */
    bool is_finishing;    /* all that is there is to be taken */
    int error;
    bool has_thread;
    pthread_t thread;
    struct vw_batch batches[VW_RELAY_BATCHES];
    void *items; /* of all batches, and one more to begin where a line does */
};

enum { LINE = 64, SOME = VW_RELAY_BATCHES / 2 };

static struct vw_batch *batch_at(struct vw_relay *relay, size_t number)
{
    return &relay->batches[number % VW_RELAY_BATCHES];
}

/* The lock is held before and after. After an error batches are only passed over. */
static void take_next(struct vw_relay *relay)
{
    struct vw_batch *batch = batch_at(relay, relay->taken);
    int error = relay->error;

    pthread_mutex_unlock(&relay->lock);
    if (!error)
        error = relay->take(relay->context, batch);
    batch->count = 0;
    pthread_mutex_lock(&relay->lock);
    relay->error = error;
    relay->taken++;
    if (relay->handed - relay->taken <= SOME)
        pthread_cond_signal(&relay->is_free);
}

/* Whether there is enough to go on with. */
static bool is_enough(const struct vw_relay *relay)
{
    size_t count = relay->handed - relay->taken;

    return count >= SOME || (count > 0 && relay->is_finishing) || relay->is_over;
}

static void *work(void *data)
{
    struct vw_relay *relay = data;

    pthread_mutex_lock(&relay->lock);
    do {
        while (!is_enough(relay))
            pthread_cond_wait(&relay->is_filled, &relay->lock);
        while (relay->taken < relay->handed)
            take_next(relay);
    } while (!relay->is_over);
    pthread_mutex_unlock(&relay->lock);
    return NULL;
}

struct vw_relay *vw_relay_create(vw_batch_taker *take, void *context)
{
    struct vw_relay *relay = vw_calloc(1, sizeof *relay);
    uint8_t *items =
        vw_calloc(VW_RELAY_BATCHES * VW_BATCH_PACKETS + 1, sizeof(struct vw_pending));
    size_t i;

    if (!relay || !items) {
        vw_free(relay);
        vw_free(items);
        return NULL;
    }
    relay->items = items;
    items += -(uintptr_t)items % LINE;
    for (i = 0; i < VW_RELAY_BATCHES; i++)
        relay->batches[i].items =
            (struct vw_pending *)(void *)items + i * VW_BATCH_PACKETS;
    relay->take = take;
    relay->context = context;
    pthread_mutex_init(&relay->lock, NULL);
    pthread_cond_init(&relay->is_filled, NULL);
    pthread_cond_init(&relay->is_free, NULL);
    return relay;
}

struct vw_batch *vw_relay_batch(struct vw_relay *relay)
{
    return batch_at(relay, relay->handed);
}

/* At the first batch: most captures are no longer. */
static void start(struct vw_relay *relay)
{
    relay->has_thread =
        vw_pool_threads() > 0 && pthread_create(&relay->thread, NULL, work, relay) == 0;
}

int vw_relay_hand_over(struct vw_relay *relay)
{
    int error;

    if (relay->handed == 0)
        start(relay);
    pthread_mutex_lock(&relay->lock);
    relay->handed++;
    if (!relay->has_thread)
        take_next(relay);
    else if (relay->handed - relay->taken == SOME)
        pthread_cond_signal(&relay->is_filled);
    /* The next one to be filled must be free. */
    if (relay->handed - relay->taken == VW_RELAY_BATCHES)
        while (relay->handed - relay->taken > SOME)
            pthread_cond_wait(&relay->is_free, &relay->lock);
    error = relay->error;
    pthread_mutex_unlock(&relay->lock);
    return error;
}

int vw_relay_finish(struct vw_relay *relay)
{
    int error;

    pthread_mutex_lock(&relay->lock);
    relay->is_finishing = true;
    pthread_cond_signal(&relay->is_filled);
    while (relay->taken < relay->handed)
        pthread_cond_wait(&relay->is_free, &relay->lock);
    relay->is_finishing = false;
    error = relay->error;
    pthread_mutex_unlock(&relay->lock);
    return error;
}

void vw_relay_free(struct vw_relay *relay)
{
    if (!relay)
        return;
    pthread_mutex_lock(&relay->lock);
    relay->is_over = true;
    pthread_cond_signal(&relay->is_filled);
    pthread_mutex_unlock(&relay->lock);
    if (relay->has_thread)
        pthread_join(relay->thread, NULL);
    pthread_cond_destroy(&relay->is_free);
    pthread_cond_destroy(&relay->is_filled);
    pthread_mutex_destroy(&relay->lock);
    vw_free(relay->items);
    vw_free(relay);
}
