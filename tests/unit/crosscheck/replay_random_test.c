/* Records as the simulator predicts them, of random questions in random networks: a replay
 * of them finds no contradiction. And records that say the opposite: it never agrees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/replay.h>

#include "base/address.h"
#include "reach/random_world.h"
#include "temporary.h"

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

enum { WORLDS = 400 / SHARE, QUESTIONS = 40, SEED = 20250117 };

#define HEADER                                                                           \
    "interface-id srcaddr dstaddr srcport dstport protocol action tcp-flags start end "  \
    "packets flow-direction\n"

struct asking {
    struct random random;
    const struct vw_world *world;
    FILE *log;
    bool opposite; /* ACCEPT for REJECT and the other way round */
    unsigned number;
    size_t rows;
};

static bool is_host(const struct vw_world *world, uint32_t index)
{
    return vw_world_interface(world, index)->role == VW_ROLE_HOST;
}

static void put_address(FILE *log, struct vw_address address)
{
    char buffer[VW_ADDRESS_TEXT];

    fprintf(log, " %s", vw_address_format(address, buffer));
}

static void put_record(struct asking *asking, const struct vw_trace *trace,
                       const struct vw_prediction *prediction)
{
    bool forward = prediction->flow == VW_FORWARD;
    bool accept = (prediction->expect == VW_EXPECT_ACCEPT) != asking->opposite;
    unsigned from = trace->has_ports ? trace->source_ports.first : 0;
    unsigned to = trace->has_ports ? trace->ports.first : 0;

    fprintf(asking->log, "%s", prediction->eni);
    put_address(asking->log, prediction->source);
    put_address(asking->log, prediction->destination);
    fprintf(asking->log, " %u %u %d %s %s 1737122420 1737122476 5 %s\n",
            forward ? from : to, forward ? to : from, trace->protocol,
            accept ? "ACCEPT" : "REJECT",
            trace->protocol != 6 ? "-" : (forward ? "2" : "18"),
            prediction->direction == VW_FLOW_DIRECTION_EGRESS ? "egress" : "ingress");
    asking->rows++;
}

/* A load balancer speaks to its targets by ports that are not predicted. */
static bool has_balancer(const struct vw_trace *trace)
{
    size_t i;

    for (i = 0; i < trace->forward.step_count; i++)
        if (trace->forward.steps[i].kind == VW_STEP_LOAD_BALANCER)
            return true;
    return false;
}

static void ask(struct asking *asking)
{
    static const int protocols[] = {6, 6, 17, 1};
    static const uint16_t ports[] = {22, 53, 80, 443};
    struct random *random = &asking->random;
    uint32_t count = vw_world_count(asking->world, VW_OBJECT_INTERFACE), from, to;
    struct vw_question question = {.icmp_type = -1, .icmp_code = -1};
    char address[VW_ADDRESS_TEXT];
    struct vw_trace *trace = NULL;
    size_t i;

    from = random_below(random, count);
    to = random_below(random, count);
    if (!is_host(asking->world, from) || !is_host(asking->world, to) || from == to)
        return;
    question.from = vw_world_interface(asking->world, from)->object.id;
    question.to = vw_address_format(
        vw_world_interface(asking->world, to)->addresses[0].prefix.address, address);
    if (random_below(random, 5) == 0)
        question.to = "8.8.8.8";
    question.protocol = protocols[random_below(random, 4)];
    question.has_ports = question.has_source_ports = question.protocol != 1;
    question.ports.first = question.ports.last = ports[random_below(random, 4)];
    question.source_ports.first = question.source_ports.last =
        (uint16_t)(32768 + asking->number++ % 28000);
    if (vw_trace_run(asking->world, &question, NULL, &trace) || has_balancer(trace)) {
        vw_trace_free(trace);
        return;
    }
    for (i = 0; i < trace->prediction_count; i++) {
        const struct vw_prediction *prediction = &trace->predictions[i];

        /* Replies and pings that turn out otherwise may be late, or the other of two. */
        if (asking->opposite && (trace->protocol == 1 || prediction->flow == VW_RETURN))
            continue;
        if (prediction->vantage == VW_EVIDENCE_FLOW_LOG && prediction->eni &&
            (prediction->expect == VW_EXPECT_ACCEPT ||
             prediction->expect == VW_EXPECT_REJECT))
            put_record(asking, trace, prediction);
    }
    vw_trace_free(trace);
}

