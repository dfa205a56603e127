/* check.h - always-on assertions about heddle itself.
 *
 * A failed check is a bug in heddle: it prints what did not hold, where, and at which step of which
 * execution, and ends the process. It makes no call into the C library, so that it works in a
 * borrowed thread and in a signal handler.
 */
#ifndef HEDDLE_BASE_CHECK_H
#define HEDDLE_BASE_CHECK_H

#define CHECK(condition)                                                                           \
	(__builtin_expect(!!(condition), 1) ? (void)0                                              \
					    : check_failed(#condition, __FILE__, __LINE__))

/* Prints the message and ends the process with SIGABRT's status. `file` and `line` say where in
 * heddle. */
void check_failed(const char *condition, const char *file, int line)
	__attribute__((noreturn, cold));

/* What check_failed() adds to its message: the execution and the step that the process is at. Null
 * until set. */
extern const unsigned long *check_execution, *check_step;

#endif
