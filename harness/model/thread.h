/* thread.h - a thread of the program, as the scheduler sees it.
 *
 * States: *unannounced* (new, or woken from a join: it has to run, at once and without a choice,
 * until it announces its next visible operation), *running* (the one that has the carrier),
 * *pending* (has announced `op`; it is enabled or not), *joining* (waits for another thread's end:
 * no event), *ended*.
 *
 * All fields belong to the execution and are written by the running thread only.
 */
#ifndef HEDDLE_MODEL_THREAD_H
#define HEDDLE_MODEL_THREAD_H

#include "model/guard.h"
#include "model/interrupt.h"
#include "model/op.h"

#include <stdbool.h>
#include <stdint.h>

struct blocking;
struct fiber;
struct futex_waiter;
struct loop;
struct once_frame;
struct spin;
struct reading;
struct mutex;

enum thread_phase {
	PHASE_UNANNOUNCED,
	PHASE_RUNNING,
	PHASE_PENDING,
	PHASE_JOINING,
	PHASE_ENDED,
};

#define THREAD_NAME_BYTES 16
#define DEADLINE_NONE	  UINT64_MAX

struct thread {
	uint32_t number; /* in creation order; main is 0 */
	enum thread_phase phase;

	/* The announced operation. For OP_WAKE `object` is the condition variable and `mutex` its
	 * mutex; for OP_FUTEX_REQUEUE and OP_FUTEX_WAKE_OP `mutex` is the other word. */
	enum op op;
	uint32_t size;
	void *object, *mutex;
	const void *pc;
	uint64_t expected; /* OP_ATOMIC_CAS: the value that it wants to find; model/futex.h */
	struct futex_waiter *waiter; /* null before it first waits at a futex */
	/* What it waits for has come, and the object may be gone: pthread_cond_destroy() and
	 * pthread_barrier_destroy() may be called then. */
	bool released, released_serial;
	uint32_t arrival;     /* OP_PASS: barrier_arrival() */
	uint32_t wait_number; /* OP_WAKE: the number from cond_enqueue(); OP_PASS: the generation;
				 OP_FUTEX_*: model/futex.h */
	bool timed_out;
	/* session/timeouts.h: its wait ends by its deadline in another execution of the search
	 * only; the one that times out is an event, and counts; how often it has timed out so, and
	 * with nobody else in sight. */
	bool ends_elsewhere, timeout_counts;
	uint32_t timeouts, timeouts_alone;
	bool yielding; /* the operation is a hint that others should go first */
	/* Virtual time at which a sleep or a timed wait ends, or DEADLINE_NONE. */
	uint64_t deadline_ns;

	/* What others have sent it (model/interrupt.h), in memory of its own address in all
	 * executions; what it has sent itself and not taken; what may interrupt the operation that
	 * it has announced. */
	uint64_t *sent, raised, interrupts;
	/* Of that: what may interrupt any; the cancellation, at a cancellation point; what it waits
	 * for. */
	uint64_t open, at_point, awaited;
	uint64_t blocked; /* signals: the thread's mask */
	uint32_t sleeps;  /* so far */
	uint64_t sends;	  /* OP_CANCEL, OP_KILL: what */
	enum interrupt_way way;
	bool interrupted; /* its call is to return EINTR */
	bool restarts;	  /* ... unless it is one of those that begin anew then */
	int signal;	  /* OP_SIGWAIT: which came */
	bool cancel_disabled, cancel_async, is_ending;
	struct once_frame *onces; /* initialisers that it is in: session/sync.c */

	void *(*start)(void *);
	void *argument, *result;
	bool detached, joined;
	struct thread *joiner, *joining;
	/* Where and by whom it was joined or detached. */
	const void *left_at;
	uint32_t left_by;
	/* Read-write locks that it reads under; robust mutexes that it holds. */
	struct reading *readings;
	uint32_t reading_count, reading_room;
	struct mutex *robust;
	struct fiber *fiber;
	/* Its start routine, main() too, and the canonical frame address of that; 0 before it is
	 * called. */
	unsigned long start_code, start_frame;
	/* Highest position known of each other thread through create and join: detect/sharing.h. */
	uint32_t *clock, clock_size;
	char name[THREAD_NAME_BYTES];
	/* Where it waits in a loop, what for (session/spin.h); what it remembers for that. */
	const struct guard *guards;
	uint32_t guard_count;
	struct spin *spin;
	struct loop *loop; /* the same in code without hooks (session/loop.h) */
	/* What it waits for in the kernel (session/blocking.h), or null; how many channels it has
	 * made. */
	struct blocking *blocking;
	uint32_t channels;
	/* A place that it reads, how often it has since it last wrote or reached an event, and how
	 * many reads of others came after that. */
	const void *reread;
	uint32_t rereads, other_reads;
	/* Whose how-manieth child it is, and how many it has itself: so it is named in all
	 * executions alike, whoever else has created threads before. From that a number for the
	 * whole path, and which part of the heap is its own. */
	uint32_t child, children;
	uint64_t path;
	uint32_t arena;
	/* Where it called C++'s operator new or delete, which is at work; else null. */
	const void *heap_caller;
	/* Where the reduction is on: a small number that is the same in all executions. */
	uint32_t name_number;
};

#endif
