/* Elastic IP addresses; one that only describe-addresses knows is given to its interface. */
#include "load/build.h"

#include <vpcwhy/error.h>

#include "base/address.h"

/* The primary address, or the one that the association names. */
static struct vw_interface_address *associated(struct vw_interface *interface,
                                               const struct vw_elastic_record *record)
{
    size_t i;

    for (i = 0; i < interface->address_count; i++) {
        struct vw_interface_address *entry = &interface->addresses[i];

        if (record->private_address.family == VW_FAMILY_NONE
                ? entry->primary
                : vw_address_equal(entry->prefix.address, record->private_address) &&
                      entry->prefix.length ==
                          vw_family_bits(entry->prefix.address.family))
            return entry;
    }
    return NULL;
}

/* Interfaces by instance: the first of each, and the next of the same. */
struct chains {
    uint32_t *first, *next;
};

static int chain(struct vw_loader *loader, struct chains *ret)
{
    const struct vw_world *world = loader->world;
    uint32_t interfaces = vw_world_count(world, VW_OBJECT_INTERFACE);
    uint32_t instances = vw_world_count(world, VW_OBJECT_INSTANCE), i;
    struct chains chains = {
        vw_arena_array(&loader->scratch, instances, sizeof *chains.first),
        vw_arena_array(&loader->scratch, interfaces, sizeof *chains.next)};

    if (!chains.first || !chains.next)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < instances; i++)
        chains.first[i] = VW_NONE;
    for (i = interfaces; i-- > 0;) {
        uint32_t instance = vw_world_interface(world, i)->instance;

        if (instance == VW_NONE)
            continue;
        chains.next[i] = chains.first[instance];
        chains.first[instance] = i;
    }
    *ret = chains;
    return 0;
}

/* An association that names the instance only: its interface with that address, or the
 * first device. */
static uint32_t interface_of(struct vw_world *world, const struct chains *chains,
                             const struct vw_elastic_record *record, uint32_t instance)
{
    uint32_t i;

    for (i = chains->first[instance]; i != VW_NONE; i = chains->next[i]) {
        struct vw_interface *interface = vw_world_edit_interface(world, i);

        if (associated(interface, record) &&
            (record->private_address.family != VW_FAMILY_NONE ||
             interface->device_index <= 0))
            return i;
    }
    return VW_NONE;
}

static void give(struct vw_loader *loader, const struct vw_item *item, uint32_t index)
{
    const struct vw_elastic_record *record = item->record;
    struct vw_interface *interface = vw_world_edit_interface(loader->world, index);
    struct vw_interface_address *entry = associated(interface, record);
    char mine[VW_ADDRESS_TEXT], theirs[VW_ADDRESS_TEXT];

    if (!interface->object.exported || record->address.family == VW_FAMILY_NONE)
        return;
    if (entry && entry->public_address.family == VW_FAMILY_NONE)
        entry->public_address = record->address;
    else if (!entry || !vw_address_equal(entry->public_address, record->address))
        vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "contradiction",
                    (struct vw_place){.file = loader->files.items[item->file].path,
                                      .pointer = record->pointer},
                    "%s is said to be associated with %s, which has %s there in %s: %s; "
                    "the latter is used",
                    vw_address_format(record->address, mine), interface->object.id,
                    entry ? vw_address_format(entry->public_address, theirs)
                          : "no such private address",
                    interface->object.source.file, interface->object.source.pointer);
}

static int build_elastic(struct vw_loader *loader, const struct chains *chains,
                         const struct vw_item *item, size_t instances)
{
    const struct vw_elastic_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_elastic_address *elastic;
    uint32_t index, interface, instance = VW_NONE;
    int error = vw_build_start(loader, VW_OBJECT_ELASTIC_ADDRESS, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_INTERFACE, record->interface, &interface);
    if (!error && interface == VW_NONE)
        error = vw_refer(&referrer, VW_OBJECT_INSTANCE, record->instance, &instance);
    if (error)
        return error;
    if (instance < instances)
        interface = interface_of(loader->world, chains, record, instance);
    elastic = vw_world_edit_elastic_address(loader->world, index);
    vw_build_head(loader, item, &elastic->object, record->name, NULL);
    elastic->address = record->address;
    elastic->interface = interface;
    if (interface != VW_NONE)
        give(loader, item, interface);
    return 0;
}

int vw_build_elastic_addresses(struct vw_loader *loader)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_ELASTIC_ADDRESS];
    /* Addresses may name further ones, which have no interface then. */
    size_t instances = vw_world_count(loader->world, VW_OBJECT_INSTANCE), i;
    struct chains chains;
    int error = chain(loader, &chains);

    for (i = 0; i < items->count && !error; i++)
        error = build_elastic(loader, &chains, &items->items[i], instances);
    return error;
}
