/* What security groups admit: the one inbound rule of a row against one question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "reach/small_world.h"

#define DENIED "blocked; forward ENI_SG_RULES_MISMATCH eni-2"

struct rule_row {
    const char *name;
    int protocol, from, to;
    const char *peer;
    struct vw_question question; /* to eni-2, whose group sg-2 holds only the rule */
    const char *expected;
};

static const struct rule_row rules[] = {
    {"all", -1, -1, -1, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 22), "reachable"},
    {"other protocol", 17, -1, -1, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 22),
     DENIED},
    {"port", 6, 22, 22, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 22), "reachable"},
    {"below", 6, 22, 25, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 21), DENIED},
    {"last port", 6, 22, 25, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 25), "reachable"},
    {"above", 6, 22, 25, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 26), DENIED},
    {"all ports", 6, -1, -1, "0.0.0.0/0", ASK_TCP("eni-1", "10.1.2.20", 1), "reachable"},
    {"udp", 17, 53, 53, "0.0.0.0/0", ASK_UDP("eni-1", "10.1.2.20", 53), "reachable"},
    {"protocol number", 47, -1, -1, "0.0.0.0/0", ASK_OTHER("eni-1", "10.1.2.20", 47),
     "reachable"},
    {"range of ports", 6, 22, 25, "0.0.0.0/0", ASK_PORT("eni-1", "10.1.2.20", 6, 20, 23),
     "partial; forward ENI_SG_RULES_MISMATCH eni-2"},
    {"any icmp", 1, -1, -1, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"type and any code", 1, 8, -1, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"type and code", 1, 8, 0, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"8/8 lets no ping through", 1, 8, 8, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"),
     DENIED},
    {"8/8 is type 8 code 8", 1, 8, 8, "0.0.0.0/0", ASK_ICMP("eni-1", "10.1.2.20", 8, 8),
     "reachable"},
    {"echo reply only", 1, 0, -1, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"), DENIED},
    {"icmp is not icmpv6", 58, -1, -1, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"),
     DENIED},
    {"tcp admits no ping", 6, -1, -1, "0.0.0.0/0", ASK_PING("eni-1", "10.1.2.20"),
     DENIED},
    {"address", -1, -1, -1, "10.1.1.10/32", ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"other address", -1, -1, -1, "10.1.1.11/32", ASK_PING("eni-1", "10.1.2.20"), DENIED},
    {"other family", -1, -1, -1, "::/0", ASK_PING("eni-1", "10.1.2.20"), DENIED},
    {"group of the sender", -1, -1, -1, "sg-1", ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"group of somebody else", -1, -1, -1, "sg-4", ASK_PING("eni-1", "10.1.2.20"),
     DENIED},
    {"group in the peered VPC", -1, -1, -1, "sg-4", ASK_PING("eni-4", "10.1.2.20"),
     "reachable"},
    {"group by its port", 6, 22, 22, "sg-1", ASK_TCP("eni-1", "10.1.2.20", 80), DENIED},
    {"identity is lost on the internet", -1, -1, -1, "sg-1",
     ASK_PING("eni-1", "52.0.0.2"), "blocked; forward SG_REFERENCES_NOT_PRESERVED eni-2"},
    {"the internet shows the public address", -1, -1, -1, "52.0.0.1/32",
     ASK_PING("eni-1", "52.0.0.2"), "reachable"},
    {"and not the private one", -1, -1, -1, "10.1.0.0/16", ASK_PING("eni-1", "52.0.0.2"),
     DENIED},
    {"prefix list", -1, -1, -1, "pl-1", ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"not in the prefix list", -1, -1, -1, "pl-1", ASK_PING("eni-4", "10.1.2.20"),
     DENIED},
    {"list without entries", -1, -1, -1, "pl-2", ASK_PING("eni-1", "10.1.2.20"),
     "unknown; ?forward UNKNOWN_RESOURCE pl-2"},
    {"list without entries, other port", 6, 443, 443, "pl-2",
     ASK_TCP("eni-1", "10.1.2.20", 22), DENIED},
};

static void add_lists(struct vw_world *world)
{
    uint32_t list = small_list(world, "pl-1", true);

    small_list(world, "pl-2", false);
    small_list_prefix(world, list, "192.0.2.0/24");
    small_list_prefix(world, list, "10.1.1.0/24");
}

static void inbound_rules(void **state)
{
    char text[SMALL_TEXT];
    size_t i, bad = 0;

    (void)state;
    for (i = 0; i < sizeof rules / sizeof *rules; i++) {
        const struct rule_row *row = &rules[i];
        struct vw_world *world = small_base();
        uint32_t group = small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2");

        add_lists(world);
        small_clear_group(world, group, false);
        small_rule(world, group, false, row->protocol, row->from, row->to, row->peer);
        assert_int_equal(vw_world_finish(world), 0);
        if (strcmp(small_answer(world, &row->question, text), row->expected)) {
            print_error("%s:\n  expected %s\n  found    %s\n", row->name, row->expected,
                        text);
            bad++;
        }
        vw_world_free(world);
    }
    assert_int_equal(bad, 0);
}

static uint32_t group_of(const struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_SECURITY_GROUP, id);
}

