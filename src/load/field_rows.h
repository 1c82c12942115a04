/* How the tables of fields are written: see schema.h. */
#ifndef VW_LOAD_FIELD_ROWS_H
#define VW_LOAD_FIELD_ROWS_H

#include "load/schema.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A row: key, type, member of `record`, and what else the type needs. */
#define ROW(record, key, type, member, ...)                                              \
    {                                                                                    \
        (key), VW_FIELD_##type, offsetof(struct record, member), __VA_ARGS__             \
    }
#define OPTIONAL VW_NEED_NONE, 0, 0, NULL, NULL
#define REQUIRED VW_NEED_REQUIRED, 0, 0, NULL, NULL
#define MINOR VW_NEED_MINOR, 0, 0, NULL, NULL
#define BETWEEN(minimum, maximum) VW_NEED_NONE, (minimum), (maximum), NULL, NULL
#define ONE_OF(words) VW_NEED_NONE, 0, 0, (words), NULL
#define MUST_BE_ONE_OF(words) VW_NEED_REQUIRED, 0, 0, (words), NULL
#define OF(schema) VW_NEED_NONE, 0, 0, NULL, &(schema)

#define SCHEMA(noun, record, fields, complaint)                                          \
    {                                                                                    \
        (noun), sizeof(struct record), (fields), COUNT(fields), (complaint)              \
    }

/* A list of objects of which one text matters, or of texts (key ""). */
#define ID_SCHEMA(name, noun, key)                                                       \
    static const struct vw_field name##_fields[] = {                                     \
        ROW(vw_id_record, key, TEXT, id, REQUIRED),                                      \
    };                                                                                   \
    static const struct vw_schema name = SCHEMA(noun, vw_id_record, name##_fields, NULL)

/* A CIDR under each of the keys that AWS gives it. */
#define CIDR_SCHEMA(name, noun, ...)                                                     \
    static const struct vw_field name##_fields[] = {__VA_ARGS__};                        \
    static const struct vw_schema name = SCHEMA(noun, vw_cidr_record, name##_fields, NULL)

#endif
