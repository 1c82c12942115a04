/*
 * The same object met twice: pages that overlap, a peering seen from both accounts, a
 * shared subnet seen by its participants. One item stays: the one that was read whole,
 * then the one out of its owner's account, then the first. The others fill in what it
 * lacks, and where they contradict it that is a warning.
 */
#include "load/loader.h"

#include <string.h>

#include <vpcwhy/error.h>

static bool is_owners(const struct vw_loader *loader, const struct vw_item *item)
{
    const char *account = loader->files.items[item->file].account;

    return account && item->account && strcmp(account, item->account) == 0;
}

/* Whether `b` is the better copy. */
static bool is_better(const struct vw_loader *loader, const struct vw_item *a,
                      const struct vw_item *b)
{
    if (a->is_incomplete != b->is_incomplete)
        return a->is_incomplete;
    return is_owners(loader, b) && !is_owners(loader, a);
}

/* Makes `kept` the union of both. */
static int unite(struct vw_loader *loader, struct vw_item *kept, struct vw_item other)
{
    const struct vw_schema *schema = kept->schema;
    struct vw_source place, used;
    const char *field;

    if (is_better(loader, kept, &other)) {
        struct vw_item first = *kept;
        *kept = other;
        other = first;
    }
    kept->is_picked = kept->is_picked && other.is_picked;
    if (!kept->account)
        kept->account = other.account;
    if (other.is_incomplete)
        return 0;
    field = vw_schema_merge(schema, kept->record, other.record);
    if (!field)
        return 0;
    place = vw_item_source(loader, &other, vw_item_pointer(&other));
    used = vw_item_source(loader, kept, vw_item_pointer(kept));
    vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "duplicate-object",
                (struct vw_place){.file = place.file, .pointer = place.pointer},
                "%s \"%s\" has another %s than in %s: %s, which is used", schema->noun,
                kept->id, field, used.file, used.pointer);
    return 0;
}

static int unite_kind(struct vw_loader *loader, struct vw_items *items)
{
    struct vw_map map = {0};
    size_t i, kept = 0;
    int error = 0;

    for (i = 0; i < items->count && !error; i++) {
        uint32_t first;

        if (vw_map_get(&map, items->items[i].id, &first)) {
            error = unite(loader, &items->items[first], items->items[i]);
        } else {
            items->items[kept] = items->items[i];
            error = vw_map_put(&map, items->items[kept].id, (uint32_t)kept);
            kept++;
        }
    }
    if (!error)
        items->count = kept;
    vw_map_free(&map);
    return error;
}

/* Interfaces of instances count where describe-network-interfaces does not print them. */
static int drop_embedded(struct vw_loader *loader)
{
    const struct vw_items *printed = &loader->items[VW_OBJECT_INTERFACE];
    struct vw_items *embedded = &loader->embedded;
    struct vw_map map = {0};
    size_t i, kept = 0;
    uint32_t index;
    int error = 0;

    for (i = 0; i < printed->count && !error; i++)
        error = vw_map_put(&map, printed->items[i].id, (uint32_t)i);
    for (i = 0; i < embedded->count && !error; i++)
        if (!vw_map_get(&map, embedded->items[i].id, &index))
            embedded->items[kept++] = embedded->items[i];
    if (!error)
        embedded->count = kept;
    if (!error && kept == 0)
        vw_arena_free(&loader->aside);
    vw_arena_adopt(&loader->world->arena, &loader->aside);
    vw_map_free(&map);
    return error;
}

/* The flag of a prefix list is no row of its table: an empty list of entries is known. */
static void unite_entries(struct vw_items *items)
{
    size_t i;

    for (i = 0; i < items->count; i++) {
        struct vw_prefix_list_record *record = items->items[i].record;
        if (record->cidrs.count > 0 || record->entries.count > 0)
            record->has_entries = VW_FLAG_YES;
    }
}

int vw_unite_copies(struct vw_loader *loader)
{
    int kind, error = 0;

    for (kind = 0; kind < VW_OBJECT_KINDS && !error; kind++)
        error = unite_kind(loader, &loader->items[kind]);
    unite_entries(&loader->items[VW_OBJECT_PREFIX_LIST]);
    if (!error)
        error = unite_kind(loader, &loader->embedded);
    if (!error)
        error = unite_kind(loader, &loader->rules);
    if (!error)
        error = drop_embedded(loader);
    return error;
}
