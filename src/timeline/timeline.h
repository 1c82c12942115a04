/*
 * What the parts of a timeline share. Out of memory is remembered in `failed` and reported
 * once, at the end, so that sentences can be put together where they are needed.
 */
#ifndef VW_TIMELINE_TIMELINE_H
#define VW_TIMELINE_TIMELINE_H

#include <vpcwhy/timeline.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/time.h"
#include "crosscheck/cross.h"
#include "timeline/trail.h"
#include "world/difference.h"

/* Most records of the flow that are kept: about 160 MB. */
#define VW_SIGHTINGS_MAX 2000000
/* Most causes that each explain a change alone. */
#define VW_CAUSES_MAX 16

/* A snapshot with what finds its flow among records. */
struct vw_snapshot {
    struct vw_timeline_snapshot shown;
    const struct vw_world *world;
    struct vw_trace *trace;
    struct vw_cross cross; /* the views of its ends; it holds no memory of its own */
};
struct vw_snapshots VW_ARRAY(struct vw_snapshot *);

/* What a record says of the flow. */
enum vw_sighting_kind {
    VW_SIGHTING_PASS, /* it went through */
    VW_SIGHTING_FAIL,
    VW_SIGHTING_TRY /* it was sent; whether it came back others tell */
};

struct vw_sighting {
    int64_t first, last;
    const char *file;
    uint64_t line;
    const char *words;
    int64_t packets; /* at least 1 */
    enum vw_sighting_kind kind;
    bool is_silence; /* a failure that nobody reported: no answer came */
};
struct vw_sightings VW_ARRAY(struct vw_sighting);

/* All that one witness saw of the flow, at one of its ends. */
struct vw_track {
    enum vw_evidence_kind kind;
    const char *vantage; /* or NULL */
    const char *file;    /* NULL: of several files, as flow logs have */
    enum vw_end end;
    int64_t slack, offset;
    struct vw_sightings sightings;
    int64_t sequence, sequence_time; /* of the last answer of a ping */
    uint64_t untimed;                /* records without a time */
    uint64_t lost;                   /* requests without an answer, too few in a row */
};
struct vw_tracks VW_ARRAY(struct vw_track *);

struct vw_clock {
    const char *witness;
    int64_t offset;
    bool used;
};
struct vw_clocks VW_ARRAY(struct vw_clock);

/* Without a snapshot: an interface, and the addresses that may be its own. */
struct vw_own {
    bool seen;
    struct vw_address address[2]; /* of no family: it is not */
};
struct vw_owns VW_ARRAY(struct vw_own);

/* A record of the flow, of which the end is not known. */
struct vw_unplaced {
    struct vw_observation record;
    enum vw_direction flow;
};
struct vw_all_unplaced VW_ARRAY(struct vw_unplaced);

struct vw_turns VW_ARRAY(struct vw_timeline_turn);
struct vw_witnesses VW_ARRAY(struct vw_timeline_witness);
struct vw_entries VW_ARRAY(struct vw_timeline_entry);
struct vw_notes VW_ARRAY(const char *);

struct vw_timeline {
    struct vw_timeline_account account;
    struct vw_arena arena;
    struct vw_question question;
    struct vw_diagnostics *diagnostics;
    struct vw_evidence *evidence;
    struct vw_snapshots snapshots;
    struct vw_snapshot *bare;  /* what records are held against where there are none */
    struct vw_map own_numbers; /* of a vantage: its place among them */
    struct vw_owns owns;
    struct vw_all_unplaced unplaced;
    struct vw_clocks clocks;
    struct vw_tracks tracks;
    uint64_t sighting_count;
    struct vw_map texts; /* files and vantages of records: to their place in the list */
    struct vw_notes text_list;
    struct vw_trail trail; /* its events by time, once all are read */
    struct vw_turns turns;
    struct vw_entries entries;
    struct vw_notes notes;
    bool contradicted; /* records and snapshots disagree */
    bool failed;
};

/* Text in the timeline's arena; "" when out of memory, which is remembered. */
const char *vw_timeline_say(struct vw_timeline *timeline, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void vw_timeline_note(struct vw_timeline *timeline, const char *sentence);
/* "2025-01-17T14:00:20Z" */
const char *vw_timeline_time(struct vw_timeline *timeline, int64_t time);

/* How a verdict fares as a state. */
enum vw_flow_state vw_flow_state_of(enum vw_verdict verdict);

/* ---- words.c ---- */

/* All differences between two snapshots, in words: `ret` has one for each. */
int vw_timeline_word_changes(struct vw_timeline *timeline,
                             const struct vw_snapshot *before,
                             const struct vw_snapshot *after,
                             const struct vw_differences *differences,
                             struct vw_timeline_change *ret);

/* ---- calls.c ---- */

/* Which events made which of the changes; `changes` words the differences. */
int vw_timeline_match_events(struct vw_timeline *timeline,
                             const struct vw_snapshot *before,
                             const struct vw_snapshot *after,
                             const struct vw_differences *differences,
                             struct vw_timeline_change *changes);

/* ---- taken_back.c ---- */

/* Causes of a change of state that only witnesses saw, out of the calls of its time. */
int vw_timeline_explain_by_calls(struct vw_timeline *timeline,
                                 struct vw_timeline_turn *turn);

/* ---- cause.c ---- */

/* Which differences explain that the verdict changed; into `turn`. `changes` words the
 * differences, one for each. */
int vw_timeline_find_causes(struct vw_timeline *timeline,
                            const struct vw_snapshot *before,
                            const struct vw_snapshot *after,
                            const struct vw_differences *differences,
                            const struct vw_timeline_change *changes,
                            struct vw_timeline_turn *turn);

/* ---- watch.c ---- */

int vw_timeline_see(void *data, const struct vw_observation *seen);

/* The record, which is of the flow, becomes a sighting; its texts are the timeline's. */
int vw_timeline_place(struct vw_timeline *timeline, const struct vw_snapshot *snapshot,
                      const struct vw_observation *record, enum vw_end end,
                      enum vw_direction flow);

/* ---- bare.c ---- */

/* Makes timeline->bare: VW_ERROR_QUESTION with a diagnostic where the ends are no
 * addresses. */
int vw_timeline_go_bare(struct vw_timeline *timeline);

/* Takes in a flow log's record that tells no direction; places those of the flow once all
 * records are read. */
int vw_timeline_see_bare(struct vw_timeline *timeline, struct vw_observation *record);
int vw_timeline_place_bare(struct vw_timeline *timeline);

/* ---- turns.c ---- */

/* The changes of state that the witnesses saw: into timeline->turns, merged with those of
 * the snapshots that are there already. */
int vw_timeline_find_turns(struct vw_timeline *timeline);

/* ---- states.c ---- */

/* Notes where records and snapshots disagree. After vw_timeline_find_turns. */
void vw_timeline_hold_states(struct vw_timeline *timeline);

/* ---- account.c ---- */

/* Lists what happened in the order of time, and notes what is missing. */
int vw_timeline_list(struct vw_timeline *timeline);
enum vw_timeline_conclusion vw_timeline_conclude(const struct vw_timeline *timeline);

#endif
