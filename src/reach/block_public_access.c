/*
 * What AWS says (VPC User Guide, "Block public access to VPCs and subnets", "VPC BPA
 * basics", "Advanced example"): an account may block the internet traffic of its VPCs in a
 * Region. block-bidirectional stops all traffic of internet gateways and egress-only
 * gateways; block-ingress leaves what NAT gateways and egress-only gateways carry, since
 * those begin connections only outbound, and an internet gateway carries nothing else in
 * either direction. An exclusion of a VPC holds for all its subnets. allow-bidirectional
 * lets everything pass. allow-egress makes block-bidirectional a block-ingress for what it
 * names, and is ignored in block-ingress mode (scenarios 5 and 6 of the example). It is
 * the subnet next to the gateway that counts: those behind an appliance or a NAT gateway
 * need no exclusion of their own. The mode of a shared subnet is its owner's.
 *
 * What we do: newer exports print the mode that holds, exclusions considered, at each VPC
 * and subnet (BlockPublicAccessStates), which decides. Else the mode of the account and
 * Region is joined with the exclusions; an exclusion that is being made or removed, or two
 * that contradict each other, leave the answer open.
 */
#include "reach/explain.h"
#include "reach/route_table.h"

#include <string.h>

/* The mode that holds for a subnet, and why it may be open. */
struct effect {
    enum vw_block_mode mode;
    bool is_open;
    const struct vw_block_exclusion
        *exclusion;                         /* that made the mode, or leaves it open */
    const struct vw_block_options *options; /* of the account and Region, or NULL */
};

static int explain_blocked(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "VPC Block Public Access stops internet traffic of %s",
                               mark->object->id);
}

static int explain_blocked_by_account(struct vw_explainer *explainer,
                                      const struct vw_mark *mark)
{
    const struct vw_block_options *options = mark->rule;
    const char *mode =
        options->mode == VW_BLOCK_INGRESS ? "block-ingress" : "block-bidirectional";
    int error = vw_explain_rule(explainer, "InternetGatewayBlockMode: %s", mode);

    explainer->step.source.file = options->source.file;
    explainer->step.source.pointer = options->source.pointer;
    if (error)
        return error;
    return vw_explain_sentence(explainer,
                               "VPC Block Public Access (%s) of the account stops "
                               "internet traffic of %s, which is not excluded from it",
                               mode, mark->object->id);
}

static int explain_egress_only(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_block_exclusion *exclusion = mark->rule;
    int error = vw_explain_rule(explainer, "allow-egress: %s", exclusion->resource_id);

    explainer->step.source.file = exclusion->source.file;
    explainer->step.source.pointer = exclusion->source.pointer;
    if (error)
        return error;
    return vw_explain_sentence(
        explainer,
        "VPC Block Public Access stops internet traffic of %s: it "
        "is excluded for egress only, which leaves it NAT gateways "
        "and egress-only internet gateways",
        mark->object->id);
}

static int explain_exclusions_unknown(struct vw_explainer *explainer,
                                      const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "VPC Block Public Access is on in this account and Region; whether %s is "
        "excluded "
        "is not in the export (aws ec2 describe-vpc-block-public-access-exclusions)",
        mark->object->id);
}

static int explain_options_unknown(struct vw_explainer *explainer,
                                   const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer,
        "exclusions from VPC Block Public Access are in the export and whether it is on "
        "for %s is not (aws ec2 describe-vpc-block-public-access-options)",
        mark->object->id);
}

static int explain_unsettled(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_block_exclusion *exclusion = mark->rule;

    explainer->step.source.file = exclusion->source.file;
    explainer->step.source.pointer = exclusion->source.pointer;
    return vw_explain_sentence(explainer,
                               "VPC Block Public Access is on, and the exclusion of %s "
                               "from it %s",
                               exclusion->resource_id,
                               exclusion->is_settled
                                   ? "is contradicted by another"
                                   : "is just being made, changed or removed");
}

static bool same_or_unknown(const char *a, const char *b)
{
    return !a || !b || strcmp(a, b) == 0;
}

/* The options that hold for the owner of the VPC in its Region; NULL: none that block. */
static const struct vw_block_options *find_options(const struct vw_world *world,
                                                   const struct vw_vpc *vpc)
{
    /* Nobody makes exclusions from what is off: the options were not exported. */
    static const struct vw_block_options not_exported = {.mode = VW_BLOCK_BIDIRECTIONAL};
    size_t i;

    if (world->block_options_count == 0 && world->block_exclusion_count > 0)
        return &not_exported;
    for (i = 0; i < world->block_options_count; i++) {
        const struct vw_block_options *options = &world->block_options[i];

        if (options->mode != VW_BLOCK_OFF && options->mode != VW_BLOCK_UNSET &&
            same_or_unknown(options->account, vpc->object.account) &&
            same_or_unknown(options->region, vpc->object.region))
            return options;
    }
    return NULL;
}

