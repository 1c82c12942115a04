/* Times as text, there and back, and against the C library's calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <time.h>

#include "base/time.h"

static void parsed_times(void **state)
{
    static const struct {
        const char *text;
        int64_t time;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01 00:00:00", 0},
        {"2025-01-17T14:00:20.000Z", 1737122420 * VW_SECOND},
        {"2025-01-17T14:00:20+00:00", 1737122420 * VW_SECOND},
        {"2025-01-17T19:30:20+05:30", 1737122420 * VW_SECOND},
        {"2025-01-17T19:30:20+0530", 1737122420 * VW_SECOND},
        {"2025-01-17T06:00:20-08:00", 1737122420 * VW_SECOND},
        {"2025-01-17T14:00:20.5Z", 1737122420 * VW_SECOND + 500000000},
        {"2025-01-17T14:00:20.123456789", 1737122420 * VW_SECOND + 123456789},
        {"2024-02-29T00:00:00Z", 1709164800 * VW_SECOND},
        {"2000-02-29T00:00:00Z", 951782400 * VW_SECOND},
        {"1969-12-31T23:59:59Z", -VW_SECOND},
        {"2016-12-31T23:59:60Z", 1483228800 * VW_SECOND},
        {"1737122420", 1737122420 * VW_SECOND},
        {"1737122420123", 1737122420 * VW_SECOND + 123000000},
        {"0", 0},
        {"9214646399", VW_TIME_SECONDS_MAX * VW_SECOND},
        {"9214646399000", VW_TIME_SECONDS_MAX * VW_SECOND},
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t time = 42;
        if (!vw_time_parse(vw_slice_of(cases[i].text), &time) || time != cases[i].time)
            fail_msg("%s gives %lld", cases[i].text, (long long)time);
    }
}

static void refused_times(void **state)
{
    static const char *const cases[] = {
        "",
        "Z",
        "-1",
        "99999999999",
        "2025-01-17",
        "2025-1-17T14:00:20Z",
        "2025-01-17T14:00Z",
        "2025-13-17T14:00:20Z",
        "2025-00-17T14:00:20Z",
        "2025-02-29T14:00:20Z",
        "1900-02-29T14:00:20Z",
        "2025-04-31T00:00:00Z",
        "2025-01-00T00:00:00Z",
        "2025-01-17T24:00:20Z",
        "2025-01-17T14:60:20Z",
        "2025-01-17T14:00:61Z",
        "2025-01-17T14:00:20.Z",
        "2025-01-17T14:00:20ZZ",
        "2025-01-17T14:00:20.1234567890Z",
        "2025-01-17T14:00:20+5:30",
        "2025-01-17T14:00:20+24:00",
        "2025-01-17T14:00:20+05:60",
        "2025-01-17X14:00:20Z",
        " 2025-01-17T14:00:20Z",
        "2025-01-17T14:00:20 Z",
        "1677-01-01T00:00:00Z",
        "2262-01-01T00:00:00Z",
        "99999999999999",
        "9214646400",
        "9214646399001",
        "9700000360000",
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t time = 42;
        if (vw_time_parse(vw_slice_of(cases[i]), &time))
            fail_msg("\"%s\" was taken", cases[i]);
        assert_true(time == 42);
    }
}

static void formatted_times(void **state)
{
    char buffer[VW_TIME_TEXT];

    (void)state;
    assert_string_equal(vw_time_format(0, buffer), "1970-01-01T00:00:00Z");
    assert_string_equal(vw_time_format(-1, buffer), "1969-12-31T23:59:59.999Z");
    assert_string_equal(vw_time_format(1737122420 * VW_SECOND, buffer),
                        "2025-01-17T14:00:20Z");
    assert_string_equal(vw_time_format(1737122420 * VW_SECOND + 7000000, buffer),
                        "2025-01-17T14:00:20.007Z");
    assert_string_equal(vw_time_format(INT64_MAX, buffer), "2262-04-11T23:47:16.854Z");
    assert_string_equal(vw_time_format(INT64_MIN, buffer), "1677-09-21T00:12:43.145Z");
}

/* Days all over the range: what gmtime prints is what we print, and is read back. */
static void calendar_agrees_with_gmtime(void **state)
{
    int64_t seconds;

    (void)state;
    for (seconds = -9214560000; seconds < 9214646400; seconds += 7 * 86400 + 3671) {
        char ours[VW_TIME_TEXT], theirs[VW_TIME_TEXT];
        time_t when = (time_t)seconds;
        struct tm parts;
        int64_t back;

        assert_non_null(gmtime_r(&when, &parts));
        assert_int_equal(strftime(theirs, sizeof theirs, "%Y-%m-%dT%H:%M:%SZ", &parts),
                         20);
        assert_string_equal(vw_time_format(seconds * VW_SECOND, ours), theirs);
        assert_true(vw_time_parse(vw_slice_of(ours), &back));
        assert_true(back == seconds * VW_SECOND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsed_times),
        cmocka_unit_test(refused_times),
        cmocka_unit_test(formatted_times),
        cmocka_unit_test(calendar_agrees_with_gmtime),
    };

    return cmocka_run_group_tests_name("time", tests, NULL, NULL);
}
