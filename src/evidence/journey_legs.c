/*
 * Echo series and conversations of all captures, the same flow in one journey: where no
 * address was translated between, its addresses, ports or id tell. Where a tuple was used
 * again, the one whose time is nearest.
 */
#include "evidence/journey.h"

#include "base/address.h"
#include "base/memory.h"
#include "packets/mix.h"

enum { PROTOCOL_ICMPV6 = 58 };

uint64_t vw_journey_hash(const struct vw_journey_tuple *tuple)
{
    uint64_t ports =
        (uint64_t)(uint32_t)tuple->source_port << 32 | (uint32_t)tuple->destination_port;

    return vw_mix_address(vw_mix_address(ports, tuple->source), tuple->destination) ^
           (uint64_t)tuple->protocol << 1 ^ tuple->is_echo;
}

bool vw_journey_is(const struct vw_journey_leg *leg, int protocol,
                   const struct vw_journey_tuple *tuple)
{
    return leg->index != SIZE_MAX && leg->is_echo == tuple->is_echo &&
           protocol == tuple->protocol && leg->source_port == tuple->source_port &&
           leg->destination_port == tuple->destination_port &&
           vw_address_equal(leg->source, tuple->source) &&
           vw_address_equal(leg->destination, tuple->destination);
}

bool vw_journey_is_of_link(int protocol, unsigned type)
{
    return protocol == PROTOCOL_ICMPV6 &&
           ((type >= 130 && type <= 137) || type == 143 || type == 151 || type == 152);
}

/* Journeys by the hash of the tuple of their first leg: chains of numbers plus one. */
struct collection {
    struct vw_journeys *journeys;
    uint32_t *heads;
    size_t capacity;              /* a power of two */
    struct vw_journey_chain next; /* by journey */
};

static size_t count_flows(const struct vw_journeys *journeys)
{
    size_t i, count = 0;

    for (i = 0; i < journeys->witness_count; i++)
        if (journeys->witnesses[i].capture)
            count += vw_capture_echo_count(journeys->witnesses[i].capture) +
                     vw_capture_conversation_count(journeys->witnesses[i].capture);
    return count;
}

static struct vw_journey_tuple tuple_of(const struct vw_journey_leg *leg, int protocol,
                                        bool turned)
{
    return (struct vw_journey_tuple){
        .is_echo = leg->is_echo,
        .protocol = protocol,
        .source = turned ? leg->destination : leg->source,
        .destination = turned ? leg->source : leg->destination,
        .source_port = turned ? leg->destination_port : leg->source_port,
        .destination_port = turned ? leg->source_port : leg->destination_port};
}

static const struct vw_journey_leg *first_leg(const struct vw_journeys *journeys,
                                              const struct vw_journey *journey)
{
    size_t w = 0;

    while (w + 1 < journeys->witness_count && journey->legs[w].index == SIZE_MAX)
        w++;
    return &journey->legs[w];
}

static uint64_t distance(int64_t a, int64_t b)
{
    return a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;
}

/* The journey of that tuple which has no leg at `witness` yet, or NULL. */
static struct vw_journey *find(const struct collection *collection,
                               const struct vw_journey_tuple *tuple, size_t witness,
                               int64_t time)
{
    struct vw_journeys *journeys = collection->journeys;
    uint32_t at = collection->heads[vw_journey_hash(tuple) & (collection->capacity - 1)];
    struct vw_journey *best = NULL;
    uint64_t least = 0;

    for (; at && at <= collection->next.count; at = collection->next.items[at - 1]) {
        struct vw_journey *journey = &journeys->items.items[at - 1];
        const struct vw_journey_leg *leg = first_leg(journeys, journey);

        if (journey->legs[witness].index != SIZE_MAX ||
            !vw_journey_is(leg, journey->protocol, tuple) ||
            distance(leg->first, time) > VW_JOURNEY_APART ||
            (best && distance(leg->first, time) >= least))
            continue;
        best = journey;
        least = distance(leg->first, time);
    }
    return best;
}

static int begin(struct collection *collection, const struct vw_journey_leg *leg,
                 int protocol, struct vw_journey **ret)
{
    struct vw_journeys *journeys = collection->journeys;
    struct vw_journey_tuple tuple = tuple_of(leg, protocol, false);
    uint32_t *head =
        &collection->heads[vw_journey_hash(&tuple) & (collection->capacity - 1)];
    struct vw_journey journey = {.is_echo = leg->is_echo,
                                 .protocol = protocol,
                                 .source = leg->source,
                                 .destination = leg->destination,
                                 .source_port = leg->source_port,
                                 .destination_port = leg->destination_port};
    size_t w;

    journey.legs =
        vw_arena_array(&journeys->arena, journeys->witness_count, sizeof *journey.legs);
    if (!journey.legs || vw_array_push(&journeys->items, journey) ||
        vw_array_push(&collection->next, *head))
        return VW_ERROR_NO_MEMORY;
    *head = (uint32_t)journeys->items.count;
    *ret = &journeys->items.items[journeys->items.count - 1];
    for (w = 0; w < journeys->witness_count; w++)
        (*ret)->legs[w] = (struct vw_journey_leg){
            .index = SIZE_MAX, .first = VW_TIME_UNKNOWN, .last = VW_TIME_UNKNOWN};
    return 0;
}

