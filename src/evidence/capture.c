/*
 * The one door to libpcap; see capture.h. libpcap knows no compression: it reads from a
 * stream whose bytes come from vw_input_read, which does.
 *
 * libpcap is opened when the first capture is, not when the program starts: Debian's
 * brings D-Bus, systemd and six more libraries along, whose start takes longer than a
 * whole trace of a small export, which reads no capture.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* fopencookie */
#endif
#include "evidence/capture.h"

#include <dlfcn.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/time.h"

enum { MAGIC_SIZE = 4, LAST_SECOND = 2147483647 };

/* What is called of libpcap, without its prefix. */
#define LIBPCAP_CALLS(X)                                                                 \
    X(close)                                                                             \
    X(datalink)                                                                          \
    X(datalink_val_to_name)                                                              \
    X(fopen_offline_with_tstamp_precision)                                               \
    X(geterr)                                                                            \
    X(next_ex)

struct libpcap {
#define X(name) __typeof__(pcap_##name) *name;
    LIBPCAP_CALLS(X)
#undef X
};

struct vw_capture {
    struct libpcap libpcap;
    struct vw_input *input;
    pcap_t *pcap;
    enum vw_link link;
    struct vw_diagnostics *diagnostics;
    char *path;
    uint64_t number;                 /* of the last packet */
    unsigned char magic[MAGIC_SIZE]; /* the file's first bytes */
    size_t magic_size;
};

static ssize_t read_bytes(void *cookie, char *buffer, size_t size)
{
    struct vw_capture *capture = cookie;
    size_t got = 0;
    size_t i;

    if (vw_input_read(capture->input, buffer, size, &got)) {
        errno = EIO;
        return -1;
    }
    for (i = 0; i < got && capture->magic_size < MAGIC_SIZE; i++)
        capture->magic[capture->magic_size++] = (unsigned char)buffer[i];
    return (ssize_t)got;
}

static int refuse(const struct vw_capture *capture, const char *code, const char *why)
{
    vw_diagnose(capture->diagnostics, VW_SEVERITY_ERROR, code,
                (struct vw_place){.file = capture->path}, "%s", why);
    return VW_ERROR_INPUT;
}

/* Why libpcap would not have the file, in better words where they are known. */
static int refuse_format(const struct vw_capture *capture, const char *said)
{
    static const struct {
        const char *magic;
        const char *sentence;
    } packed[] = {
        {"\xfd"
         "7zX",
         "is compressed with xz: unpack it first (xz -d)"},
        {"\x04\x22\x4d\x18", "is compressed with lz4: unpack it first (lz4 -d)"},
        {"BZh9", "is compressed with bzip2: unpack it first (bzip2 -d)"},
    };
    size_t i;

    if (capture->magic_size == 0)
        return refuse(capture, "not-a-capture", "is empty");
    for (i = 0; i < sizeof packed / sizeof *packed; i++)
        if (memcmp(capture->magic, packed[i].magic, MAGIC_SIZE) == 0)
            return refuse(capture, "not-a-capture", packed[i].sentence);
    vw_diagnose(capture->diagnostics, VW_SEVERITY_ERROR, "not-a-capture",
                (struct vw_place){.file = capture->path},
                "cannot be read as a capture: %s", said);
    return VW_ERROR_INPUT;
}

