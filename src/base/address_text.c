/*
 * Text to address and back. Parsing is as strict as inet_pton, which does IPv6; IPv4 is read
 * in ipv4_text.c, as logs hold millions of addresses. Writing is inet_ntop's, which is RFC 5952 but for the
 * IPv4-mapped forms that do not occur in a VPC.
 */
#include "base/address.h"
#include "base/ipv4_text.h"
#include "base/slice.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static uint64_t read_be64(const unsigned char *bytes)
{
    uint64_t value = 0;
    int i;

    for (i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

static void write_be64(uint64_t value, unsigned char *bytes)
{
    int i;

    for (i = 7; i >= 0; i--, value >>= 8)
        bytes[i] = (unsigned char)(value & 0xff);
}

bool vw_address_parse(const char *text, size_t size, struct vw_address *ret)
{
    unsigned char bytes[16];
    char copy[VW_ADDRESS_TEXT];
    uint32_t ipv4;

    if (vw_ipv4_parse(text, size, &ipv4)) {
        *ret = vw_address_ipv4(ipv4);
        return true;
    }
    if (size == 0 || size >= sizeof copy || memchr(text, '\0', size))
        return false;
    memcpy(copy, text, size);
    copy[size] = '\0';
    if (inet_pton(AF_INET6, copy, bytes) == 1) {
        *ret =
            (struct vw_address){read_be64(bytes), read_be64(bytes + 8), VW_FAMILY_IPV6};
        return true;
    }
    return false;
}

bool vw_prefix_parse(const char *text, size_t size, struct vw_prefix *ret,
                     bool *ret_host_bits)
{
    const char *slash = size > 0 ? memchr(text, '/', size) : NULL;
    struct vw_address address;
    uint64_t length;

    if (!slash) {
        if (!vw_address_parse(text, size, &address))
            return false;
        length = vw_family_bits(address.family);
    } else {
        size_t before = (size_t)(slash - text);
        struct vw_slice digits = {slash + 1, size - before - 1};
        if (!vw_address_parse(text, before, &address) || digits.size > 3 ||
            !vw_slice_u64(digits, vw_family_bits(address.family), &length))
            return false;
    }
    *ret = vw_prefix_of(address, (unsigned)length);
    if (ret_host_bits)
        *ret_host_bits = !vw_address_equal(ret->address, address);
    return true;
}

const char *vw_address_format(struct vw_address address, char buffer[VW_ADDRESS_TEXT])
{
    unsigned char bytes[16];

    switch (address.family) {
    case VW_FAMILY_IPV4:
        snprintf(buffer, VW_ADDRESS_TEXT, "%u.%u.%u.%u",
                 (unsigned)(address.low >> 24 & 0xff),
                 (unsigned)(address.low >> 16 & 0xff),
                 (unsigned)(address.low >> 8 & 0xff), (unsigned)(address.low & 0xff));
        return buffer;
    case VW_FAMILY_IPV6:
        write_be64(address.high, bytes);
        write_be64(address.low, bytes + 8);
        if (inet_ntop(AF_INET6, bytes, buffer, VW_ADDRESS_TEXT))
            return buffer;
        break;
    case VW_FAMILY_NONE:
        break;
    }
    snprintf(buffer, VW_ADDRESS_TEXT, "-");
    return buffer;
}

const char *vw_prefix_format(struct vw_prefix prefix, char buffer[VW_PREFIX_TEXT])
{
    size_t size = strlen(vw_address_format(prefix.address, buffer));

    snprintf(buffer + size, VW_PREFIX_TEXT - size, "/%u", prefix.length);
    return buffer;
}
