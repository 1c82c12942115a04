/* What a replay looks up again and again, worked out once. */
#include "crosscheck/replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/memory.h"

/* From when on each interface's log is whole: SKIPDATA and cut files leave that open. */
static int find_reaches(struct vw_replay_facts *facts)
{
    size_t count = vw_evidence_coverage_count(facts->evidence), i;
    uint32_t number;

    facts->since = vw_calloc(count + 1, sizeof *facts->since);
    facts->skips = vw_calloc(count + 1, sizeof *facts->skips);
    if (!facts->since || !facts->skips)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count; i++) {
        const struct vw_coverage *item = vw_evidence_coverage_get(facts->evidence, i);
        int64_t first = item->skip_data || item->cut ? VW_TIME_UNKNOWN : item->first;

        if (item->kind != VW_EVIDENCE_FLOW_LOG || !item->vantage)
            continue;
        if (!vw_map_get(&facts->reaches, item->vantage, &number)) {
            if (vw_map_put(&facts->reaches, item->vantage, (uint32_t)i))
                return VW_ERROR_NO_MEMORY;
            facts->since[i] = first;
            number = (uint32_t)i;
        } else if (first == VW_TIME_UNKNOWN || first < facts->since[number]) {
            facts->since[number] = first;
        }
        facts->skipping += item->skip_data && !facts->skips[number];
        facts->skips[number] = facts->skips[number] || item->skip_data;
    }
    return 0;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* The interface's groups as text: "3 17 " in ascending order. */
static const char *set_text(struct vw_arena *arena, const struct vw_interface *interface)
{
    uint32_t *sorted = vw_arena_array(arena, interface->group_count, sizeof *sorted);
    const char *text = "";
    size_t i;

    if (!sorted)
        return NULL;
    if (interface->group_count > 0) {
        memcpy(sorted, interface->groups, interface->group_count * sizeof *sorted);
        qsort(sorted, interface->group_count, sizeof *sorted, compare_numbers);
    }
    for (i = 0; i < interface->group_count && text; i++)
        text = vw_arena_printf(arena, "%s%u ", text, sorted[i]);
    return text;
}

static int find_group_sets(struct vw_replay_facts *facts)
{
    const struct vw_world *world = facts->world;
    uint32_t count = vw_world_count(world, VW_OBJECT_INTERFACE), i;
    struct vw_arena arena = {.failed = false};
    struct vw_map sets = {.count = 0};
    int error = 0;

    facts->group_sets = vw_calloc((size_t)count + 1, sizeof *facts->group_sets);
    if (!facts->group_sets)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < count && !error; i++) {
        const char *text = set_text(&arena, vw_world_interface(world, i));

        facts->group_sets[i] = i;
        if (!text)
            error = VW_ERROR_NO_MEMORY;
        else if (!vw_map_get(&sets, text, &facts->group_sets[i]))
            error = vw_map_put(&sets, text, i);
    }
    vw_map_free(&sets);
    vw_arena_free(&arena);
    return error;
}

static void mark_target(struct vw_replay_facts *facts, uint32_t vpc,
                        const struct vw_target *target)
{
    const struct vw_world *world = facts->world;
    const struct vw_owner *owner, *end;
    size_t i;

    if (target->instance != VW_NONE) {
        const struct vw_instance *instance = vw_world_instance(world, target->instance);

        for (i = 0; i < instance->interface_count; i++)
            facts->is_target[instance->interfaces[i]] = true;
    }
    if (target->address.family == VW_FAMILY_NONE)
        return;
    owner = vpc == VW_NONE
                ? NULL
                : vw_owner_in_vpc(world, vpc, vw_range_single(target->address));
    if (!owner)
        owner = vw_owner_anywhere(world, vw_range_single(target->address), &end);
    if (owner)
        facts->is_target[owner->interface] = true;
}

static int find_targets(struct vw_replay_facts *facts)
{
    const struct vw_world *world = facts->world;
    uint32_t i;
    size_t j;

    facts->is_target = vw_calloc((size_t)vw_world_count(world, VW_OBJECT_INTERFACE) + 1,
                                 sizeof *facts->is_target);
    if (!facts->is_target)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TARGET_GROUP); i++) {
        const struct vw_target_group *group = vw_world_target_group(world, i);

        for (j = 0; j < group->target_count; j++)
            mark_target(facts, group->vpc, &group->targets[j]);
    }
    return 0;
}

/* What a middlebox, a gateway's interface or a load balancer hands to its own subnet meets
 * no network ACL, whatever its source address. */
static int find_forwarders(struct vw_replay_facts *facts)
{
    const struct vw_world *world = facts->world;
    uint32_t i;
    size_t j;

    facts->has_forwarder = vw_calloc((size_t)vw_world_count(world, VW_OBJECT_SUBNET) + 1,
                                     sizeof *facts->has_forwarder);
    if (!facts->has_forwarder)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < vw_world_count(world, VW_OBJECT_INTERFACE); i++) {
        const struct vw_interface *interface = vw_world_interface(world, i);

        if (interface->subnet != VW_NONE &&
            (interface->role != VW_ROLE_HOST || !interface->source_dest_check))
            facts->has_forwarder[interface->subnet] = true;
    }
    /* Interfaces of attachments need not be exported. */
    for (i = 0; i < vw_world_count(world, VW_OBJECT_TRANSIT_ATTACHMENT); i++) {
        const struct vw_transit_attachment *attachment =
            vw_world_transit_attachment(world, i);

        for (j = 0; j < attachment->subnet_count; j++)
            facts->has_forwarder[attachment->subnets[j]] = true;
    }
    return 0;
}

static bool is_blocking(enum vw_block_mode mode)
{
    return mode == VW_BLOCK_INGRESS || mode == VW_BLOCK_BIDIRECTIONAL;
}

static bool blocks_public(const struct vw_world *world)
{
    uint32_t i;
    size_t j;

    for (j = 0; j < world->block_options_count; j++)
        if (is_blocking(world->block_options[j].mode))
            return true;
    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC); i++)
        if (is_blocking(vw_world_vpc(world, i)->block_public_access))
            return true;
    for (i = 0; i < vw_world_count(world, VW_OBJECT_SUBNET); i++)
        if (is_blocking(vw_world_subnet(world, i)->block_public_access))
            return true;
    return false;
}

int vw_replay_facts(struct vw_replay_facts *facts, const struct vw_world *world,
                    const struct vw_evidence *evidence)
{
    int error;

    facts->world = world;
    facts->evidence = evidence;
    facts->blocks_public = blocks_public(world);
    error = find_reaches(facts);
    if (!error)
        error = find_group_sets(facts);
    if (!error)
        error = find_targets(facts);
    return error ? error : find_forwarders(facts);
}

void vw_replay_facts_free(struct vw_replay_facts *facts)
{
    vw_map_free(&facts->reaches);
    vw_free(facts->since);
    vw_free(facts->skips);
    vw_free(facts->group_sets);
    vw_free(facts->is_target);
    vw_free(facts->has_forwarder);
}
