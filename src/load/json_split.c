/* Cutting documents into pieces; see json_split.h. */
#include "load/json_split.h"

#include <string.h>

#include <vpcwhy/error.h>
#include <vpcwhy/world.h>

#include "base/array.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/json_bytes.h"
#include "base/json_marks.h"

enum {
    READ_SIZE = 16384,
    LIST_DEPTH = 2, /* of elements: an object, in it a list */
    KEY_MAX = 64
};

struct text VW_ARRAY(char);

struct vw_json_splitter {
    struct vw_input *input;
    struct vw_json_taker taker;
    size_t piece_size;
    /* Bytes of the file: [start, at) were looked at and belong to no text yet, [at, end)
     * are still to be looked at. */
    char *window;
    size_t capacity, start, at, end;
    bool at_end;
    uint64_t window_offset; /* of the window's first byte in the file */
    /* The document under way. */
    uint64_t document_offset;
    unsigned documents;
    struct text rest;      /* the document without what was cut */
    struct vw_arena names; /* the keys of what was cut */
    size_t values;
    unsigned depth;
    bool in_string;
    /* The list under way. */
    const char *key; /* NULL: none that may be cut */
    size_t index;    /* of the element under way */
    size_t first;    /* of the first one in the window */
    bool was_cut;
};

int vw_json_split_open(const char *path, size_t piece_size,
                       const struct vw_json_taker *taker,
                       struct vw_json_splitter **ret_splitter)
{
    struct vw_json_splitter *splitter = vw_calloc(1, sizeof *splitter);
    int error;

    if (!splitter)
        return VW_ERROR_NO_MEMORY;
    splitter->taker = *taker;
    splitter->piece_size = piece_size;
    error = vw_input_open(path, NULL, &splitter->input);
    if (error) {
        vw_json_split_close(splitter);
        return error;
    }
    *ret_splitter = splitter;
    return 0;
}

void vw_json_split_close(struct vw_json_splitter *splitter)
{
    if (!splitter)
        return;
    vw_input_close(splitter->input);
    vw_array_free(&splitter->rest);
    vw_arena_free(&splitter->names);
    vw_free(splitter->window);
    vw_free(splitter);
}

uint64_t vw_json_split_place(const struct vw_json_splitter *splitter,
                             unsigned *ret_documents)
{
    *ret_documents = splitter->documents;
    return splitter->document_offset;
}

static int append(struct text *text, const char *bytes, size_t size)
{
    if (size > text->capacity - text->count) {
        size_t capacity = (text->count + size) * 2;
        char *items = vw_realloc(text->items, capacity, 1);

        if (!items)
            return VW_ERROR_NO_MEMORY;
        text->items = items;
        text->capacity = capacity;
    }
    if (size > 0)
        memcpy(text->items + text->count, bytes, size);
    text->count += size;
    return 0;
}

/* [start, at) belongs to what is left of the document. */
static int keep(struct vw_json_splitter *splitter)
{
    size_t start = splitter->start;

    if (start == splitter->at)
        return 0;
    splitter->start = splitter->at;
    return append(&splitter->rest, splitter->window + start, splitter->at - start);
}

/* A new window that begins with the bytes from `tail` on; the old one is the caller's. */
static int leave_window(struct vw_json_splitter *splitter, size_t tail, char **ret_old)
{
    size_t left = splitter->end - tail;
    size_t capacity = left + splitter->piece_size + 2 * (size_t)READ_SIZE;
    char *window = vw_realloc(NULL, capacity, 1);

    if (!window)
        return VW_ERROR_NO_MEMORY;
    *ret_old = splitter->window;
    memcpy(window, splitter->window + tail, left);
    splitter->window = window;
    splitter->window_offset += tail;
    splitter->capacity = capacity;
    splitter->end = left;
    splitter->start = 0;
    return 0;
}

/* Gives away [start, stop) as a list; what follows begins at `tail`. */
static int give(struct vw_json_splitter *splitter, size_t stop, size_t tail)
{
    struct vw_json_piece piece = {
        .key = splitter->key, .first = splitter->first, .size = stop - splitter->start};
    size_t start = splitter->start;
    int error = leave_window(splitter, tail, &piece.text);

    if (error)
        return error;
    memmove(piece.text, piece.text + start, piece.size);
    piece.text[0] = '[';
    piece.text[piece.size - 1] = ']';
    return splitter->taker.take(splitter->taker.data, &piece);
}

