/* What is said of the decisions of security groups; see security_group_text.h. */
#include "reach/security_group_text.h"

#include "reach/rule_text.h"

static int explain_peer(struct vw_explainer *explainer, const struct vw_group_rule *rule,
                        const char *word)
{
    char ports[VW_RULE_PORTS_TEXT], prefix[VW_PREFIX_TEXT];
    const char *peer = "";
    int error;

    vw_rule_ports(rule->protocol, rule->from, rule->to, ports);
    switch (rule->peer_kind) {
    case VW_PEER_PREFIX:
        peer = vw_prefix_format(rule->prefix, prefix);
        break;
    case VW_PEER_PREFIX_LIST:
        peer = vw_world_prefix_list(explainer->world, rule->prefix_list)->object.id;
        break;
    case VW_PEER_GROUP:
        peer = vw_world_security_group(explainer->world, rule->group)->object.id;
        break;
    }
    explainer->step.source.file = rule->source.file;
    explainer->step.source.pointer = rule->source.pointer;
    error = vw_explain_rule(explainer, "allow %s %s %s", ports, word, peer);
    if (!error)
        error = vw_explain_fact(explainer, "rule_id", rule->rule_id);
    if (!error)
        error = vw_explain_rule_ports(explainer, rule->protocol, rule->from, rule->to);
    if (!error)
        error = vw_explain_fact(explainer, "peer", peer);
    return error;
}

static bool is_egress(const struct vw_mark *mark)
{
    return mark->stage == VW_STAGE_GROUP_OUT;
}

int vw_group_explain_allow(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    bool egress = is_egress(mark);
    int error = explain_peer(explainer, mark->rule, egress ? "to" : "from");

    if (error)
        return error;
    return vw_explain_sentence(explainer, "%s rule of %s%s lets it %s %s",
                               egress ? "an outbound" : "an inbound", mark->object->id,
                               vw_explain_name(explainer, mark->object),
                               egress ? "leave" : "into", mark->other->id);
}

/* "sg-1 (web), sg-2" */
static const char *group_names(struct vw_explainer *explainer,
                               const struct vw_interface *interface)
{
    const char *text = "";
    size_t i;

    for (i = 0; i < interface->group_count && text; i++) {
        const struct vw_security_group *group =
            vw_world_security_group(explainer->world, interface->groups[i]);
        const char *name = group->group_name ? group->group_name : group->object.name;
        text = vw_arena_printf(explainer->arena, "%s%s%s%s%s%s", text, i ? ", " : "",
                               group->object.id, name ? " (" : "", name ? name : "",
                               name ? ")" : "");
    }
    return text;
}

static int tell_groups(struct vw_explainer *explainer,
                       const struct vw_interface *interface)
{
    const char **ids =
        vw_arena_array(explainer->arena, interface->group_count, sizeof *ids);
    size_t i;

    if (!ids)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < interface->group_count; i++)
        ids[i] =
            vw_world_security_group(explainer->world, interface->groups[i])->object.id;
    explainer->step.groups = ids;
    explainer->step.group_count = interface->group_count;
    return 0;
}

int vw_group_explain_deny(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    bool egress = is_egress(mark);
    const struct vw_interface *interface = (const struct vw_interface *)mark->object;
    const char *groups = group_names(explainer, interface);
    const char *peer = egress ? vw_explain_destination(explainer, mark)
                              : vw_explain_source(explainer, mark);
    char traffic[VW_TRAFFIC_TEXT];
    int error;

    if (!groups)
        return VW_ERROR_NO_MEMORY;
    vw_box_traffic(&mark->box, traffic);
    error = vw_explain_fact(explainer, "groups", groups);
    if (!error)
        error = tell_groups(explainer, interface);
    if (!error && mark->rule)
        error = explain_peer(explainer, mark->rule, egress ? "to" : "from");
    if (error)
        return error;
    if (mark->reason == VW_REASON_SG_REFERENCES_NOT_PRESERVED)
        return vw_explain_sentence(
            explainer,
            "%s arrives at %s without its sender's security groups, so the rule that "
            "names a group cannot match; no other inbound rule of %s admits it",
            traffic, interface->object.id, groups);
    if (mark->reason == VW_REASON_SG_HAS_NO_RULES)
        return vw_explain_sentence(
            explainer, "the security groups of %s (%s) have no %s rules",
            interface->object.id, groups, egress ? "outbound" : "inbound");
    return vw_explain_sentence(explainer, "no %s rule of %s admits %s %s %s at %s",
                               egress ? "outbound" : "inbound", groups, traffic,
                               egress ? "to" : "from", peer, interface->object.id);
}

int vw_group_explain_undecided(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_group_rule *rule = mark->rule;
    int error;

    if (!rule)
        return vw_explain_missing(explainer, mark);
    error = explain_peer(explainer, rule, "with");
    if (error)
        return error;
    if (rule->peer_kind == VW_PEER_PREFIX_LIST &&
        !vw_world_prefix_list(explainer->world, rule->prefix_list)->entries_known)
        return vw_explain_sentence(
            explainer,
            "a rule at %s names prefix list %s, whose entries are not exported",
            mark->other->id,
            vw_world_prefix_list(explainer->world, rule->prefix_list)->object.id);
    if (rule->peer_kind == VW_PEER_GROUP)
        return vw_explain_sentence(
            explainer, "a rule at %s names group %s, whose members are not known here",
            mark->other->id,
            vw_world_security_group(explainer->world, rule->group)->object.id);
    return vw_explain_sentence(explainer,
                               "a rule at %s may or may not match: a hop before it may "
                               "have changed the source address",
                               mark->other->id);
}
