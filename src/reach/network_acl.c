/*
 * What AWS says (VPC User Guide, "Control subnet traffic with network access control
 * lists"): entries are taken in ascending order of their number, the first that matches
 * decides, and entry `*` (32767) denies what is left. Network ACLs are stateless: replies
 * need entries of their own. They act at the border of the subnet.
 *
 * What we do: narrow the packet to the part that the first matching entry covers, and
 * decide by it; the rest comes back and meets the later entries. Where an unknown hop may
 * have changed the source address, the answer stands only if it does not depend on it.
 */
#include "reach/rule_text.h"
#include "reach/walk.h"

#include <stdio.h>

static bool is_egress(const struct vw_mark *mark)
{
    return mark->stage == VW_STAGE_ACL_OUT;
}

static int explain_entry(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_acl_entry *entry = mark->rule;
    bool egress = is_egress(mark);
    char ports[VW_RULE_PORTS_TEXT], prefix[VW_PREFIX_TEXT], number[16];
    int error;

    vw_rule_ports(entry->protocol, entry->from, entry->to, ports);
    vw_prefix_format(entry->prefix, prefix);
    snprintf(number, sizeof number, entry->number == 32767 ? "*" : "%d", entry->number);
    explainer->step.source.file = entry->source.file;
    explainer->step.source.pointer = entry->source.pointer;
    error = vw_explain_rule(explainer, "%s %s %s %s %s %s", egress ? "out" : "in", number,
                            entry->allow ? "allow" : "deny", ports,
                            egress ? "to" : "from", prefix);
    if (!error)
        error = vw_explain_number(explainer, "rule_number", entry->number);
    if (!error)
        error = vw_explain_fact(explainer, "action", entry->allow ? "allow" : "deny");
    if (!error)
        error = vw_explain_fact(explainer, "direction", egress ? "egress" : "ingress");
    if (!error)
        error = vw_explain_rule_ports(explainer, entry->protocol, entry->from, entry->to);
    if (!error)
        error = vw_explain_fact(explainer, "cidr", prefix);
    return error;
}

static int explain_decided(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_network_acl *acl = (const struct vw_network_acl *)mark->object;
    const struct vw_acl_entry *entry = mark->rule;
    const char *way = is_egress(mark) ? "leaving" : "entering";
    char traffic[VW_TRAFFIC_TEXT];
    int error = explain_entry(explainer, mark);

    if (error)
        return error;
    vw_box_traffic(&mark->box, traffic);
    if (entry->allow)
        return vw_explain_sentence(explainer, "entry %d admits it %s subnet %s",
                                   entry->number, way, mark->other->id);
    if (entry->number == 32767)
        return vw_explain_sentence(
            explainer, "no entry of %s%s admits %s from %s to %s %s subnet %s",
            acl->object.id, vw_explain_name(explainer, &acl->object), traffic,
            vw_explain_source(explainer, mark), vw_explain_destination(explainer, mark),
            way, mark->other->id);
    return vw_explain_sentence(
        explainer, "entry %d of %s%s denies %s from %s to %s %s subnet %s", entry->number,
        acl->object.id, vw_explain_name(explainer, &acl->object), traffic,
        vw_explain_source(explainer, mark), vw_explain_destination(explainer, mark), way,
        mark->other->id);
}

static int explain_no_entry(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];

    vw_box_traffic(&mark->box, traffic);
    return vw_explain_sentence(explainer,
                               "no entry of %s%s admits %s from %s to %s at subnet %s",
                               mark->object->id, vw_explain_name(explainer, mark->object),
                               traffic, vw_explain_source(explainer, mark),
                               vw_explain_destination(explainer, mark), mark->other->id);
}

static int explain_unknown(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    if (mark->missing >= 0)
        return vw_explain_sentence(explainer,
                                   "the network ACL of subnet %s is not in the export",
                                   mark->other->id);
    return vw_explain_sentence(explainer,
                               "what %s decides depends on the source address, which a "
                               "hop before it may have changed",
                               mark->object->id);
}

/* Whether the entries decide alike for every source address the packet could have. */
static bool decides_without_source(const struct vw_acl_entries *entries,
                                   const struct vw_packet *packet, bool *ret_allow)
{
    enum vw_family family = packet->wire.source.first.family;
    bool any = false;
    size_t i;

    for (i = 0; i < entries->count; i++) {
        const struct vw_acl_entry *entry = &entries->items[i];
        struct vw_box region;

        if (entry->prefix.address.family != family ||
            !vw_box_match_protocol(&packet->wire, entry->protocol, entry->from, entry->to,
                                   &region))
            continue;
        if (any && entry->allow != *ret_allow)
            return false;
        any = true;
        *ret_allow = entry->allow;
        if (entry->prefix.length == 0)
            return true;
    }
    return false;
}

