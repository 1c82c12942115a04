/* What is known only once everything was loaded: who is main, attached, part of what. */
#include "world/finish.h"

#include "base/array.h"
#include "world/index.h"

#include <stdlib.h>
#include <string.h>

static void resolve_gateways(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_ROUTE_TABLE); i++) {
        const struct vw_route_table *table = vw_world_route_table(world, i);
        if (table->main && table->vpc != VW_NONE)
            vw_world_edit_vpc(world, table->vpc)->main_route_table = i;
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERNET_GATEWAY); i++) {
        uint32_t vpc = vw_world_internet_gateway(world, i)->vpc;
        if (vpc != VW_NONE)
            vw_world_edit_vpc(world, vpc)->internet_gateway = i;
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_EGRESS_ONLY_GATEWAY); i++) {
        uint32_t vpc = vw_world_egress_only_gateway(world, i)->vpc;
        if (vpc != VW_NONE)
            vw_world_edit_vpc(world, vpc)->egress_only_gateway = i;
    }
}

/* A VPC that no export tells of stands in for that of one interface. */
static int stand_in_vpc(struct vw_world *world, uint32_t interface)
{
    const char *id = vw_arena_printf(&world->arena, "(VPC of %s)",
                                     vw_world_interface(world, interface)->object.id);
    uint32_t vpc;
    int error = id ? vw_world_refer(world, VW_OBJECT_VPC, id, &vpc) : VW_ERROR_NO_MEMORY;

    if (!error)
        vw_world_edit_interface(world, interface)->vpc = vpc;
    return error;
}

/* An address in a subnet is an address in its VPC, whichever of the two was exported. */
static int resolve_interfaces(struct vw_world *world)
{
    uint32_t i;
    int error = 0;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE) && !error; i++) {
        struct vw_interface *interface = vw_world_edit_interface(world, i);
        if (interface->vpc == VW_NONE && interface->subnet != VW_NONE)
            interface->vpc = vw_world_subnet(world, interface->subnet)->vpc;
        if (interface->vpc == VW_NONE)
            error = stand_in_vpc(world, i);
        if (interface->subnet != VW_NONE &&
            vw_world_subnet(world, interface->subnet)->vpc == VW_NONE)
            vw_world_edit_subnet(world, interface->subnet)->vpc = interface->vpc;
    }
    return error;
}

static int compare_devices(const struct vw_world *world, uint32_t a, uint32_t b)
{
    int32_t x = vw_world_interface(world, a)->device_index;
    int32_t y = vw_world_interface(world, b)->device_index;

    return x < y ? -1 : x > y;
}

/* Counts, allots, then files each interface under its instance, by device index. */
static int resolve_instances(struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE);
    uint32_t i;

    for (i = 0; i < count; i++) {
        uint32_t instance = vw_world_interface(world, i)->instance;
        if (instance != VW_NONE)
            vw_world_edit_instance(world, instance)->interface_count++;
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_INSTANCE); i++) {
        struct vw_instance *instance = vw_world_edit_instance(world, i);
        instance->interfaces = vw_arena_array(&world->arena, instance->interface_count,
                                              sizeof *instance->interfaces);
        if (!instance->interfaces)
            return VW_ERROR_NO_MEMORY;
        instance->interface_count = 0;
    }
    for (i = 0; i < count; i++) {
        uint32_t owner = vw_world_interface(world, i)->instance;
        struct vw_instance *instance;
        size_t at;

        if (owner == VW_NONE)
            continue;
        instance = vw_world_edit_instance(world, owner);
        at = instance->interface_count++;
        while (at > 0 && compare_devices(world, i, instance->interfaces[at - 1]) < 0) {
            instance->interfaces[at] = instance->interfaces[at - 1];
            at--;
        }
        instance->interfaces[at] = i;
    }
    return 0;
}

/* "ap-south-1a" to "ap-south-1"; Local and Wavelength Zones ("us-west-2-lax-1a") lose
 * their location too. NULL where the zone's name is not of that form. */
