/* Parquet: what is read, what is refused by name, and hostile bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "logs/parquet_page.h"
#include "logs/parquet_writer.h"
#include "temporary.h"

enum { TEXT = 65536 };

struct fixture {
    struct parquet_writer writer;
    struct vw_diagnostics *diagnostics;
    char text[TEXT]; /* rows as they were read: "a,NULL|b,2|" */
    size_t size;
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    fixture->diagnostics = vw_diagnostics_create();
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    parquet_free(&fixture->writer);
    vw_diagnostics_free(fixture->diagnostics);
    free(fixture);
    return 0;
}

/* A file of its own for what follows. */
static void again(struct fixture *fixture)
{
    parquet_free(&fixture->writer);
    fixture->writer = (struct parquet_writer){0};
    vw_diagnostics_free(fixture->diagnostics);
    fixture->diagnostics = vw_diagnostics_create();
}

static void add_text(struct fixture *fixture, const char *text, size_t size)
{
    if (size > TEXT - 1 - fixture->size)
        size = TEXT - 1 - fixture->size;
    memcpy(fixture->text + fixture->size, text, size);
    fixture->size += size;
    fixture->text[fixture->size] = '\0';
}

static void add_rows(struct fixture *fixture, const struct vw_parquet *parquet,
                     const bool *wanted, const struct vw_slice *cells, size_t rows)
{
    size_t row, column;

    for (row = 0; row < rows; row++) {
        const char *between = "";
        for (column = 0; column < parquet->column_count; column++) {
            struct vw_slice cell = cells[row * parquet->column_count + column];
            if (!wanted[column])
                continue;
            add_text(fixture, between, strlen(between));
            if (!cell.data)
                cell = vw_slice_of("NULL");
            add_text(fixture, cell.data, cell.size);
            between = ",";
        }
        add_text(fixture, "|", 1);
    }
}

/* Rows from `first` on of each group, `slice` at a time. */
static int read_groups(struct fixture *fixture, const struct vw_parquet *parquet,
                       const bool *wanted, uint64_t slice)
{
    struct vw_slice *cells =
        calloc(VW_PARQUET_ROWS * parquet->column_count, sizeof *cells);
    struct vw_parquet_reader *reader = NULL;
    size_t group, got = 1;
    uint64_t first;
    int error = vw_parquet_reader_create(parquet, wanted, &reader);

    for (group = 0; !error && group < parquet->group_count; group++) {
        uint64_t rows = parquet->groups[group].rows;
        for (first = 0; !error && first < rows; first += slice) {
            uint64_t some = rows - first < slice ? rows - first : slice;
            error = vw_parquet_seek(reader, group, first, some, fixture->diagnostics);
            for (got = 1; !error && got > 0;) {
                error = vw_parquet_next(reader, cells, &got);
                if (!error)
                    add_rows(fixture, parquet, wanted, cells, got);
            }
        }
    }
    vw_parquet_reader_free(reader);
    free(cells);
    return error;
}

/* All of `file`, of the columns whose names' first letters are in `only`. */
static int read_bytes(struct fixture *fixture, const unsigned char *bytes, size_t size,
                      const char *only, uint64_t slice)
{
    struct vw_parquet_source source = {"test.parquet", NULL, bytes, size};
    struct vw_parquet *parquet = NULL;
    bool wanted[VW_PARQUET_COLUMNS_MAX] = {false};
    int error = vw_parquet_open(&source, fixture->diagnostics, &parquet);
    size_t i;

    fixture->size = 0;
    fixture->text[0] = '\0';
    for (i = 0; !error && i < parquet->column_count; i++)
        wanted[i] = !only || strchr(only, *parquet->columns[i].name);
    if (!error)
        error = vw_parquet_accept(parquet, wanted, fixture->diagnostics);
    if (!error)
        error = read_groups(fixture, parquet, wanted, slice);
    vw_parquet_close(parquet);
    return error;
}

