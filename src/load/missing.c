/*
 * What is named and not there, and what every network has and this export has not. A kind
 * that was not exported is one warning, however many objects of it are named; otherwise
 * it is one for each object.
 */
#include "load/build.h"

#include <string.h>

#include <vpcwhy/error.h>

/* Without these no walk gets far; the others are missed only where something names one. */
static bool is_essential(enum vw_object_kind kind)
{
    return kind == VW_OBJECT_VPC || kind == VW_OBJECT_SUBNET ||
           kind == VW_OBJECT_ROUTE_TABLE || kind == VW_OBJECT_SECURITY_GROUP ||
           kind == VW_OBJECT_NETWORK_ACL || kind == VW_OBJECT_INTERFACE;
}

/* The accounts of which security groups were exported. */
static int collect_accounts(const struct vw_loader *loader, struct vw_map *accounts)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_SECURITY_GROUP];
    const char *last = NULL;
    size_t i;

    for (i = 0; i < items->count; i++) {
        const char *account = items->items[i].account;

        if (!account || (last && strcmp(account, last) == 0))
            continue;
        if (vw_map_put(accounts, account, 0))
            return VW_ERROR_NO_MEMORY;
        last = account;
    }
    return 0;
}

static bool is_missing(const struct vw_loader *loader, const struct vw_map *accounts,
                       enum vw_object_kind kind, uint32_t index)
{
    uint32_t ignored;
    const struct vw_mention *mention = &loader->mentions[kind].items[index];

    if (!mention->is_wanted || mention->is_built)
        return false;
    /* The groups of a participant of a shared VPC are for the participant to export. */
    return kind != VW_OBJECT_SECURITY_GROUP || !mention->account ||
           accounts->count == 0 || vw_map_get(accounts, mention->account, &ignored);
}

static void report_one(struct vw_loader *loader, enum vw_object_kind kind, uint32_t index)
{
    const struct vw_mention *mention = &loader->mentions[kind].items[index];

    vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "dangling-reference",
                (struct vw_place){.file = mention->source.file,
                                  .pointer = mention->source.pointer},
                "%s \"%s\" is not in the export (add %s)",
                mention->role ? mention->role : vw_object_noun(kind),
                vw_world_object(loader->world, kind, index)->id, vw_object_command(kind));
}

static void report_kind(struct vw_loader *loader, enum vw_object_kind kind,
                        const struct vw_mention *first, size_t count)
{
    struct vw_place place = {0};

    if (first) {
        place.file = first->source.file;
        place.pointer = first->source.pointer;
        vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "missing-export", place,
                    "no %s is in the export, and %zu are named, first here (add %s)",
                    vw_object_noun(kind), count, vw_object_command(kind));
    } else {
        vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "missing-export", place,
                    "no \"%s\" in the export (add %s)", vw_object_key(kind),
                    vw_object_command(kind));
    }
}

static void report_objects(struct vw_loader *loader, const struct vw_map *accounts,
                           enum vw_object_kind kind)
{
    const struct mentions *mentions = &loader->mentions[kind];
    bool is_there = loader->is_seen[kind] || loader->items[kind].count > 0 ||
                    (kind == VW_OBJECT_INTERFACE && loader->embedded.count > 0) ||
                    (kind == VW_OBJECT_SECURITY_GROUP && loader->rules.count > 0);
    const struct vw_mention *first = NULL;
    size_t count = 0;
    uint32_t first_index = 0, i;

    for (i = 0; i < mentions->count; i++) {
        if (!is_missing(loader, accounts, kind, i))
            continue;
        if (is_there)
            report_one(loader, kind, i);
        if (count++ == 0) {
            first = &mentions->items[i];
            first_index = i;
        }
    }
    if (!is_there && count == 1)
        report_one(loader, kind, first_index);
    else if (!is_there && count > 1)
        report_kind(loader, kind, first, count);
    else if (is_essential(kind) && !loader->is_seen[kind] &&
             (!is_there || kind == VW_OBJECT_INTERFACE))
        report_kind(loader, kind, NULL, 0);
}

/* A list may be there without its entries. */
static void report_prefix_lists(struct vw_loader *loader)
{
    const struct mentions *mentions = &loader->mentions[VW_OBJECT_PREFIX_LIST];
    uint32_t i;

    for (i = 0; i < mentions->count; i++) {
        const struct vw_prefix_list *list = vw_world_prefix_list(loader->world, i);
        const struct vw_source *source = &mentions->items[i].source;

        if (!mentions->items[i].is_wanted || list->entries_known ||
            (mentions->items[i].is_built && !list->object.exported))
            continue;
        vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "dangling-reference",
                    (struct vw_place){.file = source->file, .pointer = source->pointer},
                    "the entries of prefix list \"%s\" are not in the export (add %s "
                    "--prefix-list-id %s > entries.%s.json)",
                    list->object.id, vw_object_command(VW_OBJECT_PREFIX_LIST),
                    list->object.id, list->object.id);
    }
}

/* Every subnet has a network ACL and every VPC a main route table: one without was
 * exported by halves. */
static void report_halves(struct vw_loader *loader)
{
    const struct vw_world *world = loader->world;
    bool has_acls = loader->items[VW_OBJECT_NETWORK_ACL].count > 0;
    bool has_tables = loader->items[VW_OBJECT_ROUTE_TABLE].count > 0;
    uint32_t i;

    for (i = 0; has_acls && i < vw_world_count(world, VW_OBJECT_SUBNET); i++) {
        const struct vw_object *subnet = &vw_world_subnet(world, i)->object;

        if (subnet->exported && vw_world_subnet(world, i)->network_acl == VW_NONE)
            vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "missing-export",
                        (struct vw_place){.file = subnet->source.file,
                                          .pointer = subnet->source.pointer},
                        "no network ACL of the export belongs to subnet \"%s\" (add %s)",
                        subnet->id, vw_object_command(VW_OBJECT_NETWORK_ACL));
    }
    for (i = 0; has_tables && i < vw_world_count(world, VW_OBJECT_VPC); i++) {
        const struct vw_object *vpc = &vw_world_vpc(world, i)->object;

        if (vpc->exported && vw_world_vpc(world, i)->main_route_table == VW_NONE)
            vw_diagnose(loader->diagnostics, VW_SEVERITY_WARNING, "missing-export",
                        (struct vw_place){.file = vpc->source.file,
                                          .pointer = vpc->source.pointer},
                        "no route table of the export is the main one of VPC \"%s\" "
                        "(add %s)",
                        vpc->id, vw_object_command(VW_OBJECT_ROUTE_TABLE));
    }
}

int vw_report_missing(struct vw_loader *loader)
{
    struct vw_map accounts = {0};
    int error = collect_accounts(loader, &accounts);
    int kind;

    for (kind = 0; kind < VW_OBJECT_KINDS && !error; kind++)
        if (kind != VW_OBJECT_PREFIX_LIST)
            report_objects(loader, &accounts, (enum vw_object_kind)kind);
    vw_map_free(&accounts);
    report_prefix_lists(loader);
    report_halves(loader);
    return error;
}
