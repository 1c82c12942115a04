/* Sets against their packets; see one_engine.h. */
#include "reach/one_engine.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "reach/question.h"

enum { PIECES = 40, SAMPLES = 4, SHOWN = 10, END_TEXT = 160 };

struct engine {
    const struct vw_world *world;
    const char *label;
    uint64_t state;
    struct vw_question question;
    char from[END_TEXT], to[END_TEXT];
    struct vw_answer set, single; /* asked again and again, as callers do */
    struct engine_tally *tally;
};

struct point {
    struct vw_address from, to;
    uint16_t source_port, port;
};

static uint32_t below(struct engine *engine, uint64_t limit)
{
    engine->state =
        engine->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((engine->state >> 33) % limit);
}

/* ---- what is asked ---- */

static const char *random_id(struct engine *engine, enum vw_object_kind kind)
{
    uint32_t count = vw_world_count(engine->world, kind), tries;

    for (tries = 0; count > 0 && tries < 20; tries++) {
        const struct vw_object *object =
            vw_world_object(engine->world, kind, below(engine, count));
        if (object->exported)
            return object->id;
    }
    return NULL;
}

/* A prefix around an address of some interface; its public one where it has one. */
static bool around_interface(struct engine *engine, char text[END_TEXT])
{
    static const unsigned shorter[] = {0, 1, 3, 8, 12};
    const struct vw_interface *interface;
    uint32_t index, count = vw_world_count(engine->world, VW_OBJECT_INTERFACE);
    struct vw_address address;
    char number[VW_PREFIX_TEXT];
    unsigned length;

    if (count == 0)
        return false;
    index = below(engine, count);
    interface = vw_world_interface(engine->world, index);
    if (interface->address_count == 0)
        return false;
    address = interface->addresses[0].prefix.address;
    if (interface->addresses[0].public_address.family != VW_FAMILY_NONE &&
        below(engine, 2) == 0)
        address = interface->addresses[0].public_address;
    length = vw_family_bits(address.family) - shorter[below(engine, 5)];
    snprintf(text, END_TEXT, "%s",
             vw_prefix_format(vw_prefix_of(address, length), number));
    return true;
}

static void random_end(struct engine *engine, bool is_source, char text[END_TEXT])
{
    static const enum vw_object_kind kinds[] = {VW_OBJECT_INTERFACE, VW_OBJECT_SUBNET,
                                                VW_OBJECT_SUBNET, VW_OBJECT_VPC};
    static const char *const wide[] = {"internet", "0.0.0.0/0", "10.0.0.0/8", "::/0"};
    uint32_t way = below(engine, 8);
    const char *id = NULL;

    if (way < 4)
        id = random_id(engine, kinds[way]);
    if (way == 4 && !is_source)
        id = wide[below(engine, 4)];
    if (way == 4 && is_source)
        id = "8.8.8.0/30";
    if (!id && around_interface(engine, text))
        return;
    snprintf(text, END_TEXT, "%s", id ? id : "internet");
}

static void random_question(struct engine *engine)
{
    static const int protocols[] = {6, 6, 6, 17, -1, 1, 47};
    static const struct vw_port_range ranges[] = {{0, 65535}, {1, 1023},     {22, 443},
                                                  {80, 80},   {1024, 65535}, {53, 8080}};
    struct vw_question *question = &engine->question;

    random_end(engine, true, engine->from);
    random_end(engine, false, engine->to);
    *question = (struct vw_question){.from = engine->from,
                                     .to = engine->to,
                                     .protocol = protocols[below(engine, 7)],
                                     .icmp_type = -1,
                                     .icmp_code = -1,
                                     .one_way = below(engine, 4) == 0};
    if (question->protocol == 6 || question->protocol == 17) {
        question->has_ports = true;
        question->ports = ranges[below(engine, 6)];
    }
}

/* ---- points of a piece ---- */

static struct vw_address pick_address(struct engine *engine,
                                      const struct vw_address_set *set)
{
    const struct vw_address_range *range = &set->items[below(engine, set->count)];
    uint64_t size = range->last.low - range->first.low;
    uint32_t way = below(engine, 3);

    if (way == 0)
        return range->first;
    if (way == 1)
        return range->last;
    return vw_address_add(range->first, size >= UINT32_MAX ? below(engine, UINT32_MAX)
                                                           : below(engine, size + 1));
}

static uint16_t pick_port(struct engine *engine, const struct vw_number_set *set)
{
    const struct vw_port_range *range = &set->items[below(engine, set->count)];
    uint32_t way = below(engine, 3);

    if (way == 0)
        return range->first;
    if (way == 1)
        return range->last;
    return (uint16_t)(range->first +
                      below(engine, (uint64_t)(range->last - range->first) + 1));
}

static bool has_address(const struct vw_address_set *set, struct vw_address address)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (vw_range_contains(set->items[i], address))
            return true;
    return false;
}

