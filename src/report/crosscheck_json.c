/* A cross-check as JSON, vpcwhy/crosscheck/1. */
#include <vpcwhy/report.h>

#include "report/json_parts.h"

static void json_finding(struct vw_json *json, const struct vw_finding *finding)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "result", vw_finding_slug(finding->result));
    vw_write_string(json, "kind", vw_evidence_kind_slug(finding->kind));
    vw_write_string(json, "vantage", finding->vantage);
    vw_write_string(json, "record", finding->flow == VW_FORWARD ? "A->B" : "B->A");
    vw_write_string(json, "predicted", finding->predicted);
    vw_write_string(json, "observed", finding->observed);
    vw_write_unsigned(json, "records", finding->records);
    vw_write_time(json, "first", finding->first);
    vw_write_time(json, "last", finding->last);
    vw_write_record_place(json, "source", finding->file, finding->line);
    vw_write_string(json, "sentence", finding->sentence);
    vw_write_object_end(json);
}

static void json_journeys(struct vw_json *json, const struct vw_crosscheck *crosscheck)
{
    size_t i;

    if (!crosscheck->captures)
        return;
    vw_write_witnesses(json, "captures", crosscheck->captures);
    vw_write_array_begin(json, "journeys");
    for (i = 0; i < crosscheck->journey_count; i++) {
        vw_write_object_begin(json, NULL);
        vw_write_string(json, "result", vw_finding_slug(crosscheck->journeys[i].result));
        vw_write_string(json, "sentence", crosscheck->journeys[i].sentence);
        vw_write_journey(json, "journey", crosscheck->captures,
                         crosscheck->journeys[i].journey);
        vw_write_object_end(json);
    }
    vw_write_array_end(json);
}

static const char *json_action(enum vw_flow_action action)
{
    switch (action) {
    case VW_FLOW_ACTION_SEEN:
        return "SEEN";
    case VW_FLOW_ACTION_ACCEPT:
        return "ACCEPT";
    case VW_FLOW_ACTION_REJECT:
        return "REJECT";
    }
    return NULL;
}

static void json_observation(struct vw_json *json, const struct vw_observation *row)
{
    char buffer[16];

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "kind", vw_evidence_kind_slug(row->kind));
    vw_write_string(json, "vantage", row->vantage);
    vw_write_string(json, "file", row->file);
    vw_write_recorded(json, "line", row->line ? (int64_t)row->line : VW_UNRECORDED);
    vw_write_string(json, "direction", vw_flow_direction_slug(row->direction));
    vw_write_address(json, "source", row->source);
    vw_write_address(json, "destination", row->destination);
    vw_write_address(json, "packet_source", row->packet_source);
    vw_write_address(json, "packet_destination", row->packet_destination);
    vw_write_string(json, "protocol", vw_protocol_format(row->protocol, buffer));
    vw_write_recorded(json, "source_port", row->source_port);
    vw_write_recorded(json, "destination_port", row->destination_port);
    vw_write_recorded(json, "icmp_type", row->icmp_type);
    vw_write_recorded(json, "icmp_code", row->icmp_code);
    vw_write_string(json, "action", json_action(row->action));
    vw_write_recorded(json, "tcp_flags", row->tcp_flags);
    vw_write_string(json, "reject_reason", row->reject_reason);
    vw_write_unsigned(json, "records", row->records);
    vw_write_recorded(json, "packets", row->packets);
    vw_write_recorded(json, "bytes", row->bytes);
    vw_write_time(json, "first", row->first);
    vw_write_time(json, "last", row->last);
    vw_write_recorded(json, "first_sequence", row->first_sequence);
    vw_write_recorded(json, "last_sequence", row->last_sequence);
    vw_write_recorded(json, "missing_sequences", row->missing_sequences);
    vw_write_object_end(json);
}

static void json_coverage(struct vw_json *json, const struct vw_coverage *coverage)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "kind", vw_evidence_kind_slug(coverage->kind));
    vw_write_string(json, "vantage", coverage->vantage);
    vw_write_string(json, "file", coverage->file);
    vw_write_time(json, "first", coverage->first);
    vw_write_time(json, "last", coverage->last);
    vw_write_unsigned(json, "records", coverage->records);
    vw_write_unsigned(json, "no_data", coverage->no_data);
    vw_write_unsigned(json, "skip_data", coverage->skip_data);
    vw_write_unsigned(json, "damaged", coverage->damaged);
    vw_write_boolean(json, "cut", coverage->cut);
    vw_write_boolean(json, "accept_only", coverage->accept_only);
    vw_write_boolean(json, "reject_only", coverage->reject_only);
    vw_write_integer(json, "interval_seconds", coverage->interval / 1000000000);
    vw_write_object_end(json);
}

static void json_evidence(struct vw_json *json, const struct vw_evidence *evidence)
{
    struct vw_observation row;
    size_t i;

    vw_write_array_begin(json, "observations");
    for (i = 0; i < vw_evidence_count(evidence); i++) {
        vw_evidence_copy(evidence, i, &row);
        json_observation(json, &row);
    }
    vw_write_array_end(json);
    vw_write_array_begin(json, "coverage");
    for (i = 0; i < vw_evidence_coverage_count(evidence); i++)
        json_coverage(json, vw_evidence_coverage_get(evidence, i));
    vw_write_array_end(json);
}

int vw_report_crosscheck_json(const struct vw_crosscheck *crosscheck, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    size_t i;

    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "schema", "vpcwhy/crosscheck/1");
    vw_write_string(&json, "conclusion", vw_conclusion_slug(crosscheck->conclusion));
    vw_write_strings(&json, "diagnosis", crosscheck->diagnosis,
                     crosscheck->diagnosis_count);
    vw_write_array_begin(&json, "findings");
    for (i = 0; i < crosscheck->finding_count; i++)
        json_finding(&json, &crosscheck->findings[i]);
    vw_write_array_end(&json);
    json_journeys(&json, crosscheck);
    if (crosscheck->evidence)
        json_evidence(&json, crosscheck->evidence);
    if (crosscheck->trace)
        vw_write_trace(&json, "trace", crosscheck->trace);
    vw_write_object_end(&json);
    return vw_write_finish(&json);
}
