/* Delivery to S3: the policy of the bucket. See delivery.c. */
#include <string.h>

#include "crosscheck/delivery.h"

#define SERVICE "delivery.logs.amazonaws.com"

struct bucket {
    const char *name, *folder; /* "" or "folder/" */
    const struct vw_iam_policy *policy;
};

/* "arn:aws:s3:::bucket/folder/" */
static bool split(struct vw_deliverer *it, struct bucket *bucket)
{
    const char *at = it->log->destination ? strstr(it->log->destination, ":::") : NULL;
    size_t size;

    if (!at || !at[3])
        return false;
    at += 3;
    size = strcspn(at, "/");
    bucket->name = vw_delivery_say(it, "%.*s", (int)size, at);
    at += size;
    at += strspn(at, "/");
    for (size = strlen(at); size > 0 && at[size - 1] == '/';)
        size--;
    bucket->folder = size > 0 ? vw_delivery_say(it, "%.*s/", (int)size, at) : "";
    return true;
}

/* Whether a policy whose file does not tell the bucket is about it. */
static bool is_about(const struct vw_iam_policy *policy, const char *bucket)
{
    size_t i, j, size = strlen(bucket);

    for (i = 0; i < policy->count; i++) {
        for (j = 0; j < policy->statements[i].resources.count; j++) {
            const char *at = strstr(policy->statements[i].resources.items[j], ":::");

            if (at && strncmp(at + 3, bucket, size) == 0 &&
                (!at[3 + size] || at[3 + size] == '/'))
                return true;
        }
    }
    return false;
}

static const struct vw_iam_policy *find_policy(const struct vw_iam *iam,
                                               const char *bucket)
{
    size_t i;

    for (i = 0; i < iam->bucket_count; i++) {
        const struct vw_iam_bucket *item = &iam->buckets[i];

        if (item->name ? strcmp(item->name, bucket) == 0
                       : is_about(&item->policy, bucket))
            return &item->policy;
    }
    return NULL;
}

enum { FACTS_MAX = 4 };

/* What is known of the service's calls; returns how much. */
static size_t find_facts(struct vw_deliverer *it, bool writes,
                         struct vw_iam_fact facts[FACTS_MAX])
{
    bool known = it->account && it->region;
    size_t count = 0;

    facts[count++] = (struct vw_iam_fact){"aws:SecureTransport", {"true", false}};
    facts[count++] = (struct vw_iam_fact){
        "aws:SourceArn",
        {vw_delivery_say(it, known ? "arn:%s:logs:%s:%s:" : "arn:%s:logs:", it->partition,
                         it->region, it->account),
         true}};
    if (it->account)
        facts[count++] = (struct vw_iam_fact){"aws:SourceAccount", {it->account, false}};
    if (writes)
        facts[count++] =
            (struct vw_iam_fact){"s3:x-amz-acl", {"bucket-owner-full-control", false}};
    return count;
}

static void check(struct vw_deliverer *it, const struct bucket *bucket,
                  const char *action, struct vw_iam_value resource, const char *what,
                  const char *statement)
{
    struct vw_iam_fact facts[FACTS_MAX];
    struct vw_iam_near near = {.statement = NULL};
    struct vw_iam_call call = {.service = SERVICE,
                               .action = action,
                               .resources = &resource,
                               .resource_count = 1,
                               .facts = facts};

    call.fact_count = find_facts(it, strcmp(action, "s3:PutObject") == 0, facts);
    vw_delivery_refused(it, vw_iam_ask(bucket->policy, &call, &near), what, statement,
                        &near, bucket->policy->source);
}

/* Below which the objects of the account are written. */
static const char *path_of(struct vw_deliverer *it, const struct bucket *bucket)
{
    return vw_delivery_say(it, "arn:%s:s3:::%s/%sAWSLogs/%s%s%s", it->partition,
                           bucket->name, bucket->folder,
                           it->log->has_hive_prefixes ? "aws-account-id=" : "",
                           it->account ? it->account : "", it->account ? "/" : "");
}

/* An object there, as far as its name is known. */
static struct vw_iam_value object_in(struct vw_deliverer *it, const char *path)
{
    bool hive = it->log->has_hive_prefixes;

    if (!it->account || !it->region)
        return (struct vw_iam_value){path, true};
    return (struct vw_iam_value){vw_delivery_say(it, "%s%svpcflowlogs/%s%s/", path,
                                                 hive ? "aws-service=" : "",
                                                 hive ? "aws-region=" : "", it->region),
                                 true};
}

void vw_delivery_to_bucket(struct vw_deliverer *it)
{
    struct bucket bucket;
    const char *path, *arn;

    if (!split(it, &bucket)) {
        vw_delivery_missing(it, "the export does not say which bucket it is", NULL);
        return;
    }
    bucket.policy = find_policy(&it->world->iam, bucket.name);
    if (!bucket.policy) {
        vw_delivery_missing(
            it,
            vw_delivery_say(it, "the policy of bucket %s is not in the export",
                            bucket.name),
            vw_delivery_say(it, "aws s3api get-bucket-policy --bucket %s", bucket.name));
        return;
    }
    path = path_of(it, &bucket);
    arn = vw_delivery_say(it, "arn:%s:s3:::%s", it->partition, bucket.name);
    check(it, &bucket, "s3:PutObject", object_in(it, path),
          vw_delivery_say(it, "%s write to %s", SERVICE, path),
          vw_delivery_say(it,
                          "{\"Effect\": \"Allow\", \"Principal\": {\"Service\": "
                          "\"" SERVICE "\"}, \"Action\": \"s3:PutObject\", \"Resource\": "
                          "\"%s*\", \"Condition\": {\"StringEquals\": "
                          "{\"s3:x-amz-acl\": \"bucket-owner-full-control\"}}}",
                          path));
    check(it, &bucket, "s3:GetBucketAcl", (struct vw_iam_value){arn, false},
          vw_delivery_say(it, "%s read the ACL of %s", SERVICE, bucket.name),
          vw_delivery_say(it,
                          "{\"Effect\": \"Allow\", \"Principal\": {\"Service\": "
                          "\"" SERVICE "\"}, \"Action\": \"s3:GetBucketAcl\", "
                          "\"Resource\": \"%s\"}",
                          arn));
}
