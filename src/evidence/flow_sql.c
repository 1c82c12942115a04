/*
 * The table of flows as a statement for a database. It does what flow_record.c does to a
 * record: '-' is nothing, only records of status OK count, ICMP has no ports and only TCP
 * has flags; then it groups by the key of a row and sums up as flow_table.c does. What
 * flow_record.c finds damaged in a cell is found when the result is read. Columns that the
 * logs lack are NULL.
 *
 * Amazon Athena User Guide, "Create a table for Amazon VPC flow logs": columns are called
 * as fields are, with '_' for '-'.
 */
#include <vpcwhy/flows.h>

#include <inttypes.h>
#include <string.h>

#include <vpcwhy/error.h>

#include "base/time.h"
#include "logs/format.h"

/* What a field is in a database; all others are texts. */
enum type { TEXT, SMALL, BIG };

struct statement {
    const struct vw_sql_options *options;
    FILE *out;
    enum vw_flow_field fields[VW_FLOW_COLUMNS_MAX]; /* COUNT: no field */
    size_t count;
};

static enum type type_of(enum vw_flow_field field)
{
    static const struct {
        enum vw_flow_field field;
        enum type type;
    } rows[] = {
        {VW_FLOW_FIELD_VERSION, SMALL},
        {VW_FLOW_FIELD_SRCPORT, SMALL},
        {VW_FLOW_FIELD_DSTPORT, SMALL},
        {VW_FLOW_FIELD_PROTOCOL, SMALL},
        {VW_FLOW_FIELD_PACKETS, BIG},
        {VW_FLOW_FIELD_BYTES, BIG},
        {VW_FLOW_FIELD_START, BIG},
        {VW_FLOW_FIELD_END, BIG},
        {VW_FLOW_FIELD_TCP_FLAGS, SMALL},
        {VW_FLOW_FIELD_TRAFFIC_PATH, SMALL},
        {VW_FLOW_FIELD_ENCRYPTION_STATUS, SMALL},
        {VW_FLOW_FIELD_PACKETS_LOST_NO_ROUTE, BIG},
        {VW_FLOW_FIELD_PACKETS_LOST_BLACKHOLE, BIG},
        {VW_FLOW_FIELD_PACKETS_LOST_MTU_EXCEEDED, BIG},
        {VW_FLOW_FIELD_PACKETS_LOST_TTL_EXPIRED, BIG},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].field == field)
            return rows[i].type;
    return TEXT;
}

static const char *type_name(enum vw_sql engine, enum type type)
{
    static const char *const names[][3] = {
        [VW_SQL_ATHENA] = {"VARCHAR", "BIGINT", "BIGINT"},
        [VW_SQL_CLICKHOUSE] = {"Nullable(String)", "Nullable(UInt32)", "Nullable(Int64)"},
        [VW_SQL_DUCKDB] = {"VARCHAR", "INTEGER", "BIGINT"},
    };

    return names[engine][type];
}

static bool has(const struct statement *statement, enum vw_flow_field field)
{
    size_t i;

    for (i = 0; i < statement->count; i++)
        if (statement->fields[i] == field)
            return true;
    return false;
}

/* A field's name as a column: "end" is a word of the language. */
static void put_column(const struct statement *statement, enum vw_flow_field field)
{
    const char *name = vw_flow_field_name(field);

    fputs(field == VW_FLOW_FIELD_END ? "\"" : "", statement->out);
    for (; *name; name++)
        putc(*name == '-' ? '_' : *name, statement->out);
    fputs(field == VW_FLOW_FIELD_END ? "\"" : "", statement->out);
}

static void put_null(const struct statement *statement, enum type type)
{
    fprintf(statement->out, "CAST(NULL AS %s)",
            type_name(statement->options->engine, type));
}

/* What a field says, NULL where it says nothing. */
static void put_value(const struct statement *statement, enum vw_flow_field field)
{
    enum type type = type_of(field);

    if (!has(statement, field)) {
        put_null(statement, type);
    } else if (type == TEXT) {
        fputs("nullif(", statement->out);
        put_column(statement, field);
        fputs(", '-')", statement->out);
    } else {
        put_column(statement, field);
    }
}

