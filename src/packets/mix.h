/* A fast hash of a few words, in which every bit of each counts. */
#ifndef VW_PACKETS_MIX_H
#define VW_PACKETS_MIX_H

#include <stdint.h>

#include <vpcwhy/address.h>

__extension__ typedef unsigned __int128 vw_product;

static inline uint64_t vw_mix(uint64_t a, uint64_t b)
{
    vw_product product = (vw_product)(a ^ UINT64_C(0xa0761d6478bd642f)) *
                         (b ^ UINT64_C(0xe7037ed1a0b428db));

    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t vw_mix_address(uint64_t seed, struct vw_address address)
{
    return vw_mix(seed ^ address.low, address.high + (uint64_t)address.family);
}

#endif
