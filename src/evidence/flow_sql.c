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
#include "evidence/flow_sql.h"

static void put_null(const struct vw_sql_statement *statement, enum vw_sql_type type)
{
    fprintf(statement->out, "CAST(NULL AS %s)",
            vw_sql_type_name(statement->options->engine, type));
}

/* What a field says, NULL where it says nothing. */
static void put_value(const struct vw_sql_statement *statement, enum vw_flow_field field)
{
    enum vw_sql_type type = vw_sql_type_of(field);

    if (!vw_sql_has(statement, field)) {
        put_null(statement, type);
    } else if (type == VW_SQL_TEXT) {
        fputs("nullif(", statement->out);
        vw_sql_put_column(statement, field);
        fputs(", '-')", statement->out);
    } else {
        vw_sql_put_column(statement, field);
    }
}

/* ---- the records ---- */

static void put_vantage(const struct vw_sql_statement *statement)
{
    static const enum vw_flow_field fields[] = {VW_FLOW_FIELD_TGW_ATTACHMENT_ID,
                                                VW_FLOW_FIELD_INTERFACE_ID,
                                                VW_FLOW_FIELD_RESOURCE_ID};
    size_t i;

    fputs("    coalesce(", statement->out);
    for (i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!vw_sql_has(statement, fields[i]))
            continue;
        put_value(statement, fields[i]);
        fputs(", ", statement->out);
    }
    put_null(statement, VW_SQL_TEXT);
    fputs(") AS vantage", statement->out);
}

static void put_plain(const struct vw_sql_statement *statement, enum vw_flow_field field,
                      const char *name)
{
    fputs(",\n    ", statement->out);
    put_value(statement, field);
    fprintf(statement->out, " AS %s", name);
}

/* `condition` is of the protocol; without that column nothing is known to break it. */
static void put_if(const struct vw_sql_statement *statement, enum vw_flow_field field,
                   const char *condition, const char *name)
{
    if (!vw_sql_has(statement, field) || !vw_sql_has(statement, VW_FLOW_FIELD_PROTOCOL)) {
        put_plain(statement, field, name);
        return;
    }
    fprintf(statement->out, ",\n    CASE WHEN protocol IS NULL OR %s THEN ", condition);
    vw_sql_put_column(statement, field);
    fprintf(statement->out, " END AS %s", name);
}

static void put_time(const struct vw_sql_statement *statement, enum vw_flow_field field,
                     enum vw_flow_field other)
{
    bool both = vw_sql_has(statement, field) && vw_sql_has(statement, other);

    if (!both) {
        put_value(statement, vw_sql_has(statement, field) ? field : other);
        return;
    }
    fputs("coalesce(", statement->out);
    vw_sql_put_column(statement, field);
    fputs(", ", statement->out);
    vw_sql_put_column(statement, other);
    fputs(")", statement->out);
}

static void put_times(const struct vw_sql_statement *statement)
{
    fputs(",\n    ", statement->out);
    put_time(statement, VW_FLOW_FIELD_START, VW_FLOW_FIELD_END);
    fputs(" AS first_second,\n    ", statement->out);
    put_time(statement, VW_FLOW_FIELD_END, VW_FLOW_FIELD_START);
    fputs(" AS last_second", statement->out);
}

static void put_selected(const struct vw_sql_statement *statement)
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

static void put_window(const struct vw_sql_statement *statement)
{
    const struct vw_sql_options *options = statement->options;

    if (!vw_sql_has(statement, VW_FLOW_FIELD_START) &&
        !vw_sql_has(statement, VW_FLOW_FIELD_END))
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

static void put_conditions(const struct vw_sql_statement *statement)
{
    bool source = vw_sql_has(statement, VW_FLOW_FIELD_SRCADDR),
         destination = vw_sql_has(statement, VW_FLOW_FIELD_DSTADDR);

    fputs("\n  WHERE (", statement->out);
    if (source)
        put_value(statement, VW_FLOW_FIELD_SRCADDR);
    fputs(source ? " IS NOT NULL" : "", statement->out);
    fputs(source && destination ? " OR " : "", statement->out);
    if (destination)
        put_value(statement, VW_FLOW_FIELD_DSTADDR);
    fputs(destination ? " IS NOT NULL)" : ")", statement->out);
    if (vw_sql_has(statement, VW_FLOW_FIELD_LOG_STATUS)) {
        fputs("\n    AND coalesce(", statement->out);
        put_value(statement, VW_FLOW_FIELD_LOG_STATUS);
        fputs(", 'OK') = 'OK'", statement->out);
    }
    if (vw_sql_has(statement, VW_FLOW_FIELD_START) &&
        vw_sql_has(statement, VW_FLOW_FIELD_END))
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

static void put_sums(const struct vw_sql_statement *statement)
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
        if (vw_sql_is_files(statement->options->table) &&
            !vw_sql_is_parquet(statement->options->table))
            fputs("\nSETTINGS format_custom_field_delimiter = ' ', "
                  "format_custom_escaping_rule = 'CSV',\n"
                  "  format_csv_null_representation = '-', "
                  "input_format_with_names_use_header = 0,\n"
                  "  input_format_allow_errors_ratio = 1",
                  statement->out);
        fputs("\nFORMAT CSVWithNames", statement->out);
    }
    fputs(";\n", statement->out);
}

/* ---- all of it ---- */

static void default_fields(struct vw_sql_statement *statement)
{
    /* AWS's table has versions 2 to 5, which are the first in the list. */
    size_t count = statement->options->engine == VW_SQL_ATHENA
                       ? VW_FLOW_FIELD_TRAFFIC_PATH + 1
                       : VW_FLOW_DEFAULT_COLUMNS;

    for (statement->count = 0; statement->count < count; statement->count++)
        statement->fields[statement->count] = (enum vw_flow_field)statement->count;
}

static int read_fields(struct vw_sql_statement *statement,
                       struct vw_diagnostics *diagnostics)
{
    struct vw_slice rest = vw_slice_of(statement->options->format), name;

    while (vw_flow_format_next(&rest, &name)) {
        enum vw_flow_field field = vw_flow_field_find(name);

        if (statement->count == VW_FLOW_COLUMNS_MAX)
            break;
        statement->fields[statement->count] =
            vw_sql_has(statement, field) ? VW_FLOW_FIELD_COUNT : field;
        statement->count++;
    }
    if (vw_sql_has(statement, VW_FLOW_FIELD_SRCADDR) ||
        vw_sql_has(statement, VW_FLOW_FIELD_DSTADDR))
        return 0;
    vw_diagnose(diagnostics, VW_SEVERITY_ERROR, "flow-log-format", (struct vw_place){0},
                "the format has neither ${srcaddr} nor ${dstaddr}: there are no flows");
    return VW_ERROR_INPUT;
}

int vw_flows_write_sql(const struct vw_sql_options *options,
                       struct vw_diagnostics *diagnostics, FILE *out)
{
    struct vw_sql_statement statement = {.options = options, .out = out};
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
    vw_sql_put_source(&statement);
    put_conditions(&statement);
    fputs("\n)\n", out);
    put_sums(&statement);
    return ferror(out) ? VW_ERROR_OUTPUT : 0;
}
