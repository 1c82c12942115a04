/*
 * Loading in three steps: every file is read to records (collect.h), copies of one object
 * become one (copies.c), and what is left is built into the world (build.h). Each element
 * of an export is one item on the way.
 */
#ifndef VW_LOAD_LOADER_H
#define VW_LOAD_LOADER_H

#include <limits.h>

#include "base/array.h"
#include "base/map.h"
#include "base/sha256.h"
#include "load/records.h"
#include "world/world.h"

struct vw_item {
    void *record; /* begins with its JSON pointer */
    const struct vw_schema *schema;
    const char *id;
    const char *account; /* OwnerId, or NULL */
    const char *region;  /* where the element says it, or NULL */
    uint32_t file;       /* index into the loader's files */
    bool is_incomplete;  /* a part that matters could not be read */
    bool is_picked;      /* read where others of its kind may be left out */
};

struct vw_items VW_ARRAY(struct vw_item);

/* One of AWS Config, until the newest of its resource is known. */
struct vw_config_item {
    struct vw_item item; /* without record where it is gone */
    enum vw_object_kind kind;
    int64_t captured; /* VW_TIME_NONE: it does not say */
    bool is_gone;     /* the resource was deleted, or a newer item tells of it */
};

/* Whether what a folder holds of one kind is all that its VPCs have: see scope.c. */
struct vw_cover {
    bool has_key; /* the file has the kind's key */
    bool covers_vpcs;
    bool is_judged; /* covers_vpcs is known */
};

/* One file that was read. */
struct vw_export {
    const char *path;
    size_t folder_size;  /* the path's folder is its first so many bytes */
    const char *account; /* whose it is: a part of the path, or NULL */
    const char *region;  /* likewise */
    struct vw_cover interfaces, gateways; /* NetworkInterfaces, InternetGateways */
};

/* Who first named an object, for the message that it is missing. */
struct vw_mention {
    struct vw_source source;
    const char *account; /* of the object that names it, or NULL */
    const char *role;    /* what it is there: "target"; NULL: what its kind is called */
    bool is_wanted;      /* missing, it is worth a warning */
    bool is_built;       /* an element of the export is about it */
};

/* The pages of one key. */
struct vw_pages {
    bool has_last;     /* a document without NextToken */
    uint32_t cut_file; /* 1 + the file of one with it; 0: none */
};

/* How large files are read: see batch.h. */
#define VW_ALL_PROCESSORS UINT_MAX
struct vw_load_plan {
    size_t split_size; /* files of so many bytes are cut */
    size_t piece_size; /* into pieces of about so many */
    unsigned threads; /* beside the caller's; or VW_ALL_PROCESSORS, which are counted only
                        * when a file is cut */
};

struct vw_exports VW_ARRAY(struct vw_export);

/* What calls tell of objects that other calls describe: see parts.c. */
enum vw_part {
    VW_PART_TRANSIT_ROUTES,
    VW_PART_TRANSIT_PROPAGATIONS,
    VW_PART_TRANSIT_ASSOCIATIONS,
    VW_PART_TRANSIT_LISTS,
    VW_PART_DIRECT_CONNECT,
    VW_PART_BALANCER_ATTRIBUTES,
    VW_PART_GROUP_ATTRIBUTES,
    VW_PART_TARGET_HEALTH,
    VW_PART_LISTENER_LISTS,
    VW_PART_LISTENER_RULES,
    VW_PART_EXCLUSIONS
};
enum { VW_PARTS = VW_PART_EXCLUSIONS + 1 };

enum { VW_KEYS = 60 }; /* top-level keys that are read */

/* What of IAM was read: see iam.c. */
struct vw_iam_lists {
    struct iam_roles VW_ARRAY(struct vw_iam_role) roles;
    struct iam_inlines VW_ARRAY(struct vw_iam_inline) inlines;
    struct iam_lists VW_ARRAY(struct vw_iam_list) lists;
    struct iam_managed VW_ARRAY(struct vw_iam_managed) managed;
    struct iam_buckets VW_ARRAY(struct vw_iam_bucket) buckets;
};

struct vw_loader {
    struct vw_world *world;
    struct vw_diagnostics *diagnostics;
    struct vw_arena scratch; /* records: until they are built */
    struct vw_arena aside;   /* records and texts of `embedded`, mostly of no use */
    struct vw_load_plan plan;
    struct vw_batch_crew *crew; /* NULL until the first large file */
    struct vw_texts *texts;     /* of the world's arena, or NULL */
    struct vw_texts *aside_texts;
    struct vw_exports files;
    struct vw_items items[VW_OBJECT_KINDS];
    struct vw_items
        embedded;           /* interfaces inside instances: record vw_interface_record */
    struct vw_items rules;  /* SecurityGroupRules */
    struct vw_items blocks; /* VpcBlockPublicAccessOptions */
    struct vw_items parts[VW_PARTS]; /* their ids are those of the objects */
    struct config_items VW_ARRAY(struct vw_config_item) config_items;
    struct vw_map paths; /* files read */
    struct vw_map keys;  /* top-level keys met: to index into `others`, or VW_NONE */
    struct others VW_ARRAY(struct vw_other_key) others;
    struct vw_iam_lists iam;
    struct mentions VW_ARRAY(struct vw_mention) mentions[VW_OBJECT_KINDS];
    bool is_seen[VW_OBJECT_KINDS];  /* the kind's key stood in some file */
    bool has_lost[VW_OBJECT_KINDS]; /* not all elements could be kept */
    bool has_lost_rule;             /* nor those of SecurityGroupRules */
    bool is_part_seen[VW_PARTS];    /* the same of parts */
    bool has_lost_part[VW_PARTS];
    struct vw_pages pages[VW_KEYS];
};

/* Whether a ResourceType is that of a peering of transit gateways. */
bool vw_is_transit_peering(const char *resource_type);

static inline const char *vw_item_pointer(const struct vw_item *item)
{
    return *(const char *const *)item->record;
}

static inline struct vw_source vw_item_source(const struct vw_loader *loader,
                                              const struct vw_item *item,
                                              const char *pointer)
{
    return (struct vw_source){loader->files.items[item->file].path, pointer};
}

/* ---- collect.c ---- */

/* Reads all documents of the loader's file `index`. VW_ERROR_INPUT where it cannot be
 * used. */
int vw_collect(struct vw_loader *loader, uint32_t index, bool is_surely_json,
               char ret_sha256[VW_SHA256_TEXT]);

/* Warns of lists whose last page is missing. */
void vw_report_pages(struct vw_loader *loader);

/* ---- load.c ---- */

/* vw_world_load to a plan of one's own. */
int vw_load(const char *const *paths, size_t path_count, const struct vw_load_plan *plan,
            struct vw_diagnostics *diagnostics, struct vw_world **ret_world);

/* ---- copies.c ---- */

/* Leaves one item of each object, in the order in which they first came. */
int vw_unite_copies(struct vw_loader *loader);

/* ---- scope.c ---- */

/* Whose a file is and of which Region, as far as its path says. */
int vw_scope_of_path(struct vw_loader *loader, struct vw_export *file);

/* Where the path does not say: the account that most of the folder's objects have. */
int vw_scope_of_content(struct vw_loader *loader);

/* "us-east-1" of "us-east-1a", copied; NULL in *ret where that is not its form. */
int vw_region_of_zone(struct vw_loader *loader, const char *zone, const char **ret);

/* Regions of objects, and which VPCs the exported interfaces cover; after the build. */
int vw_scope_of_objects(struct vw_loader *loader);

#endif
