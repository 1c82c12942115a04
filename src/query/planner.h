/* The state of the planner, shared by its files. */
#ifndef VW_QUERY_PLANNER_H
#define VW_QUERY_PLANNER_H

#include "query/plan.h"

struct vw_scope_name {
    struct vw_slice name;
    uint32_t slot;
};

struct vw_scope_names VW_ARRAY(struct vw_scope_name);

/* The names seen from one place: those from `start` to `end`, the later first; where it is
 * open, every other name is a field of the records. */
struct vw_scope {
    size_t start, end;
    bool open;
};

struct vw_planner {
    const struct vw_syntax *syntax;
    const struct vw_lookups *tables;
    struct vw_diagnostics *diagnostics;
    struct vw_plan *plan;
    struct vw_scope_names names;
    struct vw_scope scope;    /* now */
    struct vw_scope before;   /* of the records, once a stats closed it */
    struct vw_phase phase;    /* the one that is being made */
    bool displayed;           /* `display` was met */
    bool selected;            /* something is shown */
    size_t stats_done, stats; /* how many were met, and how many there are */
    bool limited;
    int error;
};

void vw_planner_fail(struct vw_planner *planner, struct vw_span span, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));
void vw_planner_warn(struct vw_planner *planner, struct vw_span span, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));

/* ---- plan_names.c ---- */

uint32_t vw_planner_new_slot(struct vw_planner *planner);

/* From now on `name` is that slot. */
void vw_planner_define(struct vw_planner *planner, struct vw_slice name, uint32_t slot);

/* Turns the names in it into slots. */
void vw_planner_resolve(struct vw_planner *planner, struct vw_expression *expression,
                        struct vw_scope scope);

/* Whether a name is defined in `scope`. */
bool vw_planner_find(const struct vw_planner *planner, struct vw_scope scope,
                     struct vw_slice name, uint32_t *ret_slot);

/* The slot of a name. */
uint32_t vw_planner_slot(struct vw_planner *planner, struct vw_name name);

/* Shows a column from now on. */
void vw_planner_show(struct vw_planner *planner, struct vw_slice name, uint32_t slot);

/* ---- plan_steps.c ---- */

/* Adds a step to the phase; NULL when out of memory. */
struct vw_step *vw_planner_step(struct vw_planner *planner, enum vw_step_kind kind,
                                struct vw_expression *expression, size_t slots);

/* The slot of an expression: its own, or one that a step computes. */
uint32_t vw_planner_compute(struct vw_planner *planner, struct vw_expression *expression);

/* The commands that become steps. */
void vw_planner_row_command(struct vw_planner *planner, const struct vw_command *command);

/* ---- plan_stats.c ---- */

void vw_planner_stats(struct vw_planner *planner, const struct vw_command *command);

/* ---- plan.c ---- */

/* The phase ends so; another begins. */
void vw_planner_end_phase(struct vw_planner *planner, enum vw_ending ending);

#endif
