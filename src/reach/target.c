/*
 * What AWS says (Elastic Load Balancing, "Target groups for your Network Load Balancers",
 * "Cross-zone load balancing", "Target health"): each node of a load balancer sends to the
 * healthy targets of its own zone, with cross-zone load balancing to those of all enabled
 * zones. If no target of the group is healthy in any zone it sends to all of them. A
 * target in a zone that is not enabled gets nothing.
 *
 * What we do: every target that a node may choose is a way of its own. The zone of an
 * instance is that of its subnet; a target registered with zone "all" is in every one.
 */
#include "reach/target.h"

#include "reach/explain.h"

#include <string.h>

const char *vw_target_name(const struct vw_object *object)
{
    return object->name ? object->name : object->id;
}

int vw_target_explain_none(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const char *name = vw_target_name(mark->object);
    unsigned port = mark->box.ports.first;

    if (mark->reason == VW_REASON_ELBV2_LISTENER_HAS_NO_TG)
        return vw_explain_sentence(explainer,
                                   "no target is registered behind port %u of load "
                                   "balancer %s",
                                   port, name);
    if (mark->reason == VW_REASON_ELB_NOT_CROSSZONE)
        return vw_explain_sentence(explainer,
                                   "no usable target behind port %u of load balancer %s "
                                   "is in the zone of this address, and cross-zone load "
                                   "balancing is off",
                                   port, name);
    if (mark->reason == VW_REASON_ELBV2_NO_TARGETS_IN_AZ)
        return vw_explain_sentence(explainer,
                                   "no target behind port %u of load balancer %s is "
                                   "usable in an enabled zone",
                                   port, name);
    if (mark->reason == VW_REASON_UNSUPPORTED_COMPONENT)
        return vw_explain_sentence(explainer,
                                   "the targets of %s are load balancers, which is not "
                                   "modelled",
                                   name);
    explainer->step.missing = "aws elbv2 describe-target-health";
    return vw_explain_sentence(
        explainer, "the targets of %s and their health are not in the export", name);
}

static bool has_health(const struct vw_target *target, const char *health)
{
    return target->health && strcmp(target->health, health) == 0;
}

static bool any_healthy(const struct vw_target_group *group)
{
    size_t i;

    for (i = 0; i < group->target_count; i++)
        if (has_health(&group->targets[i], "healthy"))
            return true;
    return false;
}

/* Where the target is: its interface and address. False where the export lacks it. */
static bool locate(const struct vw_world *world, const struct vw_target_group *group,
                   const struct vw_target *target, struct vw_target_choice *choice)
{
    const struct vw_owner *owner;
    const struct vw_instance *instance;

    if (target->address.family != VW_FAMILY_NONE) {
        choice->address = target->address;
        owner = group->vpc == VW_NONE ? NULL
                                      : vw_owner_in_vpc(world, group->vpc,
                                                        vw_range_single(target->address));
        choice->interface = owner ? owner->interface : VW_NONE;
        return true;
    }
    if (target->instance == VW_NONE)
        return false;
    instance = vw_world_instance(world, target->instance);
    if (instance->interface_count == 0)
        return false;
    choice->interface = instance->interfaces[0];
    if (vw_world_interface(world, choice->interface)->address_count == 0)
        return false;
    choice->address =
        vw_world_interface(world, choice->interface)->addresses[0].prefix.address;
    return true;
}

/* Whether the zone decides and the export does not tell it: of the target, or of the node
 * that chooses. */
static bool needs_zone(const struct vw_world *world, const struct vw_target *target,
                       const struct vw_target_choice *choice, const char *own)
{
    uint32_t subnet;

    if (target->zone && strcmp(target->zone, "all") == 0)
        return false;
    if (!own)
        return true;
    if (target->zone || choice->interface == VW_NONE)
        return false;
    subnet = vw_world_interface(world, choice->interface)->subnet;
    return subnet == VW_NONE || !vw_world_subnet(world, subnet)->zone;
}

/* The zone of a target; NULL: any, or not known. */
static const char *zone_of(const struct vw_world *world, const struct vw_target *target,
                           const struct vw_target_choice *choice)
{
    uint32_t subnet;

    if (target->zone)
        return strcmp(target->zone, "all") == 0 ? NULL : target->zone;
    if (choice->interface == VW_NONE)
        return NULL;
    subnet = vw_world_interface(world, choice->interface)->subnet;
    return subnet == VW_NONE ? NULL : vw_world_subnet(world, subnet)->zone;
}

static bool is_enabled(const struct vw_load_balancer *balancer, const char *zone)
{
    size_t i;

    for (i = 0; i < balancer->zone_count; i++)
        if (balancer->zones[i].zone && strcmp(balancer->zones[i].zone, zone) == 0)
            return true;
    return balancer->zone_count == 0;
}

static bool is_cross_zone(const struct vw_load_balancer *balancer,
                          const struct vw_target_group *group)
{
    if (group->cross_zone != VW_SETTING_UNKNOWN)
        return group->cross_zone == VW_SETTING_ON;
    if (balancer->type == VW_BALANCER_APPLICATION)
        return true;
    return balancer->cross_zone == VW_SETTING_ON;
}

