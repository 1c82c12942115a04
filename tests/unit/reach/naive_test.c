/* The walk against the naive evaluator: single packets through random worlds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "reach/naive.h"
#include "reach/one_engine.h"
#include "reach/question.h"
#include "reach/random_world.h"

/* A sanitizer costs ten times the time, and finds what it finds in a part of the worlds. */
#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
#define SHARE 10
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SHARE 10
#endif
#endif
#ifndef SHARE
#define SHARE 1
#endif

enum {
    WORLDS = 600 / SHARE,
    PACKETS = 60,
    NETWORKS = 12500 / SHARE,
    NETWORK_PACKETS = 80,
    SETS = 3,
    SEED = 20250117
};

struct tally {
    size_t reachable, blocked, partial, unknown, refused, bad;
    size_t by[VW_STEP_OTHER + 1]; /* components on ways that pass */
};

struct asked {
    struct naive_packet packet;
    uint32_t sender;
    bool one_way;
};

static struct vw_address private_address(struct random *random,
                                         const struct vw_world *world, uint32_t sender)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE), way, other;
    const struct vw_interface *interface =
        vw_world_interface(world, random_below(random, count));

    way = random_below(random, 7);
    if (way == 0)
        return vw_address_ipv4(0x0a000000 + random_below(random, 3) * 256 +
                               random_below(random, 9) + random_below(random, 2) * 128);
    if (way < 4)
        return vw_address_ipv4(0x0a000000 + random_below(random, 3) * 256 + 30 +
                               random_below(random, 2) * 128);
    /* Between VPCs, most of the time: that is where there is something to meet. */
    for (other = 0; way > 4 && other < 5 && sender != VW_NONE &&
                    interface->vpc == vw_world_interface(world, sender)->vpc;
         other++)
        interface = vw_world_interface(world, random_below(random, count));
    return interface->addresses[0].prefix.address;
}

/* Of a service behind gateway endpoints, of an interface endpoint, or of a declared
 * network, where there is one. */
static struct vw_address outside_address(struct random *random)
{
    switch (random_below(random, 3)) {
    case 0:
        return small_address("52.1.0.9");
    case 1:
        return vw_address_ipv4(0x0a000000 + random_below(random, 3) * 256 + 50 +
                               random_below(random, 2) * 128);
    default:
        return vw_address_ipv4(0xc0a80007 + random_below(random, 4) * 256 +
                               random_below(random, 2) * 0x8000);
    }
}

/* What a request from outside comes from. */
static struct vw_address outside_source(struct random *random,
                                        const struct vw_world *world)
{
    const struct vw_customer_network *network;

    if (world->network_count == 0 || random_below(random, 2))
        return small_address("8.8.4.4");
    network = &world->networks[random_below(random, (uint32_t)world->network_count)];
    return vw_address_add(network->prefixes[0].address, 7);
}

static struct vw_address any_address(struct random *random, const struct vw_world *world,
                                     uint32_t sender)
{
    uint32_t way = random_below(random, 10);

    if (way == 0)
        return small_address("8.8.8.8");
    if (way == 1)
        return small_address("52.0.0.100");
    if (way == 2)
        return vw_address_ipv4(0x34000100 + random_below(random, 3) * 256 +
                               random_below(random, 8));
    if (way < 5)
        return vw_address_ipv4(0x34000000 + random_below(random, 28));
    if (way == 5 && random_below(random, 2))
        return outside_address(random);
    return private_address(random, world, sender);
}

/* The IPv6 address of an interface, or of nobody; false where the sender has none. */
static bool make_ipv6(struct random *random, const struct vw_world *world,
                      struct asked *asked)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE);
    const struct vw_interface *from = vw_world_interface(world, asked->sender);
    const struct vw_interface *to =
        vw_world_interface(world, random_below(random, count));

    if (from->address_count < 2)
        return false;
    asked->packet.source = from->addresses[1].prefix.address;
    asked->packet.destination =
        to->address_count > 1
            ? to->addresses[1].prefix.address
            : small_address(random_below(random, 2) ? "2600:2::9" : "2a00:1450::1");
    if (asked->packet.protocol == 1) {
        asked->packet.protocol = 58;
        asked->packet.source_port = random_below(random, 4) ? 128 : 129;
    }
    return true;
}

static bool is_sender(const struct vw_world *world, uint32_t index)
{
    enum vw_interface_role role = vw_world_interface(world, index)->role;

    return role == VW_ROLE_HOST;
}