/* ---- the records ---- */

static void put_vantage(const struct statement *statement)
{
    static const enum vw_flow_field fields[] = {VW_FLOW_FIELD_TGW_ATTACHMENT_ID,
                                                VW_FLOW_FIELD_INTERFACE_ID,
                                                VW_FLOW_FIELD_RESOURCE_ID};
    size_t i;

    fputs("    coalesce(", statement->out);
    for (i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!has(statement, fields[i]))
            continue;
        put_value(statement, fields[i]);
        fputs(", ", statement->out);
    }
    put_null(statement, TEXT);
    fputs(") AS vantage", statement->out);
}

static void put_plain(const struct statement *statement, enum vw_flow_field field,
                      const char *name)
{
    fputs(",\n    ", statement->out);
    put_value(statement, field);
    fprintf(statement->out, " AS %s", name);
}

/* `condition` is of the protocol; without that column nothing is known to break it. */
static void put_if(const struct statement *statement, enum vw_flow_field field,
                   const char *condition, const char *name)
{
    if (!has(statement, field) || !has(statement, VW_FLOW_FIELD_PROTOCOL)) {
        put_plain(statement, field, name);
        return;
    }
    fprintf(statement->out, ",\n    CASE WHEN protocol IS NULL OR %s THEN ", condition);
    put_column(statement, field);
    fprintf(statement->out, " END AS %s", name);
}

static void put_time(const struct statement *statement, enum vw_flow_field field,
                     enum vw_flow_field other)
{
    bool both = has(statement, field) && has(statement, other);

    if (!both) {
        put_value(statement, has(statement, field) ? field : other);
        return;
    }
    fputs("coalesce(", statement->out);
    put_column(statement, field);
    fputs(", ", statement->out);
    put_column(statement, other);
    fputs(")", statement->out);
}

static void put_times(const struct statement *statement)
{
    fputs(",\n    ", statement->out);
    put_time(statement, VW_FLOW_FIELD_START, VW_FLOW_FIELD_END);
    fputs(" AS first_second,\n    ", statement->out);
    put_time(statement, VW_FLOW_FIELD_END, VW_FLOW_FIELD_START);
    fputs(" AS last_second", statement->out);
}

static void put_selected(const struct statement *statement)
{
    put_vantage(statement);
    put_plain(statement, VW_FLOW_FIELD_FLOW_DIRECTION, "direction");
    put_plain(statement, VW_FLOW_FIELD_SRCADDR, "source");
    put_plain(statement, VW_FLOW_FIELD_DSTADDR, "destination");
    put_plain(statement, VW_FLOW_FIELD_PKT_SRCADDR, "packet_source");
    put_plain(statement, VW_FLOW_FIELD_PKT_DSTADDR, "packet_destination");
    put_plain(statement, VW_FLOW_FIELD_PROTOCOL, "ip_protocol");
    put_if(statement, VW_FLOW_FIELD_SRCPORT, "protocol NOT IN (1, 58)", "source_port");
    put_if(statement, VW_FLOW_FIELD_DSTPORT, "protocol NOT IN (1, 58)",
           "destination_port");
    put_plain(statement, VW_FLOW_FIELD_ACTION, "decision");
    put_if(statement, VW_FLOW_FIELD_TCP_FLAGS, "protocol = 6", "flags");
    put_times(statement);
    put_plain(statement, VW_FLOW_FIELD_PACKETS, "packet_count");
    put_plain(statement, VW_FLOW_FIELD_BYTES, "byte_count");
    put_plain(statement, VW_FLOW_FIELD_REJECT_REASON, "reason");
    put_plain(statement, VW_FLOW_FIELD_TRAFFIC_PATH, "path");
    put_plain(statement, VW_FLOW_FIELD_NEXT_HOP_INTERFACE_ID, "next_hop");
    put_plain(statement, VW_FLOW_FIELD_PACKETS_LOST_NO_ROUTE, "lost_no_route");
    put_plain(statement, VW_FLOW_FIELD_PACKETS_LOST_BLACKHOLE, "lost_blackhole");
    put_plain(statement, VW_FLOW_FIELD_PACKETS_LOST_MTU_EXCEEDED, "lost_mtu_exceeded");
    put_plain(statement, VW_FLOW_FIELD_PACKETS_LOST_TTL_EXPIRED, "lost_ttl_expired");
}

