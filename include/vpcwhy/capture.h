/*
 * What one capture file says by itself: which pings were answered, which connects came
 * about, which errors came back, and how far its silence can be trusted. The flows are
 * those within tunnels (VXLAN, Geneve, GRE, IP in IP), not the tunnels' own.
 *
 * Memory follows the flows, not the packets; so results are asked for one at a time.
 */
#ifndef VPCWHY_CAPTURE_H
#define VPCWHY_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/address.h>
#include <vpcwhy/diagnostic.h>
#include <vpcwhy/evidence.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A number of which a capture has two, by who sent it: the side that asked or connected,
 * and the other. */
enum { VW_ORIGINATOR, VW_RESPONDER, VW_SIDES };

/* Lists within results are cut there; their counts are not. */
enum { VW_CAPTURE_TIMES_MAX = 6, VW_CAPTURE_RANGES_MAX = 16, VW_CAPTURE_HISTORY = 256 };

/* ---- the file ---- */

/* Where packets were taken. Texts are NULL and numbers 0 where the file does not tell. */
struct vw_capture_place {
    const char *name, *filter;
    int link_type; /* LINKTYPE_ number */
    const char *link_name;
    uint32_t snap_length;
    uint64_t packets;
    bool has_statistics; /* the file tells how many were dropped */
    uint64_t dropped;
    int64_t window_start, window_end; /* of the capture, or VW_TIME_UNKNOWN */
};

struct vw_capture_facts {
    const char *path, *format; /* "pcap", "pcapng" */
    bool is_swapped;           /* of the other byte order */
    size_t place_count;
    uint64_t packets;   /* records of the file */
    uint64_t filtered;  /* of these: left out by the filter */
    uint64_t unread;    /* on interfaces of a link type that is not read */
    uint64_t not_ip;    /* ARP and the like */
    uint64_t cut;       /* snap length too short to tell their flow */
    uint64_t malformed; /* contradict themselves */
    uint64_t snapped;   /* recorded shorter than sent, whether or not that matters */
    uint64_t orphans;   /* known by later fragments only */
    uint64_t copies;    /* recorded a second time at the same place */
    uint64_t views;     /* seen again at another place, interface, or direction */
    uint64_t
        oversized;    /* larger than the MSS allows: cut up by the interface (TSO, GRO) */
    uint64_t unsized; /* IP length 0, for the same reason */
    uint64_t partial_checksums; /* left for the interface to fill in */
    uint64_t untimed;           /* records without a time */
    int64_t first, last;        /* earliest and latest time, or VW_TIME_UNKNOWN */
    int64_t end;                /* of the capture, where the file tells it, else `last` */
    uint64_t backward_count;    /* times at which the clock went back */
    int64_t backward_most;      /* by how much at most, ns */
    uint64_t tunnelled;         /* packets found within tunnels */
    const char *tunnels;        /* which: "vxlan, gre", or NULL */
    uint64_t dropped;           /* by the capture, where it tells */
    bool is_damaged;            /* the file breaks off or contradicts itself ... */
    uint64_t damaged_at;        /* ... at this packet */
    bool too_many_flows;        /* the rest was not taken in */
};

/* Whether what is missing was not there: the file is whole and tells when it was taken, and
 * nothing is known to have been dropped, cut or left out. */
bool vw_capture_silence_proves(const struct vw_capture_facts *facts);

/* ---- echo series ---- */

struct vw_number_range {
    int64_t first, last;
};

/*
 * The echo requests from one address to another under one id, until it falls silent and
 * begins again. Sequence numbers run on over 65535.
 */
struct vw_echo_series {
    struct vw_address requester, target;
    uint16_t id;
    uint64_t number; /* of the first packet */
    int64_t first, last;
    int64_t first_sequence, last_sequence; /* of requests, else of replies */
    uint64_t sent;                         /* distinct requests; of these: */
    uint64_t answered;
    uint64_t rejected;   /* met by an ICMP error */
    uint64_t unanswered; /* though there was time */
    uint64_t undecided;  /* sent too shortly before the capture ended or broke off */
    uint64_t not_seen;   /* numbers in between of which no request was recorded */
    uint64_t unasked;    /* replies whose request was not recorded */
    uint64_t sent_again; /* requests that repeat a number */
    uint64_t duplicates; /* replies to a number that had been answered */
    uint64_t copies[VW_SIDES]; /* of these packets recorded twice, requests and replies */
    uint64_t views[VW_SIDES];  /* and seen again at another interface or direction */
    uint64_t reordered;        /* replies that came after one to a later request */
    uint64_t late;             /* that came after the next request had been sent */
    uint64_t elsewhere;        /* requests answered from another address only */
    struct vw_address replier; /* that address, or NONE */
    uint64_t altered;          /* replies whose size is not that of their request */
    size_t range_count;        /* of unanswered numbers, at most VW_CAPTURE_RANGES_MAX */
    bool more_ranges;
    struct vw_number_range ranges[VW_CAPTURE_RANGES_MAX];
    uint64_t timed; /* replies with a round-trip time; ns below */
    int64_t rtt_least, rtt_mean, rtt_most, rtt_median, rtt_95, rtt_deviation;
    int64_t first_reply, last_reply;
    uint8_t ttl[VW_SIDES]; /* of the first packet of each side, 0: none */
    uint64_t ttl_changes[VW_SIDES];
    uint32_t payload_least, payload_most; /* bytes behind the echo header, of requests */
    uint32_t answered_most;               /* the largest that was answered */
    bool dont_fragment;                   /* any request forbade it */
    bool is_fragmented;                   /* any came in fragments */
    size_t error_count;                   /* ICMP errors that quote it */
};

