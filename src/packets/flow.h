/*
 * Flows in memory, as small as they can be: a capture has hundreds of thousands of them,
 * and its packets meet them in no order. So what most packets touch stands in one line of
 * the processor's cache, two for TCP, and all else behind it: struct vw_flow, struct vw_tcp,
 * struct vw_flow_rest, struct vw_tcp_rest, and the addresses of IPv6.
 */
#ifndef VW_PACKETS_FLOW_H
#define VW_PACKETS_FLOW_H

#include "base/array.h"
#include "packets/index.h"
#include "packets/pending.h"

enum {
    VW_FLOWS_MAX = 1 << 24,
    VW_HISTORY_INLINE = 18,
    VW_HOLES_MAX = 8, /* pieces of a stream beyond a hole; more are not told apart */
    VW_TIMES_INLINE = VW_CAPTURE_TIMES_MAX
};

/* Zeek's states of an endpoint (TCP_Endpoint.h there). */
enum vw_end_state {
    VW_END_INACTIVE,
    VW_END_SYN_SENT,
    VW_END_SYN_ACK_SENT,
    VW_END_PARTIAL,
    VW_END_ESTABLISHED,
    VW_END_CLOSED,
    VW_END_RESET
};

/* Bits of struct vw_flow's seen. */
enum {
    VW_SEEN_SYN = 1,
    VW_SEEN_SYN_ACK = 2,
    VW_SEEN_CONFIRMED = 4, /* the handshake's last part, or data behind it */
    VW_SEEN_REFUSAL = 8,
    VW_SEEN_RESET = 16,
    VW_SEEN_ABORT = 32, /* a reset by the originator before it was established */
    VW_SEEN_IGNORED_RESET = 64,
    VW_SEEN_CUT = 128 /* a segment whose flags were not recorded */
};

/* What every packet touches: a line of the processor's cache. */
struct vw_flow {
    uint32_t address[VW_SIDES]; /* of IPv4 */
    uint16_t port[VW_SIDES];
    uint8_t protocol, family, history_size;
    bool is_one_way; /* ICMP that has no answer */
    int64_t last;
    uint32_t packets[VW_SIDES];
    uint64_t bytes[VW_SIDES];
    union {
        uint64_t data[VW_SIDES]; /* of what is not TCP */
        struct {
            uint32_t once;               /* letters that come once, by side */
            uint8_t seen;                /* VW_SEEN_... */
            uint8_t first_seen;          /* sides */
            bool is_partial;             /* as Zeek has it */
            uint8_t ttl[VW_SIDES];       /* of the first packet that is no reset */
            uint8_t reset_by, reset_ttl; /* the former plus one */
        };
    };
};

/* The same of TCP: one end. Sequence numbers are as on the wire, or relative to `start`;
 * both modulo 2^32. Sizes stop at 65535. */
struct vw_tcp_end {
    uint8_t state, previous; /* enum vw_end_state */
    uint8_t again_since; /* retransmissions since the other side confirmed anything new */
    bool has_fin : 1, has_holes : 1;
    uint32_t start, last, acknowledged;
    uint32_t delivered;                  /* relative, of the stream without a hole */
    uint32_t waiting_end;                /* behind the segment that `waiting` tells of */
    uint16_t waiting;                    /* the largest since the last progress */
    uint16_t largest, largest_confirmed; /* data of a segment */
    uint16_t mss;
};

struct vw_tcp {
    struct vw_tcp_end end[VW_SIDES];
};

/* What few packets touch. */
struct vw_flow_rest {
    int64_t first;
    uint64_t number; /* of the first packet */
    uint32_t errors; /* of ICMP, number of the first, 0: none */
    uint32_t error_count, copies, views;
    uint32_t other;        /* of TCP, place of the flow that has the other half */
    uint32_t long_history; /* number of its text, 0: it is here */
    char history[VW_HISTORY_INLINE];
    bool was_flipped;
};

