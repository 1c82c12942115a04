/* The tables of fields of AWS Network Firewall: each document is one object, and its ARN
 * stands in a member beside. */
#include "load/records_firewall.h"

#include "load/field_rows.h"

/* ---- firewalls ---- */

ID_SCHEMA(endpoint_schema, "firewall endpoint", "Attachment.EndpointId");

static const struct vw_field firewall_fields[] = {
    ROW(vw_firewall_record, "Firewall.FirewallArn", TEXT, id, REQUIRED),
    ROW(vw_firewall_record, "Firewall.FirewallName", TEXT, name, MINOR),
    ROW(vw_firewall_record, "Firewall.VpcId", TEXT, vpc, OPTIONAL),
    ROW(vw_firewall_record, "Firewall.FirewallPolicyArn", TEXT, policy, OPTIONAL),
    ROW(vw_firewall_record, "FirewallStatus.SyncStates", MEMBERS, endpoints,
        OF(endpoint_schema)),
};
const struct vw_schema vw_firewall_schema =
    SCHEMA("network firewall", vw_firewall_record, firewall_fields, NULL);

/* ---- policies ---- */

ID_SCHEMA(action_schema, "action", "");

static const struct vw_field reference_fields[] = {
    ROW(vw_group_reference_record, "ResourceArn", TEXT, id, REQUIRED),
    ROW(vw_group_reference_record, "Priority", NUMBER, priority, BETWEEN(0, 65535)),
};
static const struct vw_schema reference_schema =
    SCHEMA("rule group reference", vw_group_reference_record, reference_fields, NULL);

#define POLICY "FirewallPolicy."

static const struct vw_field policy_fields[] = {
    ROW(vw_policy_record, "FirewallPolicyResponse.FirewallPolicyArn", TEXT, id, REQUIRED),
    ROW(vw_policy_record, POLICY "StatelessRuleGroupReferences", LIST, stateless,
        OF(reference_schema)),
    ROW(vw_policy_record, POLICY "StatefulRuleGroupReferences", LIST, stateful,
        OF(reference_schema)),
    ROW(vw_policy_record, POLICY "StatelessDefaultActions", LIST, actions,
        OF(action_schema)),
    ROW(vw_policy_record, POLICY "StatefulDefaultActions", LIST, stateful_actions,
        OF(action_schema)),
};
const struct vw_schema vw_policy_schema =
    SCHEMA("firewall policy", vw_policy_record, policy_fields, NULL);

/* ---- rule groups ---- */

CIDR_SCHEMA(address_schema, "address",
            ROW(vw_cidr_record, "AddressDefinition", PREFIX, prefix, REQUIRED));

static const struct vw_field ports_fields[] = {
    ROW(vw_ports_record, "FromPort", NUMBER, from, VW_NEED_REQUIRED, 0, 65535, NULL,
        NULL),
    ROW(vw_ports_record, "ToPort", NUMBER, to, VW_NEED_REQUIRED, 0, 65535, NULL, NULL),
};

static const char *ports_complaint(const void *record)
{
    const struct vw_ports_record *ports = record;

    return ports->from.value > ports->to.value ? "FromPort lies above ToPort" : NULL;
}
static const struct vw_schema ports_schema =
    SCHEMA("port range", vw_ports_record, ports_fields, ports_complaint);

static const struct vw_field protocol_fields[] = {
    ROW(vw_protocol_record, "", NUMBER, number, VW_NEED_REQUIRED, 0, 255, NULL, NULL),
};
static const struct vw_schema protocol_schema =
    SCHEMA("protocol", vw_protocol_record, protocol_fields, NULL);

static const struct vw_field flags_fields[] = {
    ROW(vw_flags_record, "Flags", PRESENT, has_flags, OPTIONAL),
};
static const struct vw_schema flags_schema =
    SCHEMA("set of TCP flags", vw_flags_record, flags_fields, NULL);

#define MATCH "RuleDefinition.MatchAttributes."

static const struct vw_field stateless_fields[] = {
    ROW(vw_stateless_record, "Priority", NUMBER, priority, VW_NEED_REQUIRED, 0, 65535,
        NULL, NULL),
    ROW(vw_stateless_record, MATCH "Sources", LIST, sources, OF(address_schema)),
    ROW(vw_stateless_record, MATCH "Destinations", LIST, destinations,
        OF(address_schema)),
    ROW(vw_stateless_record, MATCH "SourcePorts", LIST, source_ports, OF(ports_schema)),
    ROW(vw_stateless_record, MATCH "DestinationPorts", LIST, ports, OF(ports_schema)),
    ROW(vw_stateless_record, MATCH "Protocols", LIST, protocols, OF(protocol_schema)),
    ROW(vw_stateless_record, MATCH "TCPFlags", LIST, flags, OF(flags_schema)),
    ROW(vw_stateless_record, "RuleDefinition.Actions", LIST, actions, OF(action_schema)),
};
static const struct vw_schema stateless_schema =
    SCHEMA("stateless rule", vw_stateless_record, stateless_fields, NULL);

static const struct vw_field rule_group_fields[] = {
    ROW(vw_rule_group_record, "RuleGroupResponse.RuleGroupArn", TEXT, id, REQUIRED),
    ROW(vw_rule_group_record, "RuleGroupResponse.RuleGroupName", TEXT, name, MINOR),
    ROW(vw_rule_group_record, "RuleGroupResponse.Type", TEXT, type, OPTIONAL),
    ROW(vw_rule_group_record,
        "RuleGroup.RulesSource.StatelessRulesAndCustomActions.StatelessRules", LIST,
        rules, OF(stateless_schema)),
};
const struct vw_schema vw_rule_group_schema =
    SCHEMA("firewall rule group", vw_rule_group_record, rule_group_fields, NULL);
