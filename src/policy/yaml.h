/*
 * The part of YAML that rules are written in: one document of mappings, lists and plain
 * text, as a tree in which every node knows its line and column. No anchors, aliases, tags
 * or further documents: each is a fault of its own.
 */
#ifndef VW_POLICY_YAML_H
#define VW_POLICY_YAML_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/diagnostic.h"

#define VW_RULES_FILE_MAX ((size_t)4 << 20) /* bytes */
/* libyaml takes quadratic time in the depth of nesting. */
#define VW_RULES_DEPTH_MAX 64
#define VW_RULES_NODES_MAX 1000000

enum vw_yaml_kind { VW_YAML_TEXT, VW_YAML_LIST, VW_YAML_MAP };

struct vw_yaml_node {
    enum vw_yaml_kind kind;
    const char *text; /* of VW_YAML_TEXT, without NUL bytes inside */
    bool empty;       /* written as nothing, "~" or "null", without quotes */
    uint64_t line, column;
    const struct vw_yaml_node *key;    /* of an entry of a mapping */
    struct vw_yaml_node *first, *last; /* entries of a list or mapping */
    struct vw_yaml_node *next;
};

/* Reads the file at `path` into `arena`. What is wrong is in `diagnostics`, with line and
 * column. *ret_root is NULL where the document is empty. 0, VW_ERROR_INPUT where the file
 * cannot be read or is no such YAML (a fault), VW_ERROR_NO_MEMORY. */
int vw_yaml_read(const char *path, struct vw_arena *arena,
                 struct vw_diagnostics *diagnostics, struct vw_yaml_node **ret_root);

#endif
