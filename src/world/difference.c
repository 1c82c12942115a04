/* What differs between two worlds; see difference.h. */
#include "world/difference.h"

#include <stdio.h>
#include <string.h>

#include "base/address.h"
#include "base/memory.h"

#include <vpcwhy/error.h>

/* ---- values ---- */

const char *vw_world_key(const struct vw_world *world, enum vw_object_kind kind,
                         uint32_t index, char buffer[VW_WORLD_KEY_TEXT])
{
    const char *id = vw_world_object(world, kind, index)->id;
    uint32_t found, gateway;

    if (kind != VW_OBJECT_TRANSIT_ATTACHMENT)
        return id;
    gateway = vw_world_transit_attachment(world, index)->gateway;
    if (gateway == VW_NONE || (vw_world_find(world, kind, id, &found) && found == index))
        return id;
    snprintf(buffer, VW_WORLD_KEY_TEXT, "%s@%s", id,
             vw_world_transit_gateway(world, gateway)->object.id);
    return buffer;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static uint32_t number_at(const void *at)
{
    uint32_t number;

    memcpy(&number, at, sizeof number);
    return number;
}

static const char *text_at(const void *at)
{
    const char *text;

    memcpy(&text, at, sizeof text);
    return text;
}

static bool same_reference(enum vw_object_kind kind, const struct vw_world *world_a,
                           uint32_t a, const struct vw_world *world_b, uint32_t b)
{
    if (a == VW_NONE || b == VW_NONE)
        return a == b;
    return strcmp(vw_world_object(world_a, kind, a)->id,
                  vw_world_object(world_b, kind, b)->id) == 0;
}

/* ---- lists ---- */

struct list {
    const struct vw_world *world;
    const unsigned char *items;
    size_t count;
};

static struct list list_at(const struct vw_member *field, const struct vw_world *world,
                           const void *holder)
{
    struct list list = {.world = world};

    memcpy(&list.items, (const unsigned char *)holder + field->offset, sizeof list.items);
    memcpy(&list.count, (const unsigned char *)holder + field->count_offset,
           sizeof list.count);
    return list;
}

static bool is_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

bool vw_element_exported(const struct vw_shape *shape, const void *element)
{
    for (size_t i = 0; i < shape->count; i++) {
        const struct vw_member *field = &shape->fields[i];

        if (field->role == VW_MEMBER_SKIPS &&
            !is_zero((const unsigned char *)element + field->offset, field->size))
            return false;
    }
    return true;
}

/* Whether all fields of `role` are the same. */
static bool same_in(const struct vw_shape *shape, enum vw_member_role role,
                    const struct vw_world *world_a, const void *a,
                    const struct vw_world *world_b, const void *b)
{
    for (size_t i = 0; i < shape->count; i++) {
        if (shape->fields[i].role == role &&
            !vw_member_same(&shape->fields[i], world_a, a, world_b, b))
            return false;
    }
    return true;
}

static bool same_element(const struct vw_shape *shape, const struct vw_world *world_a,
                         const void *a, const struct vw_world *world_b, const void *b)
{
    return same_in(shape, VW_MEMBER_KEY, world_a, a, world_b, b) &&
           same_in(shape, VW_MEMBER_COMPARED, world_a, a, world_b, b) &&
           same_in(shape, VW_MEMBER_FOLLOWS, world_a, a, world_b, b);
}

/* A list within an element: the same elements in any order. */
static bool same_list(const struct vw_member *field, struct list a, struct list b)
{
    const struct vw_shape *shape = field->shape;

    if (a.count != b.count)
        return false;
    for (size_t i = 0; i < a.count; i++) {
        bool found = false;

        for (size_t j = 0; j < b.count && !found; j++)
            found = same_element(shape, a.world, a.items + i * shape->size, b.world,
                                 b.items + j * shape->size);
        if (!found)
            return false;
    }
    return true;
}

bool vw_member_same(const struct vw_member *field, const struct vw_world *world_a,
                    const void *a, const struct vw_world *world_b, const void *b)
{
    const unsigned char *x = (const unsigned char *)a + field->offset;
    const unsigned char *y = (const unsigned char *)b + field->offset;
    struct vw_address addresses[2];
    struct vw_prefix prefixes[2];

    switch (field->type) {
    case VW_MEMBER_NUMBER:
        return memcmp(x, y, field->size) == 0;
    case VW_MEMBER_TEXT:
        return same_text(text_at(x), text_at(y));
    case VW_MEMBER_ADDRESS:
        memcpy(&addresses[0], x, sizeof addresses[0]);
        memcpy(&addresses[1], y, sizeof addresses[1]);
        return vw_address_equal(addresses[0], addresses[1]);
    case VW_MEMBER_PREFIX:
        memcpy(&prefixes[0], x, sizeof prefixes[0]);
        memcpy(&prefixes[1], y, sizeof prefixes[1]);
        return vw_prefix_equal(prefixes[0], prefixes[1]);
    case VW_MEMBER_REFERENCE:
        return same_reference(field->refers, world_a, number_at(x), world_b,
                              number_at(y));
    case VW_MEMBER_LIST:
        return same_list(field, list_at(field, world_a, a), list_at(field, world_b, b));
    case VW_MEMBER_TARGET:  /* told by the target's id */
    case VW_MEMBER_DERIVED: /* told by what it was made from */
        return true;
    }
    return true;
}

/* ---- differences ---- */

struct comparison {
    const struct vw_world *before, *after;
    struct vw_differences *found;
};

static int add(struct comparison *comparison, struct vw_difference difference)
{
    if (comparison->found->count >= VW_DIFFERENCES_MAX)
        return VW_ERROR_LIMIT;
    return vw_array_push(comparison->found, difference);
}

static int compare_elements(struct comparison *comparison, struct vw_difference base,
                            struct list before, struct list after)
{
    const struct vw_shape *shape = base.field->shape;
    bool *taken = vw_calloc(after.count + 1, sizeof *taken);
    int error = taken ? 0 : VW_ERROR_NO_MEMORY;
    size_t next = 0; /* where the partner of an unchanged list stands */

    for (size_t i = 0; i < before.count && !error; i++) {
        const void *element = before.items + i * shape->size;
        struct vw_difference difference = base;
        size_t j, step = 0;

        if (!vw_element_exported(shape, element))
            continue;
        for (j = next; step < after.count; j++, step++) {
            if (j >= after.count)
                j = 0;
            if (!taken[j] && vw_element_exported(shape, after.items + j * shape->size) &&
                same_in(shape, VW_MEMBER_KEY, before.world, element, after.world,
                        after.items + j * shape->size))
                break;
        }
        difference.element_before = element;
        difference.was = true;
        if (step < after.count) {
            taken[j] = true;
            next = j + 1;
            difference.element_after = after.items + j * shape->size;
            if (same_element(shape, before.world, element, after.world,
                             difference.element_after))
                continue;
            difference.follows = same_in(shape, VW_MEMBER_COMPARED, before.world, element,
                                         after.world, difference.element_after);
        }
        difference.is = difference.element_after != NULL;
        error = add(comparison, difference);
    }
    for (size_t j = 0; j < after.count && !error; j++) {
        struct vw_difference difference = base;

        difference.element_after = after.items + j * shape->size;
        difference.is = true;
        if (!taken[j] && vw_element_exported(shape, difference.element_after))
            error = add(comparison, difference);
    }
    vw_free(taken);
    return error;
}

/* `base` names the object in both. */
static int compare_fields(struct comparison *comparison, struct vw_difference base,
                          const void *before, const void *after)
{
    const struct vw_shape *shape = vw_shape_of(base.kind);
    int error = 0;

    for (size_t i = 0; i < shape->count && !error; i++) {
        const struct vw_member *field = &shape->fields[i];

        base.field = field;
        base.follows = field->role == VW_MEMBER_FOLLOWS;
        base.what = VW_DIFFERENCE_FIELD;
        base.was = base.is = true;
        if (field->type == VW_MEMBER_LIST) {
            base.what = VW_DIFFERENCE_ELEMENT;
            base.was = base.is = false;
            error = compare_elements(comparison, base,
                                     list_at(field, comparison->before, before),
                                     list_at(field, comparison->after, after));
        } else if (!vw_member_same(field, comparison->before, before, comparison->after,
                                   after)) {
            error = add(comparison, base);
        }
    }
    return error;
}

static bool is_exported(const struct vw_world *world, enum vw_object_kind kind,
                        uint32_t index)
{
    return index != VW_NONE && vw_world_object(world, kind, index)->exported;
}

static int compare_objects(struct comparison *comparison, enum vw_object_kind kind,
                           uint32_t before, uint32_t after)
{
    struct vw_difference difference = {
        .what = VW_DIFFERENCE_OBJECT,
        .kind = (int)kind,
        .before = before,
        .after = after,
        .was = is_exported(comparison->before, kind, before),
        .is = is_exported(comparison->after, kind, after),
    };

    if (difference.was != difference.is)
        return add(comparison, difference);
    if (before == VW_NONE || after == VW_NONE)
        return 0; /* only named, in one of them */
    return compare_fields(comparison, difference,
                          vw_world_object(comparison->before, kind, before),
                          vw_world_object(comparison->after, kind, after));
}

uint32_t vw_world_find_same(const struct vw_world *other, const struct vw_world *world,
                            enum vw_object_kind kind, uint32_t index)
{
    char buffer[VW_WORLD_KEY_TEXT];
    uint32_t found;

    return vw_world_find(other, kind, vw_world_key(world, kind, index, buffer), &found)
               ? found
               : VW_NONE;
}

static bool any_exported(const struct vw_world *world, enum vw_object_kind kind)
{
    for (uint32_t i = 0; i < vw_world_count(world, kind); i++) {
        if (vw_world_object(world, kind, i)->exported)
            return true;
    }
    return false;
}

static int compare_kind(struct comparison *comparison, enum vw_object_kind kind)
{
    const struct vw_world *before = comparison->before, *after = comparison->after;
    bool was = before->kind_exported[kind] || any_exported(before, kind);
    bool is = after->kind_exported[kind] || any_exported(after, kind);
    int error = 0;

    if (was != is)
        return add(comparison, (struct vw_difference){.what = VW_DIFFERENCE_KIND,
                                                      .kind = (int)kind,
                                                      .before = VW_NONE,
                                                      .after = VW_NONE,
                                                      .was = was,
                                                      .is = is});
    for (uint32_t i = 0; i < vw_world_count(before, kind) && !error; i++)
        error = compare_objects(comparison, kind, i,
                                vw_world_find_same(after, before, kind, i));
    for (uint32_t i = 0; i < vw_world_count(after, kind) && !error; i++) {
        if (vw_world_find_same(before, after, kind, i) == VW_NONE)
            error = compare_objects(comparison, kind, VW_NONE, i);
    }
    return error;
}

int vw_world_differences(const struct vw_world *before, const struct vw_world *after,
                         struct vw_differences *ret)
{
    struct comparison comparison = {before, after, ret};
    struct vw_difference settings = {
        .kind = VW_OBJECT_KINDS, .before = VW_NONE, .after = VW_NONE};
    int error = 0;

    for (int kind = 0; kind < VW_OBJECT_KINDS && !error; kind++)
        error = compare_kind(&comparison, (enum vw_object_kind)kind);
    return error ? error : compare_fields(&comparison, settings, before, after);
}
