/* ICMP (RFC 792, 4443): echo, and errors with the packet that they quote. */
#include "packets/decode.h"

enum { IPV4_HEADER = 20, IPV6_HEADER = 40 };

/* Ports, echo numbers, sequence number of the quoted packet: 8 bytes are all that an error
 * has to quote (RFC 792). */
static void read_quoted_transport(struct vw_cursor cursor, struct vw_quote *quote)
{
    bool six = quote->source.family == VW_FAMILY_IPV6;

    if (quote->protocol == VW_PROTOCOL_TCP || quote->protocol == VW_PROTOCOL_UDP) {
        quote->source_port = vw_cursor_u16(&cursor);
        quote->destination_port = vw_cursor_u16(&cursor);
        quote->has_ports = !cursor.failed;
        if (quote->protocol != VW_PROTOCOL_TCP)
            return;
        quote->tcp_sequence = vw_cursor_u32(&cursor);
        quote->has_sequence = !cursor.failed;
    } else if (quote->protocol == (six ? VW_PROTOCOL_ICMPV6 : VW_PROTOCOL_ICMP)) {
        uint8_t type = vw_cursor_u8(&cursor);

        vw_cursor_skip(&cursor, 3);
        quote->is_echo =
            !cursor.failed && (six ? type == 128 || type == 129 : type == 8 || type == 0);
        quote->echo_id = vw_cursor_u16(&cursor);
        quote->echo_sequence = vw_cursor_u16(&cursor);
        quote->has_echo = quote->is_echo && !cursor.failed;
    }
}

/* The IP header of the quoted packet. False where even that was cut. */
static bool read_quoted_ipv4(struct vw_cursor *cursor, struct vw_packet *inner)
{
    const uint8_t *at = vw_cursor_take(cursor, IPV4_HEADER);
    uint32_t header;

    if (!at)
        return false;
    header = (uint32_t)(at[0] & 15) * 4;
    inner->identification = vw_bytes_u16(at + 4);
    inner->fragment_offset = vw_bytes_u16(at + 6) & 0x1fff;
    inner->protocol = at[9];
    inner->source = vw_decode_ipv4_address(at + 12);
    inner->destination = vw_decode_ipv4_address(at + 16);
    if (header < IPV4_HEADER || !vw_cursor_skip(cursor, header - IPV4_HEADER))
        cursor->left = 0;
    return true;
}

static bool read_quoted_ipv6(struct vw_cursor *cursor, struct vw_packet *inner)
{
    const uint8_t *at = vw_cursor_take(cursor, IPV6_HEADER);

    if (!at)
        return false;
    inner->protocol = at[6];
    inner->source = vw_decode_ipv6_address(at + 8);
    inner->destination = vw_decode_ipv6_address(at + 24);
    if (!vw_decode_extensions(cursor, inner))
        cursor->left = 0;
    return true;
}

static void read_quote(struct vw_cursor cursor, struct vw_quote *quote)
{
    struct vw_packet inner = {0};
    unsigned version = cursor.left ? cursor.at[0] >> 4 : 0;
    bool is_there = version == 4   ? read_quoted_ipv4(&cursor, &inner)
                    : version == 6 ? read_quoted_ipv6(&cursor, &inner)
                                   : false;

    *quote = (struct vw_quote){0};
    if (!is_there)
        return;
    quote->source = inner.source;
    quote->destination = inner.destination;
    quote->protocol = inner.protocol;
    quote->identification = inner.identification;
    if (inner.fragment_offset == 0)
        read_quoted_transport(cursor, quote);
}

static bool is_error(const struct vw_packet *packet)
{
    uint8_t type = packet->icmp_type;

    if (packet->protocol == VW_PROTOCOL_ICMPV6)
        return type >= 1 && type <= 4;
    return (type >= 3 && type <= 5) || type == 11 || type == 12;
}

/* Fragmentation needed has it in 16 bits (RFC 1191), packet too big in 32. */
static void read_error(struct vw_cursor cursor, struct vw_packet *packet)
{
    uint32_t rest = vw_cursor_u32(&cursor);

    packet->is_error = true;
    if (packet->protocol == VW_PROTOCOL_ICMPV6 && packet->icmp_type == 2)
        packet->mtu = rest;
    else if (packet->protocol == VW_PROTOCOL_ICMP && packet->icmp_type == 3 &&
             packet->icmp_code == 4)
        packet->mtu = rest & 0xffff;
    read_quote(cursor, &packet->quote);
}

bool vw_decode_icmp(struct vw_cursor cursor, struct vw_packet *packet)
{
    uint8_t request = packet->protocol == VW_PROTOCOL_ICMPV6 ? 128 : 8;
    uint8_t reply = packet->protocol == VW_PROTOCOL_ICMPV6 ? 129 : 0;

    packet->icmp_type = vw_cursor_u8(&cursor);
    packet->icmp_code = vw_cursor_u8(&cursor);
    packet->has_icmp = !cursor.failed;
    vw_cursor_skip(&cursor, 2);
    if (!packet->has_icmp)
        return false;
    packet->is_reply = packet->icmp_type == reply;
    packet->is_echo = packet->is_reply || packet->icmp_type == request;
    if (packet->is_echo) {
        packet->echo_id = vw_cursor_u16(&cursor);
        packet->echo_sequence = vw_cursor_u16(&cursor);
        packet->has_echo = !cursor.failed;
    } else if (is_error(packet)) {
        read_error(cursor, packet);
    }
    return true;
}