static void set_preservation(const struct vw_load_balancer *balancer,
                             const struct vw_target_group *group,
                             struct vw_target_choice *choice)
{
    bool by_default;

    if (balancer->type == VW_BALANCER_APPLICATION)
        return;
    choice->preserves = group->preserve_client_ip == VW_SETTING_ON;
    if (group->preserve_client_ip != VW_SETTING_UNKNOWN)
        return;
    by_default = group->type == VW_TARGETS_INSTANCE ||
                 (group->protocol && strcmp(group->protocol, "TCP") != 0 &&
                  strcmp(group->protocol, "TLS") != 0);
    choice->preserves = by_default;
    choice->assumption = by_default
                             ? "ASSUMPTION_PRESERVE_CLIENT_IP_IS_ENABLED (the default)"
                             : "ASSUMPTION_PRESERVE_CLIENT_IP_IS_DISABLED (the default)";
}

struct chooser {
    const struct vw_world *world;
    const struct vw_load_balancer *balancer;
    const char *zone; /* of the node, or NULL */
    struct vw_target_choices *choices;
    bool other_zone; /* a usable target is in another zone */
    bool registered; /* there is a target at all */
};

static void consider(struct chooser *chooser, const struct vw_target_group *group,
                     const struct vw_target *target, bool healthy_only)
{
    struct vw_target_choice choice = {.target = target, .group = group};
    const char *zone;

    chooser->registered = true;
    if (has_health(target, "draining") || has_health(target, "unhealthy.draining") ||
        (healthy_only && !has_health(target, "healthy")))
        return;
    if (!locate(chooser->world, group, target, &choice)) {
        chooser->choices->is_unknown = true;
        chooser->choices->object = &group->object;
        chooser->choices->missing = VW_OBJECT_INSTANCE;
        return;
    }
    if (!is_cross_zone(chooser->balancer, group) &&
        needs_zone(chooser->world, target, &choice, chooser->zone)) {
        chooser->choices->is_unknown = true;
        chooser->choices->object = &group->object;
        chooser->choices->missing = VW_OBJECT_SUBNET;
        return;
    }
    zone = zone_of(chooser->world, target, &choice);
    if (zone && !is_enabled(chooser->balancer, zone))
        return;
    if (zone && chooser->zone && strcmp(zone, chooser->zone) != 0 &&
        !is_cross_zone(chooser->balancer, group)) {
        chooser->other_zone = true;
        return;
    }
    choice.port = target->port ? target->port : group->port;
    set_preservation(chooser->balancer, group, &choice);
    chooser->choices->items[chooser->choices->count++] = choice;
}

static size_t count_targets(const struct vw_world *world,
                            const struct vw_listener *listener)
{
    size_t i, count = 0;

    for (i = 0; i < listener->target_group_count; i++)
        count += vw_world_target_group(world, listener->target_groups[i])->target_count;
    return count;
}

static void consider_group(struct chooser *chooser, const struct vw_target_group *group)
{
    struct vw_target_choices *choices = chooser->choices;
    bool healthy_only = any_healthy(group);
    size_t i;

    if (group->type == VW_TARGETS_LAMBDA) {
        choices->answers_itself = true;
    } else if (group->type == VW_TARGETS_BALANCER) {
        choices->is_unknown = true;
        choices->reason = VW_REASON_UNSUPPORTED_COMPONENT;
        choices->object = &group->object;
    } else if (!group->object.exported || !group->targets_exported) {
        choices->is_unknown = true;
        choices->object = &group->object;
        choices->missing = VW_OBJECT_TARGET_GROUP;
    } else {
        for (i = 0; i < group->target_count; i++)
            consider(chooser, group, &group->targets[i], healthy_only);
    }
}

static void say_why(const struct chooser *chooser)
{
    struct vw_target_choices *choices = chooser->choices;

    if (choices->reason != VW_REASON_NONE)
        return;
    if (choices->is_unknown)
        choices->reason = VW_REASON_UNKNOWN_RESOURCE;
    else if (!chooser->registered)
        choices->reason = VW_REASON_ELBV2_LISTENER_HAS_NO_TG;
    else if (chooser->other_zone)
        choices->reason = VW_REASON_ELB_NOT_CROSSZONE;
    else
        choices->reason = VW_REASON_ELBV2_NO_TARGETS_IN_AZ;
}

int vw_targets_choose(struct vw_walk *walk, const struct vw_packet *packet,
                      const struct vw_load_balancer *balancer,
                      const struct vw_listener *listener,
                      struct vw_target_choices *ret_choices)
{
    const struct vw_world *world = walk->world;
    struct vw_target_choices choices = {.missing = -1};
    struct chooser chooser = {.world = world, .balancer = balancer, .choices = &choices};
    size_t i;

    choices.items = vw_arena_array(walk->arena, count_targets(world, listener),
                                   sizeof *choices.items);
    if (!choices.items)
        return VW_ERROR_NO_MEMORY;
    if (packet->subnet != VW_NONE)
        chooser.zone = vw_world_subnet(world, packet->subnet)->zone;
    for (i = 0; i < listener->target_group_count; i++)
        consider_group(&chooser,
                       vw_world_target_group(world, listener->target_groups[i]));
    say_why(&chooser);
    *ret_choices = choices;
    return 0;
}
