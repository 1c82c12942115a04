/*
 * The walk. `struct vw_packet` is a box of packets that have fared alike so far, and where
 * they are now. Each stage is one evaluator: it looks at the packet, narrows it to the
 * part that one rule decides (the rest is put back and goes through the same stage
 * again), leaves a mark that says what was decided and by what, and names the next stage.
 *
 * A blocked packet walks on, so that one run finds every blocker of both directions: after
 * a filter as if it had let the packet pass, after a router as if it had delivered it.
 *
 * Nothing here formats text. A mark holds pointers to the component and the rule, and a
 * function of its evaluator that can explain it when somebody asks.
 */
#ifndef VW_REACH_WALK_H
#define VW_REACH_WALK_H

#include <vpcwhy/trace.h>

#include "base/arena.h"
#include "base/array.h"
#include "reach/box.h"
#include "world/index.h"
#include "world/world.h"

/* The most pieces one question may fall into. */
#define VW_PIECES_MAX 1000000

struct vw_packet;
struct vw_walk;
struct vw_mark;
struct vw_explainer;

/* name, evaluator; in the order of a packet's way */
#define VW_STAGE_LIST(X)                                                                 \
    X(VW_STAGE_SENDER, vw_interface_leave)                                               \
    X(VW_STAGE_SAME_HOST, vw_delivery_same_host)                                         \
    X(VW_STAGE_GROUP_OUT, vw_security_group_out)                                         \
    X(VW_STAGE_SAME_SUBNET, vw_delivery_same_subnet)                                     \
    X(VW_STAGE_ACL_OUT, vw_network_acl_out)                                              \
    X(VW_STAGE_ROUTE, vw_route_table_route)                                              \
    X(VW_STAGE_INTERNET, vw_internet_gateway_enter)                                      \
    X(VW_STAGE_DELIVER, vw_delivery_deliver)                                             \
    X(VW_STAGE_ACL_IN, vw_network_acl_in)                                                \
    X(VW_STAGE_GROUP_IN, vw_security_group_in)                                           \
    X(VW_STAGE_RECEIVER, vw_interface_arrive)                                            \
    X(VW_STAGE_HOP, vw_hop_pass)                                                         \
    X(VW_STAGE_TRANSIT, vw_transit_gateway_route)                                        \
    X(VW_STAGE_CUSTOMER_NETWORK, vw_customer_network_leave)                              \
    X(VW_STAGE_ARRIVED, vw_reply_begin)

enum vw_stage {
#define VW_X(name, evaluator) name,
    VW_STAGE_LIST(VW_X)
#undef VW_X
        VW_STAGE_DONE
};
#define VW_X(name, evaluator)                                                            \
    int evaluator(struct vw_walk *walk, struct vw_packet *packet);
VW_STAGE_LIST(VW_X)
#undef VW_X

/* What the walk says of one step; explained on demand. */
struct vw_mark {
    struct vw_mark *previous; /* on the same packet's way, NULL at its start */
    enum vw_stage stage;      /* in which it was made */
    enum vw_step_kind kind;
    enum vw_decision decision;
    enum vw_reason reason;
    enum vw_direction direction;
    unsigned hops;                  /* components passed before, in this direction */
    uint32_t vpc, subnet;           /* where the packet was, or VW_NONE */
    bool at_end;                    /* what was met next is the end of the way, no hop */
    bool hypothetical;              /* only "if the packet had come this far" */
    bool certain;                   /* holds whatever an unknown hop before it does */
    const struct vw_object *object; /* the component, or NULL: `id` */
    const char *id;
    const struct vw_object *other; /* a second object of the sentence, or NULL */
    const void *rule;              /* of the type that `explain` expects, or NULL */
    struct vw_box box;             /* the packets as they met the component */
    struct vw_address address;     /* a translated address, or family NONE */
    int missing;                   /* object kind that is not exported, or -1 */
    /* Writes the sentence, quotes the rule. 0 or VW_ERROR_NO_MEMORY. */
    int (*explain)(struct vw_explainer *explainer, const struct vw_mark *mark);
};

/*
 * A component between two ends that takes the packet in at a subnet (whose network ACL it
 * meets there) and sends it on from that subnet.
 */
enum vw_hop_kind {
    VW_HOP_NONE,               /* the packet is handed to a host: its destination */
    VW_HOP_NAT_GATEWAY,        /* index: NAT gateway */
    VW_HOP_TRANSIT,            /* index: transit gateway attachment */
    VW_HOP_MIDDLEBOX,          /* index: interface of an instance that forwards */
    VW_HOP_LOAD_BALANCER,      /* index: load balancer; addressed, not routed to */
    VW_HOP_INTERFACE_ENDPOINT, /* index: VPC endpoint; addressed, and the end of the way */
    VW_HOP_INSPECTION /* index: VPC endpoint in front of appliances or a firewall */
};

