/* Copy on write, a table at a time; see edit.h. */
#include "world/edit.h"

#include "base/address.h"
#include "base/memory.h"
#include "world/index.h"

#include <string.h>

#include <vpcwhy/error.h>

struct vw_world *vw_world_clone(const struct vw_world *parent)
{
    struct vw_world *clone = vw_calloc(1, sizeof *clone);
    int kind;

    if (!clone)
        return NULL;
    *clone = *parent;
    clone->arena = (struct vw_arena){NULL, NULL, false};
    clone->parent = parent;
    for (kind = 0; kind < VW_OBJECT_KINDS; kind++)
        clone->tables[kind].borrowed = true;
    return clone;
}

int vw_edit_own(struct vw_world *clone, enum vw_object_kind kind)
{
    struct vw_table *table = &clone->tables[kind];
    unsigned char *items;

    if (!table->borrowed && table->count < table->capacity)
        return 0;
    items = vw_calloc((size_t)table->count + 8, table->size);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    if (table->count > 0)
        memcpy(items, table->items, (size_t)table->count * table->size);
    if (!table->borrowed)
        vw_free(table->items);
    table->items = items;
    table->capacity = table->count + 8;
    table->borrowed = false;
    return 0;
}

void *vw_edit_longer(struct vw_world *clone, const void *items, size_t count, size_t size)
{
    unsigned char *copy = vw_arena_array(&clone->arena, count + 1, size);

    if (copy && count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

int vw_edit_route(struct vw_world *clone, uint32_t table, const struct vw_route *route)
{
    struct vw_route_table *object;
    struct vw_route *routes;
    size_t i;

    if (vw_edit_own(clone, VW_OBJECT_ROUTE_TABLE))
        return VW_ERROR_NO_MEMORY;
    object = vw_world_edit_route_table(clone, table);
    routes = vw_edit_longer(clone, object->routes, object->route_count, sizeof *routes);
    if (!routes)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < object->route_count; i++)
        if (routes[i].prefix_list == VW_NONE &&
            vw_prefix_equal(routes[i].destination, route->destination))
            break;
    routes[i] = *route;
    if (i == object->route_count)
        object->route_count++;
    object->routes = routes;
    return 0;
}

int vw_edit_group_rule(struct vw_world *clone, uint32_t group, bool egress,
                       const struct vw_group_rule *rule)
{
    struct vw_group_rules *rules;
    struct vw_group_rule *items;

    if (vw_edit_own(clone, VW_OBJECT_SECURITY_GROUP))
        return VW_ERROR_NO_MEMORY;
    rules = egress ? &vw_world_edit_security_group(clone, group)->egress
                   : &vw_world_edit_security_group(clone, group)->ingress;
    items = vw_edit_longer(clone, rules->items, rules->count, sizeof *items);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    items[rules->count++] = *rule;
    rules->items = items;
    if (egress)
        vw_world_edit_security_group(clone, group)->egress_keys = NULL;
    else
        vw_world_edit_security_group(clone, group)->ingress_keys = NULL;
    return 0;
}

int vw_edit_acl_entry(struct vw_world *clone, uint32_t acl, bool egress,
                      const struct vw_acl_entry *entry)
{
    struct vw_acl_entries *entries;
    struct vw_acl_entry *items;
    size_t at;

    if (vw_edit_own(clone, VW_OBJECT_NETWORK_ACL))
        return VW_ERROR_NO_MEMORY;
    entries = egress ? &vw_world_edit_network_acl(clone, acl)->egress
                     : &vw_world_edit_network_acl(clone, acl)->ingress;
    items = vw_edit_longer(clone, entries->items, entries->count, sizeof *items);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    entries->items = items;
    for (at = 0; at < entries->count && items[at].number < entry->number; at++)
        ;
    if (at == entries->count || items[at].number != entry->number)
        memmove(items + at + 1, items + at, (entries->count++ - at) * sizeof *items);
    items[at] = *entry;
    return 0;
}

/* Routes to a peering that becomes active stop being blackholes. */
static int revive_routes(struct vw_world *clone, uint32_t peering)
{
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(clone, VW_OBJECT_ROUTE_TABLE); i++) {
        const struct vw_route_table *table = vw_world_route_table(clone, i);
        for (j = 0; j < table->route_count; j++) {
            struct vw_route route = table->routes[j];
            if (route.target_kind != VW_TARGET_PEERING || route.target != peering ||
                route.state != VW_ROUTE_BLACKHOLE || route.prefix_list != VW_NONE)
                continue;
            route.state = VW_ROUTE_ACTIVE;
            if (vw_edit_route(clone, i, &route))
                return VW_ERROR_NO_MEMORY;
            table = vw_world_route_table(clone, i);
        }
    }
    return 0;
}

