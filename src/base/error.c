/* The sentence of each error code. */
#include <vpcwhy/error.h>

const char *vw_error_sentence(int error)
{
    switch (error) {
    case 0:
        return "success";
#define VW_X(name, value, sentence)                                                      \
    case name:                                                                           \
        return sentence;
        VW_ERROR_LIST(VW_X)
#undef VW_X
    }
    return "unknown error";
}
