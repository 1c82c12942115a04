/* Arithmetic on addresses, prefixes and ranges; the types are public (vpcwhy/address.h). */
#ifndef VW_BASE_ADDRESS_H
#define VW_BASE_ADDRESS_H

#include <vpcwhy/address.h>

/* A walk compares thousands of addresses: what it does most stands here, for the compiler to
 * put in place. */

/* 32, 128 or 0. */
static inline unsigned vw_family_bits(enum vw_family family)
{
    switch (family) {
    case VW_FAMILY_IPV4:
        return 32;
    case VW_FAMILY_IPV6:
        return 128;
    case VW_FAMILY_NONE:
        break;
    }
    return 0;
}

struct vw_address vw_address_ipv4(uint32_t value);

/* <0, 0, >0; families order before values. */
static inline int vw_address_compare(struct vw_address a, struct vw_address b)
{
    if (a.family != b.family)
        return a.family < b.family ? -1 : 1;
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    if (a.low != b.low)
        return a.low < b.low ? -1 : 1;
    return 0;
}

static inline bool vw_address_equal(struct vw_address a, struct vw_address b)
{
    return a.low == b.low && a.high == b.high && a.family == b.family;
}

/* The neighbour above or below; false at the end of the family's space. */
bool vw_address_next(struct vw_address address, struct vw_address *ret);
bool vw_address_previous(struct vw_address address, struct vw_address *ret);

/* `offset` addresses above; wraps around at the end of the space. */
struct vw_address vw_address_add(struct vw_address address, uint64_t offset);

/* The bits right of `length` in an address of `family`. */
static inline void vw_host_mask(enum vw_family family, unsigned length,
                                uint64_t *ret_high, uint64_t *ret_low)
{
    unsigned host = vw_family_bits(family) - length;

    if (host >= 64) {
        *ret_low = UINT64_MAX;
        *ret_high = host == 128 ? UINT64_MAX : (UINT64_C(1) << (host - 64)) - 1;
    } else {
        *ret_low = (UINT64_C(1) << host) - 1;
        *ret_high = 0;
    }
}

struct vw_prefix vw_prefix_of(struct vw_address address, unsigned length);
bool vw_prefix_equal(struct vw_prefix a, struct vw_prefix b);
bool vw_prefix_covers(struct vw_prefix outer, struct vw_prefix inner);

static inline bool vw_prefix_contains(struct vw_prefix prefix, struct vw_address address)
{
    uint64_t high, low;

    if (prefix.address.family != address.family)
        return false;
    vw_host_mask(address.family, prefix.length, &high, &low);
    return ((address.high ^ prefix.address.high) & ~high) == 0 &&
           ((address.low ^ prefix.address.low) & ~low) == 0;
}

static inline struct vw_address_range vw_prefix_range(struct vw_prefix prefix)
{
    struct vw_address_range range = {prefix.address, prefix.address};
    uint64_t high, low;

    vw_host_mask(prefix.address.family, prefix.length, &high, &low);
    range.last.high |= high;
    range.last.low |= low;
    return range;
}

static inline struct vw_address_range vw_range_single(struct vw_address address)
{
    return (struct vw_address_range){address, address};
}

static inline bool vw_range_is_single(struct vw_address_range range)
{
    return vw_address_equal(range.first, range.last);
}

static inline bool vw_range_contains(struct vw_address_range range,
                                     struct vw_address address)
{
    return range.first.family == address.family &&
           vw_address_compare(range.first, address) <= 0 &&
           vw_address_compare(address, range.last) <= 0;
}

static inline bool vw_range_covers(struct vw_address_range outer,
                                   struct vw_address_range inner)
{
    return vw_range_contains(outer, inner.first) && vw_range_contains(outer, inner.last);
}

static inline bool vw_range_overlaps(struct vw_address_range a, struct vw_address_range b)
{
    return a.first.family == b.first.family && vw_address_compare(a.first, b.last) <= 0 &&
           vw_address_compare(b.first, a.last) <= 0;
}

static inline bool vw_prefix_overlaps(struct vw_prefix prefix,
                                      struct vw_address_range range)
{
    return vw_prefix_contains(prefix, range.first) ||
           vw_range_contains(range, prefix.address);
}

static inline bool vw_range_equal(struct vw_address_range a, struct vw_address_range b)
{
    return vw_address_equal(a.first, b.first) && vw_address_equal(a.last, b.last);
}

/* Ends *range so that it lies on one side of each end of `border`: where it begins inside
 * it ends with it, else before it. */
void vw_range_cut(struct vw_address_range *range, struct vw_address_range border);

/* Takes the largest prefix off the front of *range. False when it was the last one: the
 * range is then used up. Call it until it returns false to split a range into the
 * fewest prefixes. */
bool vw_range_take_prefix(struct vw_address_range *range, struct vw_prefix *ret_prefix);

/* "10.0.0.1" or "10.0.0.0/24" where the range is one, else "10.0.0.1-10.0.0.9". */
const char *vw_range_format(struct vw_address_range range, char buffer[VW_RANGE_TEXT]);

/* The closed lists of special-use space (RFC 6890 and its successors). `private` means
 * RFC 1918; `shared` means 100.64.0.0/10; `public` is what an internet gateway may
 * carry: no private, shared, loopback, link-local, multicast, reserved or unique-local
 * address. Documentation prefixes count as public, so that examples work. */
bool vw_address_is_private(struct vw_address address);
bool vw_address_is_shared(struct vw_address address);
bool vw_address_is_public(struct vw_address address);

/* The special-use prefix that `address` stands in, or false for a public one. */
bool vw_address_special(struct vw_address address, struct vw_prefix *ret_prefix);

/* Row `index` of the special-use prefixes of `family`, ascending and disjoint; false
 * past the last. */
bool vw_special_prefix(enum vw_family family, size_t index, struct vw_prefix *ret);

#endif
