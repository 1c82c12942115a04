/*
 * What captures taken at several places say together: the packets of one flow are found
 * again at each place, through address translation, and what became of its requests and
 * replies on the way is concluded from who saw them and who did not. What no capture
 * proves is said not to be proved.
 */
#ifndef VPCWHY_JOURNEY_H
#define VPCWHY_JOURNEY_H

#include <vpcwhy/capture.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { VW_WITNESSES_MAX = 8, VW_JOURNEY_SENTENCES_MAX = 8 };

/* A capture and where it was taken, as far as the caller knows. */
struct vw_witness {
    const char *label; /* "i-...", an address, a word of the caller's; NULL: not told */
    const char *path;
    /* Addresses of the host or interface that took it; none: those are told from the
     * packets, or it was a router or a mirror. */
    const struct vw_address *own;
    size_t own_count;
};

/* name, slug, sentence */
#define VW_FATE_LIST(X)                                                                  \
    X(VW_FATE_BOTH_WAYS, "reachable-both-ways", "reachable both ways")                   \
    X(VW_FATE_REQUEST_LOST, "request-lost", "request lost before B")                     \
    X(VW_FATE_REPLY_LOST, "reply-lost", "reply lost after leaving B")                    \
    X(VW_FATE_NOT_ANSWERED, "not-answered",                                              \
      "B received, did not answer (host, not AWS)")                                      \
    X(VW_FATE_NO_REPLY, "no-reply", "no reply, cause unknown from one end")              \
    X(VW_FATE_PARTLY_LOST, "partly-lost", "partly lost")                                 \
    X(VW_FATE_REFUSED, "refused", "refused by B")                                        \
    X(VW_FATE_REFUSED_BETWEEN, "refused-between", "refused by something before B")       \
    X(VW_FATE_REFUSED_SOMEWHERE, "refused-somewhere",                                    \
      "refused, by B or by something before it")                                         \
    X(VW_FATE_NO_ROUTE, "no-route", "no route at the router (told by ICMP)")             \
    X(VW_FATE_NO_HOST, "no-host", "no such host (told by ICMP)")                         \
    X(VW_FATE_PROHIBITED, "prohibited",                                                  \
      "rejected by a filter that answers (not an AWS security group)")                   \
    X(VW_FATE_PORT_UNREACHABLE, "port-unreachable", "port unreachable")                  \
    X(VW_FATE_UNREACHABLE, "unreachable", "unreachable (told by ICMP)")                  \
    X(VW_FATE_EXPIRED, "expired", "expired in transit")                                  \
    X(VW_FATE_MTU_DISCOVERED, "path-mtu-discovered", "path MTU told by ICMP")            \
    X(VW_FATE_MTU_BLACK_HOLE, "path-mtu-black-hole", "path MTU black hole")              \
    X(VW_FATE_STALLED, "stalled", "established, then stalled")                           \
    X(VW_FATE_ONE_SIDED, "one-sided", "seen in one direction only")                      \
    X(VW_FATE_UNDECIDED, "undecided", "undecided")

enum vw_fate {
#define VW_X(name, slug, sentence) name,
    VW_FATE_LIST(VW_X)
#undef VW_X
};
const char *vw_fate_slug(enum vw_fate fate);
const char *vw_fate_sentence(enum vw_fate fate);

/* How a witness stands to a flow. */
enum vw_place_of {
    VW_PLACE_UNKNOWN, /* it has nothing of the flow, and is at neither end */
    VW_PLACE_SOURCE,
    VW_PLACE_BETWEEN,
    VW_PLACE_TARGET
};

/* How far a witness that has nothing of a flow can be trusted. */
enum vw_cover {
    VW_COVER_SEEN,      /* it has the flow */
    VW_COVER_RUNNING,   /* it was recording while the flow's packets were sent */
    VW_COVER_MAYBE,     /* its last packet is older, or it has none: it may have ended */
    VW_COVER_ELSEWHEN,  /* it was recording at another time */
    VW_COVER_IMPERFECT, /* it dropped packets, is damaged, or was cut too short */
    VW_COVER_FILTERED   /* a filter was given: what it leaves out proves nothing */
};

/* One witness's view of a flow. Counts are of echo requests and replies, else of packets. */
struct vw_journey_leg {
    enum vw_place_of place;
    enum vw_cover cover;
    bool is_echo;
    size_t
        index; /* in that capture: of the echo series or conversation; SIZE_MAX: none */
    struct vw_address source, destination;
    int32_t source_port, destination_port; /* or VW_UNRECORDED; echo: the id, once */
    uint64_t requests, replies;
    int64_t first, last; /* by its own clock */
    uint8_t ttl[VW_SIDES];
    /* By which interface requests and replies were recorded first, where the file tells. */
    uint32_t interface[VW_SIDES];
    const char *interface_name[VW_SIDES]; /* or NULL */
    const char *alone; /* what this capture proves without the others, or "" */
};

struct vw_journey {
    bool is_echo;
    int protocol;
    struct vw_address source, destination;
    int32_t source_port, destination_port; /* or VW_UNRECORDED; echo: the id, once */
    enum vw_fate fate;
    bool is_proved; /* no capture's silence had to be trusted further than it can be */
    bool is_translated, is_fragmented;
    uint32_t path_mtu;    /* told by ICMP; 0: none */
    uint32_t passed_most; /* bytes of the largest packet between the two that passed */
    uint32_t lost_least;  /* and of the smallest that was lost where size decides; or 0 */
    struct vw_journey_leg *legs;                     /* one a witness */
    const char *sentences[VW_JOURNEY_SENTENCES_MAX]; /* why, and what to do */
    size_t sentence_count;
};

/* What was found out about a witness. */
struct vw_witness_facts {
    const char *label; /* as given, else its own address, else the file's name */
    const char *path;
    struct vw_address own; /* NONE: a router, a mirror, or nothing was recorded */
    const struct vw_capture *capture;
    bool has_offset; /* packets of it were found again at the first witness */
    int64_t offset;  /* its clock minus the first one's, ns */
    int64_t delay;   /* one way, ns, or VW_UNRECORDED; half of the round trip between */
    uint64_t pairs;  /* of packets on which that rests */
};

struct vw_journeys;

/* Reads the captures, each twice. 0, or a negative error; what is wrong with a file is a
 * diagnostic. VW_ERROR_INPUT where none could be read. */
int vw_journeys_read(const struct vw_witness *witnesses, size_t count, const char *filter,
                     struct vw_diagnostics *diagnostics,
                     struct vw_journeys **ret_journeys);
/* Accepts NULL. */
void vw_journeys_free(struct vw_journeys *journeys);

size_t vw_journeys_witness_count(const struct vw_journeys *journeys);
const struct vw_witness_facts *vw_journeys_witness(const struct vw_journeys *journeys,
                                                   size_t index);
/* In the order in which the first witness, then the second and so on met them. */
size_t vw_journeys_count(const struct vw_journeys *journeys);
const struct vw_journey *vw_journeys_get(const struct vw_journeys *journeys,
                                         size_t index);

#ifdef __cplusplus
}
#endif
#endif
