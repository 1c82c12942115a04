/* Large files, which are cut into pieces: the same records as line by line, in the same
 * order, however many read them and whether they come from a file, packed or through a
 * pipe. */
#include "logs/scanned.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Text that grows. */
struct text {
    char *data;
    size_t size, capacity;
};

static void add(struct text *text, const char *data, size_t size)
{
    if (text->capacity - text->size <= size) {
        text->capacity = text->capacity * 2 + size + 4096;
        text->data = realloc(text->data, text->capacity);
        assert_non_null(text->data);
    }
    memcpy(text->data + text->size, data, size);
    text->size += size;
    text->data[text->size] = '\0';
}

static void add_text(struct text *text, const char *data)
{
    add(text, data, strlen(data));
}

/* A file and what it says. */
struct sample {
    struct text bytes, records;
    uint64_t damaged;
};

static void free_sample(struct sample *sample)
{
    free(sample->bytes.data);
    free(sample->records.data);
}

static unsigned next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (unsigned)(*state >> 33);
}

static void add_long_line(struct sample *sample, size_t size)
{
    char *line = malloc(size + 1);

    assert_non_null(line);
    memset(line, 'x', size);
    line[size] = '\n';
    add(&sample->bytes, line, size + 1);
    free(line);
    sample->damaged++;
}

/* Headers of two kinds, blank, damaged and long lines among records. */
static void make_lines(struct sample *sample, size_t size)
{
    uint64_t state = 1, line = 1;
    bool second = false;
    char buffer[256];

    add_text(&sample->bytes, "interface-id srcaddr bytes\n");
    while (sample->bytes.size < size) {
        unsigned kind = next_random(&state) % 10000, value = next_random(&state);

        line++;
        if (kind == 0) {
            second = !second;
            add_text(&sample->bytes, second ? "bytes version srcaddr action\r\n"
                                            : "interface-id srcaddr bytes\n");
        } else if (kind == 1) {
            add_long_line(sample, 70000 + value % 600000);
        } else if (kind < 4) {
            add_text(&sample->bytes, kind == 2 ? "\n" : "damaged\n");
            sample->damaged += kind == 3;
        } else if (second) {
            snprintf(buffer, sizeof buffer, "%u 2  10.0.0.%u ACCEPT\r\n", value,
                     kind % 256);
            add_text(&sample->bytes, buffer);
            snprintf(buffer, sizeof buffer,
                     "a:%llu||||bytes=%u version=2 srcaddr=10.0.0.%u action=ACCEPT\n",
                     (unsigned long long)line, value, kind % 256);
            add_text(&sample->records, buffer);
        } else {
            snprintf(buffer, sizeof buffer, "eni-%x 10.0.0.%u %u\n", value, kind % 256,
                     kind);
            add_text(&sample->bytes, buffer);
            snprintf(buffer, sizeof buffer,
                     "a:%llu||||interface-id=eni-%x srcaddr=10.0.0.%u bytes=%u\n",
                     (unsigned long long)line, value, kind % 256, kind);
            add_text(&sample->records, buffer);
        }
    }
}

static void expect(const struct scanned *scanned, const struct sample *sample)
{
    assert_int_equal(scanned->error, 0);
    assert_int_equal(scanned->totals.damaged, sample->damaged);
    assert_int_equal(strlen(scanned->records), sample->records.size);
    assert_memory_equal(scanned->records, sample->records.data, sample->records.size);
}

struct pipe_end {
    const char *path;
    const struct text *bytes;
};

static void *write_pipe(void *data)
{
    const struct pipe_end *end = data;
    int descriptor = open(end->path, O_WRONLY);
    size_t done = 0;

    while (descriptor >= 0 && done < end->bytes->size) {
        ssize_t written =
            write(descriptor, end->bytes->data + done, end->bytes->size - done);

        if (written <= 0)
            break;
        done += (size_t)written;
    }
    close(descriptor);
    return NULL;
}

static void scan_pipe(struct scanned *scanned, const struct text *bytes)
{
    const char *path = temporary_text(&scanned->temporary, "pipe/a", "");
    struct pipe_end end = {path, bytes};
    pthread_t writer;

    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(pthread_create(&writer, NULL, write_pipe, &end), 0);
    scan_paths(scanned, &path, 1);
    pthread_join(writer, NULL);
    assert_int_equal(unlink(path), 0);
}

/* All ways to read the same bytes give the same. */
static void check(struct scanned *scanned, const struct sample *sample)
{
    const char *packed =
        temporary_gzip(&scanned->temporary, "packed/a", sample->bytes.data, 0);
    char *said = NULL;
    unsigned workers;

    for (workers = 1; workers <= 4; workers += 3) {
        scanned->options.workers = workers;
        scan_bytes(scanned, "plain/a", sample->bytes.data, sample->bytes.size);
        expect(scanned, sample);
        if (!said)
            said = strdup(scanned->said);
        assert_string_equal(scanned->said, said);
        scan_paths(scanned, &packed, 1);
        expect(scanned, sample);
        assert_string_equal(scanned->said, said);
        scan_pipe(scanned, &sample->bytes);
        expect(scanned, sample);
        assert_string_equal(scanned->said, said);
    }
    free(said);
}

static void large_text(void **state)
{
    struct scanned *scanned = *state;
    struct sample sample = {0};

    make_lines(&sample, 6 << 20);
    check(scanned, &sample);
    free_sample(&sample);
}

/* Pages of very different sizes; some events are copies. */
static void make_events(struct sample *sample, size_t size)
{
    uint64_t state = 2, line = 0;
    char buffer[512];

    while (sample->bytes.size < size) {
        unsigned count = next_random(&state) % 5 == 0 ? 6000 : next_random(&state) % 40;
        unsigned i;

        add_text(&sample->bytes, "{\"events\": [");
        for (i = 0; i < count; i++) {
            unsigned value = next_random(&state);
            bool is_copy = value % 100 == 0;

            line++;
            snprintf(buffer, sizeof buffer,
                     "%s{\"logStreamName\": \"eni-1-all\", \"timestamp\": "
                     "1700000000000, \"message\": \"eni-%x 10.0.0.1 7\", \"eventId\": "
                     "\"%llu\"}",
                     i ? ",\n  " : "", is_copy ? 1 : value,
                     is_copy ? 1 : (unsigned long long)line + 1);
            add_text(&sample->bytes, buffer);
            if (is_copy && sample->damaged++)
                continue;
            snprintf(buffer, sizeof buffer,
                     "a:%llu|1700000000000|eni-1-all||interface-id=eni-%x "
                     "srcaddr=10.0.0.1 bytes=7\n",
                     (unsigned long long)line, is_copy ? 1 : value);
            add_text(&sample->records, buffer);
        }
        add_text(&sample->bytes,
                 "], \"searchedLogStreams\": [], \"nextToken\": \"x\"}\n");
    }
    sample->damaged = 0;
}

static void large_json(void **state)
{
    struct scanned *scanned = *state;
    struct sample sample = {0};

    scanned->options.format = "${interface-id} ${srcaddr} ${bytes}";
    make_events(&sample, 5 << 20);
    check(scanned, &sample);
    assert_true(scanned->totals.repeated > 0);
    free_sample(&sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(large_text, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(large_json, scanned_setup, scanned_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
