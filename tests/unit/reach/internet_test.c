/* Internet gateways, egress-only gateways, public addresses, Block Public Access. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "reach/small_world.h"

static uint32_t table(const struct vw_world *world, const char *id)
{
    return small_find(world, VW_OBJECT_ROUTE_TABLE, id);
}

static void detached(struct vw_world *world)
{
    small_gateway(world, "igw-1", VW_NONE);
}

static void gateway_of_the_other_vpc(struct vw_world *world)
{
    small_route(world, table(world, "rtb-1"), "192.0.2.0/24", "igw-2");
}

static void gateway_not_exported(struct vw_world *world)
{
    uint32_t igw = small_find(world, VW_OBJECT_INTERNET_GATEWAY, "igw-1");

    vw_world_edit_internet_gateway(world, igw)->object.exported = false;
}

static void elastic(struct vw_world *world)
{
    small_elastic(world, "52.0.0.77");
}

static void no_default_1(struct vw_world *world)
{
    vw_world_edit_route_table(world, table(world, "rtb-1"))->route_count = 3;
}

static void reply_by_nat(struct vw_world *world)
{
    no_default_1(world);
    small_route(world, table(world, "rtb-1"), "0.0.0.0/0", "nat-1");
}

static void egress_only(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");

    no_default_1(world);
    small_egress_gateway(world, "eigw-1", vpc);
    small_route(world, table(world, "rtb-1"), "::/0", "eigw-1");
}

static void egress_only_for_ipv4(struct vw_world *world)
{
    egress_only(world);
    small_route(world, table(world, "rtb-1"), "192.0.2.0/24", "eigw-1");
}

static void egress_only_detached(struct vw_world *world)
{
    egress_only(world);
    small_egress_gateway(world, "eigw-1", VW_NONE);
}

static void block(struct vw_world *world, enum vw_block_mode mode)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");

    vw_world_edit_vpc(world, vpc)->block_public_access = mode;
}

static void block_off(struct vw_world *world)
{
    block(world, VW_BLOCK_OFF);
}

static void block_ingress(struct vw_world *world)
{
    block(world, VW_BLOCK_INGRESS);
}

static void block_both(struct vw_world *world)
{
    block(world, VW_BLOCK_BIDIRECTIONAL);
}

static void block_ingress_egress_only(struct vw_world *world)
{
    egress_only(world);
    block_ingress(world);
}

static void block_both_egress_only(struct vw_world *world)
{
    egress_only(world);
    block_both(world);
}

/* The subnet is excluded. */
static void subnet_excluded(struct vw_world *world)
{
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1a");

    block_both(world);
    vw_world_edit_subnet(world, subnet)->block_public_access = VW_BLOCK_OFF;
}

static void block_by_account(struct vw_world *world)
{
    static struct vw_block_options options = {.mode = VW_BLOCK_BIDIRECTIONAL};

    world->block_options = &options;
    world->block_options_count = 1;
}

/* subnet-1a is excluded from what the account blocks, or its VPC. */
static void exclude(struct vw_world *world, enum vw_block_mode mode,
                    const struct vw_block_exclusion *exclusion, size_t count)
{
    static struct vw_block_options options = {.account = "1", .region = "r"};
    static struct vw_block_exclusion exclusions[2];
    struct vw_vpc *vpc =
        vw_world_edit_vpc(world, small_find(world, VW_OBJECT_VPC, "vpc-1"));

    vpc->object.account = "1";
    vpc->object.region = "r";
    options.mode = mode;
    world->block_options = &options;
    world->block_options_count = 1;
    memcpy(exclusions, exclusion, count * sizeof *exclusion);
    world->block_exclusions = exclusions;
    world->block_exclusion_count = count;
    world->block_exclusions_exported = true;
}

static const struct vw_block_exclusion subnet_both = {.resource_id = "subnet-1a",
                                                      .is_settled = true};
static const struct vw_block_exclusion subnet_egress = {
    .resource_id = "subnet-1a", .egress_only = true, .is_settled = true};

static void account_blocks(struct vw_world *world)
{
    exclude(world, VW_BLOCK_BIDIRECTIONAL, &subnet_both, 0);
}

static void account_of_another_region(struct vw_world *world)
{
    account_blocks(world);
    vw_world_edit_vpc(world, small_find(world, VW_OBJECT_VPC, "vpc-1"))->object.region =
        "q";
}

