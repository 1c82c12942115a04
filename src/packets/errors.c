/* Errors and the flows that they quote; see errors.h. */
#include "packets/errors.h"

#include "base/address.h"
#include "packets/mix.h"

#include <vpcwhy/error.h>

void vw_errors_free(struct vw_errors *errors)
{
    vw_array_free(&errors->entries);
    vw_index_free(&errors->index);
}

static uint64_t hash_entry(const struct vw_error_entry *entry)
{
    const struct vw_quote *quote = &entry->quote;
    uint64_t numbers = (uint64_t)quote->source_port << 48 |
                       (uint64_t)quote->destination_port << 32 |
                       (uint64_t)quote->echo_id << 16 | quote->protocol;
    uint64_t hash = vw_mix((uint64_t)entry->type << 8 | entry->code, numbers);

    hash = vw_mix_address(hash, entry->reporter);
    hash = vw_mix_address(hash, entry->receiver);
    return vw_mix_address(vw_mix_address(hash, quote->source), quote->destination);
}

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct vw_errors *errors = owner;

    return hash_entry(&errors->entries.items[number - 1]);
}

static bool is_same(const struct vw_error_entry *a, const struct vw_error_entry *b)
{
    const struct vw_quote *x = &a->quote, *y = &b->quote;

    return a->type == b->type && a->code == b->code && a->six == b->six &&
           vw_address_equal(a->reporter, b->reporter) &&
           vw_address_equal(a->receiver, b->receiver) && x->protocol == y->protocol &&
           x->source_port == y->source_port &&
           x->destination_port == y->destination_port && x->echo_id == y->echo_id &&
           vw_address_equal(x->source, y->source) &&
           vw_address_equal(x->destination, y->destination);
}

static int entry_of(struct vw_errors *errors, const struct vw_error_entry *wanted,
                    struct vw_error_entry **ret)
{
    uint64_t hash = hash_entry(wanted);
    struct vw_index_slot *slot;

    if (vw_index_room(&errors->index, hash_of, errors))
        return VW_ERROR_NO_MEMORY;
    slot = vw_index_first(&errors->index, hash);
    for (; slot->number; slot = vw_index_next(&errors->index, slot)) {
        *ret = &errors->entries.items[slot->number - 1];
        if (slot->tag == vw_index_tag(hash) && is_same(*ret, wanted))
            return 0;
    }
    if (errors->entries.count >= VW_ERRORS_MAX)
        return VW_ERROR_LIMIT;
    if (vw_array_push(&errors->entries, *wanted))
        return VW_ERROR_NO_MEMORY;
    vw_index_put(&errors->index, slot, hash, (uint32_t)errors->entries.count);
    *ret = &errors->entries.items[errors->entries.count - 1];
    return 0;
}

static void tie_to_echo(struct vw_errors *errors, uint32_t number,
                        struct vw_echoes *echoes)
{
    struct vw_error_entry *entry = &errors->entries.items[number];
    struct vw_echo *echo;
    size_t found;

    if (!vw_echoes_find(echoes, entry->quote.source, entry->quote.destination,
                        entry->quote.echo_id, &found) &&
        !vw_echoes_find(echoes, entry->quote.destination, entry->quote.source,
                        entry->quote.echo_id, &found))
        return;
    echo = echoes->series.items[found];
    entry->about = VW_ABOUT_ECHO;
    entry->subject = (uint32_t)found;
    entry->next = echo->errors;
    echo->errors = number + 1;
    echo->error_count += (uint32_t)entry->count;
}

/* A request that is met by an error is not waited for. */
static void reject_request(const struct vw_error_entry *entry, uint16_t number,
                           struct vw_echoes *echoes)
{
    if (entry->about == VW_ABOUT_ECHO)
        vw_echo_reject(echoes->series.items[entry->subject], number);
}

static void tie_to_flow(struct vw_errors *errors, uint32_t number,
                        struct vw_packet_flows *flows)
{
    struct vw_error_entry *entry = &errors->entries.items[number];
    struct vw_flow_rest *flow;
    struct vw_tuple tuple;
    uint32_t found;
    int side;

    vw_tuple_set_quote(&tuple, &entry->quote);
    found = vw_packet_flows_find(flows, &tuple, &side);
    if (!found)
        return;
    flow = vw_flow_rest(vw_packet_flows_at(flows, found));
    entry->about = VW_ABOUT_CONVERSATION;
    entry->subject = found;
    entry->next = flow->errors;
    flow->errors = number + 1;
    flow->error_count += (uint32_t)entry->count;
}

