/*
 * The one door to libpcap; see libpcap.h. libpcap knows no compression: it reads from a
 * stream whose bytes come from vw_source_read, which does.
 *
 * libpcap is opened when the first capture is, not when the program starts: Debian's
 * brings D-Bus, systemd and six more libraries along, whose start takes longer than a
 * whole trace of a small export, which reads no capture.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* fopencookie */
#endif
#include "packets/libpcap.h"

#include <dlfcn.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/time.h"
#include "packets/savefile.h"

#include <vpcwhy/error.h>

enum { LAST_SECOND = 2147483647, STREAM_BUFFER = 65536, SNAP_MAX = 262144 };

/* What is called of libpcap, without its prefix. */
#define LIBPCAP_CALLS(X)                                                                 \
    X(close)                                                                             \
    X(compile)                                                                           \
    X(datalink)                                                                          \
    X(datalink_val_to_name)                                                              \
    X(fopen_offline_with_tstamp_precision)                                               \
    X(freecode)                                                                          \
    X(geterr)                                                                            \
    X(is_swapped)                                                                        \
    X(next_ex)                                                                           \
    X(offline_filter)                                                                    \
    X(open_dead)                                                                         \
    X(snapshot)

struct vw_libpcap {
#define X(name) __typeof__(pcap_##name) *name;
    LIBPCAP_CALLS(X)
#undef X
    pcap_t *pcap;
    struct vw_savefile savefile;
};

struct vw_bpf {
    struct bpf_program program;
};

/* The library stays open until the program ends: opening it again then costs nothing. */
static bool load(struct vw_libpcap *libpcap, bool *ret_old)
{
    /* Debian's name of the same interface, and everyone else's. */
    static const char *const names[] = {"libpcap.so.0.8", "libpcap.so.1"};
    void *library = NULL;
    bool is_whole = true;
    void *call;

    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return false;
#define X(name)                                                                          \
    call = dlsym(library, "pcap_" #name);                                                \
    is_whole = is_whole && call;                                                         \
    memcpy(&libpcap->name, &call, sizeof call);
    LIBPCAP_CALLS(X)
#undef X
    dlclose(library);
    *ret_old = !is_whole;
    return is_whole;
}

int vw_libpcap_create(const char *path, struct vw_diagnostics *diagnostics,
                      struct vw_libpcap **ret_libpcap)
{
    struct vw_libpcap *libpcap = vw_calloc(1, sizeof *libpcap);
    bool is_old = false;

    if (!libpcap)
        return VW_ERROR_NO_MEMORY;
    if (load(libpcap, &is_old)) {
        *ret_libpcap = libpcap;
        return 0;
    }
    vw_free(libpcap);
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "no-libpcap",
                (struct vw_place){.file = path}, "cannot be read: %s",
                is_old ? "the libpcap of this machine is older than 1.5"
                       : "libpcap is not on this machine (Debian: apt-get install "
                         "libpcap0.8)");
    return VW_ERROR_INPUT;
}

void vw_libpcap_free(struct vw_libpcap *libpcap)
{
    if (!libpcap)
        return;
    if (libpcap->pcap)
        libpcap->close(libpcap->pcap);
    vw_free(libpcap);
}

static ssize_t read_bytes(void *cookie, char *buffer, size_t size)
{
    int64_t got = vw_source_read(cookie, buffer, size);

    if (got < 0)
        errno = EIO;
    return got < 0 ? -1 : (ssize_t)got;
}

static void keep_said(char *ret_said, const char *said)
{
    snprintf(ret_said, VW_LIBPCAP_SAID, "%s", said);
}

int vw_libpcap_open(struct vw_libpcap *libpcap, struct vw_source *source,
                    char ret_said[VW_LIBPCAP_SAID])
{
    char said[PCAP_ERRBUF_SIZE] = "";
    FILE *stream = fopencookie(source, "rb", (cookie_io_functions_t){.read = read_bytes});

    if (!stream)
        return VW_ERROR_NO_MEMORY;
    /* Where records are stepped over, libpcap may not read on behind what it is asked
     * for. */
    libpcap->savefile = vw_savefile_look(source);
    (void)setvbuf(stream, NULL, libpcap->savefile.source ? _IONBF : _IOFBF,
                  STREAM_BUFFER);
    libpcap->pcap = libpcap->fopen_offline_with_tstamp_precision(
        stream, PCAP_TSTAMP_PRECISION_NANO, said);
    if (!libpcap->pcap) {
        fclose(stream);
        keep_said(ret_said, said);
        return VW_ERROR_INPUT;
    }
    vw_savefile_limit(&libpcap->savefile, libpcap->snapshot(libpcap->pcap));
    return 0;
}

void vw_libpcap_describe(const struct vw_libpcap *libpcap,
                         struct vw_capture_interface *ret_interface, bool *ret_swapped)
{
    int snap_length = libpcap->snapshot(libpcap->pcap);

