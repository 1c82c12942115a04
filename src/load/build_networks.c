/* VPCs, subnets, gateways, peerings, prefix lists, flow logs. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

static int build_vpc(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_vpc_record *record = item->record;
    struct vw_vpc *vpc;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_VPC, item, &index);

    if (error)
        return error;
    vpc = vw_world_edit_vpc(loader->world, index);
    vw_build_head(loader, item, &vpc->object, record->name, NULL);
    vpc->block_public_access = (enum vw_block_mode)record->block_mode;
    return vw_build_cidrs(loader->world, &record->cidr, &record->ipv4, &record->ipv6,
                          &vpc->cidrs, &vpc->cidr_count);
}

static int build_subnet(struct vw_loader *loader, const struct vw_item *item)
{
    static const struct vw_list none;
    const struct vw_subnet_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_subnet *subnet;
    const char *region;
    uint32_t index, vpc;
    int error = vw_build_start(loader, VW_OBJECT_SUBNET, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (!error)
        error = vw_region_of_arn(loader->world, record->arn, &region);
    if (error)
        return error;
    subnet = vw_world_edit_subnet(loader->world, index);
    vw_build_head(loader, item, &subnet->object, record->name, region);
    subnet->vpc = vpc;
    subnet->zone = record->zone;
    subnet->zone_id = record->zone_id;
    subnet->block_public_access = (enum vw_block_mode)record->block_mode;
    return vw_build_cidrs(loader->world, &record->cidr, &none, &record->ipv6,
                          &subnet->cidrs, &subnet->cidr_count);
}

/* "available" is what AWS says of an internet gateway; "attached" of the other kind. */
static const char *attached_vpc(const struct vw_gateway_record *record,
                                const char **ret_pointer)
{
    const struct vw_id_record *attachments = record->attachments.items;
    size_t i;

    for (i = 0; i < record->attachments.count; i++) {
        const char *state = attachments[i].state;

        *ret_pointer = attachments[i].pointer;
        if (!state || strcmp(state, "available") == 0 || strcmp(state, "attached") == 0)
            return attachments[i].id;
    }
    return NULL;
}

static int build_gateway(struct vw_loader *loader, const struct vw_item *item,
                         enum vw_object_kind kind)
{
    const struct vw_gateway_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    const char *vpc_id = attached_vpc(record, &referrer.pointer);
    uint32_t index, vpc;
    int error = vw_build_start(loader, kind, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, vpc_id, &vpc);
    if (error)
        return error;
    if (kind == VW_OBJECT_INTERNET_GATEWAY) {
        struct vw_internet_gateway *gateway =
            vw_world_edit_internet_gateway(loader->world, index);
        vw_build_head(loader, item, &gateway->object, record->name, NULL);
        gateway->vpc = vpc;
    } else {
        struct vw_egress_only_gateway *gateway =
            vw_world_edit_egress_only_gateway(loader->world, index);
        vw_build_head(loader, item, &gateway->object, record->name, NULL);
        gateway->vpc = vpc;
    }
    return 0;
}

static int build_internet_gateway(struct vw_loader *loader, const struct vw_item *item)
{
    return build_gateway(loader, item, VW_OBJECT_INTERNET_GATEWAY);
}

static int build_egress_only(struct vw_loader *loader, const struct vw_item *item)
{
    return build_gateway(loader, item, VW_OBJECT_EGRESS_ONLY_GATEWAY);
}

/* The VPC of a side may be another account's: that it is not exported is no fault. */
static int build_side(struct vw_loader *loader, const struct vw_item *item,
                      const struct vw_side_record *record, struct vw_peering_side *ret)
{
    struct vw_referrer referrer = {loader, item, NULL, NULL, true};
    struct vw_peering_side side = {.account = record->account, .region = record->region};
    int error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &side.vpc);

    if (!error)
        error = vw_build_cidrs(loader->world, &record->cidr, &record->ipv4, &record->ipv6,
                               &side.cidrs, &side.cidr_count);
    if (!error)
        *ret = side;
    return error;
}

static int build_peering(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_peering_record *record = item->record;
    struct vw_peering_side requester = {.vpc = VW_NONE}, accepter = {.vpc = VW_NONE};
    struct vw_peering *peering;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_PEERING, item, &index);

    if (!error)
        error = build_side(loader, item, &record->requester, &requester);
    if (!error)
        error = build_side(loader, item, &record->accepter, &accepter);
    if (error)
        return error;
    peering = vw_world_edit_peering(loader->world, index);
    vw_build_head(loader, item, &peering->object, record->name, NULL);
    peering->state = record->state;
    peering->requester = requester;
    peering->accepter = accepter;
    return 0;
}

static int build_prefix_list(struct vw_loader *loader, const struct vw_item *item)
{
    static const struct vw_prefix none;
    const struct vw_prefix_list_record *record = item->record;
    const struct vw_list *entries =
        record->entries.count > 0 ? &record->entries : &record->cidrs;
    static const struct vw_list empty;
    struct vw_prefix_list *list;
    const char *region;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_PREFIX_LIST, item, &index);

    if (!error)
        error = vw_region_of_arn(loader->world, record->arn, &region);
    if (error)
        return error;
    list = vw_world_edit_prefix_list(loader->world, index);
    vw_build_head(loader, item, &list->object,
                  record->name ? record->name : record->list_name, region);
    list->entries_known = record->has_entries == VW_FLAG_YES && !item->is_incomplete;
    return vw_build_cidrs(loader->world, &none, entries, &empty, &list->prefixes,
                          &list->prefix_count);
}

