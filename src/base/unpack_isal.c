/*
 * gzip by ISA-L; see unpack.h. Its library is opened when it is first asked for (a trace
 * of a small export unpacks nothing) and then stays: it is the loader that knows whether
 * it is open, and opening it again costs next to nothing.
 */
#include "base/unpack.h"

#include <dlfcn.h>
#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <string.h>

#include "base/memory.h"

/* What is called of the library, and its state. */
struct state {
    void (*init)(struct inflate_state *state);
    int (*inflate)(struct inflate_state *state);
    struct inflate_state stream;
};

/* With RTLD_NOLOAD: only where it is open already. */
static bool find_calls(struct state *state, int flags)
{
    void *library = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE | flags);
    void *init, *inflate;

    if (!library)
        return false;
    init = dlsym(library, "isal_inflate_init");
    inflate = dlsym(library, "isal_inflate");
    memcpy(&state->init, &init, sizeof init);
    memcpy(&state->inflate, &inflate, sizeof inflate);
    dlclose(library);
    return init && inflate;
}

static void *create(void)
{
    struct state *state = vw_calloc(1, sizeof *state);

    if (state && !find_calls(state, 0)) {
        vw_free(state);
        return NULL;
    }
    return state;
}

static enum vw_unpack_result restart(void *opaque)
{
    struct state *state = opaque;

    state->init(&state->stream);
    state->stream.crc_flag = ISAL_GZIP;
    return VW_UNPACK_MORE;
}

/* Its sizes have 32 bits, some of them signed. */
static uint32_t piece(size_t size)
{
    return size < INT_MAX ? (uint32_t)size : INT_MAX;
}

static enum vw_unpack_result run(void *opaque, struct vw_unpack *bytes)
{
    struct state *state = opaque;
    struct inflate_state *stream = &state->stream;
    uint32_t in = piece(bytes->in_size), out = piece(bytes->out_size);
    int status;

    memcpy(&stream->next_in, &bytes->in, sizeof bytes->in); /* it only reads */
    stream->avail_in = in;
    stream->next_out = bytes->out;
    stream->avail_out = out;
    status = state->inflate(stream);
    bytes->in += in - stream->avail_in;
    bytes->in_size -= in - stream->avail_in;
    bytes->out += out - stream->avail_out;
    bytes->out_size -= out - stream->avail_out;
    if (status < 0 || status == ISAL_NEED_DICT)
        return VW_UNPACK_DAMAGED;
    return stream->block_state == ISAL_BLOCK_FINISH ? VW_UNPACK_END : VW_UNPACK_MORE;
}

static const struct vw_unpacker unpacker = {create, vw_free, restart, run};

const struct vw_unpacker *vw_unpacker_isal(bool open)
{
    struct state state;

    return find_calls(&state, open ? 0 : RTLD_NOLOAD) ? &unpacker : NULL;
}
