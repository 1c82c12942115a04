/* Columns and wrapping; see text_writer.h. */
#include "report/text_writer.h"

#include <inttypes.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "report/escape.h"

struct vw_text vw_text_begin(FILE *out, struct vw_report_style style)
{
    struct vw_text text = {.out = out, .colour = style.colour};

    return text;
}

/* How many bytes from the start are ASCII that a terminal may see as it stands: nearly all
 * there is. */
static size_t plain_run(const char *string, size_t size)
{
    size_t run = 0;

    while (run < size && string[run] >= ' ' && string[run] <= '~')
        run++;
    return run;
}

/* The width of the first `size` bytes of `string`. */
static size_t text_width(const char *string, size_t size)
{
    char buffer[VW_ESCAPE_TEXT];
    size_t width = 0, offset = 0, columns = 0, used;

    while (offset < size) {
        used = plain_run(string + offset, size - offset);
        offset += used;
        width += used;
        if (offset == size)
            break;
        used = vw_escape_next(string + offset, buffer, &columns);
        if (!used)
            break;
        offset += used;
        width += columns;
    }
    return width;
}

size_t vw_text_width(const char *string)
{
    return string ? text_width(string, strlen(string)) : 0;
}

void vw_text_put_part(struct vw_text *text, const char *string, size_t size)
{
    char buffer[VW_ESCAPE_TEXT];
    size_t offset = 0, columns = 0, used;

    while (offset < size) {
        used = plain_run(string + offset, size - offset);
        fwrite(string + offset, 1, used, text->out);
        offset += used;
        text->column += used;
        if (offset == size)
            break;
        used = vw_escape_next(string + offset, buffer, &columns);
        if (!used)
            break;
        fputs(buffer, text->out);
        offset += used;
        text->column += columns;
    }
}

void vw_text_put(struct vw_text *text, const char *string)
{
    if (string)
        vw_text_put_part(text, string, strlen(string));
}

void vw_text_number(struct vw_text *text, uint64_t number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%" PRIu64, number);
    vw_text_put(text, digits);
}

static const char *paint_code(enum vw_paint paint)
{
    switch (paint) {
    case VW_PAINT_GOOD:
        return "\033[32m";
    case VW_PAINT_BAD:
        return "\033[1;31m";
    case VW_PAINT_UNSURE:
        return "\033[33m";
    case VW_PAINT_FAINT:
        return "\033[2m";
    case VW_PAINT_BOLD:
        return "\033[1m";
    }
    return "";
}

void vw_text_painted(struct vw_text *text, enum vw_paint paint, const char *string)
{
    if (text->colour)
        fputs(paint_code(paint), text->out);
    vw_text_put(text, string);
    if (text->colour)
        fputs("\033[0m", text->out);
}

void vw_text_line(struct vw_text *text)
{
    putc('\n', text->out);
    text->column = 0;
}

void vw_text_pad(struct vw_text *text, size_t column)
{
    for (; text->column < column; text->column++)
        putc(' ', text->out);
}

void vw_text_wrap(struct vw_text *text, size_t indent, const char *string)
{
    bool first = true;

    vw_text_pad(text, indent);
    while (string && *string) {
        size_t size = strcspn(string, " ");

        if (!first && text->column + 1 + text_width(string, size) > VW_TEXT_COLUMNS) {
            vw_text_line(text);
            vw_text_pad(text, indent);
        } else if (!first) {
            vw_text_put(text, " ");
        }
        vw_text_put_part(text, string, size);
        string += size;
        string += strspn(string, " ");
        first = false;
    }
    vw_text_line(text);
}

void vw_text_heading(struct vw_text *text, const char *heading)
{
    vw_text_line(text);
    vw_text_painted(text, VW_PAINT_BOLD, heading);
}

int vw_text_finish(struct vw_text *text)
{
    return ferror(text->out) ? VW_ERROR_OUTPUT : 0;
}
