/* Packet by packet, for who compares captures; see vpcwhy/capture.h. */
#include <string.h>

#include "base/memory.h"
#include "packets/capture_file.h"
#include "packets/mix.h"
#include "packets/recent.h"

#include <vpcwhy/capture.h>
#include <vpcwhy/error.h>

enum { PAYLOAD_MAX = 256, ICMP_HEADER = 8, UDP_HEADER = 8 };

/* Bytes of the header between the IP headers and the payload. */
static size_t header_size(const struct vw_packet *packet)
{
    if (packet->fragment_offset)
        return 0;
    if (packet->protocol == VW_PROTOCOL_TCP)
        return packet->payload_size > 12 ? (size_t)(packet->payload[12] >> 4) * 4
                                         : packet->payload_size;
    return packet->has_icmp ? ICMP_HEADER : packet->has_ports ? UDP_HEADER : 0;
}

/* 0 where there is none, or less was recorded than is hashed of others. */
static uint64_t hash_payload(const struct vw_packet *packet)
{
    size_t header = header_size(packet), size, i;
    uint64_t hash = 1, word;

    if (packet->payload_size <= header)
        return 0;
    size = packet->payload_size - header;
    if (packet->is_snapped && size < PAYLOAD_MAX)
        return 0;
    size = size < PAYLOAD_MAX ? size : PAYLOAD_MAX;
    for (i = 0; i < size; i += sizeof word) {
        word = 0;
        memcpy(&word, packet->payload + header + i,
               size - i < sizeof word ? size - i : sizeof word);
        hash = vw_mix(hash, word + i);
    }
    return hash ? hash : 1;
}

static void set_transport(const struct vw_packet *packet, struct vw_packet_facts *facts)
{
    if (packet->has_ports) {
        facts->source_port = packet->source_port;
        facts->destination_port = packet->destination_port;
    }
    if (packet->has_flags)
        facts->tcp_flags = packet->tcp_flags;
    if (packet->has_icmp) {
        facts->icmp_type = packet->icmp_type;
        facts->icmp_code = packet->icmp_code;
    }
    if (packet->has_echo) {
        facts->echo_id = packet->echo_id;
        facts->echo_sequence = packet->echo_sequence;
    }
}

static void set_quote(const struct vw_quote *quote, struct vw_packet_facts *facts)
{
    facts->quoted_source = quote->source;
    facts->quoted_destination = quote->destination;
    facts->quoted_identification = quote->identification;
    if (quote->source.family != VW_FAMILY_NONE)
        facts->quoted_protocol = quote->protocol;
    if (quote->has_ports) {
        facts->quoted_source_port = quote->source_port;
        facts->quoted_destination_port = quote->destination_port;
    }
    if (quote->has_echo) {
        facts->quoted_id = quote->echo_id;
        facts->quoted_sequence = quote->echo_sequence;
    }
}

static struct vw_packet_facts facts_of(const struct vw_frame *frame,
                                       const struct vw_packet *packet)
{
    struct vw_packet_facts facts = {
        .number = frame->number,
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
        .tcp_sequence = packet->tcp_sequence,
        .tcp_acknowledged = packet->tcp_acknowledged,
        .data_length = packet->data_length,
        .icmp_type = VW_UNRECORDED,
        .icmp_code = VW_UNRECORDED,
        .echo_id = VW_UNRECORDED,
        .echo_sequence = VW_UNRECORDED,
        .mtu = packet->mtu,
        .quoted_protocol = VW_UNRECORDED,
        .quoted_source_port = VW_UNRECORDED,
        .quoted_destination_port = VW_UNRECORDED,
        .quoted_id = VW_UNRECORDED,
        .quoted_sequence = VW_UNRECORDED,
        .payload = hash_payload(packet),
    };

    set_transport(packet, &facts);
    if (packet->is_error)
        set_quote(&packet->quote, &facts);
    return facts;
}

static const char *interface_name(const struct vw_capture_file *file, uint32_t index)
{
    struct vw_capture_file_facts facts = vw_capture_file_facts(file);

    return index < facts.interface_count ? facts.interfaces[index].name : NULL;
}

static int take_frames(struct vw_capture_file *file, struct vw_recent *recent,
                       vw_packet_taker *take, void *context)
{
    struct vw_packet packet;
    struct vw_frame frame;
    int got, error = 0;

    while (!error && (got = vw_capture_file_next(file, &frame)) > 0) {
        struct vw_packet_facts facts;
        enum vw_repeat repeat;

        vw_frame_decode(&frame, &packet);
        if (packet.kind != VW_PACKET_IP)
            continue;
        facts = facts_of(&frame, &packet);
        facts.interface = interface_name(file, frame.interface);
        repeat =
            vw_recent_repeat(recent, &packet, vw_packet_identity(&packet), frame.time);
        facts.is_copy = repeat == VW_REPEAT_COPY;
        facts.is_view = repeat == VW_REPEAT_VIEW || repeat == VW_REPEAT_TURNED;
        error = take(context, &facts);
    }
    if (error)
        return error;
    return got < 0 && vw_capture_file_facts(file).packets > 0 && got == VW_ERROR_INPUT
               ? 0
               : got;
}

int vw_packets_read(const char *path, const char *filter,
                    struct vw_diagnostics *diagnostics, vw_packet_taker *take,
                    void *context)
{
    struct vw_recent *recent = vw_calloc(1, sizeof *recent);
    struct vw_capture_file *file = NULL;
    int error = recent ? vw_capture_file_open(path, filter, diagnostics, &file)
                       : VW_ERROR_NO_MEMORY;

    if (!error)
        error = take_frames(file, recent, take, context);
    vw_capture_file_close(file);
    vw_free(recent);
    return error;
}
