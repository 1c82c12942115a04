/* Parquet files for tests; see parquet_writer.h. */
#include "logs/parquet_writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "logs/parquet_page.h"

/* ---- bytes ---- */

void bytes_put(struct bytes *bytes, const void *data, size_t size)
{
    while (bytes->size + size > bytes->room) {
        bytes->room = bytes->room ? bytes->room * 2 : 256;
        bytes->data = realloc(bytes->data, bytes->room);
    }
    if (size > 0)
        memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
}

void bytes_byte(struct bytes *bytes, unsigned value)
{
    bytes_put(bytes, &(unsigned char){(unsigned char)value}, 1);
}

static void put_little(struct bytes *bytes, uint64_t value, size_t size)
{
    for (; size > 0; size--, value >>= 8)
        bytes_byte(bytes, value & 0xff);
}

void bytes_32(struct bytes *bytes, uint32_t value)
{
    put_little(bytes, value, 4);
}

void bytes_64(struct bytes *bytes, uint64_t value)
{
    put_little(bytes, value, 8);
}

void bytes_varint(struct bytes *bytes, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        bytes_byte(bytes, (value & 0x7f) | 0x80);
    bytes_byte(bytes, (unsigned)value);
}

void bytes_text(struct bytes *bytes, const char *text)
{
    bytes_32(bytes, (uint32_t)strlen(text));
    bytes_put(bytes, text, strlen(text));
}

void bytes_run(struct bytes *bytes, unsigned width, uint32_t value, size_t count)
{
    bytes_varint(bytes, (uint64_t)count << 1);
    put_little(bytes, value, (width + 7) / 8);
}

void bytes_packed(struct bytes *bytes, unsigned width, const uint32_t *values,
                  size_t count)
{
    uint64_t held = 0;
    unsigned bits = 0;
    size_t i;

    bytes_varint(bytes, (uint64_t)(count / 8) << 1 | 1);
    for (i = 0; i < count; i++) {
        held |= (uint64_t)values[i] << bits;
        for (bits += width; bits >= 8; bits -= 8, held >>= 8)
            bytes_byte(bytes, held & 0xff);
    }
}

/* ---- Thrift ---- */

enum { BYTE = 3, I32 = 5, I64 = 6, BINARY = 8, LIST = 9, STRUCT = 12 };

/* The head of field `id`; *last is the one before. */
static void field(struct bytes *bytes, int *last, int id, unsigned type)
{
    bytes_byte(bytes, (unsigned)(id - *last) << 4 | type);
    *last = id;
}

static void put_zigzag(struct bytes *bytes, int64_t value)
{
    bytes_varint(bytes, (uint64_t)value << 1 ^ (uint64_t)(value >> 63));
}

static void integer(struct bytes *bytes, int *last, int id, int64_t value)
{
    field(bytes, last, id, I64);
    put_zigzag(bytes, value);
}

static void list(struct bytes *bytes, int *last, int id, unsigned element, size_t count)
{
    field(bytes, last, id, LIST);
    if (count < 15) {
        bytes_byte(bytes, (unsigned)count << 4 | element);
    } else {
        bytes_byte(bytes, 0xf0 | element);
        bytes_varint(bytes, count);
    }
}

static void binary(struct bytes *bytes, const char *text)
{
    bytes_varint(bytes, strlen(text));
    bytes_put(bytes, text, strlen(text));
}

/* ---- packing ---- */

static void pack_gzip(const struct bytes *in, struct bytes *out)
{
    z_stream stream = {0};
    size_t room = in->size + in->size / 10 + 100;
    unsigned char *to = malloc(room);

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_in = in->data;
    stream.avail_in = (unsigned)in->size;
    stream.next_out = to;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    bytes_put(out, to, stream.total_out);
    deflateEnd(&stream);
    free(to);
}

static void pack_zstd(const struct bytes *in, struct bytes *out)
{
    size_t room = ZSTD_compressBound(in->size);
    void *to = malloc(room);

    bytes_put(out, to, ZSTD_compress(to, room, in->data ? in->data : to, in->size, 1));
    free(to);
}

/* Literals, and a copy wherever four bytes are those four bytes before. */
static void pack_snappy(const struct bytes *in, struct bytes *out)
{
    size_t at = 0;

    bytes_varint(out, in->size);
    while (at < in->size) {
        if (at >= 4 && at + 4 <= in->size &&
            memcmp(in->data + at, in->data + at - 4, 4) == 0) {
            bytes_byte(out, 0 << 2 | 1);
            bytes_byte(out, 4);
            at += 4;
        } else {
            bytes_byte(out, 0);
            bytes_byte(out, in->data[at++]);
        }
    }
}

