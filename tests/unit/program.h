/* program.h - little programs as data, of every kind of operation, and what their steps do.
 *
 * A plain second model of all objects, without the harness's: for the tests that compare a search
 * with all interleavings. Knows nothing of searches, and nothing of which operations are dependent.
 */
#ifndef HEDDLE_TESTS_PROGRAM_H
#define HEDDLE_TESTS_PROGRAM_H

#include "model/op.h"

#include <stdbool.h>
#include <stdint.h>

#define THREADS	     4
#define LENGTH	     24
#define OBJECTS	     4
#define OBJECT_BYTES 16
#define CHANNEL_ROOM 2

/* When a step ends the process, and with it all other threads. OP_EXIT does, unless its thread goes
 * on alone, with handlers for the end: after these the process is over. Others go on where it has
 * to wait. */
enum step_end { STEP_GOES_ON, STEP_ENDS, STEP_ENDS_WHERE_IT_FAILS, STEP_GOES_ON_ALONE };

/* The step is the head of a loop that waits: it cannot be carried out before `object` holds another
 * value (8 bytes), or the try-operation `op` on it would succeed. `op` OP_NONE: none. The turn
 * before has found that value, or has failed, else the step would be left out. */
struct step_guard {
	enum op op;
	int object;
	uint64_t value;
};

/* What may interrupt a step, where it has been sent to its thread: a set. */
enum { SENT_SIGNAL = 1, SENT_CANCEL = 2 };

/* For OP_CREATE and OP_JOIN, which are no events and happen at once, `object` is the thread; also
 * for OP_CANCEL, OP_KILL and OP_AWAIT_END. */
struct step {
	enum op op;
	int object;
	int mutex; /* of OP_WAIT and OP_WAKE; of futexes: unit/futexes.h */
	/* Steps left out where this one fails: a load, where it reads not `expected`; negative:
	 * where it succeeds. */
	int skip;
	/* Of compare-exchanges, and of loads with `skip` or an `end`; the way of OP_CHOOSE that
	 * does not fail. */
	uint64_t expected;
	/* Stored; or added, by OP_ATOMIC_RMW without `exchange`; how many ways OP_CHOOSE has. */
	uint64_t value;
	/* Of accesses: which bytes of the object; 0 bytes are 8. Of OP_WAIT: FOOTPRINT_CONTENDED.
	 */
	int bytes, offset;
	/* OP_WAIT: it may also end by its deadline, or by nothing as far as the program has
	 * spurious wakeups: then it fails. */
	bool is_timed, may_be_spurious;
	bool exchange;
	bool waits;   /* OP_POLL: until there is something */
	bool pointer; /* one object further where the thread's last result was odd */
	enum step_end end;
	struct step_guard guard;
	int interrupts;
	bool fails;  /* a signal ends it; else it is begun again */
	int cleanup; /* where it is cancelled, the thread goes on so many steps further, and nothing
			interrupts it any more; 0: the thread ends */
};

/* Threads that no step creates are there at first. */
struct program {
	int threads, length[THREADS];
	struct step steps[THREADS][LENGTH];
	uint32_t posts;	   /* value of all semaphores at first */
	uint8_t spurious;  /* so many of the waits may end by nothing */
	uint32_t arrivals; /* for how many each barrier is */
	bool contended;	   /* others come to it than those of its first generation */
	bool checked;	   /* a misuse changes nothing, and then the thread ends the process */
};

/* Adds a step to the thread's. */
void add(struct program *program, int thread, struct step step);
void add_op(struct program *program, int thread, enum op op, int object);

/* The how-manieth event of which thread; `ordinal` 0: none. */
struct event_name {
	uint8_t thread, ordinal;
};

/* A signal that somebody may take. */
struct token {
	uint8_t for_whom;
	struct event_name from;
};

/* The same at a futex. */
struct futex_token {
	uint8_t for_whom, object;
	struct event_name from;
};

