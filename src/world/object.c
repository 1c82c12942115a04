/* Nouns, keys and commands of the object kinds, from their one list. */
#include "world/object.h"

#include <stddef.h>

struct row {
    const char *noun, *key, *command;
};

static const struct row rows[] = {
#define VW_X(suffix, name, noun, key, command) {noun, key, command},
    VW_OBJECT_LIST(VW_X)
#undef VW_X
};

const char *vw_object_noun(enum vw_object_kind kind)
{
    return rows[kind].noun;
}

const char *vw_object_key(enum vw_object_kind kind)
{
    return rows[kind].key;
}

const char *vw_object_command(enum vw_object_kind kind)
{
    return rows[kind].command;
}
