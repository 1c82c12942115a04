/* Cutting documents: any split of the bytes gives the same documents, each with the
 * elements that no other has. */
#include "logs/json_cut.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 18 };

/* All documents, a line each; damage as "! LINE what". */
static void cut(const char *text, size_t size, size_t most, size_t step, char *ret)
{
    struct vw_log_cutter cutter;
    struct vw_log_run run = {0};
    size_t at = 0, taken, i;
    bool at_end = false;

    *ret = '\0';
    vw_log_cutter_start(&cutter, most);
    while (!at_end) {
        size_t left = size - at < step ? size - at : step;

        at_end = left == 0;
        if (at_end)
            assert_int_equal(vw_log_cutter_end(&cutter, &run), 0);
        else
            assert_int_equal(vw_log_cutter_take(&cutter,
                                                (struct vw_slice){text + at, left}, &run,
                                                &taken),
                             0);
        at += at_end ? 0 : taken;
        for (i = 0; i < run.documents.count; i++) {
            const struct vw_log_document *document = &run.documents.items[i];

            size_t end = strlen(ret);

            if (document->damage)
                snprintf(ret + end, ROOM - end, "! %llu %s\n",
                         (unsigned long long)document->line, document->damage);
            else
                snprintf(ret + end, ROOM - end, "%.*s\n", (int)document->size,
                         run.text.items + document->offset);
        }
        vw_log_run_clear(&run);
    }
    vw_log_cutter_free(&cutter);
    vw_log_run_free(&run);
}

static void every_cut(void **state)
{
    static const struct {
        const char *text;
        size_t most;
        const char *documents;
    } rows[] = {
        {"{\"a\":1}{\"b\":[1,2]}\n{}", 1000, "{\"a\":1}\n{\"b\":[1,2]}\n{}\n"},
        {" [ {\"a\":1} , {\"b\":\"]}\"} ] ", 1000, "{\"a\":1}\n{\"b\":\"]}\"}\n"},
        {"[\"x\\\"y\", [1, \"z\"]]", 1000, "{\"message\":\"x\\\"y\"}\n[1, \"z\"]\n"},
        /* A large document in parts; what was handed on is in no other part. */
        {"{\"g\":1,\"e\":[11,22,33],\"n\":2}", 1,
         "{\"g\":1,\"e\":[11]}\n{\"g\":1,\"e\":[22]}\n{\"g\":1,\"e\":[33]}\n"
         "{\"g\":1,\"e\":[],\"n\":2}\n"},
        {"{\"e\":[[1,2],{\"f\":[3,4]}],\"s\":[5,6]}", 1,
         "{\"e\":[[1,2]]}\n{\"e\":[{\"f\":[3,4]}]}\n{\"e\":[],\"s\":[5]}\n"
         "{\"e\":[],\"s\":[6]}\n{\"e\":[],\"s\":[]}\n"},
        {"{\"e\":[11,22,33,44],\"s\":[5,6]}", 14,
         "{\"e\":[11,22,33]}\n{\"e\":[44],\"s\":[5]}\n{\"e\":[],\"s\":[6]}\n"
         "{\"e\":[],\"s\":[]}\n"},
        /* What is whole before the damage, and what follows it. */
        {"{\"e\":[{\"m\":1},{\"m\":\"\n\"}]}\n{\"m\":2}", 1000,
         "{\"e\":[{\"m\":1}]}\n! 1 a string of the JSON document does not end\n"
         "{\"m\":2}\n"},
        {"{\"e\":[1,2],\"t\":3", 1000,
         "{\"e\":[1,2]}\n! 1 the file ends inside a JSON document\n"},
        {"{\"e\":[1}\n{\"m\":2}", 1000,
         "! 1 the brackets of the JSON document do not fit\n{\"m\":2}\n"},
        {"x\n{\"m\":2}\ny\n", 1000,
         "! 1 expected a JSON object\n{\"m\":2}\n! 3 expected a JSON object\n"},
        {"{\"e\":[{\"m\":]}, {\"m\":2}, {\"m\":3}]}", 1000,
         "! 1 the brackets of the JSON document do not fit\n{\"m\":2}\n{\"m\":3}\n"},
    };
    static char documents[ROOM];
    size_t i, step;

    (void)state;
    for (i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (step = 1; step < 50; step++) {
            cut(rows[i].text, strlen(rows[i].text), rows[i].most, step, documents);
            assert_string_equal(documents, rows[i].documents);
        }
    }
}

/* Neither a deep document nor one with much before its list takes long. */
static void bounded(void **state)
{
    size_t size = (size_t)1 << 20, i;
    char *text = malloc(size);
    static char documents[ROOM];

    (void)state;
    assert_non_null(text);
    memset(text, '{', size);
    cut(text, size, 1000, size, documents);
    assert_string_equal(documents, "! 1 the JSON document is nested deeper than 64\n");
    i = (size_t)snprintf(text, size, "{\"a\":\"");
    memset(text + i, 'x', 100000);
    i += 100000;
    i += (size_t)snprintf(text + i, size - i, "\",\"e\":[");
    for (; i < size; i++)
        text[i] = i % 2 ? '1' : ',';
    cut(text, size, 110000, size, documents);
    assert_string_equal(documents + strlen(documents) - strlen("of the document\n"),
                        "of the document\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut),
        cmocka_unit_test(bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
