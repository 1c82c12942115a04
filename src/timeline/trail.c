/*
 * Files of CloudTrail events, told apart by what is in them: {"Records": [...]}, as a trail
 * writes them; {"Events": [{"CloudTrailEvent": "..."}]}, as lookup-events prints them;
 * {"QueryResultRows": ...} of CloudTrail Lake, where a column holds the event; {"detail":
 * {...}} of EventBridge; or single events, one after the other or in a list.
 */
#include "timeline/trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/time.h"

#include <vpcwhy/error.h>

struct reading {
    struct vw_trail *trail;
    const char *file;
    unsigned document;
    uint64_t found;
};

/* ---- one event ---- */

static const char *string_at(const struct vw_json *object, const char *key)
{
    struct vw_json found = vw_json_member(object, key);

    return vw_json_type(&found) == VW_JSON_STRING && *vw_json_string(&found)
               ? vw_json_string(&found)
               : NULL;
}

static bool is_event(const struct vw_json *json)
{
    return vw_json_type(json) == VW_JSON_OBJECT && string_at(json, "eventName") &&
           string_at(json, "eventTime");
}

static bool begins(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

bool vw_trail_changes(const struct vw_json *event)
{
    static const char *const services[] = {
        "ec2.amazonaws.com", "elasticloadbalancing.amazonaws.com",
        "network-firewall.amazonaws.com", "directconnect.amazonaws.com"};
    static const char *const readers[] = {"Describe", "Get", "List", "Search", "Lookup"};
    const char *service = string_at(event, "eventSource");
    const char *name = string_at(event, "eventName");
    struct vw_json read_only = vw_json_member(event, "readOnly");
    bool known = !service;

    for (size_t i = 0; service && i < sizeof services / sizeof *services; i++)
        known |= strcmp(service, services[i]) == 0;
    if (!known || !name)
        return false;
    if (vw_json_type(&read_only) == VW_JSON_BOOLEAN && vw_json_boolean(&read_only))
        return false;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (begins(name, readers[i]))
            return false;
    }
    return true;
}

static const char *copy(struct vw_trail *trail, const char *text)
{
    return text ? vw_arena_string(trail->arena, text) : NULL;
}

/* Who did it: the ARN says most; a service has none. */
static const char *actor_of(const struct vw_json *event)
{
    static const char *const keys[] = {"arn", "userName", "invokedBy", "principalId",
                                       "type"};
    struct vw_json identity = vw_json_member(event, "userIdentity");

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *text = string_at(&identity, keys[i]);

        if (text)
            return text;
    }
    return NULL;
}

/* The same event may be in several files. */
static bool is_repeated(const struct vw_trail *trail, const char *id)
{
    uint32_t place;

    return id && vw_map_get(&trail->ids, id, &place);
}

/* "rtb-1 10.2.0.0/16": the first ids of the request, which say most. */
static const char *subjects(struct vw_trail *trail, const struct vw_trail_event *event,
                            const char **ret_first)
{
    const char *words = "";
    size_t count = 0;

    for (size_t i = 0; i < event->fact_count && count < 3; i++) {
        const char *fact = event->facts[i];

        if (!begins(fact, "id ") || !strpbrk(fact + 3, "-./:"))
            continue;
        if (count++ == 0)
            *ret_first = fact + 3;
        words = vw_arena_printf(trail->arena, "%s %s", words, fact + 3);
        if (!words)
            return NULL;
    }
    return words;
}

static int fill(struct vw_trail *trail, const struct vw_json *json,
                struct vw_trail_event *event)
{
    struct vw_timeline_event *shown = &event->shown;
    struct vw_trail_facts facts = {0};
    const char *words, **kept;
    int error;

