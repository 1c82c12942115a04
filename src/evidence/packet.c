/* IPv4 (RFC 791), IPv6 (RFC 8200), ICMP (792, 4443), TCP (9293), UDP (768); packet.h. */
#include "evidence/packet.h"

#include "base/address.h"

enum {
    EXTENSIONS_MAX = 16,
    HOP_BY_HOP = 0,
    ROUTING = 43,
    FRAGMENT = 44,
    AUTHENTICATION = 51,
    NO_NEXT_HEADER = 59,
    DESTINATION_OPTIONS = 60,
    DCCP = 33,
    SCTP = 132,
    MOBILITY = 135,
    UDP_LITE = 136,
    HIP = 139,
    SHIM6 = 140
};

static struct vw_address read_ipv6(struct vw_cursor *cursor)
{
    struct vw_address address = {.family = VW_FAMILY_IPV6};

    address.high = vw_cursor_u64(cursor);
    address.low = vw_cursor_u64(cursor);
    return address;
}

/* The addresses of the packet that an ICMP error quotes, as far as it does. */
static void read_quote(struct vw_cursor cursor, struct vw_packet *packet)
{
    unsigned version = cursor.left ? cursor.at[0] >> 4 : 0;
    struct vw_address source, destination;

    if (version == 4) {
        vw_cursor_skip(&cursor, 12);
        source = vw_address_ipv4(vw_cursor_u32(&cursor));
        destination = vw_address_ipv4(vw_cursor_u32(&cursor));
    } else if (version == 6) {
        vw_cursor_skip(&cursor, 8);
        source = read_ipv6(&cursor);
        destination = read_ipv6(&cursor);
    } else {
        return;
    }
    if (cursor.failed)
        return;
    packet->quoted_source = source;
    packet->quoted_destination = destination;
}

static bool is_error(const struct vw_packet *packet)
{
    uint8_t type = packet->icmp_type;

    if (packet->protocol == VW_PROTOCOL_ICMPV6)
        return type >= 1 && type <= 4;
    return (type >= 3 && type <= 5) || type == 11 || type == 12;
}

static void read_icmp(struct vw_cursor cursor, struct vw_packet *packet)
{
    uint8_t request = packet->protocol == VW_PROTOCOL_ICMPV6 ? 128 : 8;
    uint8_t reply = packet->protocol == VW_PROTOCOL_ICMPV6 ? 129 : 0;

    packet->icmp_type = vw_cursor_u8(&cursor);
    packet->icmp_code = vw_cursor_u8(&cursor);
    packet->has_icmp = !cursor.failed;
    vw_cursor_skip(&cursor, 2);
    if (!packet->has_icmp)
        return;
    packet->is_reply = packet->icmp_type == reply;
    packet->is_echo = packet->is_reply || packet->icmp_type == request;
    if (packet->is_echo) {
        packet->echo_id = vw_cursor_u16(&cursor);
        packet->echo_sequence = vw_cursor_u16(&cursor);
        packet->has_echo = !cursor.failed;
    } else if (is_error(packet)) {
        vw_cursor_skip(&cursor, 4);
        read_quote(cursor, packet);
    }
}

static void read_ports(struct vw_cursor cursor, struct vw_packet *packet)
{
    packet->source_port = vw_cursor_u16(&cursor);
    packet->destination_port = vw_cursor_u16(&cursor);
    packet->has_ports = !cursor.failed;
    if (packet->protocol != VW_PROTOCOL_TCP)
        return;
    vw_cursor_skip(&cursor, 9);
    packet->tcp_flags = vw_cursor_u8(&cursor);
    packet->has_flags = !cursor.failed;
}

/* What stands behind the IP headers. False where ports or type were not recorded. */
static bool read_transport(struct vw_cursor cursor, struct vw_packet *packet)
{
    bool six = packet->source.family == VW_FAMILY_IPV6;

    packet->payload = cursor.at;
    packet->payload_size = cursor.left;
    if (packet->fragment_offset)
        return true;
    if (packet->protocol == (six ? VW_PROTOCOL_ICMPV6 : VW_PROTOCOL_ICMP)) {
        read_icmp(cursor, packet);
        return packet->has_icmp;
    }
    switch (packet->protocol) {
    case VW_PROTOCOL_TCP:
    case VW_PROTOCOL_UDP:
    case DCCP:
    case SCTP:
    case UDP_LITE:
        read_ports(cursor, packet);
        return packet->has_ports;
    }
    return true;
}

/* The payload ends where the IP header says, unless less was recorded. A length of 0 is
 * how a capture shows a packet that the interface was to cut up: all of it. */
static bool trim(struct vw_cursor *cursor, size_t said, size_t sent, uint32_t header,
                 struct vw_packet *packet)
{
    size_t length = said ? said : sent;

    if (length < header)
        return false;
    packet->length = (uint32_t)length;
    if (cursor->left > length - header)
        cursor->left = length - header;
    return true;
}

