/* Numbers for texts and IPv6 addresses; see flow_names.h. Threads ask their own memory
 * first, so the lock is for what is new to them. */
#include "evidence/flow_names.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

void vw_flow_names_init(struct vw_flow_names *names)
{
    memset(names, 0, sizeof *names);
    pthread_mutex_init(&names->lock, NULL);
}

void vw_flow_names_free(struct vw_flow_names *names)
{
    vw_arena_free(&names->arena);
    vw_map_free(&names->text_numbers);
    vw_array_free(&names->texts);
    vw_array_free(&names->wides);
    vw_free(names->wide_slots);
    pthread_mutex_destroy(&names->lock);
}

/* Eight bytes at a time: ids are about twenty long. */
static uint64_t hash_text(struct vw_slice text)
{
    uint64_t hash = text.size, word = 0;
    size_t i;

    for (i = 0; text.size - i >= sizeof word; i += sizeof word) {
        memcpy(&word, text.data + i, sizeof word);
        hash = vw_flow_mix(hash, word);
    }
    word = 0;
    if (i < text.size)
        memcpy(&word, text.data + i, text.size - i);
    return vw_flow_mix(hash, word);
}

static int add_text(struct vw_flow_names *names, const char *text, uint32_t *ret_number)
{
    const char *copy = vw_arena_string(&names->arena, text);

    if (names->texts.count >= UINT32_MAX - 1)
        return VW_ERROR_LIMIT;
    if (!copy || vw_array_push(&names->texts, copy))
        return VW_ERROR_NO_MEMORY;
    if (vw_map_put(&names->text_numbers, copy, (uint32_t)names->texts.count)) {
        names->texts.count--;
        return VW_ERROR_NO_MEMORY;
    }
    *ret_number = (uint32_t)names->texts.count;
    return 0;
}

int vw_flow_names_text(struct vw_flow_names *names, struct vw_flow_recent *recent,
                       struct vw_slice text, uint32_t *ret_number)
{
    struct vw_flow_recent_text *place;
    char copy[VW_FLOW_TEXT_MAX];
    int error = 0;

    *ret_number = 0;
    if (text.size == 0)
        return 0;
    if (text.size >= sizeof copy)
        return VW_ERROR_LIMIT;
    place = &recent->texts[hash_text(text) & (VW_FLOW_RECENT_TEXTS - 1)];
    if (place->number && place->size == text.size &&
        memcmp(place->text, text.data, text.size) == 0) {
        *ret_number = place->number;
        return 0;
    }
    memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    pthread_mutex_lock(&names->lock);
    if (!vw_map_get(&names->text_numbers, copy, ret_number))
        error = add_text(names, copy, ret_number);
    if (!error)
        *place = (struct vw_flow_recent_text){names->texts.items[*ret_number - 1],
                                              *ret_number, (uint32_t)text.size};
    pthread_mutex_unlock(&names->lock);
    return error;
}

static uint64_t hash_wide(struct vw_flow_wide wide)
{
    return vw_flow_mix(vw_flow_mix(0, wide.high), wide.low);
}

static bool same_wide(struct vw_flow_wide a, struct vw_flow_wide b)
{
    return a.low == b.low && a.high == b.high;
}

static uint32_t *find_wide(const struct vw_flow_names *names, uint32_t *slots,
                           size_t capacity, struct vw_flow_wide wide)
{
    size_t i = (size_t)hash_wide(wide) & (capacity - 1);

    while (slots[i] && !same_wide(names->wides.items[slots[i] - 1], wide))
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

/* Room in the index for one more address, never more than three quarters full. */
static int grow_wides(struct vw_flow_names *names)
{
    size_t capacity = names->wide_capacity ? names->wide_capacity * 2 : 64, i;
    uint32_t *slots;

    if (names->wides.count < names->wide_capacity / 4 * 3)
        return 0;
    slots = vw_calloc(capacity, sizeof *slots);
    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < names->wides.count; i++)
        *find_wide(names, slots, capacity, names->wides.items[i]) = (uint32_t)(i + 1);
    vw_free(names->wide_slots);
    names->wide_slots = slots;
    names->wide_capacity = capacity;
    return 0;
}

static int name_wide(struct vw_flow_names *names, struct vw_flow_wide wide,
                     uint32_t *ret_number)
{
    uint32_t *slot;

    if (names->wides.count >= UINT32_MAX - 1)
        return VW_ERROR_LIMIT;
    if (grow_wides(names))
        return VW_ERROR_NO_MEMORY;
    slot = find_wide(names, names->wide_slots, names->wide_capacity, wide);
    if (!*slot) {
        if (vw_array_push(&names->wides, wide))
            return VW_ERROR_NO_MEMORY;
        *slot = (uint32_t)names->wides.count;
    }
    *ret_number = *slot - 1;
    return 0;
}

int vw_flow_names_wide(struct vw_flow_names *names, struct vw_flow_recent *recent,
                       struct vw_flow_wide wide, uint32_t *ret_number)
{
    struct vw_flow_recent_wide *place =
        &recent->wides[hash_wide(wide) & (VW_FLOW_RECENT_WIDES - 1)];
    int error;

    if (place->filled && same_wide(place->wide, wide)) {
        *ret_number = place->number;
        return 0;
    }
    pthread_mutex_lock(&names->lock);
    error = name_wide(names, wide, ret_number);
    pthread_mutex_unlock(&names->lock);
    if (!error)
        *place = (struct vw_flow_recent_wide){wide, *ret_number, true};
    return error;
}

uint32_t vw_flow_names_first(struct vw_flow_names *names, uint32_t a, uint32_t b)
{
    uint32_t first;

    if (a == b || a == 0 || b == 0)
        return a ? a : b;
    pthread_mutex_lock(&names->lock);
    first = strcmp(names->texts.items[a - 1], names->texts.items[b - 1]) < 0 ? a : b;
    pthread_mutex_unlock(&names->lock);
    return first;
}

const char *vw_flow_names_text_of(const struct vw_flow_names *names, uint32_t number)
{
    return number ? names->texts.items[number - 1] : NULL;
}

struct vw_flow_wide vw_flow_names_wide_of(const struct vw_flow_names *names,
                                          uint32_t number)
{
    return names->wides.items[number];
}
