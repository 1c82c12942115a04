/*
 * What AWS says (Network Firewall Guide, "Stateless and stateful rules engines", "Working
 * with stateless rule groups", "Defining rule actions"; API, MatchAttributes): every packet
 * is looked at by itself, those of a reply too. Rule groups by their priority in the
 * policy, rules by theirs in the group; the first that matches decides: pass, drop, or
 * forward to the stateful rules. What matches none meets the policy's default action. Ports
 * are looked at for TCP and UDP only, flags for TCP only; a list that is empty matches all.
 *
 * What we do: find the first rule that overlaps the packet and narrow the packet to it.
 * That stateful rules let it pass is an assumption. A rule that asks for TCP flags, or for
 * a source that an unknown component may have changed, may match or not: where that
 * decides, the answer is unknown.
 */
#include "reach/explain.h"
#include "reach/hop.h"

/* What decides on a packet; `rule` NULL: the default action. */
struct decision {
    enum vw_firewall_action action;
    const struct vw_object *object; /* rule group or policy */
    const struct vw_firewall_rule *rule;
    int missing; /* object kind that is not exported, or -1 */
    bool open;   /* rules that may match or not would decide otherwise */
};

static const char *name_of(const struct vw_object *object)
{
    return object->name ? object->name : object->id;
}

static const char *action_word(enum vw_firewall_action action)
{
    static const char *const words[] = {"unknown", "pass", "drop", "forward_to_sfe"};

    return words[action];
}

/* "10.0.0.0/8, ...", or "any". */
static const char *prefixes_text(struct vw_explainer *explainer,
                                 const struct vw_prefix *prefixes, size_t count)
{
    char prefix[VW_PREFIX_TEXT];

    if (count == 0)
        return "any";
    return vw_arena_printf(explainer->arena, "%s%s",
                           vw_prefix_format(prefixes[0], prefix),
                           count > 1 ? ", ..." : "");
}

/* " port 80-90, ...", or "". */
static const char *ports_text(struct vw_explainer *explainer,
                              const struct vw_port_range *ports, size_t count)
{
    const char *more = count > 1 ? ", ..." : "";

    if (count == 0)
        return "";
    if (ports->first == ports->last)
        return vw_arena_printf(explainer->arena, " port %u%s", (unsigned)ports->first,
                               more);
    return vw_arena_printf(explainer->arena, " ports %u-%u%s", (unsigned)ports->first,
                           (unsigned)ports->last, more);
}

/* "tcp, ...", or "all traffic". */
static const char *protocols_text(struct vw_explainer *explainer,
                                  const struct vw_firewall_rule *rule)
{
    char protocol[16];

    if (rule->protocol_count == 0)
        return "all traffic";
    return vw_arena_printf(explainer->arena, "%s%s",
                           vw_protocol_format(rule->protocols[0], protocol),
                           rule->protocol_count > 1 ? ", ..." : "");
}

static int explain_rule(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_firewall_rule *rule = mark->rule;
    const char *protocols, *from, *to, *from_ports, *ports;
    int error;

    if (!rule)
        return vw_explain_rule(
            explainer, "default action -> %s",
            action_word(
                ((const struct vw_firewall_policy *)mark->object)->default_action));
    explainer->step.source.file = rule->source.file;
    explainer->step.source.pointer = rule->source.pointer;
    protocols = protocols_text(explainer, rule);
    from = prefixes_text(explainer, rule->sources, rule->source_count);
    to = prefixes_text(explainer, rule->destinations, rule->destination_count);
    from_ports = ports_text(explainer, rule->source_ports, rule->source_port_count);
    ports = ports_text(explainer, rule->ports, rule->port_count);
    if (!protocols || !from || !to || !from_ports || !ports)
        return VW_ERROR_NO_MEMORY;
    error = vw_explain_rule(explainer, "%lld: %s from %s%s to %s%s -> %s",
                            (long long)rule->priority, protocols, from, from_ports, to,
                            ports, action_word(rule->action));
    return error ? error : vw_explain_number(explainer, "priority", rule->priority);
}

