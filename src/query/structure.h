/* JSON (RFC 8259) as text: lists and maps of queries are never taken apart for good. */
#ifndef VW_QUERY_STRUCTURE_H
#define VW_QUERY_STRUCTURE_H

#include "query/value.h"

#define VW_STRUCTURE_DEPTH_MAX 64

/* Text to a value: lists and maps are kept as they stand, strings and numbers taken out;
 * null where it is no JSON. */
struct vw_value vw_structure_parse(struct vw_slice text, struct vw_arena *arena);

/* The piece of a map or list that a path names: `.name`, `[0]`, ".`a b`", "a.b". */
struct vw_value vw_structure_path(const struct vw_value *value, struct vw_slice path,
                                  struct vw_arena *arena);

/* Elements of a list, members of a map, one by one: *at is 0 first. A map's `ret_key` is
 * its member's name as text; may be NULL. */
bool vw_structure_next(struct vw_slice json, size_t *at, struct vw_arena *arena,
                       struct vw_value *ret_key, struct vw_value *ret_value);

size_t vw_structure_count(struct vw_slice json);

/* Text that grows, of which JSON is made. */
struct vw_structure_text {
    struct vw_arena *arena;
    char *data;
    size_t size, room;
};

void vw_structure_add(struct vw_structure_text *text, const char *data, size_t size);
/* The value as JSON: texts in quotes, numbers and JSON as they are. */
void vw_structure_add_value(struct vw_structure_text *text, const struct vw_value *value);
struct vw_value vw_structure_finish(const struct vw_structure_text *text);

#endif
