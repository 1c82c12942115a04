/*
 * Packets within packets: IP in IP (RFC 2003, 4213), GRE (RFC 2784, 2890) with Ethernet and
 * ERSPAN in it, VXLAN (RFC 7348; AWS Traffic Mirroring), Geneve (RFC 8926; AWS Gateway Load
 * Balancer, whose options are stepped over).
 */
#include "packets/decode.h"

enum {
    TYPE_ETHERNET = 0x6558,
    TYPE_ERSPAN_2 = 0x88be,
    TYPE_ERSPAN_3 = 0x22eb,
    TYPE_PPP = 0x880b,
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    UDP_HEADER = 8
};

/* What comes behind a tunnel's header. */
struct content {
    enum vw_link link; /* read where type is 0 */
    uint16_t type;     /* Ethernet type */
    unsigned version;  /* of IP, where it is known */
};

static struct content by_type(uint16_t type)
{
    if (type == TYPE_ETHERNET)
        return (struct content){.link = VW_LINK_ETHERNET};
    return (struct content){.type = type};
}

/* ERSPAN type I has no header and no sequence number, type II one of 8 bytes, type III one
 * of 12 and 8 more where its last bit says so. */
static struct content read_erspan(struct vw_cursor *cursor, uint16_t type, bool numbered)
{
    if (type == TYPE_ERSPAN_2 && numbered)
        vw_cursor_skip(cursor, 8);
    if (type == TYPE_ERSPAN_3) {
        vw_cursor_skip(cursor, 11);
        if (vw_cursor_u8(cursor) & 1)
            vw_cursor_skip(cursor, 8);
    }
    return (struct content){.link = VW_LINK_ETHERNET};
}

static bool read_gre(struct vw_cursor *cursor, struct content *ret)
{
    uint16_t flags = vw_cursor_u16(cursor);
    uint16_t type = vw_cursor_u16(cursor);
    unsigned version = flags & 7;

    if (flags & 0x4000 || version > 1) /* source routing (RFC 1701) is not read */
        return false;
    vw_cursor_skip(cursor, flags & 0x8000 ? 4 : 0);
    vw_cursor_skip(cursor, flags & 0x2000 ? 4 : 0);
    vw_cursor_skip(cursor, flags & 0x1000 ? 4 : 0);
    if (version == 1) {
        vw_cursor_skip(cursor, flags & 0x0080 ? 4 : 0);
        *ret = (struct content){.link = VW_LINK_PPP};
        return type == TYPE_PPP && cursor->left > 0;
    }
    *ret = type == TYPE_ERSPAN_2 || type == TYPE_ERSPAN_3
               ? read_erspan(cursor, type, flags & 0x1000)
               : by_type(type);
    return true;
}

static bool read_vxlan(struct vw_cursor *cursor, struct vw_packet *inner)
{
    uint8_t flags = vw_cursor_u8(cursor);

    vw_cursor_skip(cursor, 3);
    inner->network = vw_cursor_u32(cursor) >> 8;
    return flags & 8;
}

static bool read_geneve(struct vw_cursor *cursor, struct vw_packet *inner,
                        struct content *ret)
{
    uint8_t first = vw_cursor_u8(cursor);

    vw_cursor_skip(cursor, 1);
    *ret = by_type(vw_cursor_u16(cursor));
    inner->network = vw_cursor_u32(cursor) >> 8;
    vw_cursor_skip(cursor, (size_t)(first & 63) * 4);
    return first >> 6 == 0;
}

static bool read_udp(struct vw_cursor *cursor, const struct vw_packet *outer,
                     struct vw_packet *inner, struct content *ret)
{
    vw_cursor_skip(cursor, UDP_HEADER);
    if (outer->destination_port == PORT_GENEVE) {
        inner->tunnel = VW_TUNNEL_GENEVE;
        return read_geneve(cursor, inner, ret);
    }
    inner->tunnel = VW_TUNNEL_VXLAN;
    *ret = (struct content){.link = VW_LINK_ETHERNET};
    return read_vxlan(cursor, inner);
}

/* Takes the header off: whether there is one. */
static bool read_header(struct vw_cursor *cursor, const struct vw_packet *outer,
                        struct vw_packet *inner, struct content *ret)
{
    switch (outer->protocol) {
    case VW_PROTOCOL_UDP:
        return read_udp(cursor, outer, inner, ret);
    case VW_PROTOCOL_GRE:
        inner->tunnel = VW_TUNNEL_GRE;
        return read_gre(cursor, ret);
    case VW_PROTOCOL_IPIP:
    case VW_PROTOCOL_IPV6:
        inner->tunnel = VW_TUNNEL_IP;
        *ret = (struct content){.link = VW_LINK_RAW,
                                .version = outer->protocol == VW_PROTOCOL_IPIP ? 4 : 6};
        return true;
    }
    return false;
}

/* What most packets are not, told before anything is looked at. */
static bool may_be_tunnel(const struct vw_packet *outer)
{
    if (outer->protocol == VW_PROTOCOL_UDP)
        return outer->destination_port == PORT_VXLAN ||
               outer->destination_port == PORT_GENEVE;
    return outer->protocol == VW_PROTOCOL_GRE || outer->protocol == VW_PROTOCOL_IPIP ||
           outer->protocol == VW_PROTOCOL_IPV6;
}

bool vw_decode_tunnel(const struct vw_layer *outer_layer, const struct vw_packet *outer,
                      struct vw_packet *ret_inner)
{
    struct vw_layer layer = *outer_layer;
    struct vw_packet *inner = ret_inner;
    struct content content;
    size_t left = layer.cursor.left;
    unsigned version;

    if (!may_be_tunnel(outer))
        return false;
    if (outer->depth == VW_PACKET_NESTING_MAX)
        return false;
    vw_packet_clear(inner);
    if (!read_header(&layer.cursor, outer, inner, &content) || layer.cursor.failed)
        return false;
    inner->depth = (uint8_t)(outer->depth + 1);
    inner->direction = outer->direction;
    inner->interface = outer->interface;
    version = content.version;
    inner->kind = content.type ? vw_decode_type(&layer.cursor, content.type, &version)
                  : content.link == VW_LINK_RAW
                      ? VW_PACKET_IP
                      : vw_decode_link(content.link, &layer.cursor, &version, inner);
    layer.sent -= left - layer.cursor.left;
    if (inner->kind == VW_PACKET_IP)
        vw_decode_ip(&layer, version, inner);
    return inner->kind != VW_PACKET_MALFORMED;
}
