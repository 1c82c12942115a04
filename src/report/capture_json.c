/* Captures as JSON, vpcwhy/capture/1. Durations are in nanoseconds. */
#include <vpcwhy/report.h>

#include "report/json_parts.h"

static void json_unsigned_pair(struct vw_json *json, const char *key, uint64_t originator,
                               uint64_t responder)
{
    vw_write_object_begin(json, key);
    vw_write_unsigned(json, "originator", originator);
    vw_write_unsigned(json, "responder", responder);
    vw_write_object_end(json);
}

/* ---- the file ---- */

static void json_place(struct vw_json *json, const struct vw_capture_place *place)
{
    vw_write_object_begin(json, NULL);
    vw_write_string(json, "name", place->name);
    vw_write_string(json, "filter", place->filter);
    vw_write_integer(json, "link_type", place->link_type);
    vw_write_string(json, "link_name", place->link_name);
    vw_write_unsigned(json, "snap_length", place->snap_length);
    vw_write_unsigned(json, "packets", place->packets);
    vw_write_recorded(json, "dropped",
                      place->has_statistics ? (int64_t)place->dropped : VW_UNRECORDED);
    vw_write_time(json, "window_start", place->window_start);
    vw_write_time(json, "window_end", place->window_end);
    vw_write_object_end(json);
}

static void json_counts(struct vw_json *json, const struct vw_capture_facts *facts)
{
    const struct {
        const char *key;
        uint64_t count;
    } counts[] = {
        {"packets", facts->packets},
        {"filtered", facts->filtered},
        {"unread", facts->unread},
        {"not_ip", facts->not_ip},
        {"cut", facts->cut},
        {"malformed", facts->malformed},
        {"snapped", facts->snapped},
        {"fragments_without_first", facts->orphans},
        {"copies", facts->copies},
        {"seen_again", facts->views},
        {"oversized", facts->oversized},
        {"without_length", facts->unsized},
        {"partial_checksums", facts->partial_checksums},
        {"without_time", facts->untimed},
        {"tunnelled", facts->tunnelled},
        {"dropped", facts->dropped},
    };
    size_t i;

    for (i = 0; i < sizeof counts / sizeof *counts; i++)
        vw_write_unsigned(json, counts[i].key, counts[i].count);
}

static void json_file(struct vw_json *json, const struct vw_capture *capture)
{
    const struct vw_capture_facts *facts = vw_capture_facts(capture);
    size_t i;

    vw_write_string(json, "file", facts->path);
    vw_write_string(json, "format", facts->format);
    vw_write_boolean(json, "swapped", facts->is_swapped);
    vw_write_array_begin(json, "interfaces");
    for (i = 0; i < facts->place_count; i++) {
        struct vw_capture_place place;

        vw_capture_get_place(capture, i, &place);
        json_place(json, &place);
    }
    vw_write_array_end(json);
    json_counts(json, facts);
    vw_write_string(json, "tunnels", facts->tunnels);
    vw_write_time(json, "first", facts->first);
    vw_write_time(json, "last", facts->last);
    vw_write_time(json, "end", facts->end);
    vw_write_unsigned(json, "clock_went_back", facts->backward_count);
    vw_write_integer(json, "clock_went_back_most", facts->backward_most);
    vw_write_recorded(json, "damaged_at",
                      facts->is_damaged ? (int64_t)facts->damaged_at : VW_UNRECORDED);
    vw_write_boolean(json, "too_many_flows", facts->too_many_flows);
    vw_write_boolean(json, "silence_proves", vw_capture_silence_proves(facts));
}

/* ---- echo ---- */

static void json_ranges(struct vw_json *json, const struct vw_echo_series *series)
{
    size_t i;

    vw_write_array_begin(json, "unanswered_ranges");
    for (i = 0; i < series->range_count; i++) {
        vw_write_array_begin(json, NULL);
        vw_write_integer(json, NULL, series->ranges[i].first);
        vw_write_integer(json, NULL, series->ranges[i].last);
        vw_write_array_end(json);
    }
    vw_write_array_end(json);
    vw_write_boolean(json, "more_ranges", series->more_ranges);
}

static void json_rtt(struct vw_json *json, const struct vw_echo_series *series)
{
    if (series->timed == 0) {
        vw_write_null(json, "rtt");
        return;
    }
    vw_write_object_begin(json, "rtt");
    vw_write_unsigned(json, "count", series->timed);
    vw_write_integer(json, "min", series->rtt_least);
    vw_write_integer(json, "avg", series->rtt_mean);
    vw_write_integer(json, "max", series->rtt_most);
    vw_write_integer(json, "p50", series->rtt_median);
    vw_write_integer(json, "p95", series->rtt_95);
    vw_write_integer(json, "mdev", series->rtt_deviation);
    vw_write_object_end(json);
}

