/* The writer of describe-network-insights-analyses: what each kind of step has to tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "report/sample.h"

static json_t *written(const struct vw_trace *trace)
{
    char *text = written_trace_aws(trace);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *analysis;

    free(text);
    assert_non_null(root);
    analysis =
        json_incref(json_array_get(json_object_get(root, "NetworkInsightsAnalyses"), 0));
    json_decref(root);
    assert_non_null(analysis);
    return analysis;
}

/* The first component of the forward path of a trace with this step alone. */
static json_t *written_step(const struct vw_step *step)
{
    struct vw_trace trace = sample_trace();
    json_t *analysis, *component;

    trace.forward.steps = step;
    trace.forward.step_count = 1;
    analysis = written(&trace);
    component = json_incref(
        json_array_get(json_object_get(analysis, "ForwardPathComponents"), 0));
    json_decref(analysis);
    assert_non_null(component);
    return component;
}

/* `member` of `object`, as compact text with sorted keys. */
static void assert_member(json_t *object, const char *member, const char *wanted)
{
    json_t *value = json_object_get(object, member);
    char *text =
        value ? json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;

    if (!text)
        fail_msg("no member %s", member);
    assert_string_equal(text, wanted);
    free(text);
}

static void rules_and_routes_by_kind_of_step(void **state)
{
#define FACTS(...)                                                                       \
    .facts = (const struct vw_fact[])                                                    \
    {                                                                                    \
        __VA_ARGS__                                                                      \
    }
    const struct {
        struct vw_step step;
        const char *member, *wanted;
    } rows[] = {
        {{.kind = VW_STEP_NETWORK_ACL,
          .component = "acl-1",
          .side = VW_FLOW_DIRECTION_EGRESS,
          .fact_count = 6,
          FACTS({"rule_number", "100", true}, {"action", "allow", false},
                {"protocol", "tcp", false}, {"from_port", "22", true},
                {"to_port", "80", true}, {"cidr", "10.0.0.0/8", false})},
         "AclRule",
         "{\"Cidr\":\"10.0.0.0/8\",\"Egress\":true,\"PortRange\":{\"From\":22,\"To\":80},"
         "\"Protocol\":\"tcp\",\"RuleAction\":\"allow\",\"RuleNumber\":100}"},
        {{.kind = VW_STEP_SECURITY_GROUP,
          .component = "sg-1",
          .side = VW_FLOW_DIRECTION_INGRESS,
          .fact_count = 2,
          FACTS({"protocol", "-1", false}, {"peer", "pl-1", false})},
         "SecurityGroupRule",
         "{\"Direction\":\"ingress\",\"PrefixListId\":\"pl-1\",\"Protocol\":\"all\","
         "\"SecurityGroupId\":\"sg-1\"}"},
        {{.kind = VW_STEP_SECURITY_GROUP,
          .component = "sg-1",
          .side = VW_FLOW_DIRECTION_EGRESS,
          .fact_count = 1,
          FACTS({"peer", "::/0", false})},
         "SecurityGroupRule",
         "{\"Cidr\":\"::/0\",\"Direction\":\"egress\",\"SecurityGroupId\":\"sg-1\"}"},
        {{.kind = VW_STEP_ROUTE_TABLE,
          .component = "rtb-1",
          .fact_count = 4,
          FACTS({"destination", "10.2.0.0/16", false}, {"target", "tgw-1", false},
                {"state", "active", false}, {"origin", "propagated", false})},
         "RouteTableRoute",
         "{\"DestinationCidr\":\"10.2.0.0/16\",\"Origin\":\"EnableVgwRoutePropagation\","
         "\"State\":\"active\",\"TransitGatewayId\":\"tgw-1\"}"},
        {{.kind = VW_STEP_ROUTE_TABLE,
          .component = "rtb-1",
          .fact_count = 3,
          FACTS({"destination", "pl-2", false}, {"target", "vpce-1", false},
                {"origin", "prefix list", false})},
         "RouteTableRoute",
         "{\"DestinationPrefixListId\":\"pl-2\",\"GatewayId\":\"vpce-1\","
         "\"Origin\":\"CreateRoute\"}"},
        {{.kind = VW_STEP_TRANSIT_TABLE,
          .component = "tgw-rtb-1",
          .fact_count = 4,
          FACTS({"destination", "10.2.0.0/16", false}, {"target", "tgw-attach-1", false},
                {"state", "active", false}, {"origin", "static", false})},
         "TransitGatewayRouteTableRoute",
         "{\"AttachmentId\":\"tgw-attach-1\",\"DestinationCidr\":\"10.2.0.0/16\","
         "\"RouteOrigin\":\"static\",\"State\":\"active\"}"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *component = written_step(&rows[i].step);

        assert_member(component, rows[i].member, rows[i].wanted);
        json_decref(component);
    }
}

static void an_explanation_names_the_component_as_aws_does(void **state)
{
    static const char *const groups[] = {"sg-1", "sg-2"};
    static const struct {
        const char *id, *member, *wanted;
    } rows[] = {
        {"acl-1", "Acl", "{\"Id\":\"acl-1\",\"Name\":\"n\"}"},
        {"eni-1", "NetworkInterface", "{\"Id\":\"eni-1\",\"Name\":\"n\"}"},
        {"tgw-1", "TransitGateway", "{\"Id\":\"tgw-1\",\"Name\":\"n\"}"},
        {"tgw-attach-1", "TransitGatewayAttachment",
         "{\"Id\":\"tgw-attach-1\",\"Name\":\"n\"}"},
        {"tgw-rtb-1", "TransitGatewayRouteTable",
         "{\"Id\":\"tgw-rtb-1\",\"Name\":\"n\"}"},
        {"arn:aws:elasticloadbalancing:1", "LoadBalancerArn",
         "\"arn:aws:elasticloadbalancing:1\""},
        {"other-1", "Component", "{\"Id\":\"other-1\",\"Name\":\"n\"}"},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vw_step step = {.kind = VW_STEP_OTHER,
                               .decision = VW_DECISION_DROP,
                               .reason = VW_REASON_BAD_STATE,
                               .component = rows[i].id,
                               .component_name = "n",
                               .vpc = "vpc-1",
                               .subnet = "subnet-1",
                               .groups = groups,
                               .group_count = 2};
        json_t *component = written_step(&step), *explanation;

        explanation = json_array_get(json_object_get(component, "Explanations"), 0);
        assert_member(explanation, "ExplanationCode", "\"BAD_STATE\"");
        assert_member(explanation, rows[i].member, rows[i].wanted);
        assert_member(explanation, "SecurityGroups",
                      "[{\"Id\":\"sg-1\"},{\"Id\":\"sg-2\"}]");
        assert_member(explanation, "Vpc", "{\"Id\":\"vpc-1\"}");
        assert_member(explanation, "Subnet", "{\"Id\":\"subnet-1\"}");
        json_decref(component);
    }
}

static struct vw_step nat_step(const char *id, uint32_t source, uint16_t port)
{
    struct vw_step step = {
        .kind = VW_STEP_NAT_GATEWAY, .decision = VW_DECISION_TRANSLATE, .component = id};

    step.packet = (struct vw_step_packet){
        {vw_address_ipv4(source), vw_address_ipv4(source)},
        {vw_address_ipv4(0x08080800), vw_address_ipv4(0x08080802)},
        {port, port},
        {443, 443},
        6};
    return step;
}

static void headers_show_what_a_component_changes(void **state)
{
    struct vw_step steps[] = {nat_step("a", 0x0a000001, 40000),
                              nat_step("b", 0x0a000001, 40000),
                              nat_step("c", 0x0a000002, 1024)};
    struct vw_trace trace = sample_trace();
    json_t *analysis, *path;

    (void)state;
    trace.forward.steps = steps;
    trace.forward.step_count = 3;
    analysis = written(&trace);
    path = json_object_get(analysis, "ForwardPathComponents");
    assert_null(json_object_get(json_array_get(path, 0), "InboundHeader"));
    assert_member(json_array_get(path, 1), "InboundHeader",
                  "{\"DestinationAddresses\":[\"8.8.8.0/31\",\"8.8.8.2/32\"],"
                  "\"DestinationPortRanges\":[{\"From\":443,\"To\":443}],"
                  "\"Protocol\":\"6\",\"SourceAddresses\":[\"10.0.0.1/32\"],"
                  "\"SourcePortRanges\":[{\"From\":40000,\"To\":40000}]}");
    assert_member(json_array_get(path, 1), "OutboundHeader",
                  "{\"DestinationAddresses\":[\"8.8.8.0/31\",\"8.8.8.2/32\"],"
                  "\"DestinationPortRanges\":[{\"From\":443,\"To\":443}],"
                  "\"Protocol\":\"6\",\"SourceAddresses\":[\"10.0.0.2/32\"],"
                  "\"SourcePortRanges\":[{\"From\":1024,\"To\":1024}]}");
    assert_null(json_object_get(json_array_get(path, 2), "OutboundHeader"));
    json_decref(analysis);
}

static void a_blocked_path_ends_where_it_is_blocked(void **state)
{
    struct vw_trace trace = sample_trace();
    json_t *analysis = written(&trace), *path, *explanations;

    (void)state;
    assert_member(analysis, "NetworkPathFound", "false");
    assert_member(analysis, "Status", "\"succeeded\"");
    assert_null(json_object_get(analysis, "WarningMessage"));
    path = json_object_get(analysis, "ForwardPathComponents");
    assert_int_equal(json_array_size(path), trace.forward.step_count);
    assert_member(analysis, "ReturnPathComponents", "[]");
    explanations = json_object_get(analysis, "Explanations");
    assert_int_equal(json_array_size(explanations), 2);
    assert_member(json_array_get(explanations, 1), "ExplanationCode",
                  "\"NO_ROUTE_TO_DESTINATION\"");
    json_decref(analysis);
}

static void what_is_unknown_is_a_warning_and_an_explanation(void **state)
{
    struct vw_trace trace = sample_set();
    json_t *analysis;
    json_t *last;

    (void)state;
    assert_true(trace.unknown_count > 0);
    trace.verdict = VW_VERDICT_UNKNOWN;
    trace.blocker_count = 0;
    analysis = written(&trace);
    assert_member(analysis, "NetworkPathFound", "false");
    assert_member(analysis, "WarningMessage",
                  "\"cannot be known from these files: the transit gateway is not in the "
                  "export (to decide, add: aws ec2 describe-transit-gateways)\"");
    last = json_array_get(json_object_get(analysis, "Explanations"), 0);
    assert_member(last, "ExplanationCode", "\"UNKNOWN_RESOURCE\"");
    assert_member(last, "MissingComponent", "\"tgw-0a1b2c3d4e5f60718\"");
    json_decref(analysis);
}

static char *id_of(const struct vw_trace *trace, const char *member)
{
    json_t *analysis = written(trace);
    char *id = strdup(json_string_value(json_object_get(analysis, member)));

    json_decref(analysis);
    assert_non_null(id);
    return id;
}

/* The path is the question's, the analysis also that of the inputs. */
static void ids_are_digests(void **state)
{
    static const struct vw_trace_input input = {"route-tables.json", "other"};
    struct vw_trace trace = sample_trace(), changed = trace, asked = trace;
    char *analysis = id_of(&trace, "NetworkInsightsAnalysisId");
    char *path = id_of(&trace, "NetworkInsightsPathId");
    char *other;

    (void)state;
    assert_int_equal(strlen(analysis), 4 + 17);
    assert_int_equal(strncmp(analysis, "nia-", 4), 0);
    assert_int_equal(strncmp(path, "nip-", 4), 0);
    changed.inputs = &input;
    other = id_of(&changed, "NetworkInsightsAnalysisId");
    assert_string_not_equal(analysis, other);
    free(other);
    other = id_of(&changed, "NetworkInsightsPathId");
    assert_string_equal(path, other);
    free(other);
    asked.icmp_type = 0;
    other = id_of(&asked, "NetworkInsightsPathId");
    assert_string_not_equal(path, other);
    free(other);
    free(analysis);
    free(path);
}

static void a_full_disk_is_an_error(void **state)
{
    struct vw_trace trace = sample_trace();
    FILE *out = fopen("/dev/full", "w");

    (void)state;
    assert_non_null(out);
    setvbuf(out, NULL, _IONBF, 0);
    assert_int_equal(vw_report_trace_aws(&trace, out), VW_ERROR_OUTPUT);
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_and_routes_by_kind_of_step),
        cmocka_unit_test(an_explanation_names_the_component_as_aws_does),
        cmocka_unit_test(headers_show_what_a_component_changes),
        cmocka_unit_test(a_blocked_path_ends_where_it_is_blocked),
        cmocka_unit_test(what_is_unknown_is_a_warning_and_an_explanation),
        cmocka_unit_test(ids_are_digests),
        cmocka_unit_test(a_full_disk_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
