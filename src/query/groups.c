/* Open addressing over blocks of groups; see groups.h. */
#include "query/groups.h"

#include "base/memory.h"

/* Blocks double from the first size on, then are of one size, if one key is not larger. A
 * place is the number of the block and the offset in it, in units of 8 bytes, from 1. */
#define BLOCK_FIRST ((size_t)256)
#define BLOCK_DOUBLINGS 10
#define BLOCK_LAST ((size_t)VW_PAGES_PART)
#define BLOCKS_MAX ((size_t)1 << (32 - VW_GROUP_OFFSET_BITS))
#define FIRST_BITS 4
/* How far the walk over all groups looks ahead. */
#define AHEAD 16

/* The slot where the search for a hash begins. */
static size_t home(const struct vw_groups *groups, uint32_t hash)
{
    return (uint32_t)(hash << groups->skipped) >> (32 - groups->bits);
}

void vw_groups_prefetch(const struct vw_groups *groups, uint32_t hash)
{
    if (groups->slots)
        __builtin_prefetch(&groups->slots[home(groups, hash)]);
}

uint32_t vw_groups_look(const struct vw_groups *groups, uint32_t hash)
{
    const struct vw_group_slot *slots = groups->slots;
    size_t mask = ((size_t)1 << groups->bits) - 1, i;

    if (!slots)
        return 0;
    for (i = home(groups, hash); slots[i].place; i = (i + 1) & mask) {
        const struct vw_group *group;

        if (slots[i].hash != hash)
            continue;
        group = vw_groups_at_place(groups, slots[i].place);
        __builtin_prefetch(group, 1);
        /* The end of a short key, which may stand in the next line. */
        __builtin_prefetch((const char *)group + groups->state_size + 12, 1);
        return slots[i].place;
    }
    return 0;
}

static struct vw_group_slot *free_slot(const struct vw_groups *groups, uint32_t hash)
{
    size_t mask = ((size_t)1 << groups->bits) - 1, i = home(groups, hash);

    while (groups->slots[i].place)
        i = (i + 1) & mask;
    return &groups->slots[i];
}

static size_t size_of_slots(const struct vw_groups *groups)
{
    return groups->slots ? sizeof *groups->slots << groups->bits : 0;
}

/* Twice the slots. NULL when out of memory. */
static struct vw_group_slot *grow(struct vw_groups *groups)
{
    struct vw_groups larger = *groups;
    size_t count = groups->slots ? (size_t)1 << groups->bits : 0, i;
    size_t size =
        groups->slots ? size_of_slots(groups) * 2 : sizeof *larger.slots << FIRST_BITS;

    larger.bits = groups->slots ? groups->bits + 1 : FIRST_BITS;
    larger.slots = vw_pages_take(groups->pages, size);
    if (!larger.slots)
        return NULL;
    for (i = 0; i < count; i++)
        if (groups->slots[i].place)
            *free_slot(&larger, groups->slots[i].hash) = groups->slots[i];
    vw_pages_give_back(groups->pages, groups->slots, size_of_slots(groups));
    *groups = larger;
    return larger.slots;
}

/* Blocks of the last size are parts of pages; one that is larger holds one group. */
static void free_block(struct vw_groups *groups, struct vw_group_block block)
{
    if (block.size == BLOCK_LAST)
        vw_pages_give_back(groups->pages, block.data, block.size);
    else
        vw_free(block.data);
}

static bool add_block(struct vw_groups *groups, size_t least)
{
    struct vw_group_block block = {.size = groups->blocks.count < BLOCK_DOUBLINGS
                                               ? BLOCK_FIRST << groups->blocks.count
                                               : BLOCK_LAST};

    if (block.size < least)
        block.size = least;
    if (groups->blocks.count == BLOCKS_MAX)
        return false;
    block.data = block.size == BLOCK_LAST ? vw_pages_take_part(groups->pages)
                                          : vw_calloc(1, block.size);
    if (!block.data)
        return false;
    if (vw_array_push(&groups->blocks, block)) {
        free_block(groups, block);
        return false;
    }
    groups->used = 0;
    return true;
}

/* Bytes left in the last block. */
static size_t rest_of(const struct vw_groups *groups)
{
    size_t count = groups->blocks.count;

    return count > 0 ? groups->blocks.items[count - 1].size - groups->used : 0;
}

/* Room for `size` bytes. NULL when out of memory. */
static char *room_for(struct vw_groups *groups, size_t size, uint32_t *ret_place)
{
    size_t last, at;

    if (rest_of(groups) < size && !add_block(groups, size))
        return NULL;
    last = groups->blocks.count - 1;
    at = groups->used;
    groups->used += size;
    *ret_place = (uint32_t)(last << VW_GROUP_OFFSET_BITS | at / 8) + 1;
    return groups->blocks.items[last].data + at;
}

static struct vw_group *make(struct vw_groups *groups, struct vw_group_slot *slot,
                             uint32_t hash, struct vw_slice key)
{
    const uint32_t key_size = (uint32_t)key.size;
    size_t whole = (groups->state_size + sizeof key_size + key.size + 7) & ~(size_t)7;
    uint32_t place;
    char *group = key.size <= VW_GROUP_KEY_MAX ? room_for(groups, whole, &place) : NULL;

    if (!group)
        return NULL;
    *slot = (struct vw_group_slot){hash, place};
    groups->count++;
    memset(group, 0, groups->state_size);
    memcpy(group + groups->state_size, &key_size, sizeof key_size);
    if (key.size)
        memcpy(group + groups->state_size + sizeof key_size, key.data, key.size);
    return (struct vw_group *)(void *)group;
}

struct vw_group *vw_groups_take(struct vw_groups *groups, uint32_t hash,
                                struct vw_slice key, bool *ret_new)
{
    struct vw_group_slot *slots = groups->slots;
    size_t mask, i;

    if (!slots || groups->count * 4 >= (size_t)3 << groups->bits)
        slots = grow(groups);
    if (!slots)
        return NULL;
    mask = ((size_t)1 << groups->bits) - 1;
    *ret_new = false;
    for (i = home(groups, hash); slots[i].place; i = (i + 1) & mask) {
        struct vw_group *group = NULL;

        if (slots[i].hash == hash)
            group = vw_groups_at(groups, slots[i].place, key);
        if (group)
            return group;
    }
    *ret_new = true;
    return make(groups, &slots[i], hash, key);
}

struct vw_group *vw_groups_next(const struct vw_groups *groups, size_t *at)
{
    size_t count = groups->slots ? (size_t)1 << groups->bits : 0;

    while (*at < count) {
        uint32_t ahead = groups->slots[(*at + AHEAD) & (count - 1)].place;
        uint32_t place = groups->slots[(*at)++].place;

        if (ahead)
            __builtin_prefetch(vw_groups_at_place(groups, ahead));
        if (place)
            return vw_groups_at_place(groups, place);
    }
    return NULL;
}

void vw_groups_free(struct vw_groups *groups)
{
    size_t i;

    for (i = 0; i < groups->blocks.count; i++)
        free_block(groups, groups->blocks.items[i]);
    vw_array_free(&groups->blocks);
    vw_pages_give_back(groups->pages, groups->slots, size_of_slots(groups));
    *groups = (struct vw_groups){.state_size = groups->state_size,
                                 .skipped = groups->skipped,
                                 .pages = groups->pages};
}
