/* Changes of transit gateways: told, and written as commands; see change.h. */
#include "reach/change_text.h"

static const char *attachment_id(const struct vw_world *world, uint32_t index)
{
    return vw_world_transit_attachment(world, index)->object.id;
}

static const char *table_id(const struct vw_world *world, uint32_t index)
{
    return vw_world_transit_table(world, index)->object.id;
}

const char *vw_change_tell_transit(const struct vw_world *world, struct vw_arena *arena,
                                   const struct vw_change *change)
{
    char prefix[VW_PREFIX_TEXT];

    switch (change->kind) {
    case VW_CHANGE_TRANSIT_ROUTE:
        return vw_arena_printf(arena, "%s %s -> %s in transit gateway route table %s",
                               change->replaces ? "replace the route" : "add the route",
                               vw_prefix_format(change->route.destination, prefix),
                               attachment_id(world, change->other),
                               table_id(world, change->object));
    case VW_CHANGE_TRANSIT_PROPAGATION:
        return vw_arena_printf(
            arena, "let %s propagate its routes to transit gateway route table %s",
            attachment_id(world, change->other), table_id(world, change->object));
    case VW_CHANGE_TRANSIT_ASSOCIATION:
        return vw_arena_printf(arena, "associate %s with transit gateway route table %s",
                               attachment_id(world, change->object),
                               table_id(world, change->other));
    case VW_CHANGE_ATTACHMENT_SUBNET:
        return vw_arena_printf(arena, "add subnet %s to the attachment %s",
                               vw_world_subnet(world, change->other)->object.id,
                               attachment_id(world, change->object));
    case VW_CHANGE_ATTACHMENT_IPV6:
        return vw_arena_printf(arena, "switch IPv6 on at the attachment %s",
                               attachment_id(world, change->object));
    case VW_CHANGE_ROUTE:
    case VW_CHANGE_GROUP_RULE:
    case VW_CHANGE_ACL_ENTRY:
    case VW_CHANGE_ACCEPT_PEERING:
    case VW_CHANGE_NEW_PEERING:
    case VW_CHANGE_START_INSTANCE:
    case VW_CHANGE_PUBLIC_ADDRESS:
    case VW_CHANGE_ATTACH_GATEWAY:
    case VW_CHANGE_SOURCE_DEST_CHECK:
        break;
    }
    return NULL;
}

/* " --region r" of the attachment's VPC; of a peering's none can be told. */
static const char *region_of(const struct vw_world *world, struct vw_arena *arena,
                             uint32_t attachment)
{
    return vw_change_region(world, arena,
                            vw_world_transit_attachment(world, attachment)->vpc);
}

/* What is done with a route table and an attachment. */
static const char *command_pair(const struct vw_world *world, struct vw_arena *arena,
                                const char *verb, uint32_t table, uint32_t attachment)
{
    return vw_arena_printf(arena,
                           "aws ec2 %s --transit-gateway-route-table-id %s "
                           "--transit-gateway-attachment-id %s%s",
                           verb, vw_change_word(arena, table_id(world, table)),
                           vw_change_word(arena, attachment_id(world, attachment)),
                           region_of(world, arena, attachment));
}

static const char *command_route(const struct vw_world *world, struct vw_arena *arena,
                                 const struct vw_change *change)
{
    char prefix[VW_PREFIX_TEXT];

    return vw_arena_printf(
        arena,
        "aws ec2 %s-transit-gateway-route --transit-gateway-route-table-id %s "
        "--destination-cidr-block %s --transit-gateway-attachment-id %s%s",
        change->replaces ? "replace" : "create",
        vw_change_word(arena, table_id(world, change->object)),
        vw_prefix_format(change->route.destination, prefix),
        vw_change_word(arena, attachment_id(world, change->other)),
        region_of(world, arena, change->other));
}

static const char *command_attachment(const struct vw_world *world,
                                      struct vw_arena *arena, uint32_t attachment,
                                      const char *option, const char *value)
{
    return vw_arena_printf(arena,
                           "aws ec2 modify-transit-gateway-vpc-attachment "
                           "--transit-gateway-attachment-id %s %s%s%s",
                           vw_change_word(arena, attachment_id(world, attachment)),
                           option, value, region_of(world, arena, attachment));
}

const char *vw_change_command_transit(const struct vw_world *world,
                                      struct vw_arena *arena,
                                      const struct vw_change *change)
{
    switch (change->kind) {
    case VW_CHANGE_TRANSIT_ROUTE:
        return command_route(world, arena, change);
    case VW_CHANGE_TRANSIT_PROPAGATION:
        return command_pair(world, arena,
                            "enable-transit-gateway-route-table-propagation",
                            change->object, change->other);
    case VW_CHANGE_TRANSIT_ASSOCIATION:
        return command_pair(world, arena, "associate-transit-gateway-route-table",
                            change->other, change->object);
    case VW_CHANGE_ATTACHMENT_SUBNET:
        return command_attachment(
            world, arena, change->object, "--add-subnet-ids ",
            vw_change_word(arena, vw_world_subnet(world, change->other)->object.id));
    case VW_CHANGE_ATTACHMENT_IPV6:
        return command_attachment(world, arena, change->object, "--options ",
                                  "Ipv6Support=enable");
    case VW_CHANGE_ROUTE:
    case VW_CHANGE_GROUP_RULE:
    case VW_CHANGE_ACL_ENTRY:
    case VW_CHANGE_ACCEPT_PEERING:
    case VW_CHANGE_NEW_PEERING:
    case VW_CHANGE_START_INSTANCE:
    case VW_CHANGE_PUBLIC_ADDRESS:
    case VW_CHANGE_ATTACH_GATEWAY:
    case VW_CHANGE_SOURCE_DEST_CHECK:
        break;
    }
    return NULL;
}
