/* What is used of libpcap, behind one door: libpcap.c. */
#ifndef VW_PACKETS_LIBPCAP_H
#define VW_PACKETS_LIBPCAP_H

#include "packets/capture_file.h"
#include "packets/source.h"

enum { VW_LIBPCAP_SAID = 256 };

struct vw_libpcap;
struct vw_bpf;

/* Loads the library. Where it cannot, a diagnostic tells about `path`. */
int vw_libpcap_create(const char *path, struct vw_diagnostics *diagnostics,
                      struct vw_libpcap **ret_libpcap);
void vw_libpcap_free(struct vw_libpcap *libpcap);

/* Opens a file of libpcap's own format. VW_ERROR_INPUT with what libpcap said. */
int vw_libpcap_open(struct vw_libpcap *libpcap, struct vw_source *source,
                    char ret_said[VW_LIBPCAP_SAID]);

/* Of the opened file. Sets name, link type and snap length of *ret_interface. */
void vw_libpcap_describe(const struct vw_libpcap *libpcap,
                         struct vw_capture_interface *ret_interface, bool *ret_swapped);

/* The next record: time, bytes and sizes of *ret_frame. 1, 0 at the end, or
 * VW_ERROR_INPUT: vw_libpcap_said tells why. */
int vw_libpcap_next(struct vw_libpcap *libpcap, struct vw_frame *ret_frame);
const char *vw_libpcap_said(const struct vw_libpcap *libpcap);

/* Which reader a LINKTYPE_ number takes, and what it is called: sets link, link_name and
 * is_read by link_type. */
void vw_libpcap_link(const struct vw_libpcap *libpcap,
                     struct vw_capture_interface *interface);

/* A BPF expression, compiled for one link type. VW_ERROR_QUESTION with what libpcap said. */
int vw_bpf_compile(const struct vw_libpcap *libpcap, const char *filter, int link_type,
                   struct vw_bpf **ret_bpf, char ret_said[VW_LIBPCAP_SAID]);
bool vw_bpf_matches(const struct vw_libpcap *libpcap, const struct vw_bpf *bpf,
                    const struct vw_frame *frame);
void vw_bpf_free(const struct vw_libpcap *libpcap, struct vw_bpf *bpf);

#endif
