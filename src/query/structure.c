/* Walking JSON text; see structure.h. */
#include "query/structure.h"

#include <string.h>

static size_t skip_blanks(struct vw_slice json, size_t at)
{
    while (at < json.size && (json.data[at] == ' ' || json.data[at] == '\t' ||
                              json.data[at] == '\n' || json.data[at] == '\r'))
        at++;
    return at;
}

static bool scan_value(struct vw_slice json, size_t *at, unsigned depth);

/* The string at *at, which is its quote. */
static bool scan_string(struct vw_slice json, size_t *at)
{
    size_t i;

    for (i = *at + 1; i < json.size; i++) {
        unsigned char c = (unsigned char)json.data[i];

        if (c == '"') {
            *at = i + 1;
            return true;
        }
        if (c < 0x20)
            return false;
        if (c == '\\')
            i++;
    }
    return false;
}

static bool scan_word(struct vw_slice json, size_t *at)
{
    static const char *const words[] = {"true", "false", "null"};
    struct vw_slice rest = {json.data + *at, json.size - *at};
    struct vw_number number;
    size_t end = 0, i;

    for (i = 0; i < 3; i++) {
        if (vw_slice_starts(rest, words[i])) {
            *at += strlen(words[i]);
            return true;
        }
    }
    while (end < rest.size && strchr("+-.0123456789eE", rest.data[end]) && rest.data[end])
        end++;
    if (end == 0 || !vw_number_parse((struct vw_slice){rest.data, end}, &number))
        return false;
    *at += end;
    return true;
}

/* The members between brackets; *at is behind the first bracket. */
static bool scan_members(struct vw_slice json, size_t *at, char close, unsigned depth)
{
    *at = skip_blanks(json, *at);
    if (*at < json.size && json.data[*at] == close) {
        ++*at;
        return true;
    }
    for (;;) {
        if (close == '}') {
            *at = skip_blanks(json, *at);
            if (*at >= json.size || json.data[*at] != '"' || !scan_string(json, at))
                return false;
            *at = skip_blanks(json, *at);
            if (*at >= json.size || json.data[(*at)++] != ':')
                return false;
        }
        if (!scan_value(json, at, depth + 1))
            return false;
        *at = skip_blanks(json, *at);
        if (*at >= json.size)
            return false;
        if (json.data[*at] == close) {
            ++*at;
            return true;
        }
        if (json.data[(*at)++] != ',')
            return false;
    }
}

static bool scan_value(struct vw_slice json, size_t *at, unsigned depth)
{
    *at = skip_blanks(json, *at);
    if (*at >= json.size || depth > VW_STRUCTURE_DEPTH_MAX)
        return false;
    switch (json.data[*at]) { /* a character, not an enum */
    case '"':
        return scan_string(json, at);
    case '{':
        ++*at;
        return scan_members(json, at, '}', depth);
    case '[':
        ++*at;
        return scan_members(json, at, ']', depth);
    default:
        return scan_word(json, at);
    }
}

/* ---- strings ---- */

