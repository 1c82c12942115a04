/* Policies against calls: tables of patterns, conditions and whole policies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "crosscheck/iam.h"

struct match_row {
    const char *pattern, *text;
    bool is_open, ignores_case;
    enum vw_iam_answer expected;
};

static const struct match_row matches[] = {
    {"logs:PutLogEvents", "logs:PutLogEvents", false, true, VW_IAM_YES},
    {"LOGS:putlogevents", "logs:PutLogEvents", false, true, VW_IAM_YES},
    {"LOGS:putlogevents", "logs:PutLogEvents", false, false, VW_IAM_NO},
    {"logs:*", "logs:PutLogEvents", false, true, VW_IAM_YES},
    {"logs:Put*", "logs:PutLogEvents", false, true, VW_IAM_YES},
    {"logs:Put?ogEvents", "logs:PutLogEvents", false, true, VW_IAM_YES},
    {"logs:Get*", "logs:PutLogEvents", false, true, VW_IAM_NO},
    {"*", "", false, false, VW_IAM_YES},
    {"", "a", false, false, VW_IAM_NO},
    {"", "", false, false, VW_IAM_YES},
    {"*a*b*c", "xaxbxbxc", false, false, VW_IAM_YES},
    {"*a*b*c", "xaxbxbxcd", false, false, VW_IAM_NO},
    {"arn:aws:s3:::b/*", "arn:aws:s3:::b/AWSLogs/", true, false, VW_IAM_YES},
    {"arn:aws:s3:::b/AWSLogs/*.gz", "arn:aws:s3:::b/AWSLogs/", true, false, VW_IAM_MAYBE},
    {"arn:aws:s3:::b/AWSLogs/1/*", "arn:aws:s3:::b/AWSLogs/", true, false, VW_IAM_MAYBE},
    {"arn:aws:s3:::b/Other/*", "arn:aws:s3:::b/AWSLogs/", true, false, VW_IAM_NO},
    {"arn:aws:s3:::b", "arn:aws:s3:::b/AWSLogs/", true, false, VW_IAM_NO},
    {"${aws:username}", "anybody", false, false, VW_IAM_MAYBE},
};

static void test_patterns(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof matches / sizeof *matches; i++) {
        const struct match_row *row = &matches[i];
        struct vw_iam_value value = {row->text, row->is_open};

        if (vw_iam_match(row->pattern, value, row->ignores_case) != row->expected)
            fail_msg("%s against %s", row->pattern, row->text);
    }
}

struct condition_row {
    const char *test, *key, *value;
    enum vw_iam_answer expected;
};

/* Of a call with account 111122223333 and an ARN whose end is open. */
static const struct condition_row conditions[] = {
    {"StringEquals", "aws:SourceAccount", "111122223333", VW_IAM_YES},
    {"stringequals", "AWS:sourceaccount", "111122223333", VW_IAM_YES},
    {"StringEquals", "aws:SourceAccount", "444455556666", VW_IAM_NO},
    {"StringEquals", "aws:SourceAccount", "1111*", VW_IAM_NO},
    {"StringLike", "aws:SourceAccount", "1111*", VW_IAM_YES},
    {"StringNotEquals", "aws:SourceAccount", "111122223333", VW_IAM_NO},
    {"StringNotEquals", "aws:SourceAccount", "444455556666", VW_IAM_YES},
    {"StringEqualsIfExists", "aws:SourceAccount", "111122223333", VW_IAM_YES},
    {"ArnLike", "aws:SourceArn", "arn:aws:logs:us-east-1:111122223333:*", VW_IAM_YES},
    {"ArnLike", "aws:SourceArn", "arn:aws:logs:*:111122223333:*", VW_IAM_YES},
    {"ArnLike", "aws:SourceArn", "arn:aws:logs:us-east-1:111122223333:x*", VW_IAM_MAYBE},
    {"ArnLike", "aws:SourceArn", "arn:aws:logs:us-east-1:444455556666:*", VW_IAM_NO},
    {"StringEquals", "aws:SourceArn", "arn:aws:logs:us-east-1:111122223333:*",
     VW_IAM_MAYBE},
    {"Bool", "aws:SecureTransport", "true", VW_IAM_YES},
    {"Bool", "aws:SecureTransport", "false", VW_IAM_NO},
    {"IpAddress", "aws:SourceIp", "10.0.0.0/8", VW_IAM_MAYBE},
    {"StringEquals", "aws:SourceOrgID", "o-1", VW_IAM_MAYBE},
    {"ForAllValues:StringEquals", "aws:SourceAccount", "111122223333", VW_IAM_MAYBE},
};

