/* Commands: a table of their words, one reader each. */
#include "query/parser.h"

#include <vpcwhy/error.h>

#include "query/names.h"

/* ---- pieces that several commands have ---- */

static void add_name(struct vw_parser *parser, struct vw_names *names,
                     struct vw_name name)
{
    if (!parser->error && vw_array_push(names, name))
        parser->error = VW_ERROR_NO_MEMORY;
}

static void take_names(struct vw_parser *parser, struct vw_names *names, const char *what)
{
    do
        add_name(parser, names, vw_parser_name(parser, what));
    while (!parser->error && vw_parser_take_sign(parser, ","));
}

static struct vw_slice source_from(const struct vw_parser *parser, size_t offset)
{
    return (struct vw_slice){parser->syntax->text.data + offset,
                             parser->last_end - offset};
}

/* expr [as name]. */
static void take_item(struct vw_parser *parser, struct vw_items *items)
{
    size_t offset = parser->token.span.offset;
    struct vw_item item = {.expression = vw_parser_expression(parser)};

    if (parser->error)
        return;
    item.source = source_from(parser, offset);
    item.span = (struct vw_span){offset, item.source.size};
    if (vw_parser_take_word(parser, "as"))
        item.alias = vw_parser_name(parser, "a name behind \"as\"").text;
    if (!parser->error && vw_array_push(items, item))
        parser->error = VW_ERROR_NO_MEMORY;
}

static void take_items(struct vw_parser *parser, struct vw_items *items)
{
    do
        take_item(parser, items);
    while (!parser->error && vw_parser_take_sign(parser, ","));
}

/* ---- one reader a command ---- */

static void read_items(struct vw_parser *parser, struct vw_command *command)
{
    take_items(parser, &command->items);
}

static void read_filter(struct vw_parser *parser, struct vw_command *command)
{
    command->expression = vw_parser_expression(parser);
}

static void read_stats(struct vw_parser *parser, struct vw_command *command)
{
    parser->in_stats = true;
    take_items(parser, &command->items);
    parser->in_stats = false;
    if (vw_parser_take_word(parser, "by"))
        take_items(parser, &command->by);
    if (vw_parser_take_word(parser, "offset")) {
        command->has_offset = true;
        if (!vw_parser_period(parser, &command->offset))
            vw_parser_unexpected(parser, "a period such as 1h behind \"offset\"");
    }
}

static void read_sort(struct vw_parser *parser, struct vw_command *command)
{
    vw_parser_take_word(parser, "by");
    do {
        size_t offset = parser->token.span.offset;
        struct vw_item key = {.expression = vw_parser_expression(parser)};

        if (parser->error)
            return;
        key.source = source_from(parser, offset);
        key.span = (struct vw_span){offset, key.source.size};
        key.descending = vw_parser_take_word(parser, "desc");
        if (!key.descending)
            vw_parser_take_word(parser, "asc");
        if (vw_array_push(&command->items, key))
            parser->error = VW_ERROR_NO_MEMORY;
    } while (!parser->error && vw_parser_take_sign(parser, ","));
}

static void read_limit(struct vw_parser *parser, struct vw_command *command)
{
    vw_parser_take_word(parser, "any");
    if (parser->token.kind != VW_TOKEN_NUMBER ||
        !vw_slice_u64(parser->token.text, UINT32_MAX, &command->limit))
        vw_parser_unexpected(parser, "how many rows, a whole number");
    vw_parser_advance(parser);
}

static void read_dedup(struct vw_parser *parser, struct vw_command *command)
{
    take_names(parser, &command->names, "a field");
}

/* ---- parse ---- */

static void read_regex_names(struct vw_parser *parser, struct vw_command *command)
{
    struct vw_span span = parser->token.span;
    size_t groups, i;

    command->kind = VW_COMMAND_PARSE_REGEX;
    command->regex = vw_parser_regex(parser);
    if (parser->error)
        return;
    groups = vw_regex_group_count(command->regex);
    if (vw_parser_take_word(parser, "as")) {
        take_names(parser, &command->names, "a name");
        if (!parser->error && command->names.count != groups)
            vw_parser_fail(parser, span,
                           "the pattern has %zu group%s (...), and there %s %zu name%s",
                           groups, groups == 1 ? "" : "s",
                           command->names.count == 1 ? "is" : "are", command->names.count,
                           command->names.count == 1 ? "" : "s");
    } else {
        for (i = 1; i <= groups; i++)
            add_name(parser, &command->names,
                     (struct vw_name){vw_regex_group_name(command->regex, i), span});
        if (groups == 0)
            vw_parser_fail(parser, span,
                           "the pattern takes nothing out: name groups (?<name>...)");
    }
    command->multi = vw_parser_take_word(parser, "multi");
}

