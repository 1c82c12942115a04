/* From marks to steps with sentences; see explain.h. */
#include "reach/explain.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 0))) static int explain_text(
    struct vw_explainer *explainer, const char **ret_text, const char *format,
    va_list arguments)
{
    const char *text = vw_arena_vprintf(explainer->arena, format, arguments);

    if (!text)
        return VW_ERROR_NO_MEMORY;
    *ret_text = text;
    return 0;
}

int vw_explain_sentence(struct vw_explainer *explainer, const char *format, ...)
{
    va_list arguments;
    int error;

    va_start(arguments, format);
    error = explain_text(explainer, &explainer->step.sentence, format, arguments);
    va_end(arguments);
    return error;
}

int vw_explain_rule(struct vw_explainer *explainer, const char *format, ...)
{
    va_list arguments;
    int error;

    va_start(arguments, format);
    error = explain_text(explainer, &explainer->step.rule_text, format, arguments);
    va_end(arguments);
    return error;
}

int vw_explain_assumption(struct vw_explainer *explainer, const char *format, ...)
{
    va_list arguments;
    int error;

    va_start(arguments, format);
    error = explain_text(explainer, &explainer->assumption, format, arguments);
    va_end(arguments);
    return error;
}

int vw_explain_fact(struct vw_explainer *explainer, const char *key, const char *value)
{
    struct vw_fact *fact;

    if (!value || explainer->step.fact_count == VW_FACTS_MAX)
        return 0;
    fact = &explainer->facts[explainer->step.fact_count];
    *fact = (struct vw_fact){key, vw_arena_string(explainer->arena, value), false};
    if (!fact->value)
        return VW_ERROR_NO_MEMORY;
    explainer->step.fact_count++;
    return 0;
}

int vw_explain_number(struct vw_explainer *explainer, const char *key, int64_t value)
{
    char text[24];
    size_t before = explainer->step.fact_count;
    int error;

    snprintf(text, sizeof text, "%lld", (long long)value);
    error = vw_explain_fact(explainer, key, text);
    if (!error && explainer->step.fact_count > before)
        explainer->facts[before].is_number = true;
    return error;
}

/* Stretches between the addresses of the export come from the question "internet". */
static bool is_internet(struct vw_address_range range)
{
    struct vw_address_range rest = range;
    struct vw_prefix prefix;

    return vw_address_is_public(range.first) && vw_address_is_public(range.last) &&
           vw_range_take_prefix(&rest, &prefix);
}

static const char *explain_range(struct vw_explainer *explainer,
                                 struct vw_address_range range)
{
    char text[VW_RANGE_TEXT];
    const char *copy;

    if (is_internet(range))
        return "the internet";
    copy = vw_arena_string(explainer->arena, vw_range_format(range, text));
    return copy ? copy : "";
}

const char *vw_explain_source(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return explain_range(explainer, mark->box.source);
}

const char *vw_explain_destination(struct vw_explainer *explainer,
                                   const struct vw_mark *mark)
{
    return explain_range(explainer, mark->box.destination);
}

const char *vw_explain_name(struct vw_explainer *explainer,
                            const struct vw_object *object)
{
    const char *text = NULL;

    if (object && object->name)
        text = vw_arena_printf(explainer->arena, " (%s)", object->name);
    return text ? text : "";
}

int vw_explain_missing(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    enum vw_object_kind kind = (enum vw_object_kind)mark->missing;

    return vw_explain_sentence(explainer, "%s %s is not in the export",
                               vw_object_noun(kind),
                               mark->object ? mark->object->id : mark->id);
}

static enum vw_flow_direction mark_side(const struct vw_mark *mark)
{
    if (mark->stage == VW_STAGE_GROUP_OUT || mark->stage == VW_STAGE_ACL_OUT)
        return VW_FLOW_DIRECTION_EGRESS;
    if (mark->stage == VW_STAGE_GROUP_IN || mark->stage == VW_STAGE_ACL_IN)
        return VW_FLOW_DIRECTION_INGRESS;
    return VW_FLOW_DIRECTION_UNKNOWN;
}

/* Gateways and what lies behind them stand in no subnet. */
static bool stands_in_subnet(enum vw_step_kind kind)
{
    switch (kind) {
    case VW_STEP_INSTANCE:
    case VW_STEP_INTERFACE:
    case VW_STEP_HOST:
    case VW_STEP_SECURITY_GROUP:
    case VW_STEP_NETWORK_ACL:
    case VW_STEP_ROUTE_TABLE:
    case VW_STEP_NAT_GATEWAY:
    case VW_STEP_LOAD_BALANCER:
    case VW_STEP_MIDDLEBOX:
    case VW_STEP_SUBNET:
    case VW_STEP_VPC_ENDPOINT:
    case VW_STEP_FIREWALL:
        return true;
    case VW_STEP_INTERNET_GATEWAY:
    case VW_STEP_EGRESS_ONLY_GATEWAY:
    case VW_STEP_PEERING:
    case VW_STEP_TRANSIT_GATEWAY:
    case VW_STEP_TRANSIT_TABLE:
    case VW_STEP_TRANSIT_ATTACHMENT:
    case VW_STEP_VPC:
    case VW_STEP_INTERNET:
    case VW_STEP_VPN_GATEWAY:
    case VW_STEP_VPN_CONNECTION:
    case VW_STEP_DIRECT_CONNECT_GATEWAY:
    case VW_STEP_CUSTOMER_NETWORK:
    case VW_STEP_AWS_SERVICE:
    case VW_STEP_OTHER:
        return false;
    }
    return false;
}

/* What every step holds, whatever its evaluator has to say. */
static struct vw_step step_begin(const struct vw_world *world, const struct vw_mark *mark)
{
    const struct vw_box *box = &mark->box;
    struct vw_step step = {.kind = mark->kind,
                           .decision = mark->decision,
                           .reason = mark->reason,
                           .component = mark->object ? mark->object->id : mark->id,
                           .side = mark_side(mark),
                           .packet = {box->source, box->destination, box->source_ports,
                                      box->ports, box->protocol}};

    if (mark->missing >= 0)
        step.missing = vw_object_command((enum vw_object_kind)mark->missing);
    if (mark->object) {
        step.component_name = mark->object->name;
        step.source.file = mark->object->source.file;
        step.source.pointer = mark->object->source.pointer;
    }
    if (mark->vpc != VW_NONE && mark->kind != VW_STEP_INTERNET)
        step.vpc = vw_world_vpc(world, mark->vpc)->object.id;
    if (mark->subnet != VW_NONE && stands_in_subnet(mark->kind))
        step.subnet = vw_world_subnet(world, mark->subnet)->object.id;
    return step;
}

int vw_explain_mark(const struct vw_world *world, struct vw_arena *arena,
                    const struct vw_mark *mark, struct vw_step *ret_step,
                    const char **ret_assumption)
{
    struct vw_explainer explainer = {.world = world, .arena = arena};
    struct vw_fact *facts;
    size_t i;
    int error;

    explainer.step = step_begin(world, mark);
    error = mark->explain(&explainer, mark);
    if (error)
        return error;
    facts = vw_arena_array(arena, explainer.step.fact_count, sizeof *facts);
    if (arena->failed)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < explainer.step.fact_count; i++)
        facts[i] = explainer.facts[i];
    explainer.step.facts = facts;
    *ret_step = explainer.step;
    *ret_assumption = explainer.assumption;
    return 0;
}
