/* NAT gateways, their interfaces and addresses, and VPC endpoints. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/records_services.h"

/* Objects that are gone keep the names of what they stood in, which is gone too. */
static bool is_gone(const char *state)
{
    return vw_text_is(state, "deleted") || vw_text_is(state, "deleting") ||
           vw_text_is(state, "failed");
}

/* ---- interfaces that only the gateway tells of ---- */

static void embed_address(const struct vw_nat_address_record *address,
                          struct vw_private_record *ret)
{
    ret->pointer = address->pointer;
    ret->address = address->private_address;
    ret->public_address = address->public_address;
    ret->primary = address->primary;
}

/* The interface of address `first` with all its addresses. */
static int embed(struct vw_loader *loader, const struct vw_item *item, size_t first)
{
    const struct vw_nat_record *nat = item->record;
    const struct vw_nat_address_record *addresses = nat->addresses.items;
    struct vw_interface_record *record = vw_arena_alloc(&loader->scratch, sizeof *record);
    struct vw_private_record *list =
        vw_arena_array(&loader->scratch, nat->addresses.count, sizeof *list);
    struct vw_item interface = {.record = record,
                                .schema = &vw_interface_schema,
                                .file = item->file,
                                .is_incomplete = item->is_incomplete};
    uint32_t count = 0;
    size_t i;

    if (!record || !list)
        return VW_ERROR_NO_MEMORY;
    for (i = first; i < nat->addresses.count; i++)
        if (vw_text_is(addresses[i].interface, addresses[first].interface) &&
            addresses[i].private_address.family != VW_FAMILY_NONE)
            embed_address(&addresses[i], &list[count++]);
    record->pointer = addresses[first].pointer;
    record->id = addresses[first].interface;
    record->vpc = nat->vpc;
    record->subnet = nat->subnet;
    record->type = "nat_gateway";
    record->addresses = (struct vw_list){list, count, false};
    interface.id = record->id;
    return vw_array_push(&loader->embedded, interface);
}

static bool is_first_of_interface(const struct vw_nat_address_record *addresses,
                                  size_t index)
{
    size_t i;

    for (i = 0; i < index; i++)
        if (vw_text_is(addresses[i].interface, addresses[index].interface))
            return false;
    return true;
}

int vw_embed_nat_interfaces(struct vw_loader *loader)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_NAT_GATEWAY];
    size_t i, j;
    int error = 0;

    for (i = 0; i < items->count; i++) {
        const struct vw_nat_record *nat = items->items[i].record;
        const struct vw_nat_address_record *addresses = nat->addresses.items;

        for (j = 0; j < nat->addresses.count && !error && !is_gone(nat->state); j++)
            if (addresses[j].interface && is_first_of_interface(addresses, j))
                error = embed(loader, &items->items[i], j);
    }
    return error;
}

/* ---- NAT gateways ---- */

static int build_nat_addresses(struct vw_referrer *referrer,
                               const struct vw_nat_record *record,
                               struct vw_nat_address **ret)
{
    const struct vw_nat_address_record *records = record->addresses.items;
    size_t count = record->addresses.count, i;
    struct vw_nat_address *addresses =
        vw_arena_array(&referrer->loader->world->arena, count, sizeof *addresses);

    if (!addresses)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        struct vw_nat_address address = {
            .private_address = records[i].private_address,
            .public_address = records[i].public_address,
            .zone = records[i].zone,
            .zone_id = records[i].zone_id,
            .usable = !records[i].status || vw_text_is(records[i].status, "succeeded")};
        size_t at = i;
        int error;

        referrer->pointer = records[i].pointer;
        error = vw_refer(referrer, VW_OBJECT_INTERFACE, records[i].interface,
                         &address.interface);
        if (error)
            return error;
        /* The primary one stands first. */
        if (records[i].primary == VW_FLAG_YES) {
            memmove(addresses + 1, addresses, i * sizeof *addresses);
            at = 0;
        }
        addresses[at] = address;
    }
    *ret = addresses;
    return 0;
}

struct nat_references {
    uint32_t vpc, subnet, table;
    struct vw_nat_address *addresses;
};

