/* Wide to narrow and back; see flow_pack.h. */
#include "evidence/flow_pack.h"

#include <string.h>

#include "evidence/table.h"

enum { NONE, IPV4, IPV6 };

static int pack_address(struct vw_flow_names *names, struct vw_flow_recent *recent,
                        const struct vw_address *address, unsigned which,
                        struct vw_flow_key *key)
{
    switch (address->family) {
    case VW_FAMILY_NONE:
        break;
    case VW_FAMILY_IPV4:
        key->addresses[which] = (uint32_t)address->low;
        key->families |= (uint8_t)(IPV4 << (2 * which));
        break;
    case VW_FAMILY_IPV6:
        key->families |= (uint8_t)(IPV6 << (2 * which));
        return vw_flow_names_wide(names, recent,
                                  (struct vw_flow_wide){address->high, address->low},
                                  &key->addresses[which]);
    }
    return 0;
}

static void pack_numbers(const struct vw_observation *row, struct vw_flow_key *key)
{
    key->action = (uint8_t)row->action;
    key->told = (uint8_t)row->direction;
    if (row->protocol != VW_UNRECORDED) {
        key->protocol = (uint8_t)row->protocol;
        key->told |= VW_FLOW_HAS_PROTOCOL;
    }
    if (row->source_port != VW_UNRECORDED) {
        key->source_port = (uint16_t)row->source_port;
        key->told |= VW_FLOW_HAS_SOURCE_PORT;
    }
    if (row->destination_port != VW_UNRECORDED) {
        key->destination_port = (uint16_t)row->destination_port;
        key->told |= VW_FLOW_HAS_DESTINATION_PORT;
    }
}

static int pack_extra(struct vw_flow_names *names, struct vw_flow_recent *recent,
                      const struct vw_observation *row, const struct vw_flow_words *words,
                      struct vw_flow_gathered *ret)
{
    size_t i;
    int error;

    ret->has_extra = words->reject_reason.size > 0 || words->next_hop.size > 0;
    for (i = 0; i < VW_LOST_COUNT; i++)
        ret->has_extra |= row->lost[i] != VW_UNRECORDED;
    if (!ret->has_extra)
        return 0;
    memcpy(ret->extra.lost, row->lost, sizeof row->lost);
    error = vw_flow_names_text(names, recent, words->reject_reason,
                               &ret->extra.reject_reason);
    if (!error)
        error = vw_flow_names_text(names, recent, words->next_hop, &ret->extra.next_hop);
    return error;
}

int vw_flow_pack(struct vw_flow_names *names, struct vw_flow_recent *recent,
                 const struct vw_observation *row, const struct vw_flow_words *words,
                 uint64_t witness, struct vw_flow_gathered *ret)
{
    struct vw_flow_key *key = &ret->row.key;
    int error;

    ret->row = (struct vw_flow_row){
        .tcp_flags = (int16_t)row->tcp_flags,
        .traffic_paths = (uint16_t)row->traffic_paths,
        .direction = (uint8_t)row->direction,
        .first = row->first,
        .last = row->last,
        .records = row->records,
        .packets = row->packets,
        .bytes = row->bytes,
        .witness = witness,
    };
    pack_numbers(row, key);
    if ((error = vw_flow_names_text(names, recent, words->vantage, &key->vantage)) ||
        (error = pack_address(names, recent, &row->source, 0, key)) ||
        (error = pack_address(names, recent, &row->destination, 1, key)) ||
        (error = pack_address(names, recent, &row->packet_source, 2, key)) ||
        (error = pack_address(names, recent, &row->packet_destination, 3, key)))
        return error;
    return pack_extra(names, recent, row, words, ret);
}

struct vw_address vw_flow_address(const struct vw_flow_names *names,
                                  const struct vw_flow_key *key, unsigned which)
{
    struct vw_address address = {.family = VW_FAMILY_NONE};
    struct vw_flow_wide wide;

    switch (key->families >> (2 * which) & 3) {
    case IPV4:
        return vw_address_ipv4(key->addresses[which]);
    case IPV6:
        wide = vw_flow_names_wide_of(names, key->addresses[which]);
        return (struct vw_address){wide.high, wide.low, VW_FAMILY_IPV6};
    }
    return address;
}

static int32_t port_of(const struct vw_flow_key *key, unsigned has, uint16_t port)
{
    return key->told & has ? port : VW_UNRECORDED;
}

static void observe_extra(const struct vw_flow_table *table, uint32_t ref,
                          struct vw_observation *ret)
{
    const struct vw_flow_extra *extra = vw_flow_table_extra(table, ref);

    if (!extra)
        return;
    ret->reject_reason = vw_flow_names_text_of(&table->names, extra->reject_reason);
    ret->next_hop = vw_flow_names_text_of(&table->names, extra->next_hop);
    memcpy(ret->lost, extra->lost, sizeof ret->lost);
}

void vw_flow_table_ends(const struct vw_flow_table *table, uint32_t ref,
                        struct vw_observation_ends *ret)
{
    const struct vw_flow_key *key = &vw_flow_table_row(table, ref)->key;
    unsigned source = key->families >> 4 & 3 ? 2 : 0; /* pkt-* where it is recorded */
    unsigned destination = key->families >> 6 & 3 ? 3 : 1;

    ret->kind = VW_EVIDENCE_FLOW_LOG;
    ret->source = vw_flow_address(&table->names, key, source);
    ret->destination = vw_flow_address(&table->names, key, destination);
    ret->source_port = port_of(key, VW_FLOW_HAS_SOURCE_PORT, key->source_port);
    ret->destination_port =
        port_of(key, VW_FLOW_HAS_DESTINATION_PORT, key->destination_port);
    ret->protocol = key->told & VW_FLOW_HAS_PROTOCOL ? key->protocol : VW_UNRECORDED;
}

void vw_flow_table_observe(const struct vw_flow_table *table, uint32_t ref,
                           struct vw_observation *ret)
{
    const struct vw_flow_row *row = vw_flow_table_row(table, ref);
    const struct vw_flow_key *key = &row->key;

    *ret = vw_observation_empty(VW_EVIDENCE_FLOW_LOG);
    ret->line = row->witness & ((UINT64_C(1) << VW_FLOW_LINE_BITS) - 1);
    ret->vantage = vw_flow_names_text_of(&table->names, key->vantage);
    ret->direction = (enum vw_flow_direction)row->direction;
    ret->source = vw_flow_address(&table->names, key, 0);
    ret->destination = vw_flow_address(&table->names, key, 1);
    ret->packet_source = vw_flow_address(&table->names, key, 2);
    ret->packet_destination = vw_flow_address(&table->names, key, 3);
    if (key->told & VW_FLOW_HAS_PROTOCOL)
        ret->protocol = key->protocol;
    ret->source_port = port_of(key, VW_FLOW_HAS_SOURCE_PORT, key->source_port);
    ret->destination_port =
        port_of(key, VW_FLOW_HAS_DESTINATION_PORT, key->destination_port);
    ret->action = (enum vw_flow_action)key->action;
    ret->tcp_flags = row->tcp_flags;
    ret->traffic_paths = row->traffic_paths;
    ret->first = row->first;
    ret->last = row->last;
    ret->records = row->records;
    ret->packets = row->packets;
    ret->bytes = row->bytes;
    observe_extra(table, ref, ret);
}
