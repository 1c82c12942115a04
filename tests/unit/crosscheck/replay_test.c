/* Whole logs against a small world: each row one change of the world, some records, and
 * what they must come to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <vpcwhy/replay.h>

#include "reach/small_world.h"
#include "temporary.h"

#define HEADER                                                                           \
    "interface-id srcaddr dstaddr srcport dstport protocol action tcp-flags start end "  \
    "packets pkt-srcaddr pkt-dstaddr reject-reason\n"

/* A record: interface, source, destination, ports, protocol, action, flags ("-": none). */
#define AT(eni, from, to, ports, protocol, action, flags, start)                         \
    eni " " from " " to " " ports " " protocol " " action " " flags " " start " " start  \
        " 5 - - -\n"
#define TCP(eni, from, to, ports, action, flags)                                         \
    AT(eni, from, to, ports, "6", action, flags, "1737122420")
#define UDP(eni, from, to, ports, action)                                                \
    AT(eni, from, to, ports, "17", action, "-", "1737122420")
#define ICMP(eni, from, to, action)                                                      \
    AT(eni, from, to, "0 0", "1", action, "-", "1737122420")

/* eni-1 and eni-2 are in two subnets of one VPC, eni-4 in a peered one. */
#define ONE "10.1.1.10"
#define TWO "10.1.2.20"
#define FOUR "10.2.1.40"
#define WEB "198.51.100.7"

struct replay_case {
    const char *name;
    void (*change)(struct vw_world *world); /* of small_base; may be NULL */
    const char *records;
    /* Flows that agree, contradict, are explained, are undecided; then each finding as
     * "READING DIRECTION COMPONENT FLOWS". */
    const char *expected;
};

static uint32_t group(struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_SECURITY_GROUP, id);
}

static uint32_t acl(struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_NETWORK_ACL, id);
}

static void closed_group_2(struct vw_world *world)
{
    small_clear_group(world, group(world, "sg-2"), false);
}

static void ssh_group_2(struct vw_world *world)
{
    closed_group_2(world);
    small_rule(world, group(world, "sg-2"), false, 6, 22, 22, "0.0.0.0/0");
}

static void ping_group_2(struct vw_world *world)
{
    closed_group_2(world);
    small_rule(world, group(world, "sg-2"), false, 1, 8, -1, "0.0.0.0/0");
}

static void no_ephemeral_1b(struct vw_world *world)
{
    uint32_t index = acl(world, "acl-1b");

    small_clear_acl(world, index, true);
    small_entry(world, index, true, 100, true, 6, 443, 443, "0.0.0.0/0");
}

static void no_way_back_4(struct vw_world *world)
{
    small_without_peering_route(world, "rtb-2");
}

static void no_peering(struct vw_world *world)
{
    small_before_peering(world);
}

static void group_4_names_group_1(struct vw_world *world)
{
    small_clear_group(world, group(world, "sg-4"), false);
    small_rule(world, group(world, "sg-4"), false, 6, 443, 443, "sg-1");
}

static void no_default_route(struct vw_world *world)
{
    struct vw_route_table *table = vw_world_edit_route_table(
        world, small_find(world, VW_OBJECT_ROUTE_TABLE, "rtb-1"));

    table->route_count = 1; /* local */
}

static void acl_missing(struct vw_world *world)
{
    vw_world_edit_network_acl(world, acl(world, "acl-1b"))->object.exported = false;
}

static void group_missing(struct vw_world *world)
{
    vw_world_edit_security_group(world, group(world, "sg-2"))->object.exported = false;
}

static void public_access_blocked(struct vw_world *world)
{
    vw_world_edit_vpc(world, small_find(world, VW_OBJECT_VPC, "vpc-1"))
        ->block_public_access = VW_BLOCK_BIDIRECTIONAL;
}

static void target_of_balancer(struct vw_world *world)
{
    uint32_t index = small_refer(world, VW_OBJECT_TARGET_GROUP, "tg-1");
    struct vw_target_group *targets = vw_world_edit_target_group(world, index);

    targets->object.exported = true;
    targets->vpc = small_find(world, VW_OBJECT_VPC, "vpc-2");
    targets->targets = small_longer(world, NULL, 0, sizeof *targets->targets);
    targets->target_count = 1;
    targets->targets[0] = (struct vw_target){.id = FOUR,
                                             .instance = VW_NONE,
                                             .address = small_address(FOUR),
                                             .load_balancer = VW_NONE};
    small_before_peering(world);
}

