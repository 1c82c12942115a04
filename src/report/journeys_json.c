/* What several captures say together, as JSON. */
#include <vpcwhy/report.h>

#include "base/address.h"
#include "report/json_parts.h"

static const char *place_slug(enum vw_place_of place)
{
    static const char *const slugs[] = {[VW_PLACE_UNKNOWN] = "unknown",
                                        [VW_PLACE_SOURCE] = "source",
                                        [VW_PLACE_BETWEEN] = "between",
                                        [VW_PLACE_TARGET] = "target"};

    return slugs[place];
}

static const char *cover_slug(enum vw_cover cover)
{
    static const char *const slugs[] = {
        [VW_COVER_SEEN] = "seen",           [VW_COVER_RUNNING] = "running",
        [VW_COVER_MAYBE] = "maybe",         [VW_COVER_ELSEWHEN] = "elsewhen",
        [VW_COVER_IMPERFECT] = "imperfect", [VW_COVER_FILTERED] = "filtered"};

    return slugs[cover];
}

static void json_leg(struct vw_json *json, const struct vw_journey_leg *leg,
                     const char *label)
{
    bool seen = leg->index != SIZE_MAX;

    vw_write_object_begin(json, NULL);
    vw_write_string(json, "witness", label);
    vw_write_string(json, "place", place_slug(leg->place));
    vw_write_string(json, "cover", cover_slug(leg->cover));
    if (seen) {
        vw_write_address(json, "source", leg->source);
        vw_write_address(json, "destination", leg->destination);
        vw_write_recorded(json, leg->is_echo ? "echo_id" : "source_port",
                          leg->source_port);
        if (!leg->is_echo)
            vw_write_recorded(json, "destination_port", leg->destination_port);
        vw_write_unsigned(json, "requests", leg->requests);
        vw_write_unsigned(json, "replies", leg->replies);
        vw_write_time(json, "first", leg->first);
        vw_write_time(json, "last", leg->last);
        vw_write_unsigned(json, "request_ttl", leg->ttl[VW_ORIGINATOR]);
        vw_write_unsigned(json, "reply_ttl", leg->ttl[VW_RESPONDER]);
    }
    vw_write_string(json, "alone", leg->alone);
    vw_write_object_end(json);
}

static void json_size(struct vw_json *json, const char *key, uint32_t size)
{
    if (size > 0)
        vw_write_unsigned(json, key, size);
    else
        vw_write_null(json, key);
}

void vw_write_journey(struct vw_json *json, const char *key,
                      const struct vw_journeys *journeys,
                      const struct vw_journey *journey)
{
    char protocol[16];
    size_t i;

    vw_write_object_begin(json, key);
    vw_write_address(json, "source", journey->source);
    vw_write_address(json, "destination", journey->destination);
    vw_write_string(json, "protocol", vw_protocol_format(journey->protocol, protocol));
    vw_write_recorded(json, "source_port",
                      journey->is_echo ? VW_UNRECORDED : journey->source_port);
    vw_write_recorded(json, "destination_port",
                      journey->is_echo ? VW_UNRECORDED : journey->destination_port);
    vw_write_recorded(json, "echo_id",
                      journey->is_echo ? journey->source_port : VW_UNRECORDED);
    vw_write_string(json, "fate", vw_fate_slug(journey->fate));
    vw_write_string(json, "verdict", vw_fate_sentence(journey->fate));
    vw_write_boolean(json, "proved", journey->is_proved);
    vw_write_boolean(json, "translated", journey->is_translated);
    vw_write_boolean(json, "fragmented", journey->is_fragmented);
    json_size(json, "path_mtu", journey->path_mtu);
    json_size(json, "largest_passed", journey->passed_most);
    json_size(json, "smallest_lost", journey->lost_least);
    vw_write_strings(json, "sentences", journey->sentences, journey->sentence_count);
    vw_write_array_begin(json, "views");
    for (i = 0; i < vw_journeys_witness_count(journeys); i++)
        json_leg(json, &journey->legs[i], vw_journeys_witness(journeys, i)->label);
    vw_write_array_end(json);
    vw_write_object_end(json);
}

void vw_write_witnesses(struct vw_json *json, const char *key,
                        const struct vw_journeys *journeys)
{
    size_t i;

    vw_write_array_begin(json, key);
    for (i = 0; i < vw_journeys_witness_count(journeys); i++) {
        const struct vw_witness_facts *facts = vw_journeys_witness(journeys, i);

        vw_write_object_begin(json, NULL);
        vw_write_string(json, "witness", facts->label);
        vw_write_string(json, "file", facts->path);
        vw_write_address(json, "taken_by", facts->own);
        vw_write_boolean(json, "clock_compared", i == 0 || facts->has_offset);
        if (i == 0 || facts->has_offset)
            vw_write_integer(json, "clock_offset_ns", facts->offset);
        else
            vw_write_null(json, "clock_offset_ns");
        vw_write_recorded(json, "delay_ns", facts->delay);
        vw_write_unsigned(json, "packets_at_both", facts->pairs);
        vw_write_object_end(json);
    }
    vw_write_array_end(json);
}

void vw_write_journeys(struct vw_json *json, const char *key,
                       const struct vw_journeys *journeys)
{
    size_t i;

    vw_write_object_begin(json, key);
    vw_write_witnesses(json, "witnesses", journeys);
    vw_write_array_begin(json, "journeys");
    for (i = 0; i < vw_journeys_count(journeys); i++)
        vw_write_journey(json, NULL, journeys, vw_journeys_get(journeys, i));
    vw_write_array_end(json);
    vw_write_object_end(json);
}
