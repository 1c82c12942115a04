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

/* Reads one element. 1 with *ret filled in, 0 where it has no id to keep it under, or
 * VW_ERROR_NO_MEMORY. */
int vw_element_read(struct vw_document *document, const struct vw_schema *schema,
                    const struct vw_json *json, struct vw_item *ret);

/* Calls `read` for each element of a list. */
int vw_elements_each(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *list,
                     int (*read)(struct vw_document *document,
                                 const struct vw_key_row *row,
                                 const struct vw_json *element));

/* A key that is not read: counted where the AWS CLI prints it, else said once. */
int vw_count_other(struct vw_document *document, const struct vw_json *member);

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

/* ---- parts.c ---- */

/* Lists of parts of objects, each of which says of what. */
int vw_read_parts(struct vw_document *document, const struct vw_key_row *row,
                  const struct vw_json *value);
int vw_read_listener_lists(struct vw_document *document, const struct vw_key_row *row,
                           const struct vw_json *value);
int vw_read_attachments(struct vw_document *document, const struct vw_key_row *row,
                        const struct vw_json *value);

/* These three need what stands beside the value: the whole document is one part, whose id
 * may stand in the file's name, or one object. */
int vw_read_part(struct vw_document *document, const struct vw_key_row *row,
                 const struct vw_json *value);
int vw_read_listeners(struct vw_document *document, const struct vw_key_row *row,
                      const struct vw_json *value);
int vw_read_document(struct vw_document *document, const struct vw_key_row *row,
                     const struct vw_json *value);

#endif
