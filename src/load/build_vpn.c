/* Virtual private gateways, VPN connections and Direct Connect gateways. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/records_transit.h"

/* ---- virtual private gateways ---- */

static const char *attached_vpc(const struct vw_vpn_gateway_record *record,
                                const char **ret_pointer)
{
    const struct vw_id_record *attachments = record->attachments.items;
    size_t i;

    for (i = 0; i < record->attachments.count; i++) {
        *ret_pointer = attachments[i].pointer;
        if (!attachments[i].state || vw_text_is(attachments[i].state, "attached"))
            return attachments[i].id;
    }
    return NULL;
}

static int build_gateway(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_vpn_gateway_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    const char *vpc_id = attached_vpc(record, &referrer.pointer);
    struct vw_vpn_gateway *gateway;
    uint32_t index, vpc;
    int error = vw_build_start(loader, VW_OBJECT_VPN_GATEWAY, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, vpc_id, &vpc);
    if (error)
        return error;
    gateway = vw_world_edit_vpn_gateway(loader->world, index);
    vw_build_head(loader, item, &gateway->object, record->name, NULL);
    gateway->state = record->state;
    gateway->vpc = vpc;
    return 0;
}

/* ---- VPN connections ---- */

/* Static routes that are available; the gateway may still announce one that is being
 * deleted, which is seen in the tables it propagates to. */
static int build_routes(struct vw_world *world, const struct vw_list *list,
                        struct vw_vpn_connection *vpn)
{
    const struct vw_cidr_record *records = list->items;
    size_t i;

    vpn->routes = vw_arena_array(&world->arena, list->count, sizeof *vpn->routes);
    if (!vpn->routes)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < list->count; i++)
        if (!records[i].state || vw_text_is(records[i].state, "available"))
            vpn->routes[vpn->route_count++] = records[i].prefix;
    return 0;
}

static int build_tunnels(struct vw_world *world, const struct vw_list *list,
                         struct vw_vpn_connection *vpn)
{
    const struct vw_tunnel_record *records = list->items;
    size_t i;

    vpn->tunnels = vw_arena_array(&world->arena, list->count, sizeof *vpn->tunnels);
    if (!vpn->tunnels)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < list->count; i++)
        vpn->tunnels[i] = (struct vw_vpn_tunnel){records[i].outside, records[i].status};
    vpn->tunnel_count = list->count;
    return 0;
}

static int build_connection(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_vpn_connection_record *record = item->record;
    bool is_gone =
        vw_text_is(record->state, "deleted") || vw_text_is(record->state, "deleting");
    struct vw_referrer referrer = {loader, item, NULL, NULL, is_gone};
    struct vw_vpn_connection *vpn;
    uint32_t index, vpn_gateway, transit_gateway;
    int error = vw_build_start(loader, VW_OBJECT_VPN_CONNECTION, item, &index);

    if (!error)
        error =
            vw_refer(&referrer, VW_OBJECT_VPN_GATEWAY, record->vpn_gateway, &vpn_gateway);
    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_TRANSIT_GATEWAY, record->transit_gateway,
                         &transit_gateway);
    if (error)
        return error;
    vpn = vw_world_edit_vpn_connection(loader->world, index);
    vw_build_head(loader, item, &vpn->object, record->name, NULL);
    vpn->state = record->state;
    vpn->vpn_gateway = vpn_gateway;
    vpn->transit_gateway = transit_gateway;
    vpn->static_only = record->static_only == VW_FLAG_YES;
    error = build_routes(loader->world, &record->routes, vpn);
    return error ? error : build_tunnels(loader->world, &record->tunnels, vpn);
}

/* ---- Direct Connect ---- */

static int build_direct_connect(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_direct_connect_record *record = item->record;
    struct vw_direct_connect_gateway *gateway;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_DIRECT_CONNECT_GATEWAY, item, &index);

    if (error)
        return error;
    gateway = vw_world_edit_direct_connect_gateway(loader->world, index);
    vw_build_head(loader, item, &gateway->object, record->name, NULL);
    if (record->account)
        gateway->object.account = record->account;
    gateway->state = record->state;
    return 0;
}

static int build_association(struct vw_loader *loader, const struct vw_item *item,
                             struct vw_direct_connect_association *ret)
{
    static const struct vw_prefix none;
    static const struct vw_list empty;
    const struct vw_direct_connect_association_record *record = item->record;

    ret->gateway_id = record->gateway;
    ret->state = record->state;
    return vw_build_cidrs(loader->world, &none, &record->allowed, &empty, &ret->allowed,
                          &ret->allowed_count);
}

/* Counts, allots, then files each association under its gateway. */
static int build_associations(struct vw_loader *loader)
{
    const struct vw_items *items = &loader->parts[VW_PART_DIRECT_CONNECT];
    struct vw_world *world = loader->world;
    uint32_t index;
    size_t i;
    int error = 0;

    for (i = 0; i < items->count && !error; i++) {
        struct vw_referrer referrer = {loader, &items->items[i], NULL, NULL, false};

        error = vw_refer(&referrer, VW_OBJECT_DIRECT_CONNECT_GATEWAY, items->items[i].id,
                         &index);
        if (!error)
            vw_world_edit_direct_connect_gateway(world, index)->association_count++;
    }
    for (index = 0;
         index < vw_world_count(world, VW_OBJECT_DIRECT_CONNECT_GATEWAY) && !error;
         index++) {
        struct vw_direct_connect_gateway *gateway =
            vw_world_edit_direct_connect_gateway(world, index);

        gateway->associations = vw_arena_array(&world->arena, gateway->association_count,
                                               sizeof *gateway->associations);
        error = gateway->associations ? 0 : VW_ERROR_NO_MEMORY;
        gateway->association_count = 0;
    }
    for (i = 0; i < items->count && !error; i++) {
        struct vw_direct_connect_gateway *gateway;

        if (!vw_world_find(world, VW_OBJECT_DIRECT_CONNECT_GATEWAY, items->items[i].id,
                           &index))
            continue;
        gateway = vw_world_edit_direct_connect_gateway(world, index);
        error = build_association(loader, &items->items[i],
                                  &gateway->associations[gateway->association_count++]);
    }
    return error;
}

int vw_build_vpn(struct vw_loader *loader)
{
    int error = vw_build_each(loader, VW_OBJECT_VPN_GATEWAY, build_gateway);

    if (!error)
        error = vw_build_each(loader, VW_OBJECT_VPN_CONNECTION, build_connection);
    if (!error)
        error =
            vw_build_each(loader, VW_OBJECT_DIRECT_CONNECT_GATEWAY, build_direct_connect);
    return error ? error : build_associations(loader);
}
