/* What the tests of loading share: an export given as text, and what was said of it. */
#ifndef LOADING_H
#define LOADING_H

#include <vpcwhy/diagnostic.h>

#include "temporary.h"
#include "world/world.h"

struct loading {
    struct temporary temporary;
    struct vw_diagnostics *diagnostics;
    struct vw_world *world; /* NULL where loading failed */
    int error;
};

void loading_open(struct loading *loading);
void loading_close(struct loading *loading);

/* Adds a file to the folder that is loaded. Quotes: ' stands for ". */
void loading_file(struct loading *loading, const char *name, const char *text);

void loading_load(struct loading *loading);

/* One file in one call; close it afterwards. */
void loading_text(struct loading *loading, const char *text);

/* Fails the test unless a diagnostic has that code, that pointer (NULL: any) and a
 * message that contains `part`. */
void loading_says(const struct loading *loading, const char *code, const char *pointer,
                  const char *part);

/* Fails the test where anything but notes and the codes that an export by halves always
 * has ("missing-export") was said. */
void loading_is_quiet(const struct loading *loading);

/* The index of an object that was loaded; fails the test where there is none. */
uint32_t loading_find(const struct loading *loading, enum vw_object_kind kind,
                      const char *id);

size_t loading_count(const struct loading *loading, const char *code);

#endif
