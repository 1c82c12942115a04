/* Comparison, prefixes and ranges over 128-bit addresses; text is in address_text.c. */
#include "base/address.h"

#include <stdio.h>
#include <string.h>

struct vw_address vw_address_ipv4(uint32_t value)
{
    return (struct vw_address){0, value, VW_FAMILY_IPV4};
}

static struct vw_address last_of_family(enum vw_family family)
{
    struct vw_address last = {0, 0, family};

    vw_host_mask(family, 0, &last.high, &last.low);
    return last;
}

bool vw_address_next(struct vw_address address, struct vw_address *ret)
{
    if (vw_address_equal(address, last_of_family(address.family)))
        return false;
    *ret = vw_address_add(address, 1);
    return true;
}

bool vw_address_previous(struct vw_address address, struct vw_address *ret)
{
    if (address.low == 0 && address.high == 0)
        return false;
    if (address.low == 0)
        address.high--;
    address.low--;
    *ret = address;
    return true;
}

struct vw_address vw_address_add(struct vw_address address, uint64_t offset)
{
    struct vw_address last = last_of_family(address.family);
    uint64_t low = address.low + offset;

    if (low < address.low)
        address.high++;
    address.low = low & last.low;
    address.high &= last.high;
    return address;
}

struct vw_prefix vw_prefix_of(struct vw_address address, unsigned length)
{
    struct vw_prefix prefix = {address, length};
    uint64_t high, low;

    vw_host_mask(address.family, length, &high, &low);
    prefix.address.high &= ~high;
    prefix.address.low &= ~low;
    return prefix;
}

bool vw_prefix_equal(struct vw_prefix a, struct vw_prefix b)
{
    return a.length == b.length && vw_address_equal(a.address, b.address);
}

bool vw_prefix_covers(struct vw_prefix outer, struct vw_prefix inner)
{
    return outer.length <= inner.length && vw_prefix_contains(outer, inner.address);
}

void vw_range_cut(struct vw_address_range *range, struct vw_address_range border)
{
    if (!vw_range_overlaps(*range, border))
        return;
    if (vw_address_compare(range->first, border.first) < 0)
        vw_address_previous(border.first, &range->last);
    else if (vw_address_compare(border.last, range->last) < 0)
        range->last = border.last;
}

bool vw_range_take_prefix(struct vw_address_range *range, struct vw_prefix *ret_prefix)
{
    struct vw_prefix best = {range->first, vw_family_bits(range->first.family)};
    struct vw_address_range taken;

    while (best.length > 0) {
        struct vw_prefix wider = vw_prefix_of(range->first, best.length - 1);
        if (!vw_address_equal(wider.address, range->first) ||
            vw_address_compare(vw_prefix_range(wider).last, range->last) > 0)
            break;
        best = wider;
    }
    *ret_prefix = best;
    taken = vw_prefix_range(best);
    if (vw_address_equal(taken.last, range->last))
        return false;
    vw_address_next(taken.last, &range->first);
    return true;
}

const char *vw_range_format(struct vw_address_range range, char buffer[VW_RANGE_TEXT])
{
    char first[VW_PREFIX_TEXT], last[VW_ADDRESS_TEXT];
    struct vw_address_range rest = range;
    struct vw_prefix prefix;

    if (vw_range_is_single(range))
        return vw_address_format(range.first, buffer);
    if (!vw_range_take_prefix(&rest, &prefix))
        return vw_prefix_format(prefix, buffer);
    vw_address_format(range.first, first);
    vw_address_format(range.last, last);
    snprintf(buffer, VW_RANGE_TEXT, "%s-%s", first, last);
    return buffer;
}

#define IPV4(a, b, c, d, length)                                                         \
    {                                                                                    \
        {0, ((uint64_t)(a) << 24) | ((b) << 16) | ((c) << 8) | (d), VW_FAMILY_IPV4},     \
            (length)                                                                     \
    }
#define IPV6(high, low, length)                                                          \
    {                                                                                    \
        {UINT64_C(high), UINT64_C(low), VW_FAMILY_IPV6}, (length)                        \
    }

/* https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin, as far
 * as they are not globally reachable; ascending, disjoint. */
static const struct vw_prefix special_ipv4[] = {
    IPV4(0, 0, 0, 0, 8),      IPV4(10, 0, 0, 0, 8),     IPV4(100, 64, 0, 0, 10),
    IPV4(127, 0, 0, 0, 8),    IPV4(169, 254, 0, 0, 16), IPV4(172, 16, 0, 0, 12),
    IPV4(192, 168, 0, 0, 16), IPV4(224, 0, 0, 0, 4),    IPV4(240, 0, 0, 0, 4),
};
/* Everything but 2000::/3, the only global unicast space that is allocated. */
static const struct vw_prefix special_ipv6[] = {
    IPV6(0, 0, 3),
    IPV6(0x4000000000000000, 0, 2),
    IPV6(0x8000000000000000, 0, 1),
};

bool vw_special_prefix(enum vw_family family, size_t index, struct vw_prefix *ret)
{
    const size_t count4 = sizeof special_ipv4 / sizeof *special_ipv4;
    const size_t count6 = sizeof special_ipv6 / sizeof *special_ipv6;

    if (family == VW_FAMILY_IPV4 && index < count4)
        *ret = special_ipv4[index];
    else if (family == VW_FAMILY_IPV6 && index < count6)
        *ret = special_ipv6[index];
    else
        return false;
    return true;
}

bool vw_address_special(struct vw_address address, struct vw_prefix *ret_prefix)
{
    struct vw_prefix prefix;
    size_t i;

    for (i = 0; vw_special_prefix(address.family, i, &prefix); i++) {
        if (vw_prefix_contains(prefix, address)) {
            *ret_prefix = prefix;
            return true;
        }
    }
    return false;
}

bool vw_address_is_private(struct vw_address address)
{
    static const struct vw_prefix rfc1918[] = {
        IPV4(10, 0, 0, 0, 8), IPV4(172, 16, 0, 0, 12), IPV4(192, 168, 0, 0, 16)};
    size_t i;

    for (i = 0; i < sizeof rfc1918 / sizeof *rfc1918; i++)
        if (vw_prefix_contains(rfc1918[i], address))
            return true;
    return false;
}

bool vw_address_is_shared(struct vw_address address)
{
    static const struct vw_prefix rfc6598 = IPV4(100, 64, 0, 0, 10);

    return vw_prefix_contains(rfc6598, address);
}

bool vw_address_is_public(struct vw_address address)
{
    struct vw_prefix prefix;

    return !vw_address_special(address, &prefix);
}
