/* Open addressing over chunks of groups; see groups.h. */
#include "query/groups.h"

#include <string.h>

#include "base/memory.h"

/* Chunks double from the first size to the last; a place is the number of the chunk and the
 * offset in it, in units of 8 bytes, from 1. */
#define CHUNK_FIRST ((size_t)256)
#define CHUNK_LAST ((size_t)16384)
#define OFFSET_BITS 11
#define CHUNKS_MAX ((size_t)1 << (32 - OFFSET_BITS))

struct vw_groups *vw_groups_create(size_t state_size, unsigned parts)
{
    struct vw_groups *groups =
        vw_calloc(1, sizeof *groups + parts * sizeof *groups->part);

    if (groups) {
        groups->state_size = state_size;
        groups->parts = parts;
    }
    return groups;
}

static uint64_t load(const unsigned char *bytes, size_t size)
{
    uint64_t word = 0;

    memcpy(&word, bytes, size);
    return word;
}

__extension__ typedef unsigned __int128 twice;

static uint64_t mix(uint64_t a, uint64_t b)
{
    twice product = (twice)a * b;

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Folded multiplication of 16 bytes at a time, after wyhash. */
uint64_t vw_group_hash(const void *key, size_t size)
{
    static const uint64_t odd[3] = {UINT64_C(0xa0761d6478bd642f),
                                    UINT64_C(0xe7037ed1a0b428db),
                                    UINT64_C(0x8ebc6af09c88c6e3)};
    const unsigned char *bytes = key;
    uint64_t hash = odd[2] ^ size;

    for (; size > 16; size -= 16, bytes += 16)
        hash = mix(load(bytes, 8) ^ odd[0], load(bytes + 8, 8) ^ hash);
    if (size > 8)
        hash = mix(load(bytes, 8) ^ odd[0], load(bytes + 8, size - 8) ^ hash);
    else
        hash = mix(load(bytes, size) ^ odd[1], hash);
    return mix(hash ^ odd[0], odd[1]);
}

static unsigned part_of(const struct vw_groups *groups, uint64_t hash)
{
    return (unsigned)(hash >> 58) & (groups->parts - 1);
}

static struct vw_group *at_place(const struct vw_group_part *part, uint32_t place)
{
    char *chunk = part->chunks[(place - 1) >> OFFSET_BITS];
    size_t offset = ((place - 1) & ((1u << OFFSET_BITS) - 1)) * 8;

    return (struct vw_group *)(void *)(chunk + offset);
}

void vw_groups_prefetch(const struct vw_groups *groups, uint64_t hash)
{
    const struct vw_group_part *part = &groups->part[part_of(groups, hash)];

    if (part->capacity)
        __builtin_prefetch(&part->slots[(uint32_t)hash & (part->capacity - 1)]);
}

void vw_groups_prefetch_group(const struct vw_groups *groups, uint64_t hash)
{
    const struct vw_group_part *part = &groups->part[part_of(groups, hash)];
    const struct vw_group_slot *slot;

    if (!part->capacity)
        return;
    slot = &part->slots[(uint32_t)hash & (part->capacity - 1)];
    if (slot->place)
        __builtin_prefetch(at_place(part, slot->place), 1);
}

/* The free slot where `hash` belongs. */
static struct vw_group_slot *free_slot(struct vw_group_slot *slots, size_t capacity,
                                       uint32_t hash)
{
    size_t i = hash & (capacity - 1);

    while (slots[i].place)
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

static bool grow(struct vw_group_part *part)
{
    size_t capacity = part->capacity ? part->capacity * 2 : 16, i;
    struct vw_group_slot *slots = vw_calloc(capacity, sizeof *slots);

    if (!slots)
        return false;
    for (i = 0; i < part->capacity; i++)
        if (part->slots[i].place)
            *free_slot(slots, capacity, part->slots[i].hash) = part->slots[i];
    vw_free(part->slots);
    part->slots = slots;
    part->capacity = capacity;
    return true;
}

/* A chunk with room for `size` bytes is the last one. */
static bool add_chunk(struct vw_group_part *part, size_t size)
{
    size_t room = part->chunk_count < 7 ? CHUNK_FIRST << part->chunk_count : CHUNK_LAST;
    char *chunk;

    if (room < size)
        room = size;
    if (part->chunk_count == CHUNKS_MAX)
        return false;
    if (part->chunk_count == part->chunk_room) {
        size_t more = part->chunk_room ? part->chunk_room * 2 : 8;
        char **chunks = vw_realloc(part->chunks, more, sizeof *chunks);

        if (!chunks)
            return false;
        part->chunks = chunks;
        part->chunk_room = more;
    }
    chunk = vw_calloc(1, room);
    if (!chunk)
        return false;
    part->chunks[part->chunk_count++] = chunk;
    part->size = room;
    part->used = 0;
    return true;
}

static struct vw_group *make(struct vw_groups *groups, struct vw_group_part *part,
                             uint32_t hash, const void *key, size_t size)
{
    size_t whole = (sizeof(struct vw_group) + groups->state_size + size + 7) & ~(size_t)7;
    struct vw_group_slot *slot;
    struct vw_group *group;

    if (size > VW_GROUP_KEY_MAX ||
        ((part->chunk_count == 0 || part->size - part->used < whole) &&
         !add_chunk(part, whole)))
        return NULL;
    slot = free_slot(part->slots, part->capacity, hash);
    slot->hash = hash;
    slot->place = (uint32_t)((part->chunk_count - 1) << OFFSET_BITS | part->used / 8) + 1;
    group = (struct vw_group *)(void *)(part->chunks[part->chunk_count - 1] + part->used);
    part->used += whole;
    part->count++;
    group->hash = hash;
    group->key_size = (uint32_t)size;
    if (size)
        memcpy((char *)group + sizeof *group + groups->state_size, key, size);
    return group;
}

struct vw_group *vw_groups_take(struct vw_groups *groups, uint64_t hash, const void *key,
                                size_t size, bool *ret_new)
{
    struct vw_group_part *part = &groups->part[part_of(groups, hash)];
    uint32_t low = (uint32_t)hash;
    size_t i;

    if (part->count * 4 >= part->capacity * 3 && !grow(part))
        return NULL;
    for (i = low & (part->capacity - 1); part->slots[i].place;
         i = (i + 1) & (part->capacity - 1)) {
        struct vw_group *group;

        if (part->slots[i].hash != low)
            continue;
        group = at_place(part, part->slots[i].place);
        if (group->key_size == size &&
            memcmp(vw_group_key(groups, group), key, size) == 0) {
            *ret_new = false;
            return group;
        }
    }
    *ret_new = true;
    return make(groups, part, low, key, size);
}

size_t vw_groups_count(const struct vw_groups *groups)
{
    size_t count = 0;
    unsigned part;

    for (part = 0; part < groups->parts; part++)
        count += groups->part[part].count;
    return count;
}

struct vw_group *vw_groups_next(const struct vw_groups *groups, unsigned part, size_t *at)
{
    const struct vw_group_part *held = &groups->part[part];

    while (*at < held->capacity) {
        uint32_t place = held->slots[(*at)++].place;

        if (place)
            return at_place(held, place);
    }
    return NULL;
}

void vw_groups_free_part(struct vw_groups *groups, unsigned part)
{
    struct vw_group_part *held = &groups->part[part];
    size_t i;

    for (i = 0; i < held->chunk_count; i++)
        vw_free(held->chunks[i]);
    vw_free(held->chunks);
    vw_free(held->slots);
    *held = (struct vw_group_part){0};
}

void vw_groups_free(struct vw_groups *groups)
{
    unsigned part;

    if (!groups)
        return;
    for (part = 0; part < groups->parts; part++)
        vw_groups_free_part(groups, part);
    vw_free(groups);
}
