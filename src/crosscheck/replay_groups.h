/*
 * Counting flows by what decided them. All workers count into the same groups, which stand
 * in parts by the upper bits of their hashes: a part has a lock and a table of its own. In
 * many worlds there are so many groups that nearly each is met far away in memory, so a
 * worker lets some flows wait for a part, and then sends for the memory of all of them.
 */
#ifndef VW_CROSSCHECK_REPLAY_GROUPS_H
#define VW_CROSSCHECK_REPLAY_GROUPS_H

#include <pthread.h>

#include <vpcwhy/replay.h>

#include "base/array.h"
#include "base/pages.h"

struct vw_object;

/* What decided: all that makes two flows one finding. */
struct vw_decider {
    const struct vw_object *object; /* or NULL */
    const void *rule;               /* or NULL */
    uint8_t reading;                /* enum vw_reading */
    uint8_t direction;              /* enum vw_flow_direction */
    uint16_t reason;                /* enum vw_reason */
    int32_t missing;                /* object kind that is not exported, or -1 */
};

struct vw_group_key {
    struct vw_decider decider;
    int32_t protocol;
    int32_t port; /* of the end that answers; the lower one where that is not known */
};

/* What is counted of a group key: two lines of a processor's cache. */
struct vw_group {
    _Alignas(64) struct vw_group_key key;
    uint64_t flows, records;
    int64_t packets, first, last;
    const char *eni;                     /* the only one, or NULL */
    size_t examples[VW_REPLAY_EXAMPLES]; /* numbers of rows, ascending */
    uint32_t example_count;
};

/* Groups stand in chunks that never move. */
enum { VW_GROUP_CHUNK = VW_PAGES_PART / sizeof(struct vw_group) };

/* One table of them. Zero-initialised but for `pages`, it is empty. */
struct vw_replay_groups {
    struct vw_pages *pages; /* of chunks and of a large index */
    struct VW_ARRAY(struct vw_group *) chunks;
    size_t count;
    uint64_t *slots; /* open addressing: half a hash above, a group's number plus one */
    unsigned bits;   /* 1 << bits of them */
};

static inline struct vw_group *vw_replay_group(const struct vw_replay_groups *groups,
                                               size_t number)
{
    return &groups->chunks.items[number / VW_GROUP_CHUNK][number % VW_GROUP_CHUNK];
}

/* Adds a group to the one of its key; *ret_number is that of the one that it went into. 0,
 * VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_replay_groups_put(struct vw_replay_groups *groups, const struct vw_group *from,
                         size_t *ret_number);
void vw_replay_groups_free(struct vw_replay_groups *groups);

/* What all workers count into. */
#define VW_TALLY_BITS 3
#define VW_TALLY_PARTS (1u << VW_TALLY_BITS)
struct vw_tally {
    struct vw_pages pages; /* of all parts */
    struct vw_tally_part {
        pthread_mutex_t lock;
        struct vw_replay_groups groups;
    } parts[VW_TALLY_PARTS];
};

/* 0 or VW_ERROR_INTERNAL; to be ended only after 0. */
int vw_tally_start(struct vw_tally *tally);
void vw_tally_end(struct vw_tally *tally);

/* Once nobody counts any more: the group of `key`, NULL where nothing was counted of it. */
const struct vw_group *vw_tally_get(const struct vw_tally *tally,
                                    const struct vw_group_key *key);
/* Have what vw_tally_get will look at fetched from memory: first the slot, a while later
 * the group. */
void vw_tally_expect_slot(const struct vw_tally *tally, const struct vw_group_key *key);
void vw_tally_expect(const struct vw_tally *tally, const struct vw_group_key *key);

/* Flows of one worker that wait for their parts: so many are worth a visit, so many more
 * may gather while another worker is there. Zero-initialised is empty. */
enum { VW_COUNTING_ENOUGH = 16, VW_COUNTING_MAX = 32 };
struct vw_counting {
    struct vw_group_key key;
    uint64_t hash, records;
    int64_t packets, first, last;
    size_t number; /* of the row */
    const char *eni;
};
struct vw_countings {
    struct vw_counting_queue {
        struct vw_counting items[VW_COUNTING_MAX];
        size_t count;
    } queues[VW_TALLY_PARTS];
};

/* Counts one flow of `key`: row number `number`. 0, VW_ERROR_NO_MEMORY or
 * VW_ERROR_LIMIT. */
int vw_tally_add(struct vw_tally *tally, struct vw_countings *countings,
                 const struct vw_group_key *key, const struct vw_observation *row,
                 size_t number);

/* Counts what waits. */
int vw_tally_settle(struct vw_tally *tally, struct vw_countings *countings);

#endif
