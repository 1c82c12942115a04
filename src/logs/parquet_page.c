/*
 * What stands in a page; see parquet_page.h. A data page is definition levels (1: there
 * is a value, 0: NULL), then the values that are there. The first version packs both
 * together, with the size of the levels before them; the second leaves the levels as they
 * are, in front.
 */
#include "logs/parquet_page.h"

#include <endian.h>
#include <string.h>

#include "base/memory.h"
#include "logs/snappy.h"

int vw_parquet_trouble(struct vw_parquet_shared *shared, const char *what)
{
    shared->trouble = what;
    return VW_ERROR_INPUT;
}

static int refuse(struct vw_parquet_shared *shared, const char *name)
{
    shared->refused = name;
    return VW_ERROR_INPUT;
}

/* ---- the header ---- */

static void read_data_header(struct vw_thrift *thrift, unsigned type,
                             struct vw_parquet_page *page)
{
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            page->values = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 2)
            page->encoding = vw_thrift_integer(thrift, field.type);
        else if (field.id == 3)
            page->level_encoding = vw_thrift_integer(thrift, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
}

/* Of a dictionary; its first two fields are those of a data page. */
static void read_dictionary_header(struct vw_thrift *thrift, unsigned type,
                                   struct vw_parquet_page *page)
{
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            page->values = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 2)
            page->encoding = vw_thrift_integer(thrift, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
}

static void read_data_header_2(struct vw_thrift *thrift, unsigned type,
                               struct vw_parquet_page *page)
{
    struct vw_thrift_field field = {0};

    page->level_encoding = VW_PARQUET_RLE;
    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            page->values = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 4)
            page->encoding = vw_thrift_integer(thrift, field.type);
        else if (field.id == 5)
            page->level_bytes = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 6)
            page->repetition_bytes = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 7)
            page->is_packed = vw_thrift_boolean(thrift, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
}

static void read_checksum(struct vw_thrift *thrift, unsigned type,
                          struct vw_parquet_page *page)
{
    page->checksum = (uint32_t)vw_thrift_integer(thrift, type);
    page->has_checksum = true;
}

bool vw_parquet_page_header(struct vw_thrift *thrift, struct vw_parquet_page *ret_page)
{
    struct vw_parquet_page page = {.type = -1, .encoding = -1, .is_packed = true};
    struct vw_thrift_field field = {0};

    page.size = page.packed = UINT64_MAX;
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            page.type = vw_thrift_integer(thrift, field.type);
        else if (field.id == 2)
            page.size = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 3)
            page.packed = (uint64_t)vw_thrift_integer(thrift, field.type);
        else if (field.id == 4)
            read_checksum(thrift, field.type, &page);
        else if (field.id == 5)
            read_data_header(thrift, field.type, &page);
        else if (field.id == 7)
            read_dictionary_header(thrift, field.type, &page);
        else if (field.id == 8)
            read_data_header_2(thrift, field.type, &page);
        else
            vw_thrift_skip(thrift, field.type);
    }
    *ret_page = page;
    return !thrift->failed && page.size <= INT32_MAX && page.packed <= INT32_MAX &&
           page.values <= INT32_MAX && page.level_bytes <= INT32_MAX &&
           page.repetition_bytes <= INT32_MAX;
}

/* ---- unpacking ---- */

int vw_parquet_block_room(struct vw_parquet_shared *shared,
                          struct vw_parquet_block *block, size_t size)
{
    unsigned char *bytes;

    if (size <= block->size && block->bytes)
        return 0;
    if (size > VW_PARQUET_MEMORY_MAX ||
        shared->memory - block->size + size > VW_PARQUET_MEMORY_MAX)
        return vw_parquet_trouble(shared, "its pages need more than 512 MB of memory");
    vw_free(block->bytes);
    shared->memory -= block->size;
    *block = (struct vw_parquet_block){NULL, 0};
    /* Pages of a column are about as large as each other: the next one fits too, where
     * the memory may be had. */
    if (shared->memory + size + size / 4 <= VW_PARQUET_MEMORY_MAX)
        size += size / 4;
    bytes = vw_realloc(NULL, 1, size + VW_PARQUET_PADDING);
    if (!bytes)
        return VW_ERROR_NO_MEMORY;
    /* They are read with what stands before them; their values do not matter. */
    memset(bytes + size, 0, VW_PARQUET_PADDING);
    *block = (struct vw_parquet_block){bytes, size};
    shared->memory += size;
    return 0;
}

