/* The line of a query that a diagnostic is about, with a caret below its column. */
#include <vpcwhy/report.h>

#include <string.h>

#include "report/escape.h"
#include "report/text_writer.h"

/* Where line `number` from 1 begins. */
static const char *line_start(const char *text, uint64_t number)
{
    while (number > 1) {
        const char *end = strchr(text, '\n');

        if (!end)
            return text;
        text = end + 1;
        number--;
    }
    return text;
}

/* Writes the line; returns where the code point `column` from 1 stands in it. */
static size_t put_line(struct vw_text *text, const char *line, uint64_t column)
{
    size_t caret = 0, width = 0, columns;
    uint64_t point = 1;

    while (*line && *line != '\n') {
        char shown[VW_ESCAPE_TEXT];
        size_t used;

        if (*line == '\t') {
            vw_text_put(text, " ");
            used = columns = 1;
        } else {
            used = vw_escape_next(line, shown, &columns);
            vw_text_put_part(text, line, used);
        }
        if (point++ < column)
            caret = width + columns;
        width += columns;
        line += used;
    }
    return point < column ? width : caret;
}

int vw_report_query_excerpt(const char *query, const struct vw_diagnostic *diagnostic,
                            struct vw_report_style style, FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    size_t caret;

    vw_text_put(&text, "    ");
    caret = put_line(&text, line_start(query, diagnostic->line), diagnostic->column);
    vw_text_line(&text);
    vw_text_pad(&text, 4 + caret);
    vw_text_painted(&text, VW_PAINT_BAD, "^");
    vw_text_line(&text);
    return vw_text_finish(&text);
}
