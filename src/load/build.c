/* What the builders of all kinds share; see build.h. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

static int mention_of(struct vw_loader *loader, enum vw_object_kind kind, uint32_t index,
                      struct vw_mention **ret)
{
    struct mentions *mentions = &loader->mentions[kind];
    struct vw_mention none = {0};

    while (mentions->count <= index)
        if (vw_array_push(mentions, none))
            return VW_ERROR_NO_MEMORY;
    *ret = &mentions->items[index];
    return 0;
}

int vw_refer(const struct vw_referrer *referrer, enum vw_object_kind kind, const char *id,
             uint32_t *ret_index)
{
    struct vw_loader *loader = referrer->loader;
    const struct vw_item *item = referrer->item;
    struct vw_mention *mention;
    uint32_t index;
    int error;

    if (!id) {
        *ret_index = VW_NONE;
        return 0;
    }
    error = vw_world_refer(loader->world, kind, id, &index);
    if (!error)
        error = mention_of(loader, kind, index, &mention);
    if (error)
        return error;
    if (!referrer->is_quiet && !mention->is_wanted) {
        mention->is_wanted = true;
        mention->source = vw_item_source(
            loader, item, referrer->pointer ? referrer->pointer : vw_item_pointer(item));
        mention->account = item->account;
        mention->role = referrer->role;
    }
    *ret_index = index;
    return 0;
}

int vw_build_start(struct vw_loader *loader, enum vw_object_kind kind,
                   const struct vw_item *item, uint32_t *ret_index)
{
    struct vw_mention *mention;
    int error = vw_world_refer_kept(loader->world, kind, item->id, ret_index);

    if (!error)
        error = mention_of(loader, kind, *ret_index, &mention);
    if (!error)
        mention->is_built = true;
    return error;
}

void vw_build_head(struct vw_loader *loader, const struct vw_item *item,
                   struct vw_object *object, const char *name, const char *region)
{
    object->source = vw_item_source(loader, item, vw_item_pointer(item));
    object->name = name;
    object->account =
        item->account ? item->account : loader->files.items[item->file].account;
    object->region = region;
    object->exported = !item->is_incomplete;
}

static size_t add_cidrs(const struct vw_list *list, struct vw_prefix *cidrs)
{
    const struct vw_cidr_record *records = list->items;
    size_t count = 0, i;

    for (i = 0; i < list->count; i++)
        if (!records[i].state || strcmp(records[i].state, "associated") == 0)
            cidrs[count++] = records[i].prefix;
    return count;
}

int vw_build_cidrs(struct vw_world *world, const struct vw_prefix *lone,
                   const struct vw_list *ipv4, const struct vw_list *ipv6,
                   struct vw_prefix **ret_cidrs, size_t *ret_count)
{
    struct vw_prefix *cidrs =
        vw_arena_array(&world->arena, ipv4->count + ipv6->count + 1, sizeof *cidrs);
    size_t count;

    if (!cidrs)
        return VW_ERROR_NO_MEMORY;
    count = add_cidrs(ipv4, cidrs);
    if (ipv4->count == 0 && lone->address.family != VW_FAMILY_NONE)
        cidrs[count++] = *lone;
    count += add_cidrs(ipv6, cidrs + count);
    *ret_cidrs = cidrs;
    *ret_count = count;
    return 0;
}

/* arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE, counted from 0. */
static int field_of_arn(struct vw_world *world, const char *arn, int field,
                        const char **ret)
{
    const char *start = arn;
    int colons;

    *ret = NULL;
    for (colons = 0; start && colons < field; colons++) {
        start = strchr(start, ':');
        start = start ? start + 1 : NULL;
    }
    if (!start || strcspn(start, ":") == 0)
        return 0;
    *ret = vw_arena_copy(&world->arena, start, strcspn(start, ":"));
    return *ret ? 0 : VW_ERROR_NO_MEMORY;
}

int vw_region_of_arn(struct vw_world *world, const char *arn, const char **ret)
{
    return field_of_arn(world, arn, 3, ret);
}

int vw_account_of_arn(struct vw_world *world, const char *arn, const char **ret)
{
    return field_of_arn(world, arn, 4, ret);
}

int vw_refer_each(struct vw_referrer *referrer, enum vw_object_kind kind,
                  const struct vw_list *list, uint32_t *ret_indexes)
{
    const struct vw_id_record *records = list->items;
    size_t i;
    int error = 0;

    for (i = 0; i < list->count && !error; i++) {
        referrer->pointer = records[i].pointer;
        error = vw_refer(referrer, kind, records[i].id, &ret_indexes[i]);
    }
    return error;
}

int vw_refer_list(struct vw_referrer *referrer, enum vw_object_kind kind,
                  const struct vw_list *list, uint32_t **ret_indexes)
{
    struct vw_world *world = referrer->loader->world;
    uint32_t *indexes = vw_arena_array(&world->arena, list->count, sizeof *indexes);
    int error =
        indexes ? vw_refer_each(referrer, kind, list, indexes) : VW_ERROR_NO_MEMORY;

    if (!error)
        *ret_indexes = indexes;
    return error;
}

int vw_build_each(struct vw_loader *loader, enum vw_object_kind kind,
                  int (*build)(struct vw_loader *loader, const struct vw_item *item))
{
    const struct vw_items *items = &loader->items[kind];
    size_t i;
    int error = 0;

    for (i = 0; i < items->count && !error; i++)
        error = build(loader, &items->items[i]);
    return error;
}
