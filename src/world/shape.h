/*
 * The objects of a world as tables of fields: what two snapshots are compared by, and what
 * an object is copied into another world by. One row a field; a new kind of object needs
 * its rows and nothing else. Fields without a row are copied as they are and are never a
 * difference: names, places in the export.
 */
#ifndef VW_WORLD_SHAPE_H
#define VW_WORLD_SHAPE_H

#include "world/world.h"

enum vw_member_type {
    VW_MEMBER_NUMBER,    /* any integer, enum or bool */
    VW_MEMBER_TEXT,      /* const char *, may be NULL */
    VW_MEMBER_ADDRESS,   /* struct vw_address */
    VW_MEMBER_PREFIX,    /* struct vw_prefix */
    VW_MEMBER_REFERENCE, /* uint32_t into the table of `refers` */
    VW_MEMBER_TARGET,    /* of a route: into the table of its target_kind */
    VW_MEMBER_LIST,      /* pointer and count */
    VW_MEMBER_DERIVED    /* what vw_world_finish makes */
};

enum vw_member_role {
    VW_MEMBER_COMPARED,
    VW_MEMBER_KEY,   /* tells the elements of a list apart */
    VW_MEMBER_QUIET, /* how much the export tells; of an element: told by others */
    VW_MEMBER_SKIPS, /* where it is not 0, vw_world_finish made the element */
    /* AWS sets it when something else changes, such as the state of a route. */
    VW_MEMBER_FOLLOWS
};

struct vw_shape;

struct vw_member {
    const char *name; /* "the NAME of ...": as a reader calls it */
    enum vw_member_type type;
    enum vw_member_role role;
    size_t offset;
    size_t size;                  /* NUMBER, DERIVED: bytes */
    size_t count_offset;          /* LIST: of a size_t */
    const struct vw_shape *shape; /* LIST: of its elements */
    enum vw_object_kind refers;   /* REFERENCE */
};

/* What the elements of a list are, for who words them. name */
#define VW_ELEMENT_LIST(X)                                                               \
    X(VW_ELEMENT_PLAIN) /* its fields tell */                                            \
    X(VW_ELEMENT_ROUTE)                                                                  \
    X(VW_ELEMENT_GROUP_RULE)                                                             \
    X(VW_ELEMENT_ACL_ENTRY)                                                              \
    X(VW_ELEMENT_TRANSIT_ROUTE)

enum vw_element {
#define VW_X(name) name,
    VW_ELEMENT_LIST(VW_X)
#undef VW_X
};

struct vw_shape {
    const struct vw_member *fields;
    size_t count;
    size_t size; /* of an element */
    enum vw_element element;
    size_t source; /* offset of its struct vw_source, or SIZE_MAX */
};

/* The fields of an object of `kind`; of the world itself (settings that are no object's)
 * with VW_OBJECT_KINDS. */
const struct vw_shape *vw_shape_of(int kind);

/* Bytes that the field takes in its structure; 0 for a list. */
size_t vw_member_size(const struct vw_member *field);

/* ---- how rows are written ---- */

#define VW_AT(type, member) offsetof(struct type, member)
#define VW_NUMBER(type, member, name, role)                                              \
    {                                                                                    \
        name, VW_MEMBER_NUMBER, role, VW_AT(type, member),                               \
            sizeof(((struct type *)0)->member), 0, NULL, VW_OBJECT_VPC                   \
    }
#define VW_PLAIN(type, member, name, role, kind)                                         \
    {                                                                                    \
        name, kind, role, VW_AT(type, member), 0, 0, NULL, VW_OBJECT_VPC                 \
    }
#define VW_REFERENCE(type, member, name, role, kind)                                     \
    {                                                                                    \
        name, VW_MEMBER_REFERENCE, role, VW_AT(type, member), 0, 0, NULL,                \
            VW_OBJECT_##kind                                                             \
    }
#define VW_LIST(type, member, counter, name, role, elements)                             \
    {                                                                                    \
        name, VW_MEMBER_LIST, role, VW_AT(type, member), 0, VW_AT(type, counter),        \
            elements, VW_OBJECT_VPC                                                      \
    }
#define VW_DERIVED(type, member)                                                         \
    {                                                                                    \
        NULL, VW_MEMBER_DERIVED, VW_MEMBER_QUIET, VW_AT(type, member),                   \
            sizeof(((struct type *)0)->member), 0, NULL, VW_OBJECT_VPC                   \
    }
#define VW_ELEMENTS(fields, type, element)                                               \
    {                                                                                    \
        fields, sizeof(fields) / sizeof *(fields), sizeof(type), element, SIZE_MAX       \
    }
#define VW_ELEMENTS_OF_EXPORT(fields, type, element)                                     \
    {                                                                                    \
        fields, sizeof(fields) / sizeof *(fields), sizeof(struct type), element,         \
            VW_AT(type, source)                                                          \
    }

/* Lists of one value each, shared by the tables. */
extern const struct vw_shape vw_list_prefixes, vw_list_texts, vw_list_groups,
    vw_list_subnets, vw_list_interfaces;

/* One for each kind: an object without its rows does not link. */
#define VW_X(suffix, name, noun, key, command)                                           \
    extern const struct vw_shape vw_shape_##name;
VW_OBJECT_LIST(VW_X)
#undef VW_X

#endif
