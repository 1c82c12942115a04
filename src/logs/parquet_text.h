/* Numbers of Parquet files as the text that a flow log would have. */
#ifndef VW_LOGS_PARQUET_TEXT_H
#define VW_LOGS_PARQUET_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* The longest text of a number; a place of that size takes any. */
#define VW_PARQUET_TEXT_MAX 32

/* Both write digits from `text` on, without a NUL, and return their number. */
size_t vw_parquet_unsigned(uint64_t value, char *text);
size_t vw_parquet_signed(int64_t value, char *text);

/* The shortest text that reads as the same number; whole ones have no point: "443". */
size_t vw_parquet_real(double value, char *text);
size_t vw_parquet_single(float value, char *text);

#endif
