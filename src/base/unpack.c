/* Which engine unpacks; see unpack.h. */
#include "base/unpack.h"

/* Opening ISA-L takes a millisecond, in which zlib unpacks this many bytes. */
enum { WORTH_OPENING = 64 * 1024 };

const struct vw_unpacker *vw_unpacker_gzip(uint64_t expected)
{
    const struct vw_unpacker *isal = vw_unpacker_isal(expected >= WORTH_OPENING);

    return isal ? isal : &vw_unpacker_zlib;
}

enum vw_unpack_result vw_unpack_whole(const struct vw_unpacker *unpacker, void *state,
                                      struct vw_unpack bytes)
{
    enum vw_unpack_result result = unpacker->restart(state);

    while (result == VW_UNPACK_MORE) {
        size_t in_before = bytes.in_size, out_before = bytes.out_size;
        result = unpacker->run(state, &bytes);
        if (result == VW_UNPACK_MORE && bytes.in_size == in_before &&
            bytes.out_size == out_before)
            return VW_UNPACK_DAMAGED;
        if (result == VW_UNPACK_END && bytes.in_size > 0)
            result = unpacker->restart(state);
    }
    if (result == VW_UNPACK_END && bytes.out_size > 0)
        return VW_UNPACK_DAMAGED;
    return result;
}
