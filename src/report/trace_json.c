/* A trace as JSON, vpcwhy/trace/1: fields and their order are a contract (vpcwhy(1)). */
#include "report/json_parts.h"

#include <vpcwhy/report.h>

static void json_end(struct vw_json *json, const char *key,
                     const struct vw_trace_end *end)
{
    vw_write_object_begin(json, key);
    vw_write_string(json, "asked", end->asked);
    vw_write_string(json, "address", end->address);
    vw_write_string(json, "public_address", end->public_address);
    vw_write_string(json, "eni", end->eni);
    vw_write_string(json, "instance", end->instance);
    vw_write_string(json, "name", end->name);
    vw_write_string(json, "subnet", end->subnet);
    vw_write_string(json, "vpc", end->vpc);
    vw_write_object_end(json);
}

static void json_question(struct vw_json *json, const struct vw_trace *trace)
{
    char buffer[16];

    vw_write_object_begin(json, "question");
    json_end(json, "from", &trace->from);
    json_end(json, "to", &trace->to);
    vw_write_string(json, "protocol", vw_protocol_format(trace->protocol, buffer));
    vw_write_ports(json, "ports", trace->has_ports, trace->ports);
    vw_write_ports(json, "source_ports", trace->has_ports, trace->source_ports);
    vw_write_recorded(json, "icmp_type", trace->icmp_type);
    vw_write_recorded(json, "icmp_code", trace->icmp_code);
    vw_write_boolean(json, "one_way", trace->one_way);
    vw_write_object_end(json);
}

static void json_step(struct vw_json *json, const struct vw_step *step)
{
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "component", step->component);
    vw_write_string(json, "name", step->component_name);
    vw_write_string(json, "kind", vw_step_kind_slug(step->kind));
    vw_write_string(json, "decision", vw_decision_slug(step->decision));
    vw_write_string(json, "code", vw_reason_code(step->reason));
    vw_write_object_begin(json, "rule");
    for (i = 0; i < step->fact_count; i++) {
        const struct vw_fact *fact = &step->facts[i];

        if (fact->is_number)
            vw_write_number(json, fact->key, fact->value);
        else
            vw_write_string(json, fact->key, fact->value);
    }
    vw_write_object_end(json);
    vw_write_string(json, "rule_text", step->rule_text);
    vw_write_export_place(json, step->source);
    vw_write_string(json, "sentence", step->sentence);
    vw_write_object_end(json);
}

static void json_leg(struct vw_json *json, const char *key, const struct vw_leg *leg)
{
    size_t i;

    vw_write_object_begin(json, key);
    vw_write_string(json, "verdict", leg->walked ? vw_verdict_slug(leg->verdict) : NULL);
    vw_write_boolean(json, "hypothetical", leg->walked && leg->hypothetical);
    vw_write_array_begin(json, "steps");
    for (i = 0; leg->walked && i < leg->step_count; i++)
        json_step(json, &leg->steps[i]);
    vw_write_array_end(json);
    vw_write_object_end(json);
}

void vw_write_blocker(struct vw_json *json, const struct vw_blocker *blocker)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "direction", vw_direction_slug(blocker->direction));
    vw_write_string(json, "code", vw_reason_code(blocker->reason));
    vw_write_string(json, "component", blocker->component);
    vw_write_string(json, "sentence", blocker->sentence);
    vw_write_export_place(json, blocker->source);
    vw_write_object_end(json);
}

void vw_write_unknown(struct vw_json *json, const struct vw_unknown *unknown)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "direction", vw_direction_slug(unknown->direction));
    vw_write_string(json, "code", vw_reason_code(unknown->reason));
    vw_write_string(json, "component", unknown->component);
    vw_write_string(json, "sentence", unknown->sentence);
    vw_write_string(json, "missing", unknown->missing);
    vw_write_object_end(json);
}

static void json_prefixes(struct vw_json *json, const char *key,
                          const struct vw_prefix_set *set)
{
    char buffer[VW_PREFIX_TEXT];
    size_t i;

    vw_write_array_begin(json, key);
    for (i = 0; i < set->count; i++)
        vw_write_string(json, NULL, vw_prefix_format(set->items[i], buffer));
    vw_write_array_end(json);
}

static void json_port_set(struct vw_json *json, const char *key,
                          const struct vw_port_set *set)
{
    size_t i;

    vw_write_array_begin(json, key);
    for (i = 0; i < set->count; i++)
        vw_write_pair(json, NULL, set->items[i].first, set->items[i].last);
    vw_write_array_end(json);
}

