/* Layouts: which columns the records of a file have, and who says so. */
#include "base/memory.h"
#include "logs/reader.h"
#include "logs/words.h"

#include <string.h>

struct vw_log_names {
    size_t count;
    const char **names;
    enum vw_flow_field *fields;
    struct vw_log_names *next;
};

static bool is_same(const char *const *a, const struct vw_slice *b, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (!vw_slice_is(b[i], a[i]))
            return false;
    return true;
}

static int make_names(struct vw_log_scan *scan, const struct vw_slice *names,
                      size_t count, struct vw_log_names **ret)
{
    struct vw_log_names *made = vw_arena_alloc(&scan->arena, sizeof *made);
    size_t i;

    if (!made)
        return VW_ERROR_NO_MEMORY;
    made->count = count;
    made->names = vw_arena_array(&scan->arena, count, sizeof *made->names);
    made->fields = vw_arena_array(&scan->arena, count, sizeof *made->fields);
    if (!made->names || !made->fields)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        made->names[i] = vw_arena_copy(&scan->arena, names[i].data, names[i].size);
        made->fields[i] = vw_flow_field_find(names[i]);
        if (!made->names[i])
            return VW_ERROR_NO_MEMORY;
    }
    made->next = scan->names;
    scan->names = made;
    *ret = made;
    return 0;
}

/* Most files have the same header line. */
static int share_names(struct vw_log_scan *scan, const struct vw_slice *names,
                       size_t count, struct vw_log_names **ret)
{
    struct vw_log_names *known;

    for (known = scan->names; known; known = known->next) {
        if (known->count == count && is_same(known->names, names, count)) {
            *ret = known;
            return 0;
        }
    }
    return make_names(scan, names, count, ret);
}

static bool is_gateway(const struct vw_log_names *names)
{
    size_t i;

    for (i = 0; i < names->count; i++)
        if (names->fields[i] >= VW_FLOW_FIELD_RESOURCE_TYPE &&
            names->fields[i] < VW_FLOW_FIELD_COUNT)
            return true;
    return false;
}

static int make_columns(struct vw_log_source *source, const struct vw_slice *names,
                        size_t count, enum vw_log_authority authority,
                        struct vw_log_columns **ret)
{
    struct vw_log_scan *scan = source->scan;
    struct vw_log_columns *columns = vw_arena_alloc(&scan->arena, sizeof *columns);
    bool *wanted = vw_arena_array(&scan->arena, count, sizeof *wanted);
    uint32_t *wanted_at = vw_arena_array(&scan->arena, count, sizeof *wanted_at), i;
    struct vw_log_names *shared = NULL;
    int error = share_names(scan, names, count, &shared);

    if (error || !columns || !wanted || !wanted_at)
        return VW_ERROR_NO_MEMORY;
    *columns = (struct vw_log_columns){
        .layout = {source->file, scan->layouts++, count, shared->names, shared->fields,
                   is_gateway(shared)},
        .authority = authority,
        .wanted = wanted,
        .wanted_at = wanted_at,
        .path_stream = source->path_stream,
        .next = source->all_columns,
    };
    error = scan->sink->begin(scan->sink->context, &columns->layout, wanted);
    if (error)
        return error;
    for (i = 0; i < count; i++)
        if (wanted[i])
            wanted_at[columns->wanted_count++] = i;
    source->all_columns = columns;
    source->columns_count++;
    *ret = columns;
    return 0;
}

int vw_log_columns_get(struct vw_log_source *source, const struct vw_slice *names,
                       size_t count, enum vw_log_authority authority,
                       struct vw_log_columns **ret, bool *ret_is_new)
{
    struct vw_log_columns *known;
    bool is_full = false;
    int error = 0;

    pthread_mutex_lock(&source->scan->layout_lock);
    for (known = source->all_columns; known; known = known->next)
        if (known->layout.count == count && known->authority == authority &&
            is_same(known->layout.names, names, count))
            break;
    *ret_is_new = !known;
    if (known)
        *ret = known;
    else if (source->columns_count == VW_LOG_LAYOUTS_MAX)
        is_full = true;
    else
        error = make_columns(source, names, count, authority, ret);
    pthread_mutex_unlock(&source->scan->layout_lock);
    if (!is_full)
        return error;
    vw_log_say(source, VW_SEVERITY_ERROR, "limit", 0,
               "the rest is not read: more than %d different header lines",
               VW_LOG_LAYOUTS_MAX);
    return VW_ERROR_INPUT;
}

