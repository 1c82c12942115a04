/* Expectations as they were read; what users hold is in vpcwhy/policy.h. */
#ifndef VW_POLICY_RULES_H
#define VW_POLICY_RULES_H

#include <vpcwhy/policy.h>

#include "base/arena.h"
#include "base/array.h"

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
};

#endif
