/*
 * Packets found again at another place. A packet keeps its IP identification, its TCP
 * numbers and its echo sequence number where its addresses, ports and echo id are
 * translated: flows of different tuples whose packets agree in these are one. And the same
 * packet at two places tells the clocks apart: what one clock is ahead lengthens one
 * direction and shortens the other.
 *
 * A few packets of each direction of each flow are enough, and bound the memory.
 */
#include "evidence/journey.h"

#include <stdlib.h>

#include "base/address.h"
#include "base/diagnostic.h"
#include "base/memory.h"
#include "packets/mix.h"

enum { MARKS_PER_SIDE = 6, JOURNEYS_MAX = 50000, PROTOCOL_TCP = 6 };

/* How far outside of its flow a packet may lie: not at all, but for rounding. */
#define FLOW_SLACK (VW_SECOND / 1000)

struct mark {
    uint64_t key; /* what translation leaves alone */
    int64_t time;
    uint32_t journey;
    uint8_t witness, side, ttl;
};

struct marks VW_ARRAY(struct mark);

/* Journeys by witness and tuple: chains of numbers plus one, as in journey_legs.c. */
struct lookup {
    struct vw_journeys *journeys;
    size_t considered; /* journeys */
    size_t witness;
    uint32_t *heads, *next;
    size_t capacity;
    uint8_t *taken; /* [journey * 2 + side], of this witness */
    struct marks marks;
};

static struct vw_journey_tuple tuple_of_leg(const struct vw_journey *journey,
                                            const struct vw_journey_leg *leg)
{
    return (struct vw_journey_tuple){.is_echo = leg->is_echo,
                                     .protocol = journey->protocol,
                                     .source = leg->source,
                                     .destination = leg->destination,
                                     .source_port = leg->source_port,
                                     .destination_port = leg->destination_port};
}

static void index_witness(struct lookup *lookup, size_t witness)
{
    size_t i;

    lookup->witness = witness;
    for (i = 0; i < lookup->capacity; i++)
        lookup->heads[i] = 0;
    for (i = 0; i < 2 * lookup->considered; i++)
        lookup->taken[i] = 0;
    for (i = 0; i < lookup->considered; i++) {
        const struct vw_journey *journey = &lookup->journeys->items.items[i];
        const struct vw_journey_leg *leg = &journey->legs[witness];
        struct vw_journey_tuple tuple = tuple_of_leg(journey, leg);
        uint32_t *head;

        if (leg->index == SIZE_MAX)
            continue;
        head = &lookup->heads[vw_journey_hash(&tuple) & (lookup->capacity - 1)];
        lookup->next[i] = *head;
        *head = (uint32_t)i + 1;
    }
}

static bool find(const struct lookup *lookup, const struct vw_journey_tuple *tuple,
                 int64_t time, uint32_t *ret_journey)
{
    uint32_t at = lookup->heads[vw_journey_hash(tuple) & (lookup->capacity - 1)];

    for (; at; at = lookup->next[at - 1]) {
        const struct vw_journey *journey = &lookup->journeys->items.items[at - 1];
        const struct vw_journey_leg *leg = &journey->legs[lookup->witness];

        if (!vw_journey_is(leg, journey->protocol, tuple) ||
            time < leg->first - FLOW_SLACK || time > leg->last + FLOW_SLACK)
            continue;
        *ret_journey = at - 1;
        return true;
    }
    return false;
}

static struct vw_journey_tuple tuple_of_packet(const struct vw_packet_facts *packet,
                                               bool turned)
{
    bool echo = packet->echo_id != VW_UNRECORDED;

    return (struct vw_journey_tuple){
        .is_echo = echo,
        .protocol = packet->protocol,
        .source = turned ? packet->destination : packet->source,
        .destination = turned ? packet->source : packet->destination,
        .source_port = echo ? packet->echo_id
                            : (turned ? packet->destination_port : packet->source_port),
        .destination_port =
            echo ? VW_UNRECORDED
                 : (turned ? packet->source_port : packet->destination_port)};
}