static int explain_filtered(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];
    int error = explain_rule(explainer, mark);

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s of %s, which firewall %s follows, %s %s",
                               mark->rule ? "a stateless rule" : "the default action",
                               name_of(mark->object), name_of(mark->other),
                               mark->decision == VW_DECISION_DENY ? "drops" : "passes",
                               vw_box_traffic(&mark->box, traffic));
}

static int explain_forwarded(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    int error = explain_rule(explainer, mark);

    if (!error)
        error = vw_explain_assumption(
            explainer, "the stateful rules of firewall %s are taken to let it pass",
            name_of(mark->other));
    if (error)
        return error;
    return vw_explain_sentence(
        explainer, "firewall %s hands it to its stateful rules, which are not evaluated",
        name_of(mark->other));
}

static int explain_missing(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "firewall %s follows %s, which is not in the export",
                               name_of(mark->other), mark->object->id);
}

static int explain_open(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "what %s of firewall %s does with it depends on TCP flags, on an address that is "
        "not known, or on an action that is not modelled",
        name_of(mark->object), name_of(mark->other));
}

/* ---- matching ---- */

/* Narrows *range to the first prefix that overlaps it; false where none does. */
static bool match_prefixes(const struct vw_prefix *prefixes, size_t count,
                           struct vw_address_range *range)
{
    size_t i;

    for (i = 0; i < count; i++) {
        struct vw_address_range candidate = vw_prefix_range(prefixes[i]);
        if (!vw_range_overlaps(candidate, *range))
            continue;
        *range = candidate;
        return true;
    }
    return count == 0;
}

static bool match_ports(const struct vw_port_range *ranges, size_t count,
                        struct vw_port_range *ports)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (!vw_ports_overlap(ranges[i], *ports))
            continue;
        *ports = ranges[i];
        return true;
    }
    return count == 0;
}

static bool match_protocol(const struct vw_firewall_rule *rule, int protocol)
{
    size_t i;

    for (i = 0; i < rule->protocol_count; i++)
        if (rule->protocols[i] == protocol)
            return true;
    return rule->protocol_count == 0;
}

/* Whether the rule may match any of the packet, then with *ret_region; *ret_open: or may
 * not. An unknown component may have changed the client's address and port. */
static bool match(const struct vw_packet *packet, const struct vw_firewall_rule *rule,
                  struct vw_box *ret_region, bool *ret_open)
{
    bool forward = packet->direction == VW_FORWARD;
    bool open_source = packet->unsure_source && forward;
    bool open_destination = packet->unsure_source && !forward;
    bool ports = vw_protocol_has_ports(packet->wire.protocol);

    *ret_region = packet->wire;
    *ret_open = (rule->has_tcp_flags && packet->wire.protocol == VW_TCP) ||
                (open_source && rule->source_count + rule->source_port_count > 0) ||
                (open_destination && rule->destination_count + rule->port_count > 0);
    return match_protocol(rule, packet->wire.protocol) &&
           (open_source ||
            match_prefixes(rule->sources, rule->source_count, &ret_region->source)) &&
           (open_destination ||
            match_prefixes(rule->destinations, rule->destination_count,
                           &ret_region->destination)) &&
           (!ports || open_source ||
            match_ports(rule->source_ports, rule->source_port_count,
                        &ret_region->source_ports)) &&
           (!ports || open_destination ||
            match_ports(rule->ports, rule->port_count, &ret_region->ports));
}

/* ---- deciding ---- */

/* Rules that may match, so far. */
struct open_rules {
    bool any, drop, pass;
};

static void note_open(struct open_rules *open, enum vw_firewall_action action)
{
    open->any = true;
    open->drop = open->drop || action == VW_FIREWALL_DROP;
    open->pass =
        open->pass || action == VW_FIREWALL_PASS || action == VW_FIREWALL_FORWARD;
}

