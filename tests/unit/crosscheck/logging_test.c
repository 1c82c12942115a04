/* Exports with flow logs, roles and buckets: who is covered, and what is delivered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/logging.h>

#include "load/loading.h"

#define NETWORK                                                                          \
    "{'Vpcs': [{'VpcId': 'vpc-1', 'OwnerId': '111122223333', 'CidrBlock': "              \
    "'10.0.0.0/16'}], 'Subnets': ["                                                      \
    "{'SubnetId': 'subnet-a', 'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/24', "            \
    "'AvailabilityZone': 'us-east-1a'},"                                                 \
    "{'SubnetId': 'subnet-b', 'VpcId': 'vpc-1', 'CidrBlock': '10.0.1.0/24'}],"           \
    "'NetworkInterfaces': ["                                                             \
    "{'NetworkInterfaceId': 'eni-1', 'VpcId': 'vpc-1', 'SubnetId': 'subnet-a', "         \
    "'PrivateIpAddress': '10.0.0.4'},"                                                   \
    "{'NetworkInterfaceId': 'eni-2', 'VpcId': 'vpc-1', 'SubnetId': 'subnet-a', "         \
    "'PrivateIpAddress': '10.0.0.5'},"                                                   \
    "{'NetworkInterfaceId': 'eni-3', 'VpcId': 'vpc-1', 'SubnetId': 'subnet-b', "         \
    "'PrivateIpAddress': '10.0.1.4'}]}"

#define ROLE "arn:aws:iam::111122223333:role/fl"

#define LOG(resource, type, rest)                                                        \
    "{'FlowLogId': 'fl-1', 'FlowLogStatus': 'ACTIVE', 'ResourceId': '" resource          \
    "', 'TrafficType': '" type "'" rest "}"
#define LOGS(list) "{'FlowLogs': [" list "]}"

#define TO_GROUP                                                                         \
    ", 'LogDestinationType': 'cloud-watch-logs', 'LogDestination': "                     \
    "'arn:aws:logs:us-east-1:111122223333:log-group:flows', "                            \
    "'DeliverLogsPermissionArn': '" ROLE "'"
#define TO_BUCKET                                                                        \
    ", 'LogDestinationType': 's3', 'LogDestination': 'arn:aws:s3:::logs-1/net/'"

#define TRUST(service, more)                                                             \
    "{'Role': {'RoleName': 'fl', 'Arn': '" ROLE "', 'AssumeRolePolicyDocument': "        \
    "{'Statement': [{'Effect': 'Allow', 'Principal': {'Service': '" service              \
    "'}, 'Action': 'sts:AssumeRole'" more "}]}}}"
#define GOOD_TRUST TRUST("vpc-flow-logs.amazonaws.com", "")
#define INLINE(actions)                                                                  \
    "{'RoleName': 'fl', 'PolicyName': 'p', 'PolicyDocument': {'Statement': {'Effect': "  \
    "'Allow', 'Action': " actions ", 'Resource': '*'}}}"
#define ALL_ACTIONS                                                                      \
    "['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', "              \
    "'logs:DescribeLogGroups', 'logs:DescribeLogStreams']"

struct file {
    const char *name, *text;
};

struct logging_case {
    const char *name;
    struct file files[6];
    /* Recorded, accept, reject, failing, none; then each delivery's verdict with its
     * findings. */
    const char *expected;
    const char *says; /* words of a finding or of the sentence; or NULL */
};

#define NONE_ATTACHED                                                                    \
    {                                                                                    \
        "attached-role-policies.fl.json", "{'AttachedPolicies': []}"                     \
    }
#define ONE_INLINE                                                                       \
    {                                                                                    \
        "role-policies.fl.json", "{'PolicyNames': ['p']}"                                \
    }

