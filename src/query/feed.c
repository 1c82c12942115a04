/*
 * Records as rows. What AWS says (CWL_AnalyzeLogData-discoverable-fields): @timestamp is when
 * the event was, which for a flow log is the record's start; @message is the record;
 * @logStream and @log say where it stood.
 *
 * What we do: where a file does not tell the time of an event, the record's start is taken.
 * "-" in a record stays the text "-": it is no number, and no null. A record that never was
 * text (Parquet) has its fields, one blank between them, for a @message.
 */
#include "query/feed.h"

#include <stdio.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "query/names.h"

#define NO_COLUMN UINT32_MAX
#define MILLISECOND INT64_C(1000000)

int vw_feed_start(struct vw_feed *feed, const struct vw_plan *plan, int64_t since,
                  int64_t until)
{
    size_t i;

    *feed = (struct vw_feed){.plan = plan, .since = since, .until = until};
    if (pthread_mutex_init(&feed->lock, NULL))
        return VW_ERROR_INTERNAL;
    feed->needs_time =
        plan->phases.items[0].needs_moment || since != INT64_MIN || until != INT64_MIN;
    for (i = 0; i < plan->inputs.count; i++) {
        if (plan->inputs.items[i].origin == VW_ORIGIN_TIMESTAMP)
            feed->needs_time = true;
        if (plan->inputs.items[i].origin == VW_ORIGIN_MESSAGE)
            feed->needs_message = true;
    }
    feed->found = vw_calloc(plan->inputs.count + 1, sizeof *feed->found);
    return feed->found ? 0 : VW_ERROR_NO_MEMORY;
}

void vw_feed_free(struct vw_feed *feed)
{
    if (!feed->plan)
        return;
    pthread_mutex_destroy(&feed->lock);
    vw_array_free(&feed->layouts);
    vw_free(feed->found);
    vw_arena_free(&feed->arena);
}

static uint32_t find_column(const struct vw_log_layout *layout, struct vw_slice name)
{
    size_t i;

    for (i = 0; i < layout->count; i++)
        if (layout->names[i] && vw_field_same(vw_slice_of(layout->names[i]), name))
            return (uint32_t)i;
    return NO_COLUMN;
}

static uint32_t want_column(const struct vw_log_layout *layout, const char *name,
                            bool *wanted)
{
    uint32_t column = find_column(layout, vw_slice_of(name));

    if (column != NO_COLUMN)
        wanted[column] = true;
    return column;
}

static void map_columns(struct vw_feed *feed, struct vw_feed_layout *made, bool *wanted)
{
    size_t i;

    for (i = 0; i < feed->plan->inputs.count; i++) {
        const struct vw_input_field *input = &feed->plan->inputs.items[i];

        /* An exported result has columns named @message and the like. */
        made->columns[i] = find_column(made->layout, input->name);
        if (made->columns[i] != NO_COLUMN)
            wanted[made->columns[i]] = true;
        if (made->columns[i] != NO_COLUMN || input->origin != VW_ORIGIN_COLUMN)
            feed->found[i] = true;
    }
}

int vw_feed_begin(struct vw_feed *feed, const struct vw_log_layout *layout, bool *wanted)
{
    struct vw_feed_layout *made = vw_arena_alloc(&feed->arena, sizeof *made);
    size_t i;
    int error;

    if (!made)
        return VW_ERROR_NO_MEMORY;
    made->layout = layout;
    made->file = layout->file->number;
    made->path = vw_arena_string(&feed->arena, layout->file->path);
    made->columns =
        vw_arena_array(&feed->arena, feed->plan->inputs.count, sizeof *made->columns);
    if (!made->columns || !made->path)
        return VW_ERROR_NO_MEMORY;
    map_columns(feed, made, wanted);
    made->time = made->start = made->end = NO_COLUMN;
    if (feed->needs_time) {
        made->time = want_column(layout, "@timestamp", wanted);
        made->start = want_column(layout, "start", wanted);
    }
    if (feed->since != INT64_MIN || feed->until != INT64_MIN)
        made->end = want_column(layout, "end", wanted);
    for (i = 0; feed->needs_message && i < layout->count; i++)
        wanted[i] = true;
    pthread_mutex_lock(&feed->lock);
    error = vw_array_push(&feed->layouts, made);
    pthread_mutex_unlock(&feed->lock);
    return error;
}

const struct vw_feed_layout *vw_feed_find(struct vw_feed *feed,
                                          const struct vw_log_layout *layout)
{
    const struct vw_feed_layout *found = NULL;
    size_t i;

    pthread_mutex_lock(&feed->lock);
    for (i = feed->layouts.count; i-- > 0 && !found;)
        if (feed->layouts.items[i]->layout == layout)
            found = feed->layouts.items[i];
    pthread_mutex_unlock(&feed->lock);
    return found;
}

/* ---- one record ---- */

static struct vw_slice cell_of(const struct vw_log_batch *batch, size_t record,
                               uint32_t column)
{
    if (column == NO_COLUMN)
        return (struct vw_slice){NULL, 0};
    return batch->cells[record * batch->layout->count + column];
}

