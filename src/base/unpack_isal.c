/*
 * gzip by ISA-L; see unpack.h. Its library is opened when it is first asked for: a trace
 * of a small export unpacks nothing.
 */
#include "base/unpack.h"

#include <dlfcn.h>
#include <isa-l/igzip_lib.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "base/memory.h"

/* What is called of the library. */
static struct {
    void (*init)(struct inflate_state *state);
    int (*inflate)(struct inflate_state *state);
    int is_whole;
} isal;

static void open_isal(void)
{
    void *library = dlopen("libisal.so.2", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    void *init, *inflate;

    if (!library)
        return;
    init = dlsym(library, "isal_inflate_init");
    inflate = dlsym(library, "isal_inflate");
    memcpy(&isal.init, &init, sizeof init);
    memcpy(&isal.inflate, &inflate, sizeof inflate);
    isal.is_whole = init && inflate;
    dlclose(library);
}

static void *create(void)
{
    return vw_calloc(1, sizeof(struct inflate_state));
}

static enum vw_unpack_result restart(void *state)
{
    struct inflate_state *stream = state;

    isal.init(stream);
    stream->crc_flag = ISAL_GZIP;
    return VW_UNPACK_MORE;
}

/* Its sizes have 32 bits, some of them signed. */
static uint32_t piece(size_t size)
{
    return size < INT_MAX ? (uint32_t)size : INT_MAX;
}

static enum vw_unpack_result run(void *state, struct vw_unpack *bytes)
{
    struct inflate_state *stream = state;
    uint32_t in = piece(bytes->in_size), out = piece(bytes->out_size);
    int status;

    memcpy(&stream->next_in, &bytes->in, sizeof bytes->in); /* it only reads */
    stream->avail_in = in;
    stream->next_out = bytes->out;
    stream->avail_out = out;
    status = isal.inflate(stream);
    bytes->in += in - stream->avail_in;
    bytes->in_size -= in - stream->avail_in;
    bytes->out += out - stream->avail_out;
    bytes->out_size -= out - stream->avail_out;
    if (status < 0 || status == ISAL_NEED_DICT)
        return VW_UNPACK_DAMAGED;
    return stream->block_state == ISAL_BLOCK_FINISH ? VW_UNPACK_END : VW_UNPACK_MORE;
}

static const struct vw_unpacker unpacker = {create, vw_free, restart, run};

const struct vw_unpacker *vw_unpacker_isal(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, open_isal);
    return isal.is_whole ? &unpacker : NULL;
}
