/*
 * A column's way through a row group; see parquet_page.h. Pages that are passed over
 * whole cost their header: they are neither read nor unpacked.
 */
#include <string.h>

#include "base/memory.h"
#include "logs/parquet_page.h"

/* A header with the statistics of long texts is larger than most; none has more. */
enum { HEADER_MAX = 16 << 20 };

void vw_parquet_cursor_start(struct vw_parquet_cursor *cursor, size_t group)
{
    const struct vw_parquet_file *file = cursor->shared->file;

    cursor->chunk = file->chunks[group * file->shown.column_count + cursor->number];
    cursor->unread = file->groups[group].rows;
    cursor->next = cursor->chunk.offset;
    cursor->has_dictionary = false;
    cursor->left = 0;
    cursor->skip = 0;
}

void vw_parquet_cursor_free(struct vw_parquet_cursor *cursor)
{
    vw_free(cursor->window.bytes);
    vw_free(cursor->dictionary.bytes);
    vw_free(cursor->entries.bytes);
    vw_free(cursor->entry_digits.bytes);
    vw_free(cursor->unpacked.bytes);
    vw_free(cursor->digits.bytes);
}

/* Bytes of the column from its next page on. */
static uint64_t rest_of(const struct vw_parquet_cursor *cursor)
{
    return cursor->chunk.offset + cursor->chunk.size - cursor->next;
}

/* At least `size` bytes from the next page on are in the window: *ret_at, *ret_have. */
static int look(struct vw_parquet_cursor *cursor, size_t size,
                const unsigned char **ret_at, size_t *ret_have)
{
    struct vw_parquet_shared *shared = cursor->shared;
    uint64_t rest = rest_of(cursor), skipped = cursor->next - cursor->window_at;
    size_t wanted = size > VW_STORED_PIECE ? size : VW_STORED_PIECE;
    int error;

    if (cursor->next < cursor->window_at || skipped > cursor->window_size ||
        cursor->window_size - skipped < size) {
        if (wanted > rest)
            wanted = (size_t)rest;
        cursor->window_size = 0;
        error = vw_parquet_block_room(shared, &cursor->window, wanted);
        if (error)
            return error;
        if (vw_parquet_read(&shared->file->source, cursor->next, cursor->window.bytes,
                            wanted, &cursor->window_size) != 0)
            cursor->window_size = 0;
        cursor->window_at = cursor->next;
        skipped = 0;
        if (cursor->window_size < size)
            return vw_parquet_trouble(shared, "the file is cut short");
    }
    *ret_at = cursor->window.bytes + skipped;
    *ret_have = cursor->window_size - (size_t)skipped;
    if (*ret_have > rest)
        *ret_have = (size_t)rest;
    return 0;
}

/* The next page's header and the bytes it takes. */
static int read_header(struct vw_parquet_cursor *cursor, struct vw_parquet_page *page,
                       size_t *ret_size)
{
    uint64_t rest = rest_of(cursor);
    size_t size = rest < 1024 ? (size_t)rest : 1024;

    for (;;) {
        struct vw_thrift thrift = {0};
        const unsigned char *at = NULL;
        size_t have = 0;
        int error = look(cursor, size, &at, &have);
        if (error)
            return error;
        thrift.at = at;
        thrift.left = have;
        if (vw_parquet_page_header(&thrift, page)) {
            *ret_size = (size_t)(thrift.at - at);
            return 0;
        }
        if (!thrift.failed || have >= rest || have >= HEADER_MAX)
            return vw_parquet_trouble(cursor->shared, "the header of a page is damaged");
        size = have <= rest / 4 ? have * 4 : (size_t)rest;
    }
}

/* Reads or passes over the page behind its header of `size` bytes. */
static int take_page(struct vw_parquet_cursor *cursor, const struct vw_parquet_page *page,
                     size_t size)
{
    bool is_data =
        page->type == VW_PARQUET_DATA_PAGE || page->type == VW_PARQUET_DATA_PAGE_V2;
    const unsigned char *at = NULL;
    size_t have = 0;
    int error;

    if (is_data && page->values > cursor->unread)
        return vw_parquet_trouble(cursor->shared, "it has more values than rows");
    if (is_data && page->values <= cursor->skip) {
        cursor->skip -= page->values;
        cursor->unread -= page->values;
        return 0;
    }
    if (!is_data && page->type != VW_PARQUET_DICTIONARY_PAGE)
        return 0;
    error = look(cursor, size + (size_t)page->packed, &at, &have);
    if (error)
        return error;
    if (page->has_checksum && vw_crc32(at + size, (size_t)page->packed) != page->checksum)
        return vw_parquet_trouble(cursor->shared, "the checksum of a page is wrong");
    return is_data ? vw_parquet_cursor_data(cursor, page, at + size)
                   : vw_parquet_cursor_dictionary(cursor, page, at + size);
}