static int read_file(struct fixture *fixture, const char *only)
{
    parquet_finish(&fixture->writer);
    return read_bytes(fixture, fixture->writer.file.data, fixture->writer.file.size, only,
                      INT32_MAX);
}

static void assert_told(const struct fixture *fixture, const char *code, const char *part)
{
    const struct vw_diagnostic *told;

    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 1);
    told = vw_diagnostics_get(fixture->diagnostics, 0);
    assert_string_equal(told->code, code);
    assert_string_equal(told->file, "test.parquet");
    if (!strstr(told->message, part))
        fail_msg("\"%s\" does not contain \"%s\"", told->message, part);
}

static void every_codec_gives_the_same_rows(void **state)
{
    static const int codecs[] = {VW_PARQUET_UNCOMPRESSED, VW_PARQUET_SNAPPY,
                                 VW_PARQUET_GZIP, VW_PARQUET_ZSTD};
    struct fixture *fixture = *state;
    char *first = NULL;
    size_t i;
    uint64_t slice;

    for (i = 0; i < sizeof codecs / sizeof *codecs; i++) {
        again(fixture);
        parquet_sample(&fixture->writer, codecs[i]);
        for (slice = 7; slice > 0; slice--) {
            assert_int_equal(read_bytes(fixture, fixture->writer.file.data,
                                        fixture->writer.file.size, NULL, slice),
                             0);
            if (!first)
                first = strdup(fixture->text);
            assert_string_equal(fixture->text, first);
        }
        assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 0);
    }
    assert_true(strncmp(first,
                        "REJECT,REJECT,0,0,0,0,true|NULL,NULL,715827882,"
                        "3074457345618258602,1.1,443.25,false|",
                        84) == 0);
    assert_non_null(strstr(first, "|10.0.0.1,10.0.0.1,-1431655768,"
                                  "-6148914691236517208,4.4,1773,true|,,"));
    free(first);
}

/* Only what is wanted is looked at. */
static void columns_are_chosen(void **state)
{
    struct fixture *fixture = *state;

    parquet_sample(&fixture->writer, VW_PARQUET_GZIP);
    assert_int_equal(read_bytes(fixture, fixture->writer.file.data,
                                fixture->writer.file.size, "gc", 100),
                     0);
    assert_non_null(strstr(fixture->text, "0,true|715827882,false|1431655764,true|"));
    assert_int_equal(read_bytes(fixture, fixture->writer.file.data,
                                fixture->writer.file.size, "", 100),
                     0);
    assert_string_equal(fixture->text, "||||||||||||");
}

static void files_are_read_where_they_are_stored(void **state)
{
    struct fixture *fixture = *state;
    struct temporary temporary;
    struct vw_stored stored;
    struct vw_parquet_source source = {.path = "stored", .stored = &stored};
    struct vw_parquet *parquet = NULL;
    bool wanted[7] = {true, false, true};

    temporary_open(&temporary);
    parquet_sample(&fixture->writer, VW_PARQUET_SNAPPY);
    assert_int_equal(
        vw_stored_open(temporary_bytes(&temporary, "a", fixture->writer.file.data,
                                       fixture->writer.file.size),
                       NULL, &stored),
        1);
    source.size = stored.size;
    assert_int_equal(vw_parquet_open(&source, fixture->diagnostics, &parquet), 0);
    assert_int_equal(parquet->rows, 12);
    assert_int_equal(parquet->column_count, 7);
    assert_int_equal(parquet->groups[1].first, 6);
    assert_string_equal(parquet->columns[6].name, "g");
    assert_int_equal(parquet->columns[6].type, VW_PARQUET_BOOLEAN);
    assert_true(parquet->columns[0].is_optional && !parquet->columns[2].is_optional);
    assert_int_equal(read_groups(fixture, parquet, wanted, 4), 0);
    assert_non_null(strstr(fixture->text, "|NULL,715827882|ACCEPT,1431655764|"));
    vw_parquet_close(parquet);
    vw_stored_close(&stored);
    temporary_close(&temporary);
}