static void turn(struct vw_journey_leg *leg)
{
    const struct vw_journey_leg was = *leg;

    leg->source = was.destination;
    leg->destination = was.source;
    leg->source_port = was.destination_port;
    leg->destination_port = was.source_port;
    leg->requests = was.replies;
    leg->replies = was.requests;
    leg->ttl[VW_ORIGINATOR] = was.ttl[VW_RESPONDER];
    leg->ttl[VW_RESPONDER] = was.ttl[VW_ORIGINATOR];
}

static int add(struct collection *collection, size_t witness, struct vw_journey_leg leg,
               int protocol)
{
    struct vw_journey_tuple tuple = tuple_of(&leg, protocol, false);
    struct vw_journey *journey = find(collection, &tuple, witness, leg.first);

    /* A capture of the middle of a flow may take the wrong side for its originator. */
    if (!journey && !leg.is_echo) {
        tuple = tuple_of(&leg, protocol, true);
        journey = find(collection, &tuple, witness, leg.first);
        if (journey)
            turn(&leg);
    }
    if (!journey) {
        int error = begin(collection, &leg, protocol, &journey);
        if (error)
            return error;
    }
    journey->legs[witness] = leg;
    return 0;
}

static int add_echo(struct collection *collection, size_t witness, size_t index)
{
    struct vw_echo_series echo;

    vw_capture_get_echo(collection->journeys->witnesses[witness].capture, index, &echo);
    return add(collection, witness,
               (struct vw_journey_leg){.is_echo = true,
                                       .index = index,
                                       .source = echo.requester,
                                       .destination = echo.target,
                                       .source_port = echo.id,
                                       .destination_port = VW_UNRECORDED,
                                       .requests = echo.sent,
                                       .replies = echo.answered + echo.unasked,
                                       .first = echo.first,
                                       .last = echo.last,
                                       .ttl = {echo.ttl[0], echo.ttl[1]}},
               echo.requester.family == VW_FAMILY_IPV6 ? 58 : 1);
}

static int add_conversation(struct collection *collection, size_t witness, size_t index)
{
    struct vw_conversation it;

    vw_capture_get_conversation(collection->journeys->witnesses[witness].capture, index,
                                &it);
    if (vw_journey_is_of_link(it.protocol, it.port[VW_ORIGINATOR]))
        return 0;
    return add(
        collection, witness,
        (struct vw_journey_leg){
            .index = index,
            .source = it.originator,
            .destination = it.responder,
            .source_port = it.has_ports ? it.port[VW_ORIGINATOR] : VW_UNRECORDED,
            .destination_port = it.has_ports ? it.port[VW_RESPONDER] : VW_UNRECORDED,
            .requests = it.packets[VW_ORIGINATOR],
            .replies = it.packets[VW_RESPONDER],
            .first = it.first,
            .last = it.last,
            .ttl = {it.ttl[0], it.ttl[1]}},
        it.protocol);
}

static int add_all(struct collection *collection, size_t witness)
{
    const struct vw_capture *capture = collection->journeys->witnesses[witness].capture;
    size_t i;
    int error = 0;

    for (i = 0; !error && i < vw_capture_echo_count(capture); i++)
        error = add_echo(collection, witness, i);
    for (i = 0; !error && i < vw_capture_conversation_count(capture); i++)
        error = add_conversation(collection, witness, i);
    return error;
}

int vw_journey_collect(struct vw_journeys *journeys)
{
    struct collection collection = {.journeys = journeys, .capacity = 64};
    size_t flows = count_flows(journeys), w;
    int error = 0;

    while (collection.capacity < flows)
        collection.capacity *= 2;
    collection.heads = vw_calloc(collection.capacity, sizeof *collection.heads);
    if (!collection.heads)
        return VW_ERROR_NO_MEMORY;
    for (w = 0; !error && w < journeys->witness_count; w++)
        if (journeys->witnesses[w].capture)
            error = add_all(&collection, w);
    vw_free(collection.heads);
    vw_array_free(&collection.next);
    return error;
}
