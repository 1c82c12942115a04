/*
 * What AWS says (Elastic Load Balancing, "Network Load Balancers": "Listeners", "Target
 * groups", "Client IP preservation", "Security groups", "Network Load Balancer components";
 * "Application Load Balancers"): a load balancer takes what one of its listeners is for and
 * hands it to a registered target of the listener's target groups: a healthy one in the
 * zone of the address that was asked, or in any zone if cross-zone load balancing is on;
 * where no target is healthy in any zone, to each of them. It never answers a ping. A
 * network load balancer keeps the client's address for targets that are instances, and
 * replaces it by its own for addresses, unless preserve_client_ip says otherwise; an
 * application load balancer always replaces it. With the address kept, replies come back
 * to the load balancer whatever the routes say, and a target cannot be its own client.
 *
 * What we do: split the ports by listener, walk on to every target that may be chosen, and
 * take the reply back. Some targets passing and others not is a partial answer. See
 * target.c for which targets may be chosen.
 */
#include "reach/explain.h"
#include "reach/hop.h"
#include "reach/target.h"

#include <string.h>

static int explain_state(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_load_balancer *balancer = (const void *)mark->object;

    return vw_explain_sentence(explainer, "load balancer %s is %s, not active",
                               vw_target_name(mark->object),
                               balancer->state ? balancer->state : "in an unknown state");
}

static int explain_no_listener(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    char traffic[VW_TRAFFIC_TEXT];

    return vw_explain_sentence(explainer, "no listener of load balancer %s takes %s",
                               vw_target_name(mark->object),
                               vw_box_traffic(&mark->box, traffic));
}

static int explain_listeners_unknown(struct vw_explainer *explainer,
                                     const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the listeners of load balancer %s are not in the export",
                               vw_target_name(mark->object));
}

static int explain_type(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "what load balancer %s does with this is not modelled",
                               vw_target_name(mark->object));
}

static int explain_answers(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer, "load balancer %s answers it itself",
                               vw_target_name(mark->object));
}

static int explain_own_client(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "load balancer %s keeps the client's address and chose "
                               "the client itself as target: that connection fails",
                               vw_target_name(mark->object));
}

static int explain_chosen(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    const struct vw_target_choice *choice = mark->rule;
    char address[VW_ADDRESS_TEXT];
    int error = 0;

    vw_address_format(choice->address, address);
    explainer->step.source.file = choice->target->source.file;
    explainer->step.source.pointer = choice->target->source.pointer;
    if (choice->assumption)
        error =
            vw_explain_assumption(explainer, "%s: target group %s", choice->assumption,
                                  vw_target_name(&choice->group->object));
    if (!error)
        error = vw_explain_rule(explainer, "to %s port %u of %s", address,
                                (unsigned)choice->port,
                                vw_target_name(&choice->group->object));
    if (error)
        return error;
    return vw_explain_sentence(
        explainer, "load balancer %s hands it to %s port %u%s",
        vw_target_name(mark->object), address, (unsigned)choice->port,
        choice->preserves ? ", with the client's address" : ", from its own address");
}

static int explain_back(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "load balancer %s takes the reply of its target and "
                               "answers the client",
                               vw_target_name(mark->object));
}

static int finish(struct vw_walk *walk, struct vw_packet *packet,
                  enum vw_decision decision, enum vw_reason reason,
                  const struct vw_object *object, int missing,
                  vw_explain_function *explain)
{
    struct vw_mark *mark = vw_walk_mark(walk, packet, VW_STEP_LOAD_BALANCER, decision,
                                        reason, object, explain);

    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->missing = missing;
    packet->stage = VW_STAGE_DONE;
    if (decision == VW_DECISION_DELIVER)
        packet->stage = VW_STAGE_ARRIVED;
    return 0;
}

static bool takes(const struct vw_listener *listener, int protocol)
{
    static const char *const tcp[] = {"TCP",  "TLS",   "TCP_UDP",
                                      "HTTP", "HTTPS", "TCP_QUIC"};
    static const char *const udp[] = {"UDP", "TCP_UDP", "QUIC", "TCP_QUIC"};
    const char *const *names = protocol == VW_TCP ? tcp : udp;
    size_t i,
        count = protocol == VW_TCP ? sizeof tcp / sizeof *tcp : sizeof udp / sizeof *udp;

    for (i = 0; listener->protocol && i < count; i++)
        if (strcmp(listener->protocol, names[i]) == 0)
            return true;
    return false;
}

