/*
 * accum, filldown and fillmissing: rows one after the other, in the order they stand in.
 *
 * What AWS says: accum is a running sum; filldown carries the last value forward; fillmissing
 * inserts rows for empty bins behind stats ... by bin().
 *
 * What we do: fillmissing inserts a row where no row at all stands in a bin between the first
 * and the last, with the other groups empty.
 */
#include "query/rows.h"

#include <stdlib.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* More rows are not made up. */
#define FILLED_MAX 100000

static int accumulate(struct vw_rows *rows, const struct vw_phase *phase)
{
    struct vw_number sum = {0, 0, true}, number;
    uint32_t from = 0, to = 0;
    size_t i;

    vw_order_kept(phase, phase->distinct.items[0], &from);
    vw_order_kept(phase, phase->distinct.items[1], &to);
    for (i = 0; i < rows->rows.count; i++) {
        struct vw_kept_row *row = rows->rows.items[i];

        if (!vw_value_number(&row->values[from], &number))
            continue;
        if (sum.is_integer && number.is_integer)
            sum.integer += number.integer;
        else
            sum = (struct vw_number){0, vw_number_real(sum) + vw_number_real(number),
                                     false};
        row->values[to] = vw_value_of(sum);
    }
    return 0;
}

static int fill_down(struct vw_rows *rows, const struct vw_phase *phase)
{
    size_t i, j;

    for (j = 0; j < phase->distinct.count; j++) {
        struct vw_value last = vw_value_null();
        uint32_t place = 0;

        vw_order_kept(phase, phase->distinct.items[j], &place);
        for (i = 0; i < rows->rows.count; i++) {
            struct vw_value *value = &rows->rows.items[i]->values[place];

            if (value->kind == VW_VALUE_NULL)
                *value = last;
            last = *value;
        }
    }
    return 0;
}

/* A row for the bin that begins at `time`. */
static int add_bin(struct vw_rows *rows, const struct vw_phase *phase, uint32_t place,
                   int64_t time)
{
    struct vw_kept_row *made = vw_kept_row_make(phase->kept.count);
    size_t i;

    if (!made)
        return VW_ERROR_NO_MEMORY;
    made->values[place] = vw_value_time(time);
    for (i = 0; i < phase->fill_slots.count; i++) {
        uint32_t filled = 0;

        if (vw_order_kept(phase, phase->fill_slots.items[i], &filled))
            made->values[filled] = phase->fill->items.items[i].expression->constant;
    }
    return vw_array_push(&rows->rows, made);
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static int fill_between(struct vw_rows *rows, const struct vw_phase *phase,
                        uint32_t place, struct vw_period period, int64_t *times,
                        size_t count)
{
    size_t filled = 0, i;
    int error = 0;

    qsort(times, count, sizeof *times, by_time);
    for (i = 0; i + 1 < count; i++) {
        int64_t time = vw_period_next(times[i], period);

        for (; time < times[i + 1] && filled < FILLED_MAX && !error; filled++) {
            error = add_bin(rows, phase, place, time);
            time = vw_period_next(time, period);
        }
    }
    return error;
}

static int fill_missing(struct vw_rows *rows, const struct vw_phase *phase,
                        const struct vw_phase *stats)
{
    const struct vw_group_key *bin = stats->groups.items;
    size_t count = 0, i;
    uint32_t place = 0;
    int64_t *times;
    int error;

    while (!bin->is_bin)
        bin++;
    times = vw_calloc(rows->rows.count + 1, sizeof *times);
    if (!times)
        return VW_ERROR_NO_MEMORY;
    vw_order_kept(phase, bin->slot, &place);
    for (i = 0; i < rows->rows.count; i++)
        if (rows->rows.items[i]->values[place].kind == VW_VALUE_TIME)
            times[count++] = (int64_t)rows->rows.items[i]->values[place].integer;
    error = fill_between(rows, phase, place, bin->period, times, count);
    vw_free(times);
    return error;
}

int vw_rows_series(struct vw_rows *rows, const struct vw_plan *plan, size_t phase)
{
    const struct vw_phase *made = &plan->phases.items[phase];
    int error = 0;

    switch (made->ending) {
    case VW_ENDING_ACCUM:
        return accumulate(rows, made);
    case VW_ENDING_FILLDOWN:
        return fill_down(rows, made);
    case VW_ENDING_FILLMISSING:
        error = fill_missing(rows, made, &plan->phases.items[phase - 1]);
        return error ? error : vw_rows_finish(rows);
    case VW_ENDING_ROWS:
    case VW_ENDING_DEDUP:
    case VW_ENDING_STATS:
        break;
    }
    return 0;
}
