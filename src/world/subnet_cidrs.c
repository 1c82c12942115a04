/* The CIDRs of all subnets, for those who look addresses up in them. */
#include <vpcwhy/world.h>

#include "world/world.h"

static struct vw_subnet_cidr describe(const struct vw_world *world,
                                      const struct vw_subnet *subnet, size_t cidr)
{
    const struct vw_object *vpc =
        subnet->vpc == VW_NONE ? NULL
                               : vw_world_object(world, VW_OBJECT_VPC, subnet->vpc);
    struct vw_subnet_cidr described = {
        .cidr = subnet->cidrs[cidr],
        .subnet = subnet->object.id,
        .name = subnet->object.name,
        .vpc = vpc ? vpc->id : NULL,
        .vpc_name = vpc ? vpc->name : NULL,
        .zone = subnet->zone,
        .zone_id = subnet->zone_id,
    };

    return described;
}

size_t vw_world_subnet_cidrs(const struct vw_world *world,
                             struct vw_subnet_cidr *ret_cidrs, size_t room)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_SUBNET), i;
    size_t found = 0, j;

    for (i = 0; i < count; i++) {
        const struct vw_subnet *subnet = vw_world_subnet(world, i);

        for (j = 0; j < subnet->cidr_count; j++, found++)
            if (found < room)
                ret_cidrs[found] = describe(world, subnet, j);
    }
    return found;
}
