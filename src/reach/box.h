/*
 * A box: source addresses x destination addresses x source ports x destination ports of
 * one protocol. A single packet is a box of size one; one engine walks boxes. A rule that
 * matches only part of a box splits it: vw_box_split hands out the parts that lie
 * outside, each a box again.
 *
 * ICMP has types and codes instead of ports: `source_ports` holds the type and `ports`
 * the code, so that one piece of code splits both.
 */
#ifndef VW_REACH_BOX_H
#define VW_REACH_BOX_H

#include <vpcwhy/address.h>

#include "base/address.h"

/* IANA protocol numbers with a meaning of their own here. */
enum { VW_ICMP = 1, VW_TCP = 6, VW_UDP = 17, VW_ICMPV6 = 58 };

struct vw_box {
    struct vw_address_range source;
    struct vw_address_range destination;
    struct vw_port_range source_ports;
    struct vw_port_range ports;
    int protocol;
};

/* TCP, UDP */
static inline bool vw_protocol_has_ports(int protocol)
{
    return protocol == VW_TCP || protocol == VW_UDP;
}

/* ICMP, ICMPv6 */
static inline bool vw_protocol_is_icmp(int protocol)
{
    return protocol == VW_ICMP || protocol == VW_ICMPV6;
}

/* The whole space of `family`; all ports. */
struct vw_address_range vw_range_all(enum vw_family family);
struct vw_port_range vw_ports_all(void);

static inline bool vw_ports_overlap(struct vw_port_range a, struct vw_port_range b)
{
    return a.first <= b.last && b.first <= a.last;
}

bool vw_ports_equal(struct vw_port_range a, struct vw_port_range b);
bool vw_box_overlaps(const struct vw_box *a, const struct vw_box *b);
static inline bool vw_box_is_single(const struct vw_box *box)
{
    return vw_range_is_single(box->source) && vw_range_is_single(box->destination) &&
           box->source_ports.first == box->source_ports.last &&
           box->ports.first == box->ports.last;
}

/* The most parts that vw_box_split makes. */
#define VW_BOX_PARTS 8

/* Cuts *box down to what it shares with `region`, which must overlap it, and writes the
 * parts outside into `parts`. Returns how many there are. */
size_t vw_box_split(struct vw_box *box, const struct vw_box *region,
                    struct vw_box parts[VW_BOX_PARTS]);

/* "icmp echo request", "tcp port 443", "udp ports 1000-2000", "protocol 47". */
#define VW_TRAFFIC_TEXT 80
const char *vw_box_traffic(const struct vw_box *box, char buffer[VW_TRAFFIC_TEXT]);

/* What a rule asks of protocol and ports (or ICMP type and code; -1 any), as in a
 * security group rule or a network ACL entry. Whether any packet of `box` fits, with the
 * ports that do in *ret_region (its addresses are the box's own). */
bool vw_box_match_protocol(const struct vw_box *box, int protocol, int from, int to,
                           struct vw_box *ret_region);

#endif
