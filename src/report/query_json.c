/* The rows of a query as `aws logs get-query-results` prints them. */
#include <vpcwhy/error.h>
#include <vpcwhy/report.h>

#include "report/cell_text.h"
#include "report/json_parts.h"

static void put_field(struct vw_json *json, const char *name,
                      const struct vw_query_cell *cell, struct vw_cell_text *text)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "field", name);
    vw_write_string(json, "value", vw_cell_text(text, cell));
    vw_write_object_end(json);
}

/* A field without a value is left out, as it is there. */
static void put_row(struct vw_json *json, const struct vw_query_result *result,
                    size_t row, struct vw_cell_text *text)
{
    size_t j;

    vw_write_array_begin(json, NULL);
    for (j = 0; j < result->column_count; j++) {
        const struct vw_query_cell *cell = &result->cells[row * result->column_count + j];

        if (cell->data)
            put_field(json, result->columns[j], cell, text);
    }
    if (result->pointers)
        put_field(json, "@ptr", &result->pointers[row], text);
    vw_write_array_end(json);
}

int vw_report_query_json(const struct vw_query_result *result, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    struct vw_cell_text text = {0};
    bool failed;
    size_t i;
    int error;

    vw_write_object_begin(&json, NULL);
    vw_write_array_begin(&json, "results");
    for (i = 0; i < result->row_count; i++)
        put_row(&json, result, i, &text);
    vw_write_array_end(&json);
    vw_write_object_begin(&json, "statistics");
    vw_write_unsigned(&json, "recordsMatched", result->records_matched);
    vw_write_unsigned(&json, "recordsScanned", result->records_scanned);
    vw_write_unsigned(&json, "bytesScanned", result->bytes_scanned);
    vw_write_object_end(&json);
    vw_write_string(&json, "status", "Complete");
    vw_write_object_end(&json);
    failed = text.failed;
    vw_cell_text_free(&text);
    error = vw_write_finish(&json);
    return failed ? VW_ERROR_NO_MEMORY : error;
}
