/* zstd frames; see unpack.h. A frame may ask for 128 MB of window, zstd's own limit. */
#include "base/unpack.h"

#include <zstd.h>
#include <zstd_errors.h>

static void *create(void)
{
    return ZSTD_createDCtx();
}

static void end(void *state)
{
    ZSTD_freeDCtx(state);
}

static enum vw_unpack_result restart(void *state)
{
    return ZSTD_isError(ZSTD_DCtx_reset(state, ZSTD_reset_session_only))
               ? VW_UNPACK_DAMAGED
               : VW_UNPACK_MORE;
}

static enum vw_unpack_result run(void *state, struct vw_unpack *bytes)
{
    ZSTD_inBuffer in = {bytes->in, bytes->in_size, 0};
    ZSTD_outBuffer out = {bytes->out, bytes->out_size, 0};
    size_t status = ZSTD_decompressStream(state, &out, &in);

    bytes->in += in.pos;
    bytes->in_size -= in.pos;
    bytes->out += out.pos;
    bytes->out_size -= out.pos;
    if (!ZSTD_isError(status))
        return status == 0 ? VW_UNPACK_END : VW_UNPACK_MORE;
    if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge)
        return VW_UNPACK_WINDOW;
    if (ZSTD_getErrorCode(status) == ZSTD_error_memory_allocation)
        return VW_UNPACK_NO_MEMORY;
    return VW_UNPACK_DAMAGED;
}

const struct vw_unpacker vw_unpacker_zstd = {create, end, restart, run};
