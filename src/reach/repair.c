/*
 * What would mend a blocker: which file knows, by its reason. Nothing is proposed where no
 * change of the configuration would help.
 */
#include "reach/repair.h"

#include <string.h>

bool vw_repair_index(const struct vw_world *world, const struct vw_object *object,
                     uint32_t *ret_index)
{
    const struct vw_table *table;
    size_t at;

    if (!object)
        return false;
    /* By its place: two sides of a transit gateway peering have one id. */
    table = &world->tables[object->kind];
    at = (size_t)((const unsigned char *)object - table->items);
    if ((const unsigned char *)object < table->items || at / table->size >= table->count)
        return vw_world_find(world, object->kind, object->id, ret_index);
    *ret_index = (uint32_t)(at / table->size);
    return true;
}

/* ---- hosts and gateways ---- */

static int repair_instance(const struct vw_world *world, const struct vw_mark *mark,
                           struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_START_INSTANCE};
    const struct vw_instance *instance = (const struct vw_instance *)mark->object;

    if (mark->kind != VW_STEP_INSTANCE || !instance->state ||
        strcmp(instance->state, "stopped") != 0 ||
        !vw_repair_index(world, mark->object, &change.object))
        return 0;
    return vw_array_push(changes, change);
}

/* Which Elastic IP address AWS would give cannot be known: one of the documentation
 * prefix 203.0.113.0/24 stands for it in the proof. */
static int repair_public_address(const struct vw_world *world, const struct vw_mark *mark,
                                 struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_PUBLIC_ADDRESS};
    struct vw_address private_address =
        mark->reason == VW_REASON_IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS
            ? mark->box.source.first
            : mark->box.destination.first;
    const struct vw_interface *interface;
    uint32_t host = 1;

    if (private_address.family != VW_FAMILY_IPV4 ||
        !vw_repair_index(world, mark->object, &change.object))
        return 0;
    interface = vw_world_interface(world, change.object);
    for (; change.other < interface->address_count; change.other++)
        if (vw_address_equal(interface->addresses[change.other].prefix.address,
                             private_address))
            break;
    if (change.other == interface->address_count)
        return 0;
    do
        change.address = vw_address_ipv4(0xcb007100u + host++);
    while (host < 255 &&
           vw_owner_of_public(world, vw_range_single(change.address)) != NULL);
    return vw_array_push(changes, change);
}

static int repair_gateway(const struct vw_world *world, const struct vw_mark *mark,
                          struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ATTACH_GATEWAY};

    if (!mark->object || mark->object->kind != VW_OBJECT_INTERNET_GATEWAY ||
        !vw_repair_index(world, mark->object, &change.object) ||
        !vw_repair_index(world, mark->other, &change.other) ||
        vw_world_internet_gateway(world, change.object)->vpc != VW_NONE ||
        vw_world_vpc(world, change.other)->internet_gateway != VW_NONE)
        return 0;
    return vw_array_push(changes, change);
}

/* Of a middlebox: of a sender it would let out what is not its own. */
static int repair_check(const struct vw_world *world, const struct vw_mark *mark,
                        struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_SOURCE_DEST_CHECK};

    if (mark->kind != VW_STEP_MIDDLEBOX ||
        !vw_repair_index(world, mark->object, &change.object))
        return 0;
    return vw_array_push(changes, change);
}

/* ---- by reason ---- */

enum repair {
    REPAIR_NONE,
    REPAIR_GROUPS,
    REPAIR_ACL,
    REPAIR_ROUTE,
    REPAIR_STATE,
    REPAIR_PUBLIC_ADDRESS,
    REPAIR_ATTACHMENT,
    REPAIR_TRANSIT,
    REPAIR_CHECK
};

struct repair_row {
    enum vw_reason reason;
    enum repair repair;
};