static void random_question(struct random *random, const struct vw_world *world,
                            bool network, struct asked *asked)
{
    static const int protocols[] = {6, 6, 17, 1};
    static const uint16_t ports[] = {21, 22, 23, 53, 79, 80, 443, 1024, 40000, 65535};
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE);
    struct naive_packet *packet = &asked->packet;

    do
        asked->sender = random_below(random, count);
    while (!is_sender(world, asked->sender));
    packet->protocol = protocols[random_below(random, 4)];
    packet->source_port = packet->protocol == 1
                              ? (random_below(random, 4) ? 8 : 0)
                              : (uint16_t)(32767 + random_below(random, 28234));
    packet->port =
        packet->protocol == 1 ? 0 : ports[random_below(random, sizeof ports / 2)];
    asked->one_way = random_below(random, 4) == 0;
    packet->source =
        vw_world_interface(world, asked->sender)->addresses[0].prefix.address;
    packet->destination = any_address(random, world, asked->sender);
    if (packet->protocol != 1 && (packet->destination.low & 0x7f) == 30 &&
        random_below(random, 4) > 0)
        packet->port = random_below(random, 2) ? 80 : 443; /* of a load balancer */
    if (network && random_below(random, 6) == 0 && make_ipv6(random, world, asked))
        return;
    if (random_below(random, 8) == 0) {
        asked->sender = VW_NONE;
        packet->source = outside_source(random, world);
        if (vw_address_is_private(packet->source)) {
            packet->destination = private_address(random, world, VW_NONE);
            return;
        }
        packet->destination = vw_address_ipv4(
            network && random_below(random, 2)
                ? 0x34000100 + random_below(random, 3) * 256 + random_below(random, 8)
                : 0x34000000 + random_below(random, 28));
    }
}

static int ask(const struct vw_world *world, const struct asked *asked,
               struct vw_answer *answer)
{
    const struct naive_packet *packet = &asked->packet;
    char from[VW_ADDRESS_TEXT], to[VW_ADDRESS_TEXT], within[2 * VW_ADDRESS_TEXT];
    struct vw_question question = {.from = from,
                                   .to = to,
                                   .protocol = packet->protocol,
                                   .icmp_type = -1,
                                   .icmp_code = -1,
                                   .one_way = asked->one_way};

    vw_address_format(packet->source, from);
    vw_address_format(packet->destination, to);
    if (asked->sender != VW_NONE) {
        uint32_t vpc = vw_world_interface(world, asked->sender)->vpc;
        snprintf(within, sizeof within, "%s/%s", vw_world_vpc(world, vpc)->object.id,
                 from);
        question.from = within;
    }
    if (packet->protocol == 1 || packet->protocol == 58) {
        question.icmp_type = packet->source_port;
        question.icmp_code = packet->port;
    } else {
        question.has_ports = question.has_source_ports = true;
        question.ports = (struct vw_port_range){packet->port, packet->port};
        question.source_ports =
            (struct vw_port_range){packet->source_port, packet->source_port};
    }
    return vw_answer_question(world, &question, NULL, answer);
}

/* A walk goes on past what is unknown, and may find what blocks in any case. */
static bool agrees(unsigned bits, enum vw_verdict verdict)
{
    bool mixed = (bits & NAIVE_PASSES) && (bits & NAIVE_BLOCKED);

    if (bits & NAIVE_UNKNOWN)
        return verdict == VW_VERDICT_UNKNOWN ||
               (verdict == VW_VERDICT_BLOCKED && !(bits & NAIVE_PASSES)) ||
               (verdict == VW_VERDICT_PARTIAL && (bits & NAIVE_PASSES));
    if (mixed)
        return verdict == VW_VERDICT_PARTIAL ||
               (verdict == VW_VERDICT_UNKNOWN && (bits & NAIVE_OPEN));
    return verdict == (bits & NAIVE_PASSES ? VW_VERDICT_REACHABLE : VW_VERDICT_BLOCKED);
}

static const char *last_reason(const struct vw_answer *answer)
{
    const struct vw_mark *mark = answer->alikes.items[0].example->last;
    const char *reason = "none";

    for (; mark; mark = mark->previous)
        if (mark->reason)
            reason = vw_reason_code(mark->reason);
    return reason;
}

static void count_ways(const struct vw_answer *answer, struct tally *tally)
{
    size_t i;

    for (i = 0; i < answer->alikes.count; i++) {
        const struct vw_packet *packet = answer->alikes.items[i].example;
        const struct vw_mark *mark;

        if (vw_packet_verdict(packet) != VW_VERDICT_REACHABLE)
            continue;
        for (mark = packet->last; mark; mark = mark->previous)
            tally->by[mark->kind]++;
    }
}

