/* Changes of the configuration: applied, told, and written as commands; see change.h. */
#include "reach/change_text.h"

#include "reach/rule_text.h"
#include "world/edit.h"

#include <stdio.h>
#include <string.h>

static int apply_entry(struct vw_world *clone, const struct vw_change *change)
{
    int error = change->replaces ? vw_edit_acl_entry(clone, change->object,
                                                     change->egress, &change->moved)
                                 : 0;

    return error ? error
                 : vw_edit_acl_entry(clone, change->object, change->egress,
                                     &change->acl_entry);
}

int vw_change_apply(struct vw_world *clone, const struct vw_change *change)
{
    uint32_t peering;

    switch (change->kind) {
    case VW_CHANGE_ROUTE:
        return vw_edit_route(clone, change->object, &change->route);
    case VW_CHANGE_GROUP_RULE:
        return vw_edit_group_rule(clone, change->object, change->egress,
                                  &change->group_rule);
    case VW_CHANGE_ACL_ENTRY:
        return apply_entry(clone, change);
    case VW_CHANGE_ACCEPT_PEERING:
        return vw_edit_peering_state(clone, change->object, "active");
    case VW_CHANGE_NEW_PEERING:
        return vw_edit_new_peering(clone, VW_NEW_PEERING_ID, change->object,
                                   change->other, &peering);
    case VW_CHANGE_START_INSTANCE:
        return vw_edit_start_instance(clone, change->object);
    case VW_CHANGE_PUBLIC_ADDRESS:
        return vw_edit_public_address(clone, change->object, change->other,
                                      change->address);
    case VW_CHANGE_ATTACH_GATEWAY:
        return vw_edit_attach_gateway(clone, change->object, change->other);
    case VW_CHANGE_SOURCE_DEST_CHECK:
        return vw_edit_source_dest_check(clone, change->object);
    case VW_CHANGE_TRANSIT_ROUTE:
        return vw_edit_transit_way(clone, change->object, change->route.destination,
                                   change->other, false);
    case VW_CHANGE_TRANSIT_PROPAGATION:
        return vw_edit_transit_propagation(clone, change->object, change->other);
    case VW_CHANGE_TRANSIT_ASSOCIATION:
        return vw_edit_transit_association(clone, change->object, change->other);
    case VW_CHANGE_ATTACHMENT_SUBNET:
        return vw_edit_attachment_subnet(clone, change->object, change->other);
    case VW_CHANGE_ATTACHMENT_IPV6:
        return vw_edit_attachment_ipv6(clone, change->object);
    }
    return 0;
}

static const char *id_of(const struct vw_world *world, enum vw_object_kind kind,
                         uint32_t index)
{
    return vw_world_object(world, kind, index)->id;
}

/* The id as one word of a shell: ids are text from the export, and what is not made of
 * plain characters is quoted. When memory is out, arena->failed. */
const char *vw_change_word(struct vw_arena *arena, const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_./:";
    size_t size = strlen(text), i, at = 0;
    char *word;

    if (strcmp(text, VW_NEW_PEERING_ID) == 0 || (size && strspn(text, plain) == size))
        return text;
    word = vw_arena_alloc(arena, size * 4 + 3);
    if (!word)
        return "";
    word[at++] = '\'';
    for (i = 0; i < size; i++) {
        if (text[i] == '\'') {
            word[at++] = '\'';
            word[at++] = '\\';
            word[at++] = '\'';
        }
        word[at++] = text[i];
    }
    word[at] = '\'';
    return word;
}

static const char *word_of(const struct vw_world *world, struct vw_arena *arena,
                           enum vw_object_kind kind, uint32_t index)
{
    return vw_change_word(arena, id_of(world, kind, index));
}

static const char *tell_route(const struct vw_world *world, struct vw_arena *arena,
                              const struct vw_change *change)
{
    char prefix[VW_PREFIX_TEXT];
    bool is_new = strcmp(change->route.target_id, VW_NEW_PEERING_ID) == 0;

    return vw_arena_printf(arena, "%s %s -> %s in route table %s",
                           change->replaces ? "replace the route" : "add the route",
                           vw_prefix_format(change->route.destination, prefix),
                           is_new ? "the new peering" : change->route.target_id,
                           id_of(world, VW_OBJECT_ROUTE_TABLE, change->object));
}

static const char *tell_rule(const struct vw_world *world, struct vw_arena *arena,
                             const struct vw_change *change)
{
    const struct vw_group_rule *rule = &change->group_rule;
    char prefix[VW_PREFIX_TEXT], ports[VW_RULE_PORTS_TEXT];

    return vw_arena_printf(arena, "allow %s %s %s %s security group %s",
                           vw_rule_ports(rule->protocol, rule->from, rule->to, ports),
                           change->egress ? "to" : "from",
                           vw_prefix_format(rule->prefix, prefix),
                           change->egress ? "out of" : "into",
                           id_of(world, VW_OBJECT_SECURITY_GROUP, change->object));
}