/* The library stays open until the program ends: opening it again then costs nothing. */
static int open_libpcap(struct vw_capture *capture)
{
    /* Debian's name of the same interface, and everyone else's. */
    static const char *const names[] = {"libpcap.so.0.8", "libpcap.so.1"};
    void *library = NULL;
    bool is_whole = true;
    void *call;

    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return refuse(capture, "no-libpcap",
                      "cannot be read: libpcap is not on this machine (Debian: apt-get "
                      "install libpcap0.8)");
#define X(name)                                                                          \
    call = dlsym(library, "pcap_" #name);                                                \
    is_whole = is_whole && call;                                                         \
    memcpy(&capture->libpcap.name, &call, sizeof call);
    LIBPCAP_CALLS(X)
#undef X
    dlclose(library);
    if (!is_whole)
        return refuse(capture, "no-libpcap",
                      "cannot be read: the libpcap of this machine is older than 1.5");
    return 0;
}

static int find_link(struct vw_capture *capture)
{
    static const struct {
        int type;
        enum vw_link link;
    } links[] = {
        {DLT_EN10MB, VW_LINK_ETHERNET}, {DLT_LINUX_SLL, VW_LINK_SLL},
        {DLT_LINUX_SLL2, VW_LINK_SLL2}, {DLT_RAW, VW_LINK_RAW},
        {DLT_IPV4, VW_LINK_IPV4},       {DLT_IPV6, VW_LINK_IPV6},
        {DLT_NULL, VW_LINK_NULL},       {DLT_LOOP, VW_LINK_NULL},
    };
    int type = capture->libpcap.datalink(capture->pcap);
    const char *name = capture->libpcap.datalink_val_to_name(type);
    size_t i;

    for (i = 0; i < sizeof links / sizeof *links; i++) {
        if (links[i].type == type) {
            capture->link = links[i].link;
            return 0;
        }
    }
    vw_diagnose(
        capture->diagnostics, VW_SEVERITY_ERROR, "unsupported-link-type",
        (struct vw_place){.file = capture->path},
        "link type %s (%d) is not read; Ethernet, Linux cooked (SLL, SLL2), raw IP "
        "and loopback are",
        name ? name : "unknown", type);
    return VW_ERROR_INPUT;
}

static int open_pcap(struct vw_capture *capture)
{
    char said[PCAP_ERRBUF_SIZE] = "";
    FILE *stream =
        fopencookie(capture, "rb", (cookie_io_functions_t){.read = read_bytes});

    if (!stream)
        return VW_ERROR_NO_MEMORY;
    capture->pcap = capture->libpcap.fopen_offline_with_tstamp_precision(
        stream, PCAP_TSTAMP_PRECISION_NANO, said);
    if (!capture->pcap) {
        fclose(stream);
        return refuse_format(capture, said);
    }
    return find_link(capture);
}

int vw_capture_open(const char *path, struct vw_diagnostics *diagnostics,
                    struct vw_capture **ret_capture)
{
    struct vw_capture *capture = vw_calloc(1, sizeof *capture);
    int error;

    if (!capture)
        return VW_ERROR_NO_MEMORY;
    capture->diagnostics = diagnostics;
    capture->path = vw_calloc(1, strlen(path) + 1);
    error = capture->path ? vw_input_open(path, diagnostics, &capture->input)
                          : VW_ERROR_NO_MEMORY;
    if (!error) {
        memcpy(capture->path, path, strlen(path));
        error = open_libpcap(capture);
    }
    if (!error)
        error = open_pcap(capture);
    if (error) {
        vw_capture_close(capture);
        return error;
    }
    *ret_capture = capture;
    return 0;
}

void vw_capture_close(struct vw_capture *capture)
{
    if (!capture)
        return;
    if (capture->pcap)
        capture->libpcap.close(capture->pcap);
    vw_input_close(capture->input);
    vw_free(capture->path);
    vw_free(capture);
}

enum vw_link vw_capture_link(const struct vw_capture *capture)
{
    return capture->link;
}

/* The seconds of libpcap's own format have 32 bits, which libpcap takes for signed: from
 * 2038 on they come out negative. A time of 0 is what records without one have (simple
 * packet blocks). With nanosecond precision tv_usec holds nanoseconds, and more than a
 * second of them is passed on as it stands in the file. */
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

int vw_capture_next(struct vw_capture *capture, struct vw_frame *ret_frame)
{
    struct pcap_pkthdr *header;
    const u_char *bytes;
    int status = capture->libpcap.next_ex(capture->pcap, &header, &bytes);

    if (status == PCAP_ERROR_BREAK)
        return 0;
    capture->number++;
    if (status != 1) {
        vw_diagnose(capture->diagnostics, VW_SEVERITY_ERROR, "damaged-capture",
                    (struct vw_place){.file = capture->path, .line = capture->number},
                    "damaged at packet %llu: %s; %s", (unsigned long long)capture->number,
                    capture->libpcap.geterr(capture->pcap),
                    capture->number == 1
                        ? "nothing of it can be used"
                        : "what stands before it is used, and nothing is concluded from "
                          "what is missing");
        return VW_ERROR_INPUT;
    }
    *ret_frame = (struct vw_frame){
        .number = capture->number,
        .time = time_of(header),
        .bytes = bytes,
        .size = header->caplen,
        .wire_size = header->len,
    };
    return 1;
}
