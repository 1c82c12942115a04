/*
 * Values as keys of groups: bytes that are equal when the values print alike. Addresses and
 * numbers, which most keys are, take five bytes or three; they come back as values that
 * print the same.
 */
#ifndef VW_QUERY_KEY_H
#define VW_QUERY_KEY_H

#include <string.h>

#include "base/ipv4_text.h"
#include "query/value.h"

/* Grows as needed; zero-initialised is empty. */
struct vw_key_text {
    char *data;
    size_t size, room;
};

/* So many bytes of `data` can be read once there is a key at all: enough for most, so that
 * they are copied without asking how many. */
#define VW_KEY_SHORT 32

static inline struct vw_slice vw_key_slice(const struct vw_key_text *key)
{
    return (struct vw_slice){key->size ? key->data : "", key->size};
}

/* 0 or VW_ERROR_NO_MEMORY. */
int vw_key_add(struct vw_key_text *key, const struct vw_value *value);
int vw_key_add_any_text(struct vw_key_text *key, struct vw_slice text);
int vw_key_add_null(struct vw_key_text *key);

/* The first byte of an address, the others of which follow as they stand in memory. */
enum { VW_KEY_ADDRESS = 1, VW_KEY_ADDRESS_SIZE = 5 };

static inline int vw_key_add_text(struct vw_key_text *key, struct vw_slice text)
{
    uint32_t address;

    if (key->room - key->size < VW_KEY_ADDRESS_SIZE ||
        !vw_ipv4_parse(text.data, text.size, &address))
        return vw_key_add_any_text(key, text);
    key->data[key->size] = VW_KEY_ADDRESS;
    memcpy(key->data + key->size + 1, &address, sizeof address);
    key->size += VW_KEY_ADDRESS_SIZE;
    return 0;
}

void vw_key_free(struct vw_key_text *key);

/* Takes the next value off the front; texts are the key's own, or the arena's. */
struct vw_value vw_key_take(struct vw_slice *key, struct vw_arena *arena);

#endif
