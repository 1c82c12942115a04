/* A trace as JSON, vpcwhy/trace/1: fields and their order are a contract (vpcwhy(1)). */
#include "report/json_parts.h"

#include <vpcwhy/report.h>

static void json_export_place(struct vw_json *json, struct vw_place_in_export place)
{
    if (!place.file) {
        vw_json_null(json, "source");
        return;
    }
    vw_json_object_begin(json, "source");
    vw_json_string(json, "file", place.file);
    vw_json_string(json, "pointer", place.pointer);
    vw_json_object_end(json);
}

static void json_end(struct vw_json *json, const char *key,
                     const struct vw_trace_end *end)
{
    vw_json_object_begin(json, key);
    vw_json_string(json, "asked", end->asked);
    vw_json_string(json, "address", end->address);
    vw_json_string(json, "public_address", end->public_address);
    vw_json_string(json, "eni", end->eni);
    vw_json_string(json, "instance", end->instance);
    vw_json_string(json, "name", end->name);
    vw_json_string(json, "subnet", end->subnet);
    vw_json_string(json, "vpc", end->vpc);
    vw_json_object_end(json);
}

static void json_question(struct vw_json *json, const struct vw_trace *trace)
{
    char buffer[16];

    vw_json_object_begin(json, "question");
    json_end(json, "from", &trace->from);
    json_end(json, "to", &trace->to);
    vw_json_string(json, "protocol", vw_protocol_format(trace->protocol, buffer));
    vw_json_ports(json, "ports", trace->has_ports, trace->ports);
    vw_json_ports(json, "source_ports", trace->has_ports, trace->source_ports);
    vw_json_recorded(json, "icmp_type", trace->icmp_type);
    vw_json_recorded(json, "icmp_code", trace->icmp_code);
    vw_json_boolean(json, "one_way", trace->one_way);
    vw_json_object_end(json);
}

static void json_step(struct vw_json *json, const struct vw_step *step)
{
    size_t i;

    vw_json_object_begin(json, NULL);
    vw_json_string(json, "component", step->component);
    vw_json_string(json, "name", step->component_name);
    vw_json_string(json, "kind", vw_step_kind_slug(step->kind));
    vw_json_string(json, "decision", vw_decision_slug(step->decision));
    vw_json_string(json, "code", vw_reason_code(step->reason));
    vw_json_object_begin(json, "rule");
    for (i = 0; i < step->fact_count; i++) {
        const struct vw_fact *fact = &step->facts[i];

        if (fact->is_number)
            vw_json_number(json, fact->key, fact->value);
        else
            vw_json_string(json, fact->key, fact->value);
    }
    vw_json_object_end(json);
    vw_json_string(json, "rule_text", step->rule_text);
    json_export_place(json, step->source);
    vw_json_string(json, "sentence", step->sentence);
    vw_json_object_end(json);
}

static void json_leg(struct vw_json *json, const char *key, const struct vw_leg *leg)
{
    size_t i;

    vw_json_object_begin(json, key);
    vw_json_string(json, "verdict", leg->walked ? vw_verdict_slug(leg->verdict) : NULL);
    vw_json_boolean(json, "hypothetical", leg->walked && leg->hypothetical);
    vw_json_array_begin(json, "steps");
    for (i = 0; leg->walked && i < leg->step_count; i++)
        json_step(json, &leg->steps[i]);
    vw_json_array_end(json);
    vw_json_object_end(json);
}

void vw_json_blocker(struct vw_json *json, const struct vw_blocker *blocker)
{
    vw_json_object_begin(json, NULL);
    vw_json_string(json, "direction", vw_direction_slug(blocker->direction));
    vw_json_string(json, "code", vw_reason_code(blocker->reason));
    vw_json_string(json, "component", blocker->component);
    vw_json_string(json, "sentence", blocker->sentence);
    json_export_place(json, blocker->source);
    vw_json_object_end(json);
}

void vw_json_unknown(struct vw_json *json, const struct vw_unknown *unknown)
{
    vw_json_object_begin(json, NULL);
    vw_json_string(json, "direction", vw_direction_slug(unknown->direction));
    vw_json_string(json, "code", vw_reason_code(unknown->reason));
    vw_json_string(json, "component", unknown->component);
    vw_json_string(json, "sentence", unknown->sentence);
    vw_json_string(json, "missing", unknown->missing);
    vw_json_object_end(json);
}

static void json_prefixes(struct vw_json *json, const char *key,
                          const struct vw_prefix_set *set)
{
    char buffer[VW_PREFIX_TEXT];
    size_t i;

    vw_json_array_begin(json, key);
    for (i = 0; i < set->count; i++)
        vw_json_string(json, NULL, vw_prefix_format(set->items[i], buffer));
    vw_json_array_end(json);
}

