/* Which targets of a listener a load balancer may choose. */
#ifndef VW_REACH_TARGET_H
#define VW_REACH_TARGET_H

#include "reach/walk.h"

/* One target that may be chosen; in the walk's arena. */
struct vw_target_choice {
    const struct vw_target *target;
    const struct vw_target_group *group;
    uint32_t interface; /* its own, or VW_NONE: outside the export */
    struct vw_address address;
    uint16_t port;
    bool preserves;         /* the client's address is kept */
    const char *assumption; /* made of that, or NULL */
};

struct vw_target_choices {
    struct vw_target_choice *items;
    size_t count;
    /* Where there are none: */
    bool answers_itself; /* a Lambda function behind it */
    bool is_unknown;
    enum vw_reason reason;
    const struct vw_object *object; /* the group that the reason is about, or NULL */
    int missing;
};

int vw_targets_choose(struct vw_walk *walk, const struct vw_packet *packet,
                      const struct vw_load_balancer *balancer,
                      const struct vw_listener *listener,
                      struct vw_target_choices *ret_choices);

/* Why there is none. */
int vw_target_explain_none(struct vw_explainer *explainer, const struct vw_mark *mark);

/* The name of a load balancer or a target group, else its ARN. */
const char *vw_target_name(const struct vw_object *object);

#endif
