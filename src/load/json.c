/*
 * JSON by jansson; see json.h. The bytes on their way to jansson pass by `scan`, which
 * knows brackets from strings: it stops at the named maximums before jansson has allotted
 * anything for what lies beyond them.
 */
#include "load/json.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include <vpcwhy/world.h>

#include "base/input.h"
#include "base/memory.h"

enum {
    PIECE = 8192,
    /* jansson needs some 40 bytes for the smallest value, whatever it takes in the file. */
    VALUES_MAX = 1 << 26,
    DOCUMENTS_MAX = 1 << 18
};

enum stop { STOP_NONE, STOP_DEPTH, STOP_SIZE, STOP_VALUES, STOP_INPUT, STOP_MEMORY };

struct vw_json_reader {
    struct vw_input *input;
    struct vw_diagnostics *diagnostics;
    const char *path;
    json_t *document;
    bool is_surely_json;
    unsigned documents;
    /* The bytes at hand. */
    unsigned char buffer[PIECE];
    size_t next, end;
    bool at_end;
    int error; /* of vw_input_read */
    /* What `scan` knows of the bytes handed on. */
    uint64_t handed;
    uint64_t line;       /* of the next byte, from 1 */
    uint64_t line_start; /* offset of that line's first byte */
    uint64_t string_start;
    uint64_t longest; /* string of this document */
    size_t values;    /* of this document */
    unsigned depth;
    bool in_string, after_backslash;
    enum stop stop;
};

static void complain(const struct vw_json_reader *reader, const char *code, uint64_t line,
                     uint64_t column, const char *message)
{
    vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, code,
                (struct vw_place){.file = reader->path, .line = line, .column = column},
                "%s", message);
}

static int fill(struct vw_json_reader *reader)
{
    size_t got = 0;
    int error;

    if (reader->next < reader->end || reader->at_end)
        return 0;
    error = vw_input_read(reader->input, reader->buffer, sizeof reader->buffer, &got);
    if (error) {
        reader->error = error;
        reader->stop = STOP_INPUT;
        return error;
    }
    reader->next = 0;
    reader->end = got;
    reader->at_end = got == 0;
    return 0;
}

/* Whether bytes up to this one may go on. */
static bool scan_structure(struct vw_json_reader *reader, unsigned char byte,
                           uint64_t offset)
{
    if (byte == '{' || byte == '[') {
        if (++reader->depth > VW_EXPORT_DEPTH_MAX)
            reader->stop = STOP_DEPTH;
    } else if (byte == '}' || byte == ']') {
        if (reader->depth > 0)
            reader->depth--;
    } else if (byte == ',') {
        if (++reader->values > VALUES_MAX)
            reader->stop = STOP_VALUES;
    } else if (byte == '"') {
        reader->in_string = true;
        reader->string_start = offset;
    }
    return reader->stop == STOP_NONE;
}

/* Ends a string. jansson's buffer grows with the longest token so far, and where it
 * cannot, bytes are lost without a word: the bytes handed on end behind such a string,
 * so that `hand_on` sees ENOMEM before jansson clears errno for the next number. */
static bool end_string(struct vw_json_reader *reader, uint64_t offset)
{
    uint64_t size = offset - reader->string_start;

    reader->in_string = false;
    if (size <= reader->longest)
        return false;
    reader->longest = size;
    return true;
}

/* How many bytes from the start mean nothing to `scan`: nearly all of a file. */
static size_t plain_run(const unsigned char *bytes, size_t size, bool in_string)
{
    static const bool marks[2][256] = {
        {['\n'] = 1, ['"'] = 1, [','] = 1, ['['] = 1, [']'] = 1, ['{'] = 1, ['}'] = 1},
        {['\n'] = 1, ['"'] = 1, ['\\'] = 1}};
    size_t run = 0;

    while (run < size && !marks[in_string][bytes[run]])
        run++;
    return run;
}

/* Looks at up to `size` bytes that are about to be handed on, and returns how many may
 * be; 0 at a maximum. */
