/* heddle.h - the public interface of heddle, a deterministic thread-scheduling test harness.
 *
 * Programs need nothing of this to run under heddle. What is here makes threads easier to start: a
 * thread on any C function, with its own arguments and its own result, as Python's `Thread(target,
 * args)` does it. It works under heddle and without it alike. Link with -lheddle_call -lffi
 * -pthread, or build with heddle-cc, which does so by itself.
 *
 * All functions are safe to call from any thread.
 */
#ifndef HEDDLE_H
#define HEDDLE_H

#ifdef __cplusplus
extern "C" {
#endif

/* A thread with a typed result. Opaque; owned by the caller from heddle_thread() to
 * heddle_thread_join(). */
typedef struct heddle_thread heddle_thread_t;

/* Any function: heddle_thread() calls it with the signature you give. The macro below casts the
 * function you have. */
typedef void (*heddle_function_t)(void);

/*
 * Starts a thread that calls `function` with the arguments that follow.
 *
 * `signature` is "RESULT(ARGUMENT, ...)" in C's own words, such as "int(int, double)", "void()",
 * "char *(const char *)", "struct{int;double}(long)". Types: void (result only), _Bool or bool,
 * char, signed char, unsigned char, short, int, long, long long and their unsigned forms, int8_t to
 * int64_t and uint8_t to uint64_t, size_t, ssize_t, intptr_t, uintptr_t, intmax_t, uintmax_t,
 * ptrdiff_t, wchar_t, enum NAME, float, double, long double and their _Complex forms, pointers to
 * anything (TYPE *, TYPE (*)(...)), and structures by value as "struct{TYPE; TYPE; ...}" (arrays in
 * them as TYPE[N]). const, volatile and names of the function, of arguments and of members may
 * stand where C has them. Arguments are copied before the call returns; what a pointer points to is
 * not.
 *
 * Returns 0 and stores the thread in `*thread`; EINVAL when the signature cannot be read, names a
 * type that is not known or does not fit, as far as that can be told (see below), EAGAIN or ENOMEM
 * when no thread can be started. On error `*thread` is null, nothing was called, and
 * heddle_thread_error() says what was wrong and where.
 *
 * What is noticed: the compiler tells number, kind and size of the arguments you pass, so an `int`
 * where the signature says `long` is an error (write 5L, or a cast), as is one argument too few.
 * Where the program's own file has debug information (-g), the signature is compared with the
 * function itself. It is not where the function lives in a shared library, or where
 * HEDDLE_SIGNATURES=trust is in the environment when the program starts.
 *
 * Requires: `signature` fits the function; no more than 16 arguments; a structure written out in
 * the call stands in parentheses of its own: ((struct point){1, 2}).
 */
int heddle_thread(heddle_thread_t **thread, heddle_function_t function, const char *signature, ...);

/*
 * Waits until the thread has ended, stores what the function returned in `*result` and frees the
 * thread.
 *
 * `result` points to an object of the result's type, or is null to drop it (and for void). Returns
 * 0; ECANCELED when the thread ended without returning from the function (pthread_exit,
 * cancellation): `*result` is then left alone. Two errors leave the thread as it is: EDEADLK when a
 * thread joins itself, ESRCH when `thread` is null.
 * Requires: no other thread joins the same one.
 */
int heddle_thread_join(heddle_thread_t *thread, void *result);

/* Says in a sentence what was wrong with the last heddle_thread() call of this thread. Empty when
 * it succeeded. Valid until its next call. Never null. */
const char *heddle_thread_error(void);

/* What the macro heddle_thread() calls: `kinds` is what the compiler knows of the arguments. Not to
 * be called by hand. */
int heddle_thread_checked(heddle_thread_t **thread, heddle_function_t function,
			  unsigned long long kinds, const char *signature, ...);

#ifdef __cplusplus
}
#endif

/* How an argument travels through `...`, four bits each, the first argument lowest; 0 ends the
 * list. */