/* Indices of every width, in runs and packed, and levels of both kinds. */
static void indices_have_any_width(void **state)
{
    struct fixture *fixture = *state;
    enum { VALUES = 4000 };
    struct bytes dictionary = {0}, levels = {0}, body = {0};
    uint32_t indices[VALUES], flags[VALUES];
    char *expected = malloc(VALUES * 8);
    unsigned width;
    size_t i;

    for (width = 0; width <= 32; width++) {
        uint32_t entries = width < 12 ? 1u << width : 4096;
        size_t there = 0, size = 0;
        again(fixture);
        dictionary.size = levels.size = body.size = 0;
        for (i = 0; i < entries; i++)
            bytes_32(&dictionary, (uint32_t)i);
        for (i = 0; i < VALUES; i++) {
            flags[i] = i % 7 != 3 || i > 2000;
            if (flags[i])
                indices[there] = (uint32_t)(there * 2654435761u >> 7) % entries;
            size += (size_t)(flags[i] ? sprintf(expected + size, "%u|", indices[there++])
                                      : sprintf(expected + size, "NULL|"));
        }
        bytes_packed(&levels, 1, flags, 2000);
        bytes_packed(&levels, 1, flags + 2000, 8);
        bytes_run(&levels, 1, 1, VALUES - 2008);
        bytes_byte(&body, width);
        bytes_packed(&body, width, indices, there / 16 * 8);
        for (i = there / 16 * 8; i < there; i++)
            bytes_run(&body, width, indices[i], 1);
        parquet_column(&fixture->writer, (struct parquet_column){.name = "x",
                                                                 .type = VW_PARQUET_INT32,
                                                                 .repetition = 1});
        parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
        parquet_page(&fixture->writer,
                     (struct parquet_page){.type = VW_PARQUET_DICTIONARY_PAGE,
                                           .values = entries,
                                           .encoding = VW_PARQUET_PLAIN_DICTIONARY,
                                           .body = &dictionary});
        parquet_page(&fixture->writer,
                     (struct parquet_page){.values = VALUES,
                                           .encoding = VW_PARQUET_PLAIN_DICTIONARY,
                                           .levels = &levels,
                                           .body = &body});
        parquet_group(&fixture->writer, VALUES);
        assert_int_equal(read_file(fixture, NULL), 0);
        assert_string_equal(fixture->text, expected);
    }
    free(dictionary.data);
    free(levels.data);
    free(body.data);
    free(expected);
}

/* Pages that do not end together, and some without a value. */
static void pages_end_where_they_like(void **state)
{
    struct fixture *fixture = *state;
    struct bytes body = {0}, levels = {0};
    size_t column, done, i;

    for (column = 0; column < 3; column++)
        parquet_column(&fixture->writer,
                       (struct parquet_column){.name = "x",
                                               .type = VW_PARQUET_INT64,
                                               .repetition = (int)column % 2,
                                               .converted = 15});
    for (column = 0; column < 3; column++) {
        parquet_chunk(&fixture->writer, VW_PARQUET_ZSTD);
        for (done = 0; done < 3000; done += i) {
            size_t size = column * 700 + done % 5 + 1;
            size = size < 3000 - done ? size : 3000 - done;
            body.size = levels.size = 0;
            for (i = 0; i < size; i++)
                bytes_64(&body, (done + i) * (column + 1));
            bytes_run(&levels, 1, 1, size);
            parquet_page(&fixture->writer,
                         (struct parquet_page){.type = VW_PARQUET_DATA_PAGE_V2,
                                               .values = size,
                                               .levels = column % 2 ? &levels : NULL,
                                               .body = &body});
            parquet_page(&fixture->writer,
                         (struct parquet_page){.type = VW_PARQUET_DATA_PAGE_V2});
        }
    }
    parquet_group(&fixture->writer, 3000);
    assert_int_equal(read_file(fixture, NULL), 0);
    for (i = 0, done = 0; i < 2900; i++) {
        char row[64];
        size_t size = (size_t)sprintf(row, "%zu,%zu,%zu|", i, 2 * i, 3 * i);
        assert_memory_equal(fixture->text + done, row, size);
        done += size;
    }
    free(body.data);
    free(levels.data);
}

