/* Frames and captures built byte by byte; see frames.h. */
#include "evidence/frames.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

void put(struct bytes *bytes, const void *data, size_t size)
{
    assert_true(size <= sizeof bytes->data - bytes->size);
    if (size > 0)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void put_8(struct bytes *bytes, unsigned value)
{
    uint8_t byte = (uint8_t)value;

    put(bytes, &byte, 1);
}

void put_16(struct bytes *bytes, unsigned value)
{
    put_8(bytes, value >> 8);
    put_8(bytes, value & 255);
}

void put_32(struct bytes *bytes, uint32_t value)
{
    put_16(bytes, value >> 16);
    put_16(bytes, value & 0xffff);
}

void put_zeros(struct bytes *bytes, size_t count)
{
    while (count-- > 0)
        put_8(bytes, 0);
}

struct bytes no_bytes(void)
{
    return (struct bytes){.size = 0};
}

struct bytes join(struct bytes first, struct bytes second)
{
    put(&first, second.data, second.size);
    return first;
}

struct bytes ipv4(uint32_t source, uint32_t destination, uint8_t protocol,
                  struct ipv4_options options, struct bytes payload)
{
    struct bytes made = no_bytes();

    put_8(&made, 0x45U + options.options / 4U);
    put_8(&made, 0);
    put_16(&made, (unsigned)(20 + options.options + payload.size));
    put_16(&made, options.id);
    put_16(&made, options.fragment);
    put_8(&made, 64);
    put_8(&made, protocol);
    put_16(&made, 0);
    put_32(&made, source);
    put_32(&made, destination);
    put_zeros(&made, options.options);
    return join(made, payload);
}

static void put_ipv6_address(struct bytes *bytes, uint16_t last)
{
    put_32(bytes, 0x20010db8);
    put_zeros(bytes, 10);
    put_16(bytes, last);
}

struct bytes ipv6(uint16_t source, uint16_t destination, uint8_t next,
                  struct bytes payload)
{
    struct bytes made = no_bytes();

    put_32(&made, 0x60000000);
    put_16(&made, (unsigned)payload.size);
    put_8(&made, next);
    put_8(&made, 64);
    put_ipv6_address(&made, source);
    put_ipv6_address(&made, destination);
    return join(made, payload);
}

struct bytes echo(unsigned type, uint16_t id, uint16_t sequence)
{
    struct bytes made = no_bytes();

    put_8(&made, type);
    put_8(&made, 0);
    put_16(&made, 0);
    put_16(&made, id);
    put_16(&made, sequence);
    return made;
}

struct bytes tcp(uint16_t source, uint16_t destination, unsigned flags)
{
    struct bytes made = no_bytes();

    put_16(&made, source);
    put_16(&made, destination);
    put_zeros(&made, 8);
    put_8(&made, 0x50);
    put_8(&made, flags);
    put_zeros(&made, 6);
    return made;
}

struct bytes udp(uint16_t source, uint16_t destination, const char *text)
{
    struct bytes made = no_bytes();

    put_16(&made, source);
    put_16(&made, destination);
    put_16(&made, (unsigned)(8 + strlen(text)));
    put_16(&made, 0);
    put(&made, text, strlen(text));
    return made;
}

struct bytes icmp(unsigned type, unsigned code, struct bytes quoted)
{
    struct bytes made = no_bytes();

    put_8(&made, type);
    put_8(&made, code);
    put_zeros(&made, 6);
    return join(made, quoted);
}

struct bytes ethernet(unsigned type, struct bytes payload)
{
    struct bytes made = no_bytes();

    put_zeros(&made, 12);
    put_16(&made, type);
    return join(made, payload);
}

void capture_header(struct bytes *capture, uint32_t link)
{
    put_32(capture, 0xa1b2c3d4);
    put_16(capture, 2);
    put_16(capture, 4);
    put_zeros(capture, 8);
    put_32(capture, 262144);
    put_32(capture, link);
}

static void put_record(struct bytes *capture, uint32_t seconds, uint32_t microseconds,
                       const struct bytes *frame, size_t size)
{
    put_32(capture, seconds);
    put_32(capture, microseconds);
    put_32(capture, (uint32_t)size);
    put_32(capture, (uint32_t)frame->size);
    put(capture, frame->data, size);
}

void capture_frame(struct bytes *capture, uint32_t seconds, uint32_t microseconds,
                   struct bytes frame)
{
    put_record(capture, seconds, microseconds, &frame, frame.size);
}

void capture_cut(struct bytes *capture, uint32_t seconds, struct bytes frame, size_t size)
{
    put_record(capture, seconds, 0, &frame, size);
}
