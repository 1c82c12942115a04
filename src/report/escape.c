/* UTF-8 and what of it a terminal may see; see escape.h. */
#include "report/escape.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* One row a length: the lead byte's fixed bits, and the least code point of that length */
struct form {
    unsigned char mask, lead;
    uint32_t least;
};

static const struct form forms[] = {
    {0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};

size_t vw_utf8_decode(const char *text, uint32_t *ret_code)
{
    unsigned char lead = (unsigned char)text[0];
    uint32_t code;
    size_t i, more;

    if (!lead)
        return 0;
    for (more = 0; more < sizeof forms / sizeof *forms; more++)
        if ((lead & forms[more].mask) == forms[more].lead)
            break;
    if (more == sizeof forms / sizeof *forms)
        return 0;
    code = lead & (unsigned char)~forms[more].mask;
    for (i = 1; i <= more; i++) {
        unsigned char byte = (unsigned char)text[i];

        if ((byte & 0xc0) != 0x80) /* the closing NUL is none either */
            return 0;
        code = code << 6 | (byte & 0x3f);
    }
    if (code < forms[more].least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    *ret_code = code;
    return more + 1;
}

/* Controls, and what is not seen but changes what is seen. */
static bool escape_needed(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {{0x00, 0x1f},       {0x7f, 0x9f},     {0xad, 0xad},
                  {0x061c, 0x061c},   {0x180e, 0x180e}, {0x200b, 0x200f},
                  {0x2028, 0x202e},   {0x2060, 0x206f}, {0xfeff, 0xfeff},
                  {0xfff9, 0xfffb},   {0xe000, 0xf8ff}, {0xfe00, 0xfe0f},
                  {0xe0000, 0x10ffff}};
    size_t i;

    for (i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (code >= hidden[i].first && code <= hidden[i].last)
            return true;
    return false;
}

size_t vw_escape_next(const char *text, char buffer[VW_ESCAPE_TEXT], size_t *ret_columns)
{
    uint32_t code = 0;
    size_t size = vw_utf8_decode(text, &code);

    if (!*text)
        return 0;
    if (!size) {
        snprintf(buffer, VW_ESCAPE_TEXT, "\\x%02x", (unsigned)(unsigned char)*text);
        size = 1;
    } else if (!escape_needed(code)) {
        memcpy(buffer, text, size);
        buffer[size] = '\0';
        *ret_columns = 1;
        return size;
    } else {
        snprintf(buffer, VW_ESCAPE_TEXT, code < 0x80 ? "\\x%02x" : "\\u%04x",
                 (unsigned)code);
    }
    *ret_columns = strlen(buffer);
    return size;
}
