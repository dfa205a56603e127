/* futex_call.h - the system call futex, as a program makes it through syscall(). */
#ifndef HEDDLE_SESSION_FUTEX_CALL_H
#define HEDDLE_SESSION_FUTEX_CALL_H

#include "session/session.h"

struct futex_call {
	uint32_t *word;
	long operation; /* with its flags */
	uint32_t value;
	long timeout; /* a struct timespec's address, or a second value */
	uint32_t *other;
	uint32_t third;
};

/* True where it is one that heddle models; else it is noted, and is the kernel's. */
bool futex_call_is_modelled(const struct futex_call *call, const void *pc);

/* Carries it out: what the kernel returns, errors negated. */
long futex_call(struct thread *self, const struct futex_call *call, const void *pc);

#endif