static void json_echo_counts(struct vw_json *json, const struct vw_echo_series *series)
{
    vw_write_unsigned(json, "sent", series->sent);
    vw_write_unsigned(json, "answered", series->answered);
    vw_write_unsigned(json, "rejected", series->rejected);
    vw_write_unsigned(json, "unanswered", series->unanswered);
    vw_write_unsigned(json, "undecided", series->undecided);
    vw_write_unsigned(json, "answered_elsewhere", series->elsewhere);
    vw_write_address(json, "replier", series->replier);
    vw_write_unsigned(json, "requests_not_seen", series->not_seen);
    vw_write_unsigned(json, "replies_unasked", series->unasked);
    vw_write_unsigned(json, "sent_again", series->sent_again);
    vw_write_unsigned(json, "duplicates", series->duplicates);
    json_unsigned_pair(json, "copies", series->copies[0], series->copies[1]);
    json_unsigned_pair(json, "seen_again", series->views[0], series->views[1]);
    vw_write_unsigned(json, "reordered", series->reordered);
    vw_write_unsigned(json, "late", series->late);
    vw_write_unsigned(json, "altered", series->altered);
    json_ranges(json, series);
}

static void json_echo(struct vw_json *json, const struct vw_echo_series *series)
{
    vw_write_object_begin(json, NULL);
    vw_write_address(json, "requester", series->requester);
    vw_write_address(json, "target", series->target);
    vw_write_unsigned(json, "id", series->id);
    vw_write_unsigned(json, "packet", series->number);
    vw_write_time(json, "first", series->first);
    vw_write_time(json, "last", series->last);
    vw_write_integer(json, "first_sequence", series->first_sequence);
    vw_write_integer(json, "last_sequence", series->last_sequence);
    json_echo_counts(json, series);
    json_rtt(json, series);
    vw_write_time(json, "first_reply", series->first_reply);
    vw_write_time(json, "last_reply", series->last_reply);
    json_unsigned_pair(json, "ttl", series->ttl[0], series->ttl[1]);
    json_unsigned_pair(json, "ttl_changes", series->ttl_changes[0],
                       series->ttl_changes[1]);
    vw_write_pair(json, "payload", series->payload_least, series->payload_most);
    vw_write_unsigned(json, "answered_payload_most", series->answered_most);
    vw_write_boolean(json, "dont_fragment", series->dont_fragment);
    vw_write_boolean(json, "fragmented", series->is_fragmented);
    vw_write_unsigned(json, "errors", series->error_count);
    vw_write_string(json, "conn_state", "OTH");
    vw_write_object_end(json);
}

/* ---- conversations ---- */

static const char *side_name(int side)
{
    return side == VW_ORIGINATOR  ? "originator"
           : side == VW_RESPONDER ? "responder"
                                  : NULL;
}

static void json_tcp(struct vw_json *json, const struct vw_conversation *talk)
{
    size_t i;

    vw_write_unsigned(json, "syn_count", talk->syn_count);
    vw_write_unsigned(json, "syn_ack_count", talk->syn_ack_count);
    vw_write_recorded(json, "connect_time", talk->connect_time);
    json_unsigned_pair(json, "mss", talk->mss[0], talk->mss[1]);
    json_unsigned_pair(json, "ttl", talk->ttl[0], talk->ttl[1]);
    vw_write_string(json, "reset_by", side_name(talk->reset_by));
    vw_write_recorded(json, "reset_ttl",
                      talk->reset_ttl ? talk->reset_ttl : VW_UNRECORDED);
    vw_write_boolean(json, "ignored_reset", talk->ignored_reset);
    json_unsigned_pair(json, "stream", talk->stream[0], talk->stream[1]);
    json_unsigned_pair(json, "confirmed", talk->confirmed[0], talk->confirmed[1]);
    json_unsigned_pair(json, "retransmissions", talk->retransmissions[0],
                       talk->retransmissions[1]);
    vw_write_array_begin(json, "sent_again_at");
    for (i = 0; i < talk->time_count; i++)
        vw_write_time(json, NULL, talk->times[i]);
    vw_write_array_end(json);
    json_unsigned_pair(json, "zero_windows", talk->zero_windows[0],
                       talk->zero_windows[1]);
    json_unsigned_pair(json, "largest_segment", talk->largest[0], talk->largest[1]);
    json_unsigned_pair(json, "largest_confirmed", talk->largest_confirmed[0],
                       talk->largest_confirmed[1]);
    vw_write_string(json, "stalled", side_name(talk->stalled));
    vw_write_recorded(json, "stalled_at",
                      talk->stalled < 0 ? VW_UNRECORDED : (int64_t)talk->stalled_at);
    vw_write_recorded(json, "stalled_size",
                      talk->stalled < 0 ? VW_UNRECORDED : (int64_t)talk->stalled_size);
    vw_write_boolean(json, "suspects_mtu", talk->suspects_mtu);
    vw_write_recorded(json, "reported_mtu",
                      talk->reported_mtu ? talk->reported_mtu : VW_UNRECORDED);
    vw_write_address(json, "answered_by", talk->other);
}

