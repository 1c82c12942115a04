/* AWS Network Firewall: firewalls, policies and stateless rule groups. */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

#include "load/records_firewall.h"

/* ---- firewalls ---- */

static int build_firewall(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_firewall_record *record = item->record;
    const struct vw_id_record *endpoints = record->endpoints.items;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_firewall *firewall;
    uint32_t index, vpc, policy;
    size_t i;
    int error = vw_build_start(loader, VW_OBJECT_FIREWALL, item, &index);

    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_VPC, record->vpc, &vpc);
    if (!error)
        error = vw_refer(&referrer, VW_OBJECT_FIREWALL_POLICY, record->policy, &policy);
    if (error)
        return error;
    firewall = vw_world_edit_firewall(loader->world, index);
    vw_build_head(loader, item, &firewall->object, record->name, NULL);
    firewall->vpc = vpc;
    firewall->policy = policy;
    firewall->endpoints = vw_arena_array(&loader->world->arena, record->endpoints.count,
                                         sizeof *firewall->endpoints);
    if (!firewall->endpoints)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < record->endpoints.count; i++)
        firewall->endpoints[i] = endpoints[i].id;
    firewall->endpoint_count = record->endpoints.count;
    return vw_region_of_arn(loader->world, item->id, &firewall->object.region);
}

/* ---- policies ---- */

/* One of the actions is a standard one; custom ones beside it only publish metrics. */
static enum vw_firewall_action action_of(const struct vw_list *list)
{
    const struct vw_id_record *actions = list->items;
    size_t i;

    for (i = 0; i < list->count; i++) {
        if (strcmp(actions[i].id, "aws:pass") == 0)
            return VW_FIREWALL_PASS;
        if (strcmp(actions[i].id, "aws:drop") == 0)
            return VW_FIREWALL_DROP;
        if (strcmp(actions[i].id, "aws:forward_to_sfe") == 0)
            return VW_FIREWALL_FORWARD;
    }
    return VW_FIREWALL_UNKNOWN;
}

/* "aws:drop_strict" and the like; those named "aws:alert_..." let pass. */
static bool drops(const struct vw_list *list)
{
    const struct vw_id_record *actions = list->items;
    size_t i;

    for (i = 0; i < list->count; i++)
        if (strncmp(actions[i].id, "aws:drop", 8) == 0)
            return true;
    return false;
}

static int build_references(struct vw_loader *loader, const struct vw_item *item,
                            struct vw_firewall_reference **ret)
{
    const struct vw_policy_record *record = item->record;
    const struct vw_group_reference_record *records = record->stateless.items;
    struct vw_referrer referrer = {loader, item, NULL, NULL, false};
    struct vw_firewall_reference *references = vw_arena_array(
        &loader->world->arena, record->stateless.count, sizeof *references);
    size_t i;
    int error = references ? 0 : VW_ERROR_NO_MEMORY;

    for (i = 0; i < record->stateless.count && !error; i++) {
        referrer.pointer = records[i].pointer;
        references[i].priority = records[i].priority.value;
        error = vw_refer(&referrer, VW_OBJECT_RULE_GROUP, records[i].id,
                         &references[i].rule_group);
    }
    if (!error)
        *ret = references;
    return error;
}

static int build_policy(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_policy_record *record = item->record;
    struct vw_firewall_reference *references;
    struct vw_firewall_policy *policy;
    uint32_t index;
    int error = vw_build_start(loader, VW_OBJECT_FIREWALL_POLICY, item, &index);

    if (!error)
        error = build_references(loader, item, &references);
    if (error)
        return error;
    policy = vw_world_edit_firewall_policy(loader->world, index);
    vw_build_head(loader, item, &policy->object, NULL, NULL);
    policy->stateless = references;
    policy->stateless_count = record->stateless.count;
    policy->has_stateful = record->stateful.count > 0 || drops(&record->stateful_actions);
    policy->default_action = action_of(&record->actions);
    return vw_region_of_arn(loader->world, item->id, &policy->object.region);
}

