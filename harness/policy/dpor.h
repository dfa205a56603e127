/* dpor.h - one execution for each class of equivalent executions: optimal dynamic partial-order
 * reduction.
 *
 * Two executions are equivalent when they differ only in the order of adjacent independent events
 * (Mazurkiewicz traces). The search runs one of each class: Optimal-DPOR with wakeup trees
 * (Abdulla, Aronis, Jonsson, Sagonas, "Source sets: a foundation for optimal dynamic partial order
 * reduction", JACM 64(4), 2017, section 7), over mutexes, condition variables, semaphores,
 * read-write locks, barriers, spin locks, once controls, memory and atomics.
 *
 * What is ours: footprints with modes, so that operations commute which do so in the model
 * (model/footprint.h); one rule for operations that wait (a race with one counts where it could
 * still be carried out without the other event); and the pending operations of threads that are
 * blocked at the end, which race like executed ones.
 *
 * Pure: fed with events while an execution runs, asked for the next thread, and at the end for the
 * next execution. Threads are named by numbers that are the same in all executions.
 */
#ifndef HEDDLE_POLICY_DPOR_H
#define HEDDLE_POLICY_DPOR_H

#include "model/footprint.h"
#include "model/guard.h"
#include "model/op.h"
#include "policy/dpor_chain.h"
#include "policy/dpor_tree.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DPOR_THREADS_MAX 64u

/* dpor_event.number of operations on locks: of a mutex or spin lock DPOR_FREE or DPOR_HELD, of a
 * read-write lock how many read, or DPOR_WRITTEN. */
enum { DPOR_FREE = 0, DPOR_HELD = 1 };
#define DPOR_WRITTEN UINT32_MAX

/* What the thread is at that is ending the process, from its exit on. */
struct dpor_exiting {
	bool goes_on; /* it can, so nobody else does */
	/* What it waits in, and for; dpor_waits_for_many(). OP_NONE: in no operation. */
	bool waits_for_many;
	enum op op;
	const void *object;
	uint32_t joins; /* the thread that it waits for the end of, plus 1, or 0 */
};

/* An event of the execution, or what a thread has announced. */
struct dpor_event {
	uint32_t thread;
	uint32_t ordinal; /* the how-manieth event of its thread, from 1 */
	enum op op;
	uint32_t bytes;
	const void *object, *mutex;
	/* OP_FUTEX_*: what model/futex.h says is announced, and
	 * OP_ATOMIC_*: with `has_values` the value wanted by a compare-exchange, what was there
	 * before, and what is there afterwards. */
	uint64_t expected, before, after;
	/* OP_SEM_*, OP_ONCE*: the value before; `after` is that which OP_SEM_INIT sets. OP_ARRIVE,
	 * OP_PASS: the generation. Locks, and the mutex of a wait: as it was before. */
	uint32_t number;
	/* What it waited for in a loop: dpor_guard(). */
	uint32_t guard_first, guard_count;
	/* What others send to its thread is told by this (null: nobody does), and what of it may
	 * interrupt the operation. `taken` does: then the operation is OP_INTERRUPT or OP_LEAVE,
	 * and `meant` what was announced. OP_CANCEL, OP_KILL: what is sent. */
	const void *word, *meant_object;
	uint64_t interrupts, taken, sends;
	enum op meant;
	bool has_values;
	/* A try-operation or compare-exchange did it; a signal had somebody to wake; an unlock was
	 * a writer's; the initialiser had not been run; a wait waits. */
	bool succeeded;
	/* It changes nothing: a misuse, or a lock that nobody can get any more. */
	bool is_void;
	/* OP_WAIT: in which of so many ways, policy/dpor_choice.h; 0 is to wait. The last way has
	 * an allowance that all threads share; this is such a one. */
	uint8_t way, ways;
	bool last_is_scarce, is_scarce;
	bool enabled; /* of a pending one: it could have gone on */
	/* After the exit: the thread that ends the process did this alone; or it let that go on. */
	bool is_alone, is_apart;
	struct footprint foot;
};