static void print_findings(const struct vw_replay *replay, unsigned world)
{
    char from[VW_ADDRESS_TEXT], to[VW_ADDRESS_TEXT];
    size_t i;

    for (i = 0; i < replay->finding_count; i++) {
        const struct vw_replay_finding *finding = &replay->findings[i];
        const struct vw_observation *row = finding->examples[0];

        if (vw_reading_result(finding->reading) != VW_REPLAY_CONTRADICTS)
            continue;
        print_error("world %u: %s at %s %s: %s:%d -> %s:%d protocol %d action %d: %s\n",
                    world, vw_reading_slug(finding->reading), row->vantage,
                    finding->direction == VW_FLOW_DIRECTION_EGRESS ? "egress" : "ingress",
                    vw_address_format(row->source, from), (int)row->source_port,
                    vw_address_format(row->destination, to), (int)row->destination_port,
                    row->protocol, (int)row->action,
                    finding->sentence ? finding->sentence : "");
    }
}

/* Replays one world's log; returns whether it came out as it must. */
static bool replay_log(const struct asking *asking, const char *path, unsigned number)
{
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_replay *replay = NULL;
    bool good;

    assert_non_null(evidence);
    assert_int_equal(vw_evidence_read_flow_logs(evidence, path, NULL, NULL), 0);
    assert_int_equal(vw_replay_run(asking->world, evidence, &replay), 0);
    if (asking->opposite) {
        good = replay->flows_by_result[VW_REPLAY_AGREES] == 0;
        if (!good)
            print_error("world %u: %u agree\n", number,
                        (unsigned)replay->flows_by_result[VW_REPLAY_AGREES]);
    } else {
        good = replay->flows_by_result[VW_REPLAY_CONTRADICTS] == 0;
        print_findings(replay, number);
    }
    vw_replay_free(replay);
    vw_evidence_free(evidence);
    return good;
}

static size_t run_worlds(unsigned kind, bool opposite)
{
    struct temporary temporary;
    size_t failed = 0, rows = 0;
    unsigned world, i;

    temporary_open(&temporary);
    for (world = 0; world < WORLDS; world++) {
        struct asking asking = {.random = {SEED + world}, .opposite = opposite};
        struct vw_world *made = kind == 2 ? random_network(&asking.random)
                                          : random_world(&asking.random, kind == 1);
        const char *path = temporary_text(&temporary, "log", "");

        asking.world = made;
        asking.log = fopen(path, "w");
        assert_non_null(asking.log);
        fputs(HEADER, asking.log);
        for (i = 0; i < QUESTIONS; i++)
            ask(&asking);
        assert_int_equal(fclose(asking.log), 0);
        if (asking.rows > 0)
            failed += !replay_log(&asking, path, world);
        rows += asking.rows;
        vw_world_free(made);
    }
    temporary_close(&temporary);
    assert_true(rows > WORLDS);
    return failed;
}

static void test_worlds(void **state)
{
    (void)state;
    assert_int_equal(run_worlds(0, false), 0);
}

static void test_worlds_with_gaps(void **state)
{
    (void)state;
    assert_int_equal(run_worlds(1, false), 0);
}

static void test_networks(void **state)
{
    (void)state;
    assert_int_equal(run_worlds(2, false), 0);
}

static void test_opposites(void **state)
{
    (void)state;
    assert_int_equal(run_worlds(0, true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worlds), cmocka_unit_test(test_worlds_with_gaps),
        cmocka_unit_test(test_networks), cmocka_unit_test(test_opposites)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
