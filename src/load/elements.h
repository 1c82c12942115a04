/*
 * Reading what stands under a top-level key. Most keys hold a list of objects; the others
 * have a reader of their own.
 */
#ifndef VW_LOAD_ELEMENTS_H
#define VW_LOAD_ELEMENTS_H

#include "load/loader.h"

/* One document of a file under way. */
struct vw_document {
    struct vw_loader *loader;
    uint32_t file;
    const struct vw_json *json;
    const struct vw_batch *batches; /* of its lists that were cut, or NULL: see batch.h */
};

/* A top-level key, what its elements are, and who reads them. */
struct vw_key_row {
    const char *key;
    const struct vw_schema *schema;
    enum vw_object_kind kind;
    int (*read)(struct vw_document *document, const struct vw_key_row *row,
                const struct vw_json *value);
};

/* ---- collect.c ---- */

/* The row of a key, or NULL. */
const struct vw_key_row *vw_key_row(const char *key);

/* Whether the elements of the list under that key may be read apart from each other. */
bool vw_key_is_cut(const char *key);

/* Reads all members. */
int vw_document_read(struct vw_document *document);

/* ---- elements.c ---- */

/* For reading, or warning of, one element. */
struct vw_reading vw_element_start(const struct vw_document *document,
                                   const struct vw_schema *schema);

/* Readers: 0 or VW_ERROR_NO_MEMORY; what is wrong is in the diagnostics. */
int vw_read_objects(struct vw_document *document, const struct vw_key_row *row,
                    const struct vw_json *value);
int vw_read_addresses(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value);
int vw_read_reservations(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value);
int vw_read_rules(struct vw_document *document, const struct vw_key_row *row,
                  const struct vw_json *value);
int vw_read_block_options(struct vw_document *document, const struct vw_key_row *row,
                          const struct vw_json *value);
int vw_read_prefix_lists(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value);
int vw_read_entries(struct vw_document *document, const struct vw_key_row *row,
                    const struct vw_json *value);

#endif
