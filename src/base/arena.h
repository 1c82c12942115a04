/*
 * An arena for each lifetime: one for the world, one for a query, one for a report. All
 * that was taken from it goes at once. In sanitizer builds a poisoned gap follows every
 * piece, so that a step past its end is seen.
 */
#ifndef VW_BASE_ARENA_H
#define VW_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct vw_arena_block;

/* Zero-initialised is empty and ready. */
struct vw_arena {
    struct vw_arena_block *first;   /* blocks in the order in which they were made */
    struct vw_arena_block *current; /* where the next piece comes from */
    bool failed; /* memory was out at least once: for who builds text in many steps and
                  * looks at the end; stays until reset or freed */
};

/* Zeroed memory aligned for any type, or NULL when memory is out. `size` 0 gives a
 * valid pointer. */
void *vw_arena_alloc(struct vw_arena *arena, size_t size);

/* The same, not zeroed: for what is written as a whole at once. */
void *vw_arena_room(struct vw_arena *arena, size_t size);

/* Room for `count` elements of `size` bytes, zeroed; NULL also where the product
 * overflows. */
void *vw_arena_array(struct vw_arena *arena, size_t count, size_t size);

/* Zeroed room for a text of `size` bytes and its NUL; texts stand close together. */
char *vw_arena_text(struct vw_arena *arena, size_t size);

/* A NUL-terminated copy. */
char *vw_arena_copy(struct vw_arena *arena, const char *text, size_t size);
char *vw_arena_string(struct vw_arena *arena, const char *text);

char *vw_arena_printf(struct vw_arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *vw_arena_vprintf(struct vw_arena *arena, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

/* All that was taken from `other` is `arena`'s from now on; `other` is empty. */
void vw_arena_adopt(struct vw_arena *arena, struct vw_arena *other);

/* Everything taken becomes invalid; the blocks are kept for the next use. */
void vw_arena_reset(struct vw_arena *arena);

/* Gives all memory back; the arena is empty and usable again. */
void vw_arena_free(struct vw_arena *arena);

#endif
