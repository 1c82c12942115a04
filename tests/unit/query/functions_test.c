/* The functions of the language: the facts of AWS's pages, and their borders. */
#include "query/asked.h"

#include <stdio.h>
#include <string.h>

struct fact {
    const char *expression, *value;
};

static void hold(void **state, const struct fact *facts, size_t count)
{
    struct asked *asked = *state;
    size_t i;

    temporary_text(&asked->temporary, "a.log",
                   ASKED_HEADER
                   "2 123456789012 eni-1 10.0.0.1 10.0.1.2 40000 443 6 10 840 "
                   "1737122420 1737122480 ACCEPT OK\n");
    for (i = 0; i < count; i++) {
        const char *value = asked_value(asked, facts[i].expression);

        if (strcmp(value, facts[i].value) != 0)
            printf("%s\n", facts[i].expression);
        assert_string_equal(value, facts[i].value);
    }
}

#define HOLD(state, facts) hold(state, facts, sizeof facts / sizeof *facts)

static void operators(void **state)
{
    static const struct fact facts[] = {
        {"10 % 3", "1"},
        {"2 ^ 3", "8"},
        {"2 ^ 3 ^ 2", "512"},
        {"-2 ^ 2", "-4"},
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"7 / 2", "3.5"},
        {"6 / 2", "3"},
        {"1 / 0", "~"},
        {"1 % 0", "~"},
        {"0.1 + 0.2", "0.30000000000000004"},
        {"9223372036854775807 + 1", "9223372036854775808"},
        {"2 ^ 100", "1267650600228229401496703205376"},
        {"bytes / 1024 / 1024", "0.00080108642578125"},
        {"bytes * 2", "1680"},
        {"srcAddr + 1", "~"},
        {"not 1 = 2", "1"},
        {"!(1 = 1)", "0"},
        {"1 = 1 or 1 = 1 and 1 = 2", "1"},
        {"dstPort = '443'", "1"},
        {"dstPort = '443.0'", "1"},
        {"dstPort == 443", "1"},
        {"dstPort in ['22', \"443\"]", "1"},
        {"dstPort not in [22, 80]", "1"},
        {"dstPort < 1000 and dstPort >= 443 and dstPort <= 443 and not dstPort > 443",
         "1"},
        {"srcAddr like '10.0.'", "1"},
        {"srcAddr not like '10.0.'", "0"},
        {"srcAddr like /^10\\..*1$/", "1"},
        {"srcAddr =~ /0{2}/", "0"},
        {"action like /(?i)acc/", "1"},
        {"'10.0.0.2' > '10.0.0.10'", "1"},
        {"missing = 1", "0"},
        {"missing != 1", "1"},
        {"missing < 1", "0"},
        {"not (missing = 1)", "1"},
        {"SRC_ADDR", "10.0.0.1"},
        {"`srcaddr`", "10.0.0.1"},
        {"`log-status`", "OK"},
        {"startTime", "1737122420"},
        {"@timestamp", "2025-01-17 14:00:20.000"},
    };

    HOLD(state, facts);
}

static void numbers(void **state)
{
    static const struct fact facts[] = {
        {"abs(-3)", "3"},
        {"abs(-3.5)", "3.5"},
        {"ceil(1.2)", "2"},
        {"floor(-1.2)", "-2"},
        {"greatest(1, bytes, 3)", "840"},
        {"least(4, 2, 'x')", "2"},
        {"log(1)", "0"},
        {"log(0)", "~"},
        {"round(2.5)", "3"},
        {"round(3.14159, 2)", "3.14"},
        {"round(1234, -2)", "1200"},
        {"sqrt(16)", "4"},
        {"sqrt(-1)", "~"},
        {"round(haversine(52.5, 13.4, 48.1, 11.6))", "506"},
        {"toNumber('12.5')", "12.5"},
        {"toInt('12.9')", "12"},
        {"toLong('-12.9')", "-12"},
        {"toDouble('1e3')", "1000"},
        {"toNumber('x')", "~"},
        {"ABS(-1)", "1"},
    };

    HOLD(state, facts);
}