/* Bytes only, so that equal states are equal memory. */
struct state {
	uint8_t at[THREADS], ordinal[THREADS], is_there[THREADS];
	uint8_t last[THREADS];					 /* result, its lowest bits */
	uint8_t holder[OBJECTS], spin[OBJECTS], writer[OBJECTS]; /* thread + 1, or 0 */
	uint8_t readers[OBJECTS][THREADS], semaphore[OBJECTS];
	uint8_t generation[OBJECTS], arrived[OBJECTS], members[OBJECTS];
	uint8_t awaits[THREADS], is_serial[THREADS];
	uint8_t once[OBJECTS];
	uint8_t waiting[OBJECTS], token_count[OBJECTS];
	struct token tokens[OBJECTS][THREADS];
	uint8_t futex_at[THREADS], futex_bits[THREADS], futex_contested[THREADS]; /* object + 1 */
	uint8_t futex_word[THREADS], futex_origin[THREADS]; /* where it was moved to, and from */
	struct event_name futex_released[THREADS];
	struct futex_token futex_tokens[THREADS]; /* the oldest first */
	uint8_t memory[OBJECTS][OBJECT_BYTES];
	uint8_t written[OBJECTS]; /* who output in what order, mixed */
	uint8_t passed[OBJECTS];  /* the same, who came by points */
	uint8_t way;		  /* that the next step goes: state_ways() */
	uint8_t spurious;	  /* how many waits have been ended by nothing */
	uint8_t sent[THREADS], is_ending[THREADS];
	/* Of a channel: what it holds, oldest first; whether it is closed; how often it was used.
	 */
	uint8_t held[OBJECTS], bytes[OBJECTS][CHANNEL_ROOM], closed[OBJECTS], uses[OBJECTS];
	uint8_t served[OBJECTS]; /* who locked files and waited for children in what order, mixed */
	uint8_t alone;		 /* the thread that goes on alone, plus 1, or 0 */
	uint8_t over;
	uint8_t gone['Z' - 'A'][OBJECTS]; /* by letter of the kind: destroyed */
	uint8_t waits_with[THREADS], doomed[THREADS];
	uint8_t misuse; /* an unlock by who does not hold it and the like: no program to compare */
};

/* What became of a step. */
struct outcome {
	bool succeeded; /* as the search is told */
	bool is_void;
	uint64_t result, before, after;
	uint32_t number;	/* state_number() */
	struct event_name from; /* the signal whose token it took */
	enum op op;		/* what was carried out: OP_INTERRUPT, OP_LEAVE, or the step's */
	int taken;		/* what interrupted it */
};

/* Whether each guard has such a turn before it. */
bool program_is_meaningful(const struct program *program);

void state_init(struct state *state, const struct program *program);

/* The thread's next step; null where there is none, or the thread is not there. */
const struct step *state_step(const struct state *state, const struct program *program, int thread);

/* Whether it could be, did nobody go on alone; whether it can be carried out. False for OP_JOIN and
 * OP_CREATE, which are no events. */
bool state_could_go(const struct state *state, const struct program *program, int thread);
bool state_is_enabled(const struct state *state, const struct program *program, int thread);

/* The thread goes on alone, with that step. */
bool state_is_alone(const struct state *state, const struct program *program, int thread);

/* The thread that goes on alone has to wait, with an operation that several others may have to let
 * go on: each of them does some of it. */
bool state_waits_for_many(const struct state *state, const struct program *program);

/* Who goes on alone has done all there is to do. To be called when nothing that is no event can be
 * carried out. */
void state_end(struct state *state, const struct program *program);

/* What the step's object is like: semaphores and once controls the value; barriers the generation;
 * mutexes and spin locks 1 where they are held; read-write locks how many read, or UINT32_MAX where
 * one writes. */
uint32_t state_number(const struct state *state, const struct step *step, int thread);

/* In how many ways the thread's next step can be carried out, now. The last one is scarce where it
 * is to be ended by nothing. Set state->way before it is carried out. */
uint32_t state_ways(const struct state *state, const struct program *program, int thread);
bool state_is_scarce(const struct state *state, const struct program *program, int thread);

/* Carries it out. */
struct outcome state_apply(struct state *state, const struct program *program, int thread);

/* Whether the step's guard keeps the thread from it. */
bool state_is_held(const struct state *state, const struct step *step);

/* True where the process has not ended, and some thread not come to its end. */
bool state_is_stuck(const struct state *state, const struct program *program);

/* What would interrupt the thread's step now, and what it would carry out then. */
int state_interrupts(const struct state *state, const struct step *step, int thread);
enum op state_op(const struct state *state, const struct step *step, int thread);

/* Where the thread is told what others have sent it. */
const void *word_address(int thread);

/* Which object of its kind a step of the thread is on. */
int step_object(const struct state *state, const struct step *step, int thread);

/* Where the search is told that the thread's step acts, and the mutex that a wait gives back, null
 * for others. Objects of different kinds are at different addresses. */
const void *state_address(const struct state *state, const struct step *step, int thread);
const void *mutex_address(const struct state *state, const struct step *step, int thread);
const void *guard_address(const struct step *step);
uint32_t step_bytes(const struct step *step);

#endif