static const char *tell_entry(const struct vw_world *world, struct vw_arena *arena,
                              const struct vw_change *change)
{
    const struct vw_acl_entry *entry = &change->acl_entry;
    char prefix[VW_PREFIX_TEXT], ports[VW_RULE_PORTS_TEXT];

    const char *before =
        change->replaces ? vw_arena_printf(arena, "move %s entry %d to number %d and ",
                                           change->egress ? "outbound" : "inbound",
                                           entry->number, change->moved.number)
                         : "";

    if (!before)
        return NULL;
    return vw_arena_printf(arena, "%sadd %s entry %d to network ACL %s: allow %s %s %s",
                           before, change->egress ? "outbound" : "inbound", entry->number,
                           id_of(world, VW_OBJECT_NETWORK_ACL, change->object),
                           vw_rule_ports(entry->protocol, entry->from, entry->to, ports),
                           change->egress ? "to" : "from",
                           vw_prefix_format(entry->prefix, prefix));
}

const char *vw_change_sentence(const struct vw_world *world, struct vw_arena *arena,
                               const struct vw_change *change)
{
    switch (change->kind) {
    case VW_CHANGE_ROUTE:
        return tell_route(world, arena, change);
    case VW_CHANGE_GROUP_RULE:
        return tell_rule(world, arena, change);
    case VW_CHANGE_ACL_ENTRY:
        return tell_entry(world, arena, change);
    case VW_CHANGE_ACCEPT_PEERING:
        return vw_arena_printf(arena, "accept the peering %s",
                               id_of(world, VW_OBJECT_PEERING, change->object));
    case VW_CHANGE_NEW_PEERING:
        return vw_arena_printf(arena, "peer %s with %s and accept it",
                               id_of(world, VW_OBJECT_VPC, change->object),
                               id_of(world, VW_OBJECT_VPC, change->other));
    case VW_CHANGE_START_INSTANCE:
        return vw_arena_printf(arena, "start instance %s",
                               id_of(world, VW_OBJECT_INSTANCE, change->object));
    case VW_CHANGE_PUBLIC_ADDRESS:
        return vw_arena_printf(arena, "give %s an Elastic IP address",
                               id_of(world, VW_OBJECT_INTERFACE, change->object));
    case VW_CHANGE_ATTACH_GATEWAY:
        return vw_arena_printf(arena, "attach %s to %s",
                               id_of(world, VW_OBJECT_INTERNET_GATEWAY, change->object),
                               id_of(world, VW_OBJECT_VPC, change->other));
    case VW_CHANGE_SOURCE_DEST_CHECK:
        return vw_arena_printf(arena, "switch off the source/destination check of %s",
                               id_of(world, VW_OBJECT_INTERFACE, change->object));
    case VW_CHANGE_TRANSIT_ROUTE:
    case VW_CHANGE_TRANSIT_PROPAGATION:
    case VW_CHANGE_TRANSIT_ASSOCIATION:
    case VW_CHANGE_ATTACHMENT_SUBNET:
    case VW_CHANGE_ATTACHMENT_IPV6:
        return vw_change_tell_transit(world, arena, change);
    }
    return NULL;
}

/* " --region r" of the object's VPC, where the export spans several Regions. */
const char *vw_change_region(const struct vw_world *world, struct vw_arena *arena,
                             uint32_t vpc)
{
    const char *region = vpc == VW_NONE ? NULL : vw_world_vpc(world, vpc)->object.region;
    bool several = false;
    uint32_t i;

    for (i = 0; region && i < vw_world_count(world, VW_OBJECT_VPC); i++) {
        const char *other = vw_world_vpc(world, i)->object.region;
        several = several || (other && strcmp(other, region) != 0);
    }
    return several ? vw_arena_printf(arena, " --region %s", vw_change_word(arena, region))
                   : "";
}

