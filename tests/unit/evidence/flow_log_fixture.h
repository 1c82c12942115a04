/* What the tests of the flow log reader share: one reading, and looks at what came of it. */
#ifndef FLOW_LOG_FIXTURE_H
#define FLOW_LOG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/evidence.h>

#include "temporary.h"

#define HEADER                                                                           \
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets "  \
    "bytes start end action log-status\n"
#define SECOND INT64_C(1000000000)

/* One reading, and what came of it. */
struct fixture {
    struct temporary temporary;
    struct vw_evidence *evidence;
    struct vw_diagnostics *diagnostics;
};

/* One record of the default format; assert_sample looks for it. */
#define SAMPLE                                                                           \
    "2 123456789012 eni-1 10.0.0.1 10.0.0.2 40000 443 6 5 500 1700000000 1700000060 "    \
    "ACCEPT OK"

int flow_log_setup(void **state);
int flow_log_teardown(void **state);
int read_path(struct fixture *fixture, const char *path);
int read_text(struct fixture *fixture, const char *text);
const struct vw_observation *row(const struct fixture *fixture, size_t index);
const struct vw_coverage *coverage(const struct fixture *fixture, size_t index);
void assert_address(struct vw_address address, const char *text);
/* Diagnostic `index` is of `code` at `line`, and its message contains `part`. */
void assert_told(const struct fixture *fixture, size_t index, const char *code,
                 uint64_t line, const char *part);
/* Nothing worse than a note. */
void assert_nothing_told(const struct fixture *fixture);
void assert_sample(const struct fixture *fixture);

#endif
