/* Snappy; see snappy.h. Literals and copies of what was written before, no more. */
#include "logs/snappy.h"

#include <stdint.h>
#include <string.h>

/* Copies of this many bytes at a time may write past their end, where there is room. */
enum { STEP = 16 };

struct state {
    const unsigned char *in;
    const unsigned char *in_end;
    unsigned char *start; /* of the output */
    unsigned char *out;
    unsigned char *out_end;
};

static bool read_size(struct state *state, size_t *ret_size)
{
    uint64_t size = 0;
    unsigned shift;

    for (shift = 0; shift < 35 && state->in < state->in_end; shift += 7) {
        unsigned char byte = *state->in++;
        size |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *ret_size = (size_t)size;
            return true;
        }
    }
    return false;
}

/* A little-endian number of `size` bytes; there must be so many. */
static uint32_t number(struct state *state, size_t size)
{
    uint32_t value = 0;
    size_t i;

    for (i = 0; i < size; i++)
        value |= (uint32_t)state->in[i] << (8 * i);
    state->in += size;
    return value;
}

static bool literal(struct state *state, unsigned tag)
{
    size_t left = (size_t)(state->in_end - state->in);
    size_t room = (size_t)(state->out_end - state->out);
    size_t size = tag >> 2;

    if (size < STEP && left >= STEP && room >= STEP) {
        memcpy(state->out, state->in, STEP);
        state->in += size + 1;
        state->out += size + 1;
        return true;
    }
    if (size >= 60) {
        size_t bytes = size - 59;
        if (left < bytes)
            return false;
        size = number(state, bytes);
        left -= bytes;
    }
    if (size >= left || size >= room)
        return false;
    memcpy(state->out, state->in, size + 1);
    state->in += size + 1;
    state->out += size + 1;
    return true;
}

/* What is copied may overlap what is written: then it repeats. */
static bool copy(struct state *state, size_t offset, size_t size)
{
    size_t room = (size_t)(state->out_end - state->out);
    const unsigned char *from;
    size_t i;

    if (offset == 0 || offset > (size_t)(state->out - state->start) || size > room)
        return false;
    from = state->out - offset;
    if (offset >= STEP && room >= size + STEP) {
        for (i = 0; i < size; i += STEP)
            memcpy(state->out + i, from + i, STEP);
    } else {
        for (i = 0; i < size; i++)
            state->out[i] = from[i];
    }
    state->out += size;
    return true;
}

static bool element(struct state *state)
{
    static const unsigned char sizes[] = {0, 1, 2, 4}; /* of the offset */
    unsigned tag = *state->in++;
    unsigned kind = tag & 3;
    size_t offset;

    if (kind == 0)
        return literal(state, tag);
    if ((size_t)(state->in_end - state->in) < sizes[kind])
        return false;
    offset = number(state, sizes[kind]);
    if (kind == 1)
        return copy(state, (size_t)(tag >> 5) << 8 | offset, (tag >> 2 & 7) + 4);
    return copy(state, offset, (tag >> 2) + 1);
}

bool vw_snappy(const unsigned char *in, size_t in_size, unsigned char *out,
               size_t out_size)
{
    struct state state = {.in = in, .in_end = in + in_size};
    size_t size;

    state.start = state.out = out;
    state.out_end = out + out_size;
    if (!read_size(&state, &size) || size != out_size)
        return false;
    while (state.in < state.in_end)
        if (!element(&state))
            return false;
    return state.out == state.out_end;
}
