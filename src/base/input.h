/*
 * Input files: plain, gzip or zstd (recognised by content, several members or frames
 * allowed), a path or "-" for standard input, read in pieces so that memory does not
 * follow the file's size.
 */
#ifndef VW_BASE_INPUT_H
#define VW_BASE_INPUT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/diagnostic.h"
#include "base/sha256.h"
#include "base/slice.h"

struct vw_input;

/* Longest line handed out by vw_input_line; longer ones are cut there and said to be. */
#define VW_LINE_MAX 65536

/* Opens `path`. On failure a diagnostic names the file and what the system said, and
 * VW_ERROR_INPUT or VW_ERROR_NO_MEMORY is returned. */
int vw_input_open(const char *path, struct vw_diagnostics *diagnostics,
                  struct vw_input **ret_input);

/* Accepts NULL. */
void vw_input_close(struct vw_input *input);

/* Bytes of the file, as they are stored, that were read so far. */
uint64_t vw_input_stored(const struct vw_input *input);

/* Hashes what is read from now on; right after opening. */
void vw_input_hash(struct vw_input *input);

/* The SHA-256 of the file's bytes as they are stored: of those that were read, where they
 * are all, else by reading it once more; "" for standard input. */
void vw_input_digest(struct vw_input *input, char ret_text[VW_SHA256_TEXT]);

/* Up to `size` bytes; *ret_size 0 at the end only. Unpacks straight into `buffer`: a large
 * one is faster. Damage of a packed file is a diagnostic and VW_ERROR_INPUT after what
 * could be read was handed out; other bytes behind its end are a warning. */
int vw_input_read(struct vw_input *input, void *buffer, size_t size, size_t *ret_size);

/* The next line without its LF or CRLF. *ret_line is valid until the next call; a last
 * line without LF counts. Returns 1 with a line, 0 at the end, negative on failure.
 * `ret_number` counts from 1; `ret_cut` (may be NULL) tells that the line was longer
 * than VW_LINE_MAX and only its start is given. */
int vw_input_line(struct vw_input *input, struct vw_slice *ret_line, uint64_t *ret_number,
                  bool *ret_cut);

struct vw_paths VW_ARRAY(const char *);

#define VW_TREE_DEPTH_MAX 32
#define VW_TREE_FILES_MAX 1000000

/* All regular files at or below `path`, in byte order of their paths; names that begin
 * with '.' are passed over. A file given by name is taken whatever its kind; "-" is
 * passed on as it is. Paths are copied into `arena`. What cannot be read is a
 * diagnostic; VW_ERROR_INPUT where `path` itself cannot. */
int vw_tree_files(const char *path, struct vw_arena *arena,
                  struct vw_diagnostics *diagnostics, struct vw_paths *paths);

#endif
