/* Flows, found by their tuple; see flow.h. */
#include "packets/flow.h"

#include <string.h>

#include "base/memory.h"
#include "base/pages.h"

#include <vpcwhy/error.h>

/* Flows begin where a line of the processor's cache does: they are met in no order, and
 * each line costs. Places count lines; the first of all is nobody's. The first chunk is
 * small, since most captures are; those behind it have large pages. */
enum { LINE = 64, FIRST_LINES = 512, CHUNK_LINES = VW_PAGES_UNIT / LINE };

static size_t rest_offset(uint8_t protocol)
{
    return sizeof(struct vw_flow) +
           (protocol == VW_PROTOCOL_TCP ? sizeof(struct vw_tcp) : 0);
}

static size_t wide_offset(uint8_t protocol)
{
    return rest_offset(protocol) + sizeof(struct vw_flow_rest) +
           (protocol == VW_PROTOCOL_TCP ? sizeof(struct vw_tcp_rest) : 0);
}

static size_t lines(const struct vw_tuple *tuple)
{
    size_t size = wide_offset(tuple->protocol) +
                  (tuple->family == VW_FAMILY_IPV6 ? sizeof(struct vw_wide) : 0);

    return (size + LINE - 1) / LINE;
}

struct vw_tcp *vw_flow_tcp(struct vw_flow *flow)
{
    return (struct vw_tcp *)(void *)(flow + 1);
}

struct vw_flow_rest *vw_flow_rest(struct vw_flow *flow)
{
    return (struct vw_flow_rest *)(void *)((uint8_t *)flow + rest_offset(flow->protocol));
}

struct vw_tcp_rest *vw_flow_tcp_rest(struct vw_flow *flow)
{
    return (struct vw_tcp_rest *)(void *)(vw_flow_rest(flow) + 1);
}

static struct vw_wide *wide_of(struct vw_flow *flow)
{
    return (struct vw_wide *)(void *)((uint8_t *)flow + wide_offset(flow->protocol));
}

static const struct vw_wide *wide_in(const struct vw_flow *flow)
{
    return (const struct vw_wide *)(const void *)((const uint8_t *)flow +
                                                  wide_offset(flow->protocol));
}

struct vw_address vw_packet_flow_address(const struct vw_flow *flow, int side)
{
    struct vw_address address = {.family = VW_FAMILY_IPV4, .low = flow->address[side]};

    if (flow->family == VW_FAMILY_IPV6) {
        address.family = VW_FAMILY_IPV6;
        address.high = wide_in(flow)->high[side];
        address.low = wide_in(flow)->low[side];
    }
    return address;
}

static void set_address(struct vw_flow *flow, int side, struct vw_address address)
{
    if (address.family == VW_FAMILY_IPV6) {
        wide_of(flow)->high[side] = address.high;
        wide_of(flow)->low[side] = address.low;
    } else {
        flow->address[side] = (uint32_t)address.low;
    }
}

static void flip_tcp(struct vw_flow *flow)
{
    struct vw_tcp *tcp = vw_flow_tcp(flow);
    struct vw_tcp_rest *rest = vw_flow_tcp_rest(flow);
    struct vw_tcp_end end = tcp->end[0];
    struct vw_tcp_end_rest end_rest = rest->end[0];
    uint8_t ttl = flow->ttl[0];

    tcp->end[0] = tcp->end[1];
    tcp->end[1] = end;
    rest->end[0] = rest->end[1];
    rest->end[1] = end_rest;
    flow->ttl[0] = flow->ttl[1];
    flow->ttl[1] = ttl;
}

void vw_flow_flip(struct vw_flow *flow)
{
    struct vw_address address = vw_packet_flow_address(flow, VW_ORIGINATOR);
    uint16_t port = flow->port[VW_ORIGINATOR];
    uint64_t bytes = flow->bytes[0];
    uint32_t packets = flow->packets[0];

    set_address(flow, VW_ORIGINATOR, vw_packet_flow_address(flow, VW_RESPONDER));
    set_address(flow, VW_RESPONDER, address);
    flow->port[VW_ORIGINATOR] = flow->port[VW_RESPONDER];
    flow->port[VW_RESPONDER] = port;
    flow->bytes[0] = flow->bytes[1];
    flow->bytes[1] = bytes;
    flow->packets[0] = flow->packets[1];
    flow->packets[1] = packets;
    vw_flow_rest(flow)->was_flipped = !vw_flow_rest(flow)->was_flipped;
    if (flow->protocol == VW_PROTOCOL_TCP)
        flip_tcp(flow);
}

