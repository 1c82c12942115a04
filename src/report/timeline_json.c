/* A timeline as JSON, vpcwhy/timeline/1. */
#include <vpcwhy/report.h>

#include "report/json_parts.h"

#define NANOSECONDS 1000000000

static void json_place(struct vw_json *json, const char *key,
                       struct vw_place_in_export place)
{
    if (!place.file) {
        vw_write_null(json, key);
        return;
    }
    vw_write_object_begin(json, key);
    vw_write_string(json, "file", place.file);
    vw_write_string(json, "pointer", place.pointer);
    vw_write_object_end(json);
}

static void json_event(struct vw_json *json, const struct vw_timeline_event *event)
{
    vw_write_object_begin(json, NULL);
    vw_write_time(json, "time", event->time);
    vw_write_string(json, "name", event->name);
    vw_write_string(json, "service", event->service);
    vw_write_string(json, "actor", event->actor);
    vw_write_string(json, "address", event->address);
    vw_write_string(json, "account", event->account);
    vw_write_string(json, "region", event->region);
    vw_write_string(json, "id", event->id);
    vw_write_string(json, "error", event->error);
    vw_write_string(json, "resource", event->resource);
    vw_write_string(json, "sentence", event->sentence);
    json_place(json, "source", event->source);
    vw_write_object_end(json);
}

static void json_change(struct vw_json *json, const struct vw_timeline_change *change)
{
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "component", change->component);
    vw_write_string(json, "name", change->component_name);
    vw_write_string(json, "sentence", change->sentence);
    vw_write_boolean(json, "follows", change->follows);
    json_place(json, "before", change->before);
    json_place(json, "after", change->after);
    vw_write_array_begin(json, "events");
    for (i = 0; i < change->event_count; i++)
        json_event(json, change->events[i]);
    vw_write_array_end(json);
    vw_write_object_end(json);
}

static void json_sighting(struct vw_json *json, const char *key,
                          const struct vw_timeline_sighting *sighting)
{
    vw_write_object_begin(json, key);
    vw_write_time(json, "first", sighting->first);
    vw_write_time(json, "last", sighting->last);
    vw_write_string(json, "record", sighting->words);
    vw_write_record_place(json, "source", sighting->file, sighting->line);
    vw_write_object_end(json);
}

static void json_witness(struct vw_json *json, const struct vw_timeline_witness *witness)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "kind", vw_evidence_kind_slug(witness->kind));
    vw_write_string(json, "vantage", witness->vantage);
    vw_write_integer(json, "slack_seconds", witness->slack / NANOSECONDS);
    vw_write_integer(json, "offset_milliseconds", witness->offset / 1000000);
    vw_write_time(json, "earliest", witness->earliest);
    vw_write_time(json, "latest", witness->latest);
    json_sighting(json, "before", &witness->before);
    json_sighting(json, "after", &witness->after);
    vw_write_object_end(json);
}

static void json_cause(struct vw_json *json, const struct vw_timeline_cause *cause)
{
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_array_begin(json, "changes");
    for (i = 0; i < cause->change_count; i++)
        json_change(json, cause->changes[i]);
    vw_write_array_end(json);
    vw_write_string(json, "proof", cause->proof);
    vw_write_object_end(json);
}

static void json_turn(struct vw_json *json, const struct vw_timeline_turn *turn)
{
    size_t i;

    vw_write_string(json, "from", vw_flow_state_slug(turn->from));
    vw_write_string(json, "to", vw_flow_state_slug(turn->to));
    vw_write_time(json, "earliest", turn->earliest);
    vw_write_time(json, "latest", turn->latest);
    vw_write_string(json, "snapshot_before", turn->before ? turn->before->name : NULL);
    vw_write_string(json, "snapshot_after", turn->after ? turn->after->name : NULL);
    vw_write_array_begin(json, "witnesses");
    for (i = 0; i < turn->witness_count; i++)
        json_witness(json, &turn->witnesses[i]);
    vw_write_array_end(json);
    vw_write_array_begin(json, "causes");
    for (i = 0; i < turn->cause_count; i++)
        json_cause(json, &turn->causes[i]);
    vw_write_array_end(json);
    vw_write_string(json, "sentence", turn->sentence);
}

static void json_entry(struct vw_json *json, const struct vw_timeline_entry *entry)
{
    vw_write_object_begin(json, NULL);
    vw_write_time(json, "time", entry->time);
    if (entry->snapshot) {
        vw_write_string(json, "kind", "snapshot");
        vw_write_string(json, "name", entry->snapshot->name);
        vw_write_string(json, "verdict",
                        vw_verdict_slug(entry->snapshot->trace->verdict));
    } else if (entry->turn) {
        vw_write_string(json, "kind", "change");
        json_turn(json, entry->turn);
    } else if (entry->event) {
        vw_write_string(json, "kind", "event");
        vw_write_array_begin(json, "events");
        json_event(json, entry->event);
        vw_write_array_end(json);
    }
    vw_write_object_end(json);
}

static void json_step(struct vw_json *json, const struct vw_timeline_step *step)
{
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "before", step->before->name);
    vw_write_string(json, "after", step->after->name);
    vw_write_array_begin(json, "changes");
    for (i = 0; i < step->change_count; i++)
        json_change(json, &step->changes[i]);
    vw_write_array_end(json);
    vw_write_object_end(json);
}

static void json_snapshot(struct vw_json *json,
                          const struct vw_timeline_snapshot *snapshot)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "name", snapshot->name);
    vw_write_time(json, "time", snapshot->time);
    vw_write_trace(json, "trace", snapshot->trace);
    vw_write_object_end(json);
}

int vw_report_timeline_json(const struct vw_timeline_account *account, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    size_t i;

    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "schema", "vpcwhy/timeline/1");
    vw_write_string(&json, "conclusion",
                    vw_timeline_conclusion_slug(account->conclusion));
    vw_write_array_begin(&json, "entries");
    for (i = 0; i < account->entry_count; i++)
        json_entry(&json, &account->entries[i]);
    vw_write_array_end(&json);
    vw_write_array_begin(&json, "differences");
    for (i = 0; i < account->step_count; i++)
        json_step(&json, &account->steps[i]);
    vw_write_array_end(&json);
    vw_write_strings(&json, "notes", account->notes, account->note_count);
    vw_write_array_begin(&json, "snapshots");
    for (i = 0; i < account->snapshot_count; i++)
        json_snapshot(&json, &account->snapshots[i]);
    vw_write_array_end(&json);
    vw_write_object_end(&json);
    return vw_write_finish(&json);
}
