/* Pieces of JSON; see json_parts.h. */
#include "report/json_parts.h"

#include "base/time.h"

void vw_write_export_place(struct vw_json *json, struct vw_place_in_export place)
{
    if (!place.file) {
        vw_write_null(json, "source");
        return;
    }
    vw_write_object_begin(json, "source");
    vw_write_string(json, "file", place.file);
    vw_write_string(json, "pointer", place.pointer);
    vw_write_object_end(json);
}

void vw_write_address(struct vw_json *json, const char *key, struct vw_address address)
{
    char buffer[VW_ADDRESS_TEXT];

    vw_write_string(
        json, key,
        address.family == VW_FAMILY_NONE ? NULL : vw_address_format(address, buffer));
}

void vw_write_time(struct vw_json *json, const char *key, int64_t time)
{
    char buffer[VW_TIME_TEXT];

    vw_write_string(json, key,
                    time == VW_TIME_UNKNOWN ? NULL : vw_time_format(time, buffer));
}

void vw_write_ports(struct vw_json *json, const char *key, bool has,
                    struct vw_port_range ports)
{
    if (!has) {
        vw_write_null(json, key);
        return;
    }
    vw_write_array_begin(json, key);
    vw_write_pair(json, NULL, ports.first, ports.last);
    vw_write_array_end(json);
}

void vw_write_recorded(struct vw_json *json, const char *key, int64_t value)
{
    if (value < 0)
        vw_write_null(json, key);
    else
        vw_write_integer(json, key, value);
}

void vw_write_strings(struct vw_json *json, const char *key, const char *const *items,
                      size_t count)
{
    size_t i;

    vw_write_array_begin(json, key);
    for (i = 0; i < count; i++)
        vw_write_string(json, NULL, items[i]);
    vw_write_array_end(json);
}

void vw_write_record_place(struct vw_json *json, const char *key, const char *file,
                           uint64_t line)
{
    if (!file) {
        vw_write_null(json, key);
        return;
    }
    vw_write_object_begin(json, key);
    vw_write_string(json, "file", file);
    if (line)
        vw_write_unsigned(json, "line", line);
    else
        vw_write_null(json, "line");
    vw_write_object_end(json);
}

const char *vw_flow_direction_slug(enum vw_flow_direction direction)
{
    switch (direction) {
    case VW_FLOW_DIRECTION_UNKNOWN:
        return NULL;
    case VW_FLOW_DIRECTION_EGRESS:
        return "egress";
    case VW_FLOW_DIRECTION_INGRESS:
        return "ingress";
    }
    return NULL;
}
