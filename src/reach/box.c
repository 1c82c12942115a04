/* Boxes of packets and how they split; see box.h. */
#include "reach/box.h"

#include <stdio.h>

struct vw_address_range vw_range_all(enum vw_family family)
{
    return vw_prefix_range(vw_prefix_of((struct vw_address){0, 0, family}, 0));
}

struct vw_port_range vw_ports_all(void)
{
    return (struct vw_port_range){0, UINT16_MAX};
}

bool vw_ports_equal(struct vw_port_range a, struct vw_port_range b)
{
    return a.first == b.first && a.last == b.last;
}

bool vw_box_overlaps(const struct vw_box *a, const struct vw_box *b)
{
    return vw_range_overlaps(a->source, b->source) &&
           vw_range_overlaps(a->destination, b->destination) &&
           vw_ports_overlap(a->source_ports, b->source_ports) &&
           vw_ports_overlap(a->ports, b->ports);
}

/* Cuts *range down to `to`; what lies below and above goes to the two outputs. */
static void cut_range(struct vw_address_range *range, struct vw_address_range to,
                      struct vw_address_range *ret_below, bool *ret_has_below,
                      struct vw_address_range *ret_above, bool *ret_has_above)
{
    *ret_has_below = vw_address_compare(range->first, to.first) < 0;
    *ret_has_above = vw_address_compare(range->last, to.last) > 0;
    if (*ret_has_below) {
        ret_below->first = range->first;
        vw_address_previous(to.first, &ret_below->last);
        range->first = to.first;
    }
    if (*ret_has_above) {
        ret_above->last = range->last;
        vw_address_next(to.last, &ret_above->first);
        range->last = to.last;
    }
}

static size_t split_addresses(struct vw_box *box, bool source, struct vw_address_range to,
                              struct vw_box *parts)
{
    struct vw_address_range below, above;
    bool has_below, has_above;
    struct vw_box before = *box;
    size_t count = 0;

    cut_range(source ? &box->source : &box->destination, to, &below, &has_below, &above,
              &has_above);
    if (has_below) {
        parts[count] = before;
        *(source ? &parts[count].source : &parts[count].destination) = below;
        count++;
    }
    if (has_above) {
        parts[count] = before;
        *(source ? &parts[count].source : &parts[count].destination) = above;
        count++;
    }
    return count;
}

static size_t split_ports(struct vw_box *box, bool source, struct vw_port_range to,
                          struct vw_box *parts)
{
    struct vw_port_range *range = source ? &box->source_ports : &box->ports;
    struct vw_box before = *box;
    size_t count = 0;

    if (range->first < to.first) {
        parts[count] = before;
        (source ? &parts[count].source_ports : &parts[count].ports)->last =
            (uint16_t)(to.first - 1);
        range->first = to.first;
        count++;
    }
    if (range->last > to.last) {
        parts[count] = before;
        (source ? &parts[count].source_ports : &parts[count].ports)->first =
            (uint16_t)(to.last + 1);
        range->last = to.last;
        count++;
    }
    return count;
}

size_t vw_box_split(struct vw_box *box, const struct vw_box *region,
                    struct vw_box parts[VW_BOX_PARTS])
{
    size_t count = split_addresses(box, true, region->source, parts);

    count += split_addresses(box, false, region->destination, parts + count);
    count += split_ports(box, true, region->source_ports, parts + count);
    count += split_ports(box, false, region->ports, parts + count);
    return count;
}

static const char *icmp_words(const struct vw_box *box)
{
    bool v6 = box->protocol == VW_ICMPV6;
    uint16_t type = box->source_ports.first;

    if (box->source_ports.last != type)
        return NULL;
    if (type == (v6 ? 128 : 8))
        return "echo request";
    if (type == (v6 ? 129 : 0))
        return "echo reply";
    return NULL;
}

const char *vw_box_traffic(const struct vw_box *box, char buffer[VW_TRAFFIC_TEXT])
{
    const char *name = box->protocol == VW_TCP ? "tcp" : "udp";

    if (vw_protocol_is_icmp(box->protocol)) {
        const char *icmp = box->protocol == VW_ICMP ? "icmp" : "icmpv6";
        const char *words = icmp_words(box);
        if (words)
            snprintf(buffer, VW_TRAFFIC_TEXT, "%s %s", icmp, words);
        else
            snprintf(buffer, VW_TRAFFIC_TEXT, "%s type %u", icmp,
                     box->source_ports.first);
    } else if (!vw_protocol_has_ports(box->protocol)) {
        snprintf(buffer, VW_TRAFFIC_TEXT, "protocol %d", box->protocol);
    } else if (box->ports.first == box->ports.last) {
        snprintf(buffer, VW_TRAFFIC_TEXT, "%s port %u", name, box->ports.first);
    } else if (vw_ports_equal(box->ports, vw_ports_all())) {
        snprintf(buffer, VW_TRAFFIC_TEXT, "%s", name);
    } else {
        snprintf(buffer, VW_TRAFFIC_TEXT, "%s ports %u-%u", name, box->ports.first,
                 box->ports.last);
    }
    return buffer;
}

/* One field of an ICMP rule: -1 is any. False where the value cannot be a type. */
static bool icmp_field(int value, struct vw_port_range *ret)
{
    if (value == -1)
        *ret = vw_ports_all();
    else if (value >= 0 && value <= UINT16_MAX)
        *ret = (struct vw_port_range){(uint16_t)value, (uint16_t)value};
    else
        return false;
    return true;
}

bool vw_box_match_protocol(const struct vw_box *box, int protocol, int from, int to,
                           struct vw_box *ret_region)
{
    struct vw_port_range source_ports = box->source_ports, ports = box->ports;

    if (protocol != -1 && protocol != box->protocol)
        return false;
    if (protocol != -1 && vw_protocol_is_icmp(protocol)) {
        if (!icmp_field(from, &source_ports) || !icmp_field(from == -1 ? -1 : to, &ports))
            return false;
    } else if (protocol != -1 && vw_protocol_has_ports(protocol) && from >= 0) {
        if (to < from || to > UINT16_MAX)
            return false;
        ports = (struct vw_port_range){(uint16_t)from, (uint16_t)to};
    }
    if (!vw_ports_overlap(box->source_ports, source_ports) ||
        !vw_ports_overlap(box->ports, ports))
        return false;
    /* Most rules do not come as far as to be worth a copy. */
    *ret_region = *box;
    ret_region->source_ports = source_ports;
    ret_region->ports = ports;
    return true;
}