static void json_talk(struct vw_json *json, const struct vw_conversation *talk)
{
    char buffer[16];

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "protocol", vw_protocol_format(talk->protocol, buffer));
    vw_write_address(json, "originator", talk->originator);
    vw_write_unsigned(json, "originator_port", talk->port[VW_ORIGINATOR]);
    vw_write_address(json, "responder", talk->responder);
    vw_write_unsigned(json, "responder_port", talk->port[VW_RESPONDER]);
    vw_write_unsigned(json, "packet", talk->number);
    vw_write_time(json, "first", talk->first);
    vw_write_time(json, "last", talk->last);
    vw_write_string(json, "outcome", vw_talk_slug(talk->outcome));
    vw_write_string(json, "conn_state", talk->conn_state);
    vw_write_string(json, "history", *talk->history ? talk->history : NULL);
    json_unsigned_pair(json, "packets", talk->packets[0], talk->packets[1]);
    json_unsigned_pair(json, "bytes", talk->bytes[0], talk->bytes[1]);
    json_unsigned_pair(json, "data", talk->data[0], talk->data[1]);
    vw_write_unsigned(json, "copies", talk->copies);
    vw_write_unsigned(json, "seen_again", talk->views);
    vw_write_unsigned(json, "errors", talk->error_count);
    if (talk->protocol == 6)
        json_tcp(json, talk);
    vw_write_object_end(json);
}

/* ---- errors ---- */

static const char *about_slug(enum vw_error_about about)
{
    switch (about) {
    case VW_ABOUT_NOTHING:
        return NULL;
    case VW_ABOUT_ECHO:
        return "echo";
    case VW_ABOUT_CONVERSATION:
        return "conversations";
    }
    return NULL;
}

static void json_error(struct vw_json *json, const struct vw_icmp_error *error)
{
    char buffer[16];

    vw_write_object_begin(json, NULL);
    vw_write_address(json, "reporter", error->reporter);
    vw_write_address(json, "receiver", error->receiver);
    vw_write_string(json, "protocol", error->six ? "icmpv6" : "icmp");
    vw_write_unsigned(json, "type", error->type);
    vw_write_unsigned(json, "code", error->code);
    vw_write_string(json, "name",
                    vw_icmp_error_name(error->six, error->type, error->code));
    vw_write_recorded(json, "mtu", error->mtu ? (int64_t)error->mtu : VW_UNRECORDED);
    vw_write_unsigned(json, "packet", error->number);
    vw_write_unsigned(json, "count", error->count);
    vw_write_time(json, "first", error->first);
    vw_write_time(json, "last", error->last);
    vw_write_address(json, "quoted_source", error->quoted_source);
    vw_write_address(json, "quoted_destination", error->quoted_destination);
    vw_write_string(json, "quoted_protocol",
                    error->quoted_protocol < 0
                        ? NULL
                        : vw_protocol_format(error->quoted_protocol, buffer));
    vw_write_recorded(json, "quoted_source_port", error->quoted_source_port);
    vw_write_recorded(json, "quoted_destination_port", error->quoted_destination_port);
    vw_write_recorded(json, "quoted_id", error->quoted_id);
    vw_write_recorded(json, "quoted_sequence", error->quoted_sequence);
    vw_write_string(json, "about", about_slug(error->about));
    vw_write_recorded(json, "index",
                      error->about ? (int64_t)error->index : VW_UNRECORDED);
    vw_write_object_end(json);
}

/* ---- all ---- */

static void json_capture(struct vw_json *json, const struct vw_capture *capture)
{
    struct vw_echo_series series;
    struct vw_conversation talk;
    struct vw_icmp_error error;
    size_t i;

    vw_write_object_begin(json, NULL);
    json_file(json, capture);
    vw_write_array_begin(json, "echo");
    for (i = 0; i < vw_capture_echo_count(capture); i++) {
        vw_capture_get_echo(capture, i, &series);
        json_echo(json, &series);
    }
    vw_write_array_end(json);
    vw_write_array_begin(json, "conversations");
    for (i = 0; i < vw_capture_conversation_count(capture); i++) {
        vw_capture_get_conversation(capture, i, &talk);
        json_talk(json, &talk);
    }
    vw_write_array_end(json);
    vw_write_array_begin(json, "errors");
    for (i = 0; i < vw_capture_error_count(capture); i++) {
        vw_capture_get_error(capture, i, &error);
        json_error(json, &error);
    }
    vw_write_array_end(json);
    vw_write_object_end(json);
}

int vw_report_captures_json(const struct vw_capture *const *captures, size_t count,
                            const struct vw_journeys *journeys, FILE *out)
{
    struct vw_json json = vw_write_begin(out);
    size_t i;

    vw_write_object_begin(&json, NULL);
    vw_write_string(&json, "schema", "vpcwhy/capture/1");
    vw_write_array_begin(&json, "captures");
    for (i = 0; i < count; i++)
        json_capture(&json, captures[i]);
    vw_write_array_end(&json);
    if (journeys)
        vw_write_journeys(&json, "together", journeys);
    vw_write_object_end(&json);
    return vw_write_finish(&json);
}
