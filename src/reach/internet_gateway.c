/*
 * What AWS says (VPC User Guide, "Enable internet access using internet gateways"): an
 * internet gateway translates between an interface's private IPv4 address and the public
 * one associated with it; without an association there is no IPv4 internet. It drops what
 * is addressed to private space. IPv6 addresses are public and pass untranslated. Inbound
 * traffic needs the association and the attached gateway, but no route in the
 * destination's subnet; its reply does. A gateway may have a route table of its own, which
 * inbound traffic follows: see edge_table.c.
 *
 * What we do: leaving, check attachment, destination and source, translate, and look
 * whether the public destination belongs to an interface of the export; entering,
 * translate back and hand over to the interface's subnet. Beyond the gateway nothing is
 * known: that is listed as an assumption.
 */
#include "reach/explain.h"
#include "reach/route_table.h"

static int explain_gateway(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char address[VW_ADDRESS_TEXT];
    int error;

    if (mark->decision == VW_DECISION_TRANSLATE) {
        error = vw_explain_rule(explainer, "%s becomes %s",
                                vw_explain_source(explainer, mark),
                                vw_address_format(mark->address, address));
        if (error)
            return error;
        return vw_explain_sentence(
            explainer, "%s%s translates %s to the public address %s", mark->object->id,
            vw_explain_name(explainer, mark->object), vw_explain_source(explainer, mark),
            vw_address_format(mark->address, address));
    }
    return vw_explain_sentence(explainer, "%s%s passes it on to the internet",
                               mark->object->id,
                               vw_explain_name(explainer, mark->object));
}

static int explain_detached(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "%s is not attached to %s", mark->object->id,
                               mark->other->id);
}

static int explain_private(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const char *what = "not on the internet";

    if (mark->reason == VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS)
        what = "a private address (RFC 1918)";
    else if (mark->reason == VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS)
        what = "a shared address (100.64.0.0/10)";
    return vw_explain_sentence(
        explainer, "%s is %s: the internet gateway %s%s, where the route leads, drops it",
        vw_range_is_single(mark->box.destination)
            ? vw_explain_destination(explainer, mark)
            : "every one of these addresses",
        what, mark->object->id, vw_explain_name(explainer, mark->object));
}

static int explain_no_public(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s has no public address for %s, so the internet gateway "
                               "%s drops what it sends",
                               mark->object->id, vw_explain_source(explainer, mark),
                               mark->other->id);
}

static struct vw_mark *mark_gateway(struct vw_walk *walk, struct vw_packet *packet,
                                    enum vw_decision decision, enum vw_reason reason,
                                    const struct vw_object *object,
                                    int (*explain)(struct vw_explainer *,
                                                   const struct vw_mark *))
{
    return vw_walk_mark(walk, packet, VW_STEP_INTERNET_GATEWAY, decision, reason, object,
                        explain);
}

/* Marks what is wrong with the gateway itself, if anything is. */
static int check_gateway(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_internet_gateway *gateway)
{
    struct vw_mark *mark;

    if (!gateway->object.exported) {
        mark = mark_gateway(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNKNOWN_RESOURCE,
                            &gateway->object, vw_explain_missing);
        if (!mark)
            return VW_ERROR_NO_MEMORY;
        mark->missing = VW_OBJECT_INTERNET_GATEWAY;
    } else if (gateway->vpc != packet->vpc) {
        mark =
            mark_gateway(walk, packet, VW_DECISION_DROP, VW_REASON_BAD_STATE_ATTACHMENT,
                         &gateway->object, explain_detached);
        if (!mark)
            return VW_ERROR_NO_MEMORY;
        mark->other = &vw_world_vpc(walk->world, packet->vpc)->object;
    }
    return vw_block_public_access(walk, packet, false);
}

static enum vw_reason destination_reason(struct vw_address address)
{
    if (vw_address_is_private(address))
        return VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS;
    if (vw_address_is_shared(address))
        return VW_REASON_IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS;
    return VW_REASON_VW_DESTINATION_NOT_PUBLIC;
}

int vw_internet_split_special(struct vw_walk *walk, struct vw_packet *packet,
                              bool *ret_special)
{
    struct vw_address_range range = packet->wire.destination;
    struct vw_prefix prefix;
    size_t i;

    *ret_special = false;
    for (i = 0; vw_special_prefix(range.first.family, i, &prefix); i++) {
        struct vw_address_range special = vw_prefix_range(prefix);
        if (!vw_range_overlaps(special, range))
            continue;
        if (vw_range_contains(special, range.first)) {
            *ret_special = true;
            return vw_walk_narrow_destination(walk, packet, special);
        }
        vw_address_previous(special.first, &range.last);
        return vw_walk_narrow_destination(walk, packet, range);
    }
    return 0;
}

static int drop_special(struct vw_walk *walk, struct vw_packet *packet,
                        const struct vw_object *gateway)
{
    int error;

    if (!mark_gateway(walk, packet, VW_DECISION_DROP,
                      destination_reason(packet->wire.destination.first), gateway,
                      explain_private))
        return VW_ERROR_NO_MEMORY;
    error = vw_peering_disconnected(walk, packet);
    return error ? error : vw_walk_jump(walk, packet);
}

