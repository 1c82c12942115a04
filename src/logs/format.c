/*
 * From a header line or LogFormat to columns. Files of S3 begin with a header line, which
 * is the only authority on their columns; CloudWatch and Firehose write none, and there the
 * default format is taken or the flow log's LogFormat must be given.
 */
#include "logs/format.h"

#include <vpcwhy/error.h>

static const char *const names[] = {
#define VW_X(name, text, version) text,
    VW_FLOW_FIELD_LIST(VW_X)
#undef VW_X
};

/* Fields of transit gateway flow logs alone; tgw-... is told by its start. */
static const char *const gateway_names[] = {
    "resource-type",
    "packets-lost-no-route",
    "packets-lost-blackhole",
    "packets-lost-mtu-exceeded",
    "packets-lost-ttl-expired",
};

static char folded(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether `word` is `name`, but for case, '-' and '_'. */
static bool is_name(struct vw_slice word, const char *name)
{
    size_t i = 0;

    for (; *name; name++) {
        if (*name == '-')
            continue;
        while (i < word.size && (word.data[i] == '-' || word.data[i] == '_'))
            i++;
        if (i == word.size || folded(word.data[i++]) != *name)
            return false;
    }
    return i == word.size;
}

/* "${name}" or "name" to "name". */
static struct vw_slice bare_name(struct vw_slice word)
{
    if (vw_slice_starts(word, "${") && word.data[word.size - 1] == '}')
        return (struct vw_slice){word.data + 2, word.size - 3};
    return word;
}

static bool find_field(struct vw_slice word, enum vw_flow_field *ret)
{
    int field;

    for (field = 0; field < VW_FLOW_FIELD_COUNT; field++) {
        if (is_name(word, names[field])) {
            *ret = (enum vw_flow_field)field;
            return true;
        }
    }
    return false;
}

static bool is_gateway_field(struct vw_slice word)
{
    size_t i;

    if (word.size > 4 && is_name((struct vw_slice){word.data, 3}, "tgw") &&
        (word.data[3] == '-' || word.data[3] == '_'))
        return true;
    for (i = 0; i < sizeof gateway_names / sizeof *gateway_names; i++)
        if (is_name(word, gateway_names[i]))
            return true;
    return false;
}

/* A record's "tgw-0abc..." is no name of a field: those have letters only. */
static bool is_any_field(struct vw_slice word)
{
    enum vw_flow_field field;
    size_t i;

    word = bare_name(word);
    if (find_field(word, &field))
        return true;
    for (i = 0; i < word.size; i++)
        if (word.data[i] >= '0' && word.data[i] <= '9')
            return false;
    return is_gateway_field(word);
}

void vw_flow_format_default(struct vw_flow_format *ret)
{
    size_t i;

    ret->columns = VW_FLOW_DEFAULT_COLUMNS;
    for (i = 0; i < VW_FLOW_FIELD_COUNT; i++)
        ret->column_of[i] = i < VW_FLOW_DEFAULT_COLUMNS ? i : SIZE_MAX;
}

bool vw_flow_format_is_header(struct vw_slice line)
{
    size_t words = 0, known = 0;
    struct vw_slice word;

    while (words < VW_FLOW_COLUMNS_MAX && vw_slice_word(&line, &word)) {
        words++;
        known += is_any_field(word);
    }
    return known > 0 && known * 2 >= words;
}

bool vw_flow_format_is_header_again(struct vw_slice line)
{
    struct vw_slice rest = line, word;
    char c;

    if (!vw_slice_word(&rest, &word))
        return false;
    c = folded(word.data[0]);
    if (c != '$' && (c < 'a' || c > 'z'))
        return false;
    return is_any_field(word) && vw_flow_format_is_header(line);
}

static int quoted_size(struct vw_slice text)
{
    return (int)(text.size < VW_FLOW_QUOTED_MAX ? text.size : VW_FLOW_QUOTED_MAX);
}

static void take_column(struct vw_slice name, struct vw_place place,
                        struct vw_diagnostics *diagnostics, struct vw_flow_format *format)
{
    enum vw_flow_field field;

    if (!find_field(name, &field))
        vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "unknown-flow-log-field", place,
                    "column %zu: \"%.*s\" is no field of VPC flow logs; the column is "
                    "not used",
                    format->columns + 1, quoted_size(name), name.data);
    else if (format->column_of[field] != SIZE_MAX)
        vw_diagnose(diagnostics, VW_SEVERITY_WARNING, "repeated-flow-log-field", place,
                    "column %zu: \"%s\" is already column %zu; the later one is not used",
                    format->columns + 1, names[field], format->column_of[field] + 1);
    else
        format->column_of[field] = format->columns;
    format->columns++;
}

static int refuse(struct vw_diagnostics *diagnostics, struct vw_place place,
                  const char *code, const char *why)
{
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, code, place, "%s", why);
    return VW_ERROR_INPUT;
}

/* Looked for first: a transit gateway's header would be a list of unknown fields. */
static bool is_gateway_header(struct vw_slice text)
{
    struct vw_slice word;

    while (vw_slice_word(&text, &word))
        if (is_gateway_field(bare_name(word)))
            return true;
    return false;
}

int vw_flow_format_read(struct vw_slice text, struct vw_place place,
                        struct vw_diagnostics *diagnostics, struct vw_flow_format *ret)
{
    struct vw_flow_format format = {0};
    struct vw_slice word;
    size_t i, known = 0;

    if (is_gateway_header(text))
        return refuse(diagnostics, place, "unsupported-flow-log",
                      "is a transit gateway flow log, which is not read by this version; "
                      "expected a VPC flow log");
    for (i = 0; i < VW_FLOW_FIELD_COUNT; i++)
        format.column_of[i] = SIZE_MAX;
    while (vw_slice_word(&text, &word)) {
        if (format.columns == VW_FLOW_COLUMNS_MAX)
            return refuse(diagnostics, place, "flow-log-format",
                          "the format has more than 256 columns");
        take_column(bare_name(word), place, diagnostics, &format);
    }
    for (i = 0; i < VW_FLOW_FIELD_COUNT; i++)
        known += format.column_of[i] != SIZE_MAX;
    if (known == 0)
        return refuse(diagnostics, place, "flow-log-format",
                      "expected names of flow log fields such as ${srcaddr}, found none");
    *ret = format;
    return 0;
}
