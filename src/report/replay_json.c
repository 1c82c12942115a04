/* A replay as JSON, vpcwhy/replay/1. */
#include <vpcwhy/report.h>

#include "report/json_parts.h"
#include "report/logging_parts.h"

static const char *action_word(enum vw_flow_action action)
{
    switch (action) {
    case VW_FLOW_ACTION_SEEN:
        return NULL;
    case VW_FLOW_ACTION_ACCEPT:
        return "ACCEPT";
    case VW_FLOW_ACTION_REJECT:
        return "REJECT";
    }
    return NULL;
}

static void json_example(struct vw_json *json, const struct vw_observation *row)
{
    char buffer[16];

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "eni", row->vantage);
    vw_write_address(json, "source", row->source);
    vw_write_address(json, "destination", row->destination);
    vw_write_address(json, "packet_source", row->packet_source);
    vw_write_address(json, "packet_destination", row->packet_destination);
    vw_write_string(json, "protocol",
                    row->protocol < 0 ? NULL : vw_protocol_format(row->protocol, buffer));
    vw_write_recorded(json, "source_port", row->source_port);
    vw_write_recorded(json, "destination_port", row->destination_port);
    vw_write_string(json, "action", action_word(row->action));
    vw_write_recorded(json, "tcp_flags", row->tcp_flags);
    vw_write_string(json, "reject_reason", row->reject_reason);
    vw_write_unsigned(json, "records", row->records);
    vw_write_recorded(json, "packets", row->packets);
    vw_write_time(json, "first", row->first);
    vw_write_time(json, "last", row->last);
    vw_write_record_place(json, "source_line", row->file, row->line);
    vw_write_object_end(json);
}

static void json_services(struct vw_json *json, const struct vw_replay_finding *finding)
{
    char buffer[16];
    size_t i;

    vw_write_array_begin(json, "services");
    for (i = 0; i < finding->service_count; i++) {
        const struct vw_replay_service *service = &finding->services[i];

        vw_write_object_begin(json, NULL);
        vw_write_string(
            json, "protocol",
            service->protocol < 0 ? NULL : vw_protocol_format(service->protocol, buffer));
        vw_write_recorded(json, "port", service->port);
        vw_write_unsigned(json, "flows", service->flows);
        vw_write_object_end(json);
    }
    vw_write_array_end(json);
    vw_write_unsigned(json, "services_all", finding->services_all);
}

static void json_finding(struct vw_json *json, const struct vw_replay_finding *finding)
{
    const char *advice = vw_reading_advice(finding->reading);
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "result",
                    vw_replay_result_slug(vw_reading_result(finding->reading)));
    vw_write_string(json, "reading", vw_reading_slug(finding->reading));
    vw_write_string(json, "eni", finding->eni);
    vw_write_string(json, "direction", vw_flow_direction_slug(finding->direction));
    vw_write_string(json, "component", finding->component);
    vw_write_string(json, "rule", finding->rule);
    if (finding->source.file) {
        vw_write_object_begin(json, "source");
        vw_write_string(json, "file", finding->source.file);
        vw_write_string(json, "pointer", finding->source.pointer);
        vw_write_object_end(json);
    } else {
        vw_write_null(json, "source");
    }
    vw_write_unsigned(json, "flows", finding->flows);
    vw_write_unsigned(json, "records", finding->records);
    vw_write_recorded(json, "packets", finding->packets);
    vw_write_time(json, "first", finding->first);
    vw_write_time(json, "last", finding->last);
    json_services(json, finding);
    vw_write_object_begin(json, "agreeing");
    vw_write_unsigned(json, "flows", finding->agreeing);
    vw_write_time(json, "first", finding->agreeing_first);
    vw_write_time(json, "last", finding->agreeing_last);
    vw_write_object_end(json);
    vw_write_string(json, "headline", vw_reading_headline(finding->reading));
    vw_write_string(json, "sentence", finding->sentence);
    vw_write_string(json, "advice", *advice ? advice : NULL);
    vw_write_string(json, "missing", finding->missing);
    vw_write_array_begin(json, "examples");
    for (i = 0; i < finding->example_count; i++)
        json_example(json, finding->examples[i]);
    vw_write_array_end(json);
    vw_write_object_end(json);
}

static void json_counts(struct vw_json *json, const char *key, uint64_t all,
                        const uint64_t by_result[VW_REPLAY_RESULTS])
{
    size_t i;

    vw_write_object_begin(json, key);
    vw_write_unsigned(json, "all", all);
    for (i = 0; i < VW_REPLAY_RESULTS; i++)
        vw_write_unsigned(json, vw_replay_result_slug((enum vw_replay_result)i),
                          by_result[i]);
    vw_write_object_end(json);
}

int vw_report_replay_json(const struct vw_replay *replay,
                          const struct vw_logging *logging, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    size_t i;

    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "schema", "vpcwhy/replay/1");
    vw_write_string(&json, "conclusion", vw_conclusion_slug(replay->conclusion));
    json_counts(&json, "flows", replay->flows, replay->flows_by_result);
    json_counts(&json, "records", replay->records, replay->records_by_result);
    vw_write_unsigned(&json, "skip_data_interfaces", replay->skipping);
    vw_write_array_begin(&json, "findings");
    for (i = 0; i < replay->finding_count; i++)
        json_finding(&json, &replay->findings[i]);
    vw_write_array_end(&json);
    vw_write_logging(&json, logging);
    vw_write_object_end(&json);
    return vw_write_finish(&json);
}
