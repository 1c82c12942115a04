/* Cutting a stream of JSON documents; see json_cut.h. */
#include "logs/json_cut.h"

#include <string.h>

#include "base/memory.h"

/* What a bare message becomes the member of. */
#define MESSAGE "{\"message\":"

/* Room for `size` more bytes. */
static int reserve(struct vw_log_bytes *bytes, size_t size)
{
    size_t capacity = bytes->capacity + bytes->capacity / 2 + size;
    char *items;

    if (bytes->capacity - bytes->count >= size)
        return 0;
    items = vw_realloc(bytes->items, capacity, 1);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    bytes->items = items;
    bytes->capacity = capacity;
    return 0;
}

static int append(struct vw_log_bytes *bytes, const char *data, size_t size)
{
    if (reserve(bytes, size))
        return VW_ERROR_NO_MEMORY;
    memcpy(bytes->items + bytes->count, data, size);
    bytes->count += size;
    return 0;
}

/* There is room for all bytes that were handed in. */
static void push(struct vw_log_cutter *cutter, char c)
{
    cutter->text.items[cutter->text.count++] = c;
}

void vw_log_cutter_start(struct vw_log_cutter *cutter, size_t most)
{
    *cutter = (struct vw_log_cutter){.most = most, .line = 1, .last = '\n', .mark = '\n'};
}

void vw_log_cutter_free(struct vw_log_cutter *cutter)
{
    vw_array_free(&cutter->text);
}

void vw_log_run_clear(struct vw_log_run *run)
{
    run->text.count = 0;
    run->documents.count = 0;
}

void vw_log_run_free(struct vw_log_run *run)
{
    vw_array_free(&run->text);
    vw_array_free(&run->documents);
}

/* ---- handing on ---- */

static int add_damage(struct vw_log_cutter *cutter, struct vw_log_run *run,
                      const char *damage)
{
    return vw_array_push(&run->documents,
                         ((struct vw_log_document){.offset = run->text.count,
                                                   .line = cutter->line,
                                                   .damage = damage}));
}

/* The first `size` bytes of the text and what closes the brackets that are open there. */
static int add_document(struct vw_log_cutter *cutter, struct vw_log_run *run, size_t size,
                        const char *closing)
{
    size_t offset = run->text.count;
    int error = append(&run->text, cutter->text.items, size);

    if (!error)
        error = append(&run->text, closing, strlen(closing));
    if (error)
        return error;
    return vw_array_push(&run->documents,
                         ((struct vw_log_document){.offset = offset,
                                                   .size = run->text.count - offset,
                                                   .line = cutter->start_line}));
}

static void drop(struct vw_log_cutter *cutter, size_t start, size_t end)
{
    memmove(cutter->text.items + start, cutter->text.items + end,
            cutter->text.count - end);
    cutter->text.count -= end - start;
}

/* What was handed on goes out of the lists: first out of the open one, then out of those
 * before it. */
static void drop_elements(struct vw_log_cutter *cutter)
{
    if (cutter->comma > 0)
        drop(cutter, cutter->list_start, cutter->comma + 1);
    cutter->comma = 0;
    while (cutter->list_count > 0) {
        const struct vw_log_span *list = &cutter->lists[--cutter->list_count];

        drop(cutter, list->start, list->end);
        cutter->list_start -= list->end - list->start;
    }
}

/* Hands on the whole elements of a document that is large. */
static int cut_elements(struct vw_log_cutter *cutter, struct vw_log_run *run)
{
    int error = add_document(cutter, run, cutter->comma, "]}");

    if (!error)
        drop_elements(cutter);
    return error;
}

static void forget_document(struct vw_log_cutter *cutter)
{
    cutter->text.count = 0;
    cutter->depth = 0;
    cutter->in_string = cutter->after_backslash = cutter->is_scalar = false;
    cutter->list_count = 0;
    cutter->comma = cutter->list_start = 0;
}

/* Strings or brackets do not fit. */
static int lose(struct vw_log_cutter *cutter, struct vw_log_run *run, const char *damage)
{
    int error = 0;

    if (cutter->comma > 0)
        error = cut_elements(cutter, run);
    else if (cutter->list_count > 0)
        error =
            add_document(cutter, run, cutter->lists[cutter->list_count - 1].end, "]}");
    if (!error)
        error = add_damage(cutter, run, damage);
    forget_document(cutter);
    cutter->is_lost = cutter->is_salvaging = true;
    return error;
}

/* ---- one byte after the other ---- */