/* The listener of the lowest port in `ports` that takes the protocol; NULL if none. */
static const struct vw_listener *find_listener(const struct vw_world *world,
                                               const struct vw_load_balancer *balancer,
                                               const struct vw_box *wire)
{
    const struct vw_listener *best = NULL;
    size_t i;

    if (!vw_protocol_has_ports(wire->protocol))
        return NULL;
    for (i = 0; i < balancer->listener_count; i++) {
        const struct vw_listener *listener =
            vw_world_listener(world, balancer->listeners[i]);
        if (takes(listener, wire->protocol) && listener->port >= wire->ports.first &&
            listener->port <= wire->ports.last && (!best || listener->port < best->port))
            best = listener;
    }
    return best;
}

static struct vw_address own_address(const struct vw_interface *interface)
{
    return interface->addresses[0].prefix.address;
}

/* One target: the packet as it goes to it. */
static int hand_over(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_load_balancer *balancer,
                     const struct vw_target_choice *choice)
{
    uint32_t own = packet->receiver;
    const struct vw_interface *interface = vw_world_interface(walk->world, own);
    struct vw_crossing *crossing;
    struct vw_mark *mark;
    int error;

    if (choice->preserves && packet->a != VW_NONE && choice->interface == packet->a)
        return finish(walk, packet, VW_DECISION_DROP,
                      VW_REASON_ELBV2_SOURCE_ADDRESS_PRESERVATION, &balancer->object, -1,
                      explain_own_client);
    mark = vw_walk_mark(walk, packet, VW_STEP_LOAD_BALANCER, VW_DECISION_TRANSLATE,
                        VW_REASON_NONE, &balancer->object, explain_chosen);
    if (!mark)
        return VW_ERROR_NO_MEMORY;
    mark->rule = choice;
    mark->address = choice->address;
    error = vw_crossing_add(walk, packet, own, &crossing);
    if (error)
        return error;
    crossing->changes_destination = true;
    crossing->changes_source = !choice->preserves;
    crossing->takes_replies = choice->preserves;
    packet->wire.destination = vw_range_single(choice->address);
    packet->wire.ports = (struct vw_port_range){choice->port, choice->port};
    packet->translated.destination = packet->translated.ports = true;
    if (!choice->preserves) {
        packet->wire.source = vw_range_single(own_address(interface));
        packet->wire.source_ports = (struct vw_port_range){1024, 65535};
        packet->translated.source = packet->translated.source_ports = true;
        packet->unsure_source = false;
    }
    packet->goal_met = true;
    packet->forwarded = false;
    packet->identity = interface->group_count > 0;
    packet->identity_lost = VW_REASON_SG_REFERENCES_NOT_PRESERVED;
    vw_hop_leave(packet, own,
                 interface->group_count > 0 ? VW_STAGE_GROUP_OUT : VW_STAGE_SAME_SUBNET);
    return 0;
}

/* To every target that may be chosen; all but the first wait to be walked. */
static int hand_over_all(struct vw_walk *walk, struct vw_packet *packet,
                         const struct vw_load_balancer *balancer,
                         const struct vw_target_choices *choices)
{
    size_t i;
    int error = 0;

    for (i = 1; i < choices->count && !error; i++) {
        struct vw_packet other = *packet;
        error = hand_over(walk, &other, balancer, &choices->items[i]);
        if (!error)
            error = vw_array_push(&walk->waiting, other);
    }
    return error ? error : hand_over(walk, packet, balancer, &choices->items[0]);
}

/* Beside known targets there are some of which the export does not tell. */
static int hand_to_unknown(struct vw_walk *walk, const struct vw_packet *packet,
                           const struct vw_target_choices *choices)
{
    struct vw_packet other = *packet;
    int error = finish(walk, &other, VW_DECISION_UNKNOWN, choices->reason,
                       choices->object, choices->missing, vw_target_explain_none);

    return error ? error : vw_array_push(&walk->done, other);
}

static int take_by_listener(struct vw_walk *walk, struct vw_packet *packet,
                            const struct vw_load_balancer *balancer,
                            const struct vw_listener *listener)
{
    struct vw_target_choices choices = {.reason = VW_REASON_NONE};
    int error;

    if (listener->answers_itself && listener->target_group_count == 0)
        return finish(walk, packet, VW_DECISION_DELIVER, VW_REASON_NONE,
                      &balancer->object, -1, explain_answers);
    error = vw_targets_choose(walk, packet, balancer, listener, &choices);
    if (error)
        return error;
    if (choices.count > 0 && choices.is_unknown)
        error = hand_to_unknown(walk, packet, &choices);
    if (error || choices.count > 0)
        return error ? error : hand_over_all(walk, packet, balancer, &choices);
    if (choices.answers_itself)
        return finish(walk, packet, VW_DECISION_DELIVER, VW_REASON_NONE,
                      &balancer->object, -1, explain_answers);
    return finish(walk, packet,
                  choices.is_unknown ? VW_DECISION_UNKNOWN : VW_DECISION_DROP,
                  choices.reason, choices.object ? choices.object : &balancer->object,
                  choices.missing, vw_target_explain_none);
}

