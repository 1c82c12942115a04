/* Bytes of a packet, read in network order and never past their end: a read that does not
 * fit gives 0 and makes the cursor fail for good. */
#ifndef VW_PACKETS_CURSOR_H
#define VW_PACKETS_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vw_cursor {
    const uint8_t *at;
    size_t left;
    bool failed;
};

static inline bool vw_cursor_skip(struct vw_cursor *cursor, size_t size)
{
    if (cursor->failed || size > cursor->left) {
        cursor->failed = true;
        return false;
    }
    cursor->at += size;
    cursor->left -= size;
    return true;
}

/* `size` bytes at once, or NULL: cheaper than one by one. */
static inline const uint8_t *vw_cursor_take(struct vw_cursor *cursor, size_t size)
{
    const uint8_t *at = cursor->at;

    return vw_cursor_skip(cursor, size) ? at : NULL;
}

static inline uint16_t vw_bytes_u16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t vw_bytes_u32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static inline uint64_t vw_bytes_u64(const uint8_t *at)
{
    return (uint64_t)vw_bytes_u32(at) << 32 | vw_bytes_u32(at + 4);
}

static inline uint8_t vw_cursor_u8(struct vw_cursor *cursor)
{
    const uint8_t *at = cursor->at;

    return vw_cursor_skip(cursor, 1) ? at[0] : 0;
}

static inline uint16_t vw_cursor_u16(struct vw_cursor *cursor)
{
    const uint8_t *at = cursor->at;

    return vw_cursor_skip(cursor, 2) ? vw_bytes_u16(at) : 0;
}

static inline uint32_t vw_cursor_u32(struct vw_cursor *cursor)
{
    uint32_t high = vw_cursor_u16(cursor);

    return high << 16 | vw_cursor_u16(cursor);
}

static inline uint64_t vw_cursor_u64(struct vw_cursor *cursor)
{
    uint64_t high = vw_cursor_u32(cursor);

    return high << 32 | vw_cursor_u32(cursor);
}

#endif
