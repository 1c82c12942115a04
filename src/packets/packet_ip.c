/* IPv4 (RFC 791), IPv6 (RFC 8200) and what stands between them and a transport. */
#include "packets/decode.h"

enum {
    EXTENSIONS_MAX = 16,
    HOP_BY_HOP = 0,
    ROUTING = 43,
    FRAGMENT = 44,
    AUTHENTICATION = 51,
    NO_NEXT_HEADER = 59,
    DESTINATION_OPTIONS = 60,
    MOBILITY = 135,
    HIP = 139,
    SHIM6 = 140
};

/* The payload ends where the IP header says, unless less was recorded. A length of 0 is
 * how a capture shows a packet that the interface was to cut up: all of it. */
static bool trim(struct vw_layer *layer, size_t said, size_t sent, uint32_t header,
                 struct vw_packet *packet)
{
    size_t length = said ? said : sent;

    if (length < header)
        return false;
    packet->length = (uint32_t)length;
    packet->length_unsaid = said == 0;
    layer->sent = length - header;
    if (layer->cursor.left > layer->sent)
        layer->cursor.left = layer->sent;
    return true;
}

/* Whether less was recorded than the packet had. */
static enum vw_packet_kind shortage(const struct vw_layer *whole, size_t length)
{
    return whole->cursor.left < whole->sent || whole->cursor.left < length
               ? VW_PACKET_CUT
               : VW_PACKET_MALFORMED;
}

/* Behind the headers, which are `header` bytes long. */
static enum vw_packet_kind read_rest(const struct vw_layer *whole, struct vw_layer layer,
                                     struct vw_packet *packet)
{
    packet->payload = layer.cursor.at;
    packet->payload_size = layer.cursor.left;
    packet->is_snapped = layer.cursor.left < layer.sent;
    packet->kind = VW_PACKET_IP;
    return vw_decode_transport(layer, packet) ? packet->kind
                                              : shortage(whole, packet->length);
}

bool vw_decode_extensions(struct vw_cursor *cursor, struct vw_packet *packet)
{
    int i;

    for (i = 0; !packet->fragment_offset; i++) {
        uint8_t next, length;

        switch (packet->protocol) {
        case HOP_BY_HOP:
        case ROUTING:
        case FRAGMENT:
        case AUTHENTICATION:
        case DESTINATION_OPTIONS:
        case MOBILITY:
        case HIP:
        case SHIM6:
            break;
        default:
            return true;
        }
        next = vw_cursor_u8(cursor);
        length = vw_cursor_u8(cursor);
        if (packet->protocol == FRAGMENT) {
            uint16_t fragment = vw_cursor_u16(cursor);

            packet->identification = vw_cursor_u32(cursor);
            packet->fragment = fragment & 0xfff9;
            packet->fragment_offset = fragment >> 3;
        } else if (packet->protocol == AUTHENTICATION) {
            vw_cursor_skip(cursor, (size_t)length * 4 + 6);
        } else {
            vw_cursor_skip(cursor, (size_t)length * 8 + 6);
        }
        if (cursor->failed || i == EXTENSIONS_MAX)
            return false;
        packet->protocol = next;
    }
    return true;
}

static enum vw_packet_kind read_version_4(struct vw_layer layer, struct vw_packet *packet)
{
    const struct vw_layer whole = layer;
    struct vw_cursor *cursor = &layer.cursor;
    uint32_t header = (uint32_t)(vw_cursor_u8(cursor) & 15) * 4;
    uint16_t length, fragment;

    vw_cursor_skip(cursor, 1);
    length = vw_cursor_u16(cursor);
    packet->identification = vw_cursor_u16(cursor);
    fragment = vw_cursor_u16(cursor);
    packet->ttl = vw_cursor_u8(cursor);
    packet->protocol = vw_cursor_u8(cursor);
    vw_cursor_skip(cursor, 2);
    packet->source = vw_decode_ipv4_address(cursor);
    packet->destination = vw_decode_ipv4_address(cursor);
    if (cursor->failed) {
        packet->source.family = packet->destination.family = VW_FAMILY_NONE;
        return shortage(&whole, 20);
    }
    if (header < 20 || (length && length < header))
        return VW_PACKET_MALFORMED;
    if (!vw_cursor_skip(cursor, header - 20))
        return shortage(&whole, header);
    if (!trim(&layer, length, whole.sent, header, packet))
        return VW_PACKET_MALFORMED;
    packet->dont_fragment = fragment & 0x4000;
    packet->fragment = fragment & 0x3fff;
    packet->fragment_offset = fragment & 0x1fff;
    if (packet->protocol == AUTHENTICATION && !vw_decode_extensions(cursor, packet))
        return shortage(&whole, packet->length);
    return read_rest(&whole, layer, packet);
}

static enum vw_packet_kind read_version_6(struct vw_layer layer, struct vw_packet *packet)
{
    const struct vw_layer whole = layer;
    struct vw_cursor *cursor = &layer.cursor;
    size_t length;

    vw_cursor_skip(cursor, 4);
    length = vw_cursor_u16(cursor);
    packet->protocol = vw_cursor_u8(cursor);
    packet->ttl = vw_cursor_u8(cursor);
    packet->source = vw_decode_ipv6_address(cursor);
    packet->destination = vw_decode_ipv6_address(cursor);
    if (cursor->failed) {
        packet->source.family = packet->destination.family = VW_FAMILY_NONE;
        return shortage(&whole, 40);
    }
    packet->dont_fragment = true;
    /* 0 is a jumbogram, or one to be cut up, unless nothing was to follow. */
    if (length || packet->protocol == NO_NEXT_HEADER)
        length += 40;
    if (!trim(&layer, length, whole.sent, 40, packet))
        return VW_PACKET_MALFORMED;
    if (!vw_decode_extensions(cursor, packet))
        return shortage(&whole, packet->length);
    /* What the extension headers took is no payload of the transport. */
    layer.sent = packet->length - 40 - (size_t)(cursor->at - whole.cursor.at - 40);
    return read_rest(&whole, layer, packet);
}

void vw_decode_ip(struct vw_layer layer, unsigned version, struct vw_packet *packet)
{
    unsigned found = layer.cursor.left ? layer.cursor.at[0] >> 4 : 0;

    if (layer.cursor.left == 0)
        packet->kind = layer.sent ? VW_PACKET_CUT : VW_PACKET_MALFORMED;
    else if (found == 4 && version != 6)
        packet->kind = read_version_4(layer, packet);
    else if (found == 6 && version != 4)
        packet->kind = read_version_6(layer, packet);
    else
        packet->kind = VW_PACKET_MALFORMED;
}
