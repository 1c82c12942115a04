/* The pieces of vw_packet_read, one file each; packet.h is for everybody else. */
#ifndef VW_PACKETS_DECODE_H
#define VW_PACKETS_DECODE_H

#include <string.h>

#include "packets/packet.h"

/* Bytes still to be read, and how many of them were sent. */
struct vw_layer {
    struct vw_cursor cursor;
    size_t sent;
};

/* Takes the link's header off. VW_PACKET_IP with the version that it announces (0: the IP
 * header tells), or why there is no IP packet. Sets direction and interface. */
enum vw_packet_kind vw_decode_link(enum vw_link link, struct vw_cursor *cursor,
                                   unsigned *ret_version, struct vw_packet *packet);

/* The same of what follows an Ethernet type. */
enum vw_packet_kind vw_decode_type(struct vw_cursor *cursor, uint16_t type,
                                   unsigned *ret_version);

/* An IP packet and what it carries; sets packet->kind. */
void vw_decode_ip(const struct vw_layer *layer, unsigned version,
                  struct vw_packet *packet);

/* What stands behind the IP headers. False where ports or type were not recorded; where it
 * is a tunnel, the packet becomes the one within, of whatever kind. */
bool vw_decode_transport(const struct vw_layer *layer, struct vw_packet *packet);
bool vw_decode_icmp(struct vw_cursor cursor, struct vw_packet *packet);

/* Looks into what `packet` carries. True where that is a frame of its own: *ret_inner is
 * it. False where it is no tunnel, or what it carries contradicts itself. */
bool vw_decode_tunnel(const struct vw_layer *outer_layer, const struct vw_packet *packet,
                      struct vw_packet *ret_inner);

/* Steps over IPv6 extension headers, beginning with that of packet->protocol, up to the
 * transport's, or to that of a fragment that is not the first. False where they do not
 * end. */
bool vw_decode_extensions(struct vw_cursor *cursor, struct vw_packet *packet);

static inline struct vw_address vw_decode_ipv6_address(const uint8_t at[16])
{
    return (struct vw_address){
        .family = VW_FAMILY_IPV6, .high = vw_bytes_u64(at), .low = vw_bytes_u64(at + 8)};
}

static inline struct vw_address vw_decode_ipv4_address(const uint8_t at[4])
{
    return (struct vw_address){.family = VW_FAMILY_IPV4, .low = vw_bytes_u32(at)};
}

/* All but the quote, which is only there where `is_error` says so. In two pieces: what gcc
 * makes of a large one (rep stos) takes longer than the decoding. */
static inline void vw_packet_clear(struct vw_packet *packet)
{
    enum { END = offsetof(struct vw_packet, quote), HALF = END / 16 * 8 };

    memset(packet, 0, HALF);
    memset((uint8_t *)packet + HALF, 0, END - HALF);
}

#endif