static void numbers_read_as_they_are_meant(void **state)
{
    struct fixture *fixture = *state;
    struct bytes body = {0};
    static const double doubles[] = {443, -0.5, 1e300, 0.1, 9007199254740993.0, 1.0 / 3};

    parquet_column(&fixture->writer, (struct parquet_column){.name = "u",
                                                             .type = VW_PARQUET_INT32,
                                                             .logical = 10,
                                                             .is_unsigned = true});
    parquet_column(
        &fixture->writer,
        (struct parquet_column){.name = "v", .type = VW_PARQUET_INT64, .converted = 15});
    parquet_column(
        &fixture->writer,
        (struct parquet_column){.name = "w", .type = VW_PARQUET_INT64, .converted = 6});
    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "x", .type = VW_PARQUET_DOUBLE});
    for (size_t i = 0; i < 6; i++)
        bytes_32(&body, UINT32_MAX - (uint32_t)i);
    parquet_chunk(&fixture->writer, VW_PARQUET_SNAPPY);
    parquet_page(&fixture->writer, (struct parquet_page){.values = 6, .body = &body});
    body.size = 0;
    for (size_t i = 0; i < 6; i++)
        bytes_64(&body, UINT64_MAX >> (i * 12));
    for (size_t i = 0; i < 2; i++) {
        parquet_chunk(&fixture->writer, VW_PARQUET_SNAPPY);
        parquet_page(&fixture->writer, (struct parquet_page){.values = 6, .body = &body});
    }
    body.size = 0;
    bytes_put(&body, doubles, sizeof doubles);
    parquet_chunk(&fixture->writer, VW_PARQUET_SNAPPY);
    parquet_page(&fixture->writer, (struct parquet_page){.values = 6, .body = &body});
    parquet_group(&fixture->writer, 6);
    assert_int_equal(read_file(fixture, NULL), 0);
    assert_string_equal(fixture->text,
                        "4294967295,18446744073709551615,-1,443|"
                        "4294967294,4503599627370495,4503599627370495,-0.5|"
                        "4294967293,1099511627775,1099511627775,1e+300|"
                        "4294967292,268435455,268435455,0.1|"
                        "4294967291,65535,65535,9007199254740992|"
                        "4294967290,15,15,0.3333333333333333|");
    free(body.data);
}

/* A column named bytes. */
#define B(...)                                                                           \
    {                                                                                    \
        .name = "bytes", __VA_ARGS__                                                     \
    }

