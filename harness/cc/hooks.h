/* hooks.h - the table through which an instrumented program reaches heddle.
 *
 * heddle-cc compiles with -fsanitize=thread, so that each memory access becomes a call of a
 * `__tsan_*` function. It links build/lib/libheddle_hooks.a, in which every one of those is a jump
 * through `heddle_hooks`. Without heddle the slots lead to functions that do nothing, or for an
 * atomic operation to that operation: the program just runs. Under heddle a constructor in the
 * archive hands the table to the library (weak symbol heddle_hooks_take), which fills in its own.
 *
 * A program that gcc built with -fsanitize=thread has no table; it binds to the same functions by
 * name.
 */
#ifndef HEDDLE_CC_HOOKS_H
#define HEDDLE_CC_HOOKS_H

#include <stddef.h>

#define HEDDLE_HOOKS_VERSION 1

struct heddle_hooks {
	unsigned version, count;
	/* count slots, in the order of the list in hooks_list.h */
	void *slots[];
};

/* Called once for each program or shared object that has a table; defined in libheddle.so only. */
void heddle_hooks_take(struct heddle_hooks *hooks) __attribute__((weak));

#endif