/* The first rule of the group that decides; *ret_decided is false where none does. */
static int search_group(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_rule_group *group, struct open_rules *open,
                        struct decision *decision, bool *ret_decided)
{
    size_t i;

    for (i = 0; i < group->rule_count; i++) {
        const struct vw_firewall_rule *rule = &group->rules[i];
        struct vw_box region;
        bool is_open;
        int error;

        if (!match(packet, rule, &region, &is_open))
            continue;
        error = vw_walk_narrow(walk, packet, &region);
        if (error)
            return error;
        if (is_open) {
            note_open(open, rule->action);
            continue;
        }
        *decision = (struct decision){rule->action, &group->object, rule, -1, false};
        *ret_decided = true;
        return 0;
    }
    return 0;
}

static int decide(struct vw_walk *walk, struct vw_packet *packet,
                  const struct vw_firewall_policy *policy, struct decision *decision)
{
    struct open_rules open = {false, false, false};
    bool decided = false, drops;
    size_t i;

    *decision =
        (struct decision){policy->default_action, &policy->object, NULL, -1, false};
    for (i = 0; i < policy->stateless_count && !decided; i++) {
        const struct vw_rule_group *group =
            vw_world_rule_group(walk->world, policy->stateless[i].rule_group);
        int error;

        if (!group->object.exported) {
            *decision = (struct decision){VW_FIREWALL_UNKNOWN, &group->object, NULL,
                                          VW_OBJECT_RULE_GROUP, false};
            return 0;
        }
        error = search_group(walk, packet, group, &open, decision, &decided);
        if (error)
            return error;
    }
    drops = decision->action == VW_FIREWALL_DROP;
    decision->open = open.any && (drops ? open.pass : open.drop);
    return 0;
}

static int mark_decision(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_firewall *firewall,
                         const struct decision *decision, enum vw_decision what,
                         enum vw_reason reason, vw_explain_function *explain)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_FIREWALL, what, reason,
                                        decision->object, explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = decision->rule;
    mark->other = &firewall->object;
    mark->missing = decision->missing;
    return 0;
}

int vw_network_firewall_filter(struct vw_walk *walk, struct vw_packet *packet,
                               const struct vw_firewall *firewall)
{
    const struct vw_firewall_policy *policy = NULL;
    struct decision decision = {VW_FIREWALL_UNKNOWN, &firewall->object, NULL,
                                VW_OBJECT_FIREWALL, false};
    int error = 0;

    if (firewall->policy != VW_NONE) {
        policy = vw_world_firewall_policy(walk->world, firewall->policy);
        decision.object = &policy->object;
        decision.missing = VW_OBJECT_FIREWALL_POLICY;
    }
    if (policy && policy->object.exported)
        error = decide(walk, packet, policy, &decision);
    if (error)
        return error;
    if (decision.missing >= 0)
        return mark_decision(walk, packet, firewall, &decision, VW_DECISION_UNKNOWN,
                             VW_REASON_UNKNOWN_RESOURCE, explain_missing);
    if (decision.open || decision.action == VW_FIREWALL_UNKNOWN)
        return mark_decision(walk, packet, firewall, &decision, VW_DECISION_UNKNOWN,
                             VW_REASON_UNSUPPORTED_COMPONENT, explain_open);
    if (decision.action == VW_FIREWALL_DROP)
        return mark_decision(walk, packet, firewall, &decision, VW_DECISION_DENY,
                             VW_REASON_FIREWALL_RULES_RESTRICTION, explain_filtered);
    return mark_decision(walk, packet, firewall, &decision, VW_DECISION_ALLOW,
                         VW_REASON_NONE,
                         decision.action == VW_FIREWALL_FORWARD && policy->has_stateful
                             ? explain_forwarded
                             : explain_filtered);
}
