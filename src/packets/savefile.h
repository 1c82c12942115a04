/*
 * Records of libpcap's own format, stepped over where they stand. libpcap has opened the
 * file, and says what its link type and snap length are; it also takes every record that is
 * not as most are, from the same place of the same source: a file of another byte order or
 * version, a record that breaks off or is longer than it may be. So nothing is judged here:
 * what libpcap would copy record by record is only handed out without the copy.
 * https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-04.html
 */
#ifndef VW_PACKETS_SAVEFILE_H
#define VW_PACKETS_SAVEFILE_H

#include "packets/capture_file.h"
#include "packets/source.h"

struct vw_savefile {
    struct vw_source *source; /* NULL: all records are libpcap's */
    uint32_t size_most;       /* bytes of a record; the snap length */
    uint32_t tick;            /* ns, of the part of a second */
};

/* Looks at the first bytes of the source, and takes none: whether records can be stepped
 * over. */
struct vw_savefile vw_savefile_look(struct vw_source *source);

/* Records of more bytes than libpcap's snap length are left to it. */
void vw_savefile_limit(struct vw_savefile *savefile, int snap_length);

/* The next record: time, bytes and sizes of *ret_frame. False where it is libpcap's turn;
 * nothing has been taken then. */
bool vw_savefile_next(const struct vw_savefile *savefile, struct vw_frame *ret_frame);

#endif
