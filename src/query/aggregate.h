/*
 * What stats computes of a group. Each aggregator is a row of functions over a state of
 * fixed size that stands in the group; the result does not depend on the order in which
 * records come.
 */
#ifndef VW_QUERY_AGGREGATE_H
#define VW_QUERY_AGGREGATE_H

#include "query/syntax.h"

/* When and where a row stood, for earliest and latest. */
struct vw_moment {
    int64_t time;  /* ns; INT64_MIN: none */
    uint32_t file; /* number */
    uint32_t part; /* of a record that became several rows */
    uint64_t line;
};

/* <0, 0, >0: earlier first, records without a time before all. */
int vw_moment_compare(const struct vw_moment *a, const struct vw_moment *b);

enum vw_aggregator_shape {
    VW_AGGREGATOR_ONE,     /* one expression */
    VW_AGGREGATOR_COUNT,   /* none, * or one */
    VW_AGGREGATOR_PERCENT, /* an expression and a number from 0 to 100 */
    VW_AGGREGATOR_TOP,     /* a number and an expression, either first */
    VW_AGGREGATOR_PERIOD,  /* an expression and a period */
    VW_AGGREGATOR_BUCKETS  /* an expression and a number */
};

struct vw_aggregator {
    const char *name;
    enum vw_aggregator_shape shape;
    size_t size;       /* of the state, which starts zeroed; a multiple of 8 */
    bool needs_moment; /* update looks at `moment` */
    bool of_numbers;   /* what is no number makes no difference */
    /* 0 or VW_ERROR_NO_MEMORY. */
    int (*update)(void *state, const struct vw_value *value,
                  const struct vw_moment *moment, struct vw_arena *arena);
    /* `call`: its parameter. What the value needs stands in `arena`. */
    struct vw_value (*finish)(const void *state, const struct vw_expression *call,
                              struct vw_arena *arena);
    void (*release)(void *state); /* NULL where it holds nothing */
    /* As update with such an integer, where there is a shorter way; else NULL. */
    int (*add)(void *state, int64_t integer, struct vw_arena *arena);
};

/* Case and '_' make no difference. NULL where there is none. */
const struct vw_aggregator *vw_aggregator_find(struct vw_slice name);
const struct vw_aggregator *vw_aggregator_at(size_t index); /* NULL past the last */

extern const struct vw_aggregator vw_sum_aggregators[];
extern const struct vw_aggregator vw_extreme_aggregators[];
extern const struct vw_aggregator vw_tally_aggregators[];

#endif
