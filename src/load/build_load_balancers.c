/*
 * Load balancers with their listeners and target groups. Calls whose output names no ARN
 * are matched by its end, which stands in the file's name (parts.c).
 */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/records_services.h"

/* ---- what ARNs say ---- */

/* The account and the Region of an object that prints neither. */
static int head_by_arn(struct vw_loader *loader, const struct vw_item *item,
                       struct vw_object *object, const char *name)
{
    const char *region, *account;
    int error = vw_region_of_arn(loader->world, item->id, &region);

    if (!error)
        error = vw_account_of_arn(loader->world, item->id, &account);
    if (error)
        return error;
    vw_build_head(loader, item, object, name, region);
    if (account)
        object->account = account;
    return 0;
}

/* "targetgroup/NAME/HASH" of an ARN. */
static const char *end_of_arn(const char *arn)
{
    const char *colon = strrchr(arn, ':');

    return colon ? colon + 1 : arn;
}

/* Objects of a kind by the end of their ARN. */
static int map_ends(const struct vw_world *world, enum vw_object_kind kind,
                    struct vw_map *map)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, kind); i++)
        if (vw_map_put(map, end_of_arn(vw_world_object(world, kind, i)->id), i))
            return VW_ERROR_NO_MEMORY;
    return 0;
}

/* Calls `use` for each part that is told of an exported object of `kind`. */
static int use_parts(struct vw_loader *loader, enum vw_part part,
                     enum vw_object_kind kind,
                     int (*use)(struct vw_loader *loader, const struct vw_item *item,
                                uint32_t index))
{
    const struct vw_items *items = &loader->parts[part];
    struct vw_map map = {0};
    uint32_t index;
    size_t i;
    int error = map_ends(loader->world, kind, &map);

    for (i = 0; i < items->count && !error; i++)
        if (vw_map_get(&map, end_of_arn(items->items[i].id), &index))
            error = use(loader, &items->items[i], index);
    vw_map_free(&map);
    return error;
}

/* ---- load balancers ---- */

static enum vw_balancer_type balancer_type(const char *type)
{
    if (vw_text_is(type, "network"))
        return VW_BALANCER_NETWORK;
    if (vw_text_is(type, "application"))
        return VW_BALANCER_APPLICATION;
    return vw_text_is(type, "gateway") ? VW_BALANCER_GATEWAY : VW_BALANCER_OTHER;
}

static int build_zones(struct vw_referrer *referrer, const struct vw_list *list,
                       struct vw_balancer_zone **ret)
{
    const struct vw_balancer_zone_record *records = list->items;
    struct vw_balancer_zone *zones =
        vw_arena_array(&referrer->loader->world->arena, list->count, sizeof *zones);
    size_t i;
    int error = zones ? 0 : VW_ERROR_NO_MEMORY;

    for (i = 0; i < list->count && !error; i++) {
        referrer->pointer = records[i].pointer;
        zones[i].zone = records[i].zone;
        error = vw_refer(referrer, VW_OBJECT_SUBNET, records[i].subnet, &zones[i].subnet);
    }
    if (!error)
        *ret = zones;
    return error;
}

