/* ends.c - the ways in which a process ends, and the one in which it begins. */
#include "base/text.h"
#include "intercept/assertion.h"
#include "intercept/cxx_heap.h"
#include "intercept/heap_share.h"
#include "intercept/interpose.h"
#include "intercept/strings.h"
#include "machine/addresses.h"
#include "machine/real.h"
#include "session/start.h"
#include "session/thread.h"
#include "session/verdict.h"

#include <assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

INTERPOSE int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
				void (*init)(void), void (*fini)(void), void (*linker_fini)(void),
				void *stack_end);

/* Runs after all of the program's handlers and destructors: it was registered before any of them.
 * What the C library still does afterwards is to write out what its streams hold. */
static void last_handler(int status, void *argument)
{
	(void)argument;
	if (thread_controlled())
		verdict_exit(status & 0xff);
}

/* The library stands in front of the C library: the program was linked with it. */
static bool is_in_front(void)
{
	return dlsym(RTLD_DEFAULT, "__libc_start_main") == (void *)__libc_start_main;
}

/* The dynamic linker gives what main is given. */
static __attribute__((constructor)) void library_begin(int argc, char **argv, char **envp)
{
	(void)argc;
	start_attach();
	if (!start_is_attached() && is_in_front())
		addresses_fix(argv, envp);
	strings_init();
	cxx_heap_init();
	session.ends_plainly = true;
	if (start_is_attached())
		real.on_exit(last_handler, 0);
	else
		heap_share();
}

int __libc_start_main(int (*main_function)(int, char **, char **), int argc, char **argv,
		      void (*init)(void), void (*fini)(void), void (*linker_fini)(void),
		      void *stack_end)
{
	real_resolve();
	if (start_is_attached()) {
		start_set_main(main_function);
		main_function = start_main;
	}
	return real.__libc_start_main(main_function, argc, argv, init, fini, linker_fini,
				      stack_end);
}

INTERPOSE int __cxa_atexit(void (*handler)(void *), void *argument, void *object);
int __cxa_atexit(void (*handler)(void *), void *argument, void *object)
{
	real_resolve();
	session.ends_plainly = false;
	return real.__cxa_atexit(handler, argument, object);
}

INTERPOSE int __cxa_thread_atexit_impl(void (*destructor)(void *), void *thing, void *object);
int __cxa_thread_atexit_impl(void (*destructor)(void *), void *thing, void *object)
{
	real_resolve();
	session.ends_plainly = false;
	return real.__cxa_thread_atexit_impl(destructor, thing, object);
}

INTERPOSE int on_exit(void (*handler)(int, void *), void *argument)
{
	real_resolve();
	session.ends_plainly = false;
	return real.on_exit(handler, argument);
}

/* The handlers and destructors are those of the program that the body is a function of: not to be
 * run here. */
static void body_exit(int status) __attribute__((noreturn));
static void body_exit(int status)
{
	verdict_exit(status);
	fflush(stdout);
	real._exit(status);
}

INTERPOSE void exit(int status)
{
	struct thread *self = thread_controlled();

	if (self)
		thread_exit_process(self, status & 0xff, RETURN_PC);
	if (self && session.is_body)
		body_exit(status & 0xff);
	/* In a search the C library's part of an exit is worth leaving out where it would do
	 * nothing. */
	if (self && session.explore && session.ends_plainly)
		verdict_exit(status & 0xff);
	real.exit(status);
}

INTERPOSE void _exit(int status)
{
	struct thread *self = thread_controlled();

	if (self) {
		thread_exit_process(self, status & 0xff, RETURN_PC);
		verdict_exit(status & 0xff);
	}
	real._exit(status);
}

INTERPOSE void _Exit(int status)
{
	_exit(status);
}

INTERPOSE void abort(void)
{
	if (thread_controlled())
		verdict_abort(RETURN_PC);
	real.abort();
}

void assertion_fail(const char *condition, const char *file, unsigned line, const char *function,
		    const void *pc)
{
	char message[512];
	struct text text = text_over(message, sizeof(message));

	text_add(&text, file);
	if (line) {
		text_add(&text, ":");
		text_add_number(&text, line);
	}
	text_add(&text, ": ");
	if (function) {
		text_add(&text, function);
		text_add(&text, ": ");
	}
	text_add(&text, "Assertion `");
	text_add(&text, condition);
	text_add(&text, "' failed");
	verdict_assertion(message, pc);
}

INTERPOSE void __assert_fail(const char *condition, const char *file, unsigned line,
			     const char *function)
{
	if (thread_controlled())
		assertion_fail(condition, file, line, function, RETURN_PC);
	real.__assert_fail(condition, file, line, function);
}
