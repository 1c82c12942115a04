/* A queue under one lock; see pool.h. */
#include "base/pool.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

/* Jobs that may wait, a thread. */
enum { WAITING_PER_THREAD = 2 };

struct vw_pool {
    pthread_mutex_t lock;
    pthread_cond_t is_added; /* or the end has come */
    pthread_cond_t is_idle;
    struct vw_job *first, *last;
    unsigned waiting, running;
    bool is_over;
    unsigned thread_count;
    struct thread {
        struct vw_pool *pool;
        unsigned worker;
        pthread_t id;
    } threads[VW_POOL_THREADS_MAX];
};

unsigned vw_pool_threads(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (processors < 2)
        return 0;
    return processors - 1 < VW_POOL_THREADS_MAX ? (unsigned)processors - 1
                                                : VW_POOL_THREADS_MAX;
}

/* Runs the first job that waits. The lock is held before and after. */
static void run_first(struct vw_pool *pool, unsigned worker)
{
    struct vw_job *job = pool->first;

    pool->first = job->next;
    pool->waiting--;
    pool->running++;
    pthread_mutex_unlock(&pool->lock);
    job->run(job, worker);
    pthread_mutex_lock(&pool->lock);
    pool->running--;
    if (pool->waiting == 0 && pool->running == 0)
        pthread_cond_signal(&pool->is_idle);
}

static void *work(void *data)
{
    struct thread *thread = data;
    struct vw_pool *pool = thread->pool;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->waiting == 0 && !pool->is_over)
            pthread_cond_wait(&pool->is_added, &pool->lock);
        if (pool->waiting == 0)
            break;
        run_first(pool, thread->worker);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct vw_pool *vw_pool_create(unsigned threads)
{
    struct vw_pool *pool = vw_calloc(1, sizeof *pool);
    unsigned i;

    if (!pool)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->is_added, NULL);
    pthread_cond_init(&pool->is_idle, NULL);
    for (i = 0; i < threads && i < VW_POOL_THREADS_MAX; i++) {
        pool->threads[i] = (struct thread){.pool = pool, .worker = i + 1};
        if (pthread_create(&pool->threads[i].id, NULL, work, &pool->threads[i]))
            break;
    }
    pool->thread_count = i;
    return pool;
}

unsigned vw_pool_workers(const struct vw_pool *pool)
{
    return pool->thread_count + 1;
}

void vw_pool_add(struct vw_pool *pool, struct vw_job *job)
{
    job->next = NULL;
    pthread_mutex_lock(&pool->lock);
    if (pool->waiting > 0)
        pool->last->next = job;
    else
        pool->first = job;
    pool->last = job;
    pool->waiting++;
    pthread_cond_signal(&pool->is_added);
    while (pool->waiting > pool->thread_count * WAITING_PER_THREAD)
        run_first(pool, 0);
    pthread_mutex_unlock(&pool->lock);
}

void vw_pool_wait(struct vw_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    while (pool->waiting > 0)
        run_first(pool, 0);
    while (pool->running > 0)
        pthread_cond_wait(&pool->is_idle, &pool->lock);
    pthread_mutex_unlock(&pool->lock);
}

void vw_pool_free(struct vw_pool *pool)
{
    unsigned i;

    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->is_over = true;
    pthread_cond_broadcast(&pool->is_added);
    pthread_mutex_unlock(&pool->lock);
    for (i = 0; i < pool->thread_count; i++)
        pthread_join(pool->threads[i].id, NULL);
    pthread_cond_destroy(&pool->is_idle);
    pthread_cond_destroy(&pool->is_added);
    pthread_mutex_destroy(&pool->lock);
    vw_free(pool);
}
