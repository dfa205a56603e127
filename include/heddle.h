/* heddle.h - the public interface of heddle, a deterministic thread-scheduling test harness.
 *
 * Programs need nothing of this to run under heddle. What is here makes threads easier to start: a thread on any C
 * function, with its own arguments and its own result, as Python's `Thread(target, args)` does it. It works under heddle
 * and without it alike. Link with -lheddle_call -lffi -pthread, or build with heddle-cc, which does so by itself.
 *
 * All functions are safe to call from any thread.
 */
#ifndef HEDDLE_H
#define HEDDLE_H

#ifdef __cplusplus
extern "C" {
#endif

/* A thread with a typed result. Opaque; owned by the caller from heddle_thread() to heddle_thread_join(). */
typedef struct heddle_thread heddle_thread_t;

/* Any function: cast the function you have, heddle_thread() calls it with the signature you give. */
typedef void (*heddle_function_t)(void);

/*
 * Starts a thread that calls `function` with the arguments that follow.
 *
 * `signature` is "RESULT(ARGUMENT, ...)" in C's own words, such as "int(int, double)", "void()", "char *(const char *)",
 * "struct{int;double}(long)". Types: void (result only), _Bool or bool, char, signed char, unsigned char, short, int, long,
 * long long and their unsigned forms, int8_t to int64_t and uint8_t to uint64_t, size_t, ssize_t, intptr_t, uintptr_t,
 * ptrdiff_t, float, double, long double, pointers to anything (TYPE *), and structures by value as
 * "struct{TYPE; TYPE; ...}" (arrays in them as TYPE[N]). Arguments are copied before the call returns; what a pointer
 * points to is not.
 *
 * Returns 0 and stores the thread in `*thread`; EINVAL when the signature cannot be read or names a type that is not
 * known (heddle_thread_error() says where), EAGAIN or ENOMEM when no thread can be started. On error `*thread` is null.
 * Requires: `signature` fits the function. Where the program has debug information, a signature that does not fit is
 * EINVAL too.
 */
int heddle_thread(heddle_thread_t **thread, heddle_function_t function, const char *signature, ...);

/*
 * Waits until the thread has ended, stores what the function returned in `*result` and frees the thread.
 *
 * `result` points to an object of the result's type, or is null to drop it (and for void). Returns 0; EDEADLK when a
 * thread joins itself; ESRCH when `thread` is null.
 */
int heddle_thread_join(heddle_thread_t *thread, void *result);

/* Says in a sentence what was wrong with the last heddle_thread() call of this thread. Valid until its next call. */
const char *heddle_thread_error(void);

#ifdef __cplusplus
}

/* In C++ any function pointer is accepted as it is. */
#else
#define heddle_thread(thread, function, ...) \
	heddle_thread((thread), (heddle_function_t)(function), __VA_ARGS__)
#endif

#endif
