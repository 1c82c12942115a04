/* Link headers: https://www.tcpdump.org/linktypes.html; see packet.h. */
#include "evidence/packet.h"

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88a8,
    TYPE_QINQ_OLD = 0x9100,
    TYPE_LOWEST = 0x0600, /* below it the field is a length (802.3) */
    VLAN_DEPTH_MAX = 4
};

static bool is_vlan(uint16_t type)
{
    return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
}

/* Behind an 802.3 length: LLC, and SNAP with an Ethernet type in it. */
static uint16_t snap_type(struct vw_cursor *cursor)
{
    if (vw_cursor_u16(cursor) != 0xaaaa || vw_cursor_u8(cursor) != 3 ||
        vw_cursor_u8(cursor) != 0 || vw_cursor_u16(cursor) != 0)
        return 0;
    return vw_cursor_u16(cursor);
}

static enum vw_packet_kind by_type(struct vw_cursor *cursor, uint16_t type,
                                   unsigned *ret_version)
{
    int depth;

    for (depth = 0; is_vlan(type) && depth < VLAN_DEPTH_MAX; depth++) {
        vw_cursor_skip(cursor, 2);
        type = vw_cursor_u16(cursor);
    }
    if (type < TYPE_LOWEST && !cursor->failed)
        type = snap_type(cursor);
    if (cursor->failed)
        return VW_PACKET_CUT;
    *ret_version = type == TYPE_IPV4 ? 4 : type == TYPE_IPV6 ? 6 : 0;
    return *ret_version ? VW_PACKET_IP : VW_PACKET_NOT_IP;
}

/* The packet types of SLL: 0 to us, 1 broadcast, 2 multicast, 3 to somebody else, 4 from
 * us. */
static enum vw_flow_direction sll_direction(unsigned type)
{
    if (type == 4)
        return VW_FLOW_DIRECTION_EGRESS;
    return type <= 2 ? VW_FLOW_DIRECTION_INGRESS : VW_FLOW_DIRECTION_UNKNOWN;
}

static enum vw_packet_kind by_family(struct vw_cursor *cursor, unsigned *ret_version)
{
    uint32_t family = vw_cursor_u32(cursor);

    if (cursor->failed)
        return VW_PACKET_CUT;
    if (family > 0xffff)
        family = __builtin_bswap32(family);
    /* AF_INET is 2 everywhere; AF_INET6 is one of these. */
    *ret_version = family == 2                                                    ? 4
                   : family == 10 || family == 24 || family == 28 || family == 30 ? 6
                                                                                  : 0;
    return *ret_version ? VW_PACKET_IP : VW_PACKET_NOT_IP;
}

enum vw_packet_kind vw_packet_link(enum vw_link link, struct vw_cursor *cursor,
                                   unsigned *ret_version,
                                   enum vw_flow_direction *ret_direction)
{
    uint16_t type;

    *ret_version = 0;
    *ret_direction = VW_FLOW_DIRECTION_UNKNOWN;
    switch (link) {
    case VW_LINK_ETHERNET:
        vw_cursor_skip(cursor, 12);
        return by_type(cursor, vw_cursor_u16(cursor), ret_version);
    case VW_LINK_SLL:
        *ret_direction = sll_direction(vw_cursor_u16(cursor));
        vw_cursor_skip(cursor, 12);
        return by_type(cursor, vw_cursor_u16(cursor), ret_version);
    case VW_LINK_SLL2:
        type = vw_cursor_u16(cursor);
        vw_cursor_skip(cursor, 8);
        *ret_direction = sll_direction(vw_cursor_u8(cursor));
        vw_cursor_skip(cursor, 9);
        return by_type(cursor, type, ret_version);
    case VW_LINK_NULL:
        return by_family(cursor, ret_version);
    case VW_LINK_RAW:
        return VW_PACKET_IP;
    case VW_LINK_IPV4:
        *ret_version = 4;
        return VW_PACKET_IP;
    case VW_LINK_IPV6:
        *ret_version = 6;
        return VW_PACKET_IP;
    }
    return VW_PACKET_NOT_IP;
}