/* Joins one exclusion that names the subnet or its VPC. */
static void join(struct effect *effect, const struct vw_block_exclusion *exclusion)
{
    enum vw_block_mode mode = exclusion->egress_only ? VW_BLOCK_INGRESS : VW_BLOCK_OFF;

    if (!exclusion->is_settled && mode == effect->options->mode)
        return; /* whatever becomes of it, the mode stays */
    if (!exclusion->is_settled || (effect->exclusion && effect->mode != mode))
        effect->is_open = true;
    effect->mode = mode;
    effect->exclusion = exclusion;
}

static struct effect effect_of(const struct vw_world *world, uint32_t subnet,
                               uint32_t vpc)
{
    const struct vw_vpc *owner = vw_world_vpc(world, vpc);
    const struct vw_subnet *part =
        subnet == VW_NONE ? NULL : vw_world_subnet(world, subnet);
    struct effect effect = {.mode = VW_BLOCK_OFF};
    size_t i;

    if (part && part->block_public_access != VW_BLOCK_UNSET)
        effect.mode = part->block_public_access;
    else if (owner->block_public_access != VW_BLOCK_UNSET)
        effect.mode = owner->block_public_access;
    else
        effect.options = find_options(world, owner);
    if (!effect.options)
        return effect;
    effect.mode = effect.options->mode;
    effect.is_open = !world->block_exclusions_exported;
    for (i = 0; i < world->block_exclusion_count; i++) {
        const struct vw_block_exclusion *exclusion = &world->block_exclusions[i];

        if (strcmp(exclusion->resource_id, owner->object.id) == 0 ||
            (part && strcmp(exclusion->resource_id, part->object.id) == 0))
            join(&effect, exclusion);
    }
    if (world->block_options_count == 0 && effect.mode != VW_BLOCK_OFF) {
        effect.is_open = true;
        effect.exclusion = NULL;
    }
    return effect;
}

/* At an internet gateway: what a NAT gateway carries out, and its replies; not what comes
 * back in to a host. */
static bool is_of_nat_gateway(const struct vw_packet *packet)
{
    if (packet->direction == VW_RETURN)
        return packet->hop.kind == VW_HOP_NAT_GATEWAY &&
               vw_crossing_of(packet, packet->hop.kind, packet->hop.index);
    return packet->receiver == VW_NONE && packet->crossings &&
           packet->crossings->hop.kind == VW_HOP_NAT_GATEWAY &&
           packet->vpc == packet->crossings->vpc;
}

static int mark_open(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_object *object, const struct effect *effect)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_VPC, VW_DECISION_UNKNOWN,
                                        VW_REASON_UNKNOWN_RESOURCE, object,
                                        effect->exclusion ? explain_unsettled
                                        : walk->world->block_options_count == 0
                                            ? explain_options_unknown
                                            : explain_exclusions_unknown);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = effect->exclusion;
    return 0;
}

int vw_block_public_access(struct vw_walk *walk, struct vw_packet *packet,
                           bool outbound_only_gateway)
{
    struct effect effect = effect_of(walk->world, packet->subnet, packet->vpc);
    const struct vw_object *object = &vw_world_vpc(walk->world, packet->vpc)->object;
    bool outbound_only = outbound_only_gateway || is_of_nat_gateway(packet);
    struct vw_mark *mark;

    if (packet->subnet != VW_NONE)
        object = &vw_world_subnet(walk->world, packet->subnet)->object;
    if (effect.is_open && !(effect.options->mode == VW_BLOCK_INGRESS && outbound_only))
        return mark_open(walk, packet, object, &effect);
    if (effect.mode == VW_BLOCK_OFF || effect.mode == VW_BLOCK_UNSET ||
        (effect.mode == VW_BLOCK_INGRESS && outbound_only))
        return 0;
    mark = vw_walk_mark(walk, packet, VW_STEP_VPC, VW_DECISION_DROP,
                        VW_REASON_VPC_BLOCK_PUBLIC_ACCESS_ENABLED, object,
                        effect.exclusion ? explain_egress_only
                        : effect.options ? explain_blocked_by_account
                                         : explain_blocked);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = effect.exclusion ? (const void *)effect.exclusion : effect.options;
    return 0;
}
