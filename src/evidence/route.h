/*
 * What programs printed of the routers on the way: traceroute (Linux, BSD and macOS,
 * busybox), tracepath, tracert of Windows, and mtr's report. Rows: one for the probes, one
 * for each router that answered, one for the target's own answers.
 *
 *     traceroute to 10.2.2.61 (10.2.2.61), 30 hops max, 60 byte packets
 *      1  * * *
 *      2  10.2.2.61 (10.2.2.61)  0.6 ms  0.5 ms  0.5 ms
 *
 * proves that three probes reached the target and were answered, and nothing of the first
 * hop: routers need not answer, and VPC routers do not. The protocol of the probes stands
 * in the command line only; where that is not there, it is not recorded.
 */
#ifndef VW_EVIDENCE_ROUTE_H
#define VW_EVIDENCE_ROUTE_H

#include "evidence/line.h"
#include "evidence/table.h"

/* An answer to probes: `answers` of them from `from`, which may be NONE: no answer. `type`
 * and `code` of ICMP; type VW_UNRECORDED: what the target answers to such a probe, or time
 * exceeded where `from` is not the target. */
struct vw_route_seen {
    struct vw_address from;
    int type, code;
    int64_t answers;
    uint64_t line;
};

/* What the probes of one run are, and how many were sent and answered. */
struct vw_route_run {
    bool open;
    uint64_t line;
    struct vw_address target, source; /* NONE: not known */
    int protocol;                     /* or VW_UNRECORDED */
    int32_t port;                     /* or VW_UNRECORDED */
    int64_t time;                     /* or VW_TIME_UNKNOWN */
    int64_t probes;                   /* of all hops */
    struct vw_route_seen held;        /* mtr: what may be the last hop */
};

/* Zero-initialised but for the first three, which must outlive it. */
struct vw_route_reader {
    struct vw_evidence *evidence;
    const char *file;
    struct vw_diagnostics *diagnostics;
    struct vw_coverage *coverage; /* made with the first run */
    struct vw_command command;
    struct vw_route_run run;
    enum vw_route_form {
        VW_ROUTE_NONE,
        VW_ROUTE_TRACEROUTE,
        VW_ROUTE_TRACERT,
        VW_ROUTE_TRACEPATH,
        VW_ROUTE_MTR
    } form; /* of the run */
};

/* One line, without escape sequences. 1 where it is of such a program, 0 where not, or
 * negative. */
int vw_route_line(struct vw_route_reader *reader, struct vw_slice line, uint64_t number);

/* The end of the file. *ret_any: whether there was any run. */
int vw_route_finish(struct vw_route_reader *reader, bool *ret_any);

/* ---- for the readers of its forms ---- */

/* Begins a run, ending the one before. 1 or negative. */
int vw_route_begin(struct vw_route_reader *reader, enum vw_route_form form,
                   struct vw_address target, uint64_t number);

/* 0 or negative. */
int vw_route_answer(struct vw_route_reader *reader, const struct vw_route_seen *seen);

/* Ends the run. `done`: it came to its end. */
int vw_route_end(struct vw_route_reader *reader, bool done);

/* What `mtr --json` printed: one document. 1 where it is one, 0 where not, or negative. */
struct vw_json;
int vw_route_json(struct vw_route_reader *reader, const struct vw_json *document);

/* How many of `sent` were answered, at a loss of so many percent (in nanoseconds, as
 * vw_slice_seconds reads a number with decimals); to the nearest. */
int64_t vw_route_answered(int64_t sent, int64_t loss);

/* "!X" of traceroute to the code of ICMP unreachable; false where it is none. */
bool vw_route_mark(struct vw_slice word, int *ret_code);

#endif