/* ---- tuples ---- */

/* Whether `side` of the flow sends, where the other receives. */
static bool is_side(const struct vw_flow *flow, const struct vw_tuple *tuple, int side)
{
    const struct vw_wide *wide, *wanted = &tuple->wide;

    if (flow->port[side] != tuple->port[VW_SOURCE] ||
        flow->port[!side] != tuple->port[VW_DESTINATION])
        return false;
    if (flow->family == VW_FAMILY_IPV4)
        return flow->address[side] == tuple->address[VW_SOURCE] &&
               flow->address[!side] == tuple->address[VW_DESTINATION];
    wide = wide_in(flow);
    return wide->low[side] == wanted->low[VW_SOURCE] &&
           wide->high[side] == wanted->high[VW_SOURCE] &&
           wide->low[!side] == wanted->low[VW_DESTINATION] &&
           wide->high[!side] == wanted->high[VW_DESTINATION];
}

static bool is_of(const struct vw_flow *flow, const struct vw_tuple *tuple, int *ret_side)
{
    if (flow->protocol != tuple->protocol || flow->family != tuple->family ||
        flow->is_one_way != tuple->is_one_way)
        return false;
    *ret_side = is_side(flow, tuple, VW_ORIGINATOR) ? VW_ORIGINATOR : VW_RESPONDER;
    return *ret_side == VW_ORIGINATOR ||
           (!tuple->is_one_way && is_side(flow, tuple, VW_RESPONDER));
}

/* ---- the table ---- */

void vw_packet_flows_free(struct vw_packet_flows *flows)
{
    size_t i;

    if (flows->chunks.count > 0)
        vw_free(flows->chunks.items[0]);
    for (i = 1; i < flows->chunks.count; i++)
        vw_pages_free(flows->chunks.items[i], VW_PAGES_UNIT);
    vw_array_free(&flows->chunks);
    vw_array_free(&flows->places);
    vw_index_free(&flows->index);
    vw_array_free(&flows->holes);
    vw_array_free(&flows->times);
    vw_array_free(&flows->histories);
}

struct vw_flow *vw_packet_flows_at(const struct vw_packet_flows *flows, uint32_t place)
{
    uint8_t *chunk = flows->chunks.items[place / CHUNK_LINES];

    return (struct vw_flow *)(void *)(chunk + (size_t)(place % CHUNK_LINES) * LINE);
}

struct vw_flow *vw_packet_flows_get(const struct vw_packet_flows *flows, size_t number)
{
    return vw_packet_flows_at(flows, flows->places.items[number]);
}

