/*
 * One engine: what is said of a set must be what is said of each of its packets. Random
 * worlds are asked prefixes and port ranges; every piece of the answer is compared with
 * single packets drawn inside it and at its borders, and the pieces must cover the
 * question once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"
#include "base/diagnostic.h"
#include "reach/question.h"
#include "reach/random_world.h"

enum { WORLDS = 300, QUESTIONS = 4, SAMPLES = 6, SEED = 20250117 };

struct sample {
    struct vw_address from, to;
    uint16_t source_port, port;
};

struct asked {
    const struct vw_world *world;
    struct vw_question question;
    const char *from_vpc, *to_vpc; /* ids, or NULL */
    struct random *random;
    unsigned seed;
    size_t compared, refused, bad;
    struct vw_answer single; /* asked again and again, as callers do */
};

static struct vw_address pick_address(struct random *random,
                                      const struct vw_address_set *set)
{
    const struct vw_address_range *range = &set->items[random_below(
        random, set->count > 1000 ? 1000 : (uint32_t)set->count)];
    uint64_t size = range->last.low - range->first.low;
    uint32_t way = random_below(random, 3);

    if (way == 0)
        return range->first;
    if (way == 1)
        return range->last;
    return vw_address_add(range->first,
                          size == 0 ? 0 : random_below(random, UINT32_MAX) % (size + 1));
}

static uint16_t pick_port(struct random *random, const struct vw_number_set *set)
{
    const struct vw_port_range *range =
        &set->items[random_below(random, (uint32_t)set->count)];
    uint32_t way = random_below(random, 3);

    if (way == 0)
        return range->first;
    if (way == 1)
        return range->last;
    return (uint16_t)(range->first +
                      random_below(random, (uint32_t)(range->last - range->first) + 1));
}

static void write_end(char *text, size_t size, const char *vpc, struct vw_address address)
{
    char number[VW_ADDRESS_TEXT];

    snprintf(text, size, "%s%s%s", vpc ? vpc : "", vpc ? "/" : "",
             vw_address_format(address, number));
}

/* No interface owns the source: one by one that is no question, in a set it is a part. */
static bool source_is_nobody(const struct vw_packet *packet)
{
    return packet->last && packet->last->id && packet->last->reason &&
           packet->last->kind == VW_STEP_OTHER &&
           packet->last->reason == VW_REASON_VW_NO_SUCH_HOST && !packet->last->object;
}

/* The first reason why the packet does not pass. */
static const char *reason_of(const struct vw_packet *packet)
{
    const struct vw_mark *mark;
    const char *reason = "none";

    for (mark = packet->last; mark; mark = mark->previous)
        if (mark->reason)
            reason = vw_reason_code(mark->reason);
    return reason;
}

static void check_sample(struct asked *asked, const struct vw_alike *alike)
{
    char from[100], to[100];
    struct vw_question single = asked->question;
    struct vw_answer *answer = &asked->single;
    struct sample sample = {pick_address(asked->random, &alike->from),
                            pick_address(asked->random, &alike->to),
                            pick_port(asked->random, &alike->source_ports),
                            pick_port(asked->random, &alike->ports)};
    enum vw_verdict expected = vw_packet_verdict(alike->example);
    int error;

    write_end(from, sizeof from, asked->from_vpc, sample.from);
    write_end(to, sizeof to, asked->to_vpc, sample.to);
    single.from = from;
    single.to = to;
    if (single.has_ports) {
        single.has_source_ports = true;
        single.source_ports =
            (struct vw_port_range){sample.source_port, sample.source_port};
        single.ports = (struct vw_port_range){sample.port, sample.port};
    }
    error = vw_answer_question(asked->world, &single, NULL, answer);
    if (error) {
        assert_int_equal(error, VW_ERROR_QUESTION);
        asked->refused++;
    } else if (answer->verdict != expected || answer->alikes.count != 1) {
        if (asked->bad++ < 10)
            print_error("seed %u: %s -> %s %d %u>%u: set says %s (%s), packet says %s "
                        "(%s)\n",
                        asked->seed, from, to, single.protocol, sample.source_port,
                        sample.port, vw_verdict_slug(expected), reason_of(alike->example),
                        vw_verdict_slug(answer->verdict),
                        reason_of(answer->alikes.items[0].example));
    } else {
        asked->compared++;
    }
    if (source_is_nobody(alike->example))
        assert_int_equal(error, VW_ERROR_QUESTION);
}

static uint64_t addresses_in(const struct vw_address_set *set)
{
    uint64_t total = 0;
    size_t i;

    for (i = 0; i < set->count; i++)
        total += set->items[i].last.low - set->items[i].first.low + 1;
    return total;
}

static uint64_t numbers_in(const struct vw_number_set *set)
{
    uint64_t total = 0;
    size_t i;

    for (i = 0; i < set->count; i++)
        total += (uint64_t)(set->items[i].last - set->items[i].first) + 1;
    return total;
}

static bool addresses_meet(const struct vw_address_set *a, const struct vw_address_set *b)
{
    size_t i, j;

    for (i = 0; i < a->count; i++)
        for (j = 0; j < b->count; j++)
            if (vw_range_overlaps(a->items[i], b->items[j]))
                return true;
    return false;
}

