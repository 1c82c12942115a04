/* All functions by name; the themes stand in files of their own. */
#include "query/evaluate.h"

#include "query/names.h"

static const struct vw_function *const themes[] = {
    vw_number_functions,  vw_time_functions, vw_general_functions,  vw_json_functions,
    vw_address_functions, vw_text_functions, vw_encoding_functions,
};

const struct vw_function *vw_function_at(size_t index)
{
    size_t theme;

    for (theme = 0; theme < sizeof themes / sizeof *themes; theme++) {
        const struct vw_function *function = themes[theme];

        for (; function->name; function++)
            if (index-- == 0)
                return function;
    }
    return NULL;
}

const struct vw_function *vw_function_find(struct vw_slice name)
{
    const struct vw_function *function;
    size_t i;

    for (i = 0; (function = vw_function_at(i)); i++)
        if (vw_name_same(name, vw_slice_of(function->name)))
            return function;
    return NULL;
}