static void tie(struct vw_errors *errors, uint32_t number, struct vw_packet_flows *flows,
                struct vw_echoes *echoes)
{
    const struct vw_error_entry *entry = &errors->entries.items[number];

    if (entry->quote.has_echo)
        tie_to_echo(errors, number, echoes);
    else if (entry->quote.has_ports)
        tie_to_flow(errors, number, flows);
}

/* One more of an entry that is tied already. */
static void count_again(const struct vw_error_entry *entry, struct vw_packet_flows *flows,
                        struct vw_echoes *echoes)
{
    switch ((enum vw_error_about)entry->about) {
    case VW_ABOUT_ECHO:
        echoes->series.items[entry->subject]->error_count++;
        break;
    case VW_ABOUT_CONVERSATION:
        vw_flow_rest(vw_packet_flows_at(flows, entry->subject))->error_count++;
        break;
    case VW_ABOUT_NOTHING:
        break;
    }
}

/* Unreachable for whatever reason but size, time exceeded, a header that is not
 * understood. Source quench and redirect let it pass. */
static bool is_rejection(const struct vw_error_entry *entry)
{
    if (entry->six)
        return entry->type == 1 || entry->type == 3 || entry->type == 4;
    return (entry->type == 3 && entry->code != 4) || entry->type == 11 ||
           entry->type == 12;
}

int vw_errors_see(struct vw_errors *errors, const struct vw_packet *packet,
                  uint64_t number, int64_t time, struct vw_packet_flows *flows,
                  struct vw_echoes *echoes)
{
    struct vw_error_entry wanted = {
        .reporter = packet->source,
        .receiver = packet->destination,
        .quote = packet->quote,
        .six = packet->protocol == VW_PROTOCOL_ICMPV6,
        .type = packet->icmp_type,
        .code = packet->icmp_code,
        .number = number,
        .first = time,
    };
    struct vw_error_entry *entry;
    int error = entry_of(errors, &wanted, &entry);

    if (error)
        return error;
    entry->last = time;
    entry->count++;
    if (packet->mtu && (!entry->mtu || packet->mtu < entry->mtu))
        entry->mtu = packet->mtu;
    if (entry->about)
        count_again(entry, flows, echoes);
    else
        tie(errors, (uint32_t)(entry - errors->entries.items), flows, echoes);
    if (packet->quote.has_echo && is_rejection(entry))
        reject_request(entry, packet->quote.echo_sequence, echoes);
    return 0;
}

void vw_errors_settle(struct vw_errors *errors, struct vw_packet_flows *flows,
                      struct vw_echoes *echoes)
{
    size_t i;

    for (i = 0; i < errors->entries.count; i++)
        if (!errors->entries.items[i].about) {
            const struct vw_error_entry *entry = &errors->entries.items[i];

            tie(errors, (uint32_t)i, flows, echoes);
            if (is_rejection(entry))
                reject_request(entry, entry->quote.echo_sequence, echoes);
        }
}

bool vw_errors_reject(const struct vw_errors *errors, uint32_t first, uint32_t *ret_mtu)
{
    bool rejected = false;

    *ret_mtu = 0;
    while (first) {
        const struct vw_error_entry *entry = &errors->entries.items[first - 1];

        rejected |= is_rejection(entry);
        if (entry->mtu && (!*ret_mtu || entry->mtu < *ret_mtu))
            *ret_mtu = entry->mtu;
        first = entry->next;
    }
    return rejected;
}

void vw_error_describe(const struct vw_error_entry *entry, struct vw_icmp_error *ret)
{
    const struct vw_quote *quote = &entry->quote;
    bool is_quoted = quote->source.family != VW_FAMILY_NONE;

    *ret = (struct vw_icmp_error){
        .reporter = entry->reporter,
        .receiver = entry->receiver,
        .six = entry->six,
        .type = entry->type,
        .code = entry->code,
        .mtu = entry->mtu,
        .number = entry->number,
        .count = entry->count,
        .first = entry->first,
        .last = entry->last,
        .quoted_source = quote->source,
        .quoted_destination = quote->destination,
        .quoted_protocol = is_quoted ? quote->protocol : VW_UNRECORDED,
        .quoted_source_port = quote->has_ports ? quote->source_port : VW_UNRECORDED,
        .quoted_destination_port =
            quote->has_ports ? quote->destination_port : VW_UNRECORDED,
        .quoted_id = quote->has_echo ? quote->echo_id : VW_UNRECORDED,
        .quoted_sequence = quote->has_echo ? quote->echo_sequence : VW_UNRECORDED,
        .about = (enum vw_error_about)entry->about,
        .index = entry->subject,
    };
}
