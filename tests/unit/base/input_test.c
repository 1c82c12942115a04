/* Inputs: lines of every length, gzip whole, cut and in members, and folders of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "base/input.h"
#include "temporary.h"

struct fixture {
    struct temporary temporary;
    struct vw_diagnostics *diagnostics;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    temporary_open(&fixture->temporary);
    fixture->diagnostics = vw_diagnostics_create();
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    temporary_close(&fixture->temporary);
    vw_diagnostics_free(fixture->diagnostics);
    free(fixture);
    return 0;
}

static void assert_told(const struct fixture *fixture, size_t index, const char *part)
{
    const struct vw_diagnostic *told;

    assert_true(index < vw_diagnostics_count(fixture->diagnostics));
    told = vw_diagnostics_get(fixture->diagnostics, index);
    assert_string_equal(told->code, "unreadable-file");
    if (!strstr(told->message, part))
        fail_msg("\"%s\" does not contain \"%s\"", told->message, part);
}

static struct vw_input *open_path(struct fixture *fixture, const char *path)
{
    struct vw_input *input = NULL;

    assert_int_equal(vw_input_open(path, fixture->diagnostics, &input), 0);
    return input;
}

/* The next line is number `number`, of `size` bytes that begin with `text`. */
static void assert_line(struct vw_input *input, uint64_t number, const char *text,
                        size_t size, bool cut)
{
    struct vw_slice line = {NULL, 0};
    uint64_t have = 0;
    bool is_cut = !cut;

    assert_int_equal(vw_input_line(input, &line, &have, &is_cut), 1);
    assert_int_equal(have, number);
    assert_int_equal(line.size, size);
    assert_true(vw_slice_starts(line, text));
    assert_int_equal(is_cut, cut);
}

static void assert_end(struct vw_input *input)
{
    struct vw_slice line;
    uint64_t number = 4242;

    assert_int_equal(vw_input_line(input, &line, &number, NULL), 0);
    assert_int_equal(vw_input_line(input, &line, &number, NULL), 0);
    assert_int_equal(number, 4242);
    vw_input_close(input);
}

static void lines_end_in_lf_crlf_or_the_end(void **state)
{
    struct fixture *fixture = *state;
    struct vw_input *input = open_path(
        fixture, temporary_text(&fixture->temporary, "a", "one\ntwo\r\n\n\r\nfi\rve"));

    assert_line(input, 1, "one", 3, false);
    assert_line(input, 2, "two", 3, false);
    assert_line(input, 3, "", 0, false);
    assert_line(input, 4, "", 0, false);
    assert_line(input, 5, "fi\rve", 5, false);
    assert_end(input);
}

static void empty_file_has_no_line(void **state)
{
    struct fixture *fixture = *state;
    struct vw_input *input =
        open_path(fixture, temporary_text(&fixture->temporary, "a", ""));
    size_t size = 5;
    char byte;

    assert_int_equal(vw_input_read(input, &byte, 1, &size), 0);
    assert_int_equal(size, 0);
    assert_end(input);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 0);
}

/* Around VW_LINE_MAX and multiples of it, with and without an end of line. */
static void long_lines_are_cut(void **state)
{
    struct fixture *fixture = *state;
    static const size_t sizes[] = {VW_LINE_MAX - 1,     VW_LINE_MAX,     VW_LINE_MAX + 1,
                                   2 * VW_LINE_MAX - 1, 2 * VW_LINE_MAX, 5 * VW_LINE_MAX};
    char *text = malloc(5 * VW_LINE_MAX + 16);
    size_t i, end;

    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (end = 0; end < 3; end++) {
            static const char *const ends[] = {"", "\nnext", "\r\nnext\n"};
            bool cut = sizes[i] > VW_LINE_MAX;
            struct vw_input *input;
            memset(text, 'x', sizes[i]);
            memcpy(text + sizes[i], ends[end], strlen(ends[end]) + 1);
            input = open_path(fixture, temporary_text(&fixture->temporary, "a", text));
            assert_line(input, 1, "xxx", cut ? VW_LINE_MAX : sizes[i], cut);
            if (end > 0)
                assert_line(input, 2, "next", 4, false);
            assert_end(input);
        }
    }
    free(text);
}