static void read_glob_names(struct vw_parser *parser, struct vw_command *command)
{
    struct vw_token pattern = parser->token;
    size_t stars = 0, i;

    command->kind = VW_COMMAND_PARSE_GLOB;
    command->pattern = pattern.text;
    vw_parser_advance(parser);
    vw_parser_need_word(parser, "as");
    take_names(parser, &command->names, "a name for each *");
    for (i = 0; i < pattern.text.size; i++)
        stars += pattern.text.data[i] == '*';
    if (!parser->error && stars != command->names.count)
        vw_parser_fail(parser, pattern.span,
                       "the pattern has %zu *, and there %s %zu name%s", stars,
                       command->names.count == 1 ? "is" : "are", command->names.count,
                       command->names.count == 1 ? "" : "s");
}

static struct vw_expression *message(struct vw_parser *parser)
{
    struct vw_expression *made =
        vw_parser_make(parser, VW_EXPRESSION_NAME, parser->token.span.offset);

    if (!parser->error) {
        made->text = vw_slice_of("@message");
        made->span.size = 0;
    }
    return made;
}

static bool at_parse_kind(const struct vw_parser *parser)
{
    return parser->token.kind == VW_TOKEN_STRING || vw_parser_at_sign(parser, "/") ||
           vw_parser_at_word(parser, "logfmt") || vw_parser_at_word(parser, "csv");
}

static void read_parse(struct vw_parser *parser, struct vw_command *command)
{
    if (at_parse_kind(parser)) {
        command->expression = message(parser);
    } else {
        struct vw_name name = vw_parser_name(parser, "a field or a pattern");

        command->expression =
            vw_parser_at_sign(parser, "(")
                ? vw_parser_call(parser, name)
                : vw_parser_make(parser, VW_EXPRESSION_NAME, name.span.offset);
        if (!parser->error && command->expression->kind == VW_EXPRESSION_NAME)
            command->expression->text = name.text;
    }
    if (vw_parser_at_sign(parser, "/")) {
        read_regex_names(parser, command);
    } else if (!parser->error && parser->token.kind == VW_TOKEN_STRING) {
        read_glob_names(parser, command);
    } else if (vw_parser_take_word(parser, "logfmt")) {
        command->kind = VW_COMMAND_PARSE_LOGFMT;
        vw_parser_need_word(parser, "as");
        add_name(parser, &command->names, vw_parser_name(parser, "a name"));
    } else if (vw_parser_take_word(parser, "csv")) {
        command->kind = VW_COMMAND_PARSE_CSV;
        vw_parser_need_word(parser, "as");
        take_names(parser, &command->names, "a name for each column");
    } else {
        vw_parser_unexpected(parser, "a pattern: \"...*...\", /.../, logfmt or csv");
    }
}

/* json field=f "a.b" as c */
static void read_json(struct vw_parser *parser, struct vw_command *command)
{
    if (vw_parser_take_word(parser, "field")) {
        struct vw_name name;

        vw_parser_need_sign(parser, "=");
        name = vw_parser_name(parser, "a field");
        command->expression =
            vw_parser_make(parser, VW_EXPRESSION_NAME, name.span.offset);
        if (!parser->error)
            command->expression->text = name.text;
    } else {
        command->expression = message(parser);
    }
    if (parser->token.kind != VW_TOKEN_STRING)
        vw_parser_unexpected(parser, "a path in quotes: \"a.b\"");
    command->pattern = parser->token.text;
    vw_parser_advance(parser);
    vw_parser_need_word(parser, "as");
    add_name(parser, &command->names, vw_parser_name(parser, "a name"));
}

/* ---- lists, lookups, series ---- */

