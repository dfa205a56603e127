/*
 * tsan_atomic.c - the hooks that carry out an atomic operation.
 *
 * One scheduling point, then the operation, whole. It is a real atomic one, although a single
 * kernel thread runs the program under control: the library may be loaded into a program that is
 * not. Memory orders do not matter to sequential consistency; they decide what is a data race.
 */
#include "cc/hooks_list.h"
#include "cc/wide.h"
#include "intercept/interpose.h"
#include "session/access.h"

#include <stdint.h>

#define CALLER __builtin_return_address(0)
#define ORDER  __ATOMIC_SEQ_CST

typedef uint8_t word8;
typedef uint16_t word16;
typedef uint32_t word32;
typedef uint64_t word64;

#define LOADS(bits)                                                                                \
	INTERPOSE word##bits __tsan_atomic##bits##_load(const volatile word##bits *at, int order); \
	word##bits __tsan_atomic##bits##_load(const volatile word##bits *at, int order)            \
	{                                                                                          \
		access_atomic(OP_ATOMIC_LOAD, at, sizeof(*at), order, CALLER);                     \
		return __atomic_load_n(at, ORDER);                                                 \
	}                                                                                          \
	INTERPOSE void __tsan_atomic##bits##_store(volatile word##bits *at, word##bits value,      \
						   int order);                                     \
	void __tsan_atomic##bits##_store(volatile word##bits *at, word##bits value, int order)     \
	{                                                                                          \
		access_atomic(OP_ATOMIC_STORE, at, sizeof(*at), order, CALLER);                    \
		__atomic_store_n(at, value, ORDER);                                                \
	}

/* `after` is what is there afterwards, in terms of `before` and `value`. */
#define UPDATE(bits, operation, builtin, after)                                                    \
	INTERPOSE word##bits __tsan_atomic##bits##_##operation(volatile word##bits *at,            \
							       word##bits value, int order);       \
	word##bits __tsan_atomic##bits##_##operation(volatile word##bits *at, word##bits value,    \
						     int order)                                    \
	{                                                                                          \
		word##bits before;                                                                 \
                                                                                                   \
		access_atomic(OP_ATOMIC_RMW, at, sizeof(*at), order, CALLER);                      \
		before = builtin(at, value, ORDER);                                                \
		access_atomic_done(before, (word##bits)(after));                                   \
		return before;                                                                     \
	}

#define EXCHANGES(bits)                                                                            \
	static inline _Bool exchange##bits(volatile word##bits *at, word##bits *expected,          \
					   word##bits value, int order, int otherwise,             \
					   const void *pc)                                         \
	{                                                                                          \
		word##bits wanted = *expected;                                                     \
		_Bool done;                                                                        \
                                                                                                   \
		access_exchange(at, sizeof(*at), wanted, pc);                                      \
		done = __atomic_compare_exchange_n(at, expected, value, 0, ORDER, ORDER);          \
		access_atomic_done(*expected, done ? value : *expected);                           \
		access_exchange_done(&(struct access_exchange){.address = at,                      \
							       .size = sizeof(*at),                \
							       .expected = wanted,                 \
							       .done = done,                       \
							       .order = done ? order : otherwise,  \
							       .pc = pc});                         \
		return done;                                                                       \
	}

#define COMPARE(bits, strength)                                                                    \
	INTERPOSE int __tsan_atomic##bits##_compare_exchange_##strength(                           \
		volatile word##bits *at, word##bits *expected, word##bits value, int order,        \
		int otherwise);                                                                    \
	int __tsan_atomic##bits##_compare_exchange_##strength(                                     \
		volatile word##bits *at, word##bits *expected, word##bits value, int order,        \
		int otherwise)                                                                     \
	{                                                                                          \
		word##bits found = *expected;                                                      \
		_Bool done;                                                                        \
                                                                                                   \
		done = exchange##bits(at, &found, value, order, otherwise, CALLER);                \
		/* `expected` may lie in memory that others see: it is written only on failure. */ \
		if (!done)                                                                         \
			*expected = found;                                                         \
		return done;                                                                       \
	}

#define COMPARE_VALUE(bits)                                                                        \
	INTERPOSE word##bits __tsan_atomic##bits##_compare_exchange_val(                           \
		volatile word##bits *at, word##bits expected, word##bits value, int order,         \
		int otherwise);                                                                    \
	word##bits __tsan_atomic##bits##_compare_exchange_val(                                     \
		volatile word##bits *at, word##bits expected, word##bits value, int order,         \
		int otherwise)                                                                     \
	{                                                                                          \
		exchange##bits(at, &expected, value, order, otherwise, CALLER);                    \
		return expected;                                                                   \
	}

