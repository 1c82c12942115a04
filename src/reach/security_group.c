/*
 * What AWS says (VPC User Guide, "Control traffic to your AWS resources using security
 * groups"; EC2 User Guide, "Security group connection tracking"): a security group holds
 * allow rules only; an interface's groups are taken together, any rule that matches
 * admits the traffic; groups are stateful, so the reply of admitted traffic is admitted
 * whatever the rules say. A rule may name a group instead of addresses: it then matches
 * the private addresses of that group's interfaces, as long as the path preserves the
 * sender's identity.
 *
 * What we do: look for a rule that admits the packet, or part of it, and narrow the
 * packet to that part; what no rule admits is denied. Where a rule that could admit it
 * cannot be evaluated (prefix list without entries, group not exported, source address
 * changed by a hop that is not modelled), the answer is unknown instead.
 */
#include "reach/security_group_text.h"
#include "reach/walk.h"

#include <string.h>

struct search {
    struct vw_walk *walk;
    struct vw_packet *packet;
    const struct vw_interface *interface;
    bool egress;
    /* Found so far. */
    const struct vw_group_rule *undecided;   /* could admit, but cannot be evaluated */
    struct vw_box undecided_region;          /* what it could admit */
    const struct vw_security_group *missing; /* not exported */
    const struct vw_group_rule *lost;        /* names a group whose identity is lost */
    bool has_rules;
};

enum match { MATCH_NO, MATCH_YES, MATCH_UNDECIDED, MATCH_LOST };

static bool in_group(const struct vw_interface *interface, uint32_t group)
{
    size_t i;

    for (i = 0; i < interface->group_count; i++)
        if (interface->groups[i] == group)
            return true;
    return false;
}

static enum match match_prefix(const struct search *search, struct vw_prefix prefix,
                               struct vw_box *region)
{
    struct vw_address_range *peer =
        search->egress ? &region->destination : &region->source;
    bool is_unsure = !search->egress && search->packet->unsure_source;

    if (!vw_prefix_overlaps(prefix, *peer))
        return is_unsure ? MATCH_UNDECIDED : MATCH_NO;
    if (is_unsure && !vw_range_covers(vw_prefix_range(prefix), *peer))
        return MATCH_UNDECIDED;
    *peer = vw_prefix_range(prefix);
    return MATCH_YES;
}

static enum match match_prefix_list(const struct search *search, uint32_t index,
                                    struct vw_box *region)
{
    const struct vw_prefix_list *list = vw_world_prefix_list(search->walk->world, index);
    enum match best = MATCH_NO;
    size_t i;

    if (!list->entries_known)
        return MATCH_UNDECIDED;
    for (i = 0; i < list->prefix_count; i++) {
        struct vw_box candidate = *region;
        enum match match = match_prefix(search, list->prefixes[i], &candidate);

        if (match == MATCH_YES) {
            *region = candidate;
            return MATCH_YES;
        }
        if (match == MATCH_UNDECIDED)
            best = match;
    }
    return best;
}

/* Inbound: the sender itself must be in the group. */
static enum match match_sender(const struct search *search, uint32_t group)
{
    const struct vw_packet *packet = search->packet;

    if (packet->unsure_source)
        return MATCH_UNDECIDED;
    if (packet->sender == VW_NONE ||
        !in_group(vw_world_interface(search->walk->world, packet->sender), group))
        return MATCH_NO;
    return packet->identity ? MATCH_YES : MATCH_LOST;
}

/* The lowest destinations that no interface of the export owns; false where all are
 * owned. */
static bool first_unowned(const struct vw_world *world,
                          struct vw_address_range *destination)
{
    struct vw_address_range rest = *destination;
    const struct vw_owner *owner, *end;

    while ((owner = vw_owner_anywhere(world, rest, &end)) != NULL) {
        if (vw_address_compare(rest.first, owner->range.first) < 0) {
            vw_address_previous(owner->range.first, &rest.last);
            break;
        }
        if (vw_address_compare(owner->range.last, rest.last) >= 0 ||
            !vw_address_next(owner->range.last, &rest.first))
            return false;
    }
    *destination = rest;
    return true;
}

/* Outbound: the first destination that belongs to an interface of the group. */
static enum match match_receiver(const struct search *search, uint32_t group,
                                 struct vw_box *region)
{
    const struct vw_world *world = search->walk->world;
    const struct vw_owner *end;
    const struct vw_owner *owner = vw_owner_anywhere(world, region->destination, &end);

