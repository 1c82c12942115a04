/*
 * Small worlds built by hand, without an export: one call an object, text for addresses.
 * Whatever cannot be built fails the running test. `small_base` is the world that most
 * tables of cases start from; a case changes it, asks, and compares one line:
 *
 *     "blocked; forward NO_ROUTE_TO_DESTINATION rtb-1; return SUBNET_ACL_RESTRICTION acl-1"
 *
 * Blockers in their order, then unknowns, each of which begins with '?'.
 */
#ifndef SMALL_WORLD_H
#define SMALL_WORLD_H

#include <vpcwhy/error.h>
#include <vpcwhy/trace.h>

#include "world/world.h"

struct vw_prefix small_prefix(const char *text);
struct vw_address small_address(const char *text);

/* The index of an object, made (not exported) where there is none yet. */
uint32_t small_refer(struct vw_world *world, enum vw_object_kind kind, const char *id);
/* The list with one more zeroed element at its end. */
void *small_longer(struct vw_world *world, const void *items, size_t count, size_t size);

/* An index, as everything below that returns uint32_t. Objects are exported. */
uint32_t small_vpc(struct vw_world *world, const char *id, const char *cidr);
void small_vpc_cidr(struct vw_world *world, uint32_t vpc, const char *cidr);
/* With table and ACL; VW_NONE for none. */
uint32_t small_subnet(struct vw_world *world, const char *id, uint32_t vpc,
                      const char *cidr, uint32_t table, uint32_t acl);
uint32_t small_table(struct vw_world *world, const char *id, uint32_t vpc, bool main);
/* "local" has the origin of its own; a destination "pl-..." is a prefix list, any other
 * route is static and active. The pointer is valid until the next route. */
struct vw_route *small_route(struct vw_world *world, uint32_t table,
                             const char *destination, const char *target);
uint32_t small_group(struct vw_world *world, const char *id, uint32_t vpc);
/* `peer` is a CIDR, "pl-..." or "sg-...". */
void small_rule(struct vw_world *world, uint32_t group, bool egress, int protocol,
                int from, int to, const char *peer);
/* Everything in and out, IPv4 and IPv6. */
void small_open(struct vw_world *world, uint32_t group);
uint32_t small_acl(struct vw_world *world, const char *id, uint32_t vpc);
void small_entry(struct vw_world *world, uint32_t acl, bool egress, int number,
                 bool allow, int protocol, int from, int to, const char *cidr);
/* As AWS makes it: 100 allows all, IPv4 and (101) IPv6. */
uint32_t small_open_acl(struct vw_world *world, const char *id, uint32_t vpc);
/* Empties one direction of an ACL or of a group. */
void small_clear_acl(struct vw_world *world, uint32_t acl, bool egress);
void small_clear_group(struct vw_world *world, uint32_t group, bool egress);
/* A running instance "i-..." with the one interface `eni`; `public_address` may be NULL. */
uint32_t small_host(struct vw_world *world, const char *eni, uint32_t subnet,
                    const char *address, const char *public_address, uint32_t group);
void small_add_address(struct vw_world *world, uint32_t interface, const char *address,
                       const char *public_address);
uint32_t small_gateway(struct vw_world *world, const char *id, uint32_t vpc);
uint32_t small_egress_gateway(struct vw_world *world, const char *id, uint32_t vpc);
uint32_t small_peering(struct vw_world *world, const char *id, uint32_t requester,
                       uint32_t accepter, const char *state);
uint32_t small_elastic(struct vw_world *world, const char *address);
uint32_t small_list(struct vw_world *world, const char *id, bool known);
void small_list_prefix(struct vw_world *world, uint32_t list, const char *prefix);
/* The index of an object that is there. */
uint32_t small_find(const struct vw_world *world, enum vw_object_kind kind,
                    const char *id);

/*
 * Not finished yet, so that a case can change it.
 *   vpc-1 10.1.0.0/16, 2600:1::/56, igw-1, rtb-1 main (local, pcx-1, 0.0.0.0/0 and ::/0)
 *     subnet-1a 10.1.1.0/24 acl-1a  eni-1 10.1.1.10 / 52.0.0.1 / 2600:1::10   sg-1
 *                                   eni-3 10.1.1.30                           sg-1
 *     subnet-1b 10.1.2.0/24 acl-1b  eni-2 10.1.2.20 / 52.0.0.2                sg-2
 *   vpc-2 10.2.0.0/16, igw-2, rtb-2 main, peered by pcx-1
 *     subnet-2a 10.2.1.0/24 acl-2a  eni-4 10.2.1.40 / 52.0.0.4                sg-4
 * All ACLs and groups admit everything.
 */
struct vw_world *small_base(void);

/* Fills in `text`; the world must be finished. */
enum { SMALL_TEXT = 1000 };
const char *small_answer(const struct vw_world *world, const struct vw_question *question,
                         char text[SMALL_TEXT]);

#define ASK_PING(a, b)                                                                   \
    {                                                                                    \
        .from = (a), .to = (b), .protocol = -1, .icmp_type = -1, .icmp_code = -1         \
    }
#define ASK_ICMP(a, b, type, code)                                                       \
    {                                                                                    \
        .from = (a), .to = (b), .protocol = 1, .icmp_type = (type), .icmp_code = (code)  \
    }
#define ASK_PORT(a, b, number, first_port, last_port)                                    \
    {                                                                                    \
        .from = (a), .to = (b), .protocol = (number), .has_ports = true,                 \
        .ports = {(first_port), (last_port)}, .icmp_type = -1, .icmp_code = -1           \
    }
#define ASK_TCP(a, b, port) ASK_PORT(a, b, 6, port, port)
#define ASK_UDP(a, b, port) ASK_PORT(a, b, 17, port, port)
#define ASK_OTHER(a, b, number)                                                          \
    {                                                                                    \
        .from = (a), .to = (b), .protocol = (number), .icmp_type = -1, .icmp_code = -1   \
    }

struct small_case {
    const char *name;
    void (*change)(struct vw_world *world); /* of small_base; may be NULL */
    struct vw_question question;
    const char *expected;
};

/* Runs every row, and fails once at the end if any row failed. */
void small_run(const struct small_case *cases, size_t count);

/* small_base without the routes of table `id` to the peering; with pcx-1 in `state`; as it
 * was before there was a peering at all. Before vw_world_finish. */
void small_without_peering_route(struct vw_world *world, const char *id);
void small_set_peering(struct vw_world *world, const char *state);
void small_before_peering(struct vw_world *world);

#endif
