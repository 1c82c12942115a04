/*
 * The hybrid of runs and packed bits in which Parquet writes levels, dictionary indices
 * and booleans: a run is one value many times, or groups of eight values of `width` bits
 * each. (Encodings.md, "Run Length Encoding / Bit-Packing Hybrid")
 */
#ifndef VW_LOGS_PARQUET_RUNS_H
#define VW_LOGS_PARQUET_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So many bytes behind the last one of what is read can be read too. */
#define VW_PARQUET_PADDING 8

struct vw_parquet_runs {
    const unsigned char *at;
    const unsigned char *end;
    unsigned width;              /* bits of a value: 32 at the most */
    bool is_packed;              /* the run at hand */
    uint32_t value;              /* of a run that repeats it */
    uint64_t left;               /* values of the run */
    const unsigned char *packed; /* of packed ones */
    uint64_t bit;                /* where the next one stands */
};

/* Over `size` bytes, behind which VW_PARQUET_PADDING more can be read. */
struct vw_parquet_runs vw_parquet_runs(const unsigned char *bytes, size_t size,
                                       unsigned width);

/* Whether the next `count` values are all the same: takes them if so. False also where
 * they are but cannot be seen to be at a glance. */
bool vw_parquet_runs_same(struct vw_parquet_runs *runs, size_t count,
                          uint32_t *ret_value);

/* The next `count` values. False where there are not so many. */
bool vw_parquet_runs_take(struct vw_parquet_runs *runs, uint32_t *values, size_t count);

#endif
