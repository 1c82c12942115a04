/*
 * `stats sum(bytes) by srcAddr, dstAddr` looks at three words of a record. To make a row of
 * each record and evaluate its expressions would take longer than all the rest, so keys and
 * measures are taken straight from the columns. Everything else goes row by row: runner.c.
 */
#include "query/stats_columns.h"

#include "query/stats_row.h"

/* The column that an expression names; false: it is more than a field of records. */
static bool find_column(const struct vw_feed *feed, const struct vw_feed_layout *layout,
                        const struct vw_expression *expression, uint32_t *ret)
{
    const struct vw_input_fields *inputs = &feed->plan->inputs;
    size_t i;

    if (expression->kind != VW_EXPRESSION_SLOT)
        return false;
    for (i = 0; i < inputs->count && inputs->items[i].slot != expression->slot; i++)
        ;
    if (i == inputs->count || inputs->items[i].origin != VW_ORIGIN_COLUMN)
        return false;
    *ret = layout->columns[i];
    return true;
}

bool vw_stats_columns_find(const struct vw_feed *feed,
                           const struct vw_feed_layout *layout,
                           struct vw_stats_columns *ret)
{
    const struct vw_phase *phase = &feed->plan->phases.items[0];
    size_t i;

    *ret = (struct vw_stats_columns){.key_count = phase->groups.count,
                                     .measure_count = phase->measures.count,
                                     .of_numbers = true};
    if (phase->ending != VW_ENDING_STATS || phase->steps.count > 0 || feed->needs_time ||
        ret->key_count > VW_STATS_COLUMNS_MAX ||
        ret->measure_count > VW_STATS_COLUMNS_MAX)
        return false;
    for (i = 0; i < ret->key_count; i++)
        if (!find_column(feed, layout, phase->groups.items[i].expression, &ret->keys[i]))
            return false;
    for (i = 0; i < ret->measure_count; i++) {
        const struct vw_expression *call = phase->measures.items[i].call;

        ret->measures[i] = VW_STATS_NO_ARGUMENT;
        if (call->argument_count > 0 && !phase->measures.items[i].aggregator->of_numbers)
            ret->of_numbers = false;
        if (call->argument_count > 0 &&
            !find_column(feed, layout, call->arguments[0], &ret->measures[i]))
            return false;
    }
    return true;
}

static void measure(const struct vw_measure *measure, const struct vw_slice *cells,
                    uint32_t column, struct vw_value *ret)
{
    if (column == VW_STATS_NO_ARGUMENT) {
        *ret = vw_value_truth(true);
    } else if (column == UINT32_MAX || !cells[column].data) {
        *ret = vw_value_null();
    } else {
        *ret = vw_value_text(cells[column].data, cells[column].size);
        vw_stats_measure(measure, ret);
    }
}

/* What nearly every record has: numbers of up to 64 bits, or no argument. Else false. */
static inline bool keep_number(const struct vw_slice *cells, uint32_t column,
                               struct vw_stats_kept *ret)
{
    uint64_t number = 1;

    if (column != VW_STATS_NO_ARGUMENT && (column == UINT32_MAX || !cells[column].data ||
                                           !vw_number_short(cells[column], &number)))
        return false;
    *ret = (struct vw_stats_kept){.integer = (int64_t)number, .kind = VW_VALUE_INTEGER};
    return true;
}

static int take_values(struct vw_stats_queue *queue,
                       const struct vw_stats_columns *columns,
                       const struct vw_slice *cells)
{
    const struct vw_measure *measures = queue->stats->phase->measures.items;
    struct vw_value values[VW_STATS_COLUMNS_MAX];
    size_t i;

    for (i = 0; i < columns->measure_count; i++)
        measure(&measures[i], cells, columns->measures[i], &values[i]);
    return vw_stats_add(queue, values, NULL);
}

static int take_record(struct vw_stats_queue *queue,
                       const struct vw_stats_columns *columns,
                       const struct vw_slice *cells)
{
    struct vw_stats_row *row;
    size_t i;
    int error = 0;

    for (i = 0; i < columns->key_count && !error; i++) {
        uint32_t column = columns->keys[i];

        error = column == UINT32_MAX || !cells[column].data
                    ? vw_key_add_null(&queue->key)
                    : vw_key_add_text(&queue->key, cells[column]);
    }
    if (error || !columns->of_numbers)
        return error ? error : take_values(queue, columns, cells);
    row = vw_stats_row_begin(queue, 0);
    if (!row)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < columns->measure_count; i++)
        if (!keep_number(cells, columns->measures[i], &vw_stats_row_kept(row)[i]))
            return take_values(queue, columns, cells);
    return vw_stats_row_end(queue, row);
}

int vw_stats_columns_take(struct vw_runner *runner,
                          const struct vw_stats_columns *columns,
                          const struct vw_log_batch *batch)
{
    size_t width = batch->layout->count, i;
    int error = 0;

    for (i = 0; i < batch->count && !error; i++)
        error = take_record(&runner->queue, columns, batch->cells + i * width);
    runner->matched += i;
    return error;
}
