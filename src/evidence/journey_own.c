/*
 * Whose capture it is. All that a host's capture holds has the host at one of its ends; of
 * two hosts that only talk with each other, the one whose packets have not passed a router
 * yet is at home. AWS's own routers do not count hops, so that may not tell; then, of two
 * captures, the one that waited longer for answers was taken where the requests came from.
 */
#include "evidence/journey.h"

#include <string.h>

#include "base/address.h"

static void narrow(struct vw_journey_owners *owners, struct vw_address a,
                   struct vw_address b)
{
    const struct vw_address ends[2] = {a, b};
    size_t i, kept = 0;

    if (owners->flows++ == 0) {
        memcpy(owners->items, ends, sizeof ends);
        owners->count = vw_address_equal(a, b) ? 1 : 2;
        return;
    }
    for (i = 0; i < owners->count; i++)
        if (vw_address_equal(owners->items[i], a) ||
            vw_address_equal(owners->items[i], b))
            owners->items[kept++] = owners->items[i];
    owners->count = kept;
}

/* Systems begin with one of these, and no way has more hops than that. */
enum { HOPS_MOST = 30 };

static bool is_fresh(uint8_t ttl)
{
    return ttl == 64 || ttl == 128 || ttl == 255;
}

static bool is_stale(uint8_t ttl)
{
    return (ttl < 64 && ttl >= 64 - HOPS_MOST) || (ttl < 128 && ttl >= 128 - HOPS_MOST) ||
           (ttl < 255 && ttl >= 255 - HOPS_MOST);
}

void vw_journey_weigh_sender(struct vw_journey_owners *owners, struct vw_address sender,
                             uint8_t ttl)
{
    size_t i;

    for (i = 0; i < owners->count; i++) {
        if (!vw_address_equal(owners->items[i], sender))
            continue;
        owners->fresh[i] += is_fresh(ttl);
        owners->stale[i] += is_stale(ttl);
    }
}

/* RFC 5771, RFC 4291; and all of the link. */
static bool is_group(struct vw_address address)
{
    if (address.family == VW_FAMILY_IPV6)
        return address.high >> 56 == 0xff;
    return address.low >> 28 == 0xe || address.low == UINT32_MAX;
}

/* Neighbours, routers and groups of the link are no flow between hosts. */
static bool is_of_link(const struct vw_conversation *it)
{
    return vw_journey_is_of_link(it->protocol, it->port[VW_ORIGINATOR]) ||
           is_group(it->responder);
}

static void narrow_all(const struct vw_capture *capture, struct vw_journey_owners *owners)
{
    struct vw_conversation it;
    struct vw_icmp_error error;
    struct vw_echo_series echo;
    size_t i;

    for (i = 0; i < vw_capture_echo_count(capture); i++) {
        vw_capture_get_echo(capture, i, &echo);
        narrow(owners, echo.requester, echo.target);
    }
    for (i = 0; i < vw_capture_conversation_count(capture); i++) {
        vw_capture_get_conversation(capture, i, &it);
        if (!is_of_link(&it))
            narrow(owners, it.originator, it.responder);
    }
    for (i = 0; i < vw_capture_error_count(capture); i++) {
        vw_capture_get_error(capture, i, &error);
        narrow(owners, error.reporter, error.receiver);
    }
}

static void weigh_all(const struct vw_capture *capture, struct vw_journey_owners *owners)
{
    struct vw_conversation it;
    struct vw_echo_series echo;
    size_t i;

    for (i = 0; i < vw_capture_echo_count(capture); i++) {
        vw_capture_get_echo(capture, i, &echo);
        vw_journey_weigh_sender(owners, echo.requester, echo.ttl[VW_ORIGINATOR]);
        vw_journey_weigh_sender(owners, echo.target, echo.ttl[VW_RESPONDER]);
    }
    for (i = 0; i < vw_capture_conversation_count(capture); i++) {
        vw_capture_get_conversation(capture, i, &it);
        vw_journey_weigh_sender(owners, it.originator, it.ttl[VW_ORIGINATOR]);
        vw_journey_weigh_sender(owners, it.responder,
                                it.ttl[VW_RESPONDER] ? it.ttl[VW_RESPONDER]
                                                     : it.reset_ttl);
    }
}

