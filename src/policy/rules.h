/* Rules as they were read; what users hold is in vpcwhy/policy.h. */
#ifndef VW_POLICY_RULES_H
#define VW_POLICY_RULES_H

#include <vpcwhy/policy.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/diagnostic.h"
#include "base/map.h"
#include "policy/yaml.h"
#include "world/world.h"

/* The endpoint that stands for every running instance. */
#define VW_SELECT_INSTANCES "instances"

struct vw_expectation_rule {
    const char *id, *file;
    uint64_t line, column;
    const char *from, *to, *why; /* why may be NULL */
    const char *protocol;        /* as written, or NULL */
    enum vw_verdict expected;
    bool if_present; /* an end that is not in the export is no fault */
    struct vw_question question;
};

struct vw_rules {
    struct vw_arena arena;
    struct VW_ARRAY(struct vw_expectation_rule) expectations;
    struct VW_ARRAY(struct vw_customer_network) networks;
};

/* ---- while files are read ---- */

struct vw_rules_reader {
    struct vw_rules *rules;
    struct vw_diagnostics *diagnostics;
    struct vw_map ids; /* id to index of its expectation */
    const char *file;
    bool faulty;
};

/* A diagnostic at the node, or of the whole file where that is NULL. */
void vw_rules_fault(struct vw_rules_reader *reader, const char *code,
                    const struct vw_yaml_node *node, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The list `networks` of a file: networks.c. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_rules_read_networks(struct vw_rules_reader *reader,
                           const struct vw_yaml_node *node);

#endif
