/* Pieces of describe-network-insights-analyses, as the service model of EC2 names them. */
#ifndef VW_REPORT_AWS_PARTS_H
#define VW_REPORT_AWS_PARTS_H

#include <vpcwhy/trace.h>

#include "report/json_writer.h"

/* {"Id", "Arn", "Name"}; nothing where `id` is NULL. `name` may be NULL. */
void vw_aws_component(struct vw_json *json, const char *key, const char *id,
                      const char *name);

/* AnalysisPacketHeader; nothing where the step does not tell its packets. */
void vw_aws_header(struct vw_json *json, const char *key, const struct vw_step *step);

/* The rule or route that decided, under the member that the kind of step has for it;
 * nothing where none did. */
void vw_aws_rule(struct vw_json *json, const struct vw_step *step);

/* Explanation. `missing`: the component that is named and not in the export, or NULL. */
void vw_aws_explanation(struct vw_json *json, const struct vw_step *step,
                        const char *missing);

#endif
