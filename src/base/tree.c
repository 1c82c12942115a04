/* The files of a folder tree, in a fixed order. */
#include "base/input.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/descriptor.h"

static int walk(const char *path, unsigned depth, struct vw_arena *arena,
                struct vw_diagnostics *diagnostics, struct vw_paths *paths);

/* readdir's type spares most files a stat. */
static int walk_entry(const char *folder, const struct dirent *entry, unsigned depth,
                      struct vw_arena *arena, struct vw_diagnostics *diagnostics,
                      struct vw_paths *paths)
{
    size_t size = strlen(folder);
    const char *slash = size > 0 && folder[size - 1] == '/' ? "" : "/";
    const char *path = vw_arena_printf(arena, "%s%s%s", folder, slash, entry->d_name);
    struct stat status;
    int error;

    if (!path)
        return VW_ERROR_NO_MEMORY;
    if (entry->d_type == DT_REG) {
        status.st_mode = S_IFREG;
    } else if (stat(path, &status) != 0) {
        vw_unreadable(diagnostics, path, strerror(errno));
        return 0;
    }
    if (S_ISDIR(status.st_mode)) {
        error = walk(path, depth + 1, arena, diagnostics, paths);
        return error == VW_ERROR_INPUT ? 0 : error;
    }
    if (!S_ISREG(status.st_mode))
        return 0;
    if (paths->count >= VW_TREE_FILES_MAX)
        return VW_ERROR_LIMIT;
    return vw_array_push(paths, path);
}

/* A folder below `path`; its trouble is reported and does not end the run. */
static int walk(const char *path, unsigned depth, struct vw_arena *arena,
                struct vw_diagnostics *diagnostics, struct vw_paths *paths)
{
    const struct dirent *entry;
    int error = 0;
    DIR *folder;

    if (depth > VW_TREE_DEPTH_MAX)
        return vw_unreadable(diagnostics, path,
                             "folders are nested too deep (32 is the most)");
    folder = opendir(path);
    if (!folder)
        return vw_unreadable(diagnostics, path, strerror(errno));
    while (!error && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.')
            error = walk_entry(path, entry, depth, arena, diagnostics, paths);
    closedir(folder);
    return error;
}

static int compare(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;

    return strcmp(*x, *y);
}

int vw_tree_files(const char *path, struct vw_arena *arena,
                  struct vw_diagnostics *diagnostics, struct vw_paths *paths)
{
    size_t before = paths->count;
    struct stat status;
    const char *copy;
    int error;

    if (strcmp(path, "-") != 0) {
        if (stat(path, &status) != 0)
            return vw_unreadable(diagnostics, path, strerror(errno));
        if (S_ISDIR(status.st_mode)) {
            error = walk(path, 0, arena, diagnostics, paths);
            if (paths->count > before)
                qsort(paths->items + before, paths->count - before, sizeof *paths->items,
                      compare);
            return error;
        }
    }
    copy = vw_arena_string(arena, path);
    return copy ? vw_array_push(paths, copy) : VW_ERROR_NO_MEMORY;
}
