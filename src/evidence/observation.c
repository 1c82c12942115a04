/* One row: what it is of, and what becomes of two rows of the same; and spans of time. See
 * table.h. */
#include "base/address.h"
#include "evidence/flow_names.h"
#include "evidence/table.h"

struct vw_observation vw_observation_empty(enum vw_evidence_kind kind)
{
    return (struct vw_observation){
        .kind = kind,
        .protocol = VW_UNRECORDED,
        .source_port = VW_UNRECORDED,
        .destination_port = VW_UNRECORDED,
        .icmp_type = VW_UNRECORDED,
        .icmp_code = VW_UNRECORDED,
        .tcp_flags = VW_UNRECORDED,
        .first = VW_TIME_UNKNOWN,
        .last = VW_TIME_UNKNOWN,
        .records = 1,
        .packets = VW_UNRECORDED,
        .bytes = VW_UNRECORDED,
        .first_sequence = VW_UNRECORDED,
        .last_sequence = VW_UNRECORDED,
        .missing_sequences = VW_UNRECORDED,
        .lost = {VW_UNRECORDED, VW_UNRECORDED, VW_UNRECORDED, VW_UNRECORDED},
    };
}

static struct vw_address first_known(struct vw_address packet, struct vw_address seen)
{
    return packet.family == VW_FAMILY_NONE ? seen : packet;
}

struct vw_observation_ends vw_observation_ends_of(const struct vw_observation *row)
{
    return (struct vw_observation_ends){
        .kind = row->kind,
        .source = first_known(row->packet_source, row->source),
        .destination = first_known(row->packet_destination, row->destination),
        .source_port = row->source_port,
        .destination_port = row->destination_port,
        .protocol = row->protocol,
    };
}

static uint64_t mix_address(uint64_t hash, struct vw_address address)
{
    hash = vw_flow_mix(hash, address.high ^ ((uint64_t)address.family << 56));
    return vw_flow_mix(hash, address.low);
}

uint64_t vw_observation_hash(const struct vw_observation *row)
{
    uint64_t hash = vw_flow_mix((uint64_t)row->kind, (uint64_t)(uintptr_t)row->file);

    hash = vw_flow_mix(hash, (uint64_t)(uintptr_t)row->vantage);
    hash = vw_flow_mix(hash, (uint64_t)row->direction << 8 | (uint64_t)row->action << 16 |
                                 (uint64_t)(uint32_t)row->protocol << 32);
    hash = mix_address(hash, row->source);
    hash = mix_address(hash, row->destination);
    hash = mix_address(hash, row->packet_source);
    hash = mix_address(hash, row->packet_destination);
    hash = vw_flow_mix(hash, (uint64_t)(uint32_t)row->source_port << 32 |
                                 (uint32_t)row->destination_port);
    return vw_flow_mix(hash, (uint64_t)(uint32_t)row->icmp_type << 32 |
                                 (uint32_t)row->icmp_code);
}

bool vw_observation_same(const struct vw_observation *a, const struct vw_observation *b)
{
    return a->source_port == b->source_port &&
           a->destination_port == b->destination_port &&
           vw_address_equal(a->source, b->source) &&
           vw_address_equal(a->destination, b->destination) && a->vantage == b->vantage &&
           a->file == b->file && a->kind == b->kind && a->direction == b->direction &&
           a->protocol == b->protocol && a->action == b->action &&
           a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
           vw_address_equal(a->packet_source, b->packet_source) &&
           vw_address_equal(a->packet_destination, b->packet_destination);
}

static int64_t add_numbers(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a > INT64_MAX - b ? INT64_MAX : a + b;
}

/* The smaller and the larger of two values one of which may be `unknown`. */
static int64_t lower(int64_t a, int64_t b, int64_t unknown)
{
    if (a == unknown || b == unknown)
        return a == unknown ? b : a;
    return a < b ? a : b;
}

static int64_t upper(int64_t a, int64_t b, int64_t unknown)
{
    if (a == unknown || b == unknown)
        return a == unknown ? b : a;
    return a > b ? a : b;
}

void vw_observation_sum(struct vw_observation *have, const struct vw_observation *row)
{
    if (row->tcp_flags != VW_UNRECORDED)
        have->tcp_flags = have->tcp_flags == VW_UNRECORDED
                              ? row->tcp_flags
                              : have->tcp_flags | row->tcp_flags;
    if (!have->reject_reason)
        have->reject_reason = row->reject_reason;
    have->first = lower(have->first, row->first, VW_TIME_UNKNOWN);
    have->last = upper(have->last, row->last, VW_TIME_UNKNOWN);
    have->records += row->records;
    have->packets = add_numbers(have->packets, row->packets);
    have->bytes = add_numbers(have->bytes, row->bytes);
    have->first_sequence =
        lower(have->first_sequence, row->first_sequence, VW_UNRECORDED);
    have->last_sequence = upper(have->last_sequence, row->last_sequence, VW_UNRECORDED);
    have->missing_sequences =
        add_numbers(have->missing_sequences, row->missing_sequences);
}

void vw_coverage_widen(struct vw_coverage *coverage, int64_t first, int64_t last)
{
    coverage->first = lower(coverage->first, first, VW_TIME_UNKNOWN);
    coverage->last = upper(coverage->last, last, VW_TIME_UNKNOWN);
}
