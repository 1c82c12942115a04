/*
 * What AWS says (VPC User Guide, "DNS attributes for your VPC", "Control traffic to your
 * AWS resources using security groups", "Flow log limitations"; EC2 User Guide, "Use the
 * Instance Metadata Service", "Amazon Time Sync Service"): 169.254.169.254 and
 * fd00:ec2::254 serve instance metadata over HTTP, 169.254.169.253, fd00:ec2::253 and the
 * base of the VPC's primary CIDR plus two DNS, 169.254.169.123 and fd00:ec2::123 time.
 * Neither security groups nor network ACLs filter that, and flow logs do not record it.
 * Metadata may be switched off for an instance, and over IPv6 is unless switched on. DNS
 * is answered unless enableDnsSupport of the VPC is off, which describe-vpcs does not say.
 *
 * What we do: deliver exactly these, with DNS support as an assumption, and take metadata
 * for what an instance itself asks, not its containers. The rest of 169.254.169.0/24 and
 * of fd00:ec2::/32 (licence servers and the like) is unknown.
 */
#include "reach/aws_service.h"

#include "reach/explain.h"

struct service {
    struct vw_address address;
    int protocol;
    uint16_t port;
    bool is_metadata, is_dns;
    const char *name;
};

#define LINK_LOCAL(last)                                                                 \
    {                                                                                    \
        0, UINT64_C(0xa9fea900) + (last), VW_FAMILY_IPV4                                 \
    }
#define UNIQUE_LOCAL(last)                                                               \
    {                                                                                    \
        UINT64_C(0xfd000ec200000000), last, VW_FAMILY_IPV6                               \
    }

static const struct service services[] = {
    {LINK_LOCAL(254), VW_TCP, 80, true, false, "instance metadata service"},
    {UNIQUE_LOCAL(0x254), VW_TCP, 80, true, false, "instance metadata service"},
    {LINK_LOCAL(253), VW_UDP, 53, false, true, "Amazon-provided DNS server"},
    {LINK_LOCAL(253), VW_TCP, 53, false, true, "Amazon-provided DNS server"},
    {UNIQUE_LOCAL(0x253), VW_UDP, 53, false, true, "Amazon-provided DNS server"},
    {UNIQUE_LOCAL(0x253), VW_TCP, 53, false, true, "Amazon-provided DNS server"},
    {LINK_LOCAL(123), VW_UDP, 123, false, false, "Amazon Time Sync Service"},
    {UNIQUE_LOCAL(0x123), VW_UDP, 123, false, false, "Amazon Time Sync Service"},
};

static int explain_answered(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct service *service = mark->rule;
    int error = 0;

    if (service->is_dns)
        error = vw_explain_assumption(
            explainer, "enableDnsSupport of %s is on: describe-vpcs does not say",
            mark->other->id);
    if (error)
        return error;
    return vw_explain_sentence(explainer,
                               "%s is the %s, which answers whatever security groups and "
                               "network ACLs say; flow logs do not record it",
                               vw_explain_destination(explainer, mark), service->name);
}

static int explain_disabled(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(
        explainer, "the metadata service of instance %s%s is switched off%s",
        mark->object->id, vw_explain_name(explainer, mark->object),
        mark->box.destination.first.family == VW_FAMILY_IPV6 ? " for IPv6" : "");
}

static int explain_other(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is for services of AWS itself, and what answers this "
                               "is not modelled",
                               vw_explain_destination(explainer, mark));
}

int vw_aws_service_explain_resolver(struct vw_explainer *explainer,
                                    const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s is the Amazon-provided DNS server of %s, and whether "
                               "it answers from elsewhere is not modelled",
                               vw_explain_destination(explainer, mark), mark->object->id);
}

static int end(struct vw_walk *walk, struct vw_packet *packet, enum vw_decision decision,
               enum vw_reason reason, const struct vw_object *object,
               const struct service *service, vw_explain_function *explain)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_AWS_SERVICE, decision,
                                        reason, object, explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = service;
    mark->other = &vw_world_vpc(walk->world, packet->vpc)->object;
    packet->outside = true;
    packet->stage = VW_STAGE_DONE;
    return 0;
}

static int answer_metadata(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_interface *sender,
                           const struct service *service)
{
    const struct vw_instance *instance;
    enum vw_setting ipv6;

    if (sender->instance == VW_NONE)
        return end(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNSUPPORTED_COMPONENT,
                   &sender->object, service, explain_other);
    instance = vw_world_instance(walk->world, sender->instance);
    ipv6 = service->address.family == VW_FAMILY_IPV6 ? instance->metadata_ipv6
                                                     : VW_SETTING_ON;
    if (instance->metadata_disabled || ipv6 == VW_SETTING_OFF)
        return end(walk, packet, VW_DECISION_DROP, VW_REASON_VW_METADATA_DISABLED,
                   &instance->object, service, explain_disabled);
    if (ipv6 == VW_SETTING_UNKNOWN)
        return end(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNKNOWN_RESOURCE,
                   &instance->object, service, explain_other);
    return end(walk, packet, VW_DECISION_DELIVER, VW_REASON_NONE, &instance->object,
               service, explain_answered);
}

