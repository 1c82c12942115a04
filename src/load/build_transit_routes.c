/*
 * What search-transit-gateway-routes and its like tell of transit gateway route tables.
 * Several outputs for one table add up. They name attachments by id; both sides of a
 * peering have one, so it is looked for at the table's gateway.
 */
#include "load/build_transit.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "base/address.h"
#include "load/build.h"

/* The wrapper of outputs that were filtered by type. */
#define STATIC_ROUTES "/TransitGatewayStaticRoutes"

/* ---- attachments by id ---- */

static int refer_attached(struct vw_referrer *referrer,
                          const struct vw_transit_table *table,
                          const struct vw_attached_record *record, uint32_t *ret)
{
    struct vw_world *world = referrer->loader->world;
    const char *key;

    if (!record->id || table->gateway == VW_NONE ||
        (record->resource_type && !vw_is_transit_peering(record->resource_type)))
        return vw_refer(referrer, VW_OBJECT_TRANSIT_ATTACHMENT, record->id, ret);
    key = vw_arena_printf(&referrer->loader->scratch, "%s@%s", record->id,
                          vw_world_transit_gateway(world, table->gateway)->object.id);
    if (!key)
        return VW_ERROR_NO_MEMORY;
    if (vw_world_find(world, VW_OBJECT_TRANSIT_ATTACHMENT, key, ret))
        return 0;
    return vw_refer(referrer, VW_OBJECT_TRANSIT_ATTACHMENT, record->id, ret);
}

/* ---- lists that grow ---- */

/* The lists of one table while they grow; they move to the world in the end. */
struct growing {
    struct growing_routes VW_ARRAY(struct vw_transit_route) routes;
    struct indexes VW_ARRAY(uint32_t) propagations;
};

struct tables {
    struct vw_loader *loader;
    struct growing *items;
    size_t count;
};

static int move_lists(struct vw_world *world, struct growing *growing,
                      struct vw_transit_table *table)
{
    table->routes =
        vw_arena_array(&world->arena, growing->routes.count, sizeof *table->routes);
    table->propagations = vw_arena_array(&world->arena, growing->propagations.count,
                                         sizeof *table->propagations);
    if (!table->routes || !table->propagations)
        return VW_ERROR_NO_MEMORY;
    if (growing->routes.count > 0)
        memcpy(table->routes, growing->routes.items,
               growing->routes.count * sizeof *table->routes);
    if (growing->propagations.count > 0)
        memcpy(table->propagations, growing->propagations.items,
               growing->propagations.count * sizeof *table->propagations);
    table->route_count = growing->routes.count;
    table->propagation_count = growing->propagations.count;
    return 0;
}

/* ---- routes ---- */

static bool same_route(const struct vw_transit_route *a, const struct vw_transit_route *b)
{
    return a->propagated == b->propagated && a->blackhole == b->blackhole &&
           a->prefix_list == b->prefix_list &&
           vw_prefix_equal(a->destination, b->destination) &&
           a->attachment_count == b->attachment_count &&
           (a->attachment_count == 0 ||
            memcmp(a->attachments, b->attachments,
                   a->attachment_count * sizeof *a->attachments) == 0);
}

/* Adds a route, unless one of the first `known` (of other outputs) is the same. */
static int add_route(struct growing *growing, size_t known,
                     const struct vw_transit_route *route)
{
    size_t i;

    for (i = 0; i < known; i++)
        if (same_route(&growing->routes.items[i], route))
            return 0;
    return vw_array_push(&growing->routes, *route);
}

/* Equal-cost paths have no order of their own: it is that of the world, so that copies
 * are the same. */
static void add_attachment(struct vw_transit_route *route, uint32_t attachment)
{
    size_t at = route->attachment_count++;

    for (; at > 0 && route->attachments[at - 1] > attachment; at--)
        route->attachments[at] = route->attachments[at - 1];
    route->attachments[at] = attachment;
}

static int build_route(struct vw_referrer *referrer, const struct vw_transit_table *table,
                       const struct vw_transit_route_record *record,
                       struct vw_transit_route *ret)
{
    struct vw_loader *loader = referrer->loader;
    const struct vw_attached_record *attached = record->attachments.items;
    bool is_list = record->destination.address.family == VW_FAMILY_NONE;
    struct vw_transit_route route = {
        .destination = record->destination,
        .blackhole = vw_text_is(record->state, "blackhole"),
        .propagated = record->type == VW_WORD_LEARNT,
        .source = vw_item_source(loader, referrer->item, record->pointer)};
    size_t i;
    int error;