static bool hex4(struct vw_slice json, size_t at, uint32_t *ret)
{
    uint32_t code = 0;
    size_t i;

    if (at + 4 > json.size)
        return false;
    for (i = 0; i < 4; i++) {
        char c = json.data[at + i];

        code <<= 4;
        if (c >= '0' && c <= '9')
            code |= (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            code |= (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return false;
    }
    *ret = code;
    return true;
}

static size_t put_utf8(char *out, uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

/* The escape behind a backslash at `at`; returns how many characters it takes. */
static size_t unescape(struct vw_slice json, size_t at, char *out, size_t *size)
{
    static const char from[] = "nrtbf", to[] = "\n\r\t\b\f";
    const char *found = json.data[at] ? strchr(from, json.data[at]) : NULL;
    uint32_t code, low;

    if (json.data[at] != 'u' || !hex4(json, at + 1, &code)) {
        out[(*size)++] = found ? to[found - from] : json.data[at];
        return 1;
    }
    if (code >= 0xD800 && code < 0xDC00 && at + 6 < json.size &&
        json.data[at + 5] == '\\' && json.data[at + 6] == 'u' &&
        hex4(json, at + 7, &low) && low >= 0xDC00 && low < 0xE000) {
        *size +=
            put_utf8(out + *size, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
        return 11;
    }
    if (code >= 0xD800 && code < 0xE000)
        code = 0xFFFD;
    *size += put_utf8(out + *size, code);
    return 5;
}

/* What stands between the quotes of a scanned string. */
static struct vw_value take_string(struct vw_slice quoted, struct vw_arena *arena)
{
    struct vw_slice inner = {quoted.data + 1, quoted.size - 2};
    size_t size = 0, i;
    char *out;

    if (inner.size == 0 || !memchr(inner.data, '\\', inner.size))
        return vw_value_text(inner.data, inner.size);
    out = vw_arena_text(arena, inner.size);
    if (!out)
        return vw_value_null();
    for (i = 0; i < inner.size;) {
        if (inner.data[i] == '\\' && i + 1 < inner.size)
            i += 1 + unescape(inner, i + 1, out, &size);
        else
            out[size++] = inner.data[i++];
    }
    return vw_value_text(out, size);
}

/* A scanned piece of JSON as a value. */
static struct vw_value take(struct vw_slice piece, struct vw_arena *arena)
{
    struct vw_number number;

    switch (piece.data[0]) { /* a character, not an enum */
    case '"':
        return take_string(piece, arena);
    case '{':
    case '[':
        return (struct vw_value){.kind = VW_VALUE_JSON, .text = piece};
    default:
        break;
    }
    if (vw_slice_is(piece, "null"))
        return vw_value_null();
    if (vw_number_parse(piece, &number))
        return vw_value_of(number);
    return vw_value_text(piece.data, piece.size);
}

struct vw_value vw_structure_parse(struct vw_slice text, struct vw_arena *arena)
{
    size_t start = skip_blanks(text, 0), at = start;

    if (!scan_value(text, &at, 0) || skip_blanks(text, at) != text.size)
        return vw_value_null();
    return take((struct vw_slice){text.data + start, at - start}, arena);
}

bool vw_structure_next(struct vw_slice json, size_t *at, struct vw_arena *arena,
                       struct vw_value *ret_key, struct vw_value *ret_value)
{
    bool map = json.size > 0 && json.data[0] == '{';
    size_t from = skip_blanks(json, *at == 0 ? 1 : *at), start;

    if (from < json.size && *at != 0 && json.data[from] == ',')
        from = skip_blanks(json, from + 1);
    if (from >= json.size || json.data[from] == ']' || json.data[from] == '}')
        return false;
    if (map) {
        start = from;
        if (json.data[from] != '"' || !scan_string(json, &from))
            return false;
        if (ret_key)
            *ret_key =
                take_string((struct vw_slice){json.data + start, from - start}, arena);
        from = skip_blanks(json, from);
        if (from >= json.size || json.data[from] != ':')
            return false;
        from = skip_blanks(json, from + 1);
    }
    start = from;
    if (!scan_value(json, &from, 1))
        return false;
    *ret_value = take((struct vw_slice){json.data + start, from - start}, arena);
    *at = from;
    return true;
}

size_t vw_structure_count(struct vw_slice json)
{
    bool map = json.size > 0 && json.data[0] == '{';
    size_t at = 1, count = 0;

    at = skip_blanks(json, at);
    while (at < json.size && json.data[at] != ']' && json.data[at] != '}') {
        if (json.data[at] == ',')
            at = skip_blanks(json, at + 1);
        if (map && (at >= json.size || json.data[at] != '"' || !scan_string(json, &at)))
            break;
        if (map)
            at = skip_blanks(json, at) + 1;
        if (!scan_value(json, &at, 1))
            break;
        count++;
        at = skip_blanks(json, at);
    }
    return count;
}

/* ---- paths ---- */

static struct vw_value member(struct vw_slice json, struct vw_slice name,
                              struct vw_arena *arena)
{
    struct vw_value key = vw_value_null(), value, found = vw_value_null();
    size_t at = 0;

    if (json.size == 0 || json.data[0] != '{')
        return found;
    while (vw_structure_next(json, &at, arena, &key, &value))
        if (key.text.size == name.size &&
            (name.size == 0 || memcmp(key.text.data, name.data, name.size) == 0))
            found = value;
    return found;
}

static struct vw_value element(struct vw_slice json, uint64_t index,
                               struct vw_arena *arena)
{
    struct vw_value value;
    size_t at = 0;

    if (json.size == 0 || json.data[0] != '[')
        return vw_value_null();
    while (vw_structure_next(json, &at, arena, NULL, &value))
        if (index-- == 0)
            return value;
    return vw_value_null();
}

/* One step off the front of *path. */
static bool take_step(struct vw_slice *path, struct vw_slice *ret_name, bool *ret_index)
{
    size_t at = 0, end;
    char stop;

    while (at < path->size && (path->data[at] == '.' || path->data[at] == ' '))
        at++;
    if (at >= path->size)
        return false;
    *ret_index = path->data[at] == '[';
    if (*ret_index || path->data[at] == '`') {
        stop = *ret_index ? ']' : '`';
        for (end = ++at; end < path->size && path->data[end] != stop;)
            end++;
        *ret_name = (struct vw_slice){path->data + at, end - at};
        end += end < path->size;
    } else {
        for (end = at; end < path->size && path->data[end] != '.' &&
                       path->data[end] != '[' && path->data[end] != ' ';)
            end++;
        *ret_name = (struct vw_slice){path->data + at, end - at};
    }
    *path = (struct vw_slice){path->data + end, path->size - end};
    return true;
}

struct vw_value vw_structure_path(const struct vw_value *value, struct vw_slice path,
                                  struct vw_arena *arena)
{
    struct vw_value at = *value;
    struct vw_slice name;
    uint64_t index;
    bool is_index;

    while (take_step(&path, &name, &is_index)) {
        if (at.kind != VW_VALUE_JSON)
            return vw_value_null();
        if (vw_slice_u64(vw_slice_trim(name), UINT32_MAX, &index) &&
            (is_index || at.text.data[0] == '['))
            at = element(at.text, index, arena);
        else
            at = member(at.text, name, arena);
    }
    return at;
}

/* ---- making JSON ---- */

void vw_structure_add(struct vw_structure_text *text, const char *data, size_t size)
{
    if (text->size + size > text->room) {
        size_t room = (text->size + size) * 2 + 64;
        char *larger = vw_arena_text(text->arena, room);

        if (!larger)
            return;
        if (text->size)
            memcpy(larger, text->data, text->size);
        text->data = larger;
        text->room = room;
    }
    if (size)
        memcpy(text->data + text->size, data, size);
    text->size += size;
}

static void add_quoted(struct vw_structure_text *text, struct vw_slice string)
{
    static const char hex[] = "0123456789abcdef";
    size_t i;

    vw_structure_add(text, "\"", 1);
    for (i = 0; i < string.size; i++) {
        unsigned char c = (unsigned char)string.data[i];
        char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

        if (c == '"' || c == '\\') {
            escape[1] = (char)c;
            vw_structure_add(text, escape, 2);
        } else if (c < 0x20 || c == 0x7F) {
            vw_structure_add(text, escape, 6);
        } else {
            vw_structure_add(text, string.data + i, 1);
        }
    }
    vw_structure_add(text, "\"", 1);
}

void vw_structure_add_value(struct vw_structure_text *text, const struct vw_value *value)
{
    char buffer[VW_VALUE_TEXT_SIZE];
    struct vw_slice string = vw_value_print(value, buffer);

    switch (value->kind) {
    case VW_VALUE_NULL:
        vw_structure_add(text, "null", 4);
        break;
    case VW_VALUE_TEXT:
    case VW_VALUE_TIME:
        add_quoted(text, string);
        break;
    case VW_VALUE_INTEGER:
    case VW_VALUE_DOUBLE:
    case VW_VALUE_JSON:
        vw_structure_add(text, string.data, string.size);
        break;
    }
}

struct vw_value vw_structure_finish(const struct vw_structure_text *text)
{
    if (text->arena->failed)
        return vw_value_null();
    return (struct vw_value){.kind = VW_VALUE_JSON, .text = {text->data, text->size}};
}