static int next_page(struct vw_parquet_cursor *cursor)
{
    struct vw_parquet_page page = {0};
    size_t size = 0;
    int error;

    if (rest_of(cursor) == 0)
        return vw_parquet_trouble(cursor->shared, "it ends before its rows do");
    error = read_header(cursor, &page, &size);
    if (error)
        return error;
    if (page.packed > rest_of(cursor) - size)
        return vw_parquet_trouble(cursor->shared, "a page is larger than the column");
    if (page.size > VW_PARQUET_PAGE_MAX || page.packed > VW_PARQUET_PAGE_MAX)
        return vw_parquet_trouble(cursor->shared, "a page has more than 128 MB");
    error = take_page(cursor, &page, size);
    cursor->next += size + page.packed;
    return error;
}

int vw_parquet_cursor_ready(struct vw_parquet_cursor *cursor)
{
    struct vw_slice passed[VW_PARQUET_ROWS];
    int error = 0;

    while (!error && (cursor->left == 0 || cursor->skip > 0)) {
        uint64_t count = cursor->skip < cursor->left ? cursor->skip : cursor->left;
        if (cursor->left == 0) {
            error = next_page(cursor);
            continue;
        }
        if (count > VW_PARQUET_ROWS)
            count = VW_PARQUET_ROWS;
        error = vw_parquet_cursor_take(cursor, passed, 1, (size_t)count);
        cursor->skip -= count;
    }
    return error;
}

static int take_indices(struct vw_parquet_cursor *cursor, struct vw_slice *to,
                        size_t stride, size_t count)
{
    const struct vw_slice *entries = (const void *)cursor->entries.bytes;
    uint32_t indices[VW_PARQUET_ROWS], greatest = 0;
    size_t i;

    if (count > 0 && vw_parquet_runs_same(&cursor->runs, count, &greatest)) {
        if (greatest >= cursor->entry_count)
            return vw_parquet_trouble(cursor->shared, "a page is damaged");
        for (i = 0; i < count; i++)
            to[i * stride] = entries[greatest];
        return 0;
    }
    if (!vw_parquet_runs_take(&cursor->runs, indices, count))
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    for (i = 0; i < count; i++)
        greatest = indices[i] > greatest ? indices[i] : greatest;
    if (count > 0 && greatest >= cursor->entry_count)
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    for (i = 0; i < count; i++)
        to[i * stride] = entries[indices[i]];
    return 0;
}

static int take_booleans(struct vw_parquet_cursor *cursor, struct vw_slice *to,
                         size_t stride, size_t count)
{
    uint32_t values[VW_PARQUET_ROWS];
    size_t i;

    if (!vw_parquet_runs_take(&cursor->runs, values, count))
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    for (i = 0; i < count; i++)
        to[i * stride] = vw_slice_of(values[i] ? "true" : "false");
    return 0;
}

/* `count` values, none of them NULL. */
static int take_values(struct vw_parquet_cursor *cursor, struct vw_slice *to,
                       size_t stride, size_t count)
{
    int error;

    switch (cursor->form) {
    case VW_PARQUET_FORM_INDICES:
        return take_indices(cursor, to, stride, count);
    case VW_PARQUET_FORM_BOOLEANS:
        return take_booleans(cursor, to, stride, count);
    case VW_PARQUET_FORM_PLAIN:
        break;
    }
    error = vw_parquet_block_room(
        cursor->shared, &cursor->digits,
        vw_parquet_plain_digits(cursor->plain.type, VW_PARQUET_ROWS));
    if (error)
        return error;
    return vw_parquet_plain_take(&cursor->plain, to, stride, count,
                                 (char *)cursor->digits.bytes)
               ? 0
               : vw_parquet_trouble(cursor->shared, "a page is damaged");
}

/* Values to the rows that have one. */
static int take_with_nulls(struct vw_parquet_cursor *cursor, struct vw_slice *to,
                           size_t stride, size_t count)
{
    struct vw_slice values[VW_PARQUET_ROWS];
    uint32_t levels[VW_PARQUET_ROWS];
    size_t i, there = 0;
    int error;

    if (!vw_parquet_runs_take(&cursor->levels, levels, count))
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    for (i = 0; i < count; i++)
        there += levels[i];
    error = there <= count ? take_values(cursor, values, 1, there)
                           : vw_parquet_trouble(cursor->shared, "a page is damaged");
    if (error)
        return error;
    there = 0;
    for (i = 0; i < count; i++)
        to[i * stride] = levels[i] ? values[there++] : (struct vw_slice){NULL, 0};
    return 0;
}

int vw_parquet_cursor_take(struct vw_parquet_cursor *cursor, struct vw_slice *to,
                           size_t stride, size_t count)
{
    uint32_t level = 1;
    size_t i;

    cursor->left -= count;
    if (cursor->has_levels && !vw_parquet_runs_same(&cursor->levels, count, &level))
        return take_with_nulls(cursor, to, stride, count);
    if (level > 1)
        return vw_parquet_trouble(cursor->shared, "a page is damaged");
    if (level == 1)
        return take_values(cursor, to, stride, count);
    for (i = 0; i < count; i++)
        to[i * stride] = (struct vw_slice){NULL, 0};
    return 0;
}
