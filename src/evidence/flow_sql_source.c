/* Columns of flow logs in a database, and where it finds the records; see flow_sql.h. */
#include "evidence/flow_sql.h"

#include <string.h>

enum vw_sql_type vw_sql_type_of(enum vw_flow_field field)
{
    static const struct {
        enum vw_flow_field field;
        enum vw_sql_type type;
    } rows[] = {
        {VW_FLOW_FIELD_VERSION, VW_SQL_SMALL},
        {VW_FLOW_FIELD_SRCPORT, VW_SQL_SMALL},
        {VW_FLOW_FIELD_DSTPORT, VW_SQL_SMALL},
        {VW_FLOW_FIELD_PROTOCOL, VW_SQL_SMALL},
        {VW_FLOW_FIELD_PACKETS, VW_SQL_BIG},
        {VW_FLOW_FIELD_BYTES, VW_SQL_BIG},
        {VW_FLOW_FIELD_START, VW_SQL_BIG},
        {VW_FLOW_FIELD_END, VW_SQL_BIG},
        {VW_FLOW_FIELD_TCP_FLAGS, VW_SQL_SMALL},
        {VW_FLOW_FIELD_TRAFFIC_PATH, VW_SQL_SMALL},
        {VW_FLOW_FIELD_ENCRYPTION_STATUS, VW_SQL_SMALL},
        {VW_FLOW_FIELD_PACKETS_LOST_NO_ROUTE, VW_SQL_BIG},
        {VW_FLOW_FIELD_PACKETS_LOST_BLACKHOLE, VW_SQL_BIG},
        {VW_FLOW_FIELD_PACKETS_LOST_MTU_EXCEEDED, VW_SQL_BIG},
        {VW_FLOW_FIELD_PACKETS_LOST_TTL_EXPIRED, VW_SQL_BIG},
    };
    size_t i;

    for (i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].field == field)
            return rows[i].type;
    return VW_SQL_TEXT;
}

const char *vw_sql_type_name(enum vw_sql engine, enum vw_sql_type type)
{
    static const char *const names[][3] = {
        [VW_SQL_ATHENA] = {"VARCHAR", "BIGINT", "BIGINT"},
        [VW_SQL_CLICKHOUSE] = {"Nullable(String)", "Nullable(UInt32)", "Nullable(Int64)"},
        [VW_SQL_DUCKDB] = {"VARCHAR", "INTEGER", "BIGINT"},
    };

    return names[engine][type];
}

bool vw_sql_has(const struct vw_sql_statement *statement, enum vw_flow_field field)
{
    size_t i;

    for (i = 0; i < statement->count; i++)
        if (statement->fields[i] == field)
            return true;
    return false;
}

/* A field's name as a column: "end" is a word of the language. */
void vw_sql_put_column(const struct vw_sql_statement *statement, enum vw_flow_field field)
{
    const char *name = vw_flow_field_name(field);

    fputs(field == VW_FLOW_FIELD_END ? "\"" : "", statement->out);
    for (; *name; name++)
        putc(*name == '-' ? '_' : *name, statement->out);
    fputs(field == VW_FLOW_FIELD_END ? "\"" : "", statement->out);
}

/* 'text' with its quotes doubled. */
static void put_string(const struct vw_sql_statement *statement, const char *text)
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
static void put_name(const struct vw_sql_statement *statement, const char *name)
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

bool vw_sql_is_files(const char *table)
{
    return strpbrk(table, "/*?{") || strstr(table, ".log") || strstr(table, ".gz") ||
           strstr(table, ".parquet") || strstr(table, ".txt") || strstr(table, ".csv");
}

bool vw_sql_is_parquet(const char *table)
{
    static const char end[] = ".parquet";
    size_t size = strlen(table);

    return size >= sizeof end - 1 && strcmp(table + size - (sizeof end - 1), end) == 0;
}

/* A name for each column of text, in the order of the file. */
static void put_column_name(const struct vw_sql_statement *statement, size_t i)
{
    if (statement->fields[i] == VW_FLOW_FIELD_COUNT)
        fprintf(statement->out, "column_%zu", i + 1);
    else
        vw_sql_put_column(statement, statement->fields[i]);
}

static enum vw_sql_type column_type(const struct vw_sql_statement *statement, size_t i)
{
    return statement->fields[i] == VW_FLOW_FIELD_COUNT
               ? VW_SQL_TEXT
               : vw_sql_type_of(statement->fields[i]);
}

static void put_duckdb_files(const struct vw_sql_statement *statement)
{
    const char *table = statement->options->table;
    size_t i;

    if (vw_sql_is_parquet(table)) {
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
                vw_sql_type_name(VW_SQL_DUCKDB, column_type(statement, i)));
    }
    fputs("})", statement->out);
}

/* A file's header line has names with '-': columns go by their places. */
static void put_clickhouse_files(const struct vw_sql_statement *statement)
{
    const char *table = statement->options->table;
    bool is_url = strncmp(table, "https://", 8) == 0 || strncmp(table, "s3://", 5) == 0;
    size_t i;

    fputs(is_url ? "s3(" : "file(", statement->out);
    put_string(statement, table);
    if (vw_sql_is_parquet(table)) {
        fputs(", 'Parquet')", statement->out);
        return;
    }
    fputs(", 'CustomSeparatedWithNames',\n    '", statement->out);
    for (i = 0; i < statement->count; i++) {
        fputs(i ? ", " : "", statement->out);
        put_column_name(statement, i);
        fprintf(statement->out, " %s",
                vw_sql_type_name(VW_SQL_CLICKHOUSE, column_type(statement, i)));
    }
    fputs("')", statement->out);
}

void vw_sql_put_source(const struct vw_sql_statement *statement)
{
    const struct vw_sql_options *options = statement->options;

    fputs("\n  FROM ", statement->out);
    if (options->engine == VW_SQL_ATHENA || !vw_sql_is_files(options->table))
        put_name(statement, options->table);
    else if (options->engine == VW_SQL_DUCKDB)
        put_duckdb_files(statement);
    else
        put_clickhouse_files(statement);
}