/* The public address of the private one on the wire, whoever sent the packet on. */
static bool public_source(const struct vw_walk *walk, const struct vw_packet *packet,
                          struct vw_address *ret_address)
{
    const struct vw_owner *owner =
        vw_owner_in_vpc(walk->world, packet->vpc, packet->wire.source);
    const struct vw_interface_address *address;

    if (!owner)
        return false;
    address = &vw_world_interface(walk->world, owner->interface)->addresses[owner->entry];
    *ret_address = address->public_address;
    return address->public_address.family != VW_FAMILY_NONE;
}

static int explain_translating(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "%s has no public address, so it passes %s only if a "
                               "middlebox before it translates it to its own: that is in "
                               "no export",
                               vw_explain_source(explainer, mark), mark->object->id);
}

/* A NAT instance? Nobody can say. */
static int leave_after_middlebox(struct vw_walk *walk, struct vw_packet *packet,
                                 const struct vw_object *gateway)
{
    packet->unsure_source = true;
    packet->stage = VW_STAGE_INTERNET;
    return mark_gateway(walk, packet, VW_DECISION_UNKNOWN,
                        VW_REASON_UNSUPPORTED_COMPONENT, gateway, explain_translating)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

/* Dropped for its source; goes on as if it had a public one. */
static int leave_without_public(struct vw_walk *walk, struct vw_packet *packet,
                                const struct vw_object *gateway)
{
    const struct vw_object *sender =
        packet->sender != VW_NONE
            ? &vw_world_interface(walk->world, packet->sender)->object
            : &vw_world_vpc(walk->world, packet->vpc)->object;
    struct vw_mark *mark = mark_gateway(walk, packet, VW_DECISION_DROP,
                                        VW_REASON_IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS,
                                        sender, explain_no_public);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->other = gateway;
    packet->unsure_source = true;
    packet->hypothetical = true;
    packet->stage = VW_STAGE_INTERNET;
    return 0;
}

static int pass_on(struct vw_walk *walk, struct vw_packet *packet,
                   const struct vw_object *gateway)
{
    packet->stage = VW_STAGE_INTERNET;
    return mark_gateway(walk, packet, VW_DECISION_FORWARD, VW_REASON_NONE, gateway,
                        explain_gateway)
               ? 0
               : VW_ERROR_NO_MEMORY;
}

static int leave_ipv4(struct vw_walk *walk, struct vw_packet *packet,
                      const struct vw_object *gateway)
{
    struct vw_address address;
    struct vw_mark *mark;

    if (vw_address_is_public(packet->wire.source.first) && packet->sender == VW_NONE)
        return pass_on(walk, packet, gateway);
    if (!public_source(walk, packet, &address))
        return packet->forwarded ? leave_after_middlebox(walk, packet, gateway)
                                 : leave_without_public(walk, packet, gateway);
    mark = mark_gateway(walk, packet, VW_DECISION_TRANSLATE, VW_REASON_NONE, gateway,
                        explain_gateway);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->address = address;
    packet->wire.source = vw_range_single(address);
    packet->translated.source = true;
    packet->stage = VW_STAGE_INTERNET;
    return 0;
}

static int explain_other_way(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the request did not come in through the internet gateway "
                               "%s, so the reply is not translated back",
                               mark->object->id);
}

int vw_internet_gateway_leave(struct vw_walk *walk, struct vw_packet *packet,
                              const struct vw_route *route)
{
    const struct vw_internet_gateway *gateway =
        vw_world_internet_gateway(walk->world, route->target);
    bool special;
    int error = vw_internet_split_special(walk, packet, &special);

    if (!error)
        error = check_gateway(walk, packet, gateway);
    if (error)
        return error;
    if (special)
        return drop_special(walk, packet, &gateway->object);
    if (packet->direction == VW_FORWARD)
        packet->request_exit =
            (struct vw_passage){VW_TARGET_INTERNET_GATEWAY, route->target};
    else if (packet->request_entry.kind != VW_TARGET_INTERNET_GATEWAY &&
             !packet->request_lost &&
             !mark_gateway(walk, packet, VW_DECISION_DROP,
                           VW_REASON_VW_REPLY_LEFT_BY_OTHER_PATH, &gateway->object,
                           explain_other_way))
        return VW_ERROR_NO_MEMORY;
    packet->identity = false;
    error = vw_edge_table_check_leaving(walk, packet, &gateway->object);
    if (error)
        return error;
    if (packet->wire.source.first.family == VW_FAMILY_IPV4)
        return leave_ipv4(walk, packet, &gateway->object);
    /* Unique local addresses (fc00::/7) are not of the internet. */
    if (!vw_address_is_public(packet->wire.source.first))
        return leave_without_public(walk, packet, &gateway->object);
    return pass_on(walk, packet, &gateway->object);
}
