/*
 * One flow, 10.0.0.1 (eni-a) -> 10.1.0.1 (eni-b), with what the simulator predicts for it
 * in a few situations, and evidence put together row by row. Times are seconds.
 */
#ifndef FLOW_FIXTURE_H
#define FLOW_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <vpcwhy/crosscheck.h>

#include "world/world.h"

enum situation {
    NO_SITUATION,
    REACHABLE,
    NO_PEERING,   /* an internet gateway drops the request */
    NO_WAY_BACK,  /* B's route table has no route to A */
    GROUP_CLOSED, /* B's security groups do not let it in */
    ACL_CLOSED,   /* B's network ACL lets no reply out */
    TO_NOBODY     /* nothing is predicted */
};

/* The record of one direction at one witness. */
struct seen_row {
    enum vw_evidence_kind kind;
    const char *vantage;
    enum vw_direction flow;
    enum vw_flow_action action;
    int packets;
    int first, last;             /* 0: no time */
    int flags;                   /* 0: not recorded */
    int first_sequence, missing; /* 0: not recorded */
};

struct seen_span {
    enum vw_evidence_kind kind;
    const char *vantage;
    int first, last;
    int records, no_data, skip_data;
    bool cut, accept_only;
};

struct flow {
    struct vw_world *world;
    struct vw_trace trace;
    struct vw_prediction predictions[16];
    struct vw_blocker blocker;
    struct vw_evidence *evidence;
    struct vw_diagnostics *diagnostics;
    struct vw_crosscheck *result;
};

void flow_open(struct flow *flow, enum situation situation, int protocol);
/* Every row and span is of the file "log", "capture-VANTAGE", "ping" or "nmap". */
void flow_see(struct flow *flow, const struct seen_row *rows, size_t count);
void flow_cover(struct flow *flow, const struct seen_span *spans, size_t count);
void flow_run(struct flow *flow);
void flow_close(struct flow *flow);

/* The result of the finding of that kind and vantage (NULL: any) of that direction, as a
 * slug; "none" where there is none. */
const char *flow_finding(const struct flow *flow, enum vw_evidence_kind kind,
                         const char *vantage, enum vw_direction direction);
/* Whether some sentence of the diagnosis contains `words`. */
bool flow_says(const struct flow *flow, const char *words);

#endif