/* Whether less was recorded than the packet had. */
static enum vw_packet_kind shortage(const struct vw_cursor *whole, size_t sent,
                                    size_t length)
{
    return whole->left < sent || whole->left < length ? VW_PACKET_CUT
                                                      : VW_PACKET_MALFORMED;
}

static enum vw_packet_kind read_version_4(struct vw_cursor cursor, size_t sent,
                                          struct vw_packet *packet)
{
    const struct vw_cursor whole = cursor;
    uint32_t header = (uint32_t)(vw_cursor_u8(&cursor) & 15) * 4;
    uint16_t length, fragment;

    vw_cursor_skip(&cursor, 1);
    length = vw_cursor_u16(&cursor);
    packet->identification = vw_cursor_u16(&cursor);
    fragment = vw_cursor_u16(&cursor);
    vw_cursor_skip(&cursor, 1);
    packet->protocol = vw_cursor_u8(&cursor);
    vw_cursor_skip(&cursor, 2);
    packet->source = vw_address_ipv4(vw_cursor_u32(&cursor));
    packet->destination = vw_address_ipv4(vw_cursor_u32(&cursor));
    if (cursor.failed)
        return shortage(&whole, sent, 20);
    if (header < 20 || (length && length < header))
        return VW_PACKET_MALFORMED;
    if (!vw_cursor_skip(&cursor, header - 20))
        return shortage(&whole, sent, header);
    if (!trim(&cursor, length, sent, header, packet))
        return VW_PACKET_MALFORMED;
    packet->fragment = fragment & 0x3fff;
    packet->fragment_offset = fragment & 0x1fff;
    return read_transport(cursor, packet) ? VW_PACKET_IP
                                          : shortage(&whole, sent, packet->length);
}

static bool is_extension(uint8_t protocol)
{
    return protocol == HOP_BY_HOP || protocol == ROUTING || protocol == FRAGMENT ||
           protocol == AUTHENTICATION || protocol == DESTINATION_OPTIONS ||
           protocol == MOBILITY || protocol == HIP || protocol == SHIM6;
}

/* Steps over the extension headers up to the transport's, or to that of a fragment that is
 * not the first. False where they do not end. */
static bool skip_extensions(struct vw_cursor *cursor, struct vw_packet *packet)
{
    int i;

    for (i = 0; is_extension(packet->protocol) && !packet->fragment_offset; i++) {
        uint8_t next = vw_cursor_u8(cursor);
        uint8_t length = vw_cursor_u8(cursor);

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

static enum vw_packet_kind read_version_6(struct vw_cursor cursor, size_t sent,
                                          struct vw_packet *packet)
{
    const struct vw_cursor whole = cursor;
    size_t length;

    vw_cursor_skip(&cursor, 4);
    length = vw_cursor_u16(&cursor);
    packet->protocol = vw_cursor_u8(&cursor);
    vw_cursor_skip(&cursor, 1);
    packet->source = read_ipv6(&cursor);
    packet->destination = read_ipv6(&cursor);
    if (cursor.failed)
        return shortage(&whole, sent, 40);
    /* 0 is a jumbogram, or one to be cut up, unless nothing was to follow. */
    if (length || packet->protocol == NO_NEXT_HEADER)
        length += 40;
    if (!trim(&cursor, length, sent, 40, packet))
        return VW_PACKET_MALFORMED;
    if (!skip_extensions(&cursor, packet))
        return shortage(&whole, sent, packet->length);
    return read_transport(cursor, packet) ? VW_PACKET_IP
                                          : shortage(&whole, sent, packet->length);
}

void vw_packet_read(enum vw_link link, const uint8_t *bytes, size_t size,
                    size_t wire_size, struct vw_packet *ret_packet)
{
    struct vw_packet packet = {0};
    struct vw_cursor cursor = {bytes, size, false};
    size_t sent;
    unsigned version;

    packet.kind = vw_packet_link(link, &cursor, &version, &packet.direction);
    if (packet.kind == VW_PACKET_CUT && size >= wire_size)
        packet.kind = VW_PACKET_MALFORMED;
    /* Some tools write a wire size below what they recorded. */
    sent = (wire_size > size ? wire_size : size) - (size - cursor.left);
    if (packet.kind == VW_PACKET_IP) {
        unsigned found = cursor.left ? cursor.at[0] >> 4 : 0;

        if (cursor.left == 0)
            packet.kind = sent ? VW_PACKET_CUT : VW_PACKET_MALFORMED;
        else if (found == 4 && version != 6)
            packet.kind = read_version_4(cursor, sent, &packet);
        else if (found == 6 && version != 4)
            packet.kind = read_version_6(cursor, sent, &packet);
        else
            packet.kind = VW_PACKET_MALFORMED;
    }
    *ret_packet = packet;
}
