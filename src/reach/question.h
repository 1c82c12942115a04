/*
 * A question understood and walked: what vw_trace_run explains, and what a fix is proved
 * by. Kept apart so that a fix can ask the same question of a changed world.
 */
#ifndef VW_REACH_QUESTION_H
#define VW_REACH_QUESTION_H

#include "reach/endpoint.h"
#include "reach/pieces.h"

struct vw_answer {
    struct vw_arena arena; /* of ends, marks and sets */
    struct vw_resolved_end from, to;
    struct vw_box box; /* protocol and ports; addresses of the first part */
    struct vw_walk walk;
    struct vw_alikes alikes;
    enum vw_verdict verdict; /* of the whole question */
    bool is_set;
};

/* Resolves, walks, merges. *answer is zeroed before its first use; asked again, it uses
 * the memory that it has, so that nothing is allocated for a packet once it has grown. To
 * be freed with vw_answer_free also after a failure. */
int vw_answer_question(const struct vw_world *world, const struct vw_question *question,
                       struct vw_diagnostics *diagnostics, struct vw_answer *answer);
void vw_answer_free(struct vw_answer *answer);

/* The piece that explains the verdict best. */
const struct vw_alike *vw_answer_example(const struct vw_answer *answer);

#endif
