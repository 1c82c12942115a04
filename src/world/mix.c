/*
 * A new world made of the objects of two. Each object is copied whole, with references
 * looked up by id in the new world, and what vw_world_finish makes is made again.
 */
#include "world/difference.h"

#include <string.h>

#include "base/memory.h"

#include <vpcwhy/error.h>

struct mix {
    const struct vw_world *before, *after;
    const struct vw_differences *differences;
    const bool *applied;
    size_t next; /* the first difference that is not of an object gone by */
    struct vw_world *world;
};

/* An object (or the settings) of the new world, and what it is made from. */
struct piece {
    int kind;
    const struct vw_world *from; /* whose object it is by and large */
    size_t first, end;           /* its differences */
};

static int refer(struct mix *mix, const struct vw_world *from, enum vw_object_kind kind,
                 uint32_t index, uint32_t *ret_index)
{
    char buffer[VW_WORLD_KEY_TEXT];
    const char *key;

    *ret_index = VW_NONE;
    if (index == VW_NONE)
        return 0;
    key = vw_world_key(from, kind, index, buffer);
    return key == buffer ? vw_world_refer(mix->world, kind, key, ret_index)
                         : vw_world_refer_kept(mix->world, kind, key, ret_index);
}

static int copy_target(struct mix *mix, const struct vw_world *from,
                       struct vw_route *route)
{
    enum vw_object_kind kind;

    return vw_target_object(route->target_kind, &kind)
               ? refer(mix, from, kind, route->target, &route->target)
               : 0;
}

static int copy_list(struct mix *mix, const struct vw_world *from,
                     const struct vw_member *field, void *holder);

/* `holder` was copied from a world as it is: its references become those of the new one,
 * its lists copies. Without the lists where `lists` is not set. */
static int settle(struct mix *mix, const struct vw_world *from,
                  const struct vw_shape *shape, bool lists, void *holder)
{
    int error = 0;

    for (size_t i = 0; i < shape->count && !error; i++) {
        const struct vw_member *field = &shape->fields[i];
        unsigned char *at = (unsigned char *)holder + field->offset;
        uint32_t index;

        switch (field->type) {
        case VW_MEMBER_REFERENCE:
            memcpy(&index, at, sizeof index);
            error = refer(mix, from, field->refers, index, &index);
            memcpy(at, &index, sizeof index);
            break;
        case VW_MEMBER_TARGET:
            error = copy_target(mix, from, holder);
            break;
        case VW_MEMBER_LIST:
            if (lists)
                error = copy_list(mix, from, field, holder);
            break;
        case VW_MEMBER_NUMBER:
        case VW_MEMBER_TEXT:
        case VW_MEMBER_ADDRESS:
        case VW_MEMBER_PREFIX:
        case VW_MEMBER_DERIVED:
            break;
        }
    }
    return error;
}

struct items {
    unsigned char *bytes;
    size_t count;
};

static struct items items_at(const struct vw_member *field, const void *holder)
{
    struct items items;

    memcpy(&items.bytes, (const unsigned char *)holder + field->offset,
           sizeof items.bytes);
    memcpy(&items.count, (const unsigned char *)holder + field->count_offset,
           sizeof items.count);
    return items;
}

static void set_items(const struct vw_member *field, void *holder, struct items items)
{
    memcpy((unsigned char *)holder + field->offset, &items.bytes, sizeof items.bytes);
    memcpy((unsigned char *)holder + field->count_offset, &items.count,
           sizeof items.count);
}

static int append(struct mix *mix, const struct vw_world *from,
                  const struct vw_shape *shape, struct items *items, const void *element)
{
    unsigned char *place = items->bytes + items->count * shape->size;

    memcpy(place, element, shape->size);
    items->count++;
    return settle(mix, from, shape, true, place);
}

static int copy_list(struct mix *mix, const struct vw_world *from,
                     const struct vw_member *field, void *holder)
{
    const struct vw_shape *shape = field->shape;
    struct items old = items_at(field, holder), new = {.count = 0};
    int error = 0;

    new.bytes = vw_arena_array(&mix->world->arena, old.count, shape->size);
    if (!new.bytes)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < old.count && !error; i++) {
        const void *element = old.bytes + i * shape->size;

        if (vw_element_exported(shape, element))
            error = append(mix, from, shape, &new, element);
    }
    set_items(field, holder, new);
    return error;
}

