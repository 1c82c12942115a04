/* Numbers as text; see parquet_text.h. */
#include "logs/parquet_text.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two digits at a time. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

static size_t digits_of(uint64_t value)
{
    size_t digits = 1;

    for (; value >= 10000; value /= 10000)
        digits += 4;
    return digits + (value >= 10) + (value >= 100) + (value >= 1000);
}

size_t vw_parquet_unsigned(uint64_t value, char *text)
{
    size_t size = digits_of(value);
    char *at = text + size;

    for (; value >= 100; value /= 100)
        memcpy(at -= 2, pairs + value % 100 * 2, 2);
    if (value >= 10)
        memcpy(text, pairs + value * 2, 2);
    else
        *text = (char)('0' + value);
    return size;
}

size_t vw_parquet_signed(int64_t value, char *text)
{
    if (value >= 0)
        return vw_parquet_unsigned((uint64_t)value, text);
    *text = '-';
    return 1 + vw_parquet_unsigned(0 - (uint64_t)value, text + 1);
}

/* Whole numbers below this are exact and need no exponent. */
static const double exact = 9007199254740992.0;

static bool is_whole(double value)
{
    return fabs(value) < exact && value == floor(value);
}

size_t vw_parquet_real(double value, char *text)
{
    int size = 0, digits;

    if (is_whole(value))
        return vw_parquet_signed((int64_t)value, text);
    for (digits = 1; digits <= 17; digits++) {
        size = snprintf(text, VW_PARQUET_TEXT_MAX, "%.*g", digits, value);
        if (!isfinite(value) || strtod(text, NULL) == value)
            break;
    }
    return (size_t)size;
}

size_t vw_parquet_single(float value, char *text)
{
    int size = 0, digits;

    if (is_whole((double)value))
        return vw_parquet_signed((int64_t)value, text);
    for (digits = 1; digits <= 9; digits++) {
        size = snprintf(text, VW_PARQUET_TEXT_MAX, "%.*g", digits, (double)value);
        if (!isfinite(value) || strtof(text, NULL) == value)
            break;
    }
    return (size_t)size;
}
