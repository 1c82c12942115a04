/*
 * A trace: the walk of a packet (or of a whole box of packets: prefixes, port ranges)
 * there and back, every step with the rule that decided and the place where it stands in
 * the export. All text belongs to the trace and lives until vw_trace_free; it is UTF-8 as
 * it came from the export, so escape it at the writer.
 */
#ifndef VPCWHY_TRACE_H
#define VPCWHY_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/address.h>
#include <vpcwhy/diagnostic.h>
#include <vpcwhy/evidence.h>
#include <vpcwhy/reason.h>
#include <vpcwhy/world.h>

#ifdef __cplusplus
extern "C" {
#endif

/* name, slug */
#define VW_VERDICT_LIST(X)                                                               \
    X(VW_VERDICT_REACHABLE, "reachable")                                                 \
    X(VW_VERDICT_BLOCKED, "blocked")                                                     \
    X(VW_VERDICT_PARTIAL, "partial")                                                     \
    X(VW_VERDICT_UNKNOWN, "unknown")

enum vw_verdict {
#define VW_X(name, slug) name,
    VW_VERDICT_LIST(VW_X)
#undef VW_X
};
const char *vw_verdict_slug(enum vw_verdict verdict);

enum vw_direction { VW_FORWARD, VW_RETURN };
const char *vw_direction_slug(enum vw_direction direction); /* "forward", "return" */

/* What a step did to the packet. name, slug, whether the packet goes on */
#define VW_DECISION_LIST(X)                                                              \
    X(VW_DECISION_ALLOW, "allow", true)         /* a filter let it pass */               \
    X(VW_DECISION_DENY, "deny", false)          /* a filter dropped it */                \
    X(VW_DECISION_FORWARD, "forward", true)     /* a router or gateway passed it on */   \
    X(VW_DECISION_DROP, "drop", false)          /* a router or gateway dropped it */     \
    X(VW_DECISION_TRANSLATE, "translate", true) /* passed on with another address */     \
    X(VW_DECISION_DELIVER, "deliver", true) /* handed to the host, or out of sight */    \
    X(VW_DECISION_SKIP, "skip", true)       /* not consulted, and why */                 \
    X(VW_DECISION_UNKNOWN, "unknown", true) /* cannot be said from the export */

enum vw_decision {
#define VW_X(name, slug, passes) name,
    VW_DECISION_LIST(VW_X)
#undef VW_X
};
const char *vw_decision_slug(enum vw_decision decision);

/* The component of a step. name, slug, words */
#define VW_STEP_LIST(X)                                                                  \
    X(VW_STEP_INSTANCE, "instance", "instance")                                          \
    X(VW_STEP_INTERFACE, "network-interface", "network interface")                       \
    X(VW_STEP_HOST, "host", "inside the host")                                           \
    X(VW_STEP_SECURITY_GROUP, "security-group", "security group")                        \
    X(VW_STEP_NETWORK_ACL, "network-acl", "network ACL")                                 \
    X(VW_STEP_ROUTE_TABLE, "route-table", "route table")                                 \
    X(VW_STEP_INTERNET_GATEWAY, "internet-gateway", "internet gateway")                  \
    X(VW_STEP_EGRESS_ONLY_GATEWAY, "egress-only-internet-gateway",                       \
      "egress-only gateway")                                                             \
    X(VW_STEP_PEERING, "vpc-peering-connection", "VPC peering")                          \
    X(VW_STEP_NAT_GATEWAY, "nat-gateway", "NAT gateway")                                 \
    X(VW_STEP_TRANSIT_GATEWAY, "transit-gateway", "transit gateway")                     \
    X(VW_STEP_TRANSIT_TABLE, "transit-gateway-route-table", "TGW route table")           \
    X(VW_STEP_TRANSIT_ATTACHMENT, "transit-gateway-attachment", "TGW attachment")        \
    X(VW_STEP_VPN_GATEWAY, "virtual-private-gateway", "VPN gateway")                     \
    X(VW_STEP_VPN_CONNECTION, "vpn-connection", "VPN connection")                        \
    X(VW_STEP_DIRECT_CONNECT_GATEWAY, "direct-connect-gateway", "Direct Connect")        \
    X(VW_STEP_CUSTOMER_NETWORK, "customer-network", "customer network")                  \
    X(VW_STEP_LOAD_BALANCER, "load-balancer", "load balancer")                           \
    X(VW_STEP_MIDDLEBOX, "middlebox", "middlebox")                                       \
    X(VW_STEP_VPC_ENDPOINT, "vpc-endpoint", "VPC endpoint")                              \
    X(VW_STEP_FIREWALL, "network-firewall", "network firewall")                          \
    X(VW_STEP_AWS_SERVICE, "aws-service", "AWS service")                                 \
    X(VW_STEP_SUBNET, "subnet", "subnet")                                                \
    X(VW_STEP_VPC, "vpc", "VPC")                                                         \
    X(VW_STEP_INTERNET, "internet", "internet")                                          \
    X(VW_STEP_OTHER, "other", "component")

enum vw_step_kind {
#define VW_X(name, slug, words) name,
    VW_STEP_LIST(VW_X)
#undef VW_X
};
const char *vw_step_kind_slug(enum vw_step_kind kind);
const char *vw_step_kind_words(enum vw_step_kind kind);

/* A place in the export; both NULL where a step has none. */
struct vw_place_in_export {
    const char *file;
    const char *pointer;
};

/* One field of the rule that decided, in the export's own words where it has them. */
struct vw_fact {
    const char *key;
    const char *value;
    bool is_number; /* write it into JSON without quotes */
};

/* The packets of a step as they met the component, translated addresses and all. For ICMP
 * `source_ports` is the type and `ports` the code. Family VW_FAMILY_NONE: not told. */
struct vw_step_packet {
    struct vw_address_range source;
    struct vw_address_range destination;
    struct vw_port_range source_ports;
    struct vw_port_range ports;
    int protocol;
};

struct vw_step {
    enum vw_step_kind kind;
    enum vw_decision decision;
    enum vw_reason reason;      /* VW_REASON_NONE where the packet goes on */
    const char *component;      /* id, or "internet" */
    const char *component_name; /* Name tag, or NULL */
    const char *rule_text;      /* the deciding rule quoted in a line, or NULL */
    const struct vw_fact *facts;
    size_t fact_count;
    struct vw_place_in_export source;
    const char *missing; /* of an unknown: the command whose output is missing, or NULL */
    const char *sentence;
    struct vw_step_packet packet;
    const char *vpc; /* where the packet was, or NULL */
    const char *subnet;
    enum vw_flow_direction side; /* of a security group or network ACL: which rules */
    const char *const *groups; /* ids of all the groups that decided together, or NULL */
    size_t group_count;
};

/* Forward or return. `hypothetical`: the request did not arrive, and this is what would
 * have met the reply if it had. */
struct vw_leg {
    enum vw_verdict verdict;
    bool walked; /* false: --one-way, or no reply is due */
    bool hypothetical;
    const struct vw_step *steps;
    size_t step_count;
};

/* Something that stops the traffic. `component` is the object whose change mends it. */
struct vw_blocker {
    enum vw_direction direction;
    enum vw_reason reason;
    const char *component;
    const char *sentence;
    struct vw_place_in_export source;
    const struct vw_step *step; /* as the first packets met it */
};

/* Something that decides and cannot be known. `missing` is the command whose output is
 * not in the export, or NULL where the component itself is not modelled. */
struct vw_unknown {
    enum vw_direction direction;
    enum vw_reason reason;
    const char *component;
    const char *sentence;
    const char *missing;
    const struct vw_step *step; /* as the first packets met it */
};

struct vw_prefix_set {
    const struct vw_prefix *items;
    size_t count;
};

struct vw_port_set {
    const struct vw_port_range *items;
    size_t count;
};

/* A part of the question whose packets all fare alike: every combination of its sets. For
 * ICMP the port sets are empty. */
struct vw_piece {
    struct vw_prefix_set from;
    struct vw_prefix_set to;
    struct vw_port_set source_ports;
    struct vw_port_set ports;
    enum vw_verdict verdict;
    const struct vw_blocker *const *blockers; /* into the trace's blockers */
    size_t blocker_count;
    const struct vw_unknown *const *unknowns; /* into the trace's unknowns */
    size_t unknown_count;
    struct vw_leg forward; /* of one packet of the piece */
    struct vw_leg reply;
};

/* Commands that together make the traffic pass, with the sentence that says what they do.
 * `proved`: they were applied to a copy of the world and the walk passed there and
 * back. */
struct vw_fix {
    const char *sentence;
    const char *const *commands;
    size_t command_count;
    bool proved;
};

/* What a witness must show. `end` is the end of the flow it stands at. */
enum vw_end { VW_END_A, VW_END_B };

enum vw_expectation {
    VW_EXPECT_ACCEPT,
    VW_EXPECT_REJECT,
    VW_EXPECT_NONE,    /* flow log: no record */
    VW_EXPECT_PRESENT, /* capture, ping: seen */
    VW_EXPECT_ABSENT
};
const char *vw_expectation_slug(enum vw_expectation expectation);

/* Whose doing a predicted presence also is: a reply needs a host that answers. */
struct vw_prediction {
    enum vw_evidence_kind vantage; /* flow log, capture or ping */
    enum vw_end end;
    const char *eni;                  /* or NULL: outside the export */
    enum vw_flow_direction direction; /* at that interface */
    enum vw_direction flow;           /* VW_FORWARD: record A->B, VW_RETURN: B->A */
    enum vw_expectation expect;
    bool needs_answer;                     /* present only if B's host answers */
    struct vw_address source, destination; /* as that vantage sees them */
    const char *sentence;
};

struct vw_question {
    const char *from;
    const char *to;
    int protocol;   /* IANA number, or -1: ICMP echo by address family, tcp with a port */
    bool has_ports; /* `ports` was asked */
    bool has_source_ports;
    struct vw_port_range ports;
    struct vw_port_range source_ports;
    int icmp_type; /* or -1: echo request */
    int icmp_code; /* or -1 */
    bool one_way;
};

/* "icmp", "icmpv6", "tcp", "udp" or a number from 0 to 255. */
bool vw_protocol_parse(const char *text, int *ret_protocol);
/* The name, or the number as text, in `buffer`. */
const char *vw_protocol_format(int protocol, char buffer[16]);

/* An end of the question as it was understood; NULL where it does not apply. */
struct vw_trace_end {
    const char *asked;
    const char *address; /* one address, a prefix, or "internet" */
    const char *public_address;
    const char *eni;
    const char *instance;
    const char *name;
    const char *subnet;
    const char *vpc;
};

struct vw_trace_input {
    const char *file;
    const char *sha256;
};

struct vw_trace {
    struct vw_trace_end from;
    struct vw_trace_end to;
    int protocol;
    struct vw_port_range ports; /* of tcp, udp and other protocols with ports */
    struct vw_port_range source_ports;
    bool has_ports;           /* the protocol has ports */
    int icmp_type, icmp_code; /* -1 for other protocols and for "any" */
    bool one_way;
    bool is_set; /* more than one packet was asked for */
    enum vw_verdict verdict;
    struct vw_leg forward; /* of the piece that explains the verdict best */
    struct vw_leg reply;
    const struct vw_piece *pieces;
    size_t piece_count;                /* at least 1 */
    const struct vw_blocker *blockers; /* of all pieces, each once */
    size_t blocker_count;
    const struct vw_unknown *unknowns;
    size_t unknown_count;
    const struct vw_fix *fixes;
    size_t fix_count;
    const char *const *assumptions;
    size_t assumption_count;
    const struct vw_prediction *predictions; /* for single packets only */
    size_t prediction_count;
    const struct vw_trace_input *inputs;
    size_t input_count;
};

/* Answers `question`. What is wrong with a question (no such endpoint, an address that
 * several interfaces own) is a diagnostic and VW_ERROR_QUESTION. */
int vw_trace_run(const struct vw_world *world, const struct vw_question *question,
                 struct vw_diagnostics *diagnostics, struct vw_trace **ret_trace);

/* Accepts NULL. */
void vw_trace_free(struct vw_trace *trace);

#ifdef __cplusplus
}
#endif
#endif
