/*
 * One packet at one interface: what evidence that was recorded there is held against. The
 * filters of the interface are those of the walk (same evaluators, same marks), entered in
 * the middle; whether the packet can come there at all is told by a walk from its sender.
 */
#ifndef VW_REACH_VANTAGE_H
#define VW_REACH_VANTAGE_H

#include "reach/question.h"

/* A packet that passes an interface, as it is on the wire there. */
struct vw_passing {
    uint32_t interface;
    bool egress;
    bool is_reply; /* the groups of the interface know the request */
    uint32_t peer; /* interface of the other end, or VW_NONE */
    struct vw_box box;
};

/* What was decided there: a mark of ALLOW, DENY, SKIP or UNKNOWN, or NULL where that
 * filter is not met. */
struct vw_filters {
    const struct vw_mark *group, *acl;
};

/* Puts the packet, in as many pieces as fare differently, to walk->done. The walk must
 * have its world and its arena. */
int vw_vantage_filter(struct vw_walk *walk, const struct vw_passing *passing);

/* What the filters decided of a piece. */
struct vw_filters vw_vantage_filters(const struct vw_packet *piece);

/* Walks `box` from one interface to another, there and back unless `one_way`, to
 * answer->walk.done. As vw_answer_question without the texts and without the pieces. */
int vw_vantage_walk(const struct vw_world *world, uint32_t from, uint32_t to,
                    const struct vw_box *box, bool one_way, struct vw_answer *answer);

#endif
