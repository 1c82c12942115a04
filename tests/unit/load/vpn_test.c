/* Virtual private gateways, VPN connections and Direct Connect. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/loading.h"

#define VPC                                                                              \
    "'Vpcs': [{'VpcId': 'vpc-1', 'CidrBlock': '10.1.0.0/16', 'OwnerId': '111111111111'," \
    " 'Ipv6CidrBlockAssociationSet': [{'Ipv6CidrBlock': '2001:db8:1::/56'}]}],"          \
    "'Subnets': [{'SubnetId': 'subnet-1', 'VpcId': 'vpc-1', 'CidrBlock':"                \
    " '10.1.1.0/24'}],"

static void vpn_and_direct_connect(void **state)
{
    const struct vw_direct_connect_gateway *direct;
    const struct vw_vpn_connection *vpn;
    const struct vw_vpn_gateway *gateway;
    struct loading loading;

    (void)state;
    loading_text(
        &loading,
        "{" VPC "'VpnGateways': [{'VpnGatewayId': 'vgw-1', 'State': 'available',"
        " 'VpcAttachments': [{'VpcId': 'vpc-0', 'State': 'detached'},"
        " {'VpcId': 'vpc-1', 'State': 'attached'}]}],"
        "'VpnConnections': [{'VpnConnectionId': 'vpn-1', 'VpnGatewayId': 'vgw-1', "
        "'State':"
        " 'available', 'Options': {'StaticRoutesOnly': true}, 'VgwTelemetry':"
        " [{'OutsideIpAddress': '203.0.113.1', 'Status': 'UP'},"
        " {'OutsideIpAddress': '203.0.113.2', 'Status': 'DOWN'}]},"
        "{'VpnConnectionId': 'vpn-2', 'VpnGatewayId': 'vgw-0', 'State': 'deleted'}],"
        "'directConnectGateways': [{'directConnectGatewayId': 'dx-1', 'ownerAccount':"
        " '111111111111', 'directConnectGatewayName': 'dx', 'directConnectGatewayState':"
        " 'available'}],"
        "'directConnectGatewayAssociations': [{'directConnectGatewayId': 'dx-1',"
        " 'associationState': 'associated', 'associatedGateway': {'id': 'vgw-1', 'type':"
        " 'virtualPrivateGateway'}, 'allowedPrefixesToDirectConnectGateway':"
        " [{'cidr': '10.1.0.0/16'}, {'cidr': '10.2.0.0/16'}]}]}");
    loading_is_quiet(&loading);
    gateway = vw_world_vpn_gateway(
        loading.world, loading_find(&loading, VW_OBJECT_VPN_GATEWAY, "vgw-1"));
    assert_int_equal(gateway->vpc, 0);
    assert_string_equal(gateway->state, "available");
    vpn = vw_world_vpn_connection(
        loading.world, loading_find(&loading, VW_OBJECT_VPN_CONNECTION, "vpn-1"));
    assert_int_equal(vpn->vpn_gateway, 0);
    assert_int_equal(vpn->transit_gateway, VW_NONE);
    assert_true(vpn->static_only);
    assert_int_equal(vpn->tunnel_count, 2);
    assert_string_equal(vpn->tunnels[1].status, "DOWN");
    direct = vw_world_direct_connect_gateway(
        loading.world, loading_find(&loading, VW_OBJECT_DIRECT_CONNECT_GATEWAY, "dx-1"));
    assert_string_equal(direct->object.name, "dx");
    assert_string_equal(direct->object.account, "111111111111");
    assert_string_equal(direct->state, "available");
    assert_int_equal(direct->association_count, 1);
    assert_string_equal(direct->associations[0].gateway_id, "vgw-1");
    assert_string_equal(direct->associations[0].state, "associated");
    assert_int_equal(direct->associations[0].allowed_count, 2);
    loading_close(&loading);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vpn_and_direct_connect)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