/* ---- rule groups ---- */

static int copy_prefixes(struct vw_arena *arena, const struct vw_list *list,
                         struct vw_prefix **ret, size_t *ret_count)
{
    const struct vw_cidr_record *records = list->items;
    struct vw_prefix *prefixes = vw_arena_array(arena, list->count, sizeof *prefixes);
    size_t i;

    if (!prefixes)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < list->count; i++)
        prefixes[i] = records[i].prefix;
    *ret = prefixes;
    *ret_count = list->count;
    return 0;
}

static int copy_ports(struct vw_arena *arena, const struct vw_list *list,
                      struct vw_port_range **ret, size_t *ret_count)
{
    const struct vw_ports_record *records = list->items;
    struct vw_port_range *ports = vw_arena_array(arena, list->count, sizeof *ports);
    size_t i;

    if (!ports)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < list->count; i++)
        ports[i] = (struct vw_port_range){(uint16_t)records[i].from.value,
                                          (uint16_t)records[i].to.value};
    *ret = ports;
    *ret_count = list->count;
    return 0;
}

static int copy_protocols(struct vw_arena *arena, const struct vw_list *list,
                          struct vw_firewall_rule *rule)
{
    const struct vw_protocol_record *records = list->items;
    size_t i;

    rule->protocols = vw_arena_array(arena, list->count, sizeof *rule->protocols);
    if (!rule->protocols)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < list->count; i++)
        rule->protocols[i] = (int)records[i].number.value;
    rule->protocol_count = list->count;
    return 0;
}

static int build_rule(struct vw_loader *loader, const struct vw_item *item,
                      const struct vw_stateless_record *record,
                      struct vw_firewall_rule *rule)
{
    struct vw_arena *arena = &loader->world->arena;
    int error =
        copy_prefixes(arena, &record->sources, &rule->sources, &rule->source_count);

    if (!error)
        error = copy_prefixes(arena, &record->destinations, &rule->destinations,
                              &rule->destination_count);
    if (!error)
        error = copy_ports(arena, &record->source_ports, &rule->source_ports,
                           &rule->source_port_count);
    if (!error)
        error = copy_ports(arena, &record->ports, &rule->ports, &rule->port_count);
    rule->priority = record->priority.value;
    rule->action = action_of(&record->actions);
    rule->has_tcp_flags = record->flags.count > 0;
    rule->source = vw_item_source(loader, item, record->pointer);
    return error ? error : copy_protocols(arena, &record->protocols, rule);
}

static int build_rule_group(struct vw_loader *loader, const struct vw_item *item)
{
    const struct vw_rule_group_record *record = item->record;
    const struct vw_stateless_record *records = record->rules.items;
    struct vw_rule_group *group;
    uint32_t index;
    size_t i;
    int error = vw_build_start(loader, VW_OBJECT_RULE_GROUP, item, &index);

    if (error)
        return error;
    group = vw_world_edit_rule_group(loader->world, index);
    vw_build_head(loader, item, &group->object, record->name, NULL);
    group->is_stateless =
        record->type ? strcmp(record->type, "STATELESS") == 0 : record->rules.count > 0;
    group->rules =
        vw_arena_array(&loader->world->arena, record->rules.count, sizeof *group->rules);
    if (!group->rules)
        return VW_ERROR_NO_MEMORY;
    group->rule_count = record->rules.count;
    for (i = 0; i < record->rules.count && !error; i++)
        error = build_rule(loader, item, &records[i], &group->rules[i]);
    return error ? error
                 : vw_region_of_arn(loader->world, item->id, &group->object.region);
}

int vw_build_firewalls(struct vw_loader *loader)
{
    int error = vw_build_each(loader, VW_OBJECT_FIREWALL, build_firewall);

    if (!error)
        error = vw_build_each(loader, VW_OBJECT_FIREWALL_POLICY, build_policy);
    return error ? error : vw_build_each(loader, VW_OBJECT_RULE_GROUP, build_rule_group);
}
