/*
 * Threads that share work. Jobs belong to the caller, are run in the order in which they
 * were added (as far as threads run at all) and are all done after vw_pool_wait. The
 * caller's thread works too: where no thread can be started, everything is still done.
 */
#ifndef VW_BASE_POOL_H
#define VW_BASE_POOL_H

struct vw_pool;

/* First member of what a job works on. */
struct vw_job {
    /* `worker` is below vw_pool_workers: no two jobs run with the same one at a time. */
    void (*run)(struct vw_job *job, unsigned worker);
    struct vw_job *next; /* the pool's */
};

enum { VW_POOL_THREADS_MAX = 15 };

/* How many threads are of use beside the caller's on this machine. */
unsigned vw_pool_threads(void);

/* With up to `threads` threads beside the caller's. NULL when out of memory. */
struct vw_pool *vw_pool_create(unsigned threads);

unsigned vw_pool_workers(const struct vw_pool *pool);

/* The job must stay until vw_pool_wait. Where many wait already, the caller runs one
 * first: what waits is bounded. */
void vw_pool_add(struct vw_pool *pool, struct vw_job *job);

void vw_pool_wait(struct vw_pool *pool);

/* Nothing may be waiting. Accepts NULL. */
void vw_pool_free(struct vw_pool *pool);

#endif
