/* Which reader a file takes, what is left out of it, and its packets' numbers; see
 * capture_file.h. */
#include "packets/capture_file.h"

#include <string.h>

#include "base/memory.h"
#include "packets/libpcap.h"
#include "packets/pcapng.h"

#include <vpcwhy/error.h>

enum { MAGIC_SIZE = 4 };

struct bpf_programs VW_ARRAY(struct vw_bpf *);

struct vw_capture_file {
    const char *path, *filter;
    struct vw_diagnostics *diagnostics;
    struct vw_arena arena;
    struct vw_source source;
    struct vw_libpcap *libpcap;
    bool is_pcapng, is_swapped;
    struct vw_pcapng pcapng;
    struct vw_capture_interface interface; /* of libpcap's format */
    struct bpf_programs programs;          /* of each interface, NULL where unread */
    uint64_t number, filtered, unread;
    bool is_over; /* ended or damaged */
};

static int refuse(const struct vw_capture_file *file, const char *code, const char *why)
{
    vw_diagnose(file->diagnostics, VW_SEVERITY_ERROR, code,
                (struct vw_place){.file = file->path}, "%s", why);
    return VW_ERROR_INPUT;
}

/* Why libpcap would not have the file, in better words where they are known. */
static int refuse_format(const struct vw_capture_file *file, const uint8_t *magic,
                         const char *said)
{
    static const struct {
        const char *magic;
        const char *sentence;
    } packed[] = {
        {"\xfd"
         "7zX",
         "is compressed with xz: unpack it first (xz -d)"},
        {"\x28\xb5\x2f\xfd", "is compressed with zstd: unpack it first (zstd -d)"},
        {"\x04\x22\x4d\x18", "is compressed with lz4: unpack it first (lz4 -d)"},
        {"BZh9", "is compressed with bzip2: unpack it first (bzip2 -d)"},
    };
    size_t i;

    for (i = 0; i < sizeof packed / sizeof *packed; i++)
        if (memcmp(magic, packed[i].magic, MAGIC_SIZE) == 0)
            return refuse(file, "not-a-capture", packed[i].sentence);
    vw_diagnose(file->diagnostics, VW_SEVERITY_ERROR, "not-a-capture",
                (struct vw_place){.file = file->path}, "cannot be read as a capture: %s",
                said);
    return VW_ERROR_INPUT;
}

static void tell_unread(const struct vw_capture_file *file,
                        const struct vw_capture_interface *interface)
{
    vw_diagnose(file->diagnostics, VW_SEVERITY_ERROR, "unsupported-link-type",
                (struct vw_place){.file = file->path},
                "link type %s (%d)%s%s is not read; Ethernet, Linux cooked (SLL, SLL2), "
                "raw IP, loopback, PPP and NFLOG are",
                interface->link_name ? interface->link_name : "unknown",
                interface->link_type, interface->name ? " of interface " : "",
                interface->name ? interface->name : "");
}

/* The filter, for an interface that has become known. */
static int add_program(struct vw_capture_file *file,
                       const struct vw_capture_interface *interface)
{
    char said[VW_LIBPCAP_SAID] = "";
    struct vw_bpf *bpf = NULL;
    int error = 0;

    if (!interface->is_read)
        tell_unread(file, interface);
    if (!file->filter)
        return 0;
    if (interface->is_read)
        error =
            vw_bpf_compile(file->libpcap, file->filter, interface->link_type, &bpf, said);
    if (error == VW_ERROR_QUESTION)
        vw_diagnose(file->diagnostics, VW_SEVERITY_ERROR, "filter-not-understood",
                    (struct vw_place){.file = file->path},
                    "filter \"%s\" does not compile for link type %s: %s", file->filter,
                    interface->link_name ? interface->link_name : "unknown", said);
    if (!error && vw_array_push(&file->programs, bpf)) {
        vw_bpf_free(file->libpcap, bpf);
        error = VW_ERROR_NO_MEMORY;
    }
    return error;
}

static int open_pcap(struct vw_capture_file *file, const uint8_t magic[MAGIC_SIZE])
{
    char said[VW_LIBPCAP_SAID] = "";
    int error = vw_libpcap_open(file->libpcap, &file->source, said);

    if (error == VW_ERROR_INPUT)
        return refuse_format(file, magic, said);
    if (error)
        return error;
    file->interface.window_start = file->interface.window_end = VW_TIME_UNKNOWN;
    vw_libpcap_describe(file->libpcap, &file->interface, &file->is_swapped);
    error = add_program(file, &file->interface);
    return !error && !file->interface.is_read ? VW_ERROR_INPUT : error;
}

static int open_source(struct vw_capture_file *file)
{
    uint8_t magic[MAGIC_SIZE] = {0};
    const uint8_t *bytes = NULL;
    int error = vw_source_open(&file->source, file->path, file->diagnostics);
    int64_t got = error ? error : vw_source_peek(&file->source, MAGIC_SIZE, &bytes);

    if (got < 0)
        return (int)got;
    if (got == 0 || !bytes)
        return refuse(file, "not-a-capture", "is empty");
    memcpy(magic, bytes, (size_t)got);
    error = vw_libpcap_create(file->path, file->diagnostics, &file->libpcap);
    if (error)
        return error;
    file->is_pcapng = memcmp(magic, "\n\r\r\n", MAGIC_SIZE) == 0;
    if (!file->is_pcapng)
        return open_pcap(file, magic);
    file->pcapng.source = &file->source;
    file->pcapng.arena = &file->arena;
    return 0;
}

