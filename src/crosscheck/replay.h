/*
 * How flow logs are replayed. Rows are put together to conversations: all that was
 * recorded of one pair of addresses and ports, at whatever interface and in either
 * direction. Conversations are independent of each other, so they are judged on all
 * processors.
 */
#ifndef VW_CROSSCHECK_REPLAY_H
#define VW_CROSSCHECK_REPLAY_H

#include <vpcwhy/replay.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "crosscheck/replay_groups.h"
#include "reach/vantage.h"

#define VW_TCP_FIN 1
#define VW_TCP_SYN 2
#define VW_TCP_RST 4
#define VW_TCP_ACK 16

/* A row, understood. */
struct vw_sighting {
    struct vw_observation row;
    size_t number;                         /* of the row */
    uint32_t interface;                    /* that recorded it, or VW_NONE */
    uint32_t peer;                         /* interface of the other end, or VW_NONE */
    enum vw_flow_direction direction;      /* at the interface */
    struct vw_address source, destination; /* of the packet: pkt-* where recorded */
    int64_t since; /* from when on the interface's log is whole, or VW_TIME_UNKNOWN */
    bool from_low; /* sent by the low end of the conversation */
};

struct vw_sightings VW_ARRAY(struct vw_sighting);

/* An end of a conversation. */
struct vw_speaker {
    struct vw_address address;
    int32_t port; /* VW_UNRECORDED without ports */
};

struct vw_talk_key {
    struct vw_speaker low, high;
    int protocol;
};

/* Which end began it. */
enum vw_beginner { VW_BEGINNER_UNKNOWN, VW_BEGINNER_LOW, VW_BEGINNER_HIGH };

struct vw_replay_exchange {
    struct vw_talk_key key;
    const struct vw_sighting *sightings;
    size_t count;
    enum vw_beginner beginner;
};

/* What all threads look up. */
struct vw_replay_facts {
    const struct vw_world *world;
    const struct vw_evidence *evidence;
    struct vw_map reaches; /* eni to number in `since` */
    int64_t *since;        /* from when on its log is whole, or VW_TIME_UNKNOWN */
    bool *skips;           /* it has SKIPDATA */
    uint64_t skipping;     /* how many do */
    /* Of each interface: the first one that has the same groups, and whether a load
     * balancer sends to it. */
    uint32_t *group_sets;
    bool *is_target;
    bool *
        has_forwarder; /* of each subnet: something in it passes on what is not its own */
    bool blocks_public; /* Block Public Access is on somewhere in the export */
};

/* Interfaces by the text of their id, which a log's rows share. */
struct vw_known_vantage {
    const char *id;
    uint32_t interface; /* or VW_NONE */
    int64_t since;      /* from when on its log is whole, or VW_TIME_UNKNOWN */
};

struct vw_known_vantages {
    struct vw_known_vantage *slots; /* open addressing, at most half full */
    size_t capacity, count;         /* a power of two, or 0 */
};

/* What one thread works with. */
struct vw_replayer {
    const struct vw_replay_facts *facts;
    struct vw_known_vantages known;
    struct vw_walk filter; /* for vw_vantage_filter */
    struct vw_arena filter_arena;
    struct vw_answer answer; /* for vw_vantage_walk */
    struct vw_sightings sightings;
    struct vw_countings *countings;
    uint64_t flows_by_result[VW_REPLAY_RESULTS];
    uint64_t records_by_result[VW_REPLAY_RESULTS];
    int error;
};

/* ---- replay_facts.c ---- */

int vw_replay_facts(struct vw_replay_facts *facts, const struct vw_world *world,
                    const struct vw_evidence *evidence);
void vw_replay_facts_free(struct vw_replay_facts *facts);

/* ---- replay_sighting.c ---- */

/* The conversation that a row belongs to, and whether its low end sent it. */
struct vw_talk_key vw_talk_key_of(const struct vw_observation_ends *ends,
                                  bool *ret_from_low);
uint64_t vw_talk_key_hash(const struct vw_talk_key *key);
int vw_talk_key_compare(const struct vw_talk_key *a, const struct vw_talk_key *b);

/* Whether it is one of the interface's own addresses. */
bool vw_interface_owns(const struct vw_interface *interface, struct vw_address address);

/* The one interface that `address` can be as seen from `vpc` (VW_NONE: from anywhere);
 * VW_NONE for none, or where several VPCs have it and this one does not. */
uint32_t vw_replay_owner(const struct vw_world *world, uint32_t vpc,
                         struct vw_address address);

/* Complete *sighting, of which row and number are set. In a large world nearly all of it is
 * waiting for memory, so it is done in steps, each for many sightings: each of them sends
 * for what the next one reads. The first step looks at the row's vantage. vw_sighting_know: 0 or VW_ERROR_NO_MEMORY. */
void vw_known_expect(const struct vw_replayer *replayer, const char *vantage);
int vw_sighting_know(struct vw_replayer *replayer, struct vw_sighting *sighting);
void vw_sighting_expect(const struct vw_replayer *replayer,
                        const struct vw_sighting *sighting);
void vw_sighting_place(const struct vw_replayer *replayer, struct vw_sighting *sighting);

/* Decides conversation->beginner. */
void vw_conversation_begin(struct vw_replay_exchange *conversation);

/* The packet at the interface that recorded it; ICMP as an echo, or its reply. The
 * direction must be known. */
struct vw_passing vw_replay_passing(const struct vw_sighting *sighting, bool is_reply);

/* ---- replay_judge.c ---- */

/* How the sighting is to be read, what decided, and of which service it is. */
int vw_replay_judge(struct vw_replayer *replayer,
                    const struct vw_replay_exchange *conversation,
                    const struct vw_sighting *sighting, struct vw_group_key *ret);

/* ---- replay_arrival.c ---- */

/* Walks the flow from its sender to replayer->answer; of a reply, the request there and
 * the reply back. *ret_mark is what stops it before it comes to the interface that
 * recorded it, or NULL; it lives until the next call. */
int vw_replay_walk(struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply, const struct vw_mark **ret_mark);

/* Whether the last walk met a component of `kind`, with `reason` if that is not NONE. */
bool vw_replay_met(const struct vw_replayer *replayer, enum vw_step_kind kind,
                   enum vw_reason reason, const struct vw_mark **ret_mark);

/* As vw_replay_walk where a loss proves something; else *ret_mark is NULL. */
int vw_replay_lost(struct vw_replayer *replayer, const struct vw_sighting *sighting,
                   bool is_reply, const struct vw_mark **ret_mark);

/* ---- replay_tell.c ---- */

/* The findings of `groups`, with their sentences, in the order in which they are shown. */
int vw_replay_tell(struct vw_replayer *replayer, struct vw_tally *tally,
                   struct vw_arena *arena, struct vw_replay *replay);

#endif
