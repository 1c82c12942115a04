/*
 * Packets that fared alike, put together; see pieces.h. One dimension at a time: sort so
 * that boxes which agree in everything else stand together, and join those. Two rounds
 * over the four dimensions find what prefixes and port ranges produce.
 */
#include "reach/pieces.h"

#include "base/map.h"

#include <stdlib.h>
#include <string.h>

enum vw_verdict vw_packet_verdict(const struct vw_packet *packet)
{
    if (packet->blocked)
        return VW_VERDICT_BLOCKED;
    return packet->unknown ? VW_VERDICT_UNKNOWN : VW_VERDICT_REACHABLE;
}

bool vw_packet_has_no_host(const struct vw_packet *packet)
{
    const struct vw_mark *mark;

    for (mark = packet->last; mark; mark = mark->previous)
        if (mark->reason == VW_REASON_VW_NO_SUCH_HOST)
            return true;
    return false;
}

bool vw_mark_stops(const struct vw_mark *mark)
{
    return mark->certain &&
           (mark->decision == VW_DECISION_DENY || mark->decision == VW_DECISION_DROP);
}

bool vw_mark_unknown(const struct vw_mark *mark)
{
    return mark->decision == VW_DECISION_UNKNOWN;
}

static uint64_t outcome_of(const struct vw_packet *packet)
{
    enum vw_verdict verdict = vw_packet_verdict(packet);
    uint64_t outcome = vw_hash(&verdict, sizeof verdict);
    const struct vw_mark *mark;

    for (mark = packet->last; mark; mark = mark->previous) {
        struct {
            uint64_t before;
            uintptr_t object, rule;
            uint64_t reason, direction;
        } key = {outcome, (uintptr_t)mark->object, (uintptr_t)mark->rule,
                 (uint64_t)mark->reason, (uint64_t)mark->direction};
        if (vw_mark_stops(mark) || vw_mark_unknown(mark))
            outcome = vw_hash(&key, sizeof key);
    }
    return outcome;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_addresses(const struct vw_address_set *a,
                             const struct vw_address_set *b)
{
    int order = compare_numbers(a->count, b->count);
    size_t i;

    for (i = 0; i < a->count && !order; i++) {
        order = vw_address_compare(a->items[i].first, b->items[i].first);
        if (!order)
            order = vw_address_compare(a->items[i].last, b->items[i].last);
    }
    return order;
}

static int compare_ports(const struct vw_number_set *a, const struct vw_number_set *b)
{
    int order = compare_numbers(a->count, b->count);
    size_t i;

    for (i = 0; i < a->count && !order; i++) {
        order = compare_numbers(a->items[i].first, b->items[i].first);
        if (!order)
            order = compare_numbers(a->items[i].last, b->items[i].last);
    }
    return order;
}

enum dimension { BY_TO, BY_FROM, BY_PORTS, BY_SOURCE_PORTS, DIMENSIONS };

/* Everything but `free_dimension`; 0 means the two can be joined along it. */
static int compare_others(const struct vw_alike *a, const struct vw_alike *b,
                          enum dimension free_dimension)
{
    int order = compare_numbers(a->outcome, b->outcome);

    if (!order && free_dimension != BY_FROM)
        order = compare_addresses(&a->from, &b->from);
    if (!order && free_dimension != BY_TO)
        order = compare_addresses(&a->to, &b->to);
    if (!order && free_dimension != BY_PORTS)
        order = compare_ports(&a->ports, &b->ports);
    if (!order && free_dimension != BY_SOURCE_PORTS)
        order = compare_ports(&a->source_ports, &b->source_ports);
    return order;
}

static int compare_along(const void *x, const void *y, enum dimension dimension)
{
    const struct vw_alike *a = x, *b = y;
    int order = compare_others(a, b, dimension);

    if (order)
        return order;
    switch (dimension) {
    case BY_TO:
        return compare_addresses(&a->to, &b->to);
    case BY_FROM:
        return compare_addresses(&a->from, &b->from);
    case BY_PORTS:
        return compare_ports(&a->ports, &b->ports);
    case BY_SOURCE_PORTS:
        return compare_ports(&a->source_ports, &b->source_ports);
    case DIMENSIONS:
        break;
    }
    return 0;
}

static int compare_by_to(const void *a, const void *b)
{
    return compare_along(a, b, BY_TO);
}

static int compare_by_from(const void *a, const void *b)
{
    return compare_along(a, b, BY_FROM);
}

static int compare_by_ports(const void *a, const void *b)
{
    return compare_along(a, b, BY_PORTS);
}

static int compare_by_source_ports(const void *a, const void *b)
{
    return compare_along(a, b, BY_SOURCE_PORTS);
}

static int compare_ranges(const void *a, const void *b)
{
    const struct vw_address_range *x = a, *y = b;

    return vw_address_compare(x->first, y->first);
}

static int compare_port_ranges(const void *a, const void *b)
{
    const struct vw_port_range *x = a, *y = b;

    return compare_numbers(x->first, y->first);
}

/* Sorted, and neighbours joined. */
static void tidy_addresses(struct vw_address_set *set)
{
    size_t i, kept = 0;

    qsort(set->items, set->count, sizeof *set->items, compare_ranges);
    for (i = 1; i < set->count; i++) {
        struct vw_address next;
        if (vw_address_next(set->items[kept].last, &next) &&
            vw_address_equal(next, set->items[i].first))
            set->items[kept].last = set->items[i].last;
        else
            set->items[++kept] = set->items[i];
    }
    set->count = kept + 1;
}

static void tidy_ports(struct vw_number_set *set)
{
    size_t i, kept = 0;

    qsort(set->items, set->count, sizeof *set->items, compare_port_ranges);
    for (i = 1; i < set->count; i++) {
        if (set->items[kept].last + 1 == set->items[i].first)
            set->items[kept].last = set->items[i].last;
        else
            set->items[++kept] = set->items[i];
    }
    set->count = kept + 1;
}

static int join_addresses(struct vw_arena *arena, const struct vw_alike *group,
                          size_t count, enum dimension dimension,
                          struct vw_address_set *ret_set)
{
    struct vw_address_set set = {NULL, 0};
    size_t i, total = 0;

    for (i = 0; i < count; i++)
        total += dimension == BY_TO ? group[i].to.count : group[i].from.count;
    set.items = vw_arena_array(arena, total, sizeof *set.items);
    if (!set.items)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_address_set *one =
            dimension == BY_TO ? &group[i].to : &group[i].from;
        memcpy(set.items + set.count, one->items, one->count * sizeof *one->items);
        set.count += one->count;
    }
    tidy_addresses(&set);
    *ret_set = set;
    return 0;
}