static void texts(void **state)
{
    static const struct fact facts[] = {
        {"ltrim('xyZxyfooxyZ', 'xyZ')", "fooxyZ"},
        {"rtrim('xyZfooxyxyZ', 'xyZ')", "xyZfoo"},
        {"trim('xyZxyfooxyxyZ', 'xyZ')", "foo"},
        {"trim('  a b ')", "a b"},
        {"substr('xyZfooxyZ', 3, 3)", "foo"},
        {"substr('xyZfooxyZ', 3)", "fooxyZ"},
        {"substr('a\xC3\xA9\x62', 1, 1)", "\xC3\xA9"},
        {"substr('abc', 5)", ""},
        {"strlen('a\xC3\xA9')", "2"},
        {"strlen(bytes)", "3"},
        {"toupper('abc1')", "ABC1"},
        {"tolower('ABC1')", "abc1"},
        {"isempty('')", "1"},
        {"isempty(missing)", "1"},
        {"isblank(' \t')", "1"},
        {"isblank('a')", "0"},
        {"concat(srcAddr, ' -> ', dstPort)", "10.0.0.1 -> 443"},
        {"replace('a.b.c', '.', '--')", "a--b--c"},
        {"replace('aaa', '', 'x')", "aaa"},
        {"regexReplace('a1b22', '[0-9]+', '#')", "a#b#"},
        {"regexReplace('10.0.0.1', '(\\d+)\\.(\\d+)\\.', '$2.$1.')", "0.10.0.1"},
        {"strcontains('Hello', 'ell')", "1"},
        {"strcontains('Hello', 'ELL')", "0"},
        {"strcontains('Hello', 'ELL', 1)", "1"},
        {"startsWith('eni-1', 'eni-')", "1"},
        {"endsWith('eni-1', '-1')", "1"},
        {"split('a,b,c', ',')", "[\"a\",\"b\",\"c\"]"},
        {"jsonArraySize(split('a,b,c', ','))", "3"},
        {"urlencode('a b/\xC3\xA9')", "a%20b%2F%C3%A9"},
        {"urldecode('a%20b%2Fc')", "a b/c"},
        {"base64encode('hello')", "aGVsbG8="},
        {"base64decode('aGVsbG8=')", "hello"},
        {"base64decode('a')", "~"},
        {"hexToAscii('48656c6c6f')", "Hello"},
        {"hexToDec('ff')", "255"},
        {"hexToDec('0xFF')", "255"},
        {"decToHex(255)", "0xff"},
        {"md5('')", "d41d8cd98f00b204e9800998ecf8427e"},
        {"md5('The quick brown fox jumps over the lazy dog')",
         "9e107d9d372bb6826bd81d3542a419d6"},
        {"md5('"
         "12345678901234567890123456789012345678901234567890123456789012345678901234567"
         "890')",
         "57edf4a22be3c955ac49da2e2107b67a"},
        {"sha256('abc')",
         "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    };

    HOLD(state, facts);
}

static void general(void **state)
{
    static const struct fact facts[] = {
        {"ispresent(srcAddr)", "1"},
        {"isPresent(missing)", "0"},
        {"coalesce(missing, nothing, 'x')", "x"},
        {"if(bytes > 100, 'big', 'small')", "big"},
        {"case(bytes > 1000, 'a', bytes > 100, 'b', 'c')", "b"},
        {"case(bytes > 1000, 'a', bytes > 900, 'b')", "~"},
        {"isNumeric(bytes)", "1"},
        {"isNumeric(srcAddr)", "0"},
        {"messageSize('h\xC3\xA9')", "3"},
        {"queryStartTime()", "~"},
        {"now()", "1737122420"},
    };

    HOLD(state, facts);
}

static void addresses(void **state)
{
    static const struct fact facts[] = {
        {"isValidIp(srcAddr)", "1"},
        {"isValidIp('10.0.0.256')", "0"},
        {"isValidIpV4('10.0.0.1')", "1"},
        {"isValidIpV4('2001:db8::1')", "0"},
        {"isValidIpV6('2001:db8::1')", "1"},
        {"isIpInSubnet('10.0.0.1', '10.0.0.0/24')", "1"},
        {"isIpv4InSubnet(srcAddr, \"10.0.1.0/24\")", "0"},
        {"isIpv4InSubnet('2001:db8::1', '2001:db8::/32')", "0"},
        {"isIpv6InSubnet('2001:db8::1', '2001:db8::/32')", "1"},
        {"ipv4ToNumber('10.0.0.1')", "167772161"},
        {"isPrivateIP('192.168.1.1')", "1"},
        {"isPrivateIP('8.8.8.8')", "0"},
        {"isPrivateIP('fd00::1')", "1"},
        {"isPublicIP('8.8.8.8')", "1"},
        {"isPublicIP('-')", "0"},
        {"isReservedIP('127.0.0.1')", "1"},
        {"isReservedIP('10.0.0.1')", "0"},
    };

    HOLD(state, facts);
}

static void times(void **state)
{
    static const struct fact facts[] = {
        {"bin(1h)", "2025-01-17 14:00:00.000"},
        {"bin(300s)", "2025-01-17 14:00:00.000"}, /* acts as 60 s */
        {"bin(1mo)", "2025-01-01 00:00:00.000"},
        {"bin(1q)", "2025-01-01 00:00:00.000"},
        {"bin(1y)", "2025-01-01 00:00:00.000"},
        {"bin(1w)", "2025-01-13 00:00:00.000"}, /* a Monday */
        {"datefloor(@timestamp, 1d)", "2025-01-17 00:00:00.000"},
        {"dateceil(@timestamp, 1d)", "2025-01-18 00:00:00.000"},
        {"dateceil(fromMillis(0), 1d)", "1970-01-01 00:00:00.000"},
        {"fromMillis(1737122420123)", "2025-01-17 14:00:20.123"},
        {"toMillis(@timestamp)", "1737122420000"},
        {"@timestamp + 1", "1737122420001"},
        {"fromMillis(-1)", "1969-12-31 23:59:59.999"},
        {"fromMillis(1e30)", "~"},
        {"formatDate(@timestamp, 'yyyy-MM-dd HH:mm')", "2025-01-17 14:00"},
        {"strftime(@timestamp, '%Y/%m/%d %H:%M:%S %a %j')",
         "2025/01/17 14:00:20 Fri 017"},
        {"formatDate(@timestamp, \"EEEE d MMM yyyy 'at' h a XXX\", '+05:30')",
         "Friday 17 Jan 2025 at 7 PM +05:30"},
        {"parseDate('2025-01-17 14:00:20', 'yyyy-MM-dd HH:mm:ss')",
         "2025-01-17 14:00:20.000"},
        {"parseDate('17/Jan/2025:14:00:20 +0100', '%d/%b/%Y:%H:%M:%S %z')",
         "2025-01-17 13:00:20.000"},
        {"parseDate('17/x', 'dd/MM')", "~"},
        {"parseDate('2025-01-17 14:00', 'yyyy-MM-dd HH:mm', '+02:00')",
         "2025-01-17 12:00:00.000"},
    };

    HOLD(state, facts);
}

static void json(void **state)
{
    static const struct fact facts[] = {
        {"jsonParse('{\"a\": {\"b\": [10, \"x\"]}}').a.b[1]", "x"},
        {"jsonParse('{\"a b\": 1}').`a b`", "1"},
        {"jsonParse('[1, 2')", "~"},
        {"jsonParse('\"t\\\\u00e9\"')", "t\xC3\xA9"},
        {"jsonParse('{\"a\": null}').a", "~"},
        {"jsonStringify(jsonParse('[1, 2]'))", "[1, 2]"},
        {"jsonStringify('a\"b')", "\"a\\\"b\""},
        {"jsonArraySize('[1, [2, 3], {\"a\": 4}]')", "3"},
        {"jsonArraySize('{}')", "~"},
        {"jsonArrayContains('[\"a\", 2]', 2)", "1"},
        {"jsonArrayContains('[\"a\", 2]', 'b')", "0"},
    };

    HOLD(state, facts);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, asked_setup, asked_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(operators), TEST(numbers), TEST(texts), TEST(general),
        TEST(addresses), TEST(times),   TEST(json),
    };

    return cmocka_run_group_tests_name("query functions", tests, NULL, NULL);
}
