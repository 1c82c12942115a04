/* Blocks, one after the other; see pcapng.h. */
#include "packets/pcapng.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"

#include <vpcwhy/error.h>

enum {
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_INTERFACE = 1,
    BLOCK_OLD_PACKET = 2,
    BLOCK_SIMPLE = 3,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BYTE_ORDER = 0x1a2b3c4d,
    BLOCK_HEADER = 8,
    BLOCK_LEAST = 12,
    PACKET_HEADER = 20,
    OPTION_END = 0,
    IF_NAME = 2,
    IF_RESOLUTION = 9,
    IF_FILTER = 11,
    IF_OFFSET = 14,
    EPB_FLAGS = 2,
    EPB_DROPPED = 4,
    ISB_START = 2,
    ISB_END = 3,
    ISB_INTERFACE_DROPPED = 5,
    ISB_SYSTEM_DROPPED = 7,
    MICROSECONDS = 6,
    TEXT_MAX = 1024
};

/* The bytes of a block's body, or of what is left of it. */
struct body {
    const uint8_t *bytes;
    size_t size;
};

struct option {
    unsigned code;
    struct body value;
};

void vw_pcapng_free(struct vw_pcapng *pcapng)
{
    vw_array_free(&pcapng->interfaces);
    vw_array_free(&pcapng->clocks);
}

static int damaged(struct vw_pcapng *pcapng, const char *why)
{
    snprintf(pcapng->said, sizeof pcapng->said, "%s", why);
    return VW_ERROR_INPUT;
}

static uint16_t get_16(const struct vw_pcapng *pcapng, const uint8_t *bytes)
{
    return (uint16_t)(pcapng->is_big ? bytes[0] << 8 | bytes[1]
                                     : bytes[1] << 8 | bytes[0]);
}

static uint32_t get_32(const struct vw_pcapng *pcapng, const uint8_t *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof value);
    return pcapng->is_big == (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
               ? value
               : __builtin_bswap32(value);
}

/* Times and counts of statistics: high half first, whatever the byte order. */
static uint64_t get_halves(const struct vw_pcapng *pcapng, const uint8_t *bytes)
{
    return (uint64_t)get_32(pcapng, bytes) << 32 | get_32(pcapng, bytes + 4);
}

static uint64_t get_64(const struct vw_pcapng *pcapng, const uint8_t *bytes)
{
    uint64_t first = get_32(pcapng, bytes), second = get_32(pcapng, bytes + 4);

    return pcapng->is_big ? first << 32 | second : second << 32 | first;
}

/* The next option of `options`, which is moved behind it. */
static bool next_option(const struct vw_pcapng *pcapng, struct body *options,
                        struct option *ret)
{
    size_t size, padded;

    if (options->size < 4)
        return false;
    ret->code = get_16(pcapng, options->bytes);
    size = get_16(pcapng, options->bytes + 2);
    padded = (size + 3) & ~(size_t)3;
    if (ret->code == OPTION_END || size > options->size - 4)
        return false;
    ret->value = (struct body){options->bytes + 4, size};
    if (padded > options->size - 4)
        padded = options->size - 4;
    options->bytes += 4 + padded;
    options->size -= 4 + padded;
    return true;
}

/* Ticks to nanoseconds since 1970, or UNKNOWN where they do not fit. */
static int64_t time_of(const struct vw_pcapng_clock *clock, uint64_t ticks)
{
    const uint64_t least = UINT64_C(10000000000);
    unsigned exponent = clock->resolution & 127, base = clock->resolution & 128 ? 2 : 10;
    uint64_t per_second = 1, rest;
    int64_t seconds;

    if (clock->resolution == MICROSECONDS && clock->offset == 0 &&
        ticks < UINT64_C(1) << 53)
        return (int64_t)ticks * 1000;
    if (exponent > (base == 2 ? 63U : 19U))
        return VW_TIME_UNKNOWN;
    for (; exponent > 0; exponent--)
        per_second *= base;
    if (ticks / per_second > INT32_MAX * UINT64_C(4) || clock->offset < -INT32_MAX ||
        clock->offset > INT32_MAX)
        return VW_TIME_UNKNOWN;
    seconds = (int64_t)(ticks / per_second) + clock->offset;
    /* Below a nanosecond nothing is kept: so the product fits. */
    for (rest = ticks % per_second; per_second > least; per_second /= base)
        rest /= base;
    if (seconds < 0 || seconds > INT64_MAX / VW_SECOND - 1)
        return VW_TIME_UNKNOWN;
    return seconds * VW_SECOND + (int64_t)(rest * VW_SECOND / per_second);
}

static const char *copy_text(struct vw_pcapng *pcapng, struct body value)
{
    return vw_arena_copy(pcapng->arena, (const char *)value.bytes,
                         value.size < TEXT_MAX ? value.size : TEXT_MAX);
}

