/* process.c - fork: the child is a program of one thread, which heddle leaves alone. */
#include "intercept/interpose.h"
#include "machine/real.h"
#include "session/session.h"

#include <unistd.h>

INTERPOSE pid_t fork(void)
{
	pid_t pid = real.fork();

	if (!pid)
		execution.current = 0;
	return pid;
}
