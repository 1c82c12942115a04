/*
 * The schema of a Parquet file: a tree, written as the list of its elements from top to
 * bottom. Leaves right below the root are columns; what is nested deeper, repeats, or is
 * of a type that is no text or number of a flow log keeps its place among the columns, as
 * row groups list them all, and the name of what of it is not read.
 */
#include <string.h>

#include "logs/parquet_file.h"

enum { DEPTH_MAX = 32, REPEATED = 2 };

/* Logical and converted types that change what a value means. Others name texts. */
enum {
    LOGICAL_DECIMAL = 5,
    LOGICAL_INTEGER = 10,
    CONVERTED_DECIMAL = 5,
    CONVERTED_UINT_8 = 11,
    CONVERTED_UINT_64 = 14,
};

static const struct {
    int64_t logical;
    int64_t converted;
    const char *name;
} meanings[] = {
    {5, 5, "DECIMAL"},    {6, 6, "DATE"},       {7, 7, "TIME"},
    {7, 8, "TIME"},       {8, 9, "TIMESTAMP"},  {8, 10, "TIMESTAMP"},
    {-1, 21, "INTERVAL"}, {14, -1, "UUID"},     {15, -1, "FLOAT16"},
    {16, -1, "VARIANT"},  {17, -1, "GEOMETRY"}, {18, -1, "GEOGRAPHY"},
};

/* What an element says; -1: nothing. */
struct element {
    int64_t type;
    int64_t repetition;
    int64_t children;
    int64_t converted;
    int64_t logical;
    int64_t scale;
    bool is_unsigned;
    struct vw_slice name;
};

/* INTEGER: its width follows from the physical type. */
static void read_integer_type(struct vw_thrift *thrift, unsigned type,
                              struct element *element)
{
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 2)
            element->is_unsigned = !vw_thrift_boolean(thrift, field.type);
        else
            vw_thrift_skip(thrift, field.type);
    }
}

/* A union: its one field tells which it is. */
static void read_logical_type(struct vw_thrift *thrift, unsigned type,
                              struct element *element)
{
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        element->logical = field.id;
        if (field.id == LOGICAL_INTEGER)
            read_integer_type(thrift, field.type, element);
        else
            vw_thrift_skip(thrift, field.type);
    }
}

static struct element read_element(struct vw_thrift *thrift, unsigned type)
{
    struct element element = {-1, -1, -1, -1, -1, 0, false, {"", 0}};
    struct vw_thrift_field field = {0};

    vw_thrift_struct(thrift, type);
    while (vw_thrift_next(thrift, &field)) {
        if (field.id == 1)
            element.type = vw_thrift_integer(thrift, field.type);
        else if (field.id == 3)
            element.repetition = vw_thrift_integer(thrift, field.type);
        else if (field.id == 4)
            element.name = vw_thrift_binary(thrift, field.type);
        else if (field.id == 5)
            element.children = vw_thrift_integer(thrift, field.type);
        else if (field.id == 6)
            element.converted = vw_thrift_integer(thrift, field.type);
        else if (field.id == 7)
            element.scale = vw_thrift_integer(thrift, field.type);
        else if (field.id == 10)
            read_logical_type(thrift, field.type, &element);
        else
            vw_thrift_skip(thrift, field.type);
    }
    return element;
}

/* A decimal number without a fraction is an integer. */
static bool is_integer(const struct element *element)
{
    bool is_decimal = element->logical == LOGICAL_DECIMAL ||
                      (element->logical < 0 && element->converted == CONVERTED_DECIMAL);

    return is_decimal && element->scale == 0 &&
           (element->type == VW_PARQUET_INT32 || element->type == VW_PARQUET_INT64);
}

static const char *refused(const struct element *element, bool is_nested)
{
    size_t i;

    if (is_nested)
        return "a nested column";
    if (element->repetition == REPEATED)
        return "a REPEATED column";
    if (element->repetition < 0 || element->repetition > REPEATED)
        return "a column of an unknown repetition";
    for (i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (!is_integer(element) &&
            (element->logical >= 0 ? element->logical == meanings[i].logical
                                   : element->converted >= 0 &&
                                         element->converted == meanings[i].converted))
            return meanings[i].name;
    if (element->type == VW_PARQUET_INT96)
        return "INT96";
    return element->type == VW_PARQUET_FIXED ? "FIXED_LEN_BYTE_ARRAY" : NULL;
}

/* The names from below the root down to a leaf, with dots. */
static const char *path_of(struct vw_arena *arena, const struct vw_slice *names,
                           size_t depth)
{
    const char *path = vw_arena_copy(arena, names[0].data, names[0].size);
    size_t i;

    for (i = 1; i < depth && path; i++)
        path = vw_arena_printf(arena, "%s.%.*s", path, (int)names[i].size, names[i].data);
    return path;
}

static int add_column(struct vw_parquet_file *file, const struct element *element,
                      const struct vw_slice *names, size_t depth)
{
    struct vw_parquet_column column = {
        .type = (enum vw_parquet_type)element->type,
        .is_optional = element->repetition == 1,
        .refused = refused(element, depth > 1),
    };

    if (element->type < 0 || element->type >= VW_PARQUET_TYPE_COUNT)
        return VW_ERROR_INPUT;
    if (file->shown.column_count == VW_PARQUET_COLUMNS_MAX)
        return VW_ERROR_LIMIT;
    column.is_unsigned = element->logical >= 0
                             ? element->is_unsigned
                             : element->converted >= CONVERTED_UINT_8 &&
                                   element->converted <= CONVERTED_UINT_64;
    column.name = path_of(&file->arena, names, depth);
    if (!column.name)
        return VW_ERROR_NO_MEMORY;
    file->columns[file->shown.column_count++] = column;
    return 0;
}

/* All elements below the root, whose children are counted in `left[0]`. */
static int walk(struct vw_parquet_file *file, struct vw_thrift *thrift, unsigned type,
                size_t count, int64_t root_children)
{
    int64_t left[DEPTH_MAX] = {root_children}; /* children still to come, by depth */
    struct vw_slice names[DEPTH_MAX];
    size_t depth = 0;
    int error = 0;

    while (count-- > 0 && !error) {
        struct element element = read_element(thrift, type);
        while (left[depth] <= 0) {
            if (depth == 0)
                return VW_ERROR_INPUT;
            depth--;
        }
        left[depth]--;
        if (element.name.size > INT16_MAX || thrift->failed)
            return VW_ERROR_INPUT;
        names[depth] = element.name;
        if (element.type >= 0) {
            error = add_column(file, &element, names, depth + 1);
        } else {
            if (depth + 1 == DEPTH_MAX)
                return VW_ERROR_LIMIT;
            left[++depth] = element.children;
        }
    }
    for (; depth > 0 && left[depth] <= 0; depth--)
        ;
    return error ? error : left[depth] > 0 ? VW_ERROR_INPUT : 0;
}

int vw_parquet_schema(struct vw_parquet_file *file, struct vw_thrift *thrift,
                      unsigned type)
{
    unsigned element_type;
    size_t count = vw_thrift_list(thrift, type, &element_type);
    struct element root;

    if (count == 0 || file->columns)
        return VW_ERROR_INPUT;
    file->columns = vw_arena_array(
        &file->arena, count < VW_PARQUET_COLUMNS_MAX ? count : VW_PARQUET_COLUMNS_MAX,
        sizeof *file->columns);
    if (!file->columns)
        return VW_ERROR_NO_MEMORY;
    root = read_element(thrift, element_type);
    return walk(file, thrift, element_type, count - 1, root.children);
}