/* What stays as it is; 0 where that would not tell the packet from others. Data of TCP is
 * cut up differently at different places, so only packets without any count. */
static uint64_t key_of(const struct vw_packet_facts *packet)
{
    uint64_t sequence = 0, kind = (uint64_t)packet->protocol << 32;

    if (packet->protocol == PROTOCOL_TCP) {
        if (packet->tcp_flags == VW_UNRECORDED || packet->data_length > 0)
            return 0;
        sequence = (uint64_t)packet->tcp_sequence << 32 | packet->tcp_acknowledged;
        kind |= (uint32_t)packet->tcp_flags;
    } else if (packet->echo_sequence != VW_UNRECORDED) {
        sequence = (uint64_t)packet->length << 32 | (uint32_t)packet->echo_sequence;
        kind |= (uint32_t)packet->icmp_type;
    } else {
        if (packet->identification == 0)
            return 0;
        sequence = packet->length;
    }
    return vw_mix(vw_mix(sequence, packet->identification), kind) | 1;
}

static int note_interface(struct lookup *lookup, const struct vw_packet_facts *packet,
                          const struct mark *mark)
{
    struct vw_journeys *journeys = lookup->journeys;
    struct vw_journey_leg *leg =
        &journeys->items.items[mark->journey].legs[lookup->witness];

    leg->interface[mark->side] = packet->interface_index;
    if (!packet->interface)
        return 0;
    leg->interface_name[mark->side] =
        vw_arena_string(&journeys->arena, packet->interface);
    return leg->interface_name[mark->side] ? 0 : VW_ERROR_NO_MEMORY;
}

static int take(void *context, const struct vw_packet_facts *packet)
{
    struct lookup *lookup = context;
    bool echo_reply = packet->icmp_type == 0 || packet->icmp_type == 129;
    struct vw_journey_tuple tuple;
    struct mark mark = {.key = key_of(packet),
                        .time = packet->time,
                        .witness = (uint8_t)lookup->witness,
                        .ttl = packet->ttl};
    uint8_t *taken;

    /* A router's errors begin at the router: how far they came tells nothing of hosts. */
    if (packet->quoted_protocol == VW_UNRECORDED)
        vw_journey_weigh_sender(&lookup->journeys->witnesses[lookup->witness].owners,
                                packet->source, packet->ttl);
    if (mark.key == 0 || packet->is_later_fragment || packet->is_copy ||
        packet->is_view || packet->time == VW_TIME_UNKNOWN)
        return 0;
    tuple = tuple_of_packet(packet, packet->echo_id != VW_UNRECORDED && echo_reply);
    mark.side = packet->echo_id != VW_UNRECORDED && echo_reply;
    if (!find(lookup, &tuple, packet->time, &mark.journey)) {
        tuple = tuple_of_packet(packet, true);
        mark.side = 1;
        if (tuple.is_echo || !find(lookup, &tuple, packet->time, &mark.journey))
            return 0;
    }
    taken = &lookup->taken[2 * mark.journey + mark.side];
    if (*taken >= MARKS_PER_SIDE)
        return 0;
    if ((*taken)++ == 0 && note_interface(lookup, packet, &mark))
        return VW_ERROR_NO_MEMORY;
    return vw_array_push(&lookup->marks, mark);
}

static bool is_near(const struct mark *a, const struct mark *b)
{
    uint64_t apart = a->time > b->time ? (uint64_t)a->time - (uint64_t)b->time
                                       : (uint64_t)b->time - (uint64_t)a->time;

    return apart <= VW_JOURNEY_APART;
}

static int compare_marks(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->witness != y->witness)
        return x->witness < y->witness ? -1 : 1;
    return x->time < y->time ? -1 : x->time > y->time;
}

/* ---- translation ---- */

/* One packet that two journeys have. */
struct vote {
    uint32_t journey[2]; /* the one nearer the source first */
};

struct votes VW_ARRAY(struct vote);

static bool shares_an_end(const struct vw_journey *a, const struct vw_journey *b)
{
    return vw_address_equal(a->source, b->source) ||
           vw_address_equal(a->destination, b->destination);
}

