/*
 * Texts and IPv6 addresses of flows, each kept once and named by a number: a row of the
 * flow table holds 32 bits for either. Threads share one set of them, and each has a small
 * memory of its own of what it named last.
 */
#ifndef VW_EVIDENCE_FLOW_NAMES_H
#define VW_EVIDENCE_FLOW_NAMES_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "base/slice.h"

/* Longest text with the closing NUL. */
#define VW_FLOW_TEXT_MAX 64

struct vw_flow_wide {
    uint64_t high, low;
};

struct vw_flow_names {
    pthread_mutex_t lock;
    struct vw_arena arena;
    struct vw_map text_numbers;
    struct vw_flow_texts VW_ARRAY(const char *) texts; /* number less one */
    struct vw_flow_wides VW_ARRAY(struct vw_flow_wide) wides;
    uint32_t *wide_slots; /* open addressing over number of the address plus one */
    size_t wide_capacity; /* a power of two, or 0 */
};

enum { VW_FLOW_RECENT_TEXTS = 16384, VW_FLOW_RECENT_WIDES = 512 };

/* What one thread named last, each where its hash puts it. Zeroed is empty. */
struct vw_flow_recent {
    struct vw_flow_recent_text {
        const char *text; /* the names' own */
        uint32_t number;  /* 0: nothing here */
        uint32_t size;
    } texts[VW_FLOW_RECENT_TEXTS];
    struct vw_flow_recent_wide {
        struct vw_flow_wide wide;
        uint32_t number;
        bool filled;
    } wides[VW_FLOW_RECENT_WIDES];
};

void vw_flow_names_init(struct vw_flow_names *names);
void vw_flow_names_free(struct vw_flow_names *names);

/* The number of `text`, made at first use; 0 for a text of size 0. 0, VW_ERROR_NO_MEMORY,
 * or VW_ERROR_LIMIT for a text of VW_FLOW_TEXT_MAX bytes or more. */
int vw_flow_names_text(struct vw_flow_names *names, struct vw_flow_recent *recent,
                       struct vw_slice text, uint32_t *ret_number);

/* The number of an IPv6 address, from 0. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_flow_names_wide(struct vw_flow_names *names, struct vw_flow_recent *recent,
                       struct vw_flow_wide wide, uint32_t *ret_number);

/* Of two numbers of texts, the one whose text is first in byte order; 0 is none. */
uint32_t vw_flow_names_first(struct vw_flow_names *names, uint32_t a, uint32_t b);

/* What a number stands for; not while other threads name. Text 0 is NULL. */
const char *vw_flow_names_text_of(const struct vw_flow_names *names, uint32_t number);
struct vw_flow_wide vw_flow_names_wide_of(const struct vw_flow_names *names,
                                          uint32_t number);

/* Every bit of `word` reaches every bit of the result. */
static inline uint64_t vw_flow_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 32);
}

#endif