static void json_port_set(struct vw_json *json, const char *key,
                          const struct vw_port_set *set)
{
    size_t i;

    vw_json_array_begin(json, key);
    for (i = 0; i < set->count; i++)
        vw_json_pair(json, NULL, set->items[i].first, set->items[i].last);
    vw_json_array_end(json);
}

static void json_piece(struct vw_json *json, const struct vw_piece *piece)
{
    size_t i;

    vw_json_object_begin(json, NULL);
    json_prefixes(json, "from", &piece->from);
    json_prefixes(json, "to", &piece->to);
    json_port_set(json, "ports", &piece->ports);
    json_port_set(json, "source_ports", &piece->source_ports);
    vw_json_string(json, "verdict", vw_verdict_slug(piece->verdict));
    vw_json_array_begin(json, "blockers");
    for (i = 0; i < piece->blocker_count; i++)
        vw_json_blocker(json, piece->blockers[i]);
    vw_json_array_end(json);
    vw_json_array_begin(json, "unknowns");
    for (i = 0; i < piece->unknown_count; i++)
        vw_json_unknown(json, piece->unknowns[i]);
    vw_json_array_end(json);
    vw_json_object_end(json);
}

static void json_pieces(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    if (!trace->is_set && trace->piece_count < 2)
        return;
    vw_json_array_begin(json, "pieces");
    for (i = 0; i < trace->piece_count; i++)
        json_piece(json, &trace->pieces[i]);
    vw_json_array_end(json);
}

static void json_fixes(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    vw_json_array_begin(json, "fixes");
    for (i = 0; i < trace->fix_count; i++) {
        const struct vw_fix *fix = &trace->fixes[i];

        vw_json_object_begin(json, NULL);
        vw_json_string(json, "sentence", fix->sentence);
        vw_json_strings(json, "commands", fix->commands, fix->command_count);
        vw_json_boolean(json, "proved", fix->proved);
        vw_json_object_end(json);
    }
    vw_json_array_end(json);
}

static void json_prediction(struct vw_json *json, const struct vw_prediction *prediction)
{
    vw_json_object_begin(json, NULL);
    vw_json_string(json, "vantage", vw_evidence_kind_slug(prediction->vantage));
    vw_json_string(json, "end", prediction->end == VW_END_A ? "A" : "B");
    vw_json_string(json, "eni", prediction->eni);
    vw_json_string(json, "direction", vw_flow_direction_slug(prediction->direction));
    vw_json_string(json, "record", prediction->flow == VW_FORWARD ? "A->B" : "B->A");
    vw_json_string(json, "expect", vw_expectation_slug(prediction->expect));
    vw_json_boolean(json, "needs_answer", prediction->needs_answer);
    vw_json_address(json, "source", prediction->source);
    vw_json_address(json, "destination", prediction->destination);
    vw_json_string(json, "sentence", prediction->sentence);
    vw_json_object_end(json);
}

static void json_inputs(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    vw_json_array_begin(json, "inputs");
    for (i = 0; i < trace->input_count; i++) {
        vw_json_object_begin(json, NULL);
        vw_json_string(json, "file", trace->inputs[i].file);
        vw_json_string(json, "sha256", trace->inputs[i].sha256);
        vw_json_object_end(json);
    }
    vw_json_array_end(json);
}

void vw_json_trace(struct vw_json *json, const char *key, const struct vw_trace *trace)
{
    size_t i;

    vw_json_object_begin(json, key);
    vw_json_string(json, "schema", "vpcwhy/trace/1");
    json_question(json, trace);
    vw_json_string(json, "verdict", vw_verdict_slug(trace->verdict));
    json_leg(json, "forward", &trace->forward);
    json_leg(json, "return", &trace->reply);
    json_pieces(json, trace);
    vw_json_array_begin(json, "blockers");
    for (i = 0; i < trace->blocker_count; i++)
        vw_json_blocker(json, &trace->blockers[i]);
    vw_json_array_end(json);
    vw_json_array_begin(json, "unknowns");
    for (i = 0; i < trace->unknown_count; i++)
        vw_json_unknown(json, &trace->unknowns[i]);
    vw_json_array_end(json);
    json_fixes(json, trace);
    vw_json_strings(json, "assumptions", trace->assumptions, trace->assumption_count);
    vw_json_array_begin(json, "predictions");
    for (i = 0; i < trace->prediction_count; i++)
        json_prediction(json, &trace->predictions[i]);
    vw_json_array_end(json);
    json_inputs(json, trace);
    vw_json_object_end(json);
}

int vw_report_trace_json(const struct vw_trace *trace, FILE *out)
{
    struct vw_json json = vw_json_begin(out);

    vw_json_trace(&json, NULL, trace);
    return vw_json_finish(&json);
}
