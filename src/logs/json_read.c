/*
 * Runs of JSON documents to records. The parser's work is done side by side; then, in the
 * order of the file, events are numbered and those that were delivered before are left
 * out; then what is left becomes records.
 */
#include "logs/json_read.h"

#include <string.h>

#include "base/json.h"
#include "base/map.h"
#include "logs/json_event.h"

static int add_damage(struct vw_log_events *events, uint64_t line, const char *damage)
{
    return vw_array_push(&events->items,
                         ((struct vw_log_event){.line = line, .damage = damage}));
}

/* A part of a document that begins in `line` of the file. */
static int read_part(struct vw_log_events *events, const struct vw_log_run *run,
                     const struct vw_log_document *document, uint64_t line)
{
    struct vw_slice text;
    int error;

    if (document->damage)
        return add_damage(events, line, document->damage);
    text = (struct vw_slice){run->text.items + document->offset, document->size};
    error = vw_log_events_parse(events, text, line + document->line - 1);
    return error == VW_ERROR_INPUT
               ? add_damage(events, line + document->line - 1, "this is no JSON document")
               : error;
}

/* Documents that are no JSON may be parsed again so many times as a whole. */
enum { APART_TIMES = 16 };

/* A document that is no JSON: its elements one by one, so that one alone is lost. */
static int read_apart(struct vw_log_events *events, struct vw_slice text, uint64_t line)
{
    size_t most = APART_TIMES * text.size, parsed = 0;
    struct vw_log_cutter cutter;
    struct vw_log_run run = {0};
    size_t taken = 0, at = 0, i;
    int error = 0;

    vw_log_cutter_start(&cutter, 1);
    while (!error && at < text.size) {
        struct vw_slice rest = {text.data + at, text.size - at};

        error = vw_log_cutter_take(&cutter, rest, &run, &taken);
        at += taken;
        for (i = 0; !error && i < run.documents.count; i++)
            error = read_part(events, &run, &run.documents.items[i], line);
        parsed += run.text.count;
        if (!error && parsed > most) {
            error = add_damage(events, line + cutter.line - 1,
                               "the rest of the JSON document is passed over");
            at = text.size;
        }
        vw_log_run_clear(&run);
    }
    vw_log_cutter_free(&cutter);
    vw_log_run_free(&run);
    return error;
}

static int parse_run(struct vw_log_events *events, const struct vw_log_run *run)
{
    int error = 0;
    size_t i;

    for (i = 0; !error && i < run->documents.count; i++) {
        const struct vw_log_document *document = &run->documents.items[i];
        struct vw_slice text;

        if (document->damage) {
            error = add_damage(events, document->line, document->damage);
            continue;
        }
        text = (struct vw_slice){run->text.items + document->offset, document->size};
        error = vw_log_events_parse(events, text, document->line);
        if (error == VW_ERROR_INPUT)
            error = read_apart(events, text, document->line);
    }
    return error;
}

/* Numbers the events of the run, and marks those that were met before. */
static int settle(struct vw_log_worker *worker, struct vw_log_events *events)
{
    int error = 0;
    size_t i;

    if (events->has_pages)
        worker->source->has_more = events->names_another;
    events->first = worker->source->line;
    worker->source->line += events->items.count;
    for (i = 0; !error && i < events->items.count; i++) {
        struct vw_log_event *event = &events->items.items[i];
        int is_new = event->id ? vw_log_ids_add(&worker->scan->ids, event->id) : 1;

        if (is_new < 0)
            error = is_new;
        event->is_repeated = is_new == 0;
        worker->repeated += is_new == 0;
    }
    return error;
}

int vw_log_json_read(struct vw_log_worker *worker, const struct vw_log_run *run,
                     uint64_t ticket)
{
    struct vw_log_events events = {.worker = worker};
    int error = parse_run(&events, run);

    vw_log_turn_wait(worker->scan, ticket);
    if (!error)
        error = settle(worker, &events);
    vw_log_turn_pass(worker->scan, ticket);
    if (!error)
        error = vw_log_events_emit(&events);
    if (!error)
        error = vw_log_batch_flush(worker);
    vw_log_events_free(&events);
    return error;
}
