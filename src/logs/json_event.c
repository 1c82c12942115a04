/* What documents hold; see json_event.h. */
#include "logs/json_event.h"

#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "logs/json_row.h"

struct envelope {
    uint64_t line;
    struct vw_slice stream, group;
};

/* A string member; size 0 where there is none. */
static struct vw_slice text_of(const struct vw_json *object, const char *key)
{
    struct vw_json member;

    if (vw_json_type(object) != VW_JSON_OBJECT)
        return (struct vw_slice){NULL, 0};
    member = vw_json_member(object, key);
    if (vw_json_type(&member) != VW_JSON_STRING)
        return (struct vw_slice){NULL, 0};
    return vw_slice_of(vw_json_string(&member));
}

static struct vw_slice first_of(const struct vw_json *object, const char *key,
                                const char *other)
{
    struct vw_slice text = text_of(object, key);

    return text.size > 0 ? text : text_of(object, other);
}

static struct vw_json list_of(const struct vw_json *object, const char *key)
{
    struct vw_json member = vw_json_member(object, key);

    if (vw_json_type(&member) != VW_JSON_LIST)
        member.value = NULL;
    return member;
}

/* Copies of an event have the same id and say the same; never 0. */
static uint64_t hash_of(struct vw_slice id, struct vw_slice message)
{
    uint64_t parts[2] = {vw_hash(id.data, id.size), vw_hash(message.data, message.size)};
    uint64_t hash = vw_hash(parts, sizeof parts);

    return hash ? hash : 1;
}

static int add_damage(struct vw_log_events *events, uint64_t line, const char *damage)
{
    return vw_array_push(&events->items,
                         ((struct vw_log_event){.line = line, .damage = damage}));
}

static int add_event(struct vw_log_events *events, const struct envelope *envelope,
                     struct vw_json value)
{
    struct vw_slice id = first_of(&value, "eventId", "id");
    struct vw_log_event event = {
        .value = value,
        .line = envelope->line,
        .stream = envelope->stream,
        .group = envelope->group,
        .id = id.size > 0 ? hash_of(id, text_of(&value, "message")) : 0,
    };

    event.value.parent = NULL;
    return vw_array_push(&events->items, event);
}

static int add_events(struct vw_log_events *events, const struct envelope *envelope,
                      const struct vw_json *list)
{
    size_t count = vw_json_count(list), i;
    int error = 0;

    for (i = 0; !error && i < count; i++)
        error = add_event(events, envelope, vw_json_element(list, i));
    return error;
}

/* ---- rows of Logs Insights ---- */

static int add_row(struct vw_log_events *events, uint64_t line, struct vw_json row)
{
    struct vw_slice pointer = vw_log_row_field(&row, "@ptr");
    struct vw_slice message = vw_log_row_field(&row, "@message");

    row.parent = NULL;
    return vw_array_push(&events->items,
                         ((struct vw_log_event){
                             .value = row,
                             .line = line,
                             .is_row = true,
                             .id = pointer.size > 0 ? hash_of(pointer, message) : 0,
                         }));
}

static int add_rows(struct vw_log_events *events, uint64_t line,
                    const struct vw_json *results)
{
    size_t count = vw_json_count(results), i;
    int error = 0;

    for (i = 0; !error && i < count; i++) {
        struct vw_json row = vw_json_element(results, i);

        error = vw_log_is_row(&row)
                    ? add_row(events, line, row)
                    : add_damage(events, line, "expected a row of fields and values");
    }
    return error;
}

static void look_at_status(struct vw_log_events *events, const struct vw_json *document)
{
    struct vw_slice status = text_of(document, "status");

    if (status.size > 0 && !vw_slice_is(status, "Complete"))
        vw_log_say(
            events->worker->source, VW_SEVERITY_NOTE, "query-not-complete", 0,
            "the status of the query is %.*s: its results are not all there",
            (int)(status.size < VW_FLOW_QUOTED_MAX ? status.size : VW_FLOW_QUOTED_MAX),
            status.data);
}

/* ---- documents ---- */

/* Messages of other types than DATA_MESSAGE only test that the way is open. */
static int take_envelope(struct vw_log_events *events, const struct vw_json *document,
                         uint64_t line)
{
    struct vw_json list = list_of(document, "logEvents");
    struct envelope envelope = {line, text_of(document, "logStream"),
                                text_of(document, "logGroup")};

    if (vw_slice_is(text_of(document, "messageType"), "CONTROL_MESSAGE"))
        return 0;
    return add_events(events, &envelope, &list);
}

