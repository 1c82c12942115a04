/*
 * Every allocation fails once, then every one from there on: loading says so, or does
 * without (a diagnostic that is lost is counted), and nothing leaks.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include <vpcwhy/error.h>

#include "failing_memory.h"
#include "load/loader.h"
#include "temporary.h"

/* jansson's allocations count too. */
static void *json_allocate(size_t size)
{
    void *block = vw_calloc(1, size);

    if (!block)
        errno = ENOMEM;
    return block;
}

static const char text[] =
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.0.0.0/16\"}],"
    "\"Subnets\": [{\"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\","
    "  \"CidrBlock\": \"10.0.1.0/24\", \"AvailabilityZone\": \"eu-west-1a\"}],"
    "\"RouteTables\": [{\"RouteTableId\": \"rtb-1\", \"VpcId\": \"vpc-1\","
    "  \"Associations\": [{\"Main\": true}], \"Routes\": ["
    "  {\"DestinationCidrBlock\": \"10.0.0.0/16\", \"GatewayId\": \"local\"},"
    "  {\"DestinationPrefixListId\": \"pl-1\", \"GatewayId\": \"igw-1\"}]}],"
    "\"SecurityGroups\": [{\"GroupId\": \"sg-1\", \"OwnerId\": \"123456789012\","
    "  \"IpPermissions\": [{\"IpProtocol\": \"tcp\", \"FromPort\": 22, \"ToPort\": 22,"
    "  \"IpRanges\": [{\"CidrIp\": \"0.0.0.0/0\"}],"
    "  \"UserIdGroupPairs\": [{\"GroupId\": \"sg-2\"}]}]}],"
    "\"SecurityGroupRules\": [{\"SecurityGroupRuleId\": \"sgr-1\", \"GroupId\": \"sg-3\","
    "  \"IsEgress\": true, \"IpProtocol\": \"-1\", \"CidrIpv6\": \"::/0\"}],"
    "\"NetworkAcls\": [{\"NetworkAclId\": \"acl-1\", \"VpcId\": \"vpc-1\","
    "  \"Associations\": [{\"SubnetId\": \"subnet-1\"}], \"Entries\": ["
    "  {\"RuleNumber\": 100, \"Egress\": false, \"RuleAction\": \"allow\","
    "   \"Protocol\": \"-1\", \"CidrBlock\": \"0.0.0.0/0\"}]}],"
    "\"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-1\", \"OwnerId\":"
    "  \"123456789012\", \"SubnetId\": \"subnet-1\", \"VpcId\": \"vpc-1\", \"Groups\":"
    "  [{\"GroupId\": \"sg-1\"}], \"PrivateIpAddress\": \"10.0.1.5\"}],"
    "\"Reservations\": [{\"OwnerId\": \"123456789012\", \"Instances\": [{\"InstanceId\":"
    "  \"i-1\", \"NetworkInterfaces\": [{\"NetworkInterfaceId\": \"eni-2\","
    "  \"PrivateIpAddress\": \"10.0.1.6\"}]}]}],"
    "\"Addresses\": [{\"PublicIp\": \"203.0.113.5\", \"InstanceId\": \"i-1\"}],"
    "\"VpcBlockPublicAccessOptions\": {\"InternetGatewayBlockMode\": \"off\"},"
    "\"VpcEndpoints\": [{}], \"Nonsense\": 1}"
    "{\"Vpcs\": [{\"VpcId\": \"vpc-1\", \"CidrBlock\": \"10.1.0.0/16\"}]}";

/* Returns what loading returned; *ret_lost whether a diagnostic was lost. */
static int load(const char *path, const struct vw_load_plan *plan, bool *ret_lost)
{
    struct vw_diagnostics *diagnostics = vw_diagnostics_create();
    struct vw_world *world = NULL;
    int error;

    if (!diagnostics)
        return VW_ERROR_NO_MEMORY;
    error = vw_load(&path, 1, plan, diagnostics, &world);
    *ret_lost = vw_diagnostics_left_out(diagnostics) > 0;
    assert_true((error == 0) == (world != NULL));
    vw_world_free(world);
    vw_diagnostics_free(diagnostics);
    return error;
}

static void every_allocation(const char *path, const struct vw_load_plan *plan,
                             bool for_good)
{
    size_t count, n;
    bool lost = false;

    failing_memory_start(0, false);
    assert_int_equal(load(path, plan, &lost), 0);
    assert_false(lost);
    count = failing_memory.count;
    assert_true(count > 100);
    for (n = 1; n <= count; n++) {
        int error;

        lost = false;
        failing_memory_start(n, for_good);
        error = load(path, plan, &lost);
        if (error == 0 && !lost)
            fail_msg("allocation %zu of %zu failed and nobody said so", n, count);
        if (error != 0 && error != VW_ERROR_NO_MEMORY)
            fail_msg("allocation %zu of %zu: error %d", n, count, error);
    }
    failing_memory_start(0, false);
}

/* As a whole, and in the smallest pieces, all by one thread. */
static void both_ways(bool for_good)
{
    static const struct vw_load_plan whole = {SIZE_MAX, 1, 0}, pieces = {0, 1, 0};
    struct temporary temporary;
    const char *path;

    temporary_open(&temporary);
    path = temporary_text(&temporary, "a.json", text);
    every_allocation(path, &whole, for_good);
    every_allocation(path, &pieces, for_good);
    temporary_close(&temporary);
}

static void one_at_a_time(void **state)
{
    (void)state;
    both_ways(false);
}

static void all_from_there_on(void **state)
{
    (void)state;
    both_ways(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_at_a_time),
        cmocka_unit_test(all_from_there_on),
    };

    json_set_alloc_funcs(json_allocate, vw_free);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
