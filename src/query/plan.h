/*
 * A query as it is run. Every name is a slot of the row; a slot is written once. Commands
 * become phases: a phase takes rows through steps that look at one row at a time, then ends
 * in one of a few ways that see many rows. The first phase runs on all workers at once, the
 * others on what came of the one before.
 */
#ifndef VW_QUERY_PLAN_H
#define VW_QUERY_PLAN_H

#include "query/aggregate.h"
#include "query/syntax.h"
#include "query/lookup.h"

/* What a slot of the first row is read from. */
enum vw_origin {
    VW_ORIGIN_COLUMN, /* the record's column of that name */
    VW_ORIGIN_TIMESTAMP,
    VW_ORIGIN_MESSAGE,
    VW_ORIGIN_STREAM,
    VW_ORIGIN_LOG,
    VW_ORIGIN_INGESTION,
    VW_ORIGIN_POINTER,
    VW_ORIGIN_NOTHING /* @entity: not in files */
};

struct vw_input_field {
    struct vw_slice name;
    struct vw_span span; /* where it was first named */
    enum vw_origin origin;
    uint32_t slot;
};

struct vw_input_fields VW_ARRAY(struct vw_input_field);

enum vw_step_kind {
    VW_STEP_COMPUTE, /* slots[0] = expression */
    VW_STEP_FILTER,
    VW_STEP_PARSE_GLOB,
    VW_STEP_PARSE_REGEX,
    VW_STEP_PARSE_LOGFMT,
    VW_STEP_PARSE_CSV,
    VW_STEP_JSON,
    VW_STEP_UNNEST,
    VW_STEP_LOOKUP
};

struct vw_step {
    enum vw_step_kind kind;
    struct vw_expression *expression; /* what is read */
    uint32_t *slots;                  /* what is written */
    size_t slot_count;
    const struct vw_command *command; /* pattern, regex, multi, only_missing */
    const struct vw_lookup *table;
    struct vw_lookup_index *index;
    size_t *columns;            /* of the table, one a slot */
    struct vw_expression **old; /* what the slots replace, one a slot */
};

struct vw_steps VW_ARRAY(struct vw_step);

struct vw_key {
    uint32_t slot;
    bool descending;
};

struct vw_keys VW_ARRAY(struct vw_key);

/* One aggregate of stats; `call` is the aggregator's call. */
struct vw_measure {
    const struct vw_aggregator *aggregator;
    struct vw_expression *call;
    uint32_t slot;
    size_t offset; /* of its state in the group */
};

struct vw_measures VW_ARRAY(struct vw_measure);

enum vw_ending {
    VW_ENDING_ROWS,  /* the first `limit` rows in order */
    VW_ENDING_DEDUP, /* the first row of each value of `distinct` */
    VW_ENDING_STATS,
    VW_ENDING_ACCUM,
    VW_ENDING_FILLMISSING,
    VW_ENDING_FILLDOWN
};

struct vw_group_key {
    struct vw_expression *expression;
    uint32_t slot;
    bool is_bin;
    struct vw_period period;
};

struct vw_group_keys VW_ARRAY(struct vw_group_key);

struct vw_slots VW_ARRAY(uint32_t);

struct vw_phase {
    struct vw_steps steps;
    struct vw_keys sort; /* then by the natural order of the phase's input */
    enum vw_ending ending;
    uint64_t limit;                /* ROWS */
    bool default_limit;            /* nobody asked for it */
    struct vw_slots distinct;      /* DEDUP, ACCUM (from, to), FILLDOWN */
    struct vw_group_keys groups;   /* STATS */
    struct vw_measures measures;   /* STATS */
    size_t state_size;             /* of all measures */
    const struct vw_command *fill; /* FILLMISSING */
    struct vw_slots fill_slots;
    struct vw_slots kept; /* slots that later phases look at */
    bool needs_moment;    /* the time and place of a row matter */
};

struct vw_phases VW_ARRAY(struct vw_phase);

struct vw_column {
    struct vw_slice name;
    uint32_t slot;
};

struct vw_columns VW_ARRAY(struct vw_column);

struct vw_lookups VW_ARRAY(struct vw_lookup *);

struct vw_plan {
    struct vw_arena arena;
    struct vw_input_fields inputs;
    struct vw_phases phases; /* at least one */
    struct vw_columns columns;
    size_t slot_count;
    bool of_records; /* no stats: rows are records */
};

/* What AWS gives where nobody says. */
#define VW_QUERY_LIMIT_DEFAULT 10000

/* VW_ERROR_QUESTION with a diagnostic at its place, or VW_ERROR_NO_MEMORY. `ret` is to be
 * freed in any case, before `syntax`, which it points into. */
int vw_plan_make(const struct vw_syntax *syntax, const struct vw_lookups *tables,
                 struct vw_diagnostics *diagnostics, struct vw_plan *ret);
void vw_plan_free(struct vw_plan *plan);

#endif
