/*
 * Two small memories of a capture's recent packets, of fixed size: one to know a packet
 * that was recorded twice (`-i any` over a bridge, merged files), one to know the
 * fragments of a packet. Each is a table that a newer entry of the same place overwrites.
 */
#ifndef VW_EVIDENCE_CAPTURE_RECENT_H
#define VW_EVIDENCE_CAPTURE_RECENT_H

#include "evidence/packet.h"

enum { VW_RECENT_PACKETS = 4096, VW_RECENT_FRAGMENTS = 1024 };

struct vw_recent_packet {
    uint64_t hash; /* 0: none */
    int64_t time;
};

/* Fragments of one packet. Until the first of them comes, which tells the flow, they wait
 * here. */
struct vw_recent_fragments {
    uint64_t hash; /* 0: none */
    int64_t time;  /* of the last one */
    uint32_t row;  /* where the packet is counted, plus one; 0: not known yet */
    uint64_t waiting_records, waiting_bytes;
};

struct vw_recent {
    struct vw_recent_packet packets[VW_RECENT_PACKETS];
    struct vw_recent_fragments fragments[VW_RECENT_FRAGMENTS];
    uint64_t repeated; /* packets that were there already */
    uint64_t orphans;  /* packets of which only later fragments were recorded */
};

/* Whether the same packet was seen just before. */
bool vw_recent_repeated(struct vw_recent *recent, const struct vw_packet *packet,
                        int64_t time);

/* The entry of the packet that `packet` is a fragment of, made if there is none. */
struct vw_recent_fragments *vw_recent_fragments(struct vw_recent *recent,
                                                const struct vw_packet *packet,
                                                int64_t time);

/* Counts those that still wait as orphans. */
void vw_recent_settle(struct vw_recent *recent);

#endif
