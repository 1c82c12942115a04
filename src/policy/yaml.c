/*
 * libyaml's events to a tree. What the events carry and rules do not need (anchors, tags,
 * several documents) is refused here, so that nobody behind this file has to think of it:
 * without aliases a document is never larger than its file.
 */
#include "policy/yaml.h"

#include <string.h>
#include <yaml.h>

#include <vpcwhy/error.h>

#include "base/array.h"
#include "base/input.h"

struct bytes VW_ARRAY(unsigned char);

struct reader {
    const char *file;
    struct vw_arena *arena;
    struct vw_diagnostics *diagnostics;
    struct bytes bytes;
    struct vw_yaml_node *root;
    struct vw_yaml_node *open[VW_RULES_DEPTH_MAX]; /* lists and mappings around us */
    size_t depth;
    struct vw_yaml_node *key; /* of the entry that comes next */
    size_t nodes, documents;
    bool faulty;
    int error; /* ends the reading */
};

static void fault(struct reader *reader, const char *code, uint64_t line, uint64_t column,
                  const char *message)
{
    vw_diagnose(reader->diagnostics, VW_SEVERITY_ERROR, code,
                (struct vw_place){.file = reader->file, .line = line, .column = column},
                "%s", message);
    reader->faulty = true;
}

static void fault_at(struct reader *reader, const char *code, yaml_mark_t mark,
                     const char *message)
{
    fault(reader, code, (uint64_t)mark.line + 1, (uint64_t)mark.column + 1, message);
}

/* ---- the file ---- */

static int read_bytes(struct reader *reader, struct vw_input *input)
{
    unsigned char buffer[4096];
    size_t size = 0;

    for (;;) {
        int error = vw_input_read(input, buffer, sizeof buffer, &size);

        if (error != 0 || size == 0)
            return error;
        if (size > VW_RULES_FILE_MAX - reader->bytes.count) {
            fault(reader, "rules-too-large", 0, 0, "a rules file is at most 4 MiB");
            return VW_ERROR_INPUT;
        }
        for (size_t i = 0; i < size; i++) {
            if (vw_array_push(&reader->bytes, buffer[i]) != 0)
                return VW_ERROR_NO_MEMORY;
        }
    }
}

static int read_file(struct reader *reader)
{
    struct vw_input *input;
    int error = vw_input_open(reader->file, reader->diagnostics, &input);

    if (error != 0)
        return error;
    error = read_bytes(reader, input);
    vw_input_close(input);
    return error;
}

/* ---- nodes ---- */

static struct vw_yaml_node *make_node(struct reader *reader, enum vw_yaml_kind kind,
                                      const yaml_event_t *event)
{
    struct vw_yaml_node *node = vw_arena_alloc(reader->arena, sizeof *node);

    if (node == NULL || reader->nodes++ >= VW_RULES_NODES_MAX) {
        reader->error = node == NULL ? VW_ERROR_NO_MEMORY : VW_ERROR_LIMIT;
        return NULL;
    }
    node->kind = kind;
    node->line = (uint64_t)event->start_mark.line + 1;
    node->column = (uint64_t)event->start_mark.column + 1;
    return node;
}

/* Puts `node` where it belongs: the root, an entry of a list, or the key or the value of
 * an entry of a mapping. */
static void place_node(struct reader *reader, struct vw_yaml_node *node)
{
    struct vw_yaml_node *parent =
        reader->depth == 0 ? NULL : reader->open[reader->depth - 1];

    if (parent == NULL) {
        if (reader->root == NULL)
            reader->root = node;
        return;
    }
    if (parent->kind == VW_YAML_MAP && reader->key == NULL) {
        reader->key = node;
        return;
    }
    if (parent->kind == VW_YAML_MAP)
        node->key = reader->key;
    reader->key = NULL;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
}

static void refuse_extras(struct reader *reader, const yaml_event_t *event,
                          const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        fault_at(reader, "yaml-anchor", event->start_mark,
                 "anchors (&name) are not taken in rules");
    if (tag != NULL)
        fault_at(reader, "yaml-tag", event->start_mark,
                 "tags (!name) are not taken in rules");
}