static void read_unnest(struct vw_parser *parser, struct vw_command *command)
{
    command->expression = vw_parser_expression(parser);
    vw_parser_need_word(parser, "into");
    add_name(parser, &command->names, vw_parser_name(parser, "a name"));
}

/* OUTPUT|OUTPUTNEW column [as name], ... */
static void read_output(struct vw_parser *parser, struct vw_command *command)
{
    command->only_missing = vw_parser_take_word(parser, "outputnew");
    if (!command->only_missing)
        vw_parser_need_word(parser, "output");
    do {
        struct vw_name column = vw_parser_name(parser, "a column of the table");
        struct vw_item item = {.source = column.text, .span = column.span};

        item.alias = column.text;
        if (vw_parser_take_word(parser, "as"))
            item.alias = vw_parser_name(parser, "a name").text;
        if (!parser->error && vw_array_push(&command->items, item))
            parser->error = VW_ERROR_NO_MEMORY;
    } while (!parser->error && vw_parser_take_sign(parser, ","));
}

static void read_looked_up(struct vw_parser *parser, struct vw_command *command,
                           struct vw_name field)
{
    command->expression = vw_parser_make(parser, VW_EXPRESSION_NAME, field.span.offset);
    if (!parser->error)
        command->expression->text = field.text;
    read_output(parser, command);
}

/* cidrlookup TABLE FIELD [as COLUMN] OUTPUT ... */
static void read_cidrlookup(struct vw_parser *parser, struct vw_command *command)
{
    struct vw_name field;

    command->table = vw_parser_name(parser, "the name of a table");
    field = vw_parser_name(parser, "a field with an address");
    if (vw_parser_take_word(parser, "as"))
        command->column = vw_parser_name(parser, "the column with the CIDRs");
    read_looked_up(parser, command, field);
}

/* lookup TABLE COLUMN [as FIELD] OUTPUT ... */
static void read_lookup(struct vw_parser *parser, struct vw_command *command)
{
    struct vw_name field;

    command->table = vw_parser_name(parser, "the name of a table");
    command->column = vw_parser_name(parser, "a column of the table");
    field = command->column;
    if (vw_parser_take_word(parser, "as"))
        field = vw_parser_name(parser, "a field");
    if (vw_parser_at_sign(parser, ","))
        vw_parser_fail(parser, parser->token.span,
                       "a lookup by several columns is not supported");
    read_looked_up(parser, command, field);
}

static void read_accum(struct vw_parser *parser, struct vw_command *command)
{
    take_item(parser, &command->items);
}

/* fillmissing [with VALUE for FIELD, ...] */
static void read_fillmissing(struct vw_parser *parser, struct vw_command *command)
{
    if (!vw_parser_take_word(parser, "with"))
        return;
    do {
        struct vw_item item = {.expression = vw_parser_expression(parser)};

        vw_parser_need_word(parser, "for");
        item.span = parser->token.span;
        item.alias = vw_parser_name(parser, "a field").text;
        if (!parser->error && item.expression->kind != VW_EXPRESSION_CONSTANT)
            vw_parser_fail(parser, item.expression->span,
                           "expected a value, not a field");
        if (!parser->error && vw_array_push(&command->items, item))
            parser->error = VW_ERROR_NO_MEMORY;
    } while (!parser->error && vw_parser_take_sign(parser, ","));
}

static void read_filldown(struct vw_parser *parser, struct vw_command *command)
{
    while (!parser->error && parser->token.kind != VW_TOKEN_END &&
           !vw_parser_at_sign(parser, "|")) {
        add_name(parser, &command->names, vw_parser_name(parser, "a field"));
        vw_parser_take_sign(parser, ",");
    }
}

/* Which log groups: here the files on the command line say it. */
static void read_source(struct vw_parser *parser, struct vw_command *command)
{
    command->names.count = 0;
    while (!parser->error && parser->token.kind != VW_TOKEN_END &&
           !vw_parser_at_sign(parser, "|"))
        vw_parser_advance(parser);
}

/* ---- the words ---- */

struct command_word {
    const char *word;
    enum vw_command_kind kind;
    void (*read)(struct vw_parser *parser, struct vw_command *command);
};

