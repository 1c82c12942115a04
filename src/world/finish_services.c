/* Load balancers and firewalls: who belongs to whom, and rules in their order. */
#include "world/finish.h"

#include <stdlib.h>

#include "base/array.h"

/* Counts, allots, then files each listener under its load balancer. */
static int resolve_listeners(struct vw_world *world)
{
    uint32_t count = vw_world_count(world, VW_OBJECT_LISTENER), i;

    for (i = 0; i < count; i++) {
        uint32_t owner = vw_world_listener(world, i)->load_balancer;
        if (owner != VW_NONE)
            vw_world_edit_load_balancer(world, owner)->listener_count++;
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_LOAD_BALANCER); i++) {
        struct vw_load_balancer *balancer = vw_world_edit_load_balancer(world, i);
        balancer->listeners = vw_arena_array(&world->arena, balancer->listener_count,
                                             sizeof *balancer->listeners);
        if (!balancer->listeners)
            return VW_ERROR_NO_MEMORY;
        balancer->listener_count = 0;
    }
    for (i = 0; i < count; i++) {
        uint32_t owner = vw_world_listener(world, i)->load_balancer;
        struct vw_load_balancer *balancer;

        if (owner == VW_NONE)
            continue;
        balancer = vw_world_edit_load_balancer(world, owner);
        balancer->listeners[balancer->listener_count++] = i;
    }
    return 0;
}

static void resolve_firewalls(struct vw_world *world)
{
    uint32_t i, index;
    size_t j;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_FIREWALL); i++) {
        const struct vw_firewall *firewall = vw_world_firewall(world, i);

        for (j = 0; j < firewall->endpoint_count; j++)
            if (vw_world_find(world, VW_OBJECT_VPC_ENDPOINT, firewall->endpoints[j],
                              &index))
                vw_world_edit_vpc_endpoint(world, index)->firewall = i;
    }
}

static int compare_priorities(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_references(const void *a, const void *b)
{
    const struct vw_firewall_reference *x = a, *y = b;

    return compare_priorities(x->priority, y->priority);
}

static int compare_rules(const void *a, const void *b)
{
    const struct vw_firewall_rule *x = a, *y = b;

    return compare_priorities(x->priority, y->priority);
}

static void sort_rules(struct vw_world *world)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_FIREWALL_POLICY); i++) {
        struct vw_firewall_policy *policy = vw_world_edit_firewall_policy(world, i);
        if (policy->stateless_count > 1)
            qsort(policy->stateless, policy->stateless_count, sizeof *policy->stateless,
                  compare_references);
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_RULE_GROUP); i++) {
        struct vw_rule_group *group = vw_world_edit_rule_group(world, i);
        if (group->rule_count > 1)
            qsort(group->rules, group->rule_count, sizeof *group->rules, compare_rules);
    }
}

int vw_finish_services(struct vw_world *world)
{
    int error = resolve_listeners(world);

    if (error)
        return error;
    resolve_firewalls(world);
    sort_rules(world);
    return 0;
}
