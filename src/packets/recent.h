/*
 * Two small memories of a capture's recent packets, of fixed size: one to know a packet
 * that was recorded twice (`-i any` over a bridge, merged files), one to know the
 * fragments of a packet. Each is a table that a newer entry of the same place overwrites.
 */
#ifndef VW_PACKETS_RECENT_H
#define VW_PACKETS_RECENT_H

#include "packets/packet.h"

enum { VW_RECENT_PACKETS = 4096, VW_RECENT_FRAGMENTS = 1024 };

/* How a packet stands to one that was recorded just before. */
enum vw_repeat {
    VW_REPEAT_NONE,
    VW_REPEAT_COPY,  /* the same in all */
    VW_REPEAT_VIEW,  /* the same at another interface or with another TTL */
    VW_REPEAT_TURNED /* the same in the other direction: it came in and went out */
};

struct vw_recent_packet {
    uint64_t identity; /* 0: none */
    int64_t time;
    uint32_t interface;
    uint8_t ttl, direction;
};

/* Fragments of one packet. Until the first of them comes, which tells the flow, they wait
 * here. */
struct vw_recent_fragments {
    uint64_t hash; /* 0: none */
    int64_t time;  /* of the last one */
    uint32_t row;  /* where the packet is counted, plus one; 0: not known yet */
    uint64_t waiting_records;
    uint64_t waiting_bytes;
    uint32_t waiting_end; /* of the packet's payload, as far as they tell */
};

struct vw_recent {
    struct vw_recent_packet packets[VW_RECENT_PACKETS];
};

struct vw_fragments {
    struct vw_recent_fragments entries[VW_RECENT_FRAGMENTS];
    uint64_t orphans; /* packets of which only later fragments were recorded */
};

/* What makes two records those of one packet: all of it but link, TTL, tunnels around it
 * and the checksum of TCP and UDP, which a capture on the sending host has not got yet.
 * Never 0. */
uint64_t vw_packet_identity(const struct vw_packet *packet);

/* Whether the packet of that identity was seen just before. */
enum vw_repeat vw_recent_repeat(struct vw_recent *recent, const struct vw_packet *packet,
                                uint64_t identity, int64_t time);

/* The entry of the packet that `packet` is a fragment of, made if there is none. */
struct vw_recent_fragments *vw_recent_fragments(struct vw_fragments *fragments,
                                                const struct vw_packet *packet,
                                                int64_t time);

/* Counts those that still wait as orphans. */
void vw_fragments_settle(struct vw_fragments *fragments);

#endif