static const char *command_route(const struct vw_world *world, struct vw_arena *arena,
                                 const struct vw_change *change)
{
    const struct vw_route *route = &change->route;
    bool v6 = route->destination.address.family == VW_FAMILY_IPV6;
    const char *option = "--gateway-id";
    char prefix[VW_PREFIX_TEXT];

    if (route->target_kind == VW_TARGET_PEERING)
        option = "--vpc-peering-connection-id";
    else if (route->target_kind == VW_TARGET_TRANSIT_GATEWAY)
        option = "--transit-gateway-id";
    else if (route->target_kind == VW_TARGET_NAT_GATEWAY)
        option = "--nat-gateway-id";
    return vw_arena_printf(
        arena, "aws ec2 %s --route-table-id %s %s %s %s %s%s",
        change->replaces ? "replace-route" : "create-route",
        word_of(world, arena, VW_OBJECT_ROUTE_TABLE, change->object),
        v6 ? "--destination-ipv6-cidr-block" : "--destination-cidr-block",
        vw_prefix_format(route->destination, prefix), option,
        vw_change_word(arena, route->target_id),
        vw_change_region(world, arena, vw_world_route_table(world, change->object)->vpc));
}

static const char *command_rule(const struct vw_world *world, struct vw_arena *arena,
                                const struct vw_change *change)
{
    const struct vw_group_rule *rule = &change->group_rule;
    bool v6 = rule->prefix.address.family == VW_FAMILY_IPV6;
    char prefix[VW_PREFIX_TEXT], protocol[16], ports[48] = "";

    if (vw_protocol_has_ports(rule->protocol) || vw_protocol_is_icmp(rule->protocol))
        snprintf(ports, sizeof ports, "FromPort=%d,ToPort=%d,", rule->from, rule->to);
    return vw_arena_printf(
        arena,
        "aws ec2 authorize-security-group-%s --group-id %s --ip-permissions "
        "'IpProtocol=%s,%s%s=[{%s=%s}]'%s",
        change->egress ? "egress" : "ingress",
        word_of(world, arena, VW_OBJECT_SECURITY_GROUP, change->object),
        vw_protocol_format(rule->protocol, protocol), ports,
        v6 ? "Ipv6Ranges" : "IpRanges", v6 ? "CidrIpv6" : "CidrIp",
        vw_prefix_format(rule->prefix, prefix),
        vw_change_region(world, arena,
                         vw_world_security_group(world, change->object)->vpc));
}

static const char *command_entry(const struct vw_world *world, struct vw_arena *arena,
                                 const struct vw_change *change,
                                 const struct vw_acl_entry *entry, const char *verb)
{
    bool v6 = entry->prefix.address.family == VW_FAMILY_IPV6;
    char prefix[VW_PREFIX_TEXT], ports[64] = "";

    if (vw_protocol_is_icmp(entry->protocol))
        snprintf(ports, sizeof ports, " --icmp-type-code Type=%d,Code=%d", entry->from,
                 entry->to);
    else if (vw_protocol_has_ports(entry->protocol))
        snprintf(ports, sizeof ports, " --port-range From=%d,To=%d", entry->from,
                 entry->to);
    return vw_arena_printf(
        arena,
        "aws ec2 %s-network-acl-entry --network-acl-id %s --%s --rule-number %d "
        "--protocol %d%s --%s %s --rule-action %s%s",
        verb, word_of(world, arena, VW_OBJECT_NETWORK_ACL, change->object),
        change->egress ? "egress" : "ingress", entry->number, entry->protocol, ports,
        v6 ? "ipv6-cidr-block" : "cidr-block", vw_prefix_format(entry->prefix, prefix),
        entry->allow ? "allow" : "deny",
        vw_change_region(world, arena, vw_world_network_acl(world, change->object)->vpc));
}

static const char *command_accept(const struct vw_world *world, struct vw_arena *arena,
                                  const char *id, uint32_t accepter)
{
    return vw_arena_printf(
        arena, "aws ec2 accept-vpc-peering-connection --vpc-peering-connection-id %s%s",
        id, vw_change_region(world, arena, accepter));
}

static int commands_new_peering(const struct vw_world *world, struct vw_arena *arena,
                                const struct vw_change *change, const char *commands[])
{
    const struct vw_object *a = &vw_world_vpc(world, change->object)->object;
    const struct vw_object *b = &vw_world_vpc(world, change->other)->object;
    const char *owner = "", *region = "";

    if (a->account && b->account && strcmp(a->account, b->account) != 0)
        owner = vw_arena_printf(arena, " --peer-owner-id %s",
                                vw_change_word(arena, b->account));
    if (a->region && b->region && strcmp(a->region, b->region) != 0)
        region =
            vw_arena_printf(arena, " --peer-region %s", vw_change_word(arena, b->region));
    if (!owner || !region)
        return VW_ERROR_NO_MEMORY;
    commands[0] = vw_arena_printf(
        arena,
        "PEERING=$(aws ec2 create-vpc-peering-connection --vpc-id %s --peer-vpc-id %s%s%s"
        "%s --query VpcPeeringConnection.VpcPeeringConnectionId --output text)",
        vw_change_word(arena, a->id), vw_change_word(arena, b->id), owner, region,
        vw_change_region(world, arena, change->object));
    commands[1] = command_accept(world, arena, VW_NEW_PEERING_ID, change->other);
    return arena->failed ? VW_ERROR_NO_MEMORY : 0;
}