int vw_edit_peering_state(struct vw_world *clone, uint32_t peering, const char *state)
{
    if (vw_edit_own(clone, VW_OBJECT_PEERING))
        return VW_ERROR_NO_MEMORY;
    vw_world_edit_peering(clone, peering)->state = state;
    return strcmp(state, "active") == 0 ? revive_routes(clone, peering) : 0;
}

static void fill_side(const struct vw_world *world, uint32_t index,
                      struct vw_peering_side *side)
{
    const struct vw_vpc *vpc = vw_world_vpc(world, index);

    *side = (struct vw_peering_side){index, vpc->object.account, vpc->object.region,
                                     vpc->cidrs, vpc->cidr_count};
}

int vw_edit_new_peering(struct vw_world *clone, const char *id, uint32_t requester,
                        uint32_t accepter, uint32_t *ret_peering)
{
    struct vw_peering *peering;

    if (vw_edit_own(clone, VW_OBJECT_PEERING))
        return VW_ERROR_NO_MEMORY;
    *ret_peering = clone->tables[VW_OBJECT_PEERING].count++;
    peering = vw_world_edit_peering(clone, *ret_peering);
    memset(peering, 0, sizeof *peering);
    peering->object.id = id;
    peering->object.kind = VW_OBJECT_PEERING;
    peering->object.exported = true;
    peering->state = "active";
    fill_side(clone, requester, &peering->requester);
    fill_side(clone, accepter, &peering->accepter);
    return vw_world_index_peerings(clone);
}

int vw_edit_start_instance(struct vw_world *clone, uint32_t instance)
{
    if (vw_edit_own(clone, VW_OBJECT_INSTANCE))
        return VW_ERROR_NO_MEMORY;
    vw_world_edit_instance(clone, instance)->state = "running";
    return 0;
}

int vw_edit_public_address(struct vw_world *clone, uint32_t interface, size_t entry,
                           struct vw_address address)
{
    struct vw_interface *object;
    struct vw_interface_address *addresses;

    if (vw_edit_own(clone, VW_OBJECT_INTERFACE))
        return VW_ERROR_NO_MEMORY;
    object = vw_world_edit_interface(clone, interface);
    addresses = vw_edit_longer(clone, object->addresses, object->address_count,
                               sizeof *addresses);
    if (!addresses)
        return VW_ERROR_NO_MEMORY;
    addresses[entry].public_address = address;
    object->addresses = addresses;
    return vw_world_index_addresses(clone);
}

int vw_edit_attach_gateway(struct vw_world *clone, uint32_t gateway, uint32_t vpc)
{
    if (vw_edit_own(clone, VW_OBJECT_INTERNET_GATEWAY) ||
        vw_edit_own(clone, VW_OBJECT_VPC))
        return VW_ERROR_NO_MEMORY;
    vw_world_edit_internet_gateway(clone, gateway)->vpc = vpc;
    vw_world_edit_vpc(clone, vpc)->internet_gateway = gateway;
    return 0;
}

int vw_edit_source_dest_check(struct vw_world *clone, uint32_t interface)
{
    if (vw_edit_own(clone, VW_OBJECT_INTERFACE))
        return VW_ERROR_NO_MEMORY;
    vw_world_edit_interface(clone, interface)->source_dest_check = false;
    return 0;
}