    for (; owner && owner < end && vw_range_overlaps(owner->range, region->destination);
         owner++) {
        if (!in_group(vw_world_interface(world, owner->interface), group))
            continue;
        if (!vw_identity_survives(world, search->interface->vpc, owner->vpc))
            continue;
        region->destination = owner->range;
        return MATCH_YES;
    }
    if (!vw_world_security_group(world, group)->object.exported &&
        first_unowned(world, &region->destination))
        return MATCH_UNDECIDED;
    return MATCH_NO;
}

static enum match match_peer(const struct search *search,
                             const struct vw_group_rule *rule, struct vw_box *region)
{
    switch (rule->peer_kind) {
    case VW_PEER_PREFIX:
        if (rule->prefix.address.family != region->source.first.family)
            return MATCH_NO;
        return match_prefix(search, rule->prefix, region);
    case VW_PEER_PREFIX_LIST:
        return match_prefix_list(search, rule->prefix_list, region);
    case VW_PEER_GROUP:
        return search->egress ? match_receiver(search, rule->group, region)
                              : match_sender(search, rule->group);
    }
    return MATCH_NO;
}

/* The rule admits (part of) the packet: narrow, mark. */
static int admit(struct search *search, const struct vw_security_group *group,
                 const struct vw_group_rule *rule, const struct vw_box *region)
{
    struct vw_mark *mark;
    int error = vw_walk_narrow(search->walk, search->packet, region);

    if (error)
        return error;
    mark = vw_walk_mark(search->walk, search->packet, VW_STEP_SECURITY_GROUP,
                        VW_DECISION_ALLOW, VW_REASON_NONE, &group->object,
                        vw_group_explain_allow);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = rule;
    mark->other = &search->interface->object;
    return 0;
}

/* The first rule from `i` on for which its key does not say already that no packet of
 * `wire` fits. */
static size_t next_candidate(const struct vw_rule_key *keys, size_t i, size_t count,
                             const struct vw_box *wire)
{
    int protocol = wire->protocol;
    struct vw_port_range ports = wire->ports;

    while (i < count && (keys[i].first > ports.last || keys[i].last < ports.first ||
                         (keys[i].protocol != protocol && keys[i].protocol != -1)))
        i++;
    return i;
}

static enum match match_rule(const struct search *search,
                             const struct vw_group_rule *rule, struct vw_box *region)
{
    if (!vw_box_match_protocol(&search->packet->wire, rule->protocol, rule->from,
                               rule->to, region))
        return MATCH_NO;
    return match_peer(search, rule, region);
}

/* Looks through one group; *ret_admitted when a rule let the packet pass. */
static int search_group(struct search *search, const struct vw_security_group *group,
                        bool *ret_admitted)
{
    const struct vw_group_rules *rules =
        search->egress ? &group->egress : &group->ingress;
    const struct vw_rule_key *keys =
        search->egress ? group->egress_keys : group->ingress_keys;
    size_t i;

    if (rules->count > 0)
        search->has_rules = true;
    for (i = 0; i < rules->count; i++) {
        const struct vw_group_rule *rule;
        struct vw_box region;

        if (keys)
            i = next_candidate(keys, i, rules->count, &search->packet->wire);
        if (i == rules->count)
            break;
        rule = &rules->items[i];
        switch (match_rule(search, rule, &region)) {
        case MATCH_YES:
            *ret_admitted = true;
            return admit(search, group, rule, &region);
        case MATCH_UNDECIDED:
            search->undecided = rule;
            search->undecided_region = region;
            break;
        case MATCH_LOST:
            search->lost = rule;
            break;
        case MATCH_NO:
            break;
        }
    }
    return 0;
}

static int mark_undecided(struct search *search)
{
    const struct vw_world *world = search->walk->world;
    const struct vw_group_rule *rule = search->undecided;
    const struct vw_object *object = &search->interface->object;
    int missing = -1, error;
    struct vw_mark *mark;

    /* What the rule cannot admit in any case is for the other rules to decide. */
    error = search->missing
                ? 0
                : vw_walk_narrow(search->walk, search->packet, &search->undecided_region);
    if (error)
        return error;
    if (!rule && search->missing) {
        object = &search->missing->object;
        missing = VW_OBJECT_SECURITY_GROUP;
    } else if (rule && rule->peer_kind == VW_PEER_PREFIX_LIST &&
               !vw_world_prefix_list(world, rule->prefix_list)->entries_known) {
        object = &vw_world_prefix_list(world, rule->prefix_list)->object;
        missing = VW_OBJECT_PREFIX_LIST;
    }
    mark = vw_walk_mark(
        search->walk, search->packet, VW_STEP_SECURITY_GROUP, VW_DECISION_UNKNOWN,
        rule && rule->peer_kind == VW_PEER_GROUP ? VW_REASON_UNKNOWN_PEERED_SGS
                                                 : VW_REASON_UNKNOWN_RESOURCE,
        object, vw_group_explain_undecided);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = rule;
    mark->other = &search->interface->object;
    mark->missing = missing;
    return 0;
}

