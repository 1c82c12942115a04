/* Which events were met before: a set of 64-bit hashes, three quarters full at the most. Two
 * different ones of ten million events share a hash once in 400,000 runs. */
#ifndef VW_LOGS_IDS_H
#define VW_LOGS_IDS_H

#include <stddef.h>
#include <stdint.h>

/* Events beyond so many are taken for new ones. */
#define VW_LOG_IDS_MAX ((size_t)3 << 23)

/* Zero-initialised is empty and ready. */
struct vw_log_ids {
    uint64_t *slots; /* 0: free */
    size_t capacity, count;
};

/* 1 where the hash, which is not 0, was not there yet; 0 where it was; or
 * VW_ERROR_NO_MEMORY. */
int vw_log_ids_add(struct vw_log_ids *ids, uint64_t hash);

void vw_log_ids_free(struct vw_log_ids *ids);

#endif
