/*
 * What a row says once the export is at hand: at which interface, in which direction,
 * between whom; and which end of a conversation began it.
 */
#include "crosscheck/replay.h"

#include <vpcwhy/error.h>

#include "base/address.h"
#include "base/memory.h"
#include "world/index.h"

/* Ports below are assigned to services. */
#define SYSTEM_PORTS 1024
/* Linux takes the ports of clients from here on, others from higher up. */
#define CLIENT_PORTS 32768

static int compare_speakers(const struct vw_speaker *a, const struct vw_speaker *b)
{
    int order = vw_address_compare(a->address, b->address);

    if (order)
        return order;
    return (a->port > b->port) - (a->port < b->port);
}

struct vw_talk_key vw_talk_key_of(const struct vw_observation_ends *ends,
                                  bool *ret_from_low)
{
    bool ports = vw_protocol_has_ports(ends->protocol);
    struct vw_speaker from = {ends->source, ports ? ends->source_port : VW_UNRECORDED};
    struct vw_speaker to = {ends->destination,
                            ports ? ends->destination_port : VW_UNRECORDED};

    *ret_from_low = compare_speakers(&from, &to) <= 0;
    if (*ret_from_low)
        return (struct vw_talk_key){from, to, ends->protocol};
    return (struct vw_talk_key){to, from, ends->protocol};
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 32);
}

static uint64_t mix_speaker(uint64_t hash, const struct vw_speaker *speaker)
{
    hash = mix(hash, speaker->address.high ^ (uint64_t)(uint32_t)speaker->port << 32);
    return mix(hash, speaker->address.low);
}

uint64_t vw_talk_key_hash(const struct vw_talk_key *key)
{
    return mix_speaker(mix_speaker((uint64_t)key->protocol + 1, &key->low), &key->high);
}

int vw_talk_key_compare(const struct vw_talk_key *a, const struct vw_talk_key *b)
{
    int order = compare_speakers(&a->low, &b->low);

    if (!order)
        order = compare_speakers(&a->high, &b->high);
    return order ? order : (a->protocol > b->protocol) - (a->protocol < b->protocol);
}

bool vw_interface_owns(const struct vw_interface *interface, struct vw_address address)
{
    size_t i;

    for (i = 0; i < interface->address_count; i++)
        if (vw_prefix_contains(interface->addresses[i].prefix, address))
            return true;
    return false;
}

/* The export knows the interface's addresses better than the reader of the log. */
static enum vw_flow_direction direction_at(const struct vw_interface *interface,
                                           const struct vw_observation *row)
{
    bool leaves = vw_interface_owns(interface, row->source),
         enters = vw_interface_owns(interface, row->destination);

    if (leaves == enters)
        return row->direction;
    return leaves ? VW_FLOW_DIRECTION_EGRESS : VW_FLOW_DIRECTION_INGRESS;
}

uint32_t vw_replay_owner(const struct vw_world *world, uint32_t vpc,
                         struct vw_address address)
{
    struct vw_address_range range = vw_range_single(address);
    const struct vw_owner *end;
    const struct vw_owner *owner = vw_owner_in_vpc(world, vpc, range);

    if (owner)
        return owner->interface;
    owner = vw_owner_anywhere(world, range, &end);
    if (!owner || (owner + 1 < end && vw_range_overlaps(owner[1].range, range)))
        return VW_NONE;
    return owner->interface;
}

static size_t known_home(const struct vw_known_vantages *known, const char *id)
{
    uint64_t hash = (uint64_t)(uintptr_t)id * UINT64_C(0x9e3779b97f4a7c15);

    return (size_t)(hash >> 32) & (known->capacity - 1);
}

static struct vw_known_vantage *find_known(const struct vw_known_vantages *known,
                                           const char *id)
{
    size_t i = known_home(known, id);

    while (known->slots[i].id && known->slots[i].id != id)
        i = (i + 1) & (known->capacity - 1);
    return &known->slots[i];
}

static int grow_known(struct vw_known_vantages *known)
{
    struct vw_known_vantages larger = {
        .count = known->count, .capacity = known->capacity ? known->capacity * 2 : 256};
    size_t i;

    larger.slots = vw_calloc(larger.capacity, sizeof *larger.slots);
    if (!larger.slots)
        return VW_ERROR_NO_MEMORY;
    for (i = 0; i < known->capacity; i++)
        if (known->slots[i].id)
            *find_known(&larger, known->slots[i].id) = known->slots[i];
    vw_free(known->slots);
    *known = larger;
    return 0;
}

/* What is known of the exported interface of that id. Rows share the texts of their
 * vantages: the place in memory tells one from another. */
static int know(struct vw_replayer *replayer, const char *id,
                struct vw_known_vantage *ret)
{
    const struct vw_replay_facts *facts = replayer->facts;
    struct vw_known_vantages *known = &replayer->known;
    struct vw_known_vantage *slot;
    uint32_t number;

    if (known->count * 2 >= known->capacity && grow_known(known))
        return VW_ERROR_NO_MEMORY;
    slot = find_known(known, id);
    if (!slot->id) {
        known->count++;
        *slot = (struct vw_known_vantage){id, VW_NONE, VW_TIME_UNKNOWN};
        if (vw_world_find(facts->world, VW_OBJECT_INTERFACE, id, &number) &&
            vw_world_interface(facts->world, number)->object.exported &&
            vw_world_interface(facts->world, number)->vpc != VW_NONE)
            slot->interface = number;
        if (vw_map_get(&facts->reaches, id, &number))
            slot->since = facts->since[number];
    }
    *ret = *slot;
    return 0;
}

