/* Network ACLs: order, first match, both directions of both subnets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "reach/small_world.h"

static uint32_t emptied(struct vw_world *world, const char *id, bool egress)
{
    uint32_t acl = small_find(world, VW_OBJECT_NETWORK_ACL, id);

    small_clear_acl(world, acl, egress);
    return acl;
}

static void close(struct vw_world *world, uint32_t acl, bool egress)
{
    small_entry(world, acl, egress, 32767, false, -1, -1, -1, "0.0.0.0/0");
}

static void closed_out_a(struct vw_world *world)
{
    close(world, emptied(world, "acl-1a", true), true);
}

static void closed_in_b(struct vw_world *world)
{
    close(world, emptied(world, "acl-1b", false), false);
}

static void closed_out_b(struct vw_world *world)
{
    close(world, emptied(world, "acl-1b", true), true);
}

static void closed_in_a(struct vw_world *world)
{
    close(world, emptied(world, "acl-1a", false), false);
}

static void all_closed(struct vw_world *world)
{
    closed_out_a(world);
    closed_in_b(world);
    closed_out_b(world);
    closed_in_a(world);
}

static void no_entry_at_all(struct vw_world *world)
{
    emptied(world, "acl-1b", false);
}

static void by_number(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-1b", false);

    close(world, acl, false);
    small_entry(world, acl, false, 200, false, -1, -1, -1, "10.1.0.0/16");
    small_entry(world, acl, false, 100, true, -1, -1, -1, "10.1.1.0/24");
    small_entry(world, acl, false, 90, false, 6, 23, 23, "0.0.0.0/0");
}

static void other_family(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-1b", false);

    small_entry(world, acl, false, 50, false, -1, -1, -1, "::/0");
    small_entry(world, acl, false, 100, true, -1, -1, -1, "0.0.0.0/0");
    close(world, acl, false);
}

static void echo_without_reply(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-1b", true);

    small_entry(world, acl, true, 100, true, 1, 8, -1, "0.0.0.0/0");
    close(world, acl, true);
}

static void echo_reply(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-1b", true);

    small_entry(world, acl, true, 100, true, 1, 0, 0, "0.0.0.0/0");
    close(world, acl, true);
}

static void type_of_other_code(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-1b", false);

    small_entry(world, acl, false, 100, true, 1, 8, 8, "0.0.0.0/0");
    close(world, acl, false);
}

static void ephemeral_ports(struct vw_world *world, int first, int last)
{
    uint32_t acl = emptied(world, "acl-1a", false);

    small_entry(world, acl, false, 100, true, 6, first, last, "0.0.0.0/0");
    close(world, acl, false);
}

static void all_ephemeral(struct vw_world *world)
{
    ephemeral_ports(world, 32768, 60999);
}

static void half_ephemeral(struct vw_world *world)
{
    ephemeral_ports(world, 49152, 65535);
}

static void no_ephemeral(struct vw_world *world)
{
    ephemeral_ports(world, 22, 22);
}

static void replies_from_the_port(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-1b", true);

    small_entry(world, acl, true, 90, false, 6, 22, 22, "0.0.0.0/0");
    small_entry(world, acl, true, 100, true, 6, 1024, 65535, "10.1.1.0/24");
    close(world, acl, true);
}

static void acl_missing(struct vw_world *world)
{
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1b");

    vw_world_edit_subnet(world, subnet)->network_acl = VW_NONE;
}

static void acl_not_exported(struct vw_world *world)
{
    uint32_t acl = small_find(world, VW_OBJECT_NETWORK_ACL, "acl-1b");

    vw_world_edit_network_acl(world, acl)->object.exported = false;
}

static void missing_and_closed(struct vw_world *world)
{
    acl_missing(world);
    closed_out_a(world);
}

/* Behind a hop that is not modelled the source address may be another. */
static void behind_nat(struct vw_world *world)
{
    uint32_t acl = emptied(world, "acl-2a", false);

    small_route(world, small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1"), "10.2.1.0/24",
                "nat-1");
    small_entry(world, acl, false, 100, true, 6, 22, 22, "10.1.0.0/16");
    small_entry(world, acl, false, 110, false, 6, 23, 23, "0.0.0.0/0");
    small_entry(world, acl, false, 120, true, 6, 24, 24, "0.0.0.0/0");
    close(world, acl, false);
}

