/*
 * Which blockers stand behind a prediction. REJECT at an interface is the doing of its own
 * groups or its subnet's network ACL; "none" and "absent" of everything before it. The
 * kind matters: security groups track connections, so one that began while a rule still
 * allowed it outlives the rule; routes, gateways, peerings and network ACLs track nothing.
 */
#include "crosscheck/blockers.h"

#include <string.h>

bool vw_blocker_is_group(const struct vw_blocker *blocker)
{
    return blocker->reason == VW_REASON_ENI_SG_RULES_MISMATCH ||
           blocker->reason == VW_REASON_SG_HAS_NO_RULES ||
           blocker->reason == VW_REASON_SG_REFERENCES_NOT_PRESERVED;
}

static bool is_filter(const struct vw_blocker *blocker)
{
    return vw_blocker_is_group(blocker) ||
           blocker->reason == VW_REASON_SUBNET_ACL_RESTRICTION;
}

/* Whether the network ACL `id` is the one of the interface's subnet. */
static bool is_acl_of(const struct vw_world *world, const struct vw_interface *interface,
                      const char *id)
{
    const struct vw_network_acl *acl;
    const struct vw_subnet *subnet;
    uint32_t index;

    if (interface->subnet == VW_NONE ||
        !vw_world_find(world, VW_OBJECT_NETWORK_ACL, id, &index))
        return false;
    subnet = vw_world_subnet(world, interface->subnet);
    acl = vw_world_network_acl(world, index);
    if (subnet->network_acl != VW_NONE)
        return subnet->network_acl == index;
    return acl->is_default && acl->vpc == interface->vpc;
}

/* Whether the blocker is at the interface: a group of it, or its subnet's ACL. */
static bool is_at(const struct vw_cross *cross, const struct vw_blocker *blocker,
                  const char *eni)
{
    uint32_t index;

    if (!is_filter(blocker) || eni == NULL || blocker->component == NULL)
        return false;
    if (strcmp(blocker->component, eni) == 0)
        return true;
    return cross->world != NULL &&
           vw_world_find(cross->world, VW_OBJECT_INTERFACE, eni, &index) &&
           is_acl_of(cross->world, vw_world_interface(cross->world, index),
                     blocker->component);
}

static bool is_behind(const struct vw_cross *cross,
                      const struct vw_prediction *prediction,
                      const struct vw_blocker *blocker)
{
    bool same_way = blocker->direction == prediction->flow;

    switch (prediction->expect) {
    case VW_EXPECT_REJECT:
        return same_way && is_at(cross, blocker, prediction->eni);
    case VW_EXPECT_NONE:
        /* Its own filters would have rejected, not kept the packet away. */
        if (prediction->end == VW_END_B && prediction->flow == VW_FORWARD &&
            is_at(cross, blocker, prediction->eni))
            return false;
        return same_way || blocker->direction == VW_FORWARD;
    case VW_EXPECT_ABSENT:
        return same_way || blocker->direction == VW_FORWARD;
    case VW_EXPECT_ACCEPT:
    case VW_EXPECT_PRESENT:
        return false;
    }
    return false;
}

const struct vw_blocker *vw_blocker_behind(const struct vw_cross *cross,
                                           const struct vw_prediction *prediction)
{
    const struct vw_blocker *found = NULL;

    for (size_t i = 0; i < cross->trace->blocker_count; i++) {
        const struct vw_blocker *blocker = &cross->trace->blockers[i];

        if (!is_behind(cross, prediction, blocker))
            continue;
        if (found == NULL ||
            (vw_blocker_is_group(found) && !vw_blocker_is_group(blocker)))
            found = blocker;
    }
    return found;
}

const char *vw_blocker_words(struct vw_cross *cross, const struct vw_blocker *blocker)
{
    const char *code = vw_reason_code(blocker->reason);

    return vw_cross_say(cross, "%s at %s", code == NULL ? "a blocker" : code,
                        blocker->component == NULL ? "the path" : blocker->component);
}
