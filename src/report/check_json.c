/* Results of expectations as JSON, vpcwhy/check/1. */
#include <vpcwhy/report.h>

#include "report/json_parts.h"

static void json_result(struct vw_json *json, const struct vw_check_result *result)
{
    const struct vw_trace *trace = result->trace;
    size_t i;

    vw_json_object_begin(json, NULL);
    vw_json_string(json, "id", result->id);
    vw_json_string(json, "outcome", vw_outcome_slug(result->outcome));
    vw_json_string(json, "expected", vw_verdict_slug(result->expected));
    vw_json_string(json, "verdict", trace ? vw_verdict_slug(trace->verdict) : NULL);
    vw_json_string(json, "from", result->from);
    vw_json_string(json, "to", result->to);
    vw_json_string(json, "protocol", result->protocol);
    vw_json_ports(json, "ports", result->has_ports, result->ports);
    vw_json_string(json, "why", result->why);
    vw_json_record_place(json, "source", result->file, result->line);
    vw_json_array_begin(json, "blockers");
    for (i = 0; trace && i < trace->blocker_count; i++)
        vw_json_blocker(json, &trace->blockers[i]);
    vw_json_array_end(json);
    vw_json_array_begin(json, "unknowns");
    for (i = 0; trace && i < trace->unknown_count; i++)
        vw_json_unknown(json, &trace->unknowns[i]);
    vw_json_array_end(json);
    vw_json_string(json, "sentence", result->sentence);
    vw_json_object_end(json);
}

int vw_report_check_json(const struct vw_check *check, FILE *out)
{
    struct vw_json json = vw_json_begin(out);
    size_t i;

    vw_json_object_begin(&json, NULL);
    vw_json_string(&json, "schema", "vpcwhy/check/1");
    vw_json_object_begin(&json, "summary");
    vw_json_unsigned(&json, "expectations", check->result_count);
    vw_json_unsigned(&json, "holds", check->holds);
    vw_json_unsigned(&json, "fails", check->fails);
    vw_json_unsigned(&json, "unknown", check->unknown);
    vw_json_unsigned(&json, "inapplicable", check->inapplicable);
    vw_json_object_end(&json);
    vw_json_array_begin(&json, "results");
    for (i = 0; i < check->result_count; i++)
        json_result(&json, &check->results[i]);
    vw_json_array_end(&json);
    vw_json_object_end(&json);
    return vw_json_finish(&json);
}