/* The applied difference of an element of `before`, or NULL. */
static const struct vw_difference *change_of(const struct mix *mix,
                                             const struct piece *piece,
                                             const void *element)
{
    for (size_t i = piece->first; i < piece->end; i++) {
        const struct vw_difference *difference = &mix->differences->items[i];

        if (mix->applied[i] && difference->element_before == element)
            return difference;
    }
    return NULL;
}

/* A list of `before` with the applied differences of its elements. */
static int mix_list(struct mix *mix, const struct piece *piece,
                    const struct vw_member *field, const void *before, void *holder)
{
    const struct vw_shape *shape = field->shape;
    struct items old = items_at(field, before), new = {.count = 0};
    int error = 0;

    new.bytes = vw_arena_array(&mix->world->arena,
                               old.count + (piece->end - piece->first), shape->size);
    if (!new.bytes)
        return VW_ERROR_NO_MEMORY;
    for (size_t i = 0; i < old.count && !error; i++) {
        const void *element = old.bytes + i * shape->size;
        const struct vw_difference *change = change_of(mix, piece, element);

        if (change && change->element_after)
            error = append(mix, mix->after, shape, &new, change->element_after);
        else if (!change && vw_element_exported(shape, element))
            error = append(mix, mix->before, shape, &new, element);
    }
    for (size_t i = piece->first; i < piece->end && !error; i++) {
        const struct vw_difference *change = &mix->differences->items[i];

        if (mix->applied[i] && change->field == field && !change->element_before &&
            change->element_after)
            error = append(mix, mix->after, shape, &new, change->element_after);
    }
    set_items(field, holder, new);
    return error;
}

/* What the new world's object keeps of its making: DERIVED fields are not copied. */
static void keep_derived(const struct vw_shape *shape, const void *fresh, void *holder)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct vw_member *field = &shape->fields[i];

        if (field->type == VW_MEMBER_DERIVED)
            memcpy((unsigned char *)holder + field->offset,
                   (const unsigned char *)fresh + field->offset, field->size);
    }
}

/* Applies the differences of single fields to a copy of `before`. */
static int mix_fields(struct mix *mix, const struct piece *piece, const void *before,
                      const void *after, void *holder)
{
    const struct vw_shape *shape = vw_shape_of(piece->kind);
    int error = settle(mix, mix->before, shape, false, holder);

    for (size_t i = 0; i < shape->count && !error; i++) {
        if (shape->fields[i].type == VW_MEMBER_LIST)
            error = mix_list(mix, piece, &shape->fields[i], before, holder);
    }
    for (size_t i = piece->first; i < piece->end && !error; i++) {
        const struct vw_difference *change = &mix->differences->items[i];
        const struct vw_shape one = {change->field, 1, 0, VW_ELEMENT_PLAIN, SIZE_MAX};
        size_t offset, size;

        if (!mix->applied[i] || change->what != VW_DIFFERENCE_FIELD)
            continue;
        offset = change->field->offset;
        size = vw_member_size(change->field);
        memcpy((unsigned char *)holder + offset, (const unsigned char *)after + offset,
               size);
        error = settle(mix, mix->after, &one, true, holder);
    }
    return error;
}

/* Makes the object in the new world. `index` is that in piece->from; `other` its partner
 * in `after` where it is mixed. */
static int make_object(struct mix *mix, const struct piece *piece, uint32_t index,
                       uint32_t other)
{
    enum vw_object_kind kind = (enum vw_object_kind)piece->kind;
    const struct vw_shape *shape = vw_shape_of((int)kind);
    size_t size = mix->world->tables[kind].size;
    const struct vw_object *old = vw_world_object(piece->from, kind, index);
    unsigned char *copy = vw_calloc(1, size);
    uint32_t made = VW_NONE;
    int error = copy ? refer(mix, piece->from, kind, index, &made) : VW_ERROR_NO_MEMORY;

    if (!error) {
        memcpy(copy, old, size);
        keep_derived(shape, vw_world_object(mix->world, kind, made), copy);
        error = piece->first == piece->end || other == VW_NONE
                    ? settle(mix, piece->from, shape, true, copy)
                    : mix_fields(mix, piece, old,
                                 vw_world_object(mix->after, kind, other), copy);
    }
    if (!error)
        /* Found again: tables move when they grow. */
        memcpy(mix->world->tables[kind].items + (size_t)made * size, copy, size);
    vw_free(copy);
    return error;
}

