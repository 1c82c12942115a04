/*
 * The cross-check: what the simulator predicts for every witness of a flow, against what
 * each recorded.
 */
#ifndef VPCWHY_CROSSCHECK_H
#define VPCWHY_CROSSCHECK_H

#include <vpcwhy/evidence.h>
#include <vpcwhy/journey.h>
#include <vpcwhy/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/* name, slug */
#define VW_CONCLUSION_LIST(X)                                                            \
    X(VW_CONCLUSION_CONSISTENT, "consistent")                                            \
    X(VW_CONCLUSION_CONTRADICTED, "contradicted")                                        \
    X(VW_CONCLUSION_INCONCLUSIVE, "inconclusive")

enum vw_conclusion {
#define VW_X(name, slug) name,
    VW_CONCLUSION_LIST(VW_X)
#undef VW_X
};
const char *vw_conclusion_slug(enum vw_conclusion conclusion);

/* How one prediction fared with one witness. name, slug */
#define VW_FINDING_LIST(X)                                                               \
    X(VW_FINDING_AGREES, "agrees")           /* recorded as predicted */                 \
    X(VW_FINDING_CONTRADICTS, "contradicts") /* recorded otherwise */                    \
    X(VW_FINDING_SILENT, "silent")           /* nothing recorded, nothing was due */     \
    X(VW_FINDING_UNKNOWN, "unknown")         /* no coverage, or no proof either way */

enum vw_finding_result {
#define VW_X(name, slug) name,
    VW_FINDING_LIST(VW_X)
#undef VW_X
};
const char *vw_finding_slug(enum vw_finding_result result);

struct vw_finding {
    enum vw_finding_result result;
    enum vw_evidence_kind kind;
    const char *vantage; /* eni id, endpoint of the capture, or NULL */
    const char *file;
    uint64_t line;          /* of the record that decided; 0: none */
    enum vw_direction flow; /* VW_FORWARD: record A->B */
    const char *predicted;  /* "ACCEPT", "no record", "seen", ... or NULL */
    const char *observed;   /* "ACCEPT", "REJECT", "nothing", "seen", ... */
    uint64_t records;
    int64_t first, last;  /* ns, or VW_TIME_UNKNOWN */
    const char *sentence; /* what it means */
};

/* A flow that captures have together, and how the export stands to what became of it. */
struct vw_crosscheck_journey {
    const struct vw_journey *journey;
    enum vw_finding_result result;
    const char *sentence;
};

struct vw_crosscheck {
    const struct vw_trace *trace;       /* or NULL */
    const struct vw_evidence *evidence; /* or NULL */
    const struct vw_finding *findings;
    size_t finding_count;
    const struct vw_journeys *captures;           /* or NULL */
    const struct vw_crosscheck_journey *journeys; /* of the flow that was asked about */
    size_t journey_count;
    enum vw_conclusion conclusion;
    const char *const *diagnosis; /* which side is wrong, and what to collect next */
    size_t diagnosis_count;
};

/* Compares `trace` with `evidence` and `captures` (may be NULL), all of which must outlive
 * the result. `world` is the one that was traced. */
int vw_crosscheck_run(const struct vw_world *world, const struct vw_trace *trace,
                      const struct vw_evidence *evidence,
                      const struct vw_journeys *captures,
                      struct vw_diagnostics *diagnostics,
                      struct vw_crosscheck **ret_crosscheck);

/* Holds every flow of the captures against the export, where nobody asks about one:
 * `trace` and `evidence` of the result are NULL, its journeys are in the order of
 * contradictions, what is not decided, and what agrees. */
int vw_crosscheck_run_captures(const struct vw_world *world,
                               const struct vw_journeys *captures,
                               struct vw_diagnostics *diagnostics,
                               struct vw_crosscheck **ret_crosscheck);

/* Reads captures, "END=FILE" or, where the export has the address of the host that took it,
 * "FILE", both into `evidence` and to be compared with each other. `filter` is a BPF
 * expression or NULL. VW_ERROR_INPUT, with a diagnostic, where none could be read. */
int vw_crosscheck_read_captures(const struct vw_world *world, const char *const *captures,
                                size_t count, const char *filter,
                                struct vw_evidence *evidence,
                                struct vw_diagnostics *diagnostics,
                                struct vw_journeys **ret_journeys);

/* Accepts NULL. */
void vw_crosscheck_free(struct vw_crosscheck *crosscheck);

#ifdef __cplusplus
}
#endif
#endif
