/*
 * Which rows belong to the flow. A row is compared with the flow as its own vantage sees
 * it: a private address at the interface, the other end's public one where the path
 * translates it. Flow logs show the primary address in place of a secondary one unless
 * they carry pkt-* fields, and say nothing of ICMP types.
 */
#include "crosscheck/match.h"

#include <string.h>

#include "base/address.h"

#define PORT_CLIENT_FIRST 32768 /* what a question without source ports stands for */
#define PORT_CLIENT_LAST 60999

static const struct vw_interface *interface_of(const struct vw_cross *cross,
                                               const char *eni)
{
    uint32_t index;

    if (eni == NULL || cross->world == NULL ||
        !vw_world_find(cross->world, VW_OBJECT_INTERFACE, eni, &index))
        return NULL;
    return vw_world_interface(cross->world, index);
}

/* The interface's primary IPv4 address, where the flow uses another one of it. */
static void find_primary(const struct vw_cross *cross, struct vw_view *view,
                         struct vw_address own)
{
    const struct vw_interface *interface = interface_of(cross, view->eni);

    if (interface == NULL || own.family != VW_FAMILY_IPV4)
        return;
    for (size_t i = 0; i < interface->address_count; i++) {
        const struct vw_interface_address *entry = &interface->addresses[i];

        if (entry->primary && entry->prefix.address.family == VW_FAMILY_IPV4 &&
            !vw_address_equal(entry->prefix.address, own))
            view->primary = entry->prefix.address;
    }
}

void vw_match_views(struct vw_cross *cross)
{
    const struct vw_trace *trace = cross->trace;

    for (size_t i = 0; i < trace->prediction_count; i++) {
        const struct vw_prediction *prediction = &trace->predictions[i];
        struct vw_view *view = &cross->view[prediction->end];
        bool forward = prediction->flow == VW_FORWARD;

        if (!view->known) {
            view->known = true;
            view->a = forward ? prediction->source : prediction->destination;
            view->b = forward ? prediction->destination : prediction->source;
        }
        if (view->eni == NULL)
            view->eni = prediction->eni;
    }
    find_primary(cross, &cross->view[VW_END_A], cross->view[VW_END_A].a);
    find_primary(cross, &cross->view[VW_END_B], cross->view[VW_END_B].b);
}

static bool same_text(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

bool vw_match_end(const struct vw_cross *cross, enum vw_end end, const char *text)
{
    const struct vw_trace_end *names =
        end == VW_END_A ? &cross->trace->from : &cross->trace->to;
    const struct vw_view *view = &cross->view[end];
    struct vw_address address, other;

    if (text == NULL)
        return false;
    if (same_text(text, names->address) || same_text(text, names->public_address) ||
        same_text(text, names->eni) || same_text(text, names->instance) ||
        same_text(text, names->name) || same_text(text, names->asked) ||
        same_text(text, view->eni))
        return true;
    if (!vw_address_parse(text, strlen(text), &address))
        return false;
    if (view->known && vw_address_equal(address, end == VW_END_A ? view->a : view->b))
        return true;
    return names->address != NULL &&
           vw_address_parse(names->address, strlen(names->address), &other) &&
           vw_address_equal(address, other);
}

int vw_match_answer_type(int protocol, int type)
{
    /* Request and answer of RFC 792, 950 and 4443. */
    static const int answers[][3] = {
        {1, 8, 0}, {1, 13, 14}, {1, 15, 16}, {1, 17, 18}, {58, 128, 129}};

    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (answers[i][0] == protocol && answers[i][1] == type)
            return answers[i][2];
    }
    return -1;
}

static bool type_matches(const struct vw_trace *trace, enum vw_direction flow,
                         int32_t type)
{
    int asked = trace->icmp_type;

    if (trace->protocol != 1 && trace->protocol != 58)
        return true;
    if (type == VW_UNRECORDED)
        return true;
    if (asked < 0)
        asked = trace->protocol == 1 ? 8 : 128;
    return type ==
           (flow == VW_FORWARD ? asked : vw_match_answer_type(trace->protocol, asked));
}

static bool port_in(int32_t port, struct vw_port_range range)
{
    return port == VW_UNRECORDED || (port >= range.first && port <= range.last);
}

