/* Tables of objects by kind, found by id; see world.h. */
#include "world/world.h"

#include "base/array.h"
#include "base/memory.h"
#include "world/index.h"

#include <string.h>

/* More objects of one kind than any account can have. */
#define VW_OBJECTS_MAX 50000000u

static const size_t sizes[] = {
#define VW_X(suffix, name, noun, key, command) sizeof(struct vw_##name),
    VW_OBJECT_LIST(VW_X)
#undef VW_X
};

/* One column a target: the prefix of its ids, and what it is called. */
struct target_row {
    const char *prefix, *noun;
};

static const struct target_row targets[] = {
#define VW_X(name, prefix, noun) {prefix, noun},
    VW_TARGET_LIST(VW_X)
#undef VW_X
};

const char *vw_target_noun(enum vw_target_kind kind)
{
    return targets[kind].noun;
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

/* Every reference of a new object points nowhere, as 0 would be the first object. */
static void clear_references(struct vw_world *world, enum vw_object_kind kind,
                             uint32_t index)
{
    if (kind == VW_OBJECT_VPC) {
        struct vw_vpc *vpc = vw_world_edit_vpc(world, index);
        vpc->main_route_table = VW_NONE;
        vpc->internet_gateway = VW_NONE;
        vpc->egress_only_gateway = VW_NONE;
    } else if (kind == VW_OBJECT_SUBNET) {
        struct vw_subnet *subnet = vw_world_edit_subnet(world, index);
        subnet->vpc = VW_NONE;
        subnet->route_table = VW_NONE;
        subnet->network_acl = VW_NONE;
    } else if (kind == VW_OBJECT_ROUTE_TABLE) {
        vw_world_edit_route_table(world, index)->vpc = VW_NONE;
    } else if (kind == VW_OBJECT_SECURITY_GROUP) {
        vw_world_edit_security_group(world, index)->vpc = VW_NONE;
    } else if (kind == VW_OBJECT_NETWORK_ACL) {
        vw_world_edit_network_acl(world, index)->vpc = VW_NONE;
    } else if (kind == VW_OBJECT_INTERFACE) {
        struct vw_interface *interface = vw_world_edit_interface(world, index);
        interface->vpc = VW_NONE;
        interface->subnet = VW_NONE;
        interface->instance = VW_NONE;
        interface->device_index = -1;
        interface->source_dest_check = true;
    } else if (kind == VW_OBJECT_PEERING) {
        struct vw_peering *peering = vw_world_edit_peering(world, index);
        peering->requester.vpc = VW_NONE;
        peering->accepter.vpc = VW_NONE;
    } else if (kind == VW_OBJECT_INTERNET_GATEWAY) {
        vw_world_edit_internet_gateway(world, index)->vpc = VW_NONE;
    } else if (kind == VW_OBJECT_EGRESS_ONLY_GATEWAY) {
        vw_world_edit_egress_only_gateway(world, index)->vpc = VW_NONE;
    } else if (kind == VW_OBJECT_ELASTIC_ADDRESS) {
        vw_world_edit_elastic_address(world, index)->interface = VW_NONE;
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
    clear_references(world, kind, *ret_index);
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