static int read_interface(struct vw_pcapng *pcapng, struct body body)
{
    struct vw_capture_interface interface = {.window_start = VW_TIME_UNKNOWN,
                                             .window_end = VW_TIME_UNKNOWN};
    struct vw_pcapng_clock clock = {.resolution = MICROSECONDS};
    struct body options = {body.bytes + 8, 0};
    struct option option;

    if (body.size < 8)
        return damaged(pcapng, "an interface description is too short");
    if (pcapng->interfaces.count >= VW_PCAPNG_INTERFACES_MAX)
        return damaged(pcapng, "more than 4096 interfaces");
    options.size = body.size - 8;
    interface.link_type = get_16(pcapng, body.bytes);
    interface.snap_length = get_32(pcapng, body.bytes + 4);
    while (next_option(pcapng, &options, &option)) {
        if (option.code == IF_NAME)
            interface.name = copy_text(pcapng, option.value);
        else if (option.code == IF_FILTER && option.value.size > 1 &&
                 option.value.bytes[0] == 0)
            interface.filter = copy_text(
                pcapng, (struct body){option.value.bytes + 1, option.value.size - 1});
        else if (option.code == IF_RESOLUTION && option.value.size == 1)
            clock.resolution = option.value.bytes[0];
        else if (option.code == IF_OFFSET && option.value.size == 8)
            clock.offset = (int64_t)get_64(pcapng, option.value.bytes);
    }
    if (vw_array_push(&pcapng->interfaces, interface) ||
        vw_array_push(&pcapng->clocks, clock))
        return VW_ERROR_NO_MEMORY;
    return 2;
}

/* Index of the section's interface `number`. */
static int find_interface(struct vw_pcapng *pcapng, uint32_t number, size_t *ret_index)
{
    if (number >= pcapng->interfaces.count - pcapng->section) {
        snprintf(pcapng->said, sizeof pcapng->said,
                 "a packet of interface %u, which is not described", number);
        return VW_ERROR_INPUT;
    }
    *ret_index = pcapng->section + number;
    return 0;
}

static void read_packet_options(struct vw_pcapng *pcapng, struct body options,
                                struct vw_capture_interface *interface,
                                struct vw_frame *frame)
{
    struct option option;

    while (next_option(pcapng, &options, &option)) {
        if (option.code == EPB_FLAGS && option.value.size == 4) {
            uint32_t direction = get_32(pcapng, option.value.bytes) & 3;

            frame->direction = direction == 1   ? VW_FLOW_DIRECTION_INGRESS
                               : direction == 2 ? VW_FLOW_DIRECTION_EGRESS
                                                : VW_FLOW_DIRECTION_UNKNOWN;
        } else if (option.code == EPB_DROPPED && option.value.size == 8) {
            interface->dropped += get_64(pcapng, option.value.bytes);
            interface->has_statistics = true;
        }
    }
}

static int read_packet(struct vw_pcapng *pcapng, struct body body, bool is_old,
                       struct vw_frame *frame)
{
    struct vw_capture_interface *interface;
    uint64_t ticks;
    size_t size, padded, index;
    int error;

    if (body.size < PACKET_HEADER)
        return damaged(pcapng, "a packet block is too short");
    error = find_interface(
        pcapng, is_old ? get_16(pcapng, body.bytes) : get_32(pcapng, body.bytes), &index);
    if (error)
        return error;
    interface = &pcapng->interfaces.items[index];
    size = get_32(pcapng, body.bytes + 12);
    padded = (size + 3) & ~(size_t)3;
    if (size > body.size - PACKET_HEADER)
        return damaged(pcapng, "a packet is longer than its block");
    ticks = get_halves(pcapng, body.bytes + 4);
    frame->interface = (uint32_t)index;
    frame->direction = VW_FLOW_DIRECTION_UNKNOWN;
    frame->time = ticks ? time_of(&pcapng->clocks.items[index], ticks) : VW_TIME_UNKNOWN;
    frame->bytes = body.bytes + PACKET_HEADER;
    frame->size = size;
    frame->wire_size = get_32(pcapng, body.bytes + 16);
    if (!is_old && padded <= body.size - PACKET_HEADER)
        read_packet_options(pcapng,
                            (struct body){body.bytes + PACKET_HEADER + padded,
                                          body.size - PACKET_HEADER - padded},
                            interface, frame);
    interface->packets++;
    return 1;
}

/* No time, no interface (the first), no recorded size. */
static int read_simple(struct vw_pcapng *pcapng, struct body body, struct vw_frame *frame)
{
    struct vw_capture_interface *interface;
    size_t size, index;
    int error;

    if (body.size < 4)
        return damaged(pcapng, "a simple packet block is too short");
    error = find_interface(pcapng, 0, &index);
    if (error)
        return error;
    interface = &pcapng->interfaces.items[index];
    size = get_32(pcapng, body.bytes);
    frame->wire_size = size;
    if (interface->snap_length && size > interface->snap_length)
        size = interface->snap_length;
    if (size > body.size - 4)
        return damaged(pcapng, "a packet is longer than its block");
    frame->interface = (uint32_t)index;
    frame->direction = VW_FLOW_DIRECTION_UNKNOWN;
    frame->time = VW_TIME_UNKNOWN;
    frame->bytes = body.bytes + 4;
    frame->size = size;
    interface->packets++;
    return 1;
}

