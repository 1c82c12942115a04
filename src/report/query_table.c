/* The rows of a query in aligned columns. */
#include <vpcwhy/error.h>
#include <vpcwhy/report.h>

#include "base/memory.h"
#include "report/cell_text.h"
#include "report/text_writer.h"

/* A wider cell pushes the line out, and no column. */
#define COLUMN_MAX 60
#define GAP 2

static size_t width_of(const struct vw_query_cell *cell, struct vw_cell_text *text)
{
    return vw_text_width(vw_cell_text(text, cell));
}

static int measure(const struct vw_query_result *result, size_t *widths, bool *numeric,
                   struct vw_cell_text *text)
{
    size_t columns = result->column_count, i, j;

    for (j = 0; j < columns; j++) {
        bool any = false;

        widths[j] = vw_text_width(result->columns[j]);
        numeric[j] = true;
        for (i = 0; i < result->row_count; i++) {
            const struct vw_query_cell *cell = &result->cells[i * columns + j];
            size_t width = width_of(cell, text);

            if (width > widths[j] && width <= COLUMN_MAX)
                widths[j] = width;
            if (cell->data && !cell->is_number)
                numeric[j] = false;
            any = any || cell->data;
        }
        numeric[j] = numeric[j] && any;
    }
    return text->failed ? VW_ERROR_NO_MEMORY : 0;
}

/* Numbers stand to the right. */
static void put_cell(struct vw_text *text, const char *string, size_t start, size_t width,
                     bool right)
{
    size_t own = vw_text_width(string);

    vw_text_pad(text, right && own < width ? start + width - own : start);
    vw_text_put(text, string);
}

static void put_header(struct vw_text *text, const struct vw_query_result *result,
                       const size_t *widths, const bool *numeric)
{
    size_t start = 0, j;

    for (j = 0; j < result->column_count; j++) {
        size_t own = vw_text_width(result->columns[j]);

        vw_text_pad(text, numeric[j] ? start + widths[j] - own : start);
        vw_text_painted(text, VW_PAINT_BOLD, result->columns[j]);
        start += widths[j] + GAP;
    }
    vw_text_line(text);
}

static void put_rows(struct vw_text *text, const struct vw_query_result *result,
                     const size_t *widths, const bool *numeric, struct vw_cell_text *cell)
{
    size_t i, j;

    for (i = 0; i < result->row_count; i++) {
        size_t start = 0;

        for (j = 0; j < result->column_count; j++) {
            const char *string =
                vw_cell_text(cell, &result->cells[i * result->column_count + j]);

            if (j && text->column + GAP > start && *string) {
                vw_text_put(text, "  "); /* the one before was too wide */
                vw_text_put(text, string);
            } else if (*string) {
                put_cell(text, string, start, widths[j], numeric[j]);
            }
            start += widths[j] + GAP;
        }
        vw_text_line(text);
    }
}

int vw_report_query_table(const struct vw_query_result *result,
                          struct vw_report_style style, FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    struct vw_cell_text cell = {0};
    size_t *widths = vw_calloc(result->column_count + 1, sizeof *widths);
    bool *numeric = vw_calloc(result->column_count + 1, sizeof *numeric);
    int error =
        widths && numeric ? measure(result, widths, numeric, &cell) : VW_ERROR_NO_MEMORY;

    if (!error && result->row_count) {
        put_header(&text, result, widths, numeric);
        put_rows(&text, result, widths, numeric, &cell);
    }
    vw_free(widths);
    vw_free(numeric);
    vw_cell_text_free(&cell);
    return error ? error : vw_text_finish(&text);
}
