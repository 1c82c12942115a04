/*
 * What AWS says (CWL_QuerySyntax-Lookup, -Cidrlookup): a lookup table is CSV with a header row;
 * lookup matches a field with a column, cidrlookup an address with the CIDRs of one.
 *
 * What we do: texts are compared as they are, and the first row counts; of several CIDRs
 * around an address the longest does.
 */
#include "query/lookup.h"

#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "base/input.h"
#include "base/memory.h"
#include "query/names.h"

static int fail(struct vw_diagnostics *diagnostics, const char *path, uint64_t line,
                const char *what)
{
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "lookup-table",
                (struct vw_place){path, NULL, line, 0}, "%s", what);
    return VW_ERROR_INPUT;
}

/* The whole of a file. */
static int read_all(const char *path, struct vw_diagnostics *diagnostics,
                    struct vw_arena *arena, struct vw_slice *ret)
{
    size_t room = (size_t)1 << 16, size = 0, taken = 1;
    char *data = vw_arena_text(arena, room);
    struct vw_input *input;
    int error = vw_input_open(path, diagnostics, &input);

    if (error)
        return error;
    while (!error && taken && data) {
        if (size == room) {
            char *larger = vw_arena_text(arena, room * 2);

            if (larger)
                memcpy(larger, data, size);
            data = larger;
            room *= 2;
        }
        if (data)
            error = vw_input_read(input, data + size, room - size, &taken);
        size += taken;
        if (!error && size > VW_LOOKUP_SIZE_MAX)
            error = fail(diagnostics, path, 0, "is larger than 64 MiB");
    }
    vw_input_close(input);
    if (!data)
        return VW_ERROR_NO_MEMORY;
    *ret = (struct vw_slice){data, size};
    return error;
}

/* One row; a blank line is none. */
static int read_row(struct vw_lookup *table, struct vw_slice *rest, uint64_t *line,
                    size_t *ret_count)
{
    const char *start = rest->data;
    struct vw_slice field;
    bool is_last = false;

    *ret_count = 0;
    while (!is_last && vw_csv_field(rest, &table->arena, &field, &is_last)) {
        if (is_last && *ret_count == 0 && field.size == 0)
            break;
        if (*ret_count == VW_LOOKUP_COLUMNS_MAX)
            return VW_ERROR_LIMIT;
        if (vw_array_push(&table->cells, field))
            return VW_ERROR_NO_MEMORY;
        ++*ret_count;
    }
    for (; start < rest->data; start++)
        *line += *start == '\n';
    return 0;
}

static int read_rows(struct vw_lookup *table, const char *path, struct vw_slice rest,
                     struct vw_diagnostics *diagnostics)
{
    uint64_t line = 1;
    int error = 0;

    if (vw_slice_starts(rest, "\xEF\xBB\xBF"))
        rest = (struct vw_slice){rest.data + 3, rest.size - 3};
    while (rest.size && !error) {
        uint64_t at = line;
        size_t count;

        error = read_row(table, &rest, &line, &count);
        if (error == VW_ERROR_LIMIT)
            return fail(diagnostics, path, at, "has more than 256 columns");
        if (error || count == 0)
            continue;
        if (table->columns == 0)
            table->columns = count;
        else if (count != table->columns)
            return fail(diagnostics, path, at,
                        "this row has another number of fields than the header row");
        else
            table->rows++;
    }
    if (!error && table->columns == 0)
        return fail(diagnostics, path, 0,
                    "is empty; expected CSV whose first row names the columns");
    return error ? error : table->arena.failed ? VW_ERROR_NO_MEMORY : 0;
}

int vw_lookup_read(const char *name, const char *path, struct vw_diagnostics *diagnostics,
                   struct vw_lookup **ret_table)
{
    struct vw_lookup *table = vw_calloc(1, sizeof *table);
    struct vw_slice text;
    char *copy;
    int error;

    if (!table)
        return VW_ERROR_NO_MEMORY;
    error = read_all(path, diagnostics, &table->arena, &text);
    copy = vw_arena_string(&table->arena, name);
    if (!error && !copy)
        error = VW_ERROR_NO_MEMORY;
    if (!error)
        error = read_rows(table, path, text, diagnostics);
    if (error) {
        vw_lookup_free(table);
        return error;
    }
    table->name = vw_slice_of(copy);
    *ret_table = table;
    return 0;
}

void vw_lookup_free(struct vw_lookup *table)
{
    if (!table)
        return;
    vw_array_free(&table->cells);
    vw_arena_free(&table->arena);
    vw_free(table);
}

struct vw_slice vw_lookup_cell(const struct vw_lookup *table, size_t row, size_t column)
{
    return table->cells.items[(row + 1) * table->columns + column];
}

