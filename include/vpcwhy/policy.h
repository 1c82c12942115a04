/*
 * Rules files: what must be reachable and what must not, held against an export; and
 * networks outside AWS, which no export holds. Both are written down in YAML.
 */
#ifndef VPCWHY_POLICY_H
#define VPCWHY_POLICY_H

#include <vpcwhy/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vw_rules;

/* Reads a rules file, or every *.yaml and *.yml below a folder. Every fault is a
 * diagnostic with line and column; any fault makes it VW_ERROR_INPUT. */
int vw_rules_load(const char *const *paths, size_t path_count,
                  struct vw_diagnostics *diagnostics, struct vw_rules **ret_rules);
void vw_rules_free(struct vw_rules *rules); /* accepts NULL */

/* Makes the networks that the rules declare part of a loaded world, before anything is
 * asked of it. The rules may be freed afterwards. 0 or VW_ERROR_NO_MEMORY. */
int vw_rules_declare_networks(const struct vw_rules *rules, struct vw_world *world);

/* name, slug */
#define VW_OUTCOME_LIST(X)                                                               \
    X(VW_OUTCOME_HOLDS, "holds")                                                         \
    X(VW_OUTCOME_FAILS, "fails")                                                         \
    X(VW_OUTCOME_UNKNOWN, "unknown")                                                     \
    X(VW_OUTCOME_INAPPLICABLE, "inapplicable") /* an end is not in the export */

enum vw_outcome {
#define VW_X(name, slug) name,
    VW_OUTCOME_LIST(VW_X)
#undef VW_X
};
const char *vw_outcome_slug(enum vw_outcome outcome);

struct vw_check_result {
    const char *id;
    const char *file;
    uint64_t line;
    const char *from, *to, *why; /* why may be NULL */
    const char *protocol;        /* as written, or NULL */
    bool has_ports;
    struct vw_port_range ports;
    enum vw_verdict expected; /* VW_VERDICT_REACHABLE or VW_VERDICT_BLOCKED */
    enum vw_outcome outcome;
    const struct vw_trace *trace; /* NULL where the question could not be asked */
    const char *sentence;         /* what was found, in a line */
};

struct vw_check {
    const struct vw_check_result *results;
    size_t result_count;
    size_t holds, fails, unknown, inapplicable;
};

/* VW_ERROR_INPUT with a diagnostic where the rules expect nothing. */
int vw_check_run(const struct vw_world *world, const struct vw_rules *rules,
                 struct vw_diagnostics *diagnostics, struct vw_check **ret_check);
void vw_check_free(struct vw_check *check); /* accepts NULL */

#ifdef __cplusplus
}
#endif
#endif
