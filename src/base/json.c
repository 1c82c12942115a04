/* JSON by jansson; see json.h. */
#include "base/json.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include <vpcwhy/world.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/json_bytes.h"
#include "base/json_marks.h"

struct vw_json_reader {
    struct vw_json_bytes bytes;
    struct vw_diagnostics *diagnostics;
    const char *path;
    json_t *document;
    bool is_surely_json;
    unsigned documents;
};

static void complain(const struct vw_json_reader *reader, const char *code, uint64_t line,
                     uint64_t column, const char *message)
{
    vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, code,
                (struct vw_place){.file = reader->path, .line = line, .column = column},
                "%s", message);
}

static size_t hand_on(void *buffer, size_t size, void *data)
{
    struct vw_json_reader *reader = data;
    int before = errno;
    size_t piece;

    if (before == ENOMEM)
        reader->bytes.stop = VW_STOP_MEMORY;
    piece = vw_json_bytes_take(&reader->bytes, buffer, size);
    errno = before;
    return piece;
}

/* Byte order marks, before the first document. */
static int check_encoding(struct vw_json_reader *reader)
{
    int error = vw_json_bytes_fill(&reader->bytes);

    if (error)
        return error;
    if (vw_json_bytes_start(&reader->bytes, "\xEF\xBB\xBF", 3)) {
        reader->bytes.next += 3;
        reader->bytes.handed += 3;
        reader->bytes.line_start = 3;
    } else if (vw_json_bytes_start(&reader->bytes, "\xFF\xFE", 2) ||
               vw_json_bytes_start(&reader->bytes, "\xFE\xFF", 2) ||
               vw_json_bytes_start(&reader->bytes, "{\0", 2) ||
               vw_json_bytes_start(&reader->bytes, "\0{", 2)) {
        complain(reader, "not-utf-8", 0, 0,
                 "is UTF-16 text, expected UTF-8 (PowerShell: write it with "
                 "\"aws ... | Out-File -Encoding utf8 FILE\")");
        return VW_ERROR_INPUT;
    }
    return 0;
}

