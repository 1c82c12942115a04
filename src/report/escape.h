/*
 * Text from inputs is hostile: an escape sequence in a Name tag must not drive a terminal,
 * nor a bidirectional control turn a line around. This is the one place where text is
 * made harmless before a person sees it.
 */
#ifndef VW_REPORT_ESCAPE_H
#define VW_REPORT_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* Room for what one code point or bad byte becomes, with its NUL. */
#define VW_ESCAPE_TEXT 12

/* The code point at the start of the NUL-terminated `text`, and how many bytes it takes;
 * 0 at the end of the text and where the bytes are not UTF-8 (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF). */
size_t vw_utf8_decode(const char *text, uint32_t *ret_code);

/* Writes what a terminal may be shown of the first code point of `text`: itself, or \xNN
 * for a control byte and a byte that is not UTF-8, or \uNNNN for controls that are
 * invisible or change the direction. Returns the bytes of `text` used up, 0 at its end;
 * *ret_columns is how wide it stands. */
size_t vw_escape_next(const char *text, char buffer[VW_ESCAPE_TEXT], size_t *ret_columns);

#endif
