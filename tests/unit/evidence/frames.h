/* Frames and captures built byte by byte, for tests. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t data[8192];
    size_t size;
};

void put(struct bytes *bytes, const void *data, size_t size);
void put_8(struct bytes *bytes, unsigned value);
void put_16(struct bytes *bytes, unsigned value); /* network order */
void put_32(struct bytes *bytes, uint32_t value);
void put_zeros(struct bytes *bytes, size_t count);

/* Headers for `payload`, which follows them. */
struct ipv4_options {
    uint16_t id;
    uint16_t fragment; /* flags and offset */
    uint8_t options;   /* bytes, a multiple of 4 */
};
struct bytes ipv4(uint32_t source, uint32_t destination, uint8_t protocol,
                  struct ipv4_options options, struct bytes payload);
/* 2001:db8::`source` to 2001:db8::`destination`. */
struct bytes ipv6(uint16_t source, uint16_t destination, uint8_t next,
                  struct bytes payload);
struct bytes echo(unsigned type, uint16_t id, uint16_t sequence);
struct bytes tcp(uint16_t source, uint16_t destination, unsigned flags);
struct bytes udp(uint16_t source, uint16_t destination, const char *text);
/* An ICMP message with `quoted` behind its 8 bytes. */
struct bytes icmp(unsigned type, unsigned code, struct bytes quoted);
struct bytes ethernet(unsigned type, struct bytes payload);
struct bytes join(struct bytes first, struct bytes second);
struct bytes no_bytes(void);

/* libpcap's format, microseconds. */
void capture_header(struct bytes *capture, uint32_t link);
void capture_frame(struct bytes *capture, uint32_t seconds, uint32_t microseconds,
                   struct bytes frame);
/* Only `size` bytes of it were recorded. */
void capture_cut(struct bytes *capture, uint32_t seconds, struct bytes frame,
                 size_t size);

#endif
