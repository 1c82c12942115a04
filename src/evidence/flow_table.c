/*
 * Adding up flows; see flow_table.h. Records are gathered, sorted by shard, and added
 * shard by shard under its lock: one lock for about eight records, and while one of them
 * is looked up, the places of the next are fetched already.
 */
#include "evidence/flow_table.h"

#include <string.h>
#include <unistd.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "base/pages.h"
#include "evidence/flow_pack.h"

_Static_assert(sizeof(struct vw_flow_key) == 28, "keys are compared as bytes");
_Static_assert(sizeof(struct vw_flow_row) == 88, "a million flows in about 105 MB");

static size_t most_bytes(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);

    if (pages <= 0 || size <= 0)
        return SIZE_MAX;
    return (size_t)pages / 4 * 3 * (size_t)size;
}

void vw_flow_table_init(struct vw_flow_table *table, size_t bytes_max)
{
    size_t i;

    memset(table, 0, sizeof *table);
    vw_flow_names_init(&table->names);
    pthread_mutex_init(&table->blocks.lock, NULL);
    for (i = 0; i < VW_FLOW_SHARDS; i++)
        pthread_mutex_init(&table->shards[i].lock, NULL);
    table->bytes_max = bytes_max ? bytes_max : most_bytes();
}

static void free_shard(struct vw_flow_shard *shard)
{
    vw_array_free(&shard->pages);
    vw_array_free(&shard->extras);
    vw_free(shard->slots);
    pthread_mutex_destroy(&shard->lock);
}

void vw_flow_table_free(struct vw_flow_table *table)
{
    size_t i;

    for (i = 0; i < VW_FLOW_SHARDS; i++)
        free_shard(&table->shards[i]);
    for (i = 0; i < table->blocks.items.count; i++)
        vw_pages_free(table->blocks.items.items[i], VW_PAGES_UNIT);
    vw_array_free(&table->blocks.items);
    pthread_mutex_destroy(&table->blocks.lock);
    vw_flow_names_free(&table->names);
}

static uint64_t hash_key(const struct vw_flow_key *key)
{
    uint64_t words[3], hash;
    uint32_t last;

    memcpy(words, key, sizeof words);
    memcpy(&last, (const char *)key + sizeof words, sizeof last);
    hash = vw_flow_mix(0, words[0]);
    hash = vw_flow_mix(hash, words[1]);
    hash = vw_flow_mix(hash, words[2]);
    return vw_flow_mix(vw_flow_mix(hash, last), 0);
}

static size_t shard_of(uint64_t hash)
{
    return (size_t)(hash >> (64 - VW_FLOW_SHARD_BITS));
}

static struct vw_flow_row *row_at(const struct vw_flow_shard *shard, uint32_t index)
{
    return &shard->pages.items[index / VW_FLOW_PAGE_ROWS][index % VW_FLOW_PAGE_ROWS];
}

/* The slot of the row of `key`, or the free one where it belongs. */
static struct vw_flow_slot *find(const struct vw_flow_shard *shard,
                                 const struct vw_flow_key *key, uint64_t hash)
{
    size_t i = (size_t)hash & (shard->capacity - 1);

    for (; shard->slots[i].row; i = (i + 1) & (shard->capacity - 1))
        if (shard->slots[i].hash == (uint32_t)hash &&
            memcmp(&row_at(shard, shard->slots[i].row - 1)->key, key, sizeof *key) == 0)
            break;
    return &shard->slots[i];
}

/* Whether there is still room for `size` bytes; they count as taken then. */
static bool take_bytes(struct vw_flow_table *table, size_t size)
{
    size_t before = atomic_fetch_add_explicit(&table->bytes, size, memory_order_relaxed);

    if (before <= table->bytes_max && size <= table->bytes_max - before)
        return true;
    atomic_fetch_sub_explicit(&table->bytes, size, memory_order_relaxed);
    return false;
}

static int grow_slots(struct vw_flow_table *table, struct vw_flow_shard *shard)
{
    size_t capacity = shard->capacity ? shard->capacity * 2 : 64, i, j;
    struct vw_flow_slot *slots;

    if (shard->count < shard->capacity / 4 * 3)
        return 0;
    if (!take_bytes(table, (capacity - shard->capacity) * sizeof *slots))
        return VW_ERROR_LIMIT;
    slots = vw_calloc(capacity, sizeof *slots);
    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < shard->capacity; i++) {
        if (!shard->slots[i].row)
            continue;
        for (j = shard->slots[i].hash & (capacity - 1); slots[j].row;)
            j = (j + 1) & (capacity - 1);
        slots[j] = shard->slots[i];
    }
    vw_free(shard->slots);
    shard->slots = slots;
    shard->capacity = capacity;
    return 0;
}