static const struct vw_iam_fact facts[] = {
    {"aws:SourceAccount", {"111122223333", false}},
    {"aws:SourceArn", {"arn:aws:logs:us-east-1:111122223333:", true}},
    {"aws:SecureTransport", {"true", false}},
};

static const struct vw_iam_call call = {.service = "delivery.logs.amazonaws.com",
                                        .action = "s3:PutObject",
                                        .facts = facts,
                                        .fact_count = 3};

static const char *service = "delivery.logs.amazonaws.com";
static const char *put_object = "s3:PutObject";

/* Allow (or Deny) with one condition. */
static void fill(struct vw_iam_statement *statement, struct vw_iam_principals *principals,
                 struct vw_iam_condition *condition)
{
    *principals = (struct vw_iam_principals){"Service", {&service, 1}};
    *statement = (struct vw_iam_statement){.allows = true,
                                           .principals = principals,
                                           .principal_count = 1,
                                           .actions = {&put_object, 1},
                                           .conditions = condition,
                                           .condition_count = condition ? 1 : 0};
}

static void test_conditions(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < sizeof conditions / sizeof *conditions; i++) {
        const char *value = conditions[i].value;
        struct vw_iam_condition condition = {
            conditions[i].test, conditions[i].key, {&value, 1}};
        struct vw_iam_principals principals;
        struct vw_iam_statement statement;
        struct vw_iam_policy policy = {.statements = &statement, .count = 1};

        fill(&statement, &principals, &condition);
        if (vw_iam_ask(&policy, &call, NULL) != conditions[i].expected)
            fail_msg("%s %s %s", conditions[i].test, conditions[i].key, value);
    }
}

static void test_deny_wins(void **state)
{
    struct vw_iam_statement statements[2];
    struct vw_iam_principals principals[2];
    struct vw_iam_policy policy = {.statements = statements, .count = 2};
    struct vw_iam_near near = {.statement = NULL};
    const char *other = "o-1";
    struct vw_iam_condition unknown = {"StringEquals", "aws:SourceOrgID", {&other, 1}};

    (void)state;
    fill(&statements[0], &principals[0], NULL);
    fill(&statements[1], &principals[1], NULL);
    statements[1].allows = false;
    assert_int_equal(vw_iam_ask(&policy, &call, &near), VW_IAM_DENIED);
    assert_ptr_equal(near.statement, &statements[1]);
    fill(&statements[1], &principals[1], &unknown);
    statements[1].allows = false;
    assert_int_equal(vw_iam_ask(&policy, &call, NULL), VW_IAM_MAYBE);
    statements[1].is_damaged = true;
    assert_int_equal(vw_iam_ask(&policy, &call, NULL), VW_IAM_MAYBE);
}

static void test_says_what_is_nearest(void **state)
{
    static const char *const wrong = "ec2.amazonaws.com";
    const char *names[] = {wrong};
    struct vw_iam_statement statement;
    struct vw_iam_principals principals;
    struct vw_iam_policy policy = {.statements = &statement, .count = 1};
    struct vw_iam_near near = {.statement = NULL};

    (void)state;
    fill(&statement, &principals, NULL);
    principals.values.items = names;
    assert_int_equal(vw_iam_ask(&policy, &call, &near), VW_IAM_NO);
    assert_ptr_equal(near.statement, &statement);
    assert_int_equal(near.part, VW_IAM_PRINCIPAL);
    statement.not_principals = true;
    assert_int_equal(vw_iam_ask(&policy, &call, NULL), VW_IAM_YES);
    statement.not_actions = true;
    assert_int_equal(vw_iam_ask(&policy, &call, NULL), VW_IAM_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns), cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_deny_wins), cmocka_unit_test(test_says_what_is_nearest)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
