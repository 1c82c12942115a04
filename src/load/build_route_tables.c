/* Route tables: routes, and the subnets and gateways they are associated with. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

/* A route names its target in the member of its kind; some name two (an instance and its
 * interface), so the more exact one stands first. */
static const char *target_of(const struct vw_route_record *record)
{
    const char *const ids[] = {record->gateway,      record->egress_only, record->peering,
                               record->interface,    record->instance,    record->nat,
                               record->transit,      record->local,       record->carrier,
                               record->core_network, record->odb_network};
    size_t i;

    for (i = 0; i < sizeof ids / sizeof *ids; i++)
        if (ids[i])
            return ids[i];
    return NULL;
}

static enum vw_route_origin origin_of(const struct vw_route_record *record,
                                      enum vw_target_kind target)
{
    if (record->origin == VW_WORD_PROPAGATED || record->origin == VW_WORD_ADVERTISED)
        return VW_ORIGIN_PROPAGATED;
    if (record->prefix_list)
        return VW_ORIGIN_PREFIX_LIST;
    if (record->origin == VW_WORD_CREATE_TABLE ||
        (record->origin == 0 && target == VW_TARGET_LOCAL))
        return VW_ORIGIN_LOCAL;
    return VW_ORIGIN_STATIC;
}

static enum vw_route_state state_of(const struct vw_route_record *record)
{
    if (record->state == VW_WORD_BLACKHOLE)
        return VW_ROUTE_BLACKHOLE;
    return record->state == VW_WORD_FILTERED ? VW_ROUTE_FILTERED : VW_ROUTE_ACTIVE;
}

/* A blackhole's target is gone, as a rule: that it is missing is no gap. */
static int build_route(struct vw_loader *loader, const struct vw_item *item,
                       const struct vw_route_record *record, struct vw_route *ret)
{
    struct vw_referrer list = {loader, item, record->pointer, "destination", false};
    struct vw_referrer target = {loader, item, record->pointer, "target",
                                 record->state == VW_WORD_BLACKHOLE};
    struct vw_route route = {.prefix_list = VW_NONE, .target = VW_NONE};
    enum vw_object_kind kind;
    int error =
        vw_refer(&list, VW_OBJECT_PREFIX_LIST, record->prefix_list, &route.prefix_list);

    route.destination =
        record->ipv4.address.family != VW_FAMILY_NONE ? record->ipv4 : record->ipv6;
    route.target_id = target_of(record);
    route.target_kind = route.target_id && route.target_id != record->odb_network
                            ? vw_target_kind_of(route.target_id)
                            : VW_TARGET_OTHER;
    if (!route.target_id) {
        route.target_id = "(none)";
        vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "missing-field",
                    (struct vw_place){.file = loader->files.items[item->file].path,
                                      .pointer = record->pointer},
                    "route names no target that is known here; where it decides, the "
                    "verdict is unknown");
    }
    if (!error && vw_target_object(route.target_kind, &kind))
        error = vw_refer(&target, kind, route.target_id, &route.target);
    route.state = state_of(record);
    route.origin = origin_of(record, route.target_kind);
    route.source = vw_item_source(loader, item, record->pointer);
    if (!error)
        *ret = route;
    return error;
}

static int build_routes(struct vw_loader *loader, const struct vw_item *item,
                        struct vw_route **ret_routes)
{
    const struct vw_route_table_record *record = item->record;
    const struct vw_route_record *records = record->routes.items;
    struct vw_route *routes =
        vw_arena_array(&loader->world->arena, record->routes.count, sizeof *routes);
    size_t i;

    if (!routes)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < record->routes.count; i++) {
        int error = build_route(loader, item, &records[i], &routes[i]);
        if (error)
            return error;
    }
    *ret_routes = routes;
    return 0;
}

static int associate(struct vw_loader *loader, const struct vw_item *item,
                     const struct vw_association_record *record, uint32_t index)
{
    struct vw_referrer referrer = {loader, item, record->pointer, NULL, false};
    struct vw_route_table *table;
    uint32_t subnet;
    int error;

    if (record->state && strcmp(record->state, "associated") != 0)
        return 0;
    error = vw_refer(&referrer, VW_OBJECT_SUBNET, record->subnet, &subnet);
    if (error)
        return error;
    table = vw_world_edit_route_table(loader->world, index);
    if (subnet != VW_NONE) {
        vw_world_edit_subnet(loader->world, subnet)->route_table = index;
        vw_world_edit_subnet(loader->world, subnet)->route_table_association = record->id;
    }
    if (record->gateway)
        table->gateway_id = record->gateway;
    if (record->main == VW_FLAG_YES) {
        table->main = true;
        table->main_source = vw_item_source(loader, item, record->pointer);
    }
    return 0;
}

static int build_route_table(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_route_table_record *record = item->record;
    const struct vw_association_record *associations = record->associations.items;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_route_table *table;
    struct vw_route *routes;
    uint32_t index, vpc;
    size_t i;
    int error = vw_build_start(loader, VW_OBJECT_ROUTE_TABLE, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (!error)
        error = build_routes(loader, item, &routes);
    if (error)
        return error;
    table = vw_world_edit_route_table(loader->world, index);
    vw_build_head(loader, item, &table->object, record->name, NULL);
    table->vpc = vpc;
    table->routes = routes;
    table->route_count = record->routes.count;
    for (i = 0; i < record->associations.count && !error; i++)
        error = associate(loader, item, &associations[i], index);
    return error;
}

int vw_build_route_tables(struct vw_loader *loader)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_ROUTE_TABLE];
    size_t i;
    int error = 0;

    for (i = 0; i < items->count && !error; i++)
        error = build_route_table(loader, &items->items[i]);
    return error;
}
