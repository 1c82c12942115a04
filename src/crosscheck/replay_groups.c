/* Open addressing, in parts; see replay_groups.h. */
#include "crosscheck/replay_groups.h"

#include <string.h>

#include "base/memory.h"

/* More kinds of finding than this are no report. */
#define GROUPS_MAX (UINT32_C(1) << 24)

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 32);
}

static uint64_t hash_key(const struct vw_group_key *key)
{
    const struct vw_decider *decider = &key->decider;
    uint64_t hash =
        mix((uint64_t)decider->reading << 32 | (uint64_t)decider->direction << 16 |
                (uint64_t)decider->reason,
            (uintptr_t)decider->object);

    hash = mix(hash, (uintptr_t)decider->rule);
    hash = mix(hash, (uint64_t)(uint32_t)key->protocol << 32 | (uint32_t)key->port);
    return mix(hash, (uint32_t)decider->missing) * UINT64_C(0x9e3779b97f4a7c15);
}

static bool same_decider(const struct vw_decider *a, const struct vw_decider *b)
{
    return a->reading == b->reading && a->direction == b->direction &&
           a->reason == b->reason && a->object == b->object && a->rule == b->rule &&
           a->missing == b->missing;
}

/* Slots stand in the order of hashes, the first bits of which all groups of a part have in
 * common: a larger table is filled from its first slot to its last. */
static size_t home(const struct vw_replay_groups *groups, uint64_t hash)
{
    return (size_t)(hash << VW_TALLY_BITS >> (64 - groups->bits));
}

static unsigned part_of(uint64_t hash)
{
    return (unsigned)(hash >> (64 - VW_TALLY_BITS));
}

static size_t capacity(const struct vw_replay_groups *groups)
{
    return groups->slots ? (size_t)1 << groups->bits : 0;
}

static uint64_t *find(const struct vw_replay_groups *groups,
                      const struct vw_group_key *key, uint64_t hash)
{
    size_t mask = capacity(groups) - 1, i = home(groups, hash);

    for (; groups->slots[i]; i = (i + 1) & mask) {
        const struct vw_group_key *have;

        if (groups->slots[i] >> 32 != hash >> 32)
            continue;
        have = &vw_replay_group(groups, (uint32_t)groups->slots[i] - 1)->key;
        if (have->port == key->port && have->protocol == key->protocol &&
            same_decider(&have->decider, &key->decider))
            break;
    }
    return &groups->slots[i];
}

static uint64_t slot_of(uint64_t hash, size_t number)
{
    return hash >> 32 << 32 | number;
}

static void free_slots(struct vw_replay_groups *groups)
{
    vw_pages_give_back(groups->pages, groups->slots,
                       capacity(groups) * sizeof *groups->slots);
}

static int grow(struct vw_replay_groups *groups)
{
    struct vw_replay_groups larger = {.bits = groups->slots ? groups->bits + 1 : 6};
    size_t size = sizeof *larger.slots << larger.bits, i, at;

    if (groups->slots && groups->count < capacity(groups) / 2)
        return 0;
    if (groups->count >= GROUPS_MAX)
        return VW_ERROR_LIMIT;
    larger.slots = vw_pages_take(groups->pages, size);
    if (!larger.slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; groups->slots && i < capacity(groups); i++) {
        if (!groups->slots[i])
            continue;
        at = home(&larger, groups->slots[i]);
        while (larger.slots[at])
            at = (at + 1) & (capacity(&larger) - 1);
        larger.slots[at] = groups->slots[i];
    }
    free_slots(groups);
    groups->slots = larger.slots;
    groups->bits = larger.bits;
    return 0;
}

/* A chunk more, where the last one is full. */
static int make_room(struct vw_replay_groups *groups)
{
    struct vw_group *chunk;

    if (groups->count % VW_GROUP_CHUNK)
        return 0;
    chunk = vw_pages_take_part(groups->pages);
    if (!chunk)
        return VW_ERROR_NO_MEMORY;
    if (!vw_array_push(&groups->chunks, chunk))
        return 0;
    vw_pages_give_back(groups->pages, chunk, VW_PAGES_PART);
    return VW_ERROR_NO_MEMORY;
}

