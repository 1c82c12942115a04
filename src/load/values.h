/* The types a field may have: from a JSON value to the bytes of a record. */
#ifndef VW_LOAD_VALUES_H
#define VW_LOAD_VALUES_H

#include "load/schema.h"

#define VW_FOUND_TEXT 96

/* "\"text\"", "22", "a list": what a message says was found. */
const char *vw_value_found(const struct vw_json *json, char buffer[VW_FOUND_TEXT]);

/* What a field expects: "a CIDR such as \"10.0.0.0/16\"". */
const char *vw_value_expected(const struct vw_field *field, char buffer[VW_FOUND_TEXT]);

enum vw_value_result {
    VW_VALUE_READ,
    VW_VALUE_BENT,      /* read, though it is written as another type */
    VW_VALUE_HOST_BITS, /* a CIDR read as its network */
    VW_VALUE_ABSENT,
    VW_VALUE_WRONG,
    VW_VALUE_NO_MEMORY
};

/* Reads any field but a list into `destination`. */
enum vw_value_result vw_value_read(const struct vw_reading *reading,
                                   const struct vw_field *field,
                                   const struct vw_json *json, void *destination);

#endif