static void account_excludes_subnet(struct vw_world *world)
{
    exclude(world, VW_BLOCK_BIDIRECTIONAL, &subnet_both, 1);
}

static void account_excludes_vpc(struct vw_world *world)
{
    const struct vw_block_exclusion vpc = {.resource_id = "vpc-1", .is_settled = true};

    exclude(world, VW_BLOCK_INGRESS, &vpc, 1);
}

static void account_excludes_egress(struct vw_world *world)
{
    exclude(world, VW_BLOCK_BIDIRECTIONAL, &subnet_egress, 1);
}

static void account_excludes_egress_eigw(struct vw_world *world)
{
    egress_only(world);
    account_excludes_egress(world);
}

static void account_blocks_eigw(struct vw_world *world)
{
    egress_only(world);
    account_blocks(world);
}

static void ingress_ignores_egress(struct vw_world *world)
{
    exclude(world, VW_BLOCK_INGRESS, &subnet_egress, 1);
}

static void exclusion_unsettled(struct vw_world *world)
{
    struct vw_block_exclusion exclusion = subnet_both;

    exclusion.is_settled = false;
    exclude(world, VW_BLOCK_BIDIRECTIONAL, &exclusion, 1);
}

static void exclusion_unsettled_without_effect(struct vw_world *world)
{
    struct vw_block_exclusion exclusion = subnet_egress;

    exclusion.is_settled = false;
    exclude(world, VW_BLOCK_INGRESS, &exclusion, 1);
}

static void exclusions_contradict(struct vw_world *world)
{
    const struct vw_block_exclusion both[] = {
        {.resource_id = "vpc-1", .is_settled = true}, subnet_egress};

    exclude(world, VW_BLOCK_BIDIRECTIONAL, both, 2);
}

/* eni-3 goes out by nat-1, which is in subnet-1b. */
static void nat(struct vw_world *world)
{
    static struct vw_nat_address address;
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");
    uint32_t subnet = small_find(world, VW_OBJECT_SUBNET, "subnet-1b"), gateway, private;
    uint32_t group = small_find(world, VW_OBJECT_SECURITY_GROUP, "sg-2");
    struct vw_nat_gateway *made;

    address = (struct vw_nat_address){.private_address = small_address("10.1.2.99"),
                                      .public_address = small_address("52.0.0.99"),
                                      .usable = true};
    address.interface =
        small_host(world, "eni-99", subnet, "10.1.2.99", "52.0.0.99", group);
    vw_world_edit_interface(world, address.interface)->type = "nat_gateway";
    vw_world_edit_interface(world, address.interface)->instance = VW_NONE;
    assert_int_equal(vw_world_refer(world, VW_OBJECT_NAT_GATEWAY, "nat-1", &gateway), 0);
    made = vw_world_edit_nat_gateway(world, gateway);
    made->object.exported = true;
    made->state = "available";
    made->vpc = vpc;
    made->subnet = subnet;
    made->addresses = &address;
    made->address_count = 1;
    private = small_table(world, "rtb-1a", vpc, false);
    small_route(world, private, "10.1.0.0/16", "local");
    small_route(world, private, "0.0.0.0/0", "nat-1");
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1a"))
        ->route_table = private;
}

static void block_ingress_nat(struct vw_world *world)
{
    nat(world);
    block_ingress(world);
}

static void block_both_nat(struct vw_world *world)
{
    nat(world);
    block_both(world);
}

/* The subnet of the gateway counts, not that of the host. */
static void nat_of_excluded_subnet(struct vw_world *world)
{
    const struct vw_block_exclusion exclusion = {
        .resource_id = "subnet-1b", .egress_only = true, .is_settled = true};

    nat(world);
    exclude(world, VW_BLOCK_BIDIRECTIONAL, &exclusion, 1);
}

/* The mode that holds is printed at the subnet: it wins. */
static void state_of_subnet_wins(struct vw_world *world)
{
    account_excludes_subnet(world);
    vw_world_edit_subnet(world, small_find(world, VW_OBJECT_SUBNET, "subnet-1a"))
        ->block_public_access = VW_BLOCK_BIDIRECTIONAL;
}

/* Unique local IPv6 addresses: private, though no translation is needed. */
static void unique_local(struct vw_world *world)
{
    uint32_t vpc = small_find(world, VW_OBJECT_VPC, "vpc-1");

    small_vpc_cidr(world, vpc, "fd00:1::/56");
    small_add_address(world, small_find(world, VW_OBJECT_INTERFACE, "eni-3"),
                      "fd00:1::30", NULL);
}