struct vw_address vw_journey_settle_owner(const struct vw_journey_owners *owners)
{
    static const struct vw_address none = {.family = VW_FAMILY_NONE};
    size_t i, found = 2;

    /* A router sees the same packets before and after it counts a hop. */
    for (i = 0; i < owners->count; i++)
        if (owners->stale[i] > 0 && owners->fresh[i] > 0)
            return none;
    if (owners->count == 1)
        return owners->stale[0] > 0 ? none : owners->items[0];
    for (i = 0; i < owners->count; i++) {
        bool other_is_far = owners->stale[1 - i] > 0 && owners->fresh[1 - i] == 0;

        if (owners->stale[i] > 0 || (owners->fresh[i] == 0 && !other_is_far))
            continue;
        if (found < 2)
            return none; /* both look as if they were at home */
        found = i;
    }
    return found < 2 ? owners->items[found] : none;
}

struct vw_address vw_journey_own(const struct vw_capture *capture,
                                 struct vw_journey_owners *owners)
{
    narrow_all(capture, owners);
    weigh_all(capture, owners);
    return vw_journey_settle_owner(owners);
}

/* ---- two that look alike ---- */

/* How long that capture waited for the first answer, or VW_UNRECORDED. */
static int64_t wait_of(const struct vw_journeys *journeys,
                       const struct vw_journey *journey, size_t w)
{
    const struct vw_capture *capture = journeys->witnesses[w].capture;
    const struct vw_journey_leg *leg = &journey->legs[w];
    struct vw_conversation it;
    struct vw_echo_series echo;

    if (leg->index == SIZE_MAX)
        return VW_UNRECORDED;
    if (leg->is_echo) {
        vw_capture_get_echo(capture, leg->index, &echo);
        return echo.timed > 0 ? echo.rtt_median : VW_UNRECORDED;
    }
    vw_capture_get_conversation(capture, leg->index, &it);
    return it.connect_time;
}

static bool is_unknown(const struct vw_witness_state *witness)
{
    return witness->own_count == 0 && witness->facts.own.family == VW_FAMILY_NONE;
}

static void tell(struct vw_journeys *journeys, const struct vw_journey *journey)
{
    int64_t waits[2] = {wait_of(journeys, journey, 0), wait_of(journeys, journey, 1)};
    size_t nearer = waits[1] > waits[0];

    if (waits[0] < 0 || waits[1] < 0 || waits[0] == waits[1])
        return;
    if (is_unknown(&journeys->witnesses[nearer]))
        journeys->witnesses[nearer].facts.own = journey->legs[nearer].source;
    if (is_unknown(&journeys->witnesses[1 - nearer]))
        journeys->witnesses[1 - nearer].facts.own = journey->legs[1 - nearer].destination;
}

/* Two captures are not of one host: of the two addresses that are left for one of them, it
 * is not the other one's. */
static void eliminate(struct vw_journeys *journeys, size_t unknown)
{
    struct vw_witness_state *witness = &journeys->witnesses[unknown];
    struct vw_address other = journeys->witnesses[1 - unknown].facts.own;
    size_t i;

    if (!is_unknown(witness) || witness->owners.count != 2 ||
        other.family == VW_FAMILY_NONE)
        return;
    for (i = 0; i < 2; i++)
        if (vw_address_equal(witness->owners.items[i], other))
            witness->facts.own = witness->owners.items[1 - i];
}

void vw_journey_tell_ends(struct vw_journeys *journeys)
{
    size_t i;

    if (journeys->witness_count != 2)
        return;
    eliminate(journeys, 0);
    eliminate(journeys, 1);
    for (i = 0; i < journeys->items.count && (is_unknown(&journeys->witnesses[0]) ||
                                              is_unknown(&journeys->witnesses[1]));
         i++)
        tell(journeys, &journeys->items.items[i]);
}
