/* vw_world_load: see vpcwhy/world.h, and loader.h for the steps. */
#include <vpcwhy/world.h>

#include <string.h>
#include <sys/stat.h>

#include <vpcwhy/error.h>

#include "base/input.h"
#include "load/batch.h"
#include "load/build.h"
#include "load/config_items.h"
#include "load/iam.h"

/* Below the first, a thread takes longer to start than it saves. A piece and what the
 * parser makes of it stay in the processor's cache. */
enum { SPLIT_SIZE = 1 << 20, PIECE_SIZE = 1 << 17 };

struct sums VW_ARRAY(struct vw_input_file);

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);

    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static bool is_named_json(const char *path)
{
    return ends_with(path, ".json") || ends_with(path, ".json.gz");
}

/* Reads one file, unless it was read already. */
static int load_file(struct vw_loader *loader, const char *path, bool is_surely_json,
                     struct sums *sums)
{
    struct vw_export file = {.path = path};
    struct vw_input_file sum = {.path = path};
    uint32_t index;
    int error;

    if (vw_map_get(&loader->paths, path, &index))
        return 0;
    index = (uint32_t)loader->files.count;
    if (vw_scope_of_path(loader, &file) || vw_map_put(&loader->paths, path, index) ||
        vw_array_push(&loader->files, file))
        return VW_ERROR_NO_MEMORY;
    error = vw_collect(loader, index, is_surely_json, sum.sha256);
    if (error)
        return error == VW_ERROR_INPUT ? 0 : error;
    return vw_array_push(sums, sum);
}

static bool is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int load_path(struct vw_loader *loader, const char *path, struct sums *sums)
{
    struct vw_paths paths = {0};
    bool in_folder = is_folder(path);
    int error = vw_tree_files(path, &loader->world->arena, loader->diagnostics, &paths);
    size_t i;

    if (!error && paths.count == 0)
        vw_diagnose(loader->diagnostics, VW_SEVERITY_ERROR, "empty-folder",
                    (struct vw_place){.file = path}, "holds no files");
    for (i = 0; i < paths.count && !error; i++)
        error = load_file(loader, paths.items[i],
                          !in_folder || is_named_json(paths.items[i]), sums);
    vw_array_free(&paths);
    return error == VW_ERROR_INPUT ? 0 : error;
}

struct ids VW_ARRAY(const char *);

