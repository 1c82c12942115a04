/*
 * Whose is it, where, and was it all exported? describe-* prints neither the account nor
 * the Region of a call; they follow from what it printed and, failing that, from folders
 * that are named so.
 */
#include "load/loader.h"

#include <stddef.h>
#include <string.h>

#include <vpcwhy/error.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_account(const char *text, size_t size)
{
    size_t i;

    for (i = 0; i < size && is_digit(text[i]); i++)
        ;
    return size == 12 && i == size;
}

/* "us-east-1", "us-gov-west-1": words of small letters, then a number. */
static bool is_region(const char *text, size_t size)
{
    size_t dashes = 0, i;

    for (i = 0; i < size && !is_digit(text[i]); i++) {
        if (text[i] == '-' && (i == 0 || text[i - 1] == '-'))
            return false;
        if (text[i] == '-')
            dashes++;
        else if (text[i] < 'a' || text[i] > 'z')
            return false;
    }
    return dashes >= 2 && i > 0 && text[i - 1] == '-' && size - i >= 1 && size - i <= 2 &&
           is_digit(text[size - 1]) && size < 32 &&
           (text[2] == '-' || memcmp(text, "eusc-", 5) == 0);
}

static int hint(struct vw_loader *loader, const char *text, size_t size, const char **ret)
{
    const char *copy = vw_arena_copy(&loader->world->arena, text, size);

    if (!copy)
        return VW_ERROR_NO_MEMORY;
    *ret = copy;
    return 0;
}