/* Zeroed; NULL when out of memory. */
static struct vw_flow_row *take_page(struct vw_flow_blocks *blocks)
{
    const size_t size = VW_FLOW_PAGE_ROWS * sizeof(struct vw_flow_row);
    char *block, *page = NULL;

    pthread_mutex_lock(&blocks->lock);
    if (blocks->items.count == 0 || VW_PAGES_UNIT - blocks->used < size) {
        block = vw_pages_alloc(VW_PAGES_UNIT);
        if (block && vw_array_push(&blocks->items, block)) {
            vw_pages_free(block, VW_PAGES_UNIT);
            block = NULL;
        }
        blocks->used = 0;
    } else {
        block = blocks->items.items[blocks->items.count - 1];
    }
    if (block) {
        page = block + blocks->used;
        blocks->used += size;
    } else {
        blocks->used = VW_PAGES_UNIT; /* of the last one that there is */
    }
    pthread_mutex_unlock(&blocks->lock);
    return (struct vw_flow_row *)(void *)page;
}

/* Room for one row more. */
static int grow_rows(struct vw_flow_table *table, struct vw_flow_shard *shard)
{
    struct vw_flow_row *page;

    if (shard->count >= VW_FLOW_SHARD_ROWS_MAX)
        return VW_ERROR_LIMIT;
    if (shard->count < shard->pages.count * VW_FLOW_PAGE_ROWS)
        return 0;
    if (!take_bytes(table, VW_FLOW_PAGE_ROWS * sizeof *page))
        return VW_ERROR_LIMIT;
    page = take_page(&table->blocks);
    return page && !vw_array_push(&shard->pages, page) ? 0 : VW_ERROR_NO_MEMORY;
}

