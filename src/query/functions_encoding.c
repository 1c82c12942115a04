/* Encodings and digests of text (CWL_QuerySyntax-operations-functions). What does not decode
 * gives null. */
#include "query/evaluate.h"

#include <string.h>

#include "base/md5.h"
#include "base/sha256.h"

static const char digits[] = "0123456789abcdef";

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* False for null: then the function is. */
static bool take_text(struct vw_evaluation *evaluation, const struct vw_value *arguments,
                      struct vw_slice *ret)
{
    *ret = vw_value_string(arguments, evaluation->arena);
    return arguments[0].kind != VW_VALUE_NULL;
}

/* RFC 3986: letters, digits and -._~ stay. */
static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

static struct vw_value run_urlencode(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    struct vw_slice text;
    size_t size = 0, i;
    char *out;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    out = vw_arena_text(evaluation->arena, text.size * 3);
    for (i = 0; out && i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];

        if (is_unreserved((char)c)) {
            out[size++] = (char)c;
        } else {
            out[size++] = '%';
            out[size++] = "0123456789ABCDEF"[c >> 4];
            out[size++] = "0123456789ABCDEF"[c & 15];
        }
    }
    return out ? vw_value_text(out, size) : vw_value_null();
}

static struct vw_value run_urldecode(struct vw_evaluation *evaluation,
                                     const struct vw_expression *call,
                                     const struct vw_value *arguments)
{
    struct vw_slice text;
    size_t size = 0, i;
    char *out;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    out = vw_arena_text(evaluation->arena, text.size);
    for (i = 0; out && i < text.size; i++) {
        int high = i + 2 < text.size ? hex_digit(text.data[i + 1]) : -1;
        int low = i + 2 < text.size ? hex_digit(text.data[i + 2]) : -1;

        if (text.data[i] == '%' && high >= 0 && low >= 0) {
            out[size++] = (char)(high << 4 | low);
            i += 2;
        } else {
            out[size++] = text.data[i] == '+' ? ' ' : text.data[i];
        }
    }
    return out ? vw_value_text(out, size) : vw_value_null();
}

/* ---- base64 (RFC 4648) ---- */

static const char base64[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static struct vw_value run_base64_encode(struct vw_evaluation *evaluation,
                                         const struct vw_expression *call,
                                         const struct vw_value *arguments)
{
    struct vw_slice text;
    size_t size = 0, i;
    char *out;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    out = vw_arena_text(evaluation->arena, text.size / 3 * 4 + 4);
    for (i = 0; out && i < text.size; i += 3) {
        size_t left = text.size - i;
        uint32_t bits = (uint32_t)(unsigned char)text.data[i] << 16;

        if (left > 1)
            bits |= (uint32_t)(unsigned char)text.data[i + 1] << 8;
        if (left > 2)
            bits |= (unsigned char)text.data[i + 2];
        out[size++] = base64[bits >> 18];
        out[size++] = base64[bits >> 12 & 63];
        out[size++] = left > 1 ? base64[bits >> 6 & 63] : '=';
        out[size++] = left > 2 ? base64[bits & 63] : '=';
    }
    return out ? vw_value_text(out, size) : vw_value_null();
}

static int base64_digit(char c)
{
    const char *found = c ? strchr(base64, c) : NULL;

    if (c == '-')
        return 62;
    if (c == '_')
        return 63;
    return found ? (int)(found - base64) : -1;
}

static struct vw_value run_base64_decode(struct vw_evaluation *evaluation,
                                         const struct vw_expression *call,
                                         const struct vw_value *arguments)
{
    struct vw_slice text;
    size_t size = 0, i;
    uint32_t bits = 0;
    unsigned held = 0;
    char *out;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    while (text.size && text.data[text.size - 1] == '=')
        text.size--;
    out = vw_arena_text(evaluation->arena, text.size);
    for (i = 0; out && i < text.size; i++) {
        int digit = base64_digit(text.data[i]);

        if (digit < 0)
            return vw_value_null();
        bits = (bits << 6 | (uint32_t)digit) & 0xFFFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[size++] = (char)(bits >> held & 0xFF);
        }
    }
    return out && held < 6 ? vw_value_text(out, size) : vw_value_null();
}

/* ---- hexadecimal ---- */

static struct vw_slice without_prefix(struct vw_slice text)
{
    if (vw_slice_starts(text, "0x") || vw_slice_starts(text, "0X"))
        return (struct vw_slice){text.data + 2, text.size - 2};
    return text;
}