static int join_ports(struct vw_arena *arena, const struct vw_alike *group, size_t count,
                      enum dimension dimension, struct vw_number_set *ret_set)
{
    struct vw_number_set set = {NULL, 0};
    size_t i, total = 0;

    for (i = 0; i < count; i++)
        total +=
            dimension == BY_PORTS ? group[i].ports.count : group[i].source_ports.count;
    set.items = vw_arena_array(arena, total, sizeof *set.items);
    if (!set.items)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_number_set *one =
            dimension == BY_PORTS ? &group[i].ports : &group[i].source_ports;
        memcpy(set.items + set.count, one->items, one->count * sizeof *one->items);
        set.count += one->count;
    }
    tidy_ports(&set);
    *ret_set = set;
    return 0;
}

/* `count` neighbours that agree in all but `dimension` become the first of them. */
static int join(struct vw_arena *arena, struct vw_alike *group, size_t count,
                enum dimension dimension)
{
    switch (dimension) {
    case BY_TO:
        return join_addresses(arena, group, count, dimension, &group->to);
    case BY_FROM:
        return join_addresses(arena, group, count, dimension, &group->from);
    case BY_PORTS:
        return join_ports(arena, group, count, dimension, &group->ports);
    case BY_SOURCE_PORTS:
        return join_ports(arena, group, count, dimension, &group->source_ports);
    case DIMENSIONS:
        break;
    }
    return 0;
}

static int merge_along(struct vw_alikes *alikes, struct vw_arena *arena,
                       enum dimension dimension)
{
    static int (*const compare[])(const void *, const void *) = {
        compare_by_to, compare_by_from, compare_by_ports, compare_by_source_ports};
    size_t i, end, kept = 0;
    int error;

    qsort(alikes->items, alikes->count, sizeof *alikes->items, compare[dimension]);
    for (i = 0; i < alikes->count; i = end) {
        for (end = i + 1; end < alikes->count; end++)
            if (compare_others(&alikes->items[i], &alikes->items[end], dimension) != 0)
                break;
        error = end - i > 1 ? join(arena, &alikes->items[i], end - i, dimension) : 0;
        if (error)
            return error;
        alikes->items[kept++] = alikes->items[i];
    }
    alikes->count = kept;
    return 0;
}

static int add_packet(struct vw_alikes *alikes, struct vw_arena *arena,
                      const struct vw_packet *packet, uint64_t outcome)
{
    struct {
        struct vw_address_range from, to;
        struct vw_port_range source_ports, ports;
    } *room = vw_arena_alloc(arena, sizeof *room);
    struct vw_alike alike;

    if (!room)
        return VW_ERROR_NO_MEMORY;
    room->from = packet->asked.source;
    room->to = packet->asked.destination;
    room->source_ports = packet->asked.source_ports;
    room->ports = packet->asked.ports;
    alike = (struct vw_alike){{&room->from, 1},  {&room->to, 1}, {&room->source_ports, 1},
                              {&room->ports, 1}, outcome,        packet};
    return vw_array_push(alikes, alike);
}

static int compare_for_reader(const void *x, const void *y)
{
    const struct vw_alike *a = x, *b = y;
    int order = vw_address_compare(a->to.items[0].first, b->to.items[0].first);

    if (!order)
        order = vw_address_compare(a->from.items[0].first, b->from.items[0].first);
    if (!order)
        order = compare_numbers(a->ports.items[0].first, b->ports.items[0].first);
    if (!order)
        order = compare_numbers(a->source_ports.items[0].first,
                                b->source_ports.items[0].first);
    return order;
}

int vw_pieces_merge(const struct vw_packets *packets, struct vw_arena *arena,
                    struct vw_alikes *alikes)
{
    size_t i;
    int error = 0, round, dimension;

    alikes->count = 0;
    for (i = 0; i < packets->count && !error; i++)
        error = add_packet(alikes, arena, &packets->items[i],
                           packets->count > 1 ? outcome_of(&packets->items[i]) : 0);
    for (round = 0; round < 2; round++)
        for (dimension = 0; dimension < DIMENSIONS && !error && alikes->count > 1;
             dimension++)
            error = merge_along(alikes, arena, (enum dimension)dimension);
    if (!error && alikes->count > 1)
        qsort(alikes->items, alikes->count, sizeof *alikes->items, compare_for_reader);
    return error;
}
