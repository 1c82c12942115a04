/* A JSON stream; see json_writer.h. */
#include "report/json_writer.h"

#include <inttypes.h>

#include <vpcwhy/error.h>

#include "report/escape.h"

struct vw_json vw_write_begin(FILE *out)
{
    struct vw_json json = {.out = out};

    return json;
}

static void json_line(const struct vw_json *json)
{
    unsigned i;

    putc('\n', json->out);
    for (i = 0; i < json->depth; i++)
        fputs("  ", json->out);
}

static void json_short_escape(FILE *out, uint32_t code)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    size_t i;

    for (i = 0; i + 1 < sizeof shorts; i += 2) {
        if (code == (unsigned char)shorts[i]) {
            putc('\\', out);
            putc(shorts[i + 1], out);
            return;
        }
    }
    fprintf(out, "\\u%04" PRIx32, code);
}

/* Whether it stands in JSON as it is. */
static bool is_plain(char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static size_t plain_size(const char *text)
{
    size_t size = 0;

    while (is_plain(text[size]))
        size++;
    return size;
}

static size_t quote_next(FILE *out, const char *text)
{
    uint32_t code = 0;
    size_t size = vw_utf8_decode(text, &code);

    if (!size) {
        fputs("\xef\xbf\xbd", out); /* U+FFFD */
        return 1;
    }
    if (code < 0x20 || code == '"' || code == '\\' || code == 0x7f)
        json_short_escape(out, code);
    else
        fwrite(text, 1, size, out);
    return size;
}

static void json_quote(FILE *out, const char *text)
{
    putc('"', out);
    while (*text) {
        size_t size = plain_size(text);

        if (size)
            fwrite(text, 1, size, out);
        else
            size = quote_next(out, text);
        text += size;
    }
    putc('"', out);
}

/* What stands before a value: the comma, the line, the key. */
static void json_before(struct vw_json *json, const char *key)
{
    if (json->depth) {
        if (json->filled[json->depth - 1])
            putc(',', json->out);
        json->filled[json->depth - 1] = true;
        json_line(json);
    }
    if (key) {
        json_quote(json->out, key);
        fputs(": ", json->out);
    }
}

static void json_open(struct vw_json *json, const char *key, char bracket)
{
    json_before(json, key);
    putc(bracket, json->out);
    if (json->depth == VW_JSON_DEPTH_MAX) {
        json->too_deep = true;
        return;
    }
    json->filled[json->depth++] = false;
}

static void json_close(struct vw_json *json, char bracket)
{
    if (!json->depth) {
        json->too_deep = true;
        return;
    }
    json->depth--;
    if (json->filled[json->depth])
        json_line(json);
    putc(bracket, json->out);
}

void vw_write_object_begin(struct vw_json *json, const char *key)
{
    json_open(json, key, '{');
}

void vw_write_object_end(struct vw_json *json)
{
    json_close(json, '}');
}

void vw_write_array_begin(struct vw_json *json, const char *key)
{
    json_open(json, key, '[');
}

void vw_write_array_end(struct vw_json *json)
{
    json_close(json, ']');
}

void vw_write_string(struct vw_json *json, const char *key, const char *text)
{
    if (!text) {
        vw_write_null(json, key);
        return;
    }
    json_before(json, key);
    json_quote(json->out, text);
}

void vw_write_integer(struct vw_json *json, const char *key, int64_t value)
{
    json_before(json, key);
    fprintf(json->out, "%" PRId64, value);
}

void vw_write_unsigned(struct vw_json *json, const char *key, uint64_t value)
{
    json_before(json, key);
    fprintf(json->out, "%" PRIu64, value);
}

void vw_write_boolean(struct vw_json *json, const char *key, bool value)
{
    json_before(json, key);
    fputs(value ? "true" : "false", json->out);
}

void vw_write_null(struct vw_json *json, const char *key)
{
    json_before(json, key);
    fputs("null", json->out);
}

/* -?(0|[1-9][0-9]*) */
static bool json_is_integer(const char *text)
{
    if (*text == '-')
        text++;
    if (*text == '0')
        return !text[1];
    if (*text < '1' || *text > '9')
        return false;
    while (*text >= '0' && *text <= '9')
        text++;
    return !*text;
}

void vw_write_number(struct vw_json *json, const char *key, const char *text)
{
    if (!text || !json_is_integer(text)) {
        vw_write_string(json, key, text);
        return;
    }
    json_before(json, key);
    fputs(text, json->out);
}

void vw_write_pair(struct vw_json *json, const char *key, unsigned first, unsigned last)
{
    json_before(json, key);
    fprintf(json->out, "[%u, %u]", first, last);
}

int vw_write_finish(struct vw_json *json)
{
    putc('\n', json->out);
    if (json->too_deep || json->depth)
        return VW_ERROR_INTERNAL;
    return ferror(json->out) ? VW_ERROR_OUTPUT : 0;
}
