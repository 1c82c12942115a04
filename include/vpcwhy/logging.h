/*
 * What flow logs see, as the export has them: which network interfaces no log covers, and
 * whether what is recorded can be delivered (the role and its trust, the bucket's policy).
 */
#ifndef VPCWHY_LOGGING_H
#define VPCWHY_LOGGING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/trace.h>
#include <vpcwhy/world.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How an interface is covered by active flow logs of itself, its subnet and its VPC. name,
 * slug, in words */
#define VW_LOGGED_LIST(X)                                                                \
    X(VW_LOGGED_ALL, "all", "recorded")                                                  \
    X(VW_LOGGED_ACCEPT, "accept-only", "only what is accepted is recorded")              \
    X(VW_LOGGED_REJECT, "reject-only", "only what is rejected is recorded")              \
    X(VW_LOGGED_FAILING, "not-delivered", "recorded, and the delivery fails")            \
    X(VW_LOGGED_NONE, "none", "no flow log covers them")

enum vw_logged {
#define VW_X(name, slug, words) name,
    VW_LOGGED_LIST(VW_X)
#undef VW_X
};
enum { VW_LOGGED_KINDS = VW_LOGGED_NONE + 1 };
const char *vw_logged_slug(enum vw_logged logged);
const char *vw_logged_words(enum vw_logged logged);

/* Interfaces of one subnet that are covered alike, and not wholly. */
struct vw_logging_gap {
    enum vw_logged logged;
    const char *vpc, *subnet; /* or NULL */
    const char *const *enis;  /* ascending */
    size_t eni_count;
    size_t of; /* interfaces of the subnet */
};

/* name, slug */
#define VW_DELIVERY_LIST(X)                                                              \
    X(VW_DELIVERY_WORKS, "works")                                                        \
    X(VW_DELIVERY_FAILS, "fails")                                                        \
    X(VW_DELIVERY_UNKNOWN, "unknown")

enum vw_delivery_verdict {
#define VW_X(name, slug) name,
    VW_DELIVERY_LIST(VW_X)
#undef VW_X
};
const char *vw_delivery_slug(enum vw_delivery_verdict verdict);

/* What lets a flow log's records be delivered, or keeps them from it. */
struct vw_delivery_finding {
    enum vw_delivery_verdict verdict; /* FAILS or UNKNOWN */
    const char *sentence;
    const char *statement; /* of a policy, as JSON, that would mend it; or NULL */
    const char *missing;   /* the command whose output would tell, or NULL */
    struct vw_place_in_export source;
};

struct vw_delivery {
    const char *flow_log, *resource, *traffic_type; /* the latter two may be NULL */
    const char *destination_type, *destination;     /* or NULL */
    const char *status, *error;                     /* as exported, or NULL */
    enum vw_delivery_verdict verdict;               /* by the policies */
    const struct vw_delivery_finding *findings;
    size_t finding_count;
    const char *sentence; /* how verdict and exported status go together, or NULL */
    struct vw_place_in_export source;
};

struct vw_logging {
    bool is_known; /* describe-flow-logs is in the export */
    uint64_t interfaces[VW_LOGGED_KINDS];
    const struct vw_logging_gap
        *gaps; /* the least covered first, then by VPC and subnet */
    size_t gap_count;
    const struct vw_delivery *deliveries; /* of active flow logs, in the export's order */
    size_t delivery_count;
};

/* 0 or VW_ERROR_NO_MEMORY. `world` must outlive the result. */
int vw_logging_run(const struct vw_world *world, struct vw_logging **ret_logging);

/* Accepts NULL. */
void vw_logging_free(struct vw_logging *logging);

#ifdef __cplusplus
}
#endif
#endif
