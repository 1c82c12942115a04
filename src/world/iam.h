/*
 * What an export holds of IAM: roles with their trust, policies of roles and of buckets.
 * Only as much as says whether flow logs can be delivered. Nothing here is evaluated.
 */
#ifndef VW_WORLD_IAM_H
#define VW_WORLD_IAM_H

#include <stdbool.h>
#include <stddef.h>

#include "world/object.h"

struct vw_iam_texts {
    const char **items;
    size_t count;
};

/* {"Service": [...]}, {"AWS": ...}; type "*" for everybody. */
struct vw_iam_principals {
    const char *type;
    struct vw_iam_texts values;
};

/* {"StringEquals": {"aws:SourceAccount": [...]}} */
struct vw_iam_condition {
    const char *test; /* "StringEquals", ... */
    const char *key;
    struct vw_iam_texts values;
};

struct vw_iam_statement {
    const char *sid; /* or NULL */
    bool allows;
    bool is_damaged;     /* it says something that could not be read */
    bool not_principals; /* NotPrincipal, NotAction, NotResource stand in its stead */
    bool not_actions;
    bool not_resources;
    bool has_resources;
    struct vw_iam_principals *principals;
    size_t principal_count;
    struct vw_iam_texts actions, resources;
    struct vw_iam_condition *conditions;
    size_t condition_count;
    struct vw_source source;
};

struct vw_iam_policy {
    struct vw_iam_statement *statements;
    size_t count;
    bool is_damaged; /* not all of it could be read */
    struct vw_source source;
};

struct vw_iam_role {
    const char *name;
    const char *arn; /* or NULL */
    bool has_trust;
    struct vw_iam_policy trust;
    struct vw_source source;
};

/* A policy inside a role. */
struct vw_iam_inline {
    const char *role, *name;
    struct vw_iam_policy policy;
};

/* What the export says of a role's policies: which it has, inline by name and attached by
 * ARN. */
struct vw_iam_list {
    const char *role;
    bool is_attached; /* `names` are ARNs of attached policies */
    struct vw_iam_texts names;
};

/* A managed policy. */
struct vw_iam_managed {
    const char *id; /* its ARN, or what of it the file's name has: "path.name" */
    bool is_arn;
    struct vw_iam_policy policy;
};

struct vw_iam_bucket {
    const char *name; /* of the bucket, or NULL: the file's name does not tell */
    struct vw_iam_policy policy;
};

struct vw_iam {
    struct vw_iam_role *roles;
    size_t role_count;
    struct vw_iam_inline *inlines;
    size_t inline_count;
    struct vw_iam_list *lists;
    size_t list_count;
    struct vw_iam_managed *managed;
    size_t managed_count;
    struct vw_iam_bucket *buckets;
    size_t bucket_count;
};

#endif