/* At a comma between elements, which becomes the bracket that ends this piece and the one
 * that begins the next. */
static int cut(struct vw_json_splitter *splitter)
{
    int error;

    if (!splitter->was_cut && append(&splitter->rest, "[", 1))
        return VW_ERROR_NO_MEMORY;
    splitter->was_cut = true;
    error = give(splitter, splitter->at + 1, splitter->at);
    splitter->at = 1;
    splitter->first = splitter->index;
    return error;
}

/* The member whose list begins behind `rest`: its key, copied; NULL in *ret where what
 * stands there is nothing like a key. */
static int find_key(struct vw_json_splitter *splitter, const char **ret)
{
    const char *text = splitter->rest.items;
    size_t end = splitter->rest.count, start;
    bool has_colon = false;

    *ret = NULL;
    for (; end > 0 && strchr(" \t\r\n:", text[end - 1]) && text[end - 1]; end--)
        has_colon |= text[end - 1] == ':';
    if (!has_colon || end < 2 || text[end - 1] != '"')
        return 0;
    end--;
    for (start = end; start > 0 && end - start < KEY_MAX && text[start - 1] != '"';)
        if (text[--start] == '\\')
            return 0;
    if (start == 0 || text[start - 1] != '"')
        return 0;
    *ret = vw_arena_copy(&splitter->names, text + start, end - start);
    return *ret ? 0 : VW_ERROR_NO_MEMORY;
}

/* At the bracket that begins a member's list. */
static int begin_list(struct vw_json_splitter *splitter)
{
    const char *key;

    if (keep(splitter) || find_key(splitter, &key))
        return VW_ERROR_NO_MEMORY;
    if (key && splitter->taker.wants(splitter->taker.data, key))
        splitter->key = key;
    splitter->index = 0;
    splitter->first = 0;
    splitter->was_cut = false;
    return 0;
}

/* At the bracket that ends it. */
static int end_list(struct vw_json_splitter *splitter)
{
    int error = 0;

    if (splitter->was_cut) {
        if (append(&splitter->rest, "]", 1))
            return VW_ERROR_NO_MEMORY;
        error = give(splitter, splitter->at + 1, splitter->at + 1);
        splitter->at = 0;
    } else {
        splitter->at++;
    }
    splitter->key = NULL;
    return error;
}

/* At a mark outside strings. 1 at the end of the document, 0 to go on, or negative. */
static int pass_mark(struct vw_json_splitter *splitter)
{
    char byte = splitter->window[splitter->at];
    bool is_end;
    int error;

    if (byte == '"') {
        splitter->in_string = true;
    } else if (byte == ',') {
        if (++splitter->values > VW_JSON_VALUES_MAX)
            return VW_ERROR_INPUT;
        if (splitter->key && splitter->depth == LIST_DEPTH) {
            splitter->index++;
            if (splitter->at - splitter->start >= splitter->piece_size)
                return cut(splitter);
        }
    } else if (byte == '{' || byte == '[') {
        if (++splitter->depth > VW_EXPORT_DEPTH_MAX)
            return VW_ERROR_INPUT;
        error = byte == '[' && splitter->depth == LIST_DEPTH ? begin_list(splitter) : 0;
        if (error)
            return error;
    } else {
        is_end = --splitter->depth == 0;
        if (splitter->key && splitter->depth < LIST_DEPTH)
            return byte == ']' ? end_list(splitter) : VW_ERROR_INPUT;
        splitter->at++;
        return is_end;
    }
    splitter->at++;
    return 0;
}

