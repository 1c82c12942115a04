/* Pieces of JSON that several documents hold. */
#ifndef VW_REPORT_JSON_PARTS_H
#define VW_REPORT_JSON_PARTS_H

#include <vpcwhy/journey.h>
#include <vpcwhy/trace.h>

#include "report/json_writer.h"

/* The whole vpcwhy/trace/1 object. */
void vw_write_trace(struct vw_json *json, const char *key, const struct vw_trace *trace);

void vw_write_blocker(struct vw_json *json, const struct vw_blocker *blocker);
void vw_write_unknown(struct vw_json *json, const struct vw_unknown *unknown);

/* "from", "to", ...: null for an address of no family. */
void vw_write_address(struct vw_json *json, const char *key, struct vw_address address);

/* RFC 3339, or null for VW_TIME_UNKNOWN. */
void vw_write_time(struct vw_json *json, const char *key, int64_t time);

/* [[first, last]], or null where there are none. */
void vw_write_ports(struct vw_json *json, const char *key, bool has,
                    struct vw_port_range ports);

/* VW_UNRECORDED and every other negative number is null. */
void vw_write_recorded(struct vw_json *json, const char *key, int64_t value);

void vw_write_strings(struct vw_json *json, const char *key, const char *const *items,
                      size_t count);

/* "source": {"file", "pointer"}, or null where there is no file. */
void vw_write_export_place(struct vw_json *json, struct vw_place_in_export place);

/* {"file", "line"}, or null where there is no file; a line 0 is null. */
void vw_write_record_place(struct vw_json *json, const char *key, const char *file,
                           uint64_t line);

/* "egress", "ingress", or NULL where it is not known. */
const char *vw_flow_direction_slug(enum vw_flow_direction direction);

/* Flows that captures have together, and who took the captures. */
void vw_write_journey(struct vw_json *json, const char *key,
                      const struct vw_journeys *journeys,
                      const struct vw_journey *journey);
void vw_write_witnesses(struct vw_json *json, const char *key,
                        const struct vw_journeys *journeys);
/* {"witnesses", "journeys"} */
void vw_write_journeys(struct vw_json *json, const char *key,
                       const struct vw_journeys *journeys);

#endif
