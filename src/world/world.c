/* Tables of objects by kind, found by id; see world.h. */
#include "world/world.h"

#include "base/array.h"
#include "base/memory.h"
#include "world/index.h"

#include <stddef.h>
#include <string.h>

/* More objects of one kind than any account can have. */
#define VW_OBJECTS_MAX 50000000u

static const size_t sizes[] = {
#define VW_X(suffix, name, noun, key, command) sizeof(struct vw_##name),
    VW_OBJECT_LIST(VW_X)
#undef VW_X
};

/* One row a target: the prefix of its ids, what it is called, and what object it is. */
struct target_row {
    const char *prefix, *noun;
    int object;
};

static const struct target_row targets[] = {
#define VW_X(name, prefix, noun, object) {prefix, noun, object},
    VW_TARGET_LIST(VW_X)
#undef VW_X
};

const char *vw_target_noun(enum vw_target_kind kind)
{
    return targets[kind].noun;
}

bool vw_target_object(enum vw_target_kind kind, enum vw_object_kind *ret)
{
    if (targets[kind].object == VW_OBJECT_KINDS)
        return false;
    *ret = (enum vw_object_kind)targets[kind].object;
    return true;
}

enum vw_target_kind vw_target_kind_of(const char *id)
{
    int kind;

    if (strcmp(id, "local") == 0)
        return VW_TARGET_LOCAL;
    for (kind = VW_TARGET_INTERNET_GATEWAY; kind < VW_TARGET_OTHER; kind++)
        if (strncmp(id, targets[kind].prefix, strlen(targets[kind].prefix)) == 0)
            return (enum vw_target_kind)kind;
    return VW_TARGET_OTHER;
}

struct vw_world *vw_world_create(void)
{
    struct vw_world *world = vw_calloc(1, sizeof *world);
    int kind;

    for (kind = 0; world && kind < VW_OBJECT_KINDS; kind++)
        world->tables[kind].size = sizes[kind];
    return world;
}

void vw_world_free(struct vw_world *world)
{
    int kind;

    if (!world)
        return;
    for (kind = 0; kind < VW_OBJECT_KINDS; kind++) {
        if (!world->tables[kind].borrowed)
            vw_free(world->tables[kind].items);
        if (!world->parent)
            vw_map_free(&world->ids[kind]);
    }
    vw_arena_free(&world->arena);
    vw_free(world);
}

static int grow(struct vw_table *table)
{
    uint32_t capacity = table->capacity ? table->capacity * 2 : 16;
    void *items;

    if (table->count >= VW_OBJECTS_MAX)
        return VW_ERROR_LIMIT;
    items = vw_realloc(table->items, capacity, table->size);
    if (!items)
        return VW_ERROR_NO_MEMORY;
    table->items = items;
    table->capacity = capacity;
    return 0;
}

static struct vw_object *item(const struct vw_table *table, uint32_t index)
{
    return (struct vw_object *)(void *)(table->items + (size_t)index * table->size);
}

/* The references that an object of each kind holds; the head stands at 0, which ends a
 * row. */
static const size_t references[VW_OBJECT_KINDS][5] = {
#define AT(name, member) offsetof(struct vw_##name, member)
    [VW_OBJECT_VPC] = {AT(vpc, main_route_table), AT(vpc, internet_gateway),
                       AT(vpc, egress_only_gateway)},
    [VW_OBJECT_SUBNET] = {AT(subnet, vpc), AT(subnet, route_table),
                          AT(subnet, network_acl)},
    [VW_OBJECT_ROUTE_TABLE] = {AT(route_table, vpc)},
    [VW_OBJECT_SECURITY_GROUP] = {AT(security_group, vpc)},
    [VW_OBJECT_NETWORK_ACL] = {AT(network_acl, vpc)},
    [VW_OBJECT_INTERFACE] = {AT(interface, vpc), AT(interface, subnet),
                             AT(interface, instance), AT(interface, service)},
    [VW_OBJECT_PEERING] = {AT(peering, requester.vpc), AT(peering, accepter.vpc)},
    [VW_OBJECT_INTERNET_GATEWAY] = {AT(internet_gateway, vpc)},
    [VW_OBJECT_EGRESS_ONLY_GATEWAY] = {AT(egress_only_gateway, vpc)},
    [VW_OBJECT_ELASTIC_ADDRESS] = {AT(elastic_address, interface)},
    [VW_OBJECT_NAT_GATEWAY] = {AT(nat_gateway, vpc), AT(nat_gateway, subnet),
                               AT(nat_gateway, route_table)},
    [VW_OBJECT_TRANSIT_ATTACHMENT] = {AT(transit_attachment, gateway),
                                      AT(transit_attachment, table),
                                      AT(transit_attachment, vpc),
                                      AT(transit_attachment, peer_gateway),
                                      AT(transit_attachment, peer)},
    [VW_OBJECT_TRANSIT_TABLE] = {AT(transit_table, gateway)},
    [VW_OBJECT_VPC_ENDPOINT] = {AT(vpc_endpoint, vpc), AT(vpc_endpoint, firewall)},
    [VW_OBJECT_LOAD_BALANCER] = {AT(load_balancer, vpc)},
    [VW_OBJECT_LISTENER] = {AT(listener, load_balancer)},
    [VW_OBJECT_TARGET_GROUP] = {AT(target_group, vpc)},
    [VW_OBJECT_VPN_GATEWAY] = {AT(vpn_gateway, vpc)},
    [VW_OBJECT_VPN_CONNECTION] = {AT(vpn_connection, vpn_gateway),
                                  AT(vpn_connection, transit_gateway)},
    [VW_OBJECT_FIREWALL] = {AT(firewall, vpc), AT(firewall, policy)},
#undef AT
};

