/*
 * Whether what was lost was lost for its size: between two addresses, all that passed is
 * smaller than all that was lost, and what was lost may not be cut up. A path whose
 * routers say so (ICMP 3/4, packet too big) is no black hole: the sender learns. What a
 * capture shows above the interface's MTU was cut up by the interface (TSO) and proves
 * nothing; what is sent again is sent in segments.
 */
#include "evidence/journey.h"

#include "base/address.h"

enum {
    TCP = 6,
    /* No network's MTU is smaller than this where it matters (RFC 8200). */
    SMALLEST_MTU = 1280,
    IPV4_HEADER = 20,
    IPV6_HEADER = 40,
    ECHO_HEADER = 8,
    TCP_HEADER = 20
};

static uint32_t header_of(const struct vw_journey *journey)
{
    uint32_t ip = journey->source.family == VW_FAMILY_IPV6 ? IPV6_HEADER : IPV4_HEADER;

    return ip + (journey->is_echo ? ECHO_HEADER : TCP_HEADER);
}

static const struct vw_journey_leg *sending_leg(const struct vw_journeys *journeys,
                                                const struct vw_journey *journey,
                                                const struct vw_capture **ret_capture)
{
    const struct vw_journey_leg *leg =
        vw_journey_leg_at(journeys, journey, VW_PLACE_SOURCE);

    if (leg)
        *ret_capture = journeys->witnesses[leg - journey->legs].capture;
    return leg;
}

/* Bytes of the largest packet that is known to have passed, and of the smallest that was
 * lost and may not be cut up; 0: none. */
static void measure_echo(const struct vw_journey *journey,
                         const struct vw_capture *capture, size_t index,
                         uint32_t *ret_passed, uint32_t *ret_lost)
{
    struct vw_echo_series echo;

    vw_capture_get_echo(capture, index, &echo);
    if (echo.answered > 0 && !echo.is_fragmented)
        *ret_passed = echo.answered_most + header_of(journey);
    else if (echo.answered == 0 && echo.unanswered > 0 &&
             (echo.dont_fragment || journey->source.family == VW_FAMILY_IPV6))
        *ret_lost = echo.payload_least + header_of(journey);
}

static void measure_tcp(const struct vw_journey *journey,
                        const struct vw_capture *capture, size_t index,
                        uint32_t *ret_passed, uint32_t *ret_lost)
{
    struct vw_conversation it;

    vw_capture_get_conversation(capture, index, &it);
    if (it.outcome == VW_TALK_REFUSED || it.syn_ack_count > 0)
        *ret_passed = it.largest_confirmed[VW_ORIGINATOR] + header_of(journey);
    if (it.outcome == VW_TALK_STALLED && it.stalled == VW_ORIGINATOR && it.suspects_mtu &&
        it.stalled_size > 0)
        *ret_lost = it.stalled_size + header_of(journey);
}

static void measure(const struct vw_journeys *journeys, const struct vw_journey *journey,
                    uint32_t *ret_passed, uint32_t *ret_lost)
{
    const struct vw_capture *capture = NULL;
    const struct vw_journey_leg *leg = sending_leg(journeys, journey, &capture);

    *ret_passed = *ret_lost = 0;
    if (leg && journey->is_echo)
        measure_echo(journey, capture, leg->index, ret_passed, ret_lost);
    else if (leg && journey->protocol == TCP)
        measure_tcp(journey, capture, leg->index, ret_passed, ret_lost);
}

/* The largest that passed, by the two between whom it did. */
static int find_passed(const struct vw_journeys *journeys, struct vw_journey_pairs *ret)
{
    uint32_t passed, lost;
    size_t i;

    for (i = 0; i < journeys->items.count; i++) {
        measure(journeys, &journeys->items.items[i], &passed, &lost);
        if (passed && vw_journey_pairs_add(ret, &journeys->items.items[i], passed))
            return VW_ERROR_NO_MEMORY;
    }
    vw_journey_pairs_sort(ret);
    return 0;
}

static bool may_be_for_size(const struct vw_journey *journey)
{
    return journey->fate == VW_FATE_REQUEST_LOST || journey->fate == VW_FATE_STALLED ||
           journey->fate == VW_FATE_NO_REPLY;
}

static void weigh(const struct vw_journeys *journeys, struct vw_journey *journey,
                  const struct vw_journey_pairs *all_passed)
{
    uint32_t passed, lost;

    measure(journeys, journey, &passed, &lost);
    if (lost < SMALLEST_MTU)
        return;
    passed = vw_journey_pairs_get(all_passed, journey);
    if (passed == 0 || passed >= lost)
        return;
    journey->fate = VW_FATE_MTU_BLACK_HOLE;
    journey->passed_most = passed;
    journey->lost_least = lost;
}

int vw_journey_weigh(struct vw_journeys *journeys)
{
    struct vw_journey_pairs passed = {0};
    int error = find_passed(journeys, &passed);
    size_t i;

    for (i = 0; i < journeys->items.count && !error; i++)
        if (may_be_for_size(&journeys->items.items[i]))
            weigh(journeys, &journeys->items.items[i], &passed);
    vw_array_free(&passed);
    return error;
}
