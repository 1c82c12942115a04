/* All jobs are done once, whatever the number of threads. */
#include "base/pool.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { JOBS = 1000, WORKERS = VW_POOL_THREADS_MAX + 1 };

struct addition {
    struct vw_job job;
    unsigned *sums; /* one a worker */
    unsigned times;
};

static void add(struct vw_job *job, unsigned worker)
{
    struct addition *addition = (struct addition *)(void *)job;

    addition->times++;
    addition->sums[worker] += 1;
}

static void run_all(unsigned threads)
{
    static struct addition additions[JOBS];
    unsigned sums[WORKERS] = {0}, sum = 0, i, round;
    struct vw_pool *pool = vw_pool_create(threads);

    assert_non_null(pool);
    assert_in_range(vw_pool_workers(pool), 1, threads + 1);
    for (round = 1; round <= 3; round++) {
        for (i = 0; i < JOBS; i++) {
            additions[i] = (struct addition){{add, NULL}, sums, 0};
            vw_pool_add(pool, &additions[i].job);
        }
        vw_pool_wait(pool);
        for (i = 0; i < JOBS; i++)
            assert_int_equal(additions[i].times, 1);
    }
    for (i = 0; i < WORKERS; i++)
        sum += sums[i];
    assert_int_equal(sum, 3 * JOBS);
    vw_pool_free(pool);
}

static void every_job_is_done_once(void **state)
{
    (void)state;
    run_all(0);
    run_all(1);
    run_all(VW_POOL_THREADS_MAX);
}

static void nothing_to_do(void **state)
{
    struct vw_pool *pool = vw_pool_create(2);

    (void)state;
    vw_pool_wait(pool);
    vw_pool_free(pool);
    vw_pool_free(NULL);
    assert_true(vw_pool_threads() <= VW_POOL_THREADS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_is_done_once),
        cmocka_unit_test(nothing_to_do),
    };

    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