/* ---- connections and exchanges ---- */

/* name, slug, sentence */
#define VW_TALK_LIST(X)                                                                  \
    X(VW_TALK_OPEN, "open", "established, and open when the capture ended")              \
    X(VW_TALK_CLOSED, "closed", "established and closed by both sides")                  \
    X(VW_TALK_HALF_CLOSED, "half-closed", "established, and closed by one side")         \
    X(VW_TALK_RESET, "reset", "established, then reset")                                 \
    X(VW_TALK_STALLED, "stalled", "established, then data was not acknowledged")         \
    X(VW_TALK_REFUSED, "refused", "refused by a reset")                                  \
    X(VW_TALK_REJECTED, "rejected", "rejected by an ICMP error")                         \
    X(VW_TALK_NO_ANSWER, "no-answer", "not answered")                                    \
    X(VW_TALK_NO_CONFIRMATION, "no-confirmation",                                        \
      "answered, but the answer was not confirmed")                                      \
    X(VW_TALK_ELSEWHERE, "answered-elsewhere",                                           \
      "answered from another address than was asked")                                    \
    X(VW_TALK_ABORTED, "aborted", "given up by the side that connects")                  \
    X(VW_TALK_ONE_SIDED, "one-sided",                                                    \
      "seen in one direction only: a partial or asymmetric capture")                     \
    X(VW_TALK_MIDSTREAM, "midstream", "seen without its beginning")                      \
    X(VW_TALK_ANSWERED, "answered", "answered")                                          \
    X(VW_TALK_UNDECIDED, "undecided", "undecided: the capture ends too soon")            \
    X(VW_TALK_CUT, "cut", "recorded too short to say")

enum vw_talk {
#define VW_X(name, slug, sentence) name,
    VW_TALK_LIST(VW_X)
#undef VW_X
};
const char *vw_talk_slug(enum vw_talk outcome);
const char *vw_talk_sentence(enum vw_talk outcome);

/* A TCP connection, or an exchange of UDP, ICMP (no echo) or another protocol. */
struct vw_conversation {
    int protocol;
    struct vw_address originator, responder;
    uint16_t
        port[VW_SIDES]; /* of ICMP: type, and the type that answers or else the code */
    bool has_ports;
    uint64_t number; /* of the first packet */
    int64_t first, last;
    enum vw_talk outcome;
    const char *conn_state;           /* as Zeek has it, of TCP, UDP and ICMP; or NULL */
    char history[VW_CAPTURE_HISTORY]; /* the same; "" where there is none */
    uint64_t packets[VW_SIDES];       /* without those recorded twice */
    uint64_t bytes[VW_SIDES];         /* from the IP header on */
    uint64_t data[VW_SIDES]; /* behind the header of UDP and ICMP; of TCP see stream */
    uint64_t copies, views;  /* of these packets recorded twice, seen again */
    size_t error_count;      /* ICMP errors that quote it */
    /* TCP from here on. */
    uint64_t syn_count, syn_ack_count;
    int64_t connect_time;         /* SYN to SYN-ACK, ns, or VW_UNRECORDED */
    uint16_t mss[VW_SIDES];       /* 0: none told */
    uint8_t ttl[VW_SIDES];        /* of the first packet that is no reset */
    uint8_t reset_ttl;            /* 0: no reset */
    int reset_by;                 /* VW_ORIGINATOR, VW_RESPONDER or VW_UNRECORDED */
    bool ignored_reset;           /* one that acknowledged what was not sent */
    uint64_t stream[VW_SIDES];    /* bytes of the stream, by sequence numbers */
    uint64_t confirmed[VW_SIDES]; /* of these, what the other side acknowledged */
    uint64_t retransmissions[VW_SIDES];
    size_t time_count; /* of segments sent again, at most VW_CAPTURE_TIMES_MAX */
    int64_t times[VW_CAPTURE_TIMES_MAX];
    uint64_t zero_windows[VW_SIDES];
    uint32_t largest[VW_SIDES];           /* segment sent */
    uint32_t largest_confirmed[VW_SIDES]; /* that was acknowledged */
    int stalled;           /* the side whose data is not acknowledged, or VW_UNRECORDED */
    uint64_t stalled_at;   /* bytes of its stream that were acknowledged */
    uint32_t stalled_size; /* the smallest segment of it that was sent again */
    bool suspects_mtu;     /* only segments larger than any acknowledged one are lost */
    uint16_t reported_mtu; /* by an ICMP error; 0: none */
    struct vw_address other; /* whose SYN-ACK came in the responder's place, or NONE */
};

