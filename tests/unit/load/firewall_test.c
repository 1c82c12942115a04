/* AWS Network Firewall, and exclusions from VPC Block Public Access. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "load/loading.h"

#define VPC "'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.0.0.0/16'}],"
#define ARN "arn:aws:network-firewall:us-east-1:123456789012:"

#define FIREWALL                                                                         \
    "{'UpdateToken': 'x', 'Firewall': {'FirewallArn': '" ARN "firewall/f',"              \
    " 'FirewallName': 'f', 'FirewallPolicyArn': '" ARN "firewall-policy/p', 'VpcId':"    \
    " 'vpc-1', 'SubnetMappings': [{'SubnetId': 'subnet-1'}]}, 'FirewallStatus':"         \
    " {'Status': 'READY', 'SyncStates': {'us-east-1a': {'Attachment': {'SubnetId':"      \
    " 'subnet-1', 'EndpointId': 'vpce-1', 'Status': 'READY'}}, 'us-east-1b':"            \
    " {'Attachment': {'EndpointId': 'vpce-2'}}}}}"

static void firewall_and_its_endpoints(void **state)
{
    const struct vw_firewall *firewall;
    struct loading loading;

    (void)state;
    loading_text(&loading, "{" VPC "'VpcEndpoints': [{'VpcEndpointId': 'vpce-1',"
                           " 'VpcEndpointType': 'GatewayLoadBalancer'},"
                           " {'VpcEndpointId': 'vpce-3'}]}" FIREWALL);
    assert_int_equal(loading_count(&loading, "unknown-key"), 0);
    loading_says(&loading, "dangling-reference", "/Firewall",
                 "firewall policy \"" ARN "firewall-policy/p\" is not in the export");
    firewall = vw_world_firewall(loading.world, 0);
    assert_true(firewall->object.exported);
    assert_string_equal(firewall->object.name, "f");
    assert_string_equal(firewall->object.region, "us-east-1");
    assert_int_equal(firewall->vpc, 0);
    assert_int_equal(firewall->endpoint_count, 2);
    assert_int_equal(vw_world_vpc_endpoint(loading.world, 0)->firewall, 0);
    assert_int_equal(vw_world_vpc_endpoint(loading.world, 1)->firewall, VW_NONE);
    assert_false(
        vw_world_firewall_policy(loading.world, firewall->policy)->object.exported);
    loading_close(&loading);
}

static void policy_in_order(void **state)
{
    const struct vw_firewall_policy *policy;
    struct loading loading;

    (void)state;
    loading_text(&loading,
                 "{" VPC "'FirewallPolicyResponse': {'FirewallPolicyArn': '" ARN
                 "firewall-policy/p'}, 'FirewallPolicy': {'StatelessRuleGroupReferences':"
                 " [{'ResourceArn': '" ARN "stateless-rulegroup/b', 'Priority': 20},"
                 " {'ResourceArn': '" ARN "stateless-rulegroup/a', 'Priority': 3}],"
                 " 'StatelessDefaultActions': ['count-it', 'aws:forward_to_sfe'],"
                 " 'StatefulDefaultActions': ['aws:alert_strict']}}");
    policy = vw_world_firewall_policy(loading.world, 0);
    assert_int_equal(policy->stateless_count, 2);
    assert_int_equal(policy->stateless[0].priority, 3);
    assert_string_equal(
        vw_world_rule_group(loading.world, policy->stateless[0].rule_group)->object.id,
        ARN "stateless-rulegroup/a");
    assert_int_equal(policy->default_action, VW_FIREWALL_FORWARD);
    assert_false(policy->has_stateful);
    loading_close(&loading);
}

static void stateful_policies(void **state)
{
    static const char *const texts[] = {
        "'StatefulRuleGroupReferences': [{'ResourceArn': 'arn:x'}]",
        "'StatefulDefaultActions': ['aws:alert_established', 'aws:drop_established']"};
    struct loading loading;
    char text[512];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof texts / sizeof *texts; i++) {
        snprintf(text, sizeof text,
                 "{" VPC "'FirewallPolicyResponse': {'FirewallPolicyArn': 'arn:p'},"
                 " 'FirewallPolicy': {%s}}",
                 texts[i]);
        loading_text(&loading, text);
        assert_true(vw_world_firewall_policy(loading.world, 0)->has_stateful);
        assert_int_equal(vw_world_firewall_policy(loading.world, 0)->default_action,
                         VW_FIREWALL_UNKNOWN);
        loading_close(&loading);
    }
}

static void stateless_rules(void **state)
{
    const struct vw_rule_group *group;
    const struct vw_firewall_rule *rule;
    struct loading loading;
    char buffer[VW_PREFIX_TEXT];

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'RuleGroupResponse': {'RuleGroupArn': '" ARN "stateless-rulegroup/a',"
        " 'RuleGroupName': 'a', 'Type': 'STATELESS'}, 'RuleGroup': {'RulesSource':"
        " {'StatelessRulesAndCustomActions': {'StatelessRules': ["
        "{'Priority': 9, 'RuleDefinition': {'MatchAttributes': {}, 'Actions':"
        " ['aws:drop']}},"
        "{'Priority': 1, 'RuleDefinition': {'MatchAttributes': {'Sources':"
        " [{'AddressDefinition': '10.0.0.0/8'}], 'Destinations': [{'AddressDefinition':"
        " '0.0.0.0/0'}, {'AddressDefinition': '::/0'}], 'SourcePorts': [{'FromPort':"
        " 1024, 'ToPort': 65535}], 'DestinationPorts': [{'FromPort': 22, 'ToPort': 22}],"
        " 'Protocols': [6, 17], 'TCPFlags': [{'Flags': ['SYN'], 'Masks': ['SYN']}]},"
        " 'Actions': ['aws:pass', 'count-it']}}]}}}}");
    loading_is_quiet(&loading);
    group = vw_world_rule_group(loading.world, 0);
    assert_true(group->object.exported && group->is_stateless);
    assert_string_equal(group->object.name, "a");
    assert_int_equal(group->rule_count, 2);
    rule = &group->rules[0];
    assert_int_equal(rule->priority, 1);
    assert_int_equal(rule->action, VW_FIREWALL_PASS);
    assert_string_equal(vw_prefix_format(rule->sources[0], buffer), "10.0.0.0/8");
    assert_int_equal(rule->destination_count, 2);
    assert_int_equal(rule->source_ports[0].first, 1024);
    assert_int_equal(rule->ports[0].last, 22);
    assert_int_equal(rule->protocol_count, 2);
    assert_int_equal(rule->protocols[1], 17);
    assert_true(rule->has_tcp_flags);
    assert_int_equal(group->rules[1].action, VW_FIREWALL_DROP);
    assert_int_equal(group->rules[1].source_count, 0);
    assert_false(group->rules[1].has_tcp_flags);
    loading_close(&loading);
}

/* A rule that cannot be read could have come first. */
static void rules_that_cannot_be_read(void **state)
{
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'RuleGroupResponse': {'RuleGroupArn': 'arn:a'}, 'RuleGroup':"
        " {'RulesSource': {'StatelessRulesAndCustomActions': {'StatelessRules':"
        " [{'Priority': 1, 'RuleDefinition': {'MatchAttributes': {'DestinationPorts':"
        " [{'FromPort': 9, 'ToPort': 8}]}}}]}}}}"
        "{'RuleGroup': {'RulesSource': {}}}");
    loading_says(&loading, "bad-value", NULL, "counts as not exported");
    loading_says(&loading, "missing-field", "",
                 "firewall rule group without RuleGroupResponse.RuleGroupArn");
    assert_false(vw_world_rule_group(loading.world, 0)->object.exported);
    loading_close(&loading);
}

