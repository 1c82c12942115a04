/* Security groups, network ACLs, states and owners; see naive.h. */
#include <string.h>

#include "reach/naive.h"

const struct vw_interface *naive_interface(const struct naive *s, uint32_t index)
{
    return vw_world_interface(s->world, index);
}

bool naive_alive(const struct naive *s, uint32_t index)
{
    const struct vw_interface *interface = naive_interface(s, index);

    return (interface->instance == VW_NONE ||
            strcmp(vw_world_instance(s->world, interface->instance)->state, "running") ==
                0) &&
           strcmp(interface->attachment, "attached") == 0;
}

uint32_t naive_owner(const struct naive *s, uint32_t vpc, struct vw_address address,
                     size_t *ret_entry)
{
    uint32_t i;
    size_t j;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = naive_interface(s, i);
        for (j = 0; j < interface->address_count; j++) {
            if (interface->vpc != vpc ||
                !vw_prefix_contains(interface->addresses[j].prefix, address))
                continue;
            if (ret_entry)
                *ret_entry = j;
            return i;
        }
    }
    return VW_NONE;
}

const struct naive_crossing *naive_crossed(const struct naive *s, uint32_t interface)
{
    size_t i;

    for (i = s->crossing_count; i > 0; i--)
        if (s->crossings[i - 1].interface == interface)
            return &s->crossings[i - 1];
    return NULL;
}

bool naive_in_vpc(const struct naive *s, uint32_t vpc, struct vw_address address)
{
    const struct vw_vpc *object = vw_world_vpc(s->world, vpc);
    size_t i;

    for (i = 0; i < object->cidr_count; i++)
        if (vw_prefix_contains(object->cidrs[i], address))
            return true;
    return false;
}

bool naive_in_subnet(const struct naive *s, uint32_t subnet, struct vw_address address)
{
    const struct vw_subnet *object = vw_world_subnet(s->world, subnet);
    size_t i;

    for (i = 0; i < object->cidr_count; i++)
        if (vw_prefix_contains(object->cidrs[i], address))
            return true;
    return false;
}

static bool fits(const struct naive_packet *packet, int protocol, int from, int to)
{
    if (protocol == -1)
        return true;
    if (protocol != packet->protocol)
        return false;
    if (protocol == 1 || protocol == 58)
        return from == -1 ||
               (from == packet->source_port && (to == -1 || to == packet->port));
    return from == -1 || (packet->port >= from && packet->port <= to);
}

static bool member(const struct naive *s, uint32_t interface, uint32_t group)
{
    size_t i;

    for (i = 0; i < naive_interface(s, interface)->group_count; i++)
        if (naive_interface(s, interface)->groups[i] == group)
            return true;
    return false;
}

static bool same_region_peers(const struct naive *s, uint32_t a, uint32_t b)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_PEERING); i++) {
        const struct vw_peering *peering = vw_world_peering(s->world, i);
        uint32_t x = peering->requester.vpc, y = peering->accepter.vpc;
        if (((x == a && y == b) || (x == b && y == a)) &&
            strcmp(peering->state, "active") == 0 &&
            strcmp(peering->requester.region, peering->accepter.region) == 0)
            return true;
    }
    return false;
}

/* Whether the other end of the packet belongs to a group, as the rule's own VPC sees it. */
static bool is_group_peer(const struct naive *s, uint32_t here, uint32_t group,
                          bool egress)
{
    uint32_t vpc = naive_interface(s, here)->vpc, i;

    if (!egress)
        return s->sender != VW_NONE && s->identity && member(s, s->sender, group);
    for (i = 0; i < vw_world_count(s->world, VW_OBJECT_VPC); i++) {
        uint32_t owner = naive_owner(s, i, s->packet.destination, NULL);
        if (owner != VW_NONE && member(s, owner, group) &&
            (i == vpc || same_region_peers(s, i, vpc)))
            return true;
    }
    return false;
}

static bool admits(const struct naive *s, uint32_t here, const struct vw_group_rule *rule,
                   bool egress)
{
    struct vw_address peer = egress ? s->packet.destination : s->packet.source;
    const struct vw_prefix_list *list;
    size_t i;

    if (!fits(&s->packet, rule->protocol, rule->from, rule->to))
        return false;
    if (rule->peer_kind == VW_PEER_PREFIX)
        return vw_prefix_contains(rule->prefix, peer);
    if (rule->peer_kind == VW_PEER_GROUP)
        return is_group_peer(s, here, rule->group, egress);
    list = vw_world_prefix_list(s->world, rule->prefix_list);
    for (i = 0; i < list->prefix_count; i++)
        if (vw_prefix_contains(list->prefixes[i], peer))
            return true;
    return false;
}

bool naive_groups(const struct naive *s, uint32_t here, bool egress)
{
    const struct vw_interface *interface = naive_interface(s, here);
    size_t i, j;

    if (s->reply && (here == s->a || here == s->b || naive_crossed(s, here)))
        return true;
    for (i = 0; i < interface->group_count; i++) {
        const struct vw_security_group *group =
            vw_world_security_group(s->world, interface->groups[i]);
        const struct vw_group_rules *rules = egress ? &group->egress : &group->ingress;
        for (j = 0; j < rules->count; j++)
            if (admits(s, here, &rules->items[j], egress))
                return true;
    }
    return false;
}

bool naive_acl(const struct naive *s, uint32_t subnet, bool egress)
{
    const struct vw_network_acl *acl =
        vw_world_network_acl(s->world, vw_world_subnet(s->world, subnet)->network_acl);
    const struct vw_acl_entries *entries = egress ? &acl->egress : &acl->ingress;
    struct vw_address peer = egress ? s->packet.destination : s->packet.source;
    const struct vw_acl_entry *best = NULL;
    size_t i;

    for (i = 0; i < entries->count; i++) {
        const struct vw_acl_entry *entry = &entries->items[i];
        if (fits(&s->packet, entry->protocol, entry->from, entry->to) &&
            vw_prefix_contains(entry->prefix, peer) &&
            (!best || entry->number < best->number))
            best = entry;
    }
    return best && best->allow;
}
