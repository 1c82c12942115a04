/* How one flow is being judged, and the readings that its record may be given. */
#ifndef VW_CROSSCHECK_REPLAY_READING_H
#define VW_CROSSCHECK_REPLAY_READING_H

#include "crosscheck/replay.h"

enum vw_role { VW_ROLE_OF_UNKNOWN, VW_ROLE_OF_REQUEST, VW_ROLE_OF_REPLY };

struct vw_judging {
    struct vw_replayer *replayer;
    const struct vw_replay_exchange *conversation;
    const struct vw_sighting *sighting;
    const struct vw_observation *row;
    enum vw_role role;
    struct vw_filters filters;
    struct vw_decider *decider;
};

/* ---- replay_gateway.c ---- */

/* Whether the row is of a transit gateway's flow log. */
bool vw_replay_is_gateway(const struct vw_observation *row);
int vw_replay_judge_gateway(struct vw_judging *it);

static inline bool vw_filter_denies(const struct vw_mark *mark)
{
    return mark && mark->decision == VW_DECISION_DENY;
}

static inline bool vw_filter_is_open(const struct vw_mark *mark)
{
    return mark && mark->decision == VW_DECISION_UNKNOWN;
}

/* `reading`, decided by `mark` (NULL: by nothing that has a name). */
void vw_read_as(struct vw_judging *it, enum vw_reading reading,
                const struct vw_mark *mark);

/* Whether the flow is a request or a reply, as far as that can be told. */
enum vw_role vw_role_of(const struct vw_judging *it);

/* ACCEPT where `mark` denies; and where it is a group that does. */
void vw_read_accepted(struct vw_judging *it, const struct vw_mark *mark);
void vw_read_accepted_by_group(struct vw_judging *it);

/* REJECT where the filters allow. */
void vw_read_rejected(struct vw_judging *it);

/* What lets it pass as the export has it: the group's rule, else the entry of the ACL. */
const struct vw_mark *vw_admitting(const struct vw_judging *it);

#endif
