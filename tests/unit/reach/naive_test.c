/* The walk against the naive evaluator: single packets through random worlds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "reach/naive.h"
#include "reach/question.h"
#include "reach/random_world.h"

enum { WORLDS = 600, PACKETS = 60, SEED = 20250117 };

struct tally {
    size_t reachable, blocked, unknown, refused, bad;
};

static struct vw_address private_address(struct random *random,
                                         const struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE);

    if (random_below(random, 6) == 0)
        return vw_address_ipv4(0x0a000000 + random_below(random, 3) * 256 +
                               random_below(random, 9) + random_below(random, 2) * 128);
    return vw_world_interface(world, random_below(random, count))
        ->addresses[0]
        .prefix.address;
}

static struct vw_address any_address(struct random *random, const struct vw_world *world)
{
    uint32_t way = random_below(random, 8);

    if (way == 0)
        return small_address("8.8.8.8");
    if (way == 1)
        return small_address("52.0.0.100");
    if (way < 4)
        return vw_address_ipv4(0x34000000 + random_below(random, 28));
    return private_address(random, world);
}

static void random_packet(struct random *random, const struct vw_world *world,
                          struct naive *packet)
{
    static const int protocols[] = {6, 6, 17, 1};
    static const uint16_t ports[] = {21, 22, 23, 53, 79, 80, 443, 1024, 40000, 65535};
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE);

    *packet = (struct naive){.sender = random_below(random, count), .receiver = VW_NONE};
    packet->protocol = protocols[random_below(random, 4)];
    packet->source_port = packet->protocol == 1
                              ? (random_below(random, 4) ? 8 : 0)
                              : (uint16_t)(32767 + random_below(random, 28234));
    packet->port =
        packet->protocol == 1 ? 0 : ports[random_below(random, sizeof ports / 2)];
    packet->destination = any_address(random, world);
    packet->source =
        vw_world_interface(world, packet->sender)->addresses[0].prefix.address;
    if (random_below(random, 8) == 0) {
        packet->sender = VW_NONE;
        packet->source = small_address("8.8.4.4");
        packet->destination = vw_address_ipv4(0x34000000 + random_below(random, 28));
    }
}

static void ask(const struct vw_world *world, const struct naive *packet,
                struct vw_answer *answer, int *ret_error)
{
    char from[VW_ADDRESS_TEXT], to[VW_ADDRESS_TEXT];
    struct vw_question question = {.from = from,
                                   .to = to,
                                   .protocol = packet->protocol,
                                   .icmp_type = -1,
                                   .icmp_code = -1};

    vw_address_format(packet->source, from);
    vw_address_format(packet->destination, to);
    if (packet->sender != VW_NONE)
        question.from = vw_world_interface(world, packet->sender)->object.id;
    if (packet->protocol == 1) {
        question.icmp_type = packet->source_port;
        question.icmp_code = packet->port;
    } else {
        question.has_ports = question.has_source_ports = true;
        question.ports = (struct vw_port_range){packet->port, packet->port};
        question.source_ports =
            (struct vw_port_range){packet->source_port, packet->source_port};
    }
    *ret_error = vw_answer_question(world, &question, NULL, answer);
}

/* A running sender's own VPC answers DNS itself, whatever groups and ACLs say. */
static bool is_own_resolver(const struct vw_world *world, const struct naive *packet)
{
    const struct vw_vpc *vpc;

    if (packet->sender == VW_NONE || packet->port != 53 ||
        (packet->protocol != 6 && packet->protocol != 17))
        return false;
    vpc = vw_world_vpc(world, vw_world_interface(world, packet->sender)->vpc);
    return vpc->cidr_count > 0 &&
           vw_address_equal(packet->destination,
                            vw_address_add(vpc->cidrs[0].address, 2)) &&
           naive_alive(world, packet->sender);
}

static bool is_resolver(const struct naive *packet)
{
    return packet->port == 53 && vw_address_is_private(packet->destination) &&
           (packet->destination.low & 0xff) == 2;
}

static void compare(const struct vw_world *world, const struct naive *packet,
                    unsigned seed, struct vw_answer *answer, struct tally *tally)
{
    char source[VW_ADDRESS_TEXT], destination[VW_ADDRESS_TEXT];
    bool unknown, differs, passes = naive_reaches(world, *packet, &unknown);
    enum vw_verdict expected = passes ? VW_VERDICT_REACHABLE : VW_VERDICT_BLOCKED;
    int error;

    ask(world, packet, answer, &error);
    if (error) {
        assert_int_equal(error, VW_ERROR_QUESTION); /* an address of two VPCs */
        tally->refused++;
        return;
    }
    if (is_own_resolver(world, packet)) {
        tally->reachable++;
        differs = answer->verdict != VW_VERDICT_REACHABLE;
    } else if (unknown || is_resolver(packet)) {
        tally->unknown++;
        differs = answer->verdict == VW_VERDICT_REACHABLE;
        expected = VW_VERDICT_UNKNOWN;
    } else {
        tally->reachable += passes;
        tally->blocked += !passes;
        differs = answer->verdict != expected;
    }
    if (differs && tally->bad++ < 10)
        print_error("seed %u: %s (%u) -> %s %d %u>%u: naive %s, walk %s\n", seed,
                    vw_address_format(packet->source, source), packet->sender,
                    vw_address_format(packet->destination, destination), packet->protocol,
                    packet->source_port, packet->port, vw_verdict_slug(expected),
                    vw_verdict_slug(answer->verdict));
}

static void walk_agrees_with_naive(void **state)
{
    struct vw_answer answer = {.is_set = false};
    struct tally tally = {0, 0, 0, 0, 0};
    unsigned w, p;

    (void)state;
    for (w = 0; w < WORLDS; w++) {
        struct random random = {SEED + w};
        struct vw_world *world = random_world(&random, false);

        for (p = 0; p < PACKETS; p++) {
            struct naive packet;

            random_packet(&random, world, &packet);
            compare(world, &packet, SEED + w, &answer, &tally);
        }
        vw_world_free(world);
    }
    vw_answer_free(&answer);
    print_message("%zu reachable, %zu blocked, %zu unknown, %zu refused, %zu differ\n",
                  tally.reachable, tally.blocked, tally.unknown, tally.refused,
                  tally.bad);
    assert_int_equal(tally.bad, 0);
    assert_true(tally.reachable > 1000 && tally.blocked > 1000);
    assert_true(tally.reachable + tally.blocked > 20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk_agrees_with_naive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
