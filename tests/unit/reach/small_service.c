/* Services of AWS built by hand; see small_service.h. */
#include "reach/small_service.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint32_t refer(struct vw_world *world, enum vw_object_kind kind, const char *id)
{
    uint32_t index = VW_NONE;

    assert_int_equal(vw_world_refer(world, kind, id, &index), 0);
    return index;
}

/* One element longer, zeroed. */
static void *longer(struct vw_world *world, const void *items, size_t count, size_t size)
{
    void *copy = vw_arena_array(&world->arena, count + 1, size);

    assert_non_null(copy);
    if (count > 0)
        memcpy(copy, items, count * size);
    return copy;
}

static uint32_t *with_index(struct vw_world *world, const uint32_t *items, size_t count,
                            uint32_t index)
{
    uint32_t *copy = longer(world, items, count, sizeof *copy);

    copy[count] = index;
    return copy;
}

uint32_t small_endpoint(struct vw_world *world, const char *id, const char *vpc,
                        enum vw_endpoint_type type, const char *service)
{
    uint32_t index = refer(world, VW_OBJECT_VPC_ENDPOINT, id);
    struct vw_vpc_endpoint *endpoint = vw_world_edit_vpc_endpoint(world, index);

    endpoint->object.exported = true;
    endpoint->type = type;
    endpoint->service_name = service;
    endpoint->state = "available";
    endpoint->vpc = small_find(world, VW_OBJECT_VPC, vpc);
    endpoint->firewall = VW_NONE;
    return index;
}

void small_endpoint_interface(struct vw_world *world, uint32_t endpoint,
                              uint32_t interface)
{
    struct vw_vpc_endpoint *object = vw_world_edit_vpc_endpoint(world, endpoint);

    object->interfaces =
        with_index(world, object->interfaces, object->interface_count++, interface);
}

void small_endpoint_subnet(struct vw_world *world, uint32_t endpoint, uint32_t subnet)
{
    struct vw_vpc_endpoint *object = vw_world_edit_vpc_endpoint(world, endpoint);

    object->subnets = with_index(world, object->subnets, object->subnet_count++, subnet);
}

uint32_t small_requested(struct vw_world *world, const char *eni, uint32_t subnet,
                         const char *address, const char *type, uint32_t group)
{
    uint32_t index = small_host(world, eni, subnet, address, NULL, group);
    struct vw_interface *interface = vw_world_edit_interface(world, index);

    interface->instance = VW_NONE;
    interface->type = type;
    return index;
}

uint32_t small_firewall(struct vw_world *world, const char *endpoint)
{
    uint32_t index = refer(world, VW_OBJECT_FIREWALL, "fw-1");
    uint32_t policy = refer(world, VW_OBJECT_FIREWALL_POLICY, "policy-1");
    uint32_t group = refer(world, VW_OBJECT_RULE_GROUP, "rules-1");
    struct vw_firewall *firewall = vw_world_edit_firewall(world, index);
    struct vw_firewall_policy *object = vw_world_edit_firewall_policy(world, policy);

    firewall->object.exported = object->object.exported = true;
    vw_world_edit_rule_group(world, group)->object.exported = true;
    firewall->policy = policy;
    firewall->endpoints = longer(world, NULL, 0, sizeof *firewall->endpoints);
    firewall->endpoints[firewall->endpoint_count++] = endpoint;
    object->stateless = longer(world, NULL, 0, sizeof *object->stateless);
    object->stateless[object->stateless_count++].rule_group = group;
    object->default_action = VW_FIREWALL_PASS;
    return index;
}

static void any_or_one(struct vw_world *world, const char *text,
                       struct vw_prefix **ret_prefixes, size_t *ret_count)
{
    if (!text)
        return;
    *ret_prefixes = longer(world, NULL, 0, sizeof **ret_prefixes);
    (*ret_prefixes)[(*ret_count)++] = small_prefix(text);
}

struct vw_firewall_rule *small_firewall_rule(struct vw_world *world, int priority,
                                             enum vw_firewall_action action,
                                             const char *source, const char *destination,
                                             int protocol, uint16_t port)
{
    struct vw_rule_group *group = vw_world_edit_rule_group(
        world, small_find(world, VW_OBJECT_RULE_GROUP, "rules-1"));
    struct vw_firewall_rule *rule;

    group->rules = longer(world, group->rules, group->rule_count, sizeof *group->rules);
    rule = &group->rules[group->rule_count++];
    rule->priority = priority;
    rule->action = action;
    any_or_one(world, source, &rule->sources, &rule->source_count);
    any_or_one(world, destination, &rule->destinations, &rule->destination_count);
    if (protocol >= 0) {
        rule->protocols = longer(world, NULL, 0, sizeof *rule->protocols);
        rule->protocols[rule->protocol_count++] = protocol;
    }
    if (port > 0) {
        rule->ports = longer(world, NULL, 0, sizeof *rule->ports);
        rule->ports[rule->port_count++] = (struct vw_port_range){port, port};
    }
    return rule;
}