static int unpack_by(struct vw_parquet_shared *shared, const struct vw_unpacker *unpacker,
                     void **state, struct vw_unpack bytes)
{
    enum vw_unpack_result result;

    if (!*state)
        *state = unpacker->create();
    if (!*state)
        return VW_ERROR_NO_MEMORY;
    result = vw_unpack_whole(unpacker, *state, bytes);
    if (result == VW_UNPACK_NO_MEMORY)
        return VW_ERROR_NO_MEMORY;
    return result == VW_UNPACK_END ? 0 : vw_parquet_trouble(shared, "a page is damaged");
}

int vw_parquet_unpack(struct vw_parquet_shared *shared, enum vw_parquet_codec codec,
                      struct vw_slice in, struct vw_parquet_block *block, size_t size)
{
    struct vw_unpack bytes = {.in = (const unsigned char *)in.data, .in_size = in.size};
    int error = vw_parquet_block_room(shared, block, size);

    if (error)
        return error;
    bytes.out = block->bytes;
    bytes.out_size = size;
    switch (codec) {
    case VW_PARQUET_UNCOMPRESSED:
        if (in.size != size)
            return vw_parquet_trouble(shared, "a page is damaged");
        memcpy(block->bytes, in.data, size);
        return 0;
    case VW_PARQUET_SNAPPY:
        return vw_snappy(bytes.in, in.size, block->bytes, size)
                   ? 0
                   : vw_parquet_trouble(shared, "a page is damaged");
    case VW_PARQUET_GZIP:
        if (!shared->gzip)
            shared->gzip = vw_unpacker_gzip(shared->file->source.size);
        return unpack_by(shared, shared->gzip, &shared->gzip_state, bytes);
    case VW_PARQUET_ZSTD:
        return unpack_by(shared, &vw_unpacker_zstd, &shared->zstd_state, bytes);
    case VW_PARQUET_LZO:
    case VW_PARQUET_BROTLI:
    case VW_PARQUET_LZ4:
    case VW_PARQUET_LZ4_RAW:
    case VW_PARQUET_CODEC_COUNT:
        break;
    }
    return VW_ERROR_INTERNAL; /* vw_parquet_accept has refused them */
}

/* ---- data pages ---- */

static uint32_t four_bytes(const unsigned char *bytes)
{
    uint32_t value;

    memcpy(&value, bytes, sizeof value);
    return le32toh(value);
}

/* Takes `size` bytes off the front of *bytes. */
static struct vw_slice front(struct vw_slice *bytes, size_t size)
{
    struct vw_slice taken = {bytes->data, size};

    bytes->data += size;
    bytes->size -= size;
    return taken;
}

/* Takes bytes that say how many they are off the front. */
static bool sized_front(struct vw_slice *bytes, struct vw_slice *ret_taken)
{
    uint32_t size;

    if (bytes->size < sizeof size)
        return false;
    size = four_bytes((const unsigned char *)front(bytes, sizeof size).data);
    if (size > bytes->size)
        return false;
    *ret_taken = front(bytes, size);
    return true;
}

static struct vw_parquet_runs runs_of(struct vw_slice bytes, unsigned width)
{
    return vw_parquet_runs((const unsigned char *)bytes.data, bytes.size, width);
}

/* The page's bytes without levels, which are noted. */
static int read_levels(struct vw_parquet_cursor *cursor,
                       const struct vw_parquet_page *page, struct vw_slice *bytes)
{
    struct vw_slice levels;

    cursor->has_levels = cursor->column->is_optional;
    if (!cursor->has_levels)
        return 0;
    if (page->level_encoding != VW_PARQUET_RLE)
        return refuse(cursor->shared, page->level_encoding == VW_PARQUET_BIT_PACKED
                                          ? "BIT_PACKED definition levels"
                                          : "an unknown encoding of definition levels");
    if (!sized_front(bytes, &levels))
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    cursor->levels = runs_of(levels, 1);
    return 0;
}

static int unpack_page(struct vw_parquet_cursor *cursor,
                       const struct vw_parquet_page *page, struct vw_slice *bytes)
{
    int error = vw_parquet_unpack(cursor->shared, cursor->chunk.codec, *bytes,
                                  &cursor->unpacked, (size_t)page->size);

    *bytes = (struct vw_slice){(const char *)cursor->unpacked.bytes, (size_t)page->size};
    return error ? error : read_levels(cursor, page, bytes);
}

