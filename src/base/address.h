/* Arithmetic on addresses, prefixes and ranges; the types are public (vpcwhy/address.h). */
#ifndef VW_BASE_ADDRESS_H
#define VW_BASE_ADDRESS_H

#include <vpcwhy/address.h>

/* 32, 128 or 0. */
unsigned vw_family_bits(enum vw_family family);

struct vw_address vw_address_ipv4(uint32_t value);

/* <0, 0, >0; families order before values. */
int vw_address_compare(struct vw_address a, struct vw_address b);
bool vw_address_equal(struct vw_address a, struct vw_address b);

/* The neighbour above or below; false at the end of the family's space. */
bool vw_address_next(struct vw_address address, struct vw_address *ret);
bool vw_address_previous(struct vw_address address, struct vw_address *ret);

/* `offset` addresses above; wraps around at the end of the space. */
struct vw_address vw_address_add(struct vw_address address, uint64_t offset);

struct vw_prefix vw_prefix_of(struct vw_address address, unsigned length);
bool vw_prefix_equal(struct vw_prefix a, struct vw_prefix b);
bool vw_prefix_contains(struct vw_prefix prefix, struct vw_address address);
bool vw_prefix_covers(struct vw_prefix outer, struct vw_prefix inner);
struct vw_address_range vw_prefix_range(struct vw_prefix prefix);

struct vw_address_range vw_range_single(struct vw_address address);
bool vw_range_is_single(struct vw_address_range range);
bool vw_range_contains(struct vw_address_range range, struct vw_address address);
bool vw_range_covers(struct vw_address_range outer, struct vw_address_range inner);
bool vw_range_overlaps(struct vw_address_range a, struct vw_address_range b);
bool vw_range_equal(struct vw_address_range a, struct vw_address_range b);

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
