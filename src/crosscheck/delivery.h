/* One flow log's delivery while it is judged; see delivery.c. */
#ifndef VW_CROSSCHECK_DELIVERY_H
#define VW_CROSSCHECK_DELIVERY_H

#include <stdarg.h>

#include "crosscheck/iam.h"
#include "crosscheck/logging.h"

/* No delivery needs more checks than that. */
enum { VW_DELIVERY_FINDINGS = 32 };

struct vw_deliverer {
    const struct vw_world *world;
    const struct vw_flow_log *log;
    struct vw_arena *arena;
    const char *account, *region; /* of the flow log, or NULL */
    const char *partition;        /* "aws" */
    struct vw_delivery_finding *findings;
    size_t finding_count;
    bool failed; /* memory was out */
};

/* Text in the arena; "" when out of memory, which is remembered. */
const char *vw_delivery_say(struct vw_deliverer *it, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void vw_delivery_find(struct vw_deliverer *it, struct vw_delivery_finding finding);

/* A finding where `answer` is not YES: "no statement lets WHAT". `statement` would. */
void vw_delivery_refused(struct vw_deliverer *it, enum vw_iam_answer answer,
                         const char *what, const char *statement,
                         const struct vw_iam_near *near, struct vw_source source);

/* Something that decides and is not exported; `command` may be NULL. */
void vw_delivery_missing(struct vw_deliverer *it, const char *sentence,
                         const char *command);

/* ---- delivery_role.c, delivery_bucket.c ---- */

void vw_delivery_to_group(struct vw_deliverer *it);
void vw_delivery_to_bucket(struct vw_deliverer *it);

#endif