static int build_balancer(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_balancer_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_load_balancer *balancer;
    struct vw_balancer_zone *zones;
    uint32_t index, vpc, *groups;
    int error = vw_build_start(loader, VW_OBJECT_LOAD_BALANCER, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (!error)
        error = build_zones(&referrer, &record->zones, &zones);
    if (!error)
        error =
            vw_refer_list(&referrer, VW_OBJECT_SECURITY_GROUP, &record->groups, &groups);
    if (error)
        return error;
    balancer = vw_world_edit_load_balancer(loader->world, index);
    balancer->type = balancer_type(record->type);
    balancer->internet_facing = record->scheme == VW_WORD_INTERNET_FACING;
    balancer->state = record->state;
    balancer->vpc = vpc;
    balancer->zones = zones;
    balancer->zone_count = record->zones.count;
    balancer->groups = groups;
    balancer->group_count = record->groups.count;
    return head_by_arn(loader, item, &balancer->object, record->name);
}

/* ---- listeners ---- */

struct groups VW_ARRAY(uint32_t);

static int add_group(struct vw_referrer *referrer, const char *id, struct groups *groups)
{
    uint32_t index;
    size_t i;
    int error = vw_refer(referrer, VW_OBJECT_TARGET_GROUP, id, &index);

    if (error || index == VW_NONE)
        return error;
    for (i = 0; i < groups->count; i++)
        if (groups->items[i] == index)
            return 0;
    return vw_array_push(groups, index);
}

/* TargetGroupArn is printed where there is one group, and stands in ForwardConfig too. */
static int add_groups(struct vw_referrer *referrer, const struct vw_list *actions,
                      struct groups *groups, bool *answers_itself)
{
    const struct vw_action_record *records = actions->items;
    size_t i, j;
    int error = 0;

    for (i = 0; i < actions->count && !error; i++) {
        const struct vw_id_record *forward = records[i].groups.items;

        *answers_itself |= vw_text_is(records[i].type, "redirect") ||
                           vw_text_is(records[i].type, "fixed-response");
        referrer->pointer = records[i].pointer;
        error = add_group(referrer, records[i].group, groups);
        for (j = 0; j < records[i].groups.count && !error; j++)
            error = add_group(referrer, forward[j].id, groups);
    }
    return error;
}

/* Adds the target groups of `actions` to those that the listener has. */
static int forward(struct vw_referrer *referrer, const struct vw_list *actions,
                   uint32_t index)
{
    struct vw_world *world = referrer->loader->world;
    struct vw_listener *listener = vw_world_edit_listener(world, index);
    struct groups groups = {0};
    uint32_t *kept;
    size_t i;
    int error = 0;

    for (i = 0; i < listener->target_group_count && !error; i++)
        error = vw_array_push(&groups, listener->target_groups[i]);
    if (!error)
        error = add_groups(referrer, actions, &groups, &listener->answers_itself);
    kept = vw_arena_array(&world->arena, groups.count, sizeof *kept);
    if (!error && !kept)
        error = VW_ERROR_NO_MEMORY;
    if (!error && groups.count > 0) {
        memcpy(kept, groups.items, groups.count * sizeof *kept);
        listener->target_groups = kept;
        listener->target_group_count = groups.count;
    }
    vw_array_free(&groups);
    return error;
}

static int build_listener(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_listener_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_listener *listener;
    uint32_t index, balancer;
    int error = vw_build_start(loader, VW_OBJECT_LISTENER, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_LOAD_BALANCER, record->balancer, &balancer);
    if (error)
        return error;
    listener = vw_world_edit_listener(loader->world, index);
    listener->load_balancer = balancer;
    listener->port = (uint16_t)record->port.value;
    listener->protocol = record->protocol;
    if (balancer != VW_NONE)
        vw_world_edit_load_balancer(loader->world, balancer)->listeners_exported = true;
    error = head_by_arn(loader, item, &listener->object, NULL);
    return error ? error : forward(&referrer, &record->actions, index);
}

static int use_listener_list(struct vw_loader *loader, const struct vw_item *item,
                             uint32_t index)
{
    (void)item;
    vw_world_edit_load_balancer(loader->world, index)->listeners_exported = true;
    return 0;
}

/* "...:listener-rule/app/NAME/HASH/LISTENER/RULE" is of ".../LISTENER". */
static int listener_of_rule(struct vw_loader *loader, const char *arn, const char **ret)
{
    static const char rule[] = ":listener-rule/";
    const char *start = strstr(arn, rule), *last = strrchr(arn, '/');

    if (!start || last < start + strlen(rule)) {
        *ret = NULL;
        return 0;
    }
    *ret =
        vw_arena_printf(&loader->scratch, "%.*s:listener/%.*s", (int)(start - arn), arn,
                        (int)(last - start - (long)strlen(rule)), start + strlen(rule));
    return *ret ? 0 : VW_ERROR_NO_MEMORY;
}

static int use_rule(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_listener_rule_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    const char *id;
    uint32_t index;
    int error = listener_of_rule(loader, item->id, &id);

    if (error || !id || !vw_world_find(loader->world, VW_OBJECT_LISTENER, id, &index))
        return error;
    if (item->is_incomplete)
        vw_world_edit_listener(loader->world, index)->object.exported = false;
    return forward(&referrer, &record->actions, index);
}

/* ---- target groups ---- */

static int build_target_group(struct vw_loader *loader, const struct vw_item *item)
{
    static const enum vw_target_type types[] = {VW_TARGETS_INSTANCE, VW_TARGETS_INSTANCE,
                                                VW_TARGETS_IP, VW_TARGETS_LAMBDA,
                                                VW_TARGETS_BALANCER};
    const struct vw_target_group_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_target_group *group;
    uint32_t index, vpc;
    int error = vw_build_start(loader, VW_OBJECT_TARGET_GROUP, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (error)
        return error;
    group = vw_world_edit_target_group(loader->world, index);
    group->type = types[record->type];
    group->protocol = record->protocol;
    group->port = (uint16_t)record->port.value;
    group->vpc = vpc;
    return head_by_arn(loader, item, &group->object, record->name);
}

static int build_target(struct vw_loader *loader, const struct vw_item *item,
                        const struct vw_health_record *record, enum vw_target_type type,
                        struct vw_target *ret)
{
    /* What takes no traffic may be gone by now. */
    bool is_idle =
        vw_text_is(record->health, "unused") || vw_text_is(record->health, "draining");
    struct vw_referrer referrer = {loader, item, record->pointer, "target", is_idle};
    int error = 0;

    ret->id = record->id;
    ret->instance = VW_NONE;
    ret->load_balancer = VW_NONE;
    ret->port = (uint16_t)record->port.value;
    ret->zone = record->zone;
    ret->health = record->health;
    ret->source = vw_item_source(loader, item, record->pointer);
    if (type == VW_TARGETS_IP)
        vw_address_parse(record->id, strlen(record->id), &ret->address);
    else if (type == VW_TARGETS_INSTANCE)
        error = vw_refer(&referrer, VW_OBJECT_INSTANCE, record->id, &ret->instance);
    else if (type == VW_TARGETS_BALANCER)
        error =
            vw_refer(&referrer, VW_OBJECT_LOAD_BALANCER, record->id, &ret->load_balancer);
    return error;
}

/* Of several copies the first counts: health is that of a moment. */
static int use_health(struct vw_loader *loader, const struct vw_item *item,
                      uint32_t index)
{
    const struct vw_balancer_part_record *record = item->record;
    const struct vw_health_record *records = record->items.items;
    struct vw_target_group *group = vw_world_edit_target_group(loader->world, index);
    size_t i;
    int error = 0;

    if (group->targets_exported || item->is_incomplete)
        return 0;
    group->targets = vw_arena_array(&loader->world->arena, record->items.count,
                                    sizeof *group->targets);
    if (!group->targets)
        return VW_ERROR_NO_MEMORY;
    group->target_count = record->items.count;
    group->targets_exported = true;
    for (i = 0; i < record->items.count && !error; i++)
        error = build_target(loader, item, &records[i], group->type, &group->targets[i]);
    return error;
}

/* ---- attributes ---- */

static enum vw_setting setting(const struct vw_balancer_part_record *record,
                               const char *key)
{
    const struct vw_attribute_record *attributes = record->items.items;
    size_t i;

    for (i = 0; i < record->items.count; i++) {
        if (!vw_text_is(attributes[i].key, key))
            continue;
        if (vw_text_is(attributes[i].value, "true"))
            return VW_SETTING_ON;
        if (vw_text_is(attributes[i].value, "false"))
            return VW_SETTING_OFF;
    }
    return VW_SETTING_UNKNOWN;
}

static int use_balancer_attributes(struct vw_loader *loader, const struct vw_item *item,
                                   uint32_t index)
{
    vw_world_edit_load_balancer(loader->world, index)->cross_zone =
        setting(item->record, "load_balancing.cross_zone.enabled");
    return 0;
}

static int use_group_attributes(struct vw_loader *loader, const struct vw_item *item,
                                uint32_t index)
{
    struct vw_target_group *group = vw_world_edit_target_group(loader->world, index);

    group->preserve_client_ip = setting(item->record, "preserve_client_ip.enabled");
    group->cross_zone = setting(item->record, "load_balancing.cross_zone.enabled");
    return 0;
}

/* ---- all of them ---- */

/* What could not be read may be a listener of any load balancer. */
static void doubt_listeners(struct vw_loader *loader)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(loader->world, VW_OBJECT_LOAD_BALANCER); i++)
        if (loader->has_lost[VW_OBJECT_LISTENER])
            vw_world_edit_load_balancer(loader->world, i)->listeners_exported = false;
}

