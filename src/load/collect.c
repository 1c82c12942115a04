/*
 * From files to records. The key at the top of a document says what its elements are: one
 * row of `keys` each.
 */
#include <string.h>

#include <vpcwhy/error.h>

#include "load/batch.h"
#include "load/config_items.h"
#include "load/elements.h"
#include "load/iam.h"
#include "load/keys.h"
#include "load/records_firewall.h"
#include "load/records_services.h"
#include "load/records_transit.h"
#include "load/values.h"

/* ---- documents ---- */

static const struct vw_key_row keys[] = {
    {"Vpcs", &vw_vpc_schema, VW_OBJECT_VPC, vw_read_objects},
    {"Subnets", &vw_subnet_schema, VW_OBJECT_SUBNET, vw_read_objects},
    {"RouteTables", &vw_route_table_schema, VW_OBJECT_ROUTE_TABLE, vw_read_objects},
    {"SecurityGroups", &vw_group_schema, VW_OBJECT_SECURITY_GROUP, vw_read_objects},
    {"SecurityGroupRules", &vw_group_rule_schema, VW_OBJECT_SECURITY_GROUP,
     vw_read_rules},
    {"NetworkAcls", &vw_acl_schema, VW_OBJECT_NETWORK_ACL, vw_read_objects},
    {"NetworkInterfaces", &vw_interface_schema, VW_OBJECT_INTERFACE, vw_read_objects},
    {"Reservations", &vw_instance_schema, VW_OBJECT_INSTANCE, vw_read_reservations},
    {"VpcPeeringConnections", &vw_peering_schema, VW_OBJECT_PEERING, vw_read_objects},
    {"InternetGateways", &vw_internet_gateway_schema, VW_OBJECT_INTERNET_GATEWAY,
     vw_read_objects},
    {"EgressOnlyInternetGateways", &vw_egress_only_schema, VW_OBJECT_EGRESS_ONLY_GATEWAY,
     vw_read_objects},
    {"Addresses", &vw_elastic_schema, VW_OBJECT_ELASTIC_ADDRESS, vw_read_addresses},
    {"PrefixLists", &vw_prefix_list_schema, VW_OBJECT_PREFIX_LIST, vw_read_prefix_lists},
    {"ManagedPrefixLists", &vw_prefix_list_schema, VW_OBJECT_PREFIX_LIST,
     vw_read_prefix_lists},
    {"ManagedPrefixListEntries", &vw_prefix_list_schema, VW_OBJECT_PREFIX_LIST,
     vw_read_prefix_lists},
    {"Entries", &vw_prefix_list_schema, VW_OBJECT_PREFIX_LIST, vw_read_entries},
    {"FlowLogs", &vw_flow_log_schema, VW_OBJECT_FLOW_LOG, vw_read_objects},
    {"VpcBlockPublicAccessOptions", &vw_block_schema, VW_OBJECT_VPC,
     vw_read_block_options},
    {"VpcBlockPublicAccessExclusions", &vw_exclusion_schema, VW_OBJECT_VPC,
     vw_read_parts},
    {"NatGateways", &vw_nat_schema, VW_OBJECT_NAT_GATEWAY, vw_read_objects},
    {"TransitGateways", &vw_transit_gateway_schema, VW_OBJECT_TRANSIT_GATEWAY,
     vw_read_objects},
    {"TransitGatewayAttachments", &vw_attachment_schema, VW_OBJECT_TRANSIT_ATTACHMENT,
     vw_read_attachments},
    {"TransitGatewayVpcAttachments", &vw_attachment_schema, VW_OBJECT_TRANSIT_ATTACHMENT,
     vw_read_attachments},
    {"TransitGatewayPeeringAttachments", &vw_attachment_schema,
     VW_OBJECT_TRANSIT_ATTACHMENT, vw_read_attachments},
    {"TransitGatewayRouteTables", &vw_transit_table_schema, VW_OBJECT_TRANSIT_TABLE,
     vw_read_objects},
    {"Routes", &vw_transit_routes_schema, VW_OBJECT_TRANSIT_TABLE, vw_read_part},
    {"TransitGatewayStaticRoutes", &vw_transit_routes_schema, VW_OBJECT_TRANSIT_TABLE,
     vw_read_parts},
    {"TransitGatewayRouteTablePropagations", &vw_propagations_schema,
     VW_OBJECT_TRANSIT_TABLE, vw_read_part},
    {"TransitGatewayPropagations", &vw_propagations_schema, VW_OBJECT_TRANSIT_TABLE,
     vw_read_parts},
    {"Associations", &vw_associations_schema, VW_OBJECT_TRANSIT_TABLE, vw_read_part},
    {"TransitGatewayPrefixListReferences", &vw_transit_list_schema,
     VW_OBJECT_TRANSIT_TABLE, vw_read_parts},
    {"VpcEndpoints", &vw_endpoint_schema, VW_OBJECT_VPC_ENDPOINT, vw_read_objects},
    {"LoadBalancers", &vw_balancer_schema, VW_OBJECT_LOAD_BALANCER, vw_read_objects},
    {"Listeners", &vw_listener_schema, VW_OBJECT_LISTENER, vw_read_listeners},
    {"LoadBalancerListeners", &vw_listener_list_schema, VW_OBJECT_LISTENER,
     vw_read_listener_lists},
    {"Rules", &vw_listener_rule_schema, VW_OBJECT_LISTENER, vw_read_parts},
    {"TargetGroups", &vw_target_group_schema, VW_OBJECT_TARGET_GROUP, vw_read_objects},
    {"Attributes", &vw_balancer_attributes_schema, VW_OBJECT_LOAD_BALANCER, vw_read_part},
    {"LoadBalancerAttributes", &vw_balancer_attributes_schema, VW_OBJECT_LOAD_BALANCER,
     vw_read_parts},
    {"TargetHealthDescriptions", &vw_target_health_schema, VW_OBJECT_TARGET_GROUP,
     vw_read_part},
    {"LoadBalancerTargetHealth", &vw_target_health_schema, VW_OBJECT_TARGET_GROUP,
     vw_read_parts},
    {"VpnGateways", &vw_vpn_gateway_schema, VW_OBJECT_VPN_GATEWAY, vw_read_objects},
    {"VpnConnections", &vw_vpn_connection_schema, VW_OBJECT_VPN_CONNECTION,
     vw_read_objects},
    {"directConnectGateways", &vw_direct_connect_schema, VW_OBJECT_DIRECT_CONNECT_GATEWAY,
     vw_read_objects},
    {"directConnectGatewayAssociations", &vw_direct_connect_association_schema,
     VW_OBJECT_DIRECT_CONNECT_GATEWAY, vw_read_parts},
    {"Firewall", &vw_firewall_schema, VW_OBJECT_FIREWALL, vw_read_document},
    {"FirewallPolicy", &vw_policy_schema, VW_OBJECT_FIREWALL_POLICY, vw_read_document},
    {"RuleGroup", &vw_rule_group_schema, VW_OBJECT_RULE_GROUP, vw_read_document},
    {"Role", &vw_iam_role_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_role},
    {"Roles", &vw_iam_role_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_roles},
    {"RoleDetailList", &vw_iam_role_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_roles},
    {"PolicyDocument", &vw_iam_policy_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_inline},
    {"PolicyNames", &vw_iam_list_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_names},
    {"AttachedPolicies", &vw_iam_list_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_attached},
    {"PolicyVersion", &vw_iam_policy_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_version},
    {"Policies", &vw_iam_policy_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_policies},
    {"Policy", &vw_iam_policy_schema, VW_OBJECT_FLOW_LOG, vw_read_iam_policy},
    {"configurationItems", &vw_config_item_schema, VW_OBJECT_VPC, vw_read_config_items},
    {"baseConfigurationItems", &vw_config_item_schema, VW_OBJECT_VPC,
     vw_read_config_items},
    {"Results", &vw_config_item_schema, VW_OBJECT_VPC, vw_read_config_results},
};
_Static_assert(sizeof keys / sizeof *keys == VW_KEYS, "VW_KEYS counts the keys");