/* Lines of many lengths, so that every place of the buffer is crossed. */
static void lines_cross_the_buffer(void **state)
{
    struct fixture *fixture = *state;
    enum { LINES = 3000 };
    char *text = malloc(LINES * 260);
    struct vw_input *input;
    size_t size = 0;
    unsigned i;

    for (i = 0; i < LINES; i++) {
        memset(text + size, 'a' + (int)(i % 26), i * 7919 % 257);
        size += i * 7919 % 257;
        text[size++] = '\n';
    }
    input = open_path(fixture, temporary_bytes(&fixture->temporary, "a", text, size));
    for (i = 0; i < LINES; i++) {
        char first[2] = {(char)('a' + (int)(i % 26)), '\0'};
        size_t length = i * 7919 % 257;
        assert_line(input, i + 1, length ? first : "", length, false);
    }
    assert_end(input);
    free(text);
}

static void gzip_is_read_by_content(void **state)
{
    struct fixture *fixture = *state;
    struct vw_input *input = open_path(
        fixture, temporary_gzip(&fixture->temporary, "plain.txt", "one\ntwo\n", 0));

    assert_line(input, 1, "one", 3, false);
    assert_line(input, 2, "two", 3, false);
    assert_end(input);
    input = open_path(fixture, temporary_text(&fixture->temporary, "b.gz", "plain\n"));
    assert_line(input, 1, "plain", 5, false);
    assert_end(input);
}

/* Appends the file `from` to the file `to`. */
static void append(const char *from, const char *to)
{
    char bytes[4096];
    FILE *source = fopen(from, "rb"), *target = fopen(to, "ab");
    size_t size = fread(bytes, 1, sizeof bytes, source);

    assert_int_equal(fwrite(bytes, 1, size, target), size);
    fclose(source);
    fclose(target);
}

static void gzip_members_are_one_input(void **state)
{
    struct fixture *fixture = *state;
    const char *first = temporary_gzip(&fixture->temporary, "a.gz", "one\ntw", 0);
    const char *second = temporary_gzip(&fixture->temporary, "b.gz", "o\nthree", 0);
    struct vw_input *input;

    append(second, first);
    input = open_path(fixture, first);
    assert_line(input, 1, "one", 3, false);
    assert_line(input, 2, "two", 3, false);
    assert_line(input, 3, "three", 5, false);
    assert_end(input);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 0);
}

static void cut_gzip_is_said_after_its_lines(void **state)
{
    struct fixture *fixture = *state;
    char text[60000];
    struct vw_input *input;
    struct vw_slice line;
    uint64_t number, lines = 0;
    uint32_t seed = 1;
    size_t i;
    int status;

    for (i = 0; i < sizeof text - 1; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = i % 60 == 59 ? '\n' : (char)('a' + (seed >> 24) % 26);
    }
    text[sizeof text - 1] = '\0';
    input = open_path(fixture, temporary_gzip(&fixture->temporary, "a.gz", text, 20000));
    while ((status = vw_input_line(input, &line, &number, NULL)) > 0) {
        assert_memory_equal(line.data, text + lines * 60, line.size);
        lines++;
    }
    assert_int_equal(status, VW_ERROR_INPUT);
    assert_true(lines > 100 && lines < 1000);
    assert_told(fixture, 0, "cut short");
    vw_input_close(input);
}

static void damaged_gzip_is_said(void **state)
{
    struct fixture *fixture = *state;
    const char *path = temporary_gzip(&fixture->temporary, "a.gz", "one\ntwo\n", 0);
    struct vw_input *input;
    struct vw_slice line;
    uint64_t number;
    FILE *file = fopen(path, "r+b");
    int status;

    fseek(file, -8, SEEK_END); /* the checksum */
    fputc('?', file);
    fclose(file);
    input = open_path(fixture, path);
    while ((status = vw_input_line(input, &line, &number, NULL)) > 0)
        ;
    assert_int_equal(status, VW_ERROR_INPUT);
    assert_told(fixture, 0, "damaged");
    vw_input_close(input);
}

/* `frames` copies of the text, each a frame behind one that is to be skipped. */
static const char *zstd_file(struct fixture *fixture, const char *text, unsigned frames,
                             size_t drop)
{
    static const char skipped[] = "\x50\x2a\x4d\x18\x03\x00\x00\x00xyz";
    char *bytes = malloc(frames * (strlen(text) + 128));
    size_t size = 0;
    const char *path;

    while (frames-- > 0) {
        memcpy(bytes + size, skipped, sizeof skipped - 1);
        size += sizeof skipped - 1;
        size += ZSTD_compress(bytes + size, strlen(text) + 100, text, strlen(text), 1);
    }
    path = temporary_bytes(&fixture->temporary, "a.zst", bytes, size - drop);
    free(bytes);
    return path;
}