/* ---- VPC Block Public Access ---- */

static void exclusions_that_count(void **state)
{
    const struct vw_block_exclusion *exclusions;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'VpcBlockPublicAccessExclusions': ["
        "{'ExclusionId': 'x-1', 'InternetGatewayExclusionMode': 'allow-egress',"
        " 'ResourceArn': 'arn:aws:ec2:us-east-1:1:vpc/vpc-1', 'State':"
        " 'create-complete'},"
        "{'ExclusionId': 'x-2', 'InternetGatewayExclusionMode': 'allow-bidirectional',"
        " 'ResourceArn': 'arn:aws:ec2:us-east-1:1:subnet/subnet-1', 'State':"
        " 'update-in-progress'},"
        "{'ExclusionId': 'x-3', 'InternetGatewayExclusionMode': 'allow-egress',"
        " 'ResourceArn': 'arn:aws:ec2:us-east-1:1:vpc/vpc-2', 'State':"
        " 'delete-complete'}]}");
    loading_is_quiet(&loading);
    assert_true(loading.world->block_exclusions_exported);
    assert_int_equal(loading.world->block_exclusion_count, 2);
    exclusions = loading.world->block_exclusions;
    assert_string_equal(exclusions[0].resource_id, "vpc-1");
    assert_true(exclusions[0].egress_only && exclusions[0].is_settled);
    assert_string_equal(exclusions[1].resource_id, "subnet-1");
    assert_false(exclusions[1].egress_only || exclusions[1].is_settled);
    loading_close(&loading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(firewall_and_its_endpoints),
        cmocka_unit_test(policy_in_order),
        cmocka_unit_test(stateful_policies),
        cmocka_unit_test(stateless_rules),
        cmocka_unit_test(rules_that_cannot_be_read),
        cmocka_unit_test(exclusions_that_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