int vw_count_other(struct vw_document *document, const struct vw_json *member)
{
    struct vw_loader *loader = document->loader;
    static const struct vw_schema nothing = {.noun = "element"};
    struct vw_reading reading = vw_element_start(document, &nothing);
    const char *command = vw_key_command(member->key);
    size_t count = vw_json_type(member) == VW_JSON_LIST     ? vw_json_count(member)
                   : vw_json_type(member) == VW_JSON_ABSENT ? 0
                                                            : 1;
    struct vw_other_key other = {NULL, command, count};
    uint32_t index;

    if (vw_map_get(&loader->keys, member->key, &index)) {
        if (index != VW_NONE)
            loader->others.items[index].count += count;
        return 0;
    }
    other.key = vw_arena_string(&loader->world->arena, member->key);
    index = command ? (uint32_t)loader->others.count : VW_NONE;
    if (!other.key || vw_map_put(&loader->keys, other.key, index))
        return VW_ERROR_NO_MEMORY;
    if (command)
        return vw_array_push(&loader->others, other);
    return vw_schema_warn(&reading, "unknown-key", member,
                          "no command of the AWS CLI prints this key; passed over");
}

/* The CLI prints NextToken beside a list that it was told to cut. */
static void note_page(struct vw_document *document, size_t key)
{
    struct vw_json token = vw_json_member(document->json, "NextToken");
    struct vw_pages *pages = &document->loader->pages[key];

    if (vw_json_type(&token) == VW_JSON_ABSENT)
        pages->has_last = true;
    else
        pages->cut_file = document->file + 1;
}

