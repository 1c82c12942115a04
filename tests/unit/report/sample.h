/* Results built by hand, for the tests of the writers: the incident's blocked ping. */
#ifndef VW_TESTS_REPORT_SAMPLE_H
#define VW_TESTS_REPORT_SAMPLE_H

#include <stdio.h>

#include <vpcwhy/crosscheck.h>
#include <vpcwhy/policy.h>
#include <vpcwhy/report.h>
#include <vpcwhy/trace.h>

/* The ping to 10.2.2.61, which the internet gateway drops. All of it is static. */
struct vw_trace sample_trace(void);

/* The same for 10.2.0.0/16: one part reachable, one not, one unknown. */
struct vw_trace sample_set(void);

/* A reply that was not expected, and a log that has no say. `evidence` is the caller's. */
struct vw_crosscheck sample_crosscheck(const struct vw_trace *trace,
                                       const struct vw_evidence *evidence);

/* One result of every outcome. */
struct vw_check sample_check(const struct vw_trace *trace);

/* What a writer wrote, NUL-terminated, to be freed; its return value must be 0. */
char *written_trace_text(const struct vw_trace *trace, bool colour);
char *written_trace_json(const struct vw_trace *trace);
char *written_trace_aws(const struct vw_trace *trace);
char *written_crosscheck_text(const struct vw_crosscheck *crosscheck);
char *written_crosscheck_json(const struct vw_crosscheck *crosscheck);
char *written_check_text(const struct vw_check *check);
char *written_check_json(const struct vw_check *check);

#endif
