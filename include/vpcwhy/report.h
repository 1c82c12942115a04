/*
 * Writers: text for people, JSON for programs. They compute nothing and print what the
 * results hold; all text from inputs is escaped here.
 */
#ifndef VPCWHY_REPORT_H
#define VPCWHY_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <vpcwhy/capture.h>
#include <vpcwhy/crosscheck.h>
#include <vpcwhy/diagnostic.h>
#include <vpcwhy/flows.h>
#include <vpcwhy/journey.h>
#include <vpcwhy/logging.h>
#include <vpcwhy/policy.h>
#include <vpcwhy/query.h>
#include <vpcwhy/replay.h>
#include <vpcwhy/timeline.h>
#include <vpcwhy/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vw_report_style {
    bool colour; /* ANSI colours */
    bool quiet;  /* of diagnostics, errors only */
};

/* Each writes to `out` and returns 0 or VW_ERROR_OUTPUT / VW_ERROR_NO_MEMORY. */
int vw_report_trace_text(const struct vw_trace *trace, struct vw_report_style style,
                         FILE *out);
int vw_report_trace_json(const struct vw_trace *trace, FILE *out);
/* What `aws ec2 describe-network-insights-analyses` prints of such a trace. */
int vw_report_trace_aws(const struct vw_trace *trace, FILE *out);
int vw_report_crosscheck_text(const struct vw_crosscheck *crosscheck,
                              struct vw_report_style style, FILE *out);
int vw_report_crosscheck_json(const struct vw_crosscheck *crosscheck, FILE *out);
/* A replay, and below it what the export says of flow logs. */
int vw_report_replay_text(const struct vw_replay *replay,
                          const struct vw_logging *logging, struct vw_report_style style,
                          FILE *out);
int vw_report_replay_json(const struct vw_replay *replay,
                          const struct vw_logging *logging, FILE *out);
int vw_report_timeline_text(const struct vw_timeline_account *account,
                            struct vw_report_style style, FILE *out);
int vw_report_timeline_json(const struct vw_timeline_account *account, FILE *out);
int vw_report_check_text(const struct vw_check *check, struct vw_report_style style,
                         FILE *out);
int vw_report_check_json(const struct vw_check *check, FILE *out);
/* The rows of a query: aligned columns, CSV, or as `aws logs get-query-results` prints them. */
int vw_report_query_table(const struct vw_query_result *result,
                          struct vw_report_style style, FILE *out);
int vw_report_query_csv(const struct vw_query_result *result, FILE *out);
int vw_report_query_json(const struct vw_query_result *result, FILE *out);
/* The line of the query's text that a diagnostic of file "query" is about, and a caret. */
int vw_report_query_excerpt(const char *query, const struct vw_diagnostic *diagnostic,
                            struct vw_report_style style, FILE *out);

/* The flows that can be asked for, busiest first, and what all of them sum up to. */
int vw_report_flows_text(const struct vw_flows *flows, struct vw_report_style style,
                         FILE *out);
int vw_report_flows_json(const struct vw_flows *flows, FILE *out);
/* A header line and a line a flow, which vw_flows_read reads again. */
int vw_report_flows_csv(const struct vw_flows *flows, FILE *out);

/* What several captures say together: a part of what `vpcwhy capture` prints. */
int vw_report_journeys_text(const struct vw_journeys *journeys,
                            struct vw_report_style style, FILE *out);
int vw_report_capture_text(const struct vw_capture *capture, struct vw_report_style style,
                           FILE *out);
/* One document for all of them, and what they say together; NULL: nothing. */
int vw_report_captures_json(const struct vw_capture *const *captures, size_t count,
                            const struct vw_journeys *journeys, FILE *out);
int vw_report_diagnostics(const struct vw_diagnostics *diagnostics,
                          struct vw_report_style style, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
