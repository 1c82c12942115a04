/*
 * What stands behind an interface. The objects of services name theirs; of the others the
 * type tells (EC2 API, NetworkInterface), and the description, for exports of before 2021
 * say "interface" of load balancers and endpoints too.
 */
#include "world/finish.h"

#include <string.h>

#include "base/array.h"

struct role_row {
    const char *text;
    enum vw_interface_role role;
};

/* A type without a row is of a service that is not modelled. */
static const struct role_row types[] = {
    {"interface", VW_ROLE_HOST},
    {"efa", VW_ROLE_HOST},
    {"efa-only", VW_ROLE_HOST},
    {"trunk", VW_ROLE_HOST},
    {"branch", VW_ROLE_HOST},
    {"nat_gateway", VW_ROLE_NAT_GATEWAY},
    {"natGateway", VW_ROLE_NAT_GATEWAY},
    {"load_balancer", VW_ROLE_LOAD_BALANCER},
    {"network_load_balancer", VW_ROLE_LOAD_BALANCER},
    {"gateway_load_balancer", VW_ROLE_LOAD_BALANCER},
    {"vpc_endpoint", VW_ROLE_VPC_ENDPOINT},
    {"gateway_load_balancer_endpoint", VW_ROLE_VPC_ENDPOINT},
    {"transit_gateway", VW_ROLE_TRANSIT_GATEWAY},
    {"lambda", VW_ROLE_OUTBOUND_ONLY},
};

#define BALANCER "ELB "
#define ATTACHMENT "Network Interface for Transit Gateway Attachment "

/* How the descriptions begin that AWS gives. */
static const struct role_row descriptions[] = {
    {BALANCER, VW_ROLE_LOAD_BALANCER},
    {"VPC Endpoint Interface", VW_ROLE_VPC_ENDPOINT},
    {"Network Interface for Transit Gateway", VW_ROLE_TRANSIT_GATEWAY},
    {"Interface for NAT Gateway", VW_ROLE_NAT_GATEWAY},
    {"AWS Lambda", VW_ROLE_OUTBOUND_ONLY},
};

static bool begins(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

static enum vw_interface_role role_of(const struct vw_interface *interface)
{
    enum vw_interface_role role = interface->type ? VW_ROLE_OTHER : VW_ROLE_HOST;
    size_t i;

    for (i = 0; interface->type && i < sizeof types / sizeof *types; i++)
        if (strcmp(interface->type, types[i].text) == 0)
            role = types[i].role;
    if (role != VW_ROLE_HOST)
        return role;
    for (i = 0; i < sizeof descriptions / sizeof *descriptions; i++)
        if (begins(interface->description, descriptions[i].text))
            return descriptions[i].role;
    return role;
}

/* "net/NAME/HASH" of a load balancer's ARN, which is also how its interfaces are
 * described. */
static const char *name_in_arn(const char *arn)
{
    static const char before[] = ":loadbalancer/";
    const char *start = strstr(arn, before);

    return start ? start + strlen(before) : arn;
}

static int map_balancers(const struct vw_world *world, struct vw_map *map)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_LOAD_BALANCER); i++) {
        const struct vw_object *balancer = &vw_world_load_balancer(world, i)->object;

        if (balancer->exported && vw_map_put(map, name_in_arn(balancer->id), i))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* The object that the description names; VW_NONE where that is not in the export. */
static uint32_t described(const struct vw_world *world, const struct vw_map *balancers,
                          const struct vw_interface *interface)
{
    const char *text = interface->description;
    uint32_t index;

    if (interface->role == VW_ROLE_LOAD_BALANCER && begins(text, BALANCER) &&
        vw_map_get(balancers, text + strlen(BALANCER), &index))
        return index;
    if (interface->role == VW_ROLE_TRANSIT_GATEWAY && begins(text, ATTACHMENT) &&
        vw_world_find(world, VW_OBJECT_TRANSIT_ATTACHMENT, text + strlen(ATTACHMENT),
                      &index) &&
        vw_world_transit_attachment(world, index)->object.exported)
        return index;
    return VW_NONE;
}

static int roles_of_interfaces(struct vw_world *world)
{
    struct vw_map balancers = {0};
    int error = map_balancers(world, &balancers);
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE) && !error; i++) {
        struct vw_interface *interface = vw_world_edit_interface(world, i);

        interface->role = role_of(interface);
        interface->service = described(world, &balancers, interface);
    }
    vw_map_free(&balancers);
    return error;
}

static void give_role(struct vw_world *world, uint32_t index, enum vw_interface_role role,
                      uint32_t service)
{
    struct vw_interface *interface;

    if (index == VW_NONE)
        return;
    interface = vw_world_edit_interface(world, index);
    interface->role = role;
    interface->service = service;
}

static void roles_by_objects(struct vw_world *world)
{
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_NAT_GATEWAY); i++) {
        const struct vw_nat_gateway *nat = vw_world_nat_gateway(world, i);

        for (j = 0; nat->object.exported && j < nat->address_count; j++)
            give_role(world, nat->addresses[j].interface, VW_ROLE_NAT_GATEWAY, i);
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC_ENDPOINT); i++) {
        const struct vw_vpc_endpoint *endpoint = vw_world_vpc_endpoint(world, i);

        for (j = 0; endpoint->object.exported && j < endpoint->interface_count; j++)
            give_role(world, endpoint->interfaces[j], VW_ROLE_VPC_ENDPOINT, i);
    }
}

int vw_finish_roles(struct vw_world *world)
{
    int error = roles_of_interfaces(world);

    if (!error)
        roles_by_objects(world);
    return error;
}