/* What is not read is named: of a column, and only where it is wanted. */
static void the_rest_is_refused_by_name(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        struct parquet_column column;
        int codec, encoding;
        const char *told;
    } cases[] = {
        {B(.type = VW_PARQUET_INT64), 0, 5, "column bytes: DELTA_BINARY_PACKED is not"},
        {B(.type = VW_PARQUET_BYTE_ARRAY), 0, 6, "bytes: DELTA_LENGTH_BYTE_ARRAY is not"},
        {B(.type = VW_PARQUET_BYTE_ARRAY), 0, 7, "column bytes: DELTA_BYTE_ARRAY is not"},
        {B(.type = VW_PARQUET_DOUBLE), 0, 9, "column bytes: BYTE_STREAM_SPLIT is not"},
        {B(.type = VW_PARQUET_DOUBLE), 0, 10, "column bytes: an unknown encoding is not"},
        {B(.type = VW_PARQUET_INT64), 3, 0, "column bytes: LZO is not read"},
        {B(.type = VW_PARQUET_INT64), 4, 0, "column bytes: BROTLI is not read"},
        {B(.type = VW_PARQUET_INT64), 5, 0, "column bytes: LZ4 is not read"},
        {B(.type = VW_PARQUET_INT64), 7, 0, "column bytes: LZ4_RAW is not read"},
        {B(.type = VW_PARQUET_INT64), 8, 0, "column bytes: an unknown codec is not read"},
        {B(.type = VW_PARQUET_INT96), 0, 0, "column bytes: INT96 is not read"},
        {B(.type = VW_PARQUET_FIXED), 0, 0, "column bytes: FIXED_LEN_BYTE_ARRAY is not"},
        {B(.type = VW_PARQUET_INT64, .repetition = 2), 0, 0,
         "column bytes: a REPEATED column is not"},
        {B(.type = VW_PARQUET_INT64, .converted = 10), 0, 0,
         "column bytes: TIMESTAMP is not"},
        {B(.type = VW_PARQUET_INT64, .logical = 8), 0, 0,
         "column bytes: TIMESTAMP is not"},
        {B(.type = VW_PARQUET_INT32, .converted = 7, .logical = 6), 0, 0,
         "column bytes: DATE is not read"},
        {B(.type = VW_PARQUET_INT32, .converted = 6, .logical = 5, .scale = 2), 0, 0,
         "DECIMAL is not read"},
    };
    struct bytes body = {0};
    size_t i;

    bytes_64(&body, 0);
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        again(fixture);
        parquet_column(&fixture->writer, (struct parquet_column){
                                             .name = "other", .type = VW_PARQUET_INT64});
        parquet_column(&fixture->writer, cases[i].column);
        parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
        parquet_page(&fixture->writer, (struct parquet_page){.values = 1, .body = &body});
        parquet_chunk(&fixture->writer, cases[i].codec);
        parquet_page(&fixture->writer,
                     (struct parquet_page){
                         .values = 1, .encoding = cases[i].encoding, .body = &body});
        parquet_group(&fixture->writer, 1);
        assert_int_equal(read_file(fixture, NULL), VW_ERROR_INPUT);
        assert_told(fixture, "unsupported-parquet", cases[i].told);
        assert_string_equal(fixture->text, "");
        assert_int_equal(read_bytes(fixture, fixture->writer.file.data,
                                    fixture->writer.file.size, "o", 10),
                         0);
        assert_string_equal(fixture->text, "0|");
    }
    free(body.data);
}

/* What only the page says is refused when the page comes, with the rows that are lost. */
static void pages_are_refused_with_their_rows(void **state)
{
    struct fixture *fixture = *state;
    struct bytes body = {0}, levels = {0};

    bytes_64(&body, 80);
    bytes_run(&levels, 1, 1, 1);
    parquet_column(
        &fixture->writer,
        (struct parquet_column){.name = "x", .type = VW_PARQUET_INT64, .repetition = 1});
    parquet_chunk(&fixture->writer, VW_PARQUET_GZIP);
    parquet_page(&fixture->writer,
                 (struct parquet_page){.values = 1, .levels = &levels, .body = &body});
    parquet_page(&fixture->writer,
                 (struct parquet_page){
                     .values = 1, .levels = &levels, .level_encoding = 4, .body = &body});
    parquet_page(&fixture->writer,
                 (struct parquet_page){.values = 1, .levels = &levels, .body = &body});
    parquet_group(&fixture->writer, 3);
    assert_int_equal(read_file(fixture, NULL), VW_ERROR_INPUT);
    assert_told(fixture, "unsupported-parquet",
                "column x: BIT_PACKED definition levels is not read: rows 2 to 3 are "
                "missing");
    assert_string_equal(fixture->text, "80|");
    free(body.data);
    free(levels.data);
}