/* Every reference of a new object points nowhere, as 0 would be the first object. */
static void clear_references(enum vw_object_kind kind, struct vw_object *object)
{
    const size_t *row = references[kind];
    static const uint32_t none = VW_NONE;
    size_t i;

    for (i = 0; i < sizeof references[kind] / sizeof *row && row[i]; i++)
        memcpy((unsigned char *)object + row[i], &none, sizeof none);
    if (kind == VW_OBJECT_INTERFACE) {
        struct vw_interface *interface = (struct vw_interface *)object;
        interface->device_index = -1;
        interface->source_dest_check = true;
    }
}

static int refer(struct vw_world *world, enum vw_object_kind kind, const char *id,
                 bool is_kept, uint32_t *ret_index)
{
    struct vw_table *table = &world->tables[kind];
    struct vw_object *object;
    const char *copy;
    int error;

    if (vw_world_find(world, kind, id, ret_index))
        return 0;
    if (table->count == table->capacity) {
        error = grow(table);
        if (error)
            return error;
    }
    copy = is_kept ? id : vw_arena_string(&world->arena, id);
    if (!copy || vw_map_put(&world->ids[kind], copy, table->count))
        return VW_ERROR_NO_MEMORY;
    object = item(table, table->count);
    memset(object, 0, table->size);
    object->id = copy;
    object->kind = kind;
    *ret_index = table->count++;
    clear_references(kind, object);
    return 0;
}

int vw_world_refer(struct vw_world *world, enum vw_object_kind kind, const char *id,
                   uint32_t *ret_index)
{
    return refer(world, kind, id, false, ret_index);
}

int vw_world_refer_kept(struct vw_world *world, enum vw_object_kind kind, const char *id,
                        uint32_t *ret_index)
{
    return refer(world, kind, id, true, ret_index);
}

bool vw_world_find(const struct vw_world *world, enum vw_object_kind kind, const char *id,
                   uint32_t *ret_index)
{
    return vw_map_get(&world->ids[kind], id, ret_index);
}

#define VW_X(suffix, name, noun, key, command)                                           \
    struct vw_##name *vw_world_edit_##name(struct vw_world *world, uint32_t index)       \
    {                                                                                    \
        return (struct vw_##name *)item(&world->tables[VW_OBJECT_##suffix], index);      \
    }
VW_OBJECT_LIST(VW_X)
#undef VW_X

static int copy_network(struct vw_arena *arena, const struct vw_customer_network *network,
                        struct vw_customer_network *ret)
{
    *ret = *network;
    ret->name = vw_arena_string(arena, network->name);
    ret->prefixes = vw_arena_array(arena, network->prefix_count, sizeof *ret->prefixes);
    if (!ret->name || !ret->prefixes)
        return VW_ERROR_NO_MEMORY;
    if (network->prefix_count > 0)
        memcpy(ret->prefixes, network->prefixes,
               network->prefix_count * sizeof *ret->prefixes);
    if (network->via)
        ret->via = vw_arena_string(arena, network->via);
    if (network->source.file)
        ret->source.file = vw_arena_string(arena, network->source.file);
    if (network->source.pointer)
        ret->source.pointer = vw_arena_string(arena, network->source.pointer);
    return (network->via && !ret->via) || (network->source.file && !ret->source.file) ||
                   (network->source.pointer && !ret->source.pointer)
               ? VW_ERROR_NO_MEMORY
               : 0;
}

int vw_world_declare_networks(struct vw_world *world,
                              const struct vw_customer_network *networks, size_t count)
{
    struct vw_customer_network *all =
        vw_arena_array(&world->arena, world->network_count + count, sizeof *all);
    size_t i;
    int error = 0;

    if (!all)
        return VW_ERROR_NO_MEMORY;
    if (world->network_count > 0)
        memcpy(all, world->networks, world->network_count * sizeof *all);
    for (i = 0; i < count && !error; i++)
        error = copy_network(&world->arena, &networks[i], &all[world->network_count + i]);
    if (error)
        return error;
    world->networks = all;
    world->network_count += count;
    return 0;
}