static size_t scan(struct vw_json_reader *reader, const unsigned char *bytes, size_t size)
{
    uint64_t start = reader->handed;
    bool is_whole = false;
    size_t i;

    for (i = 0; i < size && !is_whole; i++) {
        if (!reader->after_backslash)
            i += plain_run(bytes + i, size - i, reader->in_string);
        if (i == size)
            break;

        unsigned char byte = bytes[i];
        if (byte == '\n') {
            reader->line++;
            reader->line_start = start + i + 1;
        }
        if (!reader->in_string) {
            if (!scan_structure(reader, byte, start + i)) {
                reader->handed = start + i;
                return 0;
            }
        } else if (reader->after_backslash) {
            reader->after_backslash = false;
        } else if (byte == '\\') {
            reader->after_backslash = true;
        } else if (byte == '"') {
            is_whole = end_string(reader, start + i);
        }
    }
    reader->handed = start + i;
    if (reader->handed > VW_EXPORT_FILE_MAX)
        reader->stop = STOP_SIZE;
    return reader->stop == STOP_NONE ? i : 0;
}

static size_t hand_on(void *buffer, size_t size, void *data)
{
    struct vw_json_reader *reader = data;
    int before = errno;
    size_t piece;

    if (before == ENOMEM)
        reader->stop = STOP_MEMORY;
    if (reader->stop != STOP_NONE || fill(reader))
        return (size_t)-1;
    errno = before;
    piece = reader->end - reader->next;
    if (piece > size)
        piece = size;
    if (piece > 0)
        piece = scan(reader, reader->buffer + reader->next, piece);
    if (reader->stop != STOP_NONE)
        return (size_t)-1;
    memcpy(buffer, reader->buffer + reader->next, piece);
    reader->next += piece;
    return piece;
}

/* The bytes behind a document, handed on but not used, are the next one's. They all
 * stand in the buffer: jansson asks for more only when it has used up what it has. */
static void take_back(struct vw_json_reader *reader, size_t size)
{
    uint64_t line = reader->line;
    size_t i;

    for (i = 0; i < size; i++) {
        reader->next--;
        reader->handed--;
        if (reader->buffer[reader->next] == '\n')
            reader->line--;
    }
    if (reader->line != line) {
        for (i = reader->next; i > 0 && reader->buffer[i - 1] != '\n'; i--)
            ;
        reader->line_start = reader->handed - (reader->next - i);
    }
    reader->depth = 0;
    reader->in_string = false;
    reader->after_backslash = false;
    reader->longest = 0;
    reader->values = 0;
}

static int skip_blanks(struct vw_json_reader *reader)
{
    for (;;) {
        int error = fill(reader);

        if (error || reader->at_end)
            return error;
        for (; reader->next < reader->end; reader->next++, reader->handed++) {
            unsigned char byte = reader->buffer[reader->next];

            if (byte == '\n') {
                reader->line++;
                reader->line_start = reader->handed + 1;
            } else if (byte != ' ' && byte != '\t' && byte != '\r') {
                return 0;
            }
        }
        if (reader->handed > VW_EXPORT_FILE_MAX) {
            reader->stop = STOP_SIZE;
            return VW_ERROR_INPUT;
        }
    }
}

static bool starts_with(const struct vw_json_reader *reader, const char *bytes,
                        size_t size)
{
    return reader->end - reader->next >= size &&
           memcmp(reader->buffer + reader->next, bytes, size) == 0;
}

/* Byte order marks, before the first document. */
static int check_encoding(struct vw_json_reader *reader)
{
    int error = fill(reader);

    if (error)
        return error;
    if (starts_with(reader, "\xEF\xBB\xBF", 3)) {
        reader->next += 3;
        reader->handed += 3;
        reader->line_start = 3;
    } else if (starts_with(reader, "\xFF\xFE", 2) || starts_with(reader, "\xFE\xFF", 2) ||
               starts_with(reader, "{\0", 2) || starts_with(reader, "\0{", 2)) {
        complain(reader, "not-utf-8", 0, 0,
                 "is UTF-16 text, expected UTF-8 (PowerShell: write it with "
                 "\"aws ... | Out-File -Encoding utf8 FILE\")");
        return VW_ERROR_INPUT;
    }
    return 0;
}

