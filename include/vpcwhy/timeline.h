/*
 * The timeline of an incident: snapshots of the export taken at several times, walked one
 * after the other, and all that was recorded in between. It says when the traffic stopped
 * and when it passed again, each with how far the times may be off, which difference
 * between two snapshots explains it, and who made that change. A cause is never guessed:
 * it was applied alone to the snapshot before, and the packet then fared as in the
 * snapshot after.
 */
#ifndef VPCWHY_TIMELINE_H
#define VPCWHY_TIMELINE_H

#include <vpcwhy/evidence.h>
#include <vpcwhy/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most snapshots of a timeline. */
#define VW_SNAPSHOTS_MAX 1000

/* name, slug */
#define VW_TIMELINE_CONCLUSION_LIST(X)                                                   \
    X(VW_TIMELINE_EXPLAINED, "explained")     /* every change of state has its cause */  \
    X(VW_TIMELINE_STEADY, "steady")           /* nothing changed */                      \
    X(VW_TIMELINE_UNEXPLAINED, "unexplained") /* a change of state has none */           \
    X(VW_TIMELINE_CONTRADICTED, "contradicted") /* records and snapshots disagree */     \
    X(VW_TIMELINE_UNDECIDED, "undecided")       /* too little is known */

enum vw_timeline_conclusion {
#define VW_X(name, slug) name,
    VW_TIMELINE_CONCLUSION_LIST(VW_X)
#undef VW_X
};
const char *vw_timeline_conclusion_slug(enum vw_timeline_conclusion conclusion);

/* How the flow fares. name, slug */
#define VW_FLOW_STATE_LIST(X)                                                            \
    X(VW_FLOW_STATE_UNKNOWN, "unknown")                                                  \
    X(VW_FLOW_STATE_PASSES, "passes")                                                    \
    X(VW_FLOW_STATE_FAILS, "fails")

enum vw_flow_state {
#define VW_X(name, slug) name,
    VW_FLOW_STATE_LIST(VW_X)
#undef VW_X
};
const char *vw_flow_state_slug(enum vw_flow_state state);

/* One API call out of CloudTrail. Texts are NULL where the event lacks them. */
struct vw_timeline_event {
    int64_t time;        /* whole seconds; the change took effect within a second or so */
    const char *name;    /* "DeleteRoute" */
    const char *service; /* "ec2.amazonaws.com" */
    const char *actor;   /* who: an ARN, a service, or what else the event gives */
    const char *address; /* sourceIPAddress */
    const char *region;
    const char *account;
    const char *id;       /* eventID */
    const char *error;    /* errorCode: the call changed nothing */
    const char *resource; /* the id that tells most of what was changed */
    const char *sentence; /* "DeleteRoute of 10.2.0.0/16 in rtb-..." */
    struct vw_place_in_export source;
};

/* A difference between two snapshots. */
struct vw_timeline_change {
    const char *component;      /* id of the object, or NULL */
    const char *component_name; /* Name tag, or NULL */
    const char *sentence;       /* "route 10.2.0.0/16 -> pcx-... removed" */
    bool follows;               /* AWS does it by itself where something else changes */
    struct vw_place_in_export before, after;       /* where it stands in each */
    const struct vw_timeline_event *const *events; /* that made it, as far as known */
    size_t event_count;
};

/* Changes that together, and none without the others, make the difference. */
struct vw_timeline_cause {
    const struct vw_timeline_change *const *changes;
    size_t change_count;
    const char *proof; /* what was walked, in a sentence */
};

struct vw_timeline_snapshot {
    const char *name; /* as given */
    int64_t time;
    const struct vw_trace *trace;
};

/* What one witness saw of a change of state: the last record before it and the first one
 * after it. */
struct vw_timeline_sighting {
    int64_t first, last;
    const char *file;
    uint64_t line;
    const char *words; /* "reply accepted" */
};
struct vw_timeline_witness {
    enum vw_evidence_kind kind;
    const char *vantage;      /* or NULL */
    int64_t slack;            /* how far its times may be off, ns */
    int64_t offset;           /* that was added to its times, ns */
    int64_t earliest, latest; /* the change lies between, slack included */
    struct vw_timeline_sighting before, after;
};

/* A change of state: of the verdict from one snapshot to the next, of what was recorded,
 * or of both. */
struct vw_timeline_turn {
    enum vw_flow_state from, to;
    int64_t earliest, latest; /* it lies between */
    /* The snapshots it lies between, where they differ in their verdict; else NULL. */
    const struct vw_timeline_snapshot *before, *after;
    const struct vw_timeline_witness *witnesses;
    size_t witness_count;
    const struct vw_timeline_cause *causes; /* each explains it alone */
    size_t cause_count;
    const char *sentence; /* where there is no cause: why none is named; or NULL */
};

/* All changes between two snapshots. */
struct vw_timeline_step {
    const struct vw_timeline_snapshot *before, *after;
    const struct vw_timeline_change *changes;
    size_t change_count;
};

/* One line of the account, in the order of time; one of the pointers is set. */
struct vw_timeline_entry {
    int64_t time;
    const struct vw_timeline_snapshot *snapshot;
    const struct vw_timeline_turn *turn;
    const struct vw_timeline_event *event;
};

struct vw_timeline_account {
    enum vw_timeline_conclusion conclusion;
    const struct vw_trace *asked; /* the flow: its ends, protocol and ports */
    const struct vw_timeline_entry *entries;
    size_t entry_count;
    const struct vw_timeline_snapshot *snapshots; /* by time */
    size_t snapshot_count;
    const struct vw_timeline_step *steps; /* one less than snapshots */
    size_t step_count;
    const struct vw_timeline_turn *turns;
    size_t turn_count;
    const struct vw_timeline_event *const *events; /* all that change networks, by time */
    size_t event_count;
    const char *const *notes; /* contradictions, and what is missing */
    size_t note_count;
};

struct vw_timeline;

/* NULL when out of memory. `question` is copied but for its texts, which must live. */
struct vw_timeline *vw_timeline_create(const struct vw_question *question,
                                       struct vw_diagnostics *diagnostics);
/* Accepts NULL. */
void vw_timeline_free(struct vw_timeline *timeline);

/* The network as it was at `time`. Where none is added the ends are to be addresses, and
 * the account is that of the records alone. `world` and `name` must outlive the timeline. All
 * snapshots are added before anything else. */
int vw_timeline_add_snapshot(struct vw_timeline *timeline, const struct vw_world *world,
                             const char *name, int64_t time);

/* `seconds` (in ns) are added to the times of a witness: a file, an interface, or the
 * endpoint of a capture. Before the evidence is read. */
int vw_timeline_add_offset(struct vw_timeline *timeline, const char *witness,
                           int64_t offset);

/* From now on the timeline looks at each record that is read into `evidence`, which must
 * outlive it. */
int vw_timeline_watch(struct vw_timeline *timeline, struct vw_evidence *evidence);

/* CloudTrail events: a file or a tree, plain or gzip; log files ("Records"), what `aws
 * cloudtrail lookup-events` printed, one event a line. */
int vw_timeline_read_events(struct vw_timeline *timeline, const char *path);

/* The account; it belongs to the timeline, and lives as long. */
int vw_timeline_tell(struct vw_timeline *timeline,
                     const struct vw_timeline_account **ret_account);

#ifdef __cplusplus
}
#endif
#endif
