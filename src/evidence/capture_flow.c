/* Packets to rows; see capture_flow.h. */
#include "evidence/capture_flow.h"

#include <string.h>

#include "base/address.h"
#include "base/memory.h"
#include "evidence/capture_echo.h"
#include "packets/recent.h"

#include <vpcwhy/error.h>

struct vw_capture_flows {
    struct vw_evidence *evidence;
    const char *file, *vantage;
    struct vw_address endpoint; /* the vantage, where it is an address */
    struct vw_echo_table *echo;
    struct vw_recent recent;
    struct vw_fragments fragments;
    uint64_t repeated; /* packets that were there already */
};

struct vw_capture_flows *vw_capture_flows_create(struct vw_evidence *evidence,
                                                 const char *file, const char *vantage)
{
    struct vw_capture_flows *flows = vw_calloc(1, sizeof *flows);

    if (!flows)
        return NULL;
    flows->evidence = evidence;
    flows->file = file;
    flows->vantage = vantage;
    if (vantage)
        vw_address_parse(vantage, strlen(vantage), &flows->endpoint);
    flows->echo = vw_echo_create(evidence);
    if (!flows->echo) {
        vw_free(flows);
        return NULL;
    }
    return flows;
}

void vw_capture_flows_free(struct vw_capture_flows *flows)
{
    if (!flows)
        return;
    vw_echo_free(flows->echo);
    vw_free(flows);
}

/* What the link says goes before what the endpoint's address says. */
static enum vw_flow_direction direction_of(const struct vw_capture_flows *flows,
                                           const struct vw_packet *packet)
{
    if (packet->direction != VW_FLOW_DIRECTION_UNKNOWN ||
        flows->endpoint.family == VW_FAMILY_NONE)
        return packet->direction;
    if (vw_address_equal(packet->source, flows->endpoint))
        return VW_FLOW_DIRECTION_EGRESS;
    if (vw_address_equal(packet->destination, flows->endpoint))
        return VW_FLOW_DIRECTION_INGRESS;
    return VW_FLOW_DIRECTION_UNKNOWN;
}

/* As flow logs have them: SYN, SYN-ACK, FIN and RST; an ACK alone tells nothing, and
 * left out it keeps a SYN and a SYN-ACK apart in the sum. */
static int32_t flags_of(const struct vw_packet *packet)
{
    int32_t flags = packet->tcp_flags & (VW_TCP_FIN | VW_TCP_SYN | VW_TCP_RST);

    if (flags & VW_TCP_SYN)
        flags |= packet->tcp_flags & VW_TCP_ACK;
    return flags;
}

static struct vw_observation row_of(const struct vw_capture_flows *flows,
                                    const struct vw_packet *packet, uint64_t number,
                                    int64_t time)
{
    struct vw_observation row = vw_observation_empty(VW_EVIDENCE_CAPTURE);

    row.file = flows->file;
    row.line = number;
    row.vantage = flows->vantage;
    row.direction = packet->direction;
    row.source = packet->source;
    row.destination = packet->destination;
    if (packet->is_error) {
        row.packet_source = packet->quote.source;
        row.packet_destination = packet->quote.destination;
    }
    row.protocol = packet->protocol;
    row.first = row.last = time;
    row.packets = 1;
    row.bytes = packet->length;
    if (packet->has_ports) {
        row.source_port = packet->source_port;
        row.destination_port = packet->destination_port;
    }
    if (packet->has_flags)
        row.tcp_flags = flags_of(packet);
    if (packet->has_icmp) {
        row.icmp_type = packet->icmp_type;
        row.icmp_code = packet->icmp_code;
    }
    return row;
}

/* A fragment but the first: its bytes belong to the packet's row, which may not be known
 * yet. */
static void see_later_fragment(struct vw_capture_flows *flows,
                               const struct vw_packet *packet, int64_t time)
{
    struct vw_recent_fragments *entry =
        vw_recent_fragments(&flows->fragments, packet, time);
    struct vw_observation *row;

    if (!entry->row) {
        entry->waiting_records++;
        entry->waiting_bytes += packet->length;
        return;
    }
    row = vw_evidence_row(flows->evidence, entry->row - 1);
    row->records++;
    row->bytes += packet->length;
    if (time > row->last)
        row->last = time;
}

/* The first fragment: it gets what came before it, and the others will find its row. */
static void see_first_fragment(struct vw_capture_flows *flows,
                               const struct vw_packet *packet, int64_t time, size_t index)
{
    struct vw_recent_fragments *entry =
        vw_recent_fragments(&flows->fragments, packet, time);
    struct vw_observation *row = vw_evidence_row(flows->evidence, index);

    row->records += entry->waiting_records;
    row->bytes += (int64_t)entry->waiting_bytes;
    entry->waiting_records = entry->waiting_bytes = 0;
    entry->row = (uint32_t)(index + 1);
}

/* A router's capture has the same packets coming in and going out: two facts. */
static bool is_repeated(struct vw_capture_flows *flows, const struct vw_packet *packet,
                        int64_t time)
{
    enum vw_repeat repeat =
        vw_recent_repeat(&flows->recent, packet, vw_packet_identity(packet), time);
    bool is = repeat == VW_REPEAT_COPY || repeat == VW_REPEAT_VIEW;

    flows->repeated += is;
    return is;
}

int vw_capture_flows_see(struct vw_capture_flows *flows, const struct vw_packet *seen,
                         uint64_t number, int64_t time)
{
    struct vw_packet packet = *seen;
    struct vw_observation row;
    size_t index;
    int error;

    packet.direction = direction_of(flows, seen);
    if (!vw_evidence_in_window(flows->evidence, time, time) ||
        is_repeated(flows, &packet, time))
        return 0;
    if (packet.fragment_offset) {
        see_later_fragment(flows, &packet, time);
        return 0;
    }
    row = row_of(flows, &packet, number, time);
    error = vw_evidence_add(flows->evidence, &row, &index);
    if (error || index == SIZE_MAX)
        return error;
    if (packet.fragment)
        see_first_fragment(flows, &packet, time, index);
    return packet.has_echo ? vw_echo_see(flows->echo, &packet, time, index) : 0;
}

void vw_capture_flows_settle(struct vw_capture_flows *flows, int64_t end)
{
    vw_echo_settle(flows->echo, end);
    vw_fragments_settle(&flows->fragments);
}

uint64_t vw_capture_flows_repeated(const struct vw_capture_flows *flows)
{
    return flows->repeated;
}

uint64_t vw_capture_flows_orphans(const struct vw_capture_flows *flows)
{
    return flows->fragments.orphans;
}
