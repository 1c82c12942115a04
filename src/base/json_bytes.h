/*
 * The bytes of a file on their way to the parser. They are looked at as they pass: what
 * knows brackets from strings stops at the named maximums before the parser has allotted
 * anything for what lies beyond them, and counts lines.
 */
#ifndef VW_BASE_JSON_BYTES_H
#define VW_BASE_JSON_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/input.h"

/* The parser needs some 40 bytes for the smallest value, whatever it takes in the file. */
#define VW_JSON_VALUES_MAX (1 << 26)
#define VW_JSON_DOCUMENTS_MAX (1 << 18) /* of one file */

enum vw_json_stop {
    VW_STOP_NONE,
    VW_STOP_DEPTH,
    VW_STOP_SIZE,
    VW_STOP_VALUES,
    VW_STOP_INPUT,
    VW_STOP_MEMORY
};

struct vw_json_bytes {
    struct vw_input *input;
    /* The bytes at hand. */
    unsigned char buffer[8192];
    size_t next, end;
    bool at_end;
    int error; /* of vw_input_read */
    /* What is known of the bytes handed on. */
    uint64_t handed;
    uint64_t line;       /* of the next byte, from 1 */
    uint64_t line_start; /* offset of that line's first byte */
    uint64_t string_start;
    /* Of jansson's buffer, as the strings of this document made it; 0: as it begins. */
    uint64_t room;
    size_t values; /* of this document */
    unsigned depth;
    bool in_string, after_backslash;
    enum vw_json_stop stop;
};

/* Some bytes at hand, or `at_end`. */
int vw_json_bytes_fill(struct vw_json_bytes *bytes);

/* Whether the bytes at hand begin so. */
bool vw_json_bytes_start(const struct vw_json_bytes *bytes, const char *start,
                         size_t size);

/* Copies up to `size` bytes; 0 at the end, SIZE_MAX where `stop` says why not. The bytes
 * handed on end behind a string longer than all before it. */
size_t vw_json_bytes_take(struct vw_json_bytes *bytes, void *buffer, size_t size);

/* The last `size` bytes, handed on but not used, are the next document's. */
void vw_json_bytes_take_back(struct vw_json_bytes *bytes, size_t size);

/* To the next byte that is no blank, or to the end. */
int vw_json_bytes_skip_blanks(struct vw_json_bytes *bytes);

/* To the byte `offset` of the file, not looking at what stands before it. */
int vw_json_bytes_skip_to(struct vw_json_bytes *bytes, uint64_t offset);

#endif
