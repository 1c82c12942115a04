/* TCP (RFC 9293), UDP (RFC 768) and the ports of their like; see decode.h. */
#include "packets/decode.h"

enum {
    DCCP = 33,
    SCTP = 132,
    UDP_LITE = 136,
    OPTION_END = 0,
    OPTION_NOTHING = 1,
    OPTION_MSS = 2,
    OPTION_WINDOW_SCALE = 3,
    TCP_HEADER = 20,
    UDP_HEADER = 8,
    ICMP_HEADER = 8
};

/* MSS and window scale of a SYN. */
static void read_options(struct vw_cursor cursor, struct vw_packet *packet)
{
    while (cursor.left >= 2 && cursor.at[0] != OPTION_END) {
        uint8_t kind = cursor.at[0], size = cursor.at[1];

        if (kind == OPTION_NOTHING) {
            vw_cursor_skip(&cursor, 1);
            continue;
        }
        if (size < 2 || size > cursor.left)
            return;
        if (kind == OPTION_MSS && size == 4)
            packet->mss = (uint16_t)(cursor.at[2] << 8 | cursor.at[3]);
        else if (kind == OPTION_WINDOW_SCALE && size == 3)
            packet->window_scale = (uint8_t)(cursor.at[2] < 14 ? cursor.at[2] + 1 : 15);
        vw_cursor_skip(&cursor, size);
    }
}

/* The sum of the pseudo header alone is what stands there before the interface has filled
 * in the rest (checksum offload). It has room for 16 bits of length. */
static bool is_partial(const struct vw_packet *packet, size_t length, uint16_t checksum)
{
    const struct vw_address *ends[] = {&packet->source, &packet->destination};
    uint64_t sum = packet->protocol + (length & 0xffff) + (length >> 16);
    size_t i;

    for (i = 0; i < 2; i++)
        sum += (ends[i]->high >> 32) + (ends[i]->high & 0xffffffff) +
               (ends[i]->low >> 32) + (ends[i]->low & 0xffffffff);
    sum = (sum >> 32) + (sum & 0xffffffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    sum = (sum >> 16) + (sum & 0xffff);
    return checksum == sum;
}

static void set_data(const struct vw_layer *layer, size_t header,
                     struct vw_packet *packet)
{
    if (header >= TCP_HEADER && layer->sent > header)
        packet->data_length = (uint32_t)(layer->sent - header);
}

/* As much as was recorded of the header, behind the ports; what is not all there is 0. */
static void read_tcp_cut(const struct vw_layer *layer, struct vw_cursor cursor,
                         struct vw_packet *packet)
{
    size_t header;

    packet->tcp_sequence = vw_cursor_u32(&cursor);
    packet->tcp_acknowledged = vw_cursor_u32(&cursor);
    header = (size_t)(vw_cursor_u8(&cursor) >> 4) * 4;
    packet->tcp_flags = vw_cursor_u8(&cursor);
    packet->has_flags = !cursor.failed;
    packet->window = vw_cursor_u16(&cursor);
    set_data(layer, header, packet);
}

static void read_tcp(const struct vw_layer *layer, struct vw_packet *packet)
{
    struct vw_cursor cursor = layer->cursor;
    const uint8_t *at = vw_cursor_take(&cursor, TCP_HEADER);
    size_t header = (size_t)(at[12] >> 4) * 4;

    packet->tcp_sequence = vw_bytes_u32(at + 4);
    packet->tcp_acknowledged = vw_bytes_u32(at + 8);
    packet->tcp_flags = at[13];
    packet->has_flags = true;
    packet->window = vw_bytes_u16(at + 14);
    set_data(layer, header, packet);
    packet->partial_checksum = is_partial(packet, layer->sent, vw_bytes_u16(at + 16));
    if ((packet->tcp_flags & VW_TCP_SYN) && header > TCP_HEADER) {
        if (cursor.left > header - TCP_HEADER)
            cursor.left = header - TCP_HEADER;
        read_options(cursor, packet);
    }
}

/* Behind the ports. */
static void read_udp(const struct vw_layer *layer, struct vw_cursor cursor,
                     struct vw_packet *packet)
{
    uint16_t checksum;

    vw_cursor_skip(&cursor, 2);
    checksum = vw_cursor_u16(&cursor);
    if (layer->sent > UDP_HEADER)
        packet->data_length = (uint32_t)(layer->sent - UDP_HEADER);
    packet->partial_checksum =
        !cursor.failed && checksum && is_partial(packet, layer->sent, checksum);
}

static bool read_ports(const struct vw_layer *layer, struct vw_packet *packet)
{
    struct vw_cursor cursor = layer->cursor;

    packet->source_port = vw_cursor_u16(&cursor);
    packet->destination_port = vw_cursor_u16(&cursor);
    packet->has_ports = !cursor.failed;
    if (packet->protocol == VW_PROTOCOL_UDP)
        read_udp(layer, cursor, packet);
    else if (packet->protocol == VW_PROTOCOL_TCP && layer->cursor.left >= TCP_HEADER)
        read_tcp(layer, packet);
    else if (packet->protocol == VW_PROTOCOL_TCP)
        read_tcp_cut(layer, cursor, packet);
    return packet->has_ports;
}

bool vw_decode_transport(const struct vw_layer *layer, struct vw_packet *packet)
{
    bool six = packet->source.family == VW_FAMILY_IPV6;
    struct vw_packet inner;

    if (packet->fragment_offset)
        return true;
    switch (packet->protocol) {
    case VW_PROTOCOL_TCP:
    case DCCP:
    case SCTP:
    case UDP_LITE:
        return read_ports(layer, packet);
    case VW_PROTOCOL_ICMP:
    case VW_PROTOCOL_ICMPV6:
        if ((packet->protocol == VW_PROTOCOL_ICMPV6) != six)
            return true;
        packet->data_length =
            (uint32_t)(layer->sent > ICMP_HEADER ? layer->sent - ICMP_HEADER : 0);
        return vw_decode_icmp(layer->cursor, packet);
    case VW_PROTOCOL_UDP:
        if (!read_ports(layer, packet))
            return false;
        break;
    }
    if (vw_decode_tunnel(layer, packet, &inner))
        *packet = inner;
    return true;
}