static const struct command_word command_words[] = {
    {"fields", VW_COMMAND_FIELDS, read_items},
    {"display", VW_COMMAND_DISPLAY, read_items},
    {"filter", VW_COMMAND_FILTER, read_filter},
    {"where", VW_COMMAND_FILTER, read_filter},
    {"filterindex", VW_COMMAND_FILTER, read_filter},
    {"stats", VW_COMMAND_STATS, read_stats},
    {"sort", VW_COMMAND_SORT, read_sort},
    {"limit", VW_COMMAND_LIMIT, read_limit},
    {"dedup", VW_COMMAND_DEDUP, read_dedup},
    {"parse", VW_COMMAND_PARSE_GLOB, read_parse},
    {"json", VW_COMMAND_JSON, read_json},
    {"unnest", VW_COMMAND_UNNEST, read_unnest},
    {"lookup", VW_COMMAND_LOOKUP, read_lookup},
    {"cidrlookup", VW_COMMAND_CIDRLOOKUP, read_cidrlookup},
    {"accum", VW_COMMAND_ACCUM, read_accum},
    {"fillmissing", VW_COMMAND_FILLMISSING, read_fillmissing},
    {"filldown", VW_COMMAND_FILLDOWN, read_filldown},
    {"source", VW_COMMAND_SOURCE, read_source},
};

static const struct {
    const char *word, *why;
} refused[] = {
    {"anomaly", "needs a model that AWS trains; sort by a stats instead"},
    {"pattern",
     "needs the clusters that AWS learns; parse and stats count(*) by instead"},
    {"diff",
     "compares two ranges of time: run the query twice, with --since and --until"},
    {"logcompare",
     "compares two ranges of time: run the query twice, with --since and --until"},
    {"unmask",
     "needs the masked text, which only AWS has; the files are shown as they are"},
    {"join", "is not supported; lookup with --table NAME=FILE joins with a CSV file"},
    {"subqueries", "are not supported; give the values as a list in [...]"},
    {"appendcols", "is not supported; run the queries one by one"},
    {"addtotals", "is not supported; a second stats sum(...) adds up"},
    {"autoregress", "is not supported"},
    {"outlier", "is not supported; stats pct(...) and filter find outliers"},
    {"sessionize", "is not supported"},
    {"countfrequent",
     "is not supported; stats count(*) as c by ... | sort c desc does it"},
    {"estimate", "estimates what a query costs in AWS: here it costs nothing"},
    {"expand", "is not supported; unnest flattens lists"},
    {"relevantfields", "needs a model that AWS trains"},
};

static void unknown_command(struct vw_parser *parser, struct vw_name name)
{
    struct vw_nearest nearest = vw_nearest_to(name.text);
    size_t i;

    for (i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (vw_name_same(name.text, vw_slice_of(refused[i].word))) {
            vw_parser_fail(parser, name.span, "%.*s %s", (int)name.text.size,
                           name.text.data, refused[i].why);
            return;
        }
    }
    for (i = 0; i < sizeof command_words / sizeof *command_words; i++)
        vw_nearest_offer(&nearest, vw_slice_of(command_words[i].word));
    if (nearest.best.size)
        vw_parser_fail(parser, name.span, "there is no command %.*s; is %.*s meant?",
                       (int)name.text.size, name.text.data, (int)nearest.best.size,
                       nearest.best.data);
    else
        vw_parser_fail(parser, name.span,
                       "there is no command %.*s; expected fields, filter, stats, sort, "
                       "limit, parse, display or dedup",
                       (int)name.text.size, name.text.data);
}

void vw_parser_command(struct vw_parser *parser)
{
    struct vw_command command = {0};
    struct vw_name name = vw_parser_name(parser, "a command such as fields or stats");
    size_t i;

    if (parser->error)
        return;
    for (i = 0; i < sizeof command_words / sizeof *command_words; i++)
        if (vw_name_same(name.text, vw_slice_of(command_words[i].word)))
            break;
    if (i == sizeof command_words / sizeof *command_words) {
        unknown_command(parser, name);
        return;
    }
    command.kind = command_words[i].kind;
    command.span = name.span;
    command_words[i].read(parser, &command);
    if (vw_array_push(&parser->syntax->commands, command)) {
        parser->error = VW_ERROR_NO_MEMORY;
        vw_command_free(&command);
    }
}
