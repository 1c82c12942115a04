/* A query's parts. */
#ifndef VW_QUERY_QUERY_H
#define VW_QUERY_QUERY_H

#include <vpcwhy/query.h>

#include "query/plan.h"

struct vw_query {
    struct vw_arena arena;
    struct vw_lookups tables;
    struct vw_syntax syntax;
    struct vw_plan plan;
    bool is_compiled;
};

#endif