    shown->name = copy(trail, string_at(json, "eventName"));
    shown->service = copy(trail, string_at(json, "eventSource"));
    shown->actor = copy(trail, actor_of(json));
    shown->address = copy(trail, string_at(json, "sourceIPAddress"));
    shown->region = copy(trail, string_at(json, "awsRegion"));
    shown->account = copy(trail, string_at(json, "recipientAccountId"));
    shown->id = copy(trail, string_at(json, "eventID"));
    shown->error = copy(trail, string_at(json, "errorCode"));
    if (!shown->name)
        return VW_ERROR_NO_MEMORY;
    error = vw_trail_facts(trail->arena, json, shown->name, &facts);
    kept = vw_arena_array(trail->arena, facts.count, sizeof *kept);
    if (!error && kept && facts.count > 0)
        memcpy(kept, facts.items, facts.count * sizeof *kept);
    event->facts = kept;
    event->fact_count = facts.count;
    vw_array_free(&facts);
    if (error || !kept)
        return VW_ERROR_NO_MEMORY;
    words = subjects(trail, event, &shown->resource);
    shown->sentence =
        words ? vw_arena_printf(trail->arena, "%s%s", shown->name, words) : NULL;
    return shown->sentence ? 0 : VW_ERROR_NO_MEMORY;
}

int vw_trail_take(struct vw_trail *trail, const struct vw_json *json, const char *file,
                  const char *pointer)
{
    struct vw_trail_event *event;
    int64_t time;
    int error;

    trail->seen++;
    if (!vw_trail_changes(json) || is_repeated(trail, string_at(json, "eventID")))
        return 0;
    if (!vw_time_parse(vw_slice_of(string_at(json, "eventTime")), &time)) {
        vw_diagnose(trail->diagnostics, VW_SEVERITY_WARNING, "event-time",
                    (struct vw_place){.file = file, .pointer = pointer},
                    "\"%s\" is no time: the event is not used",
                    string_at(json, "eventTime"));
        return 0;
    }
    if (trail->events.count >= VW_TRAIL_EVENTS_MAX) {
        vw_diagnose(trail->diagnostics, VW_SEVERITY_ERROR, "limit",
                    (struct vw_place){.file = file, .pointer = pointer},
                    "more than %d events that change networks", VW_TRAIL_EVENTS_MAX);
        return VW_ERROR_LIMIT;
    }
    event = vw_arena_alloc(trail->arena, sizeof *event);
    if (!event)
        return VW_ERROR_NO_MEMORY;
    event->shown.time = time;
    event->shown.source = (struct vw_place_in_export){file, pointer};
    error = fill(trail, json, event);
    if (!error && event->shown.id)
        error = vw_map_put(&trail->ids, event->shown.id, (uint32_t)trail->events.count);
    return error ? error : vw_array_push(&trail->events, event);
}

/* ---- documents ---- */

/* Where it stands; of a file with several documents which of them. */
static const char *pointer_of(const struct reading *reading, const struct vw_json *json)
{
    const char *pointer = vw_json_pointer(json, reading->trail->arena);

    if (!pointer || reading->document == 1)
        return pointer;
    return vw_arena_printf(reading->trail->arena, "(document %u)%s%s", reading->document,
                           *pointer ? " " : "", pointer);
}

static int take(struct reading *reading, const struct vw_json *event,
                const struct vw_json *place)
{
    const char *pointer = pointer_of(reading, place);

    reading->found++;
    return pointer ? vw_trail_take(reading->trail, event, reading->file, pointer)
                   : VW_ERROR_NO_MEMORY;
}

/* An event that is written as a text. */
static int take_text(struct reading *reading, const struct vw_json *text)
{
    struct vw_json event;
    int error;

    error = vw_json_parse(vw_json_string(text), strlen(vw_json_string(text)), &event);
    if (error == VW_ERROR_INPUT) {
        vw_diagnose(reading->trail->diagnostics, VW_SEVERITY_WARNING, "event-not-json",
                    (struct vw_place){.file = reading->file,
                                      .pointer = pointer_of(reading, text)},
                    "the text of this event is no JSON: the event is not used");
        return 0;
    }
    if (error)
        return error;
    if (is_event(&event))
        error = take(reading, &event, text);
    vw_json_release(&event);
    return error;
}

/* A row of Lake: [{"column": "text"}, ...]. */
static int take_row(struct reading *reading, const struct vw_json *row)
{
    int error = 0;

    for (size_t i = 0;
         vw_json_type(row) == VW_JSON_LIST && i < vw_json_count(row) && !error; i++) {
        struct vw_json cell = vw_json_element(row, i), text;

        text = vw_json_member(&cell, "eventJson");
        if (vw_json_type(&text) != VW_JSON_STRING)
            text = vw_json_member(&cell, "eventjson");
        if (vw_json_type(&text) == VW_JSON_STRING)
            error = take_text(reading, &text);
    }
    return error;
}

