/*
 * A list of blocks, each filled from its start. A piece that does not fit opens the next
 * block, which is at least twice as large as the one before, up to BLOCK_MAX.
 */
#include "base/arena.h"

#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_POISON 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISON 1
#endif
#endif

#ifdef ARENA_POISON
#include <sanitizer/asan_interface.h>
#define GAP 16
#define TEXT_ALIGNMENT alignof(max_align_t)
#define poison(p, n) __asan_poison_memory_region((p), (n))
#define unpoison(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define GAP 0
#define TEXT_ALIGNMENT 1
#define poison(p, n) ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

enum { BLOCK_MIN = 4096, BLOCK_MAX = 1 << 20 };

struct vw_arena_block {
    struct vw_arena_block *next;
    size_t size;
    size_t used;
    alignas(max_align_t) unsigned char bytes[];
};

static struct vw_arena_block *block_create(size_t wanted, size_t previous)
{
    size_t size = previous < BLOCK_MAX / 2 ? previous * 2 : BLOCK_MAX;
    struct vw_arena_block *block;

    if (size < BLOCK_MIN)
        size = BLOCK_MIN;
    if (size < wanted)
        size = wanted;
    if (size > SIZE_MAX - sizeof *block)
        return NULL;
    block = vw_calloc(1, sizeof *block + size);
    if (!block)
        return NULL;
    block->size = size;
    poison(block->bytes, size);
    return block;
}

/* Where in `block` the next piece of that alignment begins. */
static size_t next_piece(const struct vw_arena_block *block, size_t alignment)
{
    return (block->used + alignment - 1) & ~(alignment - 1);
}

static bool has_room(const struct vw_arena_block *block, size_t wanted, size_t alignment)
{
    size_t start = next_piece(block, alignment);

    return start <= block->size && wanted <= block->size - start;
}

/* The first block from `arena->current` on with room for `wanted`, made if there is none. */
static struct vw_arena_block *block_with_room(struct vw_arena *arena, size_t wanted,
                                              size_t alignment)
{
    struct vw_arena_block *block = arena->current;
    struct vw_arena_block *last = NULL;

    for (; block; last = block, block = block->next)
        if (has_room(block, wanted, alignment))
            break;
    if (!block) {
        block = block_create(wanted, last ? last->size : 0);
        if (!block)
            return NULL;
        if (last)
            last->next = block;
        else
            arena->first = block;
    }
    arena->current = block;
    return block;
}

static inline void *take(struct vw_arena *arena, size_t size, size_t alignment)
{
    struct vw_arena_block *block = arena->current;
    unsigned char *piece;
    size_t start, wanted = (size ? size : 1) + GAP;

    if (size > SIZE_MAX / 2)
        block = NULL;
    else if (!block || !has_room(block, wanted, alignment))
        block = block_with_room(arena, wanted, alignment);
    if (!block) {
        arena->failed = true;
        return NULL;
    }
    start = next_piece(block, alignment);
    piece = block->bytes + start;
    block->used = start + wanted;
    unpoison(piece, size);
    return piece;
}

void *vw_arena_room(struct vw_arena *arena, size_t size)
{
    return take(arena, size, alignof(max_align_t));
}

void *vw_arena_alloc(struct vw_arena *arena, size_t size)
{
    void *piece = take(arena, size, alignof(max_align_t));

    return piece ? memset(piece, 0, size) : NULL;
}

void *vw_arena_array(struct vw_arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    return vw_arena_alloc(arena, count * size);
}

char *vw_arena_text(struct vw_arena *arena, size_t size)
{
    char *text = size < SIZE_MAX ? take(arena, size + 1, TEXT_ALIGNMENT) : NULL;

    return text ? memset(text, 0, size + 1) : NULL;
}

char *vw_arena_copy(struct vw_arena *arena, const char *text, size_t size)
{
    char *copy = vw_arena_text(arena, size);

    if (copy && size > 0)
        memcpy(copy, text, size);
    return copy;
}

char *vw_arena_string(struct vw_arena *arena, const char *text)
{
    return vw_arena_copy(arena, text, strlen(text));
}

char *vw_arena_printf(struct vw_arena *arena, const char *format, ...)
{
    va_list arguments;
    char *text;

    va_start(arguments, format);
    text = vw_arena_vprintf(arena, format, arguments);
    va_end(arguments);
    return text;
}

char *vw_arena_vprintf(struct vw_arena *arena, const char *format, va_list arguments)
{
    va_list again;
    char *text = NULL;
    int size;

    va_copy(again, arguments);
    size = vsnprintf(NULL, 0, format, arguments);
    if (size >= 0)
        text = vw_arena_text(arena, (size_t)size);
    if (text)
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return text;
}

void vw_arena_adopt(struct vw_arena *arena, struct vw_arena *other)
{
    struct vw_arena_block *last = other->first;

    arena->failed |= other->failed;
    if (!last)
        return;
    while (last->next)
        last = last->next;
    /* In front, so that `current` and what is free behind it stay as they are. */
    last->next = arena->first;
    arena->first = other->first;
    if (!arena->current)
        arena->current = other->current;
    *other = (struct vw_arena){NULL, NULL, false};
}

void vw_arena_reset(struct vw_arena *arena)
{
    struct vw_arena_block *block;

    for (block = arena->first; block; block = block->next) {
        block->used = 0;
        poison(block->bytes, block->size);
    }
    arena->current = arena->first;
    arena->failed = false;
}

void vw_arena_free(struct vw_arena *arena)
{
    struct vw_arena_block *block = arena->first;

    while (block) {
        struct vw_arena_block *next = block->next;
        unpoison(block->bytes, block->size);
        vw_free(block);
        block = next;
    }
    arena->first = NULL;
    arena->current = NULL;
    arena->failed = false;
}