static bool has_number(const struct vw_number_set *set, uint16_t number)
{
    size_t i;

    for (i = 0; i < set->count; i++)
        if (number >= set->items[i].first && number <= set->items[i].last)
            return true;
    return false;
}

/* The verdicts of all pieces that hold the point, one bit each: a load balancer hands the
 * same packet to several targets, a NAT gateway gives it any of many ports. */
static unsigned verdicts_at(const struct vw_alikes *alikes, const struct point *point)
{
    unsigned verdicts = 0;
    size_t i;

    for (i = 0; i < alikes->count; i++) {
        const struct vw_alike *alike = &alikes->items[i];
        if (!point || (has_address(&alike->from, point->from) &&
                       has_address(&alike->to, point->to) &&
                       has_number(&alike->ports, point->port) &&
                       has_number(&alike->source_ports, point->source_port)))
            verdicts |= 1u << vw_packet_verdict(alike->example);
    }
    return verdicts;
}

static void write_end(const struct engine *engine, const struct vw_resolved_end *end,
                      struct vw_address address, char text[END_TEXT])
{
    char number[VW_ADDRESS_TEXT];

    vw_address_format(address, number);
    if (end->names_interface)
        snprintf(text, END_TEXT, "%s", end->asked);
    else if (end->vpc != VW_NONE && end->is_set)
        snprintf(text, END_TEXT, "%s/%s",
                 vw_world_vpc(engine->world, end->vpc)->object.id, number);
    else
        snprintf(text, END_TEXT, "%s", number);
}

static const char *reason_of(const struct vw_alikes *alikes)
{
    const struct vw_mark *mark;
    const char *reason = "no reason";

    for (mark = alikes->items[0].example->last; mark; mark = mark->previous)
        if (mark->reason)
            reason = vw_reason_code(mark->reason);
    return reason;
}

static void show(const struct engine *engine, const struct vw_question *single,
                 const struct point *point, unsigned expected, unsigned got)
{
    if (engine->tally->differ > SHOWN)
        return;
    fprintf(stderr,
            "# %s: %s -> %s protocol %d ports %u-%u%s\n#   says %#x of %s -> %s %u>%u, "
            "which alone is %#x (%s)\n",
            engine->label, engine->from, engine->to, engine->question.protocol,
            (unsigned)engine->question.ports.first, (unsigned)engine->question.ports.last,
            engine->question.one_way ? " one way" : "", expected, single->from,
            single->to, (unsigned)point->source_port, (unsigned)point->port, got,
            reason_of(&engine->single.alikes));
}

static int check_point(struct engine *engine, const struct vw_alike *alike)
{
    struct point point = {
        pick_address(engine, &alike->from), pick_address(engine, &alike->to),
        pick_port(engine, &alike->source_ports), pick_port(engine, &alike->ports)};
    struct vw_question single = engine->question;
    unsigned expected = verdicts_at(&engine->set.alikes, &point), got;
    char from[END_TEXT], to[END_TEXT];
    int error;

    write_end(engine, &engine->set.from, point.from, from);
    write_end(engine, &engine->set.to, point.to, to);
    single.from = from;
    single.to = to;
    if (single.has_ports) {
        single.has_source_ports = true;
        single.source_ports =
            (struct vw_port_range){point.source_port, point.source_port};
        single.ports = (struct vw_port_range){point.port, point.port};
    }
    error = vw_answer_question(engine->world, &single, NULL, &engine->single);
    engine->tally->refused += error == VW_ERROR_QUESTION;
    if (error)
        return error == VW_ERROR_QUESTION ? 0 : error;
    got = verdicts_at(&engine->single.alikes, NULL);
    engine->tally->compared++;
    if (got != expected) {
        engine->tally->differ++;
        show(engine, &single, &point, expected, got);
    }
    return 0;
}

static int check_question(struct engine *engine)
{
    const struct vw_alikes *alikes = &engine->set.alikes;
    size_t i, s, pieces;
    int error;

    random_question(engine);
    error = vw_answer_question(engine->world, &engine->question, NULL, &engine->set);
    if (error)
        return error == VW_ERROR_QUESTION ? 0 : error;
    engine->tally->questions++;
    engine->tally->pieces += alikes->count;
    pieces = alikes->count < PIECES ? alikes->count : PIECES;
    for (i = 0; i < pieces; i++) {
        size_t which = pieces < PIECES ? i : below(engine, alikes->count);
        for (s = 0; s < SAMPLES && !error; s++)
            error = check_point(engine, &alikes->items[which]);
    }
    return error;
}

int engine_compare(const struct vw_world *world, const char *label, uint64_t seed,
                   size_t questions, struct engine_tally *tally)
{
    struct engine engine = {
        .world = world, .label = label, .state = seed, .tally = tally};
    size_t i;
    int error = 0;

    for (i = 0; i < questions && !error; i++)
        error = check_question(&engine);
    vw_answer_free(&engine.set);
    vw_answer_free(&engine.single);
    return error;
}