static void pack(int codec, const struct bytes *in, struct bytes *out)
{
    if (codec == VW_PARQUET_GZIP)
        pack_gzip(in, out);
    else if (codec == VW_PARQUET_ZSTD)
        pack_zstd(in, out);
    else if (codec == VW_PARQUET_SNAPPY)
        pack_snappy(in, out);
    else
        bytes_put(out, in->data, in->size);
}

/* ---- the file ---- */

void parquet_column(struct parquet_writer *writer, struct parquet_column column)
{
    writer->columns[writer->column_count++] = column;
}

void parquet_chunk(struct parquet_writer *writer, int codec)
{
    size_t group = writer->group_count, chunk = writer->chunk_count++;

    if (writer->file.size == 0)
        bytes_put(&writer->file, "PAR1", 4);
    writer->chunks[group][chunk].codec = codec;
    writer->chunks[group][chunk].start = writer->file.size;
}

/* The page's bytes as they stand in the file; the size before they are packed. */
static size_t page_bytes(const struct parquet_page *page, int codec, struct bytes *out)
{
    struct bytes bytes = {0};
    size_t levels = page->levels ? page->levels->size : 0, size;

    if (page->type == VW_PARQUET_DATA_PAGE_V2 && page->levels)
        bytes_put(out, page->levels->data, levels);
    else if (page->levels) {
        bytes_32(&bytes, (uint32_t)levels);
        bytes_put(&bytes, page->levels->data, levels);
    }
    if (page->body)
        bytes_put(&bytes, page->body->data, page->body->size);
    size = bytes.size;
    pack(page->is_bare ? VW_PARQUET_UNCOMPRESSED : codec, &bytes, out);
    free(bytes.data);
    return page->type == VW_PARQUET_DATA_PAGE_V2 ? size + levels : size;
}

static void put_page_header_2(struct bytes *file, const struct parquet_page *page)
{
    int last = 0;

    integer(file, &last, 1, (int64_t)page->values);
    integer(file, &last, 2, 0);
    integer(file, &last, 3, (int64_t)page->values);
    integer(file, &last, 4, page->encoding);
    integer(file, &last, 5, page->levels ? (int64_t)page->levels->size : 0);
    integer(file, &last, 6, 0);
    field(file, &last, 7, page->is_bare ? 2 : 1);
    bytes_byte(file, 0);
}

static void put_page_header(struct bytes *file, const struct parquet_page *page)
{
    int last = 0;

    integer(file, &last, 1, (int64_t)page->values);
    integer(file, &last, 2, page->encoding);
    if (page->type == VW_PARQUET_DATA_PAGE) {
        int encoding = page->level_encoding ? page->level_encoding : VW_PARQUET_RLE;
        integer(file, &last, 3, encoding);
        integer(file, &last, 4, encoding);
        /* Statistics, to be passed over. */
        field(file, &last, 5, STRUCT);
        last = 0;
        field(file, &last, 1, BINARY);
        binary(file, "max");
        integer(file, &last, 3, 4);
        bytes_byte(file, 0);
    }
    bytes_byte(file, 0);
}

void parquet_page(struct parquet_writer *writer, struct parquet_page page)
{
    size_t group = writer->group_count, chunk = writer->chunk_count - 1;
    struct bytes *file = &writer->file, packed = {0};
    size_t size = page_bytes(&page, writer->chunks[group][chunk].codec, &packed);
    int last = 0;

    if (page.type == VW_PARQUET_DICTIONARY_PAGE) {
        writer->chunks[group][chunk].dictionary = file->size;
    } else {
        writer->chunks[group][chunk].values += page.values;
        writer->chunks[group][chunk].encodings |= 1u << page.encoding;
        if (writer->chunks[group][chunk].data == 0)
            writer->chunks[group][chunk].data = file->size;
    }
    integer(file, &last, 1, page.type);
    integer(file, &last, 2, (int64_t)(size + page.size_off));
    integer(file, &last, 3, (int64_t)packed.size);
    if (page.has_checksum)
        integer(
            file, &last, 4,
            (int32_t)(crc32(0, packed.data, (unsigned)packed.size) + page.checksum_off));
    field(file, &last,
          page.type == VW_PARQUET_DATA_PAGE         ? 5
          : page.type == VW_PARQUET_DICTIONARY_PAGE ? 7
                                                    : 8,
          STRUCT);
    if (page.type == VW_PARQUET_DATA_PAGE_V2)
        put_page_header_2(file, &page);
    else
        put_page_header(file, &page);
    bytes_byte(file, 0);
    bytes_put(file, packed.data, packed.size);
    writer->chunks[group][chunk].size = file->size - writer->chunks[group][chunk].start;
    free(packed.data);
}

