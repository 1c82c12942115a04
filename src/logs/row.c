/*
 * A result of Logs Insights has the columns that its query asked for. Fields of flow logs
 * among them make its rows records; a result that has none of them but @message (the
 * console's own query) holds the records in the messages.
 */
#include "logs/row.h"

#include <string.h>

size_t vw_log_row_name(struct vw_log_row_names *names, size_t hint, struct vw_slice name)
{
    size_t i;

    if (hint < names->count && names->items[hint].size == name.size &&
        memcmp(names->items[hint].data, name.data, name.size) == 0)
        return hint;
    for (i = 0; i < names->count; i++)
        if (names->items[i].size == name.size &&
            memcmp(names->items[i].data, name.data, name.size) == 0)
            return i;
    if (names->count == VW_FLOW_COLUMNS_MAX)
        return SIZE_MAX;
    names->items[names->count] = name;
    return names->count++;
}

/* Fields of the service's own that a record has beside its columns. */
enum meta {
    META_TIME,
    META_INGESTION,
    META_MESSAGE,
    META_STREAM,
    META_GROUP,
    META_COUNT
};

static enum meta meta_of(struct vw_slice name)
{
    static const struct {
        const char *name;
        enum meta meta;
    } rows[] = {
        {"@timestamp", META_TIME},
        {"timestamp", META_TIME},
        {"@message", META_MESSAGE},
        {"message", META_MESSAGE},
        {"@logStream", META_STREAM},
        {"logStreamName", META_STREAM},
        {"@log", META_GROUP},
        {"@ingestionTime", META_INGESTION},
        {"ingestionTime", META_INGESTION},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        if (vw_slice_is(name, rows[i].name))
            return rows[i].meta;
    return META_COUNT;
}

int vw_log_row_begin(struct vw_log_worker *worker, struct vw_log_row_names *names)
{
    size_t i, known = 0, messages = 0;
    bool is_new;
    int error;

    names->columns = NULL;
    for (i = 0; i < names->count; i++) {
        known += vw_flow_field_find(names->items[i]) != VW_FLOW_FIELD_COUNT;
        messages += meta_of(names->items[i]) == META_MESSAGE;
    }
    if (known == 0 && messages > 0)
        return 0;
    error = vw_log_columns_get(worker->source, names->items, names->count, VW_LOG_HEADER,
                               &names->columns, &is_new);
    if (!error)
        vw_log_source_has_header(worker->source, true);
    return error;
}

/* "123456789012:/aws/vpc/flowlogs" names the account too. */
static struct vw_slice without_account(struct vw_slice group)
{
    size_t i = 0;

    while (i < group.size && group.data[i] >= '0' && group.data[i] <= '9')
        i++;
    if (i == 0 || i == group.size || group.data[i] != ':')
        return group;
    return (struct vw_slice){group.data + i + 1, group.size - i - 1};
}

static void set_meta(struct vw_log_origin *origin, enum meta meta, struct vw_slice value)
{
    switch (meta) {
    case META_TIME:
        vw_time_parse(value, &origin->time);
        break;
    case META_INGESTION:
        vw_time_parse(value, &origin->ingestion);
        break;
    case META_MESSAGE:
        origin->message = vw_slice_trim(value);
        break;
    case META_STREAM:
        origin->stream = value;
        break;
    case META_GROUP:
        origin->group = without_account(value);
        break;
    case META_COUNT:
        break;
    }
}

int vw_log_row_take(struct vw_log_worker *worker, const struct vw_log_row_names *names,
                    const struct vw_slice *values, uint64_t number)
{
    struct vw_log_origin origin = {
        .line = number, .time = VW_TIME_NONE, .ingestion = VW_TIME_NONE};
    size_t i;
    int error;

    for (i = 0; i < names->count; i++)
        if (values[i].data)
            set_meta(&origin, meta_of(names->items[i]), values[i]);
    if (!names->columns && origin.message.size > 0)
        return vw_log_record_take(worker, origin.message, &origin);
    if (!names->columns) {
        vw_log_damaged(worker, number, "expected the message of a log event");
        return 0;
    }
    error = vw_log_batch_begin(worker, names->columns);
    if (error)
        return error;
    memcpy(worker->cells + worker->count * names->count, values,
           names->count * sizeof *values);
    return vw_log_batch_add(worker, &origin);
}