/* Keeps the rows of the lowest numbers. */
static void keep_example(struct vw_group *group, size_t number)
{
    size_t i = group->example_count;

    if (i == VW_REPLAY_EXAMPLES && number >= group->examples[i - 1])
        return;
    if (i < VW_REPLAY_EXAMPLES)
        group->example_count++;
    else
        i--;
    for (; i > 0 && number < group->examples[i - 1]; i--)
        group->examples[i] = group->examples[i - 1];
    group->examples[i] = number;
}

static void widen(struct vw_group *group, int64_t first, int64_t last)
{
    if (first != VW_TIME_UNKNOWN &&
        (group->first == VW_TIME_UNKNOWN || first < group->first))
        group->first = first;
    if (last != VW_TIME_UNKNOWN && (group->last == VW_TIME_UNKNOWN || last > group->last))
        group->last = last;
}

static void add_packets(struct vw_group *group, int64_t packets)
{
    if (packets >= 0)
        group->packets = group->packets < 0 ? packets
                         : packets > INT64_MAX - group->packets
                             ? INT64_MAX
                             : group->packets + packets;
}

/* The number of the group of `key`, made at first use. Rows share the texts of their
 * interfaces. */
static int get(struct vw_replay_groups *groups, const struct vw_group_key *key,
               uint64_t hash, const char *eni, size_t *ret_number)
{
    struct vw_group *group;
    uint64_t *slot;
    int error = grow(groups);

    if (error)
        return error;
    slot = find(groups, key, hash);
    if (!*slot) {
        if (make_room(groups))
            return VW_ERROR_NO_MEMORY;
        group = vw_replay_group(groups, groups->count);
        *group = (struct vw_group){.key = *key,
                                   .packets = VW_UNRECORDED,
                                   .first = VW_TIME_UNKNOWN,
                                   .last = VW_TIME_UNKNOWN,
                                   .eni = eni};
        *slot = slot_of(hash, ++groups->count);
    }
    *ret_number = (uint32_t)*slot - 1;
    group = vw_replay_group(groups, *ret_number);
    if (group->eni != eni)
        group->eni = NULL;
    return 0;
}

static int count(struct vw_replay_groups *groups, const struct vw_counting *counting)
{
    struct vw_group *group;
    size_t number;
    int error = get(groups, &counting->key, counting->hash, counting->eni, &number);

    if (error)
        return error;
    group = vw_replay_group(groups, number);
    group->flows++;
    group->records += counting->records;
    add_packets(group, counting->packets);
    widen(group, counting->first, counting->last);
    keep_example(group, counting->number);
    return 0;
}

static void send_for(const struct vw_replay_groups *groups, uint64_t hash)
{
    size_t i = groups->slots ? home(groups, hash) : 0;
    const char *group;

    if (!groups->slots)
        return;
    while (groups->slots[i] && groups->slots[i] >> 32 != hash >> 32)
        i = (i + 1) & (capacity(groups) - 1);
    if (!groups->slots[i])
        return;
    group = (const char *)vw_replay_group(groups, (uint32_t)groups->slots[i] - 1);
    __builtin_prefetch(group, 1);
    __builtin_prefetch(group + sizeof(struct vw_group) - 1, 1);
}

int vw_replay_groups_put(struct vw_replay_groups *groups, const struct vw_group *from,
                         size_t *ret_number)
{
    struct vw_group *group;
    size_t i;
    int error = get(groups, &from->key, hash_key(&from->key), from->eni, ret_number);

    if (error)
        return error;
    group = vw_replay_group(groups, *ret_number);
    group->flows += from->flows;
    group->records += from->records;
    add_packets(group, from->packets);
    widen(group, from->first, from->last);
    for (i = 0; i < from->example_count; i++)
        keep_example(group, from->examples[i]);
    return 0;
}

void vw_replay_groups_free(struct vw_replay_groups *groups)
{
    size_t i;

    for (i = 0; i < groups->chunks.count; i++)
        vw_pages_give_back(groups->pages, groups->chunks.items[i], VW_PAGES_PART);
    vw_array_free(&groups->chunks);
    free_slots(groups);
    groups->slots = NULL;
}

