/* Marks of blanks against looking at each byte, and lines of all kinds of bytes against
 * cutting them one by one. */
#include "logs/scanned.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logs/blanks.h"

enum { SIZE = 1000, ROUNDS = 300, RECORDS = 2000, ROOM = 20000, HEAD = 4096 };

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned most)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % most;
}

static void marks_of_bytes(void **state)
{
    char *text = malloc(SIZE + VW_LOG_BLOCK);
    uint64_t blanks[SIZE / VW_LOG_BLOCK + 1], controls[SIZE / VW_LOG_BLOCK + 1];
    unsigned round;
    size_t i;

    (void)state;
    assert_non_null(text);
    for (round = 0; round < ROUNDS; round++) {
        size_t size = below(SIZE) + 1;

        for (i = 0; i < SIZE + VW_LOG_BLOCK; i++)
            text[i] = (char)(round % 2 ? below(256) : 30 + below(4));
        vw_log_find_blanks(text, size, blanks, controls);
        for (i = 0; i < vw_log_blocks(size) * VW_LOG_BLOCK; i++) {
            unsigned char c = (unsigned char)text[i];
            unsigned shift = (unsigned)(i % VW_LOG_BLOCK);

            assert_int_equal(blanks[i / VW_LOG_BLOCK] >> shift & 1, i < size && c <= ' ');
            assert_int_equal(controls[i / VW_LOG_BLOCK] >> shift & 1,
                             i < size && c < ' ');
        }
    }
    free(text);
}

/* RECORD_1 as scanned.h tells it. */
#define CELLS_1                                                                          \
    "version=2 account-id=123456789012 interface-id=eni-1 srcaddr=10.0.0.1 "             \
    "dstaddr=10.0.0.2 srcport=40000 dstport=443 protocol=6 packets=5 bytes=500 "         \
    "start=1700000000 end=1700000060 action=ACCEPT log-status=OK\n"

static const char blank_bytes[] = " \t\r",
                  word_bytes[] = "0123456789.abc\x01\x1f\x7f\x80";

static void put_blank(char *text, size_t *size)
{
    unsigned count = below(20) ? 1 : below(5) + 1;

    while (count-- > 0)
        text[(*size)++] = below(30) ? ' ' : blank_bytes[below(3)];
}

static const char *const names[] = {
    "version", "account-id", "interface-id", "srcaddr",    "dstaddr",
    "srcport", "dstport",    "protocol",     "packets",    "bytes",
    "start",   "end",        "action",       "log-status",
};

/* A line of `words` words; *expected gets its cells where it has as many as columns. */
static void put_line(char *text, size_t *size, unsigned words, unsigned line,
                     char *expected, size_t *expected_size)
{
    bool is_record = words == sizeof names / sizeof *names;
    unsigned word, length;

    if (is_record)
        *expected_size += (size_t)sprintf(expected + *expected_size, "a:%u||||", line);
    if (below(20) == 0)
        put_blank(text, size);
    for (word = 0; word < words; word++) {
        size_t start = *size;

        text[(*size)++] = (char)('1' + below(9)); /* no header, no date */
        for (length = below(25) ? below(12) : below(300); length > 0; length--)
            text[(*size)++] = word_bytes[below(sizeof word_bytes - 1)];
        if (is_record)
            *expected_size +=
                (size_t)sprintf(expected + *expected_size, "%s%s=%.*s", word ? " " : "",
                                names[word], (int)(*size - start), text + start);
        if (word + 1 < words || below(20) == 0)
            put_blank(text, size);
    }
    text[(*size)++] = '\n';
    if (is_record)
        expected[(*expected_size)++] = '\n';
}

static void lines_of_bytes(void **state)
{
    struct scanned *scanned = *state;
    char *text = calloc(RECORDS, ROOM), *expected = calloc(RECORDS, 2 * (size_t)ROOM);
    size_t size = sizeof DEFAULT_HEADER, expected_size = 0;
    unsigned line, damaged = 0;

    assert_non_null(text);
    assert_non_null(expected);
    memcpy(text, DEFAULT_HEADER "\n", size);
    /* A file that begins with such bytes is taken for no text. */
    for (line = 2; size < HEAD; line++) {
        size += (size_t)sprintf(text + size, "%s\n", RECORD_1);
        expected_size +=
            (size_t)sprintf(expected + expected_size, "a:%u||||%s", line, CELLS_1);
    }
    for (; line < RECORDS; line++) {
        unsigned words = below(10) ? 14 : below(10) ? below(20) : below(400);

        damaged += words > 0 && words != 14;
        put_line(text, &size, words, line, expected, &expected_size);
    }
    scan_bytes(scanned, "a", text, size);
    assert_int_equal(scanned->error, 0);
    assert_int_equal(scanned->totals.damaged, damaged);
    assert_string_equal(scanned->records, expected);
    free(text);
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_of_bytes),
        cmocka_unit_test_setup_teardown(lines_of_bytes, scanned_setup, scanned_teardown),
    };

    return cmocka_run_group_tests_name("log blanks", tests, NULL, NULL);
}
