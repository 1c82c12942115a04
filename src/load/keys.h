/* Every top-level key that the AWS CLI prints. */
#ifndef VW_LOAD_KEYS_H
#define VW_LOAD_KEYS_H

#include <stdbool.h>

/* The command that prints `key`, or NULL where no command of the AWS CLI does. */
const char *vw_key_command(const char *key);

/* Keys beside the lists: page marks and the SDKs' own. */
bool vw_key_is_metadata(const char *key);

#endif
