/*
 * From marks to sentences. An evaluator's explain function fills in what it knows of its
 * step; everything else (component, place, blockers, unknowns, assumptions) is taken from
 * the mark by vw_explain_....
 */
#ifndef VW_REACH_EXPLAIN_H
#define VW_REACH_EXPLAIN_H

#include "reach/walk.h"

#define VW_FACTS_MAX 12

struct vw_explainer {
    const struct vw_world *world;
    struct vw_arena *arena; /* of the trace */
    struct vw_step step;    /* sentence, rule_text, source and facts to be filled in */
    struct vw_fact facts[VW_FACTS_MAX];
    const char *assumption; /* or NULL */
};

/* 0 or VW_ERROR_NO_MEMORY, like every function here. */
int vw_explain_sentence(struct vw_explainer *explainer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int vw_explain_rule(struct vw_explainer *explainer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int vw_explain_assumption(struct vw_explainer *explainer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A field of the rule: text (NULL is passed over), or a number. */
int vw_explain_fact(struct vw_explainer *explainer, const char *key, const char *value);
int vw_explain_number(struct vw_explainer *explainer, const char *key, int64_t value);

/* "10.1.10.14", "10.2.0.0/16": the wire's ends at the mark, in the arena; never NULL
 * unless memory is out. */
const char *vw_explain_source(struct vw_explainer *explainer, const struct vw_mark *mark);
const char *vw_explain_destination(struct vw_explainer *explainer,
                                   const struct vw_mark *mark);

/* "instance-1" in brackets behind an id, or "" where the object has no name. */
const char *vw_explain_name(struct vw_explainer *explainer,
                            const struct vw_object *object);

/* The step of `mark`, complete. */
int vw_explain_mark(const struct vw_world *world, struct vw_arena *arena,
                    const struct vw_mark *mark, struct vw_step *ret_step,
                    const char **ret_assumption);

/* For UNKNOWN marks: the sentence "... is not in the export". */
int vw_explain_missing(struct vw_explainer *explainer, const struct vw_mark *mark);

#endif