struct vw_hop {
    enum vw_hop_kind kind;
    uint32_t index;
    bool addressed; /* the packet's destination is an address of the component itself */
};

/* Which fields of a packet on the wire are not those that were asked. */
struct vw_translated {
    bool source, destination, source_ports, ports;
};

/* The gateway or peering by which a packet left or entered a VPC. For a customer network
 * behind a transit gateway it is the attachment, for which `index` stands then. */
struct vw_passage {
    enum vw_target_kind kind;
    uint32_t index; /* VW_NONE: none, the packet stayed inside */
};

/*
 * A hop that remembers what passed it: the reply that comes back to it is translated
 * back, and its security groups admit it. Newest first.
 */
struct vw_crossing {
    const struct vw_crossing *before;
    struct vw_hop hop;
    uint32_t interface; /* of the component, or VW_NONE */
    uint32_t vpc, subnet;
    struct vw_box wire; /* the request as it came in */
    struct vw_translated translated;
    struct vw_passage request_entry; /* how the request came into the component's VPC */
    bool changes_source;             /* address and port */
    bool changes_destination;        /* likewise */
    bool
        takes_replies; /* whatever the routes say, the receiver's reply comes back here */
};

struct vw_packet {
    struct vw_box asked; /* this part of the question, in the question's own addresses */
    struct vw_box wire;  /* as it is under way, translated addresses and all */
    bool is_single;      /* `wire` is known to be one packet, which nothing cuts; to be
                     * cleared by who may widen it */
    enum vw_stage stage;
    enum vw_direction direction;
    struct vw_translated translated;
    uint32_t sender;   /* interface that sent it or sent it on, or VW_NONE: outside the
                        * export */
    uint32_t receiver; /* interface once it is known, or VW_NONE */
    struct vw_hop hop; /* what the packet is handed to at the end of this stretch */
    const struct vw_crossing *crossings; /* of the request, newest first */
    unsigned hops;                       /* passed in this direction */
    uint32_t vpc;                        /* where the packet is */
    uint32_t subnet;
    uint32_t zone_of; /* subnet of the Availability Zone that a transit gateway keeps the
                        * packet in, or VW_NONE */
    uint32_t attachment; /* by which the packet is in a transit gateway */
    bool same_subnet;
    bool same_host;
    uint32_t route_table;         /* that decides instead of the subnet's, or VW_NONE */
    bool identity;                /* the receiver knows the sender's security groups */
    enum vw_reason identity_lost; /* why not */
    bool goal_met;      /* it came to whom the question names, who passes it on */
    bool forwarded;     /* a middlebox sent it on, which may have changed the source */
    bool blocked;       /* something stops it for certain */
    bool unknown;       /* something that cannot be known may stop it */
    bool unsure_source; /* an unknown hop may have changed the source address */
    bool hypothetical;  /* a router dropped it; it walks on as if it had not */
    bool request_lost;  /* reply: the request did not arrive */
    bool outside;       /* arrived outside the export */
    struct vw_passage request_exit;  /* how the request left A's VPC */
    struct vw_passage request_entry; /* how it entered B's VPC */
    struct vw_passage origin; /* how it left the customer network it came from, if any */
    const struct vw_customer_network *network; /* that one, or NULL */
    uint32_t fork;                             /* see fork.h; 0: none */
    const struct vw_object *fork_at;           /* where it forked */
    enum vw_direction fork_direction;
    uint32_t a, b;        /* interfaces of the two ends, VW_NONE outside */
    struct vw_mark *last; /* of the way so far */
};

struct vw_packets VW_ARRAY(struct vw_packet);

/* Where the question says the packets must arrive; VW_NONE where it says nothing. */
struct vw_goal {
    uint32_t vpc;
    uint32_t interface;
    bool is_outside; /* "internet": somebody who is not in the export */
};

struct vw_walk {
    const struct vw_world *world;
    struct vw_arena *arena;    /* of the marks; reset between questions */
    struct vw_packets waiting; /* to be walked on */
    struct vw_packets done;
    struct vw_goal goal;
    bool one_way;
    uint32_t forks;          /* begun so far */
    struct vw_packet before; /* as the running stage found it, if it can be cut */
};

/* Walks all of walk->waiting to walk->done. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_walk_run(struct vw_walk *walk);

/* The same, after `first` (may be NULL), each packet only until it stands before a stage
 * whose bit (1 << stage) is not in `stages`. */
int vw_walk_run_within(struct vw_walk *walk, struct vw_packet *first, unsigned stages);

/* ---- for evaluators ---- */

