/* A public header that needs a private one. */
#include "base/arena.h"
