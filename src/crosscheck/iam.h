/*
 * Whether a policy of IAM allows a call: as much of the language as policies of flow logs
 * use, and an answer "cannot tell" for the rest.
 */
#ifndef VW_CROSSCHECK_IAM_H
#define VW_CROSSCHECK_IAM_H

#include "world/iam.h"

enum vw_iam_answer {
    VW_IAM_NO,    /* nothing allows it */
    VW_IAM_MAYBE, /* something that cannot be told decides */
    VW_IAM_YES,
    VW_IAM_DENIED /* a statement denies it */
};

/* A text of which the end may be open: "arn:aws:logs:us-east-1:111122223333:" and what
 * follows. */
struct vw_iam_value {
    const char *text;
    bool is_open;
};

/* What is known of a call beside its action: {"aws:SourceAccount", {"111122223333"}}. */
struct vw_iam_fact {
    const char *key;
    struct vw_iam_value value;
};

struct vw_iam_call {
    const char *service; /* the principal, or NULL: the policy is that of the caller */
    const char *action;
    /* Any of these forms of the resource will do. */
    const struct vw_iam_value *resources;
    size_t resource_count;
    const struct vw_iam_fact *facts;
    size_t fact_count;
};

/* Why a statement does not allow the call, or why no statement does: the one that came
 * nearest. */
struct vw_iam_near {
    const struct vw_iam_statement *statement; /* or NULL */
    enum vw_iam_part {
        VW_IAM_ACTION,
        VW_IAM_PRINCIPAL,
        VW_IAM_RESOURCE,
        VW_IAM_CONDITION
    } part;                                   /* the first that does not fit */
    const struct vw_iam_condition *condition; /* that one, or NULL */
};

/* What one policy says; *near (may be NULL) is kept where nothing comes nearer. Of several
 * policies the greatest answer counts. */
enum vw_iam_answer vw_iam_ask(const struct vw_iam_policy *policy,
                              const struct vw_iam_call *call, struct vw_iam_near *near);

/* Whether `pattern` with '*' and '?' fits: YES for every end of an open value, MAYBE for
 * some. `ignores_case` for ASCII letters. */
enum vw_iam_answer vw_iam_match(const char *pattern, struct vw_iam_value value,
                                bool ignores_case);

#endif