/* A string in a list is a message of which nothing else is said. */
static void begin_document(struct vw_log_cutter *cutter, char c)
{
    const char *at;

    cutter->start_line = cutter->line;
    cutter->is_lost = false;
    if (c == '"') {
        cutter->in_string = cutter->is_scalar = true;
        for (at = MESSAGE; *at; at++)
            push(cutter, *at);
    } else {
        cutter->open[cutter->depth++] = c;
    }
    push(cutter, c);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Behind damage: an object that begins a line or follows another is a document again; one
 * behind a comma may be an element of a list, which is as good if it is an event. */
static void look_for_document(struct vw_log_cutter *cutter, char c)
{
    if (c != '{')
        return;
    if (cutter->last == '\n' || cutter->last == '}')
        cutter->is_salvaging = false;
    if (!cutter->is_salvaging || cutter->mark == '\n' || cutter->mark == ',')
        begin_document(cutter, c);
}

/* Between documents. */
static int take_outside(struct vw_log_cutter *cutter, struct vw_log_run *run, char c)
{
    if (cutter->is_lost || (cutter->is_salvaging && c != '{')) {
        look_for_document(cutter, c);
        return 0;
    }
    if (is_blank(c) || c == ',')
        return 0;
    if (c == '{' || (cutter->in_list && (c == '[' || c == '"'))) {
        begin_document(cutter, c);
        return 0;
    }
    if (c == '[' || (c == ']' && cutter->in_list)) {
        cutter->in_list = c == '[';
        return 0;
    }
    return lose(cutter, run, "expected a JSON object");
}

static int end_document(struct vw_log_cutter *cutter, struct vw_log_run *run)
{
    const char *closing = cutter->is_scalar ? "}" : "";
    int error = add_document(cutter, run, cutter->text.count, closing);

    forget_document(cutter);
    return error;
}

static int take_string(struct vw_log_cutter *cutter, struct vw_log_run *run, char c)
{
    push(cutter, c);
    if (cutter->after_backslash)
        cutter->after_backslash = false;
    else if (c == '\\')
        cutter->after_backslash = true;
    else if (c == '"')
        cutter->in_string = false;
    if ((unsigned char)c < ' ')
        return lose(cutter, run, "a string of the JSON document does not end");
    if (!cutter->in_string && cutter->is_scalar)
        return end_document(cutter, run);
    return 0;
}

static void open_bracket(struct vw_log_cutter *cutter, char c)
{
    if (c == '[' && cutter->depth == 1 && cutter->open[0] == '{') {
        cutter->list_start = cutter->text.count;
        cutter->comma = 0;
    }
    cutter->open[cutter->depth++] = c;
}

/* The end of a list that is a member of the document. */
static int close_list(struct vw_log_cutter *cutter, struct vw_log_run *run)
{
    int error = 0;

    cutter->comma = 0;
    cutter->lists[cutter->list_count++] =
        (struct vw_log_span){cutter->list_start, cutter->text.count - 1};
    if (cutter->list_count < VW_LOG_JSON_LISTS_MAX && cutter->text.count < cutter->most)
        return 0;
    error = add_document(cutter, run, cutter->text.count, "}");
    if (!error)
        drop_elements(cutter);
    return error;
}

static int close_bracket(struct vw_log_cutter *cutter, struct vw_log_run *run, char c)
{
    char wanted = cutter->open[--cutter->depth] == '{' ? '}' : ']';

    if (c != wanted)
        return lose(cutter, run, "the brackets of the JSON document do not fit");
    if (cutter->depth == 0)
        return end_document(cutter, run);
    if (c == ']' && cutter->depth == 1 && cutter->open[0] == '{')
        return close_list(cutter, run);
    return 0;
}

static int take_comma(struct vw_log_cutter *cutter, struct vw_log_run *run)
{
    if (cutter->depth != 2 || cutter->open[0] != '{' || cutter->open[1] != '[')
        return 0;
    cutter->comma = cutter->text.count - 1;
    if (cutter->text.count < cutter->most)
        return 0;
    if (cutter->list_start > VW_LOG_JSON_HEAD_MAX)
        return lose(cutter, run,
                    "more than 64 KiB stand before the list of the document");
    return cut_elements(cutter, run);
}

static int take_inside(struct vw_log_cutter *cutter, struct vw_log_run *run, char c)
{
    push(cutter, c);
    switch (c) {
    case '"':
        cutter->in_string = true;
        return 0;
    case '{':
    case '[':
        if (cutter->depth == VW_LOG_JSON_DEPTH_MAX)
            return lose(cutter, run, "the JSON document is nested deeper than 64");
        open_bracket(cutter, c);
        return 0;
    case '}':
    case ']':
        return close_bracket(cutter, run, c);
    case ',':
        return take_comma(cutter, run);
    default:
        if ((unsigned char)c < ' ' && !is_blank(c))
            return lose(cutter, run, "a control character stands in the JSON document");
        return 0;
    }
}

static int take_byte(struct vw_log_cutter *cutter, struct vw_log_run *run, char c)
{
    int error;

    if (cutter->in_string)
        error = take_string(cutter, run, c);
    else if (cutter->depth > 0)
        error = take_inside(cutter, run, c);
    else
        error = take_outside(cutter, run, c);
    if (!error && cutter->text.count > VW_LOG_JSON_ELEMENT_MAX)
        error = lose(cutter, run, "an element of the JSON document is larger than 8 MiB");
    cutter->line += c == '\n';
    cutter->last = c;
    if (c == '\n' || !is_blank(c))
        cutter->mark = c;
    return error;
}

int vw_log_cutter_take(struct vw_log_cutter *cutter, struct vw_slice data,
                       struct vw_log_run *run, size_t *ret_taken)
{
    int error = reserve(&cutter->text, data.size + sizeof MESSAGE);
    size_t i;

    for (i = 0; !error && i < data.size && run->text.count < cutter->most; i++) {
        const char *start = data.data + i;
        size_t plain = 0;

        /* Most bytes stand in strings. */
        if (cutter->in_string && !cutter->after_backslash)
            while (plain < data.size - i && start[plain] != '"' && start[plain] != '\\' &&
                   (unsigned char)start[plain] >= ' ')
                plain++;
        if (plain > 1) {
            memcpy(cutter->text.items + cutter->text.count, start, plain - 1);
            cutter->text.count += plain - 1;
            i += plain - 1;
        }
        error = take_byte(cutter, run, data.data[i]);
    }
    *ret_taken = i;
    return error;
}

int vw_log_cutter_end(struct vw_log_cutter *cutter, struct vw_log_run *run)
{
    if (cutter->depth == 0 && !cutter->in_string)
        return 0;
    return lose(cutter, run, "the file ends inside a JSON document");
}
