/*
 * Why traffic does not pass, or why nobody can say. Names in capitals without prefix are
 * the explanation codes of AWS's Reachability Analyzer (docs.aws.amazon.com,
 * vpc/latest/reachability/explanation-codes.html); VW_ is a reason AWS has no code for.
 */
#ifndef VPCWHY_REASON_H
#define VPCWHY_REASON_H

#ifdef __cplusplus
extern "C" {
#endif

/* code, what it means */
#define VW_REASON_LIST(X)                                                                \
    X(BAD_STATE, "the component is not functional")                                      \
    X(BAD_STATE_ATTACHMENT, "the attachment between two components is not functional")   \
    X(BAD_STATE_ROUTE, "the route is a blackhole")                                       \
    X(BAD_STATE_VPN, "the VPN connection is not functional")                             \
    X(CANNOT_ROUTE, "the route does not cover the destination")                          \
    X(DISCONNECTED_VPCS, "nothing joins the two VPCs")                                   \
    X(ELBV2_LISTENERS_MISMATCH, "no listener of the load balancer accepts the traffic")  \
    X(ELBV2_LISTENER_HAS_NO_TG, "no target is registered behind the listener")           \
    X(ELBV2_NO_TARGETS_IN_AZ,                                                            \
      "the load balancer has no usable target in an enabled zone")                       \
    X(ELBV2_SOURCE_ADDRESS_PRESERVATION,                                                 \
      "the load balancer keeps the client's address, so a target cannot be its own "     \
      "client")                                                                          \
    X(ELB_NOT_CROSSZONE,                                                                 \
      "cross-zone load balancing is off, so targets in other zones are not used")        \
    X(ENI_SG_RULES_MISMATCH, "no rule of the interface's security groups applies")       \
    X(ENI_SOURCE_DEST_CHECK_RESTRICTION,                                                 \
      "the source/destination check drops addresses that are not the interface's")       \
    X(FIREWALL_RULES_RESTRICTION, "a Network Firewall rule blocks it")                   \
    X(IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS,                                     \
      "the internet gateway drops packets to private (RFC 1918) addresses")              \
    X(IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS,                                     \
      "the internet gateway drops packets to shared (100.64.0.0/10) addresses")          \
    X(IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS,                                            \
      "the internet gateway takes inbound packets only for the public address of an "    \
      "attached interface")                                                              \
    X(IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS, "the source has no public address")          \
    X(IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS,                                         \
      "the internet gateway drops packets from private (RFC 1918) addresses")            \
    X(IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS,                                         \
      "the internet gateway drops packets from shared (100.64.0.0/10) addresses")        \
    X(INGRESS_RTB_NO_PUBLIC_IP,                                                          \
      "the appliance that the gateway's route table leads to has no public address")     \
    X(INGRESS_RTB_TRAFFIC_REDIRECTION,                                                   \
      "what comes in for the subnet goes through an appliance, so the subnet cannot "    \
      "use the internet gateway directly")                                               \
    X(NO_POSSIBLE_DESTINATION, "the component has nowhere to deliver to")                \
    X(NO_ROUTE_TO_DESTINATION, "the route table has no applicable route")                \
    X(PCX_REQUIRES_ADDRESS_IN_VPC_CIDR,                                                  \
      "a peering carries only traffic to the CIDRs of the VPC at its other end")         \
    X(PROTOCOL_RESTRICTION, "the component does not take this protocol")                 \
    X(REGIONAL_NGW_ROUTE_AZ_RESTRICTION,                                                 \
      "the regional NAT gateway is not in the source's Availability Zone")               \
    X(SG_HAS_NO_RULES, "the security groups have no rules in that direction")            \
    X(SG_REFERENCES_NOT_PRESERVED, "the path drops the sender's security groups, so "    \
                                   "rules that name a group cannot match")               \
    X(SG_REFERENCING_SUPPORT,                                                            \
      "the transit gateway does not preserve the sender's security groups")              \
    X(SUBNET_ACL_RESTRICTION, "the subnet's network ACL does not admit it")              \
    X(TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION,                                            \
      "the attachment has no transit gateway route table")                               \
    X(TGW_BAD_STATE_VPN, "the VPN connection of the transit gateway is not functional")  \
    X(TGW_ROUTE_AZ_RESTRICTION,                                                          \
      "the transit gateway attachment has no subnet in the sender's Availability Zone")  \
    X(TGW_RTB_BAD_STATE_ROUTE, "the transit gateway's route is a blackhole")             \
    X(TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT,                                                \
      "the transit gateway route table has no applicable route")                         \
    X(TGW_RTB_ROUTES_ARE_UNKNOWN,                                                        \
      "the routes of the transit gateway route table are not known")                     \
    X(UNKNOWN_DESTINATION, "not enough is known of the destination")                     \
    X(UNKNOWN_PEERED_SGS, "the members of the peered security group are not known")      \
    X(UNKNOWN_RESOURCE, "the component is not in the export")                            \
    X(UNSUPPORTED_COMPONENT, "the component is not modelled")                            \
    X(VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS,                                             \
      "the virtual private gateway takes only what comes from an address of an "         \
      "interface of its VPC")                                                            \
    X(VGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS,                                            \
      "the virtual private gateway delivers only to the private address of an "          \
      "interface of its VPC")                                                            \
    X(VPC_BLOCK_PUBLIC_ACCESS_ENABLED,                                                   \
      "VPC Block Public Access blocks internet traffic")                                 \
    X(VPCE_GATEWAY_PROTOCOL_RESTRICTION,                                                 \
      "a gateway endpoint carries only TCP and ICMP echo")                               \
    X(VPC_LOCAL_ROUTE_CIDR_RESTRICTION, "the local route covers only the VPC's CIDRs")   \
    X(VW_ATTACHMENT_WITHOUT_IPV6, "the transit gateway attachment does not carry IPv6")  \
    X(VW_DESTINATION_NOT_PUBLIC, "the address cannot be reached through the internet")   \
    X(VW_ENDPOINT_OF_ANOTHER_VPC,                                                        \
      "a gateway endpoint serves only what its own VPC sends")                           \
    X(VW_METADATA_DISABLED, "the instance metadata service is switched off")             \
    X(VW_NAT_UNSOLICITED, "a NAT gateway takes in nothing but replies")                  \
    X(VW_NO_INBOUND, "the interface only begins connections and takes none")             \
    X(VW_NO_SUCH_HOST, "no network interface owns the destination address")              \
    X(VW_OTHER_DESTINATION, "the address leads to another place than the one asked for") \
    X(VW_PORT_NOT_SERVED, "the service does not serve this port")                        \
    X(VW_REPLY_LEFT_BY_EGRESS_ONLY_GATEWAY,                                              \
      "the reply leaves through an egress-only gateway, which the request did not use")  \
    X(VW_REPLY_LEFT_BY_NAT,                                                              \
      "the reply of an inbound connection leaves through a NAT gateway")                 \
    X(VW_REPLY_LEFT_BY_OTHER_PATH,                                                       \
      "the reply does not leave the way the request came in")                            \
    X(VW_ROUTES_TIE, "two prefix lists tie towards different targets; AWS picks one")    \
    X(VW_ROUTING_LOOP, "the packet comes to the same component again")                   \
    X(VW_ZONE_NOT_KNOWN,                                                                 \
      "which Availability Zone the packet is carried in decides, and is not known")

/* VW_REASON_BAD_STATE, ..., VW_REASON_VW_NO_SUCH_HOST, ...; VW_REASON_NONE is 0. */
enum vw_reason {
    VW_REASON_NONE,
#define VW_X(code, meaning) VW_REASON_##code,
    VW_REASON_LIST(VW_X)
#undef VW_X
};

/* "BAD_STATE"; NULL for VW_REASON_NONE. */
const char *vw_reason_code(enum vw_reason reason);
const char *vw_reason_meaning(enum vw_reason reason);

#ifdef __cplusplus
}
#endif
#endif