static void unique_local_egress_only(struct vw_world *world)
{
    egress_only(world);
    unique_local(world);
}

static const struct small_case cases[] = {
    /* out */
    {"out to the world", NULL, ASK_TCP("eni-1", "192.0.2.1", 443), "reachable"},
    {"no public address", NULL, ASK_TCP("eni-3", "192.0.2.1", 443),
     "blocked; forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eni-3"},
    {"private destination", NULL, ASK_PING("eni-1", "192.168.7.7"),
     "blocked; forward IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS igw-1"},
    {"shared destination", NULL, ASK_PING("eni-1", "100.64.0.1"),
     "blocked; forward IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS igw-1"},
    {"no address of the internet", NULL, ASK_PING("eni-1", "224.0.0.1"),
     "blocked; forward VW_DESTINATION_NOT_PUBLIC igw-1"},
    {"detached gateway", detached, ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward BAD_STATE_ATTACHMENT igw-1"},
    {"gateway of another VPC", gateway_of_the_other_vpc,
     ASK_TCP("eni-1", "192.0.2.1", 443), "blocked; forward BAD_STATE_ATTACHMENT igw-2"},
    {"gateway not exported", gateway_not_exported, ASK_TCP("eni-1", "192.0.2.1", 443),
     "unknown; ?forward UNKNOWN_RESOURCE igw-1"},
    {"public address of another VPC", NULL, ASK_PING("eni-1", "vpc-1/52.0.0.4"),
     "blocked; forward VW_OTHER_DESTINATION eni-4"},
    {"unassociated Elastic IP", elastic, ASK_PING("eni-1", "52.0.0.77"),
     "blocked; forward VW_NO_SUCH_HOST 52.0.0.77"},
    /* between two VPCs */
    {"both ends exported", NULL, ASK_PING("eni-1", "52.0.0.4"), "reachable"},
    {"receiver's gateway is gone", detached, ASK_PING("eni-4", "52.0.0.1"),
     "blocked; forward BAD_STATE_ATTACHMENT vpc-1; return BAD_STATE_ATTACHMENT igw-1"},
    {"no route for the reply", no_default_1, ASK_PING("eni-4", "52.0.0.1"),
     "blocked; return NO_ROUTE_TO_DESTINATION rtb-1"},
    {"reply by a NAT gateway", reply_by_nat, ASK_PING("eni-4", "52.0.0.1"),
     "unknown; ?return UNSUPPORTED_COMPONENT nat-1"},
    /* hairpin */
    {"own public address", NULL, ASK_PING("eni-1", "52.0.0.1"), "reachable"},
    {"own public address, no route", no_default_1, ASK_PING("eni-1", "52.0.0.1"),
     "blocked; forward NO_ROUTE_TO_DESTINATION rtb-1"},
    {"own private address, no route", no_default_1, ASK_PING("eni-1", "10.1.1.10"),
     "reachable"},
    {"public address in the same VPC", NULL, ASK_PING("eni-1", "52.0.0.2"), "reachable"},
    /* in */
    {"in from the world", NULL, ASK_TCP("192.0.2.1", "52.0.0.1", 443), "reachable"},
    {"in to a private address: its public one is meant", NULL,
     ASK_TCP("192.0.2.1", "10.1.1.10", 443), "reachable"},
    {"in to a host without public address", NULL, ASK_TCP("192.0.2.1", "10.1.1.30", 443),
     "blocked; forward IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS eni-3; return "
     "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eni-3"},
    {"in needs no route, the reply does", no_default_1,
     ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; return NO_ROUTE_TO_DESTINATION rtb-1"},
    {"in, reply by a NAT gateway", reply_by_nat, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "unknown; ?return UNSUPPORTED_COMPONENT nat-1"},
    {"a private source outside is an error", NULL, ASK_PING("192.168.7.7", "52.0.0.1"),
     "error unknown-source"},
    /* IPv6 */
    {"IPv6 out", NULL, ASK_TCP("2600:1::10", "2600:9::9", 443), "reachable"},
    {"IPv6 in", NULL, ASK_TCP("2600:9::9", "2600:1::10", 443), "reachable"},
    {"egress-only out", egress_only, ASK_TCP("2600:1::10", "2600:9::9", 443),
     "reachable"},
    {"egress-only in", egress_only, ASK_TCP("2600:9::9", "2600:1::10", 443),
     "blocked; return VW_REPLY_LEFT_BY_EGRESS_ONLY_GATEWAY eigw-1"},
    {"egress-only carries no IPv4", egress_only_for_ipv4,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VW_DESTINATION_NOT_PUBLIC eigw-1"},
    {"egress-only detached", egress_only_detached,
     ASK_TCP("2600:1::10", "2600:9::9", 443),
     "blocked; forward BAD_STATE_ATTACHMENT eigw-1"},
    {"unique local IPv6 out", unique_local, ASK_TCP("fd00:1::30", "2600:9::9", 443),
     "blocked; forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eni-3"},
    {"unique local IPv6 out, egress-only", unique_local_egress_only,
     ASK_TCP("fd00:1::30", "2600:9::9", 443),
     "blocked; forward IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eigw-1"},
    {"unique local IPv6 in", unique_local, ASK_TCP("2600:9::9", "fd00:1::30", 443),
     "blocked; forward IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS eni-3; return "
     "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS eni-3"},
    /* Block Public Access */
    {"block off", block_off, ASK_TCP("eni-1", "192.0.2.1", 443), "reachable"},
    {"block-ingress, out", block_ingress, ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"block-ingress, in", block_ingress, ASK_TCP("192.0.2.1", "52.0.0.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a; return "
     "VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"block-ingress leaves egress-only gateways", block_ingress_egress_only,
     ASK_TCP("2600:1::10", "2600:9::9", 443), "reachable"},
    {"block-bidirectional stops them", block_both_egress_only,
     ASK_TCP("2600:1::10", "2600:9::9", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"excluded subnet", subnet_excluded, ASK_TCP("eni-1", "192.0.2.1", 443), "reachable"},
    {"block leaves private traffic", block_both, ASK_TCP("eni-1", "10.2.1.40", 443),
     "reachable"},
    {"block of the account: exclusions not known", block_by_account,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "unknown; ?forward UNKNOWN_RESOURCE subnet-1a; ?return UNKNOWN_RESOURCE "
     "subnet-1a"},
    {"block of the account", account_blocks, ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"block in another Region", account_of_another_region,
     ASK_TCP("eni-1", "192.0.2.1", 443), "reachable"},
    {"allow-bidirectional of the subnet", account_excludes_subnet,
     ASK_TCP("192.0.2.1", "52.0.0.1", 443), "reachable"},
    {"not of another subnet", account_excludes_subnet, ASK_TCP("eni-2", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1b"},
    {"allow-bidirectional of the VPC", account_excludes_vpc,
     ASK_TCP("192.0.2.1", "52.0.0.1", 443), "reachable"},
    {"allow-egress: an internet gateway carries nothing", account_excludes_egress,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"allow-egress: an egress-only gateway does", account_excludes_egress_eigw,
     ASK_TCP("2600:1::10", "2600:9::9", 443), "reachable"},
    {"not without the exclusion", account_blocks_eigw,
     ASK_TCP("2600:1::10", "2600:9::9", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"block-ingress ignores allow-egress", ingress_ignores_egress,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"an exclusion in the making", exclusion_unsettled,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "unknown; ?forward UNKNOWN_RESOURCE subnet-1a; ?return UNKNOWN_RESOURCE "
     "subnet-1a"},
    {"one that changes nothing", exclusion_unsettled_without_effect,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
    {"two exclusions that contradict each other", exclusions_contradict,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "unknown; ?forward UNKNOWN_RESOURCE subnet-1a; ?return UNKNOWN_RESOURCE "
     "subnet-1a"},
    {"block-ingress leaves NAT gateways", block_ingress_nat,
     ASK_TCP("eni-3", "192.0.2.1", 443), "reachable"},
    {"block-bidirectional stops them", block_both_nat, ASK_TCP("eni-3", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1b"},
    {"allow-egress of the NAT gateway's subnet", nat_of_excluded_subnet,
     ASK_TCP("eni-3", "192.0.2.1", 443), "reachable"},
    {"what the subnet says wins", state_of_subnet_wins,
     ASK_TCP("eni-1", "192.0.2.1", 443),
     "blocked; forward VPC_BLOCK_PUBLIC_ACCESS_ENABLED subnet-1a"},
};

static void gateways_and_public_addresses(void **state)
{
    (void)state;
    small_run(cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gateways_and_public_addresses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
