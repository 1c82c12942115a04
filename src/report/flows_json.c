/* The table of flows as JSON, vpcwhy/flows/1. */
#include <vpcwhy/report.h>

#include "report/flow_parts.h"

const char *vw_flow_action_word(enum vw_flow_action action)
{
    switch (action) {
    case VW_FLOW_ACTION_SEEN:
        break;
    case VW_FLOW_ACTION_ACCEPT:
        return "ACCEPT";
    case VW_FLOW_ACTION_REJECT:
        return "REJECT";
    }
    return NULL;
}

static void json_paths(struct vw_json *json, uint32_t paths)
{
    unsigned code;

    vw_write_array_begin(json, "traffic_paths");
    for (code = 0; code < 32; code++)
        if (paths >> code & 1)
            vw_write_integer(json, NULL, code);
    vw_write_array_end(json);
}

static void json_lost(struct vw_json *json, const struct vw_observation *row)
{
    static const char *const names[] = {"no_route", "blackhole", "mtu_exceeded",
                                        "ttl_expired"};
    bool any = false;
    int i;

    _Static_assert(sizeof names / sizeof *names == VW_LOST_COUNT, "one a reason");
    for (i = 0; i < VW_LOST_COUNT; i++)
        any |= row->lost[i] != VW_UNRECORDED;
    if (!any) {
        vw_write_null(json, "packets_lost");
        return;
    }
    vw_write_object_begin(json, "packets_lost");
    for (i = 0; i < VW_LOST_COUNT; i++)
        vw_write_recorded(json, names[i], row->lost[i]);
    vw_write_object_end(json);
}

static void json_flow(struct vw_json *json, const struct vw_observation *row)
{
    char buffer[16];

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "vantage", row->vantage);
    vw_write_string(json, "direction", vw_flow_direction_slug(row->direction));
    vw_write_address(json, "source", row->source);
    vw_write_address(json, "destination", row->destination);
    vw_write_address(json, "packet_source", row->packet_source);
    vw_write_address(json, "packet_destination", row->packet_destination);
    vw_write_string(json, "protocol",
                    row->protocol == VW_UNRECORDED
                        ? NULL
                        : vw_protocol_format(row->protocol, buffer));
    vw_write_recorded(json, "source_port", row->source_port);
    vw_write_recorded(json, "destination_port", row->destination_port);
    vw_write_string(json, "action", vw_flow_action_word(row->action));
    vw_write_recorded(json, "tcp_flags", row->tcp_flags);
    vw_write_time(json, "first", row->first);
    vw_write_time(json, "last", row->last);
    vw_write_unsigned(json, "records", row->records);
    vw_write_recorded(json, "packets", row->packets);
    vw_write_recorded(json, "bytes", row->bytes);
    vw_write_string(json, "reject_reason", row->reject_reason);
    json_paths(json, row->traffic_paths);
    vw_write_string(json, "next_hop", row->next_hop);
    json_lost(json, row);
    vw_write_object_end(json);
}

int vw_report_flows_json(const struct vw_flows *flows, FILE *out)
{
    const struct vw_flows_totals totals = vw_flows_totals(flows);
    struct vw_json json = vw_write_begin(out);
    struct vw_observation row;
    size_t i;

    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "schema", "vpcwhy/flows/1");
    vw_write_object_begin(&json, "totals");
    vw_write_unsigned(&json, "flows", totals.flows);
    vw_write_unsigned(&json, "records", totals.records);
    vw_write_unsigned(&json, "no_data", totals.no_data);
    vw_write_unsigned(&json, "skip_data", totals.skip_data);
    vw_write_unsigned(&json, "damaged", totals.damaged);
    vw_write_time(&json, "first", totals.first);
    vw_write_time(&json, "last", totals.last);
    vw_write_object_end(&json);
    vw_write_array_begin(&json, "flows");
    for (i = 0; i < vw_flows_count(flows); i++) {
        vw_flows_get(flows, i, &row);
        json_flow(&json, &row);
    }
    vw_write_array_end(&json);
    vw_write_object_end(&json);
    return vw_write_finish(&json);
}
