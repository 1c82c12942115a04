/* Where each witness stands to a flow, and how far its silence can be trusted. */
#include "evidence/journey.h"

#include "base/address.h"

/* Clocks of two hosts that no packet compares may be so far apart; such that packets
 * compare, by no more than what that measure may be off. */
#define UNCOMPARED_SLACK (120 * VW_SECOND)
#define COMPARED_SLACK (2 * VW_SECOND)

static bool has_flow(const struct vw_journey_leg *leg)
{
    return leg->index != SIZE_MAX;
}

static bool owns(const struct vw_witness_state *witness, struct vw_address address)
{
    size_t i;

    for (i = 0; i < witness->own_count; i++)
        if (vw_address_equal(witness->own[i], address))
            return true;
    return vw_address_equal(witness->facts.own, address) &&
           address.family != VW_FAMILY_NONE;
}

static bool is_known(const struct vw_witness_state *witness)
{
    return witness->own_count > 0 || witness->facts.own.family != VW_FAMILY_NONE;
}

static enum vw_place_of place_of(const struct vw_witness_state *witness,
                                 const struct vw_journey *journey,
                                 const struct vw_journey_leg *leg)
{
    bool here = has_flow(leg);

    if (owns(witness, here ? leg->source : journey->source))
        return VW_PLACE_SOURCE;
    if (owns(witness, here ? leg->destination : journey->destination))
        return VW_PLACE_TARGET;
    return here ? VW_PLACE_BETWEEN : VW_PLACE_UNKNOWN;
}

/* A flow at one end, and a second capture that is of nobody known since it is empty: what
 * would anybody put beside the first but the other end? */
static void place_empty_one(const struct vw_journeys *journeys,
                            struct vw_journey *journey)
{
    bool source = false, target = false;
    size_t w;

    for (w = 0; w < journeys->witness_count; w++) {
        source |= journey->legs[w].place == VW_PLACE_SOURCE;
        target |= journey->legs[w].place == VW_PLACE_TARGET;
    }
    if (source == target || journeys->witness_count != 2)
        return;
    for (w = 0; w < journeys->witness_count; w++)
        if (journey->legs[w].place == VW_PLACE_UNKNOWN &&
            !is_known(&journeys->witnesses[w]))
            journey->legs[w].place = source ? VW_PLACE_TARGET : VW_PLACE_SOURCE;
}

/* ---- silence ---- */

/* The window of a capture by the clock of the first witness. */
static bool window_of(const struct vw_witness_state *witness, int64_t *ret_first,
                      int64_t *ret_last)
{
    const struct vw_capture_facts *facts;
    int64_t offset = witness->facts.has_offset ? witness->facts.offset : 0;
    struct vw_capture_place place;
    size_t i;

    if (!witness->capture)
        return false;
    facts = vw_capture_facts(witness->capture);
    *ret_first = facts->first;
    *ret_last = facts->last;
    for (i = 0; i < facts->place_count; i++) {
        vw_capture_get_place(witness->capture, i, &place);
        if (place.window_start != VW_TIME_UNKNOWN &&
            (*ret_first == VW_TIME_UNKNOWN || place.window_start < *ret_first))
            *ret_first = place.window_start;
        if (place.window_end != VW_TIME_UNKNOWN &&
            (*ret_last == VW_TIME_UNKNOWN || place.window_end > *ret_last))
            *ret_last = place.window_end;
    }
    if (*ret_first == VW_TIME_UNKNOWN || *ret_last == VW_TIME_UNKNOWN)
        return false;
    *ret_first -= offset;
    *ret_last -= offset;
    return true;
}

static bool is_imperfect(const struct vw_capture *capture)
{
    const struct vw_capture_facts *facts = vw_capture_facts(capture);

    return facts->is_damaged || facts->dropped > 0 || facts->cut > 0 ||
           facts->unread > 0 || facts->too_many_flows;
}

/* When the flow's packets were sent, by the clock of the first witness. */
static bool time_of(const struct vw_journeys *journeys, const struct vw_journey *journey,
                    int64_t *ret_first, int64_t *ret_last)
{
    size_t w;

    for (w = 0; w < journeys->witness_count; w++) {
        const struct vw_witness_facts *facts = &journeys->witnesses[w].facts;
        int64_t offset = facts->has_offset ? facts->offset : 0;

        if (!has_flow(&journey->legs[w]) || journey->legs[w].first == VW_TIME_UNKNOWN)
            continue;
        *ret_first = journey->legs[w].first - offset;
        *ret_last = journey->legs[w].last - offset;
        return true;
    }
    return false;
}

static enum vw_cover cover_of(const struct vw_journeys *journeys,
                              const struct vw_journey *journey, size_t w)
{
    const struct vw_witness_state *witness = &journeys->witnesses[w];
    int64_t slack = witness->facts.has_offset ? COMPARED_SLACK : UNCOMPARED_SLACK;
    int64_t from, to, first, last;

    if (has_flow(&journey->legs[w]))
        return VW_COVER_SEEN;
    if (!window_of(witness, &from, &to) || !time_of(journeys, journey, &first, &last))
        return VW_COVER_MAYBE;
    if (last < from - slack || first > to + slack)
        return VW_COVER_ELSEWHEN;
    if (is_imperfect(witness->capture))
        return VW_COVER_IMPERFECT;
    if (journeys->filter)
        return VW_COVER_FILTERED;
    if (first > to || last < from)
        return VW_COVER_MAYBE;
    return VW_COVER_RUNNING;
}

void vw_journey_place(struct vw_journeys *journeys)
{
    size_t i, w;

    for (i = 0; i < journeys->items.count; i++) {
        struct vw_journey *journey = &journeys->items.items[i];

        for (w = 0; w < journeys->witness_count; w++) {
            journey->legs[w].place =
                place_of(&journeys->witnesses[w], journey, &journey->legs[w]);
            journey->legs[w].cover = cover_of(journeys, journey, w);
        }
        place_empty_one(journeys, journey);
    }
}

/* ---- asked ---- */

const struct vw_journey_leg *vw_journey_leg_at(const struct vw_journeys *journeys,
                                               const struct vw_journey *journey,
                                               enum vw_place_of place)
{
    size_t w;

    for (w = 0; w < journeys->witness_count; w++)
        if (journey->legs[w].place == place && has_flow(&journey->legs[w]))
            return &journey->legs[w];
    return NULL;
}

const struct vw_journey_leg *vw_journey_end(const struct vw_journeys *journeys,
                                            const struct vw_journey *journey,
                                            enum vw_place_of place)
{
    const struct vw_journey_leg *found = vw_journey_leg_at(journeys, journey, place);
    size_t w;

    for (w = 0; !found && w < journeys->witness_count; w++)
        if (journey->legs[w].place == place)
            found = &journey->legs[w];
    return found;
}
