/* Files for tests; see temporary.h. */
#define _XOPEN_SOURCE 700 /* nftw */

#include "temporary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

void temporary_open(struct temporary *temporary)
{
    memset(temporary, 0, sizeof *temporary);
    snprintf(temporary->folder, sizeof temporary->folder, "/tmp/vpcwhy-test-XXXXXX");
    assert_non_null(mkdtemp(temporary->folder));
}

static int take_away(const char *path, const struct stat *status, int kind,
                     struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

void temporary_close(struct temporary *temporary)
{
    assert_int_equal(nftw(temporary->folder, take_away, 16, FTW_DEPTH | FTW_PHYS), 0);
    vw_arena_free(&temporary->arena);
}

static char *path_of(struct temporary *temporary, const char *name)
{
    char *path = vw_arena_printf(&temporary->arena, "%s/%s", temporary->folder, name);
    char *slash;

    assert_non_null(path);
    for (slash = strchr(path + strlen(temporary->folder) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return path;
}

const char *temporary_bytes(struct temporary *temporary, const char *name,
                            const void *bytes, size_t size)
{
    const char *path = path_of(temporary, name);
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *temporary_text(struct temporary *temporary, const char *name,
                           const char *text)
{
    return temporary_bytes(temporary, name, text, strlen(text));
}

const char *temporary_gzip(struct temporary *temporary, const char *name,
                           const char *text, size_t keep)
{
    const char *path = path_of(temporary, name);
    gzFile file = gzopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(gzwrite(file, text, (unsigned)strlen(text)), strlen(text));
    assert_int_equal(gzclose(file), Z_OK);
    if (keep > 0)
        assert_int_equal(truncate(path, (off_t)keep), 0);
    return path;
}