static void zstd_frames_are_one_input(void **state)
{
    struct fixture *fixture = *state;
    struct vw_input *input = open_path(fixture, zstd_file(fixture, "one\ntw", 2, 0));

    assert_line(input, 1, "one", 3, false);
    assert_line(input, 2, "twone", 5, false);
    assert_line(input, 3, "tw", 2, false);
    assert_true(vw_input_stored(input) > 40);
    assert_end(input);
    input = open_path(fixture, zstd_file(fixture, "one\ntwo\n", 2, 3));
    assert_line(input, 1, "one", 3, false);
    assert_line(input, 2, "two", 3, false);
    while (vw_input_line(input, &(struct vw_slice){0}, &(uint64_t){0}, NULL) > 0)
        ;
    assert_told(fixture, 0, "the zstd stream is cut short");
    vw_input_close(input);
}

static void bytes_behind_the_end_are_said(void **state)
{
    struct fixture *fixture = *state;
    const char *first = temporary_gzip(&fixture->temporary, "a.gz", "one\n", 0);
    const char *zeros =
        temporary_bytes(&fixture->temporary, "zeros", (char[600]){0}, 600);
    char digest[VW_SHA256_TEXT], again[VW_SHA256_TEXT];
    struct vw_input *input;
    struct vw_slice line;
    uint64_t number;

    append(zeros, first);
    input = open_path(fixture, first);
    assert_line(input, 1, "one", 3, false);
    assert_end(input);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 0);
    append(temporary_text(&fixture->temporary, "b", "plain text"), first);
    input = open_path(fixture, first);
    vw_input_hash(input);
    assert_line(input, 1, "one", 3, false);
    assert_int_equal(vw_input_line(input, &line, &number, NULL), 0);
    vw_input_digest(input, digest);
    vw_sha256_file(first, again);
    assert_string_equal(digest, again);
    vw_input_close(input);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 1);
    assert_string_equal(vw_diagnostics_get(fixture->diagnostics, 0)->code,
                        "trailing-bytes");
}

/* The input is `size` bytes of `text`, and then ends or fails: how much of it came. */
static size_t read_all(struct fixture *fixture, const char *path, const char *text,
                       size_t size, int ends_with)
{
    struct vw_input *input = open_path(fixture, path);
    size_t got = 1, have = 0;
    char piece[5000];
    int error;

    while ((error = vw_input_read(input, piece, sizeof piece, &got)) == 0 && got > 0) {
        assert_true(got <= size - have);
        assert_memory_equal(piece, text + have, got);
        have += got;
    }
    assert_int_equal(error, ends_with);
    /* It stays so, and is not said again. */
    assert_int_equal(vw_input_read(input, piece, sizeof piece, &got), ends_with);
    vw_input_close(input);
    return have;
}

/* Large enough for ISA-L, which unpacks the same as zlib and as much of a damaged file. */
static void large_gzip_is_the_same(void **state)
{
    struct fixture *fixture = *state;
    enum { SIZE = 3000000, CUT = 700000 };
    char *text = malloc(SIZE + 1);
    const char *path;
    uint32_t seed = 1;
    FILE *file;
    size_t i;

    for (i = 0; i < SIZE; i++) {
        seed = seed * 1664525 + 1013904223;
        text[i] = (char)('0' + (seed >> 24) % 10);
    }
    text[SIZE] = '\0';
    path = temporary_gzip(&fixture->temporary, "a.gz", text, 0);
    assert_int_equal(read_all(fixture, path, text, SIZE, 0), SIZE);
    file = fopen(path, "r+b");
    fseek(file, -8, SEEK_END); /* the checksum */
    fputc('?', file);
    fclose(file);
    assert_int_equal(read_all(fixture, path, text, SIZE, VW_ERROR_INPUT), SIZE);
    assert_told(fixture, 0, "damaged");
    path = temporary_gzip(&fixture->temporary, "b.gz", text, CUT);
    assert_true(read_all(fixture, path, text, SIZE, VW_ERROR_INPUT) > 2 * CUT);
    assert_told(fixture, 1, "cut short");
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 2);
    free(text);
}

/* The first bytes of a pipe may come one by one. */
static void pipes_are_looked_at_too(void **state)
{
    struct fixture *fixture = *state;
    int saved = dup(STDIN_FILENO), ends[2];
    struct vw_input *input;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "ab\nc", 4), 4);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    input = open_path(fixture, "-");
    assert_line(input, 1, "ab", 2, false);
    assert_line(input, 2, "c", 1, false);
    assert_end(input);
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    close(saved);
    close(ends[0]);
}