void vw_known_expect(const struct vw_replayer *replayer, const char *vantage)
{
    if (replayer->known.slots)
        __builtin_prefetch(&replayer->known.slots[known_home(&replayer->known, vantage)]);
}

int vw_sighting_know(struct vw_replayer *replayer, struct vw_sighting *sighting)
{
    const struct vw_world *world = replayer->facts->world;
    const struct vw_observation *row = &sighting->row;
    struct vw_observation_ends ends = vw_observation_ends_of(row);
    struct vw_known_vantage known = {NULL, VW_NONE, VW_TIME_UNKNOWN};

    sighting->peer = VW_NONE;
    sighting->direction = row->direction;
    sighting->source = ends.source;
    sighting->destination = ends.destination;
    if (row->vantage && know(replayer, row->vantage, &known))
        return VW_ERROR_NO_MEMORY;
    sighting->interface = known.interface;
    sighting->since = known.since;
    vw_owner_expect(world, sighting->source);
    vw_owner_expect(world, sighting->destination);
    if (known.interface != VW_NONE)
        __builtin_prefetch(&vw_world_interface(world, known.interface)->addresses);
    return 0;
}

void vw_sighting_expect(const struct vw_replayer *replayer,
                        const struct vw_sighting *sighting)
{
    const struct vw_world *world = replayer->facts->world;

    vw_owner_expect_interface(world, sighting->source);
    vw_owner_expect_interface(world, sighting->destination);
    if (sighting->interface != VW_NONE)
        __builtin_prefetch(vw_world_interface(world, sighting->interface)->addresses);
}

void vw_sighting_place(const struct vw_replayer *replayer, struct vw_sighting *sighting)
{
    const struct vw_world *world = replayer->facts->world;
    const struct vw_interface *interface;

    if (sighting->interface == VW_NONE)
        return;
    interface = vw_world_interface(world, sighting->interface);
    sighting->direction = direction_at(interface, &sighting->row);
    if (sighting->direction == VW_FLOW_DIRECTION_EGRESS)
        sighting->peer = vw_replay_owner(world, interface->vpc, sighting->destination);
    else if (sighting->direction == VW_FLOW_DIRECTION_INGRESS)
        sighting->peer = vw_replay_owner(world, interface->vpc, sighting->source);
    vw_interface_expect(world, sighting->interface);
    if (sighting->peer != VW_NONE)
        vw_interface_expect(world, sighting->peer);
}

static struct vw_port_range one_port(int32_t port)
{
    return (struct vw_port_range){(uint16_t)port, (uint16_t)port};
}

struct vw_passing vw_replay_passing(const struct vw_sighting *sighting, bool is_reply)
{
    const struct vw_observation *row = &sighting->row;
    struct vw_passing passing = {
        .interface = sighting->interface,
        .egress = sighting->direction == VW_FLOW_DIRECTION_EGRESS,
        .is_reply = is_reply,
        .peer = sighting->peer,
        .box = {.source = vw_range_single(sighting->source),
                .destination = vw_range_single(sighting->destination),
                .protocol = row->protocol}};

    if (vw_protocol_has_ports(row->protocol)) {
        passing.box.source_ports = one_port(row->source_port);
        passing.box.ports = one_port(row->destination_port);
    } else if (row->protocol == VW_ICMP) {
        passing.box.source_ports = one_port(is_reply ? 0 : 8);
    } else if (row->protocol == VW_ICMPV6) {
        passing.box.source_ports = one_port(is_reply ? 129 : 128);
    }
    return passing;
}

/* ---- who began ---- */

/* Which end a SYN names: the one that sent it, or the one that a SYN-ACK answers. */
static enum vw_beginner tell_by_flags(const struct vw_replay_exchange *conversation)
{
    bool low = false, high = false;
    size_t i;

    for (i = 0; i < conversation->count; i++) {
        const struct vw_sighting *sighting = &conversation->sightings[i];
        int32_t flags = sighting->row.tcp_flags;

        if (flags == VW_UNRECORDED || !(flags & VW_TCP_SYN))
            continue;
        if (sighting->from_low == ((flags & VW_TCP_ACK) == 0))
            low = true;
        else
            high = true;
    }
    if (low == high)
        return VW_BEGINNER_UNKNOWN;
    return low ? VW_BEGINNER_LOW : VW_BEGINNER_HIGH;
}

/* The end with a port that clients do not take is the one that answers. */
static enum vw_beginner tell_by_ports(const struct vw_talk_key *key)
{
    static const int32_t borders[] = {SYSTEM_PORTS, CLIENT_PORTS};
    size_t i;

    for (i = 0; i < sizeof borders / sizeof *borders; i++) {
        bool low = key->low.port < borders[i], high = key->high.port < borders[i];

        if (low != high)
            return low ? VW_BEGINNER_HIGH : VW_BEGINNER_LOW;
        if (low)
            break;
    }
    return VW_BEGINNER_UNKNOWN;
}

void vw_conversation_begin(struct vw_replay_exchange *conversation)
{
    const struct vw_talk_key *key = &conversation->key;

    conversation->beginner = VW_BEGINNER_UNKNOWN;
    if (key->protocol == VW_TCP)
        conversation->beginner = tell_by_flags(conversation);
    if (conversation->beginner == VW_BEGINNER_UNKNOWN &&
        vw_protocol_has_ports(key->protocol) && key->low.port >= 0 && key->high.port >= 0)
        conversation->beginner = tell_by_ports(key);
}