int vw_scope_of_path(struct vw_loader *loader, struct vw_export *file)
{
    const char *start = file->path, *slash;
    int error = 0;

    for (; (slash = strchr(start, '/')) != NULL && !error; start = slash + 1) {
        size_t size = (size_t)(slash - start);

        if (is_account(start, size))
            error = hint(loader, start, size, &file->account);
        else if (is_region(start, size))
            error = hint(loader, start, size, &file->region);
    }
    file->folder_size = (size_t)(start - file->path);
    return error;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_folder(const struct vw_export *a, const struct vw_export *b)
{
    return a->folder_size == b->folder_size &&
           memcmp(a->path, b->path, a->folder_size) == 0;
}

/* ---- accounts of folders ---- */

struct folder {
    const char *account; /* leads the vote so far */
    size_t votes;
};
struct folders VW_ARRAY(struct folder);

/* Boyer and Moore's vote: the account of more than half of the objects leads in the
 * end. */
static void vote(struct folder *folder, const char *account)
{
    if (folder->votes == 0)
        folder->account = account;
    if (strcmp(folder->account, account) == 0)
        folder->votes++;
    else
        folder->votes--;
}

static int folder_of(struct vw_loader *loader, const struct vw_export *file,
                     struct vw_map *map, struct folders *folders, uint32_t *ret_index)
{
    struct folder none = {NULL, 0};
    const char *name = vw_arena_copy(&loader->scratch, file->path, file->folder_size);
    uint32_t index;

    if (!name)
        return VW_ERROR_NO_MEMORY;
    if (!vw_map_get(map, name, &index)) {
        index = (uint32_t)folders->count;
        if (vw_array_push(folders, none) || vw_map_put(map, name, index))
            return VW_ERROR_NO_MEMORY;
    }
    *ret_index = index;
    return 0;
}

static int vote_on_kind(struct vw_loader *loader, enum vw_object_kind kind,
                        struct vw_map *map, struct folders *folders)
{
    const struct vw_items *items = &loader->items[kind];
    uint32_t file = VW_NONE, folder = 0;
    size_t i;

    for (i = 0; i < items->count; i++) {
        const struct vw_item *item = &items->items[i];

        if (item->file != file) {
            int error = folder_of(loader, &loader->files.items[item->file], map, folders,
                                  &folder);
            if (error)
                return error;
            file = item->file;
        }
        if (item->account && folders->items && folder < folders->count)
            vote(&folders->items[folder], item->account);
    }
    return 0;
}

static int use_votes(struct vw_loader *loader, struct vw_map *map,
                     struct folders *folders)
{
    size_t i;

    for (i = 0; i < loader->files.count; i++) {
        struct vw_export *file = &loader->files.items[i];
        uint32_t folder;
        int error;

        if (file->account)
            continue;
        error = folder_of(loader, file, map, folders, &folder);
        if (error)
            return error;
        if (folders->items[folder].votes > 0)
            file->account = folders->items[folder].account;
    }
    return 0;
}

int vw_scope_of_content(struct vw_loader *loader)
{
    /* What a participant of a shared VPC does not see of its owner's. */
    static const enum vw_object_kind kinds[] = {
        VW_OBJECT_SECURITY_GROUP, VW_OBJECT_INSTANCE,    VW_OBJECT_INTERFACE,
        VW_OBJECT_ROUTE_TABLE,    VW_OBJECT_NETWORK_ACL, VW_OBJECT_INTERNET_GATEWAY};
    struct folders folders = {0};
    struct vw_map map = {0};
    size_t i;
    int error = 0;

    for (i = 0; i < sizeof kinds / sizeof *kinds && !error; i++)
        error = vote_on_kind(loader, kinds[i], &map, &folders);
    if (!error)
        error = use_votes(loader, &map, &folders);
    vw_map_free(&map);
    vw_array_free(&folders);
    return error;
}

/* ---- regions ---- */

static void give_region(struct vw_world *world, uint32_t vpc, const char *region)
{
    if (vpc != VW_NONE && region && !vw_world_vpc(world, vpc)->object.region)
        vw_world_edit_vpc(world, vpc)->object.region = region;
}

/* Other zones (Local, Wavelength) are left to vw_world_finish. */
int vw_region_of_zone(struct vw_loader *loader, const char *zone, const char **ret)
{
    size_t size = zone ? strlen(zone) : 0;

    *ret = NULL;
    return size < 2 || !is_region(zone, size - 1) ? 0 : hint(loader, zone, size - 1, ret);
}

/* What objects say of themselves and of their VPCs. */
static int regions_by_content(struct vw_loader *loader)
{
    struct vw_world *world = loader->world;
    uint32_t i;

    for (i = 0; i < vw_world_count(world, VW_OBJECT_SUBNET); i++) {
        struct vw_subnet *subnet = vw_world_edit_subnet(world, i);

        if (!subnet->object.region && subnet->vpc != VW_NONE)
            subnet->object.region = vw_world_vpc(world, subnet->vpc)->object.region;
        if (!subnet->object.region &&
            vw_region_of_zone(loader, subnet->zone, &subnet->object.region))
            return VW_ERROR_NO_MEMORY;
        give_region(world, subnet->vpc, subnet->object.region);
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_PEERING); i++) {
        const struct vw_peering *peering = vw_world_peering(world, i);

        give_region(world, peering->requester.vpc, peering->requester.region);
        give_region(world, peering->accepter.vpc, peering->accepter.region);
    }
    return 0;
}

static const char *hint_of(const struct vw_loader *loader, const struct vw_item *item)
{
    return item->region ? item->region : loader->files.items[item->file].region;
}

static struct vw_object *object_of(struct vw_world *world, enum vw_object_kind kind,
                                   uint32_t index)
{
    const struct vw_table *table = &world->tables[kind];

    return (struct vw_object *)(void *)(table->items + (size_t)index * table->size);
}

static void regions_by_folder(struct vw_loader *loader)
{
    struct vw_world *world = loader->world;
    int kind;
    size_t i;

    for (kind = 0; kind < VW_OBJECT_KINDS; kind++) {
        const struct vw_items *items = &loader->items[kind];

        for (i = 0; i < items->count; i++) {
            struct vw_object *object;
            uint32_t index;

            if (!vw_world_find(world, (enum vw_object_kind)kind, items->items[i].id,
                               &index))
                continue;
            object = object_of(world, (enum vw_object_kind)kind, index);
            if (!object->region)
                object->region = hint_of(loader, &items->items[i]);
        }
    }
}

