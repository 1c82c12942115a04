/* Network and application load balancers; see naive.h. */
#include <string.h>

#include "reach/naive.h"

static const struct vw_listener *find_listener(const struct naive *s, uint32_t balancer)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_LISTENER); i++) {
        const struct vw_listener *listener = vw_world_listener(s->world, i);
        bool tcp = strcmp(listener->protocol, "UDP") != 0;
        bool udp = strstr(listener->protocol, "UDP") != NULL;

        if (listener->load_balancer == balancer && listener->port == s->packet.port &&
            ((s->packet.protocol == 6 && tcp) || (s->packet.protocol == 17 && udp)))
            return listener;
    }
    return NULL;
}

/* Interface and address of a target; the interface is VW_NONE where nobody has it. */
static uint32_t locate(const struct naive *s, const struct vw_target_group *group,
                       const struct vw_target *target, struct vw_address *ret)
{
    uint32_t i;

    *ret = target->address;
    if (target->address.family != VW_FAMILY_NONE)
        return naive_owner(s, group->vpc, target->address, NULL);
    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_INTERFACE); i++)
        if (naive_interface(s, i)->instance == target->instance &&
            naive_interface(s, i)->device_index <= 0)
            break;
    *ret = naive_interface(s, i)->addresses[0].prefix.address;
    return i;
}

/* In an enabled zone, and in the node's own unless cross-zone load balancing is on. */
static bool may_be_chosen(const struct naive *s, const struct vw_load_balancer *balancer,
                          const struct vw_target_group *group,
                          const struct vw_target *target, uint32_t interface)
{
    const char *zone = target->zone;
    enum vw_setting cross = group->cross_zone;
    bool enabled = false;
    size_t i;

    if (zone && strcmp(zone, "all") == 0)
        return true;
    if (!zone && interface == VW_NONE)
        return true;
    if (!zone)
        zone = vw_world_subnet(s->world, naive_interface(s, interface)->subnet)->zone;
    for (i = 0; i < balancer->zone_count; i++)
        enabled = enabled || strcmp(balancer->zones[i].zone, zone) == 0;
    if (cross == VW_SETTING_UNKNOWN)
        cross = balancer->type == VW_BALANCER_APPLICATION ? VW_SETTING_ON
                                                          : balancer->cross_zone;
    return enabled && (cross == VW_SETTING_ON ||
                       strcmp(vw_world_subnet(s->world, s->subnet)->zone, zone) == 0);
}

static bool is_preserved(const struct vw_load_balancer *balancer,
                         const struct vw_target_group *group)
{
    if (balancer->type == VW_BALANCER_APPLICATION)
        return false;
    if (group->preserve_client_ip != VW_SETTING_UNKNOWN)
        return group->preserve_client_ip == VW_SETTING_ON;
    return group->type == VW_TARGETS_INSTANCE || strcmp(group->protocol, "TCP") != 0;
}

static unsigned hand_to(struct naive s, uint32_t own,
                        const struct vw_load_balancer *balancer,
                        const struct vw_target_group *group,
                        const struct vw_target *target)
{
    bool keeps = is_preserved(balancer, group);
    const struct vw_interface *node = naive_interface(&s, own);
    struct naive_crossing *crossing;
    struct vw_address address;
    uint32_t interface = locate(&s, group, target, &address);

    if (keeps && s.a != VW_NONE && interface == s.a)
        return NAIVE_BLOCKED;
    crossing = naive_cross(&s, own);
    crossing->kind = NAIVE_BALANCER;
    crossing->index = node->service;
    crossing->changes_destination = true;
    crossing->changes_source = !keeps;
    crossing->takes_replies = keeps;
    s.packet.destination = address;
    s.packet.port = target->port ? target->port : group->port;
    s.sender = own;
    s.forwarded = false;
    s.identity = node->group_count > 0;
    if (!keeps)
        s.packet.source = node->addresses[0].prefix.address;
    if (node->group_count > 0 && !naive_groups(&s, own, true))
        return NAIVE_BLOCKED;
    return keeps ? naive_send(s) : naive_send_any_port(s);
}

static bool is_healthy(const struct vw_target *target)
{
    return strcmp(target->health, "healthy") == 0;
}

/* Every target that may be chosen: the healthy ones, or all where none is. */
static unsigned hand_to_group(struct naive s, uint32_t own,
                              const struct vw_load_balancer *balancer,
                              const struct vw_target_group *group)
{
    struct vw_address address;
    unsigned bits = 0;
    bool any = false;
    size_t i;

    for (i = 0; i < group->target_count; i++)
        any = any || is_healthy(&group->targets[i]);
    for (i = 0; i < group->target_count; i++) {
        const struct vw_target *target = &group->targets[i];
        uint32_t interface = locate(&s, group, target, &address);

        if ((any && !is_healthy(target)) || strcmp(target->health, "draining") == 0 ||
            !may_be_chosen(&s, balancer, group, target, interface))
            continue;
        bits |= hand_to(s, own, balancer, group, target);
    }
    return bits;
}

/* The packet has come to `own`, an interface of a load balancer. */
unsigned naive_balance(struct naive s, uint32_t own)
{
    uint32_t index = naive_interface(&s, own)->service;
    const struct vw_load_balancer *balancer = vw_world_load_balancer(s.world, index);
    const struct vw_listener *listener;
    unsigned bits = 0;
    size_t i;

    if (s.reply)
        return naive_crossed(&s, own) ? naive_balance_back(s, own) : NAIVE_BLOCKED;
    if (strcmp(balancer->state, "active") != 0)
        return NAIVE_BLOCKED;
    /* A network load balancer never answers a ping; of others AWS does not say. */
    if (s.packet.protocol == 1 || s.packet.protocol == 58)
        return balancer->type == VW_BALANCER_NETWORK ? NAIVE_BLOCKED : NAIVE_UNKNOWN;
    listener = find_listener(&s, index);
    if (!listener)
        return NAIVE_BLOCKED;
    for (i = 0; i < listener->target_group_count; i++)
        bits |= hand_to_group(s, own, balancer,
                              vw_world_target_group(s.world, listener->target_groups[i]));
    return bits ? bits : NAIVE_BLOCKED;
}

unsigned naive_balance_back(struct naive s, uint32_t own)
{
    s.vpc = naive_interface(&s, own)->vpc;
    s.subnet = naive_interface(&s, own)->subnet;
    s.sender = own;
    naive_undo(&s, naive_crossed(&s, own));
    return naive_send(s);
}