/* Farther from the source, the time to live of a request is less, that of a reply more. */
static bool is_nearer(const struct mark *a, const struct mark *b)
{
    return a->side == 0 ? a->ttl > b->ttl : a->ttl < b->ttl;
}

static int vote(struct lookup *lookup, struct votes *votes)
{
    const struct mark *marks = lookup->marks.items;
    size_t i, j;

    for (i = 0; i < lookup->marks.count; i++) {
        for (j = i + 1; j < lookup->marks.count && marks[j].key == marks[i].key; j++) {
            const struct vw_journey *items = lookup->journeys->items.items;
            struct vote vote = {{marks[i].journey, marks[j].journey}};

            if (vote.journey[0] == vote.journey[1] || marks[i].side != marks[j].side ||
                marks[i].ttl == marks[j].ttl || !is_near(&marks[i], &marks[j]) ||
                !shares_an_end(&items[vote.journey[0]], &items[vote.journey[1]]))
                continue;
            if (!is_nearer(&marks[i], &marks[j]))
                vote = (struct vote){{marks[j].journey, marks[i].journey}};
            if (vw_array_push(votes, vote))
                return VW_ERROR_NO_MEMORY;
        }
    }
    return 0;
}

static int compare_votes(const void *a, const void *b)
{
    const struct vote *x = a, *y = b;

    if (x->journey[0] != y->journey[0])
        return x->journey[0] < y->journey[0] ? -1 : 1;
    return x->journey[1] < y->journey[1] ? -1 : x->journey[1] > y->journey[1];
}

static bool is_gone(const struct vw_journey *journey)
{
    return journey->legs == NULL;
}

/* Legs of `from` go where `to` has none: the router that translates has both forms. */
static void join(struct vw_journeys *journeys, struct vw_journey *to,
                 struct vw_journey *from)
{
    size_t w;

    if (is_gone(to) || is_gone(from))
        return;
    for (w = 0; w < journeys->witness_count; w++)
        if (to->legs[w].index == SIZE_MAX)
            to->legs[w] = from->legs[w];
    to->is_translated = true;
    from->legs = NULL;
}

/* TCP's numbers are random enough that one packet proves it; others need two. */
static void join_by_votes(struct vw_journeys *journeys, const struct votes *votes)
{
    size_t i = 0, end;

    for (; i < votes->count; i = end) {
        const struct vote *vote = &votes->items[i];
        struct vw_journey *near = &journeys->items.items[vote->journey[0]];
        struct vw_journey *far = &journeys->items.items[vote->journey[1]];

        for (end = i + 1;
             end < votes->count && compare_votes(&votes->items[end], vote) == 0; end++) {
        }
        if (near->protocol == PROTOCOL_TCP || end - i > 1)
            join(journeys, near, far);
    }
}

static void drop_gone(struct vw_journeys *journeys)
{
    size_t i, kept = 0;

    for (i = 0; i < journeys->items.count; i++)
        if (!is_gone(&journeys->items.items[i]))
            journeys->items.items[kept++] = journeys->items.items[i];
    journeys->items.count = kept;
}

/* ---- clocks ---- */

struct gaps VW_ARRAY(int64_t);