static int explain_stop(struct vw_json_reader *reader)
{
    uint64_t column = reader->handed - reader->line_start + 1;
    char text[160];

    if (reader->stop == STOP_DEPTH) {
        snprintf(text, sizeof text, "is nested deeper than %d lists and objects",
                 VW_EXPORT_DEPTH_MAX);
        complain(reader, "too-deep", reader->line, column, text);
    } else if (reader->stop == STOP_SIZE) {
        snprintf(text, sizeof text, "is larger than %zu bytes unpacked, the maximum",
                 VW_EXPORT_FILE_MAX);
        complain(reader, "too-large", 0, 0, text);
    } else if (reader->stop == STOP_VALUES) {
        snprintf(text, sizeof text, "holds more than %d values, the maximum", VALUES_MAX);
        complain(reader, "too-large", 0, 0, text);
    }
    if (reader->stop == STOP_MEMORY)
        return VW_ERROR_NO_MEMORY;
    return reader->stop == STOP_INPUT ? reader->error : VW_ERROR_INPUT;
}

static int explain_syntax(const struct vw_json_reader *reader, const json_error_t *error,
                          uint64_t line, uint64_t column)
{
    enum json_error_code code = json_error_code(error);
    uint64_t at = error->column > 0 ? (uint64_t)error->column : 1;
    bool first_line = error->line <= 1;
    char text[JSON_ERROR_TEXT_LENGTH + 160];

    if (code == json_error_out_of_memory || errno == ENOMEM || !error->text[0])
        return VW_ERROR_NO_MEMORY;
    if (code == json_error_premature_end_of_input)
        snprintf(text, sizeof text, "is not whole JSON: the file is cut short (%s)",
                 error->text);
    else if (code == json_error_duplicate_key)
        snprintf(text, sizeof text, "holds a key twice in one object: %s", error->text);
    else
        snprintf(text, sizeof text,
                 "is not JSON: %s (expected what \"aws ... --output json\" prints)",
                 error->text);
    complain(reader, "not-json", line + (first_line ? 0 : (uint64_t)error->line - 1),
             first_line ? column + at - 1 : at, text);
    return VW_ERROR_INPUT;
}

