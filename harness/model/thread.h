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
#include "model/op.h"

#include <stdbool.h>
#include <stdint.h>

struct fiber;
struct spin;

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
	 * mutex. */
	enum op op;
	uint32_t size;
	void *object, *mutex;
	const void *pc;
	uint64_t expected;    /* OP_ATOMIC_CAS: the value that it wants to find */
	uint32_t wait_number; /* OP_WAKE: the number from cond_enqueue(); OP_PASS: the generation */
	bool timed_out;
	bool yielding; /* the operation is a hint that others should go first */
	/* Virtual time at which a sleep or a timed wait ends, or DEADLINE_NONE. */
	uint64_t deadline_ns;

	void *(*start)(void *);
	void *argument, *result;
	bool detached, joined;
	struct thread *joiner, *joining;
	struct fiber *fiber;
	/* Highest position known of each other thread through create and join: detect/sharing.h. */
	uint32_t *clock, clock_size;
	char name[THREAD_NAME_BYTES];
	/* Where it waits in a loop, what for (session/spin.h); what it remembers for that. */
	const struct guard *guards;
	uint32_t guard_count;
	struct spin *spin;
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
