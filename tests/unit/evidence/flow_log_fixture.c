/* See flow_log_fixture.h. */
#include "evidence/flow_log_fixture.h"

#include <stdlib.h>
#include <string.h>

int flow_log_setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    temporary_open(&fixture->temporary);
    fixture->evidence = vw_evidence_create(VW_TIME_UNKNOWN, VW_TIME_UNKNOWN);
    fixture->diagnostics = vw_diagnostics_create();
    *state = fixture;
    return 0;
}

int flow_log_teardown(void **state)
{
    struct fixture *fixture = *state;

    temporary_close(&fixture->temporary);
    vw_evidence_free(fixture->evidence);
    vw_diagnostics_free(fixture->diagnostics);
    free(fixture);
    return 0;
}

int read_path(struct fixture *fixture, const char *path)
{
    return vw_evidence_read_flow_logs(fixture->evidence, path, NULL,
                                      fixture->diagnostics);
}

int read_text(struct fixture *fixture, const char *text)
{
    return read_path(fixture, temporary_text(&fixture->temporary, "flow.log", text));
}

const struct vw_observation *row(const struct fixture *fixture, size_t index)
{
    assert_true(index < vw_evidence_count(fixture->evidence));
    return vw_evidence_get(fixture->evidence, index);
}

const struct vw_coverage *coverage(const struct fixture *fixture, size_t index)
{
    assert_true(index < vw_evidence_coverage_count(fixture->evidence));
    return vw_evidence_coverage_get(fixture->evidence, index);
}

void assert_address(struct vw_address address, const char *text)
{
    char buffer[VW_ADDRESS_TEXT];

    assert_string_equal(vw_address_format(address, buffer), text);
}

void assert_told(const struct fixture *fixture, size_t index, const char *code,
                 uint64_t line, const char *part)
{
    const struct vw_diagnostic *told;

    assert_true(index < vw_diagnostics_count(fixture->diagnostics));
    told = vw_diagnostics_get(fixture->diagnostics, index);
    assert_string_equal(told->code, code);
    assert_int_equal(told->line, line);
    if (!strstr(told->message, part))
        fail_msg("\"%s\" does not contain \"%s\"", told->message, part);
}

void assert_nothing_told(const struct fixture *fixture)
{
    size_t i;

    for (i = 0; i < vw_diagnostics_count(fixture->diagnostics); i++) {
        const struct vw_diagnostic *told = vw_diagnostics_get(fixture->diagnostics, i);

        if (told->severity != VW_SEVERITY_NOTE)
            fail_msg("%s", told->message);
    }
}

void assert_sample(const struct fixture *fixture)
{
    const struct vw_observation *have = row(fixture, 0);

    assert_int_equal(vw_evidence_count(fixture->evidence), 1);
    assert_string_equal(have->vantage, "eni-1");
    assert_address(have->source, "10.0.0.1");
    assert_address(have->destination, "10.0.0.2");
    assert_int_equal(have->source_port, 40000);
    assert_int_equal(have->destination_port, 443);
    assert_int_equal(have->protocol, 6);
    assert_int_equal(have->packets, 5);
    assert_int_equal(have->bytes, 500);
    assert_int_equal(have->action, VW_FLOW_ACTION_ACCEPT);
    assert_int_equal(have->records, 1);
    assert_true(have->first == 1700000000 * SECOND && have->last == 1700000060 * SECOND);
}