static bool ports_match(const struct vw_trace *trace, enum vw_direction flow,
                        const struct vw_observation *row)
{
    bool forward = flow == VW_FORWARD;
    int32_t service = forward ? row->destination_port : row->source_port;
    int32_t client = forward ? row->source_port : row->destination_port;

    if (!trace->has_ports)
        return true;
    if (!port_in(service, trace->ports))
        return false;
    /* The client's port counts only where the question named it: hosts differ. */
    return (trace->source_ports.first == PORT_CLIENT_FIRST &&
            trace->source_ports.last == PORT_CLIENT_LAST) ||
           port_in(client, trace->source_ports);
}

/* `alias` is what stands in for `want` at its own interface, or of no family. */
static bool address_matches(struct vw_address seen, struct vw_address packet,
                            struct vw_address want, struct vw_address alias)
{
    if (packet.family != VW_FAMILY_NONE)
        return vw_address_equal(packet, want);
    return vw_address_equal(seen, want) ||
           (alias.family != VW_FAMILY_NONE && vw_address_equal(seen, alias));
}

bool vw_match_packet(const struct vw_cross *cross, enum vw_end end,
                     enum vw_direction flow, const struct vw_observation *row)
{
    const struct vw_view *view = &cross->view[end];
    const struct vw_address none = {.family = VW_FAMILY_NONE};
    struct vw_address a_alias = end == VW_END_A ? view->primary : none;
    struct vw_address b_alias = end == VW_END_B ? view->primary : none;
    bool forward = flow == VW_FORWARD;

    return view->known && row->protocol == cross->trace->protocol &&
           address_matches(row->source, row->packet_source, forward ? view->a : view->b,
                           forward ? a_alias : b_alias) &&
           address_matches(row->destination, row->packet_destination,
                           forward ? view->b : view->a, forward ? b_alias : a_alias) &&
           type_matches(cross->trace, flow, row->icmp_type) &&
           ports_match(cross->trace, flow, row);
}

/* Whether the direction that a flow log gave fits; the addresses already say it where it
 * gave none, for `view` holds the interface's own. */
static bool direction_fits(enum vw_end end, enum vw_direction flow,
                           enum vw_flow_direction seen)
{
    bool leaves = (end == VW_END_A) == (flow == VW_FORWARD);

    if (seen == VW_FLOW_DIRECTION_UNKNOWN)
        return true;
    return seen == (leaves ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS);
}

bool vw_match_row(const struct vw_cross *cross, enum vw_end end, enum vw_direction flow,
                  const struct vw_observation *row)
{
    if (!vw_match_packet(cross, end, flow, row))
        return false;
    if (row->kind == VW_EVIDENCE_FLOW_LOG)
        return (cross->world ? same_text(row->vantage, cross->view[end].eni)
                             : row->direction != VW_FLOW_DIRECTION_UNKNOWN) &&
               direction_fits(end, flow, row->direction);
    if (row->kind == VW_EVIDENCE_CAPTURE)
        return vw_match_end(cross, end, row->vantage);
    return end == VW_END_A;
}

bool vw_match_transcript(const struct vw_cross *cross, enum vw_direction flow,
                         const struct vw_observation *row)
{
    struct vw_observation whole = *row;

    if (!vw_evidence_is_transcript(row->kind))
        return false;
    if (whole.source.family == VW_FAMILY_NONE && flow == VW_FORWARD)
        whole.source = cross->view[VW_END_A].a;
    if (whole.destination.family == VW_FAMILY_NONE && flow == VW_RETURN)
        whole.destination = cross->view[VW_END_A].a;
    return vw_match_packet(cross, VW_END_A, flow, &whole);
}

struct vw_sight vw_match_sum(const struct vw_cross *cross, enum vw_evidence_kind kind,
                             enum vw_end end, enum vw_direction flow,
                             const struct vw_coverage *of, enum vw_flow_action action)
{
    size_t count = vw_evidence_count(cross->evidence);
    struct vw_sight sight = {.row = NULL};

    for (size_t i = 0; i < count; i++) {
        struct vw_observation row; /* a copy: few of very many are kept */

        vw_evidence_copy(cross->evidence, i, &row);
        if (row.kind != kind || row.action != action)
            continue;
        if (of != NULL && (!same_text(row.file, of->file) ||
                           (row.vantage != NULL && !same_text(row.vantage, of->vantage))))
            continue;
        if (vw_match_row(cross, end, flow, &row))
            vw_sight_add(&sight, vw_evidence_get(cross->evidence, i));
    }
    return sight;
}