static struct vw_value run_hex_to_ascii(struct vw_evaluation *evaluation,
                                        const struct vw_expression *call,
                                        const struct vw_value *arguments)
{
    struct vw_slice text;
    size_t i;
    char *out;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    text = without_prefix(text);
    if (text.size % 2)
        return vw_value_null();
    out = vw_arena_text(evaluation->arena, text.size / 2);
    for (i = 0; out && i < text.size; i += 2) {
        int high = hex_digit(text.data[i]), low = hex_digit(text.data[i + 1]);

        if (high < 0 || low < 0)
            return vw_value_null();
        out[i / 2] = (char)(high << 4 | low);
    }
    return out ? vw_value_text(out, text.size / 2) : vw_value_null();
}

static struct vw_value run_hex_to_dec(struct vw_evaluation *evaluation,
                                      const struct vw_expression *call,
                                      const struct vw_value *arguments)
{
    struct vw_slice text;
    vw_wide number = 0;
    size_t i;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    text = without_prefix(text);
    if (text.size == 0 || text.size > 16)
        return vw_value_null();
    for (i = 0; i < text.size; i++) {
        int digit = hex_digit(text.data[i]);

        if (digit < 0)
            return vw_value_null();
        number = number * 16 + digit;
    }
    return vw_value_integer(number);
}

static struct vw_value run_dec_to_hex(struct vw_evaluation *evaluation,
                                      const struct vw_expression *call,
                                      const struct vw_value *arguments)
{
    char buffer[40], *start = buffer + sizeof buffer;
    struct vw_number number;
    bool minus;
    char *copy;

    (void)call;
    if (!vw_value_number(arguments, &number) || !number.is_integer)
        return vw_value_null();
    minus = number.integer < 0;
    do {
        int digit = (int)(number.integer % 16);

        *--start = digits[digit < 0 ? -digit : digit];
        number.integer /= 16;
    } while (number.integer != 0);
    *--start = 'x';
    *--start = '0';
    if (minus)
        *--start = '-';
    copy =
        vw_arena_copy(evaluation->arena, start, (size_t)(buffer + sizeof buffer - start));
    return copy ? vw_value_text(copy, strlen(copy)) : vw_value_null();
}

/* ---- digests ---- */

static struct vw_value run_md5(struct vw_evaluation *evaluation,
                               const struct vw_expression *call,
                               const struct vw_value *arguments)
{
    struct vw_slice text;
    char digest[VW_MD5_TEXT], *copy;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    vw_md5(text.data, text.size, digest);
    copy = vw_arena_string(evaluation->arena, digest);
    return copy ? vw_value_text(copy, strlen(copy)) : vw_value_null();
}

static struct vw_value run_sha256(struct vw_evaluation *evaluation,
                                  const struct vw_expression *call,
                                  const struct vw_value *arguments)
{
    struct vw_sha256 hash;
    struct vw_slice text;
    char digest[VW_SHA256_TEXT], *copy;

    (void)call;
    if (!take_text(evaluation, arguments, &text))
        return vw_value_null();
    vw_sha256_start(&hash);
    vw_sha256_add(&hash, text.data, text.size);
    vw_sha256_finish(&hash, digest);
    copy = vw_arena_string(evaluation->arena, digest);
    return copy ? vw_value_text(copy, strlen(copy)) : vw_value_null();
}

const struct vw_function vw_encoding_functions[] = {
    {"urlencode", 1, 1, VW_FUNCTION_PLAIN, run_urlencode},
    {"urldecode", 1, 1, VW_FUNCTION_PLAIN, run_urldecode},
    {"base64encode", 1, 1, VW_FUNCTION_PLAIN, run_base64_encode},
    {"base64decode", 1, 1, VW_FUNCTION_PLAIN, run_base64_decode},
    {"hexToAscii", 1, 1, VW_FUNCTION_PLAIN, run_hex_to_ascii},
    {"hexToDec", 1, 1, VW_FUNCTION_PLAIN, run_hex_to_dec},
    {"decToHex", 1, 1, VW_FUNCTION_PLAIN, run_dec_to_hex},
    {"md5", 1, 1, VW_FUNCTION_PLAIN, run_md5},
    {"sha256", 1, 1, VW_FUNCTION_PLAIN, run_sha256},
    {NULL, 0, 0, VW_FUNCTION_PLAIN, NULL},
};
