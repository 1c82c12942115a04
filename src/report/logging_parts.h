/* What the export says of flow logs, as part of a report. */
#ifndef VW_REPORT_LOGGING_PARTS_H
#define VW_REPORT_LOGGING_PARTS_H

#include <vpcwhy/logging.h>

#include "report/json_writer.h"
#include "report/text_writer.h"

/* Which interfaces no flow log covers, and which flow logs are not delivered. */
void vw_text_logging(struct vw_text *text, const struct vw_logging *logging);

/* The members "coverage" and "deliveries". */
void vw_write_logging(struct vw_json *json, const struct vw_logging *logging);

#endif
