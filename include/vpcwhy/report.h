/*
 * Writers: text for people, JSON for programs. They compute nothing and print what the
 * results hold; all text from inputs is escaped here.
 */
#ifndef VPCWHY_REPORT_H
#define VPCWHY_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include <vpcwhy/crosscheck.h>
#include <vpcwhy/diagnostic.h>
#include <vpcwhy/policy.h>
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
int vw_report_timeline_text(const struct vw_timeline_account *account,
                            struct vw_report_style style, FILE *out);
int vw_report_timeline_json(const struct vw_timeline_account *account, FILE *out);
int vw_report_check_text(const struct vw_check *check, struct vw_report_style style,
                         FILE *out);
int vw_report_check_json(const struct vw_check *check, FILE *out);
int vw_report_diagnostics(const struct vw_diagnostics *diagnostics,
                          struct vw_report_style style, FILE *out);

#ifdef __cplusplus
}
#endif
#endif
