/* The question as it was understood, told as part of a trace. */
#ifndef VW_REACH_TRACE_QUESTION_H
#define VW_REACH_TRACE_QUESTION_H

#include "reach/question.h"

/* Fills in the ends, protocol, ports and verdict of *trace; text is in `arena`. */
int vw_trace_tell_question(const struct vw_world *world, struct vw_arena *arena,
                           const struct vw_question *question,
                           const struct vw_answer *answer, struct vw_trace *trace);

#endif
