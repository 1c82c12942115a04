/* What several captures say together, for people. */
#include <vpcwhy/report.h>

#include <inttypes.h>
#include <stdio.h>

#include "base/address.h"
#include "base/time.h"
#include "report/text_parts.h"

static enum vw_paint paint_of(const struct vw_journey *journey)
{
    switch (journey->fate) {
    case VW_FATE_BOTH_WAYS:
        return VW_PAINT_GOOD;
    case VW_FATE_UNDECIDED:
    case VW_FATE_NO_REPLY:
    case VW_FATE_ONE_SIDED:
    case VW_FATE_REFUSED_SOMEWHERE:
        return VW_PAINT_UNSURE;
    case VW_FATE_REQUEST_LOST:
    case VW_FATE_REPLY_LOST:
    case VW_FATE_NOT_ANSWERED:
    case VW_FATE_PARTLY_LOST:
    case VW_FATE_REFUSED:
    case VW_FATE_REFUSED_BETWEEN:
    case VW_FATE_NO_ROUTE:
    case VW_FATE_NO_HOST:
    case VW_FATE_PROHIBITED:
    case VW_FATE_PORT_UNREACHABLE:
    case VW_FATE_UNREACHABLE:
    case VW_FATE_EXPIRED:
    case VW_FATE_MTU_DISCOVERED:
    case VW_FATE_MTU_BLACK_HOLE:
    case VW_FATE_STALLED:
        return VW_PAINT_BAD;
    }
    return VW_PAINT_UNSURE;
}

static void put_end(struct vw_text *text, struct vw_address address, int32_t port)
{
    char buffer[VW_ADDRESS_TEXT];
    bool brackets = address.family == VW_FAMILY_IPV6 && port != VW_UNRECORDED;

    vw_text_put(text, brackets ? "[" : "");
    vw_text_put(text, vw_address_format(address, buffer));
    vw_text_put(text, brackets ? "]" : "");
    if (port != VW_UNRECORDED) {
        vw_text_put(text, ":");
        vw_text_number(text, (uint64_t)port);
    }
}

static void put_flow(struct vw_text *text, const struct vw_journey *journey)
{
    char protocol[16];

    put_end(text, journey->source,
            journey->is_echo ? VW_UNRECORDED : journey->source_port);
    vw_text_put(text, " -> ");
    put_end(text, journey->destination,
            journey->is_echo ? VW_UNRECORDED : journey->destination_port);
    vw_text_put(text, "  ");
    vw_text_put(text, vw_protocol_format(journey->protocol, protocol));
    if (journey->is_echo) {
        vw_text_put(text, " echo, id ");
        vw_text_number(text, (uint64_t)journey->source_port);
    }
}

static void put_fate(struct vw_text *text, const struct vw_journey *journey)
{
    char size[64];

    vw_text_painted(text, paint_of(journey),
                    journey->fate == VW_FATE_BOTH_WAYS &&
                            (journey->is_translated || journey->is_fragmented)
                        ? "reachable"
                        : vw_fate_sentence(journey->fate));
    if (journey->fate == VW_FATE_MTU_DISCOVERED && journey->path_mtu > 0) {
        snprintf(size, sizeof size, ": path MTU %" PRIu32 ", discovered",
                 journey->path_mtu);
        vw_text_put(text, size);
    }
    if (journey->is_fragmented)
        vw_text_put(text, ", fragmented");
    if (journey->is_translated)
        vw_text_put(text, "; address translated between");
    if (!journey->is_proved && journey->fate != VW_FATE_UNDECIDED)
        vw_text_put(text, " (not proved)");
}

void vw_text_journey(struct vw_text *text, const struct vw_journeys *journeys,
                     const struct vw_journey *journey)
{
    size_t i;

    vw_text_put(text, "  ");
    put_flow(text, journey);
    vw_text_line(text);
    vw_text_put(text, "    ");
    put_fate(text, journey);
    vw_text_line(text);
    for (i = 0; i < journey->sentence_count; i++)
        vw_text_wrap(text, 6, journey->sentences[i]);
    for (i = 0; i < vw_journeys_witness_count(journeys); i++) {
        if (!journey->legs[i].alone[0])
            continue;
        vw_text_pad(text, 6);
        vw_text_put(text, "- ");
        vw_text_wrap(text, 8, journey->legs[i].alone);
    }
}

/* "B's clock is 37.5 s ahead of A's (20 packets at both)". */
static void put_clock(struct vw_text *text, const struct vw_journeys *journeys,
                      size_t index)
{
    const struct vw_witness_facts *facts = vw_journeys_witness(journeys, index);
    int64_t offset = facts->offset < 0 ? -facts->offset : facts->offset;
    char line[160];

    if (index == 0)
        return;
    if (!facts->has_offset) {
        snprintf(line, sizeof line,
                 "no packet of it was found at the first: clocks are not compared");
    } else {
        int used = snprintf(
            line, sizeof line, "clock %.6f s %s (%" PRIu64 " packets at both)",
            (double)offset / 1e9, facts->offset < 0 ? "behind" : "ahead", facts->pairs);
        if (facts->delay != VW_UNRECORDED && used > 0 && (size_t)used < sizeof line)
            snprintf(line + used, sizeof line - (size_t)used, ", %.6f s away one way",
                     (double)facts->delay / 1e9);
    }
    vw_text_put(text, "; ");
    vw_text_put(text, line);
}

void vw_text_witnesses(struct vw_text *text, const struct vw_journeys *journeys)
{
    size_t i;

    for (i = 0; i < vw_journeys_witness_count(journeys); i++) {
        const struct vw_witness_facts *facts = vw_journeys_witness(journeys, i);
        char own[VW_ADDRESS_TEXT];

        vw_text_put(text, "  ");
        vw_text_put(text, facts->label);
        vw_text_put(text, "  ");
        vw_text_put(text, facts->path);
        if (facts->own.family != VW_FAMILY_NONE) {
            vw_text_put(text, ", taken by ");
            vw_text_put(text, vw_address_format(facts->own, own));
        }
        put_clock(text, journeys, i);
        vw_text_line(text);
    }
}

int vw_report_journeys_text(const struct vw_journeys *journeys,
                            struct vw_report_style style, FILE *out)
{
    struct vw_text text = vw_text_begin(out, style);
    size_t count = vw_journeys_count(journeys), i;

    vw_text_heading(&text, "What they say together");
    vw_text_line(&text);
    vw_text_witnesses(&text, journeys);
    for (i = 0; i < count && i < VW_TEXT_ITEMS_MAX; i++)
        vw_text_journey(&text, journeys, vw_journeys_get(journeys, i));
    vw_text_left_out(&text, 2, count);
    return vw_text_finish(&text);
}
