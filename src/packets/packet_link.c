/* Link headers: https://www.tcpdump.org/linktypes.html; see packet.h. */
#include "packets/decode.h"

enum {
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88a8,
    TYPE_QINQ_OLD = 0x9100,
    TYPE_MPLS = 0x8847,
    TYPE_PPPOE = 0x8864,
    TYPE_LOWEST = 0x0600, /* below it the field is a length (802.3) */
    VLAN_DEPTH_MAX = 4,
    LABELS_MAX = 16,
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    NFULA_PAYLOAD = 9,
    NFULA_FIELDS_MAX = 64
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

static enum vw_packet_kind is_ip(const struct vw_cursor *cursor, unsigned version)
{
    return cursor->failed ? VW_PACKET_CUT : version ? VW_PACKET_IP : VW_PACKET_NOT_IP;
}

/* Behind the last label stands what the label was agreed to mean: IP, told by its version,
 * or, in a pseudowire, something else. */
static unsigned mpls_version(struct vw_cursor *cursor)
{
    unsigned found = 0;
    int i;

    for (i = 0; i < LABELS_MAX; i++) {
        if (vw_cursor_u32(cursor) >> 8 & 1) {
            found = cursor->left ? cursor->at[0] >> 4 : 0;
            break;
        }
    }
    return found == 4 || found == 6 ? found : 0;
}

static unsigned ppp_version(uint16_t protocol)
{
    return protocol == PPP_IPV4 ? 4 : protocol == PPP_IPV6 ? 6 : 0;
}

enum vw_packet_kind vw_decode_type(struct vw_cursor *cursor, uint16_t type,
                                   unsigned *ret_version)
{
    int depth;

    for (depth = 0; is_vlan(type) && depth < VLAN_DEPTH_MAX; depth++) {
        vw_cursor_skip(cursor, 2);
        type = vw_cursor_u16(cursor);
    }
    if (type < TYPE_LOWEST && !cursor->failed)
        type = snap_type(cursor);
    *ret_version = type == TYPE_IPV4 ? 4 : type == TYPE_IPV6 ? 6 : 0;
    if (type == TYPE_MPLS) {
        *ret_version = mpls_version(cursor);
    } else if (type == TYPE_PPPOE) {
        vw_cursor_skip(cursor, 6);
        *ret_version = ppp_version(vw_cursor_u16(cursor));
    }
    return is_ip(cursor, *ret_version);
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

    if (family > 0xffff)
        family = __builtin_bswap32(family);
    /* AF_INET is 2 everywhere; AF_INET6 is one of these. */
    *ret_version = family == 2                                                    ? 4
                   : family == 10 || family == 24 || family == 28 || family == 30 ? 6
                                                                                  : 0;
    return is_ip(cursor, *ret_version);
}

/* Address and control (ff 03) may be left out, and so may the protocol's first byte where
 * it is 0: protocols then begin with an odd byte (RFC 1661). */
static enum vw_packet_kind by_ppp(struct vw_cursor *cursor, unsigned *ret_version)
{
    uint16_t protocol;

    if (cursor->left >= 2 && cursor->at[0] == 0xff && cursor->at[1] == 3)
        vw_cursor_skip(cursor, 2);
    if (cursor->left >= 1 && (cursor->at[0] & 1))
        protocol = vw_cursor_u8(cursor);
    else
        protocol = vw_cursor_u16(cursor);
    *ret_version = ppp_version(protocol);
    return is_ip(cursor, *ret_version);
}

/* Fields in the byte order of the host that wrote them, each padded to 4 bytes; the order
 * is told by which reading of a length fits. The payload is the last field that counts. */
static enum vw_packet_kind by_nflog(struct vw_cursor *cursor, unsigned *ret_version)
{
    uint8_t family = vw_cursor_u8(cursor);
    int i;

    *ret_version = family == 2 ? 4 : family == 10 ? 6 : 0;
    vw_cursor_skip(cursor, 3);
    for (i = 0; i < NFULA_FIELDS_MAX && cursor->left >= 4; i++) {
        size_t little = (size_t)(cursor->at[0] | cursor->at[1] << 8);
        size_t big = (size_t)(cursor->at[0] << 8 | cursor->at[1]);
        bool is_little = little >= 4 && (little <= cursor->left || big < 4);
        size_t size = is_little ? little : big;
        unsigned kind =
            (unsigned)(is_little ? cursor->at[2] | (cursor->at[3] & 0x7f) << 8
                                 : (cursor->at[2] & 0x7f) << 8 | cursor->at[3]);

        if (size < 4)
            return VW_PACKET_MALFORMED;
        if (kind == NFULA_PAYLOAD) {
            vw_cursor_skip(cursor, 4);
            return is_ip(cursor, *ret_version);
        }
        if (!vw_cursor_skip(cursor, (size + 3) & ~(size_t)3))
            return VW_PACKET_CUT;
    }
    return cursor->failed ? VW_PACKET_CUT : VW_PACKET_NOT_IP;
}

enum vw_packet_kind vw_decode_link(enum vw_link link, struct vw_cursor *cursor,
                                   unsigned *ret_version, struct vw_packet *packet)
{
    const uint8_t *at;
    uint16_t type;

    *ret_version = 0;
    switch (link) {
    case VW_LINK_ETHERNET:
        at = vw_cursor_take(cursor, 14);
        return at ? vw_decode_type(cursor, vw_bytes_u16(at + 12), ret_version)
                  : VW_PACKET_CUT;
    case VW_LINK_SLL:
        packet->direction = sll_direction(vw_cursor_u16(cursor));
        vw_cursor_skip(cursor, 12);
        return vw_decode_type(cursor, vw_cursor_u16(cursor), ret_version);
    case VW_LINK_SLL2:
        type = vw_cursor_u16(cursor);
        vw_cursor_skip(cursor, 2);
        packet->interface = vw_cursor_u32(cursor);
        vw_cursor_skip(cursor, 2);
        packet->direction = sll_direction(vw_cursor_u8(cursor));
        vw_cursor_skip(cursor, 9);
        return vw_decode_type(cursor, type, ret_version);
    case VW_LINK_NULL:
        return by_family(cursor, ret_version);
    case VW_LINK_PPP:
        return by_ppp(cursor, ret_version);
    case VW_LINK_NFLOG:
        return by_nflog(cursor, ret_version);
    case VW_LINK_IPV4:
        *ret_version = 4;
        return VW_PACKET_IP;
    case VW_LINK_IPV6:
        *ret_version = 6;
        return VW_PACKET_IP;
    case VW_LINK_RAW:
        break;
    }
    return VW_PACKET_IP;
}