static int64_t add_numbers(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

static void sum_row(struct vw_flow_row *have, const struct vw_flow_row *row)
{
    if (row->tcp_flags != VW_UNRECORDED)
        have->tcp_flags = have->tcp_flags == VW_UNRECORDED
                              ? row->tcp_flags
                              : (int16_t)(have->tcp_flags | row->tcp_flags);
    have->traffic_paths |= row->traffic_paths;
    if (row->first != VW_TIME_UNKNOWN &&
        (have->first == VW_TIME_UNKNOWN || row->first < have->first))
        have->first = row->first;
    if (row->last > have->last) /* unknown is the lowest */
        have->last = row->last;
    have->records += row->records;
    have->packets = add_numbers(have->packets, row->packets);
    have->bytes = add_numbers(have->bytes, row->bytes);
    if (row->witness < have->witness)
        have->witness = row->witness;
}

static int sum_extra(struct vw_flow_table *table, struct vw_flow_shard *shard,
                     struct vw_flow_row *have, const struct vw_flow_extra *extra)
{
    struct vw_flow_extra *kept;
    size_t i;

    if (!have->extra) {
        if (!take_bytes(table, sizeof *extra))
            return VW_ERROR_LIMIT;
        if (vw_array_push(&shard->extras, *extra))
            return VW_ERROR_NO_MEMORY;
        have->extra = (uint32_t)shard->extras.count;
        return 0;
    }
    kept = &shard->extras.items[have->extra - 1];
    kept->reject_reason =
        vw_flow_names_first(&table->names, kept->reject_reason, extra->reject_reason);
    kept->next_hop = vw_flow_names_first(&table->names, kept->next_hop, extra->next_hop);
    for (i = 0; i < VW_LOST_COUNT; i++)
        kept->lost[i] = add_numbers(kept->lost[i], extra->lost[i]);
    return 0;
}

static int add_one(struct vw_flow_table *table, struct vw_flow_shard *shard,
                   const struct vw_flow_gathered *item)
{
    struct vw_flow_slot *slot = find(shard, &item->row.key, item->hash);
    struct vw_flow_row *row;
    int error;

    if (slot->row) {
        row = row_at(shard, slot->row - 1);
        sum_row(row, &item->row);
    } else {
        error = grow_rows(table, shard);
        if (error)
            return error;
        row = row_at(shard, shard->count);
        *row = item->row;
        row->extra = 0;
        *slot = (struct vw_flow_slot){(uint32_t)item->hash, ++shard->count};
    }
    return item->has_extra ? sum_extra(table, shard, row, &item->extra) : 0;
}

/* Adds the `count` records of one shard. */
static int add_some(struct vw_flow_table *table, struct vw_flow_shard *shard,
                    const struct vw_flow_gathered *const *items, size_t count)
{
    size_t i;
    int error;

    for (i = 0; i < count && shard->capacity; i++)
        __builtin_prefetch(&shard->slots[items[i]->hash & (shard->capacity - 1)]);
    for (i = 0; i < count && shard->capacity; i++) {
        uint32_t row = shard->slots[items[i]->hash & (shard->capacity - 1)].row;
        if (row) {
            __builtin_prefetch(row_at(shard, row - 1));
            __builtin_prefetch((const char *)row_at(shard, row - 1) + 64, 1);
        }
    }
    for (i = 0; i < count; i++) {
        error = grow_slots(table, shard);
        if (!error)
            error = add_one(table, shard, items[i]);
        if (error)
            return error;
    }
    return 0;
}

/* Sorts what was gathered by shard; *ret_starts[i] is where shard i begins. */
static void sort_gathered(const struct vw_flow_worker *worker,
                          const struct vw_flow_gathered **items,
                          size_t starts[VW_FLOW_SHARDS + 1])
{
    size_t counts[VW_FLOW_SHARDS] = {0}, i, place;

    for (i = 0; i < worker->count; i++)
        counts[shard_of(worker->gathered[i].hash)]++;
    for (i = 0, place = 0; i < VW_FLOW_SHARDS; i++) {
        starts[i] = place;
        place += counts[i];
        counts[i] = starts[i];
    }
    starts[VW_FLOW_SHARDS] = place;
    for (i = 0; i < worker->count; i++)
        items[counts[shard_of(worker->gathered[i].hash)]++] = &worker->gathered[i];
}

int vw_flow_table_flush(struct vw_flow_table *table, struct vw_flow_worker *worker)
{
    const struct vw_flow_gathered *items[VW_FLOW_GATHERED];
    size_t starts[VW_FLOW_SHARDS + 1], i;
    int error = 0;

    sort_gathered(worker, items, starts);
    worker->count = 0;
    for (i = 0; i < VW_FLOW_SHARDS && !error; i++) {
        struct vw_flow_shard *shard = &table->shards[i];

        if (starts[i] == starts[i + 1])
            continue;
        pthread_mutex_lock(&shard->lock);
        error = add_some(table, shard, items + starts[i], starts[i + 1] - starts[i]);
        pthread_mutex_unlock(&shard->lock);
    }
    return error;
}

static int gather(struct vw_flow_table *table, struct vw_flow_worker *worker)
{
    struct vw_flow_gathered *item = &worker->gathered[worker->count];

    item->hash = hash_key(&item->row.key);
    if (++worker->count < VW_FLOW_GATHERED)
        return 0;
    return vw_flow_table_flush(table, worker);
}

int vw_flow_table_add_row(struct vw_flow_table *table, struct vw_flow_worker *worker,
                          const struct vw_flow_row *row,
                          const struct vw_flow_extra *extra)
{
    struct vw_flow_gathered *item = &worker->gathered[worker->count];

    item->row = *row;
    item->has_extra = extra != NULL;
    if (extra)
        item->extra = *extra;
    return gather(table, worker);
}

int vw_flow_table_add(struct vw_flow_table *table, struct vw_flow_worker *worker,
                      const struct vw_observation *row, const struct vw_flow_words *words,
                      uint64_t witness)
{
    int error = vw_flow_pack(&table->names, &worker->recent, row, words, witness,
                             &worker->gathered[worker->count]);

    return error ? error : gather(table, worker);
}

size_t vw_flow_table_count(const struct vw_flow_table *table)
{
    size_t count = 0, i;

    for (i = 0; i < VW_FLOW_SHARDS; i++)
        count += table->shards[i].count;
    return count;
}

void vw_flow_table_refs(const struct vw_flow_table *table, uint32_t *refs)
{
    uint32_t shard, i;

    for (shard = 0; shard < VW_FLOW_SHARDS; shard++)
        for (i = 0; i < table->shards[shard].count; i++)
            *refs++ = VW_FLOW_REF(shard, i);
}

static const struct vw_flow_shard *shard_of_ref(const struct vw_flow_table *table,
                                                uint32_t ref)
{
    return &table->shards[ref >> (32 - VW_FLOW_SHARD_BITS)];
}

struct vw_flow_row *vw_flow_table_row(const struct vw_flow_table *table, uint32_t ref)
{
    return row_at(shard_of_ref(table, ref), ref & (VW_FLOW_SHARD_ROWS_MAX - 1));
}

const struct vw_flow_extra *vw_flow_table_extra(const struct vw_flow_table *table,
                                                uint32_t ref)
{
    uint32_t extra = vw_flow_table_row(table, ref)->extra;

    return extra ? &shard_of_ref(table, ref)->extras.items[extra - 1] : NULL;
}

bool vw_flow_table_has(const struct vw_flow_table *table, const struct vw_flow_key *key)
{
    uint64_t hash = hash_key(key);
    const struct vw_flow_shard *shard = &table->shards[shard_of(hash)];

    return shard->capacity && find(shard, key, hash)->row;
}