static int unpack_page_2(struct vw_parquet_cursor *cursor,
                         const struct vw_parquet_page *page, struct vw_slice *bytes)
{
    uint64_t levels = page->level_bytes + page->repetition_bytes;
    size_t size;
    int error;

    if (levels > page->packed || levels > page->size)
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    size = (size_t)(page->size - levels);
    front(bytes, (size_t)page->repetition_bytes);
    cursor->has_levels = cursor->column->is_optional;
    cursor->levels = runs_of(front(bytes, (size_t)page->level_bytes), 1);
    if (size == 0) {
        bytes->size = 0;
        return 0;
    }
    error = vw_parquet_unpack(
        cursor->shared, page->is_packed ? cursor->chunk.codec : VW_PARQUET_UNCOMPRESSED,
        *bytes, &cursor->unpacked, size);
    *bytes = (struct vw_slice){(const char *)cursor->unpacked.bytes, size};
    return error;
}

/* Behind their width. */
static int start_indices(struct vw_parquet_cursor *cursor, struct vw_slice bytes)
{
    unsigned width = 0;

    if (!cursor->has_dictionary)
        return vw_parquet_trouble(cursor->shared, "its dictionary is missing");
    /* A page of NULLs may have no index, nor a width. */
    if (bytes.size > 0)
        width = (unsigned char)*front(&bytes, 1).data;
    if (width > 32)
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    cursor->form = VW_PARQUET_FORM_INDICES;
    cursor->runs = runs_of(bytes, width);
    return 0;
}

static int start_values(struct vw_parquet_cursor *cursor, int64_t encoding,
                        struct vw_slice bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.data;
    struct vw_slice runs;

    if (encoding == VW_PARQUET_PLAIN) {
        cursor->form = VW_PARQUET_FORM_PLAIN;
        cursor->plain = (struct vw_parquet_plain){
            cursor->column->type, cursor->column->is_unsigned, at, at + bytes.size, 0};
        return 0;
    }
    if (encoding == VW_PARQUET_PLAIN_DICTIONARY || encoding == VW_PARQUET_RLE_DICTIONARY)
        return start_indices(cursor, bytes);
    if (encoding != VW_PARQUET_RLE || cursor->column->type != VW_PARQUET_BOOLEAN)
        return refuse(cursor->shared, vw_parquet_encoding_name(encoding));
    if (!sized_front(&bytes, &runs))
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    cursor->form = VW_PARQUET_FORM_BOOLEANS;
    cursor->runs = runs_of(runs, 1);
    return 0;
}

int vw_parquet_cursor_data(struct vw_parquet_cursor *cursor,
                           const struct vw_parquet_page *page, const unsigned char *body)
{
    struct vw_slice bytes = {(const char *)body, (size_t)page->packed};
    int error = page->type == VW_PARQUET_DATA_PAGE ? unpack_page(cursor, page, &bytes)
                                                   : unpack_page_2(cursor, page, &bytes);

    if (!error)
        error = start_values(cursor, page->encoding, bytes);
    if (!error) {
        cursor->left = page->values;
        cursor->unread -= page->values;
    }
    return error;
}

/* ---- the dictionary ---- */

int vw_parquet_cursor_dictionary(struct vw_parquet_cursor *cursor,
                                 const struct vw_parquet_page *page,
                                 const unsigned char *body)
{
    struct vw_parquet_shared *shared = cursor->shared;
    struct vw_parquet_plain plain = {.type = cursor->column->type,
                                     .is_unsigned = cursor->column->is_unsigned};
    struct vw_slice bytes = {(const char *)body, (size_t)page->packed};
    size_t count = (size_t)page->values;
    int error;

    if (cursor->has_dictionary || page->size > VW_PARQUET_DICTIONARY_MAX)
        return vw_parquet_trouble(shared, "it has two dictionaries, or one of more than "
                                          "16 MB");
    if (page->encoding != VW_PARQUET_PLAIN &&
        page->encoding != VW_PARQUET_PLAIN_DICTIONARY)
        return refuse(shared, vw_parquet_encoding_name(page->encoding));
    error = vw_parquet_unpack(shared, cursor->chunk.codec, bytes, &cursor->dictionary,
                              (size_t)page->size);
    if (error)
        return error;
    /* No type that has one has values of less than four bytes. */
    if (count > page->size / 4)
        return vw_parquet_trouble(shared, "its dictionary is damaged");
    error =
        vw_parquet_block_room(shared, &cursor->entries, count * sizeof(struct vw_slice));
    if (!error)
        error = vw_parquet_block_room(shared, &cursor->entry_digits,
                                      vw_parquet_plain_digits(plain.type, count));
    if (error)
        return error;
    plain.at = cursor->dictionary.bytes;
    plain.end = plain.at + page->size;
    if (!vw_parquet_plain_take(&plain, (struct vw_slice *)(void *)cursor->entries.bytes,
                               1, count, (char *)cursor->entry_digits.bytes))
        return vw_parquet_trouble(shared, "its dictionary is damaged");
    cursor->entry_count = count;
    cursor->has_dictionary = true;
    return 0;
}