/* The differences of one object, all in a row. */
static struct piece take_piece(struct mix *mix, int kind, uint32_t before, uint32_t after)
{
    struct piece piece = {.kind = kind, .from = mix->before, .first = mix->next};

    while (mix->next < mix->differences->count) {
        const struct vw_difference *next = &mix->differences->items[mix->next];

        if (next->kind != kind || next->before != before ||
            (before == VW_NONE && next->after != after))
            break;
        mix->next++;
    }
    piece.end = mix->next;
    return piece;
}

static int mix_object(struct mix *mix, enum vw_object_kind kind, uint32_t before,
                      uint32_t after)
{
    struct piece piece = take_piece(mix, (int)kind, before, after);
    bool whole = piece.first < piece.end &&
                 mix->differences->items[piece.first].what == VW_DIFFERENCE_OBJECT;
    bool swapped = whole && mix->applied[piece.first];

    if (whole)
        piece.end = piece.first; /* nothing to be mixed */
    if (whole && !swapped)
        after = VW_NONE;
    if (before == VW_NONE || swapped) {
        piece.from = mix->after;
        /* Only named, or gone: references make it where they need it. */
        return after == VW_NONE ? 0 : make_object(mix, &piece, after, VW_NONE);
    }
    if (piece.first < piece.end)
        after = mix->differences->items[piece.first].after;
    return make_object(mix, &piece, before, after);
}

/* Whether the next difference is that one of the two lacks this kind of object. */
static bool is_of_kind(const struct mix *mix, enum vw_object_kind kind)
{
    return mix->next < mix->differences->count &&
           mix->differences->items[mix->next].kind == (int)kind &&
           mix->differences->items[mix->next].what == VW_DIFFERENCE_KIND;
}

static int mix_kind(struct mix *mix, enum vw_object_kind kind)
{
    struct piece whole = {(int)kind, mix->before, 0, 0}; /* all are that one's */
    bool is_whole = is_of_kind(mix, kind);
    uint32_t i;
    int error = 0;

    if (is_whole && mix->applied[mix->next++])
        whole.from = mix->after;
    mix->world->kind_exported[kind] = whole.from->kind_exported[kind];
    for (i = 0; is_whole && i < vw_world_count(whole.from, kind) && !error; i++)
        error = make_object(mix, &whole, i, VW_NONE);
    if (is_whole)
        return error;
    for (i = 0; i < vw_world_count(mix->before, kind) && !error; i++)
        error = mix_object(mix, kind, i,
                           vw_world_find_same(mix->after, mix->before, kind, i));
    for (i = 0; i < vw_world_count(mix->after, kind) && !error; i++) {
        if (vw_world_find_same(mix->before, mix->after, kind, i) == VW_NONE)
            error = mix_object(mix, kind, VW_NONE, i);
    }
    return error;
}

/* Customer networks are declared, not exported: both have the same. */
static int mix_settings(struct mix *mix)
{
    struct piece piece = take_piece(mix, VW_OBJECT_KINDS, VW_NONE, VW_NONE);

    mix->world->block_exclusions_exported = mix->before->block_exclusions_exported;
    mix->world->others = mix->before->others;
    mix->world->other_count = mix->before->other_count;
    mix->world->networks = mix->before->networks;
    mix->world->network_count = mix->before->network_count;
    return mix_fields(mix, &piece, mix->before, mix->after, mix->world);
}

int vw_world_mix(const struct vw_world *before, const struct vw_world *after,
                 const struct vw_differences *differences, const bool *applied,
                 struct vw_world **ret_world)
{
    struct mix mix = {.before = before,
                      .after = after,
                      .differences = differences,
                      .applied = applied,
                      .world = vw_world_create()};
    int error = 0;

    if (!mix.world)
        return VW_ERROR_NO_MEMORY;
    for (int kind = 0; kind < VW_OBJECT_KINDS && !error; kind++)
        error = mix_kind(&mix, (enum vw_object_kind)kind);
    if (!error)
        error = mix_settings(&mix);
    if (!error)
        error = vw_world_finish(mix.world);
    if (error)
        vw_world_free(mix.world);
    else
        *ret_world = mix.world;
    return error;
}