/* ---- where they are ---- */

/* 'text' with its quotes doubled. */
static void put_string(const struct statement *statement, const char *text)
{
    putc('\'', statement->out);
    for (; *text; text++) {
        if (*text == '\'' ||
            (*text == '\\' && statement->options->engine == VW_SQL_CLICKHOUSE))
            putc(*text == '\\' ? '\\' : '\'', statement->out);
        putc(*text, statement->out);
    }
    putc('\'', statement->out);
}

/* A name that may have a schema before it, its parts quoted where they must be. */
static void put_name(const struct statement *statement, const char *name)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    size_t size, i;

    for (;; name += size + 1) {
        size = strcspn(name, ".");
        if (size > 0 && strspn(name, plain) >= size && (*name < '0' || *name > '9')) {
            fwrite(name, 1, size, statement->out);
        } else {
            putc('"', statement->out);
            for (i = 0; i < size; i++) {
                if (name[i] == '"')
                    putc('"', statement->out);
                putc(name[i], statement->out);
            }
            putc('"', statement->out);
        }
        if (!name[size])
            return;
        putc('.', statement->out);
    }
}

static bool is_files(const char *table)
{
    return strpbrk(table, "/*?{") || strstr(table, ".log") || strstr(table, ".gz") ||
           strstr(table, ".parquet") || strstr(table, ".txt") || strstr(table, ".csv");
}

static bool is_parquet(const char *table)
{
    static const char end[] = ".parquet";
    size_t size = strlen(table);

    return size >= sizeof end - 1 && strcmp(table + size - (sizeof end - 1), end) == 0;
}

/* A name for each column of text, in the order of the file. */
static void put_column_name(const struct statement *statement, size_t i)
{
    if (statement->fields[i] == VW_FLOW_FIELD_COUNT)
        fprintf(statement->out, "column_%zu", i + 1);
    else
        put_column(statement, statement->fields[i]);
}

static enum type column_type(const struct statement *statement, size_t i)
{
    return statement->fields[i] == VW_FLOW_FIELD_COUNT ? TEXT
                                                       : type_of(statement->fields[i]);
}

static void put_duckdb_files(const struct statement *statement)
{
    const char *table = statement->options->table;
    size_t i;

    if (is_parquet(table)) {
        fputs("read_parquet(", statement->out);
        put_string(statement, table);
        fputs(", union_by_name = true)", statement->out);
        return;
    }
    fputs("read_csv(", statement->out);
    put_string(statement, table);
    fputs(", header = true, auto_detect = false, delim = ' ', quote = '', escape = '',\n"
          "    nullstr = '-', ignore_errors = true, columns = {",
          statement->out);
    for (i = 0; i < statement->count; i++) {
        fputs(i ? ", " : "", statement->out);
        put_column_name(statement, i);
        fprintf(statement->out, ": '%s'",
                type_name(VW_SQL_DUCKDB, column_type(statement, i)));
    }
    fputs("})", statement->out);
}

/* A file's header line has names with '-': columns go by their places. */
static void put_clickhouse_files(const struct statement *statement)
{
    const char *table = statement->options->table;
    bool is_url = strncmp(table, "https://", 8) == 0 || strncmp(table, "s3://", 5) == 0;
    size_t i;

    fputs(is_url ? "s3(" : "file(", statement->out);
    put_string(statement, table);
    if (is_parquet(table)) {
        fputs(", 'Parquet')", statement->out);
        return;
    }
    fputs(", 'CSVWithNames',\n    '", statement->out);
    for (i = 0; i < statement->count; i++) {
        fputs(i ? ", " : "", statement->out);
        put_column_name(statement, i);
        fprintf(statement->out, " %s",
                type_name(VW_SQL_CLICKHOUSE, column_type(statement, i)));
    }
    fputs("')", statement->out);
}

