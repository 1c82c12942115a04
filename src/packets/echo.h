/* Echo series: requests and replies under one id, paired by sequence number. */
#ifndef VW_PACKETS_ECHO_H
#define VW_PACKETS_ECHO_H

#include "base/array.h"
#include "packets/index.h"
#include "packets/pending.h"
#include "packets/sequence.h"

enum { VW_ECHO_MAX = 1 << 22, VW_ECHO_TIME_UNIT = 16 /* ns */ };

/* A request that may still be answered. */
struct vw_echo_asked {
    int64_t time;
    uint32_t place;     /* the low bits */
    uint32_t size : 31; /* of its payload */
    uint32_t is_answered : 1;
};

/* Times of answers, thinned out where there are many. */
struct vw_echo_times {
    uint32_t *items; /* in units of VW_ECHO_TIME_UNIT */
    uint16_t count, capacity;
    uint32_t stride; /* one of so many is kept; 0 stands for 1 */
};

struct vw_echo {
    struct vw_address requester, target;
    uint16_t id;
    uint8_t ttl[VW_SIDES], last_ttl[VW_SIDES];
    bool dont_fragment, is_fragmented;
    uint64_t number;
    int64_t first, last, last_request, first_reply, last_reply;
    struct vw_sequences numbers;
    struct vw_echo_asked *asked; /* by place */
    uint32_t asked_capacity;     /* a power of two, 0: none yet */
    struct vw_echo_times times;
    int64_t decided_place; /* requests up to it had a wait's time by decided_time */
    int64_t decided_time, newer_time, newer_place;
    uint64_t timed;
    int64_t rtt_least, rtt_most;
    double rtt_sum, rtt_squares;
    uint32_t errors; /* of ICMP, number of the first, 0: none */
    uint32_t error_count;
    uint32_t rejected, sent_again, duplicates, reordered, late, altered, elsewhere;
    uint32_t copies[VW_SIDES], views[VW_SIDES], ttl_changes[VW_SIDES];
    uint32_t payload_least, payload_most, answered_most;
    uint32_t replier; /* number of the series whose replies are for this one, 0: none */
};

struct vw_echo_list VW_ARRAY(struct vw_echo *);

struct vw_echoes {
    struct vw_echo_list series;
    struct vw_index index; /* of the newest series of addresses and id: number plus one */
};

void vw_echoes_free(struct vw_echoes *echoes);

/* Takes in an echo packet with its numbers. 0, VW_ERROR_NO_MEMORY, or VW_ERROR_LIMIT. */
int vw_echoes_see(struct vw_echoes *echoes, const struct vw_pending *packet);

/* Bring into the cache what seeing the packet will need: first the index, some packets later
 * the series. */
void vw_echoes_expect(const struct vw_echoes *echoes, const struct vw_pending *packet);
void vw_echoes_expect_series(const struct vw_echoes *echoes,
                             const struct vw_pending *packet);

/* An ICMP error quotes the request of that number. */
void vw_echo_reject(struct vw_echo *echo, uint16_t number);

/* A later fragment of its newest request: its payload has `size` bytes at least. */
void vw_echo_lengthen(struct vw_echo *echo, uint32_t size);

/* The newest series of a request from `requester`. */
bool vw_echoes_find(const struct vw_echoes *echoes, struct vw_address requester,
                    struct vw_address target, uint16_t id, size_t *ret_number);

/* Replies that came from another address than was asked find their requests. */
int vw_echoes_settle(struct vw_echoes *echoes);

/* What series `number` says at the capture's end. */
void vw_echo_describe(const struct vw_echoes *echoes, size_t number, int64_t end,
                      struct vw_echo_series *ret);

#endif
