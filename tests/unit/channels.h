/* channels.h - pipes that hold CHANNEL_ROOM bytes, in the programs of program.h: what their steps
 * do, and what the search is told of them. */
#ifndef HEDDLE_TESTS_CHANNELS_H
#define HEDDLE_TESTS_CHANNELS_H

#include "model/guard.h"
#include "unit/program.h"

/* A step that has to wait: to take from an empty pipe, to put into a full one, to look until there
 * is something (`waits`). Not where it is closed. */
bool channel_may_wait(const struct step *step);
bool channel_is_held(const struct state *state, const struct step *step);

/* Carries it out. */
bool channel_apply(struct state *state, const struct step *step, int thread,
		   struct outcome *outcome);

/* The guard of a step on `object` that may have to wait, for a channel or in a loop. */
bool guard_of_step(const struct step *step, const void *object, struct guard *guard);

#endif
