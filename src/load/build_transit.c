/* Transit gateways, their attachments and route tables. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/build_transit.h"

bool vw_is_transit_peering(const char *resource_type)
{
    return vw_text_is(resource_type, "peering") ||
           vw_text_is(resource_type, "tgw-peering");
}

/* ---- gateways ---- */

static int build_gateway(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_transit_gateway_record *record = item->record;
    struct vw_transit_gateway *gateway;
    const char *region;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_TRANSIT_GATEWAY, item, &index);

    if (!error)
        error = vw_region_of_arn(loader->world, record->arn, &region);
    if (error)
        return error;
    gateway = vw_world_edit_transit_gateway(loader->world, index);
    vw_build_head(loader, item, &gateway->object, record->name, region);
    gateway->state = record->state;
    gateway->security_group_referencing = record->referencing == VW_WORD_ENABLE;
    return 0;
}

/* ---- attachments ---- */

static enum vw_attachment_kind kind_of(const struct vw_attachment_record *record)
{
    if (vw_text_is(record->resource_type, "vpc") ||
        (!record->resource_type && record->vpc))
        return VW_ATTACHMENT_VPC;
    if (vw_text_is(record->resource_type, "vpn"))
        return VW_ATTACHMENT_VPN;
    if (vw_text_is(record->resource_type, "direct-connect-gateway"))
        return VW_ATTACHMENT_DIRECT_CONNECT;
    return vw_is_transit_peering(record->resource_type) ? VW_ATTACHMENT_PEERING
                                                        : VW_ATTACHMENT_OTHER;
}

/* What the attached network is, in the account that owns it, which may not be exported:
 * that is no fault. Nor is it that what a former attachment led to is gone. */
static bool is_foreign(const struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_attachment_record *record = item->record;
    const char *owner =
        record->vpc_account ? record->vpc_account : record->resource_account;
    const char *account = loader->files.items[item->file].account;

    return (owner && account && strcmp(owner, account) != 0) ||
           !(vw_text_is(record->state, "available") ||
             vw_text_is(record->state, "modifying"));
}

struct attachment_references {
    uint32_t gateway, table, vpc, peer_gateway, *subnets;
};

static int refer_attachment(struct vw_loader *loader, const struct vw_item *item,
                            enum vw_attachment_kind kind,
                            struct attachment_references *ret)
{
    const struct vw_attachment_record *record = item->record;
    bool is_dead = !vw_text_is(record->state, "available");
    struct vw_referrer own = {loader, item, NULL, NULL, is_dead};
    struct vw_referrer attached = {loader, item, NULL, NULL, is_foreign(loader, item)};
    struct vw_referrer peer = {loader, item, NULL, NULL, true};
    const char *resource = record->resource_id;
    const char *vpc = record->vpc ? record->vpc : resource;
    bool is_associated =
        !record->association_state || vw_text_is(record->association_state, "associated");
    int error = vw_refer(&own, VW_OBJECT_TRANSIT_GATEWAY, record->gateway, &ret->gateway);

    if (!error)
        error = vw_refer(&own, VW_OBJECT_TRANSIT_TABLE,
                         is_associated ? record->table : NULL, &ret->table);
    if (!error)
        error = vw_refer(&attached, VW_OBJECT_VPC, kind == VW_ATTACHMENT_VPC ? vpc : NULL,
                         &ret->vpc);
    if (!error)
        error =
            vw_refer(&peer, VW_OBJECT_TRANSIT_GATEWAY,
                     kind == VW_ATTACHMENT_PEERING ? resource : NULL, &ret->peer_gateway);
    return error ? error
                 : vw_refer_list(&attached, VW_OBJECT_SUBNET, &record->subnets,
                                 &ret->subnets);
}

/* Without an association in describe-transit-gateway-attachments there is none, as far as
 * the account that owns the gateway may say so. */
static bool is_association_known(const struct vw_loader *loader,
                                 const struct vw_item *item)
{
    const struct vw_attachment_record *record = item->record;
    const char *account = loader->files.items[item->file].account;

    if (record->table)
        return true;
    return record->is_common == VW_FLAG_YES &&
           (!account || !record->gateway_account ||
            strcmp(account, record->gateway_account) == 0);
}

static void fill_attachment(const struct vw_attachment_record *record,
                            const struct attachment_references *references,
                            struct vw_transit_attachment *attachment)
{
    /* What a peering leads to is of the account beyond it. */
    const char *account = vw_is_transit_peering(record->resource_type)
                              ? record->gateway_account
                          : record->resource_account ? record->resource_account
                                                     : record->vpc_account;

    /* Both sides of a peering have this id; the key in the world tells them apart. */
    attachment->object.id = record->id;
    if (account)
        attachment->object.account = account;
    attachment->gateway = references->gateway;
    attachment->resource_type = record->resource_type;
    attachment->resource_id = record->resource_id ? record->resource_id : record->vpc;
    attachment->state = record->state;
    attachment->table = references->table;
    attachment->vpc = references->vpc;
    attachment->subnets = references->subnets;
    attachment->subnet_count = record->subnets.count;
    attachment->subnets_known = record->has_subnets == VW_FLAG_YES;
    attachment->appliance_mode = record->appliance_mode == VW_WORD_ENABLE;
    attachment->ipv6 = record->ipv6 == VW_WORD_ENABLE;
    attachment->security_group_referencing = record->referencing == VW_WORD_ENABLE;
    attachment->peer_gateway = references->peer_gateway;
}

static int build_attachment(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_attachment_record *record = item->record;
    enum vw_attachment_kind kind = kind_of(record);
    struct attachment_references references;
    struct vw_transit_attachment *attachment;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_TRANSIT_ATTACHMENT, item, &index);

    if (!error)
        error = refer_attachment(loader, item, kind, &references);
    if (error)
        return error;
    attachment = vw_world_edit_transit_attachment(loader->world, index);
    vw_build_head(loader, item, &attachment->object, record->name, NULL);
    attachment->attachment_kind = kind;
    attachment->association_known = is_association_known(loader, item);
    fill_attachment(record, &references, attachment);
    return 0;
}

/* ---- tables ---- */

static int build_table(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_transit_table_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL,
                                   !vw_text_is(record->state, "available")};
    struct vw_transit_table *table;
    uint32_t index, gateway;
    int error = vw_build_start(loader, VW_OBJECT_TRANSIT_TABLE, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_TRANSIT_GATEWAY, record->gateway, &gateway);
    if (error)
        return error;
    table = vw_world_edit_transit_table(loader->world, index);
    vw_build_head(loader, item, &table->object, record->name, NULL);
    table->gateway = gateway;
    table->state = record->state;
    return 0;
}

int vw_build_transit(struct vw_loader *loader)
{
    int error = vw_build_each(loader, VW_OBJECT_TRANSIT_GATEWAY, build_gateway);

    if (!error)
        error = vw_build_each(loader, VW_OBJECT_TRANSIT_ATTACHMENT, build_attachment);
    if (!error)
        error = vw_build_each(loader, VW_OBJECT_TRANSIT_TABLE, build_table);
    return error ? error : vw_build_transit_routes(loader);
}