static const char *region_of_zone(struct vw_arena *arena, const char *zone)
{
    size_t i, size = strlen(zone);
    unsigned dashes = 0;

    for (i = 0; i < size; i++) {
        if (zone[i] == '-')
            dashes++;
        if (dashes >= 2 && zone[i] >= '0' && zone[i] <= '9') {
            while (i < size && zone[i] >= '0' && zone[i] <= '9')
                i++;
            return vw_arena_copy(arena, zone, i);
        }
    }
    return NULL;
}

static void give_region(struct vw_world *world, uint32_t vpc, const char *region)
{
    if (vpc != VW_NONE && region && !vw_world_vpc(world, vpc)->object.region)
        vw_world_edit_vpc(world, vpc)->object.region = region;
}

static void give_account(struct vw_world *world, uint32_t vpc, const char *account)
{
    if (vpc != VW_NONE && account && !vw_world_vpc(world, vpc)->object.account)
        vw_world_edit_vpc(world, vpc)->object.account = account;
}

/* describe-vpcs does not print the Region: the zones of the subnets and the peerings do. */
static int resolve_regions(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_SUBNET); i++) {
        const struct vw_subnet *subnet = vw_world_subnet(world, i);
        const char *region;

        if (subnet->vpc == VW_NONE || !subnet->zone ||
            vw_world_vpc(world, subnet->vpc)->object.region)
            continue;
        region = region_of_zone(&world->arena, subnet->zone);
        give_region(world, subnet->vpc, region);
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_PEERING); i++) {
        const struct vw_peering *peering = vw_world_peering(world, i);
        give_region(world, peering->requester.vpc, peering->requester.region);
        give_region(world, peering->accepter.vpc, peering->accepter.region);
        give_account(world, peering->requester.vpc, peering->requester.account);
        give_account(world, peering->accepter.vpc, peering->accepter.account);
    }
    return 0;
}

bool vw_interface_is_attached(const struct vw_interface *interface)
{
    if (interface->status && strcmp(interface->status, "in-use") != 0 &&
        strcmp(interface->status, "associated") != 0)
        return false;
    return !interface->attachment || strcmp(interface->attachment, "attached") == 0;
}

static bool is_running(const struct vw_world *world, uint32_t instance)
{
    const char *state;

    if (instance == VW_NONE)
        return true;
    state = vw_world_instance(world, instance)->state;
    return !state || strcmp(state, "running") == 0;
}

/* What a walk would else have to follow pointers for. */
static void gather_interfaces(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        struct vw_interface *interface = vw_world_edit_interface(world, i);

        interface->is_up =
            vw_interface_is_attached(interface) && is_running(world, interface->instance);
        if (interface->group_count > VW_GROUPS_INSIDE)
            continue;
        if (interface->groups)
            memmove(interface->groups_inside, interface->groups,
                    interface->group_count * sizeof *interface->groups);
        interface->groups = interface->groups_inside;
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct vw_acl_entry *x = a;
    const struct vw_acl_entry *y = b;

    return x->number < y->number ? -1 : x->number > y->number;
}

static void sort_entries(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_NETWORK_ACL); i++) {
        struct vw_network_acl *acl = vw_world_edit_network_acl(world, i);
        if (acl->ingress.count > 1)
            qsort(acl->ingress.items, acl->ingress.count, sizeof *acl->ingress.items,
                  compare_entries);
        if (acl->egress.count > 1)
            qsort(acl->egress.items, acl->egress.count, sizeof *acl->egress.items,
                  compare_entries);
    }
}

static void note_hidden_interfaces(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC); i++) {
        const struct vw_vpc *vpc = vw_world_vpc(world, i);

        if (vpc->object.exported && !vpc->interfaces_exported)
            world->has_hidden_interfaces = true;
    }
}

int vw_world_finish(struct vw_world *world)
{
    int error = resolve_interfaces(world);

    if (error)
        return error;
    resolve_gateways(world);
    note_hidden_interfaces(world);
    sort_entries(world);
    error = resolve_instances(world);
    if (!error)
        error = resolve_regions(world);
    gather_interfaces(world);
    if (!error)
        error = vw_finish_roles(world);
    if (!error)
        error = vw_finish_services(world);
    if (!error)
        error = vw_finish_transit(world);
    if (!error)
        error = vw_world_index_addresses(world);
    return error ? error : vw_world_index_network(world);
}