struct dpor_sleeper {
	uint32_t label : 31; /* as in struct dpor_step */
	/* It fell asleep before a source (dpor_plan.h): what comes after events that commute with
	 * its own is not planned for its sake behind that. */
	uint32_t is_before_source : 1;
	struct footprint foot;
};

/* Sizes of the tables. */
#define DPOR_EVENTS_MAX	  (1u << 16)
#define DPOR_SLEEPERS_MAX (1u << 22)
#define DPOR_RACES_MAX	  (1u << 20)
#define DPOR_GUARDS_MAX	  (1u << 18)

struct dpor_race {
	uint32_t first, second; /* `second` beyond the events: a pending one, or DPOR_WAY */
	uint32_t next;		/* of the same first one, plus 1; 0: none */
	bool is_covered;	/* nothing is to be planned for it */
};

/* Events that are left out, with all that happens after them. */
struct dpor_without {
	uint32_t events[DPOR_THREADS_MAX], count;
};

struct dpor {
	struct dpor_event *events;
	uint32_t (*clocks)[DPOR_THREADS_MAX];	     /* per event: happens-before */
	uint32_t (*clocks_before)[DPOR_THREADS_MAX]; /* the same without the edges of its own
							footprint */
	struct dpor_link *links;		     /* per event, of the first `linked` */
	uint32_t chains[DPOR_CHAINS];		     /* their ends, plus 1 */
	uint32_t linked;
	uint32_t few; /* where there are no more events before, it looks at all of them */
	struct dpor_hand hand;
	struct dpor_sleeper *sleepers;
	uint32_t *path;	    /* per depth: the node before the event, 0 where there is none yet */
	uint64_t *entered;  /* per depth: executions when the node after it was come to */
	uint32_t *sleep_at; /* per depth: its sleep set begins there in `sleepers`, and ends where
			       the next begins */
	struct dpor_exiting *exitings; /* per event after the exit: as it was before */
	struct dpor_race *races;
	uint32_t *race_end;		   /* per event: how many races were found up to it */
	uint32_t latest[DPOR_THREADS_MAX]; /* while races are looked for: ordinals before it */
	uint32_t *race_of; /* per event: the first race of which it is the first event, plus 1 */
	struct dpor_step *steps;
	struct guard *guards;

	uint32_t length; /* events of the execution so far */
	uint32_t base;	 /* events before the first choice: the same in every execution */
	uint32_t guards_used, base_guards;
	/* Threads that have announced an operation and wait for a guard of it to open: a bit for
	 * each. Set it before dpor_pick(). */
	uint64_t held;
	/* Those who have asked that others go first: the same. */
	uint64_t yielding;
	/* Of the thread that is ending the process: set it before dpor_pick() and dpor_finish(),
	 * from its exit on. */
	struct dpor_exiting exiting;
	uint32_t joined_then; /* exiting.joins, as it was before the last event */
	uint32_t exit_at;     /* where the exit is, or UINT32_MAX */
	uint32_t known;	      /* path[0..known] is known before the execution */
	uint32_t valid;	      /* events[0..valid) are those of the last execution */
	uint32_t raced;	      /* the races of events[0..raced) are known */
	uint32_t task_depth;
	uint64_t executions;
	uint32_t race_count;
	uint32_t thread_count;
	uint32_t ordinals[DPOR_THREADS_MAX], base_ordinals[DPOR_THREADS_MAX];
	uint32_t current[DPOR_THREADS_MAX][DPOR_THREADS_MAX]; /* per thread: its clock */
	uint32_t base_current[DPOR_THREADS_MAX][DPOR_THREADS_MAX];
	uint32_t base_threads, threads_ever;
	uint32_t generation; /* of the tree that it works on */
	bool marked;	     /* the base is over */
	bool open;	     /* the last event's outcome is not yet settled */
	bool asleep;	     /* this execution can only repeat what has been explored */
	bool blocked;	     /* ... for all that could go on are asleep; else its plan was wrong */
	bool differs; /* a planned thread was not enabled, or did something else than before: the
			 program is not deterministic */
	uint32_t differs_at;	       /* ... the event that was expected; UINT32_MAX: none was */
	struct dpor_event differs_got; /* ... and what came; OP_NONE where that is not known */
	/* Not null: the caller wants no more executions where this is not 0. What is planned after
	 * one may take long, and is then dropped. */
	const uint32_t *stop;
	bool exhausted; /* a table was too small: the search is incomplete */
	struct dpor_event pending[DPOR_THREADS_MAX];
	uint32_t pending_count;
	uint64_t ended; /* threads that have come to their ends: a bit for each */
	bool terminal;
	uint32_t picked_way; /* of the thread that was picked last, for dpor_choose() */
	uint32_t scarce_max; /* how many events of an execution may be scarce; not changed later */
	/* The thread that ended the process by a failure, after all that its clock says, and might
	 * have cut others off; UINT32_MAX: none. */
	uint32_t ended_by;
};

