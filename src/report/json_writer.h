/*
 * Writes JSON (RFC 8259) as it is told, two blanks a level, nothing kept. Commas and line
 * ends are its own business; every value takes the key it stands under, NULL within an
 * array and at the top. Failure of the stream is met once, by vw_write_finish.
 */
#ifndef VW_REPORT_JSON_WRITER_H
#define VW_REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Deeper values are not written, and vw_write_finish tells. */
#define VW_JSON_DEPTH_MAX 32

struct vw_json {
    FILE *out;
    unsigned depth;
    bool filled[VW_JSON_DEPTH_MAX]; /* whether anything stands at that depth yet */
    bool too_deep;
};

struct vw_json vw_write_begin(FILE *out);

void vw_write_object_begin(struct vw_json *json, const char *key);
void vw_write_object_end(struct vw_json *json);
void vw_write_array_begin(struct vw_json *json, const char *key);
void vw_write_array_end(struct vw_json *json);

/* NULL is written as null; what is not UTF-8 as U+FFFD. */
void vw_write_string(struct vw_json *json, const char *key, const char *text);
void vw_write_integer(struct vw_json *json, const char *key, int64_t value);
void vw_write_unsigned(struct vw_json *json, const char *key, uint64_t value);
void vw_write_boolean(struct vw_json *json, const char *key, bool value);
void vw_write_null(struct vw_json *json, const char *key);

/* A number given as text; a string where it is not the JSON text of an integer. */
void vw_write_number(struct vw_json *json, const char *key, const char *text);

/* "[22, 80]", in one line. */
void vw_write_pair(struct vw_json *json, const char *key, unsigned first, unsigned last);

/* The closing newline. 0, VW_ERROR_OUTPUT or, where depths did not match,
 * VW_ERROR_INTERNAL. */
int vw_write_finish(struct vw_json *json);

#endif
