/*
 * Roles and policies of IAM, and bucket policies: only what says whether flow logs can be
 * delivered. Some calls do not print whose their output is: their file is named by it, as
 * `vpcwhy export-script` names it.
 *
 *     role.NAME.json                       get-role
 *     role-policies.ROLE.json              list-role-policies
 *     role-policy.ROLE.POLICY.json         get-role-policy (which says both itself)
 *     attached-role-policies.ROLE.json     list-attached-role-policies
 *     policy-version.POLICY.json           get-policy-version
 *     bucket-policy.BUCKET.json            s3api get-bucket-policy
 */
#ifndef VW_LOAD_IAM_H
#define VW_LOAD_IAM_H

#include "load/elements.h"

extern const struct vw_schema vw_iam_role_schema, vw_iam_policy_schema,
    vw_iam_list_schema;

/* Readers of keys: see elements.h. */
int vw_read_iam_role(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *value);
int vw_read_iam_roles(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value);
int vw_read_iam_inline(struct vw_document *document, const struct vw_key_row *row,
                       const struct vw_json *value);
int vw_read_iam_names(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value);
int vw_read_iam_attached(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value);
int vw_read_iam_version(struct vw_document *document, const struct vw_key_row *row,
                        const struct vw_json *value);
int vw_read_iam_policies(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value);
int vw_read_iam_policy(struct vw_document *document, const struct vw_key_row *row,
                       const struct vw_json *value);

/* What was read becomes the world's. 0 or VW_ERROR_NO_MEMORY. */
int vw_keep_iam(struct vw_loader *loader);
void vw_free_iam(struct vw_loader *loader);

/* ---- iam_policy.c ---- */

/* A policy document: an object, or its text in a string, as bucket policies are, with
 * percent signs as some tools leave them. What cannot be read is a warning, and marked. 0
 * or VW_ERROR_NO_MEMORY. */
int vw_iam_read_policy(struct vw_document *document, const struct vw_json *value,
                       struct vw_iam_policy *ret);

/* A string, or a list of strings. What else stands there sets *ret_damaged. */
int vw_iam_read_texts(struct vw_document *document, const struct vw_json *value,
                      struct vw_iam_texts *ret, bool *ret_damaged);

/* A copy in the world's arena; *ret NULL where `value` is no string. */
int vw_iam_read_text(struct vw_document *document, const struct vw_json *value,
                     const char **ret);

#endif
