/* waiting.h - who waits for whom, as far as that is certain. */
#ifndef HEDDLE_SESSION_WAITING_H
#define HEDDLE_SESSION_WAITING_H

#include "session/session.h"

/* The number of the thread that holds what `thread` waits for, or that it joins; -1 where it waits
 * for nothing, or nobody knows who will end that. */
int64_t waiting_for(const struct thread *thread);

/* True when the thread waits for a lock whose holder has ended, or is one of those that wait for
 * each other in a ring, each for what the next one holds, without a deadline: whatever the others
 * still do, they cannot run again. */
bool waiting_for_good(const struct thread *thread);

#endif
