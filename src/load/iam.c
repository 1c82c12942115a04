/* Roles, policies and buckets; see iam.h. */
#include "load/iam.h"

#include <string.h>

#include <vpcwhy/error.h>

const struct vw_schema vw_iam_role_schema = {.noun = "role"};
const struct vw_schema vw_iam_policy_schema = {.noun = "policy"};
const struct vw_schema vw_iam_list_schema = {.noun = "list of policies"};

/* What stands behind `prefix` in the file's name, without ".json"; "" where the name does
 * not begin so, NULL without memory. */
static const char *named_after(const struct vw_document *document, const char *prefix)
{
    struct vw_loader *loader = document->loader;
    const char *path = loader->files.items[document->file].path;
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *end;

    if (strncmp(name, prefix, strlen(prefix)) != 0)
        return "";
    name += strlen(prefix);
    end = strstr(name, ".json");
    return vw_arena_copy(&loader->world->arena, name,
                         end ? (size_t)(end - name) : strlen(name));
}

/* Whose it is stands neither in the document nor in the file's name. */
static int complain(const struct vw_document *document, const struct vw_json *value,
                    const char *what, const char *where)
{
    struct vw_reading reading = vw_element_start(document, &vw_iam_policy_schema);

    return vw_schema_warn(&reading, "missing-field", value,
                          "%s is not said (expected %s); passed over", what, where);
}

/* ---- lists of policies ---- */

static int add_list(struct vw_document *document, const char *role, bool is_attached,
                    const struct vw_json *value)
{
    struct vw_iam_list list = {.role = role, .is_attached = is_attached};
    struct vw_arena *arena = &document->loader->world->arena;
    size_t i, count = vw_json_count(value);

    list.names.items = vw_arena_array(arena, count, sizeof *list.names.items);
    if (!list.names.items)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        struct vw_json element = vw_json_element(value, i), name = element;
        const char *text;

        if (is_attached)
            name = vw_json_member(&element, "PolicyArn");
        if (vw_iam_read_text(document, &name, &text))
            return VW_ERROR_NO_MEMORY;
        if (text)
            list.names.items[list.names.count++] = text;
    }
    return vw_array_push(&document->loader->iam.lists, list);
}

static int read_list(struct vw_document *document, const struct vw_json *value,
                     const char *prefix, bool is_attached)
{
    const char *role = named_after(document, prefix);

    if (!role)
        return VW_ERROR_NO_MEMORY;
    if (vw_json_type(value) != VW_JSON_LIST)
        return 0;
    if (!*role)
        return complain(document, value, "whose policies these are",
                        is_attached ? "a file attached-role-policies.ROLE.json"
                                    : "a file role-policies.ROLE.json");
    return add_list(document, role, is_attached, value);
}

int vw_read_iam_names(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value)
{
    (void)row;
    return read_list(document, value, "role-policies.", false);
}

int vw_read_iam_attached(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value)
{
    (void)row;
    return read_list(document, value, "attached-role-policies.", true);
}

/* ---- policies in roles ---- */

static int add_inline(struct vw_document *document, const struct vw_json *role,
                      const struct vw_json *name, const struct vw_json *policy)
{
    struct vw_iam_inline item = {.role = NULL};
    int error = vw_iam_read_text(document, role, &item.role);

    if (!error)
        error = vw_iam_read_text(document, name, &item.name);
    if (!error && !item.role)
        return complain(document, policy, "the policy's role", "RoleName");
    if (!error)
        error = vw_iam_read_policy(document, policy, &item.policy);
    return error ? error : vw_array_push(&document->loader->iam.inlines, item);
}

int vw_read_iam_inline(struct vw_document *document, const struct vw_key_row *row,
                       const struct vw_json *value)
{
    struct vw_json role = vw_json_member(document->json, "RoleName");
    struct vw_json name = vw_json_member(document->json, "PolicyName");

    (void)row;
    return add_inline(document, &role, &name, value);
}

/* ---- roles ---- */

/* get-account-authorization-details has a role's policies in the role. */
static int read_details(struct vw_document *document, const struct vw_json *role,
                        const struct vw_json *name)
{
    struct vw_json inlines = vw_json_member(role, "RolePolicyList");
    struct vw_json attached = vw_json_member(role, "AttachedManagedPolicies");
    struct vw_loader *loader = document->loader;
    struct vw_iam_list list = {.role = NULL};
    size_t i;
    int error = 0;

    if (vw_json_type(&inlines) == VW_JSON_LIST) {
        /* All of them follow, so that none is missing. */
        error = vw_iam_read_text(document, name, &list.role);
        if (!error)
            error = vw_array_push(&loader->iam.lists, list);
    }
    for (i = 0; i < vw_json_count(&inlines) && !error; i++) {
        struct vw_json element = vw_json_element(&inlines, i);
        struct vw_json title = vw_json_member(&element, "PolicyName");
        struct vw_json policy = vw_json_member(&element, "PolicyDocument");

        error = add_inline(document, name, &title, &policy);
    }
    if (!error && vw_json_type(&attached) == VW_JSON_LIST) {
        error = vw_iam_read_text(document, name, &list.role);
        if (!error)
            error = add_list(document, list.role, true, &attached);
    }
    return error;
}