/* An interface, a table, a group lies where its VPC does. */
static void regions_by_vpc(struct vw_world *world)
{
    static const struct {
        enum vw_object_kind kind;
        size_t vpc; /* where the object says it */
    } rows[] = {
#define IN_VPC(suffix, name) {VW_OBJECT_##suffix, offsetof(struct vw_##name, vpc)}
        IN_VPC(SUBNET, subnet),
        IN_VPC(ROUTE_TABLE, route_table),
        IN_VPC(SECURITY_GROUP, security_group),
        IN_VPC(NETWORK_ACL, network_acl),
        IN_VPC(INTERFACE, interface),
        IN_VPC(INTERNET_GATEWAY, internet_gateway),
        IN_VPC(EGRESS_ONLY_GATEWAY, egress_only_gateway),
        IN_VPC(NAT_GATEWAY, nat_gateway),
        IN_VPC(VPC_ENDPOINT, vpc_endpoint),
        IN_VPC(LOAD_BALANCER, load_balancer),
        IN_VPC(TARGET_GROUP, target_group),
        IN_VPC(VPN_GATEWAY, vpn_gateway),
        IN_VPC(TRANSIT_ATTACHMENT, transit_attachment),
        IN_VPC(FIREWALL, firewall),
#undef IN_VPC
    };
    size_t row;
    uint32_t i, vpc;

    for (row = 0; row < sizeof rows / sizeof *rows; row++) {
        for (i = 0; i < vw_world_count(world, rows[row].kind); i++) {
            struct vw_object *object = object_of(world, rows[row].kind, i);

            memcpy(&vpc, (const unsigned char *)object + rows[row].vpc, sizeof vpc);
            if (!object->region && vpc != VW_NONE)
                object->region = vw_world_vpc(world, vpc)->object.region;
        }
    }
}

/* ---- which VPCs the exported interfaces and internet gateways cover ---- */

static struct vw_cover *cover_of(struct vw_export *file, enum vw_object_kind kind)
{
    return kind == VW_OBJECT_INTERFACE ? &file->interfaces : &file->gateways;
}

/* Whether all VPCs of the items for which `file` is NULL or of the same folder as `file`
 * are of one account and Region. */
static bool is_one_scope(const struct vw_loader *loader, const struct vw_export *file)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_VPC];
    const struct vw_object *first = NULL;
    size_t i;

    for (i = 0; i < items->count; i++) {
        const struct vw_object *vpc;
        uint32_t index;

        if ((file && !same_folder(file, &loader->files.items[items->items[i].file])) ||
            !vw_world_find(loader->world, VW_OBJECT_VPC, items->items[i].id, &index))
            continue;
        vpc = &vw_world_vpc(loader->world, index)->object;
        if (first && (!same_text(first->account, vpc->account) ||
                      !same_text(first->region, vpc->region)))
            return false;
        first = vpc;
    }
    return true;
}

static bool has_key_in_folder(const struct vw_loader *loader,
                              const struct vw_export *file, enum vw_object_kind kind)
{
    size_t i;

    for (i = 0; i < loader->files.count; i++)
        if (cover_of(&loader->files.items[i], kind)->has_key &&
            same_folder(file, &loader->files.items[i]))
            return true;
    return false;
}

/* The name of a scope, NULL in *ret where it is not known. */
static int scope_of(struct vw_loader *loader, const struct vw_object *object,
                    const char **ret)
{
    *ret = NULL;
    if (!object->account || !object->region)
        return 0;
    *ret = vw_arena_printf(&loader->scratch, "%s/%s", object->account, object->region);
    return *ret ? 0 : VW_ERROR_NO_MEMORY;
}

/* Accounts and Regions of which objects of the kind were exported. */
static int collect_scopes(struct vw_loader *loader, enum vw_object_kind kind,
                          struct vw_map *scopes)
{
    const struct vw_items *items = &loader->items[kind];
    const struct vw_object *last = NULL;
    size_t i;

