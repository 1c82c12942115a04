/* Results of expectations as JSON, vpcwhy/check/1. */
#include <vpcwhy/report.h>

#include "report/json_parts.h"

static void json_result(struct vw_json *json, const struct vw_check_result *result)
{
    const struct vw_trace *trace = result->trace;
    size_t i;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "id", result->id);
    vw_write_string(json, "outcome", vw_outcome_slug(result->outcome));
    vw_write_string(json, "expected", vw_verdict_slug(result->expected));
    vw_write_string(json, "verdict", trace ? vw_verdict_slug(trace->verdict) : NULL);
    vw_write_string(json, "from", result->from);
    vw_write_string(json, "to", result->to);
    vw_write_string(json, "protocol", result->protocol);
    vw_write_ports(json, "ports", result->has_ports, result->ports);
    vw_write_string(json, "why", result->why);
    vw_write_record_place(json, "source", result->file, result->line);
    vw_write_array_begin(json, "blockers");
    for (i = 0; trace && i < trace->blocker_count; i++)
        vw_write_blocker(json, &trace->blockers[i]);
    vw_write_array_end(json);
    vw_write_array_begin(json, "unknowns");
    for (i = 0; trace && i < trace->unknown_count; i++)
        vw_write_unknown(json, &trace->unknowns[i]);
    vw_write_array_end(json);
    vw_write_string(json, "sentence", result->sentence);
    vw_write_object_end(json);
}

int vw_report_check_json(const struct vw_check *check, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    size_t i;

    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "schema", "vpcwhy/check/1");
    vw_write_object_begin(&json, "summary");
    vw_write_unsigned(&json, "expectations", check->result_count);
    vw_write_unsigned(&json, "holds", check->holds);
    vw_write_unsigned(&json, "fails", check->fails);
    vw_write_unsigned(&json, "unknown", check->unknown);
    vw_write_unsigned(&json, "inapplicable", check->inapplicable);
    vw_write_object_end(&json);
    vw_write_array_begin(&json, "results");
    for (i = 0; i < check->result_count; i++)
        json_result(&json, &check->results[i]);
    vw_write_array_end(&json);
    vw_write_object_end(&json);
    return vw_write_finish(&json);
}
