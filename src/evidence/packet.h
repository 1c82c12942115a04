/*
 * One recorded frame, decoded: which flow it belongs to and what it says about it. Pure:
 * bytes in, struct out. Outer headers only: what a tunnel carries is not looked into.
 */
#ifndef VW_EVIDENCE_PACKET_H
#define VW_EVIDENCE_PACKET_H

#include <vpcwhy/address.h>
#include <vpcwhy/evidence.h>

#include "evidence/packet_cursor.h"

/* What stands before the IP header. */
enum vw_link {
    VW_LINK_ETHERNET,
    VW_LINK_SLL,  /* Linux "cooked", 16 bytes */
    VW_LINK_SLL2, /* 20 bytes */
    VW_LINK_RAW,  /* nothing, IPv4 or IPv6 */
    VW_LINK_IPV4,
    VW_LINK_IPV6,
    VW_LINK_NULL /* 4 bytes of address family, in either byte order */
};

enum {
    VW_PROTOCOL_ICMP = 1,
    VW_PROTOCOL_TCP = 6,
    VW_PROTOCOL_UDP = 17,
    VW_PROTOCOL_ICMPV6 = 58
};

/* Bits of struct vw_packet's tcp_flags, as on the wire. */
enum { VW_TCP_FIN = 1, VW_TCP_SYN = 2, VW_TCP_RST = 4, VW_TCP_ACK = 16 };

enum vw_packet_kind {
    VW_PACKET_NOT_IP, /* ARP and the like */
    VW_PACKET_IP,  /* usable: addresses and protocol, and ports or type if it has any */
    VW_PACKET_CUT, /* the snap length left too little of it */
    VW_PACKET_MALFORMED /* contradicts its own lengths or versions */
};

/* IP fields are set for VW_PACKET_IP only. */
struct vw_packet {
    enum vw_packet_kind kind;
    enum vw_flow_direction direction; /* as SLL and SLL2 tell it, else UNKNOWN */
    struct vw_address source, destination;
    uint8_t protocol;
    uint32_t length;         /* bytes from the IP header on, as sent */
    uint32_t identification; /* IPv4, or of an IPv6 fragment; else 0 */
    bool fragment;           /* one of several */
    uint16_t fragment_offset;
    /* The rest only where fragment_offset is 0. */
    bool has_ports;
    uint16_t source_port, destination_port;
    bool has_flags;
    uint8_t tcp_flags;
    bool has_icmp;
    uint8_t icmp_type, icmp_code;
    bool is_echo;  /* request or reply */
    bool is_reply; /* of the two, the reply */
    bool has_echo; /* id and sequence number were recorded */
    uint16_t echo_id, echo_sequence;
    struct vw_address quoted_source, quoted_destination; /* ICMP errors; or NONE */
    const uint8_t *payload; /* what was recorded behind the IP headers */
    size_t payload_size;
};

/* `size` bytes were recorded of a frame of `wire_size`. */
void vw_packet_read(enum vw_link link, const uint8_t *bytes, size_t size,
                    size_t wire_size, struct vw_packet *ret_packet);

/* Used by vw_packet_read: takes the link's header off. VW_PACKET_IP with the version that
 * it announces (0: the IP header tells), or why there is no IP packet. */
enum vw_packet_kind vw_packet_link(enum vw_link link, struct vw_cursor *cursor,
                                   unsigned *ret_version,
                                   enum vw_flow_direction *ret_direction);

#endif
