/* pcapng (draft-ietf-opsawg-pcapng): sections, interfaces, packets, statistics. */
#ifndef VW_PACKETS_PCAPNG_H
#define VW_PACKETS_PCAPNG_H

#include "base/array.h"
#include "packets/capture_file.h"
#include "packets/source.h"

enum { VW_PCAPNG_SAID = 160, VW_PCAPNG_INTERFACES_MAX = 4096 };

/* How an interface counts time. */
struct vw_pcapng_clock {
    uint8_t resolution; /* as if_tsresol has it */
    int64_t offset;     /* seconds */
};

struct vw_pcapng_interfaces VW_ARRAY(struct vw_capture_interface);
struct vw_pcapng_clocks VW_ARRAY(struct vw_pcapng_clock);

struct vw_pcapng {
    struct vw_source *source;
    struct vw_arena *arena; /* of texts */
    bool is_big;            /* bytes of this section, most significant first */
    bool is_swapped;        /* of the first section */
    size_t section;         /* index of its first interface */
    struct vw_pcapng_interfaces interfaces; /* of all sections */
    struct vw_pcapng_clocks clocks;         /* of the same */
    size_t described; /* interfaces whose link type the caller has looked at */
    char said[VW_PCAPNG_SAID];
};

/* The next packet: 1; 2 where an interface was added; 0 at the end; VW_ERROR_INPUT with
 * `said`, or another error. The frame's number and link are left alone. */
int vw_pcapng_next(struct vw_pcapng *pcapng, struct vw_frame *ret_frame);

void vw_pcapng_free(struct vw_pcapng *pcapng);

#endif
