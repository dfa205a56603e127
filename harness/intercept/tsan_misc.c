/*
 * tsan_misc.c - the hooks that are no single access, and the table of a program built with
 * heddle-cc.
 */
#include "cc/hooks.h"
#include "cc/hooks_list.h"
#include "intercept/announced.h"
#include "intercept/interpose.h"
#include "intercept/tsan_modules.h"
#include "session/access.h"
#include "session/module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLER __builtin_return_address(0)

/* A program that gcc built calls this from a constructor in each of its parts. */
INTERPOSE void __tsan_init(void);
void __tsan_init(void)
{
	tsan_modules_find();
}

INTERPOSE void *__tsan_memcpy(void *to, const void *from, unsigned long bytes);
void *__tsan_memcpy(void *to, const void *from, unsigned long bytes)
{
	return announced_move(to, from, bytes, CALLER);
}

INTERPOSE void *__tsan_memmove(void *to, const void *from, unsigned long bytes);
void *__tsan_memmove(void *to, const void *from, unsigned long bytes)
{
	return announced_move(to, from, bytes, CALLER);
}

INTERPOSE void *__tsan_memset(void *at, int byte, unsigned long bytes);
void *__tsan_memset(void *at, int byte, unsigned long bytes)
{
	return announced_set(at, byte, bytes, CALLER);
}

INTERPOSE void __tsan_atomic_thread_fence(int order);
void __tsan_atomic_thread_fence(int order)
{
	access_fence(order, CALLER);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

INTERPOSE void __tsan_atomic_signal_fence(int order);
void __tsan_atomic_signal_fence(int order)
{
	(void)order;
}

/* Questions of programs that help a race detector: nothing is known under these handles. */
#define NOTHING_KNOWN(hook)                                                                        \
	INTERPOSE void *hook(void);                                                                \
	void *hook(void)                                                                           \
	{                                                                                          \
		return 0;                                                                          \
	}
NOTHING_KNOWN(__tsan_mutex_pre_unlock)
NOTHING_KNOWN(__tsan_get_current_fiber)
NOTHING_KNOWN(__tsan_create_fiber)
NOTHING_KNOWN(__tsan_external_register_tag)
NOTHING_KNOWN(__tsan_testonly_barrier_init)
NOTHING_KNOWN(__tsan_testonly_barrier_wait)
NOTHING_KNOWN(__tsan_testonly_shadow_stack_current_size)

#define REMARK(hook)                                                                               \
	INTERPOSE void hook(void);                                                                 \
	void hook(void)                                                                            \
	{                                                                                          \
	}
HOOKS_REMARK(REMARK)

#define DECLARE_ACCESS(hook, kind, size)      extern void hook(void *);
#define DECLARE_ACCESS_PC(hook, kind, size)   extern void hook(void *, void *);
#define DECLARE_ATOMIC(hook, bits, operation) extern char hook[];

#define SLOT_ACCESS(hook, kind, size)	   (void *)hook,
#define SLOT_ATOMIC(hook, bits, operation) (void *)hook,
#define SLOT_OTHER(hook, native)	   (void *)hook,
#define SLOT_REMARK(hook)		   (void *)hook,

HOOKS_ACCESS(DECLARE_ACCESS)
HOOKS_ACCESS_PC(DECLARE_ACCESS_PC)
HOOKS_ATOMIC(DECLARE_ATOMIC)
extern void __tsan_read_range(void *, unsigned long);
extern void __tsan_write_range(void *, unsigned long);
extern void __tsan_read_range_pc(void *, unsigned long, void *);
extern void __tsan_write_range_pc(void *, unsigned long, void *);
extern void __tsan_vptr_read(void **);
extern void __tsan_vptr_update(void **, void *);
extern void __tsan_external_read(void *, void *, void *);
extern void __tsan_external_write(void *, void *, void *);

static void *const own_slots[] = {
	HOOKS(SLOT_ACCESS, SLOT_ACCESS, SLOT_ATOMIC, SLOT_OTHER, SLOT_REMARK)};

#define OWN_SLOTS (sizeof(own_slots) / sizeof(*own_slots))

INTERPOSE void heddle_hooks_take(struct heddle_hooks *hooks)
{
	if (hooks->version != HEDDLE_HOOKS_VERSION || hooks->count > OWN_SLOTS) {
		fprintf(stderr,
			"heddle: the program was built by a heddle-cc of another version (hooks "
			"%u, %u of them; this "
			"heddle has %d, %zu): build it again\n",
			hooks->version, hooks->count, HEDDLE_HOOKS_VERSION, OWN_SLOTS);
		exit(3);
	}
	memcpy(hooks->slots, own_slots, hooks->count * sizeof(*own_slots));
	module_is_instrumented(hooks);
}
