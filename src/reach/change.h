/*
 * A change of the configuration: applied to a clone of the world to prove it, and written
 * as a sentence and an AWS CLI command.
 */
#ifndef VW_REACH_CHANGE_H
#define VW_REACH_CHANGE_H

#include "base/array.h"
#include "reach/walk.h"

enum vw_change_kind {
    VW_CHANGE_ROUTE,
    VW_CHANGE_GROUP_RULE,
    VW_CHANGE_ACL_ENTRY,
    VW_CHANGE_ACCEPT_PEERING,
    VW_CHANGE_NEW_PEERING,
    VW_CHANGE_START_INSTANCE,
    VW_CHANGE_PUBLIC_ADDRESS,
    VW_CHANGE_ATTACH_GATEWAY,
    VW_CHANGE_SOURCE_DEST_CHECK,   /* off */
    VW_CHANGE_TRANSIT_ROUTE,       /* route.destination -> other, in table object */
    VW_CHANGE_TRANSIT_PROPAGATION, /* of attachment other into table object */
    VW_CHANGE_TRANSIT_ASSOCIATION, /* of attachment object with table other */
    VW_CHANGE_ATTACHMENT_SUBNET,   /* attachment object gets subnet other */
    VW_CHANGE_ATTACHMENT_IPV6
};

struct vw_change {
    enum vw_change_kind kind;
    uint32_t object; /* table, group, ACL, peering, instance, interface, gateway; of a new
                      * peering, its requester VPC */
    uint32_t other;  /* the VPC at the other end, or an interface's address entry */
    bool egress;
    bool
        replaces; /* a route with the same destination, or an ACL entry of the same number,
                    * is there already */
    struct vw_route route;
    struct vw_group_rule group_rule;
    struct vw_acl_entry acl_entry;
    struct vw_acl_entry moved; /* the entry that it replaces, with its new number */
    struct vw_address address;
};

struct vw_changes VW_ARRAY(struct vw_change);

/* The id of a peering that does not exist yet, as the commands write it. */
#define VW_NEW_PEERING_ID "\"$PEERING\""

int vw_change_apply(struct vw_world *clone, const struct vw_change *change);

/* "add route 10.2.0.0/16 -> pcx-1 to rtb-1"; the object's ids are looked up in `world`,
 * a clone to which all changes were applied. NULL when memory is out. */
const char *vw_change_sentence(const struct vw_world *world, struct vw_arena *arena,
                               const struct vw_change *change);

/* At most VW_CHANGE_COMMANDS commands into `commands`; *ret_count of them. */
#define VW_CHANGE_COMMANDS 2
int vw_change_commands(const struct vw_world *world, struct vw_arena *arena,
                       const struct vw_change *change,
                       const char *commands[VW_CHANGE_COMMANDS], size_t *ret_count);

/* What would mend the step of `mark`, met by `packet` in `world`: appended to `changes`.
 * Nothing is appended where no change of the configuration would. */
int vw_repair(const struct vw_world *world, const struct vw_packet *packet,
              const struct vw_mark *mark, struct vw_changes *changes);

#endif