static int refer_nat(struct vw_loader *loader, const struct vw_item *item,
                     struct nat_references *ret)
{
    const struct vw_nat_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, is_gone(record->state)};
    int error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &ret->vpc);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_SUBNET, record->subnet, &ret->subnet);
    if (!error)
        error =
            vw_refer(&referrer, VW_OBJECT_ROUTE_TABLE, record->route_table, &ret->table);
    return error ? error : build_nat_addresses(&referrer, record, &ret->addresses);
}

static int build_nat(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_nat_record *record = item->record;
    struct nat_references references;
    struct vw_nat_gateway *nat;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_NAT_GATEWAY, item, &index);

    if (!error)
        error = refer_nat(loader, item, &references);
    if (error)
        return error;
    nat = vw_world_edit_nat_gateway(loader->world, index);
    vw_build_head(loader, item, &nat->object, record->name, NULL);
    nat->state = record->state;
    nat->vpc = references.vpc;
    nat->subnet = references.subnet;
    nat->route_table = references.table;
    nat->is_private = record->connectivity == VW_WORD_PRIVATE;
    nat->is_regional = record->mode == VW_WORD_REGIONAL;
    nat->addresses = references.addresses;
    nat->address_count = record->addresses.count;
    return 0;
}

/* ---- VPC endpoints ---- */

/* "Available" of newer services, "available" of older ones. */
static int lower_case(struct vw_world *world, const char *text, const char **ret)
{
    char *copy = text ? vw_arena_string(&world->arena, text) : NULL, *at;

    *ret = copy;
    for (at = copy; at && *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return text && !copy ? VW_ERROR_NO_MEMORY : 0;
}

/* The type that the API takes where none is given is Gateway. */
static enum vw_endpoint_type type_of(const char *type)
{
    if (!type || strcmp(type, "Gateway") == 0)
        return VW_ENDPOINT_GATEWAY;
    if (strcmp(type, "Interface") == 0)
        return VW_ENDPOINT_INTERFACE;
    return strcmp(type, "GatewayLoadBalancer") == 0 ? VW_ENDPOINT_GATEWAY_LOAD_BALANCER
                                                    : VW_ENDPOINT_OTHER;
}

struct endpoint_references {
    uint32_t vpc, *subnets, *interfaces;
    const char *state;
};

static int refer_endpoint(struct vw_loader *loader, const struct vw_item *item,
                          struct endpoint_references *ret)
{
    const struct vw_endpoint_record *record = item->record;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    int error = lower_case(loader->world, record->state, &ret->state);

    if (error)
        return error;
    referrer.is_quiet = is_gone(ret->state) || vw_text_is(ret->state, "rejected") ||
                        vw_text_is(ret->state, "expired");
    error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &ret->vpc);
    if (!error)
        error =
            vw_refer_list(&referrer, VW_OBJECT_SUBNET, &record->subnets, &ret->subnets);
    return error ? error
                 : vw_refer_list(&referrer, VW_OBJECT_INTERFACE, &record->interfaces,
                                 &ret->interfaces);
}

static int build_endpoint(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_endpoint_record *record = item->record;
    struct endpoint_references references;
    struct vw_vpc_endpoint *endpoint;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_VPC_ENDPOINT, item, &index);

    if (!error)
        error = refer_endpoint(loader, item, &references);
    if (error)
        return error;
    endpoint = vw_world_edit_vpc_endpoint(loader->world, index);
    vw_build_head(loader, item, &endpoint->object, record->name, NULL);
    endpoint->type = type_of(record->type);
    endpoint->type_name = record->type;
    endpoint->service_name = record->service;
    endpoint->state = references.state;
    endpoint->vpc = references.vpc;
    endpoint->subnets = references.subnets;
    endpoint->subnet_count = record->subnets.count;
    endpoint->interfaces = references.interfaces;
    endpoint->interface_count = record->interfaces.count;
    return 0;
}

int vw_build_services(struct vw_loader *loader)
{
    int error = vw_build_each(loader, VW_OBJECT_NAT_GATEWAY, build_nat);

    return error ? error : vw_build_each(loader, VW_OBJECT_VPC_ENDPOINT, build_endpoint);
}