/* Fields that AWS adds are kept under their names; a typing error is worth a note. */
static void say_unknown(struct vw_log_source *source, const struct vw_slice *names,
                        size_t count, uint64_t line)
{
    size_t i;

    for (i = 0; i < count; i++) {
        int quoted = (int)(names[i].size < VW_FLOW_QUOTED_MAX ? names[i].size
                                                              : VW_FLOW_QUOTED_MAX);

        if (vw_flow_field_find(names[i]) == VW_FLOW_FIELD_COUNT)
            vw_log_say(source, VW_SEVERITY_NOTE, "unknown-flow-log-field", line,
                       "column %zu: \"%.*s\" is no field of flow logs that is known here",
                       i + 1, quoted, names[i].data);
    }
}

int vw_log_columns_read(struct vw_log_source *source, struct vw_slice text, uint64_t line,
                        enum vw_log_authority authority, struct vw_log_columns **ret)
{
    struct vw_slice names[VW_FLOW_COLUMNS_MAX], name;
    size_t count = 0, known = 0;
    bool is_new;
    int error;

    text = vw_slice_trim(text);
    while (vw_flow_format_next(&text, &name)) {
        if (count == VW_FLOW_COLUMNS_MAX) {
            vw_log_say(source, VW_SEVERITY_ERROR, "flow-log-format", line,
                       "the format has more than %d columns", VW_FLOW_COLUMNS_MAX);
            return VW_ERROR_INPUT;
        }
        known += vw_flow_field_find(name) != VW_FLOW_FIELD_COUNT;
        names[count++] = name;
    }
    if (known == 0) {
        vw_log_say(source, VW_SEVERITY_ERROR, "flow-log-format", line,
                   "expected names of flow log fields such as ${srcaddr}, found none");
        return VW_ERROR_INPUT;
    }
    error = vw_log_columns_get(source, names, count, authority, ret, &is_new);
    if (!error && authority == VW_LOG_HEADER)
        vw_log_source_has_header(source, false);
    if (!error && known < count && is_new)
        say_unknown(source, names, count, line);
    return error;
}

bool vw_log_is_gateway_record(struct vw_slice record)
{
    struct vw_slice words[2];

    return vw_log_words(record, words, 2) >= 2 && vw_slice_is(words[1], "TransitGateway");
}

int vw_log_columns_choose(struct vw_log_source *source, struct vw_slice record,
                          struct vw_slice stream, struct vw_slice group,
                          struct vw_log_columns **ret)
{
    const struct vw_log_options *options = source->scan->options;
    const char *text = options->format;

    if (!text && options->format_of) {
        pthread_mutex_lock(&source->scan->layout_lock);
        text = options->format_of(options->format_context, source->file, stream, group);
        pthread_mutex_unlock(&source->scan->layout_lock);
    }
    if (text) {
        int error = vw_log_columns_read(source, vw_slice_of(text), 0, VW_LOG_GIVEN, ret);

        if (error != VW_ERROR_INPUT)
            return error;
    }
    text = vw_log_is_gateway_record(record) ? VW_FLOW_GATEWAY_FORMAT
                                            : VW_FLOW_DEFAULT_FORMAT;
    return vw_log_columns_read(source, vw_slice_of(text), 0, VW_LOG_ASSUMED, ret);
}

/* ---- whether records are of the default format ---- */

static bool is_address(struct vw_slice word)
{
    return vw_slice_is(word, "-") || memchr(word.data, '.', word.size) ||
           memchr(word.data, ':', word.size);
}

static bool is_number(struct vw_slice word)
{
    return word.size > 0 && ((word.data[0] >= '0' && word.data[0] <= '9') ||
                             (word.size == 1 && word.data[0] == '-'));
}

static bool is_status(struct vw_slice word)
{
    return vw_slice_is(word, "OK") || vw_slice_is(word, "NODATA") ||
           vw_slice_is(word, "SKIPDATA");
}

static bool is_action(struct vw_slice word)
{
    return vw_slice_is(word, "ACCEPT") || vw_slice_is(word, "REJECT") ||
           vw_slice_is(word, "-");
}

/* Places of the default formats. */
enum { SRCADDR = 3, PROTOCOL = 7, ACTION = 12, STATUS = 13 };
enum { GATEWAY_SRCADDR = 16, GATEWAY_PROTOCOL = 20, GATEWAY_STATUS = 25 };

bool vw_log_columns_fit_default(const struct vw_log_columns *columns,
                                const struct vw_slice *cells)
{
    if (!is_number(cells[0]))
        return false;
    if (columns->layout.is_gateway)
        return is_address(cells[GATEWAY_SRCADDR]) && is_number(cells[GATEWAY_PROTOCOL]) &&
               is_status(cells[GATEWAY_STATUS]);
    return is_address(cells[SRCADDR]) && is_number(cells[PROTOCOL]) &&
           is_action(cells[ACTION]) && is_status(cells[STATUS]);
}