static const struct logging_case cases[] = {
    {"not exported", {{"a.json", NETWORK}}, "unknown", NULL},
    {"no flow log", {{"a.json", NETWORK}, {"l.json", LOGS("")}}, "0 0 0 0 3", NULL},
    {"of a VPC",
     {{"a.json", NETWORK}, {"l.json", LOGS(LOG("vpc-1", "ALL", ""))}},
     "3 0 0 0 0; unknown 1",
     "where the records go"},
    {"of a subnet, rejects only",
     {{"a.json", NETWORK}, {"l.json", LOGS(LOG("subnet-a", "REJECT", ""))}},
     "0 0 2 0 1; unknown 1",
     NULL},
    {"accepts of the VPC and rejects of an interface",
     {{"a.json", NETWORK},
      {"l.json",
       LOGS(LOG("vpc-1", "ACCEPT", "") ", {'FlowLogId': 'fl-2', 'ResourceId': 'eni-3', "
                                       "'TrafficType': 'REJECT'}")}},
     "1 2 0 0 0; unknown 1; unknown 1",
     NULL},
    {"an inactive one",
     {{"a.json", NETWORK},
      {"l.json", "{'FlowLogs': [{'FlowLogId': 'fl-1', 'FlowLogStatus': 'DELETED', "
                 "'ResourceId': 'vpc-1'}]}"}},
     "0 0 0 0 3",
     NULL},
    {"a role that is not exported",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL",
                          TO_GROUP ", 'DeliverLogsStatus': 'FAILED', "
                                   "'DeliverLogsErrorMessage': "
                                   "'Access error'"))}},
     "0 0 0 3 0; unknown 1",
     "role fl is not in the export"},
    {"all as it should be",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", GOOD_TRUST},
      {"p.json", INLINE(ALL_ACTIONS)},
      NONE_ATTACHED,
      ONE_INLINE},
     "3 0 0 0 0; works 0",
     NULL},
    {"logs:* will do",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", GOOD_TRUST},
      {"p.json", INLINE("'logs:*'")}},
     "3 0 0 0 0; works 0",
     NULL},
    {"another service is trusted",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL",
                          TO_GROUP ", 'DeliverLogsStatus': 'FAILED', "
                                   "'DeliverLogsErrorMessage': "
                                   "'Access error'"))},
      {"r.json", TRUST("ec2.amazonaws.com", "")},
      {"p.json", INLINE("'logs:*'")}},
     "0 0 0 3 0; fails 1",
     "names ec2.amazonaws.com"},
    {"the source's account is another",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", TRUST("vpc-flow-logs.amazonaws.com",
                       ", 'Condition': {'StringEquals': {'aws:SourceAccount': "
                       "'444455556666'}}")},
      {"p.json", INLINE("'logs:*'")}},
     "3 0 0 0 0; fails 1",
     "demands aws:SourceAccount StringEquals 444455556666"},
    {"its ARN fits",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", TRUST("vpc-flow-logs.amazonaws.com",
                       ", 'Condition': {'ArnLike': {'aws:SourceArn': "
                       "'arn:aws:ec2:us-east-1:111122223333:vpc-flow-log/*'}}")},
      {"p.json", INLINE("'logs:*'")}},
     "3 0 0 0 0; works 0",
     NULL},
    {"its ARN is of another Region",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP ", 'DeliverLogsStatus': 'SUCCESS'"))},
      {"r.json", TRUST("vpc-flow-logs.amazonaws.com",
                       ", 'Condition': {'ArnLike': {'aws:SourceArn': "
                       "'arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*'}}")},
      {"p.json", INLINE("'logs:*'")}},
     "3 0 0 0 0; fails 1",
     "SUCCESS all the same"},
    {"a condition that nobody knows",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", TRUST("vpc-flow-logs.amazonaws.com",
                       ", 'Condition': {'StringEquals': {'aws:SourceOrgID': 'o-1'}}")},
      {"p.json", INLINE("'logs:*'")}},
     "3 0 0 0 0; unknown 1",
     "cannot be told"},
    {"an action is missing",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", GOOD_TRUST},
      {"p.json", INLINE("['logs:Create*', 'logs:Describe*']")},
      NONE_ATTACHED,
      ONE_INLINE},
     "3 0 0 0 0; fails 1",
     "no statement lets role fl call logs:PutLogEvents"},
    {"it may be in a policy that is not exported",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", GOOD_TRUST},
      {"p.json", INLINE("['logs:Create*', 'logs:Describe*']")},
      {"attached-role-policies.fl.json",
       "{'AttachedPolicies': [{'PolicyName': 'more', 'PolicyArn': "
       "'arn:aws:iam::111122223333:policy/net/more'}]}"}},
     "3 0 0 0 0; unknown 1",
     "policy arn:aws:iam::111122223333:policy/net/more of role fl is not in the export"},
    {"and there it is",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"r.json", GOOD_TRUST},
      {"attached-role-policies.fl.json",
       "{'AttachedPolicies': [{'PolicyName': 'more', 'PolicyArn': "
       "'arn:aws:iam::111122223333:policy/net/more'}]}"},
      {"policy-version.net.more.json",
       "{'PolicyVersion': {'VersionId': 'v2', 'IsDefaultVersion': true, 'Document': "
       "{'Statement': [{'Effect': 'Allow', 'Action': " ALL_ACTIONS
       ", 'Resource': '*'}]}}}"}},
     "3 0 0 0 0; works 0",
     NULL},
    {"all of IAM in one call, and a statement that denies",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_GROUP))},
      {"iam.json",
       "{'RoleDetailList': [{'RoleName': 'fl', 'Arn': '" ROLE
       "', 'AssumeRolePolicyDocument': {'Statement': [{'Effect': 'Allow', 'Principal': "
       "{'Service': ['vpc-flow-logs.amazonaws.com']}, 'Action': 'sts:AssumeRole'}]}, "
       "'RolePolicyList': [{'PolicyName': 'p', 'PolicyDocument': {'Statement': "
       "[{'Effect': 'Allow', 'Action': 'logs:*', 'Resource': '*'}, {'Sid': 'No', "
       "'Effect': 'Deny', 'Action': 'logs:CreateLogGroup', 'Resource': '*'}]}}], "
       "'AttachedManagedPolicies': []}], 'Policies': []}"}},
     "3 0 0 0 0; fails 1",
     "a statement No denies that role fl call logs:CreateLogGroup"},
    {"a bucket whose policy is not exported",
     {{"a.json", NETWORK}, {"l.json", LOGS(LOG("vpc-1", "ALL", TO_BUCKET))}},
     "3 0 0 0 0; unknown 1",
     "the policy of bucket logs-1 is not in the export"},
    {"the policy that AWS writes",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_BUCKET))},
      {"bucket-policy.logs-1.json",
       "{'Policy': '{\\'Statement\\': [{\\'Sid\\': \\'AWSLogDeliveryWrite\\', "
       "\\'Effect\\': \\'Allow\\', \\'Principal\\': {\\'Service\\': "
       "\\'delivery.logs.amazonaws.com\\'}, \\'Action\\': \\'s3:PutObject\\', "
       "\\'Resource\\': \\'arn:aws:s3:::logs-1/net/AWSLogs/111122223333/*\\', "
       "\\'Condition\\': {\\'StringEquals\\': {\\'aws:SourceAccount\\': "
       "\\'111122223333\\', \\'s3:x-amz-acl\\': \\'bucket-owner-full-control\\'}, "
       "\\'ArnLike\\': {\\'aws:SourceArn\\': "
       "\\'arn:aws:logs:us-east-1:111122223333:*\\'}}}, {\\'Effect\\': \\'Allow\\', "
       "\\'Principal\\': {\\'Service\\': \\'delivery.logs.amazonaws.com\\'}, "
       "\\'Action\\': \\'s3:GetBucketAcl\\', \\'Resource\\': "
       "\\'arn:aws:s3:::logs-1\\'}]}'}"}},
     "3 0 0 0 0; works 0",
     NULL},
    {"the plain path where Hive prefixes are written, and no ACL",
     {{"a.json", NETWORK},
      {"l.json",
       LOGS(LOG("vpc-1", "ALL",
                TO_BUCKET ", 'DestinationOptions': {'HiveCompatiblePartitions': true}"))},
      {"bucket-policy.logs-1.json",
       "{'Policy': '{\\'Statement\\': [{\\'Effect\\': \\'Allow\\', \\'Principal\\': "
       "{\\'Service\\': \\'delivery.logs.amazonaws.com\\'}, \\'Action\\': "
       "\\'s3:PutObject\\', \\'Resource\\': "
       "\\'arn:aws:s3:::logs-1/net/AWSLogs/111122223333/*\\'}]}'}"}},
     "3 0 0 0 0; fails 2",
     "is about arn:aws:s3:::logs-1/net/AWSLogs/111122223333/*"},
    {"a policy that is no JSON",
     {{"a.json", NETWORK},
      {"l.json", LOGS(LOG("vpc-1", "ALL", TO_BUCKET))},
      {"bucket-policy.logs-1.json", "{'Policy': 'allow all'}"}},
     "3 0 0 0 0; unknown 2",
     "cannot be told"},
};

