/* The program uses the library's inside. */
#include <zlib.h>
#include "base/arena.h"