static int build_flow_log(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_flow_log_record *record = item->record;
    struct vw_flow_log *log;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_FLOW_LOG, item, &index);

    if (error)
        return error;
    log = vw_world_edit_flow_log(loader->world, index);
    vw_build_head(loader, item, &log->object, record->name, NULL);
    log->resource_id = record->resource;
    log->traffic_type = record->traffic;
    log->log_format = record->format;
    log->status = record->status;
    log->interval = record->interval.value;
    log->destination_type = record->destination_type;
    log->destination = record->destination;
    log->group_name = record->group_name;
    log->role = record->role;
    log->cross_role = record->cross_role;
    log->delivery_status = record->delivery_status;
    log->delivery_error = record->delivery_error;
    log->has_hive_prefixes = record->hive_prefixes == VW_FLAG_YES;
    return 0;
}

static int build_block_options(struct vw_loader *loader)
{
    struct vw_world *world = loader->world;
    size_t i;

    world->block_options =
        vw_arena_array(&world->arena, loader->blocks.count, sizeof *world->block_options);
    if (!world->block_options)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < loader->blocks.count; i++) {
        const struct vw_item *item = &loader->blocks.items[i];
        const struct vw_export *file = &loader->files.items[item->file];
        const struct vw_block_record *record = item->record;

        world->block_options[i] =
            (struct vw_block_options){record->account ? record->account : file->account,
                                      record->region ? record->region : file->region,
                                      (enum vw_block_mode)record->mode,
                                      vw_item_source(loader, item, record->pointer)};
    }
    world->block_options_count = loader->blocks.count;
    return 0;
}

/* Whether an exclusion counts, and whether what it says is in force already. */
static bool is_excluding(const char *state, bool *ret_settled)
{
    static const char *const settled[] = {"create-complete", "update-complete"};
    static const char *const moving[] = {"create-in-progress", "update-in-progress",
                                         "update-failed", "disable-in-progress",
                                         "delete-in-progress"};
    size_t i;

    *ret_settled = true;
    for (i = 0; i < sizeof settled / sizeof *settled; i++)
        if (!state || strcmp(state, settled[i]) == 0)
            return true;
    *ret_settled = false;
    for (i = 0; i < sizeof moving / sizeof *moving; i++)
        if (strcmp(state, moving[i]) == 0)
            return true;
    return false;
}

/* ResourceArn ends in ":vpc/vpc-..." or ":subnet/subnet-...". */
static int build_exclusions(struct vw_loader *loader)
{
    const struct vw_items *items = &loader->parts[VW_PART_EXCLUSIONS];
    struct vw_world *world = loader->world;
    size_t i;

    world->block_exclusions =
        vw_arena_array(&world->arena, items->count, sizeof *world->block_exclusions);
    if (!world->block_exclusions)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < items->count; i++) {
        const struct vw_exclusion_record *record = items->items[i].record;
        const char *slash = record->arn ? strrchr(record->arn, '/') : NULL;
        struct vw_block_exclusion exclusion = {
            .resource_id = slash ? slash + 1 : record->arn,
            .egress_only = record->mode == VW_WORD_ALLOW_EGRESS,
            .source = vw_item_source(loader, &items->items[i], record->pointer)};

        if (!record->arn || !is_excluding(record->state, &exclusion.is_settled))
            continue;
        exclusion.is_settled &= !items->items[i].is_incomplete;
        world->block_exclusions[world->block_exclusion_count++] = exclusion;
    }
    world->block_exclusions_exported = loader->is_part_seen[VW_PART_EXCLUSIONS] &&
                                       !loader->has_lost_part[VW_PART_EXCLUSIONS];
    return 0;
}

int vw_build_networks(struct vw_loader *loader)
{
    static const struct {
        enum vw_object_kind kind;
        int (*build)(struct vw_loader *loader, const struct vw_item *item);
    } rows[] = {
        {VW_OBJECT_VPC, build_vpc},
        {VW_OBJECT_SUBNET, build_subnet},
        {VW_OBJECT_INTERNET_GATEWAY, build_internet_gateway},
        {VW_OBJECT_EGRESS_ONLY_GATEWAY, build_egress_only},
        {VW_OBJECT_PEERING, build_peering},
        {VW_OBJECT_PREFIX_LIST, build_prefix_list},
        {VW_OBJECT_FLOW_LOG, build_flow_log},
    };
    size_t i, j;
    int error = 0;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct vw_items *items = &loader->items[rows[i].kind];

        for (j = 0; j < items->count && !error; j++)
            error = rows[i].build(loader, &items->items[j]);
    }
    if (!error)
        error = build_block_options(loader);
    return error ? error : build_exclusions(loader);
}
