/* VPC endpoints, and the stateless rules of the firewall behind one; see naive.h. */
#include <string.h>

#include "reach/naive.h"

/* ---- Network Firewall ---- */

static bool in_any(const struct vw_prefix *prefixes, size_t count,
                   struct vw_address address)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (vw_prefix_contains(prefixes[i], address))
            return true;
    return count == 0;
}

static bool port_in_any(const struct vw_port_range *ranges, size_t count, uint16_t port)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (port >= ranges[i].first && port <= ranges[i].last)
            return true;
    return count == 0;
}

static bool matches(const struct naive_packet *packet,
                    const struct vw_firewall_rule *rule)
{
    bool ports = packet->protocol == 6 || packet->protocol == 17;
    bool protocol = rule->protocol_count == 0;
    size_t i;

    for (i = 0; i < rule->protocol_count; i++)
        protocol = protocol || rule->protocols[i] == packet->protocol;
    return protocol && in_any(rule->sources, rule->source_count, packet->source) &&
           in_any(rule->destinations, rule->destination_count, packet->destination) &&
           (!ports || (port_in_any(rule->source_ports, rule->source_port_count,
                                   packet->source_port) &&
                       port_in_any(rule->ports, rule->port_count, packet->port)));
}

/* Every packet by itself: the matching rule of the lowest priority. */
static bool firewall_drops(const struct naive *s, const struct vw_firewall *firewall)
{
    const struct vw_firewall_policy *policy =
        vw_world_firewall_policy(s->world, firewall->policy);
    const struct vw_rule_group *group =
        vw_world_rule_group(s->world, policy->stateless[0].rule_group);
    const struct vw_firewall_rule *best = NULL;
    size_t i;

    for (i = 0; i < group->rule_count; i++)
        if (matches(&s->packet, &group->rules[i]) &&
            (!best || group->rules[i].priority < best->priority))
            best = &group->rules[i];
    return (best ? best->action : policy->default_action) == VW_FIREWALL_DROP;
}

/* ---- Gateway Load Balancer endpoints ---- */

static unsigned inspect(struct naive s, uint32_t index)
{
    const struct vw_vpc_endpoint *endpoint = vw_world_vpc_endpoint(s.world, index);
    unsigned char *passed = &s.inspected[s.reply], bit = (unsigned char)(1u << index);

    if (*passed & bit)
        return NAIVE_BLOCKED;
    s.subnet = endpoint->subnets[0];
    if (!naive_acl(&s, s.subnet, false))
        return NAIVE_BLOCKED;
    if (endpoint->firewall != VW_NONE &&
        firewall_drops(&s, vw_world_firewall(s.world, endpoint->firewall)))
        return NAIVE_BLOCKED;
    *passed |= bit;
    s.identity = false;
    return naive_send_inspected(s, index);
}

/* ---- gateway endpoints ---- */

/* TCP and echo requests of its own VPC, to the service and back. */
static unsigned leave_by_endpoint(struct naive s, uint32_t index)
{
    int protocol = s.packet.protocol;
    bool echo = (protocol == 1 && s.packet.source_port == 8) ||
                (protocol == 58 && s.packet.source_port == 128);
    bool translated =
        s.forwarded ||
        (s.crossing_count > 0 && s.crossings[s.crossing_count - 1].kind == NAIVE_NAT);

    if (s.reply || !(protocol == 6 || echo))
        return NAIVE_BLOCKED;
    if (!naive_in_vpc(&s, s.vpc, s.packet.source))
        return translated ? NAIVE_UNKNOWN : NAIVE_BLOCKED;
    if (protocol == 58)
        return NAIVE_UNKNOWN;
    s.left_by = NAIVE_ENDPOINT;
    s.left_index = index;
    return naive_hand_outside(s);
}

unsigned naive_endpoint_back(struct naive s, uint32_t index)
{
    s.vpc = vw_world_vpc_endpoint(s.world, index)->vpc;
    s.subnet = VW_NONE;
    return naive_deliver(s, false);
}

unsigned naive_endpoint(struct naive s, uint32_t index)
{
    const struct vw_vpc_endpoint *endpoint = vw_world_vpc_endpoint(s.world, index);

    if (endpoint->vpc != s.vpc || strcmp(endpoint->state, "available") != 0)
        return NAIVE_BLOCKED;
    return endpoint->type == VW_ENDPOINT_GATEWAY ? leave_by_endpoint(s, index)
                                                 : inspect(s, index);
}

/* ---- interface endpoints ---- */

unsigned naive_serve(struct naive s, uint32_t interface)
{
    const struct vw_vpc_endpoint *endpoint =
        vw_world_vpc_endpoint(s.world, naive_interface(&s, interface)->service);
    bool of_aws = strncmp(endpoint->service_name, "com.amazonaws.us-east-1.", 24) == 0;
    bool web = strcmp(endpoint->service_name, "com.amazonaws.us-east-1.s3") == 0;

    if (strcmp(endpoint->state, "available") != 0 ||
        (s.packet.protocol != 6 && s.packet.protocol != 17))
        return NAIVE_BLOCKED;
    if (s.packet.protocol == 17 || !of_aws)
        return NAIVE_UNKNOWN;
    if (s.packet.port == 443 || (web && s.packet.port == 80))
        return naive_arrive(s, interface);
    return s.packet.port == 22 ? NAIVE_BLOCKED : NAIVE_UNKNOWN;
}
