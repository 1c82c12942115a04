/*
 * What the parts of a cross-check share: the inputs, the results as they grow, and what
 * all witnesses together showed of the flow. Out of memory is remembered in `failed` and
 * reported once, at the end, so that sentences can be put together where they are needed.
 */
#ifndef VW_CROSSCHECK_CROSS_H
#define VW_CROSSCHECK_CROSS_H

#include <vpcwhy/crosscheck.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/time.h"
#include "world/world.h"

/* How far the times of a flow log may be off: its "start" was measured from 60 s before
 * to 61 s after the packet. */
#define VW_FLOW_LOG_SLACK (61 * VW_SECOND)
/* How far the clocks of two hosts that take captures may be apart. */
#define VW_CAPTURE_SLACK (2 * VW_SECOND)
/* Longer than any round trip inside AWS: a request this close to the end of a capture is
 * undecided, not lost. */
#define VW_REPLY_WAIT (VW_SECOND / 2)
/* So many requests without an answer are no accident. */
#define VW_REQUESTS_ENOUGH 3
/* Most separate times at which the flow was tried that are kept apart. */
#define VW_ATTEMPTS_MAX 256

struct vw_span {
    int64_t first, last;
};

/* The flow as it looks at one of its ends: `a` and `b` are the addresses of A and B. */
struct vw_view {
    bool known;
    const char *eni; /* or NULL: outside the export */
    struct vw_address a, b;
    struct vw_address
        primary; /* of the eni, where that end's address is a secondary one */
};

/* What some rows come to. */
struct vw_sight {
    const struct vw_observation *row; /* the first one, NULL: none */
    uint64_t records;
    int64_t packets; /* or VW_UNRECORDED */
    int64_t first, last;
    int32_t tcp_flags; /* or VW_UNRECORDED */
};

/* What the witnesses together showed, whatever was predicted. */
struct vw_seen {
    struct vw_sight request_at_a; /* any sign that A tried */
    struct vw_sight request_at_b; /* arrived: captured, or accepted at B's interface */
    struct vw_sight reply_at_b;   /* left B's host */
    struct vw_sight reply_at_a;   /* came back to A */
    struct vw_span attempts[VW_ATTEMPTS_MAX];
    size_t attempt_count;
    /* Set while the predictions are judged: */
    bool request_missing_at_b; /* tried, B's witness covers it, nothing there */
    bool reply_missing_at_b;   /* arrived, and B's witness saw no answer leave */
    bool reply_missing_at_a;   /* tried, and no answer came */
    /* Something passed that should not, and may have been tracked before the rule went
     * away: neither side is right until that is settled. */
    bool doubt;
};

struct vw_findings VW_ARRAY(struct vw_finding);
struct vw_sentences VW_ARRAY(const char *);
struct vw_crosscheck_journeys VW_ARRAY(struct vw_crosscheck_journey);

struct vw_cross {
    struct vw_crosscheck result; /* first: what the caller gets points here */
    struct vw_arena arena;
    const struct vw_world *world;
    const struct vw_trace *trace;
    const struct vw_evidence *evidence;
    struct vw_diagnostics *diagnostics;
    struct vw_view view[2]; /* by enum vw_end */
    struct vw_seen seen;
    struct vw_findings findings;
    struct vw_crosscheck_journeys journeys;
    struct vw_sentences diagnosis;
    bool failed;
};

/* Text in the cross-check's arena; "" when out of memory, which is remembered. */
const char *vw_cross_say(struct vw_cross *cross, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void vw_cross_find(struct vw_cross *cross, struct vw_finding finding);
/* A sentence of the diagnosis, unless it stands there already. */
void vw_cross_diagnose(struct vw_cross *cross, const char *sentence);

/* "10.1.10.14 -> 10.2.2.61" as that end sees it. */
const char *vw_cross_flow(struct vw_cross *cross, enum vw_end end,
                          enum vw_direction flow);
/* "A (10.1.10.14)", "B (10.2.2.61)". */
const char *vw_cross_end(struct vw_cross *cross, enum vw_end end);
/* " from TIME to TIME" or "" where no time is known. */
const char *vw_cross_when(struct vw_cross *cross, int64_t first, int64_t last);
const char *vw_cross_time(struct vw_cross *cross, int64_t time);

void vw_sight_add(struct vw_sight *sight, const struct vw_observation *row);
bool vw_span_overlaps(struct vw_span a, struct vw_span b);
/* Packets where they were counted, else records. */
uint64_t vw_sight_count(const struct vw_sight *sight);

/* One finding (or more) for `prediction` with each witness of its kind. */
void vw_cross_flow_logs(struct vw_cross *cross, const struct vw_prediction *prediction);
void vw_cross_captures(struct vw_cross *cross, const struct vw_prediction *prediction);
/* All transcripts, held against the round trip that is predicted. */
void vw_cross_transcripts(struct vw_cross *cross);

/* How the export stands to what became of the journey; `trace` is of its packets. */
struct vw_crosscheck_journey vw_cross_journey(struct vw_cross *cross,
                                              const struct vw_trace *trace,
                                              const struct vw_journey *journey);

/* What captures say together of the flow, and how the export stands to it. */
void vw_cross_journeys(struct vw_cross *cross, const struct vw_journeys *journeys);
/* What the route trace `of` says of the round trip, into `finding`; false where it is not
 * of this flow's ends. */
bool vw_cross_route_trace(struct vw_cross *cross, const struct vw_prediction *prediction,
                          const struct vw_coverage *of, struct vw_finding *finding);

/* Fills cross->seen from the rows of all witnesses. */
void vw_cross_look(struct vw_cross *cross);

/* The sentences of the diagnosis, once all findings are there. */
void vw_cross_conclude(struct vw_cross *cross);

#endif