static int mark_denied(const struct search *search)
{
    enum vw_reason reason = VW_REASON_ENI_SG_RULES_MISMATCH;
    struct vw_mark *mark;

    if (search->lost)
        reason = search->packet->identity_lost;
    else if (!search->has_rules)
        reason = VW_REASON_SG_HAS_NO_RULES;
    mark = vw_walk_mark(search->walk, search->packet, VW_STEP_SECURITY_GROUP,
                        VW_DECISION_DENY, reason, &search->interface->object,
                        vw_group_explain_deny);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = search->lost;
    return 0;
}

static int explain_no_groups(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = 0;

    if (mark->decision == VW_DECISION_SKIP)
        error = vw_explain_rule(explainer, "none: nothing is filtered");
    if (error)
        return error;
    if (mark->decision == VW_DECISION_SKIP)
        return vw_explain_sentence(explainer,
                                   "%s belongs to an AWS service and has no security "
                                   "groups: nothing is filtered",
                                   mark->object->id);
    return vw_explain_sentence(explainer,
                               "the export names no security groups of %s, and every "
                               "interface of a host has some",
                               mark->object->id);
}

/* Interfaces of NAT gateways and load balancers may be without groups; a host's never
 * is, so that there the export lacks something. */
static int mark_no_groups(const struct search *search)
{
    bool host = search->interface->role == VW_ROLE_HOST;
    struct vw_mark *mark =
        vw_walk_mark(search->walk, search->packet, VW_STEP_SECURITY_GROUP,
                     host ? VW_DECISION_UNKNOWN : VW_DECISION_SKIP,
                     host ? VW_REASON_UNKNOWN_RESOURCE : VW_REASON_NONE,
                     &search->interface->object, explain_no_groups);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    if (host)
        mark->missing = VW_OBJECT_INTERFACE;
    return 0;
}

static int evaluate(struct vw_walk *walk, struct vw_packet *packet, uint32_t interface,
                    bool egress)
{
    struct search search = {.walk = walk, .packet = packet, .egress = egress};
    bool admitted = false;
    size_t i;

    search.interface = vw_world_interface(walk->world, interface);
    if (search.interface->group_count == 0)
        return mark_no_groups(&search);
    for (i = 0; i < search.interface->group_count; i++) {
        const struct vw_security_group *group =
            vw_world_security_group(walk->world, search.interface->groups[i]);
        int error;

        if (!group->object.exported) {
            search.missing = group;
            continue;
        }
        error = search_group(&search, group, &admitted);
        if (error || admitted)
            return error;
    }
    if (search.missing || search.undecided)
        return mark_undecided(&search);
    return mark_denied(&search);
}

static int explain_stateful(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = vw_explain_rule(explainer, "stateful: a reply needs no rule");

    if (error)
        return error;
    return vw_explain_sentence(explainer,
                               "the groups of %s are stateful: a reply needs no rule",
                               mark->object->id);
}

/* Replies pass; only one mark, at the interface they leave or reach. */
static int skip(struct vw_walk *walk, struct vw_packet *packet, uint32_t interface)
{
    return vw_walk_mark(
               walk, packet, VW_STEP_SECURITY_GROUP, VW_DECISION_SKIP, VW_REASON_NONE,
               &vw_world_interface(walk->world, interface)->object, explain_stateful)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

/* Whether the groups of the interface have seen the request, so that they admit its
 * reply. */
static bool knows_request(const struct vw_packet *packet, uint32_t interface)
{
    return packet->direction == VW_RETURN &&
           (interface == packet->a || interface == packet->b ||
            vw_crossing_has_interface(packet, interface));
}

int vw_security_group_out(struct vw_walk *walk, struct vw_packet *packet)
{
    int error;

    if (knows_request(packet, packet->sender))
        error = skip(walk, packet, packet->sender);
    else
        error = evaluate(walk, packet, packet->sender, true);
    packet->stage = VW_STAGE_SAME_SUBNET;
    return error;
}

int vw_security_group_in(struct vw_walk *walk, struct vw_packet *packet)
{
    int error;

    if (knows_request(packet, packet->receiver))
        error = skip(walk, packet, packet->receiver);
    else
        error = evaluate(walk, packet, packet->receiver, false);
    packet->stage = VW_STAGE_RECEIVER;
    return error;
}
