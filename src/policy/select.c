/*
 * The selector "instances". From the internet an instance is met by its public addresses,
 * which the simulator is asked for one by one; from inside, by its interfaces.
 */
#include "policy/select.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"

#define ICMP 1
#define ICMPV6 58

struct selecting {
    const struct vw_world *world;
    struct vw_arena *arena;
    struct vw_selection *selection;
    int protocol;
};

static bool is_running(const struct vw_instance *instance)
{
    return instance->object.exported &&
           (instance->state == NULL || strcmp(instance->state, "running") == 0);
}

static int add(struct selecting *it, const char *asked, const char *shown)
{
    struct vw_selected selected = {asked, shown};

    if (asked == NULL || shown == NULL)
        return VW_ERROR_NO_MEMORY;
    return vw_array_push(it->selection, selected);
}

static int add_address(struct selecting *it, const struct vw_instance *instance,
                       struct vw_address address)
{
    char text[VW_ADDRESS_TEXT];
    const char *asked;

    if (it->protocol == (address.family == VW_FAMILY_IPV4 ? ICMPV6 : ICMP))
        return 0;
    asked = vw_arena_string(it->arena, vw_address_format(address, text));
    return add(it, asked,
               vw_arena_printf(it->arena, "%s (%s)", instance->object.id, text));
}

static int add_outside_addresses(struct selecting *it, const struct vw_instance *instance,
                                 const struct vw_interface *interface)
{
    int error = 0;

    for (size_t i = 0; i < interface->address_count && error == 0; i++) {
        const struct vw_interface_address *entry = &interface->addresses[i];

        if (entry->public_address.family != VW_FAMILY_NONE)
            error = add_address(it, instance, entry->public_address);
        if (error == 0 && entry->prefix.address.family == VW_FAMILY_IPV6 &&
            entry->prefix.length == vw_family_bits(VW_FAMILY_IPV6))
            error = add_address(it, instance, entry->prefix.address);
    }
    return error;
}

static int select_instance(struct selecting *it, const struct vw_instance *instance,
                           bool from_outside)
{
    size_t before = it->selection->count;
    int error = 0;

    for (size_t i = 0; i < instance->interface_count && error == 0; i++) {
        const struct vw_interface *interface =
            vw_world_interface(it->world, instance->interfaces[i]);

        if (from_outside)
            error = add_outside_addresses(it, instance, interface);
        else if (instance->interface_count > 1)
            error = add(it, interface->object.id,
                        vw_arena_printf(it->arena, "%s (%s)", instance->object.id,
                                        interface->object.id));
    }
    if (error == 0 && it->selection->count == before)
        error = add(it, instance->object.id, instance->object.id);
    return error;
}

int vw_select_instances(const struct vw_world *world, struct vw_arena *arena,
                        bool from_outside, int protocol, struct vw_selection *selection)
{
    struct selecting it = {
        .world = world, .arena = arena, .selection = selection, .protocol = protocol};
    uint32_t count = vw_world_count(world, VW_OBJECT_INSTANCE);
    int error = 0;

    for (uint32_t i = 0; i < count && error == 0; i++) {
        const struct vw_instance *instance = vw_world_instance(world, i);

        if (is_running(instance))
            error = select_instance(&it, instance, from_outside);
    }
    return error;
}