#define HEDDLE_KIND_INT		  1ull /* an integer no wider than int */
#define HEDDLE_KIND_LONG	  2ull /* an integer of eight bytes */
#define HEDDLE_KIND_POINTER	  3ull
#define HEDDLE_KIND_DOUBLE	  4ull /* float and double */
#define HEDDLE_KIND_LONG_DOUBLE	  5ull
#define HEDDLE_KIND_STRUCT	  6ull
#define HEDDLE_KIND_OTHER	  7ull /* not compared */
#define HEDDLE_KIND_FLOAT_COMPLEX 8ull
#define HEDDLE_KIND_COMPLEX	  9ull
#define HEDDLE_KIND_LONG_COMPLEX  10ull

/* `number` is what __builtin_classify_type says of the argument, `size` its bytes. */
static inline unsigned long long heddle_kind(int number, unsigned long size)
{
	if (number >= 1 && number <= 4)
		return size <= 4   ? HEDDLE_KIND_INT
		       : size == 8 ? HEDDLE_KIND_LONG
				   : HEDDLE_KIND_OTHER;
	if (number == 5)
		return HEDDLE_KIND_POINTER;
	if (number == 8)
		return size <= 8    ? HEDDLE_KIND_DOUBLE
		       : size == 16 ? HEDDLE_KIND_LONG_DOUBLE
				    : HEDDLE_KIND_OTHER;
	if (number == 9)
		return size == 8    ? HEDDLE_KIND_FLOAT_COMPLEX
		       : size == 16 ? HEDDLE_KIND_COMPLEX
				    : HEDDLE_KIND_LONG_COMPLEX;
	return number == 12 ? HEDDLE_KIND_STRUCT : HEDDLE_KIND_OTHER;
}

#ifdef __GNUC__
/* Evaluates no x. `1 ? x : x` is x as `...` takes it, even where x is an array or a bit-field. */
#define HEDDLE_KIND(x) heddle_kind(__builtin_classify_type(x), sizeof(__typeof__(1 ? (x) : (x))))
#else
#define HEDDLE_KIND(x) HEDDLE_KIND_OTHER
#endif

/* HEDDLE_KINDS(signature, a, b, ...): the kinds of a, b, ... in one number. */
#define HEDDLE_KINDS(...)                                                                          \
	HEDDLE_KINDS_PICK(__VA_ARGS__, HEDDLE_KINDS_16, HEDDLE_KINDS_15, HEDDLE_KINDS_14,          \
			  HEDDLE_KINDS_13, HEDDLE_KINDS_12, HEDDLE_KINDS_11, HEDDLE_KINDS_10,      \
			  HEDDLE_KINDS_9, HEDDLE_KINDS_8, HEDDLE_KINDS_7, HEDDLE_KINDS_6,          \
			  HEDDLE_KINDS_5, HEDDLE_KINDS_4, HEDDLE_KINDS_3, HEDDLE_KINDS_2,          \
			  HEDDLE_KINDS_1, HEDDLE_KINDS_0, 0)                                       \
	(__VA_ARGS__, 0)
#define HEDDLE_KINDS_PICK(s, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, pick, ...) pick

#define HEDDLE_KINDS_0(s, ...)	   0ull
#define HEDDLE_KINDS_1(s, x, ...)  HEDDLE_KIND(x)
#define HEDDLE_KINDS_2(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_1(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_3(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_2(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_4(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_3(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_5(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_4(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_6(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_5(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_7(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_6(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_8(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_7(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_9(s, x, ...)  (HEDDLE_KIND(x) | HEDDLE_KINDS_8(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_10(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_9(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_11(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_10(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_12(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_11(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_13(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_12(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_14(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_13(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_15(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_14(s, __VA_ARGS__) << 4)
#define HEDDLE_KINDS_16(s, x, ...) (HEDDLE_KIND(x) | HEDDLE_KINDS_15(s, __VA_ARGS__) << 4)

#define heddle_thread(thread, function, ...)                                                       \
	heddle_thread_checked((thread), (heddle_function_t)(function), HEDDLE_KINDS(__VA_ARGS__),  \
			      __VA_ARGS__)

#endif
