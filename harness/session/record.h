/* record.h - writes the events of an execution into the recording file, for the command to read.
 *
 * Off (session.recording) in the executions of a search; a failing one is carried out again with it
 * on. */
#ifndef HEDDLE_SESSION_RECORD_H
#define HEDDLE_SESSION_RECORD_H

#include "session/session.h"

/* Maps the recording file. The first `keep` events in it stay: they are the plan of a replay. */
void record_init(int fd, uint64_t keep);

/* The plan of a replay: the first `count` events of the file, as replay steps. */
const struct replay_step *record_plan(uint64_t count, uint64_t *steps);

/* What has been recorded so far belongs to every execution from now on. */
void record_mark(void);

/* Drops what was recorded, for the next execution. */
void record_begin(void);

/* The operation that `self` announced and is about to carry out. */
void record_visible(const struct thread *self, bool choice);

/* The same for an operation that needed no announcement. */
void record_operation(const struct thread *self, enum op op, const void *object, uint32_t size,
		      const void *pc);

/* An operation of a kind that can be an event, which is none since nobody else can reach its
 * object. Does nothing unless recording. */
void record_unannounced(const struct thread *self, enum op op, const void *object, uint32_t size,
			const void *pc);

/* An operation that is no event, with a value. Does nothing unless recording. */
void record_note(const struct thread *self, enum op op, const void *object, uint64_t value,
		 const void *pc);

/* A mark of the program: `label` is its number in the report. */
void record_label(const struct thread *self, uint32_t label, const void *pc);

void record_choice(const struct thread *self, uint32_t chosen, const void *pc);

/* Gives the last event its result. Do nothing unless recording. */
void record_value(uint64_t value);
void record_forget_value(void);
void record_before(uint64_t before);
void record_forget_before(void);
void record_flag(uint16_t flag);

/* The event of that index is one of an access that races; in the plan of a replay, it was. */
void record_flag_at(uint64_t index, uint16_t flag);
bool record_was_race(uint64_t index);
/* The last event of the plan that is one; UINT64_MAX where none is. */
uint64_t record_last_race(void);

/* The last event has not been carried out after all. Does nothing unless recording. */
void record_take_back(void);

/* The last event was a write that is not going to be carried out. */
void record_unsettle(void);

/* The last event was a write: now its value is in memory. */
void record_settle(void);

/* Adds what the threads have announced and not carried out. */
void record_pending(void);

/* How many events there are, without the kept ones. */
uint64_t record_count(void);

#endif