/* An event in whatever it is wrapped. */
static int take_item(struct reading *reading, const struct vw_json *item)
{
    struct vw_json inner = vw_json_member(item, "CloudTrailEvent");

    if (vw_json_type(&inner) == VW_JSON_STRING)
        return take_text(reading, &inner);
    if (is_event(item))
        return take(reading, item, item);
    inner = vw_json_member(item, "detail");
    return is_event(&inner) ? take(reading, &inner, &inner) : 0;
}

static int take_list(struct reading *reading, const struct vw_json *list, bool rows)
{
    int error = 0;

    for (size_t i = 0; i < vw_json_count(list) && !error; i++) {
        struct vw_json item = vw_json_element(list, i);

        error = rows ? take_row(reading, &item) : take_item(reading, &item);
    }
    return error;
}

static int take_document(struct reading *reading, const struct vw_json *document)
{
    static const char *const keys[] = {"Records", "Events", "QueryResultRows"};

    if (vw_json_type(document) == VW_JSON_LIST)
        return take_list(reading, document, false);
    if (vw_json_type(document) != VW_JSON_OBJECT)
        return 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct vw_json list = vw_json_member(document, keys[i]);

        if (vw_json_type(&list) == VW_JSON_LIST) {
            /* Nothing happened: that is an answer too. */
            reading->found += vw_json_count(&list) == 0;
            return take_list(reading, &list, i == 2);
        }
    }
    return take_item(reading, document);
}

static int read_file(struct vw_trail *trail, const char *path, bool is_named,
                     uint64_t *ret_found)
{
    struct reading reading = {.trail = trail,
                              .file = vw_arena_string(trail->arena, path)};
    struct vw_json_reader *reader = NULL;
    struct vw_json document;
    int got, error = reading.file ? 0 : VW_ERROR_NO_MEMORY;

    if (!error)
        error = vw_json_open(path, is_named, trail->diagnostics, &reader);
    if (error)
        return error;
    while ((got = vw_json_next(reader, &document)) > 0 && !error) {
        reading.document++;
        error = take_document(&reading, &document);
    }
    vw_json_close(reader);
    *ret_found += reading.found;
    if (!error && got == 0 && reading.found == 0)
        vw_diagnose(trail->diagnostics, VW_SEVERITY_WARNING, "no-events",
                    (struct vw_place){.file = path}, "holds no CloudTrail event");
    return error ? error : got < 0 ? got : 0;
}

int vw_trail_read(struct vw_trail *trail, const char *path)
{
    struct vw_arena arena = {0};
    struct vw_paths paths = {0};
    uint64_t found = 0;
    int error = vw_tree_files(path, &arena, trail->diagnostics, &paths);

    for (size_t i = 0; i < paths.count && !error; i++) {
        error =
            read_file(trail, paths.items[i], strcmp(paths.items[i], path) == 0, &found);
        if (error == VW_ERROR_INPUT)
            error = 0;
    }
    vw_array_free(&paths);
    vw_arena_free(&arena);
    if (error || found > 0)
        return error;
    vw_diagnose(trail->diagnostics, VW_SEVERITY_ERROR, "no-events",
                (struct vw_place){.file = path}, "no CloudTrail event was found");
    return VW_ERROR_INPUT;
}

static int compare_events(const void *a, const void *b)
{
    const struct vw_trail_event *const *x = a, *const *y = b;

    return (*x)->shown.time < (*y)->shown.time ? -1 : (*x)->shown.time > (*y)->shown.time;
}

void vw_trail_sort(struct vw_trail *trail)
{
    if (trail->events.count > 1)
        qsort(trail->events.items, trail->events.count, sizeof *trail->events.items,
              compare_events);
}

void vw_trail_free(struct vw_trail *trail)
{
    vw_array_free(&trail->events);
    vw_map_free(&trail->ids);
}
