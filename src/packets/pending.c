/* What is kept of a packet until it is judged; see pending.h. */
#include "packets/pending.h"

#include "packets/mix.h"

_Static_assert(offsetof(struct vw_pending, tuple.wide) == 64, "IPv4 has one line");
_Static_assert(sizeof(struct vw_pending) == 128, "lines are not shared");

static void set_addresses(struct vw_tuple *tuple, struct vw_address source,
                          struct vw_address destination)
{
    tuple->family = (uint8_t)source.family;
    tuple->address[VW_SOURCE] = (uint32_t)source.low;
    tuple->address[VW_DESTINATION] = (uint32_t)destination.low;
    if (source.family != VW_FAMILY_IPV6)
        return;
    tuple->wide.high[VW_SOURCE] = source.high;
    tuple->wide.low[VW_SOURCE] = source.low;
    tuple->wide.high[VW_DESTINATION] = destination.high;
    tuple->wide.low[VW_DESTINATION] = destination.low;
}

struct vw_address vw_tuple_address(const struct vw_tuple *tuple, int end)
{
    if (tuple->family == VW_FAMILY_IPV6)
        return (struct vw_address){.family = VW_FAMILY_IPV6,
                                   .high = tuple->wide.high[end],
                                   .low = tuple->wide.low[end]};
    return (struct vw_address){.family = VW_FAMILY_IPV4, .low = tuple->address[end]};
}

/* Of IPv6 all bits of both addresses, of IPv4 all that there are. */
static uint64_t hash_end(const struct vw_tuple *tuple, int end)
{
    if (tuple->family == VW_FAMILY_IPV6)
        return vw_mix(vw_mix(tuple->port[end], tuple->wide.low[end]),
                      tuple->wide.high[end]);
    return vw_mix(tuple->port[end], tuple->address[end]);
}

void vw_tuple_hash(struct vw_tuple *tuple)
{
    uint64_t source = hash_end(tuple, VW_SOURCE);
    uint64_t destination = hash_end(tuple, VW_DESTINATION);

    if (tuple->is_one_way)
        destination = vw_mix(destination, 1);
    tuple->hash = vw_mix(source + destination, (source ^ destination) + tuple->protocol);
}

uint64_t vw_echo_hash(struct vw_address requester, struct vw_address target, uint16_t id)
{
    return vw_mix_address(vw_mix_address(id, requester), target);
}

/* The type that answers `type`; false where none does. */
static bool answering_type(bool six, uint8_t type, uint16_t *ret)
{
    static const uint8_t pairs[2][6][2] = {
        {{0, 8}, {9, 10}, {13, 14}, {15, 16}, {17, 18}, {0, 8}},
        {{128, 129}, {133, 134}, {135, 136}, {130, 131}, {139, 140}, {144, 145}}};
    size_t i;

    for (i = 0; i < sizeof pairs[0] / sizeof *pairs[0]; i++) {
        if (pairs[six][i][0] == type || pairs[six][i][1] == type) {
            *ret = pairs[six][i][pairs[six][i][0] == type];
            return true;
        }
    }
    return false;
}

void vw_tuple_set(struct vw_tuple *tuple, const struct vw_packet *packet)
{
    set_addresses(tuple, packet->source, packet->destination);
    tuple->protocol = packet->protocol;
    tuple->is_one_way = false;
    tuple->port[VW_SOURCE] = packet->source_port;
    tuple->port[VW_DESTINATION] = packet->destination_port;
    if (packet->has_icmp) {
        uint16_t other = packet->icmp_code;

        tuple->is_one_way = !answering_type(packet->protocol == VW_PROTOCOL_ICMPV6,
                                            packet->icmp_type, &other);
        tuple->port[VW_SOURCE] = packet->icmp_type;
        tuple->port[VW_DESTINATION] = other;
    }
    vw_tuple_hash(tuple);
}

void vw_tuple_set_quote(struct vw_tuple *tuple, const struct vw_quote *quote)
{
    set_addresses(tuple, quote->source, quote->destination);
    tuple->protocol = quote->protocol;
    tuple->is_one_way = false;
    tuple->port[VW_SOURCE] = quote->source_port;
    tuple->port[VW_DESTINATION] = quote->destination_port;
    vw_tuple_hash(tuple);
}

static enum vw_pending_kind kind_of(const struct vw_packet *packet)
{
    if (packet->fragment_offset)
        return VW_PENDING_LATER;
    if (packet->has_echo)
        return VW_PENDING_ECHO;
    return packet->is_error ? VW_PENDING_ERROR : VW_PENDING_FLOW;
}

void vw_pending_set(struct vw_pending *pending, const struct vw_packet *packet)
{
    pending->length = packet->length;
    pending->data_length = packet->data_length;
    pending->tcp_sequence = packet->tcp_sequence;
    pending->tcp_acknowledged = packet->tcp_acknowledged;
    pending->window = packet->window;
    pending->mss = packet->mss;
    pending->ttl = packet->ttl;
    pending->tcp_flags = packet->tcp_flags;
    pending->kind = kind_of(packet) & 3;
    pending->is_whole = packet->fragment || pending->kind == VW_PENDING_ERROR;
    pending->has_flags = packet->has_flags;
    pending->is_snapped = packet->is_snapped;
    pending->fragment = packet->fragment;
    pending->is_reply = packet->is_reply;
    pending->dont_fragment = packet->dont_fragment;
    if (pending->kind == VW_PENDING_ECHO) {
        set_addresses(&pending->tuple, packet->source, packet->destination);
        pending->tuple.port[VW_SOURCE] = packet->echo_id;
        pending->tuple.port[VW_DESTINATION] = packet->echo_sequence;
        pending->tuple.hash =
            packet->is_reply
                ? vw_echo_hash(packet->destination, packet->source, packet->echo_id)
                : vw_echo_hash(packet->source, packet->destination, packet->echo_id);
    } else {
        vw_tuple_set(&pending->tuple, packet);
    }
}
