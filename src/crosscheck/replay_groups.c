/* Counting flows by what decided them; see replay.h. */
#include "crosscheck/replay.h"

#include <string.h>

#include "base/memory.h"

/* More kinds of finding than this are no report. */
#define GROUPS_MAX (UINT32_C(1) << 24)

/* How many slots ahead groups are sent for when two tables are added up. */
#define MERGED_AHEAD 16

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

/* Slots stand in the order of hashes: a larger table is filled from its first to its last,
 * and two tables are walked side by side. */
static size_t home(const struct vw_replay_groups *groups, uint64_t hash)
{
    return (size_t)(hash >> (64 - groups->bits));
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
        have = &groups->items.items[(uint32_t)groups->slots[i] - 1].key;
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

static int grow(struct vw_replay_groups *groups)
{
    struct vw_replay_groups larger = {.bits = groups->slots ? groups->bits + 1 : 6};
    size_t i, at;

    if (groups->items.count < capacity(groups) / 2)
        return 0;
    if (groups->items.count >= GROUPS_MAX)
        return VW_ERROR_LIMIT;
    larger.slots = vw_calloc((size_t)1 << larger.bits, sizeof *larger.slots);
    if (!larger.slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < capacity(groups); i++) {
        if (!groups->slots[i])
            continue;
        at = home(&larger, groups->slots[i]);
        while (larger.slots[at])
            at = (at + 1) & (capacity(&larger) - 1);
        larger.slots[at] = groups->slots[i];
    }
    vw_free(groups->slots);
    groups->slots = larger.slots;
    groups->bits = larger.bits;
    return 0;
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

/* The group of `key`, made at first use; valid until the next call. Rows share the texts of
 * their interfaces. */
static int get(struct vw_replay_groups *groups, const struct vw_group_key *key,
               uint64_t hash, const char *eni, struct vw_group **ret)
{
    struct vw_group fresh = {.key = *key,
                             .packets = VW_UNRECORDED,
                             .first = VW_TIME_UNKNOWN,
                             .last = VW_TIME_UNKNOWN,
                             .eni = eni};
    uint64_t *slot;
    int error = grow(groups);

    if (error)
        return error;
    slot = find(groups, key, hash);
    if (!*slot) {
        if (vw_array_push(&groups->items, fresh))
            return VW_ERROR_NO_MEMORY;
        *slot = slot_of(hash, groups->items.count);
    }
    *ret = &groups->items.items[(uint32_t)*slot - 1];
    if ((*ret)->eni != eni)
        (*ret)->eni = NULL;
    return 0;
}

static int count(struct vw_replay_groups *groups, const struct vw_counting *counting)
{
    struct vw_group *group;
    int error = get(groups, &counting->key, counting->hash, counting->eni, &group);

    if (error)
        return error;
    group->flows++;
    group->records += counting->records;
    add_packets(group, counting->packets);
    widen(group, counting->first, counting->last);
    keep_example(group, counting->number);
    return 0;
}

int vw_replay_groups_add(struct vw_replay_groups *groups, const struct vw_group_key *key,
                         const struct vw_sighting *sighting)
{
    const struct vw_observation *row = &sighting->row;
    uint64_t hash = hash_key(key);

    groups->waiting[groups->waiting_count++] =
        (struct vw_counting){*key,       hash,      row->records,     row->packets,
                             row->first, row->last, sighting->number, row->vantage};
    if (groups->slots)
        __builtin_prefetch(&groups->slots[home(groups, hash)]);
    return groups->waiting_count < VW_COUNTING_MAX ? 0 : vw_replay_groups_settle(groups);
}

static void send_for(const struct vw_replay_groups *groups, uint64_t hash)
{
    size_t i = home(groups, hash);
    const char *group;

    while (groups->slots[i] && groups->slots[i] >> 32 != hash >> 32)
        i = (i + 1) & (capacity(groups) - 1);
    if (!groups->slots[i])
        return;
    group = (const char *)&groups->items.items[(uint32_t)groups->slots[i] - 1];
    __builtin_prefetch(group, 1);
    __builtin_prefetch(group + sizeof(struct vw_group) - 1, 1);
}

int vw_replay_groups_settle(struct vw_replay_groups *groups)
{
    size_t i;
    int error = 0;

    for (i = 0; groups->slots && i < groups->waiting_count; i++)
        send_for(groups, groups->waiting[i].hash);
    for (i = 0; i < groups->waiting_count && !error; i++)
        error = count(groups, &groups->waiting[i]);
    groups->waiting_count = 0;
    return error;
}

const struct vw_group *vw_replay_groups_get(const struct vw_replay_groups *groups,
                                            const struct vw_group_key *key)
{
    uint64_t slot = groups->slots ? *find(groups, key, hash_key(key)) : 0;

    return slot ? &groups->items.items[(uint32_t)slot - 1] : NULL;
}

void vw_replay_groups_expect_slot(const struct vw_replay_groups *groups,
                                  const struct vw_group_key *key)
{
    __builtin_prefetch(&groups->slots[home(groups, hash_key(key))]);
}

void vw_replay_groups_expect(const struct vw_replay_groups *groups,
                             const struct vw_group_key *key)
{
    send_for(groups, hash_key(key));
}

int vw_replay_groups_put(struct vw_replay_groups *groups, const struct vw_group *from,
                         size_t *ret_number)
{
    struct vw_group *group;
    size_t i;
    int error = get(groups, &from->key, hash_key(&from->key), from->eni, &group);

    if (error)
        return error;
    group->flows += from->flows;
    group->records += from->records;
    add_packets(group, from->packets);
    widen(group, from->first, from->last);
    for (i = 0; i < from->example_count; i++)
        keep_example(group, from->examples[i]);
    *ret_number = (size_t)(group - groups->items.items);
    return 0;
}

int vw_replay_groups_merge(struct vw_replay_groups *groups,
                           const struct vw_replay_groups *other)
{
    size_t mask = capacity(other) - 1, number, i;
    int error = 0;

    for (i = 0; i < capacity(other) && !error; i++) {
        uint64_t ahead = other->slots[(i + MERGED_AHEAD) & mask], slot = other->slots[i];

        if (ahead) {
            __builtin_prefetch(&other->items.items[(uint32_t)ahead - 1]);
            if (groups->slots)
                send_for(groups, ahead);
        }
        if (slot)
            error = vw_replay_groups_put(groups, &other->items.items[(uint32_t)slot - 1],
                                         &number);
    }
    return error;
}

void vw_replay_groups_free(struct vw_replay_groups *groups)
{
    vw_array_free(&groups->items);
    vw_free(groups->slots);
    groups->slots = NULL;
}
