/*
 * How long the replay of a log takes in a loaded world: distinct flows between interfaces
 * drawn at random (fixed seed), as many as wanted, each conversation recorded at one or
 * both ends and in one or both directions, three of four with a SYN:
 *
 *     replays FLOWS EXPORT
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <vpcwhy/replay.h>

#include "base/address.h"
#include "world/world.h"

enum { ROUNDS = 3 };

static double now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static uint64_t draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

struct end {
    const char *eni;
    char address[VW_ADDRESS_TEXT];
    unsigned port;
};

static void draw_end(const struct vw_world *world, uint64_t *state, struct end *end)
{
    const struct vw_owner *owner =
        &world->by_vpc.items[draw(state) % world->by_vpc.count];

    end->eni = vw_world_interface(world, owner->interface)->object.id;
    vw_address_format(owner->range.first, end->address);
}

static void put(FILE *log, const char *eni, const struct end *from, const struct end *to,
                unsigned flags, bool accepted)
{
    fprintf(log, "2 466742534146 %s %s %s %u %u 6 5 400 1737122420 1737122476 %s OK %u\n",
            eni, from->address, to->address, from->port, to->port,
            accepted ? "ACCEPT" : "REJECT", flags);
}

/* About `flows` rows; most recorded as accepted, so that many contradict. */
static void make_log(const struct vw_world *world, uint64_t flows, FILE *log)
{
    uint64_t state = 20250117, i = 0;

    fputs("version account-id interface-id srcaddr dstaddr srcport dstport protocol "
          "packets "
          "bytes start end action log-status tcp-flags\n",
          log);
    while (i < flows) {
        struct end a, b;
        unsigned syn = draw(&state) % 4 != 0 ? 2 : 0,
                 rows = 1 + (unsigned)draw(&state) % 15;
        bool accepted = draw(&state) % 8 != 0;

        draw_end(world, &state, &a);
        draw_end(world, &state, &b);
        a.port = 32768 + (unsigned)draw(&state) % 28000;
        b.port = 1024 + (unsigned)draw(&state) % 1280;
        if (rows & 1)
            put(log, a.eni, &a, &b, syn, true);
        if (rows & 2)
            put(log, b.eni, &a, &b, syn, accepted);
        if (rows & 4)
            put(log, b.eni, &b, &a, syn ? 18 : 0, true);
        if (rows & 8)
            put(log, a.eni, &b, &a, syn ? 18 : 0, true);
        for (; rows; rows &= rows - 1)
            i++;
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static int measure(const struct vw_world *world, const struct vw_evidence *evidence)
{
    double times[ROUNDS], cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    struct vw_replay *replay = NULL;
    int round;

    for (round = 0; round < ROUNDS; round++) {
        double start = now(CLOCK_MONOTONIC);
        int error = vw_replay_run(world, evidence, &replay);

        if (error)
            return error;
        times[round] = now(CLOCK_MONOTONIC) - start;
        if (round + 1 < ROUNDS)
            vw_replay_free(replay);
    }
    cpu = (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / ROUNDS;
    qsort(times, ROUNDS, sizeof *times, by_value);
    printf("%8u interfaces, %" PRIu64 " flows: %6.2f s, %.2f million a second (median of "
           "%d rounds), %.2f us of one processor a flow; %" PRIu64 " agree, %" PRIu64
           " contradict, %zu findings\n",
           vw_world_count(world, VW_OBJECT_INTERFACE), replay->flows, times[ROUNDS / 2],
           (double)replay->flows / times[ROUNDS / 2] * 1e-6, ROUNDS,
           cpu / (double)replay->flows * 1e6, replay->flows_by_result[VW_REPLAY_AGREES],
           replay->flows_by_result[VW_REPLAY_CONTRADICTS], replay->finding_count);
    vw_replay_free(replay);
    return 0;
}

/* Writes the log, reads it as any other, and measures the replay alone. */
static int run(const struct vw_world *world, uint64_t flows)
{
    char path[] = "/tmp/replays-XXXXXX";
    int descriptor = mkstemp(path), error = 1;
    FILE *log = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);

    if (log && evidence && world->by_vpc.count > 0) {
        make_log(world, flows, log);
        error = fclose(log);
        if (!error)
            error = vw_evidence_read_flow_logs(evidence, path, NULL, NULL);
        if (!error)
            error = measure(world, evidence);
    }
    unlink(path);
    vw_evidence_free(evidence);
    return error;
}

int main(int argc, char **argv)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    uint64_t flows = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
    const char *path = argv[argc - 1];
    struct vw_world *world = NULL;
    int error;

    if (flows == 0 || !diagnostics) {
        fprintf(stderr, "usage: replays FLOWS EXPORT\n");
        return 2;
    }
    error = vw_world_load(&path, 1, diagnostics, &world);
    vw_diagnostics_free(diagnostics);
    if (!error)
        error = run(world, flows);
    vw_world_free(world);
    return error != 0;
}
