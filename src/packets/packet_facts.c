/* Captures packet by packet, for those who look for the same packet elsewhere. */
#include <vpcwhy/capture.h>
#include <vpcwhy/error.h>

#include "base/memory.h"
#include "packets/capture_file.h"
#include "packets/mix.h"
#include "packets/recent.h"

/* Of the payload so much is hashed; more tells no packets apart that this does not. */
enum { PAYLOAD_HASHED = 256 };

static uint64_t hash_payload(const struct vw_packet *packet)
{
    size_t headers = packet->payload_size;
    size_t size, i;
    uint64_t hash = 0;

    /* What stands behind the transport's header is the end of the payload. */
    if (packet->data_length < headers)
        headers -= packet->data_length;
    else
        headers = 0;
    size = packet->payload_size - headers;
    size = size < PAYLOAD_HASHED ? size : PAYLOAD_HASHED;
    for (i = 0; i < size; i++)
        hash = vw_mix(hash, (uint64_t)packet->payload[headers + i] + 1);
    return hash;
}

static void take_quote(const struct vw_packet *packet, struct vw_packet_facts *ret)
{
    const struct vw_quote *quote = &packet->quote;

    ret->mtu = packet->mtu;
    ret->quoted_source = quote->source;
    ret->quoted_destination = quote->destination;
    ret->quoted_protocol = quote->protocol;
    ret->quoted_identification = quote->identification;
    if (quote->has_ports) {
        ret->quoted_source_port = quote->source_port;
        ret->quoted_destination_port = quote->destination_port;
    }
    if (quote->has_echo) {
        ret->quoted_id = quote->echo_id;
        ret->quoted_sequence = quote->echo_sequence;
    }
}

static void take_transport(const struct vw_packet *packet, struct vw_packet_facts *ret)
{
    if (packet->has_ports) {
        ret->source_port = packet->source_port;
        ret->destination_port = packet->destination_port;
    }
    if (packet->has_flags) {
        ret->tcp_flags = packet->tcp_flags;
        ret->tcp_sequence = packet->tcp_sequence;
        ret->tcp_acknowledged = packet->tcp_acknowledged;
    }
    if (packet->has_icmp) {
        ret->icmp_type = packet->icmp_type;
        ret->icmp_code = packet->icmp_code;
    }
    if (packet->has_echo) {
        ret->echo_id = packet->echo_id;
        ret->echo_sequence = packet->echo_sequence;
    }
    if (packet->is_error)
        take_quote(packet, ret);
}

static struct vw_packet_facts facts_of(const struct vw_frame *frame,
                                       const struct vw_packet *packet,
                                       struct vw_capture_file_facts file)
{
    struct vw_packet_facts facts = {.number = frame->number,
                                    .time = frame->time,
                                    .interface_index = packet->interface,
                                    .direction = packet->direction,
                                    .source = packet->source,
                                    .destination = packet->destination,
                                    .protocol = packet->protocol,
                                    .ttl = packet->ttl,
                                    .length = packet->length,
                                    .identification = packet->identification,
                                    .dont_fragment = packet->dont_fragment,
                                    .is_later_fragment = packet->fragment_offset > 0,
                                    .source_port = VW_UNRECORDED,
                                    .destination_port = VW_UNRECORDED,
                                    .tcp_flags = VW_UNRECORDED,
                                    .data_length = packet->data_length,
                                    .icmp_type = VW_UNRECORDED,
                                    .icmp_code = VW_UNRECORDED,
                                    .echo_id = VW_UNRECORDED,
                                    .echo_sequence = VW_UNRECORDED,
                                    .quoted_protocol = VW_UNRECORDED,
                                    .quoted_source_port = VW_UNRECORDED,
                                    .quoted_destination_port = VW_UNRECORDED,
                                    .quoted_id = VW_UNRECORDED,
                                    .quoted_sequence = VW_UNRECORDED};

    if (frame->interface < file.interface_count)
        facts.interface = file.interfaces[frame->interface].name;
    if (!facts.is_later_fragment)
        take_transport(packet, &facts);
    facts.payload = hash_payload(packet);
    return facts;
}

static int take_frame(const struct vw_frame *frame, struct vw_capture_file_facts file,
                      struct vw_recent *recent, vw_packet_taker *take, void *context)
{
    struct vw_packet_facts facts;
    struct vw_packet packet;
    enum vw_repeat repeat;

    vw_frame_decode(frame, &packet);
    if (packet.kind != VW_PACKET_IP)
        return 0;
    repeat = vw_recent_repeat(recent, &packet, vw_packet_identity(&packet), frame->time);
    facts = facts_of(frame, &packet, file);
    facts.is_copy = repeat == VW_REPEAT_COPY;
    facts.is_view = repeat == VW_REPEAT_VIEW || repeat == VW_REPEAT_TURNED;
    return take(context, &facts);
}

int vw_packets_read(const char *path, const char *filter,
                    struct vw_diagnostics *diagnostics, vw_packet_taker *take,
                    void *context)
{
    struct vw_recent *recent = vw_calloc(1, sizeof *recent);
    struct vw_capture_file *file = NULL;
    struct vw_frame frame;
    int error, got = 0;

    if (!recent)
        return VW_ERROR_NO_MEMORY;
    error = vw_capture_file_open(path, filter, diagnostics, &file);
    while (!error && (got = vw_capture_file_next(file, &frame)) > 0)
        error = take_frame(&frame, vw_capture_file_facts(file), recent, take, context);
    vw_capture_file_close(file);
    vw_free(recent);
    return error ? error : got;
}
