/*
 * CloudTrail: who called what, and when. What an event did is kept as facts, short texts
 * that a difference between two snapshots can name too:
 *
 *     DeleteRoute of 10.2.0.0/16 in rtb-1   "id rtb-1", "route 10.2.0.0/16"
 *     a route to 10.2.0.0/16 gone from rtb-1 wants both
 */
#ifndef VW_TIMELINE_TRAIL_H
#define VW_TIMELINE_TRAIL_H

#include <vpcwhy/timeline.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/json.h"
#include "base/map.h"

/* Most events that are kept. */
#define VW_TRAIL_EVENTS_MAX 500000
/* Most facts of one event; a request with more is cut, and its rules are not matched. */
#define VW_TRAIL_FACTS_MAX 4000

struct vw_trail_facts VW_ARRAY(const char *);

struct vw_trail_event {
    struct vw_timeline_event shown;
    const char *const *facts;
    size_t fact_count;
};

struct vw_trail_events VW_ARRAY(struct vw_trail_event *);

/* Zero-initialised but for the first two. */
struct vw_trail {
    struct vw_arena *arena;
    struct vw_diagnostics *diagnostics;
    struct vw_trail_events events; /* in the order in which they were read */
    struct vw_map ids;             /* of the events: to their place in the list */
    uint64_t seen;                 /* events of any kind */
};

/* Reads a file, or all files of a tree. 0; VW_ERROR_INPUT where no event was found. */
int vw_trail_read(struct vw_trail *trail, const char *path);
/* Puts the events in the order of their times. */
void vw_trail_sort(struct vw_trail *trail);
/* Frees the list; the events are the arena's. */
void vw_trail_free(struct vw_trail *trail);

/* Whether the event changed something in a network. */
bool vw_trail_changes(const struct vw_json *event);

/* Takes in one event that stands at `file` and `pointer`, both of the arena. */
int vw_trail_take(struct vw_trail *trail, const struct vw_json *json, const char *file,
                  const char *pointer);

/* What the event did, into `ret`; texts are the arena's. 0 or VW_ERROR_NO_MEMORY. */
int vw_trail_facts(struct vw_arena *arena, const struct vw_json *event, const char *name,
                   struct vw_trail_facts *ret);

bool vw_trail_has(const struct vw_trail_event *event, const char *fact);

/* ---- facts, as both sides write them ---- */

#define VW_FACT_TEXT 320
/* "rule in 6 443 443 10.0.0.0/8": protocol as a number, -1 any; ports, or ICMP type and
 * code. */
const char *vw_fact_rule(bool egress, int protocol, int64_t from, int64_t to,
                         const char *peer, char buffer[VW_FACT_TEXT]);
/* "entry out 100" */
const char *vw_fact_entry(bool egress, int64_t number, char buffer[VW_FACT_TEXT]);
/* "route 10.2.0.0/16", "route pl-1"; the prefix is written as it is understood. */
const char *vw_fact_route(const char *destination, char buffer[VW_FACT_TEXT]);
const char *vw_fact_id(const char *id, char buffer[VW_FACT_TEXT]);

#endif