static void put_source(const struct statement *statement)
{
    const struct vw_sql_options *options = statement->options;

    fputs("\n  FROM ", statement->out);
    if (options->engine == VW_SQL_ATHENA || !is_files(options->table))
        put_name(statement, options->table);
    else if (options->engine == VW_SQL_DUCKDB)
        put_duckdb_files(statement);
    else
        put_clickhouse_files(statement);
}

static void put_window(const struct statement *statement)
{
    const struct vw_sql_options *options = statement->options;

    if (!has(statement, VW_FLOW_FIELD_START) && !has(statement, VW_FLOW_FIELD_END))
        return;
    if (options->since != VW_TIME_UNKNOWN) {
        fputs("\n    AND coalesce(", statement->out);
        put_time(statement, VW_FLOW_FIELD_END, VW_FLOW_FIELD_START);
        fprintf(statement->out, ", %" PRId64 ") >= %" PRId64, INT64_MAX / VW_SECOND,
                (options->since + VW_SECOND - 1) / VW_SECOND);
    }
    if (options->until != VW_TIME_UNKNOWN) {
        fputs("\n    AND coalesce(", statement->out);
        put_time(statement, VW_FLOW_FIELD_START, VW_FLOW_FIELD_END);
        fprintf(statement->out, ", 0) <= %" PRId64, options->until / VW_SECOND);
    }
}

static void put_conditions(const struct statement *statement)
{
    bool source = has(statement, VW_FLOW_FIELD_SRCADDR),
         destination = has(statement, VW_FLOW_FIELD_DSTADDR);

    fputs("\n  WHERE (", statement->out);
    if (source)
        put_value(statement, VW_FLOW_FIELD_SRCADDR);
    fputs(source ? " IS NOT NULL" : "", statement->out);
    fputs(source && destination ? " OR " : "", statement->out);
    if (destination)
        put_value(statement, VW_FLOW_FIELD_DSTADDR);
    fputs(destination ? " IS NOT NULL)" : ")", statement->out);
    if (has(statement, VW_FLOW_FIELD_LOG_STATUS)) {
        fputs("\n    AND coalesce(", statement->out);
        put_value(statement, VW_FLOW_FIELD_LOG_STATUS);
        fputs(", 'OK') = 'OK'", statement->out);
    }
    if (has(statement, VW_FLOW_FIELD_START) && has(statement, VW_FLOW_FIELD_END))
        fputs("\n    AND (start IS NULL OR \"end\" IS NULL OR start <= \"end\")",
              statement->out);
    put_window(statement);
}

/* ---- the sums ---- */

static const char *flags_sum(enum vw_sql engine)
{
    switch (engine) {
    case VW_SQL_ATHENA:
        return "bitwise_or_agg(flags)";
    case VW_SQL_CLICKHOUSE:
        return "if(count(flags) = 0, NULL, groupBitOr(flags))";
    case VW_SQL_DUCKDB:
        return "bit_or(flags)";
    }
    return "";
}

/* The codes met, "7;8". */
static const char *path_list(enum vw_sql engine)
{
    switch (engine) {
    case VW_SQL_ATHENA:
        return "array_join(array_sort(array_agg(DISTINCT path) FILTER (WHERE path IS NOT "
               "NULL)), ';')";
    case VW_SQL_CLICKHOUSE:
        return "arrayStringConcat(arrayMap(x -> toString(x), "
               "arraySort(groupUniqArray(path))), ';')";
    case VW_SQL_DUCKDB:
        return "array_to_string(list_sort(list(DISTINCT path) FILTER (WHERE path IS NOT "
               "NULL)), ';')";
    }
    return "";
}