static int parse(struct vw_json_reader *reader)
{
    uint64_t line = reader->line;
    uint64_t start = reader->handed;
    uint64_t column = start - reader->line_start + 1;
    json_error_t error;

    memset(&error, 0, sizeof error);
    errno = 0;
    reader->document = json_load_callback(
        hand_on, reader, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
    if (reader->stop != STOP_NONE)
        return explain_stop(reader);
    if (!reader->document)
        return explain_syntax(reader, &error, line, column);
    if (errno == ENOMEM)
        return VW_ERROR_NO_MEMORY;
    take_back(reader, (size_t)(reader->handed - start - (uint64_t)error.position));
    return 0;
}

/* Before a document: 1 when there is one, 0 at the end. */
static int find_document(struct vw_json_reader *reader)
{
    int error = reader->handed == 0 ? check_encoding(reader) : 0;

    if (!error)
        error = skip_blanks(reader);
    if (error)
        return reader->stop == STOP_NONE ? error : explain_stop(reader);
    if (!reader->at_end &&
        (reader->documents > 0 || reader->is_surely_json ||
         reader->buffer[reader->next] == '{' || reader->buffer[reader->next] == '['))
        return 1;
    if (reader->at_end && reader->documents > 0)
        return 0;
    if (reader->at_end)
        complain(reader, "empty-file", 0, 0,
                 "is empty (expected what \"aws ... --output json\" prints)");
    else
        vw_diagnose(reader->diagnostics, VW_SEVERITY_NOTE, "passed-over",
                    (struct vw_place){.file = reader->path},
                    "passed over: it is no JSON");
    return VW_ERROR_INPUT;
}

/* A plain file that is too large is known to be before a byte of it was read. */
static bool is_too_large(const char *path)
{
    struct stat status;

    return strcmp(path, "-") != 0 && stat(path, &status) == 0 &&
           S_ISREG(status.st_mode) && (uint64_t)status.st_size > VW_EXPORT_FILE_MAX;
}

int vw_json_open(const char *path, bool is_surely_json,
                 struct vw_diagnostics *diagnostics, struct vw_json_reader **ret_reader)
{
    struct vw_json_reader *reader = vw_calloc(1, sizeof *reader);
    int error;

    if (!reader)
        return VW_ERROR_NO_MEMORY;
    reader->path = path;
    reader->diagnostics = diagnostics;
    reader->is_surely_json = is_surely_json;
    reader->line = 1;
    if (is_too_large(path)) {
        reader->stop = STOP_SIZE;
        error = explain_stop(reader);
    } else {
        error = vw_input_open(path, diagnostics, &reader->input);
    }
    if (error) {
        vw_json_close(reader);
        return error;
    }
    vw_input_hash(reader->input);
    *ret_reader = reader;
    return 0;
}

int vw_json_next(struct vw_json_reader *reader, struct vw_json *ret_document)
{
    int status;

    json_decref(reader->document);
    reader->document = NULL;
    status = find_document(reader);
    if (status <= 0)
        return status;
    if (reader->documents == DOCUMENTS_MAX) {
        complain(reader, "too-large", 0, 0,
                 "holds more than 262144 documents, the maximum");
        return VW_ERROR_INPUT;
    }
    status = parse(reader);
    if (status)
        return status;
    reader->documents++;
    *ret_document = (struct vw_json){reader->document, NULL, NULL, 0};
    return 1;
}

void vw_json_digest(struct vw_json_reader *reader, char ret_text[VW_SHA256_TEXT])
{
    vw_input_digest(reader->input, ret_text);
}

void vw_json_close(struct vw_json_reader *reader)
{
    if (!reader)
        return;
    json_decref(reader->document);
    vw_input_close(reader->input);
    vw_free(reader);
}

/* ---- values ---- */

enum vw_json_type vw_json_type(const struct vw_json *json)
{
    if (!json->value)
        return VW_JSON_ABSENT;
    switch (json_typeof(json->value)) {
    case JSON_OBJECT:
        return VW_JSON_OBJECT;
    case JSON_ARRAY:
        return VW_JSON_LIST;
    case JSON_STRING:
        return VW_JSON_STRING;
    case JSON_INTEGER:
        return VW_JSON_INTEGER;
    case JSON_REAL:
        return VW_JSON_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return VW_JSON_BOOLEAN;
    case JSON_NULL:
        return VW_JSON_ABSENT;
    }
    return VW_JSON_ABSENT;
}

struct vw_json vw_json_member(const struct vw_json *object, const char *key)
{
    return (struct vw_json){json_object_get(object->value, key), object, key, 0};
}

bool vw_json_each(const struct vw_json *object, void **iterator, struct vw_json *ret)
{
    *iterator = *iterator ? json_object_iter_next(object->value, *iterator)
                          : json_object_iter(object->value);
    if (!*iterator)
        return false;
    *ret = (struct vw_json){json_object_iter_value(*iterator), object,
                            json_object_iter_key(*iterator), 0};
    return true;
}

size_t vw_json_count(const struct vw_json *json)
{
    return json_is_object(json->value) ? json_object_size(json->value)
                                       : json_array_size(json->value);
}

struct vw_json vw_json_element(const struct vw_json *list, size_t index)
{
    return (struct vw_json){json_array_get(list->value, index), list, NULL, index};
}

const char *vw_json_string(const struct vw_json *json)
{
    return json_string_value(json->value);
}

int64_t vw_json_integer(const struct vw_json *json)
{
    return json_integer_value(json->value);
}

double vw_json_real(const struct vw_json *json)
{
    return json_real_value(json->value);
}

bool vw_json_boolean(const struct vw_json *json)
{
    return json_is_true(json->value);
}
