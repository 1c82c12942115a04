/*
 * The table of distinct flows: one row for each direction of a flow that an interface or
 * attachment recorded, summed over its records in whatever order they come. Sums, lowest
 * and highest, or-ed bits and the first in byte order are all that a row holds beside its
 * key, so rows of two tables add up to those of one: nothing depends on which thread, file
 * or part of a file a record came from.
 *
 * The key's hash puts a row into one of 64 shards, each with a lock of its own. A thread
 * gathers records and brings those of one shard together; a million flows take about
 * 105 MB, however many threads there are.
 */
#ifndef VW_EVIDENCE_FLOW_TABLE_H
#define VW_EVIDENCE_FLOW_TABLE_H

#include <pthread.h>
#include <stdatomic.h>

#include <vpcwhy/evidence.h>

#include "evidence/flow_names.h"

enum {
    VW_FLOW_SHARDS = 64,
    VW_FLOW_SHARD_BITS = 6,
    VW_FLOW_PAGE_ROWS = 256,
    VW_FLOW_GATHERED = 512 /* records that a thread gathers */
};

/* Rows of a shard are numbered in 26 bits. */
#define VW_FLOW_SHARD_ROWS_MAX (UINT32_C(1) << (32 - VW_FLOW_SHARD_BITS))

/* A row by its shard and its number in that. */
#define VW_FLOW_REF(shard, number)                                                       \
    ((uint32_t)(shard) << (32 - VW_FLOW_SHARD_BITS) | (uint32_t)(number))

/* What tells one row from another; no padding, compared as bytes. */
struct vw_flow_key {
    /* IPv4 address, or number of the IPv6 address; 0 where there is none: source,
     * destination, pkt-srcaddr, pkt-dstaddr. */
    uint32_t addresses[4];
    uint32_t vantage; /* number of the text; 0: none told */
    uint16_t source_port, destination_port;
    uint8_t protocol;
    uint8_t families; /* two bits an address: 0 none, 1 IPv4, 2 IPv6 */
    uint8_t action;   /* enum vw_flow_action */
    uint8_t told;     /* direction in bits 0-1, VW_FLOW_HAS_... above */
};

enum {
    VW_FLOW_HAS_SOURCE_PORT = 4,
    VW_FLOW_HAS_DESTINATION_PORT = 8,
    VW_FLOW_HAS_PROTOCOL = 16
};

/* Which record a row is shown to come from: the first by file and line. */
#define VW_FLOW_LINE_BITS 40
#define VW_FLOW_WITNESS(file, line)                                                      \
    ((uint64_t)(file) << VW_FLOW_LINE_BITS |                                             \
     ((uint64_t)(line) & ((UINT64_C(1) << VW_FLOW_LINE_BITS) - 1)))
#define VW_FLOW_FILES_MAX (UINT32_C(1) << (64 - VW_FLOW_LINE_BITS))

struct vw_flow_row {
    struct vw_flow_key key;
    uint32_t extra;         /* number of it plus one; 0: none */
    int16_t tcp_flags;      /* or VW_UNRECORDED */
    uint16_t traffic_paths; /* bit N: traffic-path N */
    uint8_t direction;      /* enum vw_flow_direction: told, or found later */
    int64_t first, last;    /* or VW_TIME_UNKNOWN */
    uint64_t records;
    int64_t packets, bytes; /* or VW_UNRECORDED */
    uint64_t witness;
};

/* What few rows have. */
struct vw_flow_extra {
    uint32_t reject_reason, next_hop; /* numbers of the texts first in byte order; or 0 */
    int64_t lost[VW_LOST_COUNT];      /* or VW_UNRECORDED */
};

/* A record, or the sum of some, on its way into the table. */
struct vw_flow_gathered {
    struct vw_flow_row row;
    struct vw_flow_extra extra;
    uint64_t hash;
    bool has_extra;
};

struct vw_flow_slot {
    uint32_t hash;
    uint32_t row; /* plus one; 0: free */
};

struct vw_flow_shard {
    pthread_mutex_t lock;
    struct vw_flow_slot *slots; /* open addressing, three quarters full at the most */
    size_t capacity;            /* a power of two, or 0 */
    uint32_t count;
    struct vw_flow_pages VW_ARRAY(struct vw_flow_row *) pages;
    struct vw_flow_extras VW_ARRAY(struct vw_flow_extra) extras;
};

/* Where shards have their pages of rows from: rows are met in no order. */
struct vw_flow_blocks {
    pthread_mutex_t lock;
    struct VW_ARRAY(char *) items; /* of VW_PAGES_UNIT bytes */
    size_t used;                   /* of the last one */
};

struct vw_flow_table {
    struct vw_flow_names names;
    struct vw_flow_blocks blocks;
    struct vw_flow_shard shards[VW_FLOW_SHARDS];
    atomic_size_t bytes; /* taken for rows and slots */
    size_t bytes_max;    /* more are VW_ERROR_LIMIT */
};

/* One thread's part in filling a table. Zeroed is ready. */
struct vw_flow_worker {
    struct vw_flow_recent recent;
    size_t count;
    struct vw_flow_gathered gathered[VW_FLOW_GATHERED];
};

/* Texts of a record as they stand in the input; size 0: none. */
struct vw_flow_words {
    struct vw_slice vantage, reject_reason, next_hop;
};

/* `bytes_max` 0: three quarters of the machine's memory. */
void vw_flow_table_init(struct vw_flow_table *table, size_t bytes_max);
void vw_flow_table_free(struct vw_flow_table *table);

/* Adds `row`, of which texts are taken from `words`; file and line are `witness`. 0,
 * VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_flow_table_add(struct vw_flow_table *table, struct vw_flow_worker *worker,
                      const struct vw_observation *row, const struct vw_flow_words *words,
                      uint64_t witness);

/* The same for a row that is made already, with numbers of this table. */
int vw_flow_table_add_row(struct vw_flow_table *table, struct vw_flow_worker *worker,
                          const struct vw_flow_row *row,
                          const struct vw_flow_extra *extra);

/* Brings what `worker` gathered into the table: at the end of its work. */
int vw_flow_table_flush(struct vw_flow_table *table, struct vw_flow_worker *worker);

/* ---- not while others add ---- */

size_t vw_flow_table_count(const struct vw_flow_table *table);

/* The references of all rows, shard by shard; `refs` has room for them. */
void vw_flow_table_refs(const struct vw_flow_table *table, uint32_t *refs);

struct vw_flow_row *vw_flow_table_row(const struct vw_flow_table *table, uint32_t ref);

/* NULL: none. */
const struct vw_flow_extra *vw_flow_table_extra(const struct vw_flow_table *table,
                                                uint32_t ref);

/* Between whom the packets of a row went. */
void vw_flow_table_ends(const struct vw_flow_table *table, uint32_t ref,
                        struct vw_observation_ends *ret);

/* Writes the row out; `file` is left NULL. Texts belong to the table. */
void vw_flow_table_observe(const struct vw_flow_table *table, uint32_t ref,
                           struct vw_observation *ret);

/* Whether there is a row of `key`. */
bool vw_flow_table_has(const struct vw_flow_table *table, const struct vw_flow_key *key);

#endif
