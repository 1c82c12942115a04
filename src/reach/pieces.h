/*
 * From walked packets to pieces: packets that fared alike (same verdict, stopped by the
 * same rules) are put together into as few products of sets as can be found, so that
 * "10.2.0.0/16 but one host" is two pieces and not a thousand.
 */
#ifndef VW_REACH_PIECES_H
#define VW_REACH_PIECES_H

#include "reach/walk.h"

struct vw_address_set {
    struct vw_address_range *items;
    size_t count;
};

struct vw_number_set {
    struct vw_port_range *items;
    size_t count;
};

/* Every packet of from x to x source_ports x ports fared as `example` did. */
struct vw_alike {
    struct vw_address_set from, to;
    struct vw_number_set source_ports, ports;
    uint64_t outcome; /* equal where verdict and deciding rules are */
    const struct vw_packet *example;
};

struct vw_alikes VW_ARRAY(struct vw_alike);

enum vw_verdict vw_packet_verdict(const struct vw_packet *packet);

/* Whether nobody would receive the packet, whatever is changed on its way. */
bool vw_packet_has_no_host(const struct vw_packet *packet);

/* Whether a mark stops the packet, or leaves open whether something does. */
bool vw_mark_stops(const struct vw_mark *mark);
bool vw_mark_unknown(const struct vw_mark *mark);

/* The pieces of `packets`, ordered by destination, then source, then ports, in place of
 * what `alikes` held; sets are in `arena`. */
int vw_pieces_merge(const struct vw_packets *packets, struct vw_arena *arena,
                    struct vw_alikes *alikes);

#endif