/* A piece of the ports that one listener takes, or that none takes. */
static int take_in(struct vw_walk *walk, struct vw_packet *packet,
                   const struct vw_load_balancer *balancer)
{
    const struct vw_listener *listener =
        find_listener(walk->world, balancer, &packet->wire);
    struct vw_box region = packet->wire;
    int error;

    if (listener && listener->port > region.ports.first) {
        region.ports.last = (uint16_t)(listener->port - 1);
        listener = NULL;
    } else if (listener) {
        region.ports = (struct vw_port_range){listener->port, listener->port};
    }
    error = vw_walk_narrow(walk, packet, &region);
    if (error)
        return error;
    if (listener)
        return take_by_listener(walk, packet, balancer, listener);
    return finish(walk, packet, VW_DECISION_DROP, VW_REASON_ELBV2_LISTENERS_MISMATCH,
                  &balancer->object, -1, explain_no_listener);
}

static int give_back(struct vw_walk *walk, struct vw_packet *packet,
                     const struct vw_load_balancer *balancer,
                     const struct vw_crossing *crossing)
{
    if (!vw_walk_mark(walk, packet, VW_STEP_LOAD_BALANCER, VW_DECISION_TRANSLATE,
                      VW_REASON_NONE, &balancer->object, explain_back))
        return VW_ERROR_NO_MEMORY;
    vw_crossing_undo(packet, crossing);
    vw_hop_leave(packet, crossing->interface, VW_STAGE_SAME_SUBNET);
    return 0;
}

static bool is_active(const struct vw_load_balancer *balancer)
{
    return balancer->state && (strcmp(balancer->state, "active") == 0 ||
                               strcmp(balancer->state, "active_impaired") == 0);
}

int vw_load_balancer_pass(struct vw_walk *walk, struct vw_packet *packet)
{
    const struct vw_load_balancer *balancer =
        vw_world_load_balancer(walk->world, packet->hop.index);
    const struct vw_crossing *crossing =
        vw_crossing_of(packet, VW_HOP_LOAD_BALANCER, packet->hop.index);
    bool icmp = vw_protocol_is_icmp(packet->wire.protocol);

    if (packet->direction == VW_RETURN && crossing)
        return give_back(walk, packet, balancer, crossing);
    if (!is_active(balancer))
        return finish(walk, packet, VW_DECISION_DROP, VW_REASON_BAD_STATE,
                      &balancer->object, -1, explain_state);
    if (balancer->type == VW_BALANCER_GATEWAY || balancer->type == VW_BALANCER_OTHER ||
        packet->direction == VW_RETURN ||
        (icmp && balancer->type == VW_BALANCER_APPLICATION))
        return finish(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNSUPPORTED_COMPONENT,
                      &balancer->object, -1, explain_type);
    if (!icmp && !balancer->listeners_exported)
        return finish(walk, packet, VW_DECISION_UNKNOWN, VW_REASON_UNKNOWN_RESOURCE,
                      &balancer->object, VW_OBJECT_LISTENER, explain_listeners_unknown);
    return take_in(walk, packet, balancer);
}

const struct vw_crossing *vw_load_balancer_of_reply(const struct vw_packet *packet)
{
    const struct vw_crossing *crossing = packet->crossings;

    return packet->direction == VW_RETURN && packet->hops == 0 && crossing &&
                   crossing->takes_replies
               ? crossing
               : NULL;
}

static int explain_tracked(struct vw_explainer *explainer, const struct vw_mark *mark)
{
    return vw_explain_sentence(explainer,
                               "the reply of a target goes back to its load balancer %s, "
                               "whatever the routes say",
                               vw_target_name(mark->object));
}

int vw_load_balancer_track(struct vw_walk *walk, struct vw_packet *packet,
                           const struct vw_crossing *crossing)
{
    struct vw_hop hop = {VW_HOP_LOAD_BALANCER, crossing->hop.index, true};

    packet->vpc = crossing->vpc;
    vw_hop_enter(packet, hop, crossing->interface, crossing->subnet);
    return vw_walk_mark(walk, packet, VW_STEP_LOAD_BALANCER, VW_DECISION_FORWARD,
                        VW_REASON_NONE,
                        &vw_world_load_balancer(walk->world, crossing->hop.index)->object,
                        explain_tracked)
               ? 0
               : VW_ERROR_NO_MEMORY;
}