struct vw_tcp_end_rest {
    uint16_t last_laps, acknowledged_laps; /* times these numbers went round */
    uint32_t last_syn, last_fin, last_rst; /* relative, of the last that was noted */
    uint32_t fin;                          /* relative, behind the FIN */
    uint32_t again, zero_windows, gaps;    /* retransmissions and so on, counted */
    uint32_t holes;                        /* number of its struct vw_holes */
    uint32_t resent;      /* as Zeek's count, but of data that went before */
    uint32_t again_least; /* the smallest sent again since the last progress */
};

struct vw_tcp_rest {
    struct vw_tcp_end_rest end[VW_SIDES];
    int64_t syn, syn_ack; /* times, of the last SYN before the first SYN-ACK */
    uint32_t times;       /* number of its struct vw_times, 0: none */
    uint16_t syns, syn_acks;
};

/* Pieces received beyond what was delivered, relative; ordered, apart. */
struct vw_holes {
    uint32_t count;
    struct {
        uint32_t from, to;
    } pieces[VW_HOLES_MAX];
};

struct vw_times {
    uint32_t count;
    int64_t items[VW_TIMES_INLINE];
};

struct vw_long_history {
    char text[VW_CAPTURE_HISTORY];
};

struct vw_flow_places VW_ARRAY(uint32_t);
struct vw_flow_chunks VW_ARRAY(uint8_t *);
struct vw_all_holes VW_ARRAY(struct vw_holes);
struct vw_all_times VW_ARRAY(struct vw_times);
struct vw_long_histories VW_ARRAY(struct vw_long_history);

/* A flow is known by its place, which never changes; 0 is none. Zero-initialised is
 * empty. */
struct vw_packet_flows {
    struct vw_flow_chunks chunks;
    size_t chunk_used;            /* of the last, in lines */
    struct vw_flow_places places; /* of each flow, in the order of their making */
    struct vw_index index;        /* of the newest flow of each tuple: its place */
    struct vw_all_holes holes;
    struct vw_all_times times;
    struct vw_long_histories histories;
};

void vw_packet_flows_free(struct vw_packet_flows *flows);

/* The flow at a place, and the place of flow `number` and back. */
struct vw_flow *vw_packet_flows_at(const struct vw_packet_flows *flows, uint32_t place);
struct vw_flow *vw_packet_flows_get(const struct vw_packet_flows *flows, size_t number);
size_t vw_packet_flows_number(const struct vw_packet_flows *flows, uint32_t place);

/* The newest flow of the tuple: its place with the side that sends, or 0. */
uint32_t vw_packet_flows_find(const struct vw_packet_flows *flows,
                              const struct vw_tuple *tuple, int *ret_side);

/* A new flow of the tuple, which becomes its newest; `flip` where the source is to be its
 * responder. VW_ERROR_LIMIT where there are VW_FLOWS_MAX. */
int vw_packet_flows_add(struct vw_packet_flows *flows, const struct vw_tuple *tuple,
                        bool flip, uint32_t *ret_place);

/* Brings into the cache what finding the tuple will need: first the index, some packets
 * later the flow itself. */
void vw_packet_flows_expect(const struct vw_packet_flows *flows,
                            const struct vw_tuple *tuple);
void vw_packet_flows_expect_flow(const struct vw_packet_flows *flows,
                                 const struct vw_tuple *tuple);

struct vw_tcp *vw_flow_tcp(struct vw_flow *flow);
struct vw_flow_rest *vw_flow_rest(struct vw_flow *flow);
struct vw_tcp_rest *vw_flow_tcp_rest(struct vw_flow *flow);
struct vw_address vw_packet_flow_address(const struct vw_flow *flow, int side);

/* Turns originator and responder round. */
void vw_flow_flip(struct vw_flow *flow);

/* Adds a letter; past VW_CAPTURE_HISTORY - 1 of them nothing. 0 or VW_ERROR_NO_MEMORY. */
int vw_flow_history(struct vw_packet_flows *flows, struct vw_flow *flow, char letter);
const char *vw_flow_history_text(const struct vw_packet_flows *flows,
                                 struct vw_flow *flow,
                                 char buffer[VW_HISTORY_INLINE + 1]);

#endif