static void put_sums(const struct statement *statement)
{
    enum vw_sql engine = statement->options->engine;

    fprintf(statement->out,
            "SELECT\n"
            "  vantage, direction AS flow_direction, source AS srcaddr, destination AS "
            "dstaddr,\n"
            "  packet_source AS pkt_srcaddr, packet_destination AS pkt_dstaddr,\n"
            "  ip_protocol AS protocol, source_port AS srcport, destination_port AS "
            "dstport,\n"
            "  decision AS action, %s AS tcp_flags,\n"
            "  min(first_second) AS \"start\", max(last_second) AS \"end\",\n"
            "  count(*) AS records, sum(packet_count) AS packets, sum(byte_count) AS "
            "bytes,\n"
            "  min(reason) AS reject_reason,\n"
            "  %s AS traffic_path,\n"
            "  min(next_hop) AS next_hop_interface_id,\n"
            "  sum(lost_no_route) AS packets_lost_no_route,\n"
            "  sum(lost_blackhole) AS packets_lost_blackhole,\n"
            "  sum(lost_mtu_exceeded) AS packets_lost_mtu_exceeded,\n"
            "  sum(lost_ttl_expired) AS packets_lost_ttl_expired\n"
            "FROM flow_records\n"
            "GROUP BY vantage, direction, source, destination, packet_source, "
            "packet_destination,\n"
            "  ip_protocol, source_port, destination_port, decision",
            flags_sum(engine), path_list(engine));
    if (engine == VW_SQL_CLICKHOUSE) {
        if (is_files(statement->options->table) && !is_parquet(statement->options->table))
            fputs("\nSETTINGS format_csv_delimiter = ' ', "
                  "format_csv_null_representation = '-',\n"
                  "  input_format_with_names_use_header = 0, "
                  "input_format_allow_errors_ratio = 1",
                  statement->out);
        fputs("\nFORMAT CSVWithNames", statement->out);
    }
    fputs(";\n", statement->out);
}

/* ---- all of it ---- */

static void default_fields(struct statement *statement)
{
    /* AWS's table has versions 2 to 5, which are the first in the list. */
    size_t count = statement->options->engine == VW_SQL_ATHENA
                       ? VW_FLOW_FIELD_TRAFFIC_PATH + 1
                       : VW_FLOW_DEFAULT_COLUMNS;

    for (statement->count = 0; statement->count < count; statement->count++)
        statement->fields[statement->count] = (enum vw_flow_field)statement->count;
}

static int read_fields(struct statement *statement, struct vw_diagnostics *diagnostics)
{
    struct vw_slice rest = vw_slice_of(statement->options->format), name;

    while (vw_flow_format_next(&rest, &name)) {
        enum vw_flow_field field = vw_flow_field_find(name);

        if (statement->count == VW_FLOW_COLUMNS_MAX)
            break;
        statement->fields[statement->count] =
            has(statement, field) ? VW_FLOW_FIELD_COUNT : field;
        statement->count++;
    }
    if (has(statement, VW_FLOW_FIELD_SRCADDR) || has(statement, VW_FLOW_FIELD_DSTADDR))
        return 0;
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "flow-log-format", (struct vw_place){0},
                "the format has neither ${srcaddr} nor ${dstaddr}: there are no flows");
    return VW_ERROR_INPUT;
}

int vw_flows_write_sql(const struct vw_sql_options *options,
                       struct vw_diagnostics *diagnostics, FILE *out)
{
    struct statement statement = {.options = options, .out = out};
    int error = 0;

    if (options->format)
        error = read_fields(&statement, diagnostics);
    else
        default_fields(&statement);
    if (error)
        return error;
    fputs("-- Distinct flows; save the result as CSV and read it with: vpcwhy flows "
          "RESULT.csv\n"
          "WITH flow_records AS (\n  SELECT\n",
          out);
    put_selected(&statement);
    put_source(&statement);
    put_conditions(&statement);
    fputs("\n)\n", out);
    put_sums(&statement);
    return ferror(out) ? VW_ERROR_OUTPUT : 0;
}
