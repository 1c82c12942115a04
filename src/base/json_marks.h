/* The bytes of a JSON text that say how it is built, found 16 at a time. */
#ifndef VW_BASE_JSON_MARKS_H
#define VW_BASE_JSON_MARKS_H

#include <stddef.h>

/* From `at`, outside strings: where the next of `"`, `,`, `[`, `]`, `{`, `}` stands, or
 * `size`. */
size_t vw_json_mark(const char *text, size_t at, size_t size);

/* From `at`, inside a string: where the next `"` or `\` stands, or `size`. */
size_t vw_json_string_mark(const char *text, size_t at, size_t size);

#endif
