/* What a query came to, in a form that outlives it. */
#ifndef VW_QUERY_RESULT_H
#define VW_QUERY_RESULT_H

#include <vpcwhy/query.h>

#include "query/run.h"
#include "query/feed.h"

/* From the rows of the last phase. 0 or VW_ERROR_NO_MEMORY. */
int vw_result_make(const struct vw_plan *plan, const struct vw_runner *last,
                   const struct vw_feed *feed, struct vw_query_result **ret_result);

#endif