static int take_object(struct vw_log_events *events, const struct vw_json *document,
                       uint64_t line)
{
    struct envelope envelope = {.line = line};
    struct vw_json list = list_of(document, "logEvents");

    if (list.value)
        return take_envelope(events, document, line);
    list = list_of(document, "events");
    if (list.value) {
        events->has_pages = true;
        events->names_another = first_of(document, "nextToken", "NextToken").size > 0;
        return add_events(events, &envelope, &list);
    }
    list = list_of(document, "results");
    if (list.value) {
        look_at_status(events, document);
        return add_rows(events, line, &list);
    }
    if (text_of(document, "message").data)
        return add_event(events, &envelope, *document);
    return add_damage(events, line,
                      "expected log events: \"events\", \"logEvents\", \"results\" or "
                      "\"message\"");
}

int vw_log_events_parse(struct vw_log_events *events, struct vw_slice text, uint64_t line)
{
    struct envelope envelope = {.line = line};
    struct vw_json document;
    int error = vw_json_parse(text.data, text.size, &document);

    if (error)
        return error;
    if (vw_array_push(&events->documents, document)) {
        vw_json_release(&document);
        return VW_ERROR_NO_MEMORY;
    }
    if (vw_json_type(&document) == VW_JSON_OBJECT)
        return take_object(events, &document, line);
    if (vw_log_is_row(&document))
        return add_row(events, line, document);
    return add_event(events, &envelope, document);
}

void vw_log_events_free(struct vw_log_events *events)
{
    size_t i;

    for (i = 0; i < events->documents.count; i++)
        vw_json_release(&events->documents.items[i]);
    vw_array_free(&events->documents);
    vw_array_free(&events->items);
    vw_arena_reset(&events->worker->arena);
}

/* ---- records ---- */

/* Milliseconds since 1970 as a number, or a time in text. */
static int64_t time_of(const struct vw_json *object, const char *key)
{
    struct vw_json member;
    int64_t time = VW_TIME_NONE;

    if (vw_json_type(object) != VW_JSON_OBJECT)
        return VW_TIME_NONE;
    member = vw_json_member(object, key);
    if (vw_json_type(&member) == VW_JSON_STRING)
        vw_time_parse(vw_slice_of(vw_json_string(&member)), &time);
    else if (vw_json_type(&member) == VW_JSON_INTEGER)
        time = vw_json_integer(&member);
    else
        return VW_TIME_NONE;
    if (vw_json_type(&member) == VW_JSON_STRING)
        return time;
    return time >= 0 && time <= VW_TIME_MILLISECONDS_MAX ? time * 1000000 : VW_TIME_NONE;
}

/* [time, message], as --query 'events[].[timestamp,message]' gives. */
static struct vw_slice message_of(const struct vw_json *value, int64_t *ret_time)
{
    struct vw_json first, second;

    *ret_time = time_of(value, "timestamp");
    if (vw_json_type(value) == VW_JSON_STRING)
        return vw_slice_of(vw_json_string(value));
    if (vw_json_type(value) != VW_JSON_LIST || vw_json_count(value) != 2)
        return text_of(value, "message");
    first = vw_json_element(value, 0);
    second = vw_json_element(value, 1);
    if (vw_json_type(&second) != VW_JSON_STRING)
        return (struct vw_slice){NULL, 0};
    if (vw_json_type(&first) == VW_JSON_INTEGER && vw_json_integer(&first) >= 0 &&
        vw_json_integer(&first) <= VW_TIME_MILLISECONDS_MAX)
        *ret_time = vw_json_integer(&first) * 1000000;
    return vw_slice_of(vw_json_string(&second));
}

static int emit_event(struct vw_log_worker *worker, const struct vw_log_event *event,
                      uint64_t number)
{
    struct vw_log_origin origin = {
        .line = number,
        .ingestion = time_of(&event->value, "ingestionTime"),
        .stream = first_of(&event->value, "logStreamName", "logStream"),
        .group = first_of(&event->value, "logGroupName", "logGroup"),
    };

    origin.message = vw_slice_trim(message_of(&event->value, &origin.time));
    if (origin.stream.size == 0)
        origin.stream = event->stream;
    if (origin.group.size == 0)
        origin.group = event->group;
    if (origin.message.size > 0)
        return vw_log_record_take(worker, origin.message, &origin);
    vw_log_damaged(worker, number, "expected the message of a log event");
    return 0;
}

int vw_log_events_emit(struct vw_log_events *events)
{
    struct vw_log_worker *worker = events->worker;
    int error = vw_log_rows_emit(events);
    size_t i;

    for (i = 0; !error && i < events->items.count; i++) {
        const struct vw_log_event *event = &events->items.items[i];

        if (event->damage)
            vw_log_damaged(worker, events->first + i, "(line %llu of the file) %s",
                           (unsigned long long)event->line, event->damage);
        else if (!event->is_row && !event->is_repeated)
            error = emit_event(worker, event, events->first + i);
    }
    return error;
}
