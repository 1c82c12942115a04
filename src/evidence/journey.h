/* What the parts of a comparison of captures share; users read vpcwhy/journey.h. */
#ifndef VW_EVIDENCE_JOURNEY_H
#define VW_EVIDENCE_JOURNEY_H

#include <vpcwhy/journey.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/time.h"

/* Addresses that every flow of a capture has at one of its ends, and how many of their
 * packets came with a time to live that systems begin with, or with less. */
struct vw_journey_owners {
    struct vw_address items[2];
    uint64_t fresh[2], stale[2];
    size_t count;
    uint64_t flows;
};

/* The same tuple or packet so long before or after is another one: no two clocks are so far
 * apart that anybody would compare them. */
#define VW_JOURNEY_APART ((uint64_t)600 * VW_SECOND)

struct vw_witness_state {
    struct vw_witness_facts facts;
    struct vw_capture *capture; /* NULL: could not be read */
    const struct vw_address *own;
    size_t own_count;
    struct vw_journey_owners owners;
    /* Of each echo series and conversation, the number plus one of the first ICMP error
     * about it that is more than advice (a redirect, a source quench); 0: none. */
    uint32_t *echo_errors, *conversation_errors;
};

struct vw_journey_items VW_ARRAY(struct vw_journey);
struct vw_journey_chain VW_ARRAY(uint32_t);

struct vw_journeys {
    struct vw_arena arena;
    struct vw_diagnostics *diagnostics;
    const char *filter;
    struct vw_witness_state witnesses[VW_WITNESSES_MAX];
    size_t witness_count;
    struct vw_journey_items items;
};

/* The flow as it looks at one place; of an echo series `source_port` is its id and the
 * other VW_UNRECORDED. */
struct vw_journey_tuple {
    bool is_echo;
    int protocol;
    struct vw_address source, destination;
    int32_t source_port, destination_port;
};

uint64_t vw_journey_hash(const struct vw_journey_tuple *tuple);
bool vw_journey_is(const struct vw_journey_leg *leg, int protocol,
                   const struct vw_journey_tuple *tuple);

/* journey_own.c: the address of the host that took the capture, or of family NONE; and, of
 * two captures whose hosts the packets do not tell, which was taken where. */
struct vw_address vw_journey_own(const struct vw_capture *capture,
                                 struct vw_journey_owners *owners);
void vw_journey_weigh_sender(struct vw_journey_owners *owners, struct vw_address sender,
                             uint8_t ttl);
struct vw_address vw_journey_settle_owner(const struct vw_journey_owners *owners);
void vw_journey_tell_ends(struct vw_journeys *journeys);

/* journey_legs.c: whether an ICMP type is about the link only (neighbours, routers, groups
 * of listeners). */
bool vw_journey_is_of_link(int protocol, unsigned type);

/* journey_legs.c: reads what every capture has into journeys, the same flow in one. 0 or
 * VW_ERROR_NO_MEMORY. */
int vw_journey_collect(struct vw_journeys *journeys);

/* journey_marks.c: reads the packets once more: joins what was translated between, and
 * tells the clocks apart. 0 or a negative error. */
int vw_journey_pair(struct vw_journeys *journeys);

/* journey_place.c: where each witness stands, and whether its silence counts. */
void vw_journey_place(struct vw_journeys *journeys);

/* journey_fate.c: what became of each. */
void vw_journey_conclude(struct vw_journeys *journeys);

/* journey_errors.c: finds them for every flow of the witness. 0 or VW_ERROR_NO_MEMORY. */
int vw_journey_find_errors(struct vw_journeys *journeys,
                           struct vw_witness_state *witness);
/* The first ICMP error about the flow of that leg that is more than advice; false where
 * there is none. */
bool vw_journey_error(const struct vw_journeys *journeys,
                      const struct vw_journey *journey, const struct vw_journey_leg *leg,
                      struct vw_icmp_error *ret);

/* journey_size.c: whether what was lost was lost for its size. 0 or VW_ERROR_NO_MEMORY. */
int vw_journey_weigh(struct vw_journeys *journeys);

/* journey_say.c: the sentences of a journey; 0 or VW_ERROR_NO_MEMORY. */
int vw_journey_say(struct vw_journeys *journeys);

/* A number for each two hosts, from one to the other: the largest that was added. */
struct vw_journey_pair {
    uint64_t hash;
    uint32_t number;
};

struct vw_journey_pairs VW_ARRAY(struct vw_journey_pair);

int vw_journey_pairs_add(struct vw_journey_pairs *pairs, const struct vw_journey *journey,
                         uint32_t number);
/* Behind the last one that is added, before the first that is asked for. */
void vw_journey_pairs_sort(struct vw_journey_pairs *pairs);
/* 0: none. */
uint32_t vw_journey_pairs_get(const struct vw_journey_pairs *pairs,
                              const struct vw_journey *journey);

/* The leg at that place which has the flow, or NULL; of several the first witness's. */
const struct vw_journey_leg *vw_journey_leg_at(const struct vw_journeys *journeys,
                                               const struct vw_journey *journey,
                                               enum vw_place_of place);
/* The same whether it has the flow or not. */
const struct vw_journey_leg *vw_journey_end(const struct vw_journeys *journeys,
                                            const struct vw_journey *journey,
                                            enum vw_place_of place);

#endif
