/* races.h - tells the race detector (detect/race.h) what the threads do, and looks after what it
 * finds.
 *
 * A race ends nothing, unless it is asked to: what was found in an execution is noted in the
 * worker's slot, and counted when the execution is over. Of each race one execution is carried out
 * again with everything written down, and stands still at both accesses, so that the command can
 * see both threads' stacks.
 *
 * All calls do nothing with --races=off, and while there is only one thread: its past happens
 * before whatever comes.
 */
#ifndef HEDDLE_SESSION_RACES_H
#define HEDDLE_SESSION_RACES_H

#include "session/session.h"

extern bool races_are_on;

/* Reserves the tables, as the configuration says. Call once, before the first thread. */
void races_init(void);

/* All objects that belong to the program are loaded. Without hooks, and with
 * nothing watched, there is nothing to look at. */
void races_start(void);

/* One with hooks is loaded at `address`: looks from here on, or says so where that is too late. */
void races_come_late(const void *address);

/* The first choice is about to be made; an execution begins. */
void races_save(void);
void races_begin(void);

/* `thread` comes into being; `joiner` goes on after `ended`. */
void races_created(const struct thread *parent, const struct thread *thread);
void races_joined(const struct thread *joiner, const struct thread *ended);

/* An access that has just been recorded, if anything is. `kind`: enum race_kind. */
void races_check(const struct thread *self, const volatile void *address, size_t bytes,
		 unsigned kind, const void *pc);
/* An atomic operation's part in synchronisation, by its C11 memory order. */
void races_atomic(const struct thread *self, enum op op, const volatile void *address, int order);
void races_fenced(const struct thread *self, int order);

/* A lock is taken, and given back; a semaphore and its like is given to whoever takes next. */
void races_take(const struct thread *self, const void *object);
void races_give(const struct thread *self, const void *object);
void races_give_more(const struct thread *self, const void *object);

/* A block is about to be given back by `self`; its epoch then. */
void races_freed(const struct thread *self, const void *block, size_t bytes, const void *pc);
uint32_t races_epoch(const struct thread *self);
/* `self` uses memory that was freed: a race, where nothing orders the two. */
void races_used_freed(const struct thread *self, const struct race_side *freed,
		      const volatile void *address, size_t bytes, unsigned kind, const void *pc);
/* Memory is given back, or new. */
void races_forget_memory(const void *address, size_t bytes);
/* A block of the heap: where it comes from, while things are written down. */
void races_allocated(const void *block, size_t bytes, const void *pc);

/* The next execution is to be recorded and to end at the race of that signature, found in the last
 * one; 0: at none. */
void races_follow(uint64_t signature);

static inline bool races_matter(void)
{
	return races_are_on && execution.threads > 1;
}

static inline void races_access(const struct thread *self, const volatile void *address,
				size_t bytes, unsigned kind, const void *pc)
{
	if (races_are_on)
		races_check(self, address, bytes, kind, pc);
}

#endif