void parquet_group(struct parquet_writer *writer, size_t rows)
{
    writer->rows[writer->group_count++] = rows;
    writer->chunk_count = 0;
}

static void put_logical(struct bytes *file, int *last,
                        const struct parquet_column *column)
{
    int inner = 0;

    field(file, last, 10, STRUCT);
    field(file, &inner, column->logical, STRUCT);
    if (column->logical == 10) {
        int innermost = 0;
        field(file, &innermost, 1, BYTE);
        bytes_byte(file, 32);
        field(file, &innermost, 2, column->is_unsigned ? 2 : 1);
    }
    bytes_byte(file, 0);
    bytes_byte(file, 0);
}

static void put_element(struct bytes *file, const struct parquet_column *column)
{
    int last = 0;

    if (column->children == 0)
        integer(file, &last, 1, column->type);
    integer(file, &last, 3, column->repetition);
    field(file, &last, 4, BINARY);
    binary(file, column->name);
    if (column->children > 0)
        integer(file, &last, 5, column->children);
    if (column->converted > 0)
        integer(file, &last, 6, column->converted - 1);
    if (column->scale > 0)
        integer(file, &last, 7, column->scale);
    if (column->logical > 0)
        put_logical(file, &last, column);
    bytes_byte(file, 0);
}

static void put_chunk(struct parquet_writer *writer, size_t group, size_t number,
                      const struct parquet_column *column)
{
    struct bytes *file = &writer->file;
    size_t first = writer->is_overlapping ? 0 : number, i, encodings = 0;
    int last = 0, inner = 0;

    integer(file, &last, 2, 0);
    field(file, &last, 3, STRUCT);
    integer(file, &inner, 1, column->type);
    for (i = 0; i < 31; i++)
        encodings += writer->chunks[group][first].encodings >> i & 1;
    list(file, &inner, 2, I32, encodings + 1);
    for (i = 0; i < 31; i++)
        if (writer->chunks[group][first].encodings >> i & 1)
            put_zigzag(file, (int64_t)i);
    put_zigzag(file, VW_PARQUET_RLE);
    list(file, &inner, 3, BINARY, 1);
    binary(file, column->name);
    integer(file, &inner, 4, writer->chunks[group][first].codec);
    integer(file, &inner, 5, (int64_t)writer->chunks[group][first].values);
    integer(file, &inner, 6, 4711);
    integer(file, &inner, 7, (int64_t)writer->chunks[group][first].size);
    integer(file, &inner, 9, (int64_t)writer->chunks[group][first].data);
    if (writer->chunks[group][first].dictionary)
        integer(file, &inner, 11, (int64_t)writer->chunks[group][first].dictionary);
    bytes_byte(file, 0);
    bytes_byte(file, 0);
}

static void put_group(struct parquet_writer *writer, size_t group)
{
    struct bytes *file = &writer->file;
    size_t i, leaves = 0;
    int last = 0;

    for (i = 0; i < writer->column_count; i++)
        leaves += writer->columns[i].children == 0;
    list(file, &last, 1, STRUCT, leaves);
    for (i = 0, leaves = 0; i < writer->column_count; i++)
        if (writer->columns[i].children == 0)
            put_chunk(writer, group, leaves++, &writer->columns[i]);
    integer(file, &last, 2, 4711);
    integer(file, &last, 3, (int64_t)writer->rows[group]);
    bytes_byte(file, 0);
}

void parquet_finish(struct parquet_writer *writer)
{
    struct bytes *file = &writer->file;
    struct parquet_column root = {.name = "schema"};
    size_t start, i;
    int64_t rows = 0, nested = 0;
    int last = 0;

    if (file->size == 0)
        bytes_put(file, "PAR1", 4);
    start = file->size;
    for (i = 0; i < writer->column_count; i++)
        nested += writer->columns[i].children;
    for (i = 0; i < writer->group_count; i++)
        rows += (int64_t)writer->rows[i];
    root.children = (int)writer->column_count - (int)nested;
    integer(file, &last, 1, 1);
    list(file, &last, 2, STRUCT, writer->column_count + 1);
    put_element(file, &root);
    for (i = 0; i < writer->column_count; i++)
        put_element(file, &writer->columns[i]);
    integer(file, &last, 3, writer->rows_said ? writer->rows_said : rows);
    list(file, &last, 4, STRUCT, writer->group_count);
    for (i = 0; i < writer->group_count; i++)
        put_group(writer, i);
    field(file, &last, 6, BINARY);
    binary(file, "a test");
    bytes_byte(file, 0);
    bytes_32(file, (uint32_t)(file->size - start));
    bytes_put(file, "PAR1", 4);
}

