/*
 * What a call that could not do its work returns: 0 is success, everything else is one
 * negative value of enum vw_error. What was wrong, and where, is in the diagnostics that
 * the caller passed in (diagnostic.h); the code only says what kind of failure it was.
 */
#ifndef VPCWHY_ERROR_H
#define VPCWHY_ERROR_H

#ifdef __cplusplus
extern "C" {
#endif

/* name, value, sentence */
#define VW_ERROR_LIST(X)                                                                 \
    X(VW_ERROR_NO_MEMORY, -1, "out of memory")                                           \
    X(VW_ERROR_INPUT, -2, "the input cannot be used")                                    \
    X(VW_ERROR_QUESTION, -3, "the question cannot be answered as asked")                 \
    X(VW_ERROR_LIMIT, -4, "a limit of the program was reached")                          \
    X(VW_ERROR_OUTPUT, -5, "the output could not be written")                            \
    X(VW_ERROR_INTERNAL, -6, "internal error")

enum vw_error {
#define VW_X(name, value, sentence) name = value,
    VW_ERROR_LIST(VW_X)
#undef VW_X
};

/* A sentence for `error` (0 gives "success"). Static storage, never NULL. */
const char *vw_error_sentence(int error);

#ifdef __cplusplus
}
#endif
#endif
