/* Counting flows by what decided them; see replay.h. */
#include "crosscheck/replay.h"

#include <string.h>

#include "base/memory.h"

/* More kinds of finding than this are no report. */
#define GROUPS_MAX (UINT32_C(1) << 24)

static uint64_t hash_key(const struct vw_group_key *key)
{
    uint64_t words[] = {(uint64_t)key->decider.reading << 32 |
                            (uint64_t)key->decider.direction << 16 |
                            (uint64_t)key->decider.reason,
                        (uintptr_t)key->decider.object, (uintptr_t)key->decider.rule,
                        (uint64_t)(uint32_t)key->protocol << 32 | (uint32_t)key->port,
                        (uint64_t)(uint32_t)key->decider.missing};

    return vw_hash(words, sizeof words);
}

static bool same_decider(const struct vw_decider *a, const struct vw_decider *b)
{
    return a->reading == b->reading && a->direction == b->direction &&
           a->reason == b->reason && a->object == b->object && a->rule == b->rule &&
           a->missing == b->missing;
}

static uint64_t *find(const struct vw_replay_groups *groups,
                      const struct vw_group_key *key, uint64_t hash)
{
    size_t i = (size_t)hash & (groups->capacity - 1);

    for (; groups->slots[i]; i = (i + 1) & (groups->capacity - 1)) {
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
    struct vw_replay_groups larger = *groups;
    size_t i;

    if (groups->items.count < groups->capacity / 2)
        return 0;
    if (groups->items.count >= GROUPS_MAX)
        return VW_ERROR_LIMIT;
    larger.capacity = groups->capacity ? groups->capacity * 2 : 64;
    larger.slots = vw_calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < groups->items.count; i++) {
        uint64_t hash = hash_key(&groups->items.items[i].key);

        *find(&larger, &groups->items.items[i].key, hash) = slot_of(hash, i + 1);
    }
    vw_free(groups->slots);
    *groups = larger;
    return 0;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
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

/* The group of `key`, made at first use; valid until the next call. */
static int get(struct vw_replay_groups *groups, const struct vw_group_key *key,
               const char *eni, struct vw_group **ret)
{
    struct vw_group fresh = {.key = *key,
                             .packets = VW_UNRECORDED,
                             .first = VW_TIME_UNKNOWN,
                             .last = VW_TIME_UNKNOWN,
                             .eni = eni};
    uint64_t *slot, hash = hash_key(key);
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
    if (!same_text((*ret)->eni, eni))
        (*ret)->eni = NULL;
    return 0;
}

int vw_replay_groups_add(struct vw_replay_groups *groups, const struct vw_group_key *key,
                         const struct vw_sighting *sighting)
{
    const struct vw_observation *row = &sighting->row;
    struct vw_group *group;
    int error = get(groups, key, row->vantage, &group);

    if (error)
        return error;
    group->flows++;
    group->records += row->records;
    add_packets(group, row->packets);
    widen(group, row->first, row->last);
    keep_example(group, sighting->number);
    return 0;
}

const struct vw_group *vw_replay_groups_get(const struct vw_replay_groups *groups,
                                            const struct vw_group_key *key)
{
    uint64_t slot = groups->capacity ? *find(groups, key, hash_key(key)) : 0;

    return slot ? &groups->items.items[(uint32_t)slot - 1] : NULL;
}

int vw_replay_groups_merge(struct vw_replay_groups *groups,
                           const struct vw_replay_groups *other)
{
    size_t i, j;

    for (i = 0; i < other->items.count; i++) {
        const struct vw_group *from = &other->items.items[i];
        struct vw_group *group;
        int error = get(groups, &from->key, from->eni, &group);

        if (error)
            return error;
        group->flows += from->flows;
        group->records += from->records;
        add_packets(group, from->packets);
        widen(group, from->first, from->last);
        for (j = 0; j < from->example_count; j++)
            keep_example(group, from->examples[j]);
    }
    return 0;
}

void vw_replay_groups_free(struct vw_replay_groups *groups)
{
    vw_array_free(&groups->items);
    vw_free(groups->slots);
    groups->slots = NULL;
    groups->capacity = 0;
}