void parquet_free(struct parquet_writer *writer)
{
    free(writer->file.data);
}

/* ---- a sample ---- */

/* Six rows of texts with NULLs: a dictionary, and PLAIN where it was full. */
static void sample_texts(struct parquet_writer *writer, int version)
{
    struct bytes dictionary = {0}, levels = {0}, indices = {0}, body = {0}, some = {0};

    bytes_text(&dictionary, "ACCEPT");
    bytes_text(&dictionary, "REJECT");
    bytes_packed(&levels, 1, (uint32_t[]){1, 0, 1, 1, 0, 0, 0, 0}, 8);
    bytes_byte(&indices, 1);
    bytes_packed(&indices, 1, (uint32_t[]){1, 0, 1, 0, 0, 0, 0, 0}, 8);
    bytes_run(&some, 1, 1, 2);
    bytes_text(&body, "10.0.0.1");
    bytes_text(&body, "");
    parquet_page(writer, (struct parquet_page){.type = VW_PARQUET_DICTIONARY_PAGE,
                                               .values = 2,
                                               .body = &dictionary,
                                               .has_checksum = true});
    parquet_page(writer, (struct parquet_page){.type = version,
                                               .values = 4,
                                               .encoding = VW_PARQUET_RLE_DICTIONARY,
                                               .levels = &levels,
                                               .body = &indices});
    parquet_page(writer, (struct parquet_page){.type = version,
                                               .values = 2,
                                               .levels = &some,
                                               .body = &body,
                                               .has_checksum = true});
    free(dictionary.data);
    free(levels.data);
    free(indices.data);
    free(body.data);
    free(some.data);
}

/* Six rows of numbers: PLAIN, no NULL. */
static void sample_numbers(struct parquet_writer *writer, int type)
{
    struct bytes body = {0};
    uint32_t i;

    for (i = 0; i < 6; i++) {
        if (type == VW_PARQUET_INT32)
            bytes_32(&body, i * 715827882);
        else if (type == VW_PARQUET_INT64)
            bytes_64(&body, i * UINT64_C(3074457345618258602));
        else if (type == VW_PARQUET_FLOAT)
            bytes_put(&body, &(float){(float)i * 1.1f}, 4);
        else
            bytes_put(&body, &(double){i * 443.25}, 8);
    }
    parquet_page(writer, (struct parquet_page){.values = 6, .body = &body});
    free(body.data);
}

static void sample_booleans(struct parquet_writer *writer)
{
    struct bytes plain = {0}, runs = {0}, body = {0};

    bytes_byte(&plain, 0x05);
    bytes_run(&runs, 1, 1, 3);
    bytes_32(&body, (uint32_t)runs.size);
    bytes_put(&body, runs.data, runs.size);
    parquet_page(writer, (struct parquet_page){.values = 3, .body = &plain});
    parquet_page(writer, (struct parquet_page){.type = VW_PARQUET_DATA_PAGE_V2,
                                               .values = 3,
                                               .encoding = VW_PARQUET_RLE,
                                               .body = &body,
                                               .is_bare = true});
    free(plain.data);
    free(runs.data);
    free(body.data);
}

void parquet_sample(struct parquet_writer *writer, int codec)
{
    static const struct parquet_column columns[] = {
        {.name = "a", .type = VW_PARQUET_BYTE_ARRAY, .repetition = 1},
        {.name = "b", .type = VW_PARQUET_BYTE_ARRAY, .repetition = 1, .logical = 1},
        {.name = "c", .type = VW_PARQUET_INT32},
        {.name = "d", .type = VW_PARQUET_INT64},
        {.name = "e", .type = VW_PARQUET_FLOAT},
        {.name = "f", .type = VW_PARQUET_DOUBLE},
        {.name = "g", .type = VW_PARQUET_BOOLEAN},
    };
    size_t i, group;

    for (i = 0; i < sizeof columns / sizeof *columns; i++)
        parquet_column(writer, columns[i]);
    for (group = 0; group < 2; group++) {
        parquet_chunk(writer, codec);
        sample_texts(writer, VW_PARQUET_DATA_PAGE);
        parquet_chunk(writer, codec);
        sample_texts(writer, VW_PARQUET_DATA_PAGE_V2);
        for (i = 2; i < 6; i++) {
            parquet_chunk(writer, codec);
            sample_numbers(writer, columns[i].type);
        }
        parquet_chunk(writer, codec);
        sample_booleans(writer);
        parquet_group(writer, 6);
    }
    parquet_finish(writer);
}
