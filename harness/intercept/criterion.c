/*
 * criterion.c - what a test does to Criterion while its body is explored: a failed cr_assert() or
 * cr_expect() is a failed assertion of the execution.
 *
 * Criterion itself would tell another process, once for each execution, and leave the body by a
 * jump into what is not under control. Declared here as Criterion 2.4 has them, so that the library
 * needs nothing of it: a program without Criterion never calls these.
 */
#include "base/text.h"
#include "intercept/interpose.h"
#include "session/session.h"
#include "session/verdict.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_BYTES 384

/* criterion/stats.h */
struct criterion_assert_stats {
	const char *message;
	bool passed;
	unsigned line;
	const char *file;
};

/* criterion/internal/assert/types.h */
struct cri_assert_node {
	const char *repr;
	const char *message;
};

/* Each under its own name, for files that know nothing of heddle, and under another for those that
 * include heddle_criterion.h: that does not depend on which library comes first. */
#define BOTH(name, parameters, attributes)                                                         \
	INTERPOSE void name parameters attributes;                                                 \
	INTERPOSE void heddle_##name parameters attributes;

BOTH(criterion_send_assert, (struct criterion_assert_stats * stats), )
BOTH(cri_assert_node_send, (const char *file, size_t line, struct cri_assert_node *tree), )
BOTH(criterion_abort_test, (void), __attribute__((noreturn)))
BOTH(criterion_skip_test, (const char *format, ...), __attribute__((noreturn)))
BOTH(criterion_test_die, (const char *format, ...), )

/* Criterion's own, before this library or behind it. */
static void *real_of(const char *name)
{
	void *first = dlsym(RTLD_DEFAULT, name);
	Dl_info here, there;

	if (dladdr((void *)real_of, &here) && dladdr(first, &there) &&
	    here.dli_fbase == there.dli_fbase)
		return dlsym(RTLD_NEXT, name);
	return first;
}

#define FUNCTION(name, parameters)                                                                 \
	static void(*real_one) parameters;                                                         \
                                                                                                   \
	if (!real_one)                                                                             \
	*(void **)&real_one = real_of(#name)

static void failed(const char *file, unsigned long line, const char *message, const void *pc)
{
	char buffer[MESSAGE_BYTES];
	struct text text = text_over(buffer, sizeof(buffer));

	text_add(&text, file);
	text_add(&text, ":");
	text_add_number(&text, line);
	text_add(&text, ": ");
	text_add(&text, message && *message ? message : "Criterion's assertion failed");
	verdict_assertion(buffer, pc);
}

static void send_assert(struct criterion_assert_stats *stats, const void *pc)
{
	FUNCTION(criterion_send_assert, (struct criterion_assert_stats *));

	if (!thread_controlled())
		real_one(stats);
	else if (!stats->passed)
		failed(stats->file, stats->line, stats->message, pc);
}

void criterion_send_assert(struct criterion_assert_stats *stats)
{
	send_assert(stats, RETURN_PC);
}

void heddle_criterion_send_assert(struct criterion_assert_stats *stats)
{
	send_assert(stats, RETURN_PC);
}

static void node_send(const char *file, size_t line, struct cri_assert_node *tree, const void *pc)
{
	FUNCTION(cri_assert_node_send, (const char *, size_t, struct cri_assert_node *));

	if (thread_controlled())
		failed(file, line, tree->message, pc);
	real_one(file, line, tree);
}

void cri_assert_node_send(const char *file, size_t line, struct cri_assert_node *tree)
{
	node_send(file, line, tree, RETURN_PC);
}

void heddle_cri_assert_node_send(const char *file, size_t line, struct cri_assert_node *tree)
{
	node_send(file, line, tree, RETURN_PC);
}

static void abort_test(const void *pc) __attribute__((noreturn));
static void abort_test(const void *pc)
{
	FUNCTION(criterion_abort_test, (void));

	if (thread_controlled())
		verdict_assertion("criterion_abort_test() was called", pc);
	real_one();
	abort();
}

void criterion_abort_test(void)
{
	abort_test(RETURN_PC);
}

void heddle_criterion_abort_test(void)
{
	abort_test(RETURN_PC);
}

static void skip_test(const char *format, va_list arguments, const void *pc)
	__attribute__((noreturn));
static void skip_test(const char *format, va_list arguments, const void *pc)
{
	char message[MESSAGE_BYTES] = "";

	FUNCTION(criterion_skip_test, (const char *, ...));

	if (thread_controlled())
		verdict_assertion("cr_skip_test() was called, in a body that is explored", pc);
	if (format)
		vsnprintf(message, sizeof(message), format, arguments);
	real_one(format ? "%s" : NULL, message);
	abort();
}

void criterion_skip_test(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	skip_test(format, arguments, RETURN_PC);
}

void heddle_criterion_skip_test(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	skip_test(format, arguments, RETURN_PC);
}

static void test_die(const char *format, va_list arguments, const void *pc)
{
	char message[MESSAGE_BYTES];

	FUNCTION(criterion_test_die, (const char *, ...));

	vsnprintf(message, sizeof(message), format, arguments);
	if (thread_controlled())
		verdict_assertion(message, pc);
	real_one("%s", message);
}

void criterion_test_die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	test_die(format, arguments, RETURN_PC);
	va_end(arguments);
}

void heddle_criterion_test_die(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	test_die(format, arguments, RETURN_PC);
	va_end(arguments);
}
