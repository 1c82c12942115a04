/*
 * Evidence: what was recorded. Flow logs, packet captures, ping and nmap transcripts are
 * all read into one table of observations, each saying who saw what: vantage, direction,
 * addresses, protocol, ports, action, times and counts. Nothing here knows the exported
 * network; crosscheck.h compares the two.
 */
#ifndef VPCWHY_EVIDENCE_H
#define VPCWHY_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/address.h>
#include <vpcwhy/diagnostic.h>

#ifdef __cplusplus
extern "C" {
#endif

/* name, slug, what it is called in a sentence */
#define VW_EVIDENCE_KIND_LIST(X)                                                         \
    X(VW_EVIDENCE_FLOW_LOG, "flow-log", "flow log")                                      \
    X(VW_EVIDENCE_CAPTURE, "capture", "capture")                                         \
    X(VW_EVIDENCE_PING, "ping", "ping transcript")                                       \
    X(VW_EVIDENCE_NMAP, "nmap", "nmap output")                                           \
    X(VW_EVIDENCE_ROUTE, "traceroute", "route trace")                                    \
    X(VW_EVIDENCE_CONNECT, "connect", "connection attempt")

enum vw_evidence_kind {
#define VW_X(name, slug, noun) name,
    VW_EVIDENCE_KIND_LIST(VW_X)
#undef VW_X
};
const char *vw_evidence_kind_slug(enum vw_evidence_kind kind);
const char *vw_evidence_kind_noun(enum vw_evidence_kind kind);
/* What a program printed that ran at A. */
bool vw_evidence_is_transcript(enum vw_evidence_kind kind);

/* Relative to the vantage's interface; UNKNOWN where the record does not tell. */
enum vw_flow_direction {
    VW_FLOW_DIRECTION_UNKNOWN,
    VW_FLOW_DIRECTION_EGRESS,
    VW_FLOW_DIRECTION_INGRESS
};

/* What a flow log decided; SEEN for the kinds that only see packets. */
enum vw_flow_action { VW_FLOW_ACTION_SEEN, VW_FLOW_ACTION_ACCEPT, VW_FLOW_ACTION_REJECT };

/* Why a transit gateway lost packets: name, slug (the field is packets-lost-SLUG) */
#define VW_LOST_LIST(X)                                                                  \
    X(VW_LOST_NO_ROUTE, "no-route")                                                      \
    X(VW_LOST_BLACKHOLE, "blackhole")                                                    \
    X(VW_LOST_MTU_EXCEEDED, "mtu-exceeded")                                              \
    X(VW_LOST_TTL_EXPIRED, "ttl-expired")

enum vw_lost {
#define VW_X(name, slug) name,
    VW_LOST_LIST(VW_X)
#undef VW_X
        VW_LOST_COUNT
};

/* A number that the record does not carry. */
#define VW_UNRECORDED (-1)
/* No time known. */
#define VW_TIME_UNKNOWN INT64_MIN

/*
 * One direction of one flow at one vantage, summed over its records (packets, for a
 * capture). Two rows never agree in all of: kind, file, vantage, direction, addresses,
 * protocol, ports, ICMP type and code, action. The file does not part rows of flow logs:
 * they sum up over all files, and show file and line of their first record.
 *
 * A ping transcript gives a row "source -> target, type 8" whose packets are the requests
 * known to have been sent, and a row "replier -> source, type 0" for the answers; an
 * error it printed is a row of its own ICMP type and code from the host that reported it.
 * Its own address, where the transcript does not tell it, is of VW_FAMILY_NONE. nmap
 * gives a row for the probe and, for open and closed ports, one for the answer, with
 * SYN-ACK (18) or RST (4) in tcp_flags; so do connection attempts (nc, curl). A route
 * trace gives a row for its probes, one for each router that answered (its ICMP type and
 * code), and one for the target's answers.
 */
struct vw_observation {
    enum vw_evidence_kind kind;
    const char *file;
    uint64_t line;       /* of the first record; frame number in a capture; 0: none */
    const char *vantage; /* "eni-..." (flow log), endpoint as given (capture), or NULL */
    enum vw_flow_direction direction;
    struct vw_address source, destination; /* as the interface saw them */
    struct vw_address packet_source,
        packet_destination;                /* pkt-*: family NONE if absent */
    int protocol;                          /* IANA number */
    int32_t source_port, destination_port; /* VW_UNRECORDED for ICMP */
    int32_t icmp_type, icmp_code;          /* VW_UNRECORDED in flow logs */
    enum vw_flow_action action;
    int32_t tcp_flags;         /* OR of all records that carry them, or VW_UNRECORDED */
    const char *reject_reason; /* "BPA", "EC" or NULL */
    int64_t first, last;       /* ns since 1970, or VW_TIME_UNKNOWN */
    uint64_t records;
    int64_t packets, bytes; /* VW_UNRECORDED if no record carried them */
    /* Echo: the lowest and highest sequence number seen and how many distinct numbers in
     * between were not (replies only: how many requests of the series went unanswered);
     * all VW_UNRECORDED where there are none. */
    int64_t first_sequence, last_sequence, missing_sequences;
    /* Flow logs: the codes of traffic-path met (bit N: code N; bit 0: one above 15), the
     * next hop's interface (of several, the first in byte order; NULL: none told), and
     * what a transit gateway lost, each VW_UNRECORDED if no record carried it. */
    uint32_t traffic_paths;
    const char *next_hop;
    int64_t lost[VW_LOST_COUNT];
};

/* How far a vantage's silence can be trusted. One a file and vantage. */
struct vw_coverage {
    enum vw_evidence_kind kind;
    const char *file;
    const char *vantage;
    int64_t first, last; /* of all records, whatever they say; or VW_TIME_UNKNOWN */
    uint64_t records;    /* usable records (packets, lines) of this vantage */
    uint64_t no_data;    /* NODATA records */
    uint64_t skip_data;  /* SKIPDATA records: something was left out */
    uint64_t damaged;    /* lines or packets that could not be used */
    bool cut;            /* the file ends in the middle, or packets were dropped */
    bool accept_only, reject_only; /* log stream "...-accept" or "...-reject" */
    int64_t interval; /* longest aggregation window seen, ns; 0 where there is none */
};

struct vw_evidence;

/* Only records that touch [since, until] are taken; VW_TIME_UNKNOWN for an open end.
 * Records without a time are always taken. NULL when out of memory. */
struct vw_evidence *vw_evidence_create(int64_t since, int64_t until);
void vw_evidence_free(struct vw_evidence *evidence);

/* Asked for the LogFormat of files without a header line where none is given with them, by
 * path and log stream (size 0: not known): see vw_world_log_format. NULL: not known. One
 * call at a time. */
typedef const char *vw_evidence_format_finder(void *data, const char *path,
                                              const char *stream, size_t stream_size);
void vw_evidence_find_formats(struct vw_evidence *evidence,
                              vw_evidence_format_finder *finder, void *data);

/* Called now and then while flow logs are read: `total` bytes of the files, `done` of them
 * read. NULL ends it. */
typedef void vw_evidence_progress(void *data, uint64_t done, uint64_t total);
void vw_evidence_tell_progress(struct vw_evidence *evidence,
                               vw_evidence_progress *progress, void *data);

/* Shown every record as it is read (each packet of a capture), before records are summed
 * up; `record` is valid during the call. 0, or negative to end the reading. */
typedef int vw_evidence_watcher(void *data, const struct vw_observation *record);

/* One watcher at a time; NULL ends it. */
void vw_evidence_watch(struct vw_evidence *evidence, vw_evidence_watcher *watcher,
                       void *data);

/*
 * Read a file, or every file of a tree, into `evidence`. 0 where anything could be read;
 * VW_ERROR_INPUT where nothing could, with the reason in `diagnostics` (which may be
 * NULL); faults of single lines and packets are diagnostics too, counted in the coverage,
 * and never end the run.
 */

/* Flow logs in every shape that they are kept in, of VPCs and of transit gateways (there
 * the vantage is the attachment), or a table of flows that was added up before (flows.h).
 * `format` is the LogFormat of files without a header line, such as
 * "${version} ${account-id} ...", or NULL. */
int vw_evidence_read_flow_logs(struct vw_evidence *evidence, const char *path,
                               const char *format, struct vw_diagnostics *diagnostics);

/* A capture taken at `endpoint` (any text: an address, "i-...", "eni-..."; copied). */
int vw_evidence_read_capture(struct vw_evidence *evidence, const char *endpoint,
                             const char *path, struct vw_diagnostics *diagnostics);

/* What was printed by ping (Linux iputils, macOS and BSD, busybox, Windows), nmap (normal
 * output), traceroute, tracepath, tracert, mtr (report and JSON), nc, ncat, curl -v, ssh
 * and telnet; recognised by content, several in one file. */
int vw_evidence_read_transcript(struct vw_evidence *evidence, const char *path,
                                struct vw_diagnostics *diagnostics);

/* What files are evidence of, as their first bytes tell. */
enum vw_evidence_form {
    VW_FORM_UNKNOWN, /* of nothing that is read here */
    VW_FORM_FLOW_LOG,
    VW_FORM_CAPTURE,
    VW_FORM_TRANSCRIPT,
    VW_FORM_EVENTS /* of CloudTrail: timeline.h reads them */
};
/* `path` lives until the call is over. Nonzero ends it. */
typedef int vw_evidence_form_taker(void *context, const char *path,
                                   enum vw_evidence_form form);

/* Tells what a file is evidence of; of a folder, as a whole where all of it is the same,
 * else file by file. 0, what `take` came to, or VW_ERROR_INPUT where the path cannot be
 * read, with a diagnostic. */
int vw_evidence_recognise(const char *path, struct vw_diagnostics *diagnostics,
                          vw_evidence_form_taker *take, void *context);

/* The rows: those of flow logs in the order of the files and lines they are shown to come
 * from, then the others in the order in which each was first seen. Pointers are valid
 * until the next vw_evidence_read_... Any number of threads may ask. */
size_t vw_evidence_count(const struct vw_evidence *evidence);
const struct vw_observation *vw_evidence_get(const struct vw_evidence *evidence,
                                             size_t index);

/* The same, written into *ret. A flow log's rows are kept in a third of the room: who looks
 * at very many of them and keeps few takes a copy here, and nothing is kept. */
void vw_evidence_copy(const struct vw_evidence *evidence, size_t index,
                      struct vw_observation *ret);

/* Between whom the packets of a row went: pkt-srcaddr and pkt-dstaddr where they are
 * recorded. */
struct vw_observation_ends {
    enum vw_evidence_kind kind;
    struct vw_address source, destination;
    int32_t source_port, destination_port; /* or VW_UNRECORDED */
    int protocol;                          /* or VW_UNRECORDED */
};
struct vw_observation_ends vw_observation_ends_of(const struct vw_observation *row);

/* The ends of a row, which take less time than all of it. */
void vw_evidence_ends(const struct vw_evidence *evidence, size_t index,
                      struct vw_observation_ends *ret);

/* Have the row fetched from memory, for vw_evidence_copy or vw_evidence_ends some rows
 * later; and where it stands, for vw_evidence_prefetch some rows later. */
void vw_evidence_prefetch(const struct vw_evidence *evidence, size_t index);
void vw_evidence_prefetch_place(const struct vw_evidence *evidence, size_t index);

enum vw_evidence_kind vw_evidence_kind(const struct vw_evidence *evidence, size_t index);

/* Whether memory was out in vw_evidence_get, which then gave a row of nothing. */
bool vw_evidence_failed(const struct vw_evidence *evidence);

size_t vw_evidence_coverage_count(const struct vw_evidence *evidence);
const struct vw_coverage *vw_evidence_coverage_get(const struct vw_evidence *evidence,
                                                   size_t index);

#ifdef __cplusplus
}
#endif
#endif
