/* Packets recorded twice, and fragments; see recent.h. */
#include "packets/recent.h"

#include <string.h>

#include "packets/mix.h"

/* How far apart the two records of one packet may be. A packet with an IP id or an echo
 * number is told from the next one by its content; others (IPv6, id 0) may well be sent
 * twice the same, as duplicate acknowledgements are. */
#define NUMBERED_NANOSECONDS INT64_C(5000000)
#define UNNUMBERED_NANOSECONDS INT64_C(100000)
/* Longer than any stack keeps fragments (RFC 791: 15 s, RFC 8200: 60 s). */
#define FRAGMENT_NANOSECONDS INT64_C(60000000000)

/* Of the payload, headers of the transport and 12 to 24 bytes more. */
enum { PAYLOAD_MAX = 32, TCP_CHECKSUM = 16, UDP_CHECKSUM = 6 };

static uint64_t mix_payload(const struct vw_packet *packet)
{
    uint64_t words[PAYLOAD_MAX / 8] = {0};
    uint8_t *bytes = (uint8_t *)words;
    size_t size = packet->payload_size;

    if (size >= PAYLOAD_MAX)
        memcpy(bytes, packet->payload, PAYLOAD_MAX);
    else if (size > 0)
        memcpy(bytes, packet->payload, size);
    if (packet->fragment_offset == 0 && packet->protocol == VW_PROTOCOL_TCP &&
        size >= TCP_CHECKSUM + 2)
        memset(bytes + TCP_CHECKSUM, 0, 2);
    if (packet->fragment_offset == 0 && packet->protocol == VW_PROTOCOL_UDP &&
        size >= UDP_CHECKSUM + 2)
        memset(bytes + UDP_CHECKSUM, 0, 2);
    return vw_mix(vw_mix(words[0], words[1]), vw_mix(words[2], words[3]));
}

static uint64_t mix_addresses(const struct vw_packet *packet)
{
    return vw_mix_address(vw_mix_address(packet->identification, packet->source),
                          packet->destination);
}

uint64_t vw_packet_identity(const struct vw_packet *packet)
{
    uint64_t hash = vw_mix(mix_addresses(packet) ^ mix_payload(packet),
                           (uint64_t)packet->length << 32 |
                               (uint64_t)packet->fragment_offset << 8 | packet->protocol);

    return hash ? hash : 1;
}

static bool is_near(int64_t a, int64_t b, int64_t limit)
{
    if (a == VW_TIME_UNKNOWN || b == VW_TIME_UNKNOWN)
        return false;
    return a < b ? b - a <= limit : a - b <= limit;
}

enum vw_repeat vw_recent_repeat(struct vw_recent *recent, const struct vw_packet *packet,
                                uint64_t identity, int64_t time)
{
    struct vw_recent_packet *entry = &recent->packets[identity % VW_RECENT_PACKETS];
    const struct vw_recent_packet now = {identity, time, packet->interface, packet->ttl,
                                         (uint8_t)packet->direction};
    struct vw_recent_packet last;
    int64_t limit = packet->identification || packet->has_echo ? NUMBERED_NANOSECONDS
                                                               : UNNUMBERED_NANOSECONDS;

    if (entry->identity != identity || !is_near(entry->time, time, limit)) {
        *entry = now;
        return VW_REPEAT_NONE;
    }
    last = *entry;
    *entry = now;
    if (last.direction != now.direction)
        return VW_REPEAT_TURNED;
    return last.interface == now.interface && last.ttl == now.ttl ? VW_REPEAT_COPY
                                                                  : VW_REPEAT_VIEW;
}

struct vw_recent_fragments *vw_recent_fragments(struct vw_fragments *fragments,
                                                const struct vw_packet *packet,
                                                int64_t time)
{
    /* Fragments of IPv6 carry the protocol in the first only, as far as that is known. */
    uint64_t hash =
        vw_mix(mix_addresses(packet),
               packet->source.family == VW_FAMILY_IPV4 ? packet->protocol : 0);
    struct vw_recent_fragments *entry;

    hash = hash ? hash : 1;
    entry = &fragments->entries[hash % VW_RECENT_FRAGMENTS];
    if (entry->hash != hash ||
        (time != VW_TIME_UNKNOWN && !is_near(entry->time, time, FRAGMENT_NANOSECONDS))) {
        fragments->orphans += entry->waiting_records > 0;
        *entry = (struct vw_recent_fragments){.hash = hash};
    }
    entry->time = time;
    return entry;
}

void vw_fragments_settle(struct vw_fragments *fragments)
{
    size_t i;

    for (i = 0; i < VW_RECENT_FRAGMENTS; i++) {
        fragments->orphans += fragments->entries[i].waiting_records > 0;
        fragments->entries[i].waiting_records = 0;
    }
}
