/*
 * How a row waits for its group, for who adds many: what vw_stats_row_begin gives is to be
 * filled, then ended.
 */
#ifndef VW_QUERY_STATS_ROW_H
#define VW_QUERY_STATS_ROW_H

#include <vpcwhy/error.h>

#include "query/stats.h"

/* So many bytes of rows are worth a visit to their part. */
#define VW_STATS_ENOUGH ((size_t)8 << 10)

/* Bytes behind a row that may be written before the next one is. */
#define VW_STATS_SLACK VW_KEY_SHORT

/* Behind it stand what it holds of each measure, its moment where the phase needs it, its
 * key, and the texts of measures. */
struct vw_stats_row {
    _Alignas(8) uint32_t hash;
    uint32_t size, key_size; /* of all of it, a multiple of 8; of the key */
    uint32_t place;          /* of the group that it is likely to belong to */
};

/* What a row holds of a measure. */
struct vw_stats_kept {
    union {
        int64_t integer; /* also a point of time */
        double number;
    };
    uint32_t kind; /* enum vw_value_kind */
    uint32_t size; /* of its text, or of an integer that is wider than 64 bits */
};

/* Room for `size` bytes and what may stand behind. */
bool vw_stats_make_room(struct vw_stats_waiting *part, size_t size);

/* The rows go into the groups of part `number`, unless another worker is there and there is
 * time. 0 or VW_ERROR_NO_MEMORY. */
int vw_stats_visit(struct vw_stats *stats, unsigned number,
                   struct vw_stats_waiting *rows);

static inline struct vw_stats_kept *vw_stats_row_kept(struct vw_stats_row *row)
{
    return (struct vw_stats_kept *)(row + 1);
}

/* The next row, with the key in queue->key and room for `texts` bytes behind that. It is
 * none unless it is ended. NULL when out of memory. */
static inline struct vw_stats_row *vw_stats_row_begin(struct vw_stats_queue *queue,
                                                      size_t texts)
{
    const struct vw_phase *phase = queue->stats->phase;
    struct vw_slice key = vw_key_slice(&queue->key);
    uint32_t hash = vw_group_hash(key);
    struct vw_stats_waiting *part = &queue->parts[hash >> (32 - VW_STATS_PART_BITS)];
    size_t before = sizeof(struct vw_stats_row) +
                    phase->measures.count * sizeof(struct vw_stats_kept) +
                    (phase->needs_moment ? sizeof(struct vw_moment) : 0);
    size_t size = (before + key.size + texts + 7) & ~(size_t)7;
    struct vw_stats_row *row;

    if (size > UINT32_MAX || (part->room < part->size + size + VW_STATS_SLACK &&
                              !vw_stats_make_room(part, size)))
        return NULL;
    row = (struct vw_stats_row *)(void *)(part->rows + part->size);
    *row = (struct vw_stats_row){hash, (uint32_t)size, (uint32_t)key.size, 0};
    if (key.size > VW_KEY_SHORT)
        memcpy((char *)row + before, key.data, key.size);
    else if (key.size > 0)
        memcpy((char *)row + before, key.data, VW_KEY_SHORT);
    return row;
}

static inline int vw_stats_row_end(struct vw_stats_queue *queue,
                                   const struct vw_stats_row *row)
{
    unsigned number = row->hash >> (32 - VW_STATS_PART_BITS);
    struct vw_stats_waiting *part = &queue->parts[number];

    part->size += row->size;
    queue->key.size = 0;
    return part->size < VW_STATS_ENOUGH ? 0 : vw_stats_visit(queue->stats, number, part);
}

#endif
