/*
 * hooks_table.c - the table of hooks of one program or shared object, as it is without heddle.
 *
 * Each slot leads to a function that does nothing, or for an atomic operation to that operation:
 * whoever starts the program without heddle has a program that just runs. A constructor offers the
 * table to heddle, if it is there.
 */
#include "cc/hooks.h"
#include "cc/hooks_forget.h"
#include "cc/hooks_list.h"

#include <stddef.h>

/* Absent in a program without the C library, which then calls none of the hooks that need them. */
void *memcpy(void *to, const void *from, size_t bytes) __attribute__((weak));
void *memmove(void *to, const void *from, size_t bytes) __attribute__((weak));
void *memset(void *at, int byte, size_t bytes) __attribute__((weak));

/* The program runs without heddle. Not before the constructor has looked. */
static _Bool alone;

static void hook_nothing(void)
{
	if (alone)
		heddle_hook_forget(__builtin_return_address(0));
}

static void *hook_zero(void)
{
	return 0;
}

#define hook_handle	  hook_zero
#define hook_barrier_init hook_zero
#define hook_barrier_wait hook_zero
#define hook_memcpy	  memcpy
#define hook_memmove	  memmove
#define hook_memset	  memset

static void hook_thread_fence(int order)
{
	(void)order;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#define DECLARE_ATOMIC(hook, bits, operation) extern char hook_native_##bits##_##operation[];
HOOKS_ATOMIC(DECLARE_ATOMIC)

#define SLOT_ACCESS(hook, kind, size)	   (void *)hook_nothing,
#define SLOT_ATOMIC(hook, bits, operation) (void *)hook_native_##bits##_##operation,
#define SLOT_OTHER(hook, native)	   (void *)hook_##native,
#define SLOT_REMARK(hook)		   (void *)hook_nothing,

#define COUNT_ACCESS(hook, kind, size)	    +1
#define COUNT_ATOMIC(hook, bits, operation) +1
#define COUNT_OTHER(hook, native)	    +1
#define COUNT_REMARK(hook)		    +1

/* Laid out as struct heddle_hooks. */
struct table {
	unsigned version, count;
	void *slots[HOOKS(COUNT_ACCESS, COUNT_ACCESS, COUNT_ATOMIC, COUNT_OTHER, COUNT_REMARK)];
};

extern struct table heddle_hooks;
__attribute__((visibility("hidden"))) struct table heddle_hooks = {
	HEDDLE_HOOKS_VERSION,
	HOOKS(COUNT_ACCESS, COUNT_ACCESS, COUNT_ATOMIC, COUNT_OTHER, COUNT_REMARK),
	{HOOKS(SLOT_ACCESS, SLOT_ACCESS, SLOT_ATOMIC, SLOT_OTHER, SLOT_REMARK)},
};

/* Before all constructors of the program, so that what they do is seen too. */
static __attribute__((constructor(101))) void hooks_offer(void)
{
	if (heddle_hooks_take)
		heddle_hooks_take((struct heddle_hooks *)&heddle_hooks);
	else
		alone = 1;
}