/* Sets up `dpor`, which is zeroed, with tables from `take`: it gives out zeroed memory, and cannot
 * fail. It works on the tree as worker `number`, from 0. */
void dpor_init(struct dpor *dpor, struct dpor_tree *tree, uint32_t number,
	       void *(*take)(size_t bytes));

/* The prefix before the first choice is over: every execution goes on from here. */
void dpor_mark_base(struct dpor *dpor);

/* Starts an execution. */
void dpor_begin(struct dpor *dpor);

/* The next thread among `enabled` (a bit for each). Sets `asleep` or `differs` where there is none
 * to take. */
uint32_t dpor_pick(struct dpor *dpor, uint64_t enabled);

/* Event of `thread`, which has just been picked (or, before the first choice, goes on). Its outcome
 * may still be filled in until the next call: the event is returned for that. */
struct dpor_event *dpor_event(struct dpor *dpor, uint32_t thread, enum op op);

/* `event`, the last one or a pending one, has so many guards. */
void dpor_guard(struct dpor *dpor, struct dpor_event *event, const struct guard *guards,
		uint32_t count);

/* The last event, for its outcome; null when there is none. */
struct dpor_event *dpor_last(struct dpor *dpor);

void dpor_created(struct dpor *dpor, uint32_t parent, uint32_t child);
void dpor_joined(struct dpor *dpor, uint32_t joiner, uint32_t ended);

/* True where the next event of this execution is one that the last execution had too; then
 * dpor_repeat() takes the place of dpor_event(): false where it is another one now. */
bool dpor_is_known(const struct dpor *dpor);
bool dpor_repeat(struct dpor *dpor, uint32_t thread, enum op op, const void *object,
		 uint32_t bytes);

/* The execution is over: `pending` are the operations that `pending_count` threads had announced;
 * `terminal` says that the process ended before these could do more (exit, failure). Plans what is
 * to be explored, and moves to the next execution of the task: false when there is none, or when
 * the tree is of another generation now. The execution is counted where it `counts`; one that could
 * only repeat others is counted as redundant. */
bool dpor_finish(struct dpor *dpor, bool counts);

/* The planned execution is left out, and what begins like it. */
bool dpor_leave_out(struct dpor *dpor);

/* Claims a task for a worker that has none. False when nobody has one to give, for now or, when
 * dpor_is_over(), for ever. */
bool dpor_claim(struct dpor *dpor);
bool dpor_is_over(const struct dpor *dpor);

/* Takes up the task that a killed predecessor had. */
void dpor_resume(struct dpor *dpor);

/* Makes parts of the worker's task free to claim, if there are such. */
void dpor_donate(struct dpor *dpor);

/* True while the worker should not go on: it has explored so much that others may still plan in
 * that there is no room to keep more. */
bool dpor_must_wait(struct dpor *dpor);

