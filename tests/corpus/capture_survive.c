/* Reads each capture whole, and again with bytes changed at random:
 *
 *     capture_survive SEED TIMES SCRATCH FILE...
 *
 * Everything is asked of what was read, and every report written. Ends with a line of sums
 * and the peak of memory. That nothing goes wrong on the way is for the sanitizers to say. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/report.h>

enum { FILE_MAX = 64 << 20, CHANGES_PER = 500 };

static unsigned long long files, refused, damaged, packets, taken, flows;
static uint64_t state;

static uint64_t draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int count_packet(void *context, const struct vw_packet_facts *facts)
{
    (void)context;
    taken += facts->number > 0;
    return 0;
}

static int read_one(const char *path, FILE *nowhere)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_capture *capture = NULL;
    struct vw_report_style style = {false, false};
    int error = vw_capture_read(path, NULL, diagnostics, &capture);
    int failed = 0;

    files++;
    if (error) {
        refused++;
        failed = error != -2 || vw_diagnostics_count(diagnostics) == 0;
    } else {
        const struct vw_capture *all[] = {capture};

        damaged += vw_capture_facts(capture)->is_damaged;
        packets += vw_capture_facts(capture)->packets;
        flows += vw_capture_conversation_count(capture) + vw_capture_echo_count(capture);
        failed = vw_report_capture_text(capture, style, nowhere) != 0 ||
                 vw_report_captures_json(all, 1, NULL, nowhere) != 0;
    }
    (void)vw_packets_read(path, NULL, diagnostics, count_packet, NULL);
    vw_capture_free(capture);
    vw_diagnostics_free(diagnostics);
    return failed;
}

/* The same file with one byte in CHANGES_PER another one, its first ones mostly spared. */
static int write_changed(const uint8_t *bytes, size_t size, const char *path)
{
    FILE *out = fopen(path, "wb");
    size_t i, next = size > 40 ? 24 + draw() % 16 : 0;

    if (!out)
        return 1;
    for (i = 0; i < size; i++) {
        int byte = bytes[i];

        if (i == next) {
            byte = (int)(draw() & 255);
            next += 1 + draw() % (2 * CHANGES_PER);
        }
        putc(byte, out);
    }
    return fclose(out) != 0;
}

int main(int argc, char **argv)
{
    uint8_t *bytes = malloc(FILE_MAX);
    FILE *nowhere = fopen("/dev/null", "w");
    struct rusage usage;
    int i, failed = 0;

    if (argc < 5 || !bytes || !nowhere)
        return 2;
    for (i = 4; i < argc; i++) {
        FILE *in = fopen(argv[i], "rb");
        size_t size = in ? fread(bytes, 1, FILE_MAX, in) : 0;
        long round;

        if (in)
            fclose(in);
        state = strtoull(argv[1], NULL, 10) + (uint64_t)i * 977;
        if (read_one(argv[i], nowhere)) {
            printf("failed %s\n", argv[i]);
            failed = 1;
        }
        for (round = strtol(argv[2], NULL, 10); round > 0; round--) {
            if (write_changed(bytes, size, argv[3]) || read_one(argv[3], nowhere)) {
                printf("failed %s, changed, round %ld\n", argv[i], round);
                failed = 1;
            }
        }
    }
    getrusage(RUSAGE_SELF, &usage);
    printf("%llu read, %llu refused, %llu damaged, %llu packets, %llu taken, %llu flows, "
           "%ld MB\n",
           files, refused, damaged, packets, taken, flows, usage.ru_maxrss / 1024);
    free(bytes);
    fclose(nowhere);
    return failed;
}
