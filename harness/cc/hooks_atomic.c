/* hooks_atomic.c - atomic operations as they are without heddle: hook_native_BITS_OPERATION,
 * sequentially consistent, which is right for every order that the program may have asked for. Only
 * stores look at the order: the others cost the same whatever it is. */
#include "cc/wide.h"

#include <stdint.h>

#define ORDER  __ATOMIC_SEQ_CST
#define HIDDEN __attribute__((visibility("hidden")))

typedef uint8_t word8;
typedef uint16_t word16;
typedef uint32_t word32;
typedef uint64_t word64;

#define UPDATE(bits, operation, builtin)                                                           \
	HIDDEN word##bits hook_native_##bits##_##operation(volatile word##bits *at,                \
							   word##bits value);                      \
	word##bits hook_native_##bits##_##operation(volatile word##bits *at, word##bits value)     \
	{                                                                                          \
		return builtin(at, value, ORDER);                                                  \
	}

#define ALL(bits)                                                                                  \
	HIDDEN word##bits hook_native_##bits##_load(const volatile word##bits *at);                \
	word##bits hook_native_##bits##_load(const volatile word##bits *at)                        \
	{                                                                                          \
		return __atomic_load_n(at, ORDER);                                                 \
	}                                                                                          \
	HIDDEN void hook_native_##bits##_store(volatile word##bits *at, word##bits value,          \
					       int order);                                         \
	void hook_native_##bits##_store(volatile word##bits *at, word##bits value, int order)      \
	{                                                                                          \
		if (order == ORDER)                                                                \
			__atomic_store_n(at, value, ORDER);                                        \
		else                                                                               \
			__atomic_store_n(at, value, __ATOMIC_RELEASE);                             \
	}                                                                                          \
	UPDATE(bits, exchange, __atomic_exchange_n)                                                \
	UPDATE(bits, fetch_add, __atomic_fetch_add)                                                \
	UPDATE(bits, fetch_sub, __atomic_fetch_sub)                                                \
	UPDATE(bits, fetch_and, __atomic_fetch_and)                                                \
	UPDATE(bits, fetch_or, __atomic_fetch_or)                                                  \
	UPDATE(bits, fetch_xor, __atomic_fetch_xor)                                                \
	UPDATE(bits, fetch_nand, __atomic_fetch_nand)                                              \
	HIDDEN int hook_native_##bits##_compare_exchange(volatile word##bits *at,                  \
							 word##bits *expected, word##bits value);  \
	int hook_native_##bits##_compare_exchange(volatile word##bits *at, word##bits *expected,   \
						  word##bits value)                                \
	{                                                                                          \
		return __atomic_compare_exchange_n(at, expected, value, 0, ORDER, ORDER);          \
	}                                                                                          \
	HIDDEN word##bits hook_native_##bits##_compare_exchange_val(                               \
		volatile word##bits *at, word##bits expected, word##bits value);                   \
	word##bits hook_native_##bits##_compare_exchange_val(                                      \
		volatile word##bits *at, word##bits expected, word##bits value)                    \
	{                                                                                          \
		__atomic_compare_exchange_n(at, &expected, value, 0, ORDER, ORDER);                \
		return expected;                                                                   \
	}

ALL(8)
ALL(16)
ALL(32)
ALL(64)

HIDDEN wide_t hook_native_128_load(const volatile wide_t *at);
wide_t hook_native_128_load(const volatile wide_t *at)
{
	return wide_load(at);
}

#define UPDATE_WIDE(operation, after)                                                              \
	HIDDEN wide_t hook_native_128_##operation(volatile wide_t *at, wide_t value);              \
	wide_t hook_native_128_##operation(volatile wide_t *at, wide_t value)                      \
	{                                                                                          \
		wide_t before = wide_guess(at);                                                    \
                                                                                                   \
		while (!wide_compare_exchange(at, &before, after))                                 \
			;                                                                          \
		return before;                                                                     \
	}
UPDATE_WIDE(exchange, value)
UPDATE_WIDE(fetch_add, before + value)
UPDATE_WIDE(fetch_sub, before - value)
UPDATE_WIDE(fetch_and, (before & value))
UPDATE_WIDE(fetch_or, (before | value))
UPDATE_WIDE(fetch_xor, (before ^ value))
UPDATE_WIDE(fetch_nand, ~(before &value))

HIDDEN void hook_native_128_store(volatile wide_t *at, wide_t value);
void hook_native_128_store(volatile wide_t *at, wide_t value)
{
	hook_native_128_exchange(at, value);
}

HIDDEN int hook_native_128_compare_exchange(volatile wide_t *at, wide_t *expected, wide_t value);
int hook_native_128_compare_exchange(volatile wide_t *at, wide_t *expected, wide_t value)
{
	return wide_compare_exchange(at, expected, value);
}

HIDDEN wide_t hook_native_128_compare_exchange_val(volatile wide_t *at, wide_t expected,
						   wide_t value);
wide_t hook_native_128_compare_exchange_val(volatile wide_t *at, wide_t expected, wide_t value)
{
	wide_compare_exchange(at, &expected, value);
	return expected;
}