static void json_piece(struct vw_json *json, const struct vw_piece *piece)
{
    size_t i;

    vw_write_object_begin(json, NULL);
    json_prefixes(json, "from", &piece->from);
    json_prefixes(json, "to", &piece->to);
    json_port_set(json, "ports", &piece->ports);
    json_port_set(json, "source_ports", &piece->source_ports);
    vw_write_string(json, "verdict", vw_verdict_slug(piece->verdict));
    vw_write_array_begin(json, "blockers");
    for (i = 0; i < piece->blocker_count; i++)
        vw_write_blocker(json, piece->blockers[i]);
    vw_write_array_end(json);
    vw_write_array_begin(json, "unknowns");
    for (i = 0; i < piece->unknown_count; i++)
        vw_write_unknown(json, piece->unknowns[i]);
    vw_write_array_end(json);
    vw_write_object_end(json);
}

static void json_pieces(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    if (!trace->is_set && trace->piece_count < 2)
        return;
    vw_write_array_begin(json, "pieces");
    for (i = 0; i < trace->piece_count; i++)
        json_piece(json, &trace->pieces[i]);
    vw_write_array_end(json);
}

static void json_fixes(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    vw_write_array_begin(json, "fixes");
    for (i = 0; i < trace->fix_count; i++) {
        const struct vw_fix *fix = &trace->fixes[i];

        vw_write_object_begin(json, NULL);
        vw_write_string(json, "sentence", fix->sentence);
        vw_write_strings(json, "commands", fix->commands, fix->command_count);
        vw_write_boolean(json, "proved", fix->proved);
        vw_write_object_end(json);
    }
    vw_write_array_end(json);
}

static void json_prediction(struct vw_json *json, const struct vw_prediction *prediction)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "vantage", vw_evidence_kind_slug(prediction->vantage));
    vw_write_string(json, "end", prediction->end == VW_END_A ? "A" : "B");
    vw_write_string(json, "eni", prediction->eni);
    vw_write_string(json, "direction", vw_flow_direction_slug(prediction->direction));
    vw_write_string(json, "record", prediction->flow == VW_FORWARD ? "A->B" : "B->A");
    vw_write_string(json, "expect", vw_expectation_slug(prediction->expect));
    vw_write_boolean(json, "needs_answer", prediction->needs_answer);
    vw_write_address(json, "source", prediction->source);
    vw_write_address(json, "destination", prediction->destination);
    vw_write_string(json, "sentence", prediction->sentence);
    vw_write_object_end(json);
}

static void json_inputs(struct vw_json *json, const struct vw_trace *trace)
{
    size_t i;

    vw_write_array_begin(json, "inputs");
    for (i = 0; i < trace->input_count; i++) {
        vw_write_object_begin(json, NULL);
        vw_write_string(json, "file", trace->inputs[i].file);
        vw_write_string(json, "sha256", trace->inputs[i].sha256);
        vw_write_object_end(json);
    }
    vw_write_array_end(json);
}

void vw_write_trace(struct vw_json *json, const char *key, const struct vw_trace *trace)
{
    size_t i;

    vw_write_object_begin(json, key);
    vw_write_string(json, "schema", "vpcwhy/trace/1");
    json_question(json, trace);
    vw_write_string(json, "verdict", vw_verdict_slug(trace->verdict));
    json_leg(json, "forward", &trace->forward);
    json_leg(json, "return", &trace->reply);
    json_pieces(json, trace);
    vw_write_array_begin(json, "blockers");
    for (i = 0; i < trace->blocker_count; i++)
        vw_write_blocker(json, &trace->blockers[i]);
    vw_write_array_end(json);
    vw_write_array_begin(json, "unknowns");
    for (i = 0; i < trace->unknown_count; i++)
        vw_write_unknown(json, &trace->unknowns[i]);
    vw_write_array_end(json);
    json_fixes(json, trace);
    vw_write_strings(json, "assumptions", trace->assumptions, trace->assumption_count);
    vw_write_array_begin(json, "predictions");
    for (i = 0; i < trace->prediction_count; i++)
        json_prediction(json, &trace->predictions[i]);
    vw_write_array_end(json);
    json_inputs(json, trace);
    vw_write_object_end(json);
}

int vw_report_trace_json(const struct vw_trace *trace, FILE *out)
{
    struct vw_json json = vw_write_begin(out);

    vw_write_trace(&json, NULL, trace);
    return vw_write_finish(&json);
}
