/*
 * uncontrolled.c - calls by which threads wait for each other and which heddle does not model yet.
 *
 * The real function does the work, so a program that never has to wait in one runs right; one that
 * has to wait stops the only kernel thread there is, and is reported as stuck. Either way the call
 * is reported as uncontrolled, and a search over such a program is incomplete.
 */
#include "intercept/interpose.h"
#include "session/note.h"
#include "session/session.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>

/* X(result, name, parameters, arguments) */
#define UNCONTROLLED(X)                                                                            \
	X(int, sigqueue, (pid_t p, int n, const union sigval v), (p, n, v))                        \
	X(int, pthread_sigqueue, (pthread_t t, int n, const union sigval v), (t, n, v))

#define X(result, name, parameters, arguments)                                                     \
	INTERPOSE result name parameters                                                           \
	{                                                                                          \
		static result(*real_one) parameters;                                               \
                                                                                                   \
		if (!real_one)                                                                     \
			*(void **)&real_one = dlsym(RTLD_NEXT, #name);                             \
		note_uncontrolled(#name, RETURN_PC);                                               \
		return real_one arguments;                                                         \
	}
UNCONTROLLED(X)
#undef X
