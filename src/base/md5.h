/* MD5 (RFC 1321): a name for a text, as query languages offer it; not for security. */
#ifndef VW_BASE_MD5_H
#define VW_BASE_MD5_H

#include <stddef.h>

#define VW_MD5_TEXT 33

/* The digest of `size` bytes in lower-case hex. */
void vw_md5(const void *data, size_t size, char ret_text[VW_MD5_TEXT]);

#endif
