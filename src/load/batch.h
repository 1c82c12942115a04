/*
 * Large files: their lists are cut into pieces (json_split.h), and a batch is what is read
 * of one piece, by whichever thread is free. It is a loader of its own that nobody else
 * touches; when the whole document turned out to be JSON, its batches are added to the
 * loader in the order in which they stand in the file, so that nothing depends on the
 * threads. Texts and records stay where the threads put them: those arenas become the
 * loader's in the end.
 */
#ifndef VW_LOAD_BATCH_H
#define VW_LOAD_BATCH_H

#include "load/elements.h"

/* How far a file was read in pieces. */
struct vw_batch_place {
    uint64_t offset;
    unsigned documents;
};

/* Whether a file of so many bytes is read in pieces; 0: not known. */
bool vw_batch_is_due(const struct vw_loader *loader, uint64_t size);

/* Reads the loader's file `index` in pieces. 0, VW_ERROR_NO_MEMORY, or VW_ERROR_INPUT: what
 * stands behind *ret_place is for the reader of whole documents. */
int vw_batch_collect(struct vw_loader *loader, uint32_t index,
                     struct vw_batch_place *ret_place, char ret_sha256[VW_SHA256_TEXT]);

/* Adds the batches of a member of the document to the loader. */
int vw_batch_add(struct vw_document *document, const char *key);

/* What the threads allotted becomes the loader's; they end. */
void vw_batch_end(struct vw_loader *loader);

#endif
