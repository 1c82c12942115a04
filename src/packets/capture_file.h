/*
 * Capture files, opened and stepped through: libpcap's format through libpcap, pcapng by a
 * reader of our own, since libpcap refuses interfaces that differ and keeps their names,
 * directions, drop counts and windows to itself. Plain, gzip or zstd. What the bytes mean
 * is for packet.h.
 */
#ifndef VW_PACKETS_CAPTURE_FILE_H
#define VW_PACKETS_CAPTURE_FILE_H

#include "base/arena.h"
#include "base/diagnostic.h"
#include "packets/packet.h"

struct vw_capture_file;

struct vw_frame {
    uint64_t number; /* from 1, of all packets of the file */
    int64_t time;    /* VW_TIME_UNKNOWN where the record has none */
    enum vw_link link;
    uint32_t interface;               /* index into the file's interfaces */
    enum vw_flow_direction direction; /* as the record tells it */
    const uint8_t *bytes;             /* valid until the next call */
    size_t size, wire_size;
};

/* A place at which packets were taken: one in libpcap's format, many in pcapng. Texts are
 * of the file, as they came, or NULL. */
struct vw_capture_interface {
    const char *name, *filter;
    int link_type;         /* LINKTYPE_ number */
    const char *link_name; /* "EN10MB", or NULL where nobody knows it */
    bool is_read;          /* whether that link type is */
    enum vw_link link;
    uint32_t snap_length; /* 0: none told */
    uint64_t packets;
    uint64_t dropped; /* by the interface, the system or the writer, where it is told */
    bool has_statistics;              /* it is told how many were dropped, be it none */
    int64_t window_start, window_end; /* of an interface statistics block, or UNKNOWN */
};

struct vw_capture_file_facts {
    const char *format; /* "pcap", "pcapng" */
    bool is_swapped;    /* bytes in the other order than this machine's */
    const struct vw_capture_interface *interfaces;
    size_t interface_count;
    uint64_t packets;  /* whatever the filter said */
    uint64_t filtered; /* left out by the filter */
    uint64_t unread;   /* of interfaces whose link type is not read */
};

/* `filter` is a BPF expression, or NULL. On failure a diagnostic says why (what libpcap
 * said, a link type that is not read). */
int vw_capture_file_open(const char *path, const char *filter,
                         struct vw_diagnostics *diagnostics,
                         struct vw_capture_file **ret_file);

/* Accepts NULL. */
void vw_capture_file_close(struct vw_capture_file *file);

/* The next frame that the filter lets through: 1, or 0 at the end, or VW_ERROR_INPUT where
 * the file is damaged, with a diagnostic that gives the number of the packet. */
int vw_capture_file_next(struct vw_capture_file *file, struct vw_frame *ret_frame);

/* The packet in a frame, with the interface and the direction that the frame tells where
 * the packet does not. */
void vw_frame_decode(const struct vw_frame *frame, struct vw_packet *ret_packet);

/* As known so far; valid until the next call. */
struct vw_capture_file_facts vw_capture_file_facts(const struct vw_capture_file *file);

#endif
