/* A query from its text to its result: the public interface over the layers below. */
#include <vpcwhy/query.h>

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "query/names.h"
#include "query/query.h"
#include "query/lookup.h"

struct vw_query *vw_query_create(void)
{
    return vw_calloc(1, sizeof(struct vw_query));
}

void vw_query_free(struct vw_query *query)
{
    size_t i;

    if (!query)
        return;
    vw_plan_free(&query->plan);
    vw_syntax_free(&query->syntax);
    for (i = 0; i < query->tables.count; i++)
        vw_lookup_free(query->tables.items[i]);
    vw_array_free(&query->tables);
    vw_arena_free(&query->arena);
    vw_free(query);
}

static int add_table(struct vw_query *query, struct vw_lookup *table)
{
    if (!vw_array_push(&query->tables, table))
        return 0;
    vw_lookup_free(table);
    return VW_ERROR_NO_MEMORY;
}

int vw_query_add_table(struct vw_query *query, const char *name, const char *path,
                       struct vw_diagnostics *diagnostics)
{
    struct vw_lookup *table = NULL;
    int error = vw_lookup_read(name, path, diagnostics, &table);

    return error ? error : add_table(query, table);
}

int vw_query_add_rows(struct vw_query *query, const char *name, const char *const *cells,
                      size_t rows, size_t columns)
{
    struct vw_lookup *table = vw_calloc(1, sizeof *table);
    char *copy = table ? vw_arena_string(&table->arena, name) : NULL;
    size_t i;
    int error = copy ? 0 : VW_ERROR_NO_MEMORY;

    for (i = 0; i < rows * columns && !error; i++) {
        char *text = vw_arena_string(&table->arena, cells[i] ? cells[i] : "");

        if (!text || vw_array_push(&table->cells, vw_slice_of(text)))
            error = VW_ERROR_NO_MEMORY;
    }
    if (error) {
        vw_lookup_free(table);
        return error;
    }
    table->name = vw_slice_of(copy);
    table->columns = columns;
    table->rows = rows ? rows - 1 : 0;
    return add_table(query, table);
}

int vw_query_compile(struct vw_query *query, const char *text,
                     struct vw_diagnostics *diagnostics)
{
    char *copy = vw_arena_string(&query->arena, text);
    int error;

    if (!copy)
        return VW_ERROR_NO_MEMORY;
    error = vw_syntax_parse(vw_slice_of(copy), diagnostics, &query->syntax);
    if (!error)
        error = vw_plan_make(&query->syntax, &query->tables, diagnostics, &query->plan);
    query->is_compiled = !error;
    return error;
}