#define ALL(bits)                                                                                  \
	LOADS(bits)                                                                                \
	UPDATE(bits, exchange, __atomic_exchange_n, value)                                         \
	UPDATE(bits, fetch_add, __atomic_fetch_add, before + value)                                \
	UPDATE(bits, fetch_sub, __atomic_fetch_sub, before - value)                                \
	UPDATE(bits, fetch_and, __atomic_fetch_and, before &value)                                 \
	UPDATE(bits, fetch_or, __atomic_fetch_or, before | value)                                  \
	UPDATE(bits, fetch_xor, __atomic_fetch_xor, before ^ value)                                \
	UPDATE(bits, fetch_nand, __atomic_fetch_nand, ~(before & value))                           \
	EXCHANGES(bits)                                                                            \
	COMPARE(bits, strong)                                                                      \
	COMPARE(bits, weak)                                                                        \
	COMPARE_VALUE(bits)

ALL(8)
ALL(16)
ALL(32)
ALL(64)

/* 128 bits: the same without the compiler's help, which would want libatomic. */

INTERPOSE wide_t __tsan_atomic128_load(const volatile wide_t *at, int order);
wide_t __tsan_atomic128_load(const volatile wide_t *at, int order)
{
	access_atomic(OP_ATOMIC_LOAD, at, sizeof(*at), order, CALLER);
	return wide_load(at);
}

INTERPOSE void __tsan_atomic128_store(volatile wide_t *at, wide_t value, int order);
void __tsan_atomic128_store(volatile wide_t *at, wide_t value, int order)
{
	wide_t before = wide_guess(at);

	access_atomic(OP_ATOMIC_STORE, at, sizeof(*at), order, CALLER);
	while (!wide_compare_exchange(at, &before, value))
		;
}

#define UPDATE_WIDE(operation, after)                                                              \
	INTERPOSE wide_t __tsan_atomic128_##operation(volatile wide_t *at, wide_t value,           \
						      int order);                                  \
	wide_t __tsan_atomic128_##operation(volatile wide_t *at, wide_t value, int order)          \
	{                                                                                          \
		wide_t before;                                                                     \
                                                                                                   \
		access_atomic(OP_ATOMIC_RMW, at, sizeof(*at), order, CALLER);                      \
		before = wide_guess(at);                                                           \
		while (!wide_compare_exchange(at, &before, after))                                 \
			;                                                                          \
		access_atomic_done((uint64_t)before, (uint64_t)(after));                           \
		return before;                                                                     \
	}
UPDATE_WIDE(exchange, value)
UPDATE_WIDE(fetch_add, before + value)
UPDATE_WIDE(fetch_sub, before - value)
UPDATE_WIDE(fetch_and, before &value)
UPDATE_WIDE(fetch_or, before | value)
UPDATE_WIDE(fetch_xor, before ^ value)
UPDATE_WIDE(fetch_nand, ~(before &value))

static int exchange_wide(volatile wide_t *at, wide_t *expected, wide_t value, int order,
			 int otherwise, const void *pc)
{
	uint64_t wanted = (uint64_t)*expected;
	int done;

	access_exchange(at, sizeof(*at), wanted, pc);
	done = wide_compare_exchange(at, expected, value);
	access_atomic_done((uint64_t)*expected, (uint64_t)(done ? value : *expected));
	access_exchange_done(&(struct access_exchange){.address = at,
						       .size = sizeof(*at),
						       .expected = wanted,
						       .done = done,
						       .order = done ? order : otherwise,
						       .pc = pc});
	return done;
}

#define COMPARE_WIDE(strength)                                                                     \
	INTERPOSE int __tsan_atomic128_compare_exchange_##strength(                                \
		volatile wide_t *at, wide_t *expected, wide_t value, int order, int otherwise);    \
	int __tsan_atomic128_compare_exchange_##strength(volatile wide_t *at, wide_t *expected,    \
							 wide_t value, int order, int otherwise)   \
	{                                                                                          \
		wide_t found = *expected;                                                          \
		int done;                                                                          \
                                                                                                   \
		done = exchange_wide(at, &found, value, order, otherwise, CALLER);                 \
		if (!done)                                                                         \
			*expected = found;                                                         \
		return done;                                                                       \
	}
COMPARE_WIDE(strong)
COMPARE_WIDE(weak)

INTERPOSE wide_t __tsan_atomic128_compare_exchange_val(volatile wide_t *at, wide_t expected,
						       wide_t value, int order, int otherwise);
wide_t __tsan_atomic128_compare_exchange_val(volatile wide_t *at, wide_t expected, wide_t value,
					     int order, int otherwise)
{
	exchange_wide(at, &expected, value, order, otherwise, CALLER);
	return expected;
}
