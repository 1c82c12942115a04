/* Dotted IPv4 addresses, of which flow logs hold two or four a record. */
#ifndef VW_BASE_IPV4_TEXT_H
#define VW_BASE_IPV4_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Four numbers up to 255 without leading zeros and nothing else, as inet_pton(3) takes
 * them; the first is the highest byte of *ret. Reads no byte behind `size`. */
bool vw_ipv4_parse(const char *text, size_t size, uint32_t *ret);

#endif