static int commands_address(const struct vw_world *world, struct vw_arena *arena,
                            const struct vw_change *change, const char *commands[])
{
    const struct vw_interface *interface = vw_world_interface(world, change->object);
    const char *region = vw_change_region(world, arena, interface->vpc);
    char address[VW_ADDRESS_TEXT];

    commands[0] = vw_arena_printf(
        arena,
        "ADDRESS=$(aws ec2 allocate-address --domain vpc%s --query AllocationId --output "
        "text)",
        region);
    commands[1] = vw_arena_printf(
        arena,
        "aws ec2 associate-address --allocation-id \"$ADDRESS\" --network-interface-id "
        "%s "
        "--private-ip-address %s%s",
        vw_change_word(arena, interface->object.id),
        vw_address_format(interface->addresses[change->other].prefix.address, address),
        region);
    return arena->failed ? VW_ERROR_NO_MEMORY : 0;
}

static void commands_entry(const struct vw_world *world, struct vw_arena *arena,
                           const struct vw_change *change, const char *commands[],
                           size_t *ret_count)
{
    if (change->replaces)
        commands[0] = command_entry(world, arena, change, &change->moved, "create");
    *ret_count = change->replaces ? 2 : 1;
    commands[*ret_count - 1] = command_entry(world, arena, change, &change->acl_entry,
                                             change->replaces ? "replace" : "create");
}

static const char *command_attach(const struct vw_world *world, struct vw_arena *arena,
                                  const struct vw_change *change)
{
    return vw_arena_printf(
        arena, "aws ec2 attach-internet-gateway --internet-gateway-id %s --vpc-id %s%s",
        word_of(world, arena, VW_OBJECT_INTERNET_GATEWAY, change->object),
        word_of(world, arena, VW_OBJECT_VPC, change->other),
        vw_change_region(world, arena, change->other));
}

static const char *command_check(const struct vw_world *world, struct vw_arena *arena,
                                 const struct vw_change *change)
{
    return vw_arena_printf(
        arena,
        "aws ec2 modify-network-interface-attribute --network-interface-id %s "
        "--no-source-dest-check%s",
        word_of(world, arena, VW_OBJECT_INTERFACE, change->object),
        vw_change_region(world, arena, vw_world_interface(world, change->object)->vpc));
}

int vw_change_commands(const struct vw_world *world, struct vw_arena *arena,
                       const struct vw_change *change,
                       const char *commands[VW_CHANGE_COMMANDS], size_t *ret_count)
{
    *ret_count = 1;
    switch (change->kind) {
    case VW_CHANGE_ROUTE:
        commands[0] = command_route(world, arena, change);
        break;
    case VW_CHANGE_GROUP_RULE:
        commands[0] = command_rule(world, arena, change);
        break;
    case VW_CHANGE_ACL_ENTRY:
        commands_entry(world, arena, change, commands, ret_count);
        break;
    case VW_CHANGE_ACCEPT_PEERING:
        commands[0] = command_accept(
            world, arena, word_of(world, arena, VW_OBJECT_PEERING, change->object),
            vw_world_peering(world, change->object)->accepter.vpc);
        break;
    case VW_CHANGE_NEW_PEERING:
        *ret_count = 2;
        return commands_new_peering(world, arena, change, commands);
    case VW_CHANGE_START_INSTANCE:
        commands[0] =
            vw_arena_printf(arena, "aws ec2 start-instances --instance-ids %s",
                            word_of(world, arena, VW_OBJECT_INSTANCE, change->object));
        break;
    case VW_CHANGE_PUBLIC_ADDRESS:
        *ret_count = 2;
        return commands_address(world, arena, change, commands);
    case VW_CHANGE_ATTACH_GATEWAY:
        commands[0] = command_attach(world, arena, change);
        break;
    case VW_CHANGE_SOURCE_DEST_CHECK:
        commands[0] = command_check(world, arena, change);
        break;
    case VW_CHANGE_TRANSIT_ROUTE:
    case VW_CHANGE_TRANSIT_PROPAGATION:
    case VW_CHANGE_TRANSIT_ASSOCIATION:
    case VW_CHANGE_ATTACHMENT_SUBNET:
    case VW_CHANGE_ATTACHMENT_IPV6:
        commands[0] = vw_change_command_transit(world, arena, change);
        break;
    }
    return arena->failed ? VW_ERROR_NO_MEMORY : 0;
}
