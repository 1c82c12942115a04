/* Flows in order; see flow_rows.h. */
#include "evidence/flow_rows.h"

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "base/radix.h"
#include "evidence/flow_direction.h"

enum { PAGE_ROWS = 16 };

/* Its rows, or NULL as long as none was asked for. */
struct vw_flow_page {
    _Atomic(struct vw_observation *) rows;
};

static void forget_pages(struct vw_flow_rows *rows)
{
    size_t i;

    for (i = 0; i < rows->page_count; i++)
        vw_free(atomic_load(&rows->pages[i].rows));
    vw_free(rows->pages);
    vw_free(rows->refs);
    rows->pages = NULL;
    rows->refs = NULL;
    rows->page_count = rows->count = 0;
}

void vw_flow_rows_free(struct vw_flow_rows *rows)
{
    forget_pages(rows);
    if (rows->table)
        vw_flow_table_free(rows->table);
    vw_free(rows->table);
    vw_array_free(&rows->files);
}

struct vw_flow_table *vw_flow_rows_table(struct vw_flow_rows *rows)
{
    if (!rows->table) {
        rows->table = vw_calloc(1, sizeof *rows->table);
        if (rows->table)
            vw_flow_table_init(rows->table, 0);
    }
    return rows->table;
}

/* By witness, and by ref where that is the same: they come in the order of refs. */
static int sort_refs(const struct vw_flow_table *table, uint32_t *refs, size_t count)
{
    struct vw_radix_item *items = vw_calloc(count, sizeof *items);
    struct vw_radix_item *room = vw_calloc(count, sizeof *room);
    int error = items && room ? 0 : VW_ERROR_NO_MEMORY;
    size_t i;

    for (i = 0; !error && i < count; i++)
        items[i] =
            (struct vw_radix_item){vw_flow_table_row(table, refs[i])->witness, refs[i]};
    if (!error)
        vw_radix_sort(items, count, 0, sizeof items->key, room);
    for (i = 0; !error && i < count; i++)
        refs[i] = (uint32_t)items[i].value;
    vw_free(items);
    vw_free(room);
    return error;
}

int vw_flow_rows_finish(struct vw_flow_rows *rows)
{
    size_t count = rows->table ? vw_flow_table_count(rows->table) : 0;
    int error;

    forget_pages(rows);
    if (count == 0)
        return 0;
    rows->refs = vw_calloc(count, sizeof *rows->refs);
    rows->page_count = (count + PAGE_ROWS - 1) / PAGE_ROWS;
    rows->pages = vw_calloc(rows->page_count, sizeof *rows->pages);
    if (!rows->refs || !rows->pages) {
        rows->page_count = 0;
        return VW_ERROR_NO_MEMORY;
    }
    vw_flow_table_refs(rows->table, rows->refs);
    error = vw_flow_directions_decide(rows->table, rows->refs, count);
    if (!error)
        error = sort_refs(rows->table, rows->refs, count);
    if (!error)
        rows->count = count;
    return error;
}

void vw_flow_rows_prefetch(const struct vw_flow_rows *rows, size_t index)
{
    const char *row = (const char *)vw_flow_table_row(rows->table, rows->refs[index]);

    __builtin_prefetch(row);
    __builtin_prefetch(row + sizeof(struct vw_flow_row) - 1);
}

void vw_flow_rows_copy(const struct vw_flow_rows *rows, size_t index,
                       struct vw_observation *ret)
{
    const struct vw_flow_row *row = vw_flow_table_row(rows->table, rows->refs[index]);
    size_t file = (size_t)(row->witness >> VW_FLOW_LINE_BITS);

    vw_flow_table_observe(rows->table, rows->refs[index], ret);
    ret->file = file < rows->files.count ? rows->files.items[file] : NULL;
}

const struct vw_observation *vw_flow_rows_get(struct vw_flow_rows *rows, size_t index)
{
    struct vw_flow_page *page = &rows->pages[index / PAGE_ROWS];
    struct vw_observation *items = atomic_load(&page->rows), *none = NULL;
    size_t first = index / PAGE_ROWS * PAGE_ROWS, i;

    if (items)
        return &items[index - first];
    items = vw_calloc(PAGE_ROWS, sizeof *items);
    if (!items) {
        atomic_store(&rows->failed, true);
        return &rows->nothing;
    }
    for (i = 0; i < PAGE_ROWS && first + i < rows->count; i++)
        vw_flow_rows_copy(rows, first + i, &items[i]);
    if (!atomic_compare_exchange_strong(&page->rows, &none, items)) {
        vw_free(items);
        items = none; /* another thread was first */
    }
    return &items[index - first];
}
