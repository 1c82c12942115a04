/* What is said of the decisions of security groups. */
#ifndef VW_REACH_SECURITY_GROUP_TEXT_H
#define VW_REACH_SECURITY_GROUP_TEXT_H

#include "reach/explain.h"

/* Explain functions of marks (walk.h): object is the group for ALLOW, else the interface;
 * rule is a struct vw_group_rule or NULL. */
int vw_group_explain_allow(struct vw_explainer *explainer, const struct vw_mark *mark);
int vw_group_explain_deny(struct vw_explainer *explainer, const struct vw_mark *mark);
int vw_group_explain_undecided(struct vw_explainer *explainer,
                               const struct vw_mark *mark);

#endif