/* Gives the task back, as it is, where much of it has been explored and has to be kept: true then.
 */
bool dpor_release(struct dpor *dpor);

/* ---- between the files of this strategy ---- */

bool dpor_happens_before(const struct dpor *dpor, uint32_t earlier, uint32_t later);

/* Threads, a bit for each, with events that are not before `clock`; `latest` are the ordinals of
 * their last ones. */
static inline uint64_t dpor_beyond(const struct dpor *dpor, const uint32_t *clock,
				   const uint32_t *latest)
{
	uint64_t beyond = 0;

	for (uint32_t t = 0; t < dpor->thread_count; t++)
		beyond |= (uint64_t)(clock[t] < latest[t]) << t;
	return beyond;
}

/* The outcome of the last event is known: fills in its footprint and clocks, and who sleeps. */
void dpor_settle(struct dpor *dpor);

/* The last event may have been one that let the thread go on that is ending the process. */
void dpor_look_apart(struct dpor *dpor);

/* Finds the races of the execution that is over, and links those of each first event. */
void dpor_races(struct dpor *dpor);

/* What is to be planned for a race, in dpor->steps: how many steps, at which depth. */
uint32_t dpor_race_plan(struct dpor *dpor, const struct dpor_race *race);

/* An operation that is possible when another one has left a token for it. */
static inline bool dpor_takes_token(enum op op)
{
	return op == OP_WAKE || op == OP_FUTEX_WOKEN;
}

/* The signal, broadcast or wake whose token event `wake` takes, or UINT32_MAX. */
uint32_t dpor_token_of(const struct dpor *dpor, uint32_t wake);

/* Fills in the footprint of an event: of its operation with that outcome, and of its guards. */
void dpor_footprint(const struct dpor *dpor, struct dpor_event *event, bool succeeded);

/* Adds what the operation would touch that `event` has interrupted: it could have come before what
 * interrupts it, had others left its object to it. */
void dpor_footprint_meant(const struct dpor *dpor, struct dpor_event *event);

/* True for events that cannot always be carried out. */
static inline bool dpor_may_wait(const struct dpor_event *event)
{
	return event->guard_count || footprint_may_wait(event->op) ||
	       (event->taken && footprint_may_wait(event->meant));
}

/* True where which event lets such an operation go on may depend on the order of some. */
static inline bool dpor_waits_for_many(enum op op, uint32_t guard_count)
{
	return guard_count || dpor_takes_token(op) || op == OP_PASS || op == OP_WRLOCK;
}

/* True when `event` could be carried out after everything before event `without` and what does not
 * happen after that, leaving out event `skip`. Its footprint and outcome become what they would be
 * there, and `left` tells what is left out: `without`, and others that would be in the way. */
bool dpor_possible_without(const struct dpor *dpor, uint32_t without, struct dpor_event *event,
			   uint32_t skip, struct dpor_without *left);

/* What is planned after executions shorter than this is not dropped: it takes a moment at most. */
#define DPOR_LONG 4096u

static inline bool dpor_is_stopped(const struct dpor *dpor)
{
	return dpor->length >= DPOR_LONG && dpor->stop &&
	       __atomic_load_n(dpor->stop, __ATOMIC_RELAXED);
}

/* Starts a walk before event `before`, or after all: policy/dpor_chain.h. */
static inline void dpor_walk_from(struct dpor_walk *walk, struct dpor *dpor,
				  const struct footprint *foot, uint32_t before)
{
	walk->is_plain = true;
	if (before >= dpor->few)
		dpor_walk_from_chains(walk, dpor, foot, before);
}

/* True for events that are left out. */
bool dpor_is_without(const struct dpor *dpor, const struct dpor_without *without, uint32_t index);

/* Returns the sleep set at a depth in `out`, earlier siblings included; its size. */
uint32_t dpor_sleeping(const struct dpor *dpor, uint32_t depth, struct dpor_sleeper *out);

#endif
