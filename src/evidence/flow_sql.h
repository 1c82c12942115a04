/* Parts of the statement that computes the table of flows in a database. */
#ifndef VW_EVIDENCE_FLOW_SQL_H
#define VW_EVIDENCE_FLOW_SQL_H

#include <vpcwhy/flows.h>

#include "logs/format.h"

/* What a field is in a database. */
enum vw_sql_type { VW_SQL_TEXT, VW_SQL_SMALL, VW_SQL_BIG };

struct vw_sql_statement {
    const struct vw_sql_options *options;
    FILE *out;
    enum vw_flow_field fields[VW_FLOW_COLUMNS_MAX]; /* VW_FLOW_FIELD_COUNT: no field */
    size_t count;
};

enum vw_sql_type vw_sql_type_of(enum vw_flow_field field);
const char *vw_sql_type_name(enum vw_sql engine, enum vw_sql_type type);

/* Whether the logs have the field. */
bool vw_sql_has(const struct vw_sql_statement *statement, enum vw_flow_field field);

/* The field's name as a column. */
void vw_sql_put_column(const struct vw_sql_statement *statement,
                       enum vw_flow_field field);

/* Whether `table` is no table's name but that of files, and whether those are Parquet. */
bool vw_sql_is_files(const char *table);
bool vw_sql_is_parquet(const char *table);

/* "\n  FROM ...". */
void vw_sql_put_source(const struct vw_sql_statement *statement);

#endif
