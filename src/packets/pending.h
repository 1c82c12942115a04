/*
 * A packet between its reading and its judgement: what its flow or series takes in of it.
 * One thread fills it in and another reads it, so it is one line of the processor's cache,
 * two for IPv6.
 */
#ifndef VW_PACKETS_PENDING_H
#define VW_PACKETS_PENDING_H

#include <vpcwhy/capture.h>

#include "packets/packet.h"
#include "packets/recent.h"

enum { VW_SOURCE, VW_DESTINATION, VW_ENDS };

/* Addresses of IPv6, by end or side. */
struct vw_wide {
    uint64_t high[VW_ENDS], low[VW_ENDS];
};

/* Who speaks to whom, as the packet has it: by VW_SOURCE and VW_DESTINATION. */
struct vw_tuple {
    uint32_t address[VW_ENDS]; /* of IPv4 */
    uint16_t port[VW_ENDS];    /* of ICMP, type and the type that answers, or the code */
    uint8_t protocol, family;
    bool is_one_way;     /* ICMP that has no answer */
    uint64_t hash;       /* the same for both directions */
    struct vw_wide wide; /* where `family` is IPv6 */
};

enum vw_pending_kind {
    VW_PENDING_FLOW,
    VW_PENDING_ECHO,
    VW_PENDING_ERROR,
    VW_PENDING_LATER /* a fragment but the first */
};

struct vw_pending {
    int64_t time;
    uint64_t number;
    uint32_t length, data_length;
    uint32_t tcp_sequence, tcp_acknowledged;
    uint16_t window, mss;
    uint8_t ttl, tcp_flags;
    uint8_t kind : 2;   /* enum vw_pending_kind */
    uint8_t repeat : 2; /* enum vw_repeat */
    bool is_whole : 1;  /* the packet itself is asked for: an error, or a fragment */
    bool has_flags : 1, is_snapped : 1, fragment : 1;
    bool is_reply : 1, dont_fragment : 1;
    struct vw_tuple tuple; /* of an echo, ports are id and sequence number */
    uint8_t fill[32];      /* up to the end of the second line */
};

/* Sets what the packet tells; time, number and repeat are the reader's. */
void vw_pending_set(struct vw_pending *pending, const struct vw_packet *packet);

void vw_tuple_set(struct vw_tuple *tuple, const struct vw_packet *packet);
void vw_tuple_set_quote(struct vw_tuple *tuple, const struct vw_quote *quote);
struct vw_address vw_tuple_address(const struct vw_tuple *tuple, int end);
/* Of a series: what hash is of an echo's tuple. */
uint64_t vw_echo_hash(struct vw_address requester, struct vw_address target, uint16_t id);

/* After all else is set. */
void vw_tuple_hash(struct vw_tuple *tuple);

#endif
