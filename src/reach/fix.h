/* Changes that make a blocked question pass, each proved by walking a changed world. */
#ifndef VW_REACH_FIX_H
#define VW_REACH_FIX_H

#include "reach/question.h"

/* Looks for a fix of `answer`, which is the answer to `question` in `world`. None is
 * found (count 0) where the question passes already, where something is unknown, or where
 * no change of the configuration would help. Text is in `arena`. */
int vw_fix_find(const struct vw_world *world, const struct vw_question *question,
                const struct vw_answer *answer, struct vw_arena *arena,
                const struct vw_fix **ret_fixes, size_t *ret_count);

#endif
