/*
 * What reading Parquet costs without what a query does with it: `parquet_sum [WORKERS]
 * COLUMN,... FILE` reads the columns on several workers and adds up the bytes of all cells.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/pool.h"
#include "logs/parquet.h"

struct piece {
    struct vw_job job;
    struct vw_parquet_reader **readers; /* [worker] */
    struct vw_slice **cells;
    const struct vw_parquet *parquet;
    const bool *wanted;
    size_t group;
    uint64_t sum, rows;
    int error;
};

static void run(struct vw_job *job, unsigned worker)
{
    struct piece *piece = (struct piece *)job;
    size_t columns = piece->parquet->column_count, got = 1, row, column;
    const struct vw_slice *cells = piece->cells[worker];

    piece->error = vw_parquet_seek(piece->readers[worker], piece->group, 0,
                                   piece->parquet->groups[piece->group].rows);
    while (!piece->error && got > 0) {
        piece->error =
            vw_parquet_next(piece->readers[worker], piece->cells[worker], &got);
        for (row = 0; !piece->error && row < got; row++)
            for (column = 0; column < columns; column++)
                piece->sum += cells[row * columns + column].size;
        piece->rows += piece->error ? 0 : got;
    }
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

int main(int count, char **arguments)
{
    double start = now();
    struct vw_stored stored;
    struct vw_parquet_source source = {.path = arguments[count - 1], .stored = &stored};
    struct vw_parquet *parquet = NULL;
    struct vw_pool *pool = vw_pool_create((unsigned)atoi(arguments[1]) - 1);
    unsigned workers = vw_pool_workers(pool), worker;
    struct piece *pieces;
    bool wanted[VW_PARQUET_COLUMNS_MAX] = {false};
    struct vw_parquet_reader *readers[16];
    struct vw_slice *cells[16];
    uint64_t sum = 0, rows = 0;
    size_t i;

    if (count != 4 || vw_stored_open(source.path, NULL, &stored) != 1)
        return 2;
    source.size = stored.size;
    if (vw_parquet_open(&source, NULL, &parquet))
        return 1;
    for (i = 0; i < parquet->column_count; i++)
        wanted[i] = strstr(arguments[2], parquet->columns[i].name) != NULL;
    for (worker = 0; worker < workers; worker++) {
        cells[worker] = calloc(VW_PARQUET_ROWS * parquet->column_count, sizeof **cells);
        if (vw_parquet_reader_create(parquet, wanted, NULL, &readers[worker]))
            return 1;
    }
    pieces = calloc(parquet->group_count, sizeof *pieces);
    for (i = 0; i < parquet->group_count; i++) {
        pieces[i] =
            (struct piece){{run, NULL}, readers, cells, parquet, wanted, i, 0, 0, 0};
        vw_pool_add(pool, &pieces[i].job);
    }
    vw_pool_wait(pool);
    for (i = 0; i < parquet->group_count; i++) {
        sum += pieces[i].sum;
        rows += pieces[i].rows;
    }
    printf("%llu rows, %llu bytes, %.3f s\n", (unsigned long long)rows,
           (unsigned long long)sum, now() - start);
    return 0;
}
