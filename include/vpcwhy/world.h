/*
 * The exported network: loaded once from what the AWS CLI printed, then never changed.
 */
#ifndef VPCWHY_WORLD_H
#define VPCWHY_WORLD_H

#include <stddef.h>

#include <vpcwhy/diagnostic.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vw_world;

/* Named maximums of an export file. */
#define VW_EXPORT_FILE_MAX ((size_t)1 << 30) /* bytes, unpacked */
#define VW_EXPORT_DEPTH_MAX 64               /* nested arrays and objects */

/*
 * Loads exports: each path is a folder (all files below it), a file, or "-" for standard
 * input; plain, gzip or zstd. File names mean nothing but for calls whose output carries
 * no id (get-managed-prefix-list-entries). All faults of all files go to `diagnostics`.
 * VW_ERROR_INPUT where nothing usable was found; a world with gaps is returned with 0,
 * and the walk answers "unknown" where it needs what is missing.
 */
int vw_world_load(const char *const *paths, size_t path_count,
                  struct vw_diagnostics *diagnostics, struct vw_world **ret_world);

/* Accepts NULL. Nothing made from the world (traces) may be used afterwards. */
void vw_world_free(struct vw_world *world);

#ifdef __cplusplus
}
#endif
#endif