/* A reason without a row has no repair of least privilege. */
static const struct repair_row repairs[] = {
    {VW_REASON_ENI_SG_RULES_MISMATCH, REPAIR_GROUPS},
    {VW_REASON_SG_HAS_NO_RULES, REPAIR_GROUPS},
    {VW_REASON_SG_REFERENCES_NOT_PRESERVED, REPAIR_GROUPS},
    {VW_REASON_SG_REFERENCING_SUPPORT, REPAIR_GROUPS},
    {VW_REASON_SUBNET_ACL_RESTRICTION, REPAIR_ACL},
    {VW_REASON_NO_ROUTE_TO_DESTINATION, REPAIR_ROUTE},
    {VW_REASON_BAD_STATE_ROUTE, REPAIR_ROUTE},
    {VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS, REPAIR_ROUTE},
    {VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS, REPAIR_ROUTE},
    {VW_REASON_PCX_REQUIRES_ADDRESS_IN_VPC_CIDR, REPAIR_ROUTE},
    {VW_REASON_VPC_LOCAL_ROUTE_CIDR_RESTRICTION, REPAIR_ROUTE},
    {VW_REASON_VW_DESTINATION_NOT_PUBLIC, REPAIR_ROUTE},
    {VW_REASON_VW_REPLY_LEFT_BY_EGRESS_ONLY_GATEWAY, REPAIR_ROUTE},
    {VW_REASON_VW_REPLY_LEFT_BY_NAT, REPAIR_ROUTE},
    {VW_REASON_VW_REPLY_LEFT_BY_OTHER_PATH, REPAIR_ROUTE},
    {VW_REASON_DISCONNECTED_VPCS, REPAIR_ROUTE},
    {VW_REASON_BAD_STATE, REPAIR_STATE},
    {VW_REASON_IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, REPAIR_PUBLIC_ADDRESS},
    {VW_REASON_IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS, REPAIR_PUBLIC_ADDRESS},
    {VW_REASON_BAD_STATE_ATTACHMENT, REPAIR_ATTACHMENT},
    {VW_REASON_TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION, REPAIR_TRANSIT},
    {VW_REASON_TGW_ROUTE_AZ_RESTRICTION, REPAIR_TRANSIT},
    {VW_REASON_TGW_RTB_BAD_STATE_ROUTE, REPAIR_TRANSIT},
    {VW_REASON_TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT, REPAIR_TRANSIT},
    {VW_REASON_VW_ATTACHMENT_WITHOUT_IPV6, REPAIR_TRANSIT},
    {VW_REASON_ENI_SOURCE_DEST_CHECK_RESTRICTION, REPAIR_CHECK},
};

static enum repair repair_of(enum vw_reason reason)
{
    size_t i;

    for (i = 0; i < sizeof repairs / sizeof *repairs; i++)
        if (repairs[i].reason == reason)
            return repairs[i].repair;
    return REPAIR_NONE;
}

int vw_repair(const struct vw_world *world, const struct vw_packet *packet,
              const struct vw_mark *mark, struct vw_changes *changes)
{
    switch (repair_of(mark->reason)) {
    case REPAIR_NONE:
        break;
    case REPAIR_GROUPS:
        return vw_repair_groups(world, mark, changes);
    case REPAIR_ACL:
        return vw_repair_acl(world, mark, changes);
    case REPAIR_ROUTE:
        return vw_repair_route(world, packet, mark, changes);
    case REPAIR_STATE:
        return mark->kind == VW_STEP_PEERING
                   ? vw_repair_peering(world, packet, mark, changes)
                   : repair_instance(world, mark, changes);
    case REPAIR_PUBLIC_ADDRESS:
        return repair_public_address(world, mark, changes);
    case REPAIR_ATTACHMENT:
        return repair_gateway(world, mark, changes);
    case REPAIR_TRANSIT:
        return vw_repair_transit(world, packet, mark, changes);
    case REPAIR_CHECK:
        return repair_check(world, mark, changes);
    }
    return 0;
}
