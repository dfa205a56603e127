/* session.h - what a process under control is doing: the one place that knows all the rooms.
 *
 * `execution` is what belongs to one execution and is put back with the snapshot; `session`
 * outlives executions. Both are written by the carrier only: there is one kernel thread, so no
 * field needs a guard.
 */
#ifndef HEDDLE_SESSION_SESSION_H
#define HEDDLE_SESSION_SESSION_H

#include "base/bitset.h"
#include "detect/sharing.h"
#include "model/thread.h"
#include "policy/dfs.h"
#include "policy/policy.h"
#include "policy/random.h"
#include "policy/replay.h"
#include "session/shared.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct futexes;
struct outcome_piece;

#define INTEREST_SLOTS 256u
#define KEYS_MAX       1024u
#define SIGNALS_MAX    65u

struct execution {
	/* The thread whose code runs; null while the carrier itself runs and where the program is
	 * not controlled. */
	struct thread *current;
	/* Operations that `current` may still carry out before the policy is asked. */
	uint64_t quantum;
	/* The quantum lasts even when another thread becomes enabled. */
	bool quantum_is_firm;
	/* Meanwhile nobody asks who is enabled: the object that has changed last, or null. */
	const void *changed;
	uint64_t step; /* operations so far, those of a quantum that was not used up among them */
	uint64_t now_ns, slept_ns; /* virtual time; how much of it nobody worked in */
	/* Not before that a deadline passes; DEADLINE_NONE where there is none. */
	uint64_t look_ns;
	uint32_t yields; /* since somebody last timed out or began to wait for time */
	uint32_t threads, live;
	uint32_t barriers; /* made so far */
	/* How many have guards: they wait in a loop, or (session/blocking.h) in the kernel, which
	 * of them these are. */
	uint32_t guarded, blocked;
	/* Something was done to what threads may wait for in the kernel. */
	bool files_changed;
	/* A stream on that descriptor, less 1, writes: what of it is out is not known yet. */
	int stream_written;
	/* A process that has begun to end runs its exit handlers and nothing else, unless these
	 * wait for another thread. */
	bool exiting;
	struct thread *exiting_thread;
	/* What the last thread to end is to end the process with. */
	int status;
	/* How many threads have announced an operation on an object of this hash. */
	uint8_t interest[INTEREST_SLOTS];
	/* Bytes in use of the memory for clocks and token lists. */
	uint64_t room_used;
	uint64_t random_drawn;
	/* Who waits at futexes; null before anyone has. */
	struct futexes *futexes;
	/* Waits that have been ended by nothing; threads that have timed out too often to go on:
	 * session/timeouts.h. */
	uint32_t spurious, parked;
	/* Allocations and frees so far, while someone looks at the heap. */
	uint32_t heap_calls;
	/* Yields in a row with nobody else to go: session/loop.h. */
	uint32_t lone_yields;
	/* The policy was asked who goes next, the last time that anyone gave up the carrier. */
	bool was_choice;
	/* What the program has said of its outcome: session/outcome.h. */
	struct outcome_piece *outcome;
};

enum request {
	REQUEST_NONE,
	REQUEST_SNAPSHOT, /* the first choice is about to be made */
	REQUEST_FINISH,	  /* `session.report` has the verdict */
	REQUEST_LOOK,	  /* the command is to look at the thread: `worker->report.look` */
	REQUEST_GROW,	  /* `session.grow_stack`: another fiber is needed */
	REQUEST_SPIN,	  /* spin_on_carrier() */
	REQUEST_AGAIN,	  /* the execution is to be carried out again: point.h */
	REQUEST_FORK, /* the program is about to change the kernel's state; `worker->mode_reason`
			 says how */
};

/* What the program wants done on a signal that heddle keeps for itself. */
struct signal_handler {
	void (*called)(int, siginfo_t *, void *);
	struct sigaction action;
};

struct session {
	struct shared *shared;
	struct shared_worker *worker;
	unsigned worker_index;
	int output_fd;
	/* Set when main is about to run, so that constructors' threads are noticed. */
	bool attached, controlled;
	/* Only accesses to visible bytes are events (exhaustive search); else every access is. */
	bool learned;
	/* Threads that wait in a loop are noticed: in an exhaustive search, and at the end of a
	 * replay that is to end so. */
	bool spins;
	/* A new thread waits to be chosen (random search, and any replay, which knows when it was);
	 * else it runs at once. */
	bool starts_are_choices;
	/* A yield is a choice (random search). */
	bool yields_are_choices;
	/* What an operation on an object takes, and an access to memory: session/pace.h. */
	uint32_t operation_ns, access_ns;
	bool recording, replaying, explore;
	/* Partial-order reduction: every visible event is told to it, and it is asked even where
	 * there is one thread only. */
	bool reducing;
	/* Some thread is sent something (session/interrupt.h): learned. */
	bool interrupts;
	/* System calls are caught: a snapshot is active. */
	bool trapping;
	/* The thread's mask was changed since the snapshot. */
	bool mask_dirty;
	/* A choice is to be announced to the carrier first: there is no snapshot yet. */
	bool snapshot_wanted;
	/* It was not a choice before which the snapshot was taken: session/files.h. */
	bool starts_early;
	/* It is no program that runs but a function of one (session/start.h); where the frames of
	 * those lie that have called for it. */
	bool is_body;
	struct stack_report caller;
	/* This process carries out one execution for its parent. */
	bool is_child;
	enum request request;
	struct fiber *requester; /* the fiber that made the request; resumed when it is answered */
	size_t grow_stack;
	unsigned long outer_stack; /* where the program's part of the kernel-made stack begins */
	struct policy policy;
	struct random_state random;
	struct dfs_state dfs;
	struct replay_state replay;
	struct sharing sharing;
	struct execution saved;
	/* Nothing of the program is to be done at its end: no handler, no destructor. */
	bool ends_plainly;
	/* By key of thread-specific data; those from `keys` on are null. */
	void (*key_destructors[KEYS_MAX])(void *);
	uint32_t keys;
	int32_t pid;
	/* By signal number. */
	struct signal_handler *signal_handlers;
};

extern struct execution execution;
extern struct session session;

/* All threads of the execution, by number. */
#define THREADS_MAX BITSET_MAX
extern struct thread *threads;

/* Pending threads whose operation could go next; threads that have to run until they announce one.
 */
extern struct bitset enabled, unannounced;

/* The calling thread, or null when the program is not controlled: then the real function does the
 * work. */
static inline struct thread *thread_controlled(void)
{
	return execution.current;
}

#define RETURN_PC __builtin_return_address(0)

/* Memory that lives as long as the execution, zeroed or not. */
void *room_take(size_t bytes);
void *room_take_as_is(size_t bytes);

/* Remembers the execution as it is now, for execution_restore(). */
void execution_save(void);
void execution_restore(void);

/* Hands control to the carrier with a request and returns when it resumes this thread. `self` may
 * be null on the carrier's own behalf: then it is the current one. */
void carrier_call(enum request request);

/* Prepares tables. Call once, before the first thread. */
void session_init(void);

#endif
