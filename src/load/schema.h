/*
 * The input schema is a table. Each kind of element that the AWS CLI prints has a record
 * (records.h) and a schema: one row a field with its key, type and destination. The
 * reader below walks an element by its schema and writes a diagnostic for whatever is not
 * as the row says; keys without a row are not looked at, for AWS prints hundreds.
 *
 * Absent, null and empty mean the same, and a record says it with zeros: every type below
 * is made so that all its bytes zero mean "absent". That lets two copies of one object be
 * merged by the table too.
 */
#ifndef VW_LOAD_SCHEMA_H
#define VW_LOAD_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

#include <vpcwhy/address.h>

#include "base/json.h"

enum vw_flag { VW_FLAG_ABSENT, VW_FLAG_NO, VW_FLAG_YES };

struct vw_number {
    int64_t value;
    bool is_known;
};

/* Records of a nested list; each begins with the JSON pointer it was read from. */
struct vw_list {
    void *items;
    uint32_t count;
    bool has_gap; /* an element could not be used */
};

enum vw_field_type {
    VW_FIELD_TEXT,     /* const char * */
    VW_FIELD_NAME,     /* const char *: the value of the tag "Name" in a list of tags */
    VW_FIELD_FLAG,     /* enum vw_flag */
    VW_FIELD_NUMBER,   /* struct vw_number within minimum..maximum */
    VW_FIELD_WORD,     /* int: 1 + index into `words` */
    VW_FIELD_PROTOCOL, /* struct vw_number: IANA number, -1 all */
    VW_FIELD_ADDRESS,  /* struct vw_address */
    VW_FIELD_PREFIX,   /* struct vw_prefix */
    VW_FIELD_PRESENT,  /* enum vw_flag: YES where the key is there, be it an empty list */
    VW_FIELD_LIST,     /* struct vw_list of `schema` */
    VW_FIELD_MEMBERS   /* the same of an object's members */
};

enum vw_field_need {
    VW_NEED_NONE,
    VW_NEED_REQUIRED, /* without it the element cannot be used */
    VW_NEED_MINOR     /* where it cannot be read, the element is used without it */
};

struct vw_field {
    const char *key; /* "Status.Code" steps into an object; "" is the element itself */
    enum vw_field_type type;
    size_t offset;
    enum vw_field_need need;
    int64_t minimum, maximum;
    const char *const *words; /* NULL-terminated */
    const struct vw_schema *schema;
};

struct vw_schema {
    const char *noun; /* "route" */
    size_t size;      /* of the record */
    const struct vw_field *fields;
    size_t field_count;
    /* What is wrong with a record whose fields are all right, or NULL: nothing. */
    const char *(*complaint)(const void *record);
};

/* Reading one top-level element and what is nested in it. */
struct vw_reading {
    struct vw_arena *arena;   /* text: it becomes the world's */
    struct vw_arena *scratch; /* lists: for the time of loading */
    struct vw_texts *texts;   /* of `arena`, or NULL */
    struct vw_diagnostics *diagnostics;
    const char *file;
    const char *id;     /* of the top-level element, once it is known */
    const char *noun;   /* what the top-level element is */
    bool is_incomplete; /* set when a part that matters could not be read */
    bool is_config;     /* keys are spelled as AWS Config does: see config_items.h */
};

/* Fills the zeroed `record` from `json`. Returns 1 when it can be used, 0 when it cannot
 * (said in the diagnostics), or VW_ERROR_NO_MEMORY. */
int vw_schema_read(struct vw_reading *reading, const struct vw_schema *schema,
                   const struct vw_json *json, void *record);

/* A warning about `json` in this reading. 0 or VW_ERROR_NO_MEMORY. */
int vw_schema_warn(struct vw_reading *reading, const char *code,
                   const struct vw_json *json, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Makes `record` the union of itself and `other`, a second copy of the same object: what
 * is absent in it is taken from there. Returns the key of the first field in which both
 * say something and it is not the same, or NULL. Nested lists that differ stay as they
 * are in `record`.
 */
const char *vw_schema_merge(const struct vw_schema *schema, void *record,
                            const void *other);

/* The account that owns what `record` is about: its field "OwnerId", or NULL. */
const char *vw_schema_account(const struct vw_schema *schema, const void *record);

#endif
