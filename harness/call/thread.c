/*
 * thread.c - threads that call any function, and give its result back by type.
 *
 * The creator reads the signature and copies every argument; the thread calls; whoever joins takes
 * the result. A `struct heddle_thread` is written by one of them at a time, handed on by
 * pthread_create and pthread_join, so nothing here needs a lock, and none of it is a scheduling
 * choice under heddle.
 */
#include "heddle.h"

#include "call/functions.h"
#include "call/kinds.h"
#include "call/passing.h"
#include "call/pool.h"
#include "call/signature.h"

#include <errno.h>
#include <ffi.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#undef heddle_thread

struct heddle_thread {
	pthread_t id;
	struct pool pool;
	struct signature signature;
	heddle_function_t function;
	ffi_cif cif;
	void **values;
	void *result;
};

static __thread char error_text[256];

static int error_set(int code, const char *what)
{
	snprintf(error_text, sizeof(error_text), "%s: %s", what, strerror(code));
	return code;
}

static int call_prepare(struct heddle_thread *t)
{
	size_t count = t->signature.argument_count;
	ffi_type **types = pool_allocate(&t->pool, (count + 1) * sizeof(ffi_type *));
	ffi_type *result = passing_ffi_type(&t->pool, &t->signature.result);

	if (!types || !result)
		return error_set(ENOMEM, "heddle_thread");
	for (size_t i = 0; i < count; i++) {
		types[i] = passing_ffi_type(&t->pool, &t->signature.arguments[i]);
		if (!types[i])
			return error_set(ENOMEM, "heddle_thread");
	}
	if (ffi_prep_cif(&t->cif, FFI_DEFAULT_ABI, (unsigned)count, result, types) != FFI_OK)
		return error_set(EINVAL, "heddle_thread: libffi cannot call such a function");
	return 0;
}

static int arguments_copy(struct heddle_thread *t, va_list *arguments)
{
	size_t count = t->signature.argument_count;

	t->values = pool_allocate(&t->pool, (count + 1) * sizeof(void *));
	t->result = pool_allocate(&t->pool, passing_size(&t->signature.result));
	if (!t->values || !t->result)
		return error_set(ENOMEM, "heddle_thread");
	for (size_t i = 0; i < count; i++) {
		const struct type *type = &t->signature.arguments[i];

		t->values[i] = pool_allocate(&t->pool, passing_size(type));
		if (!t->values[i])
			return error_set(ENOMEM, "heddle_thread");
		passing_take(arguments, type, t->values[i]);
	}
	return 0;
}

/* Returns the handle, which tells a thread whose function returned from one that was cancelled. */
static void *thread_call(void *handle)
{
	struct heddle_thread *t = handle;

	ffi_call(&t->cif, t->function, t->result, t->values);
	return t;
}

static void thread_free(struct heddle_thread *t)
{
	pool_free(&t->pool);
	free(t);
}

static int signature_check(struct heddle_thread *t, unsigned long long kinds, const char *text)
{
	int code;

	if (!t->function || !text) {
		snprintf(error_text, sizeof(error_text), "the %s is null",
			 t->function ? "signature" : "function");
		return EINVAL;
	}
	code = signature_parse(&t->signature, &t->pool, text, error_text, sizeof(error_text));
	if (!code)
		code = kinds_check(&t->signature, kinds, error_text, sizeof(error_text));
	if (!code)
		code = functions_check(t->function, &t->signature, error_text, sizeof(error_text));
	return code;
}

static int thread_start(heddle_thread_t **thread, heddle_function_t function,
			unsigned long long kinds, const char *text, va_list *arguments)
{
	struct heddle_thread *t = calloc(1, sizeof(*t));
	int code;

	*thread = NULL;
	error_text[0] = '\0';
	if (!t)
		return error_set(ENOMEM, "heddle_thread");
	t->function = function;
	code = signature_check(t, kinds, text);
	if (!code)
		code = call_prepare(t);
	if (!code)
		code = arguments_copy(t, arguments);
	if (!code && (code = pthread_create(&t->id, NULL, thread_call, t)))
		error_set(code, "pthread_create");
	if (code)
		thread_free(t);
	else
		*thread = t;
	return code;
}

int heddle_thread(heddle_thread_t **thread, heddle_function_t function, const char *signature, ...)
{
	va_list arguments;
	int code;

	va_start(arguments, signature);
	code = thread_start(thread, function, KINDS_UNKNOWN, signature, &arguments);
	va_end(arguments);
	return code;
}

int heddle_thread_checked(heddle_thread_t **thread, heddle_function_t function,
			  unsigned long long kinds, const char *signature, ...)
{
	va_list arguments;
	int code;

	va_start(arguments, signature);
	code = thread_start(thread, function, kinds, signature, &arguments);
	va_end(arguments);
	return code;
}

int heddle_thread_join(heddle_thread_t *thread, void *result)
{
	void *returned;
	int code;

	if (!thread)
		return ESRCH;
	code = pthread_join(thread->id, &returned);
	if (code)
		return code;
	if (returned != thread)
		code = ECANCELED;
	else if (result)
		passing_give(&thread->signature.result, thread->result, result);
	thread_free(thread);
	return code;
}

const char *heddle_thread_error(void)
{
	return error_text;
}