static const struct small_case cases[] = {
    {"leaving A", closed_out_a, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1a"},
    {"entering B", closed_in_b, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1b"},
    {"leaving B", closed_out_b, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; return SUBNET_ACL_RESTRICTION acl-1b"},
    {"entering A", closed_in_a, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; return SUBNET_ACL_RESTRICTION acl-1a"},
    {"every blocker in one run", all_closed, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1a; forward SUBNET_ACL_RESTRICTION "
     "acl-1b; return SUBNET_ACL_RESTRICTION acl-1b; return SUBNET_ACL_RESTRICTION "
     "acl-1a"},
    {"same subnet: not consulted", all_closed, ASK_PING("eni-1", "10.1.1.30"),
     "reachable"},
    {"no entries: denied", no_entry_at_all, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1b"},
    {"lowest number first", by_number, ASK_TCP("eni-1", "10.1.2.20", 22), "reachable"},
    {"first match decides", by_number, ASK_TCP("eni-1", "10.1.2.20", 23),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1b"},
    {"`*` denies the rest", by_number, ASK_TCP("eni-4", "10.1.2.20", 22),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1b"},
    {"an entry of the other family", other_family, ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"echo without echo reply", echo_without_reply, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; return SUBNET_ACL_RESTRICTION acl-1b"},
    {"echo reply is type 0", echo_reply, ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"8/8 is not echo", type_of_other_code, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1b"},
    {"replies go to the client's port", all_ephemeral, ASK_TCP("eni-1", "10.1.2.20", 22),
     "reachable"},
    {"half of the client's ports", half_ephemeral, ASK_TCP("eni-1", "10.1.2.20", 22),
     "partial; return SUBNET_ACL_RESTRICTION acl-1a"},
    {"none of the client's ports", no_ephemeral, ASK_TCP("eni-1", "10.1.2.20", 22),
     "blocked; return SUBNET_ACL_RESTRICTION acl-1a"},
    {"an entry's port is the destination's", replies_from_the_port,
     ASK_TCP("eni-1", "10.1.2.20", 22), "reachable"},
    {"subnet without ACL in the export", acl_missing, ASK_PING("eni-1", "10.1.2.20"),
     "unknown; ?forward UNKNOWN_RESOURCE subnet-1b; ?return UNKNOWN_RESOURCE subnet-1b"},
    {"ACL not exported", acl_not_exported, ASK_PING("eni-1", "10.1.2.20"),
     "unknown; ?forward UNKNOWN_RESOURCE subnet-1b; ?return UNKNOWN_RESOURCE subnet-1b"},
    {"blocked beats unknown", missing_and_closed, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-1a; ?forward UNKNOWN_RESOURCE "
     "subnet-1b; ?return UNKNOWN_RESOURCE subnet-1b"},
    {"unknown source, deciding", behind_nat, ASK_TCP("eni-1", "10.2.1.40", 22),
     "unknown; ?forward UNSUPPORTED_COMPONENT nat-1; ?forward UNKNOWN_RESOURCE acl-2a"},
    {"unknown source, denied all the same", behind_nat, ASK_TCP("eni-1", "10.2.1.40", 23),
     "blocked; forward SUBNET_ACL_RESTRICTION acl-2a; ?forward UNSUPPORTED_COMPONENT "
     "nat-1"},
    {"unknown source, admitted all the same", behind_nat,
     ASK_TCP("eni-1", "10.2.1.40", 24), "unknown; ?forward UNSUPPORTED_COMPONENT nat-1"},
    {"unknown source, a range of ports", behind_nat,
     ASK_PORT("eni-1", "10.2.1.40", 6, 22, 23),
     "unknown; forward SUBNET_ACL_RESTRICTION acl-2a; ?forward UNSUPPORTED_COMPONENT "
     "nat-1; ?forward UNKNOWN_RESOURCE acl-2a"},
};

static void entries_and_directions(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_and_directions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
