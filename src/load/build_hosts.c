/*
 * Instances and interfaces. describe-network-interfaces knows most; the interfaces that
 * describe-instances prints inside the instances stand in where it is missing.
 */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"

static int build_instance(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_instance_record *record = item->record;
    struct vw_instance *instance;
    uint32_t index;
    const char *region;
    int error = vw_build_start(loader, VW_OBJECT_INSTANCE, item, &index);

    if (!error)
        error = vw_region_of_zone(loader, record->zone, &region);
    if (error)
        return error;
    instance = vw_world_edit_instance(loader->world, index);
    vw_build_head(loader, item, &instance->object, record->name, region);
    instance->state = record->state;
    instance->metadata_disabled =
        record->metadata && strcmp(record->metadata, "disabled") == 0;
    if (record->metadata_ipv6)
        instance->metadata_ipv6 = strcmp(record->metadata_ipv6, "enabled") == 0
                                      ? VW_SETTING_ON
                                      : VW_SETTING_OFF;
    return 0;
}

struct addresses {
    struct vw_interface_address *items;
    size_t count;
};

static void add_address(struct addresses *addresses, struct vw_address address,
                        struct vw_address public_address, bool is_primary)
{
    struct vw_interface_address entry = {
        vw_prefix_of(address, vw_family_bits(address.family)), public_address,
        is_primary};
    size_t at = addresses->count++;

    /* The primary one stands first. */
    if (is_primary) {
        memmove(addresses->items + 1, addresses->items, at * sizeof *addresses->items);
        at = 0;
    }
    addresses->items[at] = entry;
}

static void add_blocks(struct addresses *addresses, const struct vw_list *list)
{
    const struct vw_cidr_record *cidrs = list->items;
    size_t i;

    for (i = 0; i < list->count; i++)
        addresses->items[addresses->count++] =
            (struct vw_interface_address){.prefix = cidrs[i].prefix};
}

/* PrivateIpAddress is the primary of the list, and all there is in an old export; so is
 * the association of the interface that of its primary address. */
static void add_private(struct addresses *addresses,
                        const struct vw_interface_record *record)
{
    const struct vw_private_record *list = record->addresses.items;
    bool has_primary = false;
    size_t i;

    for (i = 0; i < record->addresses.count; i++) {
        bool is_primary = !has_primary && list[i].primary == VW_FLAG_YES;

        add_address(addresses, list[i].address, list[i].public_address, is_primary);
        has_primary |= is_primary;
    }
    if (addresses->count == 0 && record->address.family != VW_FAMILY_NONE)
        add_address(addresses, record->address, record->public_address, true);
    for (i = 0; i < addresses->count && !has_primary; i++) {
        struct vw_interface_address entry = addresses->items[i];

        has_primary = entry.primary || record->address.family == VW_FAMILY_NONE ||
                      vw_address_equal(entry.prefix.address, record->address);
        if (has_primary) {
            memmove(addresses->items + 1, addresses->items, i * sizeof entry);
            entry.primary = true;
            addresses->items[0] = entry;
        }
    }
    if (has_primary && addresses->items[0].public_address.family == VW_FAMILY_NONE)
        addresses->items[0].public_address = record->public_address;
}

static int build_addresses(struct vw_world *world,
                           const struct vw_interface_record *record,
                           struct addresses *ret)
{
    static const struct vw_address none;
    struct addresses addresses = {NULL, 0};
    size_t count = record->ipv4_blocks.count + record->ipv6_blocks.count;

    /* In place of an empty list the one address beside it. */
    count += record->addresses.count > 0 ? record->addresses.count : 1;
    count += record->ipv6.count > 0 ? record->ipv6.count
                                    : record->ipv6_address.family != VW_FAMILY_NONE;

    addresses.items = vw_arena_array(&world->arena, count, sizeof *addresses.items);
    if (!addresses.items)
        return VW_ERROR_NO_MEMORY;
    add_private(&addresses, record);
    add_blocks(&addresses, &record->ipv6);
    if (record->ipv6.count == 0 && record->ipv6_address.family != VW_FAMILY_NONE)
        add_address(&addresses, record->ipv6_address, none, false);
    add_blocks(&addresses, &record->ipv4_blocks);
    add_blocks(&addresses, &record->ipv6_blocks);
    *ret = addresses;
    return 0;
}

struct references {
    uint32_t vpc, subnet, instance;
    uint32_t *groups; /* or NULL: they are in groups_inside */
    uint32_t groups_inside[VW_GROUPS_INSIDE];
};

static int refer_all(struct vw_loader *loader, const struct vw_item *item,
                     struct references *ret)
{
    const struct vw_interface_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    int error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &ret->vpc);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_SUBNET, record->subnet, &ret->subnet);
    /* An instance of another account, as those behind a service of AWS. */
    referrer.is_quiet = record->instance_account && item->account &&
                        strcmp(record->instance_account, item->account) != 0;
    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_INSTANCE, record->instance, &ret->instance);
    referrer.is_quiet = false;
    if (error)
        return error;
    if (record->groups.count <= VW_GROUPS_INSIDE)
        return vw_refer_each(&referrer, VW_OBJECT_SECURITY_GROUP, &record->groups,
                             ret->groups_inside);
    return vw_refer_list(&referrer, VW_OBJECT_SECURITY_GROUP, &record->groups,
                         &ret->groups);
}

static int build_interface(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_interface_record *record = item->record;
    struct references references = {.groups = NULL};
    struct vw_interface *interface;
    struct addresses addresses;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_INTERFACE, item, &index);

    if (!error)
        error = refer_all(loader, item, &references);
    if (!error)
        error = build_addresses(loader->world, record, &addresses);
    if (error)
        return error;
    interface = vw_world_edit_interface(loader->world, index);
    vw_build_head(loader, item, &interface->object, record->name, NULL);
    interface->vpc = references.vpc;
    interface->subnet = references.subnet;
    interface->instance = references.instance;
    interface->groups = references.groups;
    memcpy(interface->groups_inside, references.groups_inside,
           sizeof interface->groups_inside);
    interface->group_count = record->groups.count;
    interface->addresses = addresses.items;
    interface->address_count = addresses.count;
    interface->status = record->status;
    interface->attachment = record->attachment;
    interface->type = record->type;
    interface->description = record->description;
    interface->device_index =
        record->device_index.is_known ? (int32_t)record->device_index.value : -1;
    interface->source_dest_check = record->source_dest_check != VW_FLAG_NO;
    return 0;
}

int vw_build_hosts(struct vw_loader *loader)
{
    const struct vw_items *instances = &loader->items[VW_OBJECT_INSTANCE];
    const struct vw_items *interfaces = &loader->items[VW_OBJECT_INTERFACE];
    size_t i;
    int error = 0;

    for (i = 0; i < instances->count && !error; i++)
        error = build_instance(loader, &instances->items[i]);
    for (i = 0; i < interfaces->count && !error; i++)
        error = build_interface(loader, &interfaces->items[i]);
    for (i = 0; i < loader->embedded.count && !error; i++)
        error = build_interface(loader, &loader->embedded.items[i]);
    return error;
}
