/*
 * Rows that are kept: the first so many in an order, or the first of each key. What is kept of
 * a row is one block, so that memory follows what is kept and not what went by.
 */
#ifndef VW_QUERY_ROWS_H
#define VW_QUERY_ROWS_H

#include "query/groups.h"
#include "query/key.h"
#include "query/plan.h"

/* A row on its way through a phase. */
struct vw_row {
    struct vw_value *slots;
    struct vw_moment moment;
    uint64_t sequence; /* its place among the rows that came in, behind the first phase */
};

struct vw_kept_row {
    struct vw_moment moment;
    uint64_t sequence;
    struct vw_value values[]; /* one for each slot of the phase's `kept` */
};

struct vw_order_key {
    uint32_t slot, kept; /* in a row, in a kept row */
    bool descending;
    bool times_descend; /* in the order that nobody asked for, times do */
};

struct vw_order_keys VW_ARRAY(struct vw_order_key);

/* The order of a phase: its sort keys, then its input's own order. */
struct vw_order {
    const struct vw_phase *phase;
    struct vw_order_keys keys;
    bool by_moment; /* then the latest first; else by sequence */
};

int vw_order_make(const struct vw_plan *plan, size_t phase, struct vw_order *ret);
void vw_order_free(struct vw_order *order);

/* Where a kept row has a slot; false: nowhere. */
bool vw_order_kept(const struct vw_phase *phase, uint32_t slot, uint32_t *ret);

struct vw_kept_rows VW_ARRAY(struct vw_kept_row *);

struct vw_rows {
    const struct vw_order *order;
    struct vw_kept_rows rows; /* once full, a heap with the last row on top */
    uint64_t limit;
    uint64_t offered;
    struct vw_groups distinct; /* of dedup: the state is the kept row */
    struct vw_key_text key;
};

/* Zero-initialised, with `order` and `limit` set. 0 or VW_ERROR_NO_MEMORY. */
int vw_rows_offer(struct vw_rows *rows, const struct vw_row *row);

/* Whether a row would have to leave at once whatever the rest of it is, going by its first
 * sort key in `slots`: it counts as offered then. */
bool vw_rows_pass_over(struct vw_rows *rows, const struct vw_value *slots);

/* As vw_rows_offer for dedup: of rows that agree in `distinct` of the phase, the first; of rows
 * with a null there, all. */
int vw_rows_offer_distinct(struct vw_rows *rows, const struct vw_row *row);

/* Takes the rows of another worker over; `from` is empty then. */
int vw_rows_merge(struct vw_rows *rows, struct vw_rows *from);

/* In order; for dedup too, whose rows stand in `rows` then. */
int vw_rows_finish(struct vw_rows *rows);

void vw_rows_free(struct vw_rows *rows);

/* ---- series.c: what looks at rows one after the other, in order ---- */

int vw_rows_series(struct vw_rows *rows, const struct vw_plan *plan, size_t phase);

/* A row with all values null. */
struct vw_kept_row *vw_kept_row_make(size_t values);

#endif
