/* The keys of the AWS CLI's models, and those that export tools wrap other calls in. */
#include "load/keys.h"

#include <stdlib.h>
#include <string.h>

struct row {
    const char *key, *command;
};

/* In byte order. */
static const struct row models[] = {
#define VW_AWS_KEY(key, command) {key, command},
#include "load/aws_keys.h"
#undef VW_AWS_KEY
};

/* Calls whose output does not say what it is about, as tools write them into one file. */
static const struct row wrappers[] = {
    {"DBInstances", "aws rds describe-db-instances"},
    {"DomainStatusList", "aws opensearch describe-domains"},
    {"ElasticsearchDomains", "aws es describe-elasticsearch-domains"},
    {"GroupDetailList", "aws iam get-account-authorization-details"},
    {"RdsInstances", "aws rds describe-db-instances"},
    {"UserDetailList", "aws iam get-account-authorization-details"},
};

/* What stands beside the keys, and says how much it is or of what. */
static const char *const metadata[] = {
    "$metadata",
    "AdditionalRoutesAvailable",
    "FirewallPolicyResponse",
    "FirewallStatus",
    "IsTruncated",
    "LoadBalancerArn",
    "Marker",
    "MaxResults",
    "NextMarker",
    "NextToken",
    "PolicyName",
    "PrefixListId",
    "QueryInfo",
    "ResponseMetadata",
    "RoleName",
    "RuleGroupResponse",
    "TargetGroupArn",
    "TransitGatewayRouteTableId",
    "Truncated",
    "UpdateToken",
    "configSnapshotId",
    "fileVersion",
    "nextToken",
    "requestId",
    "unprocessedResourceKeys",
};

static int compare(const void *key, const void *row)
{
    return strcmp(key, ((const struct row *)row)->key);
}

const char *vw_key_command(const char *key)
{
    const struct row *row =
        bsearch(key, models, sizeof models / sizeof *models, sizeof *models, compare);
    size_t i;

    if (row)
        return row->command;
    for (i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (strcmp(wrappers[i].key, key) == 0)
            return wrappers[i].command;
    return NULL;
}

bool vw_key_is_metadata(const char *key)
{
    size_t i;

    for (i = 0; i < sizeof metadata / sizeof *metadata; i++)
        if (strcmp(metadata[i], key) == 0)
            return true;
    return false;
}
