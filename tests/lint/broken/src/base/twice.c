/* The second place of a third-party header. */
#include <jansson.h>