/* Looks at the bytes at hand. As pass_mark. */
static int pass(struct vw_json_splitter *splitter)
{
    int status = 0;

    while (status == 0 && splitter->at < splitter->end) {
        if (!splitter->in_string) {
            splitter->at = vw_json_mark(splitter->window, splitter->at, splitter->end);
            if (splitter->at < splitter->end)
                status = pass_mark(splitter);
            continue;
        }
        splitter->at = vw_json_string_mark(splitter->window, splitter->at, splitter->end);
        if (splitter->at == splitter->end)
            break;
        if (splitter->window[splitter->at] == '"')
            splitter->in_string = false;
        else if (splitter->end - splitter->at < 2)
            break; /* what is escaped is still to be read */
        else
            splitter->at++;
        splitter->at++;
    }
    return status;
}

/* Room for one more read behind the bytes at hand. */
static int make_room(struct vw_json_splitter *splitter)
{
    size_t start = splitter->start;

    if (start > 0) {
        memmove(splitter->window, splitter->window + start, splitter->end - start);
        splitter->window_offset += start;
        splitter->end -= start;
        splitter->at -= start;
        splitter->start = 0;
    }
    if (splitter->capacity - splitter->end < READ_SIZE) {
        size_t capacity =
            splitter->capacity * 2 + splitter->piece_size + 2 * (size_t)READ_SIZE;
        char *window = vw_realloc(splitter->window, capacity, 1);

        if (!window)
            return VW_ERROR_NO_MEMORY;
        splitter->window = window;
        splitter->capacity = capacity;
    }
    return 0;
}

static int read_more(struct vw_json_splitter *splitter)
{
    size_t got = 0;
    int error = !splitter->key && keep(splitter) ? VW_ERROR_NO_MEMORY : 0;

    if (!error)
        error = make_room(splitter);
    if (!error)
        error = vw_input_read(splitter->input, splitter->window + splitter->end,
                              READ_SIZE, &got);
    if (error)
        return error;
    splitter->end += got;
    splitter->at_end = got == 0;
    return splitter->window_offset + splitter->end > VW_EXPORT_FILE_MAX ? VW_ERROR_INPUT
                                                                        : 0;
}

/* The byte order mark that PowerShell writes. */
static void pass_encoding(struct vw_json_splitter *splitter)
{
    if (splitter->window_offset + splitter->at == 0 && splitter->end >= 3 &&
        memcmp(splitter->window, "\xEF\xBB\xBF", 3) == 0)
        splitter->at = 3;
}

/* To the bracket that begins a document: 1, or 0 at the end. */
static int find_document(struct vw_json_splitter *splitter)
{
    for (;;) {
        int error;

        pass_encoding(splitter);
        while (splitter->at < splitter->end &&
               strchr(" \t\r\n", splitter->window[splitter->at]) &&
               splitter->window[splitter->at])
            splitter->at++;
        splitter->start = splitter->at;
        if (splitter->at < splitter->end)
            return splitter->window[splitter->at] == '{' ? 1 : VW_ERROR_INPUT;
        if (splitter->at_end)
            return splitter->documents > 0 ? 0 : VW_ERROR_INPUT;
        error = read_more(splitter);
        if (error)
            return error;
    }
}

static void start_document(struct vw_json_splitter *splitter)
{
    splitter->rest.count = 0;
    vw_arena_reset(&splitter->names);
    splitter->values = 0;
    splitter->depth = 0;
    splitter->in_string = false;
    splitter->key = NULL;
}

int vw_json_split_next(struct vw_json_splitter *splitter, const char **ret_text,
                       size_t *ret_size)
{
    int status;

    /* Where the document before ended: were the next one odd, its blanks are read too. */
    splitter->document_offset = splitter->window_offset + splitter->at;
    splitter->documents += splitter->rest.count > 0;
    start_document(splitter);
    status = find_document(splitter);
    if (status == 1 && splitter->documents == VW_JSON_DOCUMENTS_MAX)
        return VW_ERROR_INPUT;
    if (status <= 0)
        return status;
    while ((status = pass(splitter)) == 0) {
        status = splitter->at_end ? VW_ERROR_INPUT : read_more(splitter);
        if (status)
            return status;
    }
    if (status < 0)
        return status;
    if (keep(splitter))
        return VW_ERROR_NO_MEMORY;
    *ret_text = splitter->rest.items;
    *ret_size = splitter->rest.count;
    return 1;
}
