/*
 * Text for people: columns, wrapped sentences, colour that only adds. Whatever is written
 * passes the escaping of escape.h; lines end by vw_text_line alone.
 */
#ifndef VW_REPORT_TEXT_WRITER_H
#define VW_REPORT_TEXT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <vpcwhy/report.h>

/* Sentences are wrapped here. */
#define VW_TEXT_COLUMNS 100

enum vw_paint {
    VW_PAINT_GOOD,
    VW_PAINT_BAD,
    VW_PAINT_UNSURE,
    VW_PAINT_FAINT,
    VW_PAINT_BOLD
};

struct vw_text {
    FILE *out;
    bool colour;
    size_t column; /* where the next character stands, from 0 */
};

struct vw_text vw_text_begin(FILE *out, struct vw_report_style style);

/* How wide `string` will stand. NULL is as wide as "". */
size_t vw_text_width(const char *string);

/* NULL writes nothing. */
void vw_text_put(struct vw_text *text, const char *string);
void vw_text_put_part(struct vw_text *text, const char *string, size_t size);
void vw_text_number(struct vw_text *text, uint64_t number);
void vw_text_painted(struct vw_text *text, enum vw_paint paint, const char *string);
void vw_text_line(struct vw_text *text);

/* Blanks up to `column`; none where the line is there already. */
void vw_text_pad(struct vw_text *text, size_t column);

/* `string` from `indent` on, broken between words, every line of it at `indent`. The line
 * so far must not reach beyond. Ends the line. */
void vw_text_wrap(struct vw_text *text, size_t indent, const char *string);

/* An empty line and a heading. Does not end the line. */
void vw_text_heading(struct vw_text *text, const char *heading);

/* 0 or VW_ERROR_OUTPUT. */
int vw_text_finish(struct vw_text *text);

#endif