/* ---- parts ---- */

int vw_tally_start(struct vw_tally *tally)
{
    unsigned i;

    *tally = (struct vw_tally){.parts = {{.groups = {.pages = NULL}}}};
    if (vw_pages_start(&tally->pages))
        return VW_ERROR_INTERNAL;
    for (i = 0; i < VW_TALLY_PARTS; i++) {
        tally->parts[i].groups.pages = &tally->pages;
        if (pthread_mutex_init(&tally->parts[i].lock, NULL)) {
            while (i-- > 0)
                pthread_mutex_destroy(&tally->parts[i].lock);
            vw_pages_end(&tally->pages);
            return VW_ERROR_INTERNAL;
        }
    }
    return 0;
}

void vw_tally_end(struct vw_tally *tally)
{
    unsigned i;

    for (i = 0; i < VW_TALLY_PARTS; i++) {
        vw_replay_groups_free(&tally->parts[i].groups);
        pthread_mutex_destroy(&tally->parts[i].lock);
    }
    vw_pages_end(&tally->pages);
}

const struct vw_group *vw_tally_get(const struct vw_tally *tally,
                                    const struct vw_group_key *key)
{
    uint64_t hash = hash_key(key);
    const struct vw_replay_groups *groups = &tally->parts[part_of(hash)].groups;
    uint64_t slot = groups->slots ? *find(groups, key, hash) : 0;

    return slot ? vw_replay_group(groups, (uint32_t)slot - 1) : NULL;
}

void vw_tally_expect_slot(const struct vw_tally *tally, const struct vw_group_key *key)
{
    uint64_t hash = hash_key(key);
    const struct vw_replay_groups *groups = &tally->parts[part_of(hash)].groups;

    if (groups->slots)
        __builtin_prefetch(&groups->slots[home(groups, hash)]);
}

void vw_tally_expect(const struct vw_tally *tally, const struct vw_group_key *key)
{
    uint64_t hash = hash_key(key);

    send_for(&tally->parts[part_of(hash)].groups, hash);
}

/* With the lock of the part. */
static int count_all(struct vw_replay_groups *groups, struct vw_counting_queue *queue)
{
    size_t i;
    int error = 0;

    for (i = 0; groups->slots && i < queue->count; i++)
        __builtin_prefetch(&groups->slots[home(groups, queue->items[i].hash)]);
    for (i = 0; i < queue->count; i++)
        send_for(groups, queue->items[i].hash);
    for (i = 0; i < queue->count && !error; i++)
        error = count(groups, &queue->items[i]);
    queue->count = 0;
    return error;
}

/* Unless another worker is at the part and there is time. */
static int visit(struct vw_tally_part *part, struct vw_counting_queue *queue)
{
    int error;

    if (queue->count == VW_COUNTING_MAX)
        pthread_mutex_lock(&part->lock);
    else if (pthread_mutex_trylock(&part->lock))
        return 0;
    error = count_all(&part->groups, queue);
    pthread_mutex_unlock(&part->lock);
    return error;
}

int vw_tally_add(struct vw_tally *tally, struct vw_countings *countings,
                 const struct vw_group_key *key, const struct vw_observation *row,
                 size_t number)
{
    uint64_t hash = hash_key(key);
    struct vw_counting_queue *queue = &countings->queues[part_of(hash)];

    queue->items[queue->count++] =
        (struct vw_counting){*key,       hash,      row->records, row->packets,
                             row->first, row->last, number,       row->vantage};
    return queue->count < VW_COUNTING_ENOUGH ? 0
                                             : visit(&tally->parts[part_of(hash)], queue);
}

int vw_tally_settle(struct vw_tally *tally, struct vw_countings *countings)
{
    unsigned i;
    int error = 0;

    for (i = 0; i < VW_TALLY_PARTS && !error; i++) {
        struct vw_tally_part *part = &tally->parts[i];

        pthread_mutex_lock(&part->lock);
        error = count_all(&part->groups, &countings->queues[i]);
        pthread_mutex_unlock(&part->lock);
    }
    return error;
}
