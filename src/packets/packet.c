/* A frame from the outside in; see packet.h. */
#include "packets/packet.h"

#include "packets/decode.h"

const char *vw_tunnel_slug(enum vw_tunnel tunnel)
{
    static const char *const slugs[] = {
#define VW_X(name, slug) slug,
        VW_TUNNEL_LIST(VW_X)
#undef VW_X
    };

    return slugs[tunnel];
}

void vw_packet_read(enum vw_link link, const uint8_t *bytes, size_t size,
                    size_t wire_size, struct vw_packet *ret_packet)
{
    struct vw_layer layer = {.cursor = {bytes, size, false}};
    struct vw_packet *packet = ret_packet;
    unsigned version;

    vw_packet_clear(packet);
    packet->kind = vw_decode_link(link, &layer.cursor, &version, packet);
    /* Some tools write a wire size below what they recorded. */
    layer.sent = (wire_size > size ? wire_size : size) - (size - layer.cursor.left);
    if (packet->kind == VW_PACKET_CUT && size >= wire_size)
        packet->kind = VW_PACKET_MALFORMED;
    if (packet->kind == VW_PACKET_IP)
        vw_decode_ip(&layer, version, packet);
}
