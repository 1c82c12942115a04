/*
 * The interfaces of a file, and which address is theirs.
 *
 * A record without flow-direction is ingress where its destination is the interface's
 * primary IPv4 address, egress where its source is: in every IPv4 record of an interface,
 * one of the two is that address. So the address that all of them share is the
 * interface's, once only one is left: 10.0.0.5 of "10.0.0.5 > 10.0.1.1" and
 * "10.0.2.2 > 10.0.0.5". With one peer only, both are left and nothing is decided. IPv6 is
 * left out: an interface may have several addresses there, and may show each.
 */
#include "evidence/flow_log_vantage.h"

#include <string.h>

#include "base/address.h"
#include "base/map.h"
#include "base/memory.h"
#include "evidence/table.h"

void vw_flow_vantages_free(struct vw_flow_vantages *vantages)
{
    vw_array_free(&vantages->items);
    vw_free(vantages->slots);
}

void vw_flow_vantages_clear(struct vw_flow_vantages *vantages)
{
    if (vantages->items.count > 0)
        memset(vantages->slots, 0, vantages->capacity * sizeof *vantages->slots);
    vantages->items.count = 0;
    vantages->recent = 0;
}

static bool is_named(const struct vw_flow_vantage *vantage, struct vw_slice name)
{
    return vantage->name_size == name.size &&
           (name.size == 0 ||
            memcmp(vantage->coverage->vantage, name.data, name.size) == 0);
}

static uint32_t *find(const struct vw_flow_vantages *vantages, struct vw_slice name)
{
    size_t i = (size_t)vw_hash(name.data, name.size) & (vantages->capacity - 1);

    while (vantages->slots[i] &&
           !is_named(&vantages->items.items[vantages->slots[i] - 1], name))
        i = (i + 1) & (vantages->capacity - 1);
    return &vantages->slots[i];
}

static struct vw_slice name_of(const struct vw_flow_vantage *vantage)
{
    return (struct vw_slice){vantage->coverage->vantage, vantage->name_size};
}

/* Room in the index for one more item, never more than half full. */
static int grow(struct vw_flow_vantages *vantages)
{
    uint32_t *old = vantages->slots;
    size_t old_capacity = vantages->capacity, i;

    if (vantages->items.count < old_capacity / 2)
        return 0;
    vantages->capacity = old_capacity ? old_capacity * 2 : 64;
    vantages->slots = vw_calloc(vantages->capacity, sizeof *vantages->slots);
    if (!vantages->slots) {
        vantages->slots = old;
        vantages->capacity = old_capacity;
        return VW_ERROR_NO_MEMORY;
    }
    for (i = 0; i < vantages->items.count; i++)
        *find(vantages, name_of(&vantages->items.items[i])) = (uint32_t)(i + 1);
    vw_free(old);
    return 0;
}

static int append(struct vw_flow_vantages *vantages, struct vw_evidence *evidence,
                  const char *file, struct vw_slice name)
{
    struct vw_flow_vantage vantage = {.name_size = name.size};
    char text[VW_FLOW_VANTAGE_MAX] = "";

    if (name.size >= sizeof text)
        return VW_ERROR_LIMIT;
    if (name.size > 0)
        memcpy(text, name.data, name.size);
    vantage.coverage = vw_evidence_coverage(evidence, VW_EVIDENCE_FLOW_LOG, file,
                                            name.size > 0 ? text : NULL);
    if (!vantage.coverage)
        return vw_evidence_coverage_count(evidence) >= VW_COVERAGES_MAX
                   ? VW_ERROR_LIMIT
                   : VW_ERROR_NO_MEMORY;
    return vw_array_push(&vantages->items, vantage);
}

int vw_flow_vantages_get(struct vw_flow_vantages *vantages, struct vw_evidence *evidence,
                         const char *file, struct vw_slice name,
                         struct vw_flow_vantage **ret)
{
    uint32_t *slot;
    int error;

    if (vantages->recent >= vantages->items.count ||
        !is_named(&vantages->items.items[vantages->recent], name)) {
        if (grow(vantages))
            return VW_ERROR_NO_MEMORY;
        slot = find(vantages, name);
        if (!*slot) {
            error = append(vantages, evidence, file, name);
            if (error)
                return error;
            *slot = (uint32_t)vantages->items.count;
        }
        vantages->recent = *slot - 1;
    }
    *ret = &vantages->items.items[vantages->recent];
    return 0;
}

void vw_flow_vantage_narrow(struct vw_flow_vantage *vantage,
                            const struct vw_observation *row)
{
    unsigned kept = 0, i;

    if (row->source.family != VW_FAMILY_IPV4 || row->destination.family != VW_FAMILY_IPV4)
        return;
    if (!vantage->own_started) {
        vantage->own_started = true;
        vantage->own[0] = row->source;
        vantage->own[1] = row->destination;
        vantage->own_count = vw_address_equal(row->source, row->destination) ? 1 : 2;
        return;
    }
    for (i = 0; i < vantage->own_count; i++)
        if (vw_address_equal(vantage->own[i], row->source) ||
            vw_address_equal(vantage->own[i], row->destination))
            vantage->own[kept++] = vantage->own[i];
    vantage->own_count = kept;
}

/* UNKNOWN where it is not clear. */
static enum vw_flow_direction direction_of(const struct vw_flow_vantage *vantage,
                                           const struct vw_observation *row)
{
    bool source, destination;

    if (vantage->own_count != 1)
        return VW_FLOW_DIRECTION_UNKNOWN;
    source = vw_address_equal(row->source, vantage->own[0]);
    destination = vw_address_equal(row->destination, vantage->own[0]);
    if (source == destination)
        return VW_FLOW_DIRECTION_UNKNOWN;
    return source ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS;
}

int vw_flow_vantages_decide(struct vw_flow_vantages *vantages,
                            struct vw_evidence *evidence, size_t first_row)
{
    size_t i;

    for (i = first_row; i < vw_evidence_count(evidence); i++) {
        const struct vw_observation *row = vw_evidence_get(evidence, i);
        uint32_t number;
        int error;

        /* A regional NAT gateway shows addresses that are not its own. */
        if (row->direction != VW_FLOW_DIRECTION_UNKNOWN || !row->vantage ||
            !vw_slice_starts(vw_slice_of(row->vantage), "eni-"))
            continue;
        number = *find(vantages, vw_slice_of(row->vantage));
        if (!number)
            continue;
        error = vw_evidence_direct(evidence, i,
                                   direction_of(&vantages->items.items[number - 1], row));
        if (error)
            return error;
    }
    return 0;
}