static bool numbers_meet(const struct vw_number_set *a, const struct vw_number_set *b)
{
    size_t i, j;

    for (i = 0; i < a->count; i++)
        for (j = 0; j < b->count; j++)
            if (vw_ports_overlap(a->items[i], b->items[j]))
                return true;
    return false;
}

/* All the packets of the question, modulo 2^64; with the pieces disjoint that is enough. */
static uint64_t volume_asked(const struct vw_answer *answer)
{
    uint64_t from = 0, to = 0;
    size_t i;

    for (i = 0; i < answer->from.parts.count; i++)
        from += answer->from.parts.items[i].range.last.low -
                answer->from.parts.items[i].range.first.low + 1;
    for (i = 0; i < answer->to.parts.count; i++)
        to += answer->to.parts.items[i].range.last.low -
              answer->to.parts.items[i].range.first.low + 1;
    return from * to *
           ((uint64_t)(answer->box.ports.last - answer->box.ports.first) + 1) *
           ((uint64_t)(answer->box.source_ports.last - answer->box.source_ports.first) +
            1);
}

static void check_cover(const struct asked *asked, const struct vw_answer *answer)
{
    const struct vw_alikes *alikes = &answer->alikes;
    uint64_t volume = 0;
    size_t i, j;

    for (i = 0; i < alikes->count; i++) {
        const struct vw_alike *a = &alikes->items[i];

        volume += addresses_in(&a->from) * addresses_in(&a->to) * numbers_in(&a->ports) *
                  numbers_in(&a->source_ports);
        for (j = i + 1; j < alikes->count; j++) {
            const struct vw_alike *b = &alikes->items[j];
            if (addresses_meet(&a->from, &b->from) && addresses_meet(&a->to, &b->to) &&
                numbers_meet(&a->ports, &b->ports) &&
                numbers_meet(&a->source_ports, &b->source_ports))
                fail_msg("seed %u: pieces %zu and %zu overlap", asked->seed, i, j);
        }
    }
    if (volume != volume_asked(answer))
        fail_msg("seed %u: the pieces do not cover the question", asked->seed);
}

static void random_question(struct asked *asked, char from[100], char to[100])
{
    static const char *const sets[] = {"10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24",
                                       "10.0.0.0/22", "0.0.0.0/0",   "52.0.0.0/27",
                                       "10.0.1.0/29", "0.0.0.0/1",   "10.0.0.128/29",
                                       "10.0.0.0/8",  "52.0.0.0/24", "10.0.2.0/25"};
    static const int protocols[] = {6, 6, 17, 1};
    struct random *random = asked->random;
    unsigned count = vw_world_count(asked->world, VW_OBJECT_VPC);
    unsigned vpc = random_below(random, count);

    asked->question = (struct vw_question){
        .from = from, .to = to, .icmp_type = -1, .icmp_code = -1, .protocol = 6};
    asked->question.protocol = protocols[random_below(random, 4)];
    asked->question.has_ports = asked->question.protocol != 1;
    asked->question.ports = random_below(random, 2) ? (struct vw_port_range){0, 65535}
                                                    : (struct vw_port_range){21, 1500};
    asked->from_vpc = vw_world_vpc(asked->world, vpc)->object.id;
    if (random_below(random, 6) == 0) {
        asked->from_vpc = NULL;
        snprintf(from, 100, "%s", random_below(random, 2) ? "8.8.8.0/30" : "52.0.0.0/28");
    } else {
        char prefix[VW_PREFIX_TEXT];
        snprintf(from, 100, "%s/%s", asked->from_vpc,
                 vw_prefix_format(vw_world_vpc(asked->world, vpc)->cidrs[0], prefix));
    }
    asked->to_vpc =
        random_below(random, 3) == 0
            ? vw_world_vpc(asked->world, random_below(random, count))->object.id
            : NULL;
    snprintf(to, 100, "%s%s%s", asked->to_vpc ? asked->to_vpc : "",
             asked->to_vpc ? "/" : "", sets[random_below(random, 12)]);
}

static void sets_fare_as_their_packets(void **state)
{
    struct asked asked = {.seed = SEED};
    unsigned w, q;
    size_t i, s;

    (void)state;
    for (w = 0; w < WORLDS; w++, asked.seed++) {
        struct random random = {asked.seed};
        struct vw_world *world = random_world(&random, w % 3 != 0);

        asked.world = world;
        asked.random = &random;
        for (q = 0; q < QUESTIONS; q++) {
            char from[100], to[100];
            struct vw_answer answer = {.is_set = false};

            random_question(&asked, from, to);
            assert_int_equal(vw_answer_question(world, &asked.question, NULL, &answer),
                             0);
            check_cover(&asked, &answer);
            for (i = 0; i < answer.alikes.count; i++)
                for (s = 0; s < SAMPLES; s++)
                    check_sample(&asked, &answer.alikes.items[i]);
            vw_answer_free(&answer);
        }
        vw_world_free(world);
    }
    vw_answer_free(&asked.single);
    /* Far more than half of the samples are questions that can be asked one by one. */
    print_message("%zu packets compared, %zu refused, %zu differ\n", asked.compared,
                  asked.refused, asked.bad);
    assert_int_equal(asked.bad, 0);
    assert_true(asked.compared > 10000);
    assert_true(asked.compared > asked.refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_fare_as_their_packets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
