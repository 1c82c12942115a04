/*
 * How long one walk takes in a loaded world: single packets between interfaces drawn at
 * random (fixed seed), from the texts of their addresses to the verdict, over and over in
 * one answer as the replay of a log does it:
 *
 *     walks WALKS EXPORT
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <vpcwhy/trace.h>

#include "base/address.h"
#include "reach/question.h"

/* So many pairs that they touch most of a large world, which no cache then holds. */
enum { PAIRS = 65536, ROUNDS = 15 };

struct pair {
    char from[VW_ADDRESS_TEXT], to[VW_ADDRESS_TEXT];
    uint16_t port;
};

struct bench {
    struct vw_world *world;
    struct vw_answer answer;
    struct pair pairs[PAIRS];
};

/* The processor's time, not the wall's: others may use the machine. */
static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static uint64_t draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void draw_pairs(struct bench *bench)
{
    const struct vw_owners *owners = &bench->world->by_vpc;
    uint64_t state = 20250117;
    size_t i;

    for (i = 0; i < PAIRS; i++) {
        const struct vw_owner *from = &owners->items[draw(&state) % owners->count];
        const struct vw_owner *to = &owners->items[draw(&state) % owners->count];

        vw_address_format(from->range.first, bench->pairs[i].from);
        vw_address_format(to->range.first, bench->pairs[i].to);
        bench->pairs[i].port = (uint16_t)(1024 + draw(&state) % 1280);
    }
}

static int walk(struct bench *bench, const struct pair *pair, bool one_way)
{
    struct vw_question question = {.from = pair->from,
                                   .to = pair->to,
                                   .protocol = 6,
                                   .has_ports = true,
                                   .ports = {pair->port, pair->port},
                                   .has_source_ports = true,
                                   .source_ports = {40000, 40000},
                                   .icmp_type = -1,
                                   .icmp_code = -1,
                                   .one_way = one_way};

    return vw_answer_question(bench->world, &question, NULL, &bench->answer);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int measure(struct bench *bench, size_t walks, bool one_way)
{
    double times[ROUNDS];
    size_t i;
    int round, error = 0;

    for (round = -1; round < ROUNDS && !error; round++) {
        double start = now();

        for (i = 0; i < walks && !error; i++)
            error = walk(bench, &bench->pairs[i % PAIRS], one_way);
        if (round >= 0)
            times[round] = now() - start;
    }
    if (error)
        return error;
    qsort(times, ROUNDS, sizeof *times, by_value);
    printf(
        "%8u interfaces, %s %6.2f us a walk, %.2f in the fastest of %d rounds of %zu\n",
        vw_world_count(bench->world, VW_OBJECT_INTERFACE),
        one_way ? "there:         " : "there and back:",
        times[ROUNDS / 2] / (double)walks * 1e6, times[0] / (double)walks * 1e6, ROUNDS,
        walks);
    return 0;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    size_t walks = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;
    const char *path = argv[argc - 1];
    int error;

    if (walks == 0 || !diagnostics) {
        fprintf(stderr, "usage: walks WALKS EXPORT\n");
        return 2;
    }
    error = vw_world_load(&path, 1, diagnostics, &bench.world);
    vw_diagnostics_free(diagnostics);
    if (!error && bench.world->by_vpc.count > 0) {
        draw_pairs(&bench);
        error = measure(&bench, walks, true);
        if (!error)
            error = measure(&bench, walks, false);
    }
    vw_answer_free(&bench.answer);
    vw_world_free(bench.world);
    return error != 0;
}
