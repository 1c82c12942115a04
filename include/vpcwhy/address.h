/*
 * Addresses, prefixes and ranges. IPv4 and IPv6 share one type so that no rule is
 * evaluated by two pieces of code. All values are in host order.
 */
#ifndef VPCWHY_ADDRESS_H
#define VPCWHY_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum vw_family { VW_FAMILY_NONE = 0, VW_FAMILY_IPV4 = 4, VW_FAMILY_IPV6 = 6 };

/* `high` and `low` are the 128 bits of an IPv6 address; an IPv4 address is the low
 * 32 bits of `low`, everything above them zero. */
struct vw_address {
    uint64_t high;
    uint64_t low;
    enum vw_family family;
};

/* Host bits are always zero: the parser clears them. `length` is in bits. */
struct vw_prefix {
    struct vw_address address;
    unsigned length;
};

/* Both ends included, both of one family, first <= last. */
struct vw_address_range {
    struct vw_address first;
    struct vw_address last;
};

/* Both ends included, first <= last. */
struct vw_port_range {
    uint16_t first;
    uint16_t last;
};

/* Room for the longest text of each, with the closing NUL. */
#define VW_ADDRESS_TEXT 46
#define VW_PREFIX_TEXT 50
#define VW_RANGE_TEXT 100

/* Strict: no blanks, no leading zeros in IPv4, no zone, the whole of `text`. Return
 * false, with *ret untouched, where `text` is not one. */
bool vw_address_parse(const char *text, size_t size, struct vw_address *ret);

/* "10.1.0.0/16"; an address alone is its /32 or /128. Bits right of the length are
 * cleared; `ret_host_bits` (may be NULL) tells whether any were set. */
bool vw_prefix_parse(const char *text, size_t size, struct vw_prefix *ret,
                     bool *ret_host_bits);

/* Write the canonical text (RFC 5952 for IPv6) with its NUL into `buffer`, and return
 * `buffer`. A prefix of full length is written with its /32 or /128. */
const char *vw_address_format(struct vw_address address, char buffer[VW_ADDRESS_TEXT]);
const char *vw_prefix_format(struct vw_prefix prefix, char buffer[VW_PREFIX_TEXT]);

#ifdef __cplusplus
}
#endif
#endif
