/* fiber.h - run many threads of the program on one kernel thread.
 *
 * A fiber borrows the stack and the thread control block of a real pthread that was created
 * beforehand and is parked for good, so that pthread_self(), errno and __thread variables are the
 * borrowed thread's own. All fibers run on the *carrier*, the process's first kernel thread, one at
 * a time. Knows nothing of policies, objects or traces.
 */
#ifndef HEDDLE_MACHINE_FIBER_H
#define HEDDLE_MACHINE_FIBER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What fiber_swap() leaves on the stack of a suspended fiber. */
struct fiber_frame {
	uint32_t mxcsr, x87;
	uint64_t r15, r14, r13, r12, rbx, rbp, rip;
};

/* What belongs to an execution. */
struct fiber_state {
	/* Saved stack pointer while suspended: a struct fiber_frame. */
	void *sp;
	bool in_use, was_used;
	void *user; /* for whoever took the fiber */
};

struct fiber {
	struct fiber_state state, saved;
	unsigned long fs_base;
	/* The whole mapping: [stack_low, stack_high); the lowest guard_bytes of it cannot be
	 * touched. */
	char *stack_low, *stack_high;
	/* Where the fiber's own frames begin; above lie the buffer to which pthread_exit() unwinds,
	 * the parked thread's frames, its control block and its TLS. */
	char *stack_start;
	/* Registered with the control block once, so that a thread's start need not write to it. */
	__pthread_unwind_buf_t *unwind;
	/* The bytes [stack_start, stack_high) as they were when the thread was parked, and its
	 * table of TLS blocks. */
	void *image;
	uint64_t *dtv_image;
	uint32_t index;
	uint32_t parked; /* set by the real thread, a futex */
};

#define FIBER_STACK_DEFAULT (8ul << 20)
#define FIBER_GUARD_BYTES   (64ul << 10)

/* Prepares the carrier: call once, on the process's first thread. `stack_bytes` is the size of
 * main's stack. Returns the fiber on which main() runs; its control block is the process's first
 * one. */
struct fiber *fiber_init(size_t stack_bytes);

/* Makes `count` more real threads with stacks of at least `stack_bytes` and parks them. Returns 0
 * or -1 where the system refuses a thread. Calls the C library. */
int fiber_grow(unsigned count, size_t stack_bytes);

/* A free fiber whose stack has at least `stack_bytes`, as new, or null when there is none: grow the
 * pool. Always the free one of the lowest index. */
struct fiber *fiber_take(size_t stack_bytes);

/* The same, but the one of that index where it is free and large enough. */
struct fiber *fiber_take_from(unsigned index, size_t stack_bytes);

/* Gives a fiber back; its thread must not run again, but may be the caller that is about to switch
 * away for good. */
void fiber_give_back(struct fiber *fiber);

/* Makes `fiber` begin at function(argument) when it is first switched to. `stack` is the top of the
 * stack to run on, or null for the fiber's own. The function must not return. */
void fiber_prepare(struct fiber *fiber, void *stack, void (*function)(void *), void *argument);

/* Calls the function, of up to three arguments, and stores first what its canonical frame address
 * will be. Returns what it returns; of an int, the lower half. */
void *fiber_call(const void *function, void *a, void *b, void *c, unsigned long *frame);

/* Suspends the running fiber `from` and resumes `to`. Returns when some other fiber switches back.
 */
void fiber_switch(struct fiber *from, struct fiber *to);

/* The carrier's own context, as a fiber to switch to and from. */
extern struct fiber fiber_carrier;

/* The fiber whose control block is `self` (a pthread_t), or null. */
struct fiber *fiber_of(unsigned long self);

/* Remembers who is in use and where the suspended ones stand; puts that back. */
void fiber_save(void);
void fiber_restore(void);

/* How many fibers there are, main's included; the n-th. */
unsigned fiber_count(void);
struct fiber *fiber_at(unsigned index);

/* True when `address` lies in a guard of some stack. */
bool fiber_is_guard(unsigned long address);

#endif