static void unreadable_paths_are_named(void **state)
{
    struct fixture *fixture = *state;
    struct vw_input *input = NULL;

    assert_int_equal(vw_input_open("/nonexistent/x", fixture->diagnostics, &input),
                     VW_ERROR_INPUT);
    assert_told(fixture, 0, "No such file");
    assert_string_equal(vw_diagnostics_get(fixture->diagnostics, 0)->file,
                        "/nonexistent/x");
    assert_int_equal(
        vw_input_open(fixture->temporary.folder, fixture->diagnostics, &input),
        VW_ERROR_INPUT);
    assert_told(fixture, 1, "Is a directory");
    assert_int_equal(vw_input_open("/nonexistent/x", NULL, &input), VW_ERROR_INPUT);
    assert_null(input);
    vw_input_close(NULL);
}

static void standard_input_is_a_path(void **state)
{
    struct fixture *fixture = *state;
    const char *path = temporary_text(&fixture->temporary, "a", "from stdin\n");
    int saved = dup(STDIN_FILENO), file = open(path, O_RDONLY);
    struct vw_input *input;

    assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
    input = open_path(fixture, "-");
    assert_line(input, 1, "from stdin", 10, false);
    assert_end(input);
    assert_int_equal(dup2(saved, STDIN_FILENO), STDIN_FILENO);
    close(saved);
    close(file);
}

static void trees_are_walked_in_byte_order(void **state)
{
    struct fixture *fixture = *state;
    static const char *const names[] = {"B", "a/b", "a/c/d", "a0", "b"};
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    size_t i, size = strlen(fixture->temporary.folder);

    temporary_text(&fixture->temporary, "b", "");
    temporary_text(&fixture->temporary, "a/c/d", "");
    temporary_text(&fixture->temporary, "a/b", "");
    temporary_text(&fixture->temporary, "a0", "");
    temporary_text(&fixture->temporary, "B", "");
    temporary_text(&fixture->temporary, ".hidden", "");
    temporary_text(&fixture->temporary, ".git/config", "");
    assert_int_equal(
        vw_tree_files(fixture->temporary.folder, &arena, fixture->diagnostics, &paths),
        0);
    assert_int_equal(paths.count, 5);
    for (i = 0; i < 5; i++)
        assert_string_equal(paths.items[i] + size + 1, names[i]);
    assert_int_equal(vw_tree_files("-", &arena, NULL, &paths), 0);
    assert_int_equal(vw_tree_files("/dev/null", &arena, NULL, &paths), 0);
    assert_int_equal(vw_tree_files("/nonexistent", &arena, fixture->diagnostics, &paths),
                     VW_ERROR_INPUT);
    assert_told(fixture, 0, "No such file");
    assert_int_equal(paths.count, 7);
    assert_string_equal(paths.items[5], "-");
    vw_array_free(&paths);
    vw_arena_free(&arena);
}

/* A link to the folder itself would go on for ever. */
static void endless_trees_end(void **state)
{
    struct fixture *fixture = *state;
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    char link[128], gone[128];

    temporary_text(&fixture->temporary, "a/file", "");
    snprintf(link, sizeof link, "%s/a/loop", fixture->temporary.folder);
    assert_int_equal(symlink(".", link), 0);
    snprintf(gone, sizeof gone, "%s/gone", fixture->temporary.folder);
    assert_int_equal(symlink("nothing", gone), 0);
    assert_int_equal(
        vw_tree_files(fixture->temporary.folder, &arena, fixture->diagnostics, &paths),
        0);
    assert_true(paths.count >= 1 && paths.count <= VW_TREE_DEPTH_MAX + 1);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 2);
    vw_array_free(&paths);
    vw_arena_free(&arena);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(lines_end_in_lf_crlf_or_the_end),
        TEST(empty_file_has_no_line),
        TEST(long_lines_are_cut),
        TEST(lines_cross_the_buffer),
        TEST(gzip_is_read_by_content),
        TEST(gzip_members_are_one_input),
        TEST(cut_gzip_is_said_after_its_lines),
        TEST(damaged_gzip_is_said),
        TEST(zstd_frames_are_one_input),
        TEST(bytes_behind_the_end_are_said),
        TEST(large_gzip_is_the_same),
        TEST(pipes_are_looked_at_too),
        TEST(unreadable_paths_are_named),
        TEST(standard_input_is_a_path),
        TEST(trees_are_walked_in_byte_order),
        TEST(endless_trees_end),
    };

    return cmocka_run_group_tests_name("input", tests, NULL, NULL);
}