static int read_statistics(struct vw_pcapng *pcapng, struct body body)
{
    struct vw_capture_interface *interface;
    struct vw_pcapng_clock *clock;
    struct body options = {body.bytes + 12, 0};
    struct option option;
    uint64_t dropped = 0;
    size_t index;

    /* Of an interface that is not described: nothing is lost with it. */
    if (body.size < 12 || find_interface(pcapng, get_32(pcapng, body.bytes), &index))
        return 0;
    interface = &pcapng->interfaces.items[index];
    clock = &pcapng->clocks.items[index];
    options.size = body.size - 12;
    while (next_option(pcapng, &options, &option)) {
        if (option.value.size != 8)
            continue;
        if (option.code == ISB_START)
            interface->window_start =
                time_of(clock, get_halves(pcapng, option.value.bytes));
        else if (option.code == ISB_END)
            interface->window_end =
                time_of(clock, get_halves(pcapng, option.value.bytes));
        else if (option.code == ISB_INTERFACE_DROPPED ||
                 option.code == ISB_SYSTEM_DROPPED) {
            dropped += get_64(pcapng, option.value.bytes);
            interface->has_statistics = true;
        }
    }
    /* A later block counts from the start again; packets may have told some of it. */
    if (dropped > interface->dropped)
        interface->dropped = dropped;
    return 0;
}

/* Settles the byte order of the section whose header block begins at `bytes`. */
static int read_order(struct vw_pcapng *pcapng, const uint8_t *bytes)
{
    uint32_t magic = (uint32_t)bytes[8] << 24 | (uint32_t)bytes[9] << 16 |
                     (uint32_t)bytes[10] << 8 | bytes[11];

    if (magic != BYTE_ORDER && magic != __builtin_bswap32(BYTE_ORDER))
        return damaged(pcapng, "a section header without a byte order");
    pcapng->is_big = magic == BYTE_ORDER;
    if (pcapng->section == 0 && pcapng->interfaces.count == 0)
        pcapng->is_swapped = pcapng->is_big != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
    pcapng->section = pcapng->interfaces.count;
    return 0;
}

static int read_body(struct vw_pcapng *pcapng, uint32_t type, struct body body,
                     struct vw_frame *frame)
{
    switch (type) {
    case BLOCK_INTERFACE:
        return read_interface(pcapng, body);
    case BLOCK_OLD_PACKET:
    case BLOCK_PACKET:
        return read_packet(pcapng, body, type == BLOCK_OLD_PACKET, frame);
    case BLOCK_SIMPLE:
        return read_simple(pcapng, body, frame);
    case BLOCK_STATISTICS:
        return read_statistics(pcapng, body);
    }
    return 0;
}

static int refuse_size(struct vw_pcapng *pcapng, uint32_t size)
{
    snprintf(pcapng->said, sizeof pcapng->said,
             size < BLOCK_LEAST ? "a block of %u bytes"
                                : "a block of %u bytes: 16 MiB is the most",
             size);
    return VW_ERROR_INPUT;
}

/* The whole of the next block, in the source's window: its size, 0 at the end, or an
 * error. */
static int64_t next_block(struct vw_pcapng *pcapng, const uint8_t **ret_bytes)
{
    int64_t got = vw_source_peek(pcapng->source, BLOCK_LEAST, ret_bytes);
    uint32_t size;
    int error = 0;

    if (got <= 0)
        return got;
    if (got < BLOCK_LEAST)
        return damaged(pcapng, "the file ends within a block");
    if (memcmp(*ret_bytes, "\n\r\r\n", 4) == 0)
        error = read_order(pcapng, *ret_bytes);
    if (error)
        return error;
    size = get_32(pcapng, *ret_bytes + 4);
    if (size < BLOCK_LEAST || size > VW_SOURCE_MAX)
        return refuse_size(pcapng, size);
    size = (size + 3) & ~UINT32_C(3);
    got = vw_source_peek(pcapng->source, size, ret_bytes);
    if (got >= 0 && got < (int64_t)size)
        return damaged(pcapng, "the file ends within a block");
    return got;
}

int vw_pcapng_next(struct vw_pcapng *pcapng, struct vw_frame *ret_frame)
{
    for (;;) {
        const uint8_t *bytes;
        int64_t size = next_block(pcapng, &bytes);
        struct body body;
        int status;

        if (size <= 0)
            return (int)size;
        body = (struct body){bytes + BLOCK_HEADER, (size_t)size - BLOCK_LEAST};
        if (get_32(pcapng, bytes + 4) != get_32(pcapng, bytes + size - 4))
            return damaged(pcapng, "a block tells two different sizes");
        status = read_body(pcapng, get_32(pcapng, bytes), body, ret_frame);
        /* The window is not moved before the next call: the frame stays. */
        vw_source_skip(pcapng->source, (size_t)size);
        if (status)
            return status;
    }
}
