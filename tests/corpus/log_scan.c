/*
 * Scans each log that it is given: `log_scan [-f FORMAT] FILE...` prints a line a file:
 *     FILE error records damaged repeated packets bytes rejected first-code
 * `log_scan -m FILE...` scans each file again and again, with each of its bytes changed in
 * turn (of a large file with every third or so) and with its end cut off there: no record
 * may be lost of which nothing is said.
 */
#define _GNU_SOURCE /* memfd_create */
#include "logs/scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct sums {
    unsigned long long packets, bytes, rejected;
};

struct outcome {
    struct vw_log_totals totals;
    struct sums sums;
    int error;
    bool was_refused; /* an error was said */
    char code[64];    /* of the first diagnostic, or "-" */
};

static int begin(void *context, const struct vw_log_layout *layout, bool *wanted)
{
    size_t i;

    (void)context;
    for (i = 0; i < layout->count; i++)
        wanted[i] = true;
    return 0;
}

static int take(void *context, unsigned worker, const struct vw_log_batch *batch)
{
    struct sums *sums = context;
    size_t row, column;

    (void)worker;
    for (row = 0; row < batch->count; row++) {
        for (column = 0; column < batch->layout->count; column++) {
            struct vw_slice cell = batch->cells[row * batch->layout->count + column];
            enum vw_flow_field field = batch->layout->fields[column];
            uint64_t value = 0;

            if (!cell.data)
                continue;
            if (field == VW_FLOW_FIELD_ACTION)
                sums->rejected += vw_slice_is(cell, "REJECT");
            if (vw_slice_u64(cell, UINT64_MAX, &value) && field == VW_FLOW_FIELD_PACKETS)
                sums->packets += value;
            else if (field == VW_FLOW_FIELD_BYTES)
                sums->bytes += value;
        }
    }
    return 0;
}

static void scan(const char *path, const char *format, struct outcome *ret)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_log_sink sink = {&ret->sums, begin, take};
    struct vw_log_options options = {
        .paths = &path, .path_count = 1, .format = format, .workers = 1};
    size_t i;

    memset(ret, 0, sizeof *ret);
    ret->error = vw_log_scan(&options, &sink, diagnostics, &ret->totals);
    for (i = 0; i < vw_diagnostics_count(diagnostics); i++)
        ret->was_refused |=
            vw_diagnostics_get(diagnostics, i)->severity == VW_SEVERITY_ERROR;
    snprintf(ret->code, sizeof ret->code, "%s",
             vw_diagnostics_count(diagnostics) > 0
                 ? vw_diagnostics_get(diagnostics, 0)->code
                 : "-");
    vw_diagnostics_free(diagnostics);
}

static unsigned long long seen(const struct outcome *outcome)
{
    return outcome->totals.records + outcome->totals.damaged + outcome->totals.repeated;
}

static char *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);

    *ret_size = file && bytes ? fread(bytes, 1, 1 << 20, file) : 0;
    if (file)
        fclose(file);
    return bytes;
}

static int write_bytes(int descriptor, const char *bytes, size_t size)
{
    return ftruncate(descriptor, 0) == 0 &&
                   pwrite(descriptor, bytes, size, 0) == (ssize_t)size
               ? 0
               : -1;
}

/* What bytes turn into: blanks, line ends, what JSON and CSV are made of, and no text. */
static char changed(char byte, size_t at)
{
    static const char others[] = " \n\t\"{}[],\\-x0\0\x80\xff\r";
    char other = others[at % (sizeof others - 1)];

    return other == byte ? 'y' : other;
}

/* Whether fewer records were seen and none told to be damaged. Two lines that become one
 * are seen as one. */
static bool is_silent(const struct outcome *whole, const struct outcome *other,
                      char before)
{
    if (other->was_refused || other->error ||
        other->totals.damaged > whole->totals.damaged || before == '\n')
        return false;
    return seen(other) < seen(whole);
}

/* Number of bytes that made something go missing. */
static unsigned mutate(const char *path)
{
    int descriptor = memfd_create("mutated", 0);
    struct outcome whole, other;
    unsigned failed = 0;
    char place[64];
    size_t size, i;
    char *bytes = read_file(path, &size);

    snprintf(place, sizeof place, "/proc/self/fd/%d", descriptor);
    scan(path, NULL, &whole);
    for (i = 0; bytes && i < size; i += size / 2000 + 1) {
        char before = bytes[i];

        bytes[i] = changed(before, i);
        if (write_bytes(descriptor, bytes, size))
            return failed + 1;
        scan(place, NULL, &other);
        if (is_silent(&whole, &other, before)) {
            printf("%s: byte %zu changed: %llu of %llu records, nothing said\n", path, i,
                   seen(&other), seen(&whole));
            failed++;
        }
        bytes[i] = before;
        if (write_bytes(descriptor, bytes, i))
            return failed + 1;
        scan(place, NULL, &other);
    }
    printf("%s mutated %zu\n", path, size);
    free(bytes);
    close(descriptor);
    return failed;
}

int main(int argc, char **argv)
{
    const char *format = NULL;
    bool mutates = false;
    unsigned failed = 0;
    int i;

    for (i = 1; i < argc; i++) {
        struct outcome found;

        if (strcmp(argv[i], "-m") == 0) {
            mutates = true;
        } else if (strcmp(argv[i], "-f") == 0 && i + 1 < argc) {
            format = argv[++i];
        } else if (mutates) {
            failed += mutate(argv[i]);
        } else {
            scan(argv[i], format, &found);
            printf("%s %d %llu %llu %llu %llu %llu %llu %s\n", argv[i], found.error,
                   (unsigned long long)found.totals.records,
                   (unsigned long long)found.totals.damaged,
                   (unsigned long long)found.totals.repeated, found.sums.packets,
                   found.sums.bytes, found.sums.rejected, found.code);
        }
    }
    return failed > 0;
}
