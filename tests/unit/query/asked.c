/* Queries for tests; see asked.h. */
#include "query/asked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int asked_setup(void **state)
{
    struct asked *asked = calloc(1, sizeof *asked);

    assert_non_null(asked);
    temporary_open(&asked->temporary);
    asked->workers = 2;
    *state = asked;
    return 0;
}

int asked_teardown(void **state)
{
    struct asked *asked = *state;

    vw_query_free(asked->query);
    vw_diagnostics_free(asked->diagnostics);
    temporary_close(&asked->temporary);
    vw_arena_free(&asked->arena);
    free(asked);
    return 0;
}

static const char *first_message(const struct asked *asked)
{
    const struct vw_diagnostic *first;

    if (vw_diagnostics_count(asked->diagnostics) == 0)
        return "error: no message";
    first = vw_diagnostics_get(asked->diagnostics, 0);
    return first->line ? vw_arena_printf((struct vw_arena *)(uintptr_t)&asked->arena,
                                         "error: %d:%d: %s", (int)first->line,
                                         (int)first->column, first->message)
                       : vw_arena_printf((struct vw_arena *)(uintptr_t)&asked->arena,
                                         "error: %s", first->message);
}

static void add(struct asked *asked, char **text, const char *piece, size_t size)
{
    *text = vw_arena_printf(&asked->arena, "%s%.*s", *text, (int)size, piece);
    assert_non_null(*text);
}

static const char *written(struct asked *asked, const struct vw_query_result *result)
{
    char *text = vw_arena_string(&asked->arena, "");
    size_t i, j;

    for (j = 0; j < result->column_count; j++) {
        add(asked, &text, "|", j > 0);
        add(asked, &text, result->columns[j], strlen(result->columns[j]));
    }
    add(asked, &text, "\n", 1);
    for (i = 0; i < result->row_count; i++) {
        for (j = 0; j < result->column_count; j++) {
            const struct vw_query_cell *cell =
                &result->cells[i * result->column_count + j];

            add(asked, &text, "|", j > 0);
            add(asked, &text, cell->data ? cell->data : "~", cell->data ? cell->size : 1);
        }
        add(asked, &text, "\n", 1);
    }
    return text;
}

static void begin(struct asked *asked)
{
    vw_diagnostics_free(asked->diagnostics);
    asked->diagnostics = vw_diagnostics_create();
    if (!asked->query)
        asked->query = vw_query_create();
    assert_non_null(asked->diagnostics);
    assert_non_null(asked->query);
}

const char *asked(struct asked *asked, const char *query)
{
    const char *paths[] = {asked->temporary.folder};
    struct vw_query_options options = {.paths = paths,
                                       .path_count = 1,
                                       .since = VW_QUERY_ANY_TIME,
                                       .until = VW_QUERY_ANY_TIME,
                                       .now = INT64_C(1737122420) * 1000000000,
                                       .workers = asked->workers};
    struct vw_query_result *result = NULL;
    const char *text;

    begin(asked);
    if (vw_query_compile(asked->query, query, asked->diagnostics) ||
        vw_query_run(asked->query, &options, asked->diagnostics, &result)) {
        text = first_message(asked);
    } else {
        text = written(asked, result);
        vw_query_result_free(result);
    }
    vw_query_free(asked->query);
    asked->query = NULL;
    return text;
}

const char *asked_row(struct asked *asked_of, const char *query)
{
    const char *text = asked(asked_of, query), *row = strchr(text, '\n');
    char *copy;

    if (!row)
        return text;
    copy = vw_arena_string(&asked_of->arena, row + 1);
    if (*copy)
        copy[strlen(copy) - 1] = '\0';
    return copy;
}

const char *asked_value(struct asked *asked_of, const char *expression)
{
    return asked_row(asked_of, vw_arena_printf(&asked_of->arena,
                                               "fields %s as x | limit 1", expression));
}

bool asked_says(const struct asked *asked, const char *text)
{
    size_t i;

    for (i = 0; i < vw_diagnostics_count(asked->diagnostics); i++)
        if (strstr(vw_diagnostics_get(asked->diagnostics, i)->message, text))
            return true;
    return false;
}
