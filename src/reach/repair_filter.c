/*
 * What would mend a filter: a rule of a security group, an entry of a network ACL. Least
 * privilege: this peer, this protocol, these ports.
 */
#include "reach/repair.h"

#include "base/address.h"

size_t vw_repair_split(struct vw_address_range range,
                       struct vw_prefix prefixes[VW_REPAIR_PREFIXES])
{
    size_t count = 0;
    bool more = true;

    /* Stretches of the internet: a rule for all of it is what was asked for. */
    if (vw_address_is_public(range.first) && vw_address_is_public(range.last)) {
        struct vw_address_range rest = range;
        if (vw_range_take_prefix(&rest, &prefixes[0])) {
            prefixes[0] = vw_prefix_of(range.first, 0);
            return 1;
        }
    }
    while (more && count < VW_REPAIR_PREFIXES)
        more = vw_range_take_prefix(&range, &prefixes[count++]);
    return more ? 0 : count;
}

static void rule_fields(const struct vw_box *box, int *ret_protocol, int32_t *ret_from,
                        int32_t *ret_to)
{
    *ret_protocol = box->protocol;
    *ret_from = -1;
    *ret_to = -1;
    if (vw_protocol_is_icmp(box->protocol)) {
        if (box->source_ports.first == box->source_ports.last)
            *ret_from = box->source_ports.first;
        if (*ret_from >= 0 && box->ports.first == box->ports.last)
            *ret_to = box->ports.first;
    } else if (vw_protocol_has_ports(box->protocol)) {
        *ret_from = box->ports.first;
        *ret_to = box->ports.last;
    }
}

int vw_repair_groups(const struct vw_world *world, const struct vw_mark *mark,
                     struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_GROUP_RULE, .object = VW_NONE};
    struct vw_group_rule *rule = &change.group_rule;
    struct vw_prefix prefixes[VW_REPAIR_PREFIXES];
    const struct vw_interface *interface;
    uint32_t index;
    size_t i, count;

    if (!vw_repair_index(world, mark->object, &index))
        return 0;
    interface = vw_world_interface(world, index);
    for (i = 0; i < interface->group_count && change.object == VW_NONE; i++)
        if (vw_world_security_group(world, interface->groups[i])->object.exported)
            change.object = interface->groups[i];
    if (change.object == VW_NONE)
        return 0;
    change.egress = mark->stage == VW_STAGE_GROUP_OUT;
    rule->peer_kind = VW_PEER_PREFIX;
    rule->prefix_list = rule->group = VW_NONE;
    rule_fields(&mark->box, &rule->protocol, &rule->from, &rule->to);
    count = vw_repair_split(change.egress ? mark->box.destination : mark->box.source,
                            prefixes);
    for (i = 0; i < count; i++) {
        rule->prefix = prefixes[i];
        if (vw_array_push(changes, change))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* A free number before the entry that decided: the highest one below it, or ten above the
 * last entry where it was the closing `*`. 0 where there is none. */
static int32_t free_number(const struct vw_acl_entries *entries,
                           const struct vw_acl_entry *decided, size_t skip)
{
    int32_t limit = decided ? decided->number : 32767;
    int32_t below = 0, number;
    size_t i;

    for (i = 0; i < entries->count; i++)
        if (entries->items[i].number < limit && entries->items[i].number > below)
            below = entries->items[i].number;
    if (limit >= 32767)
        number = (below / 10 + 1 + (int32_t)skip) * 10;
    else
        number = limit - 1 - (int32_t)skip;
    return number > below && number < limit ? number : 0;
}

/* No number is free before the entry that decided: it moves to the next one, and the new
 * entry takes its place. */
static int replace_entry(const struct vw_network_acl *acl,
                         const struct vw_acl_entry *decided, size_t prefixes,
                         struct vw_change *change, struct vw_changes *changes)
{
    const struct vw_acl_entries *entries = change->egress ? &acl->egress : &acl->ingress;
    size_t i;

    if (!decided || decided->number >= 32766 || prefixes != 1)
        return 0;
    for (i = 0; i < entries->count; i++)
        if (entries->items[i].number == decided->number + 1)
            return 0;
    change->replaces = true;
    change->acl_entry.number = decided->number;
    change->moved = *decided;
    change->moved.number = decided->number + 1;
    return vw_array_push(changes, *change);
}

int vw_repair_acl(const struct vw_world *world, const struct vw_mark *mark,
                  struct vw_changes *changes)
{
    struct vw_change change = {.kind = VW_CHANGE_ACL_ENTRY};
    struct vw_acl_entry *entry = &change.acl_entry;
    struct vw_prefix prefixes[VW_REPAIR_PREFIXES];
    const struct vw_network_acl *acl;
    size_t i, count;

    if (!vw_repair_index(world, mark->object, &change.object))
        return 0;
    acl = vw_world_network_acl(world, change.object);
    change.egress = mark->stage == VW_STAGE_ACL_OUT;
    entry->allow = true;
    rule_fields(&mark->box, &entry->protocol, &entry->from, &entry->to);
    count = vw_repair_split(change.egress ? mark->box.destination : mark->box.source,
                            prefixes);
    for (i = 0; i < count; i++) {
        entry->prefix = prefixes[i];
        entry->number =
            free_number(change.egress ? &acl->egress : &acl->ingress, mark->rule, i);
        if (entry->number == 0 && i == 0)
            return replace_entry(acl, mark->rule, count, &change, changes);
        if (entry->number == 0)
            return 0;
        if (vw_array_push(changes, change))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}