static void no_outbound(struct vw_world *world)
{
    small_clear_group(world, group_of(world, "sg-1"), true);
}

static void no_inbound(struct vw_world *world)
{
    small_clear_group(world, group_of(world, "sg-2"), false);
}

static void outbound_to(struct vw_world *world, const char *peer)
{
    no_outbound(world);
    small_rule(world, group_of(world, "sg-1"), true, -1, -1, -1, peer);
}

static void outbound_to_group(struct vw_world *world)
{
    outbound_to(world, "sg-2");
}

static void outbound_to_peered_group(struct vw_world *world)
{
    outbound_to(world, "sg-4");
}

static void other_region(struct vw_world *world)
{
    uint32_t pcx = small_find(world, VW_OBJECT_PEERING, "pcx-1");

    vw_world_edit_peering(world, pcx)->accepter.region = "eu-west-1";
}

static void outbound_across_regions(struct vw_world *world)
{
    outbound_to_peered_group(world);
    other_region(world);
}

static void inbound_across_regions(struct vw_world *world)
{
    uint32_t group = group_of(world, "sg-4");

    other_region(world);
    small_clear_group(world, group, false);
    small_rule(world, group, false, -1, -1, -1, "sg-1");
}

static void not_exported(struct vw_world *world)
{
    vw_world_edit_security_group(world, group_of(world, "sg-2"))->object.exported = false;
}

static void second_group(struct vw_world *world)
{
    uint32_t eni = small_find(world, VW_OBJECT_INTERFACE, "eni-2");
    static uint32_t groups[2];

    no_inbound(world);
    groups[0] = group_of(world, "sg-2");
    groups[1] = group_of(world, "sg-1");
    vw_world_edit_interface(world, eni)->groups = groups;
    vw_world_edit_interface(world, eni)->group_count = 2;
}

static void second_group_not_exported(struct vw_world *world)
{
    second_group(world);
    vw_world_edit_security_group(world, group_of(world, "sg-1"))->object.exported = false;
}

static void stateful(struct vw_world *world)
{
    small_clear_group(world, group_of(world, "sg-1"), false);
    small_clear_group(world, group_of(world, "sg-2"), true);
}

static void unknown_list_for_https(struct vw_world *world)
{
    small_list(world, "pl-2", false);
    no_inbound(world);
    small_rule(world, group_of(world, "sg-2"), false, 6, 443, 443, "pl-2");
}

static const struct small_case cases[] = {
    {"no outbound rule", no_outbound, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SG_HAS_NO_RULES eni-1"},
    {"no inbound rule", no_inbound, ASK_PING("eni-1", "10.1.2.20"),
     "blocked; forward SG_HAS_NO_RULES eni-2"},
    {"outbound to a group", outbound_to_group, ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"outbound to another group", outbound_to_group, ASK_PING("eni-1", "10.1.1.30"),
     "blocked; forward ENI_SG_RULES_MISMATCH eni-1"},
    {"outbound to nobody of the group", outbound_to_group, ASK_PING("eni-1", "10.1.2.99"),
     "blocked; forward ENI_SG_RULES_MISMATCH eni-1; forward VW_NO_SUCH_HOST vpc-1"},
    {"outbound to a peered group", outbound_to_peered_group,
     ASK_PING("eni-1", "10.2.1.40"), "reachable"},
    {"outbound to a group in another Region", outbound_across_regions,
     ASK_PING("eni-1", "10.2.1.40"), "blocked; forward ENI_SG_RULES_MISMATCH eni-1"},
    {"inbound from a group in another Region", inbound_across_regions,
     ASK_PING("eni-1", "10.2.1.40"),
     "blocked; forward SG_REFERENCES_NOT_PRESERVED eni-4"},
    {"a group's public addresses are not meant", outbound_to_group,
     ASK_PING("eni-1", "52.0.0.2"), "blocked; forward ENI_SG_RULES_MISMATCH eni-1"},
    {"group not exported", not_exported, ASK_PING("eni-1", "10.1.2.20"),
     "unknown; ?forward UNKNOWN_RESOURCE sg-2"},
    {"groups are taken together", second_group, ASK_PING("eni-1", "10.1.2.20"),
     "reachable"},
    {"a group of several not exported", second_group_not_exported,
     ASK_PING("10.2.1.40", "10.1.2.20"), "unknown; ?forward UNKNOWN_RESOURCE sg-1"},
    {"replies need no rule", stateful, ASK_PING("eni-1", "10.1.2.20"), "reachable"},
    {"same subnet too", no_outbound, ASK_PING("eni-1", "10.1.1.30"),
     "blocked; forward SG_HAS_NO_RULES eni-1"},
    {"inside one host nothing is asked", no_outbound, ASK_PING("eni-1", "10.1.1.10"),
     "reachable"},
    {"unknown for what the list may admit only", unknown_list_for_https,
     ASK_PORT("eni-1", "10.1.2.20", 6, 440, 445),
     "unknown; forward ENI_SG_RULES_MISMATCH eni-2; ?forward UNKNOWN_RESOURCE pl-2"},
};

static void groups_and_directions(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inbound_rules),
        cmocka_unit_test(groups_and_directions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
