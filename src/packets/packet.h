/*
 * One recorded frame, decoded: which flow it belongs to and what it says about it. Pure:
 * bytes in, struct out. What a tunnel carries is looked into, VW_PACKET_NESTING_MAX deep:
 * the innermost packet is the one described, since the mirrors and appliances that wrap it
 * are not what a flow is about.
 */
#ifndef VW_PACKETS_PACKET_H
#define VW_PACKETS_PACKET_H

#include <vpcwhy/address.h>
#include <vpcwhy/evidence.h>

#include "packets/cursor.h"

enum { VW_PACKET_NESTING_MAX = 8 };

/* How long an answer may take, ns, before its absence counts: longer than any round trip
 * inside AWS. */
#define VW_ANSWER_WAIT INT64_C(500000000)

/* What stands before the IP header. */
enum vw_link {
    VW_LINK_ETHERNET,
    VW_LINK_SLL,  /* Linux "cooked", 16 bytes */
    VW_LINK_SLL2, /* 20 bytes */
    VW_LINK_RAW,  /* nothing, IPv4 or IPv6 */
    VW_LINK_IPV4,
    VW_LINK_IPV6,
    VW_LINK_NULL, /* 4 bytes of address family, in either byte order */
    VW_LINK_PPP,  /* with or without address and control */
    VW_LINK_NFLOG /* type-length-value fields, one of which is the packet */
};

enum {
    VW_PROTOCOL_ICMP = 1,
    VW_PROTOCOL_IPIP = 4,
    VW_PROTOCOL_TCP = 6,
    VW_PROTOCOL_UDP = 17,
    VW_PROTOCOL_IPV6 = 41,
    VW_PROTOCOL_GRE = 47,
    VW_PROTOCOL_ICMPV6 = 58
};

/* Bits of struct vw_packet's tcp_flags, as on the wire. */
enum {
    VW_TCP_FIN = 1,
    VW_TCP_SYN = 2,
    VW_TCP_RST = 4,
    VW_TCP_PSH = 8,
    VW_TCP_ACK = 16,
    VW_TCP_URG = 32
};

enum vw_packet_kind {
    VW_PACKET_NOT_IP, /* ARP and the like */
    VW_PACKET_IP,  /* usable: addresses and protocol, and ports or type if it has any */
    VW_PACKET_CUT, /* the snap length left too little of it */
    VW_PACKET_MALFORMED /* contradicts its own lengths or versions */
};

/* What an ICMP error says of the packet that it quotes, as far as the quote reaches. */
struct vw_quote {
    struct vw_address source, destination; /* NONE where even these are missing */
    uint8_t protocol;
    bool has_ports, is_echo, has_echo, has_sequence;
    uint16_t source_port, destination_port;
    uint16_t echo_id, echo_sequence;
    uint32_t tcp_sequence;
    uint32_t identification;
};

/* IP fields are set for VW_PACKET_IP, and for VW_PACKET_CUT where `source` has a family. */
struct vw_packet {
    enum vw_packet_kind kind;
    enum vw_flow_direction direction; /* as SLL, SLL2 and pcapng tell it, else UNKNOWN */
    uint32_t interface;               /* its number, as SLL2 tells it, else 0 */
    struct vw_address source, destination;
    uint8_t protocol, ttl;
    bool dont_fragment;
    uint8_t depth;           /* tunnels around it */
    uint8_t tunnel;          /* enum vw_tunnel, of the innermost */
    uint32_t network;        /* VNI of the innermost VXLAN or Geneve */
    uint32_t length;         /* bytes from the IP header on, as sent */
    uint32_t identification; /* IPv4, or of an IPv6 fragment; else 0 */
    bool fragment;           /* one of several */
    bool length_unsaid; /* IP length 0: left to the interface to cut up (TSO, BIG TCP) */
    bool is_snapped;    /* less of it was recorded than sent */
    uint16_t fragment_offset;
    /* The rest only where fragment_offset is 0. */
    bool has_ports;
    uint16_t source_port, destination_port;
    bool has_flags; /* and all of the 20 bytes */
    uint8_t tcp_flags;
    bool partial_checksum; /* the checksum is only that of the pseudo header */
    uint8_t window_scale;  /* of a SYN, plus one; 0: none */
    uint16_t window, mss;  /* mss of a SYN; 0: none */
    uint32_t tcp_sequence, tcp_acknowledged;
    uint32_t data_length; /* TCP, UDP, ICMP: bytes behind the header, as sent */
    bool has_icmp;
    uint8_t icmp_type, icmp_code;
    bool is_echo;  /* request or reply */
    bool is_reply; /* of the two, the reply */
    bool has_echo; /* id and sequence number were recorded */
    bool is_error; /* an ICMP error: `quote` is set */
    uint16_t echo_id, echo_sequence;
    uint32_t mtu;           /* that an error asks for; 0: none */
    const uint8_t *payload; /* what was recorded behind the IP headers */
    size_t payload_size;
    struct vw_quote quote; /* set where is_error says so */
};

/* name, slug */
#define VW_TUNNEL_LIST(X)                                                                \
    X(VW_TUNNEL_NONE, "none")                                                            \
    X(VW_TUNNEL_IP, "ip-in-ip")                                                          \
    X(VW_TUNNEL_GRE, "gre")                                                              \
    X(VW_TUNNEL_VXLAN, "vxlan")                                                          \
    X(VW_TUNNEL_GENEVE, "geneve")

enum vw_tunnel {
#define VW_X(name, slug) name,
    VW_TUNNEL_LIST(VW_X)
#undef VW_X
        VW_TUNNEL_COUNT
};
const char *vw_tunnel_slug(enum vw_tunnel tunnel);

/* `size` bytes were recorded of a frame of `wire_size`. */
void vw_packet_read(enum vw_link link, const uint8_t *bytes, size_t size,
                    size_t wire_size, struct vw_packet *ret_packet);

#endif