/* VPCs that have a table whose associations are not all known. */
static int collect_doubts(const struct vw_loader *loader, struct ids *vpcs)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_ROUTE_TABLE];
    size_t i;

    for (i = 0; i < items->count; i++) {
        const struct vw_route_table_record *record = items->items[i].record;

        if (record->associations.has_gap && record->vpc &&
            vw_array_push(vpcs, record->vpc))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* Such a table may be that of any subnet which now seems to use the main one: the main one
 * must not decide. */
static void doubt_main_tables(struct vw_loader *loader, const struct ids *vpcs)
{
    struct vw_world *world = loader->world;
    bool is_lost = loader->has_lost[VW_OBJECT_ROUTE_TABLE];
    size_t i;
    uint32_t vpc;

    for (i = 0; i < vpcs->count; i++) {
        if (!vw_world_find(world, VW_OBJECT_VPC, vpcs->items[i], &vpc))
            continue;
        vpc = vw_world_vpc(world, vpc)->main_route_table;
        if (vpc != VW_NONE)
            vw_world_edit_route_table(world, vpc)->object.exported = false;
    }
    for (vpc = 0; is_lost && vpc < vw_world_count(world, VW_OBJECT_ROUTE_TABLE); vpc++)
        if (vw_world_route_table(world, vpc)->main)
            vw_world_edit_route_table(world, vpc)->object.exported = false;
}

/* Two entries with one number: which of them comes first, AWS does not say. */
static bool has_twins(const struct vw_acl_entries *entries, size_t *ret_index)
{
    size_t i;

    for (i = 1; i < entries->count; i++) {
        if (entries->items[i - 1].number == entries->items[i].number) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

static void doubt_entries(struct vw_loader *loader)
{
    uint32_t i;

    for (i = 0; i < vw_world_count(loader->world, VW_OBJECT_NETWORK_ACL); i++) {
        struct vw_network_acl *acl = vw_world_edit_network_acl(loader->world, i);
        const struct vw_acl_entry *twin;
        size_t index;

        if (has_twins(&acl->ingress, &index))
            twin = &acl->ingress.items[index];
        else if (has_twins(&acl->egress, &index))
            twin = &acl->egress.items[index];
        else
            continue;
        vw_diagnose(
            loader->diagnostics, VW_SEVERITY_WARNING, "bad-value",
            (struct vw_place){.file = twin->source.file, .pointer = twin->source.pointer},
            "rule number %d stands twice in one direction; network ACL \"%s\" "
            "counts as not exported",
            (int)twin->number, acl->object.id);
        acl->object.exported = false;
    }
}

static void forget(struct vw_items *items)
{
    size_t i;

    for (i = 0; i < items->count; i++)
        items->items[i].record = NULL;
}

/* What was read is in the world now, and takes a third of all memory. */
static void forget_records(struct vw_loader *loader)
{
    int kind;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++)
        forget(&loader->items[kind]);
    for (kind = 0; kind < VW_PARTS; kind++)
        forget(&loader->parts[kind]);
    forget(&loader->embedded);
    forget(&loader->rules);
    forget(&loader->blocks);
    vw_arena_free(&loader->scratch);
}

static int finish(struct vw_loader *loader)
{
    struct ids doubts = {0};
    int error = collect_doubts(loader, &doubts);

    forget_records(loader);
    if (!error)
        error = vw_world_finish(loader->world);
    if (!error) {
        doubt_main_tables(loader, &doubts);
        doubt_entries(loader);
    }
    vw_array_free(&doubts);
    return error;
}

static int build(struct vw_loader *loader)
{
    int error = vw_settle_config_items(loader);

    if (!error)
        error = vw_scope_of_content(loader);
    vw_report_pages(loader);
    if (!error)
        error = vw_embed_nat_interfaces(loader);
    if (!error)
        error = vw_unite_copies(loader);
    if (!error)
        error = vw_build_networks(loader);
    if (!error)
        error = vw_build_route_tables(loader);
    if (!error)
        error = vw_build_rules(loader);
    if (!error)
        error = vw_build_hosts(loader);
    if (!error)
        error = vw_build_elastic_addresses(loader);
    if (!error)
        error = vw_build_services(loader);
    if (!error)
        error = vw_build_load_balancers(loader);
    if (!error)
        error = vw_build_transit(loader);
    if (!error)
        error = vw_build_vpn(loader);
    if (!error)
        error = vw_build_firewalls(loader);
    if (!error)
        error = vw_build_service_addresses(loader);
    if (error)
        return error;
    error = vw_scope_of_objects(loader);
    return error ? error : finish(loader);
}

static bool has_anything(const struct vw_world *world)
{
    int kind;
    uint32_t i;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++)
        for (i = 0; i < vw_world_count(world, (enum vw_object_kind)kind); i++)
            if (vw_world_object(world, (enum vw_object_kind)kind, i)->exported)
                return true;
    return false;
}

/* Lists that grew in heap blocks become the world's. */
static int keep_lists(struct vw_loader *loader, const struct sums *sums)
{
    struct vw_world *world = loader->world;

    world->files = vw_arena_array(&world->arena, sums->count, sizeof *world->files);
    memcpy(world->kind_exported, loader->is_seen, sizeof world->kind_exported);
    world->others =
        vw_arena_array(&world->arena, loader->others.count, sizeof *world->others);
    if (!world->files || !world->others)
        return VW_ERROR_NO_MEMORY;
    if (sums->count > 0)
        memcpy(world->files, sums->items, sums->count * sizeof *sums->items);
    if (loader->others.count > 0)
        memcpy(world->others, loader->others.items,
               loader->others.count * sizeof *world->others);
    world->file_count = sums->count;
    world->other_count = loader->others.count;
    return 0;
}

static int load(struct vw_loader *loader, const char *const *paths, size_t path_count,
                struct sums *sums)
{
    size_t i;
    int error = 0;

    for (i = 0; i < path_count && !error; i++)
        error = load_path(loader, paths[i], sums);
    vw_batch_end(loader);
    if (!error)
        error = build(loader);
    if (error)
        return error;
    if (!has_anything(loader->world)) {
        vw_diagnose(loader->diagnostics, VW_SEVERITY_ERROR, "no-data",
                    (struct vw_place){0},
                    "no VPC data found: expected what \"aws ec2 describe-vpcs\", "
                    "\"describe-subnets\", \"describe-route-tables\" and the like print");
        return VW_ERROR_INPUT;
    }
    error = vw_report_missing(loader);
    if (!error)
        error = vw_keep_iam(loader);
    return error ? error : keep_lists(loader, sums);
}

static void free_loader(struct vw_loader *loader)
{
    int kind;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++) {
        vw_array_free(&loader->items[kind]);
        vw_array_free(&loader->mentions[kind]);
    }
    for (kind = 0; kind < VW_PARTS; kind++)
        vw_array_free(&loader->parts[kind]);
    vw_array_free(&loader->embedded);
    vw_array_free(&loader->rules);
    vw_array_free(&loader->blocks);
    vw_array_free(&loader->config_items);
    vw_free_iam(loader);
    vw_array_free(&loader->files);
    vw_array_free(&loader->others);
    vw_map_free(&loader->paths);
    vw_map_free(&loader->keys);
    vw_arena_free(&loader->scratch);
    vw_arena_free(&loader->aside);
}

int vw_load(const char *const *paths, size_t path_count, const struct vw_load_plan *plan,
            struct vw_diagnostics *diagnostics, struct vw_world **ret_world)
{
    struct vw_loader loader = {.diagnostics = diagnostics, .plan = *plan};
    struct sums sums = {0};
    int error;

    loader.world = vw_world_create();
    if (!loader.world)
        return VW_ERROR_NO_MEMORY;
    error = load(&loader, paths, path_count, &sums);
    vw_array_free(&sums);
    free_loader(&loader);
    if (error) {
        vw_world_free(loader.world);
        return error;
    }
    *ret_world = loader.world;
    return 0;
}

int vw_world_load(const char *const *paths, size_t path_count,
                  struct vw_diagnostics *diagnostics, struct vw_world **ret_world)
{
    struct vw_load_plan plan = {SPLIT_SIZE, PIECE_SIZE, VW_ALL_PROCESSORS};

    return vw_load(paths, path_count, &plan, diagnostics, ret_world);
}