static void take_text(struct reader *reader, const yaml_event_t *event)
{
    struct vw_yaml_node *node = make_node(reader, VW_YAML_TEXT, event);
    const unsigned char *value = event->data.scalar.value;
    size_t size = event->data.scalar.length;

    refuse_extras(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
    if (node == NULL)
        return;
    if (memchr(value, 0, size) != NULL)
        fault_at(reader, "yaml-nul", event->start_mark, "a NUL byte in a text");
    node->text = vw_arena_copy(reader->arena, (const char *)value, size);
    if (node->text == NULL) {
        reader->error = VW_ERROR_NO_MEMORY;
        return;
    }
    node->empty =
        event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
        (size == 0 || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0);
    place_node(reader, node);
}

static void open_node(struct reader *reader, enum vw_yaml_kind kind,
                      const yaml_event_t *event)
{
    struct vw_yaml_node *node;

    if (reader->depth == VW_RULES_DEPTH_MAX) {
        fault_at(reader, "yaml-depth", event->start_mark, "nested deeper than 64 levels");
        reader->error = VW_ERROR_INPUT;
        return;
    }
    node = make_node(reader, kind, event);
    if (node == NULL)
        return;
    if (reader->depth != 0 && reader->open[reader->depth - 1]->kind == VW_YAML_MAP &&
        reader->key == NULL) {
        /* What stands below it would lose its place: the end of this file. */
        fault_at(reader, "yaml-key", event->start_mark, "a key must be a plain word");
        reader->error = VW_ERROR_INPUT;
        return;
    }
    place_node(reader, node);
    reader->open[reader->depth++] = node;
}

/* ---- events ---- */

static void take_event(struct reader *reader, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (++reader->documents == 2) {
            fault_at(reader, "yaml-documents", event->start_mark,
                     "a second document: one rules file is one document");
            reader->error = VW_ERROR_INPUT;
        }
        break;
    case YAML_SCALAR_EVENT:
        take_text(reader, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_extras(reader, event, event->data.sequence_start.anchor,
                      event->data.sequence_start.tag);
        open_node(reader, VW_YAML_LIST, event);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_extras(reader, event, event->data.mapping_start.anchor,
                      event->data.mapping_start.tag);
        open_node(reader, VW_YAML_MAP, event);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        reader->depth--;
        break;
    case YAML_ALIAS_EVENT:
        fault_at(reader, "yaml-alias", event->start_mark,
                 "aliases (*name) are not taken in rules");
        reader->error = VW_ERROR_INPUT;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

/* libyaml gives an offset, and no line, for bytes that are no UTF-8. */
static void fault_of_bytes(struct reader *reader, const yaml_parser_t *parser)
{
    uint64_t line = 1, column = 1;

    for (size_t i = 0; i < parser->problem_offset && i < reader->bytes.count; i++) {
        column = reader->bytes.items[i] == '\n' ? 1 : column + 1;
        line += reader->bytes.items[i] == '\n';
    }
    fault(reader, "yaml-bytes", line, column,
          parser->problem == NULL ? "not UTF-8" : parser->problem);
}

/* Whether a tab stands at `mark`: libyaml does not call it by its name. */
static bool is_tab(const struct reader *reader, yaml_mark_t mark)
{
    size_t at = 0, line = 0;

    while (at < reader->bytes.count && line < mark.line)
        line += reader->bytes.items[at++] == '\n';
    return mark.column < reader->bytes.count - at &&
           reader->bytes.items[at + mark.column] == '\t';
}

static void fault_of_parser(struct reader *reader, const yaml_parser_t *parser)
{
    const char *problem = parser->problem == NULL ? "not YAML" : parser->problem;

    if (parser->error == YAML_MEMORY_ERROR) {
        reader->error = VW_ERROR_NO_MEMORY;
        return;
    }
    reader->error = VW_ERROR_INPUT;
    if (parser->error == YAML_READER_ERROR)
        fault_of_bytes(reader, parser);
    else if (is_tab(reader, parser->problem_mark))
        fault_at(reader, "yaml-tab", parser->problem_mark,
                 "a tab: YAML is indented with blanks");
    else
        fault_at(reader, "yaml-syntax", parser->problem_mark, problem);
}

static void read_events(struct reader *reader, yaml_parser_t *parser)
{
    bool more = true;

    while (more && reader->error == 0) {
        yaml_event_t event;

        if (!yaml_parser_parse(parser, &event)) {
            fault_of_parser(reader, parser);
            return;
        }
        more = event.type != YAML_STREAM_END_EVENT;
        take_event(reader, &event);
        yaml_event_delete(&event);
    }
}

static int parse(struct reader *reader)
{
    yaml_parser_t parser;

    if (!yaml_parser_initialize(&parser))
        return VW_ERROR_NO_MEMORY;
    yaml_parser_set_input_string(&parser, reader->bytes.items, reader->bytes.count);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    read_events(reader, &parser);
    yaml_parser_delete(&parser);
    return reader->error;
}

int vw_yaml_read(const char *path, struct vw_arena *arena,
                 struct vw_diagnostics *diagnostics, struct vw_yaml_node **ret_root)
{
    struct reader reader = {.file = path, .arena = arena, .diagnostics = diagnostics};
    int error = read_file(&reader);

    if (error == 0 && reader.bytes.count != 0)
        error = parse(&reader);
    vw_array_free(&reader.bytes);
    if (error == 0 && reader.faulty)
        error = VW_ERROR_INPUT;
    if (error == VW_ERROR_LIMIT) {
        fault(&reader, "yaml-nodes", 0, 0,
              "more than 1,000,000 values in one rules file");
        error = VW_ERROR_INPUT;
    }
    if (error == 0)
        *ret_root = reader.root;
    return error;
}
