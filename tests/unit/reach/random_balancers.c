/* Load balancers for random worlds; see random_world.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

#include "reach/random_maker.h"

static const char *balancer_arn(struct maker *maker, unsigned v, bool network)
{
    char text[64];

    snprintf(text, sizeof text, "arn:loadbalancer/%s/lb-%u/1", network ? "net" : "app",
             v);
    return keep(maker, text);
}

/* One node, in the balancer's subnet `s`; the description names the balancer. */
static void make_node(struct maker *maker, unsigned v, unsigned s, bool network,
                      bool facing)
{
    const struct vw_subnet *subnet = vw_world_subnet(maker->world, maker->subnets[v][s]);
    char address[32], public_address[32], description[64];
    struct vw_interface *interface;
    uint32_t index;

    (void)subnet;
    snprintf(address, sizeof address, "10.0.%u.%u", maker->third[v], s * 128 + 30);
    snprintf(public_address, sizeof public_address, "52.0.3.%u", 2 * v + s);
    snprintf(description, sizeof description, "ELB %s/lb-%u/1", network ? "net" : "app",
             v);
    index = small_host(maker->world, name(maker, "eni-lb", v, s), maker->subnets[v][s],
                       address, facing ? public_address : NULL,
                       maker->groups[v][random_below(maker->random, 2)]);
    interface = vw_world_edit_interface(maker->world, index);
    interface->type = network ? "network_load_balancer" : "interface";
    interface->description = keep(maker, description);
    interface->instance = VW_NONE;
}

static struct vw_target random_target(struct maker *maker, unsigned v,
                                      enum vw_target_type type)
{
    static const char *const health[] = {"healthy", "healthy", "healthy", "unhealthy",
                                         "draining"};
    struct vw_target target = {.instance = VW_NONE,
                               .load_balancer = VW_NONE,
                               .health = health[random_below(maker->random, 5)]};
    uint32_t i, tries, count = vw_world_count(maker->world, VW_OBJECT_INTERFACE);
    const struct vw_interface *interface = NULL;

    for (tries = 0; tries < 200; tries++) {
        i = random_below(maker->random, count);
        interface = vw_world_interface(maker->world, i);
        if (interface->instance != VW_NONE && interface->device_index <= 0 &&
            (interface->vpc == maker->vpcs[v] ||
             (type == VW_TARGETS_IP && one_in(maker, 2))))
            break;
    }
    if (type == VW_TARGETS_INSTANCE) {
        target.instance = interface->instance;
    } else {
        target.address = interface->addresses[0].prefix.address;
        if (interface->vpc != maker->vpcs[v])
            target.zone = "all";
    }
    if (one_in(maker, 3))
        target.port = 22;
    return target;
}

static uint32_t make_group(struct maker *maker, unsigned v, unsigned g, bool network)
{
    static const enum vw_setting settings[] = {VW_SETTING_UNKNOWN, VW_SETTING_OFF,
                                               VW_SETTING_ON};
    uint32_t index =
        small_refer(maker->world, VW_OBJECT_TARGET_GROUP, name(maker, "tg", v, g));
    struct vw_target_group *group = vw_world_edit_target_group(maker->world, index);
    unsigned i;

    group->object.exported = group->targets_exported = true;
    group->type = one_in(maker, 2) ? VW_TARGETS_IP : VW_TARGETS_INSTANCE;
    group->protocol = network ? (one_in(maker, 3) ? "TCP_UDP" : "TCP") : "HTTP";
    group->port = one_in(maker, 2) ? 80 : 443;
    group->vpc = maker->vpcs[v];
    group->preserve_client_ip = settings[random_below(maker->random, 3)];
    group->cross_zone = settings[random_below(maker->random, 3)];
    group->target_count = random_below(maker->random, 4);
    group->targets = vw_arena_array(&maker->world->arena, 4, sizeof *group->targets);
    assert_non_null(group->targets);
    for (i = 0; i < group->target_count; i++)
        group->targets[i] = random_target(maker, v, group->type);
    return index;
}

static void make_listener(struct maker *maker, unsigned v, unsigned which,
                          uint32_t balancer, bool network)
{
    static const uint16_t ports[] = {80, 443, 53};
    uint32_t group = make_group(maker, v, which, network);
    uint32_t index =
        small_refer(maker->world, VW_OBJECT_LISTENER, name(maker, "listener", v, which));
    struct vw_listener *listener = vw_world_edit_listener(maker->world, index);

    listener->object.exported = true;
    listener->load_balancer = balancer;
    listener->port = ports[which];
    listener->protocol = network ? (one_in(maker, 3) ? "TCP_UDP" : "TCP") : "HTTP";
    listener->target_groups =
        vw_arena_array(&maker->world->arena, 1, sizeof *listener->target_groups);
    assert_non_null(listener->target_groups);
    listener->target_groups[0] = group;
    listener->target_group_count = 1;
}

static void make_balancer(struct maker *maker, unsigned v)
{
    bool network = !one_in(maker, 3), facing = one_in(maker, 2);
    uint32_t index = small_refer(maker->world, VW_OBJECT_LOAD_BALANCER,
                                 balancer_arn(maker, v, network));
    struct vw_load_balancer *balancer = vw_world_edit_load_balancer(maker->world, index);
    unsigned s, first = one_in(maker, 3) ? 1 : 0, last = one_in(maker, 3) ? first : 1;

    balancer->object.exported = balancer->listeners_exported = true;
    balancer->type = network ? VW_BALANCER_NETWORK : VW_BALANCER_APPLICATION;
    balancer->internet_facing = facing;
    balancer->state = one_in(maker, 12) ? "failed" : "active";
    balancer->vpc = maker->vpcs[v];
    balancer->cross_zone = one_in(maker, 2) ? VW_SETTING_ON : VW_SETTING_OFF;
    balancer->zones = vw_arena_array(&maker->world->arena, 2, sizeof *balancer->zones);
    assert_non_null(balancer->zones);
    for (s = first; s <= last; s++) {
        balancer->zones[balancer->zone_count++] = (struct vw_balancer_zone){
            vw_world_subnet(maker->world, maker->subnets[v][s])->zone,
            maker->subnets[v][s]};
        make_node(maker, v, s, network, facing);
    }
    if (network && one_in(maker, 2))
        for (s = first; s <= last; s++)
            vw_world_edit_interface(maker->world,
                                    small_find(maker->world, VW_OBJECT_INTERFACE,
                                               name(maker, "eni-lb", v, s)))
                ->group_count = 0;
    for (s = 0; s < 1 + random_below(maker->random, 3); s++)
        make_listener(maker, v, s, index, network);
}

void add_balancers(struct maker *maker)
{
    unsigned v;

    for (v = 0; v < maker->count; v++)
        if (!one_in(maker, 3))
            make_balancer(maker, v);
}