static void nested_columns_keep_their_place(void **state)
{
    struct fixture *fixture = *state;
    struct bytes body = {0};
    size_t i;

    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "n", .repetition = 1, .children = 2});
    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "a", .type = VW_PARQUET_INT64});
    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "b", .type = VW_PARQUET_INT64});
    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "x", .type = VW_PARQUET_INT64});
    for (i = 0; i < 3; i++) {
        body.size = 0;
        bytes_64(&body, i);
        parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
        parquet_page(&fixture->writer, (struct parquet_page){.values = 1, .body = &body});
    }
    parquet_group(&fixture->writer, 1);
    assert_int_equal(read_file(fixture, "x"), 0);
    assert_string_equal(fixture->text, "2|");
    assert_int_equal(read_bytes(fixture, fixture->writer.file.data,
                                fixture->writer.file.size, NULL, 10),
                     VW_ERROR_INPUT);
    assert_int_equal(vw_diagnostics_count(fixture->diagnostics), 2);
    assert_string_equal(vw_diagnostics_get(fixture->diagnostics, 1)->message,
                        "column n.b: a nested column is not read");
    free(body.data);
}

/* One column of one page, with something wrong. */
static int read_wrong(struct fixture *fixture, struct parquet_page page, size_t rows)
{
    again(fixture);
    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "x", .type = VW_PARQUET_INT64});
    parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
    parquet_page(&fixture->writer, page);
    parquet_group(&fixture->writer, rows);
    return read_file(fixture, NULL);
}

static void what_is_wrong_is_said(void **state)
{
    struct fixture *fixture = *state;
    struct bytes body = {0};

    bytes_64(&body, 1);
    bytes_64(&body, 2);
    assert_int_equal(read_wrong(fixture,
                                (struct parquet_page){.values = 2,
                                                      .body = &body,
                                                      .has_checksum = true,
                                                      .checksum_off = 1},
                                2),
                     VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet",
                "column x: the checksum of a page is wrong: rows 1 to 2 are missing");
    assert_int_equal(
        read_wrong(fixture, (struct parquet_page){.values = 3, .body = &body}, 3),
        VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "a page is damaged");
    assert_int_equal(
        read_wrong(fixture,
                   (struct parquet_page){.values = 2, .body = &body, .size_off = 1}, 2),
        VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "a page is damaged");
    assert_int_equal(read_wrong(fixture,
                                (struct parquet_page){.values = 2,
                                                      .body = &body,
                                                      .size_off = VW_PARQUET_PAGE_MAX},
                                2),
                     VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "a page has more than 128 MB");
    assert_int_equal(
        read_wrong(fixture,
                   (struct parquet_page){
                       .values = 2, .body = &body, .encoding = VW_PARQUET_RLE_DICTIONARY},
                   2),
        VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "its dictionary is missing");
    assert_int_equal(
        read_wrong(fixture, (struct parquet_page){.values = 2, .body = &body}, 5),
        VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "more or fewer values than its group rows");
    free(body.data);
}

/* A small file that says it is a large one. */
static void sizes_are_held_against_the_file(void **state)
{
    struct fixture *fixture = *state;
    struct bytes body = {0}, levels = {0};
    size_t i;

    bytes_64(&body, 1);
    parquet_column(&fixture->writer,
                   (struct parquet_column){.name = "x", .type = VW_PARQUET_INT64});
    parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
    parquet_page(&fixture->writer, (struct parquet_page){.values = 1, .body = &body});
    parquet_group(&fixture->writer, 1);
    fixture->writer.rows_said = 2;
    assert_int_equal(read_file(fixture, NULL), VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "more or fewer rows than the file");
    again(fixture);
    for (i = 0; i < 2; i++)
        parquet_column(&fixture->writer, (struct parquet_column){.name = "x",
                                                                 .type = VW_PARQUET_INT64,
                                                                 .repetition = 1});
    for (i = 0; i < 2; i++) {
        parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
        bytes_run(&levels, 1, 0, 100000000);
        parquet_page(&fixture->writer,
                     (struct parquet_page){.values = 100000000, .levels = &levels});
    }
    parquet_group(&fixture->writer, 100000000);
    assert_int_equal(read_file(fixture, NULL), VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "more rows than its bytes can hold");
    again(fixture);
    fixture->writer.is_overlapping = true;
    levels.size = 0;
    for (i = 0; i < 30; i++)
        parquet_column(&fixture->writer,
                       (struct parquet_column){.name = "x", .type = VW_PARQUET_INT64});
    for (i = 0; i < 10000; i++)
        bytes_64(&body, i);
    parquet_chunk(&fixture->writer, VW_PARQUET_UNCOMPRESSED);
    parquet_page(&fixture->writer, (struct parquet_page){.values = 10001, .body = &body});
    parquet_group(&fixture->writer, 10001);
    assert_int_equal(read_file(fixture, NULL), VW_ERROR_INPUT);
    assert_told(fixture, "damaged-parquet", "its column chunks overlap");
    free(body.data);
    free(levels.data);
}