/* Cuts the packet down to ports that every entry matches as a whole or not at all. */
static int narrow_ports(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_acl_entries *entries)
{
    size_t i;
    int error = 0;

    for (i = 0; i < entries->count && !error; i++) {
        const struct vw_acl_entry *entry = &entries->items[i];
        struct vw_box region;

        if (entry->prefix.address.family == packet->wire.source.first.family &&
            vw_box_match_protocol(&packet->wire, entry->protocol, entry->from, entry->to,
                                  &region))
            error = vw_walk_narrow(walk, packet, &region);
    }
    return error;
}

static const struct vw_acl_entry *first_match(const struct vw_acl_entries *entries,
                                              const struct vw_packet *packet, bool egress,
                                              struct vw_box *ret_region)
{
    const struct vw_address_range *peer =
        egress ? &packet->wire.destination : &packet->wire.source;
    size_t i;

    for (i = 0; i < entries->count; i++) {
        const struct vw_acl_entry *entry = &entries->items[i];

        if (!vw_prefix_overlaps(entry->prefix, *peer) ||
            !vw_box_match_protocol(&packet->wire, entry->protocol, entry->from, entry->to,
                                   ret_region))
            continue;
        *(egress ? &ret_region->destination : &ret_region->source) =
            vw_prefix_range(entry->prefix);
        return entry;
    }
    return NULL;
}

static int mark_unknown(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_object *acl, const struct vw_object *subnet)
{
    struct vw_mark *mark =
        vw_walk_mark(walk, packet, VW_STEP_NETWORK_ACL, VW_DECISION_UNKNOWN,
                     VW_REASON_UNKNOWN_RESOURCE, acl ? acl : subnet, explain_unknown);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->missing = acl ? -1 : VW_OBJECT_NETWORK_ACL;
    mark->other = subnet;
    return 0;
}

static int evaluate_entries(struct vw_walk *walk, struct vw_packet *packet,
                            const struct vw_network_acl *acl,
                            const struct vw_object *subnet, bool egress)
{
    const struct vw_acl_entries *entries = egress ? &acl->egress : &acl->ingress;
    const struct vw_acl_entry *entry;
    struct vw_mark *mark;
    struct vw_box region;
    bool allow;
    int error;

    if (egress == (packet->direction == VW_RETURN) && packet->unsure_source) {
        error = narrow_ports(walk, packet, entries);
        if (error)
            return error;
        if (!decides_without_source(entries, packet, &allow))
            return mark_unknown(walk, packet, &acl->object, subnet);
    }
    entry = first_match(entries, packet, egress, &region);
    if (entry) {
        error = vw_walk_narrow(walk, packet, &region);
        if (error)
            return error;
    }
    allow = entry && entry->allow;
    mark = vw_walk_mark(walk, packet, VW_STEP_NETWORK_ACL,
                        allow ? VW_DECISION_ALLOW : VW_DECISION_DENY,
                        allow ? VW_REASON_NONE : VW_REASON_SUBNET_ACL_RESTRICTION,
                        &acl->object, entry ? explain_decided : explain_no_entry);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = entry;
    mark->other = subnet;
    return 0;
}

static int evaluate(struct vw_walk *walk, struct vw_packet *packet, bool egress)
{
    const struct vw_world *world = walk->world;
    const struct vw_subnet *subnet;

    if (packet->subnet == VW_NONE)
        return mark_unknown(
            walk, packet, NULL,
            &vw_world_interface(world, egress ? packet->sender : packet->receiver)
                 ->object);
    subnet = vw_world_subnet(world, packet->subnet);
    if (subnet->network_acl == VW_NONE ||
        !vw_world_network_acl(world, subnet->network_acl)->object.exported)
        return mark_unknown(walk, packet, NULL, &subnet->object);
    return evaluate_entries(walk, packet,
                            vw_world_network_acl(world, subnet->network_acl),
                            &subnet->object, egress);
}

int vw_network_acl_out(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->stage = VW_STAGE_ROUTE;
    return evaluate(walk, packet, true);
}

int vw_network_acl_in(struct vw_walk *walk, struct vw_packet *packet)
{
    packet->stage =
        vw_hop_has_groups(packet->hop.kind) ? VW_STAGE_GROUP_IN : VW_STAGE_HOP;
    return evaluate(walk, packet, false);
}
