/*
 * The replay of flow logs: every distinct flow recorded is held against what the export
 * says of it, and what disagrees is grouped by the rule that decided, so that one stale
 * rule is one finding however many flows met it.
 */
#ifndef VPCWHY_REPLAY_H
#define VPCWHY_REPLAY_H

#include <vpcwhy/crosscheck.h>

#ifdef __cplusplus
extern "C" {
#endif

/* name, slug */
#define VW_REPLAY_RESULT_LIST(X)                                                         \
    X(VW_REPLAY_AGREES, "agrees")                                                        \
    X(VW_REPLAY_CONTRADICTS, "contradicts")                                              \
    X(VW_REPLAY_EXPLAINED, "explained") /* differs, for a reason other than the rules */ \
    X(VW_REPLAY_UNDECIDED, "undecided") /* what decides is missing */

enum vw_replay_result {
#define VW_X(name, slug) name,
    VW_REPLAY_RESULT_LIST(VW_X)
#undef VW_X
};
enum { VW_REPLAY_RESULTS = VW_REPLAY_UNDECIDED + 1 };
const char *vw_replay_result_slug(enum vw_replay_result result);

/* How a record is read. name, slug, result, headline, what to make of it */
#define VW_READING_LIST(X)                                                               \
    X(VW_READING_AS_EXPORTED, "as-exported", VW_REPLAY_AGREES,                           \
      "recorded as the export says", "")                                                 \
    X(VW_READING_ACCEPTED, "accepted-though-denied", VW_REPLAY_CONTRADICTS,              \
      "ACCEPT recorded where the export denies",                                         \
      "The rule that let it pass is not in the export: it was there when the record "    \
      "was "                                                                             \
      "made, or has come since the export. Export again and compare.")                   \
    X(VW_READING_REJECTED, "rejected-though-allowed", VW_REPLAY_CONTRADICTS,             \
      "REJECT recorded where the export allows",                                         \
      "The rule that admits it was not in force at that interface when the record was "  \
      "made, or has gone since the export. Export again and compare.")                   \
    X(VW_READING_ARRIVED, "arrived-though-lost", VW_REPLAY_CONTRADICTS,                  \
      "recorded where the export does not bring it",                                     \
      "What stops it on its way was not in force when the record was made, or the "      \
      "sender is another host of the same address. Export again and compare.")           \
    X(VW_READING_GATEWAY_LOST, "gateway-lost", VW_REPLAY_CONTRADICTS,                    \
      "lost at the transit gateway where the export carries it",                         \
      "The route was not there, or a blackhole, when the record was made, or has come "  \
      "since the export. Export again and compare.")                                     \
    X(VW_READING_GATEWAY_CARRIED, "gateway-carried", VW_REPLAY_CONTRADICTS,              \
      "carried by the transit gateway where the export stops it",                        \
      "The transit gateway had a route when the record was made, which is not in the "   \
      "export. Export again and compare.")                                               \
    X(VW_READING_BLOCKED_PUBLIC, "block-public-access", VW_REPLAY_CONTRADICTS,           \
      "rejected by VPC Block Public Access, which the export does not show",             \
      "Add describe-vpc-block-public-access-options and -exclusions to the export, or "  \
      "export again.")                                                                   \
    X(VW_READING_TRACKED, "tracked-connection", VW_REPLAY_EXPLAINED,                     \
      "ACCEPT without SYN where the groups deny",                                        \
      "A connection that was tracked before the rule went away goes on; nothing shows "  \
      "that a new one was let in.")                                                      \
    X(VW_READING_AFTER_CLOSE, "after-close", VW_REPLAY_EXPLAINED,                        \
      "REJECT without SYN after the connection was closed",                              \
      "Packets that come after a FIN or RST are rejected whatever the rules say.")       \
    X(VW_READING_NO_SYN, "no-syn", VW_REPLAY_EXPLAINED,                                  \
      "REJECT of packets that open no connection",                                       \
      "The interface tracked no such connection any more, or never saw its request: "    \
      "late packets, or another way there than back.")                                   \
    X(VW_READING_CHANGED, "rules-changed", VW_REPLAY_EXPLAINED,                          \
      "recorded both ways: the rules changed in between",                                \
      "The export shows the later state, or one of the two where the times overlap.")    \
    X(VW_READING_ENCRYPTION, "encryption-control", VW_REPLAY_EXPLAINED,                  \
      "rejected by encryption controls",                                                 \
      "Encryption controls of an endpoint are not part of the export.")                  \
    X(VW_READING_EITHER_WAY, "either-direction", VW_REPLAY_UNDECIDED,                    \
      "request and reply cannot be told apart",                                          \
      "As a reply it agrees, as a request it does not. A log format with tcp-flags "     \
      "tells.")                                                                          \
    X(VW_READING_MIXED, "mixed", VW_REPLAY_UNDECIDED,                                    \
      "ACCEPT and REJECT of the same connection",                                        \
      "Either the rules changed, or the rejected packets came after the connection was " \
      "closed. A log format with tcp-flags tells.")                                      \
    X(VW_READING_WAY_UNKNOWN, "way-unknown", VW_REPLAY_UNDECIDED,                        \
      "ACCEPT where the network ACL denies, if it met it",                               \
      "A hop in the interface's own subnet hands packets over without meeting the "      \
      "network ACL, and the export does not tell which way this one came.")              \
    X(VW_READING_ICMP_TYPE, "icmp-type", VW_REPLAY_UNDECIDED,                            \
      "depends on the ICMP type, which flow logs do not record",                         \
      "Echo and its reply do not explain the record; another type of ICMP would.")       \
    X(VW_READING_NO_INTERFACE, "interface-not-exported", VW_REPLAY_UNDECIDED,            \
      "recorded at an interface that is not in the export",                              \
      "Add describe-network-interfaces of that account and Region to the export.")       \
    X(VW_READING_NO_VANTAGE, "no-interface", VW_REPLAY_UNDECIDED,                        \
      "not recorded at a network interface",                                             \
      "Records of regional NAT gateways tell of no group and no network ACL; others "    \
      "need a log format with interface-id.")                                            \
    X(VW_READING_NO_SENDER, "sender-not-exported", VW_REPLAY_UNDECIDED,                  \
      "recorded at a transit gateway, of a sender that is not in the export",            \
      "Add describe-network-interfaces of the account that has the source address.")     \
    X(VW_READING_GATEWAY_OTHER_WAY, "gateway-other-way", VW_REPLAY_UNDECIDED,            \
      "recorded at a transit gateway, to which the export does not bring it",            \
      "The route tables on its way changed, or its source address is another host's.")   \
    X(VW_READING_GATEWAY_SIZE, "gateway-size", VW_REPLAY_UNDECIDED,                      \
      "lost at the transit gateway for its size or its TTL",                             \
      "A transit gateway carries packets up to 8500 bytes; no export tells of either.")  \
    X(VW_READING_NO_DIRECTION, "direction-unknown", VW_REPLAY_UNDECIDED,                 \
      "whether it left or entered the interface cannot be told",                         \
      "Neither address is the interface's. A log format with flow-direction tells.")     \
    X(VW_READING_NO_ACTION, "no-action", VW_REPLAY_UNDECIDED,                            \
      "the record tells of no decision", "")                                             \
    X(VW_READING_NOT_EXPORTED, "not-exported", VW_REPLAY_UNDECIDED,                      \
      "what decides is not in the export", "")                                           \
    X(VW_READING_NEVER_LOGGED, "never-logged", VW_REPLAY_UNDECIDED,                      \
      "traffic that flow logs do not record",                                            \
      "AWS answers these itself, whatever groups and network ACLs say.")                 \
    X(VW_READING_NO_ROUTE, "no-route", VW_REPLAY_UNDECIDED,                              \
      "REJECT where the sender's own table has no route",                                \
      "What a flow log shows there is not settled; it is no evidence either way.")

enum vw_reading {
#define VW_X(name, slug, result, headline, advice) name,
    VW_READING_LIST(VW_X)
#undef VW_X
};
const char *vw_reading_slug(enum vw_reading reading);
enum vw_replay_result vw_reading_result(enum vw_reading reading);
const char *vw_reading_headline(enum vw_reading reading);
const char *vw_reading_advice(enum vw_reading reading); /* "" where there is none */

#define VW_REPLAY_EXAMPLES 3
#define VW_REPLAY_SERVICES 8

/* Flows of one protocol and, with tcp and udp, one port of the answering side. */
struct vw_replay_service {
    int protocol;
    int32_t port; /* VW_UNRECORDED where the protocol has none */
    uint64_t flows;
};

/* Flows that are read alike and that the same rule decided. */
struct vw_replay_finding {
    enum vw_reading reading;
    enum vw_flow_direction direction; /* at the interface that recorded it */
    const char *eni;                  /* the only one that recorded them, or NULL */
    const char *component; /* what decided: group, ACL, route table, ... or NULL */
    const char *rule;      /* quoted, or NULL */
    struct vw_place_in_export source;
    const char *missing;  /* the command whose output would decide, or NULL */
    const char *sentence; /* what the export says of the first example, or NULL */
    uint64_t flows, records;
    int64_t packets;     /* or VW_UNRECORDED */
    int64_t first, last; /* ns, or VW_TIME_UNKNOWN */
    /* Flows of the same services that the same rule decided and that were recorded as the
     * export says, and when; VW_TIME_UNKNOWN where there are none. */
    uint64_t agreeing;
    int64_t agreeing_first, agreeing_last;
    struct vw_replay_service services[VW_REPLAY_SERVICES];     /* most flows first */
    size_t service_count;                                      /* of those */
    size_t services_all;                                       /* of all */
    const struct vw_observation *examples[VW_REPLAY_EXAMPLES]; /* the earliest */
    size_t example_count;
};

struct vw_replay {
    const struct vw_evidence *evidence;
    uint64_t flows, records;
    uint64_t flows_by_result[VW_REPLAY_RESULTS];
    uint64_t records_by_result[VW_REPLAY_RESULTS];
    uint64_t skipping; /* interfaces of whose logs records were left out: SKIPDATA */
    /* Contradictions first, then explained, then undecided; most flows first. */
    const struct vw_replay_finding *findings;
    size_t finding_count;
    enum vw_conclusion conclusion;
};

/* Replays all flow-log rows of `evidence`; world and evidence must outlive the result. On
 * all processors. 0, VW_ERROR_NO_MEMORY or VW_ERROR_LIMIT. */
int vw_replay_run(const struct vw_world *world, const struct vw_evidence *evidence,
                  struct vw_replay **ret_replay);

/* Accepts NULL. */
void vw_replay_free(struct vw_replay *replay);

#ifdef __cplusplus
}
#endif
#endif
