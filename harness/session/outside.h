/* outside.h - what the kernel says of what threads wait for in it. */
#ifndef HEDDLE_SESSION_OUTSIDE_H
#define HEDDLE_SESSION_OUTSIDE_H

#include "session/session.h"

struct blocking;

/* Prepares the tables. Call once. */
void outside_init(void);

/* Whether what is looked at is ready. */
bool outside_is_ready(const struct blocking *blocking);

/* Asks the kernel again, where something was done that threads may wait for; from time to time
 * also where nothing was, for others may do something. Called before anybody is chosen. */
void outside_look(void);

/* No thread can run. True where one can now, after all: what somebody outside of the program has
 * done was waited for, also until the first deadline. */
bool outside_wait(void);

/* Somebody outside of the program may do something in its memory: a signal that it handles, a
 * thread that is not controlled. */
bool outside_may_act(void);

/* Lets a little real time pass, for that. */
void outside_pause(void);

/* The process waits there. */
bool outside_is_waiting(void);

#endif