    referrer->pointer = record->pointer;
    error = vw_refer(referrer, VW_OBJECT_PREFIX_LIST,
                     is_list ? record->prefix_list : NULL, &route.prefix_list);
    route.attachments = vw_arena_array(&loader->world->arena, record->attachments.count,
                                       sizeof *route.attachments);
    if (!error && !route.attachments)
        error = VW_ERROR_NO_MEMORY;
    for (i = 0; i < record->attachments.count && !error; i++) {
        uint32_t attachment;

        referrer->pointer = attached[i].pointer;
        error = refer_attached(referrer, table, &attached[i], &attachment);
        if (!error && attachment != VW_NONE)
            add_attachment(&route, attachment);
    }
    if (!error)
        *ret = route;
    return error;
}

/* Routes on the way in or out may hold or not. */
static int use_routes(struct tables *tables, const struct vw_item *item, uint32_t index)
{
    const struct vw_transit_part_record *record = item->record;
    const struct vw_transit_route_record *records = record->items.items;
    struct vw_referrer referrer = {tables->loader, item, NULL, NULL, false};
    struct growing *growing = &tables->items[index];
    struct vw_transit_table *table =
        vw_world_edit_transit_table(tables->loader->world, index);
    size_t known = growing->routes.count, i;
    int error = 0;

    table->static_only =
        strncmp(record->pointer, STATIC_ROUTES, strlen(STATIC_ROUTES)) == 0 &&
        (table->static_only || !table->routes_exported);
    table->routes_exported = true;
    table->has_more |= record->has_more == VW_FLAG_YES || item->is_incomplete;
    for (i = 0; i < record->items.count && !error; i++) {
        struct vw_transit_route route;

        if (vw_text_is(records[i].state, "deleted"))
            continue;
        if (vw_text_is(records[i].state, "pending") ||
            vw_text_is(records[i].state, "deleting")) {
            table->has_more = true;
            continue;
        }
        error = build_route(&referrer, table, &records[i], &route);
        if (!error)
            error = add_route(growing, known, &route);
    }
    return error;
}

/* A reference to a prefix list is a static route of all its entries. */
static int use_list(struct tables *tables, const struct vw_item *item, uint32_t index)
{
    const struct vw_transit_list_record *record = item->record;
    struct vw_referrer referrer = {tables->loader, item, NULL, NULL, false};
    struct vw_transit_table *table =
        vw_world_edit_transit_table(tables->loader->world, index);
    struct vw_list attachments = {NULL, record->attachment.id ? 1 : 0, false};
    struct vw_attached_record attached = record->attachment;
    struct vw_transit_route_record as_route = {
        .pointer = record->pointer,
        .prefix_list = record->prefix_list,
        .state = record->blackhole == VW_FLAG_YES ? "blackhole" : NULL,
        .type = VW_WORD_STATIC};
    struct vw_transit_route route;
    int error;

    if (record->state && !vw_text_is(record->state, "available"))
        table->has_more = true;
    attached.pointer = record->pointer;
    attachments.items = &attached;
    as_route.attachments = attachments;
    error = build_route(&referrer, table, &as_route, &route);
    return error ? error
                 : add_route(&tables->items[index], tables->items[index].routes.count,
                             &route);
}

/* ---- propagations and associations ---- */

static bool has_index(const struct indexes *indexes, uint32_t index)
{
    size_t i;

    for (i = 0; i < indexes->count; i++)
        if (indexes->items[i] == index)
            return true;
    return false;
}

/* One without an attachment is of a table announced by another network. */
static int use_propagations(struct tables *tables, const struct vw_item *item,
                            uint32_t index)
{
    const struct vw_transit_part_record *record = item->record;
    const struct vw_attached_record *records = record->items.items;
    struct vw_referrer referrer = {tables->loader, item, NULL, NULL, false};
    struct indexes *propagations = &tables->items[index].propagations;
    struct vw_transit_table *table =
        vw_world_edit_transit_table(tables->loader->world, index);
    size_t i;
    int error = 0;

    table->propagations_exported = true;
    table->has_unknown_propagation |= item->is_incomplete;
    for (i = 0; i < record->items.count && !error; i++) {
        uint32_t attachment;

        if (vw_text_is(records[i].state, "disabled"))
            continue;
        referrer.pointer = records[i].pointer;
        error = refer_attached(&referrer, table, &records[i], &attachment);
        if (error)
            return error;
        if (attachment == VW_NONE ||
            (records[i].state && !vw_text_is(records[i].state, "enabled")))
            table->has_unknown_propagation = true;
        else if (!has_index(propagations, attachment))
            error = vw_array_push(propagations, attachment);
    }
    return error;
}

