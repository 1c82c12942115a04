/* Changed copies of transit gateways; see edit.h. */
#include "base/address.h"
#include "world/edit.h"

#include <string.h>

#include <vpcwhy/error.h>

int vw_edit_transit_route(struct vw_world *clone, uint32_t table,
                          const struct vw_transit_route *route)
{
    struct vw_transit_table *object;
    struct vw_transit_route *routes;
    size_t i;

    if (vw_edit_own(clone, VW_OBJECT_TRANSIT_TABLE))
        return VW_ERROR_NO_MEMORY;
    object = vw_world_edit_transit_table(clone, table);
    routes = vw_edit_longer(clone, object->routes, object->route_count, sizeof *routes);
    if (!routes)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < object->route_count; i++)
        if (routes[i].prefix_list == VW_NONE &&
            routes[i].propagated == route->propagated &&
            vw_prefix_equal(routes[i].destination, route->destination))
            break;
    routes[i] = *route;
    if (i == object->route_count)
        object->route_count++;
    object->routes = routes;
    return 0;
}

int vw_edit_transit_way(struct vw_world *clone, uint32_t table,
                        struct vw_prefix destination, uint32_t attachment,
                        bool propagated)
{
    uint32_t *attachments = vw_arena_array(&clone->arena, 1, sizeof *attachments);
    struct vw_transit_route route = {.destination = destination,
                                     .prefix_list = VW_NONE,
                                     .propagated = propagated,
                                     .attachments = attachments,
                                     .attachment_count = 1};

    if (!attachments)
        return VW_ERROR_NO_MEMORY;
    attachments[0] = attachment;
    return vw_edit_transit_route(clone, table, &route);
}

int vw_edit_transit_propagation(struct vw_world *clone, uint32_t table,
                                uint32_t attachment)
{
    uint32_t vpc = vw_world_transit_attachment(clone, attachment)->vpc;
    const struct vw_vpc *object = vw_world_vpc(clone, vpc);
    bool ipv6 = vw_world_transit_attachment(clone, attachment)->ipv6;
    size_t i;
    int error = 0;

    for (i = 0; i < object->cidr_count && !error; i++)
        if (object->cidrs[i].address.family == VW_FAMILY_IPV4 || ipv6)
            error = vw_edit_transit_way(clone, table, object->cidrs[i], attachment, true);
    return error;
}

int vw_edit_transit_association(struct vw_world *clone, uint32_t attachment,
                                uint32_t table)
{
    if (vw_edit_own(clone, VW_OBJECT_TRANSIT_ATTACHMENT))
        return VW_ERROR_NO_MEMORY;
    vw_world_edit_transit_attachment(clone, attachment)->table = table;
    return 0;
}

int vw_edit_attachment_subnet(struct vw_world *clone, uint32_t attachment,
                              uint32_t subnet)
{
    struct vw_transit_attachment *object;
    uint32_t *subnets;

    if (vw_edit_own(clone, VW_OBJECT_TRANSIT_ATTACHMENT))
        return VW_ERROR_NO_MEMORY;
    object = vw_world_edit_transit_attachment(clone, attachment);
    subnets =
        vw_edit_longer(clone, object->subnets, object->subnet_count, sizeof *subnets);
    if (!subnets)
        return VW_ERROR_NO_MEMORY;
    subnets[object->subnet_count++] = subnet;
    object->subnets = subnets;
    return 0;
}

int vw_edit_attachment_ipv6(struct vw_world *clone, uint32_t attachment)
{
    if (vw_edit_own(clone, VW_OBJECT_TRANSIT_ATTACHMENT))
        return VW_ERROR_NO_MEMORY;
    vw_world_edit_transit_attachment(clone, attachment)->ipv6 = true;
    return 0;
}
