/* Stats of whole batches, where nothing stands between a record and its group. */
#ifndef VW_QUERY_STATS_COLUMNS_H
#define VW_QUERY_STATS_COLUMNS_H

#include "query/feed.h"
#include "query/run.h"

/* More keys or measures than this go row by row. */
#define VW_STATS_COLUMNS_MAX 8

/* Where the keys and measures of a phase stand in the records of a layout. */
struct vw_stats_columns {
    uint32_t keys[VW_STATS_COLUMNS_MAX], measures[VW_STATS_COLUMNS_MAX];
    size_t key_count, measure_count;
    bool of_numbers; /* what is asked of the measures are numbers, or nothing at all */
};

/* Measures without an argument: count(*). */
#define VW_STATS_NO_ARGUMENT (UINT32_MAX - 1)

/* Whether the first phase is stats of plain fields, and of all records: what it needs is
 * read from columns then, or there is no such column (UINT32_MAX). */
bool vw_stats_columns_find(const struct vw_feed *feed,
                           const struct vw_feed_layout *layout,
                           struct vw_stats_columns *ret);

/* As vw_feed_load and vw_runner_take for each record of the batch. */
int vw_stats_columns_take(struct vw_runner *runner,
                          const struct vw_stats_columns *columns,
                          const struct vw_log_batch *batch);

#endif
