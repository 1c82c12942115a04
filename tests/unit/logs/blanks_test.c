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

static bool has(uint64_t marks, size_t i)
{
    return marks >> i % VW_LOG_BLOCK & 1;
}

/* Of a text of bytes that are odd as often as not, or of those that lines have. */
static void make_bytes(char *text, size_t size, unsigned round)
{
    static const char bytes[] = "\n  1234567890123456a$";
    size_t i;

    for (i = 0; i < size; i++)
        text[i] = (char)(round % 3 == 0   ? below(256)
                         : round % 3 == 1 ? 30 + below(4)
                                          : (unsigned)bytes[below(sizeof bytes - 1)]);
}

static void marks_of_bytes(void **state)
{
    char *text = malloc(SIZE);
    struct vw_log_marks marks[SIZE / VW_LOG_BLOCK + 1 + VW_LOG_MARKS_BEHIND];
    unsigned round;

    (void)state;
    assert_non_null(text);
    for (round = 0; round < ROUNDS; round++) {
        size_t size = below(SIZE) + 1, lines = 0, i;
        bool may_have_header = false;
        struct vw_log_marked marked;

        make_bytes(text, size, round);
        marked = vw_log_mark(text, size, marks);
        for (i = 0; i < vw_log_blocks(size) * VW_LOG_BLOCK; i++) {
            const struct vw_log_marks *of = &marks[i / VW_LOG_BLOCK];
            char c = i < size ? text[i] : '0';
            char before = i == 0 ? '\n' : i <= size ? text[i - 1] : '0';
            bool is_blank = (unsigned char)c <= ' ', is_control = (unsigned char)c < ' ';

            assert_int_equal(has(of->blanks, i), is_blank);
            assert_int_equal(has(of->lines, i), c == '\n');
            assert_int_equal(has(of->odd, i),
                             (is_control && c != '\n') ||
                                 (is_blank && (unsigned char)before <= ' '));
            lines += c == '\n';
            may_have_header |= before == '\n' && i < size && (c > '9' || c == '$');
        }
        assert_int_equal(marked.lines, lines);
        assert_int_equal(marked.may_have_header, may_have_header);
    }
    free(text);
}

static void places_of_marks(void **state)
{
    struct vw_log_places *places = calloc(1, sizeof *places);
    char *text = malloc(SIZE);
    struct vw_log_marks marks[SIZE / VW_LOG_BLOCK + 1 + VW_LOG_MARKS_BEHIND];
    unsigned round;

    (void)state;
    assert_non_null(text);
    assert_non_null(places);
    for (round = 0; round < ROUNDS; round++) {
        size_t size = below(SIZE) + 1, count = below(VW_LOG_PLACES_KEPT), end = 0, i;
        bool is_odd = false;

        make_bytes(text, size, round);
        vw_log_mark(text, size, marks);
        places->count = count;
        vw_log_place(places, marks, vw_log_blocks(size), 7000);
        for (i = 0; i < size; i++) {
            is_odd |= has(marks[i / VW_LOG_BLOCK].odd, i);
            if ((unsigned char)text[i] > ' ')
                continue;
            assert_int_equal(places->blanks[count], 7000 + i);
            if (text[i] == '\n')
                assert_int_equal(places->ends[end++], count);
            count++;
        }
        assert_int_equal(places->count, count);
        assert_int_equal(places->end_count, end);
        assert_int_equal(places->is_odd, is_odd);
    }
    free(places);
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
        cmocka_unit_test(places_of_marks),
        cmocka_unit_test_setup_teardown(lines_of_bytes, scanned_setup, scanned_teardown),
    };

    return cmocka_run_group_tests_name("log blanks", tests, NULL, NULL);
}
