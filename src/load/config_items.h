/* AWS Config's items: see config_items.c. */
#ifndef VW_LOAD_CONFIG_ITEMS_H
#define VW_LOAD_CONFIG_ITEMS_H

#include "load/elements.h"

/* What stands around the configuration of every item. */
extern const struct vw_schema vw_config_item_schema;

int vw_read_config_items(struct vw_document *document, const struct vw_key_row *row,
                         const struct vw_json *value);
int vw_read_config_results(struct vw_document *document, const struct vw_key_row *row,
                           const struct vw_json *value);

/* Once all files are read: of the items of one resource the newest becomes one of the
 * loader's items, unless it says that the resource is gone. */
int vw_settle_config_items(struct vw_loader *loader);

/* `name`, a key as the AWS CLI prints it, becomes what stands for it in `object`, a part of
 * an item's configuration. */
void vw_config_key(const struct vw_json *object, char *name, size_t size);

#endif