/* ---- ICMP errors ---- */

enum vw_error_about { VW_ABOUT_NOTHING, VW_ABOUT_ECHO, VW_ABOUT_CONVERSATION };

/* Errors of one type and code from one reporter about one flow. */
struct vw_icmp_error {
    struct vw_address reporter, receiver;
    bool six; /* ICMPv6 */
    uint8_t type, code;
    uint32_t mtu;    /* the smallest that was told; 0: none */
    uint64_t number; /* of the first packet */
    uint64_t count;
    int64_t first, last;
    /* The quoted packet; addresses NONE where the quote did not reach so far. */
    struct vw_address quoted_source, quoted_destination;
    int quoted_protocol; /* or VW_UNRECORDED */
    int32_t quoted_source_port, quoted_destination_port, quoted_id, quoted_sequence;
    enum vw_error_about about;
    size_t index; /* of the series or conversation */
};

/* "host unreachable", "fragmentation needed", ..., or NULL where the code has no name. */
const char *vw_icmp_error_name(bool six, uint8_t type, uint8_t code);

/* ---- reading ---- */

struct vw_capture;

/* `filter` is a BPF expression or NULL. 0 where anything could be read: what is damaged is
 * told in the facts and in `diagnostics`. */
int vw_capture_read(const char *path, const char *filter,
                    struct vw_diagnostics *diagnostics, struct vw_capture **ret_capture);
/* Accepts NULL. */
void vw_capture_free(struct vw_capture *capture);

/* In the order of their first packets. Texts live as long as the capture. */
const struct vw_capture_facts *vw_capture_facts(const struct vw_capture *capture);
void vw_capture_get_place(const struct vw_capture *capture, size_t index,
                          struct vw_capture_place *ret);
size_t vw_capture_echo_count(const struct vw_capture *capture);
void vw_capture_get_echo(const struct vw_capture *capture, size_t index,
                         struct vw_echo_series *ret);
size_t vw_capture_conversation_count(const struct vw_capture *capture);
void vw_capture_get_conversation(const struct vw_capture *capture, size_t index,
                                 struct vw_conversation *ret);
size_t vw_capture_error_count(const struct vw_capture *capture);
void vw_capture_get_error(const struct vw_capture *capture, size_t index,
                          struct vw_icmp_error *ret);

/* ---- packet by packet ---- */

/* What makes a packet known again at another place. */
struct vw_packet_facts {
    uint64_t number;
    int64_t time;
    const char *interface; /* name, or NULL */
    uint32_t interface_index;
    enum vw_flow_direction direction;
    struct vw_address source, destination;
    int protocol;
    uint8_t ttl;
    uint32_t length;         /* from the IP header on, as sent */
    uint32_t identification; /* 0: none */
    bool dont_fragment, is_later_fragment;
    int32_t source_port, destination_port; /* or VW_UNRECORDED */
    int32_t tcp_flags;                     /* or VW_UNRECORDED */
    uint32_t tcp_sequence, tcp_acknowledged, data_length;
    int32_t icmp_type, icmp_code, echo_id, echo_sequence; /* or VW_UNRECORDED */
    uint32_t mtu; /* that an ICMP error asks for */
    struct vw_address quoted_source, quoted_destination;
    int32_t quoted_protocol, quoted_source_port, quoted_destination_port, quoted_id,
        quoted_sequence;
    uint32_t quoted_identification;
    uint64_t
        payload;  /* a hash of up to 256 bytes behind the transport's header; 0: none */
    bool is_copy; /* recorded before at the same place */
    bool is_view; /* seen before at another interface, TTL or direction */
};

/* Called for each IP packet whose flow can be told; anything but 0 ends the reading and is
 * returned. */
typedef int vw_packet_taker(void *context, const struct vw_packet_facts *packet);

/* As vw_capture_read. Texts of `packet` are only valid within `take`. */
int vw_packets_read(const char *path, const char *filter,
                    struct vw_diagnostics *diagnostics, vw_packet_taker *take,
                    void *context);

#ifdef __cplusplus
}
#endif
#endif