int vw_walk_cut(struct vw_walk *walk, struct vw_packet *packet,
                const struct vw_box *region);

/* Cuts the packet down to `region` of the wire, which must overlap it; the rest waits to
 * go through the same stage again. */
static inline int vw_walk_narrow(struct vw_walk *walk, struct vw_packet *packet,
                                 const struct vw_box *region)
{
    return packet->is_single ? 0 : vw_walk_cut(walk, packet, region);
}

static inline int vw_walk_narrow_destination(struct vw_walk *walk,
                                             struct vw_packet *packet,
                                             struct vw_address_range destination)
{
    struct vw_box region;

    if (packet->is_single)
        return 0;
    region = packet->wire;
    region.destination = destination;
    return vw_walk_cut(walk, packet, &region);
}

/* A mark on the packet's way, to be filled in further; NULL when memory is out. DENY and
 * DROP block the packet, UNKNOWN makes it unknown. */
struct vw_mark *vw_walk_mark(struct vw_walk *walk, struct vw_packet *packet,
                             enum vw_step_kind kind, enum vw_decision decision,
                             enum vw_reason reason, const struct vw_object *object,
                             int (*explain)(struct vw_explainer *,
                                            const struct vw_mark *));

/* Whether a packet that is handed to such a component meets security groups first. */
bool vw_hop_has_groups(enum vw_hop_kind kind);

/* Whether nothing is beyond such a component: the packet is handed to its receiver. */
static inline bool vw_hop_is_end(enum vw_hop_kind kind)
{
    return kind == VW_HOP_NONE || kind == VW_HOP_INTERFACE_ENDPOINT;
}

/* Hands the packet to a component in `subnet`, whose network ACL it meets unless it is
 * there already. `interface` is the component's, or VW_NONE. */
void vw_hop_enter(struct vw_packet *packet, struct vw_hop hop, uint32_t interface,
                  uint32_t subnet);

/* The component sends the packet on from the subnet it is in; `sender` is its interface.
 * The walk goes on at `stage`. */
void vw_hop_leave(struct vw_packet *packet, uint32_t sender, enum vw_stage stage);

/* What stands at `interface` for a packet that is addressed to it. */
struct vw_hop vw_hop_at(const struct vw_world *world, uint32_t interface);

/* Remembers that the request passed packet->hop, before any translation. */
int vw_crossing_add(struct vw_walk *walk, struct vw_packet *packet, uint32_t interface,
                    struct vw_crossing **ret_crossing);

/* The newest crossing of that component by the request, or NULL. */
const struct vw_crossing *vw_crossing_of(const struct vw_packet *packet,
                                         enum vw_hop_kind kind, uint32_t index);

/* Whether the request passed this interface of a component. */
bool vw_crossing_has_interface(const struct vw_packet *packet, uint32_t interface);

/* Gives the reply the addresses and ports that the request had when it came to the
 * component, and forgets that crossing and all newer ones. */
void vw_crossing_undo(struct vw_packet *packet, const struct vw_crossing *crossing);

/* A router dropped the packet, or what it does is unknown: goes on at the destination as
 * if it had been delivered, where the export shows one destination; else ends the way. */
int vw_walk_jump(struct vw_walk *walk, struct vw_packet *packet);

/* How a mark is explained: the sentence, the rule quoted. 0 or VW_ERROR_NO_MEMORY. */
typedef int vw_explain_function(struct vw_explainer *explainer,
                                const struct vw_mark *mark);

/* What stopped the packet, or leaves open whether something does. */
struct vw_stop {
    enum vw_step_kind kind;
    enum vw_reason reason;
    const struct vw_object *object;
    const struct vw_object *other; /* or NULL */
    vw_explain_function *explain;
};

/* A DROP mark, and vw_walk_jump. */
int vw_walk_drop(struct vw_walk *walk, struct vw_packet *packet,
                 const struct vw_stop *stop);
/* An UNKNOWN mark, and vw_walk_jump; `missing` is the kind that is not exported, or -1.
 * The hop may have changed the source address. */
int vw_walk_unknown(struct vw_walk *walk, struct vw_packet *packet,
                    const struct vw_stop *stop, int missing);
/* vw_walk_unknown for an object that is named and not exported. */
int vw_walk_missing(struct vw_walk *walk, struct vw_packet *packet,
                    enum vw_step_kind kind, const struct vw_object *object);

/* Ends the way where the packet came to another interface than the one that was meant: by
 * the question, or for a reply by the request. */
int vw_delivery_check_goal(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_interface *interface);

/* Whether a receiver in VPC `to` can know the groups of a sender in VPC `from`: the same
 * VPC, or an active peering within one Region. */
bool vw_identity_survives(const struct vw_world *world, uint32_t from, uint32_t to);

#endif
