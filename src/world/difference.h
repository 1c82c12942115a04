/*
 * What differs between two snapshots of a network, object by object and rule by rule, and
 * worlds in which only some of that is changed: a cause is proved by asking them.
 *
 *     before: route 10.2.0.0/16 -> pcx-1      after: no such route, sg-1 has a new rule
 *     differences: [route removed, rule added]
 *     vw_world_mix(before, after, ..., {true, false}) is `before` without the route.
 */
#ifndef VW_WORLD_DIFFERENCE_H
#define VW_WORLD_DIFFERENCE_H

#include "base/array.h"
#include "world/shape.h"

/* More are counted and not kept. */
#define VW_DIFFERENCES_MAX 100000

enum vw_difference_what {
    VW_DIFFERENCE_KIND,   /* one snapshot was made without this kind of object */
    VW_DIFFERENCE_OBJECT, /* there in one of them only */
    VW_DIFFERENCE_FIELD,
    VW_DIFFERENCE_ELEMENT /* of the list that `field` is */
};

struct vw_difference {
    enum vw_difference_what what;
    int kind; /* enum vw_object_kind, or VW_OBJECT_KINDS: a setting of all */
    uint32_t before, after; /* the object in each, or VW_NONE */
    bool was, is;           /* whether the object (element, kind) is there */
    const struct vw_member *field;
    const void *element_before, *element_after; /* or NULL */
    bool follows; /* AWS does it where something else changes */
};

struct vw_differences {
    struct vw_difference *items;
    size_t count;
    size_t capacity;
};

/* 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. Ordered by kind and object. */
int vw_world_differences(const struct vw_world *before, const struct vw_world *after,
                         struct vw_differences *ret);

/* Whether two fields of that row hold the same. */
bool vw_member_same(const struct vw_member *field, const struct vw_world *world_a,
                    const void *a, const struct vw_world *world_b, const void *b);

/* Whether an element stands in the export; vw_world_finish makes others. */
bool vw_element_exported(const struct vw_shape *shape, const void *element);

/* What finds the object in its world: its id, but for one side of a transit gateway
 * peering. Into `buffer` where it is not the id. */
#define VW_WORLD_KEY_TEXT 256
const char *vw_world_key(const struct vw_world *world, enum vw_object_kind kind,
                         uint32_t index, char buffer[VW_WORLD_KEY_TEXT]);

/* The object of `other` that has the key of that one, or VW_NONE. */
uint32_t vw_world_find_same(const struct vw_world *other, const struct vw_world *world,
                            enum vw_object_kind kind, uint32_t index);

/*
 * A world that is `before` but for the differences (all that vw_world_differences gave, in
 * their order) whose `applied` is set. It shares text with both, which must outlive it.
 */
int vw_world_mix(const struct vw_world *before, const struct vw_world *after,
                 const struct vw_differences *differences, const bool *applied,
                 struct vw_world **ret_world);

#endif