static int64_t time_of_cell(const struct vw_log_batch *batch, size_t record,
                            uint32_t column)
{
    struct vw_slice cell = cell_of(batch, record, column);
    int64_t time;

    return cell.data && vw_time_parse(cell, &time) ? time : INT64_MIN;
}

static int64_t time_of(const struct vw_feed_layout *layout,
                       const struct vw_log_batch *batch, size_t record)
{
    int64_t time = batch->origins[record].time;

    if (time == VW_TIME_NONE)
        time = time_of_cell(batch, record, layout->time);
    if (time == INT64_MIN)
        time = time_of_cell(batch, record, layout->start);
    return time;
}

/* Records without a time are always taken. */
static bool is_asked_for(const struct vw_feed *feed, const struct vw_feed_layout *layout,
                         const struct vw_log_batch *batch, size_t record, int64_t first)
{
    int64_t last = time_of_cell(batch, record, layout->end);

    if (last == INT64_MIN)
        last = first;
    if (first == INT64_MIN)
        first = last;
    if (first == INT64_MIN)
        return true;
    return (feed->since == INT64_MIN || last >= feed->since) &&
           (feed->until == INT64_MIN || first <= feed->until);
}

static struct vw_value text_of(struct vw_slice text)
{
    return text.size ? vw_value_text(text.data, text.size) : vw_value_null();
}

static struct vw_value time_value(int64_t time)
{
    return time == INT64_MIN
               ? vw_value_null()
               : vw_value_time(time / MILLISECOND - (time % MILLISECOND < 0));
}

static struct vw_value join_cells(const struct vw_log_batch *batch, size_t record,
                                  struct vw_arena *arena)
{
    const struct vw_slice *cells = batch->cells + record * batch->layout->count;
    size_t size = 0, i;
    char *out;

    for (i = 0; i < batch->layout->count; i++)
        size += cells[i].size + 2;
    out = vw_arena_text(arena, size);
    if (!out)
        return vw_value_null();
    for (size = 0, i = 0; i < batch->layout->count; i++) {
        struct vw_slice cell = cells[i].data ? cells[i] : (struct vw_slice){"-", 1};

        if (i)
            out[size++] = ' ';
        if (cell.size)
            memcpy(out + size, cell.data, cell.size);
        size += cell.size;
    }
    return vw_value_text(out, size);
}

static struct vw_value pointer_of(const struct vw_log_batch *batch, size_t record,
                                  struct vw_arena *arena)
{
    char *text = vw_arena_printf(arena, "%s:%llu", batch->layout->file->path,
                                 (unsigned long long)batch->origins[record].line);

    return text ? vw_value_text(text, strlen(text)) : vw_value_null();
}

/* What every record has, whatever its columns. */
static struct vw_value special_value(enum vw_origin origin,
                                     const struct vw_log_batch *batch, size_t record,
                                     int64_t time, struct vw_arena *arena)
{
    const struct vw_log_origin *from = &batch->origins[record];

    switch (origin) {
    case VW_ORIGIN_TIMESTAMP:
        return time_value(time);
    case VW_ORIGIN_MESSAGE:
        return from->message.size ? text_of(from->message)
                                  : join_cells(batch, record, arena);
    case VW_ORIGIN_STREAM:
        return text_of(from->stream);
    case VW_ORIGIN_LOG:
        return text_of(from->group);
    case VW_ORIGIN_INGESTION:
        return time_value(from->ingestion == VW_TIME_NONE ? INT64_MIN : from->ingestion);
    case VW_ORIGIN_POINTER:
        return pointer_of(batch, record, arena);
    case VW_ORIGIN_COLUMN:
    case VW_ORIGIN_NOTHING:
        break;
    }
    return vw_value_null();
}

bool vw_feed_load(const struct vw_feed *feed, const struct vw_feed_layout *layout,
                  const struct vw_log_batch *batch, size_t record, struct vw_row *row,
                  struct vw_arena *arena)
{
    const struct vw_input_fields *inputs = &feed->plan->inputs;
    int64_t time = feed->needs_time ? time_of(layout, batch, record) : INT64_MIN;
    size_t i;

    if ((feed->since != INT64_MIN || feed->until != INT64_MIN) &&
        !is_asked_for(feed, layout, batch, record, time))
        return false;
    row->moment = (struct vw_moment){time, batch->layout->file->number, 0,
                                     batch->origins[record].line};
    for (i = 0; i < inputs->count; i++) {
        const struct vw_input_field *input = &inputs->items[i];
        struct vw_slice cell = cell_of(batch, record, layout->columns[i]);
        struct vw_value *slot = &row->slots[input->slot];

        if (input->origin == VW_ORIGIN_TIMESTAMP || (!cell.data && input->origin))
            *slot = special_value(input->origin, batch, record, time, arena);
        else
            *slot = cell.data ? vw_value_text(cell.data, cell.size) : vw_value_null();
    }
    return true;
}