enum { LINE = 400 };

static void describe(const struct vw_logging *logging, char line[LINE])
{
    size_t i, size = 0;

    if (!logging->is_known) {
        snprintf(line, LINE, "unknown");
        return;
    }
    line[0] = '\0';
    for (i = 0; i < VW_LOGGED_KINDS; i++)
        size += (size_t)snprintf(line + size, LINE - size, "%s%u", i ? " " : "",
                                 (unsigned)logging->interfaces[i]);
    for (i = 0; i < logging->delivery_count; i++)
        size += (size_t)snprintf(line + size, LINE - size, "; %s %u",
                                 vw_delivery_slug(logging->deliveries[i].verdict),
                                 (unsigned)logging->deliveries[i].finding_count);
}

static bool says(const struct vw_logging *logging, const char *part)
{
    size_t i, j;

    for (i = 0; i < logging->delivery_count; i++) {
        const struct vw_delivery *delivery = &logging->deliveries[i];

        if (delivery->sentence && strstr(delivery->sentence, part))
            return true;
        for (j = 0; j < delivery->finding_count; j++)
            if (strstr(delivery->findings[j].sentence, part))
                return true;
    }
    return !part;
}

static bool run_case(const struct logging_case *it)
{
    struct vw_logging *logging = NULL;
    struct loading loading;
    char line[LINE];
    bool good;
    size_t i;

    loading_open(&loading);
    for (i = 0; i < sizeof it->files / sizeof *it->files && it->files[i].name; i++)
        loading_file(&loading, it->files[i].name, it->files[i].text);
    loading_load(&loading);
    assert_int_equal(loading.error, 0);
    assert_int_equal(vw_logging_run(loading.world, &logging), 0);
    describe(logging, line);
    good = strcmp(line, it->expected) == 0 && (!it->says || says(logging, it->says));
    if (!good)
        print_error("%s: expected %s (%s), got %s\n", it->name, it->expected,
                    it->says ? it->says : "", line);
    for (i = 0; !good && i < logging->delivery_count; i++)
        for (size_t j = 0; j < logging->deliveries[i].finding_count; j++)
            print_error("  %s\n", logging->deliveries[i].findings[j].sentence);
    vw_logging_free(logging);
    loading_close(&loading);
    return good;
}

static void test_cases(void **state)
{
    size_t i, failed = 0;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        failed += !run_case(&cases[i]);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
