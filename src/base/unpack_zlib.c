/* gzip by zlib; see unpack.h. */
#include "base/unpack.h"

#define ZLIB_CONST
#include <limits.h>
#include <zlib.h>

#include "base/memory.h"

/* The greatest window, and gzip's header and trailer. */
enum { GZIP_WINDOW = 15 + 16 };

uint32_t vw_crc32(const unsigned char *bytes, size_t size)
{
    return (uint32_t)crc32_z(0, bytes, size);
}

static void *create(void)
{
    z_stream *stream = vw_calloc(1, sizeof *stream);

    if (stream && inflateInit2(stream, GZIP_WINDOW) != Z_OK) {
        vw_free(stream);
        return NULL;
    }
    return stream;
}

static void end(void *state)
{
    if (state)
        inflateEnd(state);
    vw_free(state);
}

static enum vw_unpack_result restart(void *state)
{
    return inflateReset(state) == Z_OK ? VW_UNPACK_MORE : VW_UNPACK_DAMAGED;
}

static unsigned piece(size_t size)
{
    return size < UINT_MAX ? (unsigned)size : UINT_MAX;
}

static enum vw_unpack_result run(void *state, struct vw_unpack *bytes)
{
    z_stream *stream = state;
    unsigned in = piece(bytes->in_size), out = piece(bytes->out_size);
    int status;

    stream->next_in = bytes->in;
    stream->avail_in = in;
    stream->next_out = bytes->out;
    stream->avail_out = out;
    status = inflate(stream, Z_NO_FLUSH);
    bytes->in += in - stream->avail_in;
    bytes->in_size -= in - stream->avail_in;
    bytes->out += out - stream->avail_out;
    bytes->out_size -= out - stream->avail_out;
    switch (status) {
    case Z_OK:
    case Z_BUF_ERROR:
        return VW_UNPACK_MORE;
    case Z_STREAM_END:
        return VW_UNPACK_END;
    case Z_MEM_ERROR:
        return VW_UNPACK_NO_MEMORY;
    default:
        return VW_UNPACK_DAMAGED;
    }
}

const struct vw_unpacker vw_unpacker_zlib = {create, end, restart, run};