static int compare_gaps(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static int64_t median(struct gaps *gaps)
{
    qsort(gaps->items, gaps->count, sizeof *gaps->items, compare_gaps);
    return gaps->items[gaps->count / 2];
}

/* Times at `witness` minus times at the first one, of the packets of each side that both
 * have. */
static int measure(const struct lookup *lookup, size_t witness, struct gaps gaps[2])
{
    const struct mark *marks = lookup->marks.items;
    size_t i, j;

    for (i = 0; i < lookup->marks.count; i++) {
        if (marks[i].witness != 0 ||
            (i > 0 && marks[i - 1].key == marks[i].key && marks[i - 1].witness == 0))
            continue;
        for (j = i + 1; j < lookup->marks.count && marks[j].key == marks[i].key; j++) {
            if (marks[j].witness != witness || marks[j].side != marks[i].side ||
                !is_near(&marks[i], &marks[j]))
                continue;
            if (vw_array_push(&gaps[marks[i].side], marks[j].time - marks[i].time))
                return VW_ERROR_NO_MEMORY;
            break;
        }
    }
    return 0;
}

static int set_clock(const struct lookup *lookup, size_t witness)
{
    struct vw_witness_facts *facts = &lookup->journeys->witnesses[witness].facts;
    struct gaps gaps[2] = {{0}, {0}};
    int error = measure(lookup, witness, gaps);

    facts->pairs = gaps[0].count + gaps[1].count;
    if (!error && facts->pairs > 0) {
        int64_t forward = median(gaps[0].count > 0 ? &gaps[0] : &gaps[1]);
        int64_t back = median(gaps[1].count > 0 ? &gaps[1] : &gaps[0]);
        int64_t delay = (forward - back) / 2;

        facts->has_offset = true;
        facts->offset = back + delay;
        if (gaps[0].count > 0 && gaps[1].count > 0)
            facts->delay = delay < 0 ? -delay : delay;
    }
    vw_array_free(&gaps[0]);
    vw_array_free(&gaps[1]);
    return error;
}

/* ---- all of it ---- */

/* Every packet's time to live says more than those of each flow's first. */
static void settle(struct vw_witness_state *witness)
{
    if (witness->own_count == 0 && witness->facts.own.family == VW_FAMILY_NONE)
        witness->facts.own = vw_journey_settle_owner(&witness->owners);
}

static int read_marks(struct lookup *lookup)
{
    const struct vw_journeys *journeys = lookup->journeys;
    size_t w;

    for (w = 0; w < journeys->witness_count; w++) {
        int error;

        if (!journeys->witnesses[w].capture)
            continue;
        index_witness(lookup, w);
        error = vw_packets_read(journeys->witnesses[w].facts.path, journeys->filter, NULL,
                                take, lookup);
        settle(&lookup->journeys->witnesses[w]);
        /* Damage was told when the file was read first. */
        if (error && error != VW_ERROR_INPUT)
            return error;
    }
    if (lookup->marks.count > 0)
        qsort(lookup->marks.items, lookup->marks.count, sizeof *lookup->marks.items,
              compare_marks);
    return 0;
}

static int allot(struct lookup *lookup)
{
    lookup->considered = lookup->journeys->items.count < JOURNEYS_MAX
                             ? lookup->journeys->items.count
                             : JOURNEYS_MAX;
    lookup->capacity = 64;
    while (lookup->capacity < lookup->considered)
        lookup->capacity *= 2;
    lookup->heads = vw_calloc(lookup->capacity, sizeof *lookup->heads);
    lookup->next = vw_calloc(lookup->considered + 1, sizeof *lookup->next);
    lookup->taken = vw_calloc(2 * lookup->considered + 1, 1);
    return lookup->heads && lookup->next && lookup->taken ? 0 : VW_ERROR_NO_MEMORY;
}

int vw_journey_pair(struct vw_journeys *journeys)
{
    struct lookup lookup = {.journeys = journeys};
    struct votes votes = {0};
    int error = allot(&lookup);
    size_t w;

    if (!error)
        error = read_marks(&lookup);
    for (w = 1; !error && w < journeys->witness_count; w++)
        error = set_clock(&lookup, w);
    if (!error)
        error = vote(&lookup, &votes);
    if (!error && votes.count > 0) {
        qsort(votes.items, votes.count, sizeof *votes.items, compare_votes);
        join_by_votes(journeys, &votes);
        drop_gone(journeys);
    }
    if (!error && lookup.considered < journeys->items.count)
        vw_diagnose(journeys->diagnostics, VW_SEVERITY_NOTE, "too-many-flows",
                    (struct vw_place){0},
                    "of %zu flows the first %d are searched for translated addresses; "
                    "narrow it with --filter",
                    journeys->items.count, JOURNEYS_MAX);
    vw_array_free(&votes);
    vw_array_free(&lookup.marks);
    vw_free(lookup.heads);
    vw_free(lookup.next);
    vw_free(lookup.taken);
    return error;
}
