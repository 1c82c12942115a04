/*
 * Capture files, opened and stepped through: libpcap's formats and pcapng, plain or gzip.
 * What the bytes mean is for packet.h, what they prove for capture_flow.h.
 */
#ifndef VW_EVIDENCE_CAPTURE_H
#define VW_EVIDENCE_CAPTURE_H

#include "base/diagnostic.h"
#include "evidence/packet.h"

struct vw_capture;

struct vw_frame {
    uint64_t number;      /* from 1 */
    int64_t time;         /* VW_TIME_UNKNOWN where the record has none */
    const uint8_t *bytes; /* valid until the next call */
    size_t size, wire_size;
};

/* On failure a diagnostic says why (what libpcap said, a link type that is not read). */
int vw_capture_open(const char *path, struct vw_diagnostics *diagnostics,
                    struct vw_capture **ret_capture);

/* Accepts NULL. */
void vw_capture_close(struct vw_capture *capture);

enum vw_link vw_capture_link(const struct vw_capture *capture);

/* The next frame: 1, or 0 at the end, or VW_ERROR_INPUT where the file is damaged, with a
 * diagnostic that gives the number of the packet. */
int vw_capture_next(struct vw_capture *capture, struct vw_frame *ret_frame);

#endif