static const struct replay_case cases[] = {
    {"both ends, both ways, as exported", NULL,
     TCP("eni-1", ONE, TWO, "40000 443", "ACCEPT", "2")
         TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "2")
             TCP("eni-2", TWO, ONE, "443 40000", "ACCEPT", "18")
                 TCP("eni-1", TWO, ONE, "443 40000", "ACCEPT", "18"),
     "4 0 0 0"},
    {"a SYN that the group denies is rejected", closed_group_2,
     TCP("eni-2", ONE, TWO, "40000 443", "REJECT", "2"), "1 0 0 0"},
    {"a SYN that the group denies is accepted: one finding for all", closed_group_2,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "2")
         TCP("eni-2", ONE, TWO, "40001 443", "ACCEPT", "3")
             TCP("eni-2", ONE, TWO, "40002 80", "ACCEPT", "2"),
     "0 3 0 0; accepted-though-denied ingress sg-2 3"},
    {"its reply agrees with either", closed_group_2,
     TCP("eni-2", TWO, ONE, "443 40000", "ACCEPT", "18"), "1 0 0 0"},
    {"without SYN it may be tracked", closed_group_2,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "0"),
     "0 0 1 0; tracked-connection ingress sg-2 1"},
    {"without flags too", closed_group_2,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "-"),
     "0 0 1 0; tracked-connection ingress sg-2 1"},
    {"no flags, no ports that tell: undecided", closed_group_2,
     UDP("eni-2", ONE, TWO, "5000 6000", "ACCEPT"),
     "0 0 0 1; either-direction ingress sg-2 1"},
    {"a log that reaches back further than tracking tells", closed_group_2,
     AT("eni-2", ONE, TWO, "5000 443", "6", "REJECT", "-", "1736000000")
         UDP("eni-2", ONE, TWO, "5000 443", "ACCEPT"),
     "1 1 0 0; accepted-though-denied ingress sg-2 1"},
    {"a SYN that the export admits is rejected", NULL,
     TCP("eni-2", ONE, TWO, "40000 443", "REJECT", "2"),
     "0 1 0 0; rejected-though-allowed ingress sg-2 1"},
    {"so is a datagram", NULL, UDP("eni-2", ONE, TWO, "40000 514", "REJECT"),
     "0 1 0 0; rejected-though-allowed ingress sg-2 1"},
    {"one packet without flags may be late", NULL,
     "eni-2 " ONE " " TWO " 40000 443 6 REJECT - 1737122420 1737122420 1 - - -\n",
     "0 0 1 0; no-syn ingress - 1"},
    {"REJECT after FIN", NULL,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "3")
         AT("eni-2", ONE, TWO, "40000 443", "6", "REJECT", "0", "1737122480"),
     "1 0 1 0; after-close ingress - 1"},
    {"REJECT of a RST nobody asked for", NULL,
     TCP("eni-2", ONE, TWO, "40000 443", "REJECT", "4"), "0 0 1 0; no-syn ingress - 1"},
    {"ACCEPT and REJECT with SYN: the rules changed", NULL,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "2")
         TCP("eni-2", ONE, TWO, "40000 443", "REJECT", "2"),
     "1 0 1 0; rules-changed ingress sg-2 1"},
    {"the same without flags: undecided", NULL,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "-")
         TCP("eni-2", ONE, TWO, "40000 443", "REJECT", "-"),
     "1 0 0 1; mixed ingress - 1"},
    {"first rejected, then accepted: the export shows the later state", NULL,
     AT("eni-2", ONE, TWO, "40000 443", "6", "REJECT", "2", "1737122420")
         AT("eni-2", ONE, TWO, "40001 443", "6", "ACCEPT", "2", "1737123420"),
     "1 0 1 0; rules-changed ingress sg-2 1"},
    {"first accepted, then rejected: it shows the earlier one", NULL,
     AT("eni-2", ONE, TWO, "40000 443", "6", "ACCEPT", "2", "1737122420")
         AT("eni-2", ONE, TWO, "40001 443", "6", "REJECT", "2", "1737123420"),
     "1 1 0 0; rejected-though-allowed ingress sg-2 1"},
    {"another service of the same rule tells nothing of it", NULL,
     AT("eni-2", ONE, TWO, "40000 443", "6", "REJECT", "2", "1737122420")
         AT("eni-2", ONE, TWO, "40001 80", "6", "ACCEPT", "2", "1737123420"),
     "1 1 0 0; rejected-though-allowed ingress sg-2 1"},
    {"the reply that the ACL denies", no_ephemeral_1b,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "2")
         TCP("eni-2", TWO, ONE, "443 40000", "REJECT", "18"),
     "2 0 0 0"},
    {"and that it passes", no_ephemeral_1b,
     TCP("eni-2", TWO, ONE, "443 40000", "ACCEPT", "18"),
     "0 1 0 0; accepted-though-denied egress acl-1b 1"},
    {"the ACL denies what comes without SYN as well", no_ephemeral_1b,
     TCP("eni-2", TWO, ONE, "443 40000", "ACCEPT", "0"),
     "0 1 0 0; accepted-though-denied egress acl-1b 1"},
    {"request accepted, reply rejected: the ACL", NULL,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "-")
         TCP("eni-2", TWO, ONE, "443 40000", "REJECT", "-"),
     "1 1 0 0; rejected-though-allowed egress acl-1b 1"},
    {"ping: the reply rejected by the ACL", NULL,
     ICMP("eni-2", ONE, TWO, "ACCEPT") ICMP("eni-2", TWO, ONE, "REJECT"),
     "1 1 0 0; rejected-though-allowed egress sg-2 1"},
    {"ping accepted as the answer to a ping", ssh_group_2,
     ICMP("eni-2", ONE, TWO, "ACCEPT"), "1 0 0 0"},
    {"echo is admitted, but another type may have been rejected", ping_group_2,
     ICMP("eni-2", ONE, TWO, "REJECT"), "0 0 0 1; icmp-type ingress sg-2 1"},
    {"it arrived without a peering", no_peering,
     TCP("eni-4", ONE, FOUR, "40000 443", "ACCEPT", "2"),
     "0 1 0 0; arrived-though-lost ingress igw-1 1"},
    {"the reply arrived without a route back", no_way_back_4,
     TCP("eni-1", FOUR, ONE, "443 40000", "ACCEPT", "18"),
     "0 1 0 0; arrived-though-lost ingress igw-2 1"},
    {"a load balancer may have brought it", target_of_balancer,
     TCP("eni-4", ONE, FOUR, "40000 443", "ACCEPT", "2"), "1 0 0 0"},
    {"a group of the peered VPC", group_4_names_group_1,
     TCP("eni-4", ONE, FOUR, "40000 443", "ACCEPT", "2")
         TCP("eni-4", TWO, FOUR, "40000 443", "REJECT", "2"),
     "2 0 0 0"},
    {"from the internet", NULL, TCP("eni-1", WEB, ONE, "40000 443", "ACCEPT", "2"),
     "1 0 0 0"},
    {"what the sender's table does not route is no evidence", no_default_route,
     TCP("eni-1", ONE, WEB, "40000 443", "REJECT", "2"),
     "0 0 0 1; no-route egress rtb-1 1"},
    {"the answer of a host without a route to it", no_default_route,
     TCP("eni-1", WEB, ONE, "443 40000", "ACCEPT", "18"),
     "0 1 0 0; arrived-though-lost ingress rtb-1 1"},
    {"Block Public Access rejects", public_access_blocked,
     "eni-1 " WEB " " ONE " 40000 443 6 REJECT 2 1737122420 1737122476 - - - BPA\n",
     "1 0 0 0"},
    {"which the export does not show", NULL,
     "eni-1 " WEB " " ONE " 40000 443 6 REJECT 2 1737122420 1737122476 - - - BPA\n",
     "0 1 0 0; block-public-access ingress vpc-1 1"},
    {"which it shows, and it passed", public_access_blocked,
     TCP("eni-1", WEB, ONE, "40000 443", "ACCEPT", "2")
         TCP("eni-1", ONE, WEB, "40000 443", "ACCEPT", "2"),
     "0 2 0 0; accepted-though-denied egress subnet-1a 1; "
     "arrived-though-lost ingress subnet-1a 1"},
    {"encryption controls", NULL,
     "eni-1 " TWO " " ONE " 40000 443 6 REJECT 2 1737122420 1737122476 1 - - EC\n",
     "0 0 1 0; encryption-control ingress - 1"},
    {"an interface of nobody's", NULL, TCP("eni-9", ONE, TWO, "40000 443", "ACCEPT", "2"),
     "0 0 0 1; interface-not-exported unknown - 1"},
    {"no interface at all", NULL, TCP("-", ONE, TWO, "40000 443", "ACCEPT", "2"),
     "0 0 0 1; no-interface unknown - 1"},
    {"the ACL is not exported", acl_missing,
     TCP("eni-2", ONE, TWO, "40000 443", "ACCEPT", "2"),
     "0 0 0 1; not-exported ingress subnet-1b 1"},
    {"the group is not exported", group_missing,
     TCP("eni-2", ONE, TWO, "40000 443", "REJECT", "2"),
     "0 0 0 1; not-exported ingress sg-2 1"},
    {"DNS of the VPC is not logged", NULL,
     UDP("eni-1", ONE, "10.1.0.2", "40000 53", "ACCEPT"),
     "0 0 0 1; never-logged egress - 1"},
    {"a secondary address is told by the packet's", closed_group_2,
     "eni-2 " ONE " " TWO " 40000 443 6 REJECT 2 1737122420 1737122476 1 " ONE
     " 10.1.2.21 -\n",
     "1 0 0 0"},
};

