/* Rows of the last phase as texts; see result.h. */
#include "query/result.h"

#include <stdio.h>

#include <vpcwhy/error.h>

#include "base/memory.h"

/* The result the caller sees, and what it points into. */
struct result {
    struct vw_query_result public; /* first */
    struct vw_arena arena;
};

static struct vw_query_cell print(const struct vw_value *value, struct vw_arena *arena)
{
    char buffer[VW_VALUE_TEXT_SIZE];
    struct vw_slice text = vw_value_print(value, buffer);
    struct vw_query_cell cell = {NULL, 0, false};
    struct vw_number number;

    if (value->kind == VW_VALUE_NULL)
        return cell;
    cell.data = vw_arena_copy(arena, text.data, text.size);
    cell.size = text.size;
    cell.is_number = value->kind != VW_VALUE_TIME && vw_value_number(value, &number);
    return cell;
}

static const char *path_of(const struct vw_feed *feed, uint32_t file)
{
    size_t i;

    for (i = 0; i < feed->layouts.count; i++)
        if (feed->layouts.items[i]->file == file)
            return feed->layouts.items[i]->path;
    return "";
}

static struct vw_query_cell point(const struct vw_feed *feed,
                                  const struct vw_moment *moment, struct vw_arena *arena)
{
    char *text = vw_arena_printf(arena, "%s:%llu", path_of(feed, moment->file),
                                 (unsigned long long)moment->line);

    return (struct vw_query_cell){text, text ? vw_slice_of(text).size : 0, false};
}

static int fill(struct result *result, const struct vw_plan *plan,
                const struct vw_runner *last, const struct vw_feed *feed)
{
    size_t columns = plan->columns.count, rows = last->rows.rows.count, i, j;
    struct vw_query_cell *cells =
        vw_arena_array(&result->arena, rows * columns, sizeof *cells);
    struct vw_query_cell *pointers =
        vw_arena_array(&result->arena, rows, sizeof *pointers);
    const char **names = vw_arena_array(&result->arena, columns, sizeof *names);

    if (!cells || !pointers || !names)
        return VW_ERROR_NO_MEMORY;
    for (j = 0; j < columns; j++) {
        const struct vw_column *column = &plan->columns.items[j];
        uint32_t place = 0;

        names[j] = vw_arena_copy(&result->arena, column->name.data, column->name.size);
        vw_order_kept(last->phase, column->slot, &place);
        for (i = 0; i < rows; i++)
            cells[i * columns + j] =
                print(&last->rows.rows.items[i]->values[place], &result->arena);
    }
    for (i = 0; plan->of_records && i < rows; i++)
        pointers[i] = point(feed, &last->rows.rows.items[i]->moment, &result->arena);
    result->public.columns = names;
    result->public.column_count = columns;
    result->public.cells = cells;
    result->public.row_count = rows;
    result->public.pointers = plan->of_records ? pointers : NULL;
    return result->arena.failed ? VW_ERROR_NO_MEMORY : 0;
}

int vw_result_make(const struct vw_plan *plan, const struct vw_runner *last,
                   const struct vw_feed *feed, struct vw_query_result **ret_result)
{
    struct result *result = vw_calloc(1, sizeof *result);
    int error;

    if (!result)
        return VW_ERROR_NO_MEMORY;
    error = fill(result, plan, last, feed);
    if (error) {
        vw_query_result_free(&result->public);
        return error;
    }
    if (last->phase->default_limit)
        result->public.left_out = last->rows.offered - last->rows.rows.count;
    *ret_result = &result->public;
    return 0;
}

void vw_query_result_free(struct vw_query_result *result)
{
    struct result *whole = (struct result *)(void *)result;

    if (!whole)
        return;
    vw_arena_free(&whole->arena);
    vw_free(whole);
}