static bool is_addressed(const struct vw_box *wire, const struct service *service,
                         struct vw_address address)
{
    return wire->ports.first <= service->port && service->port <= wire->ports.last &&
           wire->protocol == service->protocol &&
           vw_range_contains(wire->destination, address);
}

/* Narrows to the service at `address` and answers, if that is part of the packet. */
static int try_service(struct vw_walk *walk, struct vw_packet *packet,
                       const struct service *service, struct vw_address address,
                       bool *ret_met)
{
    const struct vw_interface *sender = vw_world_interface(walk->world, packet->sender);
    struct vw_box region;
    int error;

    if (!is_addressed(&packet->wire, service, address))
        return 0;
    region = packet->wire;
    region.destination = vw_range_single(address);
    region.ports = (struct vw_port_range){service->port, service->port};
    *ret_met = true;
    error = vw_walk_narrow(walk, packet, &region);
    if (error)
        return error;
    if (service->is_metadata)
        return answer_metadata(walk, packet, sender, service);
    return end(walk, packet, VW_DECISION_DELIVER, VW_REASON_NONE, &sender->object,
               service, explain_answered);
}

/* The base of the VPC's primary CIDR plus two. */
static bool resolver_of(const struct vw_vpc *vpc, struct vw_address *ret_address)
{
    if (vpc->cidr_count == 0 || vpc->cidrs[0].address.family != VW_FAMILY_IPV4)
        return false;
    *ret_address = vw_address_add(vpc->cidrs[0].address, 2);
    return true;
}

/* The addresses that are AWS's own, whatever the VPC. */
static struct vw_address_range own_space(enum vw_family family)
{
    static const struct vw_address_range ipv4 = {LINK_LOCAL(0), LINK_LOCAL(255)};
    static const struct vw_address_range ipv6 = {
        {UINT64_C(0xfd000ec200000000), 0, VW_FAMILY_IPV6},
        {UINT64_C(0xfd000ec2ffffffff), UINT64_MAX, VW_FAMILY_IPV6}};

    return family == VW_FAMILY_IPV6 ? ipv6 : ipv4;
}

/* What is left of them. */
static int meet_rest(struct vw_walk *walk, struct vw_packet *packet, bool *ret_met)
{
    struct vw_address_range space = own_space(packet->wire.destination.first.family);
    int error;

    if (!vw_range_overlaps(space, packet->wire.destination))
        return 0;
    *ret_met = true;
    error = vw_walk_narrow_destination(walk, packet, space);
    return error ? error
                 : end(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNSUPPORTED_COMPONENT,
                       &vw_world_interface(walk->world, packet->sender)->object, NULL,
                       explain_other);
}

int vw_aws_service_meet(struct vw_walk *walk, struct vw_packet *packet, bool *ret_met)
{
    const struct vw_address_range *destination = &packet->wire.destination;
    struct vw_address resolver = {0, 0, VW_FAMILY_NONE};
    size_t i;
    int error = 0;

    *ret_met = false;
    if (packet->direction == VW_RETURN)
        return 0;
    resolver_of(vw_world_vpc(walk->world, packet->vpc), &resolver);
    if (!vw_range_contains(*destination, resolver) &&
        !vw_range_overlaps(own_space(destination->first.family), *destination))
        return 0;
    for (i = 0; i < sizeof services / sizeof *services && !error && !*ret_met; i++) {
        error = try_service(walk, packet, &services[i], services[i].address, ret_met);
        if (!error && !*ret_met && services[i].is_dns)
            error = try_service(walk, packet, &services[i], resolver, ret_met);
    }
    return error || *ret_met ? error : meet_rest(walk, packet, ret_met);
}

int vw_aws_service_split_resolver(struct vw_walk *walk, struct vw_packet *packet,
                                  bool *ret_resolver)
{
    struct vw_box region = packet->wire;
    struct vw_address resolver;

    *ret_resolver = false;
    if (packet->direction == VW_RETURN || !vw_protocol_has_ports(region.protocol) ||
        !resolver_of(vw_world_vpc(walk->world, packet->vpc), &resolver))
        return 0;
    region.destination = vw_range_single(resolver);
    region.ports = (struct vw_port_range){53, 53};
    if (!vw_box_overlaps(&packet->wire, &region))
        return 0;
    *ret_resolver = true;
    return vw_walk_narrow(walk, packet, &region);
}