const struct vw_key_row *vw_key_row(const char *key)
{
    size_t i;

    for (i = 0; i < VW_KEYS; i++)
        if (strcmp(key, keys[i].key) == 0)
            return &keys[i];
    return NULL;
}

/* These readers look at one element after the other and at nothing else of the document;
 * add_part in batch.c knows all that they add to a loader. */
bool vw_key_is_cut(const char *key)
{
    const struct vw_key_row *row = vw_key_row(key);

    return row && (row->read == vw_read_objects || row->read == vw_read_reservations ||
                   row->read == vw_read_rules || row->read == vw_read_addresses ||
                   row->read == vw_read_prefix_lists);
}

static int read_member(struct vw_document *document, const struct vw_json *member)
{
    const struct vw_key_row *row = vw_key_row(member->key);
    int error;

    if (row) {
        note_page(document, (size_t)(row - keys));
        error = row->read(document, row, member);
        return error ? error : vw_batch_add(document, member->key);
    }
    if (vw_key_is_metadata(member->key))
        return 0;
    return vw_count_other(document, member);
}

int vw_document_read(struct vw_document *document)
{
    const struct vw_loader *loader = document->loader;
    struct vw_json member;
    char found[VW_FOUND_TEXT];
    void *iterator = NULL;
    int error = 0;

    if (vw_json_type(document->json) != VW_JSON_OBJECT) {
        vw_diagnose(loader->diagnostics, VW_SEVERITY_ERROR, "wrong-type",
                    (struct vw_place){.file = loader->files.items[document->file].path},
                    "expected an object with a key such as \"Vpcs\" at the top, found %s "
                    "(export without --query)",
                    vw_value_found(document->json, found));
        return 0;
    }
    while (!error && vw_json_each(document->json, &iterator, &member))
        error = read_member(document, &member);
    return error;
}

/* Reads what stands behind `place` one whole document after the other. */
static int collect_whole(struct vw_loader *loader, uint32_t index,
                         struct vw_json_reader *reader, struct vw_batch_place place,
                         char ret_sha256[VW_SHA256_TEXT])
{
    struct vw_json json;
    struct vw_document document = {.loader = loader, .file = index, .json = &json};
    int status = vw_json_skip(reader, place.offset, place.documents);

    while (!status && (status = vw_json_next(reader, &json)) == 1)
        status = vw_document_read(&document);
    if (!status)
        vw_json_digest(reader, ret_sha256);
    return status;
}

int vw_collect(struct vw_loader *loader, uint32_t index, bool is_surely_json,
               char ret_sha256[VW_SHA256_TEXT])
{
    struct vw_batch_place place = {0};
    struct vw_json_reader *reader;
    int status = vw_json_open(loader->files.items[index].path, is_surely_json,
                              loader->diagnostics, &reader);

    if (status)
        return status;
    if (vw_batch_is_due(loader, vw_json_size(reader)))
        status = vw_batch_collect(loader, index, &place, ret_sha256);
    else
        status = VW_ERROR_INPUT;
    if (status == VW_ERROR_INPUT)
        status = collect_whole(loader, index, reader, place, ret_sha256);
    vw_json_close(reader);
    return status;
}

void vw_report_pages(struct vw_loader *loader)
{
    size_t i;

    for (i = 0; i < VW_KEYS; i++) {
        const struct vw_pages *pages = &loader->pages[i];

        if (pages->has_last || !pages->cut_file)
            continue;
        loader->has_lost[keys[i].kind] = true;
        vw_diagnose(
            loader->diagnostics, VW_SEVERITY_WARNING, "missing-page",
            (struct vw_place){.file = loader->files.items[pages->cut_file - 1].path},
            "NextToken stands beside \"%s\": the list goes on, and no file holds its end",
            keys[i].key);
    }
}
