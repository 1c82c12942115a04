/*
 * The rows of a query as CSV (RFC 4180), as the console exports them. A spreadsheet takes a
 * field that begins with = + - @ for a formula: those that are no numbers get a ' in front.
 */
#include <vpcwhy/error.h>
#include <vpcwhy/report.h>

#include <string.h>

static bool needs_quotes(const char *data, size_t size)
{
    size_t i;

    for (i = 0; i < size; i++)
        if (data[i] == '"' || data[i] == ',' || data[i] == '\n' || data[i] == '\r')
            return true;
    return size > 0 && (data[0] == ' ' || data[size - 1] == ' ');
}

static void put_field(const char *data, size_t size, bool harmless, FILE *out)
{
    bool quotes = needs_quotes(data, size);
    size_t i;

    if (quotes)
        putc('"', out);
    if (!harmless && size > 1 && strchr("=+-@\t", data[0]) && data[0])
        putc('\'', out);
    for (i = 0; i < size; i++) {
        if (data[i] == '"')
            putc('"', out);
        putc(data[i], out);
    }
    if (quotes)
        putc('"', out);
}

int vw_report_query_csv(const struct vw_query_result *result, FILE *out)
{
    size_t i, j;

    for (j = 0; j < result->column_count; j++) {
        if (j)
            putc(',', out);
        put_field(result->columns[j], strlen(result->columns[j]), true, out);
    }
    putc('\n', out);
    for (i = 0; i < result->row_count; i++) {
        for (j = 0; j < result->column_count; j++) {
            const struct vw_query_cell *cell =
                &result->cells[i * result->column_count + j];

            if (j)
                putc(',', out);
            if (cell->data)
                put_field(cell->data, cell->size, cell->is_number, out);
        }
        putc('\n', out);
    }
    return ferror(out) ? VW_ERROR_OUTPUT : 0;
}