static int use_associations(struct tables *tables, const struct vw_item *item,
                            uint32_t index)
{
    const struct vw_transit_part_record *record = item->record;
    const struct vw_attached_record *records = record->items.items;
    struct vw_referrer referrer = {tables->loader, item, NULL, NULL, false};
    struct vw_world *world = tables->loader->world;
    const struct vw_transit_table *table = vw_world_transit_table(world, index);
    size_t i;

    for (i = 0; i < record->items.count; i++) {
        struct vw_transit_attachment *attachment;
        uint32_t attached;
        int error;

        if (records[i].state && !vw_text_is(records[i].state, "associated"))
            continue;
        referrer.pointer = records[i].pointer;
        error = refer_attached(&referrer, table, &records[i], &attached);
        if (error)
            return error;
        if (attached == VW_NONE)
            continue;
        attachment = vw_world_edit_transit_attachment(world, attached);
        attachment->table = index;
        attachment->association_known = true;
    }
    return 0;
}

/* ---- all of them ---- */

/* The tables that the parts name come to be, so that their number is known. */
static int refer_tables(struct vw_loader *loader, const enum vw_part *parts, size_t count)
{
    size_t i, j;
    int error = 0;

    for (i = 0; i < count; i++) {
        const struct vw_items *items = &loader->parts[parts[i]];

        for (j = 0; j < items->count && !error; j++) {
            struct vw_referrer referrer = {loader, &items->items[j], NULL, NULL, false};
            uint32_t ignored;

            error = vw_refer(&referrer, VW_OBJECT_TRANSIT_TABLE, items->items[j].id,
                             &ignored);
        }
    }
    return error;
}

static int use_all(struct tables *tables)
{
    static const struct {
        enum vw_part part;
        int (*use)(struct tables *tables, const struct vw_item *item, uint32_t index);
    } rows[] = {
        {VW_PART_TRANSIT_ROUTES, use_routes},
        {VW_PART_TRANSIT_LISTS, use_list},
        {VW_PART_TRANSIT_PROPAGATIONS, use_propagations},
        {VW_PART_TRANSIT_ASSOCIATIONS, use_associations},
    };
    struct vw_loader *loader = tables->loader;
    size_t i, j;
    int error = 0;

    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct vw_items *items = &loader->parts[rows[i].part];
        uint32_t index;

        for (j = 0; j < items->count && !error; j++)
            if (vw_world_find(loader->world, VW_OBJECT_TRANSIT_TABLE, items->items[j].id,
                              &index))
                error = rows[i].use(tables, &items->items[j], index);
    }
    return error;
}

/* A list that could not be read may be of any table. */
static void doubt_tables(struct vw_loader *loader)
{
    bool lost_routes = loader->has_lost_part[VW_PART_TRANSIT_ROUTES] ||
                       loader->has_lost_part[VW_PART_TRANSIT_LISTS] ||
                       loader->has_lost[VW_OBJECT_TRANSIT_TABLE];
    bool lost_propagations = loader->has_lost_part[VW_PART_TRANSIT_PROPAGATIONS];
    uint32_t i;

    for (i = 0; i < vw_world_count(loader->world, VW_OBJECT_TRANSIT_TABLE); i++) {
        struct vw_transit_table *table = vw_world_edit_transit_table(loader->world, i);

        table->has_more |= lost_routes;
        table->has_unknown_propagation |= lost_propagations;
    }
}

int vw_build_transit_routes(struct vw_loader *loader)
{
    static const enum vw_part parts[] = {VW_PART_TRANSIT_ROUTES, VW_PART_TRANSIT_LISTS,
                                         VW_PART_TRANSIT_PROPAGATIONS,
                                         VW_PART_TRANSIT_ASSOCIATIONS};
    struct tables tables = {loader, NULL, 0};
    size_t i;
    int error = refer_tables(loader, parts, sizeof parts / sizeof *parts);

    if (error)
        return error;
    tables.count = vw_world_count(loader->world, VW_OBJECT_TRANSIT_TABLE);
    tables.items = vw_arena_array(&loader->scratch, tables.count, sizeof *tables.items);
    if (!tables.items)
        return VW_ERROR_NO_MEMORY;
    error = use_all(&tables);
    for (i = 0; i < tables.count; i++) {
        if (!error)
            error = move_lists(loader->world, &tables.items[i],
                               vw_world_edit_transit_table(loader->world, (uint32_t)i));
        vw_array_free(&tables.items[i].routes);
        vw_array_free(&tables.items[i].propagations);
    }
    doubt_tables(loader);
    return error;
}