bool vw_lookup_column(const struct vw_lookup *table, struct vw_slice name, size_t *ret)
{
    size_t i;

    for (i = 0; i < table->columns; i++) {
        if (vw_name_same(table->cells.items[i], name)) {
            *ret = i;
            return true;
        }
    }
    return false;
}

static bool is_prefix(struct vw_slice text, struct vw_prefix *ret)
{
    return vw_prefix_parse(text.data, text.size, ret, NULL);
}

bool vw_lookup_cidr_column(const struct vw_lookup *table, size_t *ret)
{
    struct vw_prefix prefix;
    size_t row, column;

    for (row = 0; row < table->rows; row++) {
        for (column = 0; column < table->columns; column++) {
            if (is_prefix(vw_lookup_cell(table, row, column), &prefix)) {
                *ret = column;
                return true;
            }
        }
    }
    return false;
}

/* ---- indexes: rows sorted by text, or by family, length (long ones first) and address ---- */

struct index_entry {
    struct vw_slice text;
    struct vw_prefix prefix;
    size_t row;
};

struct vw_lookup_index {
    struct index_entry *entries;
    size_t count, unusable;
    bool cidrs;
};

static int by_text(const void *a, const void *b)
{
    const struct index_entry *x = a, *y = b;
    size_t size = x->text.size < y->text.size ? x->text.size : y->text.size;
    int order = size ? memcmp(x->text.data, y->text.data, size) : 0;

    if (order)
        return order;
    if (x->text.size != y->text.size)
        return x->text.size < y->text.size ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_prefix(const void *a, const void *b)
{
    const struct index_entry *x = a, *y = b;
    int order;

    if (x->prefix.address.family != y->prefix.address.family)
        return x->prefix.address.family < y->prefix.address.family ? -1 : 1;
    if (x->prefix.length != y->prefix.length)
        return x->prefix.length > y->prefix.length ? -1 : 1;
    order = vw_address_compare(x->prefix.address, y->prefix.address);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

struct vw_lookup_index *vw_lookup_index_create(const struct vw_lookup *table,
                                               size_t column, bool cidrs)
{
    struct vw_lookup_index *index = vw_calloc(1, sizeof *index);
    size_t row;

    if (!index)
        return NULL;
    index->cidrs = cidrs;
    index->entries = vw_calloc(table->rows + 1, sizeof *index->entries);
    if (!index->entries) {
        vw_free(index);
        return NULL;
    }
    for (row = 0; row < table->rows; row++) {
        struct index_entry *entry = &index->entries[index->count];

        entry->text = vw_lookup_cell(table, row, column);
        entry->row = row;
        if (!cidrs || is_prefix(entry->text, &entry->prefix))
            index->count++;
        else
            index->unusable++;
    }
    if (index->count)
        qsort(index->entries, index->count, sizeof *index->entries,
              cidrs ? by_prefix : by_text);
    return index;
}

void vw_lookup_index_free(struct vw_lookup_index *index)
{
    if (index)
        vw_free(index->entries);
    vw_free(index);
}

size_t vw_lookup_index_unusable(const struct vw_lookup_index *index)
{
    return index->unusable;
}

/* The first entry that does not stand before `wanted`, whose row is 0. */
static size_t lower_bound(const struct vw_lookup_index *index,
                          const struct index_entry *wanted)
{
    size_t low = 0, high = index->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = index->cidrs ? by_prefix(&index->entries[middle], wanted)
                                 : by_text(&index->entries[middle], wanted);

        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool find_cidr(const struct vw_lookup_index *index, struct vw_address address,
                      size_t *ret_row)
{
    struct index_entry wanted = {.prefix = {address, vw_family_bits(address.family)}};
    size_t at = lower_bound(index, &wanted);

    while (at < index->count) {
        const struct index_entry *entry = &index->entries[at];

        if (entry->prefix.address.family != address.family)
            return false;
        if (vw_prefix_contains(entry->prefix, address)) {
            *ret_row = entry->row;
            return true;
        }
        if (wanted.prefix.length > entry->prefix.length) {
            /* The next shorter length that occurs. */
            wanted.prefix = vw_prefix_of(address, entry->prefix.length);
        } else if (wanted.prefix.length == 0) {
            return false;
        } else {
            wanted.prefix = vw_prefix_of(address, wanted.prefix.length - 1);
        }
        at = lower_bound(index, &wanted);
    }
    return false;
}

bool vw_lookup_find(const struct vw_lookup_index *index, struct vw_slice text,
                    size_t *ret_row)
{
    struct index_entry wanted = {.text = text};
    struct vw_address address;
    size_t at;

    if (index->cidrs)
        return vw_address_parse(text.data, text.size, &address) &&
               find_cidr(index, address, ret_row);
    at = lower_bound(index, &wanted);
    if (at == index->count || index->entries[at].text.size != text.size ||
        (text.size && memcmp(index->entries[at].text.data, text.data, text.size) != 0))
        return false;
    *ret_row = index->entries[at].row;
    return true;
}
