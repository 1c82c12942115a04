/*
 * Thrift's compact protocol, as far as Parquet describes its files in it: a bounded cursor
 * with a sticky error. A struct is read field by field:
 *
 *     struct vw_thrift_field field = {0};
 *     while (vw_thrift_next(thrift, &field)) {
 *         if (field.id == 3)
 *             rows = vw_thrift_integer(thrift, field.type);
 *         else
 *             vw_thrift_skip(thrift, field.type);
 *     }
 *
 * After a failure everything reads as 0, "" or the end. (Apache Thrift,
 * doc/specs/thrift-compact-protocol.md)
 */
#ifndef VW_LOGS_THRIFT_H
#define VW_LOGS_THRIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/slice.h"

struct vw_thrift {
    const unsigned char *at;
    size_t left;
    bool failed; /* the bytes end too early, or are none of this protocol */
};

struct vw_thrift_field {
    int32_t id;
    unsigned type;
};

/* The next field of a struct; false at its end. */
bool vw_thrift_next(struct vw_thrift *thrift, struct vw_thrift_field *field);

void vw_thrift_skip(struct vw_thrift *thrift, unsigned type);

/* A value of `type`, which must be of that kind. */
int64_t vw_thrift_integer(struct vw_thrift *thrift, unsigned type);
bool vw_thrift_boolean(struct vw_thrift *thrift, unsigned type);
struct vw_slice vw_thrift_binary(struct vw_thrift *thrift, unsigned type);

/* Enters a struct: its fields are next. */
void vw_thrift_struct(struct vw_thrift *thrift, unsigned type);

/* Enters a list: the number of its elements and their type. No more than bytes are left. */
size_t vw_thrift_list(struct vw_thrift *thrift, unsigned type, unsigned *ret_element);

#endif