int vw_capture_file_open(const char *path, const char *filter,
                         struct vw_diagnostics *diagnostics,
                         struct vw_capture_file **ret_file)
{
    struct vw_capture_file *file = vw_calloc(1, sizeof *file);
    int error = VW_ERROR_NO_MEMORY;

    if (!file)
        return VW_ERROR_NO_MEMORY;
    file->diagnostics = diagnostics;
    file->path = vw_arena_string(&file->arena, path);
    file->filter = filter ? vw_arena_string(&file->arena, filter) : NULL;
    if (file->path && (!filter || file->filter))
        error = open_source(file);
    if (error) {
        vw_capture_file_close(file);
        return error;
    }
    *ret_file = file;
    return 0;
}

void vw_capture_file_close(struct vw_capture_file *file)
{
    size_t i;

    if (!file)
        return;
    for (i = 0; i < file->programs.count; i++)
        vw_bpf_free(file->libpcap, file->programs.items[i]);
    vw_array_free(&file->programs);
    vw_libpcap_free(file->libpcap);
    vw_pcapng_free(&file->pcapng);
    vw_source_close(&file->source);
    vw_arena_free(&file->arena);
    vw_free(file);
}

static int tell_damage(struct vw_capture_file *file, const char *said)
{
    uint64_t number = file->number + 1;

    vw_diagnose(file->diagnostics, VW_SEVERITY_ERROR, "damaged-capture",
                (struct vw_place){.file = file->path, .line = number},
                "damaged at packet %llu: %s; %s", (unsigned long long)number, said,
                number == 1 ? "nothing of it can be used"
                            : "what stands before it is used, and nothing is concluded "
                              "from what is missing");
    return VW_ERROR_INPUT;
}

/* The next packet of pcapng; interfaces are looked at as they come. */
static int next_of_pcapng(struct vw_capture_file *file, struct vw_frame *ret_frame)
{
    struct vw_pcapng *pcapng = &file->pcapng;
    struct vw_capture_interface *interface;
    int status;

    while ((status = vw_pcapng_next(pcapng, ret_frame)) == 2) {
        int error;

        interface = &pcapng->interfaces.items[pcapng->interfaces.count - 1];
        vw_libpcap_link(file->libpcap, interface);
        error = add_program(file, interface);
        if (error)
            return error;
    }
    if (status == VW_ERROR_INPUT)
        return tell_damage(file, *pcapng->said ? pcapng->said : "it is cut short");
    if (status == 1)
        ret_frame->link = pcapng->interfaces.items[ret_frame->interface].link;
    return status;
}

static int next_of_pcap(struct vw_capture_file *file, struct vw_frame *ret_frame)
{
    int status = vw_libpcap_next(file->libpcap, ret_frame);

    if (status < 0)
        return tell_damage(file, vw_libpcap_said(file->libpcap));
    file->interface.packets += status == 1;
    ret_frame->link = file->interface.link;
    return status;
}

/* Whether the frame is one that the caller is to see. */
static bool is_wanted(struct vw_capture_file *file, const struct vw_frame *frame)
{
    if (file->is_pcapng && !file->pcapng.interfaces.items[frame->interface].is_read) {
        file->unread++;
        return false;
    }
    if (file->filter &&
        !vw_bpf_matches(file->libpcap, file->programs.items[frame->interface], frame)) {
        file->filtered++;
        return false;
    }
    return true;
}

int vw_capture_file_next(struct vw_capture_file *file, struct vw_frame *ret_frame)
{
    int status = 0;

    ret_frame->interface = 0;
    ret_frame->direction = VW_FLOW_DIRECTION_UNKNOWN;
    while (!file->is_over) {
        status = file->is_pcapng ? next_of_pcapng(file, ret_frame)
                                 : next_of_pcap(file, ret_frame);
        file->is_over = status != 1;
        if (status != 1)
            break;
        ret_frame->number = ++file->number;
        if (is_wanted(file, ret_frame))
            return 1;
    }
    return status;
}

void vw_frame_decode(const struct vw_frame *frame, struct vw_packet *ret_packet)
{
    vw_packet_read(frame->link, frame->bytes, frame->size, frame->wire_size, ret_packet);
    if (ret_packet->interface == 0)
        ret_packet->interface = frame->interface;
    if (ret_packet->direction == VW_FLOW_DIRECTION_UNKNOWN)
        ret_packet->direction = frame->direction;
}

struct vw_capture_file_facts vw_capture_file_facts(const struct vw_capture_file *file)
{
    const struct vw_pcapng_interfaces *interfaces = &file->pcapng.interfaces;

    return (struct vw_capture_file_facts){
        .format = file->is_pcapng ? "pcapng" : "pcap",
        .is_swapped = file->is_pcapng ? file->pcapng.is_swapped : file->is_swapped,
        .interfaces = file->is_pcapng ? interfaces->items : &file->interface,
        .interface_count = file->is_pcapng ? interfaces->count : 1,
        .packets = file->number,
        .filtered = file->filtered,
        .unread = file->unread,
    };
}
