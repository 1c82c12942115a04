/* Coverages of one thread; see flow_coverage.h. */
#include "evidence/flow_coverage.h"

#include <vpcwhy/error.h>

#include "base/memory.h"
#include "evidence/table.h"

void vw_flow_coverages_free(struct vw_flow_coverages *coverages)
{
    vw_array_free(&coverages->items);
    vw_free(coverages->slots);
}

static uint32_t *find(const struct vw_flow_coverages *coverages, uint32_t *slots,
                      size_t capacity, uint32_t file, uint32_t vantage)
{
    size_t i = (size_t)vw_flow_mix((uint64_t)file << 32 | vantage, 0) & (capacity - 1);

    for (; slots[i]; i = (i + 1) & (capacity - 1)) {
        const struct vw_flow_coverage *item = &coverages->items.items[slots[i] - 1];

        if (item->file == file && item->vantage == vantage)
            break;
    }
    return &slots[i];
}

/* Room in the index for one more item, never more than half full. */
static int grow(struct vw_flow_coverages *coverages)
{
    size_t capacity = coverages->capacity ? coverages->capacity * 2 : 64, i;
    uint32_t *slots;

    if (coverages->items.count < coverages->capacity / 2)
        return 0;
    slots = vw_calloc(capacity, sizeof *slots);
    if (!slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < coverages->items.count; i++) {
        const struct vw_flow_coverage *item = &coverages->items.items[i];

        *find(coverages, slots, capacity, item->file, item->vantage) = (uint32_t)(i + 1);
    }
    vw_free(coverages->slots);
    coverages->slots = slots;
    coverages->capacity = capacity;
    return 0;
}

static bool is_recent(const struct vw_flow_coverages *coverages, uint32_t file,
                      uint32_t vantage)
{
    const struct vw_flow_coverage *item;

    if (coverages->recent >= coverages->items.count)
        return false;
    item = &coverages->items.items[coverages->recent];
    return item->file == file && item->vantage == vantage;
}

struct vw_flow_coverage *vw_flow_coverages_get(struct vw_flow_coverages *coverages,
                                               uint32_t file, uint32_t vantage,
                                               uint64_t line)
{
    const struct vw_flow_coverage empty = {
        .file = file,
        .vantage = vantage,
        .line = line,
        .sum = {.first = VW_TIME_UNKNOWN, .last = VW_TIME_UNKNOWN}};
    struct vw_flow_coverage *item;
    uint32_t *slot;

    if (!is_recent(coverages, file, vantage)) {
        if (grow(coverages))
            return NULL;
        slot = find(coverages, coverages->slots, coverages->capacity, file, vantage);
        if (!*slot) {
            if (vw_array_push(&coverages->items, empty))
                return NULL;
            *slot = (uint32_t)coverages->items.count;
        }
        coverages->recent = *slot - 1;
    }
    item = &coverages->items.items[coverages->recent];
    if (line < item->line)
        item->line = line;
    return item;
}

void vw_flow_coverage_count(struct vw_flow_coverage *coverage,
                            const struct vw_flow_record *record,
                            enum vw_flow_traffic traffic, bool in_window)
{
    const struct vw_observation *row = &record->row;

    vw_coverage_widen(&coverage->sum, row->first, row->last);
    coverage->traffics |=
        traffic == VW_FLOW_TRAFFIC_UNKNOWN ? VW_FLOW_TRAFFIC_ALL : (unsigned)traffic;
    if (record->has_window && row->last - row->first > coverage->sum.interval)
        coverage->sum.interval = row->last - row->first;
    if (!in_window)
        return;
    switch (record->status) {
    case VW_FLOW_STATUS_NODATA:
        coverage->sum.no_data++;
        break;
    case VW_FLOW_STATUS_SKIPDATA:
        coverage->sum.skip_data++;
        break;
    case VW_FLOW_STATUS_OK:
        coverage->sum.records += row->records;
        break;
    }
}
