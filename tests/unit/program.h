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

/* For OP_CREATE and OP_JOIN, which are no events and happen at once, `object` is the thread. */
struct step {
	enum op op;
	int object;
	int mutex; /* of OP_WAIT and OP_WAKE */
	/* Steps left out where this one fails: a load, where it reads not `expected`; negative:
	 * where it succeeds. */
	int skip;
	uint64_t expected; /* of compare-exchanges, and of loads with `skip` or an `end` */
	uint64_t value;	   /* stored; or added, by OP_ATOMIC_RMW without `exchange` */
	int bytes, offset; /* of accesses: which bytes of the object; 0 bytes are 8 */
	bool exchange;
	bool pointer; /* one object further where the thread's last result was odd */
	enum step_end end;
	struct step_guard guard;
};

/* Threads that no step creates are there at first. */
struct program {
	int threads, length[THREADS];
	struct step steps[THREADS][LENGTH];
	uint32_t posts;	   /* value of all semaphores at first */
	uint32_t arrivals; /* for how many each barrier is */
	bool contended;	   /* others come to it than those of its first generation */
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
	uint8_t memory[OBJECTS][OBJECT_BYTES];
	uint8_t written[OBJECTS]; /* who output in what order, mixed */
	uint8_t passed[OBJECTS];  /* the same, who came by points */
	uint8_t alone;		  /* the thread that goes on alone, plus 1, or 0 */
	uint8_t over;
	uint8_t misuse; /* an unlock by who does not hold it and the like: no program to compare */
};

/* What became of a step. */
struct outcome {
	bool succeeded; /* as the search is told */
	uint64_t result, before, after;
	uint32_t number;	/* state_number() */
	struct event_name from; /* the signal whose token it took */
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

/* Carries it out. */
struct outcome state_apply(struct state *state, const struct program *program, int thread);

/* Whether the step's guard keeps the thread from it. */
bool state_is_held(const struct state *state, const struct step *step);

/* True where the process has not ended, and some thread not come to its end. */
bool state_is_stuck(const struct state *state, const struct program *program);

/* Where the search is told that the thread's step acts, and the mutex that a wait gives back, null
 * for others. Objects of different kinds are at different addresses. */
const void *state_address(const struct state *state, const struct step *step, int thread);
const void *mutex_address(const struct step *step);
const void *guard_address(const struct step *step);
uint32_t step_bytes(const struct step *step);

#endif
