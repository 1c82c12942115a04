/* Names as people write them: the fields of flow logs have several spellings. */
#ifndef VW_QUERY_NAMES_H
#define VW_QUERY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/slice.h"

/* Whether they are one name but for case, '-' and '_'. */
bool vw_name_same(struct vw_slice a, struct vw_slice b);

/* The same, and the names which the console gives to columns: startTime is start, endTime
 * is end. */
bool vw_field_same(struct vw_slice a, struct vw_slice b);

/* Whether it is a field of VPC or transit gateway flow logs, or one that every record has
 * (@timestamp). */
bool vw_field_known(struct vw_slice name);

/* Whether it is as above with "-" for the "_" or nothing: "log-status" for `log` and
 * `status`. NULL where it is none, else how the language spells it. */
const char *vw_field_hyphenated(struct vw_slice left, struct vw_slice right);

/* Keeps the nearest of the names offered to it. */
struct vw_nearest {
    struct vw_slice typed, best;
    size_t distance;
};

struct vw_nearest vw_nearest_to(struct vw_slice typed);
void vw_nearest_offer(struct vw_nearest *nearest, struct vw_slice name);
void vw_nearest_offer_fields(struct vw_nearest *nearest);

#endif
