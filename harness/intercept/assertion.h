/* assertion.h - an assertion of the program that failed. */
#ifndef HEDDLE_INTERCEPT_ASSERTION_H
#define HEDDLE_INTERCEPT_ASSERTION_H

/* As the C library words it, without the program's name, which differs with how it was started.
 * `line` 0 and `function` null are left out. */
void assertion_fail(const char *condition, const char *file, unsigned line, const char *function,
		    const void *pc) __attribute__((noreturn));

#endif
