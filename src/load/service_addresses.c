/*
 * Public addresses of components that no interface owns: those of NAT gateways that are
 * gone or regional, and the outside ends of VPN tunnels. Without them the walk would take
 * such an address for a host somewhere on the internet and call it reachable.
 */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

struct services VW_ARRAY(struct vw_service_address);

static int add(struct services *services, const char *id, struct vw_address address)
{
    struct vw_service_address service = {address, id};

    return address.family == VW_FAMILY_NONE ? 0 : vw_array_push(services, service);
}

/* Whether the interface of a live gateway answers for the address. */
static bool is_owned(const struct vw_world *world, const struct vw_nat_gateway *nat,
                     const struct vw_nat_address *address)
{
    return (!nat->state || strcmp(nat->state, "available") == 0) &&
           address->interface != VW_NONE &&
           vw_world_interface(world, address->interface)->object.exported;
}

static int add_nats(const struct vw_world *world, struct services *services)
{
    uint32_t i;
    size_t j;
    int error = 0;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_NAT_GATEWAY); i++) {
        const struct vw_nat_gateway *nat = vw_world_nat_gateway(world, i);

        for (j = 0; j < nat->address_count && !error; j++)
            if (!is_owned(world, nat, &nat->addresses[j]))
                error = add(services, nat->object.id, nat->addresses[j].public_address);
    }
    return error;
}

static int add_tunnels(const struct vw_world *world, struct services *services)
{
    uint32_t i;
    size_t j;
    int error = 0;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPN_CONNECTION); i++) {
        const struct vw_vpn_connection *vpn = vw_world_vpn_connection(world, i);

        for (j = 0; j < vpn->tunnel_count && !error; j++)
            error = add(services, vpn->object.id, vpn->tunnels[j].outside);
    }
    return error;
}

int vw_build_service_addresses(struct vw_loader *loader)
{
    struct vw_world *world = loader->world;
    struct services services = {0};
    int error = add_nats(world, &services);

    if (!error)
        error = add_tunnels(world, &services);
    if (!error) {
        world->services =
            vw_arena_array(&world->arena, services.count, sizeof *world->services);
        error = world->services ? 0 : VW_ERROR_NO_MEMORY;
    }
    if (!error && services.count > 0) {
        memcpy(world->services, services.items, services.count * sizeof *world->services);
        world->service_count = services.count;
    }
    vw_array_free(&services);
    return error;
}