    ret_interface->link_type = libpcap->datalink(libpcap->pcap);
    ret_interface->snap_length = snap_length > 0 ? (uint32_t)snap_length : 0;
    *ret_swapped = libpcap->is_swapped(libpcap->pcap);
    vw_libpcap_link(libpcap, ret_interface);
}

const char *vw_libpcap_said(const struct vw_libpcap *libpcap)
{
    return libpcap->geterr(libpcap->pcap);
}

/* The seconds of libpcap's own format have 32 bits, which libpcap takes for signed: from
 * 2038 on they come out negative. A time of 0 is what records without one have. With
 * nanosecond precision tv_usec holds nanoseconds, and more than a second of them is passed
 * on as it stands in the file. */
static int64_t time_of(const struct pcap_pkthdr *header)
{
    int64_t seconds = header->ts.tv_sec;
    int64_t nanoseconds = header->ts.tv_usec;

    if (seconds == 0 && nanoseconds == 0)
        return VW_TIME_UNKNOWN;
    if (seconds < 0 && seconds >= -(int64_t)LAST_SECOND - 1)
        seconds += INT64_C(1) << 32;
    if (seconds < 0 || seconds > INT64_MAX / VW_SECOND - 1)
        return VW_TIME_UNKNOWN;
    if (nanoseconds < 0 || nanoseconds >= VW_SECOND)
        nanoseconds = VW_SECOND - 1;
    return seconds * VW_SECOND + nanoseconds;
}

int vw_libpcap_next(struct vw_libpcap *libpcap, struct vw_frame *ret_frame)
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int status;

    if (vw_savefile_next(&libpcap->savefile, ret_frame))
        return 1;
    status = libpcap->next_ex(libpcap->pcap, &header, &bytes);
    if (status == PCAP_ERROR_BREAK)
        return 0;
    if (status != 1)
        return VW_ERROR_INPUT;
    ret_frame->time = time_of(header);
    ret_frame->bytes = bytes;
    ret_frame->size = header->caplen;
    ret_frame->wire_size = header->len;
    return 1;
}

/* LINKTYPE_ numbers, and the DLT_ numbers of this machine where they differ: libpcap gives
 * the latter. */
void vw_libpcap_link(const struct vw_libpcap *libpcap,
                     struct vw_capture_interface *interface)
{
    static const struct {
        int type;
        enum vw_link link;
    } links[] = {
        {DLT_EN10MB, VW_LINK_ETHERNET},
        {DLT_LINUX_SLL, VW_LINK_SLL},
        {DLT_LINUX_SLL2, VW_LINK_SLL2},
        {DLT_RAW, VW_LINK_RAW},
        {101, VW_LINK_RAW},
        {14, VW_LINK_RAW},
        {DLT_IPV4, VW_LINK_IPV4},
        {DLT_IPV6, VW_LINK_IPV6},
        {DLT_NULL, VW_LINK_NULL},
        {DLT_LOOP, VW_LINK_NULL},
        {DLT_PPP, VW_LINK_PPP},
        {DLT_PPP_SERIAL, VW_LINK_PPP},
        {DLT_NFLOG, VW_LINK_NFLOG},
    };
    int type = interface->link_type;
    size_t i;

    interface->link_name =
        libpcap->datalink_val_to_name(type == 101 || type == 14 ? DLT_RAW : type);
    for (i = 0; i < sizeof links / sizeof *links; i++) {
        if (links[i].type == type) {
            interface->link = links[i].link;
            interface->is_read = true;
            return;
        }
    }
}

int vw_bpf_compile(const struct vw_libpcap *libpcap, const char *filter, int link_type,
                   struct vw_bpf **ret_bpf, char ret_said[VW_LIBPCAP_SAID])
{
    int type = link_type == 101 || link_type == 14 ? DLT_RAW : link_type;
    struct vw_bpf *bpf = vw_calloc(1, sizeof *bpf);
    pcap_t *dead = bpf ? libpcap->open_dead(type, SNAP_MAX) : NULL;
    int error = dead ? 0 : VW_ERROR_NO_MEMORY;

    if (!error &&
        libpcap->compile(dead, &bpf->program, filter, 1, PCAP_NETMASK_UNKNOWN)) {
        keep_said(ret_said, libpcap->geterr(dead));
        error = VW_ERROR_QUESTION;
    }
    if (dead)
        libpcap->close(dead);
    if (error) {
        vw_free(bpf);
        return error;
    }
    *ret_bpf = bpf;
    return 0;
}

bool vw_bpf_matches(const struct vw_libpcap *libpcap, const struct vw_bpf *bpf,
                    const struct vw_frame *frame)
{
    struct pcap_pkthdr header = {.caplen = (bpf_u_int32)frame->size,
                                 .len = (bpf_u_int32)frame->wire_size};

    return libpcap->offline_filter(&bpf->program, &header, frame->bytes) != 0;
}

void vw_bpf_free(const struct vw_libpcap *libpcap, struct vw_bpf *bpf)
{
    if (!bpf)
        return;
    libpcap->freecode(&bpf->program);
    vw_free(bpf);
}