size_t vw_packet_flows_number(const struct vw_packet_flows *flows, uint32_t place)
{
    size_t low = 0, high = flows->places.count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (flows->places.items[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static struct vw_index_slot *slot_of(const struct vw_packet_flows *flows,
                                     const struct vw_tuple *tuple, int *ret_side)
{
    uint32_t tag = vw_index_tag(tuple->hash);
    struct vw_index_slot *slot = vw_index_first(&flows->index, tuple->hash);

    for (; slot->number; slot = vw_index_next(&flows->index, slot))
        if (slot->tag == tag &&
            is_of(vw_packet_flows_at(flows, slot->number), tuple, ret_side))
            break;
    return slot;
}

uint32_t vw_packet_flows_find(const struct vw_packet_flows *flows,
                              const struct vw_tuple *tuple, int *ret_side)
{
    return flows->index.capacity ? slot_of(flows, tuple, ret_side)->number : 0;
}

static uint64_t hash_of(const void *owner, uint32_t number)
{
    const struct vw_flow *flow = vw_packet_flows_at(owner, number);
    struct vw_tuple tuple = {.protocol = flow->protocol,
                             .family = flow->family,
                             .is_one_way = flow->is_one_way};

    memcpy(tuple.address, flow->address, sizeof tuple.address);
    memcpy(tuple.port, flow->port, sizeof tuple.port);
    if (flow->family == VW_FAMILY_IPV6)
        tuple.wide = *wide_in(flow);
    vw_tuple_hash(&tuple);
    return tuple.hash;
}

static int add_chunk(struct vw_packet_flows *flows)
{
    bool is_first = flows->chunks.count == 0;
    uint8_t *chunk =
        is_first ? vw_calloc(FIRST_LINES, LINE) : vw_pages_alloc(VW_PAGES_UNIT);

    if (!chunk)
        return VW_ERROR_NO_MEMORY;
    if (vw_array_push(&flows->chunks, chunk)) {
        if (is_first)
            vw_free(chunk);
        else
            vw_pages_free(chunk, VW_PAGES_UNIT);
        return VW_ERROR_NO_MEMORY;
    }
    flows->chunk_used = is_first;
    return 0;
}

/* Room for `count` lines in one chunk. */
static int take_lines(struct vw_packet_flows *flows, size_t count, uint32_t *ret_place)
{
    size_t limit = flows->chunks.count == 1 ? FIRST_LINES : CHUNK_LINES;

    if ((!flows->chunks.count || flows->chunk_used + count > limit) && add_chunk(flows))
        return VW_ERROR_NO_MEMORY;
    *ret_place = (uint32_t)((flows->chunks.count - 1) * CHUNK_LINES + flows->chunk_used);
    flows->chunk_used += count;
    return 0;
}

int vw_packet_flows_add(struct vw_packet_flows *flows, const struct vw_tuple *tuple,
                        bool flip, uint32_t *ret_place)
{
    struct vw_index_slot *slot;
    struct vw_flow *flow;
    int side;

    if (flows->places.count >= VW_FLOWS_MAX)
        return VW_ERROR_LIMIT;
    if (vw_index_room(&flows->index, hash_of, flows) ||
        take_lines(flows, lines(tuple), ret_place) ||
        vw_array_push(&flows->places, *ret_place))
        return VW_ERROR_NO_MEMORY;
    flow = vw_packet_flows_at(flows, *ret_place);
    flow->protocol = tuple->protocol;
    flow->family = tuple->family;
    flow->is_one_way = tuple->is_one_way;
    flow->port[flip] = tuple->port[VW_SOURCE];
    flow->port[!flip] = tuple->port[VW_DESTINATION];
    set_address(flow, flip, vw_tuple_address(tuple, VW_SOURCE));
    set_address(flow, !flip, vw_tuple_address(tuple, VW_DESTINATION));
    slot = slot_of(flows, tuple, &side);
    flows->index.count += slot->number == 0;
    *slot = (struct vw_index_slot){vw_index_tag(tuple->hash), *ret_place};
    return 0;
}

void vw_packet_flows_expect(const struct vw_packet_flows *flows,
                            const struct vw_tuple *tuple)
{
    if (flows->index.capacity)
        __builtin_prefetch(vw_index_first(&flows->index, tuple->hash));
}

void vw_packet_flows_expect_flow(const struct vw_packet_flows *flows,
                                 const struct vw_tuple *tuple)
{
    const struct vw_index_slot *slot;
    uint32_t tag = vw_index_tag(tuple->hash);
    const uint8_t *flow;

    if (!flows->index.capacity)
        return;
    slot = vw_index_first(&flows->index, tuple->hash);
    while (slot->number && slot->tag != tag)
        slot = vw_index_next(&flows->index, slot);
    if (!slot->number)
        return;
    flow = (const uint8_t *)vw_packet_flows_at(flows, slot->number);
    __builtin_prefetch(flow, 1);
    __builtin_prefetch(flow + LINE, 1);
}

/* ---- history ---- */

int vw_flow_history(struct vw_packet_flows *flows, struct vw_flow *flow, char letter)
{
    struct vw_flow_rest *rest = vw_flow_rest(flow);

    if (flow->history_size < VW_HISTORY_INLINE) {
        rest->history[flow->history_size++] = letter;
        return 0;
    }
    if (flow->history_size >= VW_CAPTURE_HISTORY - 1)
        return 0;
    if (!rest->long_history) {
        struct vw_long_history text = {0};

        memcpy(text.text, rest->history, VW_HISTORY_INLINE);
        if (vw_array_push(&flows->histories, text))
            return VW_ERROR_NO_MEMORY;
        rest->long_history = (uint32_t)flows->histories.count;
    }
    flows->histories.items[rest->long_history - 1].text[flow->history_size++] = letter;
    return 0;
}

const char *vw_flow_history_text(const struct vw_packet_flows *flows,
                                 struct vw_flow *flow, char buffer[VW_HISTORY_INLINE + 1])
{
    const struct vw_flow_rest *rest = vw_flow_rest(flow);

    if (rest->long_history)
        return flows->histories.items[rest->long_history - 1].text;
    memcpy(buffer, rest->history, flow->history_size);
    buffer[flow->history_size] = 0;
    return buffer;
}
