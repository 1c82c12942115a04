/* From items to objects of the world. */
#ifndef VW_LOAD_BUILD_H
#define VW_LOAD_BUILD_H

#include <string.h>

#include "load/loader.h"

/* Whether an optional text is there and is `other`. */
static inline bool vw_text_is(const char *text, const char *other)
{
    return text && strcmp(text, other) == 0;
}

/* Who refers to an object, and whether a warning is due where it is missing. */
struct vw_referrer {
    struct vw_loader *loader;
    const struct vw_item *item;
    const char *pointer; /* of the reference; NULL: of the item */
    const char *role;    /* "target"; NULL: what the kind is called */
    bool is_quiet;       /* nothing is lost where the object is missing */
};

/* The index of an object that is named; VW_NONE in *ret_index for `id` NULL. */
int vw_refer(const struct vw_referrer *referrer, enum vw_object_kind kind, const char *id,
             uint32_t *ret_index);

/* The index of the object that `item` is about. */
int vw_build_start(struct vw_loader *loader, enum vw_object_kind kind,
                   const struct vw_item *item, uint32_t *ret_index);

/* Fills in what all objects have; of an item that was not read whole only the place. */
void vw_build_head(struct vw_loader *loader, const struct vw_item *item,
                   struct vw_object *object, const char *name, const char *region);

/* The indexes of all objects that a list of vw_id_record names: into room for as many, or
 * into an array of the world's. */
int vw_refer_each(struct vw_referrer *referrer, enum vw_object_kind kind,
                  const struct vw_list *list, uint32_t *ret_indexes);
int vw_refer_list(struct vw_referrer *referrer, enum vw_object_kind kind,
                  const struct vw_list *list, uint32_t **ret_indexes);

/* Calls `build` for each item of a kind. */
int vw_build_each(struct vw_loader *loader, enum vw_object_kind kind,
                  int (*build)(struct vw_loader *loader, const struct vw_item *item));

/* The CIDRs of lists of vw_cidr_record one after the other; only those of `state`
 * "associated" or without one. `lone` counts where `ipv4` is empty. */
int vw_build_cidrs(struct vw_world *world, const struct vw_prefix *lone,
                   const struct vw_list *ipv4, const struct vw_list *ipv6,
                   struct vw_prefix **ret_cidrs, size_t *ret_count);

/* "us-east-1" of an ARN, and its account, copied; NULL in *ret where it names none. */
int vw_region_of_arn(struct vw_world *world, const char *arn, const char **ret);
int vw_account_of_arn(struct vw_world *world, const char *arn, const char **ret);

int vw_build_networks(struct vw_loader *loader);
int vw_build_route_tables(struct vw_loader *loader);
int vw_build_rules(struct vw_loader *loader);
int vw_build_hosts(struct vw_loader *loader);
int vw_build_elastic_addresses(struct vw_loader *loader);
int vw_build_services(struct vw_loader *loader);
int vw_build_load_balancers(struct vw_loader *loader);
int vw_build_transit(struct vw_loader *loader);
int vw_build_vpn(struct vw_loader *loader);
int vw_build_firewalls(struct vw_loader *loader);
int vw_build_service_addresses(struct vw_loader *loader);

/* Makes interfaces of what NAT gateways say of theirs; before copies are united. */
int vw_embed_nat_interfaces(struct vw_loader *loader);

/* Warns of what is named and missing. After vw_world_finish. */
int vw_report_missing(struct vw_loader *loader);

#endif