static const char *direction_word(enum vw_flow_direction direction)
{
    switch (direction) {
    case VW_FLOW_DIRECTION_UNKNOWN:
        return "unknown";
    case VW_FLOW_DIRECTION_EGRESS:
        return "egress";
    case VW_FLOW_DIRECTION_INGRESS:
        return "ingress";
    }
    return "";
}

enum { LINE = 600 };

static void describe(const struct vw_replay *replay, char line[LINE])
{
    size_t i, size;

    size = (size_t)snprintf(line, LINE, "%u %u %u %u",
                            (unsigned)replay->flows_by_result[VW_REPLAY_AGREES],
                            (unsigned)replay->flows_by_result[VW_REPLAY_CONTRADICTS],
                            (unsigned)replay->flows_by_result[VW_REPLAY_EXPLAINED],
                            (unsigned)replay->flows_by_result[VW_REPLAY_UNDECIDED]);
    for (i = 0; i < replay->finding_count && size < LINE; i++) {
        const struct vw_replay_finding *finding = &replay->findings[i];

        size += (size_t)snprintf(
            line + size, LINE - size, "; %s %s %s %u", vw_reading_slug(finding->reading),
            direction_word(finding->direction),
            finding->component ? finding->component : "-", (unsigned)finding->flows);
    }
}