static void what_is_no_parquet_is_said(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *told;
    } cases[] = {
        {"PAR1", 4, "it is cut short"},
        {"PAR1\0\0\0\0\0\0\0\0", 12, "does not end with PAR1"},
        {"PAR1\0\0\0\0PARE", 12, "it is encrypted"},
        {"PAR1\1\0\0\0PAR1", 12, "larger than the file"},
        {"PAR1\0\0\0\0PAR1", 12, "its description cannot be read"},
        {"PAR1\0\1\0\0\0PAR1", 13, "it has no schema"},
    };
    size_t i;

    assert_true(vw_parquet_is("PAR1", 4) && vw_parquet_is("PARE", 4));
    assert_false(vw_parquet_is("PAR", 3) || vw_parquet_is("PAR2", 4));
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        again(fixture);
        assert_int_equal(read_bytes(fixture, (const unsigned char *)cases[i].bytes,
                                    cases[i].size, NULL, 1),
                         VW_ERROR_INPUT);
        assert_told(fixture, "damaged-parquet", cases[i].told);
    }
}

/* Every byte changed in turn, and the file cut behind every byte: rows or a reason, and
 * nothing else. */
static void damage_is_survived(void **state)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff, 0x10};
    struct fixture *fixture = *state;
    unsigned char *bytes;
    size_t codec, size, i, change;

    for (codec = 0; codec < 2; codec++) {
        again(fixture);
        parquet_sample(&fixture->writer, codec ? VW_PARQUET_SNAPPY : 0);
        size = fixture->writer.file.size;
        for (i = 0; i < size; i++) {
            for (change = 0; change < sizeof changes; change++) {
                /* Exactly as large as it is: a step past its end is seen. */
                bytes = malloc(size);
                memcpy(bytes, fixture->writer.file.data, size);
                bytes[i] ^= changes[change];
                (void)read_bytes(fixture, bytes, size, NULL, 4);
                free(bytes);
            }
            bytes = malloc(i ? i : 1);
            memcpy(bytes, fixture->writer.file.data, i);
            assert_int_equal(read_bytes(fixture, bytes, i, NULL, 100), VW_ERROR_INPUT);
            free(bytes);
        }
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_codec_gives_the_same_rows),
        TEST(columns_are_chosen),
        TEST(files_are_read_where_they_are_stored),
        TEST(indices_have_any_width),
        TEST(pages_end_where_they_like),
        TEST(numbers_read_as_they_are_meant),
        TEST(the_rest_is_refused_by_name),
        TEST(pages_are_refused_with_their_rows),
        TEST(nested_columns_keep_their_place),
        TEST(what_is_wrong_is_said),
        TEST(sizes_are_held_against_the_file),
        TEST(what_is_no_parquet_is_said),
        TEST(damage_is_survived),
    };

    return cmocka_run_group_tests_name("parquet", tests, NULL, NULL);
}