static int use_all_parts(struct vw_loader *loader)
{
    static const struct {
        enum vw_part part;
        enum vw_object_kind kind;
        int (*use)(struct vw_loader *loader, const struct vw_item *item, uint32_t index);
    } rows[] = {
        {VW_PART_LISTENER_LISTS, VW_OBJECT_LOAD_BALANCER, use_listener_list},
        {VW_PART_BALANCER_ATTRIBUTES, VW_OBJECT_LOAD_BALANCER, use_balancer_attributes},
        {VW_PART_GROUP_ATTRIBUTES, VW_OBJECT_TARGET_GROUP, use_group_attributes},
        {VW_PART_TARGET_HEALTH, VW_OBJECT_TARGET_GROUP, use_health},
    };
    size_t i;
    int error = 0;

    for (i = 0; i < sizeof rows / sizeof *rows && !error; i++)
        error = use_parts(loader, rows[i].part, rows[i].kind, rows[i].use);
    return error;
}

int vw_build_load_balancers(struct vw_loader *loader)
{
    const struct vw_items *rules = &loader->parts[VW_PART_LISTENER_RULES];
    size_t i;
    int error = vw_build_each(loader, VW_OBJECT_LOAD_BALANCER, build_balancer);

    if (!error)
        error = vw_build_each(loader, VW_OBJECT_TARGET_GROUP, build_target_group);
    if (!error)
        error = vw_build_each(loader, VW_OBJECT_LISTENER, build_listener);
    for (i = 0; i < rules->count && !error; i++)
        error = use_rule(loader, &rules->items[i]);
    if (!error)
        error = use_all_parts(loader);
    doubt_listeners(loader);
    return error;
}