/* Whether the row comes to what it should. */
static bool run_case(const struct replay_case *it, struct temporary *temporary)
{
    struct vw_world *world = small_base();
    struct vw_evidence *evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    struct vw_replay *replay = NULL;
    char text[4000], line[LINE];
    bool good;

    assert_non_null(evidence);
    if (it->change)
        it->change(world);
    assert_int_equal(vw_world_finish(world), 0);
    snprintf(text, sizeof text, HEADER "%s", it->records);
    assert_int_equal(vw_evidence_read_flow_logs(
                         evidence, temporary_text(temporary, "log", text), NULL, NULL),
                     0);
    assert_int_equal(vw_replay_run(world, evidence, &replay), 0);
    describe(replay, line);
    good = strcmp(line, it->expected) == 0;
    if (!good)
        print_error("%s:\n  expected %s\n  got      %s\n", it->name, it->expected, line);
    vw_replay_free(replay);
    vw_evidence_free(evidence);
    vw_world_free(world);
    return good;
}

static void test_cases(void **state)
{
    size_t i, failed = 0;
    struct temporary temporary;

    (void)state;
    temporary_open(&temporary);
    for (i = 0; i < sizeof cases / sizeof *cases; i++)
        failed += !run_case(&cases[i], &temporary);
    temporary_close(&temporary);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
