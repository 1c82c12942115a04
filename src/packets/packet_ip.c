/* IPv4 (RFC 791), IPv6 (RFC 8200) and what stands between them and a transport. */
#include "packets/decode.h"

enum {
    IPV4_HEADER = 20,
    IPV6_HEADER = 40,
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
static enum vw_packet_kind read_rest(const struct vw_layer *whole,
                                     const struct vw_layer *layer,
                                     struct vw_packet *packet)
{
    packet->payload = layer->cursor.at;
    packet->payload_size = layer->cursor.left;
    packet->is_snapped = layer->cursor.left < layer->sent;
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

static enum vw_packet_kind read_version_4(const struct vw_layer *whole,
                                          struct vw_packet *packet)
{
    struct vw_layer layer = *whole;
    const uint8_t *at = vw_cursor_take(&layer.cursor, IPV4_HEADER);
    uint16_t length, fragment;
    uint32_t header;

    if (!at)
        return shortage(whole, IPV4_HEADER);
    header = (uint32_t)(at[0] & 15) * 4;
    length = vw_bytes_u16(at + 2);
    packet->identification = vw_bytes_u16(at + 4);
    fragment = vw_bytes_u16(at + 6);
    packet->ttl = at[8];
    packet->protocol = at[9];
    packet->source = vw_decode_ipv4_address(at + 12);
    packet->destination = vw_decode_ipv4_address(at + 16);
    if (header < IPV4_HEADER || (length && length < header))
        return VW_PACKET_MALFORMED;
    if (!vw_cursor_skip(&layer.cursor, header - IPV4_HEADER))
        return shortage(whole, header);
    if (!trim(&layer, length, whole->sent, header, packet))
        return VW_PACKET_MALFORMED;
    packet->dont_fragment = fragment & 0x4000;
    packet->fragment = fragment & 0x3fff;
    packet->fragment_offset = fragment & 0x1fff;
    if (packet->protocol == AUTHENTICATION &&
        !vw_decode_extensions(&layer.cursor, packet))
        return shortage(whole, packet->length);
    return read_rest(whole, &layer, packet);
}

static enum vw_packet_kind read_version_6(const struct vw_layer *whole,
                                          struct vw_packet *packet)
{
    struct vw_layer layer = *whole;
    const uint8_t *at = vw_cursor_take(&layer.cursor, IPV6_HEADER);
    size_t length;

    if (!at)
        return shortage(whole, IPV6_HEADER);
    length = vw_bytes_u16(at + 4);
    packet->protocol = at[6];
    packet->ttl = at[7];
    packet->source = vw_decode_ipv6_address(at + 8);
    packet->destination = vw_decode_ipv6_address(at + 24);
    packet->dont_fragment = true;
    /* 0 is a jumbogram, or one to be cut up, unless nothing was to follow. */
    if (length || packet->protocol == NO_NEXT_HEADER)
        length += IPV6_HEADER;
    if (!trim(&layer, length, whole->sent, IPV6_HEADER, packet))
        return VW_PACKET_MALFORMED;
    if (!vw_decode_extensions(&layer.cursor, packet))
        return shortage(whole, packet->length);
    /* What the extension headers took is no payload of the transport. */
    layer.sent = packet->length - (size_t)(layer.cursor.at - whole->cursor.at);
    return read_rest(whole, &layer, packet);
}

void vw_decode_ip(const struct vw_layer *layer, unsigned version,
                  struct vw_packet *packet)
{
    unsigned found = layer->cursor.left ? layer->cursor.at[0] >> 4 : 0;

    if (layer->cursor.left == 0)
        packet->kind = layer->sent ? VW_PACKET_CUT : VW_PACKET_MALFORMED;
    else if (found == 4 && version != 6)
        packet->kind = read_version_4(layer, packet);
    else if (found == 6 && version != 4)
        packet->kind = read_version_6(layer, packet);
    else
        packet->kind = VW_PACKET_MALFORMED;
}
