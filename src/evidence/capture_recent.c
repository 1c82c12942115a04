/* Packets recorded twice, and fragments; see capture_recent.h. */
#include "evidence/capture_recent.h"

#include <string.h>

#include "base/map.h"

/* How far apart the two records of one packet may be. A packet with an IP id or an echo
 * number is told from the next one by its content; others (IPv6, id 0) may well be sent
 * twice the same, as duplicate acknowledgements are. */
#define NUMBERED_NANOSECONDS INT64_C(5000000)
#define UNNUMBERED_NANOSECONDS INT64_C(100000)
/* Longer than any stack keeps fragments (RFC 791: 15 s, RFC 8200: 60 s). */
#define FRAGMENT_NANOSECONDS INT64_C(60000000000)

enum { PAYLOAD_MAX = 64 };

/* What makes two packets the same one; without padding, to be hashed as bytes. */
struct identity {
    uint64_t addresses[4];
    uint64_t payload;
    uint32_t identification, length;
    uint16_t offset, family;
    uint8_t protocol, direction;
    uint8_t zero[2];
};

/* The payload without the checksum of TCP and UDP: a capture on the sending host has not
 * got the one that is filled in by the interface. */
static uint64_t hash_payload(const struct vw_packet *packet)
{
    uint8_t bytes[PAYLOAD_MAX];
    size_t size = packet->payload_size < PAYLOAD_MAX ? packet->payload_size : PAYLOAD_MAX;
    size_t checksum = packet->protocol == VW_PROTOCOL_TCP   ? 16
                      : packet->protocol == VW_PROTOCOL_UDP ? 6
                                                            : PAYLOAD_MAX;

    if (size == 0)
        return 0;
    memcpy(bytes, packet->payload, size);
    if (packet->fragment_offset == 0 && checksum + 2 <= size)
        memset(bytes + checksum, 0, 2);
    return vw_hash(bytes, size);
}

/* Never 0. */
static uint64_t hash_packet(const struct vw_packet *packet, bool whole)
{
    struct identity identity = {
        .addresses = {packet->source.high, packet->source.low, packet->destination.high,
                      packet->destination.low},
        .payload = whole ? hash_payload(packet) : 0,
        .identification = packet->identification,
        .length = whole ? packet->length : 0,
        .offset = whole ? packet->fragment_offset : 0,
        .family = (uint16_t)packet->source.family,
        .protocol =
            whole || packet->source.family == VW_FAMILY_IPV4 ? packet->protocol : 0,
        .direction = (uint8_t)packet->direction,
    };
    uint64_t hash = vw_hash(&identity, sizeof identity);

    return hash ? hash : 1;
}

static bool is_near(int64_t a, int64_t b, int64_t limit)
{
    if (a == VW_TIME_UNKNOWN || b == VW_TIME_UNKNOWN)
        return false;
    return a < b ? b - a <= limit : a - b <= limit;
}

bool vw_recent_repeated(struct vw_recent *recent, const struct vw_packet *packet,
                        int64_t time)
{
    uint64_t hash = hash_packet(packet, true);
    struct vw_recent_packet *entry = &recent->packets[hash % VW_RECENT_PACKETS];
    int64_t limit = packet->identification || packet->has_echo ? NUMBERED_NANOSECONDS
                                                               : UNNUMBERED_NANOSECONDS;
    bool repeated = entry->hash == hash && is_near(entry->time, time, limit);

    *entry = (struct vw_recent_packet){hash, time};
    recent->repeated += repeated;
    return repeated;
}

struct vw_recent_fragments *vw_recent_fragments(struct vw_recent *recent,
                                                const struct vw_packet *packet,
                                                int64_t time)
{
    uint64_t hash = hash_packet(packet, false);
    struct vw_recent_fragments *entry = &recent->fragments[hash % VW_RECENT_FRAGMENTS];

    if (entry->hash != hash ||
        (time != VW_TIME_UNKNOWN && !is_near(entry->time, time, FRAGMENT_NANOSECONDS))) {
        recent->orphans += entry->waiting_records > 0;
        *entry = (struct vw_recent_fragments){.hash = hash};
    }
    entry->time = time;
    return entry;
}

void vw_recent_settle(struct vw_recent *recent)
{
    size_t i;

    for (i = 0; i < VW_RECENT_FRAGMENTS; i++) {
        recent->orphans += recent->fragments[i].waiting_records > 0;
        recent->fragments[i].waiting_records = 0;
    }
}