    for (i = 0; i < items->count; i++) {
        const struct vw_object *object;
        const char *scope;
        uint32_t index;

        if (items->items[i].is_picked ||
            !vw_world_find(loader->world, kind, items->items[i].id, &index))
            continue;
        object = vw_world_object(loader->world, kind, index);
        if (last && same_text(last->account, object->account) &&
            same_text(last->region, object->region))
            continue;
        last = object;
        if (scope_of(loader, object, &scope) || (scope && vw_map_put(scopes, scope, 0)))
            return VW_ERROR_NO_MEMORY;
    }
    return 0;
}

/* The key stood in the folder, even with an empty list, and the folder's VPCs are all of
 * one scope: nothing of theirs is missing. */
static bool covers_folder(const struct vw_loader *loader, struct vw_export *file,
                          enum vw_object_kind kind)
{
    struct vw_cover *cover = cover_of(file, kind);

    if (!cover->is_judged) {
        cover->covers_vpcs =
            has_key_in_folder(loader, file, kind) && is_one_scope(loader, file);
        cover->is_judged = true;
    }
    return cover->covers_vpcs;
}

static int mark_covered(struct vw_loader *loader, enum vw_object_kind kind,
                        const struct vw_map *scopes)
{
    const struct vw_items *items = &loader->items[VW_OBJECT_VPC];
    bool is_single = loader->is_seen[kind] && is_one_scope(loader, NULL);
    size_t i;

    for (i = 0; i < items->count; i++) {
        struct vw_export *file = &loader->files.items[items->items[i].file];
        uint32_t index, ignored;
        struct vw_vpc *vpc;
        const char *scope;
        bool covered;

        if (!vw_world_find(loader->world, VW_OBJECT_VPC, items->items[i].id, &index))
            continue;
        vpc = vw_world_edit_vpc(loader->world, index);
        if (scope_of(loader, &vpc->object, &scope))
            return VW_ERROR_NO_MEMORY;
        covered = is_single || (scope && vw_map_get(scopes, scope, &ignored)) ||
                  covers_folder(loader, file, kind);
        if (kind == VW_OBJECT_INTERFACE)
            vpc->interfaces_exported = covered;
        else
            vpc->gateways_missing = !covered;
    }
    return 0;
}

static int mark_kind(struct vw_loader *loader, enum vw_object_kind kind)
{
    struct vw_map scopes = {0};
    int error = collect_scopes(loader, kind, &scopes);

    if (!error)
        error = mark_covered(loader, kind, &scopes);
    vw_map_free(&scopes);
    return error;
}

/* An interface that could not be read may own the address that is asked about. */
static void mark_holes(struct vw_loader *loader)
{
    struct vw_world *world = loader->world;
    const struct vw_items *items = &loader->items[VW_OBJECT_INTERFACE];
    uint32_t index, i;

    for (i = 0; i < items->count; i++) {
        if (!items->items[i].is_incomplete ||
            !vw_world_find(world, VW_OBJECT_INTERFACE, items->items[i].id, &index))
            continue;
        index = vw_world_interface(world, index)->vpc;
        if (index == VW_NONE)
            loader->has_lost[VW_OBJECT_INTERFACE] = true;
        else
            vw_world_edit_vpc(world, index)->interfaces_exported = false;
    }
    for (i = 0; i < vw_world_count(world, VW_OBJECT_VPC); i++)
        if (loader->has_lost[VW_OBJECT_INTERFACE])
            vw_world_edit_vpc(world, i)->interfaces_exported = false;
}

int vw_scope_of_objects(struct vw_loader *loader)
{
    int error = regions_by_content(loader);

    regions_by_folder(loader);
    regions_by_vpc(loader->world);
    if (!error)
        error = mark_kind(loader, VW_OBJECT_INTERFACE);
    if (!error)
        error = mark_kind(loader, VW_OBJECT_INTERNET_GATEWAY);
    mark_holes(loader);
    return error;
}
