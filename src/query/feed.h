/* From the records of a scan to the first slots of a row. */
#ifndef VW_QUERY_FEED_H
#define VW_QUERY_FEED_H

#include <pthread.h>

#include "logs/scan.h"
#include "query/run.h"

/* Where the columns of a layout go. */
struct vw_feed_layout {
    const struct vw_log_layout *layout; /* not behind the scan */
    uint32_t file;                      /* its number and path */
    const char *path;
    uint32_t *columns; /* of each input of the plan; UINT32_MAX: none */
    uint32_t time, start,
        end; /* columns of @timestamp, start and end; UINT32_MAX: none */
};

struct vw_feed_layouts VW_ARRAY(struct vw_feed_layout *);

struct vw_feed {
    const struct vw_plan *plan;
    int64_t since, until; /* ns, or INT64_MIN */
    bool needs_time;      /* of every record */
    bool needs_message;
    pthread_mutex_t lock; /* of what follows */
    struct vw_feed_layouts layouts;
    bool *found; /* [input]: some layout has it */
    struct vw_arena arena;
};

int vw_feed_start(struct vw_feed *feed, const struct vw_plan *plan, int64_t since,
                  int64_t until);
void vw_feed_free(struct vw_feed *feed);

/* vw_log_sink's `begin`. */
int vw_feed_begin(struct vw_feed *feed, const struct vw_log_layout *layout, bool *wanted);

const struct vw_feed_layout *vw_feed_find(struct vw_feed *feed,
                                          const struct vw_log_layout *layout);

/* Sets the input slots and the moment of a record; false: it lies outside of the times
 * asked for. */
bool vw_feed_load(const struct vw_feed *feed, const struct vw_feed_layout *layout,
                  const struct vw_log_batch *batch, size_t record, struct vw_row *row,
                  struct vw_arena *arena);

#endif
