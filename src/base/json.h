/*
 * Reading JSON: documents of a file one after the other, and values that know where they
 * stand. A value is a struct on the caller's stack that points at the one it was taken
 * from, so a JSON pointer costs nothing until somebody wants its text.
 */
#ifndef VW_BASE_JSON_H
#define VW_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diagnostic.h"
#include "base/sha256.h"

struct json_t; /* the library's */
struct vw_json_reader;

enum vw_json_type {
    VW_JSON_ABSENT, /* not there, or null */
    VW_JSON_BOOLEAN,
    VW_JSON_INTEGER,
    VW_JSON_REAL,
    VW_JSON_STRING,
    VW_JSON_LIST,
    VW_JSON_OBJECT
};

struct vw_json {
    struct json_t *value;         /* NULL: absent */
    const struct vw_json *parent; /* NULL for a whole document */
    const char *key;              /* in an object, else NULL */
    size_t index;                 /* in a list; of a list that is a piece of the member
                                   * `key`: where in the whole it begins */
};

/*
 * Opens a file (see base/input.h). `is_surely_json` false: the file was met in a folder,
 * and one that is plainly something else is passed over with a note.
 */
int vw_json_open(const char *path, bool is_surely_json,
                 struct vw_diagnostics *diagnostics, struct vw_json_reader **ret_reader);

/* The next document, valid until the next call: 1 with one, 0 at the end, negative on
 * failure. What is no JSON is a diagnostic and VW_ERROR_INPUT. */
int vw_json_next(struct vw_json_reader *reader, struct vw_json *ret_document);

/* Right after opening: the next document is that behind the byte `offset`, before which
 * stand so many. */
int vw_json_skip(struct vw_json_reader *reader, uint64_t offset, unsigned documents);

/* The SHA-256 of the file, once it was read; "" for standard input. */
void vw_json_digest(struct vw_json_reader *reader, char ret_text[VW_SHA256_TEXT]);

/* Accepts NULL. */
void vw_json_close(struct vw_json_reader *reader);

/* The value that is the whole of a text. VW_ERROR_INPUT, of which nothing is said, or
 * VW_ERROR_NO_MEMORY. Threads may parse at the same time. */
int vw_json_parse(const char *text, size_t size, struct vw_json *ret);
void vw_json_release(const struct vw_json *json);

enum vw_json_type vw_json_type(const struct vw_json *json);

/* Member `key` of an object; absent where there is none or `object` is no object. The
 * result points at `object`. */
struct vw_json vw_json_member(const struct vw_json *object, const char *key);

/* Members one after the other, null ones too: start with *iterator NULL. False at the
 * end. */
bool vw_json_each(const struct vw_json *object, void **iterator, struct vw_json *ret);

/* Elements of a list, members of an object; 0 for anything else. */
size_t vw_json_count(const struct vw_json *json);
struct vw_json vw_json_element(const struct vw_json *list, size_t index);

/* Only for a value of that type. */
const char *vw_json_string(const struct vw_json *json);
int64_t vw_json_integer(const struct vw_json *json);
double vw_json_real(const struct vw_json *json);
bool vw_json_boolean(const struct vw_json *json);

/* The JSON pointer of `json` (RFC 6901), "" for a document. NULL: out of memory. */
const char *vw_json_pointer(const struct vw_json *json, struct vw_arena *arena);

#endif