int vw_read_iam_role(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *value)
{
    struct vw_json name = vw_json_member(value, "RoleName");
    struct vw_json arn = vw_json_member(value, "Arn");
    struct vw_json trust = vw_json_member(value, "AssumeRolePolicyDocument");
    struct vw_iam_role role = {.has_trust = vw_json_type(&trust) != VW_JSON_ABSENT};
    int error = vw_iam_read_text(document, &name, &role.name);

    (void)row;
    if (!error && !role.name)
        return complain(document, value, "the role's name", "RoleName");
    if (!error)
        error = vw_iam_read_text(document, &arn, &role.arn);
    if (!error && role.has_trust)
        error = vw_iam_read_policy(document, &trust, &role.trust);
    role.source.file = document->loader->files.items[document->file].path;
    role.source.pointer = vw_json_pointer(value, &document->loader->world->arena);
    if (!role.source.pointer)
        return VW_ERROR_NO_MEMORY;
    if (!error)
        error = vw_array_push(&document->loader->iam.roles, role);
    return error ? error : read_details(document, value, &name);
}

int vw_read_iam_roles(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value)
{
    return vw_elements_each(document, row, value, vw_read_iam_role);
}

/* ---- managed policies ---- */

static int add_managed(struct vw_document *document, const char *id, bool is_arn,
                       const struct vw_json *policy)
{
    struct vw_iam_managed item = {.id = id, .is_arn = is_arn};
    int error = vw_iam_read_policy(document, policy, &item.policy);

    return error ? error : vw_array_push(&document->loader->iam.managed, item);
}

int vw_read_iam_version(struct vw_document *document, const struct vw_key_row *row,
                        const struct vw_json *value)
{
    struct vw_json policy = vw_json_member(value, "Document");
    const char *id = named_after(document, "policy-version.");

    (void)row;
    if (!id)
        return VW_ERROR_NO_MEMORY;
    if (!*id)
        return complain(document, value, "the policy of this version",
                        "a file policy-version.POLICY.json");
    return add_managed(document, id, false, &policy);
}

/* Of a policy with all its versions the one that counts. */
static int read_versions(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *element)
{
    struct vw_json arn = vw_json_member(element, "Arn");
    struct vw_json versions = vw_json_member(element, "PolicyVersionList");
    const char *id;
    size_t i;
    int error = vw_iam_read_text(document, &arn, &id);

    (void)row;
    for (i = 0; i < vw_json_count(&versions) && !error && id; i++) {
        struct vw_json version = vw_json_element(&versions, i);
        struct vw_json is_default = vw_json_member(&version, "IsDefaultVersion");
        struct vw_json policy = vw_json_member(&version, "Document");

        if (vw_json_type(&is_default) == VW_JSON_BOOLEAN && vw_json_boolean(&is_default))
            error = add_managed(document, id, true, &policy);
    }
    return error;
}

int vw_read_iam_policies(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value)
{
    return vw_elements_each(document, row, value, read_versions);
}

/* ---- buckets ---- */

/* A bucket's policy is a string; what IAM prints under the same key is an object that
 * holds no document. */
int vw_read_iam_policy(struct vw_document *document, const struct vw_key_row *row,
                       const struct vw_json *value)
{
    struct vw_iam_bucket bucket = {.name = NULL};
    int error;

    (void)row;
    if (vw_json_type(value) != VW_JSON_STRING)
        return 0;
    bucket.name = named_after(document, "bucket-policy.");
    if (!bucket.name)
        return VW_ERROR_NO_MEMORY;
    if (!*bucket.name)
        bucket.name = NULL;
    error = vw_iam_read_policy(document, value, &bucket.policy);
    return error ? error : vw_array_push(&document->loader->iam.buckets, bucket);
}

/* ---- all of it ---- */

/* A copy of a list in the world's arena. */
static int keep(struct vw_arena *arena, const void *items, size_t count, size_t size,
                void **ret)
{
    *ret = vw_arena_array(arena, count, size);
    if (!*ret)
        return VW_ERROR_NO_MEMORY;
    if (count > 0)
        memcpy(*ret, items, count * size);
    return 0;
}

#define KEEP(list, kept, number)                                                         \
    (error = error ? error                                                               \
                   : keep(&world->arena, lists->list.items, lists->list.count,           \
                          sizeof *lists->list.items, &items),                            \
     world->iam.kept = error ? NULL : items,                                             \
     world->iam.number = error ? 0 : lists->list.count)

int vw_keep_iam(struct vw_loader *loader)
{
    const struct vw_iam_lists *lists = &loader->iam;
    struct vw_world *world = loader->world;
    void *items = NULL;
    int error = 0;

    KEEP(roles, roles, role_count);
    KEEP(inlines, inlines, inline_count);
    KEEP(lists, lists, list_count);
    KEEP(managed, managed, managed_count);
    KEEP(buckets, buckets, bucket_count);
    return error;
}

void vw_free_iam(struct vw_loader *loader)
{
    vw_array_free(&loader->iam.roles);
    vw_array_free(&loader->iam.inlines);
    vw_array_free(&loader->iam.lists);
    vw_array_free(&loader->iam.managed);
    vw_array_free(&loader->iam.buckets);
}
