/* Records of libpcap's own format, without a copy; see savefile.h. */
#include "packets/savefile.h"

#include <string.h>

#include "base/time.h"

enum {
    FILE_HEADER = 24,
    RECORD_HEADER = 16,
    VERSION_MAJOR = 2,
    VERSION_MINOR = 4,
    SNAP_MAX = 262144 /* of link types whose packets are small enough */
};

/* In this machine's byte order. */
#define MAGIC_MICROSECONDS UINT32_C(0xa1b2c3d4)
#define MAGIC_NANOSECONDS UINT32_C(0xa1b23c4d)

static uint32_t u32(const uint8_t *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof value);
    return value;
}

static uint16_t u16(const uint8_t *bytes)
{
    uint16_t value;

    memcpy(&value, bytes, sizeof value);
    return value;
}

struct vw_savefile vw_savefile_look(struct vw_source *source)
{
    struct vw_savefile savefile = {0};
    const uint8_t *bytes;
    uint32_t magic;

    if (vw_source_peek(source, FILE_HEADER, &bytes) != FILE_HEADER)
        return savefile;
    magic = u32(bytes);
    if ((magic != MAGIC_MICROSECONDS && magic != MAGIC_NANOSECONDS) ||
        u16(bytes + 4) != VERSION_MAJOR || u16(bytes + 6) != VERSION_MINOR)
        return savefile;
    savefile.source = source;
    savefile.tick = magic == MAGIC_MICROSECONDS ? 1000 : 1;
    savefile.size_most = SNAP_MAX;
    return savefile;
}

void vw_savefile_limit(struct vw_savefile *savefile, int snap_length)
{
    if (snap_length < SNAP_MAX)
        savefile->size_most = snap_length > 0 ? (uint32_t)snap_length : 0;
}

/* Seconds are unsigned here, so that they last until 2106. A time of 0 is what records
 * without one have. */
static int64_t time_of(uint32_t seconds, uint32_t ticks, uint32_t tick)
{
    int64_t nanoseconds = (int64_t)ticks * tick;

    if (seconds == 0 && ticks == 0)
        return VW_TIME_UNKNOWN;
    if (nanoseconds >= VW_SECOND)
        nanoseconds = VW_SECOND - 1;
    return seconds * VW_SECOND + nanoseconds;
}

bool vw_savefile_next(const struct vw_savefile *savefile, struct vw_frame *ret_frame)
{
    const uint8_t *bytes;
    uint32_t size;

    if (!savefile->source ||
        vw_source_peek(savefile->source, RECORD_HEADER, &bytes) != RECORD_HEADER)
        return false;
    size = u32(bytes + 8);
    if (size > savefile->size_most ||
        vw_source_peek(savefile->source, RECORD_HEADER + size, &bytes) !=
            RECORD_HEADER + (int64_t)size)
        return false;
    ret_frame->time = time_of(u32(bytes), u32(bytes + 4), savefile->tick);
    ret_frame->bytes = bytes + RECORD_HEADER;
    ret_frame->size = size;
    ret_frame->wire_size = u32(bytes + 12);
    vw_source_skip(savefile->source, RECORD_HEADER + size);
    return true;
}