static void compare(const struct vw_world *world, const struct asked *asked,
                    unsigned seed, struct vw_answer *answer, struct tally *tally)
{
    char source[VW_ADDRESS_TEXT], destination[VW_ADDRESS_TEXT];
    const struct naive_packet *packet = &asked->packet;
    unsigned bits;
    int error = ask(world, asked, answer);

    if (error) {
        assert_int_equal(error, VW_ERROR_QUESTION); /* an address of two VPCs */
        tally->refused++;
        return;
    }
    count_ways(answer, tally);
    bits = naive_ask(world, packet, asked->sender, asked->one_way);
    if (bits & NAIVE_UNKNOWN)
        tally->unknown++;
    else if ((bits & NAIVE_PASSES) && (bits & NAIVE_BLOCKED))
        tally->partial++;
    else
        *(bits & NAIVE_PASSES ? &tally->reachable : &tally->blocked) += 1;
    if (!agrees(bits, answer->verdict) && tally->bad++ < 10)
        print_error("seed %u: %s (%s) -> %s %d %u>%u%s: naive %#x, walk %s (%s)\n", seed,
                    vw_address_format(packet->source, source),
                    asked->sender == VW_NONE
                        ? "outside"
                        : vw_world_interface(world, asked->sender)->object.id,
                    vw_address_format(packet->destination, destination), packet->protocol,
                    packet->source_port, packet->port, asked->one_way ? " one way" : "",
                    bits, vw_verdict_slug(answer->verdict), last_reason(answer));
}

static struct vw_world *make_world(struct random *random, bool network)
{
    return network ? random_network(random) : random_world(random, false);
}

static void run(unsigned worlds, unsigned packets, bool network, struct tally *tally)
{
    struct vw_answer answer = {.is_set = false};
    unsigned w, p;

    for (w = 0; w < worlds; w++) {
        struct random random = {SEED + w};
        struct vw_world *world = make_world(&random, network);

        for (p = 0; p < packets; p++) {
            struct asked asked;

            random_question(&random, world, network, &asked);
            compare(world, &asked, SEED + w, &answer, tally);
        }
        vw_world_free(world);
    }
    vw_answer_free(&answer);
    print_message("seed %d: %zu reachable, %zu blocked, %zu partial, %zu unknown, %zu "
                  "refused, %zu differ\n",
                  SEED, tally->reachable, tally->blocked, tally->partial, tally->unknown,
                  tally->refused, tally->bad);
}

static void walk_agrees_in_small_worlds(void **state)
{
    struct tally tally = {0};

    (void)state;
    run(WORLDS, PACKETS, false, &tally);
    assert_int_equal(tally.bad, 0);
    assert_true(tally.reachable > 1000 / SHARE && tally.blocked > 1000 / SHARE);
}

static void walk_agrees_in_networks(void **state)
{
    static const enum vw_step_kind kinds[] = {
        VW_STEP_PEERING,          VW_STEP_NAT_GATEWAY,      VW_STEP_TRANSIT_GATEWAY,
        VW_STEP_LOAD_BALANCER,    VW_STEP_MIDDLEBOX,        VW_STEP_EGRESS_ONLY_GATEWAY,
        VW_STEP_INTERNET_GATEWAY, VW_STEP_VPC_ENDPOINT,     VW_STEP_FIREWALL,
        VW_STEP_VPN_GATEWAY,      VW_STEP_CUSTOMER_NETWORK, VW_STEP_TRANSIT_ATTACHMENT};
    struct tally tally = {0};
    size_t i;

    (void)state;
    run(NETWORKS, NETWORK_PACKETS, true, &tally);
    assert_int_equal(tally.bad, 0);
    assert_true(tally.reachable > 5000 / SHARE && tally.blocked > 5000 / SHARE &&
                tally.partial > 300 / SHARE);
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        print_message("%s: %zu ways\n", vw_step_kind_slug(kinds[i]), tally.by[kinds[i]]);
        assert_true(tally.by[kinds[i]] > 200 / SHARE);
    }
}

/* See one_engine.h; sets_test.c does it more closely for the simpler worlds. */
static void sets_fare_as_their_packets_in_networks(void **state)
{
    struct engine_tally tally = {0};
    unsigned w;

    (void)state;
    for (w = 0; w < NETWORKS / 10; w++) {
        struct random random = {SEED + w};
        struct vw_world *world = random_network(&random);

        assert_int_equal(engine_compare(world, "network", SEED + w, SETS, &tally), 0);
        vw_world_free(world);
    }
    print_message("seed %d: %zu questions, %zu packets compared, %zu differ\n", SEED,
                  tally.questions, tally.compared, tally.differ);
    assert_int_equal(tally.differ, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk_agrees_in_small_worlds),
        cmocka_unit_test(walk_agrees_in_networks),
        cmocka_unit_test(sets_fare_as_their_packets_in_networks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