static int explain_stop(struct vw_json_reader *reader)
{
    uint64_t column = reader->bytes.handed - reader->bytes.line_start + 1;
    char text[160];

    if (reader->bytes.stop == VW_STOP_DEPTH) {
        snprintf(text, sizeof text, "is nested deeper than %d lists and objects",
                 VW_EXPORT_DEPTH_MAX);
        complain(reader, "too-deep", reader->bytes.line, column, text);
    } else if (reader->bytes.stop == VW_STOP_SIZE) {
        snprintf(text, sizeof text, "is larger than %zu bytes unpacked, the maximum",
                 VW_EXPORT_FILE_MAX);
        complain(reader, "too-large", 0, 0, text);
    } else if (reader->bytes.stop == VW_STOP_VALUES) {
        snprintf(text, sizeof text, "holds more than %d values, the maximum",
                 VW_JSON_VALUES_MAX);
        complain(reader, "too-large", 0, 0, text);
    }
    if (reader->bytes.stop == VW_STOP_MEMORY)
        return VW_ERROR_NO_MEMORY;
    return reader->bytes.stop == VW_STOP_INPUT ? reader->bytes.error : VW_ERROR_INPUT;
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
    uint64_t line = reader->bytes.line;
    uint64_t start = reader->bytes.handed;
    uint64_t column = start - reader->bytes.line_start + 1;
    json_error_t error;

    memset(&error, 0, sizeof error);
    errno = 0;
    reader->document = json_load_callback(
        hand_on, reader, JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
    if (reader->bytes.stop != VW_STOP_NONE)
        return explain_stop(reader);
    if (!reader->document)
        return explain_syntax(reader, &error, line, column);
    if (errno == ENOMEM)
        return VW_ERROR_NO_MEMORY;
    vw_json_bytes_take_back(&reader->bytes, (size_t)(reader->bytes.handed - start -
                                                     (uint64_t)error.position));
    return 0;
}

/* Before a document: 1 when there is one, 0 at the end. */
static int find_document(struct vw_json_reader *reader)
{
    int error = reader->bytes.handed == 0 ? check_encoding(reader) : 0;

    if (!error)
        error = vw_json_bytes_skip_blanks(&reader->bytes);
    if (error)
        return reader->bytes.stop == VW_STOP_NONE ? error : explain_stop(reader);
    if (!reader->bytes.at_end && (reader->documents > 0 || reader->is_surely_json ||
                                  reader->bytes.buffer[reader->bytes.next] == '{' ||
                                  reader->bytes.buffer[reader->bytes.next] == '['))
        return 1;
    if (reader->bytes.at_end && reader->documents > 0)
        return 0;
    if (reader->bytes.at_end)
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
    reader->bytes.line = 1;
    if (is_too_large(path)) {
        reader->bytes.stop = VW_STOP_SIZE;
        error = explain_stop(reader);
    } else {
        error = vw_input_open(path, diagnostics, &reader->bytes.input);
    }
    if (error) {
        vw_json_close(reader);
        return error;
    }
    vw_input_hash(reader->bytes.input);
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
    if (reader->documents == VW_JSON_DOCUMENTS_MAX) {
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

int vw_json_skip(struct vw_json_reader *reader, uint64_t offset, unsigned documents)
{
    int error = vw_json_bytes_skip_to(&reader->bytes, offset);

    reader->documents = documents;
    return error && reader->bytes.stop != VW_STOP_NONE ? explain_stop(reader) : error;
}

void vw_json_digest(struct vw_json_reader *reader, char ret_text[VW_SHA256_TEXT])
{
    vw_input_digest(reader->bytes.input, ret_text);
}

void vw_json_close(struct vw_json_reader *reader)
{
    if (!reader)
        return;
    json_decref(reader->document);
    vw_input_close(reader->bytes.input);
    vw_free(reader);
}

/* ---- texts in memory ---- */

/* A text on its way to jansson in pieces, for the reasons that json_bytes.c tells of: they
 * end where jansson's buffer, which doubles, may have to grow inside a string, and behind
 * such a string. */
struct hand {
    const char *text;
    size_t size, at;
    size_t stops[64];
    unsigned stop_count, next_stop;
    bool is_short_of_memory;
};

static void find_stops(struct hand *hand)
{
    const char *text = hand->text, *quote;
    size_t widest = 8, start, at = 0;

    while ((quote = memchr(text + at, '"', hand->size - at))) {
        start = (size_t)(quote - text);
        at = vw_json_string_mark(text, start + 1, hand->size);
        while (at + 1 < hand->size && text[at] == '\\')
            at = vw_json_string_mark(text, at + 2, hand->size);
        if (at + 1 >= hand->size)
            break;
        at++;
        if (at - start < widest)
            continue;
        for (; widest <= at - start; widest *= 2)
            if (start + widest < at)
                hand->stops[hand->stop_count++] = start + widest;
        hand->stops[hand->stop_count++] = at;
    }
}

static size_t hand_on_text(void *buffer, size_t size, void *data)
{
    struct hand *hand = data;
    size_t end =
        hand->next_stop < hand->stop_count ? hand->stops[hand->next_stop] : hand->size;

    if (errno == ENOMEM) {
        hand->is_short_of_memory = true;
        return (size_t)-1;
    }
    if (end - hand->at <= size) {
        size = end - hand->at;
        hand->next_stop++;
    }
    memcpy(buffer, hand->text + hand->at, size);
    hand->at += size;
    return size;
}

int vw_json_parse(const char *text, size_t size, struct vw_json *ret)
{
    struct hand hand = {.text = text, .size = size};
    json_error_t error;
    json_t *value;

    find_stops(&hand);
    memset(&error, 0, sizeof error);
    errno = 0;
    value = json_load_callback(hand_on_text, &hand, JSON_REJECT_DUPLICATES, &error);
    if (hand.is_short_of_memory || errno == ENOMEM ||
        (!value &&
         (json_error_code(&error) == json_error_out_of_memory || !error.text[0]))) {
        json_decref(value);
        return VW_ERROR_NO_MEMORY;
    }
    if (!value)
        return VW_ERROR_INPUT;
    *ret = (struct vw_json){value, NULL, NULL, 0};
    return 0;
}

void vw_json_release(const struct vw_json *json)
{
    json_decref(json->value);
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
    return (struct vw_json){json_array_get(list->value, index), list, NULL,
                            list->key ? list->index + index : index};
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
